"""Where figures come from and what is missing: sources, gaps, conflicts, the graph, and explain
trees.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from hengtan.desk import accounts
from hengtan.report.words import word
from hengtan.web.site import language, page, question, site_of

router = APIRouter()


@router.get("/sources")
def sources(request: Request) -> Response:
    """Sources with rows and confidence."""
    return page(request, "sources")


@router.get("/gaps")
def gaps(request: Request) -> Response:
    """What is missing, who is likely to hold it, which form to fill."""
    return page(request, "gaps")


@router.get("/conflicts")
def conflicts(request: Request) -> Response:
    """Competing values side by side."""
    return page(request, "conflicts")


@router.get("/graph")
def graph(request: Request) -> Response:
    """The graph of accounts, without the declaration of its XML."""
    drawing = site_of(request).ask(accounts.graph_svg)
    _, tag, rest = drawing.partition("<svg")
    return page(request, "graph", drawing=Markup(tag + rest))


@router.get("/explain/{account}")
def explain(request: Request, account: str) -> Response:
    """The explain tree of one row: the key stands in the query."""
    key = question(request)
    tree = site_of(request).readers.ask(accounts.explain, account, key)
    title = word("explain.page", language(request))
    return page(request, "explain", title=title, account=account, key=key, tree=tree)
