"""Plain, well-behaved worksheets: a coloured header, frozen, printable on A4 across; text never becomes a formula."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from hengtan.report.excel import put
from hengtan.report.html import write_whole

HEAD = PatternFill("solid", fgColor="14505C")


def new_book(title: str) -> Workbook:
    """An empty workbook with a title."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    return book


def sheet_of(book: Workbook, title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]], widths: Mapping[str, float]) -> Any:
    """A sheet with headings and rows; ``widths`` by heading. Returns the openpyxl sheet."""
    sheet = book.create_sheet(title)
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.fill, cell.font, cell.alignment = HEAD, Font(bold=True, color="FFFFFF"), Alignment(wrap_text=True, vertical="center")
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            put(sheet, line, column, value)
    for n, heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(n)].width = widths.get(heading, 11)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    return sheet


def saved(book: Workbook, path: Path) -> Path:
    """Write a workbook, whole or not at all."""
    held = io.BytesIO()
    book.save(held)
    return write_whole(path, held.getvalue())
