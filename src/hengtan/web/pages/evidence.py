"""Where figures come from and what is missing: sources, gaps, conflicts, the graph, and explain
trees.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from hengtan.desk import accounts
from hengtan.office.permission import Thing
from hengtan.report.page.status import some_gaps
from hengtan.report.words import word
from hengtan.web.routing import Router
from hengtan.web.site import language, page, page_number, question, site_of
from hengtan.web.things import of_region

router = Router(keeps=True)


@router.get("/sources", "status.read", of_region)
def sources(request: HttpRequest) -> HttpResponse:
    """Sources with rows and confidence."""
    return page(request, "sources")


@router.get("/gaps", "status.read", of_region)
def gaps(request: HttpRequest) -> HttpResponse:
    """What is missing, who is likely to hold it, which form to fill."""
    view = site_of(request).view_for(request)
    words = request.GET.get("q", "").strip()
    return page(request, "gaps", **some_gaps(view, words, page_number(request)))


@router.get("/conflicts", "status.read", of_region)
def conflicts(request: HttpRequest) -> HttpResponse:
    """Competing values side by side."""
    return page(request, "conflicts")


@router.get("/graph", "status.read")
def graph(request: HttpRequest) -> HttpResponse:
    """The graph of accounts, without the declaration of its XML."""
    drawing = site_of(request).ask(accounts.graph_svg, language(request))
    _, tag, rest = drawing.partition("<svg")
    return page(request, "graph", drawing=Markup(tag + rest))


def of_key(request: HttpRequest, account: str, **parts: str) -> Thing:
    """The place that the key names, where rows of the account have one; else the whole region."""
    site, place = site_of(request), request.GET.get("place", "")
    known = site.workspace.graph().accounts().get(account)
    if place and known is not None and "place" in known.key:
        return Thing(place=place)
    return of_region(request)


@router.get("/explain/{account}", "account.read", of_key)
def explain(request: HttpRequest, account: str) -> HttpResponse:
    """The explain tree of one row: the key stands in the query."""
    key = question(request)
    tree = site_of(request).readers.ask(accounts.explain, account, key)
    title = word("explain.page", language(request))
    return page(request, "explain", title=title, account=account, key=key, tree=tree)
