"""Address × role × scope: what each cell of ``matrix.csv`` says, written by hand, is what a request
is answered by.

``any``: let in wherever the role was granted (the page shows no more than what is within the
grant); ``own``: let in where the grant's place is that of the thing, and not with a neighbour's;
``no``: never. A route without a row fails, and the message is the rows to fill in.

A room that needs something to be there for its address (a draft, a task) makes it in ``MAKERS``.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from page_client import PageClient

from hengtan.office.permission import NOBODY, Answer, Grant, Person
from hengtan.office.roles import roles
from hengtan.web import answers as answers_of_pages
from hengtan.web import endpoint, who
from hengtan.web.application import Application
from hengtan.web.routing import asked

FILE = Path(__file__).with_name("matrix.csv")
OWN, NEIGHBOUR = "500156", "500155"
TODAY = date(2026, 11, 29)
ABOUT = ("method", "path", "parts")
MAKERS = {}
"""Part of an address → what makes such a thing in the own place and gives its id, from the app."""


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["path"]): row for row in csv.DictReader(file)}


ROWS = rows()
COLUMNS = [name for name in next(iter(ROWS.values())) if name not in ABOUT]


@pytest.fixture
def asking(small_site, prepared_store, monkeypatch):
    """Asks an address as somebody: through all middleware, up to whether he may; gives that."""
    for target in small_site.workspace.small["targets"]:
        target["region_code"] = OWN
    app = Application(small_site, writable=False, is_shared=True, today=lambda: TODAY)
    prepared_store(app)
    answers, person = [], [NOBODY]

    def noted(request, route, parts):
        answers.append(asked(request, route, parts))
        return Answer(False, "no.not_there")  # nothing is done: the page is not made

    monkeypatch.setattr(endpoint, "asked", noted)
    monkeypatch.setattr(answers_of_pages, "not_allowed", lambda *_: HttpResponse(status=204))
    monkeypatch.setattr(app, "note_refusal", lambda *_: None)
    monkeypatch.setattr(app.pace, "take", lambda _: True)
    monkeypatch.setattr(who.Who, "_person", lambda self, request: (person[0], ""))
    client = PageClient(app, follow=False)
    page = client.get("/account/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"csrfmiddlewaretoken": token}
    things = {}

    def address(row):
        parts = dict(part.split("=", 1) for part in row["parts"].split())
        for name in re.findall(r"{(\w+)}", row["path"]):
            if name in MAKERS and name not in parts:
                things.setdefault(name, MAKERS[name](app))
                parts[name] = str(things[name])
        return row["path"].format(**parts)

    def ask(row, somebody):
        person[0], answers[:] = somebody, []
        if row["method"] == "POST":
            client.post(address(row), data=form, headers={"Origin": "http://localhost"})
        else:
            client.get(address(row))
        assert len(answers) == 1, f"{row['method']} {row['path']} did not come to its need"
        return answers[0].yes

    ask.app = app
    return ask


def somebody(role, place, until=None):
    if role == "nobody":
        return NOBODY
    return Person("某人", (Grant(role, place, until=until),), id=1, title="某人")


def test_every_route_has_a_row_and_every_row_a_route(asking):
    routes = {(m, path) for path, methods in asking.app.urls.routes.items() for m in methods}
    missing = sorted(routes - set(ROWS), key=lambda route: (route[1], route[0]))
    proposed = "\n".join(",".join((*route, "", *"?" * len(COLUMNS))) for route in missing)
    assert not missing, f"rows of {FILE.name} to be filled in by hand:\n{proposed}"
    assert sorted(set(ROWS) - routes) == []


def test_every_role_has_a_column():
    assert ["nobody", *(name for name in roles() if name != "public")] == COLUMNS
    wrong = {cell for row in ROWS.values() for name, cell in row.items() if name in COLUMNS}
    assert wrong <= {"any", "own", "no"}


@pytest.mark.parametrize("role", COLUMNS)
def test_each_cell_is_what_a_request_is_answered_by(asking, role):
    """In the own place, with a grant of the neighbour, and with one that ended yesterday."""
    expected, answered = {}, {}
    ended = TODAY - timedelta(days=1)
    for (method, path), row in ROWS.items():
        if path not in asking.app.urls.routes:
            continue  # told by the test above
        for scope, place, until in (
            ("own", OWN, TODAY),
            ("neighbour", NEIGHBOUR, None),
            ("ended", OWN, ended),
        ):
            key = f"{method} {path} as {role}, {scope}"
            is_open = all(row[name] == "any" for name in COLUMNS)
            expected[key] = is_open or (
                scope != "ended" and (row[role] == "any" or (row[role], scope) == ("own", "own"))
            )
            answered[key] = asking(row, somebody(role, place, until))
    differ = {key: answer for key, answer in answered.items() if answer != expected[key]}
    assert differ == {}


def test_a_refusal_is_honoured(small_site, prepared_store, monkeypatch):
    """What ``asked`` refuses no handler is called for, on any address."""
    app = Application(small_site, writable=False, is_shared=True, today=lambda: TODAY)
    prepared_store(app)
    monkeypatch.setattr(who.Who, "_person", lambda self, request: (somebody("filer", OWN), ""))
    monkeypatch.setattr(endpoint, "asked", lambda *_: Answer(False, "no.not_there"))
    client = PageClient(app, follow=False)
    for row in ROWS.values():
        if row["method"] == "GET" and row["path"] in app.urls.routes:
            parts = dict.fromkeys(re.findall(r"{(\w+)}", row["path"]), "1")
            status = client.get(row["path"].format(**parts)).status_code
            # an address that is the same for everybody asks who it is, or sends to sign in
            assert status in (302, 401, 403, 404), row["path"]
