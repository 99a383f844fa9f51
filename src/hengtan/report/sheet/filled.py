"""A form filled with rows as an Excel file: a title line, the form's Chinese titles, one row a
record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole
from hengtan.report.sheet.cells import book_bytes
from hengtan.report.words import word


def write_filled_form(form: Any, rows: Sequence[Mapping[str, Any]], path: Path, title: str) -> Path:
    """Write rows (field id → value as a person would type it) under a title.

    Only fields that some row fills get a column.
    """
    import openpyxl

    fields = [field for field in form.fields if any(row.get(field.id) is not None for row in rows)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(word("form.sheet.fill"))
    sheet.freeze_panes = "A3"
    sheet.append([title])
    sheet.append([field.title_zh for field in fields])
    for row in rows:
        sheet.append([row.get(field.id) for field in fields])
    return write_whole(path, book_bytes(book))
