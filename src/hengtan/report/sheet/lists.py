"""Lists as a plain workbook: a sheet each, with headings in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hengtan.report.sheet.cells import Column, book_bytes, new_book
from hengtan.report.sheet.plain import sheet_of

WIDEST = 50


@dataclass(frozen=True)
class ListSheet:
    """A sheet: its title, headings, rows."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]


def lists_bytes(title: str, sheets: Sequence[ListSheet]) -> bytes:
    """A workbook of lists as .xlsx."""
    book = new_book(title)
    for sheet in sheets:
        columns = [Column(heading, WIDEST, "") for heading in sheet.headings]
        sheet_of(book, sheet.title, columns, sheet.rows)
    return book_bytes(book)
