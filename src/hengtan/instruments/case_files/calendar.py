"""Days due of a subject: from its records and from its verdicts; done, due or overdue on the day
judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hengtan.basis.period import Period
from hengtan.instruments.case_files.declared import CaseFile, Deadline
from hengtan.instruments.case_files.subjects import Row, Subject, Value, meets, period_of
from hengtan.instruments.factors import months_later

DONE, OPEN, SOON, OVERDUE, DONE_LATE = "done", "open", "soon", "overdue", "done_late"


@dataclass(frozen=True)
class Due:
    """A day due of a subject, with what became of it."""

    deadline: Deadline
    label: str
    day: date
    done: date | None
    state: str

    def as_row(self) -> Row:
        """As a row of the calendar account."""
        return {
            "deadline": self.deadline.id,
            "label": self.label,
            "title_zh": self.deadline.title_zh,
            "title_en": self.deadline.title_en,
            "law": self.deadline.law or None,
            "due": self.day.isoformat(),
            "done": self.done.isoformat() if self.done else None,
            "state": self.state,
        }


def days_due(
    case_file: CaseFile, subject: Subject, verdicts: Sequence[Row], judged_on: date
) -> Iterator[Due]:
    """What is or was due of a subject; ``verdicts``: rows of its verdicts."""
    for deadline in case_file.deadlines:
        of_verdict, _, output = deadline.day.rpartition(".")
        if of_verdict:
            yield from _of_verdicts(deadline, of_verdict, output, subject, verdicts, judged_on)
            continue
        rows = subject.rows.get(deadline.of, ()) if deadline.of else (subject.head,)
        for row in rows:
            if row.get(deadline.day) is not None and meets(deadline.when, row, subject.head):
                label = str(row[deadline.label] or "") if deadline.label else _period_text(row)
                yield _due(deadline, label, row[deadline.day], (row, subject.head), judged_on)


def _of_verdicts(
    deadline: Deadline,
    asked: str,
    output: str,
    subject: Subject,
    verdicts: Sequence[Row],
    judged_on: date,
) -> Iterator[Due]:
    """A day that a verdict gives."""
    if not meets(deadline.when, subject.head):
        return
    for row in verdicts:
        if row["asked"] == asked and row["output"] == output and row["text"]:
            yield _due(deadline, str(row["period"]), row["text"], (subject.head,), judged_on)


def _period_text(row: Row) -> str:
    period = period_of(row)
    return period.text if period else ""


def _due(
    deadline: Deadline, label: str, from_day: Value, rows: Sequence[Row], judged_on: date
) -> Due:
    day = moved(as_day(from_day), deadline.plus_months, deadline.plus_days)
    marked = next((row[deadline.done] for row in rows if deadline.done in row), None)
    done = as_day(marked) if marked is not None else None
    return Due(deadline, label, day, done, state_of(day, done, judged_on, deadline.warn_days))


def as_day(value: Value) -> date:
    """A day of a cell: a day, its text, or the end of a period."""
    if isinstance(value, date):
        return value
    return Period.parse(str(value)).end


def moved(day: date, months: int, days: int) -> date:
    """A day some calendar months and days later; the 31st of a shorter month is its last day."""
    return (months_later(day, months) if months else day) + timedelta(days=days)


def state_of(day: date, done: date | None, judged_on: date, warn_days: int) -> str:
    """Done in time or late, overdue, soon (within ``warn_days``) or open."""
    if done is not None and done <= judged_on:
        return DONE if done <= day else DONE_LATE
    if day < judged_on:
        return OVERDUE
    return SOON if day - judged_on <= timedelta(days=warn_days) else OPEN


def table_rows(
    case_file: CaseFile, subject: Subject, verdicts: Sequence[Row], judged_on: date
) -> Iterator[Mapping[str, Value]]:
    """The days due of a subject as rows."""
    for due in days_due(case_file, subject, verdicts, judged_on):
        yield {
            "subject": subject.id,
            "name": subject.name,
            "entity": subject.entity or None,
            "place": subject.place,
            **due.as_row(),
        }
