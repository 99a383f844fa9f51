"""Energy and carbon accounts of a place: charts, tables, options and what is missing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.report.accounts import page_context
from hengtan.report.words import word
from hengtan.web.site import language, page, site_of

router = APIRouter()


@router.get("/accounts")
@router.get("/accounts/{place}")
def accounts(request: Request, place: str | None = None) -> Response:
    """The accounts of the workspace's region, or of a place."""
    lang = language(request)
    return page(
        request,
        "accounts",
        title=word("nav.accounts", lang),
        **page_context(site_of(request).accounts(place), lang),
    )
