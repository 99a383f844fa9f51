"""The queue of what waits for review: kept in order of due day and kept up with the register, so
that a page of it costs the same however much the ledger holds.

Only events that were added since are read; what a person may see of it is chosen by the very
clauses that permission asks, once for a state of the ledger.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter

from hengtan.ledger.chain import Event, Record, Register
from hengtan.office.permission import PARTS, Clause, Thing

WAITS = ("submitted", "returned")
"""States in which somebody has still to do something."""
MOST_KEPT = 64
"""Answers that are kept for a state of the ledger."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission that waits. ``seq`` is its last step, ``filed`` the one with which it was
    handed in last, ``handed_in`` when that was; ``filers`` who handed it in, each time.
    """

    submission: str
    form: str
    state: str
    place: str | None
    department: str | None
    entity: str | None
    filers: tuple[str, ...]
    handed_in: datetime
    due: date
    rows: int
    seq: int
    filed: int
    changed: datetime
    reason: str = ""

    @property
    def order(self) -> tuple[date, datetime, str]:
        """Where it stands in the queue."""
        return self.due, self.handed_in, self.submission

    @property
    def thing(self) -> Thing:
        """What permission is asked for."""
        return Thing(self.place, self.form, self.department, self.entity, self.filers[0])


ThingsOf = Callable[[list[Record]], dict[str, Thing]]
DueOf = Callable[[Record, datetime], date]


def day_handed_in(record: Record, handed_in: datetime) -> date:
    """The due day where no obligation names one: first come, first served."""
    return handed_in.date()


@dataclass
class Queue:
    """What waits, in order. ``things_of``: what submissions are about; ``due_of``: by when one is
    to be reviewed.
    """

    things_of: ThingsOf
    due_of: DueOf = day_handed_in
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _order: list[tuple[date, datetime, str]] = field(default_factory=list)
    _things: dict[str, Thing] = field(default_factory=dict)
    _filers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _handed_in: dict[str, tuple[datetime, int]] = field(default_factory=dict)
    _read: int = 0
    _head: str = ""
    _kept: dict[tuple[object, ...], list[Waiting]] = field(default_factory=dict)
    _tallies: dict[tuple[object, ...], dict[str, int]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def follow(self, register: Register) -> None:
        """Take in what the register holds beyond what was read; another register begins anew."""
        with self._lock:
            if register.head == self._head:
                return
            if not self._is_continued_by(register):
                self._begin()
            new = register.events[self._read :]
            self._learn(register, new)
            last = {event.submission: event for event in new}
            for submission, event in last.items():
                self._put(register.records[submission], event)
            self._read, self._head = len(register.events), register.head
            self._kept, self._tallies = {}, {}

    def turn(self) -> threading.RLock:
        """The lock under which it is kept up, for whoever keeps something beside it."""
        return self._lock

    def waiting_of(self, register: Register) -> list[Record]:
        """The records of what waits."""
        with self._lock:
            return [register.records[submission] for submission in self._waiting]

    def order_anew(self, register: Register) -> None:
        """Ask the due days of all that waits again."""
        with self._lock:
            for submission, waiting in self._waiting.items():
                due = self.due_of(register.records[submission], waiting.handed_in)
                self._waiting[submission] = replace(waiting, due=due)
            self._order = sorted(waiting.order for waiting in self._waiting.values())
            self._kept, self._tallies = {}, {}

    def _is_continued_by(self, register: Register) -> bool:
        read = register.events[: self._read]
        return len(read) == self._read and (not read or read[-1].head == self._head)

    def _begin(self) -> None:
        self._waiting, self._order, self._read = {}, [], 0
        self._filers, self._handed_in = {}, {}

    def _learn(self, register: Register, new: Sequence[Event]) -> None:
        """Who filed what is new, and what it is about where it waits."""
        for event in new:
            if event.state in ("submitted", "draft"):
                self._handed_in[event.submission] = (event.at, event.seq)
                filed = self._filers.get(event.submission, ())
                if event.actor not in filed:
                    self._filers[event.submission] = (*filed, event.actor)
        asked = {e.submission for e in new if register.state(e.submission) in WAITS}
        unknown = [register.records[s] for s in asked if s not in self._things]
        if unknown:
            self._things |= self.things_of(unknown)

    def _put(self, record: Record, event: Event) -> None:
        before = self._waiting.pop(record.submission, None)
        if before is not None:
            del self._order[bisect_left(self._order, before.order)]
        if event.state not in WAITS:
            return
        thing = self._things[record.submission]
        handed_in, filed = self._handed_in.get(record.submission, (record.at, event.seq))
        waiting = Waiting(
            submission=record.submission,
            form=record.form,
            state=event.state,
            place=thing.place,
            department=thing.department if isinstance(thing.department, str) else None,
            entity=thing.entity,
            filers=self._filers.get(record.submission) or (record.actor,),
            handed_in=handed_in,
            due=self.due_of(record, handed_in),
            rows=record.rows,
            seq=event.seq,
            filed=filed,
            changed=event.at,
            reason=event.reason,
        )
        self._waiting[record.submission] = waiting
        insort(self._order, waiting.order)

    def about(self, register: Register, submission: str) -> tuple[Thing, tuple[str, ...]] | None:
        """What any submission is about and who filed it; None where there is none."""
        self.follow(register)
        record = register.records.get(submission)
        if record is None:
            return None
        with self._lock:
            if submission not in self._things:
                self._things |= self.things_of([record])
            return self._things[submission], self._filers.get(submission) or (record.actor,)

    def everything(self, register: Register) -> list[tuple[Record, Thing, tuple[str, ...]]]:
        """Every submission, in order of entry: its record, what it is about and who filed it; what
        is not known yet is asked together.
        """
        self.follow(register)
        with self._lock:
            unknown = [r for r in register.records.values() if r.submission not in self._things]
            if unknown:
                self._things |= self.things_of(unknown)
            return [
                (record, self._things[number], self._filers.get(number) or (record.actor,))
                for number, record in register.records.items()
            ]

    def get(self, submission: str) -> Waiting | None:
        """One that waits."""
        return self._waiting.get(submission)

    def reached(
        self, clauses: Sequence[Clause], state: str = "submitted", form: str = "", place: str = ""
    ) -> list[Waiting]:
        """Those a person reaches with his clauses, in order; of a state, a form, a place where
        named.
        """
        key = (tuple(clauses), state, form, place)
        with self._lock:
            if key not in self._kept:
                chosen = self._chosen(clauses, state, form, place)
                while len(self._kept) >= MOST_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[key] = list(chosen)
            return self._kept[key]

    def tally(self, clauses: Sequence[Clause], state: str, part: str) -> dict[str, int]:
        """How many of those a person reaches there are of each form or place."""
        key = (tuple(clauses), state, part)
        with self._lock:
            if key not in self._tallies:
                self._tallies[key] = _tally(self.reached(clauses, state), part)
            return self._tallies[key]

    def _chosen(
        self, clauses: Sequence[Clause], state: str, form: str, place: str
    ) -> Iterator[Waiting]:
        tests = [_test_of(clause) for clause in clauses]
        is_all = any(clause.is_everything and clause.not_by is None for clause in clauses)
        for _, _, submission in self._order:
            waiting = self._waiting[submission]
            if waiting.state != state or (form and waiting.form != form):
                continue
            if place and waiting.place != place:
                continue
            if is_all:
                yield waiting
                continue
            for test in tests:
                if test(waiting):
                    yield waiting
                    break


def _test_of(clause: Clause) -> Callable[[Waiting], bool]:
    """What ``clause.reaches`` asks, without what it does not name: asked of very many."""
    parts = [
        (attrgetter(part), allowed)
        for part in PARTS
        if (allowed := getattr(clause, part)) is not None
    ]
    own = clause.not_by

    def reaches(waiting: Waiting) -> bool:
        for value_of, allowed in parts:
            if value_of(waiting) not in allowed:
                return False
        return own is None or own not in waiting.filers

    return reaches


def neighbours(listed: Sequence[Waiting], submission: str) -> tuple[str | None, str | None]:
    """The one before and the one after in a list; the first after where it is no longer in it."""
    ids = [waiting.submission for waiting in listed]
    if submission not in ids:
        return None, ids[0] if ids else None
    at = ids.index(submission)
    return ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None


def _tally(listed: Iterable[Waiting], part: str) -> dict[str, int]:
    value_of = attrgetter(part)
    counted = Counter(value_of(waiting) or "" for waiting in listed)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
