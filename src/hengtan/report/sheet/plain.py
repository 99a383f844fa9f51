"""Plain, well-behaved worksheets: a coloured header, frozen, printable on A4 across; columns as
wide as their contents.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from hengtan.basis.whole_files import write_whole
from hengtan.report.sheet.cells import CJK, HEAD_FILL, Column, across, book_bytes, new_book, put
from hengtan.report.words import word

BOLD = 1.2
"""Width of a bold letter in characters."""
LEAST_WIDTH, LOOKED_AT = 8, 400
"""The narrowest column, and how many rows are looked at for its width."""
TALLEST = 400
ONE_LINE = 20
"""Width up to which a heading with a unit stands on one line."""
LONGEST_TITLE = 31
"""Letters of the title of a sheet that Excel takes."""
LINE_HEIGHT = 14.5
LARGE = 1000
"""Figures from here on are shown without decimals."""
WHOLE, PER_CENT, TENTH_PER_CENT, HUNDREDTH_PER_CENT = "0", "0%", "0.0%", "0.00%"
"""Number formats: years, months and ranks without a thousands mark; shares."""


def column(key: str, width: float = 44, form: str = "", lang: str = "zh") -> Column:
    """A column headed by the word of a key; ``width`` is the most it takes."""
    return Column(word(key, lang), width, form)


@dataclass(frozen=True)
class Head:
    """A column by the key of its word: the most it takes, and its number format."""

    key: str
    width: float = 44
    form: str = ""


class SpokenBook:
    """A workbook whose words are in a language."""

    def __init__(self, title: str, lang: str = "zh") -> None:
        self.book = new_book(title)
        self.lang = lang

    def word(self, key: str, **parts: Any) -> str:
        """A word in the language of the workbook."""
        return word(key, self.lang, **parts)

    def sheet(
        self, title: str, columns: Sequence[Column | Head], rows: Sequence[Sequence[Any]]
    ) -> Any:
        """A sheet as of ``sheet_of``; its title as long as Excel takes."""
        headed = [
            column(each.key, each.width, each.form, self.lang) if isinstance(each, Head) else each
            for each in columns
        ]
        return sheet_of(self.book, title[:LONGEST_TITLE], headed, rows, self.lang)

    def saved(self, path: Path) -> Path:
        """Write the workbook, whole or not at all."""
        return saved(self.book, path)


def sheet_of(
    book: Workbook,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    lang: str = "zh",
) -> Any:
    """A sheet with headings and rows, columns as wide as their contents up to their width; yes and
    lists in a language.

    Returns the openpyxl sheet.
    """
    sheet = book.create_sheet(title)
    sheet.append([column.heading for column in columns])
    for cell in sheet[1]:
        cell.fill, cell.font = HEAD_FILL, Font(bold=True, color="FFFFFF")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
    sheet.row_dimensions[1].height = 32
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row, start=1):
            form = _form(columns[place - 1], value)
            put(sheet, number, place, value, form, lang=lang)
    widths = [_width(column, place, rows) for place, column in enumerate(columns)]
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    across(sheet)
    _wrap(sheet, widths)
    return sheet


def _form(column: Column, value: Any) -> str:
    """Number format: the column's own, no decimals for what is large, else what fits the value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return column.form or ("#,##0" if abs(value) >= LARGE else "")


def _width(column: Column, place: int, rows: Sequence[Sequence[Any]]) -> float:
    """As wide as the widest value, at least half the heading, at most the column's width; no word
    of an English heading and no unit in brackets is broken.
    """
    widest = max((_wide(row[place]) for row in rows[:LOOKED_AT] if place < len(row)), default=0)
    wanted = max(widest + 2, _wide(column.heading) / 2 + 3, LEAST_WIDTH)
    return max(min(wanted, column.width), LEAST_WIDTH, _unbroken(column.heading))


def _unbroken(heading: str) -> float:
    """Width at which no word of an English heading, and no unit in brackets, is broken: a short
    Chinese heading stands on one line, a long one breaks before its bracket.
    """
    if all(ord(letter) < CJK for letter in heading):
        return BOLD * max(map(len, heading.split()), default=0) + 2
    name, bracket, unit = heading.partition("（")
    if not bracket:
        return 0
    whole = _wide(heading)
    return whole + 2 if whole <= ONE_LINE else max(_wide(name), _wide(unit) + 2) + 2


def _wrap(sheet: Any, widths: Sequence[float]) -> None:
    """Rows as tall as their text needs."""
    for number, row in enumerate(sheet.iter_rows(min_row=2), start=2):
        lines = 1
        for cell, width in zip(row, widths, strict=False):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                lines = max(lines, math.ceil(_wide(cell.value) / (width - 1)))
        if lines > 1:
            sheet.row_dimensions[number].height = min(LINE_HEIGHT * lines + 2, TALLEST)


def _wide(value: Any) -> float:
    """Width of a value in characters; a Chinese one counts for two."""
    if isinstance(value, float):
        return len(f"{value:,.0f}") if abs(value) >= LARGE else len(f"{value:.6g}")
    if isinstance(value, int):
        return len(f"{value:,}")
    parts = str(value or "").splitlines()
    return max((_letters(part) for part in parts), default=0)


def _letters(text: str) -> int:
    return sum(2 if ord(letter) >= CJK else 1 for letter in text)


def saved(book: Workbook, path: Path) -> Path:
    """Write a workbook, whole or not at all."""
    return write_whole(path, book_bytes(book))
