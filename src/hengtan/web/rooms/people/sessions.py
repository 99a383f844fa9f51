"""Sessions of an account: listed, ended; locks lifted; second factors set up anew."""

from __future__ import annotations

from typing import Any

from hengtan.web.rooms.people.models import Account


def of(account: Account) -> list[Any]:
    """The sessions that have not ended."""
    from allauth.usersessions.models import UserSession

    listed: list[Any] = UserSession.objects.purge_and_list(account)
    return listed


def end(account: Account, number: str) -> int:
    """End one session; how many there were."""
    ended = [session for session in of(account) if str(session.pk) == number]
    for session in ended:
        session.end()
    return len(ended)


def end_all(account: Account) -> int:
    """End all sessions; how many there were."""
    ended = of(account)
    for session in ended:
        session.end()
    return len(ended)


def unlock(account: Account) -> None:
    """Lift the lock of too many wrong passwords."""
    from axes.utils import reset

    reset(username=account.username)


def forget_second_factor(account: Account) -> None:
    """Let the second factor be set up anew."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(user=account).delete()
