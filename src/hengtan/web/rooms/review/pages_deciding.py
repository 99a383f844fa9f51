"""Decisions in pages: on one submission, on a few at once, and how far a job of many is."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from hengtan.basis.errors import HengtanError, WrongState
from hengtan.ledger.chain import Register
from hengtan.office.levels import words as office_words
from hengtan.office.waiting import neighbours
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import missing
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.models import DONE, Job
from hengtan.web.rooms.review import asking, deciding
from hengtan.web.rooms.review.asking import of_submission
from hengtan.web.rooms.review.deciding import (
    Case,
    Decision,
    Outcome,
    Seen,
    cases_of,
    changed_since,
    deed,
    tell_before,
)
from hengtan.web.rooms.review.models import Decided
from hengtan.web.rooms.review.pages import filters, queue_page, submission_page
from hengtan.web.rooms.review.shared import goes_on, sentence, shown
from hengtan.web.rooms.review.work_decisions import DECISIONS, asked_before, decide_later
from hengtan.web.routing import Router
from hengtan.web.site import fragment, language, site_of

router = Router()
MOST = 500
"""Submissions decided at once."""
DIRECT = 20
"""Submissions up to which a request waits until all are decided; more are a job."""


@router.post("/review/{submission}/decide", "record.review", of_submission)
def decide(request: HttpRequest, submission: str) -> HttpResponse:
    """Carry out a decision on one submission and go on to the next."""
    listed = asking.listed(request, *filters(request))
    _, after = neighbours(listed, submission)
    register = asking.register_of(request)
    try:
        decision = Decision.of(request.POST)
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
        raise deciding.changed(case.submission)


@router.post("/review/many", "record.review")
def many(request: HttpRequest) -> HttpResponse:
    """Carry out one decision on many submissions; each has its own outcome, none fails another."""
    lang, register = language(request), asking.register_of(request)
    seen = Seen.of(request.POST.get("seen", ""), register)
    numbers = _chosen(request, register, seen)
    try:
        decision = Decision.of(request.POST)
    except HengtanError as error:
        text = sentence(error, lang)
        return queue_page(request, [{"submission": "", "ok": False, "text": text}], 400)
    job = asked_before(request, decision, numbers, seen)
    if job is not None or len(numbers) > DIRECT:
        job = job or decide_later(request, decision, numbers, seen)
        return goes_on(f"/review/many/{job.pk}")
    cases = cases_of(request, register, numbers)
    moved = {n: deciding.changed(n) for n in changed_since(seen, cases.values())}
    results = dict(
        zip(
            cases,
            carry_out(request, register, [*cases.values()], decision, moved),
            strict=True,
        )
    )
    outcomes = []
    for number in numbers:
        outcome: Any = results.get(number) or office_words().error(WrongState, "not_there")
        failed = isinstance(outcome, Exception)
        text = sentence(outcome, lang) if failed else word(f"rv.did.{outcome}", lang)
        outcomes.append({"submission": number, "ok": not failed, "text": text})
    return queue_page(request, sorted(outcomes, key=lambda each: bool(each["ok"])))


def _chosen(request: HttpRequest, register: Register, seen: Seen) -> list[str]:
    """The submissions that were ticked, or with ``all`` those of the list as it was seen whose turn
    is this person's.
    """
    if not request.POST.get("all"):
        return list(dict.fromkeys(request.POST.getlist("submission")))[:MOST]
    listed = [w for w in asking.listed(request, *filters(request)) if w.filed <= seen.step]
    standings = asking.standings(asking.levels(), [(w.submission, w.form, w.filed) for w in listed])
    takable = (
        w.submission
        for w in listed
        if asking.may_take(request, w.thing, standings[w.submission]).yes
    )
    return list(islice(takable, MOST))


def carry_out(
    request: HttpRequest,
    register: Register,
    cases: list[Case],
    decision: Decision,
    moved: Mapping[str, Outcome] | None = None,
) -> list[Outcome]:
    """Do it, note each in the trail, and tell everyone before in the chain."""
    outcomes = deciding.carry_out(request, register, cases, decision, moved)
    for case, outcome in zip(cases, outcomes, strict=True):
        trail.note(request, *deed(case, decision, outcome))
        if not isinstance(outcome, Exception):
            tell_before(request, [case], decision, outcome)
    return outcomes


def _job(request: HttpRequest, number: str) -> Job | None:
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    jobs = Job.objects.filter(pk=int(number), kind=DECISIONS, by=request.person.name)
    job: Job | None = jobs.first()
    return job  # somebody else's is not there


@router.get("/review/many/{job}", "record.review")
def decisions(request: HttpRequest, job: str) -> HttpResponse:
    """How far many decisions are, and what came of each."""
    row = _job(request, job)
    if row is None:
        return missing(request)
    rows = list(Decided.objects.filter(job=row.pk).order_by("outcome", "id"))
    chosen = Decision.of(row.arguments)
    context: dict[str, Any] = {
        "job": row,
        "rows": rows,
        "done": sum(bool(each.outcome) for each in rows),
        "number": len(row.arguments["submissions"]),
        "decision": chosen,
    }
    lang = language(request)
    if request.headers.get("HX-Request"):
        pages = site_of(request).bare_pages(lang)
        return HttpResponse(fragment(request, "review/many_rows.html", pages=pages, **context))
    return shown(request, "review/many.html", word("rv.many.title", lang), **context)


@router.post("/review/many/{job}/stop", "record.review")
def stop(request: HttpRequest, job: str) -> HttpResponse:
    """Do nothing more; what was decided stays decided."""
    row = _job(request, job)
    if row is None:
        return missing(request)
    if row.is_active:
        leases.cancel(row)
        trail.note(request, "job_cancel", f"{row.kind} {row.pk}")
    return goes_on(f"/review/many/{row.pk}")


@router.post("/review/many/{job}/again", "record.review")
def again(request: HttpRequest, job: str) -> HttpResponse:
    """Go on with what was stopped: what was decided is not decided again."""
    row = _job(request, job)
    if row is None:
        return missing(request)
    if row.state != DONE:
        leases.begin_anew(row)
        trail.note(request, "job_again", f"{row.kind} {row.pk}")
    return goes_on(f"/review/many/{row.pk}")
