"""Cases of rules: read from YAML, computed with the packs, held against what they expect."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.period import Period
from hengtan.instruments.case import PackTables, run
from hengtan.instruments.inputs import Input
from hengtan.instruments.registry import rules
from hengtan.instruments.result import Result
from hengtan.instruments.rule import in_force
from hengtan.packs import Pack

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

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
TABLES = ("pollutants", "efficiency_benchmarks")
"""Pack tables that rules look into beside their parameters."""


class PlainLoader(yaml.SafeLoader):
    """YAML in which an alias never stands inside an anchor: nested ones make gigabytes of a few lines."""

    inside = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node; an alias inside an anchored node is refused."""
        event = self.peek_event()
        if self.inside and isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("an alias inside an anchor is not taken")
        anchored = (
            not isinstance(event, yaml.AliasEvent) and getattr(event, "anchor", None) is not None
        )
        self.inside += anchored
        try:
            return super().compose_node(parent, index)
        finally:
            self.inside -= anchored


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
    entity: str = ""


def read_cases(path: Path) -> list[Case]:
    """The cases of a YAML file (several parted by ---, or a list). Raises HengtanError with the file and what is wrong."""
    try:
        documents = [
            d
            for d in yaml.load_all(path.read_text(encoding="utf-8-sig"), Loader=PlainLoader)
            if d is not None
        ]
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        raise HengtanError(
            "案例文件读不出（不是 YAML）",
            "the case cannot be read as YAML",
            where=Where(path.name, row=mark.line + 1 if mark else None),
            todo="检查缩进与冒号",
            todo_en="check indentation and colons",
        ) from error
    cases = [case for d in documents for case in (d if isinstance(d, list) else [d])]
    if not cases:
        raise HengtanError(
            "案例文件是空的",
            "there is no case",
            where=Where(path.name),
            todo="写上 rule、date、inputs",
            todo_en="write rule, date, inputs",
        )
    return [
        _case(case, Where(path.name, row=None if len(cases) == 1 else n))
        for n, case in enumerate(cases, start=1)
    ]


def _case(given: Any, where: Where) -> Case:
    if not isinstance(given, Mapping):
        raise HengtanError(
            "案例应写成 名称: 值",
            "a case is a mapping",
            where=where,
            todo="写上 rule、date、inputs",
            todo_en="write rule, date, inputs",
        )
    unknown = [k for k in given if k not in FIELDS]
    if unknown:
        raise HengtanError(
            f"案例里没有“{unknown[0]}”这一项",
            f"a case has no '{unknown[0]}'",
            where=where,
            todo=f"可用：{'、'.join(FIELDS)}",
            todo_en=f"known: {', '.join(FIELDS)}",
        )
    for needed in ("rule", "date"):
        if given.get(needed) in (None, ""):
            raise HengtanError(
                f"案例缺“{needed}”",
                f"'{needed}' is missing",
                where=where,
                todo="补上",
                todo_en="give it",
            )
    for part in ("inputs", "parameters", "options", "expect"):
        if not isinstance(given.get(part) or {}, Mapping):
            raise HengtanError(
                f"“{part}”应写成 名称: 值",
                f"'{part}' is a mapping",
                where=where,
                todo="一行一项，名称: 值",
                todo_en="write name: value",
            )
    parameters = {}
    for name, value in (given.get("parameters") or {}).items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise HengtanError(
                f"参数“{name}”应为数字",
                f"parameter '{name}' is a number",
                where=where,
                todo="填数字",
                todo_en="give a number",
            )
        parameters[str(name)] = float(value)
    day = given["date"] if isinstance(given["date"], date) else Period.read(given["date"]).end
    return Case(
        str(given["rule"]),
        day,
        str(given.get("region") or "000000"),
        given.get("inputs") or {},
        parameters,
        given.get("options") or {},
        given.get("expect"),
        str(given.get("title") or ""),
        where,
        str(given.get("entity") or ""),
    )


