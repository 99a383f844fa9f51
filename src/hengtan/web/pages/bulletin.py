"""The monthly bulletin with its map, causes and budgets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.bulletin import bulletin_view
from hengtan.report.page.bulletin import bulletin_context
from hengtan.web.routing import Router
from hengtan.web.site import language, page, site_of
from hengtan.web.things import of_region

router = Router(keeps=True)


@router.get("/bulletin", "account.read", of_region)
@router.get("/bulletin/{period}", "account.read", of_region)
def bulletin(request: HttpRequest, period: str | None = None) -> HttpResponse:
    """The bulletin of the latest period, or of one."""
    view = site_of(request).ask(bulletin_view, period)
    return page(request, "bulletin", **bulletin_context(view, language(request)))
