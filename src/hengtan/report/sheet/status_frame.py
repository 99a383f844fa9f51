"""What the sheets of the status workbook share: title lines, tables with filters and frozen
headers, print on A4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.report.sheet.cells import CJK, FONT, HEAD_FILL, HOUSE, Column, across, line, put
from hengtan.report.view import Row, StatusView
from hengtan.report.words import joined, word

RULE = Border(bottom=Side(style="thin", color="D9E0E6"))
META_INK, DEMO_INK, DRAFT_INK = "52606D", "7A5C00", "20424B"
WIDE, NARROW = 1.9, 1.05
"""Widths of a Chinese and of a Latin letter."""
LINE_HEIGHT, MOST_LINES, TITLE_HEIGHT, HEAD_HEIGHT = 15.5, 12, 26, 30


@dataclass(frozen=True)
class Field:
    """A column with what it says of a row."""

    heading: str
    width: float
    value: Callable[[Row], Any]
    form: str = ""

    @property
    def column(self) -> Column:
        """Heading, width and format."""
        return Column(self.heading, self.width, self.form)


def field(key: str, width: float, value: Callable[[Row], Any] | str, form: str = "") -> Field:
    """A column headed by the word of a key; ``value`` may be the name of a field of the row."""
    if isinstance(value, str):
        name = value
        return Field(word(key), width, lambda row: row.get(name), form)
    return Field(word(key), width, value, form)


def titled_sheet(book: Workbook, key: str, view: StatusView) -> tuple[Worksheet, int]:
    """A sheet with its title and, where they apply, the demo and draft lines; and its next free
    row.
    """
    sheet = book.create_sheet(word(key))
    sheet.sheet_view.showGridLines = False
    line(sheet, 1, f"{word('report.title')} · {word(key)}", size=14, bold=True, color=HOUSE)
    sheet.row_dimensions[1].height = TITLE_HEIGHT
    line(sheet, 2, _state(view), size=9, color=META_INK)
    row = 3
    for text, ink in _banners(view):
        line(sheet, row, text, size=10, bold=True, color=ink)
        row += 1
    _set_print(sheet, view)
    return sheet, row + 1


def _state(view: StatusView) -> str:
    """The day judged, what was known, and the head of the ledger."""
    meta = view.meta
    facts = (
        ("judged_on", meta["judged_on"]),
        ("known_on", meta["known_on"]),
        ("ledger_head", str(meta["ledger_head"])[:10]),
    )
    return "　".join(f"{word(key)} {value or '—'}" for key, value in facts)


def _banners(view: StatusView) -> list[tuple[str, str]]:
    """Demo and draft lines with their colours."""
    banners = [(word("demo.banner"), DEMO_INK)] if view.meta["demo"] else []
    separator = word("field.separator")
    return banners + [
        (f"{plan_name(plan)}{separator}{word('draft.banner')}", DRAFT_INK)
        for plan in view.plans
        if plan["status"] == "draft"
    ]


def plan_name(plan: Row) -> str:
    """The short name of a plan, its title where it has none."""
    return str(plan["short_zh"] or plan["title_zh"])


def _set_print(sheet: Worksheet, view: StatusView) -> None:
    across(sheet)
    margins, foot = sheet.page_margins, sheet.oddFooter
    margins.left = margins.right = 0.4
    margins.top = margins.bottom = 0.6
    margins.footer = 0.25
    foot.center.text = word("page_of")
    foot.left.text = word("demo.banner") if view.meta["demo"] else word("product.long")
    foot.right.text = str(view.meta["judged_on"])


def table(
    sheet: Worksheet, top: int, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> int:
    """A heading row and rows below it; returns the row after next."""
    return _write(sheet, top, columns, rows, tall=len(columns)) + 2


def filtered(
    sheet: Worksheet,
    top: int,
    fields: Sequence[Field],
    rows: Iterable[Row],
    *,
    freeze: int,
    tall: int | None = None,
) -> int:
    """The one table of a sheet, with filters; returns its last row.

    ``freeze`` columns stay in view; rows are as tall as the first ``tall`` columns need.
    """
    columns = [entry.column for entry in fields]
    values = ([entry.value(row) for entry in fields] for row in rows)
    last = _write(sheet, top, columns, values, tall=len(columns) if tall is None else tall)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(columns))}{last}"
    sheet.freeze_panes = sheet.cell(row=top + 1, column=freeze + 1)
    sheet.print_title_rows = f"{top}:{top}"
    return last


def _write(
    sheet: Worksheet,
    top: int,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    *,
    tall: int,
) -> int:
    """Headings and cells; returns the last row."""
    for place, column in enumerate(columns, start=1):
        cell = put(sheet, top, place, column.heading)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = HEAD_FILL
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[top].height = HEAD_HEIGHT
    last = top
    for last, values in enumerate(rows, start=top + 1):
        for place, value in enumerate(values, start=1):
            put(sheet, last, place, value, columns[place - 1].form).border = RULE
        sheet.row_dimensions[last].height = _height(values[:tall], columns[:tall])
    return last


def _height(values: Sequence[Any], columns: Sequence[Column]) -> float:
    """Height for the cell that wraps into most lines, at most twelve."""
    lines = [
        sum(_lines(piece, column.width) for piece in _text(value).split("\n"))
        for value, column in zip(values, columns, strict=True)
    ]
    return LINE_HEIGHT * min(max(lines, default=1), MOST_LINES) + 3


def _lines(text: str, width: float) -> int:
    """Lines of a text in a column."""
    wide = sum(WIDE if ord(letter) > CJK else NARROW for letter in text)
    return max(1, -(-int(wide) // max(1, int(width - 1.5))))


def _text(value: Any) -> str:
    return joined(value) if isinstance(value, (list, tuple)) else str(value or "")


def whole(value: Any) -> Any:
    """A year as a number, anything else as text."""
    text = str(value or "")
    return int(text) if text.isdigit() else text
