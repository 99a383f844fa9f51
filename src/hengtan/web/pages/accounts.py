"""Energy and carbon accounts of a place: charts, tables, options and what is missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.accounts import accounts_view
from hengtan.report.page.accounts import page_context
from hengtan.web.routing import Router
from hengtan.web.site import language, page, site_of
from hengtan.web.things import of_place, of_region

router = Router(keeps=True)


@router.get("/accounts", "account.read", of_region)
@router.get("/accounts/{place}", "account.read", of_place)
def accounts(request: HttpRequest, place: str | None = None) -> HttpResponse:
    """The accounts of the workspace's region, or of a place."""
    site = site_of(request)
    view = site.ask_once(accounts_view, place=place) if place else site.ask_once(accounts_view)
    return page(request, "accounts", **page_context(view, language(request)))
