"""Power: dispatch studies with their week and curves, what a part is worth; parks and buildings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from hengtan.desk.downloads import KINDS, Download
from hengtan.desk.outlook_papers import dispatch_file, park_file_of
from hengtan.desk.power_charts import week_of
from hengtan.desk.power_page import (
    dispatch_view,
    firm_view,
    park_view,
    studies_view,
    worth_view,
)
from hengtan.office.permission import Thing
from hengtan.report.page.power import (
    dispatch_context,
    firm_shown,
    park_context,
    study_name,
    worth_shown,
)
from hengtan.web.advice import advice
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, page, site_of
from hengtan.web.things import of_place

router = Router(keeps=True)
READ = "account.read"
LONGEST, LEAST_FIRM = 120, 50
BETWEEN = ":"
NOBODY = {"answer": None, "conflict": None, "refused": None}
Row = Mapping[str, Any]


@router.get("/power", READ)
def power(request: HttpRequest) -> HttpResponse:
    """The dispatch study ``?study=place:code``, the first where none is named, with ``?week=``;
    what ``?part=`` is worth, and the firm output in ``?firm=`` per cent of the hours.
    """
    lang, site = language(request), site_of(request)
    listed = site.apart.ask(studies_view)
    seen = _seen(request, listed["studies"])
    row = _chosen(request, seen)
    view: Row = NOBODY
    more: dict[str, Any] = {}
    if row is not None:
        about = {"place": row["place"], "study": row["study"]}
        view = site.apart.ask(dispatch_view, **about)
        part = request.GET.get("part", "")[:LONGEST]
        if part and view["answer"]:
            more = _worth(site.apart.ask(worth_view, **about, part=part), part, lang)
        share = _share(request)
        if share is not None and view["answer"]:
            firm = site.apart.ask(firm_view, **about, share=share)
            more |= _firm(firm, share, lang)
    week = week_of(view["hours"], _number(request)) if view["answer"] else None
    permission = request.app.permission
    place = row["place"] if row else site.workspace.settings.region
    return page(
        request,
        "power",
        power_studies=[
            {"key": _key(each), "name": f"{study_name(each, lang)} ({each['year']})"}
            for each in seen
        ],
        power_key=_key(row) if row else "",
        power_may_take=bool(permission.may(request.person, "export.take", Thing(place=place))),
        power_may_file=_may_file(request),
        power_todo=_todo(view, lang),
        **more,
        **dispatch_context(view, week, lang),
    )


@router.get("/power/parks", READ)
def parks(request: HttpRequest) -> HttpResponse:
    """The park study ``?study=place:code``, the first where none is named; ``?meet=1`` by the
    rule.
    """
    lang, site = language(request), site_of(request)
    seen = _seen(request, site.apart.ask(studies_view)["parks"])
    row, meets = _chosen(request, seen), request.GET.get("meet") == "1"
    view: Row = NOBODY
    if row is not None:
        about = {"place": row["place"], "study": row["study"], "meets": meets}
        view = site.apart.ask(park_view, **about)
    permission = request.app.permission
    place = row["place"] if row else site.workspace.settings.region
    return page(
        request,
        "parks",
        here="power",
        park_studies=[{"key": _key(r), "name": f"{r['park']} ({r['year']})"} for r in seen],
        park_key=_key(row) if row else "",
        park_meets=meets,
        park_place=place,
        park_may_take=bool(permission.may(request.person, "export.take", Thing(place=place))),
        park_may_file=_may_file(request),
        park_todo=_todo(view, lang),
        **park_context(view, lang),
    )


@router.get("/download/power/{place}/study.{end}", "export.take", of_place, keeps=False)
def power_study(request: HttpRequest, place: str, end: str) -> HttpResponse:
    """The dispatch study ``?study=`` as a paper (``docx``) or a workbook (``xlsx``)."""
    study = request.GET.get("study", "")[:LONGEST]
    lang = language(request)
    content = site_of(request).readers.ask(dispatch_file, place, study, end, lang=lang)
    return sent(Download(content, KINDS[end], f"power-{place}.{end}"))


@router.get("/download/parks/{place}/study.{end}", "export.take", of_place, keeps=False)
def park_study(request: HttpRequest, place: str, end: str) -> HttpResponse:
    """The park study ``?study=`` as a paper (``docx``) or a workbook (``xlsx``)."""
    study = request.GET.get("study", "")[:LONGEST].removeprefix(f"{place}{BETWEEN}")
    about = {"place": place, "study": study, "meets": request.GET.get("meet") == "1"}
    site = site_of(request)
    view = site.apart.wait_for(park_view, **about)
    content = site.readers.ask(park_file_of, view, end, language(request))
    return sent(Download(content, KINDS[end], f"park-{place}.{end}"))


def _seen(request: HttpRequest, rows: Sequence[Row]) -> list[Row]:
    """The studies of places that this person may see."""
    may = request.app.permission.may
    return [row for row in rows if may(request.person, READ, Thing(place=row["place"]))]


def _key(row: Row) -> str:
    return f"{row['place']}{BETWEEN}{row['study']}"


def _chosen(request: HttpRequest, rows: Sequence[Row]) -> Row | None:
    """The study that is asked for, the first where none or another is."""
    asked = request.GET.get("study", "")
    fitting = [row for row in rows if asked == _key(row)]
    return next(iter([*fitting, *rows]), None)


def _number(request: HttpRequest) -> int | None:
    text = request.GET.get("week", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _may_file(request: HttpRequest) -> bool:
    anywhere = request.app.permission.anywhere(request.person, "record.file")
    return bool(anywhere and request.app.writable)


def _todo(view: Row, lang: str) -> str:
    refused = view["refused"] or {}
    return advice(refused.get("todo" if lang == "zh" else "todo_en", ""))


def _worth(view: Row, part: str, lang: str) -> dict[str, Any]:
    worth = view["worth"]
    return {
        "power_part": worth["part"] if worth else part,
        "power_worth": worth_shown(worth, lang) if worth else "",
        "power_worth_refused": view["refused"],
    }


def _share(request: HttpRequest) -> float | None:
    """A share of the hours [1] from per cent; None where none is asked for."""
    text = request.GET.get("firm", "")
    plain = text.isascii() and text.isdigit() and len(text) < 4
    return int(text) / 100 if plain and LEAST_FIRM <= int(text) <= 100 else None


def _firm(view: Row, share: float, lang: str) -> dict[str, Any]:
    firm = view["firm"]
    return {
        "power_firm_share": round(100 * share),
        "power_firm": firm_shown(firm, lang) if firm else "",
        "power_firm_refused": view["refused"],
    }
