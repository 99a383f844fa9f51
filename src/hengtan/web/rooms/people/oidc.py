"""Single sign-on with a provider of OpenID Connect, for accounts that are there.

Address and client id are settings; the client's secret is read from the environment alone. The
token that says who signed in is checked by its signature, its audience and the nonce of this
browser's own request, beside the library's checks (state, PKCE, issuer, end).
"""

from __future__ import annotations

import hmac
import os
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from hengtan.basis.errors import HengtanError
from hengtan.report.words import error as refused
from hengtan.web.rooms.people.models import Setting

SECRET = "HENGTAN_OIDC_SECRET"
FIELDS = ("issuer", "client_id", "title")
NONCE = "hengtan_oidc_nonce"
HERE = ("127.0.0.1", "localhost", "::1")


def secret() -> str:
    """The client's secret, "" where the environment has none."""
    return os.environ.get(SECRET, "")


def stored() -> dict[str, str]:
    """The provider as it was set; blanks where there is none."""
    row = Setting.objects.filter(name="oidc").first()
    return {name: str((row.value if row else {}).get(name, "")) for name in FIELDS}


def choose(by: str, issuer: str, client_id: str, title: str = "") -> None:
    """Set the provider; without an issuer there is none. Raises HengtanError."""
    if issuer:
        parts = urlsplit(issuer)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
        if not is_safe or not parts.hostname or parts.username:
            raise refused(HengtanError, "settings.bad_address")
        if not client_id:
            raise refused(HengtanError, "settings.no_client")
    value = {"issuer": issuer[:400], "client_id": client_id[:191], "title": title[:40]}
    Setting.objects.update_or_create(name="oidc", defaults={"value": value, "changed_by": by})


def apps() -> list[SocialApp]:
    """The provider as the library knows it; none where it is not set or has no secret."""
    known = stored()
    if not known["issuer"] or not secret():
        return []
    return [
        SocialApp(
            provider="openid_connect",
            provider_id="oidc",
            name=known["title"] or "OIDC",
            client_id=known["client_id"],
            secret=secret(),
            settings={"server_url": known["issuer"], "oauth_pkce_enabled": True},
        )
    ]


class Adapter(OpenIDConnectOAuth2Adapter):
    """Checks the signature of a token also where it came straight from the provider."""

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        self.did_fetch_access_token = False
        claims: dict[str, Any] = super()._decode_id_token(app, id_token)
        return claims

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **how: Any) -> Any:
        """The person of an answer. Raises OAuth2Error for one that is not of this request."""
        raw, nonce = how["response"].get("id_token"), request.session.pop(NONCE, "")
        claims = self._decode_id_token(app, raw) if raw else {}
        if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")), nonce):
            raise OAuth2Error("the id token is not of this request")
        data = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims.get("sub"):
                raise OAuth2Error("userinfo is of somebody else")
        return self.get_provider().sociallogin_from_response(request, data)


class Provider(OpenIDConnectProvider):
    """The provider, whose requests carry a nonce and nothing that an address could add."""

    package = "hengtan.web.rooms.people"
    oauth2_adapter_class = Adapter

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """A nonce that only this browser's session knows."""
        request.session[NONCE] = secrets.token_urlsafe(32)
        return {"nonce": request.session[NONCE]}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What is asked for, whatever the address says."""
        scope: list[str] = self.get_scope()
        return scope
