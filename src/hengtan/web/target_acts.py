"""What a person can do about a target from its page: fill in its figure, remind who owes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from hengtan.desk.sources import GAP_FORM
from hengtan.office.permission import Thing
from hengtan.report.judgement import day_of
from hengtan.web.things import thing_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hengtan.report.view import Row, StatusView

FILE, REMIND = "record.file", "duty.remind"


def period_of(target: Row, judged_on: str) -> str:
    """The year whose figure a target lacks: that of its deadline where it is due, else the latest
    whole year; "" where no day is judged.
    """
    if target["light"] == "due_not_reported":
        return str(target["deadline"])[:4]
    day = day_of(judged_on)
    return str(day.year - 1) if day else ""


def form_for(view: StatusView, target_id: str) -> str:
    """The form that answers a target: that of its gap, which the page of gaps names."""
    forms = (gap["form"] for gap in view.gaps if gap["target_id"] == target_id)
    return next(forms, "") or GAP_FORM


def acts_for(request: HttpRequest, view: StatusView, target: Row) -> list[dict[str, Any]]:
    """The buttons of a target's page for this person: word and address; ``is_less``: beside others.

    Only what the person may do stands there, and reminding only where a figure is lacking.
    """
    may, person = request.app.permission.may, request.person
    thing = thing_of(target)
    period = period_of(target, str(view.meta["judged_on"]))
    form, place = form_for(view, target["target_id"]), target["region_code"]
    is_lacking = target["state"] != "actual" or target["light"] == "due_not_reported"
    acts = []
    filed = Thing(place=thing.place, form=form, department=thing.department)
    if request.app.writable and may(person, FILE, filed):
        query = urlencode({"form": form, "place": place, "period": period})
        acts.append({"word": "act.fill", "address": f"/entry?{query}", "is_less": not is_lacking})
    if is_lacking and request.app.writable and may(person, REMIND, thing):
        query = urlencode({"span": period, **_district(request, place)})
        address = f"/duties/reminders?{query}"
        acts.append({"word": "act.remind", "address": address, "is_less": True})
    return [*acts, {"word": "act.origin", "address": "#origin", "is_less": True}]


def _district(request: HttpRequest, place: str) -> dict[str, str]:
    """The district of a target, where it is a part of the region of the workspace."""
    workspace = request.app.site.workspace
    tree, region = workspace.pack.places(), workspace.settings.region
    is_part = place != region and place in tree and region in tree and tree.within(place, region)
    return {"district": place} if is_part else {}
