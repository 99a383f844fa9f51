"""The two password profiles, and how long a session lasts, with the clock moved."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from page_client import PageClient
from people_at_work import NEW, change_password, injected, person, ready, send, sign_in

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.people import passwords
from hengtan.web.rooms.people.models import Account
from hengtan.web.store import point_to

ANALYST = Grant("analyst")


class Clock:
    """The clock of Django and of the sessions, which a test moves on."""

    def __init__(self, monkeypatch):
        self.seconds = 0.0
        now, wall = timezone.now, time.time
        monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(seconds=self.seconds))
        monkeypatch.setattr(time, "time", lambda: wall() + self.seconds)

    def move(self, **by):
        self.seconds += timedelta(**by).total_seconds()


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def is_in(client):
    return str(client.get("/measures").url).endswith("/measures")


def test_a_session_ends_after_thirty_minutes_without_a_request(shared, clock):
    client = ready(shared, "李工", ANALYST)
    for _ in range(3):
        clock.move(minutes=29)
        assert is_in(client)
    clock.move(minutes=31)
    assert not is_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(shared, clock):
    client = ready(shared, "李工", ANALYST)
    for _ in range(28):
        clock.move(minutes=25)
        assert is_in(client)  # 11 h 40 min
    clock.move(minutes=25)
    assert not is_in(client)


def choose(app, name):
    point_to(app.store)
    passwords.choose(name, "测试")


def test_dengbao_asks_for_a_new_password_after_ninety_days_and_asvs_never(shared, clock):
    ready(shared, "李工", ANALYST)
    clock.move(days=91)
    client = PageClient(shared)
    sign_in(client, "李工", NEW)
    assert is_in(client)
    choose(shared, "dengbao")
    assert "/account/password/change/" in str(client.get("/measures").url)
    change_password(client, NEW, "Another-long-one-2026")
    assert is_in(client)
    clock.move(days=89)
    again = PageClient(shared)
    sign_in(again, "李工", "Another-long-one-2026")
    assert is_in(again)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("onlylettershere", False),
        ("lettersand123456", False),  # two kinds
        ("Lettersand123456", True),
        ("letters-and-123456", True),
        ("全是汉字的一个长密码呀", False),
    ],
)
def test_dengbao_asks_for_three_kinds_of_signs(shared, password, is_good):
    choose(shared, "dengbao")
    first = person(shared, "李工", ANALYST)
    client = PageClient(shared)
    sign_in(client, "李工", first)
    change_password(client, first, password)
    assert is_in(client) == is_good


def test_dengbao_refuses_the_last_five_passwords_and_asvs_does_not_ask(shared, clock):
    client = ready(shared, "李工", ANALYST)
    choose(shared, "dengbao")
    used, now = [f"Number-{n}-of-passwords" for n in range(5)], NEW
    for password in used:
        change_password(client, now, password)
        now = password
        clock.move(minutes=2)  # five changes a minute are answered
    answer = change_password(client, now, used[0])
    assert "不能与最近 5 次用过的密码相同" in answer.text
    sixth = "Number-6-of-passwords"
    change_password(client, now, sixth)
    clock.move(minutes=2)
    change_password(client, sixth, used[0])  # the sixth before: may be used again
    point_to(shared.store)
    assert Account.objects.get(username="李工").check_password(used[0])
    choose(shared, "asvs")
    clock.move(minutes=2)
    change_password(client, used[0], sixth)
    assert Account.objects.get(username="李工").check_password(sixth)


@pytest.mark.parametrize(
    "password", ["short", "password1234", "123456789012", "liming-liming"], ids=str
)
def test_short_common_and_similar_passwords_are_refused_in_both(shared, password):
    first = person(shared, "liming-liming", ANALYST)
    client = PageClient(shared)
    sign_in(client, "liming-liming", first)
    change_password(client, first, password)
    assert not is_in(client)


def test_the_system_administrator_chooses_the_profile_and_the_provider(shared, monkeypatch):
    client = injected(shared, monkeypatch, "系统", Grant("system_administrator"))
    to = "/people/settings/profile"
    assert "设置" in send(client, "/people/settings", to=to, profile="dengbao").text
    assert passwords.profile() == "dengbao"
    assert send(client, "/people/settings", to=to, profile="none").status_code == 400
    assert passwords.profile() == "dengbao"
    to = "/people/settings/oidc"
    form = {"issuer": "https://id.example.cn", "client_id": "c", "title": "统一认证"}
    page = send(client, "/people/settings", to=to, **form).text
    assert "https://id.example.cn" in page and "环境变量没有设置" in page
    wrong = send(client, "/people/settings", to=to, issuer="http://id.example.cn", client_id="c")
    assert wrong.status_code == 400 and "https://" in wrong.text
    kinds = list(Entry.objects.values_list("kind", "what"))
    assert kinds == [
        ("setting_changed", "password_profile=dengbao"),
        ("setting_changed", "oidc=https://id.example.cn c"),
    ]


def test_a_profile_that_is_none_is_refused(shared):
    point_to(shared.store)
    with pytest.raises(HengtanError):
        passwords.choose("strong", "测试")
