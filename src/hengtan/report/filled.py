"""Writes a form filled with rows as an Excel file: a title line, the form's Chinese titles, one row per record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def write_filled_form(form: Any, rows: Sequence[Mapping[str, Any]], path: Path, title: str) -> Path:
    """Write rows (field id → value as a person would type it) under a title. Only fields that some row fills get a column."""
    import openpyxl

    held = [f for f in form.fields if any(row.get(f.id) is not None for row in rows)]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("填报")
    sheet.freeze_panes = "A3"
    sheet.append([title])
    sheet.append([f.title_zh for f in held])
    for row in rows:
        sheet.append([row.get(f.id) for f in held])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
