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
from hengtan.ledger.reading.titles import Vocabulary
from hengtan.report.sheet.cells import FONT, HOUSE, book_bytes
from hengtan.report.sheet.form_choices import Lookups, choices_of, names_of, put_plain
from hengtan.report.sheet.form_notes import (
    LINE_HEIGHT,
    in_order,
    note_of,
    type_name,
    width_of,
    write_notes,
)
from hengtan.report.words import word

FILL, LISTS, NOTES = (word(f"form.sheet.{sheet}") for sheet in ("fill", "lists", "notes"))
"""Names of the sheets of the Chinese template."""
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
OTHER_WIDTH, ARROW = 16, 3
"""Width of other columns, and what the arrow of the filter takes of a heading."""
AS_TEXT = frozenset(("moment", "period", "text", "code", "unit", "choice", "reference", "place"))
"""Types kept as text, so that Excel makes no date of 2024-03 and no number of 001."""
CLOSED = frozenset(("choice", "reference", "place"))
"""Types whose list is complete: another entry is warned about."""


@dataclass(frozen=True)
class Filling:
    """What a form is filled with: the places and the tables its fields refer to, named in
    ``lang``.
    """

    places: PlaceTree
    lookups: Lookups
    lang: str = "zh"


def write_template(
    form: Form,
    path: Path,
    *,
    places: PlaceTree,
    lookups: Lookups,
    rows: Sequence[Mapping[str, Any]] = (),
    lang: str = "zh",
) -> Path:
    """Write an .xlsx template of a form in ``zh`` or ``en``, whole or not at all.

    ``lookups``: pack table → {id: name in ``lang``} for fields that refer to one; ``rows``: values
    by field id to fill in beforehand (codes of places, choices and references are shown by name).
    Text stays text: what looks like a formula is none. Both are read by the same import.
    """
    filling = Filling(places, lookups, lang)
    book = Workbook()
    sheet = book.active
    sheet.title = word("form.sheet.fill", lang)
    lists = book.create_sheet(word("form.sheet.lists", lang))
    notes = book.create_sheet(word("form.sheet.notes", lang))
    _title(sheet, form, lang)
    last = HEAD + max(ROWS, len(rows))
    headings = head_lines(form, lang)[-1]
    for place, (field, heading) in enumerate(zip(form.fields, headings, strict=True), start=1):
        _heading(sheet, place, field, heading, lang)
        choices = choices_of(field, places, lookups, lang)
        if choices:
            offer = _list_rule(lists, place, choices, closed=field.type in CLOSED, lang=lang)
            _apply(sheet, offer, place, last)
        if field.type in ("number", "integer"):
            _limit(sheet, place, field, lang)
    _fill_in(sheet, form, filling, rows)
    _finish(sheet, form, headings)
    lists.sheet_state = "hidden"
    write_notes(notes, form, places, lookups, lang)
    for page in (sheet, notes):
        page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    return write_whole(Path(path), book_bytes(book))


def head_lines(form: Form, lang: str = "zh") -> list[list[str]]:
    """The lines of a template down to its headings; a grid on a page has the same, so that a row
    is on the same line in both.
    """
    names = headings_of(form, lang)
    headings = [
        f"{name}{'*' if field.required else ''}"
        for name, field in zip(names, form.fields, strict=True)
    ]
    notes = word("form.sheet.notes", lang)
    see_notes = word("form.see_notes", lang, note=note_of(form, lang), sheet=notes)
    title = word("form.title", lang, zh=form.title_zh, en=form.title_en)
    return [[title], [see_notes], headings]


def headings_of(form: Form, lang: str) -> list[str]:
    """The headings of the columns: each field's title, or its id where import would take the
    English title for that of another field.
    """
    if lang == "zh":
        return [field.title_zh for field in form.fields]
    words = Vocabulary.of(form)
    read = {field.id: words.title(field.title_en) for field in form.fields}
    return [
        field.title_en if (title := read[field.id]) and title.field == field.id else field.id
        for field in form.fields
    ]


def _title(sheet: Any, form: Form, lang: str) -> None:
    (title,), (see_notes,), _ = head_lines(form, lang)
    sheet["A1"] = title
    sheet["A1"].font = Font(name=FONT, size=14, bold=True)
    sheet["A2"] = see_notes
    sheet["A2"].font = Font(name=FONT, size=9, color=NOTE_INK)


def _heading(sheet: Any, place: int, field: Field, heading: str, lang: str) -> None:
    """The heading of a column with its comment, and the column's width and format."""
    cell = sheet.cell(HEAD, place, heading)
    cell.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=HOUSE if field.required else OPTIONAL_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.comment = _comment(field, lang)
    column = sheet.column_dimensions[get_column_letter(place)]
    column.width, column.font = WIDTHS.get(field.type, OTHER_WIDTH), Font(name=FONT, size=10)
    column.number_format = _format(field)


def _comment(field: Field, lang: str) -> Comment:
    """Title in the other language, type, whether it must be filled, and the note of a field."""
    required = word("form.comment.required", lang) if field.required else ""
    other = in_order((field.title_zh, field.title_en), lang)[1]
    kind = word(
        "form.comment", lang, title=other, type=type_name(field.type, lang), required=required
    )
    text = "\n".join(filter(None, (kind, note_of(field, lang))))
    comment = Comment(text, word("product", lang))
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
        names = names_of(field, filling.places, filling.lookups, filling.lang)
        for number, row in enumerate(rows, start=HEAD + 1):
            value = row.get(field.id)
            if value is not None:
                cell = sheet.cell(number, place)
                put_plain(cell, names.get(str(value), value))
                cell.number_format, cell.font = _format(field), Font(name=FONT, size=10)


def _finish(sheet: Any, form: Form, headings: Sequence[str]) -> None:
    """What stays in view, and headings as high as the longest of them."""
    sheet.freeze_panes = sheet.cell(HEAD + 1, 1)
    widths = (WIDTHS.get(field.type, OTHER_WIDTH) - ARROW for field in form.fields)
    lines = max(-(-width_of(text) // width) for text, width in zip(headings, widths, strict=True))
    sheet.row_dimensions[HEAD].height = LINE_HEIGHT * max(lines, 2)
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(headings))}{HEAD}"


def _list_rule(
    lists: Any, place: int, choices: Sequence[str], *, closed: bool, lang: str
) -> DataValidation:
    """A list to choose from, on the hidden sheet; ``closed``: anything else is warned about."""
    letter = get_column_letter(place)
    for row, choice in enumerate(choices, start=1):
        put_plain(lists.cell(row, place), choice)
    source = f"'{lists.title}'!${letter}$1:${letter}${len(choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True)
    rule.showErrorMessage = closed
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = word("form.not_listed.title", lang), word("form.not_listed", lang)
    return rule


def _apply(sheet: Any, rule: DataValidation, place: int, last: int) -> None:
    """A rule on the cells of a column, from below its heading down to a row."""
    sheet.add_data_validation(rule)
    letter = get_column_letter(place)
    rule.add(f"{letter}{HEAD + 1}:{letter}{last}")


def _limit(sheet: Any, place: int, field: Field, lang: str) -> None:
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
    rule.errorTitle = word("form.out_of_range", lang)
    rule.error = " ".join(
        word(f"form.{name}", lang, limit=f"{limit:g}") for name, limit in stated.items()
    )
    rule.showErrorMessage = True
    _apply(sheet, rule, place, HEAD + ROWS)
