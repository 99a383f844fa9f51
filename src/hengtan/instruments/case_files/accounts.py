"""Accounts of case files, declared when the graph is built, since which files there are is data:
of each kind its verdicts, its calendar, and the verdicts counted and summed by place and year.
"""

from __future__ import annotations

import inspect
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.kernel_rows import kernel_table
from hengtan.accounts.stated import worst_in
from hengtan.basis.seal import sha256_of
from hengtan.graph import Same, account, kernel
from hengtan.instruments.case import LAW_TABLES, PackTables
from hengtan.instruments.case_files import calendar, local, ruling
from hengtan.instruments.case_files.declared import CaseFile
from hengtan.instruments.case_files.subjects import Row, Subject, subjects_of
from hengtan.packs.schema import schemas

MODULE = "hengtan.instruments.case_files.made"
"""Name of the module that the accounts of a workspace's packs are made in."""
LAW = ("rule_parameters", "rule_formulas", *LAW_TABLES)
"""Pack tables that rules read."""
TERMS = ("rule_parameters", local.FORM)
"""Tables that the length of a term is taken from."""
WHO = "subject:text name:text entity:text place:text"
VERDICTS = (
    f"{WHO} asked:text rule:text period:text year:whole day:text output:text value text:text"
    " unit:text state:text why_zh:text why_en:text digest:text confidence:text warnings:text"
    " demo:flag"
)
CALENDAR = (
    f"{WHO} deadline:text label:text title_zh:text title_en:text law:text due:text done:text"
    " state:text"
)
VERDICT_KEY = ("subject", "asked", "period", "output")
CALENDAR_KEY = ("subject", "deadline", "label", "due")
TOTAL_KEY = ("asked", "output", "text", "place", "year")
NO_SUM = ("%", "百分点", "倍", "小时", "天", "月", "个月", "年", "分贝")
"""Units of shares, ratios, levels and spans of time."""
A_TIME = ("/年", "/月", "/日")
"""How units of amounts in a time end."""


def case_files_module(
    definitions: Sequence[Mapping[str, Any]], titles: Mapping[str, tuple[str, str]] | None = None
) -> ModuleType:
    """The accounts of the kinds that the definitions of a pack state; one module for equal ones, so
    that prepared queries are used again. ``titles``: what its forms and fields are called
    (``places.titles_of``), for refusals that name the field.

    Raises PackError for a definition that cannot be read.
    """
    return _module(
        json.dumps(list(definitions), ensure_ascii=False, default=str),
        json.dumps(dict(titles or {}), ensure_ascii=False),
    )


@cache
def _module(content: str, named: str) -> ModuleType:
    module = ModuleType(MODULE, "Accounts made from the case files of a pack.")
    digest = sha256_of(content + named)[:12]
    titles = {name: (zh, en) for name, (zh, en) in json.loads(named).items()}
    for case_file in (CaseFile.of(cells, titles) for cells in json.loads(content)):
        for function in (_verdicts(case_file), _calendar(case_file), _totals(case_file)):
            function.__qualname__ = f"{function.__name__}@{digest}"
            setattr(module, function.__name__, function)
    return module


def _verdicts(case_file: CaseFile) -> Any:
    """What every rule says of every subject, one row an output."""

    def verdicts(judged_on: ibis.Value, **tables: pa.Table) -> pa.Table:
        day = _plain(judged_on)
        return kernel_table(_verdict_rows(case_file, tables, day, _law(tables)), VERDICTS)

    maps = _feeding(case_file, case_file.ruled_on) | dict.fromkeys((*LAW, local.FORM), "all")
    doc = f"{case_file.title_en}: verdicts of rules by subject."
    declare = kernel(key=VERDICT_KEY, unit=None, cites=("hengtan:case_files",), maps=maps)
    return declare(_signed(verdicts, case_file.verdicts, maps, doc, "judged_on"))


def _rows_of_pack(name: str, table: pa.Table) -> Iterator[Row]:
    """Rows of a pack table as a pack reads them: the graph holds its lists as texts."""
    lists = [column for column, kind in schemas()[name].columns.items() if kind.type == "list"]
    for row in table.to_pylist():
        yield row | {
            column: tuple(filter(None, (row[column] or "").split(";"))) for column in lists
        }


def _law(tables: Mapping[str, pa.Table]) -> PackTables:
    """What rules look up: the pack tables, before them what places have set themselves."""
    law = {name: list(_rows_of_pack(name, tables[name])) for name in LAW}
    packs = PackTables(law["rule_parameters"], law["rule_formulas"], law)
    return local.with_places(packs, tables[local.FORM].to_pylist())


def _verdict_rows(
    case_file: CaseFile, tables: Mapping[str, pa.Table], day: date, packs: PackTables
) -> Iterator[Row]:
    for subject in _subjects(case_file, tables):
        rulings = tuple(ruling.rulings_of(case_file, subject, day, packs))
        yield from ruling.table_rows(case_file, subject, rulings)


