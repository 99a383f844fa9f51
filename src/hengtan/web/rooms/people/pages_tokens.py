"""Access tokens of one's own: made for chosen actions, shown once, taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.office.roles import actions
from hengtan.report.words import error as refused
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.rooms.people import tokens
from hengtan.web.rooms.people.days import later_day
from hengtan.web.rooms.people.models import Token
from hengtan.web.rooms.people.pages import told
from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, room_page

router = Router("/tokens")


def _row(request: HttpRequest, token: str) -> Token | None:
    if not (token.isascii() and token.isdigit() and len(token) < 16):
        return None
    mine = Token.objects.filter(account__username=request.person.name, taken_at=None)
    return mine.filter(pk=int(token)).first()


@router.get("", "token.make")
def own(request: HttpRequest) -> HttpResponse:
    """One's own tokens."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    rows = Token.objects.filter(account__username=request.person.name).order_by("-id")
    return room_page(
        request,
        "people/tokens.html",
        title=word("tokens.title", language(request)),
        status=status,
        rows=list(rows[:200]),
        today=request.app.today(),
        actions=actions(),
        possible=tokens.possible(request.app.permission, request.person),
        **context,
    )


@router.post("/make", "token.make")
def make(request: HttpRequest) -> HttpResponse:
    """Make a token; the only time it is seen."""
    chosen, name = request.POST.getlist("action"), request.POST.get("name", "").strip()
    try:
        until = later_day(request.POST.get("until", "").strip(), request.app.today())
        if not name or not chosen:
            raise refused(HengtanError, "tokens.no_name")
        secret = tokens.make(request.app.permission, request.person, name, chosen, until)
    except HengtanError as error:
        return _page(request, 400, error=told(request, error))
    trail.note(request, "token_made", f"{name}：{' '.join(sorted(chosen))}")
    return _page(request, secret=secret)


@router.post("/{token}/take", "token.make")
def take(request: HttpRequest, token: str) -> HttpResponse:
    """Take a token back; those of others are not there."""
    row = _row(request, token)
    if row is None:
        return not_found(request, token)
    row.taken_at = timezone.now()
    row.save(update_fields=["taken_at"])
    trail.note(request, "token_taken", row.name)
    return HttpResponseRedirect("/tokens?done=token_taken", status=303)
