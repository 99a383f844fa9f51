"""Pages of the verdict: forecasts, the monthly bulletin, assessments."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.report.page.assess import assess_context
from hengtan.report.page.bulletin import bulletin_context
from hengtan.report.page.forecast import forecast_context
from hengtan.report.words import word
from hengtan.web.site import language, page, site_of

router = APIRouter()


@router.get("/forecast")
def forecast(request: Request) -> Response:
    """Every target to its deadline, with fans."""
    lang = language(request)
    return page(
        request,
        "forecast",
        title=word("nav.forecast", lang),
        **forecast_context(site_of(request).forecasts(), lang),
    )


@router.get("/bulletin")
@router.get("/bulletin/{period}")
def bulletin(request: Request, period: str | None = None) -> Response:
    """The bulletin of the latest period, or of one."""
    lang = language(request)
    return page(
        request,
        "bulletin",
        title=word("nav.bulletin", lang),
        **bulletin_context(site_of(request).bulletin(period), lang),
    )


@router.get("/assess")
def assess(request: Request) -> Response:
    """Assessments kept in the workspace."""
    lang = language(request)
    return page(
        request,
        "assess",
        title=word("nav.assess", lang),
        **assess_context(site_of(request).assessments(), lang),
    )
