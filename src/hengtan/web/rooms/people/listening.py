"""What follows from signing in and from a change of password; each goes into the audit trail."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hengtan.web import trail
from hengtan.web.rooms.people import persons


def begin() -> None:
    """Listen."""
    from allauth.account.signals import password_changed
    from allauth.mfa.signals import authenticator_added, authenticator_removed
    from axes.signals import user_locked_out
    from django.contrib.auth.signals import (
        user_logged_in,
        user_logged_out,
        user_login_failed,
    )

    user_logged_in.connect(_signed_in, dispatch_uid="hengtan.in")
    user_logged_out.connect(_signed_out, dispatch_uid="hengtan.out")
    user_login_failed.connect(_failed, dispatch_uid="hengtan.failed")
    password_changed.connect(_changed, dispatch_uid="hengtan.password")
    user_locked_out.connect(_locked, dispatch_uid="hengtan.locked")
    authenticator_added.connect(_factor_added, dispatch_uid="hengtan.factor")
    authenticator_removed.connect(_factor_removed, dispatch_uid="hengtan.no_factor")


def _signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    if user.must_change_password and not persons.is_by_provider(request):
        user.first_password_used = True
        user.save(update_fields=["first_password_used"])
    trail.note(request, "signed_in", user.username, by=user.username)


def _signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        trail.note(request, "signed_out", user.username, by=user.username)


def _failed(sender: Any, credentials: Any, request: Any = None, **_: Any) -> None:
    from hengtan.web.rooms.people.signing_in import name_tried

    trail.note(request, "sign_in_failed", name_tried(request, credentials)[:60])


def _changed(request: Any, user: Any, **_: Any) -> None:
    from hengtan.web.rooms.people.models import UsedPassword

    user.must_change_password = False
    user.password_changed_at = timezone.now()
    user.save(update_fields=["must_change_password", "password_changed_at"])
    UsedPassword.objects.create(account=user, password=user.password)
    trail.note(request, "password_changed", user.username, by=user.username)


def _locked(request: Any, username: str, **_: Any) -> None:
    trail.note(request, "locked", str(username)[:60])


def _factor_added(request: Any, user: Any, **_: Any) -> None:
    trail.note(request, "factor_added", user.username, by=user.username)


def _factor_removed(request: Any, user: Any, **_: Any) -> None:
    trail.note(request, "factor_removed", user.username, by=user.username)
