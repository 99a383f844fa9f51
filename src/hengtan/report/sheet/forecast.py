"""Forecasts as a workbook: the targets with their odds, the years with their bands, what each rests
on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.report.sheet.cells import book_bytes, new_book
from hengtan.report.sheet.plain import PER_CENT, WHOLE, column, sheet_of
from hengtan.report.words import word

Row = Mapping[str, Any]
BANDS = ("low50", "high50", "low80", "high80", "low95", "high95")
TARGETS = (
    column("forecast.column.target", 26),
    column("forecast.column.indicator", 26),
    column("forecast.column.region"),
    column("forecast.column.deadline", form=WHOLE),
    column("forecast.column.goal"),
    column("forecast.column.unit"),
    column("forecast.column.latest"),
    column("forecast.column.latest_period"),
    column("forecast.column.point"),
    column("forecast.column.low80"),
    column("forecast.column.high80"),
    column("forecast.chance", form=PER_CENT),
    column("forecast.column.needed"),
    column("forecast.column.so_far"),
    column("forecast.method", 16),
    column("forecast.column.recalled"),
    column("forecast.column.note", 26),
)
YEARS = (
    column("forecast.column.target", 26),
    column("forecast.column.indicator", 26),
    column("forecast.column.year", form=WHOLE),
    column("forecast.column.nature"),
    column("forecast.column.value"),
    *(column(f"forecast.column.{band}") for band in BANDS),
)
GROUNDS = (
    column("forecast.column.target", 26),
    column("forecast.column.indicator", 26),
    column("forecast.method"),
    column("forecast.column.reason", 30),
    column("forecast.column.note", 80),
)


def write_forecasts(rows: Sequence[Row], path: Path) -> Path:
    """The workbook of forecasts: 目标, 逐年, 依据."""
    book = new_book(word("forecast.sheet.title"))
    forecast = [row for row in rows if row["outlook"]]
    sheet_of(book, word("forecast.sheet.targets"), TARGETS, [_target(row) for row in rows])
    years = [cells for row in forecast for cells in _years(row)]
    sheet_of(book, word("forecast.sheet.years"), YEARS, years)
    sheet_of(book, word("forecast.sheet.grounds"), GROUNDS, [_grounds(row) for row in forecast])
    return write_whole(path, book_bytes(book))


def _target(row: Row) -> list[Any]:
    outlook = row["outlook"]
    return [
        row["target_id"],
        row["indicator_zh"],
        row["region"],
        row["deadline"],
        row["goal"],
        row["unit"],
        row["latest_in_unit"],
        row["latest_period"],
        row["point"],
        *row["bands"].get("80", (None, None)),
        row["chance"],
        row["needed_pace"],
        row["pace_so_far"],
        outlook["method_zh"] if outlook and row["point"] is not None else "",
        row["recalled"] or None,
        row["forecast_state_zh"],
    ]


def _years(row: Row) -> list[list[Any]]:
    """Outturns, then the years ahead with their bands."""
    outlook, name = row["outlook"], [row["target_id"], row["indicator_zh"]]
    outturns = [
        [*name, year["year"], word("forecast.history"), year["value"], *[None] * len(BANDS)]
        for year in outlook["history"]
    ]
    ahead = [
        [
            *name,
            year["year"],
            word("forecast.middle"),
            year["point"],
            *(year[band] for band in BANDS),
        ]
        for year in outlook["years"]
    ]
    return outturns + ahead


def _grounds(row: Row) -> list[Any]:
    outlook, notes = row["outlook"], word("list.clause").join(row["notes"])
    return [
        row["target_id"],
        row["indicator_zh"],
        outlook["method_zh"],
        outlook["reason"],
        notes,
    ]
