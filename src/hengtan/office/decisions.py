"""Who did what with which submission, and when: steps of the ledger, a list that only grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from hengtan.ledger.chain import Event, Register

DECISIONS = ("approved", "returned", "rejected")


@dataclass(frozen=True)
class Steps:
    """Which steps are asked for: of a form, a submission, to a state, by somebody; ``decisions``:
    only those that a reviewer took; ``after``: those with a higher number; ``since`` and ``until``:
    moments in Beijing time, both included.
    """

    after: int = 0
    form: str | None = None
    submission: str | None = None
    state: str | None = None
    by: str | None = None
    decisions: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def on_days(cls, since: date | None = None, until: date | None = None, **named: Any) -> Steps:
        """From one day to another, both whole."""
        return cls(
            since=datetime.combine(since, time.min) if since else None,
            until=datetime.combine(until, time.max) if until else None,
            **named,
        )

    def meets(self, register: Register, event: Event) -> bool:
        """Whether a step is asked for."""
        asked = (self.submission, self.state, self.by)
        said = (event.submission, event.state, event.actor)
        if any(want not in (None, is_so) for want, is_so in zip(asked, said, strict=True)):
            return False
        if self.form not in (None, register.records[event.submission].form):
            return False
        if self.decisions and event.state not in DECISIONS:
            return False
        begun = self.since is None or event.at >= self.since
        return begun and (self.until is None or event.at <= self.until)

    def of(self, register: Register, is_reached: Callable[[str], bool]) -> Iterator[Event]:
        """The steps asked for of submissions that are reached, in order of the chain; each
        submission is asked about once.
        """
        known: dict[str, bool] = {}
        for event in register.events:
            if event.seq <= self.after:
                continue
            if event.submission not in known:
                known[event.submission] = is_reached(event.submission)
            if known[event.submission] and self.meets(register, event):
                yield event


def step(register: Register, event: Event) -> dict[str, Any]:
    """A step as it is told."""
    record = register.records[event.submission]
    return {
        "seq": event.seq,
        "submission": event.submission,
        "form": record.form,
        "place": record.place,
        "body": record.body,
        "state": event.state,
        "by": event.actor,
        "reason": event.reason or None,
        "at": event.at,
    }