def nested(cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Inputs from cells of a table: ``污染物排放量.二氧化硫`` is an item of the input before the dot; blanks are left out."""
    made: dict[str, Any] = {}
    for column, value in cells:
        first, dot, second = column.partition(".")
        if value in (None, ""):
            continue
        if dot:
            made.setdefault(first, {})[second] = value
        else:
            made[column] = value
    return made


def region_of(pack: Pack, text: str) -> str:
    """The code of a region by code or name; a code of another province stays as it is. Raises UnknownPlace."""
    return text if text.isdigit() and len(text) == 6 else pack.places().find(text).code


def compute(pack: Pack, case: Case) -> Result:
    """Compute a case. Raises HengtanError, ParameterNotEstablished."""
    return run(
        rules(),
        case.rule,
        case.day,
        region_of(pack, case.region),
        case.inputs,
        PackTables(
            parameters=pack.rows("rule_parameters"),
            formulas=pack.rows("rule_formulas"),
            tables={name: pack.rows(name) for name in TABLES},
        ),
        overrides=case.parameters,
        options=case.options,
    )


def differences(case: Case, result: Result | None, error: HengtanError | None) -> list[str]:
    """Where a case does not come out as it expects: figures to half a unit of the last digit written (at least 1e-9), texts as they are, an error by its kind."""
    expected = dict(case.expect or {})
    wanted = expected.pop("error", None)
    if wanted:
        return (
            []
            if error is not None and type(error).__name__ == wanted
            else [f"应出错 {wanted}，得到 {type(error).__name__ if error else '结果'}"]
        )
    if error is not None:
        return [str(error)]
    assert result is not None
    found = []
    for name, value in expected.items():
        got = result.outputs.get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            digits = len(repr(value).partition(".")[2]) if isinstance(value, float) else 0
            near = (
                max(0.5 * 10**-digits, 1e-9)
                if isinstance(value, float)
                else 1e-6 * max(1.0, abs(value))
            )
            if (
                not isinstance(got, (int, float))
                or not math.isfinite(got)
                or abs(got - value) > near + 1e-9 * abs(value)
            ):
                found.append(f"{name} 应为 {value}，得到 {got}")
        elif got != value and str(got) != str(value):
            found.append(f"{name} 应为 {value}，得到 {got}")
    return found


# pages

STRUCTURED = ("amounts", "rows", "numbers")
"""Kinds of inputs that a form takes as text of several lines."""
LONGEST = 20_000


def from_form(pack: Pack, rule_id: str, form: Mapping[str, str]) -> Case:
    """A case from the fields of a form: ``date``, ``region``, ``option.NAME``, ``parameters`` (YAML) and each input under its name; blank fields are left out.

    Rows are a table with a header, as pasted from a worksheet, or YAML; numbers stand between commas, blanks or lines. Raises HengtanError.
    """
    day = Period.read(form["date"]).end if form.get("date") else date.today()
    rule = in_force(rules(), rule_id, day)
    inputs = {}
    for one in rule.inputs:
        text = (form.get(one.name) or "").strip()
        value = _structured(one, text) if text and one.kind in STRUCTURED else text
        if value not in ("", []):
            inputs[one.name] = value
    parameters = (
        _yaml(form["parameters"], "parameters") if (form.get("parameters") or "").strip() else {}
    )
    options = {
        k.removeprefix("option."): v for k, v in form.items() if k.startswith("option.") and v
    }
    return _case(
        {
            "rule": rule_id,
            "date": day,
            "region": form.get("region") or "000000",
            "inputs": inputs,
            "parameters": parameters,
            "options": options,
        },
        Where("表单"),
    )


def _structured(one: Input, text: str) -> Any:
    if len(text) > LONGEST:
        raise HengtanError(
            f"“{one.zh}”太长",
            f"'{one.name}' is too long",
            todo="少于二万字",
            todo_en="below 20,000 characters",
        )
    if one.kind == "numbers" and not text.startswith(("[", "-")):
        return [part for part in re.split(r"[\s,，、;；]+", text) if part]
    first = text.splitlines()[0]
    if (
        one.kind == "rows"
        and not first.startswith(("-", "[", "{"))
        and ":" not in first
        and "：" not in first
    ):
        return _table(one, text)
    return _yaml(text, one.zh)


def _table(one: Input, text: str) -> list[dict[str, Any]]:
    """Rows from a table with a header; each line is split at its tabs, else its full-width commas, else its commas; blank cells are left out."""
    lines = [_cells(line) for line in text.splitlines() if line.strip()]
    header = lines[0]
    kinds = {spelling: f.kind for f in one.fields for spelling in (f.name, f.zh, *f.aliases)}
    made = []
    for n, cells in enumerate(lines[1:], start=1):
        if len(cells) > len(header):
            raise HengtanError(
                f"“{one.zh}”第{n}行有{len(cells)}格，表头只有{len(header)}列",
                f"row {n} of '{one.name}' has more cells than the header",
                todo="对齐各列；数字里不要千分位逗号",
                todo_en="align the columns; no thousands separators",
            )
        row = {
            name: _yaml(re.sub("[;；]", "\n", cell), name)
            if kinds.get(name) in STRUCTURED
            else cell
            for name, cell in zip(header, cells, strict=False)
            if cell
        }
        if row:
            made.append(row)
    return made


def _cells(line: str) -> list[str]:
    mark = next((m for m in ("\t", "，", ",") if m in line), "\t")
    return [cell.strip() for cell in line.split(mark)]


def _yaml(text: str, name: str) -> Any:
    if len(text) > LONGEST:
        raise HengtanError(
            f"“{name}”太长",
            f"'{name}' is too long",
            todo="少于二万字",
            todo_en="below 20,000 characters",
        )
    try:
        return yaml.load(text.replace("：", ": ").replace("，", ", "), Loader=PlainLoader)
    except yaml.YAMLError as error:
        raise HengtanError(
            f"“{name}”读不出",
            f"'{name}' cannot be read",
            todo="一行一项，写成 名称: 数量",
            todo_en="one item a line, name: amount",
        ) from error


def enterprises(workspace: Workspace) -> list[dict[str, Any]]:
    """Each entity with cases in the workspace's folder ``cases``: what its cases give, and what the registries say it holds. A case that is refused says why."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((workspace.folder / "cases").glob("*.yaml")):
        try:
            cases = read_cases(path)
        except HengtanError as error:
            found.setdefault(path.name, {"entity": path.name, "cases": [], "holds": []})[
                "cases"
            ].append(
                {"file": path.name, "rule": "", "title": "", "refused": str(error), "result": None}
            )
            continue
        for case in cases:
            entity = case.entity or path.stem
            row: dict[str, Any] = {
                "file": path.name,
                "rule": case.rule,
                "title": case.title,
                "refused": "",
                "result": None,
            }
            try:
                row["result"] = compute(workspace.pack, case).as_dict()
            except HengtanError as error:
                row["refused"] = str(error)
            found.setdefault(entity, {"entity": entity, "cases": [], "holds": []})["cases"].append(
                row
            )
    view = workspace.ledger.effective(
        "registry_entries", schema=workspace.form("registry_entries").schema()
    )
    titles = {r["registry_id"]: r["title_zh"] for r in workspace.pack.rows("registries")}
    for r in workspace.ledger.query(
        f'select registry, title, holder, granted, withdrawn, quantity, unit from memory.main."{view}" where holder is not null'
    ):
        if r["holder"] in found:
            found[r["holder"]]["holds"].append(
                {**r, "registry_zh": titles.get(r["registry"], r["registry"])}
            )
    return list(found.values())
