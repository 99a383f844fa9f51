"""What is to be filled and what became of it: drafts, submissions with their state, templates."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.basis.period import Period
from hengtan.desk.entry import with_cells
from hengtan.desk.entry_files import Owed, owed_grid, reopened, safe_name, write_owed_template
from hengtan.ledger.chain import STEPS, Event, Record
from hengtan.office.permission import Thing
from hengtan.office.typed import Typed
from hengtan.report.words import titles_of_table, word, word_or_code
from hengtan.web import trail
from hengtan.web.lists import as_q
from hengtan.web.rooms.entry import drafts, scope
from hengtan.web.rooms.entry.drafts import About
from hengtan.web.rooms.entry.models import DraftRow
from hengtan.web.rooms.entry.shared import (
    entry_page,
    form_of,
    period_name,
    place_name,
    sentence,
    workspace_of,
)
from hengtan.web.rooms.review import asking
from hengtan.web.routing import Router
from hengtan.web.site import language

router = Router("/entry")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = "cell."
"""What the name of a field begins with that gives a cell of the row to be filled."""
MOST_SHOWN = 100
"""Drafts and submissions of a page, the newest."""


def of_sent(request: HttpRequest, **_: str) -> Thing | None:
    """What the form, place, entity and department that were sent are about."""
    sent = request.POST
    if not sent.get("form") or not sent.get("place"):
        return None
    return Thing(
        place=sent["place"],
        form=sent["form"],
        department=sent.get("department") or None,
        entity=sent.get("entity", "").strip() or None,
    )


def of_submission(request: HttpRequest, **_: str) -> Thing | None:
    """What the submission that was sent is about, its rows with it; None where there is none."""
    return asking.of_submission(request, request.POST.get("submission", ""))


@router.get("", scope.FILE)
def entry(request: HttpRequest) -> HttpResponse:
    """Drafts, submissions, and the choice of what to fill."""
    return shown(request)


def shown(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    """The first page of entry, with what went wrong."""
    asked = {**request.GET.dict(), **request.POST.dict()}
    chosen = {name: asked.get(name, "") for name in ("form", "place", "period", "entity")}
    chosen["entity"] = chosen["entity"] or scope.only(request, "entity")
    chosen["department"] = scope.only(request, "department")
    rows = drafts_for(request) if request.app.writable else []
    return entry_page(
        request,
        "list",
        title=word("nav.entry", language(request)),
        status=status,
        error=error,
        forms=scope.forms_for(request),
        places=scope.places_for(request),
        chosen=chosen,
        duties="/duties" in request.app.urls.routes,
        drafts=rows,
        submissions=_submissions(request),
        sent=_sent(request),
    )


def _sent(request: HttpRequest) -> dict[str, Any] | None:
    """The submission that was handed in last, to be told of."""
    number = request.GET.get("sent", "")
    record = workspace_of(request).ledger.current().records.get(number)
    if record is None or not _is_mine(request, record):
        return None
    return {
        "submission": number,
        "rows": record.rows,
        "unchanged": request.GET.get("again") == "yes",
    }


def _is_mine(request: HttpRequest, record: Record) -> bool:
    return record.actor == request.person.name or _may_file(request, record)


def _may_file(request: HttpRequest, record: Record) -> bool:
    thing = asking.of_submission(request, record.submission)
    return thing is not None and scope.may_file(request, thing)


def drafts_for(request: HttpRequest, **about: str) -> list[dict[str, Any]]:
    """The open drafts a person may work on, by the rule that opens each; those ``about`` an
    enterprise or a form where named.
    """
    mine = as_q(
        scope.ways(request), place="place", form="form", department="department", entity="entity"
    )
    rows = DraftRow.objects.filter(mine, submission="", **about).defer("typed")
    return [_draft(request, row) for row in rows[:MOST_SHOWN]]


def _draft(request: HttpRequest, row: DraftRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": _title(request, row.form),
        "place_name": place_name(request, row.place),
        "entity": row.entity or row.department,
        "period": period_name(request, row.period),
        "replaces": row.replaces,
        "at": drafts.shown(row.saved_at),
        "by": row.saved_by,
        "version": row.version,
        "follow": row.notes.filter(is_follow_up=True, done_at=None).count(),
    }


def _title(request: HttpRequest, form: str) -> tuple[str, str]:
    known = workspace_of(request).forms.get(form)
    if known:
        return known.title_zh, known.title_en
    zh, en = titles_of_table(form)  # forms of the program: evidence of tasks, heads of the trail
    return zh or form, en or form


def _submissions(request: HttpRequest) -> list[dict[str, Any]]:
    """The newest submissions of the person, and of what the person may report."""
    register = workspace_of(request).ledger.current()
    newest = reversed(register.records.values())
    mine = list(islice((r for r in newest if _is_mine(request, r)), MOST_SHOWN))
    numbers = {record.submission for record in mine}
    history: dict[str, list[Event]] = {}
    for event in register.events:
        if event.submission in numbers:
            history.setdefault(event.submission, []).append(event)
    return [_submission(request, record, history[record.submission]) for record in mine]


def _submission(request: HttpRequest, record: Record, history: list[Event]) -> dict[str, Any]:
    row, last = vars(record), history[-1]
    return {
        **{name: row[name] for name in ("submission", "channel", "file_name", "rows")},
        "state": last.state,
        "reason": _reason(request, last),
        "title": _title(request, record.form),
        "place_name": place_name(request, record.place),
        "at": f"{record.at:%Y-%m-%d %H:%M} {_actor(request, record.actor)}",
        "changed_by": _actor(request, last.actor) if len(history) > 1 else "",
        "changed_at": f"{last.at:%Y-%m-%d %H:%M}",
        "can_correct": "superseded" in STEPS[last.state] and _may_file(request, record),
    }


def _actor(request: HttpRequest, name: str) -> str:
    """Who acted: a person by his name, the program in words."""
    return word_or_code("actor", name, language(request))


def _reason(request: HttpRequest, last: Event) -> str:
    """Why a submission stands as it does; what the ledger notes of a correction in words."""
    if last.state == "superseded" and last.reason:
        return f"{word('superseded.by', language(request))} {last.reason.split()[-1]}"
    return last.reason or ""


@router.post("/new", scope.FILE, of_sent)
def new(request: HttpRequest) -> HttpResponse:
    """The open draft of what was chosen, or a new one filled with what is owed."""
    try:
        about, owed = _about(request)
        open_row = drafts.open_one(about)
        if open_row is not None:
            _ask_in(request, open_row, about)
            return HttpResponseRedirect(f"/entry/d/{open_row.key}", status=303)
        typed = owed_grid(workspace_of(request), form_of(request, about.form), [owed])
        typed = _asked_in(request, typed, about)
    except HengtanError as error:
        return shown(request, sentence(request, error), 400)
    row = drafts.begin(about, typed, request.person)
    trail.note(request, "draft_begun", row.key, f"{row.form} {row.place} {row.period}")
    return HttpResponseRedirect(f"/entry/d/{row.key}", status=303)


def _asked_in(request: HttpRequest, typed: Typed, about: About) -> Typed:
    """A grid with a row for the cells that a link asks for (``cell.item=…``)."""
    sent = request.POST.items()
    cells = {name.removeprefix(CELL): text for name, text in sent if name.startswith(CELL)}
    place = workspace_of(request).pack.places()[about.place].name_zh
    return with_cells(form_of(request, about.form), typed, cells, place)


def _ask_in(request: HttpRequest, row: DraftRow, about: About) -> None:
    """The same in a draft that is open already. Raises Overtaken."""
    typed = Typed.from_dict(row.typed)
    asked = _asked_in(request, typed, about)
    if asked is not typed:
        drafts.save(row.key, asked, row.version, request.person)


def _about(request: HttpRequest) -> tuple[About, Owed]:
    """What was chosen. Raises BadPeriod, UnknownForm, UnknownPlace."""
    sent = {name: text.strip() for name, text in request.POST.items()}
    form_of(request, sent["form"])
    place = workspace_of(request).pack.places().find(sent["place"]).code
    period = Period.read(sent.get("period", "")).zh()
    entity, department = sent.get("entity", "")[:40], sent.get("department", "")[:60]
    about = About(sent["form"], place, entity, department, period)
    return about, Owed(period, place, entity or None)


@router.post("/template", scope.FILE, of_sent)
def template(request: HttpRequest) -> HttpResponse:
    """The Excel template in the language of the page, filled with what is owed."""
    try:
        about, owed = _about(request)
        form, lang = form_of(request, about.form), language(request)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "template.xlsx"
            write_owed_template(workspace_of(request), form, path, [owed], lang)
            content = path.read_bytes()
    except HengtanError as error:
        return shown(request, sentence(request, error), 400)
    title = form.title_zh if lang == "zh" else form.title_en
    period = period_name(request, about.period)
    name = safe_name(f"{title}-{place_name(request, about.place)}-{period}.xlsx")
    disposition = f"attachment; filename=\"{about.form}.xlsx\"; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


@router.post("/correct", scope.FILE, of_submission)
def correct(request: HttpRequest) -> HttpResponse:
    """A draft with the cells of a submission, which it will replace."""
    ledger = workspace_of(request).ledger
    record = ledger.current().records[request.POST["submission"]]
    open_row = DraftRow.objects.filter(replaces=record.submission, submission="").first()
    if open_row is not None and scope.may_file(request, open_row.thing):
        return HttpResponseRedirect(f"/entry/d/{open_row.key}", status=303)
    try:
        if record.place is None:
            raise NoSuchRow("这份提交没有地区", "the submission has no place")
        typed = reopened(workspace_of(request), form_of(request, record.form), record.submission)
    except HengtanError as error:
        return shown(request, sentence(request, error), 400)
    before = DraftRow.objects.filter(submission=record.submission).first()
    body = record.body if record.body != record.place else ""
    thing = of_submission(request)
    about = About(
        record.form,
        str(thing.place if thing and thing.place else record.place),
        before.entity if before else (body or ""),
        before.department if before else "",
        before.period if before else "",
        record.submission,
    )
    row = drafts.begin(about, typed, request.person)
    trail.note(request, "draft_begun", row.key, f"corrects {record.submission}")
    return HttpResponseRedirect(f"/entry/d/{row.key}", status=303)
