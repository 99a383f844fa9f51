"""Writes the workbook of a carbon budget to fill: one sheet a subject, the parameters with what
each means.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.words import Words
from hengtan.plan.budget.principles import PRINCIPLES
from hengtan.workbooks.budget.layout import IN_ENGLISH, LEVELS, PARAMETERS, SHEETS
from hengtan.workbooks.english import PARAMETERS as SHEET_OF_PARAMETERS
from hengtan.workbooks.templates import said_in

NOTES = ("principles", "weights", "empty", "floor", "projects")
WIDTHS = {"区县": 14, "行业": 16, "企业": 28, "项目": 24, "地区生产总值": 14, "原则": 16}
USUAL_WIDTH = 44


def template(to: Path, districts: Sequence[str] = (), lang: str = "zh") -> Path:
    """Write the workbook in a language, with a row for each of the districts."""
    from hengtan.report.sheet.cells import Column
    from hengtan.report.sheet.to_fill import SheetToFill, write_to_fill
    from hengtan.report.words import word

    principles = [Words.of("hengtan.plan").say(f"principle.{name}") for name in PRINCIPLES]
    parameters = [
        [name, None, IN_ENGLISH.note(SHEET_OF_PARAMETERS, name, note, lang)]
        for name, note in PARAMETERS.items()
    ]
    filled = [
        SheetToFill(
            SHEET_OF_PARAMETERS,
            [Column("项目", 24), Column("内容", 18), Column("怎么填", 44)],
            parameters,
        )
    ]
    for title, headings in SHEETS.items():
        if title != SHEET_OF_PARAMETERS:
            columns = [Column(heading, WIDTHS.get(heading, USUAL_WIDTH)) for heading in headings]
            rows = _rows_to_start_with(title, len(headings), principles, districts)
            filled.append(SheetToFill(title, columns, rows, _choices(title, principles)))
    said = [said_in(IN_ENGLISH, sheet, lang) for sheet in filled]
    columns = [Column(word(f"budget.column.{name}", lang), 50) for name in ("note", "content")]
    notes = SheetToFill(word("budget.sheet.notes", lang), columns, _notes(principles, lang))
    return write_to_fill(to, word("budget.title", lang), [*said, notes])


def _rows_to_start_with(
    title: str, width: int, principles: Sequence[str], districts: Sequence[str]
) -> list[list[Any]]:
    """A row for each district known, one principle for the districts, else nothing."""
    if title == "区县":
        return [[district, *[None] * (width - 1)] for district in districts]
    return [["区县", principles[0], 1]] if title == "原则" else []


def _choices(title: str, principles: Sequence[str]) -> dict[str, Sequence[str]]:
    if title == "项目":
        return {"计入": ("是", "否")}
    return {"层级": LEVELS, "原则": principles} if title == "原则" else {}


def _notes(principles: Sequence[str], lang: str) -> list[list[str]]:
    from hengtan.report.words import joined, word

    said = [str(IN_ENGLISH.cell("原则", "原则", name, lang)) for name in principles]
    known = {"principles": joined(said, lang)}
    return [[word(f"budget.note.{note}", lang), known.get(note, "")] for note in NOTES]
