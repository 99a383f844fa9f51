"""The plan and assessments give codes; their words stand in word tables in both languages."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import hengtan
from hengtan.basis.words import Words, coded

SRC = Path(hengtan.__file__).parent
ROOMS = ("plan", "assessment")
CHINESE = re.compile("[\u4e00-\u9fff]")
FILES = [
    path
    for room in ROOMS
    for path in sorted((SRC / room).rglob("*.py"))
    if "reader" not in path.parts
]
CODE = r"[a-z_]+(\.[a-z_]+)*"
CODE_OF = {"coded", "say", "error", "NoPath", "CannotShare"}


def constants(tree):
    """Text constants that are no docstring and no citation of an account."""
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            skipped.add(id(node.value))
        if isinstance(node, ast.keyword) and node.arg == "cites":
            skipped.update(map(id, ast.walk(node.value)))
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in skipped:
            yield node


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def codes(tree):
    """Codes given as plain text to what makes, says or raises them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in CODE_OF:
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            yield from [text for text in texts if re.fullmatch(CODE, str(text))][:1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_no_chinese_stands_in_code(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [(n.lineno, n.value) for n in constants(tree) if CHINESE.search(n.value)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_every_code_has_words(path):
    words = Words.of("hengtan." + path.relative_to(SRC).parts[0])
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [code for code in codes(tree) if code not in words] == []


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_take_the_same_arguments(room):
    for code, texts in Words.of(f"hengtan.{room}").items():
        assert len(texts) in (2, 4), code
        assert texts[1].strip() and texts[0].strip(), code
        asked = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in texts]
        spoken = asked[0] | (asked[2] if len(texts) == 4 else set())
        # what English leaves out must not be more than a name that the sentence repeats
        assert asked[1] | (asked[3] if len(texts) == 4 else set()) <= spoken, code


def test_the_names_of_models_have_words():
    from hengtan.assessment.scoring import DUAL_CARBON_GRADES
    from hengtan.plan.budget.principles import PRINCIPLES
    from hengtan.plan.decomposition import INPUTS
    from hengtan.plan.forecast.models import CANDIDATES

    plan, assessment = Words.of("hengtan.plan"), Words.of("hengtan.assessment")
    assert {code[7:] for code in plan if code.startswith("method.")} == set(CANDIDATES)
    assert {code[10:] for code in plan if code.startswith("principle.")} == set(PRINCIPLES)
    assert {code[15:] for code in plan if code.startswith("missing_figure.")} == set(INPUTS)
    assert {code[6:] for code in assessment if code.startswith("grade.")} == set(DUAL_CARBON_GRADES)


def test_an_argument_cannot_break_its_code():
    words = Words.of("hengtan.plan")
    code = coded("missing_figure.gdp", "甲|乙\n区")
    assert words.say(code) == "甲｜乙 区：基年地区生产总值"
