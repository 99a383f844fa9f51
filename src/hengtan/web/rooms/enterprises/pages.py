"""The list of enterprises, its files, and the way to one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.desk.downloads import KINDS, Download
from hengtan.office.permission import Thing
from hengtan.report.words import word
from hengtan.web.rooms.enterprises.asking import SEE, of_own, own_of, verdicts
from hengtan.web.rooms.enterprises.listing import (
    Lister,
    as_csv,
    as_excel,
    names_of_industries,
    names_of_places,
)
from hengtan.web.rooms.enterprises.standing import STATES
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, room_page

router = Router(needs_no_store=True)
MAKE: Mapping[str, Callable[..., bytes]] = {"csv": as_csv, "xlsx": as_excel}


@router.get("/enterprises", SEE)
def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises this person may see, as the address asks for them."""
    lister, lang = Lister(request), language(request)
    return room_page(
        request,
        "enterprises/list.html",
        title=word("nav.enterprises", lang),
        here="enterprises",
        listed=lister.listed(),
        states=STATES if lister.calendar else (),
        unread=_unread_cases(request),
        has_duties=bool(lister.calendar and lister.calendar.rules),
        place_name=names_of_places(request, lang),
        industry_name=names_of_industries(request, lang),
        may_take=request.app.permission.anywhere(request.person, "export.take"),
    )


def _unread_cases(request: HttpRequest) -> list[str]:
    """Why files with cases cannot be read, for who may see those of the whole region."""
    region = Thing(place=request.app.site.workspace.settings.region)
    if not request.app.permission.may(request.person, "account.read", region):
        return []
    cases = [case for row in verdicts(request).values() for case in row["cases"]]
    return [f"{case['file']} {case['refused']}" for case in cases if not case["rule"]]


@router.get("/download/list/enterprises.{end}", "export.take")
def enterprises_file(request: HttpRequest, end: str) -> HttpResponse:
    """All that is filtered, as a workbook or CSV."""
    if end not in MAKE:
        return not_found(request, end)
    lines = Lister(request).listed(None).lines
    content = MAKE[end](request, lines, language(request))
    return sent(Download(content, KINDS[end], f"enterprises.{end}"))


@router.get("/portal", SEE, of_own)
def portal(request: HttpRequest) -> HttpResponse:
    """One's own enterprise, or the list of those one reports for."""
    codes = own_of(request)
    address = f"/enterprises/{quote(codes[0], safe='')}" if len(codes) == 1 else "/enterprises"
    asked = f"?lang={language(request)}" if "lang" in request.GET else ""
    return HttpResponseRedirect(address + asked)
