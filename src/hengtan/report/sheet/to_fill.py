"""Workbooks to fill: sheets with headings, rows to start with, and lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hengtan.report.sheet.cells import Column, new_book
from hengtan.report.sheet.plain import saved, sheet_of

LAST_ROW = 500
"""Rows of a sheet that offer lists to choose from."""


@dataclass(frozen=True)
class SheetToFill:
    """A sheet: its title, columns and the rows it starts with; ``choices`` by heading."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]] = ()
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write_to_fill(path: Path, title: str, sheets: Sequence[SheetToFill]) -> Path:
    """Write the workbook, whole or not at all."""
    book = new_book(title)
    for sheet in sheets:
        written = sheet_of(book, sheet.title, sheet.columns, sheet.rows)
        headings = [column.heading for column in sheet.columns]
        for heading, options in sheet.choices.items():
            if heading in headings:
                _offer(written, headings.index(heading) + 1, options)
    return saved(book, path)


def _offer(sheet: Any, place: int, options: Sequence[str]) -> None:
    """A list to choose from in every row of a column."""
    rule = DataValidation(type="list", formula1='"' + ",".join(options) + '"', allow_blank=True)
    sheet.add_data_validation(rule)
    letter = get_column_letter(place)
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
