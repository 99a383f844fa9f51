"""What is owed of a place for a year, by form, and who has not filed: beside its accounts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hengtan.office.completeness import completeness, of_form
from hengtan.web.rooms.duties.asking import Calendar, reached
from hengtan.web.rooms.duties.pages import READ, title_of
from hengtan.web.routing import Router
from hengtan.web.site import fragment, language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

router = Router()
NAMED = 8
"""Bodies that are named."""
FIRST = 1990
"""No calendar goes further back."""


@router.get("/completeness/of", READ)
def of_place(request: HttpRequest) -> HttpResponse:
    """A piece of the page of accounts: of ``?place=`` and ``?year=``, by default this year."""
    from django.http import HttpResponse

    calendar, lang = Calendar.of(request), language(request)
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else calendar.day.year
    year = min(max(year, FIRST), calendar.day.year + 1)
    inside = request.app.permission.within(request.GET.get("place", ""))
    owed = calendar.owed(date(year, 1, 1), date(year, 12, 31))
    own = [o for o in reached(request, owed, READ) if o.body.lies_in in inside]
    lines = []
    for (form,), counted in completeness(calendar.standings(own), of_form).items():
        bodies = dict.fromkeys(s.obligation.body.name(lang) for s in counted.missing)
        lines.append(
            {
                "title": title_of(request, str(form)),
                "filed": counted.filed,
                "owed": counted.owed,
                "missing": list(bodies)[:NAMED],
                "number": len(bodies),
            }
        )
    return HttpResponse(fragment(request, "duties/of_place.html", lines=lines, year=year))
