"""Cases of rules: read from YAML, computed with the packs, held against what they expect."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from hengtan.basis.border import shaped, text_of, yaml_documents
from hengtan.basis.days import day_of
from hengtan.basis.errors import HengtanError, Where
from hengtan.instruments.case import LAW_TABLES, PackTables, run
from hengtan.instruments.parameters import NATION
from hengtan.instruments.registry import rules
from hengtan.instruments.result import Result
from hengtan.packs import Pack

FIELDS = (
    "rule",
    "date",
    "region",
    "inputs",
    "parameters",
    "options",
    "expect",
    "title",
    "entity",
    "source",
    "note",
)
NEAR = 1e-9
"""Noise of floats in a figure that is expected; of a whole number 1e-6 of it."""


@cache
def shipped() -> Pack:
    """The pack of cases outside a workspace: that of Chongqing, which holds the nation's."""
    from hengtan import packs

    return packs.load("chongqing")


@dataclass(frozen=True)
class Case:
    """A case: a rule on a day in a region, its inputs, and where it stands.

    ``parameters`` override those of the packs; ``expect``: outputs, or ``error`` and its kind.
    """

    rule: str
    day: date
    region: str
    inputs: Mapping[str, Any]
    parameters: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, Any] | None = None
    title: str = ""
    where: Where = field(default_factory=Where)
    entity: str = ""


def read_cases(path: Path) -> list[Case]:
    """The cases of a YAML file, several parted by --- or a list.

    Raises HengtanError with the file and what is wrong.
    """
    documents = yaml_documents(text_of(path), Where(path.name))
    cases: list[Any] = []
    for document in documents:
        cases += document if isinstance(document, list) else [document]
    if not cases:
        raise HengtanError(
            "案例文件是空的",
            "there is no case",
            where=Where(path.name),
            todo="写上 rule、date、inputs",
            todo_en="write rule, date, inputs",
        )
    if len(cases) == 1:
        return [case_of(cases[0], Where(path.name))]
    return [case_of(case, Where(path.name, row=row)) for row, case in enumerate(cases, start=1)]


def case_of(cells: Any, where: Where) -> Case:
    """A case from its fields. Raises HengtanError with the place and what is wrong."""
    _check_fields(cells, where)
    return Case(
        rule=str(cells["rule"]),
        day=_day_of(cells["date"], where),
        region=str(cells.get("region") or NATION),
        inputs=cells.get("inputs") or {},
        parameters=_parameters(cells.get("parameters") or {}, where),
        options=cells.get("options") or {},
        expect=cells.get("expect"),
        title=str(cells.get("title") or ""),
        where=where,
        entity=str(cells.get("entity") or ""),
    )


def _day_of(moment: Any, where: Where) -> date:
    """The day a case names. Raises HengtanError with the place."""
    with shaped(where):
        return day_of(moment)


def _check_fields(cells: Any, where: Where) -> None:
    if not isinstance(cells, Mapping):
        raise HengtanError(
            "案例应写成 名称: 值",
            "a case is a mapping",
            where=where,
            todo="写上 rule、date、inputs",
            todo_en="write rule, date, inputs",
        )
    unknown = [name for name in cells if name not in FIELDS]
    if unknown:
        raise HengtanError(
            f"案例里没有“{unknown[0]}”这一项",
            f"a case has no '{unknown[0]}'",
            where=where,
            todo=f"可用：{'、'.join(FIELDS)}",
            todo_en=f"known: {', '.join(FIELDS)}",
        )
    for needed in ("rule", "date"):
        if cells.get(needed) in (None, ""):
            raise HengtanError(
                f"案例缺“{needed}”",
                f"'{needed}' is missing",
                where=where,
                todo="补上",
                todo_en="give it",
            )
    for part in ("inputs", "parameters", "options", "expect"):
        if not isinstance(cells.get(part) or {}, Mapping):
            raise HengtanError(
                f"“{part}”应写成 名称: 值",
                f"'{part}' is a mapping",
                where=where,
                todo="一行一项，名称: 值",
                todo_en="write name: value",
            )


def _parameters(cells: Mapping[Any, Any], where: Where) -> dict[str, float]:
    parameters = {}
    for name, value in cells.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise HengtanError(
                f"参数“{name}”应为数字",
                f"parameter '{name}' is a number",
                where=where,
                todo="填数字",
                todo_en="give a number",
            )
        parameters[str(name)] = float(value)
    return parameters


def nested(cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Inputs from cells of a table; blanks are left out.

    ``污染物排放量.二氧化硫`` is an item of the input before the dot.
    """
    inputs: dict[str, Any] = {}
    for column, value in cells:
        first, dot, second = column.partition(".")
        if value in (None, ""):
            continue
        if dot:
            inputs.setdefault(first, {})[second] = value
        else:
            inputs[column] = value
    return inputs


def region_of(pack: Pack, text: str) -> str:
    """The code of a region by code or name; a code stays as it is. Raises UnknownPlace."""
    is_code = text.isdigit() and len(text) == len(NATION)
    return text if is_code else pack.places().find(text).code


def compute(pack: Pack, case: Case) -> Result:
    """Compute a case. Raises HengtanError, ParameterNotEstablished."""
    return run(
        rules(),
        case.rule,
        case.day,
        region_of(pack, case.region),
        case.inputs,
        law_tables(pack),
        overrides=case.parameters,
        options=case.options,
    )


@lru_cache(maxsize=10)
def law_tables(pack: Pack) -> PackTables:
    """What cases read of a pack, put together once."""
    return PackTables(
        parameters=pack.rows("rule_parameters"),
        formulas=pack.rows("rule_formulas"),
        tables={name: pack.rows(name) for name in LAW_TABLES},
    )


def differences(case: Case, result: Result | None, error: HengtanError | None) -> list[str]:
    """Where a case does not come out as it expects.

    Figures to half a unit of the last digit written, texts as they are, an error by its kind.
    """
    expected = dict(case.expect or {})
    wanted = expected.pop("error", None)
    if wanted:
        kind = type(error).__name__ if error is not None else "结果"
        return [] if kind == wanted else [f"应出错 {wanted}，得到 {kind}"]
    if error is not None:
        return [str(error)]
    assert result is not None
    pairs = [(name, value, result.outputs.get(name)) for name, value in expected.items()]
    return [
        f"{name} 应为 {value}，得到 {output}"
        for name, value, output in pairs
        if not _as_expected(value, output)
    ]


def _as_expected(value: Any, output: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return bool(output == value or str(output) == str(value))
    if not isinstance(output, (int, float)) or not math.isfinite(output):
        return False
    return abs(output - value) <= _tolerance(value) + NEAR * abs(value)


def _tolerance(value: float) -> float:
    """Half a unit of the last digit written; of a whole number a millionth of it."""
    if not isinstance(value, float):
        return 1e-6 * max(1.0, abs(value))
    decimals = len(repr(value).partition(".")[2])
    return max(0.5 * 10**-decimals, NEAR)
