"""How rules are written: numbers of law in packs, declarations by keyword, one way to look up a
day, formulas with their units and sources.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import math
import re
from datetime import date
from pathlib import Path

import pytest

import hengtan.instruments
from hengtan import packs
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Rule

ROOM = Path(hengtan.instruments.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
NO_LAW = ("factors.py", "bounds.py")
"""Calendar, units and chemistry; what is believed as an input. Each number says what it is."""
IN_WORDS = ("english.py", "law_titles.py")
"""How texts are told in English: positions and shares of a text, no law."""
ENGINE = "case_files"
"""Reads the kinds of case files, which are data of packs, and holds no law itself."""
DATES = ("valid_from", "valid_to")
"""The days of a rule are declared with it; days that a rule reckons with are parameters."""


def is_plain(value: object) -> bool:
    """0, 1 and powers of ten, of either sign; words and flags are no numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value == 0:
        return True
    exponent = math.log10(abs(value))
    return abs(exponent - round(exponent)) < 1e-12


def numbers_of_law(source: str) -> list[str]:
    """Numbers that belong into a pack, with their line."""
    tree = ast.parse(source)
    declared = {
        id(constant)
        for call in ast.walk(tree)
        if isinstance(call, ast.keyword) and call.arg in DATES
        for constant in ast.walk(call)
    }
    return [
        f"line {node.lineno}: {node.value} belongs into rule_parameters.csv, with law and clause"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and id(node) not in declared and not is_plain(node.value)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_numbers_of_law_stand_in_packs(path: Path) -> None:
    if path.name not in (*NO_LAW, *IN_WORDS) and path.parent.name != ENGINE:
        assert numbers_of_law(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "tax = count * 0.75",
        "HEADS = {'pigs': 500}",
        "if share <= 0.5: pass",
        "from datetime import date\nBORDER = date(2013, 10, 1)",
        "Input('days', '天数', default=30.0)",
        "hours = hours[:2]",
    ],
)
def test_a_number_of_law_in_code_is_seen(source: str) -> None:
    assert numbers_of_law(source)


def test_plain_numbers_and_days_of_a_rule_are_no_numbers_of_law() -> None:
    source = "Rule(valid_from=date(2018, 1, 1)); x = -1 * y / 1e6 + 100 * 0.001; z = [0, 1, True]"
    assert numbers_of_law(source) == []


@pytest.mark.parametrize("name", NO_LAW)
def test_numbers_that_are_no_law_say_what_they_are(name: str) -> None:
    body = ast.parse((ROOM / name).read_text(encoding="utf-8")).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.Assign):
            words = following.value if isinstance(following, ast.Expr) else None
            assert isinstance(words, ast.Constant) and words.value, ast.unparse(statement)


def declarations(source: str) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("Rule", "formula_rule", "Input", "Output")
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_rules_are_declared_by_keyword(path: Path) -> None:
    """Whole rules always, inputs and outputs wherever they take more than a line."""
    for call in declarations(path.read_text(encoding="utf-8")):
        of_rule = call.func.id in ("Rule", "formula_rule")
        if of_rule or call.end_lineno != call.lineno:
            assert not call.args, f"{path.name} line {call.lineno}: {ast.unparse(call)[:80]}"
        assert len(call.args) <= 2, f"{path.name} line {call.lineno}: name and words, then keywords"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_a_day_is_looked_up_in_one_way(path: Path) -> None:
    """By ``basis.dated`` or ``graph.in_force``, never by comparing the ends of validity by hand.

    ``on_tables`` lays stretches of days down, ``registry`` refuses rules that overlap.
    """
    if path.name in ("on_tables.py", "registry.py"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare) and any(
            isinstance(op, (ast.LtE, ast.Lt)) for op in node.ops
        ):
            assert "valid_" not in ast.unparse(node), f"{path.name} line {node.lineno}"


def formulas():
    paths = [path for path in FILES if path.name in ("formulas.py", "amounts.py", "risk.py")]
    for path in paths:
        dotted = ".".join(path.relative_to(ROOM).with_suffix("").parts)
        module = importlib.import_module(f"hengtan.instruments.{dotted}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield pytest.param(function, id=f"{dotted}.{name}")


@pytest.mark.parametrize("function", list(formulas()))
def test_a_formula_tells_units_and_sources(function) -> None:
    """Every parameter by name with its unit, the return with its unit, a reference."""
    words = inspect.getdoc(function) or ""
    sections = dict(re.findall(r"^(\w+)\n-+\n(.*?)(?=^\w+\n-+\n|\Z)", words, re.M | re.S))
    assert {"Parameters", "Returns", "References"} <= set(sections)
    described = re.findall(r"^[*\w, ]+ : .*?(?=^\S|\Z)", sections["Parameters"], re.M | re.S)
    named = {name.strip(" *") for item in described for name in item.split(" : ")[0].split(",")}
    assert named == set(inspect.signature(function).parameters)
    for item in (*described, sections["Returns"]):
        assert re.search(r"\[[^\]]+\]", item), item
    assert re.search(r"^\.\. \[1\] \S", sections["References"], re.M)


def test_parameters_of_law_can_be_overridden_and_are_told() -> None:
    """A pig farm of 400 heads is not taxed above 500, and is above a threshold of the case's own.

    400 heads over 1 head make 400 equivalents, 3 yuan each (重庆).
    """
    pack = packs.load("chongqing")
    tables = PackTables(
        pack.rows("rule_parameters"), tables={"pollutants": pack.rows("pollutants")}
    )

    def farm(**overrides: float):
        inputs = {"small": {"猪": 400}}
        day = date(2024, 5, 31)
        return run(
            rules(), "env_tax.water", day, "500000", inputs, tables, overrides=overrides or None
        )

    result = farm()
    assert result.outputs["tax"] == 0
    used = {(u.name, u.key): u for u in result.used}["env_tax.small.above", "pigs"]
    assert (used.value, used.unit) == (500, "头") and "附表二" in used.source
    assert farm(**{"env_tax.small.above": 300}).outputs["tax"] == 1200


def test_a_rule_and_a_result_show_themselves() -> None:
    rule = next(rule for rule in rules() if rule.id == "env_tax.due")
    assert repr(rule) == "<Rule env_tax.due 环境保护税·申报期限 [2018-01-01—…]: quarter → due>"
    html = rule._repr_html_()
    assert all(
        word in html for word in ("第十九条", "quarter", "季度", "env_tax.due_days", "截止日")
    )
    pack = PackTables(packs.load("chongqing").rows("rule_parameters"))
    result = run(rules(), rule.id, date(2024, 6, 30), "500000", {"quarter": "2024-Q2"}, pack)
    assert repr(result) == "<Result env_tax.due 2024-06-30 500000 (recalled): due 2024-07-15>"
    assert "申报缴纳截止" in result._repr_html_() and "<table>" in result._repr_html_()


def test_what_a_rule_shows_is_escaped() -> None:
    rule = Rule(
        id="x.y",
        title_zh="<b>",
        title_en="",
        law="a & b",
        inputs=(),
        outputs=(),
        compute=lambda calc: {},
    )
    assert "&lt;b&gt;" in rule._repr_html_() and "a &amp; b" in rule._repr_html_()
