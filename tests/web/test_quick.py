"""A kept page is answered at the door, with what the whole way would answer, and no longer than
nothing was written to the store of people.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from page_client import PageClient
from people_at_work import ALONE, ready

from hengtan.office.notices import Notice
from hengtan.office.permission import Grant
from hengtan.web import create_app, quick, who
from hengtan.web.application import Application
from hengtan.web.quick import Quick
from hengtan.web.rooms.notices.sending import notify
from hengtan.web.rooms.people import persons, seen, sessions
from hengtan.web.rooms.people.models import Account, GrantRow
from hengtan.web.store import point_to

DAY = date(2026, 3, 2)


@pytest.fixture
def ways(monkeypatch):
    """Which requests went the whole way: True, or were answered at the door: False."""
    taken, answer = [], Quick.answer

    def noted(self, environ, written):
        answered = answer(self, environ, written)
        taken.append(answered is None)
        return answered

    monkeypatch.setattr(Quick, "answer", noted)
    return taken


@pytest.fixture
def shared(small_site, prepared_store):
    app = Application(small_site, writable=False, is_shared=True, today=lambda: app.day)
    app.day = DAY
    prepared_store(app)
    yield app
    app.quick.close()


def settled(client, ways, address="/measures"):
    """The page when it is answered at the door."""
    for _ in range(4):
        page = client.get(address)
    assert ways[-1] is False
    return page


def test_alone_the_second_answer_is_the_first_to_the_header(small_site, ways):
    client = PageClient(create_app(small_site))
    first, second = client.get("/measures"), client.get("/measures")
    assert ways == [True, False]
    assert (first.content, dict(first.headers)) == (second.content, dict(second.headers))


def test_a_person_gets_at_the_door_what_the_whole_way_gives(shared, ways, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    at_the_door = settled(client, ways)
    monkeypatch.setattr(Quick, "answer", lambda *asked: None)
    whole = client.get("/measures")
    assert (whole.content, dict(whole.headers)) == (
        at_the_door.content,
        dict(at_the_door.headers),
    )
    assert "李工" in whole.text


def close(app, name):
    Account.objects.filter(username=name).update(is_active=False)


def end_sessions(app, name):
    sessions.end_all(Account.objects.get(username=name))


def take_back(app, name):
    persons.take_back(app.permission, ALONE, GrantRow.objects.get(account__username=name))


def a_day_later(app, name):
    app.day = DAY + timedelta(days=2)


@pytest.mark.parametrize("what", [close, end_sessions, take_back, a_day_later])
def test_what_ends_a_right_is_seen_at_the_next_request(shared, ways, what):
    client = ready(shared, "李工", Grant("analyst", until=DAY + timedelta(days=1)))
    settled(client, ways)
    point_to(shared.store)
    what(shared, "李工")
    answer = client.get("/measures")
    assert answer.status_code == 404 or "/account/login/" in str(answer.url)


def test_a_notice_is_counted_at_the_next_request(shared, ways):
    client = ready(shared, "李工", Grant("analyst"))
    assert 'class="unread">' not in settled(client, ways).text
    point_to(shared.store)
    notify(Notice(("李工",), "题目", "subject", "正文", "text", "/notices"), ALONE.name)
    assert 'class="unread">1<' in client.get("/measures").text


def test_two_readers_of_the_same_sight_are_greeted_by_their_own_names(shared, ways):
    names = ("李工", "王工")
    clients = [ready(shared, name, Grant("analyst")) for name in names]
    for client, name, other in zip(clients, names, reversed(names), strict=True):
        page = settled(client, ways).text
        assert name in page and other not in page


def ends_at(app):
    point_to(app.store)
    return Session.objects.get().expire_date


def test_answers_at_the_door_move_a_session_on_together_with_others(shared, ways, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    settled(client, ways)
    before, now = ends_at(shared), time.time()
    monkeypatch.setattr(time, "time", lambda: now + seen.EVERY / 2)
    client.get("/measures")
    assert (ways[-1], ends_at(shared)) == (False, before)  # nothing is written yet
    monkeypatch.setattr(time, "time", lambda: now + seen.EVERY + 1)
    client.get("/measures")
    assert ways[-1] is False and ends_at(shared) > before


def test_a_reader_who_paused_is_asked_for_anew(shared, ways, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    settled(client, ways)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + quick.LONGEST_PAUSE + 1)
    client.get("/measures")
    assert ways[-1] is True


def test_a_session_that_was_ended_is_not_moved_on(shared, monkeypatch):
    ready(shared, "李工", Grant("analyst"))
    key = Session.objects.get().session_key
    end_sessions(shared, "李工")
    shared.seen.touch(key, shared.store)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + seen.EVERY + 1)
    shared.seen.touch(key, shared.store)
    assert Session.objects.count() == 0


def test_a_longest_time_holds_at_the_door_too(shared, ways, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    settled(client, ways)
    monkeypatch.setattr(who, "LONGEST_SECONDS", -1)
    assert "/account/login/" in str(client.get("/measures").url)


def test_exports_and_foreign_names_go_the_whole_way(shared, ways):
    client = ready(shared, "李工", Grant("analyst"))
    settled(client, ways)
    for _ in range(3):
        client.get("/download/status.xlsx")
        assert ways[-1] is True  # the audit trail names each
    assert client.get("/measures", headers={"Host": "elsewhere.example"}).status_code == 400


def test_a_token_is_never_taken_for_the_session_beside_it(shared, ways):
    client = ready(shared, "李工", Grant("analyst"))
    settled(client, ways, "/")
    client.get("/", headers={"Authorization": "Bearer none"})
    assert ways[-1] is True
