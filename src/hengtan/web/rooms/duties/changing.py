"""Keeping a rule that was changed: past periods keep the old one, and exceptions go along with the
periods they are for.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period
from hengtan.office.duty_changes import changed_rules
from hengtan.web.rooms.duties.models import DutyRow, ExceptionRow


def keep_rule(row: DutyRow, today: date, by: str) -> DutyRow:
    """Keep what was typed into a row; gives the row that holds from now on. Raises WrongDuty."""
    row.changed_by = by
    if row.pk is None:
        row.save()
        return row
    with transaction.atomic():
        stored = DutyRow.objects.select_for_update().get(pk=row.pk)
        taken = set(DutyRow.objects.values_list("code", flat=True))
        first, *later = changed_rules(stored.rule(), row.rule(), today, taken)
        stored.take(first)
        stored.changed_by = by
        stored.save()
        if not later:
            return stored
        begun = DutyRow(changed_by=by)
        begun.take(later[0])
        begun.save()
        _move_exceptions(first.id, begun)
    return begun


def _move_exceptions(old: str, begun: DutyRow) -> None:
    """Exceptions for periods of the new rule become its own."""
    for row in ExceptionRow.objects.filter(obligation__startswith=f"{old}:"):
        _, period, rest = row.obligation.split(":", 2)
        try:
            ends = Period.parse(period).end
        except BadPeriod:
            continue
        if ends >= begun.valid_from:
            row.obligation = f"{begun.code}:{period}:{rest}"
            row.save()
