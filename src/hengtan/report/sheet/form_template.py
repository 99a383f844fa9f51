"""Excel templates of forms: a header row with comments, lists to choose from, formats, and a sheet
of filling notes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from hengtan.basis.place import PlaceTree
from hengtan.basis.whole_files import write_whole
from hengtan.ledger.forms import Field, Form
from hengtan.report.sheet.cells import FONT, HOUSE, book_bytes
from hengtan.report.sheet.form_choices import Lookups, choices_of, names_of, put_plain
from hengtan.report.sheet.form_notes import type_name, write_notes
from hengtan.report.words import word

FILL, LISTS, NOTES = word("form.sheet.fill"), word("form.sheet.lists"), word("form.sheet.notes")
HEAD = 3
"""The row of the headings."""
ROWS = 2000
"""Rows below it that offer lists and are checked."""
OPTIONAL_FILL, NOTE_INK = "5B7C85", "555555"
WIDTHS = {
    "text": 26,
    "reference": 34,
    "quantity": 14,
    "number": 12,
    "integer": 12,
    "unit": 13,
    "date": 14,
    "hour": 18,
    "period": 18,
    "place": 20,
    "choice": 14,
}
AS_TEXT = frozenset(("moment", "period", "text", "code", "unit", "choice", "reference", "place"))
"""Types kept as text, so that Excel makes no date of 2024-03 and no number of 001."""
CLOSED = frozenset(("choice", "reference", "place"))
"""Types whose list is complete: another entry is warned about."""


@dataclass(frozen=True)
class Filling:
    """What a form is filled with: the places and the tables its fields refer to."""

    places: PlaceTree
    lookups: Lookups


def write_template(
    form: Form,
    path: Path,
    *,
    places: PlaceTree,
    lookups: Lookups,
    rows: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Write an .xlsx template of a form, whole or not at all.

    ``lookups``: pack table → {id: Chinese name} for fields that refer to one; ``rows``: values by
    field
    id to fill in beforehand (codes of places, choices and references are shown by name). Text stays
    text: what looks like a formula is none.
    """
    filling = Filling(places, lookups)
    book = Workbook()
    sheet = book.active
    sheet.title = FILL
    lists, notes = book.create_sheet(LISTS), book.create_sheet(NOTES)
    _title(sheet, form)
    last = HEAD + max(ROWS, len(rows))
    headings = head_lines(form)[-1]
    for place, (field, heading) in enumerate(zip(form.fields, headings, strict=True), start=1):
        _heading(sheet, place, field, heading)
        choices = choices_of(field, places, lookups)
        if choices:
            _offer(sheet, lists, place, choices, last=last, closed=field.type in CLOSED)
        if field.type in ("number", "integer"):
            _limit(sheet, place, field)
    _fill_in(sheet, form, filling, rows)
    _finish(sheet, len(form.fields))
    lists.sheet_state = "hidden"
    write_notes(notes, form, places, lookups)
    for page in (sheet, notes):
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    return write_whole(Path(path), book_bytes(book))


def head_lines(form: Form) -> list[list[str]]:
    """The lines of a template down to its headings; a grid on a page has the same, so that a row
    is on the same line in both.
    """
    headings = [f"{field.title_zh}{'*' if field.required else ''}" for field in form.fields]
    see_notes = word("form.see_notes", note=form.note_zh, sheet=NOTES)
    return [[f"{form.title_zh}　{form.title_en}"], [see_notes], headings]


def _title(sheet: Any, form: Form) -> None:
    (title,), (see_notes,), _ = head_lines(form)
    sheet["A1"] = title
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    sheet["A2"] = see_notes
    sheet["A2"].font = Font(name=FONT, size=9, color=NOTE_INK)


def _heading(sheet: Any, place: int, field: Field, heading: str) -> None:
    """The heading of a column with its comment, and the column's width and format."""
    cell = sheet.cell(HEAD, place, heading)
    cell.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=HOUSE if field.required else OPTIONAL_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.comment = _comment(field)
    column = sheet.column_dimensions[get_column_letter(place)]
    column.width, column.font = WIDTHS.get(field.type, 16), Font(name=FONT, size=10)
    column.number_format = _format(field)


def _comment(field: Field) -> Comment:
    """English title, type, whether it must be filled, and the note of a field."""
    required = word("form.comment.required") if field.required else ""
    kind = word("form.comment", title=field.title_en, type=type_name(field.type), required=required)
    comment = Comment("\n".join(filter(None, (kind, field.note_zh))), word("product"))
    comment.width, comment.height = 260, 90
    return comment


def _format(field: Field) -> str:
    if field.type == "date":
        return "yyyy-mm-dd"
    if field.type == "hour":
        return "yyyy-mm-dd hh:mm"
    return "@" if field.type in AS_TEXT else "General"


def _fill_in(sheet: Any, form: Form, filling: Filling, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows that are known beforehand, codes by their names."""
    for place, field in enumerate(form.fields, start=1):
        names = names_of(field, filling.places, filling.lookups)
        for number, row in enumerate(rows, start=HEAD + 1):
            value = row.get(field.id)
            if value is not None:
                cell = sheet.cell(number, place)
                put_plain(cell, names.get(str(value), value))
                cell.number_format, cell.font = _format(field), Font(name=FONT, size=10)


def _finish(sheet: Any, columns: int) -> None:
    sheet.freeze_panes = sheet.cell(HEAD + 1, 1)
    sheet.row_dimensions[HEAD].height = 30
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(columns)}{HEAD}"


def _offer(
    sheet: Any, lists: Any, place: int, choices: Sequence[str], *, last: int, closed: bool
) -> None:
    """A list to choose from, on the hidden sheet; ``closed``: anything else is warned about."""
    letter = get_column_letter(place)
    for row, choice in enumerate(choices, start=1):
        put_plain(lists.cell(row, place), choice)
    source = f"'{LISTS}'!${letter}$1:${letter}${len(choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True)
    rule.showErrorMessage = closed
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = word("form.not_listed.title"), word("form.not_listed")
    sheet.add_data_validation(rule)
    rule.add(f"{letter}{HEAD + 1}:{letter}{last}")


def _limit(sheet: Any, place: int, field: Field) -> None:
    """Refuse numbers outside the bounds of a field."""
    limits = {"least": field.minimum, "most": field.maximum}
    stated = {name: limit for name, limit in limits.items() if limit is not None}
    if not stated:
        return
    operators = {"least": "greaterThanOrEqual", "most": "lessThanOrEqual"}
    formulas = [str(limit) for limit in stated.values()]
    rule = DataValidation(
        type="decimal",
        operator="between" if len(stated) > 1 else operators[next(iter(stated))],
        formula1=formulas[0],
        formula2=formulas[1] if len(formulas) > 1 else None,
        allow_blank=True,
    )
    rule.errorTitle = word("form.out_of_range")
    rule.error = " ".join(
        word(f"form.{name}", limit=f"{limit:g}") for name, limit in stated.items()
    )
    rule.showErrorMessage = True
    sheet.add_data_validation(rule)
    letter = get_column_letter(place)
    rule.add(f"{letter}{HEAD + 1}:{letter}{HEAD + ROWS}")
