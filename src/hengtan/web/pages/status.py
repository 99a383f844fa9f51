"""Overview, the page of a target, measures, milestones and the rules of judging."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.office.permission import own_enterprises
from hengtan.report.page.status import some_measures
from hengtan.web.district_tiles import district_tiles
from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, page, site_of, wall_page
from hengtan.web.target_acts import acts_for
from hengtan.web.things import of_region, of_target

router = Router(keeps=True)
READ = "status.read"


@router.get("/", READ)
def overview(request: HttpRequest) -> HttpResponse:
    """Where every target stands; ``?wall=1`` for a wall, ``?compare=1`` with last month at once.

    Who reports for an enterprise alone begins on the page of that.
    """
    if own_enterprises(request.person, request.app.permission.clauses_of(request.person, READ)):
        return HttpResponseRedirect("/portal")
    site = site_of(request)
    view = site.view_for(request)
    is_wall = request.GET.get("wall") == "1"
    at_once = is_wall or bool(request.GET.get("compare"))
    context: dict[str, Any] = {
        "before": site.last_month.counts(view, at_once=at_once),
        "tiles": district_tiles(site.workspace, view, language(request)),
    }
    if is_wall:
        return wall_page(request, **context)
    return page(request, "overview", **context)


@router.get("/overview/change", "status.read")
def change(request: HttpRequest) -> HttpResponse:
    """The counts with the change since the end of last month, for the overview that lacks it."""
    site = site_of(request)
    view = site.view_for(request)
    pages = site.pages_for(request, language(request))
    counts = site.last_month.counts(view, at_once=True)
    return HttpResponse(pages.fragment("standings", before=counts))


@router.get("/targets/{target_id}", "status.read", of_target)
def target(request: HttpRequest, target_id: str) -> HttpResponse:
    """One target with its series, definition and explain tree."""
    site = site_of(request)
    row = site.view().target(target_id)
    if row is None:
        return not_found(request, target_id)
    if row["explain"] is None:
        row = {**row, "explain": site.tree_of(target_id)}
    english = row["indicator_en"] if language(request) == "en" else ""
    title = english or row["indicator_zh"]
    acts = acts_for(request, site.view(), row)
    return page(request, "targets", title=title, here="targets_list", target=row, acts=acts)


@router.get("/measures", "status.read", of_region)
def measures(request: HttpRequest) -> HttpResponse:
    """The ledger of measures by chapter; of very many plan by plan."""
    asked = [request.GET.get(name, "").strip() for name in ("plan", "find")]
    return page(request, "measures", **some_measures(site_of(request).view_for(request), *asked))


@router.get("/milestones", "status.read", of_region)
def milestones(request: HttpRequest) -> HttpResponse:
    """Milestones with deadline, state and evidence."""
    return page(request, "milestones")


@router.get("/method", "status.read")
def method(request: HttpRequest) -> HttpResponse:
    """How lights are judged."""
    return page(request, "method")
