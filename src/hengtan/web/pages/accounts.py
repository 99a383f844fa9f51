"""Accounts of a place and year (energy, carbon, air, water, waste): completeness first, then charts
and tables with the change on the year before, files of each table.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from hengtan.desk.accounts import accounts_view
from hengtan.desk.downloads import KINDS, Download
from hengtan.desk.inventories import KINDS as INVENTORIES
from hengtan.desk.inventories import inventory_bytes
from hengtan.office.permission import Thing
from hengtan.report.account_tables import rows_of, tabled
from hengtan.report.page.accounts import page_context
from hengtan.report.sheet.accounts import accounts_bytes, table_csv, table_excel
from hengtan.report.words import word
from hengtan.web.routing import Router
from hengtan.web.saved import sent
from hengtan.web.site import language, not_found, page, site_of
from hengtan.web.things import of_place

router = Router(keeps=True)
READ = "account.read"


@router.get("/accounts", READ)
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of ``?place=``, of the region, or of the first place the person may see; of
    ``?year=``, the newest where none is named.
    """
    seen = _places_seen(request)
    place = request.GET.get("place", "")
    if place and not _may_see(request, place):
        return not_found(request, place)
    if not place and not _may_see(request, site_of(request).workspace.settings.region):
        place = seen[0][0] if seen else ""
        if not place:
            return not_found(request, request.path)
    return _shown(request, place, seen)


@router.get("/accounts/{place}", READ, of_place)
def accounts_of(request: HttpRequest, place: str) -> HttpResponse:
    """The accounts of a place."""
    return _shown(request, place, _places_seen(request))


def _shown(request: HttpRequest, place: str, seen: list[tuple[str, str, str]]) -> HttpResponse:
    lang, view = language(request), _view(request, place)
    if not _may_see(request, view["place"]):
        return not_found(request, place)
    permission = request.app.permission
    may = bool(permission.may(request.person, "export.take", Thing(place=view["place"])))
    files = permission.anywhere(request.person, "record.file") and request.app.writable
    return page(
        request,
        "accounts",
        title=f"{view['place_zh' if lang == 'zh' else 'place_en']} · {word('nav.accounts', lang)}",
        choices=seen,
        may_take=may,
        may_file=files,
        has_calendar=request.app.writable and permission.anywhere(request.person, "duty.read"),
        **page_context(view, lang, request.GET.get("year", "")),
    )


def _view(request: HttpRequest, place: str) -> dict[str, Any]:
    site = site_of(request)
    view: dict[str, Any]
    view = site.ask_once(accounts_view, place=place) if place else site.ask_once(accounts_view)
    return view


def _may_see(request: HttpRequest, place: str) -> bool:
    return bool(request.app.permission.may(request.person, READ, Thing(place=place)))


def _places_seen(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The places of the region whose accounts the person may see, in the order of the tree: code
    and names.
    """
    workspace = site_of(request).workspace
    tree, region = workspace.pack.places(), workspace.settings.region
    return [
        (place.code, place.name_zh, place.name_en or place.name_zh)
        for place in tree
        if (region not in tree or place.code == region or tree.within(place.code, region))
        and _may_see(request, place.code)
    ]


@router.get("/download/accounts/{place}/{name}", "export.take", of_place, keeps=False)
def accounts_file(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """All tables of a place as a workbook (``accounts.xlsx``), its inventories for others
    (``gpc.xlsx``, ``ipcc.xlsx``), or one table as a workbook or CSV, of ``?year=`` where named.
    """
    account, _, end = name.rpartition(".")
    if account in INVENTORIES and end == "xlsx":
        year = request.GET.get("year", "")
        chosen = int(year) if year.isdecimal() and len(year) == 4 else None
        workbook = site_of(request).ask(inventory_bytes, account, chosen, place)
        return sent(Download(workbook, KINDS["xlsx"], f"{account}-{place}.xlsx"))
    view, lang = _view(request, place), language(request)
    if name == "accounts.xlsx":
        return sent(Download(accounts_bytes(view, lang), KINDS["xlsx"], f"accounts-{place}.xlsx"))
    section = next((each for each in tabled() if each.account == account), None)
    if section is None or end not in ("csv", "xlsx"):
        return not_found(request, name)
    asked = request.GET.get("year", "")
    rows = [r for r in rows_of(view, section) if not asked or str(r.get("year", asked)) == asked]
    make = table_csv if end == "csv" else table_excel
    return sent(Download(make(view, section, rows, lang), KINDS[end], f"{place}-{name}"))
