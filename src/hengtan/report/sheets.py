"""Plain, well-behaved worksheets: a coloured header, frozen, printable on A4 across; text never becomes a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from hengtan.basis.whole_files import write_whole
from hengtan.report.excel import put

HEAD = PatternFill("solid", fgColor="14505C")


def new_book(title: str) -> Workbook:
    """An empty workbook with a title."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    return book


PLAIN = frozenset(("年份", "年", "月", "到期年", "名次", "上年名次", "已知月数"))
"""Headings whose numbers stand without a thousands mark."""


def sheet_of(
    book: Workbook,
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Mapping[str, float] | None = None,
) -> Any:
    """A sheet with headings and rows, columns as wide as their contents (``widths``: the most by heading, 44 where none is given). Returns the openpyxl sheet."""
    sheet = book.create_sheet(title)
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.fill, cell.font, cell.alignment = (
            HEAD,
            Font(bold=True, color="FFFFFF"),
            Alignment(wrap_text=True, vertical="center", horizontal="center"),
        )
    sheet.row_dimensions[1].height = 32
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            put(sheet, line, column, value, _form(headings[column - 1], value))
    for n, heading in enumerate(headings, start=1):
        seen = max((_wide(row[n - 1]) for row in rows[:400] if n <= len(row)), default=0)
        sheet.column_dimensions[get_column_letter(n)].width = max(
            min(max(seen + 2, _wide(heading) / 2 + 3, 8), (widths or {}).get(heading, 44)), 8
        )
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = (
        "landscape",
        9,
        0,
    )
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    room = [
        sheet.column_dimensions[get_column_letter(n)].width for n in range(1, len(headings) + 1)
    ]
    for n, line in enumerate(sheet.iter_rows(min_row=2), start=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        lines = max(
            (
                math.ceil(_wide(cell.value) / (width - 1))
                for cell, width in zip(line, room, strict=False)
                if isinstance(cell.value, str)
            ),
            default=1,
        )
        if lines > 1:
            sheet.row_dimensions[n].height = min(14.5 * lines + 2, 400)
    return sheet


def _form(heading: str, value: Any) -> str:
    """Number format: plain for years, no decimals for what is large, else what fits the value."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return "0" if heading in PLAIN else "#,##0" if abs(value) >= 1000 else ""


def _wide(value: Any) -> float:
    """Width of a value in characters; a Chinese one counts for two."""
    if isinstance(value, float):
        return len(f"{value:,.0f}") if abs(value) >= 1000 else len(f"{value:.6g}")
    if isinstance(value, int):
        return len(f"{value:,}")
    return max(
        (sum(2 if ord(c) > 0x2E7F else 1 for c in part) for part in str(value or "").splitlines()),
        default=0,
    )


def saved(book: Workbook, path: Path) -> Path:
    """Write a workbook, whole or not at all."""
    held = io.BytesIO()
    book.save(held)
    return write_whole(path, held.getvalue())
