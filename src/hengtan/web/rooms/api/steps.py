"""Steps of all submissions that a person may read, in the order of the ledger: who approved,
returned or withdrew what, and when. The list only grows, so a program goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from hengtan.ledger.chain import Event, Register
from hengtan.office.decisions import DECISIONS, Steps, step
from hengtan.web.rooms.api.asking import Paging
from hengtan.web.rooms.api.cursor import Place
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.rooms.review.asking import of_submission, register_of, steps_of
from hengtan.web.rooms.review.models import LevelApproval
from hengtan.web.routing import Router
from hengtan.web.site import as_json

READ = "record.read"
ONLY_GROWS = "steps"
"""The state a cursor stands on: what was given stays as it is."""


class StepsAsked(Paging):
    """Which steps."""

    form: str | None = Field(None, max_length=80, description="报表 · form")
    submission: str | None = Field(None, max_length=20, description="提交 · submission")
    state: str | None = Field(None, max_length=20, description="步骤 · approved, returned, …")
    by: str | None = Field(None, max_length=60, description="经手人 · who took it")
    decisions: bool = Field(False, description="只看审核决定 · decisions of reviewers only")
    since: date | None = Field(None, description="自该日起 · from that day")
    until: date | None = Field(None, description="至该日止 · up to that day")
    after: int = Field(0, ge=0, le=2**53, description="该序号之后 · after that number")

    def steps(self, first: int) -> Steps:
        """The same, from a place in the list on."""
        return Steps.on_days(
            after=max(self.after, first),
            form=self.form,
            submission=self.submission,
            state=self.state,
            by=self.by,
            decisions=self.decisions,
            since=self.since,
            until=self.until,
        )


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "submissions")

    @operations.get(
        "/steps",
        READ,
        (
            "步骤：谁在何时审核、退回、撤回了什么；`last` 用作下次的 `after`",
            "Steps: who approved, returned or withdrew what, and when; last is the next after",
        ),
    )
    def steps(request: HttpRequest, asked: Query[StepsAsked]) -> Any:
        ways = request.app.permission.clauses_of(request.person, READ)
        said = asked.dict(exclude={"limit", "cursor"})
        place = Place.of(("steps", sorted(said.items(), key=str), ways), ONLY_GROWS, asked.cursor)
        register = register_of(request)

        def is_reached(submission: str) -> bool:
            thing = of_submission(request, submission)
            return thing is not None and any(way.reaches(thing) for way in ways)

        following = asked.steps(place.first).of(register, is_reached)
        events = list(islice(following, asked.limit + 1))
        page = events[: asked.limit]
        last = page[-1].seq if page else max(asked.after, place.first)
        more = Place(place.question, place.state, last).after(0) if page != events else None
        return as_json({"steps": _told(request, register, page), "last": last, "next": more})


def _told(request: HttpRequest, register: Register, events: list[Event]) -> list[dict[str, Any]]:
    """Steps with the approvals at lower levels that led to them."""
    levels = _levels(request, register, [e for e in events if e.state in DECISIONS])
    return [step(register, event) | {"levels": levels.get(event.seq, [])} for event in events]


def _levels(
    request: HttpRequest, register: Register, decisions: list[Event]
) -> dict[int, list[dict[str, Any]]]:
    """Who approved at lower levels before each decision, since the rows were handed in."""
    if not decisions or not request.app.writable:
        return {}
    submissions = {event.submission for event in decisions}
    taken: dict[tuple[str, int], list[LevelApproval]] = {}
    for row in LevelApproval.objects.filter(submission__in=submissions).order_by("id"):
        taken.setdefault((row.submission, row.seq), []).append(row)
    if not taken:
        return {}
    steps_before = steps_of(register, submissions)
    return {
        event.seq: [
            {"level": row.level, "by": row.by, "at": row.at}
            for row in taken.get((event.submission, _handed_in(steps_before, event)), ())
        ]
        for event in decisions
    }


def _handed_in(steps: dict[str, list[Event]], decision: Event) -> int:
    before: Iterable[Event] = (e for e in steps[decision.submission] if e.seq < decision.seq)
    return max((event.seq for event in before if event.state == "submitted"), default=0)
