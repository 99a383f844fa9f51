"""The queue of review, and the page of one submission."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse

from hengtan.basis.errors import HengtanError
from hengtan.desk import reviewing
from hengtan.ledger.chain import STEPS, Register
from hengtan.ledger.handing_in import known
from hengtan.office.waiting import WAITS, Waiting, neighbours
from hengtan.report.files import safe
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.asking import of_submission
from hengtan.web.rooms.review.deciding import Seen, say
from hengtan.web.rooms.review.models import Comment, LevelApproval
from hengtan.web.rooms.review.shared import goes_on, sentence, shown
from hengtan.web.routing import Router
from hengtan.web.site import fragment, language, site_of

router = Router()
PAGE = 50
"""Submissions of a page of the queue."""
CHOICES = 60
"""Forms and places that the filter offers."""


@router.get("/review", "record.review")
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for this person, by due day."""
    return queue_page(request)


def queue_page(
    request: HttpRequest, outcomes: list[Mapping[str, Any]] | None = None, status: int = 200
) -> HttpResponse:
    """The queue; with what came of many decisions at once, where some were made."""
    state, form, place = filters(request)
    forms, places = (asking.tally(request, state, part) for part in ("form", "place"))
    waiting = asking.listed(request, state, form, place)
    pages = max(1, -(-len(waiting) // PAGE))
    number = min(max(1, _number(request.GET.get("page", "1"))), pages)
    chosen = waiting[(number - 1) * PAGE : number * PAGE]
    register = asking.register_of(request)
    return shown(
        request,
        "review/queue.html",
        word("nav.review", language(request)),
        status=status,
        rows=_rows(request, register, chosen),
        outcomes=outcomes or [],
        total=len(waiting),
        number=number,
        of_pages=pages,
        state=state,
        form=form,
        place=place,
        forms=_choices(forms, asking.form_names(request, forms)),
        places=_choices(places, place_names(request)),
        counts={each: len(asking.listed(request, each)) for each in WAITS},
        query=urlencode({"state": state, "form": form, "place": place}),
        today=request.app.today(),
        seen=str(Seen.now(register)),
    )


def filters(request: HttpRequest) -> tuple[str, str, str]:
    """State, form and place that the address asks for."""
    state = request.GET.get("state", "submitted")
    asked_for = state if state in WAITS else "submitted"
    return asked_for, request.GET.get("form", ""), request.GET.get("place", "")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _choices(
    counted: Mapping[str, int], names: Mapping[str, tuple[str, str]]
) -> list[tuple[str, tuple[str, str], int]]:
    listed = [(code, names.get(code, (code, code)), n) for code, n in counted.items() if code]
    return listed[:CHOICES]


def place_names(request: HttpRequest) -> dict[str, tuple[str, str]]:
    """Names of places in both languages."""
    places = asking.places_of(request)
    return {place.code: (place.name_zh, place.name_en or place.name_zh) for place in places}


def _rows(request: HttpRequest, register: Register, chosen: list[Waiting]) -> list[dict[str, Any]]:
    """Rows of the queue with whose turn it is and who is looking."""
    chains = asking.levels()
    standings = asking.standings(chains, [(w.submission, w.form, w.filed) for w in chosen])
    looking = asking.lookers([w.submission for w in chosen], besides=request.person.name)
    names, places = asking.form_names(request, {w.form for w in chosen}), place_names(request)
    rows = []
    for waiting in chosen:
        record, standing = register.records[waiting.submission], standings[waiting.submission]
        answer = asking.may_take(request, waiting.thing, standing)
        rows.append(
            {
                "waiting": waiting,
                "record": record,
                "form": names[waiting.form],
                "place": places.get(waiting.place or "", (waiting.place or "",) * 2),
                "standing": standing,
                "may_take": bool(answer),
                "looking": looking.get(waiting.submission, []),
            }
        )
    return rows


@router.get("/review/{submission}", "record.read", of_submission)
def one_submission(request: HttpRequest, submission: str) -> HttpResponse:
    """A submission with its rows, differences, history and what may be decided."""
    return submission_page(request, submission)


def submission_page(
    request: HttpRequest, submission: str, error: str = "", status: int = 200
) -> HttpResponse:
    """The page of a submission; ``error``: why a decision was not carried out."""
    workspace, register = site_of(request).workspace, asking.register_of(request)
    record, state = known(register, submission), register.state(submission)
    thing = of_submission(request, submission)
    assert thing is not None
    steps = asking.steps_of(register, [submission])[submission]
    filed = asking.handed_in_at(steps)
    standing = asking.standings(asking.levels(), [(submission, record.form, filed)])[submission]
    waits = state == "submitted"
    may = asking.may_take(request, thing, standing)
    review = request.app.permission.may(request.person, "record.review", thing)
    changes = reviewing.differences_of(workspace, submission) if waits else None
    first = _number(request.GET.get("from", "0")) if request.GET.get("from") else 0
    before, after = neighbours(asking.listed(request, *filters(request)), submission)
    lang, query = language(request), urlencode({"state": filters(request)[0]})
    names = place_names(request)
    has_form = record.form in workspace.forms
    return shown(
        request,
        "review/submission.html",
        f"{submission} {word('nav.review', lang)}",
        status=status,
        error=error,
        record=record,
        state=state,
        waits=waits,
        thing=thing,
        form=asking.form_names(request, [record.form])[record.form],
        place=names.get(thing.place or "", (thing.place or "",) * 2),
        body=names.get(record.body or "", (record.body or "",) * 2),
        standing=standing,
        may_take=may,
        why_not="" if may else say(may.why, lang),
        may_review=bool(review),
        withdrawable="withdrawn" in STEPS[state],
        changes=changes,
        rivals=reviewing.rivals_of(workspace, submission, changes)
        if changes and changes.clashes and has_form
        else [],
        rows=reviewing.rows_of(workspace, submission, changes, first) if has_form else None,
        replaced=[] if waits else reviewing.replaced_by(workspace, submission),
        history=_history(submission, steps),
        comments=Comment.objects.filter(submission=submission).order_by("id"),
        seq=steps[-1].seq,
        page_size=reviewing.PAGE,
        before=before,
        after=after,
        query=query,
        did=request.GET.get("did", ""),
        did_of=request.GET.get("of", ""),
    )


def _history(submission: str, steps: list[Any]) -> list[dict[str, Any]]:
    """Steps of the ledger and approvals of lower levels, in order of time."""
    from hengtan.basis.days import BEIJING

    rows = [
        {"at": e.at, "by": e.actor, "state": e.state, "reason": e.reason, "level": ""}
        for e in steps
    ]
    for row in LevelApproval.objects.filter(submission=submission):
        at = row.at.astimezone(BEIJING).replace(tzinfo=None)
        rows.append(
            {"at": at, "by": row.by, "state": "level", "reason": row.note, "level": row.level}
        )
    return sorted(rows, key=lambda row: row["at"])


@router.get("/review/{submission}/findings", "record.read", of_submission)
def findings(request: HttpRequest, submission: str) -> HttpResponse:
    """What the checks say, asked anew; a piece of the page that comes after it."""
    site = site_of(request)
    checked = site.ask(reviewing.findings_of, submission)
    error = sentence(checked.error, language(request)) if checked.error else ""
    pages = site.bare_pages(language(request))
    text = fragment(request, "review/findings.html", pages=pages, checked=checked, error=error)
    return HttpResponse(text)


@router.post("/review/{submission}/looking", "record.read", of_submission)
def looking(request: HttpRequest, submission: str) -> HttpResponse:
    """A sign that the page is open; who else looks at it."""
    others = asking.looks(request, submission)
    pages = site_of(request).bare_pages(language(request))
    return HttpResponse(fragment(request, "review/looking.html", pages=pages, others=others))


@router.post("/review/{submission}/comment", "record.read", of_submission)
def comment(request: HttpRequest, submission: str) -> HttpResponse:
    """Write a comment."""
    text = request.POST.get("text", "").strip()[:2000]
    if text:
        Comment.objects.create(submission=submission, by=request.person.name, text=text)
        trail.note(request, "comment", submission)
    return goes_on(f"/review/{quote(submission)}")


@router.get("/review/{submission}/original", "record.read", of_submission)
def original(request: HttpRequest, submission: str) -> HttpResponse:
    """The file as it was handed in, to be kept, never shown by the browser."""
    file = reviewing.original_of(site_of(request).workspace, submission)
    if file is None:
        raise HengtanError(
            "这份提交没有原始文件",
            "this submission has no original file",
            todo="它是在网格里填的",
            todo_en="it was entered in the grid",
        )
    trail.note(request, "original", submission)
    return _attached(file[0], file[1], "application/octet-stream")


@router.get("/review/{submission}/rows.csv", "export.take", of_submission)
def rows_as_csv(request: HttpRequest, submission: str) -> HttpResponse:
    """The rows as they are stored; a text that a spreadsheet would compute is written as text."""
    workspace = site_of(request).workspace
    form = known(workspace.ledger.current(), submission).form
    table = workspace.ledger.query_arrow(
        f"select * exclude (_submission) from {workspace.ledger.handed_in_rows(form)}"
        " where _submission = ? order by _row",
        [submission],
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(["" if v is None else safe(v) for v in row.values()])
    trail.note(request, "export", f"{submission} csv")
    return _attached(f"{submission}.csv", ("\ufeff" + out.getvalue()).encode(), "text/csv")


def _attached(name: str, content: bytes, kind: str) -> HttpResponse:
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
