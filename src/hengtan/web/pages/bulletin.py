"""The monthly bulletin with its map, causes and budgets."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.desk.bulletin import bulletin_view
from hengtan.report.page.bulletin import bulletin_context
from hengtan.web.site import language, page, site_of

router = APIRouter()


@router.get("/bulletin")
@router.get("/bulletin/{period}")
def bulletin(request: Request, period: str | None = None) -> Response:
    """The bulletin of the latest period, or of one."""
    view = site_of(request).ask(bulletin_view, period)
    return page(request, "bulletin", **bulletin_context(view, language(request)))
