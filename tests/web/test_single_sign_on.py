"""Single sign-on with a provider of OpenID Connect that stands here on a port of its own: it signs
in whoever it is told, with tokens that can be spoilt in one way at a time.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from page_client import PageClient
from people_at_work import SECRET_OF_PROVIDER as SECRET
from people_at_work import person, ready

from hengtan.office.permission import Grant
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.people import oidc
from hengtan.web.rooms.people.models import Account, Setting
from hengtan.web.store import point_to

CLIENT = "hengtan-test"
KEYS = {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in "ab"}


class FakeProvider:
    """Codes and tokens of one person; ``spoil``: what is wrong with the next token."""

    def __init__(self):
        self.user, self.spoil, self.asked = "li", {}, {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def _say(self, content, status=200):
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                self._say(*provider.read(urlsplit(self.path).path, self.headers))

            def do_POST(self):
                size = int(self.headers["Content-Length"])
                form = parse_qs(self.rfile.read(size).decode())
                self._say(*provider.token({k: v[0] for k, v in form.items()}))

        return Handler

    def read(self, path, headers):
        if path == "/.well-known/openid-configuration":
            return (
                {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "jwks_uri": f"{self.address}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                },
            )
        if path == "/jwks":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS["a"].public_key()))
            return ({"keys": [{**key, "kid": "k", "alg": "RS256", "use": "sig"}]},)
        if path == "/userinfo" and headers["Authorization"] == "Bearer access":
            sub = self.spoil.get("userinfo_sub", f"sub-{self.user}")
            return ({"sub": sub, "preferred_username": self.user},)
        return {"error": "not here"}, 404

    def token(self, form):
        challenge = base64.urlsafe_b64encode(
            hashlib.sha256(form["code_verifier"].encode()).digest()
        )
        right = (
            form["client_secret"] == SECRET
            and form["code"] == "the-code"
            and challenge.decode().rstrip("=") == self.asked["code_challenge"]
        )
        if not right:
            return {"error": "invalid_grant"}, 400
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": f"sub-{self.user}",
            "preferred_username": self.user,
            "nonce": self.asked["nonce"],
            "iat": now,
            "exp": now + 300,
        } | self.spoil.get("claims", {})
        key = KEYS[self.spoil.get("key", "a")]
        if self.spoil.get("unsigned"):
            token = jwt.encode(claims, None, algorithm="none", headers={"kid": "k"})
        else:
            token = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "k"})
        answer = {"access_token": "access", "token_type": "Bearer", "id_token": token}
        return ({k: v for k, v in answer.items() if k != self.spoil.get("left_out")},)


@pytest.fixture(scope="module")
def fake():
    provider = FakeProvider()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()


@pytest.fixture
def provider(fake, shared, monkeypatch):
    """The provider, set for the shared installation."""
    fake.user, fake.spoil = "li", {}
    monkeypatch.setenv(oidc.SECRET, SECRET)
    point_to(shared.store)
    oidc.choose("测试", fake.address, CLIENT, "市统一认证")
    return fake


def leave(app, provider, next_page="/measures"):
    """A browser that was sent to the provider, and what it was sent with."""
    client = PageClient(app, follow=False)
    answer = client.get(f"/account/oidc/oidc/login/?process=login&next={next_page}")
    assert answer.status_code == 302, answer.text[-1500:]
    to = urlsplit(answer.headers["location"])
    assert f"{to.scheme}://{to.netloc}{to.path}" == f"{provider.address}/authorize"
    provider.asked = {k: v[0] for k, v in parse_qs(to.query).items()}
    return client


def come_back(client, provider, state="", code="the-code"):
    state = state or provider.asked["state"]
    return client.get(f"/account/oidc/oidc/login/callback/?code={code}&state={state}")


def is_signed_in(client):
    return client.get("/measures").status_code == 200


def test_a_person_with_an_account_signs_in(shared, provider):
    person(shared, "li", Grant("analyst"))
    client = leave(shared, provider)
    assert provider.asked["response_type"] == "code" and provider.asked["client_id"] == CLIENT
    assert provider.asked["code_challenge_method"] == "S256"
    answer = come_back(client, provider)
    assert (answer.status_code, answer.headers["location"]) == (302, "/measures")
    assert is_signed_in(client)  # a first password that was never used is not asked for
    point_to(shared.store)
    assert "signed_in" in Entry.objects.values_list("kind", flat=True)
    again = leave(shared, provider)
    come_back(again, provider)
    assert is_signed_in(again)


@pytest.mark.parametrize("who", ["nobody", "closed"])
def test_a_person_without_an_open_account_is_refused_and_none_is_made(shared, provider, who):
    person(shared, "closed", Grant("analyst"))
    point_to(shared.store)
    Account.objects.update(is_active=False)
    provider.user = who
    client = leave(shared, provider)
    answer = come_back(client, provider)
    assert answer.status_code == 403 and "没有您的账号" in answer.text
    assert not is_signed_in(client) and Account.objects.count() == 1


def test_an_account_closed_later_does_not_come_in_by_the_provider(shared, provider):
    person(shared, "li", Grant("analyst"))
    come_back(leave(shared, provider), provider)
    point_to(shared.store)
    Account.objects.update(is_active=False)
    client = leave(shared, provider)
    come_back(client, provider)
    assert not is_signed_in(client)


SPOILT = {
    "state": None,
    "another browser": None,
    "code": None,
    "nonce": {"claims": {"nonce": "of-somebody-else"}},
    "no nonce": {"claims": {"nonce": None}},
    "audience": {"claims": {"aud": "another-client"}},
    "issuer": {"claims": {"iss": "https://evil.example"}},
    "ended": {"claims": {"exp": 1_000_000_000}},
    "another key": {"key": "b"},
    "unsigned": {"unsigned": True},
    "no id token": {"left_out": "id_token"},
    "userinfo of another": {"userinfo_sub": "sub-wang"},
}


@pytest.mark.parametrize("what", SPOILT)
def test_an_answer_that_was_tampered_with_is_refused(shared, provider, what):
    person(shared, "li", Grant("analyst"))
    client = leave(shared, provider)
    provider.spoil = SPOILT[what] or {}
    if what == "state":
        come_back(client, provider, state="guessed")
    elif what == "another browser":
        # the victim's browser is led to the answer that an attacker began
        client = PageClient(shared, follow=False)
        come_back(client, provider)
    elif what == "code":
        come_back(client, provider, code="another")
    else:
        come_back(client, provider)
    assert not is_signed_in(client)


def test_an_answer_serves_once(shared, provider):
    person(shared, "li", Grant("analyst"))
    client = leave(shared, provider)
    come_back(client, provider)
    client.cookies.clear()
    come_back(client, provider)
    assert not is_signed_in(client)


def test_who_needs_a_second_factor_needs_it_here_too(shared, provider):
    person(shared, "li", Grant("reviewer"))
    client = leave(shared, provider)
    come_back(client, provider)
    answer = client.get("/measures")
    assert answer.status_code == 302 and "2fa/totp/activate" in answer.headers["location"]


def test_the_secret_is_of_the_environment_alone(shared, provider, monkeypatch):
    assert SECRET not in json.dumps(list(Setting.objects.values("value")))
    assert "市统一认证" in PageClient(shared).get("/account/login/").text
    monkeypatch.delenv(oidc.SECRET)
    assert "市统一认证" not in PageClient(shared).get("/account/login/").text
    assert PageClient(shared).get("/account/oidc/oidc/login/").status_code == 404
    assert PageClient(shared).get("/account/oidc/other/login/").status_code == 404


def test_an_address_cannot_add_to_what_the_provider_is_asked(shared, provider):
    client = PageClient(shared, follow=False)
    answer = client.get("/account/oidc/oidc/login/?auth_params=nonce%3Dx&scope=admin")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["nonce"] != ["x"] and "admin" not in asked["scope"][0]


def test_signing_in_by_password_goes_on_beside_it(shared, provider):
    assert ready(shared, "王工", Grant("analyst")).get("/measures").status_code == 200
