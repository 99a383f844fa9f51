"""Forecasts as a workbook: the targets with their odds, the years with their bands, what each rests
on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.report.numerals import unit_name
from hengtan.report.sheet.plain import PER_CENT, WHOLE, Head, SpokenBook
from hengtan.report.words import word

Row = Mapping[str, Any]
BANDS = ("low50", "high50", "low80", "high80", "low95", "high95")
TARGETS = (
    Head("forecast.column.target", 26),
    Head("forecast.column.indicator", 26),
    Head("forecast.column.region"),
    Head("forecast.column.deadline", form=WHOLE),
    Head("forecast.column.goal"),
    Head("forecast.column.unit"),
    Head("forecast.column.latest"),
    Head("forecast.column.latest_period"),
    Head("forecast.column.point"),
    Head("forecast.column.low80"),
    Head("forecast.column.high80"),
    Head("forecast.chance", form=PER_CENT),
    Head("forecast.column.needed"),
    Head("forecast.column.so_far"),
    Head("forecast.method", 16),
    Head("forecast.column.recalled"),
    Head("forecast.column.note", 26),
)
YEARS = (
    Head("forecast.column.target", 26),
    Head("forecast.column.indicator", 26),
    Head("forecast.column.year", form=WHOLE),
    Head("forecast.column.nature"),
    Head("forecast.column.value"),
    *(Head(f"forecast.column.{band}") for band in BANDS),
)
GROUNDS = (
    Head("forecast.column.target", 26),
    Head("forecast.column.indicator", 26),
    Head("forecast.method"),
    Head("forecast.column.reason", 30),
    Head("forecast.column.note", 80),
)


def write_forecasts(
    rows: Sequence[Row],
    path: Path,
    lang: str = "zh",
    names_en: Mapping[str, str] | None = None,
) -> Path:
    """The workbook of forecasts: 目标, 逐年, 依据; ``names_en``: English names of places by
    code.
    """
    book = SpokenBook(word("forecast.sheet.title", lang), lang)
    targets = [_target(book, row, names_en or {}) for row in rows]
    forecast = [row for row in rows if row["outlook"]]
    book.sheet(book.word("forecast.sheet.targets"), TARGETS, targets)
    years = [cells for row in forecast for cells in _years(book, row)]
    book.sheet(book.word("forecast.sheet.years"), YEARS, years)
    grounds = [_grounds(book, row) for row in forecast]
    book.sheet(book.word("forecast.sheet.grounds"), GROUNDS, grounds)
    return book.saved(path)


def _target(book: SpokenBook, row: Row, names_en: Mapping[str, str]) -> list[Any]:
    outlook = row["outlook"]
    return [
        row["target_id"],
        row[f"indicator_{book.lang}"],
        _region(book, row, names_en),
        row["deadline"],
        row["goal"],
        unit_name(row["unit"], book.lang),
        row["latest_in_unit"],
        row["latest_period"],
        row["point"],
        *row["bands"].get("80", (None, None)),
        row["chance"],
        row["needed_pace"],
        row["pace_so_far"],
        outlook[f"method_{book.lang}"] if outlook and row["point"] is not None else "",
        row["recalled"] or None,
        _state(book, row),
    ]


def _region(book: SpokenBook, row: Row, names_en: Mapping[str, str]) -> str:
    """What the region of a target is called; its Chinese name where it has no English one."""
    english = names_en.get(row["region_code"]) if book.lang == "en" else ""
    return english or str(row["region"])


def _state(book: SpokenBook, row: Row) -> str:
    """Whether there is a forecast, or why not."""
    if book.lang == "zh":
        return str(row["forecast_state_zh"])
    return book.word(f"forecast.state.{row['forecast_state']}")


def _years(book: SpokenBook, row: Row) -> list[list[Any]]:
    """Outturns, then the years ahead with their bands."""
    outlook, name = row["outlook"], [row["target_id"], row[f"indicator_{book.lang}"]]
    outturns = [
        [*name, year["year"], book.word("forecast.history"), year["value"], *[None] * len(BANDS)]
        for year in outlook["history"]
    ]
    ahead = [
        [
            *name,
            year["year"],
            book.word("forecast.middle"),
            year["point"],
            *(year[band] for band in BANDS),
        ]
        for year in outlook["years"]
    ]
    return outturns + ahead


def _grounds(book: SpokenBook, row: Row) -> list[Any]:
    outlook, notes = row["outlook"], row["notes" if book.lang == "zh" else "notes_en"]
    return [
        row["target_id"],
        row[f"indicator_{book.lang}"],
        outlook[f"method_{book.lang}"],
        outlook["reason" if book.lang == "zh" else "reason_en"],
        book.word("list.clause").join(notes),
    ]
