"""Days due of a subject: from its records and from its verdicts; done, due or overdue on the day
judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hengtan.basis.cite import confidence_word
from hengtan.basis.period import Period
from hengtan.instruments.case import PackTables
from hengtan.instruments.case_files.declared import CaseFile, Deadline
from hengtan.instruments.case_files.subjects import (
    Row,
    Subject,
    Value,
    meets,
    period_of,
    periods_between,
    word_of,
)
from hengtan.instruments.factors import months_later
from hengtan.instruments.parameters import NATION, Parameters, Used
from hengtan.instruments.sources import SECOND_HAND, names_any

DONE, OPEN, SOON, OVERDUE, DONE_LATE = "done", "open", "soon", "overdue", "done_late"
MONTHS = ("月", "个月")
SURE = ("read", "derived")


@dataclass(frozen=True)
class Due:
    """A day due of a subject, by which law, with what became of it."""

    deadline: Deadline
    label: str
    day: date
    done: date | None
    state: str
    law: str = ""

    def as_row(self) -> Row:
        """As a row of the calendar account."""
        return {
            "deadline": self.deadline.id,
            "label": self.label,
            "title_zh": self.deadline.title_zh,
            "title_en": self.deadline.title_en,
            "law": self.law or None,
            "due": self.day.isoformat(),
            "done": self.done.isoformat() if self.done else None,
            "state": self.state,
        }


def days_due(
    case_file: CaseFile,
    subject: Subject,
    verdicts: Sequence[Row],
    judged_on: date,
    packs: PackTables,
) -> Iterator[Due]:
    """What is or was due of a subject; ``verdicts``: rows of its verdicts."""
    for deadline in case_file.deadlines:
        every = _of_every_period(case_file, deadline, subject, judged_on)
        for label, begins, rows in every or _beginnings(deadline, subject, verdicts):
            term = _term(deadline, begins, subject.place, packs)
            if term is not None:
                day, law = term
                done = _done(deadline, rows)
                state = state_of(day, done, judged_on, deadline.warn_days)
                yield Due(deadline, label, day, done, state, law)


def _beginnings(
    deadline: Deadline, subject: Subject, verdicts: Sequence[Row]
) -> Iterator[tuple[str, date, Sequence[Row]]]:
    """Of what a deadline is, from which day it counts, and the rows that say whether it is done."""
    of_verdict, _, output = deadline.day.rpartition(".")
    if of_verdict:
        if meets(deadline.when, subject.head):
            for row in verdicts:
                if row["asked"] == of_verdict and row["output"] == output and row["text"]:
                    yield str(row["period"]), as_day(row["text"]), (subject.head,)
        return
    rows = subject.rows.get(deadline.of, ()) if deadline.of else (subject.head,)
    for row in rows:
        if row.get(deadline.day) is not None and meets(deadline.when, row, subject.head):
            label = str(row[deadline.label] or "") if deadline.label else _period_text(row)
            yield label, as_day(row[deadline.day]), (row, subject.head)


def _of_every_period(
    case_file: CaseFile, deadline: Deadline, subject: Subject, judged_on: date
) -> list[tuple[str, date, Sequence[Row]]]:
    """As ``_beginnings``, of every month or quarter that has begun by the day judged, those too of
    which nothing is on file; empty where the deadline is not of every period.
    """
    each = word_of(deadline.every, subject.head)
    if not each:
        return []
    returned = [r for r in subject.rows.get(deadline.returned, ()) if meets(deadline.where, r)]
    on_file = {
        period.text: (period, row)
        for row in (*returned, *subject.rows.get(deadline.of, ()))
        if (period := period_of(row)) is not None
    }
    first = _first_day(deadline, subject, [period for period, _ in on_file.values()])
    if first is None:
        return []
    closed = subject.head.get(case_file.ends) if case_file.ends else None
    last = min(judged_on, as_day(closed)) if closed is not None else judged_on
    due = {text: Period.parse(text) for text in periods_between(each, first, last)}
    due |= {text: period for text, (period, _) in on_file.items()}
    nothing: Row = {}
    return [
        (text, period.end, (on_file[text][1] if text in on_file else nothing, subject.head))
        for text, period in sorted(due.items(), key=lambda item: item[1].end)
    ]


def _first_day(deadline: Deadline, subject: Subject, on_file: Sequence[Period]) -> date | None:
    """The day from which every period is due: as the head says, else of the first on file."""
    said = (subject.head.get(column) for column in deadline.since)
    begins = next((as_day(day) for day in said if day is not None), None)
    return begins or min((period.start for period in on_file), default=None)


def _period_text(row: Row) -> str:
    period = period_of(row)
    return period.text if period else ""


def _done(deadline: Deadline, rows: Sequence[Row]) -> date | None:
    marked = next((row[deadline.done] for row in rows if deadline.done in row), None)
    return as_day(marked) if marked is not None else None


def _term(
    deadline: Deadline, begins: date, place: str, packs: PackTables
) -> tuple[date, str] | None:
    """The day a deadline ends and its law; None where no term is in force on the day it begins."""
    if not deadline.after:
        return begins, deadline.law
    parameters = Parameters(packs.by_name, begins, place or NATION)
    if not parameters.has(deadline.after):
        return None
    length = int(parameters.value(deadline.after))
    used = parameters.used[-1]
    day = months_later(begins, length) if used.unit in MONTHS else begins + timedelta(length)
    return day, _law(deadline, used, packs)


def _law(deadline: Deadline, used: Used, packs: PackTables) -> str:
    """The law of a term, with how sure it is where it was not read."""
    of_parameter = [
        row["law"]
        for row in packs.by_name[used.name]
        if (row["region"], row["valid_from"]) == (used.region, used.valid_from)
    ]
    law = deadline.law or next(iter(of_parameter), "")
    if used.sureness not in SURE:
        return f"{law}（{confidence_word(used.sureness)}）"
    return f"{law}（{used.source}）" if names_any(used.source, SECOND_HAND) else law


def as_day(value: Value) -> date:
    """A day of a cell: a day, its text, or the end of a period."""
    if isinstance(value, date):
        return value
    return Period.parse(str(value)).end


def state_of(day: date, done: date | None, judged_on: date, warn_days: int) -> str:
    """Done in time or late, overdue, soon (within ``warn_days``) or open."""
    if done is not None and done <= judged_on:
        return DONE if done <= day else DONE_LATE
    if day < judged_on:
        return OVERDUE
    return SOON if day - judged_on <= timedelta(days=warn_days) else OPEN


def table_rows(
    case_file: CaseFile,
    subject: Subject,
    verdicts: Sequence[Row],
    judged_on: date,
    packs: PackTables,
) -> Iterator[Mapping[str, Value]]:
    """The days due of a subject as rows."""
    for due in days_due(case_file, subject, verdicts, judged_on, packs):
        yield {
            "subject": subject.id,
            "name": subject.name,
            "entity": subject.entity or None,
            "place": subject.place,
            **due.as_row(),
        }
