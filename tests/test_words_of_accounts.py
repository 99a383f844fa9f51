"""Accounts, plans and assessments give codes: no Chinese stands in their code, and every code has
words.

Docstrings and comments may be Chinese; the vocabulary by which plans are read is that of
``plan/reader``.
"""

import ast
import re
from pathlib import Path

import pytest

import hengtan
from hengtan.graph.said import all_words

SRC = Path(hengtan.__file__).parent
ROOMS = ("accounts", "graph")
"""``plan`` and ``assessment`` are held to the same in ``tests/plan/test_words.py``."""
CHINESE = re.compile("[\u4e00-\u9fff]")
NO_CODE = re.compile(r"error|warning|I\d+")
GIVES_CODES = ("coded", "refusal", "_where", "_finding", "lacking")


def files(*rooms):
    paths = (path for room in rooms for path in sorted((SRC / room).rglob("*.py")))
    return [path for path in paths if SRC / "plan" / "reader" not in path.parents]


def docstrings(tree):
    """Texts that stand alone: docstrings of modules, classes, functions and constants."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def chinese_literals(source):
    tree = ast.parse(source)
    alone = docstrings(tree)
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in alone and CHINESE.search(node.value)
    ]


def test_the_search_finds_literals_and_passes_docstrings():
    source = '"""说明"""\nX = "缺数"\n"""常数"""\ndef f(y):\n    "做法"\n    return f"缺{y}"\n'
    assert [line for line, _ in chinese_literals(source)] == [2, 6]


@pytest.mark.parametrize("room", ROOMS)
def test_no_chinese_stands_in_the_code(room):
    literals = [
        f"{path.relative_to(SRC)}:{line} {text}"
        for path in files(room)
        for line, text in chinese_literals(path.read_text(encoding="utf-8"))
    ]
    assert len(files(room)) > 5 and literals == []


def codes_given(path):
    """Codes that a module gives as literals, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in GIVES_CODES:
            continue
        texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
        codes = [text for text in texts if isinstance(text, str) and not NO_CODE.fullmatch(text)]
        if codes:
            yield node.lineno, f"gpc.{codes[0]}" if node.func.id == "_finding" else codes[0]


@pytest.mark.parametrize("room", ROOMS)
def test_every_code_has_words_in_both_languages(room):
    words = all_words()
    coded = [(path, line, code) for path in files(room) for line, code in codes_given(path)]
    assert [f"{p.name}:{line} {code}" for p, line, code in coded if code not in words] == []
    assert len(coded) > (10 if room == "graph" else 100)


def test_words_are_chinese_and_english_and_take_arguments():
    for code, texts in all_words().items():
        assert len(texts) in (2, 4) and texts[0], code
        assert not CHINESE.search("".join(texts[1::2])), code
        assert all(text.format(*range(9)) for text in texts), code
