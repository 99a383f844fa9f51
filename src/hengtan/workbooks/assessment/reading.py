"""Reads a filled workbook of assessment: the scheme, the figures of those assessed, and their links
to the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from hengtan.assessment.evaluate import Result, evaluate
from hengtan.assessment.scheme import Assessed, Scheme, Value, check
from hengtan.basis.errors import Where
from hengtan.workbooks.account import Counting, Taken, count
from hengtan.workbooks.assessment.schemes import (
    DATA_COLUMNS,
    IN_ENGLISH,
    ITEM_COLUMNS,
    RULES_ZH,
    item_of,
)
from hengtan.workbooks.cells import Line, noted, problem
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.totals import Columns, members

HEADINGS = ("编号", "等级", "项目")
"""One of these stands in the header of every sheet."""
ITEMS = Columns(("编号", "组"), ("满分",))
FIGURES = Columns(("对象",), either=("实绩", "目标", "基期"), beside=("编号",))
"""How totals among the items and among those assessed are held against their parts."""

TAKEN = {
    "方案": Taken(tuple(ITEM_COLUMNS), ("编号", "指标")),
    "数据": Taken(DATA_COLUMNS, ("对象",)),
    "等级": Taken(("等级", "最低分"), ("等级",)),
    "说明": Taken(("项目", "内容")),
}
"""What the account of the workbook counts as read."""

Links = dict[tuple[str, str], tuple[str, float | None, float | None]]
"""By assessed and item: indicator of the ledger, forecast and its standard error."""


def run(path: Path) -> tuple[Scheme, list[Result]]:
    """Read a workbook and evaluate it."""
    scheme, assessed = read_workbook(path)
    return scheme, evaluate(scheme, assessed)


def read_workbook(path: Path) -> tuple[Scheme, list[Assessed]]:
    """The scheme and the figures of a workbook in the layout of the template.

    Raises HengtanError with sheet, row and column.
    """
    sheets = Sheets.read(path, HEADINGS, IN_ENGLISH)
    for name in ("方案", "数据"):
        if name not in sheets.lines:
            raise problem("no-sheet", name, "assess").error(where=Where(path.name))
    items, rows = members(sheets.of("方案"), ITEMS), members(sheets.of("数据"), FIGURES)
    scheme = _scheme(sheets.with_lines({"方案": items.lines}), path)
    check(scheme, partial(_place, sheets, items.lines))
    scheme = replace(scheme, findings=(*items.findings, *rows.findings))
    return scheme, _assessed(sheets, rows.lines, scheme)


def count_of(path: Path, *, partly: bool = False) -> Counting:
    """The account of a workbook of assessment in Chinese or English. Raises UnreadableFile."""
    return count(path, HEADINGS, TAKEN, partly=partly, english=IN_ENGLISH)


def read_links(path: Path) -> Links:
    """Of each (assessed, item) of a workbook that names them: the ledger's indicator, a forecast
    and its standard error.

    Raises HengtanError with row and column.
    """
    links: Links = {}
    sheets = Sheets.read(path, HEADINGS, IN_ENGLISH)
    for line in members(sheets.of("数据"), FIGURES).lines:
        indicator = line.text("台账指标")
        forecast, error = line.number("预测"), line.number("预测误差", least=0)
        if (forecast is None) != (error is None):
            raise line.refuse("预测误差", "half-forecast")
        if indicator or forecast is not None:
            links[line.text("对象"), line.text("编号")] = (indicator, forecast, error)
    return links


def _place(
    sheets: Sheets, items: Sequence[Line], sheet: str, number: int | None, column: str | None
) -> Where:
    """Where something of a scheme stands in the file."""
    if number is None or column is None:
        return sheets.where(sheet)
    return items[number].at(column)


def _scheme(sheets: Sheets, path: Path) -> Scheme:
    about = {line.cells.get("项目", ""): line.cells.get("内容", "") for line in sheets.of("说明")}
    for line in sheets.of("方案"):
        with noted():
            for column in ("编号", "指标", "计分方式"):
                if not line.as_written(column):
                    raise line.refuse(column, "missing", column)
    grades = [
        (line.as_written("等级"), line.number("最低分", unit="%") or 0.0)
        for line in sheets.of("等级")
        if line.as_written("等级")
    ]
    rules = {zh: rule for rule, zh in RULES_ZH.items()}
    rule = about.get("定级规则", "").strip() or RULES_ZH["points"]
    return Scheme(
        path.stem,
        about.get("名称", "") or path.stem,
        tuple(item_of(line) for line in sheets.of("方案")),
        tuple(grades),
        rules.get(rule, rule),
        about.get("依据", ""),
        file=path.name,
    )


def _assessed(sheets: Sheets, lines: Sequence[Line], scheme: Scheme) -> list[Assessed]:
    items = {item.id for item in scheme.items}
    by_id: dict[str, Assessed] = {}
    for line in lines:
        with noted():
            unit, code = line.text("对象"), line.text("编号")
            if not unit:
                raise line.refuse("对象", "no-assessed")
            if code not in items:
                raise line.refuse("编号", "no-item", code)
            assessed = by_id.get(unit) or _new(unit, line)
            if code in assessed.values:
                raise line.refuse("编号", "item-twice", assessed.name, code)
            last_points = line.number("上年得分", unit="%")
            by_id[unit] = replace(
                assessed,
                values={**assessed.values, code: _value(line)},
                last_points=assessed.last_points if last_points is None else last_points,
                falsified=assessed.falsified or bool(line.flag("数据造假")),
            )
    if not by_id:
        raise sheets.refuse("数据", "no-rows")
    return list(by_id.values())


def _new(unit: str, line: Line) -> Assessed:
    return Assessed(unit, line.as_written("名称") or unit, line.text("类别"), {})


def _value(line: Line) -> Value:
    """The figures of a line; a per cent sign is only a unit there."""
    return Value(
        line.number("实绩", unit="%"),
        line.number("目标", unit="%"),
        line.number("基期", unit="%"),
        line.flag("年度完成"),
        line.flag("进度达到"),
        line.flag("适用") is not False,
    )
