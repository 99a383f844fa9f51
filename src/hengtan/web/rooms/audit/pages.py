"""The audit trail: found by person, kind and day, paged, exported; its chain checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from hengtan.basis.days import BEIJING
from hengtan.office.permission import words
from hengtan.report.files import safe
from hengtan.report.words import has, word
from hengtan.web import trail
from hengtan.web.rooms.audit import heads
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.audit.saying import in_words, with_seals_marked
from hengtan.web.rooms.enterprises.listing import names_of_places
from hengtan.web.routing import Router
from hengtan.web.site import language, room_page

router = Router("/audit")
CODED_REASONS = ("setting", "draft_begun", "draft_discarded")
"""Kinds of entries that say where a thing belongs as their reason."""
OF_DRAFT = "draft "
"""What the reason of something handed in begins with where it was a draft; else it is a file."""
A_PAGE, MOST_EXPORTED = 100, 100_000
FIELDS = ("by", "kind", "from", "to")
COLUMNS = ("number", "at", "by", "kind", "what", "why", "address", "seal")


@dataclass(frozen=True)
class Listed:
    """A page of entries with the question it answers."""

    page: Page[Any]
    asked: dict[str, str]

    def link(self, number: int) -> str:
        """The question for another page."""
        return "?" + urlencode({**self.asked, "page": number})

    @property
    def query(self) -> str:
        """The question, for the export."""
        return urlencode(self.asked)


class BadDay(ValueError):
    """A day of the question that is none."""


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:60] for name in FIELDS}


def _entries(asked: dict[str, str]) -> QuerySet[Entry]:
    rows = Entry.objects.order_by("-number")
    if asked["by"]:
        rows = rows.filter(by=asked["by"])
    if asked["kind"]:
        rows = rows.filter(kind=asked["kind"])
    if asked["from"]:
        rows = rows.filter(at__gte=_start(asked["from"], 0))
    if asked["to"]:
        rows = rows.filter(at__lt=_start(asked["to"], 1))
    return rows


def _start(text: str, days: int) -> str:
    """The beginning of a day in Beijing (or of a later one), as entries write their time."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadDay(text) from error
    start = datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=days)
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _at(entry: Entry) -> str:
    moment = datetime.fromisoformat(entry.at).astimezone(BEIJING)
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _kind(kind: str, lang: str) -> str:
    return word(f"audit.kind.{kind}", lang) if has(f"audit.kind.{kind}") else kind


def _why(entry: Entry, lang: str, place_name: Callable[[str], str]) -> str:
    """A reason in words: a code of permission, what an entry holds, or a sentence as it was
    said.
    """
    if entry.why.startswith(("no.", "yes.")):
        return words().say(entry.why, lang)
    if entry.why.startswith(OF_DRAFT):
        return f"{word('audit.word.draft', lang)} {entry.why.removeprefix(OF_DRAFT)}"
    if entry.kind in CODED_REASONS:
        return in_words(entry.kind, entry.why, lang, place_name)
    return entry.why


@router.get("", "audit.read")
def entries(request: HttpRequest) -> HttpResponse:
    """The trail, newest first."""
    asked, lang = _asked(request), language(request)
    try:
        rows, status, error = _entries(asked), 200, ""
    except BadDay:
        rows, status, error = Entry.objects.none(), 400, word("audit.bad_day", lang)
    listed = Listed(Paginator(rows, A_PAGE).get_page(request.GET.get("page")), asked)
    place_name = names_of_places(request, lang)
    kinds = sorted(set(Entry.objects.values_list("kind", flat=True).distinct()))
    return room_page(
        request,
        "audit/entries.html",
        title=word("nav.audit", lang),
        here="audit",
        status=status,
        listed=listed,
        error=error,
        kinds=[(kind, _kind(kind, lang)) for kind in kinds],
        kind_of=lambda kind: _kind(kind, lang),
        say_what=lambda e: with_seals_marked(in_words(e.kind, e.what, lang, place_name)),
        say_why=lambda e: with_seals_marked(_why(e, lang, place_name)),
        at=_at,
    )


@router.get("/export.csv", "audit.read")
def export(request: HttpRequest) -> HttpResponse:
    """The entries that were asked for as CSV; taking them is an entry too."""
    asked, lang = _asked(request), language(request)
    try:
        rows = _entries(asked)[:MOST_EXPORTED]
    except BadDay:
        text = word("audit.bad_day", lang)
        return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
    content = _csv(rows, lang, names_of_places(request, lang))
    trail.note(request, "exported", f"/audit/export.csv?{urlencode(asked)}")
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


def _csv(rows: Iterable[Entry], lang: str, place_name: Callable[[str], str]) -> str:
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([word(f"audit.{column}", lang) for column in COLUMNS])
    for entry in rows:
        values = {c: getattr(entry, c) for c in COLUMNS}
        values["what"] = in_words(entry.kind, entry.what, lang, place_name)
        values["why"] = _why(entry, lang, place_name)
        values |= {"at": _at(entry), "kind": _kind(entry.kind, lang)}
        writer.writerow([safe(value) for value in values.values()])
    return text.getvalue()


@router.get("/check", "audit.read")
def check(request: HttpRequest) -> HttpResponse:
    """Whether the chain is sound and agrees with the heads that the ledger holds."""
    register = request.app.site.workspace.ledger.current()
    return room_page(
        request,
        "audit/check.html",
        title=word("audit.check", language(request)),
        here="audit",
        findings=heads.findings(register),
        number=Entry.objects.count(),
        heads=heads.noted(register),
    )
