"""People of a shared installation for tests: made, signed in, or put in the place of who asks."""

from __future__ import annotations

import re

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from page_client import PageClient

from hengtan.office.permission import Person
from hengtan.web import who
from hengtan.web.quick import Quick
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account
from hengtan.web.store import point_to

NEW = "一个足够长的新密码 2026"
ALONE = Person("测试", is_alone=True)


def person(app, name, *grants):
    """An account with grants, and its first password."""
    point_to(app.store)
    account, password = persons.make_account(name, "测试")
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    return password


def send(client, address, page="", to="", files=None, **form):
    """A form of the page at an address, sent to where it says (or ``to``)."""
    page = page or client.get(address).text
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    headers = {"Origin": "http://localhost"}
    return client.post(to or address, data=form, files=files, headers=headers)


def sign_in(client, name, password):
    return send(client, "/account/login/", login=name, password=password)


def change_password(client, old, new=NEW):
    form = {"oldpassword": old, "password1": new, "password2": new}
    return send(client, "/account/password/change/", **form)


def ready(app, name, *grants):
    """A client of a person who has signed in and changed the first password."""
    first = person(app, name, *grants)
    client = PageClient(app)
    sign_in(client, name, first)
    change_password(client, first)
    return client


def someone(app, name, *grants):
    """A client of a person who has signed in already, without a password."""
    point_to(app.store)
    account = Account.objects.create(username=name, must_change_password=False)
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "hengtan.web.rooms.people.signing_in.Backend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return PageClient(app, cookies={"hengtan_session": session.session_key})


def injected(app, monkeypatch, name, *grants, only=False):
    """A client whose every request is this person's, without signing in.

    ``only``: requests of this client alone (it says so in a header), others sign in as ever.
    """
    person(app, name, *grants)
    real = who.Who._person

    def instead(self, request):
        if only and request.headers.get("X-Test-Person") != "1":
            return real(self, request)
        return persons.person_of(persons.account_of(name)), ""

    monkeypatch.setattr(who.Who, "_person", instead)
    # it knows readers by their sessions, of which these have none
    monkeypatch.setattr(Quick, "answer", lambda *asked: None)
    return PageClient(app, headers={"X-Test-Person": "1"} if only else {})


SECRET_OF_PROVIDER = "a-secret-of-the-provider"
