"""Sheets to fill, said in a language: what ``english.yaml`` has a word for is said by it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hengtan.workbooks.english import EnglishBook

if TYPE_CHECKING:
    from hengtan.report.sheet.to_fill import SheetToFill


def said_in(book: EnglishBook, sheet: SheetToFill, lang: str) -> SheetToFill:
    """A sheet with Chinese words in a language: its title, headings, cells and lists."""
    title, headings = sheet.title, [column.heading for column in sheet.columns]
    columns = [
        replace(column, heading=book.heading(title, column.heading, lang))
        for column in sheet.columns
    ]
    rows = [
        [book.cell(title, heading, value, lang) for heading, value in zip(headings, row)]  # noqa: B905
        for row in sheet.rows
    ]
    choices = {
        book.heading(title, heading, lang): [
            str(book.cell(title, heading, option, lang)) for option in options
        ]
        for heading, options in sheet.choices.items()
    }
    return replace(
        sheet, title=book.title(title, lang), columns=columns, rows=rows, choices=choices
    )
