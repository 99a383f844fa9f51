"""Rules that every formula keeps: written in the words of ``basis.numeric``, the same on three
kinds of value, missing in – missing out.

Formulas are the public functions of modules named ``formulas*.py``.
"""

import ast
import importlib
import inspect
import itertools
import math
import random
import re
from pathlib import Path

import pytest

import hengtan

SRC = Path(hengtan.__file__).parent
FLOORS = ("accounts", "instruments", "plan", "assessment")
FILES = sorted(path for floor in FLOORS for path in (SRC / floor).rglob("formulas*.py"))
FILES = [SRC / "accounts" / "rates.py", *FILES]
BUILTINS = {
    "max",
    "min",
    "round",
    "abs",
    "sum",
    "pow",
    "float",
    "int",
    "bool",
    "any",
    "all",
    "divmod",
}
LIBRARIES = {"math", "np", "numpy", "ibis", "pd", "pandas"}
VALUES = (0.0, -1.5, 0.16, 0.84, 1.0, 3.0, 55.04, 100.0, 2025.0, 1e6)


def broken_rules(source: str) -> list[str]:
    """What a module of formulas may not do, with the line."""
    broken = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.If() | ast.IfExp() | ast.While() | ast.Match():
                broken.append((node.lineno, "a branch: use where"))
            case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                broken.append((node.lineno, "and/or/not: use where"))
            case ast.Compare(ops=[_, _, *_]):
                broken.append((node.lineno, "a chained comparison: use where"))
            case ast.BinOp(op=ast.Pow(), right=right) if not (
                isinstance(right, ast.Constant) and isinstance(right.value, int) and right.value > 0
            ):
                broken.append((node.lineno, "**: use power"))
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS:
                broken.append((node.lineno, f"{name}: use the words of basis.numeric"))
            case ast.Attribute(value=ast.Name(id=name)) if name in LIBRARIES:
                broken.append((node.lineno, f"{name}.{node.attr}: use the words of basis.numeric"))
            case ast.Import() | ast.ImportFrom():
                names = (
                    [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else [alias.name for alias in node.names]
                )
                broken += [
                    (node.lineno, f"import {name}")
                    for name in names
                    if name.split(".")[0] in LIBRARIES
                ]
    return [f"line {line}: {what}" for line, what in sorted(broken)]


def formulas():
    for path in FILES:
        module = importlib.import_module(
            "hengtan." + ".".join(path.relative_to(SRC).with_suffix("").parts)
        )
        for name, function in vars(module).items():
            if (
                inspect.isfunction(function)
                and function.__module__ == module.__name__
                and not name.startswith("_")
            ):
                yield pytest.param(
                    function, id=f"{module.__name__.removeprefix('hengtan.')}.{name}"
                )


def numeric_parameters(function):
    """Parameters that take figures: not those whose default is a word or a switch."""
    return [
        p.name
        for p in inspect.signature(function).parameters.values()
        if not isinstance(p.default, (str, bool))
    ]


def rows_for(width):
    """A grid of values where it is small, else a drawn part of it, and for each place rows in which
    it is missing.
    """
    grid = list(itertools.product(VALUES, repeat=width)) if width <= 3 else []
    draw = random.Random(20251)
    full = grid or [tuple(draw.choice(VALUES) for _ in range(width)) for _ in range(1500)]
    lost = [
        (*row[:i], None, *row[i + 1 :])
        for i in range(width)
        for row in draw.sample(full, min(60, len(full)))
    ]
    return full + lost


def test_there_are_formulas():
    assert SRC / "plan" / "formulas.py" in FILES


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_formulas_are_plain(path):
    assert broken_rules(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "body",
    [
        "if x > 0:\n        return x\n    return 0",
        "return x if x > 0 else 0",
        "return max(x, 0)",
        "return min(x, 0)",
        "return round(x)",
        "return abs(x)",
        "return math.exp(x)",
        "return np.exp(x)",
        "return x > 0 and x < 1",
        "return x > 0 or x < 1",
        "return not x",
        "return 0 < x < 1",
        "return x ** 0.5",
        "return x ** -1",
        "return x ** x",
        "return float(x)",
        "while x > 0:\n        x = x - 1\n    return x",
        "import numpy as numbers\n    return x",
        "from math import exp\n    return exp(x)",
    ],
)
def test_the_rules_find_what_they_forbid(body):
    assert len(broken_rules(f"def formula(x):\n    {body}\n")) >= 1


def test_the_rules_let_plain_arithmetic_pass():
    assert (
        broken_rules(
            "def formula(x, y):\n    return where(x < y, x ** 2, -x * y / 3 + power(x, y))\n"
        )
        == []
    )


@pytest.mark.parametrize("function", list(formulas()))
def test_a_formula_gives_the_same_on_three_kinds_and_missing_wins(three_kinds, function):
    names = numeric_parameters(function)
    rows = rows_for(len(names))

    def by_place(*values):
        return function(**dict(zip(names, values, strict=True)))

    floats, arrays, columns = three_kinds(by_place, rows)
    stored_nan = three_kinds(by_place, rows, "nan")[2]
    for row, first, *others in zip(rows, floats, arrays, columns, stored_nan, strict=True):
        if None in row:
            assert [first, *others] == [None] * 4, (names, row)
        for other in others:
            assert (first is None) == (other is None), (names, row, first, others)
            assert first is None or math.isclose(first, other, rel_tol=1e-9, abs_tol=1e-12), (
                names,
                row,
                first,
                others,
            )
    assert any(value is not None for value in floats), "no row of the grid has an answer"


SECTIONS = ("Parameters\n", "Returns\n", "References\n")


def test_formulas_of_accounts_state_parameters_returns_and_references():
    ours = [
        f.values[0] for f in formulas() if f.values[0].__module__.startswith("hengtan.accounts")
    ]
    lacking = [f.__name__ for f in ours if any(s not in inspect.getdoc(f) for s in SECTIONS)]
    assert len(ours) > 35 and lacking == []


@pytest.mark.parametrize("function", list(formulas()))
def test_a_formula_states_its_unit(function):
    first = (inspect.getdoc(function) or "").split("\n\n")[0]
    assert re.search(r"\[[^\]]+\]", first), (
        "the first paragraph of the docstring carries the unit in square brackets"
    )
