"""By when what waits is to be reviewed: the due day of the obligation it was handed in for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max

from hengtan.basis.errors import BadPeriod
from hengtan.basis.period import Period
from hengtan.ledger.chain import Record
from hengtan.ledger.lake import literal, quoted
from hengtan.ledger.profiles import STRETCH
from hengtan.office.filings import Columns
from hengtan.office.subjects import MOST_NAMED
from hengtan.office.waiting import day_handed_in
from hengtan.web.rooms.duties.asking import Calendar
from hengtan.web.rooms.duties.models import DutyRow, EntityRow, ExceptionRow

if TYPE_CHECKING:
    from hengtan.web.rooms.jobs.kinds import Application

About = tuple[str, tuple[str, ...]]
"""A period of rows, and the bodies that may owe them, the nearest first."""


class DueDays:
    """The due days of what waits, by the calendar as it was last looked at."""

    def __init__(self) -> None:
        self._stamp: object = None
        self._calendar: Calendar | None = None
        self._ruled: frozenset[str] = frozenset()
        self._about: dict[str, frozenset[About]] = {}
        self._owed: dict[tuple[str, str], dict[str, date]] = {}

    def look(self, app: Application) -> bool:
        """Look at the calendar; whether it says something else than before."""
        stamp = _stamp()
        if stamp == self._stamp:
            return False
        self._calendar, self._owed = Calendar.of_app(app), {}
        self._ruled = frozenset(rule.form for rule in self._calendar.rules)
        self._stamp = stamp
        return True

    def of(self, record: Record, handed_in: datetime) -> date:
        """By when a submission is to be reviewed: the first of the days its rows are due, else the
        day it was handed in.
        """
        if record.form not in self._ruled:
            return day_handed_in(record, handed_in)
        self.learn([record])
        days = [
            day
            for period, bodies in self._about[record.submission]
            if (day := self._due(record.form, period, bodies)) is not None
        ]
        return min(days, default=day_handed_in(record, handed_in))

    def _due(self, form: str, period: str, bodies: tuple[str, ...]) -> date | None:
        by_body = self._of_period(form, period)
        return next((by_body[body] for body in bodies if body in by_body), None)

    def _of_period(self, form: str, period: str) -> dict[str, date]:
        """The first due day of each body that owes a form for a period."""
        asked_for = (form, period)
        if asked_for not in self._owed:
            days: dict[str, date] = {}
            for owed in self._obligations(form, period):
                known = days.get(owed.body.code, owed.due)
                days[owed.body.code] = min(known, owed.due)
            self._owed[asked_for] = days
        return self._owed[asked_for]

    def _obligations(self, form: str, period: str) -> list[Any]:
        calendar = self._calendar
        try:
            end = Period.parse(period).end
        except BadPeriod:
            return []
        assert calendar is not None
        rules = [rule for rule in calendar.rules if rule.form == form]
        owed = calendar.owed(end, end, rules)
        return [each for each in owed if each.period.text == period and not each.is_waived]

    def learn(self, records: Iterable[Record]) -> None:
        """Ask what the rows of submissions are about, one query a form that somebody owes."""
        by_form: dict[str, list[Record]] = {}
        for record in records:
            if record.form in self._ruled and record.submission not in self._about:
                by_form.setdefault(record.form, []).append(record)
        for form, alike in by_form.items():
            self._learn(form, alike)

    def _learn(self, form: str, records: list[Record]) -> None:
        assert self._calendar is not None
        workspace = self._calendar.site.workspace
        columns = Columns.of(workspace.form(form))
        ledger = workspace.ledger
        cur = ledger.lake.cursor()
        try:
            stored = ledger.lake.columns(cur, form)
            period = STRETCH if STRETCH in stored else columns.period
            asked = [
                quoted(name) if name and name in stored else "null::varchar"
                for name in (period, columns.entity, columns.place)
            ]
            listed = ", ".join(literal(record.submission) for record in records)
            few = f" where _submission in ({listed})" if len(records) <= MOST_NAMED else ""
            rows = ledger.lake.patiently(
                lambda: cur.execute(
                    f"select distinct _submission, {', '.join(asked)}"
                    f" from lake.main.{quoted(form)}{few}"
                ).fetchall()
            )
        finally:
            cur.close()
        by_number = {record.submission: record for record in records}
        about: dict[str, set[About]] = {number: set() for number in by_number}
        for number, period, entity, place in rows:
            record = by_number.get(number)
            if record is not None and period:
                bodies = (entity, place, record.body, record.place)
                about[number].add((period, tuple(dict.fromkeys(filter(None, bodies)))))
        self._about |= {number: frozenset(of_rows) for number, of_rows in about.items()}


def _stamp() -> object:
    """What tells one state of the calendar from another."""
    return (
        DutyRow.objects.aggregate(Count("id"), Max("changed_at")),
        ExceptionRow.objects.aggregate(Count("id"), Count("taken_at")),
        EntityRow.objects.aggregate(Count("id"), Max("id"), Count("until"), Max("until")),
    )
