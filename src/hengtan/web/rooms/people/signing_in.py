"""Signing in: by name and password, or by an outside provider for accounts that exist."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.base.forms import AuthenticateForm
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hengtan.report.words import word
from hengtan.web.rooms.people import persons, trying
from hengtan.web.rooms.people.models import Account
from hengtan.web.site import language, message


class Backend(AuthenticationBackend):
    """Password of an open account; a first password serves once."""

    def _check_password(self, user: Account | None, password: str) -> Account | None:
        used_up = user is not None and user.must_change_password and user.first_password_used
        checked: Account | None = super()._check_password(user, password)
        return None if used_up or user is None or not user.is_active else checked

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """Never a made-up person of a demonstration city where those are not tried."""
        account: Account | None = super().authenticate(request, **credentials)
        return None if account is not None and trying.is_refused(request, account) else account

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session; one under way goes on with a first password that was used."""
        account: Account | None = Account.objects.filter(pk=user_id, is_active=True).first()
        return account


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The name with which somebody tried to sign in."""
    tried = credentials or {}
    sent = request.POST if request is not None else {}
    return str(tried.get("username") or tried.get("login") or sent.get("login") or "")


class Accounts(DefaultAccountAdapter):
    """Accounts are made by administrators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not of whom a provider vouched for just now: there may be no password to ask for."""
        since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if persons.vouched_for_since(self.request, since):
            return False
        return bool(super().is_reauthentication_required(app=app))


class OtherDoors(DefaultSocialAccountAdapter):
    """A provider vouches for a person whose account is there; it makes none."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> Any:
        """The provider that was set, where the environment has its secret."""
        from hengtan.web.rooms.people import oidc

        return [
            app
            for app in oidc.apps()
            if provider in (None, app.provider, app.provider_id)
            and client_id in (None, app.client_id)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the person to the account of the name the provider gives."""
        if sociallogin.is_existing:
            return
        name = sociallogin.account.extra_data.get("preferred_username")
        userinfo = sociallogin.account.extra_data.get("userinfo") or {}
        name = name or userinfo.get("preferred_username")
        account = Account.objects.filter(username=name, is_active=True).first() if name else None
        if account is None:
            text = word("sign_in.no_account", language(request))
            raise ImmediateHttpResponse(message(request, "refused", text, name or "", 403))
        sociallogin.connect(request, account)


class SignIn(LoginForm):
    """Name and password; what the fields are called stands in the template."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["login"].widget.attrs.update(placeholder="", autocomplete="username")
        self.fields["password"].widget.attrs["placeholder"] = ""
        self.fields["password"].help_text = ""


class Code(AuthenticateForm):
    """The code of a second factor, filled in for a made-up person of a demonstration city."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].initial = trying.code(context.request)


def locked(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Too many wrong passwords."""
    text = word("sign_in.locked", language(request))
    return message(request, "refused", text, "", 429)
