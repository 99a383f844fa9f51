"""The register of submissions and their events as one hash chain: what is in it, which steps are
allowed, heads.

An entry is an event. Its digest covers every field; the first event of a submission also covers the
submission's own record (who, what file, digest of its rows). A head is SHA-256 of the previous head
and the entry's digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from hengtan.basis.days import BEIJING
from hengtan.basis.errors import WrongState
from hengtan.basis.seal import digest_of, genesis, next_head

__all__ = [  # the seal is that of the whole house
    "BEIJING",
    "STATES_ZH",
    "STEPS",
    "Event",
    "Record",
    "Register",
    "beijing",
    "check_step",
    "digest_of",
    "genesis",
    "next_event",
    "next_head",
]

STEPS: dict[str | None, frozenset[str]] = {
    None: frozenset({"draft", "submitted"}),
    "draft": frozenset({"submitted", "withdrawn"}),
    "submitted": frozenset({"approved", "returned", "rejected", "withdrawn", "superseded"}),
    "returned": frozenset({"submitted", "withdrawn", "superseded"}),
    "approved": frozenset({"withdrawn", "superseded"}),
    "rejected": frozenset(),
    "withdrawn": frozenset(),
    "superseded": frozenset(),
}
NOT_IN_FORCE = frozenset({"draft", "submitted", "returned", "rejected"})
"""States that a submission takes without a row coming into force, or going."""
STATES_ZH = {
    "draft": "草稿",
    "submitted": "已提交",
    "returned": "已退回",
    "approved": "已审核",
    "rejected": "已否决",
    "superseded": "已被替代",
    "withdrawn": "已撤回",
}


@dataclass(frozen=True)
class Record:
    """A submission as it was handed in; ``columns`` is a JSON list of [name, type] that
    ``rows_digest`` covers. ``key``: what a program named its request, so that it is taken once.
    """

    submission: str
    form: str
    place: str | None
    actor: str
    channel: str
    file_name: str | None
    file_sha256: str | None
    sheet: str | None
    demo: bool
    note: str | None
    supersedes: str | None
    rows: int
    rows_digest: str
    columns: str
    at: datetime
    body: str | None = None
    whole_list: bool | None = None
    key: str | None = None

    def content(self) -> dict[str, Any]:
        """What the digest of a record covers; fields of later versions only where they say
        something.
        """
        said = asdict(self)
        return {k: v for k, v in said.items() if k not in LATER_FIELDS or v is not None}


LATER_FIELDS = ("body", "whole_list", "key")
"""Fields of a record that older ledgers do not have: their digests stay what they were."""


@dataclass(frozen=True)
class Event:
    """One step of a submission.

    ``at`` is Beijing time without a zone; ``content`` is the digest of the record.
    """

    seq: int
    submission: str
    state: str
    actor: str
    reason: str
    at: datetime
    content: str | None
    digest: str
    head: str

    @property
    def ended_rows(self) -> bool:
        """Whether it put older rows out of force."""
        return self.state == "approved" and self.content is not None

    def own_digest(self) -> str:
        """Digest of what the event says, recomputed."""
        said = {k: v for k, v in asdict(self).items() if k not in ("digest", "head")}
        return digest_of(said)


def next_event(
    previous: Event | None,
    start: str,
    submission: str,
    state: str,
    actor: str,
    reason: str,
    at: datetime,
    content: str | None = None,
) -> Event:
    """The entry that follows ``previous`` (or ``start``, the genesis head)."""
    bare = Event(
        (previous.seq if previous else 0) + 1, submission, state, actor, reason, at, content, "", ""
    )
    digest = bare.own_digest()
    head = next_head(previous.head if previous else start, digest)
    return Event(**{**asdict(bare), "digest": digest, "head": head})


def beijing(at: datetime | date | None) -> datetime:
    """A moment as Beijing time without a zone; a bare day is its midnight; None is now."""
    if at is None:
        at = datetime.now(BEIJING)
    if not isinstance(at, datetime):
        return datetime(at.year, at.month, at.day)
    return at.astimezone(BEIJING).replace(tzinfo=None) if at.tzinfo else at


@dataclass
class Register:
    """All records and events of one snapshot, in order of entry."""

    start: str
    records: dict[str, Record] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    @cached_property
    def states(self) -> dict[str, str]:
        """Current state of every submission."""
        return {event.submission: event.state for event in self.events}

    @cached_property
    def by_form(self) -> dict[str, list[Record]]:
        """Records of each form, in order of entry."""
        listed: dict[str, list[Record]] = {}
        for record in self.records.values():
            listed.setdefault(record.form, []).append(record)
        return listed

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Record]:
        """Records of requests that were named, by who sent them and the name."""
        return {(r.actor, r.key): r for r in self.records.values() if r.key is not None}

    @cached_property
    def enders(self) -> dict[str, list[str]]:
        """Submissions of each form whose approval ended older rows, in order of approval: their
        event covers what it did.
        """
        listed: dict[str, list[str]] = {}
        for event in self.events:
            if event.ended_rows:
                listed.setdefault(self.records[event.submission].form, []).append(event.submission)
        return listed

    @cached_property
    def in_force(self) -> str:
        """The head after the last step that may have changed which rows are in force."""
        return _head_in_force(self.events) or self.start

    @cached_property
    def steps(self) -> dict[str, tuple[Event, ...]]:
        """The events of each submission."""
        steps: dict[str, list[Event]] = {}
        for event in self.events:
            steps.setdefault(event.submission, []).append(event)
        return {submission: tuple(events) for submission, events in steps.items()}

    def copy(self) -> Register:
        """A register of its own that can grow."""
        own = Register(self.start, dict(self.records), list(self.events))
        own.states = dict(self.states)
        own.by_form = {form: list(records) for form, records in self.by_form.items()}
        own.by_key = dict(self.by_key)
        own.steps, own.in_force = dict(self.steps), self.in_force
        own.enders = {form: list(enders) for form, enders in self.enders.items()}
        return own

    def grow(self, records: Iterable[Record], events: Iterable[Event]) -> None:
        """Add what comes next; only to a register of one's own."""
        for record in records:
            self.records[record.submission] = record
            self.by_form.setdefault(record.form, []).append(record)
            if record.key is not None:
                self.by_key[record.actor, record.key] = record
        for event in events:
            self.steps[event.submission] = (*self.steps.get(event.submission, ()), event)
            self.events.append(event)
            if event.state not in NOT_IN_FORCE:
                self.in_force = event.head
            self.states[event.submission] = event.state
            if event.ended_rows:
                form = self.records[event.submission].form
                self.enders.setdefault(form, []).append(event.submission)

    @property
    def head(self) -> str:
        """Head of the chain."""
        return self.events[-1].head if self.events else self.start

    def seen(self, known_on: date | None) -> list[Event]:
        """The events up to and including that day; times never go back, so they are the first ones
        of the chain.
        """
        if known_on is None:
            return self.events
        return [e for e in self.events if e.at.date() <= known_on]

    def key(self, known_on: date | None) -> str:
        """Head of the chain as known on that day: changes when and only when what can be seen
        changes.
        """
        seen = self.seen(known_on)
        return seen[-1].head if seen else self.start

    def key_in_force(self, known_on: date | None) -> str:
        """Changes whenever rows in force as known on that day do, and not when others come in."""
        if known_on is None:
            return self.in_force
        return _head_in_force(self.seen(known_on)) or self.start

    def histories(self, known_on: date | None = None) -> Mapping[str, Sequence[Event]]:
        """Events by submission as known on that day."""
        if known_on is None:
            return self.steps
        result: dict[str, list[Event]] = {}
        for event in self.seen(known_on):
            result.setdefault(event.submission, []).append(event)
        return result

    def state(self, submission: str) -> str:
        """Current state of a submission."""
        return self.states[submission]

    def moment(self, at: datetime | date | None) -> datetime:
        """The time of the next entry.

        None is now, or the last entry's time if that clock ran ahead.
        """
        moment = beijing(at)
        if not self.events or moment >= self.events[-1].at:
            return moment
        if at is None:
            return self.events[-1].at
        last = self.events[-1].at
        raise WrongState(
            f"登记时间 {moment} 早于台账最后一次登记 {last}",
            f"{moment} is before the ledger's last entry {last}",
            todo="台账只能按时间顺序追加",
            todo_en="entries can only be appended in order of time",
        )


