"""Words stand in word tables, in both languages, and nowhere else in this room."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from hengtan import packs
from hengtan.packs.schema import schemas
from hengtan.report.words import ERRORS, WORDS, has, subject, subjects, word

HOUSE = Path(str(files("hengtan")))
ROOM = HOUSE / "report"
MODULES = sorted(ROOM.rglob("*.py"))
TEMPLATES = sorted(p for p in (ROOM / "page" / "templates").rglob("*") if p.is_file())
CHINESE = re.compile(r"[\u3400-\u9fff]")
SAYS_NOTHING = {"filter.items", "basis.none"}
"""Words that are empty on purpose: English needs no counting word, a basis that is none no remark.
"""
NAMED_IN_CHINESE = {
    "switch.language",
    "working.reform.lead",
}
"""English texts that name something Chinese: the other language, a document, a word of the plan, a
heading that a file must have."""
UNTITLED = {"unit_factors", "observations", "recordings", "systems"}
"""Tables that are never shown as a node."""


def named(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """String literals but for docstrings and the notes below a name."""
    spoken = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
        ):
            yield node


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_chinese_in_the_code_of_this_room(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = [(node.lineno, node.value) for node in strings(tree) if CHINESE.search(node.value)]
    assert spoken == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_chinese_in_templates_and_scripts(path):
    """The mark of the product and the name of a font are no words."""
    text = path.read_text(encoding="utf-8").replace("微软雅黑", "")
    assert set(CHINESE.findall(text)) <= {"衡"}


@pytest.mark.parametrize("name", [name for name in subjects() if name != ERRORS])
def test_every_word_has_both_languages_with_the_same_placeholders(name):
    for key, words in subject(name).items():
        assert len(words) == 2, key
        assert key in SAYS_NOTHING or all(words), key
        assert placeholders(words[0]) == placeholders(words[1]), key


def test_english_is_english():
    mixed = {key for key, (_, english) in WORDS.items() if CHINESE.search(english)}
    assert mixed == NAMED_IN_CHINESE


def test_errors_say_what_is_wrong_and_perhaps_what_to_do():
    for key, words in subject(ERRORS).items():
        assert len(words) in (2, 4) and all(words), key
        assert len({frozenset(placeholders(text)) for text in words[:2]}) == 1, key


def test_every_word_asked_for_by_name_stands_in_a_table():
    """Calls ``word("key")`` and ``column("key")`` anywhere in the house."""
    asked = set()
    for path in HOUSE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "hengtan.report.words" in text or "report/sheet" in named(path):
            asked |= set(re.findall(r'\b(?:word|column)\(\s*"([\w.]+)"', text))
    assert len(asked) > 200
    assert {key for key in asked if not has(key)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_every_word_a_template_asks_for_stands_in_a_table(path):
    text = path.read_text(encoding="utf-8")
    asked = set(re.findall(r"(?<![\w.])(?:t|plain)\('([\w.]+)'[,)]", text))
    assert {key for key in asked if not has(key)} == set()


def test_a_key_without_words_fails_instead_of_showing_as_code():
    with pytest.raises(KeyError):
        word("no.such.word")


def test_every_table_an_explanation_can_name_has_a_title():
    from hengtan.graph.domains import domains

    accounts = {name for domain in domains() for name in domain.names()}
    tables = accounts | set(schemas()) | set(packs.load("wulong").forms())
    assert sorted(name for name in tables - UNTITLED if not has(f"table.{name}")) == []


def test_titles_of_tables_are_chinese_and_english():
    for key, (chinese, english) in WORDS.items():
        if key.startswith("table."):
            assert CHINESE.search(chinese) and english.isascii(), key
