"""People of a shared installation: the first three, first passwords, locks, second factors, ends of
sessions; and that nobody sees what was not granted.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from page_client import PageClient

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant, Person
from hengtan.web import trail, who
from hengtan.web.application import Application
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account, GrantRow
from hengtan.web.store import point_to

NEW = "一个足够长的新密码 2026"
ALONE = Person("测试", is_alone=True)


@pytest.fixture
def shared(small_site, prepared_store):
    """The small site, shared, with a store of its own."""
    app = Application(small_site, writable=False, is_shared=True)
    prepared_store(app)
    yield app


def person(app, name, *grants):
    """An account with grants, and its first password."""
    point_to(app.store)
    account, password = persons.make_account(name, "测试")
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    return password


def send(client, address, page="", **form):
    """A form of the page at an address, sent back to it."""
    page = page or client.get(address).text
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


def sign_in(client, name, password):
    return send(client, "/account/login/", login=name, password=password)


def change_password(client, old, new=NEW):
    form = {"oldpassword": old, "password1": new, "password2": new}
    return send(client, "/account/password/change/", **form)


def test_whoever_is_not_signed_in_is_sent_to_sign_in(shared):
    answer = PageClient(shared, follow=False).get("/measures?x=1")
    asked = urlsplit(answer.headers["location"])
    assert (answer.status_code, asked.path) == (302, "/account/login/")
    assert parse_qs(asked.query)["next"] == ["/measures?x=1"]
    assert PageClient(shared).get("/api/status").status_code == 401


def test_a_first_password_serves_once_and_is_changed_first(shared):
    first = person(shared, "李工", Grant("analyst"))
    client = PageClient(shared)
    sign_in(client, "李工", first)
    assert "/account/password/change/" in str(client.get("/").url)
    # another browser with the same first password: used up
    other = PageClient(shared)
    sign_in(other, "李工", first)
    assert "/account/login/" in str(other.get("/").url)
    change_password(client, first)
    assert client.get("/").status_code == 200 and "总览" in client.get("/").text
    sign_in(other, "李工", NEW)
    assert str(other.get("/measures").url).endswith("/measures")


def ready(app, name, *grants):
    """A client of a person who has signed in and changed the first password."""
    first = person(app, name, *grants)
    client = PageClient(app)
    sign_in(client, name, first)
    change_password(client, first)
    return client


def test_five_wrong_passwords_lock_the_account_and_not_others(shared):
    client = ready(shared, "李工", Grant("analyst"))
    wrong = PageClient(shared)
    answers = [sign_in(wrong, "李工", "wrong") for _ in range(6)]
    assert "锁定" in answers[-1].text and answers[-1].status_code == 429
    right = PageClient(shared)
    sign_in(right, "李工", NEW)
    assert "/account/login/" in str(right.get("/").url)
    assert client.get("/").status_code == 200  # a session under way goes on
    ready(shared, "王工", Grant("analyst"))


def test_reviewers_and_administrators_need_a_second_factor(shared):
    client = ready(shared, "审核员", Grant("reviewer"))
    asked = str(client.get("/").url)
    assert "/account/reauthenticate/" in asked and "2fa%2Ftotp%2Factivate" in asked
    send(client, "/account/reauthenticate/?next=/account/2fa/totp/activate/", password=NEW)
    page = client.get("/account/2fa/totp/activate/").text
    secret = re.search(r'value="([A-Z2-7]{32})"', page)[1]
    code = _totp(secret)
    send(client, "/account/2fa/totp/activate/", page, code=code)
    assert client.get("/").status_code == 200 and "2fa" not in str(client.get("/").url)


def _totp(secret):
    """RFC 6238 with SHA-1, 30 seconds, six digits: written out here, from the standard."""
    import base64
    import hmac
    import struct
    import time

    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_a_session_ends_after_its_longest_time(shared, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    assert client.get("/").status_code == 200
    monkeypatch.setattr(who, "LONGEST_SECONDS", -1)
    assert "/account/login/" in str(client.get("/").url)


def test_a_closed_account_is_out_at_once(shared):
    client = ready(shared, "李工", Grant("analyst"))
    assert client.get("/measures").status_code == 200
    point_to(shared.store)
    Account.objects.filter(username="李工").update(is_active=False)
    assert "/account/login/" in str(client.get("/measures").url)


def test_a_grant_taken_back_is_gone_at_once_and_a_kept_page_is_not_shown(shared):
    client = ready(shared, "李工", Grant("analyst"))
    assert client.get("/measures").status_code == 200
    point_to(shared.store)
    row = GrantRow.objects.get(account__username="李工")
    persons.take_back(shared.permission, ALONE, row)
    assert client.get("/measures").status_code == 404


def test_the_first_three_administrators_are_made_once(shared):
    point_to(shared.store)
    names = {"system_administrator": "s", "security_administrator": "g", "audit_administrator": "a"}
    assert set(persons.first_three(names, "root")) == {"s", "g", "a"}
    with pytest.raises(HengtanError, match="已有账号"):
        persons.first_three(names, "root")


def test_nobody_signs_up_and_other_doors_of_the_library_are_closed(shared):
    client = PageClient(shared)
    for address in ("signup/", "password/reset/", "email/", "2fa/webauthn/", "phone/change/"):
        assert client.get(f"/account/{address}").status_code == 404, address


def test_the_trail_is_sealed_and_a_change_is_found(shared):
    from hengtan.web.rooms.audit.models import Entry

    first = person(shared, "李工", Grant("analyst"))
    client = PageClient(shared)
    sign_in(client, "李工", "wrong")
    sign_in(client, "李工", first)
    point_to(shared.store)
    kinds = list(Entry.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["sign_in_failed", "signed_in"]
    assert trail.first_fault() is None
    Entry.objects.filter(number=1).update(what="王工")
    assert trail.first_fault() == 1
    Entry.objects.filter(number=1).delete()
    assert trail.first_fault() == 1
