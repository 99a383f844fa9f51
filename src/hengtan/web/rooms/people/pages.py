"""Accounts: the list, one account, making many from a table, closing, first passwords."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from hengtan.basis.errors import HengtanError
from hengtan.office.roles import roles
from hengtan.report.words import word
from hengtan.web import trail
from hengtan.web.answers import refusal_said
from hengtan.web.rooms.people import importing, lists, persons, sessions
from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.people.reach import accounts_of
from hengtan.web.routing import Router
from hengtan.web.site import language, not_found, room_page

router = Router("/people")
FIELDS = ("title", "department", "email", "phone")


@router.get("", "person.read")
def people(request: HttpRequest) -> HttpResponse:
    """All accounts, found by name, paged."""
    return _people(request)


def _people(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    from hengtan.web.rooms.people.choices import Choices

    return room_page(
        request,
        "people/people.html",
        title=word("nav.people", language(request)),
        here="people",
        status=status,
        listed=lists.accounts(request),
        locked=lists.locked_names(),
        grants_of=lists.grants_of,
        choices=Choices(request.app.site.workspace),
        roles=roles(),
        states=lists.STATES,
        **context,
    )


@router.post("/make", "person.manage")
def make(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once."""
    sent = {name: request.POST.get(name, "").strip() for name in FIELDS}
    name = request.POST.get("username", "")
    try:
        importing.check_fields(sent)
        account, password = persons.make_account(name, request.person.name, **sent)
    except HengtanError as error:
        return _people(request, 400, error=told(request, error), sent={"username": name, **sent})
    trail.note(request, "account_made", account.username)
    return passwords_page(request, [(account, password)])


@router.get("/table.csv", "person.manage")
def table(request: HttpRequest) -> HttpResponse:
    """The empty table for making many."""
    return HttpResponse(
        "\ufeff" + ",".join(importing.TITLES) + "\r\n",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )


@router.post("/import", "person.manage")
def import_many(request: HttpRequest) -> HttpResponse:
    """Make many accounts from a table, or none where a row is wrong."""
    file = request.FILES.get("file")
    try:
        read = importing.read(file)
        pairs = [] if read.findings else importing.make_all(read, request.person.name)
    except HengtanError as error:
        return _people(request, 400, error=told(request, error))
    if read.findings:
        return _people(request, 400, findings=read.findings)
    trail.note(request, "accounts_imported", f"{len(pairs)}：{file.name if file else ''}")
    return passwords_page(request, pairs)


def passwords_page(request: HttpRequest, pairs: list[tuple[Account, str]]) -> HttpResponse:
    """First passwords, the only time they are seen."""
    title = word("people.passwords", language(request))
    return room_page(request, "people/passwords.html", title=title, here="people", pairs=pairs)


@router.get("/{account}", "person.read")
def one_account(request: HttpRequest, account: str) -> HttpResponse:
    """An account with its grants and sessions."""
    row = account_or_none(request, account, "person.read")
    return account_page(request, row) if row else not_found(request, account)


def account_or_none(request: HttpRequest, number: str, action: str) -> Account | None:
    """An account by its number, where it is within reach of an action of this person."""
    known: Account | None = None
    if number.isascii() and number.isdigit() and len(number) < 16:
        known = accounts_of(request, action).filter(pk=int(number)).first()
    return known


def account_page(
    request: HttpRequest, account: Account, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of an account; ``error`` and ``sent``: a form that was refused."""
    from hengtan.web.rooms.people.choices import Choices

    done = request.GET.get("done", "")
    choices = Choices(request.app.site.workspace)
    return room_page(
        request,
        "people/account.html",
        title=account.title or account.username,
        here="people",
        status=status,
        account=account,
        roles=roles(),
        grants=list(account.grants.filter(taken_at=None).order_by("id")),
        past=list(account.grants.exclude(taken_at=None).order_by("-taken_at")[:50]),
        sessions=sessions.of(account) if may(request, "session.end") else [],
        is_locked=account.username in lists.locked_names(),
        has_factor=persons.has_second_factor(account),
        today=request.app.today(),
        choices=choices,
        done=done if word_is_there(f"people.done.{done}") else "",
        **context,
    )


def may(request: HttpRequest, action: str) -> bool:
    """Whether this person may do something anywhere."""
    return bool(request.app.permission.anywhere(request.person, action))


def word_is_there(key: str) -> bool:
    """Whether the tables have a word."""
    from hengtan.report.words import has

    return has(key)


def told(request: HttpRequest, error: HengtanError) -> str:
    """An error in the reader's language, with what to do."""
    return refusal_said(error, language(request))


def back(account: Account, done: str) -> HttpResponse:
    """To the page of the account, which says what was done."""
    return HttpResponseRedirect(f"/people/{account.pk}?done={done}", status=303)


@router.post("/{account}/edit", "person.manage")
def edit(request: HttpRequest, account: str) -> HttpResponse:
    """Change name, department, mail and telephone."""
    row = account_or_none(request, account, "person.manage")
    if row is None:
        return not_found(request, account)
    sent = {name: request.POST.get(name, "").strip() for name in FIELDS}
    try:
        importing.check_fields(sent)
    except HengtanError as error:
        return account_page(request, row, 400, error=told(request, error))
    changed = [name for name in FIELDS if getattr(row, name) != sent[name]]
    for name in changed:
        setattr(row, name, sent[name])
    if changed:
        row.save(update_fields=changed)
        trail.note(request, "account_changed", f"{row.username}：{', '.join(changed)}")
    return back(row, "edit")


@router.post("/{account}/close", "person.manage")
def close(request: HttpRequest, account: str) -> HttpResponse:
    """Close an account; its sessions and tokens end."""
    row = account_or_none(request, account, "person.manage")
    if row is None:
        return not_found(request, account)
    if row.username == request.person.name:
        return account_page(request, row, 400, error=word("people.own", language(request)))
    row.is_active = False
    row.save(update_fields=["is_active"])
    sessions.end_all(row)
    trail.note(request, "account_closed", row.username)
    return back(row, "close")


@router.post("/{account}/open", "person.manage")
def reopen(request: HttpRequest, account: str) -> HttpResponse:
    """Open a closed account again."""
    row = account_or_none(request, account, "person.manage")
    if row is None:
        return not_found(request, account)
    row.is_active = True
    row.save(update_fields=["is_active"])
    trail.note(request, "account_opened", row.username)
    return back(row, "open")


@router.post("/{account}/renew", "person.manage")
def renew(request: HttpRequest, account: str) -> HttpResponse:
    """A new first password, shown once; sessions end, the lock is lifted."""
    row = account_or_none(request, account, "person.manage")
    if row is None:
        return not_found(request, account)
    password = persons.renew_password(row)
    sessions.end_all(row)
    sessions.unlock(row)
    trail.note(request, "password_renewed", row.username)
    return passwords_page(request, [(row, password)])


@router.post("/{account}/unlock", "person.manage")
def unlock(request: HttpRequest, account: str) -> HttpResponse:
    """Lift the lock of too many wrong passwords."""
    row = account_or_none(request, account, "person.manage")
    if row is None:
        return not_found(request, account)
    sessions.unlock(row)
    trail.note(request, "account_unlocked", row.username)
    return back(row, "unlock")
