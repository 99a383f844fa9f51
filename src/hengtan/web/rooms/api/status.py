"""Where targets stand, as of a day, and each target whole."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query

from hengtan.desk.status import status_view
from hengtan.report.view import StatusView
from hengtan.web.rooms.api.asking import Clocks, Paging, Where, conditions, kept, site
from hengtan.web.rooms.api.operations import Operations
from hengtan.web.routing import Router
from hengtan.web.site import as_json, restricted
from hengtan.web.things import of_target, thing_of

PAGE_ONLY = ("series", "path", "definition", "explain")


class AsOfStatus(Clocks, Paging):
    """Which state, and which page of it."""


def add(router: Router) -> None:
    """Name the operations."""
    operations = Operations(router, "status")

    @operations.get("/status", "status.read", ("全部目标的状态", "Where every target stands"))
    def status(request: HttpRequest, asked: Query[AsOfStatus], where: Where) -> Any:
        view = _view(request, asked)
        wanted = conditions(where)
        rows = [_row(t) for t in view.targets if _meets(t, wanted)]
        question = ("status", tuple(sorted(wanted.items())), asked.as_of())
        page = asked.cut(rows, question, site(request).state())
        return as_json({"meta": view.meta, "targets": page["rows"], "next": page["next"]})

    @operations.get(
        "/targets/{target_id}", "status.read", ("一个目标的全部", "A target whole"), of_target
    )
    def target(request: HttpRequest, target_id: str, asked: Query[Clocks]) -> Any:
        row = _view(request, asked).target(target_id)
        if row is None:
            raise Http404
        return as_json(row)


def _view(request: HttpRequest, asked: Clocks) -> StatusView:
    """The view of today, or of the day and period asked for, with this person's targets."""
    served = site(request)
    if asked.known_on is None and asked.period is None:
        return served.view_for(request)
    as_of = asked.as_of()
    key = ("status", as_of, served.state())
    view = kept(request).get(key, lambda: StatusView.of(served.readers.ask(status_view, as_of)))
    permission, person = request.app.permission, request.person
    seen = [t for t in view.targets if permission.may(person, "status.read", thing_of(t))]
    return restricted(view, seen)


def _row(target: Any) -> dict[str, Any]:
    return {k: v for k, v in target.items() if k not in PAGE_ONLY}


def _meets(target: Any, wanted: dict[str, str]) -> bool:
    return all(str(target.get(column)) == value for column, value in wanted.items())
