"""Energy and carbon accounts of a place: charts, tables, options and what is missing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.desk.accounts import accounts_view
from hengtan.report.page.accounts import page_context
from hengtan.web.site import language, page, site_of

router = APIRouter()


@router.get("/accounts")
@router.get("/accounts/{place}")
def accounts(request: Request, place: str | None = None) -> Response:
    """The accounts of the workspace's region, or of a place."""
    site = site_of(request)
    view = site.ask_once(accounts_view, place=place) if place else site.ask_once(accounts_view)
    return page(request, "accounts", **page_context(view, language(request)))
