"""The enterprises and units that file, pasted from a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hengtan.basis.days import day_of
from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Thing
from hengtan.web.rooms.duties.pages import MANAGE, sayer, show
from hengtan.web.rooms.duties.typed import kept, may_manage, not_so, refusal
from hengtan.web.routing import Router
from hengtan.web.site import language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

router = Router()
LISTED = 500


@router.get("/duties/entities", MANAGE)
def entities(request: HttpRequest) -> HttpResponse:
    """The enterprises that file."""
    saved = request.GET.get("saved", "")
    return _entities(request, saved=int(saved) if saved.isdecimal() else 0)


def _entities(
    request: HttpRequest, lines: str = "", error: str = "", saved: int = 0
) -> HttpResponse:
    from hengtan.web.rooms.duties.models import EntityRow

    lang = language(request)
    names = {
        place.code: (place.name_en if lang == "en" else "") or place.name_zh
        for place in request.app.site.workspace.pack.places()
    }
    everyone = EntityRow.objects.order_by("place", "code")
    rows = [row for row in everyone if may_manage(request, _thing(row))]
    return show(
        request,
        "entities",
        "entities.title",
        status=400 if error else 200,
        rows=[
            {
                "code": row.code,
                "name": row.body().name(lang),
                "place": names.get(row.place, row.place),
                "since": row.since,
                "until": row.until,
            }
            for row in rows[:LISTED]
        ],
        number=len(rows),
        lines=lines,
        error=error,
        saved=saved,
    )


def _thing(row: Any) -> Thing:
    return Thing(place=row.place, entity=row.code)


@router.post("/duties/entities", MANAGE)
def save_entities(request: HttpRequest) -> HttpResponse:
    """Keep the lines that were pasted, all or none."""
    from django.db import transaction

    from hengtan.web import trail
    from hengtan.web.rooms.duties.models import EntityRow

    text, say = request.POST.get("lines", ""), sayer(request)
    rows = []
    for number, content in enumerate(text.splitlines(), start=1):
        if not content.strip():
            continue
        try:
            rows.append(_entity(request, content))
        except HengtanError as error:
            why = say("entities.bad", number, refusal(request, error))
            return _entities(request, text, why)
    fields = ("name_zh", "name_en", "place", "since", "until")
    with transaction.atomic():
        EntityRow.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["code"], update_fields=fields
        )
    trail.note(request, "duty.entities", f"{len(rows)}")
    return kept(f"/duties/entities?saved={len(rows)}")


def _entity(request: HttpRequest, content: str) -> Any:
    """A line that was pasted. Raises HengtanError."""
    from hengtan.web.rooms.duties.models import EntityRow

    separator = next((s for s in ("\t", "，", ",") if s in content), None)
    cells = [cell.strip() for cell in content.split(separator)]
    if not 3 <= len(cells) <= 5 or not all(cells[:3]) or ":" in cells[0]:
        raise not_so("entities.columns")
    code, name, place, since, until = (*cells, "", "")[:5]
    row = EntityRow(
        code=code[:40],
        name_zh=name[:120],
        place=request.app.site.workspace.pack.places().find(place).code,
        since=day_of(since) if since else None,
        until=day_of(until) if until else None,
    )
    if not may_manage(request, _thing(row)):
        raise not_so("rules.not_yours")
    return row
