"""Decisions on what waits, by whoever asks: approve at a level or into force, return, reject,
withdraw; each by itself. A page asks for a few, a job for many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, WrongState
from hengtan.basis.words import coded
from hengtan.ledger.batch import Step
from hengtan.ledger.chain import Event, Register
from hengtan.office.levels import words as office_words
from hengtan.office.permission import Answer
from hengtan.office.permission import words as permission_words
from hengtan.report.words import word
from hengtan.web.rooms.jobs.behalf import OnBehalf
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.asking import Standing, of_submission
from hengtan.web.rooms.review.models import LevelApproval
from hengtan.web.rooms.review.shared import sentence, tell

Asker: TypeAlias = HttpRequest | OnBehalf
Outcome: TypeAlias = str | Exception
"""The word for what was done (approved, level, returned …), or why it was not."""
STATES = {
    "approve": "approved",
    "return": "returned",
    "reject": "rejected",
    "withdraw": "withdrawn",
}
WITH_REASON = frozenset({"return", "reject", "withdraw"})
TOGETHER = 50
"""Steps written in one transaction: whoever else writes waits for no more than these."""
NAMED = 3
"""Submissions that a notice names one by one."""


@dataclass(frozen=True)
class Decision:
    """What is to be done. ``on_conflict`` decides rows that another body reported too."""

    do: str
    reason: str = ""
    on_conflict: str | None = None

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> Decision:
        """As it was sent. Raises HengtanError for an unknown one and a missing reason."""
        decision = cls(
            sent.get("do") or "",
            (sent.get("reason") or "").strip()[:1000],
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
class Seen:
    """What a person had before him: the last step of the ledger and the last level approval."""

    step: int
    level: int

    @classmethod
    def now(cls, register: Register) -> Seen:
        """All there is at this moment."""
        last = LevelApproval.objects.order_by("-id").values_list("id", flat=True).first()
        return cls(register.events[-1].seq if register.events else 0, last or 0)

    @classmethod
    def of(cls, text: str, register: Register) -> Seen:
        """As a page wrote it; all there is where it wrote nothing."""
        step, _, level = text.partition(".")
        if not (step.isascii() and step.isdigit() and level.isascii() and level.isdigit()):
            return cls.now(register)
        return cls(int(step[:15]), int(level[:15]))

    def __str__(self) -> str:
        return f"{self.step}.{self.level}"


@dataclass(frozen=True)
class Case:
    """A submission that is decided on, as it stands."""

    submission: str
    form: str
    steps: list[Event]
    standing: Standing
    answer: Answer


def cases_of(asker: Asker, register: Register, numbers: list[str]) -> dict[str, Case]:
    """Those of some submissions that are there and that this person may read."""
    permission, person = asker.app.permission, asker.person
    things = {number: of_submission(asker, number) for number in numbers}
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
        answer = asking.may_take(asker, thing, standing)
        cases[number] = Case(number, forms[number], steps[number], standing, answer)
    return cases


def changed_since(seen: Seen, cases: Iterable[Case]) -> frozenset[str]:
    """Those of some submissions to which something happened since a person saw them."""
    listed = list(cases)
    numbers = [case.submission for case in listed]
    levels = LevelApproval.objects.filter(submission__in=numbers, id__gt=seen.level)
    stepped = {case.submission for case in listed if case.steps[-1].seq > seen.step}
    return frozenset(stepped | set(levels.values_list("submission", flat=True)))


def changed(submission: str) -> HengtanError:
    """Why nothing is done to one that changed since it was seen."""
    return office_words().error(WrongState, coded("seen.changed", submission))


def carry_out(
    asker: Asker,
    register: Register,
    cases: list[Case],
    decision: Decision,
    done: Mapping[str, Outcome] | None = None,
) -> list[Outcome]:
    """Do it to each; what came of it. ``done``: those of which something came already."""
    outcomes: dict[str, Outcome] = dict(done or {})
    steps: list[Step] = []
    for case in cases:
        if case.submission in outcomes:
            continue
        refusal = _refusal(register, case, decision)
        if refusal is not None:
            outcomes[case.submission] = refusal
        elif decision.do == "approve" and not case.standing.is_last:
            outcomes[case.submission] = _take_level(asker, case, decision)
        else:
            steps.append(_step(asker, case, decision))
    results: list[Outcome] = []
    for first in range(0, len(steps), TOGETHER):
        results += asker.app.writer.record_many(steps[first : first + TOGETHER])
    asking.look_again(asker)
    for step, result in zip(steps, results, strict=True):
        outcomes[step.submission] = result if isinstance(result, Exception) else step.state
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


def say(why: str, lang: str) -> str:
    """A reason of permission or of levels in words."""
    code = why.partition("|")[0]
    table = office_words() if code in office_words() else permission_words()
    return table.say(why, lang)


def _take_level(asker: Asker, case: Case, decision: Decision) -> Outcome:
    """Note the approval of a level below the last."""
    try:
        with transaction.atomic():
            LevelApproval.objects.create(
                submission=case.submission,
                seq=case.standing.handed_in,
                level=case.standing.level,
                by=asker.person.name,
                note=decision.reason[:400],
            )
    except IntegrityError:
        return changed(case.submission)
    return "level"


def _step(asker: Asker, case: Case, decision: Decision) -> Step:
    """The step of the ledger; an approval says who approved at the levels below."""
    below = [
        word("rv.through").format(office_words().say(f"level.{each.level}"), each.by)
        for each in case.standing.taken
    ]
    reason = "；".join(filter(None, [decision.reason, *below]))
    on_conflict = decision.on_conflict if decision.do == "approve" else None
    actor = Actor(asker.person.name)
    return Step(case.submission, STATES[decision.do], actor, reason, on_conflict=on_conflict)


def deed(case: Case, decision: Decision, outcome: Outcome) -> tuple[str, str, str]:
    """What the audit trail says of a decision: kind, what, why."""
    what = f"{decision.do} {case.submission}"
    if isinstance(outcome, Exception):
        return "decision_refused", what, sentence(outcome, "zh")[:400]
    level = f" {case.standing.level}" if outcome == "level" else ""
    return "decision", f"{what}{level}", decision.reason[:400]


def tell_before(
    asker: Asker, cases: list[Case], decision: Decision, outcome: str, key: str | None = None
) -> None:
    """A notice to everyone before in the chain of submissions with the same outcome: one for all
    that the same people handed in as a form. An approval of a level below the last is not told.
    """
    alike: dict[tuple[str, frozenset[str]], list[str]] = {}
    for case in cases if outcome != "level" else ():
        people = {event.actor for event in case.steps} | {each.by for each in case.standing.taken}
        alike.setdefault((case.form, frozenset(people)), []).append(case.submission)
    for (form, before), numbers in alike.items():
        names = asking.form_names(asker, [form])[form]
        by = asker.person.title or asker.person.name
        arguments = (_named(numbers), names, by, decision.reason)
        address = f"/review/{quote(numbers[0])}"
        its_key = key and f"{key}:{numbers[0]}"
        tell(asker, before, outcome, arguments, address, its_key)


def _named(numbers: list[str]) -> str | tuple[str, str]:
    """Submissions as a notice names them: each, or the first and how many there are."""
    if len(numbers) <= NAMED:
        return "、".join(numbers)
    first = "、".join(numbers[:NAMED])
    return word("rv.some").format(first, len(numbers)), word("rv.some", "en").format(
        first, len(numbers)
    )
