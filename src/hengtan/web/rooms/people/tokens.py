"""Access tokens of programs: shown once, kept as a digest, able to do less than their owner."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Permission, Person
from hengtan.office.roles import actions as all_actions
from hengtan.report.words import error as refused
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account, Token

BEARER = "Bearer "
USED_EVERY = timedelta(minutes=1)
"""When a token was used last is written no more often."""
ASKED = ("account", "actions", "until", "used_at")
ASKED_OF_OWNER = ("username", "title", "is_active", "is_test")
"""What is read of a token and its owner for each request."""
NEVER = frozenset(
    {
        *("token.make", "person.manage", "grant.give", "session.end", "setting.change"),
        *("backup.make", "audit.read"),
    }
)
"""What no token may, whoever owns it."""


def possible(permission: Permission, owner: Person) -> list[str]:
    """The actions a token of this owner could have, in the order of the table."""
    return [a for a in all_actions() if a not in NEVER and permission.anywhere(owner, a)]


def make(
    permission: Permission, owner: Person, name: str, actions: Iterable[str], until: date | None
) -> str:
    """A new token of an owner for some of his actions; the only time it is seen.

    Raises HengtanError for an action that the owner may not do, or no token.
    """
    allowed, able = set(actions), set(possible(permission, owner))
    for action in sorted(allowed - able):
        title = all_actions().get(action, (action[:40], ""))[0]
        raise refused(HengtanError, f"tokens.not_yours|{title}")
    secret = f"hengtan_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        account=Account.objects.get(username=owner.name),
        name=name[:60],
        digest=_digest(secret),
        actions=sorted(allowed),
        until=until,
    )
    return secret


def person_of(header: str, are_tried: bool = False) -> Person | None:
    """The person of an ``Authorization`` header, None where its token is unknown or ended.

    ``are_tried``: whether made-up people of a demonstration city may act.
    """
    if not header.startswith(BEARER):
        return None
    row = (
        Token.objects.select_related("account")
        .only(*ASKED, *(f"account__{name}" for name in ASKED_OF_OWNER))
        .filter(digest=_digest(header.removeprefix(BEARER).strip()), taken_at=None)
        .first()
    )
    if row is None or (row.until and row.until < timezone.localdate()):
        return None
    if row.account.is_test and not are_tried:
        return None
    now = timezone.now()
    if row.used_at is None or now - row.used_at > USED_EVERY:
        Token.objects.filter(pk=row.pk).update(used_at=now)
    return persons.person_of(row.account, only=row.actions)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
