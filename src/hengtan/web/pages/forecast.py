"""Every target to its deadline, with fans."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.desk.forecast import forecasts_view
from hengtan.report.page.forecast import forecast_context
from hengtan.web.site import language, page, site_of

router = APIRouter()


@router.get("/forecast")
def forecast(request: Request) -> Response:
    """The forecast of every target."""
    view = site_of(request).ask_once(forecasts_view)
    return page(request, "forecast", **forecast_context(view, language(request)))
