"""Overview, the page of a target, measures, milestones and the rules of judging."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.report.words import word
from hengtan.web.site import language, not_found, page, site_of

router = APIRouter()


@router.get("/")
def overview(request: Request) -> Response:
    """Where every target stands."""
    return page(request, "overview")


@router.get("/targets/{target_id}")
def target(request: Request, target_id: str) -> Response:
    """One target with its series, definition and explain tree."""
    found = site_of(request).view().target(target_id)
    if found is None:
        return not_found(request, target_id)
    if found["explain"] is None:
        found = {**found, "explain": site_of(request).tree_of(target_id)}
    name = (
        found["indicator_en"]
        if language(request) == "en" and found["indicator_en"]
        else found["indicator_zh"]
    )
    return page(request, "targets", title=name, here="overview", target=found)


@router.get("/measures")
def measures(request: Request) -> Response:
    """The ledger of measures by chapter."""
    return page(request, "measures", title=word("nav.measures", language(request)))


@router.get("/milestones")
def milestones(request: Request) -> Response:
    """Milestones with deadline, state and evidence."""
    return page(request, "milestones", title=word("nav.milestones", language(request)))


@router.get("/method")
def method(request: Request) -> Response:
    """How lights are judged."""
    return page(request, "method", title=word("nav.method", language(request)))
