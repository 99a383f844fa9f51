"""Locks of the reporting calendar: rows of a period that is not open, past, handed in or approved
are not handed in; what is approved is changed by a correction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hengtan.basis.errors import Finding, Where
from hengtan.desk.entry import CellFinding, Checked
from hengtan.desk.entry_periods import period_field
from hengtan.web.rooms.duties.asking import lock_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.ledger.forms import Form
    from hengtan.web.rooms.entry.models import Subject

FOR_CORRECTIONS_TOO = frozenset(("not_open", "expired", "someone_else"))
"""Locks that stop a correction as well; one of what is handed in or approved is what it is for."""


def locked(
    request: HttpRequest, subject: Subject, form: Form, checked: Checked
) -> Iterator[CellFinding]:
    """An error for each period and body of the rows that may not be filed now, at its first row."""
    name = period_field(form)
    if name is None:
        return
    column = {field: n for n, field in enumerate(checked.columns) if field}.get(name)
    locked_ones = set()
    for (period, *bodies), line in _first_lines(checked, subject, name).items():
        owed, lock = lock_for(request, subject.form, period, *bodies)
        if owed is not None and owed.id in locked_ones:
            continue
        locked_ones |= {owed.id} if owed is not None else set()
        if lock is None or (subject.replaces and lock.code not in FOR_CORRECTIONS_TOO):
            continue
        where = Where(None, checked.reading.sheet, line, form.field(name).title_zh)
        finding = Finding("error", lock.zh, lock.en, where, code=f"lock-{lock.code}")
        at = () if column is None else (column,)
        yield CellFinding(finding, line - checked.first_line, at)


def _first_lines(checked: Checked, subject: Subject, name: str) -> dict[tuple[str, ...], int]:
    """The periods of the rows with the bodies that may owe them, each with its first line: the
    enterprise, else the place of the row, else that for which it is handed in: a district may owe a
    form whose rows are of enterprises.
    """
    table = checked.reading.table
    parts = [part for part in ("entity", "place") if part in table.column_names]
    lines: dict[tuple[str, ...], int] = {}
    for row in table.select([name, *parts, "_source_row"]).to_pylist():
        if row[name] is None:
            continue
        bodies = [row.get("entity") or subject.entity]
        if not subject.entity:  # an enterprise that hands in for itself owes for itself
            bodies += [row.get("place"), subject.place]
        about = (row[name], *dict.fromkeys(filter(None, bodies)))
        lines.setdefault(about, row["_source_row"])
    return lines
