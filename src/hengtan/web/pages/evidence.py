"""Where figures come from and what is missing: sources, gaps, conflicts, the graph, and explain trees."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from hengtan.report.words import word
from hengtan.web.site import language, page, question, site_of

router = APIRouter()


@router.get("/sources")
def sources(request: Request) -> Response:
    """Sources with rows and confidence."""
    return page(request, "sources", title=word("nav.sources", language(request)))


@router.get("/gaps")
def gaps(request: Request) -> Response:
    """What is missing, who is likely to hold it, which form to fill."""
    return page(request, "gaps", title=word("nav.gaps", language(request)))


@router.get("/conflicts")
def conflicts(request: Request) -> Response:
    """Competing values side by side."""
    return page(request, "conflicts", title=word("nav.conflicts", language(request)))


@router.get("/graph")
def graph(request: Request) -> Response:
    """The graph of accounts."""
    return page(
        request,
        "graph",
        title=word("nav.graph", language(request)),
        drawing=Markup(site_of(request).graph_svg()),
    )


@router.get("/explain/{account}")
def explain(request: Request, account: str) -> Response:
    """The explain tree of one row: the key stands in the query."""
    key = question(request)
    tree = site_of(request).explain(account, key)
    return page(
        request,
        "explain",
        title=word("explain.page", language(request)),
        here="",
        account=account,
        key=key,
        tree=tree,
    )
