"""Entry: a form filled on a page. Rows are typed as text and read, checked and handed in by the
very path of an imported file; what was typed is kept as an Excel file in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.errors import Finding, HengtanError
from hengtan.basis.notation import NOTATION_KEYS
from hengtan.basis.seal import digest_of
from hengtan.basis.words import LANGUAGES
from hengtan.desk.evidence import ImportReport, Intake, examine, take_in
from hengtan.desk.lookups import choices, lookups
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.reading import Reading, read_as_form
from hengtan.ledger.reading.findings import SEVERAL
from hengtan.ledger.reading.grid import from_rows
from hengtan.ledger.reading.header import Header
from hengtan.office.typed import Row, Typed
from hengtan.report.sheet.entered import entered_book
from hengtan.report.sheet.form_choices import Lookups, choices_of
from hengtan.report.sheet.form_template import CLOSED, FILL, head_lines

if TYPE_CHECKING:
    from hengtan.ledger.forms import Field, Form
    from hengtan.ledger.gathering import GatheringWriter
    from hengtan.workspace.workspace import Workspace

CHANNEL = "grid"
PLACE = "place"
"""The field of a place."""
NAME = "在线填报"
"""What stands for the name of the file while a grid is checked."""
PLAINLY = Intake()
"""Rows that correct nothing and are handed in for the region of the workspace."""


def fresh(form: Form, lang: str = "zh") -> Typed:
    """An empty grid of a form, with the lines of its Excel template in ``zh`` or ``en``."""
    lines = head_lines(form, lang)
    width = len(form.fields)
    head = tuple(tuple(line + [""] * (width - len(line))) for line in lines)
    return Typed(FILL, head)


def with_cells(form: Form, typed: Typed, cells: Mapping[str, str], place: str) -> Typed:
    """A grid of our own with a row that holds what is asked for: ``cells`` by field, a choice by
    its code; ``place``: of a row whose place is empty. A row that holds them already serves, else
    the first that holds nothing there, else a new one; a grid with headings of its own stays.
    """
    ids = [field.id for field in form.fields]
    wanted = {ids.index(name): _typed_of(form, name, cells[name]) for name in cells if name in ids}
    if not wanted or typed.head != fresh(form).head:
        return typed
    rows = [(row.id, list(row.cells)) for row in typed.rows]
    if any(all(row[at] == text for at, text in wanted.items()) for _, row in rows):
        return typed
    row = next((row for _, row in rows if not any(row[at].strip() for at in wanted)), None)
    if row is None:
        row = [""] * typed.width
        rows.append((f"asked{len(rows) + 1}", row))
    for at, text in wanted.items():
        row[at] = text
    if PLACE in ids and not row[ids.index(PLACE)].strip():
        row[ids.index(PLACE)] = place
    return Typed(typed.sheet, typed.head, tuple(Row(name, tuple(row)) for name, row in rows))


def _typed_of(form: Form, name: str, value: str) -> str:
    """A cell as a person would type it: a choice by its word."""
    words = (form.field(name).choices or {}).get(value)
    return words[0] if words else value


def described(workspace: Workspace, form: Form, lang: str = "zh") -> dict[str, Any]:
    """A form as a page needs it: titles and notes, and its columns with type, unit, whether they
    must be filled, notation keys and what may be chosen, all in Chinese and English; a choice is
    typed in ``lang``, what it is called in the other language stands beside it.
    """
    both = lang, next(other for other in LANGUAGES if other != lang)
    lookups = {each: choices(workspace, each) for each in both}
    return {
        "form": form.id,
        "title": [form.title_zh, form.title_en],
        "note": [form.note_zh, form.note_en],
        "columns": [_column(workspace, form, field, lookups) for field in form.fields],
    }


def _column(
    workspace: Workspace, form: Form, field: Field, lookups: Mapping[str, Lookups]
) -> dict[str, Any]:
    places = workspace.pack.places()
    typed, beside = (choices_of(field, places, names, each) for each, names in lookups.items())
    listed = [[word, other] for word, other in zip(typed, beside, strict=True)]
    unit_of = form.field(field.unit_field) if field.unit_field else None
    return {
        "id": field.id,
        "title": [field.title_zh, field.title_en],
        "note": [field.note_zh, field.note_en],
        "type": field.type,
        "unit": field.unit or field.rate,
        "unit_column": [unit_of.title_zh, unit_of.title_en] if unit_of else None,
        "required": field.required,
        "key": field.id in form.key,
        "notation": {k: list(v) for k, v in NOTATION_KEYS.items()} if field.notation else {},
        "choices": listed,
        "closed": field.type in CLOSED,
    }


@dataclass(frozen=True)
class CellFinding:
    """A finding and the cells it is about: the row from 0 (None: the table as a whole) and the
    columns from 0.
    """

    finding: Finding
    row: int | None
    columns: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {**self.finding.as_dict(), "at": self.row, "cells": list(self.columns)}


@dataclass(frozen=True)
class Checked:
    """A grid as import reads it, and every finding with its cells; ``first_line``: the line of its
    first row.
    """

    reading: Reading
    cells: tuple[CellFinding, ...]
    first_line: int

    @property
    def warnings(self) -> list[Finding]:
        """What a person must have seen before handing in."""
        return [finding for finding in self.reading.findings if finding.level != "error"]

    @property
    def seen(self) -> str:
        """A name for the warnings there are: whoever confirms names them by it. Empty for none."""
        return seen(self.warnings)

    @property
    def columns(self) -> list[str | None]:
        """The field of each column, None for one that is no field."""
        header = self.reading.header
        if header is None:
            return []
        fields = {column: field for field, column in header.columns.items()}
        return [fields.get(column) for column in range(max(header.texts, default=-1) + 1)]

    def named(self, field: str) -> set[str]:
        """The distinct values of a field in the rows: the places or enterprises they are about."""
        table = self.reading.table
        if field not in table.column_names:
            return set()
        return {value for value in table[field].unique().to_pylist() if value is not None}

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "rows": self.reading.table.num_rows,
            "errors": len(self.reading.errors),
            "warnings": len(self.warnings),
            "seen": self.seen,
            "columns": self.columns,
            "findings": [cell.as_dict() for cell in self.cells],
        }


def seen(warnings: list[Finding]) -> str:
    """A name for warnings by their words and places, the same however often they come."""
    if not warnings:
        return ""
    named = [[w.code, w.zh, w.where.row, w.where.column] for w in warnings]
    return digest_of({"warnings": named})[:16]


def read_typed(workspace: Workspace, form: Form, typed: Typed) -> Reading:
    """What was typed, read as a file with the same cells is."""
    return read_as_form(
        [from_rows(typed.sheet, typed.lines, NAME)],
        form,
        file=NAME,
        places=workspace.pack.places(),
        lookups=lookups(workspace),
    )


def check(
    workspace: Workspace, form: Form, typed: Typed, *, replaces: str | None = None
) -> Checked:
    """Every check of an import on what was typed so far, nothing written.

    All rows are read each time, so that doubles and sums are seen; a grid of 2,000 rows takes
    about 0.3 s.
    """
    reading = read_typed(workspace, form, typed)
    examine(workspace, form, reading, NAME, Intake(replaces=replaces))
    first = typed.line_of(0)
    cells = cells_of(reading.findings, form, reading.header, first)
    return Checked(reading, cells, first)


def cells_of(
    findings: list[Finding], form: Form, header: Header | None, first_line: int
) -> tuple[CellFinding, ...]:
    """Findings with the cells they are about, rows counted from the line of the first."""
    columns = columns_by_title(form, header)
    cells = []
    for finding in findings:
        line = finding.where.row
        row = None if line is None or line < first_line else line - first_line
        cells.append(CellFinding(finding, row, columns_named(finding.where.column, columns)))
    return tuple(cells)


def columns_by_title(form: Form, header: Header | None) -> dict[str, int]:
    """Column number by the title that findings name it with: its header, else its field's own; a
    unit without a column of its own stands in the heading of its amount.
    """
    if header is None:
        return {}
    at = header.columns
    own = {field.title_zh: at[field.id] for field in form.fields if field.id in at}
    units = {
        form.field(field.unit_field).title_zh: at[field.id]
        for field in reversed(form.fields)  # the first of the amounts of a unit stands for it
        if field.unit_field and field.id in at and field.unit_field not in at
    }
    return units | own | {text: column for column, text in header.texts.items() if text}


def columns_named(title: str | None, columns: Mapping[str, int]) -> tuple[int, ...]:
    """The columns a finding names: one title, or several with 、 between them."""
    if not title:
        return ()
    if title in columns:
        return (columns[title],)
    return tuple(columns[part] for part in title.split(SEVERAL) if part in columns)


class Unconfirmed(HengtanError):
    """Rows with warnings that nobody has confirmed; ``seen`` is how they are confirmed."""

    def __init__(self, warnings: list[Finding], name: str) -> None:
        self.seen = name
        super().__init__(
            f"有{len(warnings)}条提示尚未确认，没有提交",
            f"{len(warnings)} warnings are not confirmed, nothing was handed in",
            todo="逐条核对后确认提交",
            todo_en="look at each, then confirm",
            findings=warnings,
        )


@dataclass(frozen=True)
class Sending:
    """How rows are handed in. ``key``: the name of the draft; ``confirmed``: the name of the
    warnings a person has seen (``Checked.seen``).
    """

    key: str
    actor: Actor
    intake: Intake = PLAINLY
    confirmed: str | None = None


def hand_in(
    workspace: Workspace,
    form: Form,
    typed: Typed,
    sending: Sending,
    *,
    refuse: Callable[[Checked], None] = lambda checked: None,
    writer: GatheringWriter | None = None,
) -> ImportReport:
    """Hand in what was typed, as the import of a file does.

    The same cells under the same key are handed in once, however often they are sent. Raises
    ImportRejected with every error, and Unconfirmed where there are other warnings than those
    confirmed; ``refuse`` raises for rows that are not the person's. Nothing is written then.
    """
    intake, key = sending.intake, sending.key
    checked = check(workspace, form, typed, replaces=intake.replaces)
    refuse(checked)
    refuse_unseen(checked.reading, sending.confirmed)
    meta = Meta(
        actor=sending.actor,
        place=intake.place or workspace.settings.region,
        channel=CHANNEL,
        file_name=f"{NAME}-{form.title_zh}-{key}.xlsx",
        file=entered_book(typed.sheet, typed.lines, key),
        sheet=typed.sheet,
        demo=intake.demo,
        supersedes=intake.replaces,
        whole_list=intake.whole_list,
    )
    return take_in(workspace, form, checked.reading, meta, intake, writer=writer)


def refuse_unseen(reading: Reading, confirmed: str | None) -> None:
    """Raise Unconfirmed where a sound reading has warnings that were not confirmed."""
    warnings = [finding for finding in reading.findings if finding.level != "error"]
    name = seen(warnings)
    if reading.errors or not warnings or name == confirmed:
        return
    raise Unconfirmed(warnings, name)
