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
MOST = 100
"""Periods and bodies of one table that are asked about."""


def locked(
    request: HttpRequest, subject: Subject, form: Form, checked: Checked
) -> Iterator[CellFinding]:
    """An error for each period and body of the rows that may not be filed now, at its first row."""
    name = period_field(form)
    if name is None:
        return
    column = {field: n for n, field in enumerate(checked.columns) if field}.get(name)
    for (period, body), line in _first_lines(checked, subject, name).items():
        _, lock = lock_for(request, subject.form, period, body)
        if lock is None or (subject.replaces and lock.code not in FOR_CORRECTIONS_TOO):
            continue
        where = Where(None, checked.reading.sheet, line, form.field(name).title_zh)
        finding = Finding("error", lock.zh, lock.en, where, code=f"lock-{lock.code}")
        at = () if column is None else (column,)
        yield CellFinding(finding, line - checked.first_line, at)


def _first_lines(checked: Checked, subject: Subject, name: str) -> dict[tuple[str, str], int]:
    """The periods and bodies (enterprise, else place) of the rows, each with its first line."""
    table = checked.reading.table
    parts = [part for part in ("entity", "place") if part in table.column_names]
    lines: dict[tuple[str, str], int] = {}
    for row in table.select([name, *parts, "_source_row"]).to_pylist():
        body = next((row[part] for part in parts if row[part]), subject.entity or subject.place)
        if row[name] is not None and len(lines) < MOST:
            lines.setdefault((row[name], body), row["_source_row"])
    return lines
