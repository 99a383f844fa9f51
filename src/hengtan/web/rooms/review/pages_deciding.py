"""Decisions on what waits: approve at a level or into force, return, reject, withdraw; one by one
or many at once, each by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, WrongState
from hengtan.basis.words import coded
from hengtan.ledger.batch import Step
from hengtan.ledger.chain import Event, Register
from hengtan.office.levels import words as office_words
from hengtan.office.permission import Answer
from hengtan.office.waiting import neighbours
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.asking import Standing, of_submission
from hengtan.web.rooms.review.models import LevelApproval
from hengtan.web.rooms.review.pages import filters, queue_page, say, submission_page
from hengtan.web.rooms.review.shared import goes_on, sentence, tell
from hengtan.web.routing import Router
from hengtan.web.site import language

router = Router()
STATES = {
    "approve": "approved",
    "return": "returned",
    "reject": "rejected",
    "withdraw": "withdrawn",
}
WITH_REASON = frozenset({"return", "reject", "withdraw"})
MOST = 500
"""Submissions decided at once."""
TOGETHER = 25
"""Steps written in one transaction: whoever else writes waits for no more than these."""


@dataclass(frozen=True)
class Decision:
    """What is to be done. ``on_conflict`` decides rows that another body reported too."""

    do: str
    reason: str = ""
    on_conflict: str | None = None

    @classmethod
    def of(cls, request: HttpRequest) -> Decision:
        """As it was sent. Raises HengtanError for an unknown one and a missing reason."""
        sent = request.POST
        decision = cls(
            sent.get("do", ""),
            sent.get("reason", "").strip()[:1000],
            sent.get("on_conflict") or None,
        )
        decision.check()
        return decision

    def check(self) -> None:
        """Raises HengtanError for an unknown one and a missing reason."""
        if self.do not in STATES:
            raise office_words().error(WrongState, coded("decision.unknown", self.do))
        if self.do in WITH_REASON and not self.reason:
            raise office_words().error(HengtanError, "reason.missing")


@dataclass(frozen=True)
class Case:
    """A submission that is decided on, as it stands."""

    submission: str
    form: str
    steps: list[Event]
    standing: Standing
    answer: Answer


def cases_of(request: HttpRequest, register: Register, numbers: list[str]) -> dict[str, Case]:
    """Those of some submissions that are there and that this person may read."""
    permission, person = request.app.permission, request.person
    things = {number: of_submission(request, number) for number in numbers}
    there = [
        n for n, thing in things.items() if thing and permission.may(person, "record.read", thing)
    ]
    steps = asking.steps_of(register, there)
    forms = {number: register.records[number].form for number in there}
    asked_for = [(n, forms[n], asking.handed_in_at(steps[n])) for n in there]
    standings = asking.standings(asking.levels(), asked_for)
    cases = {}
    for number in there:
        thing, standing = things[number], standings[number]
        assert thing is not None
        answer = asking.may_take(request, thing, standing)
        cases[number] = Case(number, forms[number], steps[number], standing, answer)
    return cases


@router.post("/review/{submission}/decide", "record.review", of_submission)
def decide(request: HttpRequest, submission: str) -> HttpResponse:
    """Carry out a decision on one submission and go on to the next."""
    listed = asking.listed(request, *filters(request))
    _, after = neighbours(listed, submission)
    register = asking.register_of(request)
    try:
        decision = Decision.of(request)
        case = cases_of(request, register, [submission])[submission]
        _refuse_changed(request, case)
        (outcome,) = carry_out(request, register, [case], decision)
        if isinstance(outcome, Exception):
            raise outcome
    except HengtanError as error:
        text = sentence(error, language(request))
        return submission_page(request, submission, error=text, status=409)
    address = f"/review/{quote(after)}" if after and request.POST.get("go_on") else "/review"
    if not after or not request.POST.get("go_on"):
        address = f"/review/{quote(submission)}"
    return goes_on(address, did=outcome, of=submission, state=filters(request)[0])


def _refuse_changed(request: HttpRequest, case: Case) -> None:
    """Raise where something happened to a submission since the page was made."""
    if request.POST.get("seq", "") != f"{case.steps[-1].seq}.{len(case.standing.taken)}":
        raise office_words().error(WrongState, coded("seen.changed", case.submission))


@router.post("/review/many", "record.review")
def many(request: HttpRequest) -> HttpResponse:
    """Carry out one decision on many submissions; each has its own outcome, none fails another."""
    lang, register = language(request), asking.register_of(request)
    numbers = list(dict.fromkeys(request.POST.getlist("submission")))[:MOST]
    try:
        decision = Decision.of(request)
    except HengtanError as error:
        text = sentence(error, lang)
        return queue_page(request, [{"submission": "", "ok": False, "text": text}], 400)
    cases = cases_of(request, register, numbers)
    results = dict(
        zip(cases, carry_out(request, register, [*cases.values()], decision), strict=True)
    )
    outcomes = []
    for number in numbers:
        outcome: Any = results.get(number) or office_words().error(WrongState, "not_there")
        failed = isinstance(outcome, Exception)
        text = sentence(outcome, lang) if failed else word(f"rv.did.{outcome}", lang)
        outcomes.append({"submission": number, "ok": not failed, "text": text})
    return queue_page(request, sorted(outcomes, key=lambda each: bool(each["ok"])))


def carry_out(
    request: HttpRequest, register: Register, cases: list[Case], decision: Decision
) -> list[str | Exception]:
    """Do it to each: the word for what was done (approved, level, returned …) or why not."""
    outcomes: dict[str, str | Exception] = {}
    steps: list[Step] = []
    for case in cases:
        refusal = _refusal(register, case, decision)
        if refusal is not None:
            outcomes[case.submission] = refusal
        elif decision.do == "approve" and not case.standing.is_last:
            outcomes[case.submission] = _take_level(request, case, decision)
        else:
            steps.append(_step(request, case, decision))
    results: list[str | Exception] = []
    for first in range(0, len(steps), TOGETHER):
        results += request.app.writer.record_many(steps[first : first + TOGETHER])
    asking.look_again(request)
    for step, result in zip(steps, results, strict=True):
        outcomes[step.submission] = result if isinstance(result, Exception) else step.state
    for case in cases:
        _note(request, case, decision, outcomes[case.submission])
    return [outcomes[case.submission] for case in cases]


def _refusal(register: Register, case: Case, decision: Decision) -> HengtanError | None:
    """Why this person may not do this now."""
    answer, may_act = case.answer, case.answer.yes
    if decision.do != "approve":  # whoever reviews it may return it, at whatever level it is
        may_act = may_act or answer.why.startswith(("no.level", "no.twice"))
    if not may_act:
        return HengtanError(say(answer.why, "zh"), say(answer.why, "en"))
    if decision.do != "withdraw" and register.state(case.submission) != "submitted":
        return WrongState(say("no.waiting", "zh"), say("no.waiting", "en"))
    return None


def _take_level(request: HttpRequest, case: Case, decision: Decision) -> str | Exception:
    """Note the approval of a level below the last."""
    try:
        with transaction.atomic():
            LevelApproval.objects.create(
                submission=case.submission,
                seq=case.standing.handed_in,
                level=case.standing.level,
                by=request.person.name,
                note=decision.reason[:400],
            )
    except IntegrityError:
        return office_words().error(WrongState, coded("seen.changed", case.submission))
    return "level"


def _step(request: HttpRequest, case: Case, decision: Decision) -> Step:
    """The step of the ledger; an approval says who approved at the levels below."""
    below = [
        word("rv.through").format(office_words().say(f"level.{each.level}"), each.by)
        for each in case.standing.taken
    ]
    reason = "；".join(filter(None, [decision.reason, *below]))
    on_conflict = decision.on_conflict if decision.do == "approve" else None
    actor = Actor(request.person.name)
    return Step(case.submission, STATES[decision.do], actor, reason, on_conflict=on_conflict)


def _note(request: HttpRequest, case: Case, decision: Decision, outcome: str | Exception) -> None:
    """The trail, and a notice to everyone before in the chain."""
    what = f"{decision.do} {case.submission}"
    if isinstance(outcome, Exception):
        trail.note(request, "decision_refused", what, sentence(outcome, "zh")[:400])
        return
    level = f" {case.standing.level}" if outcome == "level" else ""
    trail.note(request, "decision", f"{what}{level}", decision.reason[:400])
    if outcome == "level":
        return
    before = {event.actor for event in case.steps} | {each.by for each in case.standing.taken}
    address = f"/review/{quote(case.submission)}"
    names = asking.form_names(request, [case.form])[case.form]
    arguments = (
        case.submission,
        names,
        request.person.title or request.person.name,
        decision.reason,
    )
    tell(request, before, outcome, arguments, address)
