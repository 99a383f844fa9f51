"""Grants given and taken back, sessions ended, second factors set up anew."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant
from hengtan.office.roles import roles
from hengtan.report.words import error as refused
from hengtan.web import trail
from hengtan.web.rooms.people import persons, sessions
from hengtan.web.rooms.people.days import later_day
from hengtan.web.rooms.people.models import Account, GrantRow
from hengtan.web.rooms.people.pages import account_or_none, account_page, back, told
from hengtan.web.routing import Router
from hengtan.web.site import not_found

router = Router("/people/{account}")
LONGEST = {"form": 80, "department": 60, "entity": 40}


@router.post("/grants", "grant.give")
def give(request: HttpRequest, account: str) -> HttpResponse:
    """Give a grant."""
    row = account_or_none(request, account, "grant.give")
    if row is None:
        return not_found(request, account)
    try:
        grant = _sent(request)
        persons.give(request.app.permission, request.person, row, grant)
    except HengtanError as error:
        trail.note(request, "grant_refused", _what(row, request.POST.get("role", "")), error.zh)
        return account_page(request, row, 400, error=told(request, error), sent=request.POST)
    trail.note(request, "granted", _what(row, grant.role, grant))
    return back(row, "give")


def _sent(request: HttpRequest) -> Grant:
    """The grant of a form. Raises HengtanError for parts that are not there."""
    parts = {name: request.POST.get(name, "").strip() or None for name in ("place", *LONGEST)}
    workspace = request.app.site.workspace
    known = {str(row["place"]) for row in workspace.pack.rows("places")}
    if parts["place"] and parts["place"] not in known:
        raise refused(HengtanError, f"grants.bad_place|{parts['place'][:40]}")
    if parts["form"] and parts["form"] not in workspace.forms:
        raise refused(HengtanError, f"grants.bad_form|{parts['form'][:40]}")
    for name, most in LONGEST.items():
        text = parts[name] or ""
        if len(text) > most:
            raise refused(HengtanError, f"grants.bad_part|{text[:20]}")
    until = later_day(request.POST.get("until", "").strip(), request.app.today())
    return Grant(request.POST.get("role", ""), **parts, until=until)


def _what(account: Account, role: str, grant: Grant | None = None) -> str:
    parts = [] if grant is None else [grant.place, grant.form, grant.department, grant.entity]
    until = f" ≤{grant.until}" if grant and grant.until else ""
    title = roles()[role].title_zh if role in roles() else role[:40]
    return f"{account.username} {title} {' '.join(filter(None, parts))}".strip() + until


@router.post("/grants/{grant}/take", "grant.give")
def take(request: HttpRequest, account: str, grant: str) -> HttpResponse:
    """Take a grant back."""
    row = account_or_none(request, account, "grant.give")
    if row is None or not (grant.isascii() and grant.isdigit() and len(grant) < 16):
        return not_found(request, account)
    ended = GrantRow.objects.filter(pk=int(grant), account=row, taken_at=None).first()
    if ended is None:
        return not_found(request, grant)
    try:
        persons.take_back(request.app.permission, request.person, ended)
    except HengtanError as error:
        trail.note(request, "grant_refused", _what(row, ended.role), error.zh)
        return account_page(request, row, 400, error=told(request, error))
    trail.note(request, "grant_taken", _what(row, ended.role, ended.grant()))
    return back(row, "take")


@router.post("/sessions/{session}/end", "session.end")
def end(request: HttpRequest, account: str, session: str) -> HttpResponse:
    """End one session of an account, or ``all``."""
    row = account_or_none(request, account, "session.end")
    if row is None:
        return not_found(request, account)
    number = sessions.end_all(row) if session == "all" else sessions.end(row, session)
    if not number and session != "all":
        return not_found(request, session)
    trail.note(request, "session_ended", f"{row.username} × {number}")
    return back(row, "end")


@router.post("/second-factor", "session.end")
def forget_second_factor(request: HttpRequest, account: str) -> HttpResponse:
    """Let the second factor be set up anew (a telephone that was lost)."""
    row = account_or_none(request, account, "session.end")
    if row is None:
        return not_found(request, account)
    sessions.forget_second_factor(row)
    sessions.end_all(row)
    trail.note(request, "factor_forgotten", row.username)
    return back(row, "forget_factor")
