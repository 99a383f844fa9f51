"""The sheet of filling notes of a form: every column with its type, unit and choices, and the
cross-checks.
"""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill

from hengtan.basis.place import PlaceTree
from hengtan.ledger.forms import Field, Form
from hengtan.report.numerals import unit_name
from hengtan.report.sheet.cells import CJK, FONT, HOUSE
from hengtan.report.sheet.form_choices import Lookups, choices_of
from hengtan.report.words import joined, word

COLUMNS = {
    "title": 16,
    "other": 18,
    "type": 12,
    "unit": 18,
    "required": 10,
    "note": 46,
    "choices": 60,
}
"""Columns with their widths in characters."""
MOST_CHOICES = 12
LINE_HEIGHT = 15


def write_notes(
    notes: Any, form: Form, places: PlaceTree, lookups: Lookups, lang: str = "zh"
) -> None:
    """Fill the sheet in ``zh`` or ``en``; ``lookups`` are in that language."""
    notes.append([word(f"form.notes.{column}", lang) for column in COLUMNS])
    for cell in notes[1]:
        cell.font = Font(name=FONT, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=HOUSE)
    for field in form.fields:
        notes.append(_field(form, field, choices_of(field, places, lookups, lang), lang))
    notes.append([])
    notes.append([word("form.notes.checks", lang)])
    for check in form.checks:
        level = word("form.level.error" if check.level == "error" else "form.level.warning", lang)
        said = in_order((check.zh, check.en), lang)
        notes.append([*said, level, "", "", in_order((check.todo, check.todo_en), lang)[0]])
    _arrange(notes)


def _field(form: Form, field: Field, choices: list[str], lang: str) -> list[str]:
    more = word("form.notes.more", lang) if len(choices) > MOST_CHOICES else ""
    return [
        *in_order((field.title_zh, field.title_en), lang),
        type_name(field.type, lang),
        _unit(form, field, lang),
        word("yes", lang) if field.required else "",
        note_of(field, lang),
        joined(choices[:MOST_CHOICES], lang) + more,
    ]


def in_order(both: tuple[str, str], lang: str) -> tuple[str, str]:
    """Chinese and English with the language of the reader first."""
    return both if lang == "zh" else (both[1] or both[0], both[0])


def note_of(known: Field | Form, lang: str) -> str:
    """The note of a field or a form, in Chinese where it has none in English."""
    return in_order((known.note_zh, known.note_en), lang)[0]


def type_name(type_: str, lang: str = "zh") -> str:
    """The type of a field in words: 文字, 数字, 日期 …"""
    return word(f"form.type.{type_}", lang)


def _unit(form: Form, field: Field, lang: str) -> str:
    """The unit of a field, or in which column it stands."""
    if field.unit or not field.unit_field:
        return unit_name(field.unit or "", lang)
    unit_of = form.field(field.unit_field)
    column = in_order((unit_of.title_zh, unit_of.title_en), lang)[0]
    if field.rate:
        return f"{unit_name(field.rate, lang)}/{column}"
    return word("form.unit_column", lang, column=column)


def _arrange(notes: Any) -> None:
    """Widths, heights and fonts."""
    widths = tuple(COLUMNS.values())
    for letter, width in zip("ABCDEFG", widths, strict=True):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows():
        lines = max(
            -(-width_of(cell.value) // width) for cell, width in zip(row, widths, strict=True)
        )
        notes.row_dimensions[row[0].row].height = LINE_HEIGHT * max(lines, 1)
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if cell.row > 1:
                cell.font = Font(name=FONT, size=10)
    notes.freeze_panes = "A2"


def width_of(value: Any) -> int:
    """Width of a text in Latin letters; a Chinese character takes two."""
    return sum(2 if ord(letter) > CJK else 1 for letter in str(value or ""))
