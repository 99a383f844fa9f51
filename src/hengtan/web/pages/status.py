"""Overview, the page of a target, measures, milestones and the rules of judging."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, page, site_of
from hengtan.web.things import of_region, of_target

router = Router(keeps=True)


@router.get("/", "status.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Where every target stands."""
    return page(request, "overview")


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
    return page(request, "targets", title=title, here="overview", target=row)


@router.get("/measures", "status.read", of_region)
def measures(request: HttpRequest) -> HttpResponse:
    """The ledger of measures by chapter."""
    return page(request, "measures")


@router.get("/milestones", "status.read", of_region)
def milestones(request: HttpRequest) -> HttpResponse:
    """Milestones with deadline, state and evidence."""
    return page(request, "milestones")


@router.get("/method", "status.read")
def method(request: HttpRequest) -> HttpResponse:
    """How lights are judged."""
    return page(request, "method")
