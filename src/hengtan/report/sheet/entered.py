"""The original of what was typed on a page: an Excel file with the cells as text, kept in the
ledger like the file of an import, so that a number is traced to its cell.

The same cells under the same key are the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from hengtan.report.sheet.cells import book_bytes

_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_DAY = (2000, 1, 1, 0, 0, 0)
"""The day that stands in the file whenever it is written."""
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a workbook takes for the code of a sign (_x0041_) unless it is written _x005F_x0041_."""


def entered_book(sheet: str, lines: Sequence[Sequence[str]], key: str) -> bytes:
    """An .xlsx with one sheet of text; ``key`` stands in its properties."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for line in lines:
        page.append([_text(page, text) for text in line])
    book.properties.identifier = key
    return _timeless(book_bytes(book))


def _text(page: object, text: str) -> WriteOnlyCell | None:
    """A cell of text, whatever it looks like; none for a blank."""
    if not text:
        return None
    cell = WriteOnlyCell(page, _ESCAPED.sub("_x005F_", text))
    cell.data_type = "s"
    return cell


def _timeless(book: bytes) -> bytes:
    """The same workbook without the time at which it was written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in sorted(old.namelist()):
            part = old.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", part)
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return buffer.getvalue()
