"""What a person may report: forms, places, in whose name; and rows that are not his to report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import Finding, ImportRejected, Where
from hengtan.desk.entry import CellFinding, Checked
from hengtan.office.permission import Clause, Thing
from hengtan.report.words import both
from hengtan.web.rooms.entry import locks

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.ledger.forms import Form
    from hengtan.web.rooms.entry.models import Subject

FILE = "record.file"
SHOWN = 20
"""Rows that are named one by one."""


def ways(request: HttpRequest) -> tuple[Clause, ...]:
    """The ways in which a person may report."""
    clauses: tuple[Clause, ...] = request.app.permission.clauses_of(request.person, FILE)
    return clauses


def forms_for(request: HttpRequest) -> list[Form]:
    """The forms a person may fill, in the order of their names."""
    clauses = ways(request)
    forms = request.app.site.workspace.forms.values()
    chosen = [f for f in forms if any(c.form is None or f.id in c.form for c in clauses)]
    return sorted(chosen, key=lambda form: form.id)


def places_for(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The places a person may report for, within the region of the workspace: code and names."""
    workspace = request.app.site.workspace
    tree, region = workspace.pack.places(), workspace.settings.region
    clauses = ways(request)
    return [
        (place.code, place.name_zh, place.name_en)
        for place in tree
        if (region not in tree or place.code == region or tree.within(place.code, region))
        and any(c.place is None or place.code in c.place for c in clauses)
    ]


def only(request: HttpRequest, part: str) -> str:
    """The enterprise or department a person reports for, where there is one for all he may."""
    values = {getattr(clause, part) for clause in ways(request)}
    if len(values) == 1:
        single = values.pop()
        if single is not None and len(single) == 1:
            return str(next(iter(single)))
    return ""


def may_file(request: HttpRequest, thing: Thing) -> bool:
    """Whether the person may report on a thing."""
    return bool(request.app.permission.may(request.person, FILE, thing))


def with_refusals(request: HttpRequest, subject: Subject, checked: Checked) -> Checked:
    """The same, with an error for rows of places or enterprises that are not the person's, and for
    periods that are locked.
    """
    refused = _refusals(request, subject, checked)
    if not refused:
        return checked
    reading = replace(
        checked.reading, findings=[*(c.finding for c in refused), *checked.reading.findings]
    )
    return replace(checked, reading=reading, cells=(*refused, *checked.cells))


def refuse(request: HttpRequest, subject: Subject, checked: Checked) -> None:
    """Raise ImportRejected where a row is not the person's to report, or not now."""
    refused = [cell.finding for cell in _refusals(request, subject, checked)]
    if refused:
        raise ImportRejected.of(refused)


def _refusals(request: HttpRequest, subject: Subject, checked: Checked) -> list[CellFinding]:
    form = request.app.site.workspace.form(subject.form)
    strange = list(_strangers(request, subject, checked))
    return [*strange, *locks.locked(request, subject, form, checked)]


def _strangers(request: HttpRequest, subject: Subject, checked: Checked) -> Iterator[CellFinding]:
    table = checked.reading.table
    parts = [part for part in ("place", "entity") if part in table.column_names]
    if not parts:
        return
    fields = {field: n for n, field in enumerate(checked.columns) if field}
    known: dict[tuple[Any, ...], bool] = {}
    shown = 0
    for row in table.select([*parts, "_source_row"]).to_pylist():
        key = tuple(row[part] for part in parts)
        if key not in known:
            known[key] = may_file(request, _thing(subject, row))
        if known[key]:
            continue
        shown += 1
        if shown > SHOWN:
            return
        columns = tuple(fields[part] for part in parts if part in fields)
        line = row["_source_row"]
        yield CellFinding(_stranger(line, checked), line - checked.first_line, columns)


def _thing(subject: Subject, row: dict[str, Any]) -> Thing:
    """What a row is about; what it leaves blank is of the draft's own."""
    own = subject.thing
    return replace(own, place=row.get("place") or own.place, entity=row.get("entity") or own.entity)


def _stranger(line: int, checked: Checked) -> Finding:
    zh, en = (text.format(line) for text in both("entry.not_yours_rows"))
    todo, todo_en = both("entry.not_yours_rows.todo")
    where = Where(None, checked.reading.sheet, line)
    return Finding("error", zh, en, where, todo, todo_en, "not-yours")
