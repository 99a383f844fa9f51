"""The original of what was typed on a page: an Excel file with the cells as text, kept in the
ledger like the file of an import, so that a number is traced to its cell.

The same cells under the same key are the same bytes. Many are handed in at a moment, so that the
frame of the file is made once and only its sheet is written.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from hengtan.report.sheet.cells import book_bytes

_TIMES = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_DAY = (2000, 1, 1, 0, 0, 0)
"""The day that stands in the file whenever it is written."""
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a workbook takes for the code of a sign (_x0041_) unless it is written _x005F_x0041_."""
_BOOK, _SHEET, _PROPERTIES = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "docProps/core.xml"
_NAME, _KEY = "name-of-the-sheet", "key-of-the-draft"
"""What stands in the frame for the name and the key."""


def entered_book(sheet: str, lines: Sequence[Sequence[str]], key: str) -> bytes:
    """An .xlsx with one sheet of text, whatever a text looks like; ``key`` stands in its
    properties.
    """
    frame = _frame()
    parts = {
        **frame,
        _BOOK: frame[_BOOK].replace(_NAME, escape(sheet)),
        _PROPERTIES: frame[_PROPERTIES].replace(_KEY, escape(key)),
        _SHEET: _sheet(lines),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return buffer.getvalue()


@cache
def _frame() -> Mapping[str, str]:
    """The parts of a workbook with one empty sheet, without the time at which it was written."""
    book = Workbook()
    book.worksheets[0].title = _NAME
    book.properties.identifier = _KEY
    with zipfile.ZipFile(io.BytesIO(book_bytes(book))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    timeless = _TIMES.sub(r"\g<1>2000-01-01T00:00:00Z\g<2>", parts[_PROPERTIES])
    return {**parts, _PROPERTIES: timeless}


def _sheet(lines: Sequence[Sequence[str]]) -> str:
    """The part of a sheet: its cells as texts that stand in them."""
    rows = "".join(
        f'<row r="{number}">{_cells(number, line)}</row>'
        for number, line in enumerate(lines, start=1)
        if any(line)
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def _cells(number: int, line: Sequence[str]) -> str:
    return "".join(
        f'<c r="{get_column_letter(column)}{number}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{escape(_ESCAPED.sub("_x005F_", text), quote=False)}</t></is></c>'
        for column, text in enumerate(line, start=1)
        if text
    )
