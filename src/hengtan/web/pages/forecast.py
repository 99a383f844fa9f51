"""Every target to its deadline, with fans."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.forecast import forecasts_view
from hengtan.report.page.forecast import forecast_context
from hengtan.web.routing import Router
from hengtan.web.site import language, page, site_of
from hengtan.web.things import of_region

router = Router(keeps=True)


@router.get("/forecast", "account.read", of_region)
def forecast(request: HttpRequest) -> HttpResponse:
    """The forecast of every target."""
    site = site_of(request)
    view = site.ask_once(forecasts_view)
    names = {target["target_id"]: target["region_en"] for target in site.view().targets}
    shown = forecast_context(view, language(request))
    return page(request, "forecast", **shown, region_en=names)
