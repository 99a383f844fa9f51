"""Days of air of a place and year: calendar, both editions side by side, days still allowed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.desk.air import air_view
from hengtan.office.permission import Thing
from hengtan.report.page.air import air_context
from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, page, site_of

router = Router(keeps=True)
READ = "account.read"


@router.get("/air", READ)
def air(request: HttpRequest) -> HttpResponse:
    """The air of ``?place=`` in ``?year=``, else of the region or the first place that has any."""
    place, year = request.GET.get("place", ""), request.GET.get("year", "")
    chosen = int(year) if year.isdecimal() and len(year) == 4 else None
    view = site_of(request).ask_once(air_view, place=place, year=chosen)
    may = request.app.permission.may
    if not may(request.person, READ, Thing(place=view["place"])):
        return not_found(request, place or request.path)
    seen = [row for row in view["places"] if may(request.person, READ, Thing(place=row[0]))]
    return page(request, "air", air_places=seen, **air_context(view, language(request)))