def _head_in_force(events: Sequence[Event]) -> str | None:
    return next((e.head for e in reversed(events) if e.state not in NOT_IN_FORCE), None)


def check_step(submission: str, before: str | None, after: str) -> None:
    """Raise ``WrongState`` unless a submission may go from ``before`` to ``after``."""
    if after in STEPS.get(before, frozenset()):
        return
    if after not in STATES_ZH:
        raise WrongState(
            f"没有“{after}”这种状态",
            f"there is no state {after!r}",
            todo=f"可用状态：{'、'.join(STATES_ZH)}",
            todo_en=f"states are {', '.join(STATES_ZH)}",
        )
    can = sorted(STEPS.get(before, frozenset()))
    words, english = _choices(can)
    now = STATES_ZH.get(before or "", "新")
    raise WrongState(
        f"{submission} 现为“{now}”，不能改为“{STATES_ZH[after]}”",
        f"{submission} is {before or 'new'} and cannot become {after}",
        todo=words,
        todo_en=english,
    )


def _choices(states: Iterable[str]) -> tuple[str, str]:
    states = list(states)
    if not states:
        return "该状态不能再改；请另行提交更正", "this state is final; submit a correction"
    return (
        f"可以：{'、'.join(STATES_ZH[s] for s in states)}",
        f"it can become {', '.join(states)}",
    )
