"""Many decisions as a job: each has its own outcome, kept as it is made, so that a job whose
process was killed goes on where it was and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from hengtan.basis.errors import WrongState
from hengtan.basis.seal import digest_of
from hengtan.office.levels import words as office_words
from hengtan.office.permission import Thing
from hengtan.web import trail
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.behalf import OnBehalf, asked_by, person_now
from hengtan.web.rooms.jobs.kinds import Kind
from hengtan.web.rooms.jobs.models import Job
from hengtan.web.rooms.review import asking, deciding
from hengtan.web.rooms.review.deciding import (
    STATES,
    TOGETHER,
    Case,
    Decision,
    Outcome,
    Seen,
    carry_out,
    cases_of,
    changed_since,
    deed,
    tell_before,
)
from hengtan.web.rooms.review.models import Decided, LevelApproval
from hengtan.web.rooms.review.shared import sentence

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.web.rooms.jobs.running import Run

DECISIONS = "decisions"
"""The kind of these jobs."""


def decide_later(
    request: HttpRequest, decision: Decision, numbers: Sequence[str], seen: Seen
) -> Job:
    """Ask that many be decided. The same choice of the same list is one job, however often sent."""
    person = request.person
    arguments = {**_as_sent(decision), "submissions": list(numbers), "seen": str(seen)}
    job = leases.queue(
        DECISIONS,
        arguments | asked_by(person),
        key=_key(request, decision, numbers, seen),
        by=person.name,
        thing=Thing(),
    )
    trail.note(request, "job_start", f"{DECISIONS} {job.pk} {decision.do} {len(numbers)}")
    return job


def asked_before(
    request: HttpRequest, decision: Decision, numbers: Sequence[str], seen: Seen
) -> Job | None:
    """The job of this choice, where it was sent before."""
    key = _key(request, decision, numbers, seen)
    job: Job | None = Job.objects.filter(key=key).first()
    return job


def _key(request: HttpRequest, decision: Decision, numbers: Sequence[str], seen: Seen) -> str:
    """A name for a choice: a list that was chosen whole is named by its filter, since it grows
    shorter as the job goes on.
    """
    chosen = dict(request.GET.items()) if request.POST.get("all") else list(numbers)
    choice = {"by": request.person.name, "of": chosen, "seen": str(seen), **_as_sent(decision)}
    return f"{DECISIONS}:{digest_of(choice)}"


def _as_sent(decision: Decision) -> dict[str, str | None]:
    return {"do": decision.do, "reason": decision.reason, "on_conflict": decision.on_conflict}


def _decide(run: Run) -> dict[str, Any]:
    decision, numbers = Decision.of(run.arguments), list(run.arguments["submissions"])
    kept = Decided.objects.filter(job=run.job.pk)
    _tell_turn(run, decision, kept.aggregate(last=Max("turn"))["last"])
    decided = set(kept.values_list("submission", flat=True))
    left = [number for number in numbers if number not in decided]
    for first in range(0, len(left), TOGETHER):
        run.tell(1 - (len(left) - first) / len(numbers))
        turn = (kept.aggregate(last=Max("turn"))["last"] or 0) + 1
        _decide_some(run, decision, left[first : first + TOGETHER], turn)
        _tell_turn(run, decision, turn)
    done = kept.exclude(outcome="").count()
    return {"done": done, "refused": len(numbers) - done}


def _decide_some(run: Run, decision: Decision, numbers: list[str], turn: int) -> None:
    """Decide on some with the rights of this moment, and keep what came of each."""
    asker = OnBehalf(run.app, person_now(run.job))
    register = asking.register_of(asker)
    seen = Seen.of(run.arguments["seen"], register)
    cases = cases_of(asker, register, numbers)
    settled: dict[str, Outcome] = {
        number: _by_this_job(asker, cases[number], decision, seen) or deciding.changed(number)
        for number in changed_since(seen, cases.values())
    }
    outcomes: dict[str, Outcome] = dict(
        zip(cases, carry_out(asker, register, [*cases.values()], decision, settled), strict=True)
    )
    deeds = [deed(cases[number], decision, outcomes[number]) for number in cases]
    rows = [
        _row(run.job.pk, turn, number, outcomes.get(number) or _not_there()) for number in numbers
    ]
    trail.add_many(deeds, run.job.by, also=lambda: Decided.objects.bulk_create(rows))


def _by_this_job(asker: OnBehalf, case: Case, decision: Decision, seen: Seen) -> str | None:
    """What this job did to a submission before its process was killed; None where it did nothing:
    one step since, and that by the same person.
    """
    since = [event for event in case.steps if event.seq > seen.step]
    state, name = STATES[decision.do], asker.person.name
    if [(event.state, event.actor) for event in since] == [(state, name)]:
        return state
    levels = LevelApproval.objects.filter(submission=case.submission, id__gt=seen.level)
    by = list(levels.values_list("by", flat=True))
    return "level" if not since and decision.do == "approve" and by == [name] else None


def _row(job: int, turn: int, number: str, outcome: Outcome) -> Decided:
    if not isinstance(outcome, Exception):
        return Decided(job=job, turn=turn, submission=number[:20], outcome=outcome)
    zh, en = (sentence(outcome, lang)[:1000] for lang in ("zh", "en"))
    return Decided(job=job, turn=turn, submission=number[:20], zh=zh, en=en)


def _not_there() -> Exception:
    return office_words().error(WrongState, "not_there")


def _tell_turn(run: Run, decision: Decision, turn: int | None) -> None:
    """Tell those whose submissions were decided in a turn; telling it twice is telling it once."""
    rows = Decided.objects.filter(job=run.job.pk, turn=turn or 0).exclude(outcome="")
    done = dict(rows.order_by("id").values_list("submission", "outcome"))
    if not done:
        return
    asker = OnBehalf(run.app, person_now(run.job))
    register = asking.register_of(asker)
    cases = cases_of(asker, register, list(done))
    for outcome in sorted(set(done.values())):
        alike = [case for number, case in cases.items() if done[number] == outcome]
        tell_before(asker, alike, decision, outcome, f"{DECISIONS}:{run.job.pk}:{turn}")


KINDS = (Kind(DECISIONS, "record.review", _decide, is_own=True, page="/review/many/{}"),)
