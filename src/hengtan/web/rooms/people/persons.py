"""Accounts as permission sees them, and what administrators do with them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant, Permission, Person
from hengtan.web.rooms.people.models import Account, GrantRow

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of first passwords: none that are taken for one another."""
FIRST_LENGTH = 16
BY_PROVIDER = "socialaccount"


def person_of(account: Account, only: Iterable[str] | None = None) -> Person:
    """An account with the grants it has now."""
    rows = account.grants.filter(taken_at=None).order_by("id")
    return Person(
        account.username,
        tuple(row.grant() for row in rows),
        is_closed=not account.is_active,
        only=None if only is None else frozenset(only),
        id=account.pk,
        title=account.title or account.username,
    )


def has_second_factor(account: Account) -> bool:
    """Whether signing in asks for a code as well."""
    from allauth.mfa.models import Authenticator

    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    known: bool = Authenticator.objects.filter(user=account, type__in=kinds).exists()
    return known


def account_of(username: str) -> Account:
    """An account by its name. Raises HengtanError."""
    account: Account | None = Account.objects.filter(username=username).first()
    if account is None:
        raise HengtanError(
            f"没有账号“{username}”",
            f"no account '{username}'",
            todo="先由系统管理员建立",
            todo_en="a system administrator makes it first",
        )
    return account


def check_name(name: str, is_there: bool) -> None:
    """Raises HengtanError for a name that cannot be one, or is one already."""
    if not name or len(name) > 60 or any(c.isspace() or ord(c) < 32 for c in name):
        raise HengtanError(
            f"账号名“{name}”不能用",
            f"the name '{name}' cannot be used",
            todo="1—60 个字符，不含空格",
            todo_en="1 to 60 characters without spaces",
        )
    if is_there:
        raise HengtanError(
            f"账号“{name}”已存在",
            f"the account '{name}' is there already",
            todo="换一个名字，或给已有账号授权",
            todo_en="choose another name, or grant to the existing one",
        )


def make_account(username: str, by: str, **fields: str) -> tuple[Account, str]:
    """A new account with its first password, which serves once. Raises HengtanError.

    ``fields``: title, email, phone, department.
    """
    name = username.strip()
    check_name(name, Account.objects.filter(username=name).exists())
    account = Account(username=name, made_by=by, **fields)
    password = _new_first_password(account)
    return account, password


def renew_password(account: Account) -> str:
    """A new first password, which serves once; all sessions of the account end."""
    return _new_first_password(account)


def _new_first_password(account: Account) -> str:
    password = "".join(secrets.choice(LETTERS) for _ in range(FIRST_LENGTH))
    account.set_password(password)
    account.must_change_password, account.first_password_used = True, False
    account.save()
    return password


def give(permission: Permission, giver: Person, account: Account, grant: Grant) -> GrantRow:
    """Give a grant. Raises HengtanError where the rule of granting forbids it."""
    with transaction.atomic():
        # of two that give at once the second waits here, and sees what the first gave
        Account.objects.select_for_update().get(pk=account.pk)
        theirs = [row.grant() for row in account.grants.filter(taken_at=None)]
        permission.may_grant(giver, account.username, theirs, grant)
        return GrantRow.objects.create(
            account=account,
            role=grant.role,
            place=grant.place or "",
            form=grant.form or "",
            department=grant.department or "",
            entity=grant.entity or "",
            until=grant.until,
            given_by=giver.name,
        )


def take_back(permission: Permission, taker: Person, row: GrantRow) -> None:
    """End a grant. Raises HengtanError where it reaches further than the taker's own."""
    permission.may_grant(taker, row.account.username, (), row.grant())
    row.taken_by, row.taken_at = taker.name, timezone.now()
    row.save()


def first_three(names: dict[str, str], by: str) -> dict[str, str]:
    """The three administrators of a new installation: role → name; gives name → first password.

    Raises HengtanError where there are accounts already.
    """
    if Account.objects.exists():
        raise HengtanError(
            "已有账号，不能再建首批管理员",
            "there are accounts already",
            todo="由现有管理员登录后办理",
            todo_en="an administrator who is there does it",
        )
    passwords = {}
    with transaction.atomic():
        for role, name in names.items():
            account, passwords[name] = make_account(name, by)
            GrantRow.objects.create(account=account, role=role, given_by=by)
    return passwords


def holds_until(row: GrantRow, today: date) -> bool:
    """Whether a grant is in force on a day."""
    return row.taken_at is None and row.grant().holds_on(today)


def is_by_provider(request: HttpRequest) -> bool:
    """Whether a provider of single sign-on vouched for the person, so that no password counts."""
    return vouched_for_since(request, 0.0)


def vouched_for_since(request: HttpRequest, moment: float) -> bool:
    """Whether a provider vouched for the person of this session since a moment. [s, Unix time]"""
    methods = request.session.get("account_authentication_methods", [])
    return any(m.get("method") == BY_PROVIDER and m.get("at", 0) >= moment for m in methods)


def titles_of(names: Iterable[str]) -> dict[str, str]:
    """How people are called, by the names they sign in with; a name without account is itself."""
    wanted = sorted({name for name in names if name})
    known = dict(Account.objects.filter(username__in=wanted).values_list("username", "title"))
    return {name: known.get(name) or name for name in wanted}
