"""What the pages of review ask: the queue of this workspace, what a submission is about, whose
turn it is, who is looking.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from django.utils import timezone

from hengtan.basis.place import PlaceTree
from hengtan.ledger.chain import Event, Record, Register
from hengtan.office.levels import Levels, Taken, Turn, is_last, next_level
from hengtan.office.permission import Answer, Permission, Thing
from hengtan.office.subjects import NOTHING_NAMED, Subjects, rows_about
from hengtan.office.waiting import Queue, Waiting
from hengtan.web.rooms.people.models import Setting
from hengtan.web.rooms.review.due_days import DueDays
from hengtan.web.rooms.review.models import LevelApproval, Looking

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.web.site import Site
    from hengtan.workspace.workspace import Workspace

LEVELS = "review_levels"
"""The setting: form → levels from the lowest up, "" for all others."""
LOOKS_FOR = timedelta(seconds=50)
"""After so long without a sign of the page somebody is no longer looking."""
REGISTER, PLACES, FOLLOWED = "review_register", "review_places", "review_followed"
_queues: WeakKeyDictionary[Site, tuple[Queue, DueDays]] = WeakKeyDictionary()


def queue_of(request: HttpRequest) -> Queue:
    """The queue of a workspace, kept up with its ledger and its calendar: looked at once for each
    register that a request sees.
    """
    site = request.app.site
    if site not in _queues:
        days = DueDays()
        days.look(request.app)
        queue = Queue(partial(_learned, site.workspace, request.app.permission, days), days.of)
        _queues[site] = (queue, days)
    queue, days = _queues[site]
    register = register_of(request)
    if getattr(request, FOLLOWED, None) is register:
        return queue
    with queue.turn():
        is_other = days.look(request.app)
        queue.follow(register)
        if is_other:
            days.learn(queue.waiting_of(register))
            queue.order_anew(register)
    setattr(request, FOLLOWED, register)
    return queue


def _learned(
    workspace: Workspace, permission: Permission, days: DueDays, records: list[Record]
) -> dict[str, Thing]:
    """What submissions are about; their due days are asked together too."""
    days.learn(records)
    return things_of(workspace, permission, records)


def things_of(
    workspace: Workspace, permission: Permission, records: list[Record]
) -> dict[str, Thing]:
    """What submissions are about."""
    names = {n for row in workspace.pack.rows("indicators") for n in row["department_zh"] or ()}
    subjects = Subjects(workspace.pack.places(), permission.within, frozenset(names))

    def places_of(form: str) -> list[str]:
        known = workspace.forms.get(form)
        return [f.id for f in known.fields if f.type == "place"] if known else ["place"]

    about = rows_about(workspace.ledger, records, places_of)
    return {
        record.submission: subjects.of(record, about.get(record.submission, NOTHING_NAMED))
        for record in records
    }


def register_of(request: HttpRequest) -> Register:
    """The register of the ledger as this request sees it: asked once."""
    if not hasattr(request, REGISTER):
        setattr(request, REGISTER, request.app.site.workspace.ledger.current())
    register: Register = getattr(request, REGISTER)
    return register


def places_of(request: HttpRequest) -> PlaceTree:
    """The places of the workspace, made once a request."""
    if not hasattr(request, PLACES):
        setattr(request, PLACES, request.app.site.workspace.pack.places())
    places: PlaceTree = getattr(request, PLACES)
    return places


def look_again(request: HttpRequest) -> None:
    """What this request wrote is seen by it."""
    if hasattr(request, REGISTER):
        delattr(request, REGISTER)


def of_submission(request: HttpRequest, submission: str, **_: str) -> Thing | None:
    """A submission as permission sees it: made by whoever asks, where he is one who filed it."""
    about = queue_of(request).about(register_of(request), submission)
    if about is None:
        return None
    thing, filers = about
    return replace(thing, by=request.person.name) if request.person.name in filers else thing


def listed(request: HttpRequest, state: str, form: str = "", place: str = "") -> list[Waiting]:
    """What waits that this person may review, in order."""
    ways = request.app.permission.clauses_of(request.person, "record.review")
    return queue_of(request).reached(ways, state, form, place)


def tally(request: HttpRequest, state: str, part: str) -> dict[str, int]:
    """How much waits of each form or place that this person may review."""
    ways = request.app.permission.clauses_of(request.person, "record.review")
    return queue_of(request).tally(ways, state, part)


def levels() -> Levels:
    """The levels of this installation."""
    row = Setting.objects.filter(name=LEVELS).first()
    return Levels.read(row.value if row else {})


@dataclass(frozen=True)
class Standing:
    """Where a submission stands on its way up: ``handed_in`` the step it speaks of."""

    chain: tuple[str, ...]
    taken: tuple[Taken, ...]
    handed_in: int

    @property
    def level(self) -> str:
        """The level whose turn it is."""
        return next_level(self.chain, self.taken)

    @property
    def is_last(self) -> bool:
        """Whether the next approval puts the rows in force."""
        return is_last(self.chain, self.level)


def standings(chains: Levels, submissions: Iterable[tuple[str, str, int]]) -> dict[str, Standing]:
    """Where submissions stand: of (number, form, the step with which it was handed in)."""
    asked = list(submissions)
    taken: dict[tuple[str, int], list[Taken]] = {}
    several = [number for number, form, _ in asked if len(chains.chain(form)) > 1]
    for row in LevelApproval.objects.filter(submission__in=several).order_by("id"):
        taken.setdefault((row.submission, row.seq), []).append(Taken(row.level, row.by))
    return {
        number: Standing(chains.chain(form), tuple(taken.get((number, seq), ())), seq)
        for number, form, seq in asked
    }


def steps_of(register: Register, submissions: Iterable[str]) -> dict[str, list[Event]]:
    """The steps of submissions, in one pass over the register."""
    steps: dict[str, list[Event]] = {submission: [] for submission in submissions}
    for event in register.events:
        if event.submission in steps:
            steps[event.submission].append(event)
    return steps


def handed_in_at(steps: list[Event]) -> int:
    """The step with which a submission was handed in last; its first where it never was."""
    filed = [event.seq for event in steps if event.state == "submitted"]
    return filed[-1] if filed else steps[0].seq


def may_take(request: HttpRequest, thing: Thing, standing: Standing) -> Answer:
    """Whether this person may approve at the level whose turn it is, and why not."""
    permission, person = request.app.permission, request.person
    answer: Answer = permission.may(person, "record.review", thing)
    if not answer.yes:
        return answer
    places = places_of(request)
    turn = Turn(standing.level, standing.taken, thing)
    reach = permission.reach(person, "record.review")
    return turn.may(person, reach, lambda code: places[code].kind if code in places else "")


def looks(request: HttpRequest, submission: str) -> list[str]:
    """Note that this person is looking; who else is."""
    now = timezone.now()
    person = request.person
    Looking.objects.update_or_create(
        submission=submission, by=person.name, defaults={"at": now, "title": person.title}
    )
    Looking.objects.filter(at__lt=now - timedelta(days=1)).delete()
    return lookers([submission], besides=person.name).get(submission, [])


def lookers(submissions: Iterable[str], besides: str) -> dict[str, list[str]]:
    """Who is looking at submissions now."""
    since = timezone.now() - LOOKS_FOR
    rows = Looking.objects.filter(submission__in=list(submissions), at__gte=since)
    people: dict[str, list[str]] = {}
    for row in rows.exclude(by=besides).order_by("by"):
        people.setdefault(row.submission, []).append(row.title or row.by)
    return people


def form_names(request: HttpRequest, forms: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Titles of forms in both languages; one the packs no longer have has its id."""
    workspace: Any = request.app.site.workspace
    known = workspace.forms
    return {f: (known[f].title_zh, known[f].title_en) if f in known else (f, f) for f in forms}
