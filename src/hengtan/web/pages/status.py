"""Overview, the page of a target, measures, milestones and the rules of judging."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from hengtan.web.site import language, not_found, page, site_of

router = APIRouter()


@router.get("/")
def overview(request: Request) -> Response:
    """Where every target stands."""
    return page(request, "overview")


@router.get("/targets/{target_id}")
def target(request: Request, target_id: str) -> Response:
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


@router.get("/measures")
def measures(request: Request) -> Response:
    """The ledger of measures by chapter."""
    return page(request, "measures")


@router.get("/milestones")
def milestones(request: Request) -> Response:
    """Milestones with deadline, state and evidence."""
    return page(request, "milestones")


@router.get("/method")
def method(request: Request) -> Response:
    """How lights are judged."""
    return page(request, "method")
