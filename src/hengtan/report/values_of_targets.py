"""The values of a target as a table to take along: what its chart draws and its page lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.report.files import csv_text
from hengtan.report.sheet.cells import book_bytes, new_book
from hengtan.report.sheet.plain import column, sheet_of
from hengtan.report.words import word, word_or_code

COLUMNS = (
    ("period", 12),
    ("value", 14),
    ("unit", 12),
    ("values.in_unit", 16),
    ("state", 12),
    ("values.rivals", 10),
    ("vintage", 12),
    ("nature", 10),
    ("confidence", 12),
    ("source", 50),
    ("published", 12),
    ("values.note", 30),
)
"""Keys of the headings with widths in characters."""
MARK = "\ufeff"
"""In front of a CSV file, so that Excel reads it as UTF-8."""


def rows_of(target: Mapping[str, Any], lang: str = "zh") -> list[list[Any]]:
    """A row a value, the newest first: as reported, and in the unit of the goal where it can be."""
    ordered = sorted(target["series"], key=lambda v: str(v.get("end") or v["period"]), reverse=True)
    return [_row(value, lang) for value in ordered]


def _row(value: Mapping[str, Any], lang: str) -> list[Any]:
    is_used = value.get("won") is not False
    reported = value.get("reported_value", value["value"])
    return [
        str(value["period"]),
        reported,
        value.get("unit") or "",
        value["value"] if value.get("in_unit", True) else None,
        word_or_code("state", value.get("state") or "none", lang) if is_used else "",
        word("values.used" if is_used else "values.not_used", lang),
        word_or_code("vintage", value.get("vintage") or "", lang),
        word_or_code("nature", value.get("nature") or "", lang),
        word_or_code("confidence", value.get("confidence") or "", lang),
        value.get("source") or "",
        str(value.get("published") or ""),
        value.get("note") or "",
    ]


def values_csv(target: Mapping[str, Any], lang: str = "zh") -> bytes:
    """The values as a CSV file."""
    import pyarrow as pa

    heads = [word(key, lang) for key, _ in COLUMNS]
    rows = rows_of(target, lang)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(heads)
    table = pa.table([pa.array(list(column)) for column in columns], names=heads)
    return (MARK + csv_text(table)).encode("utf-8")


def values_excel(target: Mapping[str, Any], title: str) -> bytes:
    """The values as a workbook with one sheet."""
    book = new_book(title)
    columns = [column(key, width) for key, width in COLUMNS]
    sheet_of(book, word("values"), columns, rows_of(target))
    return book_bytes(book)
