"""Bulletins: periods with their state, the draft of one, and what is done to it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, NoSuchRow
from hengtan.desk.bulletin import make
from hengtan.desk.bulletin_issues import freeze, issues
from hengtan.desk.downloads import Download, of_bulletin
from hengtan.desk.monthly import cumulative, months_of
from hengtan.desk.official_fields import FIELDS, official_of
from hengtan.office.bulletin_drafts import (
    APPROVED,
    BulletinDraft,
    fingerprint,
    refused,
)
from hengtan.office.permission import Thing
from hengtan.report.bulletin_text import paragraphs, title_of
from hengtan.report.page.bulletin import in_english
from hengtan.report.words import word
from hengtan.web.advice import advice
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page, site_of
from hengtan.web.things import of_region
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

router = Router()
WRITE, APPROVE = "bulletin.write", "bulletin.approve"
SHOWN = 24


def of_draft(request: HttpRequest, period: str, **parts: str) -> Thing | None:
    """The draft of a period: of the region, by who edited it last."""
    row = _row(period)
    if row is None:
        return None
    return Thing(place=site_of(request).workspace.settings.region, by=row.by)


def _row(period: str) -> Any:
    from hengtan.web.rooms.bulletins.models import DraftRow

    return DraftRow.objects.filter(period=period).first()


def _draft(period: str) -> BulletinDraft:
    row = _row(period)
    if row is None:
        raise NoSuchRow(f"没有{period}的通报稿", f"no draft of {period}")
    draft: BulletinDraft = row.draft()
    return draft


@router.get("/bulletins", WRITE, of_region)
def listed(request: HttpRequest) -> HttpResponse:
    """The periods there are figures of, with draft and frozen issue."""
    from hengtan.web.rooms.bulletins.models import DraftRow

    periods, frozen = site_of(request).ask(_periods)
    drafts = {row.period: row for row in DraftRow.objects.all()}
    last = max(frozen, default="")  # nothing is frozen behind a later issue
    return _page(request, "list", periods=periods, drafts=drafts, frozen=frozen, last=last)


def _periods(workspace: Workspace) -> tuple[list[str], dict[str, int]]:
    months, _ = months_of(workspace, AsOf.of())
    periods = sorted({(year, month) for _, year, month in months}, reverse=True)[:SHOWN]
    frozen = {f"{i['year']}-{i['month']:02d}": i["issue"] for i in issues(workspace)}
    return [f"{year}-{month:02d}" for year, month in periods], frozen


@router.post("/bulletins", WRITE, of_region)
def start(request: HttpRequest) -> HttpResponse:
    """Begin the draft of a period with the sentences its figures give."""
    from hengtan.web import trail
    from hengtan.web.rooms.bulletins.models import DraftRow

    year, month = cumulative(request.POST.get("period", ""))
    period = f"{year}-{month:02d}"
    bulletin = _made(request, period)
    text, figures = tuple(paragraphs(bulletin)), fingerprint(bulletin)
    draft = BulletinDraft(period, text, figures, {}, request.person.name)
    if DraftRow.keep(draft, None):
        trail.note(request, "bulletin.start", period)
    return _to(period)


@router.get("/bulletins/{period}", WRITE, of_draft)
def draft_page(request: HttpRequest, period: str) -> HttpResponse:
    """The draft to edit, or to read where it waits for approval or is frozen."""
    return _draft_page(request, _draft(period))


def _title(request: HttpRequest, bulletin: Mapping[str, Any]) -> str:
    """The title of an issue in the reader's language."""
    if language(request) == "zh":
        return title_of(bulletin)
    places = request.app.site.workspace.pack.places()
    names = {place.code: place.name_en for place in places if place.name_en}
    return title_of(in_english(bulletin, names), "en")


def _draft_page(
    request: HttpRequest, draft: BulletinDraft, error: str = "", status: int = 200
) -> HttpResponse:
    bulletin = _made(request, draft.period)
    thing = of_draft(request, draft.period)
    may_approve = request.app.permission.may(request.person, APPROVE, thing)
    return _page(
        request,
        "draft",
        draft=draft,
        bulletin_title=_title(request, bulletin),
        moved=draft.state != APPROVED and fingerprint(bulletin) != draft.figures,
        names=FIELDS,
        may_approve=bool(may_approve),
        why_not="" if may_approve else may_approve.say(language(request)),
        error=error,
        status=status,
    )


@router.post("/bulletins/{period}/save", WRITE, of_draft)
def save(request: HttpRequest, period: str) -> HttpResponse:
    """Keep what the editor wrote."""
    draft = _draft(period)
    typed = request.POST
    sections = list(zip(typed.getlist("heading"), typed.getlist("said"), strict=False))
    fields = {name: typed.get(name, "") for name in FIELDS}
    version = typed.get("version", "")
    number = int(version) if version.isdecimal() else 0
    try:
        official_of(fields)
        after = draft.edited(sections, fields, request.person.name, number)
        return _kept(request, draft, after, "bulletin.save")
    except HengtanError as error:
        # what was typed stays on the page, with the version it was typed over
        shown = replace(draft, text=tuple(sections), fields=fields, version=number)
        return _draft_page(request, shown, _said(request, error), 400)


