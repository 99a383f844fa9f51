"""The sheet of filling notes of a form: every column with its type, unit and choices, and the
cross-checks.
"""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill

from hengtan.basis.place import PlaceTree
from hengtan.ledger.forms import Field, Form
from hengtan.report.sheet.cells import CJK, FONT, HOUSE
from hengtan.report.sheet.form_choices import Lookups, choices_of
from hengtan.report.words import joined, word

COLUMNS = {
    "title": 16,
    "english": 18,
    "type": 12,
    "unit": 18,
    "required": 7,
    "note": 46,
    "choices": 60,
}
"""Columns with their widths in characters."""
MOST_CHOICES = 12
LINE_HEIGHT = 15


def write_notes(notes: Any, form: Form, places: PlaceTree, lookups: Lookups) -> None:
    """Fill the sheet."""
    notes.append([word(f"form.notes.{column}") for column in COLUMNS])
    for cell in notes[1]:
        cell.font = Font(name=FONT, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=HOUSE)
    for field in form.fields:
        notes.append(_field(form, field, choices_of(field, places, lookups)))
    notes.append([])
    notes.append([word("form.notes.checks")])
    for check in form.checks:
        level = word("form.level.error" if check.level == "error" else "form.level.warning")
        notes.append([check.zh, check.en, level, "", "", check.todo])
    _arrange(notes)


def _field(form: Form, field: Field, choices: list[str]) -> list[str]:
    more = "……" if len(choices) > MOST_CHOICES else ""
    return [
        field.title_zh,
        field.title_en,
        type_name(field.type),
        _unit(form, field),
        word("yes") if field.required else "",
        field.note_zh,
        joined(choices[:MOST_CHOICES]) + more,
    ]


def type_name(type_: str) -> str:
    """The type of a field in words: 文字, 数字, 日期 …"""
    return word(f"form.type.{type_}")


def _unit(form: Form, field: Field) -> str:
    """The unit of a field, or in which column it stands."""
    if field.unit or not field.unit_field:
        return field.unit or ""
    column = form.field(field.unit_field).title_zh
    return f"{field.rate}/{column}" if field.rate else word("form.unit_column", column=column)


def _arrange(notes: Any) -> None:
    """Widths, heights and fonts."""
    widths = tuple(COLUMNS.values())
    for letter, width in zip("ABCDEFG", widths, strict=True):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows():
        lines = max(-(-_wide(cell.value) // width) for cell, width in zip(row, widths, strict=True))
        notes.row_dimensions[row[0].row].height = LINE_HEIGHT * max(lines, 1)
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row > 1:
                cell.font = Font(name=FONT, size=10)
    notes.freeze_panes = "A2"


def _wide(value: Any) -> int:
    """Width of a text in Latin letters; a Chinese character takes two."""
    return sum(2 if ord(letter) > CJK else 1 for letter in str(value or ""))
