"""What every workbook shares: cells that hold real numbers or plain text, columns, the look of a
header, lights.

Text that a spreadsheet would take for a formula stays text.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from hengtan.basis.lights import LIGHTS
from hengtan.report.words import joined, word

FONT = word("font.sheet")
HOUSE = "14505C"
HEAD_FILL = PatternFill("solid", fgColor=HOUSE)
EXCEL_TEXT = 32767
"""Characters that a cell can hold."""
CJK = 0x2E80
"""Letters from here on are two wide."""
A4, A3 = 9, 8
"""Paper sizes as Excel numbers them."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: heading, width in characters, and number format (empty: as the figure
    has it).
    """

    heading: str
    width: float = 44
    form: str = ""


def new_book(title: str, creator: str = "") -> Workbook:
    """A workbook without sheets."""
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    book.properties.title = title
    if creator:
        book.properties.creator = creator
    return book


def book_bytes(book: Workbook) -> bytes:
    """The workbook as bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Any,
    form: str = "",
    wrap: bool = True,
    lang: str = "zh",
) -> Cell:
    """Write one cell: numbers as numbers, everything else as text, never as a formula; yes and
    lists in a language.
    """
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, bool):
        value = word("yes", lang) if value else ""
    if isinstance(value, (list, tuple)):
        value = joined(value, lang)
    if isinstance(value, (int, float)) and value == value:
        cell.value = value
        cell.number_format = form or number_form(value)
        cell.alignment = Alignment(vertical="top")
    elif value is not None and value != "":
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:EXCEL_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = str(value)[:1] in "=+-@"
        cell.alignment = Alignment(
            horizontal="left", vertical="top", wrap_text=wrap, indent=1 if wrap else 0
        )
    cell.font = Font(name=FONT, size=10)
    return cell


def line(sheet: Worksheet, row: int, text: Any, column: int = 1, **font: Any) -> Cell:
    """A cell that runs over its column, in a font of its own (size, bold, color)."""
    cell = put(sheet, row, column, text, wrap=False)
    cell.font = Font(name=FONT, **font)
    return cell


def number_form(value: float) -> str:
    """A number format with as many decimals as the figure has, at most four."""
    decimals = f"{abs(value):.4f}".rstrip("0").partition(".")[2]
    return "#,##0" + ("." + "0" * len(decimals) if decimals else "")


def across(sheet: Worksheet, paper: int = A4) -> None:
    """Printed lying across, as wide as one page and as long as it takes."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def light_cell(cell: Cell, light: str, lang: str = "zh") -> None:
    """A light as a mark and a word on its colour."""
    shown = LIGHTS[light]
    cell.value = f"{shown.mark} {word(f'light.{light}', lang)}"
    cell.fill = PatternFill("solid", fgColor=shown.fill.lstrip("#"))
    cell.font = Font(name=FONT, size=10, bold=True, color=shown.fill_ink.lstrip("#"))