@router.post("/bulletins/{period}/rewrite", WRITE, of_draft)
def rewrite(request: HttpRequest, period: str) -> HttpResponse:
    """Make the sentences anew from the figures there are."""
    draft, bulletin = _draft(period), _made(request, period)
    after = draft.rewritten(paragraphs(bulletin), fingerprint(bulletin), request.person.name)
    return _kept(request, draft, after, "bulletin.rewrite")


@router.post("/bulletins/{period}/submit", WRITE, of_draft)
def submit(request: HttpRequest, period: str) -> HttpResponse:
    """Hand the draft on for approval."""
    draft = _draft(period)
    after = draft.submitted(fingerprint(_made(request, period)))
    return _kept(request, draft, after, "bulletin.submit")


@router.post("/bulletins/{period}/return", APPROVE, of_draft)
def send_back(request: HttpRequest, period: str) -> HttpResponse:
    """Send the draft back with a reason."""
    draft = _draft(period)
    after = draft.returned(request.POST.get("reason", ""))
    return _kept(request, draft, after, "bulletin.return", after.reason)


@router.post("/bulletins/{period}/approve", APPROVE, of_draft)
def approve(request: HttpRequest, period: str) -> HttpResponse:
    """Approve the draft and freeze it as an issue, with its text and what the office adds."""
    from django.db import transaction

    draft, bulletin = _draft(period), _made(request, period)
    after = draft.approved(fingerprint(bulletin))
    text = [list(section) for section in after.text]
    issue = {**bulletin, "text": text, "official": dict(after.fields), "written_by": after.by}
    with transaction.atomic():  # the draft stays open where the issue cannot be frozen
        answer = _kept(request, draft, after, "bulletin.approve")
        site_of(request).ask(freeze, issue, Actor(request.person.name or "—"))
    return answer


@router.get("/bulletins/{period}/file.{end}", WRITE, of_draft)
def file(request: HttpRequest, period: str, end: str) -> HttpResponse:
    """The draft, or the frozen issue, as a document."""
    draft = _draft(period)
    official = official_of(draft.fields, draft.text)
    bulletin = _frozen(request, period) if draft.state == APPROVED else _made(request, period)
    return _sent(of_bulletin(bulletin, end, official))


def _made(request: HttpRequest, period: str) -> dict[str, Any]:
    """The bulletin of a period: worked out once while neither figures nor frozen issues change."""
    site, as_of = site_of(request), AsOf.of(today=request.app.today())
    frozen = tuple(issue["digest"] for issue in site.ask(issues))
    return deepcopy(site.ask_once(_bulletin, period=period, as_of=as_of, frozen=frozen))


def _bulletin(
    workspace: Workspace, period: str, as_of: AsOf, frozen: tuple[str, ...]
) -> dict[str, Any]:
    """``frozen`` names the issues that revisions are counted from."""
    return make(workspace, period, as_of=as_of)


def _frozen(request: HttpRequest, period: str) -> dict[str, Any]:
    year, month = cumulative(period)
    for issue in site_of(request).ask(issues):
        if (issue["year"], issue["month"]) == (year, month):
            return dict(issue)
    raise NoSuchRow(f"没有{period}的存档", f"no issue of {period}")


def _kept(
    request: HttpRequest, draft: BulletinDraft, after: BulletinDraft, kind: str, why: str = ""
) -> HttpResponse:
    """Keep a draft over the one that was read. Raises DraftRefused where somebody was faster."""
    from hengtan.web import trail
    from hengtan.web.rooms.bulletins.models import DraftRow

    if not DraftRow.keep(after, draft.version):
        raise refused("stale", by=_draft(draft.period).by)
    trail.note(request, kind, draft.period, why)
    return _to(draft.period)


def _to(period: str) -> HttpResponse:
    return HttpResponseRedirect(f"/bulletins/{period}", status=303)


def _sent(file: Download) -> HttpResponse:
    named = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return HttpResponse(
        file.content, content_type=file.kind, headers={"Content-Disposition": named}
    )


def _said(request: HttpRequest, error: HengtanError) -> str:
    english = language(request) == "en"
    sentences = (error.en, advice(error.todo_en)) if english else (error.zh, advice(error.todo))
    return ("; " if english else "；").join(filter(None, sentences))


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    title = word("nav.bulletins", language(request))
    return room_page(request, f"bulletins/{name}.html", title=title, here="bulletins", **context)
