"""Cases of rules: read from YAML, computed with the packs, held against what they expect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.period import Period
from hengtan.instruments.registry import rules
from hengtan.instruments.rule import Result, run
from hengtan.packs import Pack

FIELDS = ("rule", "date", "region", "inputs", "parameters", "options", "expect", "title", "source", "note")
TABLES = ("pollutants", "efficiency_benchmarks")
"""Pack tables that rules look into beside their parameters."""


@cache
def shipped() -> Pack:
    """The pack cases are computed with outside a workspace: that of Chongqing, which holds the nation's."""
    from hengtan import packs

    return packs.load("chongqing")


@dataclass(frozen=True)
class Case:
    """A case: rule, day, region, inputs, parameters that override, options, what is expected, and where it stands."""

    rule: str
    day: date
    region: str
    inputs: Mapping[str, Any]
    parameters: Mapping[str, float]
    options: Mapping[str, str]
    expect: Mapping[str, Any] | None
    title: str
    where: Where


def read_cases(path: Path) -> list[Case]:
    """The cases of a YAML file (several parted by ---, or a list). Raises HengtanError with the file and what is wrong."""
    try:
        documents = [d for d in yaml.load_all(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader) if d is not None]
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        raise HengtanError("案例文件读不出（不是 YAML）", "the case cannot be read as YAML", where=Where(path.name, row=mark.line + 1 if mark else None), todo="检查缩进与冒号", todo_en="check indentation and colons") from error
    cases = [case for d in documents for case in (d if isinstance(d, list) else [d])]
    if not cases:
        raise HengtanError("案例文件是空的", "there is no case", where=Where(path.name), todo="写上 rule、date、inputs", todo_en="write rule, date, inputs")
    return [_case(case, Where(path.name, row=None if len(cases) == 1 else n)) for n, case in enumerate(cases, start=1)]


def _case(given: Any, where: Where) -> Case:
    if not isinstance(given, Mapping):
        raise HengtanError("案例应写成 名称: 值", "a case is a mapping", where=where, todo="写上 rule、date、inputs", todo_en="write rule, date, inputs")
    unknown = [k for k in given if k not in FIELDS]
    if unknown:
        raise HengtanError(f"案例里没有“{unknown[0]}”这一项", f"a case has no '{unknown[0]}'", where=where, todo=f"可用：{'、'.join(FIELDS)}", todo_en=f"known: {', '.join(FIELDS)}")
    for needed in ("rule", "date"):
        if given.get(needed) in (None, ""):
            raise HengtanError(f"案例缺“{needed}”", f"'{needed}' is missing", where=where, todo="补上", todo_en="give it")
    parameters = {}
    for name, value in (given.get("parameters") or {}).items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise HengtanError(f"参数“{name}”应为数字", f"parameter '{name}' is a number", where=where, todo="填数字", todo_en="give a number")
        parameters[str(name)] = float(value)
    day = given["date"] if isinstance(given["date"], date) else Period.read(given["date"]).end
    return Case(str(given["rule"]), day, str(given.get("region") or "000000"), given.get("inputs") or {}, parameters, given.get("options") or {}, given.get("expect"), str(given.get("title") or ""), where)


def region_of(pack: Pack, text: str) -> str:
    """The code of a region by code or name; a code of another province stays as it is. Raises UnknownPlace."""
    return text if text.isdigit() and len(text) == 6 else pack.places().find(text).code


def compute(pack: Pack, case: Case) -> Result:
    """Compute a case. Raises HengtanError, ParameterNotEstablished."""
    tables = {name: pack.rows(name) for name in TABLES}
    return run(rules(), case.rule, case.day, region_of(pack, case.region), case.inputs, pack.rows("rule_parameters"), overrides=case.parameters, options=case.options, tables=tables)


def differences(case: Case, result: Result | None, error: HengtanError | None) -> list[str]:
    """Where a case does not come out as it expects: figures to half a unit of the last digit written (at least 1e-9), texts as they are, an error by its kind."""
    expected = dict(case.expect or {})
    wanted = expected.pop("error", None)
    if wanted:
        return [] if error is not None and type(error).__name__ == wanted else [f"应出错 {wanted}，得到 {type(error).__name__ if error else '结果'}"]
    if error is not None:
        return [str(error)]
    assert result is not None
    found = []
    for name, value in expected.items():
        got = result.outputs.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            digits = len(repr(value).partition(".")[2]) if isinstance(value, float) else 0
            near = max(0.5 * 10**-digits, 1e-9) if isinstance(value, float) else 1e-6 * max(1.0, abs(value))
            if not isinstance(got, (int, float)) or not math.isfinite(got) or abs(got - value) > near + 1e-9 * abs(value):
                found.append(f"{name} 应为 {value}，得到 {got}")
        elif got != value and str(got) != str(value):
            found.append(f"{name} 应为 {value}，得到 {got}")
    return found
