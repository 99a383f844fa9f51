"""A shared installation behind a proxy that ends TLS on the same machine: forms are taken, cookies
are for TLS alone, the address of who asks is the one that the proxy saw.
"""

from __future__ import annotations

import re

import httpx
import pytest
from people_at_work import person

from hengtan.office.permission import Grant
from hengtan.web.application import Application
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.store import point_to

HOST = "hengtan.example.cn"


@pytest.fixture
def behind(small_site, prepared_store):
    app = Application(small_site, (HOST,), is_shared=True, is_secure=True)
    prepared_store(app)
    return app


def client(app, peer="127.0.0.1", forwarded="203.0.113.7"):
    transport = httpx.WSGITransport(app=app, remote_addr=peer)
    headers = {"X-Forwarded-For": forwarded, "Host": HOST}
    # the proxy speaks plainly to the application
    return httpx.Client(transport=transport, base_url=f"http://{HOST}", headers=headers)


def sign_in(browser, password, origin=f"https://{HOST}"):
    page = browser.get("/account/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    jar = "; ".join(c.split(";")[0] for c in page.headers.get_list("set-cookie"))
    form = {"login": "li", "password": password, "csrfmiddlewaretoken": token}
    return browser.post("/account/login/", data=form, headers={"Origin": origin, "Cookie": jar})


def test_signing_in_works_and_every_cookie_is_for_tls_alone(behind):
    password = person(behind, "li", Grant("analyst"))
    answer = sign_in(client(behind), password)
    assert answer.status_code == 302
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) >= 2 and all("Secure" in c and "HttpOnly" in c for c in cookies)
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize("origin", ["https://evil.example", f"http://{HOST}", "null"])
def test_a_form_of_another_origin_is_refused(behind, origin):
    password = person(behind, "li", Grant("analyst"))
    assert sign_in(client(behind), password, origin).status_code == 403


@pytest.mark.parametrize(
    ("peer", "forwarded", "noted"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the first was written by the asker
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),  # who is no proxy is not believed
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_the_trail_notes_the_address_that_the_proxy_saw(behind, peer, forwarded, noted):
    person(behind, "li", Grant("analyst"))
    sign_in(client(behind, peer, forwarded), "wrong")
    point_to(behind.store)
    assert Entry.objects.get(kind="sign_in_failed").address == noted


def test_without_tls_nobody_is_believed_for_his_address(shared):
    person(shared, "li", Grant("analyst"))
    browser = client(shared)
    browser.headers["Host"] = "localhost"
    page = browser.get("/account/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
    jar = "; ".join(c.split(";")[0] for c in page.headers.get_list("set-cookie"))
    form = {"login": "li", "password": "wrong", "csrfmiddlewaretoken": token}
    headers = {"Origin": "http://localhost", "Cookie": jar}
    assert browser.post("/account/login/", data=form, headers=headers).status_code == 200
    point_to(shared.store)
    assert Entry.objects.get(kind="sign_in_failed").address == "127.0.0.1"
