"""The page of hits and the suggestions below the field of search. A person finds what the person
may open; that is asked of the same rule as the pages themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from hengtan.desk.search import KINDS, Entry, Hit, index_of
from hengtan.office.permission import Thing
from hengtan.report.words import word
from hengtan.web.routing import Router
from hengtan.web.site import fragment, language, room_page, site_of
from hengtan.web.things import thing_of

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

router = Router(needs_no_store=True)
MOST_HITS, MOST_SUGGESTIONS = 60, 8
NEEDS = {
    "target": "status.read",
    "measure": "status.read",
    "milestone": "status.read",
    "department": "status.read",
    "registry": "status.read",
    "enterprise": "duty.read",
    "place": "account.read",
    "rule": "rule.use",
}
"""What the page of a hit needs."""


@router.get("/find", "status.read")
def hits(request: HttpRequest) -> HttpResponse:
    """What is met by the words of ``?q=``, of all kinds or of ``?kind=``."""
    text, kind = request.GET.get("q", ""), request.GET.get("kind", "")
    listed = _hits(request, text, KINDS, MOST_HITS)
    counts = {name: sum(hit.entry.kind == name for hit in listed) for name in KINDS}
    shown = [hit for hit in listed if kind not in KINDS or hit.entry.kind == kind]
    return room_page(
        request,
        "search/hits.html",
        title=word("nav.search", language(request)),
        here="search",
        asked=text,
        kind=kind if kind in KINDS else "",
        kinds=[(name, count) for name, count in counts.items() if count],
        hits=[hit.entry for hit in shown],
        total=len(listed),
    )


@router.get("/find/suggestions", "status.read")
def suggestions(request: HttpRequest) -> HttpResponse:
    """The first hits as a list, while somebody types."""
    text = request.GET.get("q", "")
    listed = _hits(request, text, KINDS, MOST_SUGGESTIONS)
    content = fragment(
        request, "search/suggestions.html", asked=text, hits=[hit.entry for hit in listed]
    )
    return HttpResponse(content)


def _hits(request: HttpRequest, text: str, kinds: tuple[str, ...], most: int) -> list[Hit]:
    index = site_of(request).ask(_index)
    return index.find(text, most=most, kinds=kinds, allowed=_allowed(request))


def _index(workspace: Workspace) -> Any:
    return index_of(workspace)


def _allowed(request: HttpRequest) -> Callable[[Entry], bool]:
    """Whether the person may open the page of an entry."""
    permission, person = request.app.permission, request.person
    view = site_of(request).view()
    region = Thing(place=site_of(request).workspace.settings.region)

    def thing(entry: Entry) -> Thing:
        if entry.kind == "target":
            row = view.target(entry.id)
            return thing_of(row) if row else Thing(place=entry.place or None)
        if entry.kind == "enterprise":
            return Thing(place=entry.place or None, entity=entry.entity)
        if entry.kind == "place":
            return Thing(place=entry.place)
        return region

    def may(entry: Entry) -> bool:
        need = NEEDS[entry.kind]
        if entry.kind == "rule":
            return bool(permission.anywhere(person, need))
        return bool(permission.may(person, need, thing(entry)))

    return may
