"""The page of search and its suggestions: hits of what a person may open, words that try to break
out, both languages.
"""

from __future__ import annotations

import re

import pytest
from page_client import PageClient

from hengtan.office.permission import Grant, Person
from hengtan.web.application import Application
from hengtan.web.rooms.people import persons
from hengtan.web.store import point_to

NEW = "一个足够长的新密码 2026"
ALONE = Person("测试", is_alone=True)


def links(text):
    return re.findall(r'<li>.*?href="([^"]+)"', text, re.S)


def test_hits_by_initials_with_their_addresses(client):
    """hbs and the rest: 环境保护税·大气污染物 is hjbhsdqwrw by its first letters."""
    text = client.get("/find?q=hjbhsdqwrw").text
    assert links(text) == ["/rules/env_tax.air"]
    assert "环境保护税·大气污染物" in text and "规则" in text


def test_hits_of_one_kind(client):
    """wulong is a place and stands in the names of clauses of its plan."""
    every, places = client.get("/find?q=wulong").text, client.get("/find?q=wulong&kind=place").text
    assert "/accounts/500156" in links(places) and len(links(places)) < len(links(every))
    assert all(address.startswith("/accounts/") for address in links(places))


def test_suggestions_are_a_bare_list(client):
    text = client.get("/find/suggestions?q=武隆区").text
    assert "<html" not in text and 1 <= len(links(text)) <= 8
    assert client.get("/find/suggestions?q=").text.strip() == ""


def test_nothing_met_is_said_and_words_stay_words(client):
    text = client.get("/find?q=<script>alert(1)</script>").text
    assert "没有与" in text and "<script>alert(1)" not in text
    for odd in ("a" * 3000, "%25%27%22", "甲 " * 60):
        assert client.get(f"/find?q={odd}").status_code == 200


def test_the_english_page_is_english(client):
    text = client.get("/find?q=wulong&lang=en").text
    assert "Wulong" in text and "Place" in text
    main = text.split('<main id="main"')[1].split("</main>")[0]
    assert "Search targets, clauses" in main


def test_every_page_has_the_field_with_suggestions(client):
    text = client.get("/measures").text
    assert 'hx-get="/find/suggestions"' in text and "/static/htmx.js" in text


@pytest.fixture
def shared(small_site, prepared_store):
    """The small site, shared, with a store of its own."""
    app = Application(small_site, writable=False, is_shared=True)
    prepared_store(app)
    return app


def signed_in(app, name, *grants):
    """A browser of a person with grants, past the first password."""
    point_to(app.store)
    account, first = persons.make_account(name, "测试")
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    browser = PageClient(app)
    _send(browser, "/account/login/", login=name, password=first)
    form = {"oldpassword": first, "password1": NEW, "password2": NEW}
    _send(browser, "/account/password/change/", **form)
    return browser


def _send(browser, address, **form):
    token = r'name="csrfmiddlewaretoken" value="([^"]+)"'
    form["csrfmiddlewaretoken"] = re.search(token, browser.get(address).text)[1]
    return browser.post(address, data=form, headers={"Origin": "http://localhost"})


def test_a_person_finds_only_what_the_person_may_open(shared):
    """A filer of Fuling may use rules, and sees no account and nothing of the whole of Wulong."""
    filer = signed_in(shared, "涪陵填报", Grant("filer", place="500102"))
    whole = signed_in(shared, "全区分析", Grant("analyst", place="500156"))
    assert links(filer.get("/find?q=wulong").text) == []
    assert "/accounts/500156" in links(whole.get("/find?q=wulong").text)
    assert links(filer.get("/find?q=hjbhsdqwrw").text) == ["/rules/env_tax.air"]


def test_whoever_is_not_signed_in_finds_nothing(shared):
    answer = PageClient(shared, follow=False).get("/find?q=wulong")
    assert answer.status_code == 302 and "/account/login/" in answer.headers["location"]
