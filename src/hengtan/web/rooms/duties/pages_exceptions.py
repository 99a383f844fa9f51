"""Extending or waiving a single obligation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from hengtan.basis.errors import HengtanError
from hengtan.office.duties import Obligation
from hengtan.office.permission import Thing
from hengtan.web.rooms.duties.asking import Calendar, thing_of
from hengtan.web.rooms.duties.pages import MANAGE, line, show
from hengtan.web.rooms.duties.typed import day, kept, refusal
from hengtan.web.routing import Router

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

router = Router()


def of_obligation(request: HttpRequest, **_: str) -> Thing | None:
    """The obligation that is asked for."""
    owed = _obligation(request)
    return None if owed is None else thing_of(owed)


def _obligation(request: HttpRequest) -> Obligation | None:
    asked_for = request.POST if request.method == "POST" else request.GET
    return Calendar.of(request).obligation(asked_for.get("obligation", ""))


@router.get("/duties/exception", MANAGE, of_obligation)
def exception_form(request: HttpRequest) -> HttpResponse:
    """Extending or waiving one obligation."""
    return _exception(request, {}, saved=bool(request.GET.get("saved")))


def _exception(
    request: HttpRequest, typed: Mapping[str, str], error: str = "", *, saved: bool = False
) -> HttpResponse:
    owed = _obligation(request)
    assert owed is not None, "the need of the address asked for it"
    (stands,) = Calendar.of(request).standings([owed])
    return show(
        request,
        "exception",
        "exception.title",
        here="completeness",
        status=400 if error else 200,
        row=line(request, stands),
        expires=owed.expires,
        v={name: typed.get(name, "") for name in ("kind", "due", "expires", "reason")},
        error=error,
        saved=saved,
    )


@router.post("/duties/exception", MANAGE, of_obligation)
def save_exception(request: HttpRequest) -> HttpResponse:
    """Keep an exception, or take back the one that holds."""
    from django.utils import timezone

    from hengtan.web import trail
    from hengtan.web.rooms.duties.models import ExceptionRow

    typed = {name: text.strip() for name, text in request.POST.items()}
    obligation, by = typed["obligation"], request.person.name
    if typed.get("kind") == "take":
        standing_ones = ExceptionRow.objects.filter(obligation=obligation, taken_at=None)
        standing_ones.update(taken_at=timezone.now(), taken_by=by)
        trail.note(request, "duty.exception", f"{obligation} taken back")
        return kept(f"/duties/exception?{urlencode({'obligation': obligation, 'saved': 1})}")
    try:
        is_waived = typed.get("kind") == "waive"
        row = ExceptionRow(
            obligation=obligation,
            waived=is_waived,
            due=None if is_waived else day("due", typed.get("due", "")),
            expires=None if is_waived else day("valid_until", typed.get("expires", "")),
            reason=typed.get("reason", "")[:400],
            by=by,
        )
        row.exception()
    except HengtanError as error:
        return _exception(request, typed, refusal(request, error))
    row.save()
    trail.note(request, "duty.exception", obligation, row.reason)
    return kept(f"/duties/exception?{urlencode({'obligation': obligation, 'saved': 1})}")