def _calendar(case_file: CaseFile) -> Any:
    """Every day due of every subject, with what became of it."""

    def days(judged_on: ibis.Value, **tables: pa.Table) -> pa.Table:
        rows = _calendar_rows(case_file, tables, _plain(judged_on))
        return kernel_table(rows, CALENDAR)

    maps = _feeding(case_file, case_file.dated) | {case_file.verdicts: Same("subject")}
    if any(deadline.after for deadline in case_file.deadlines):
        maps |= dict.fromkeys(TERMS, "all")
    doc = f"{case_file.title_en}: days due by subject."
    declare = kernel(key=CALENDAR_KEY, unit="days", cites=("hengtan:case_files",), maps=maps)
    return declare(_signed(days, case_file.calendar, maps, doc, "judged_on"))


def _terms(tables: Mapping[str, pa.Table]) -> PackTables:
    """How long terms are: the parameters, before them what places have set themselves."""
    if TERMS[0] not in tables:
        return PackTables([])
    packs = PackTables(list(_rows_of_pack(TERMS[0], tables[TERMS[0]])))
    return local.with_places(packs, tables[local.FORM].to_pylist())


def _calendar_rows(case_file: CaseFile, tables: Mapping[str, pa.Table], day: date) -> Iterator[Row]:
    verdicts: dict[str, list[Row]] = defaultdict(list)
    for row in tables[case_file.verdicts].to_pylist():
        verdicts[row["subject"]].append(row)
    packs = _terms(tables)
    for subject in _subjects(case_file, tables):
        yield from calendar.table_rows(case_file, subject, verdicts[subject.id], day, packs)


def _totals(case_file: CaseFile) -> Any:
    """Verdicts counted and summed by what they say, place and year; a place has what lies in it.

    Outputs that are figures have an empty ``text``; verdicts that could not be reached have an
    empty ``output`` and their state as text. Shares, intensities and times have no sum.
    """

    def totals(place_within: Table, **tables: Table) -> Table:
        rows = tables[case_file.verdicts]
        said = ibis.coalesce(rows.text, ibis.ifelse(rows.output == "", rows.state, ""))
        within = place_within.select("place", within="within")
        placed = rows.mutate(text=said).inner_join(within, "place")
        return placed.group_by("asked", "output", "text", "year", place=_.within).agg(
            subjects=_.count(),
            total=_.value.sum(where=adds_up(_.unit)),
            confidence=worst_in(_.confidence),
            demo=_.demo.any(),
        )

    maps = {
        case_file.verdicts: Same("asked", "output", "year"),
        "place_within": Same(within="place"),
    }
    doc = f"{case_file.title_en}: verdicts counted and summed by place and year."
    declare = account(key=TOTAL_KEY, unit="subjects", cites=("hengtan:case_files",), maps=maps)
    return declare(_signed(totals, case_file.totals, maps, doc))


def adds_up(unit: Any) -> Any:
    """Whether figures in a unit may be summed over subjects: no share, ratio or span of time, and
    of what is stated for something else only an amount of a year, month or day.
    """
    per = unit.contains("/") & ~unit.right(2).isin(A_TIME)
    return unit.isnull() | ~(per | unit.isin(NO_SUM))


def _subjects(case_file: CaseFile, tables: Mapping[str, pa.Table]) -> Iterator[Subject]:
    rows = {name: tables[name].to_pylist() for name in case_file.tables if name in tables}
    return subjects_of(case_file, rows)


def _feeding(case_file: CaseFile, tables: Sequence[str]) -> dict[str, Same | str]:
    """How a row about a subject leads to its rows in some of the tables that feed it."""
    maps: dict[str, Same | str] = {case_file.form: Same(**{case_file.subject: "subject"})}
    known = {case_file.subject: "subject", case_file.entity: "entity", case_file.place: "place"}
    for table, (column, head_column) in case_file.feeds.items():
        if table in tables:
            named = known.get(head_column)
            maps[table] = Same(**{column: named}) if named else "all"
    return maps


def _signed(
    function: Callable[..., Any], name: str, maps: Mapping[str, Any], doc: str, *options: str
) -> Callable[..., Any]:
    """A function with a name, and a signature made of its tables and options."""
    function.__name__, function.__module__, function.__doc__ = name, MODULE, doc
    keyword = inspect.Parameter.KEYWORD_ONLY
    tables = [inspect.Parameter(table, keyword, annotation=Table) for table in maps]
    others = [inspect.Parameter(option, keyword, annotation=ibis.Value) for option in options]
    function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*tables, *others], return_annotation=Table
    )
    function.__annotations__ = {
        **dict.fromkeys(maps, Table),
        **dict.fromkeys(options, ibis.Value),
        "return": Table,
    }
    return function


def _plain(day: Any) -> date:
    """The day judged as a day; the graph hands on an Ibis literal."""
    value = day.op().value if hasattr(day, "op") else day
    return value if isinstance(value, date) else date.fromisoformat(str(value))
