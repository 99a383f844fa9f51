"""Pathways of a place: scenarios side by side, wedges, costs, odds, targets, budget; the study as a
paper and as a workbook.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.downloads import KINDS, Download
from hengtan.desk.outlook_papers import pathway_file_of
from hengtan.desk.pathway_page import pathway_view, sector_view
from hengtan.office.permission import Thing
from hengtan.report.page.pathway import figure_shown, pathway_context
from hengtan.web.advice import advice
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, page, site_of
from hengtan.web.things import of_place
from hengtan.web.wanted import LONGEST, wanted_of

router = Router(keeps=True)
READ = "account.read"


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
        district = request.GET.get("district", "")[:LONGEST]
        about = {"wanted": wanted, "sector": sector, "district": district}
        came = site_of(request).apart.ask(sector_view, **about)
        more = figure_shown(came, lang)
    return page(
        request,
        "pathway",
        pathway_sector=sector,
        pathway_district=request.GET.get("district", ""),
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
    site = site_of(request)
    view = site.apart.wait_for(pathway_view, wanted=wanted_of(request, place))
    content = site.readers.ask(pathway_file_of, view, end, language(request))
    return sent(Download(content, KINDS[end], f"pathway-{place}.{end}"))
