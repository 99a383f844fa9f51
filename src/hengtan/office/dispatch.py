"""Dispatched tasks as rules: the state that follows from what each department did, what is overdue,
and on which days a reminder is due.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

DRAFT, DISPATCHED, ANSWERED, RETURNED, CLOSED = (
    "draft",
    "dispatched",
    "answered",
    "returned",
    "closed",
)
STATES = (DRAFT, DISPATCHED, RETURNED, ANSWERED, CLOSED)
DONE, IN_PROGRESS = "done", "in_progress"
"""How far a clause or a milestone is, as the task ledger says it."""
WHOLE = 100.0
"""Done to the end. [%]"""
OPEN = (DISPATCHED, RETURNED, ANSWERED)
"""Dispatched and not closed."""
REMINDED = (-7, -1, 1, 7)
"""Days before (−) and after the last day on which a reminder is sent of itself."""
_BETWEEN = re.compile(r"[、，,;；\s]+")


def state_of(parts: Iterable[str]) -> str:
    """The state of an open task from those of its departments: returned where any was, answered
    where all have.
    """
    states = set(parts)
    if RETURNED in states:
        return RETURNED
    return ANSWERED if states == {ANSWERED} else DISPATCHED


def standing_of(
    state: str, parts: Iterable[str], shares: Iterable[float], *, has_evidence: bool
) -> str:
    """How a dispatched task lets its clause or milestone stand: done once it is closed with an
    answer of each department, evidence, and no share below 100; else in progress. [%]
    """
    is_done = state == CLOSED and {*parts} == {ANSWERED} and has_evidence
    return DONE if is_done and all(share >= WHOLE for share in shares) else IN_PROGRESS


def is_overdue(state: str, due: date | None, today: date) -> bool:
    """Whether the last day has passed and somebody still owes an answer."""
    return state in (DISPATCHED, RETURNED) and due is not None and due < today


def reminder_due(
    due: date | None, dispatched_on: date, today: date, days: Sequence[int] = REMINDED
) -> int | None:
    """The latest of the days of reminding that has come, None where none has.

    A day before the task was dispatched reminds of nothing.
    """
    if due is None:
        return None
    come = [n for n in days if dispatched_on < due + timedelta(days=n) <= today]
    return max(come, default=None)


def departments_of(text: str) -> tuple[str, ...]:
    """Names written one after another, each once."""
    return tuple(dict.fromkeys(filter(None, _BETWEEN.split(text.strip()))))
