"""Pathways of a place: scenarios side by side, wedges, costs, odds, targets, budget; the study as a
paper and as a workbook.
"""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from hengtan.desk.downloads import KINDS, Download
from hengtan.desk.outlook_papers import pathway_file
from hengtan.desk.pathway_page import UNTIL, Wanted, pathway_view, sector_view
from hengtan.office.permission import Thing
from hengtan.report.page.pathway import figure_shown, pathway_context
from hengtan.web.advice import advice
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, page, site_of
from hengtan.web.things import of_place

router = Router(keeps=True)
READ = "account.read"
LONGEST, MOST = 80, 60
WAN = 1e4
FIRST, LAST = 2001, 2100


@router.get("/pathway", READ)
def pathway(request: HttpRequest) -> HttpResponse:
    """The pathway of ``?place=`` from ``?base=`` to ``?until=``, ``?without=`` measures."""
    wanted = wanted_of(request)
    view = site_of(request).apart.ask(pathway_view, wanted=wanted)
    may = request.app.permission.may
    if not may(request.person, READ, Thing(place=view["place"])):
        return not_found(request, wanted.place or request.path)
    lang = language(request)
    files = request.app.permission.anywhere(request.person, "record.file") and request.app.writable
    refused = view["refused"] or {"todo": "", "todo_en": ""}
    sector, more = request.GET.get("sector", "")[:LONGEST], {}
    if sector and view["study"]:
        came = site_of(request).apart.ask(sector_view, wanted=wanted, sector=sector)
        more = figure_shown(came, lang)
    return page(
        request,
        "pathway",
        pathway_sector=sector,
        pathway_places=[r for r in view["places"] if may(request.person, READ, Thing(place=r[0]))],
        pathway_may_take=bool(may(request.person, "export.take", Thing(place=view["place"]))),
        pathway_may_file=files,
        pathway_todo=advice(refused["todo" if lang == "zh" else "todo_en"]),
        **more,
        **pathway_context(view, lang),
    )


@router.get("/download/pathway/{place}/study.{end}", "export.take", of_place, keeps=False)
def pathway_study(request: HttpRequest, place: str, end: str) -> HttpResponse:
    """The study of the page as a paper (``docx``) or a workbook (``xlsx``)."""
    wanted = wanted_of(request, place)
    content = site_of(request).readers.ask(pathway_file, wanted, end)
    return sent(Download(content, KINDS[end], f"pathway-{place}.{end}"))


def wanted_of(request: HttpRequest, place: str = "") -> Wanted:
    """The study that an address asks for; what cannot be one is left out."""
    asked = request.GET
    codes = [code[:LONGEST] for code in asked.getlist("without")[:MOST] if code]
    return Wanted(
        place or asked.get("place", "")[:LONGEST],
        _year(asked.get("base", "")),
        _year(asked.get("until", "")) or UNTIL,
        _year(asked.get("year", "")),
        tuple(sorted(set(codes))),
        _tonnes(asked.get("cap", "")),
    )


def _year(text: str) -> int | None:
    plain = text.isascii() and text.isdigit() and len(text) == 4
    return int(text) if plain and FIRST <= int(text) <= LAST else None


def _tonnes(text: str) -> float | None:
    """10⁴ t as t; None where it is no amount."""
    plain = re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text.strip(), re.ASCII)
    return float(text) * WAN or None if plain else None
