"""People on PostgreSQL are reached through a bounded pool of connections, one for each store."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import psycopg
import pyarrow as pa
import pytest
from django.db import connection, connections
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.ledger import Meta
from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.rooms.people.models import Account
from hengtan.web.settings import SESSION
from hengtan.web.store import MOST_CONNECTIONS, Store, gives_back, let_go, point_to
from hengtan.workspace import Workspace, people_tables
from hengtan.workspace.config import Settings

pytestmark = pytest.mark.postgres
VARIABLE = "HENGTAN_CATALOGUE_OF_POOLS"
SETTINGS = Settings("测试市", "Test city", "500000", "chongqing", catalogue=VARIABLE)
MANY = 2 * MOST_CONNECTIONS


@pytest.fixture
def opened(tmp_path, postgres, monkeypatch):
    """Makes applications of cities whose ledger and people are on the server."""
    monkeypatch.setenv(VARIABLE, postgres)
    apps = []

    def open_one(name: str) -> Application:
        workspace = Workspace.create(tmp_path / name, SETTINGS)
        apps.append(Application(Site(workspace), writable=True, is_shared=True))
        return apps[-1]

    yield open_one
    for app in apps:
        workspace, schema = app.site.workspace, Store.of(app.site.workspace).schema
        app.close()
        people_tables.drop(postgres, schema)
        workspace.ledger.lake.drop_schema()
        workspace.close()


def connected(postgres: str, app: Application) -> int:
    """Connections to the people of an application, as the server counts them."""
    with psycopg.connect(postgres) as server:
        asked = "select count(*) from pg_stat_activity where application_name = %s"
        return server.execute(asked, [app.store.schema]).fetchone()[0]


def in_threads(works):
    """Outcomes of all, each in a thread of its own."""
    outcomes = [None] * len(works)

    def run(number):
        try:
            outcomes[number] = works[number]()
        except Exception as error:
            outcomes[number] = error
        connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    return threads, outcomes


def test_more_threads_than_connections_are_all_answered(opened, postgres):
    """Each asks again and again; the server never has more connections than the pool may hold."""
    app = opened("one")
    seen = []

    def ask():
        for _ in range(5):
            point_to(app.store)
            assert Account.objects.count() == 0
            seen.append(connected(postgres, app))
            connection.close()  # as at the end of a request
        return "answered"

    threads, outcomes = in_threads([ask] * MANY)
    for thread in threads:
        thread.join()
    assert outcomes == ["answered"] * MANY
    assert 1 <= max(seen) <= MOST_CONNECTIONS


def test_who_waits_for_the_ledger_holds_no_connection(opened, monkeypatch):
    """More wait than there are connections: all of them come to wait, and others are answered."""
    app = opened("one")
    ledger, form = app.site.workspace.ledger, app.site.workspace.form("indicator_values")
    row = pa.Table.from_pylist([dict.fromkeys(form.schema().names)], schema=form.schema())
    waits = threading.Semaphore(0)

    @contextmanager
    def noticed():
        waits.release()
        yield

    monkeypatch.setattr(app.turns, "lent", noticed)

    def hand_in(name):
        point_to(app.store)
        Account.objects.count()  # takes a connection
        return app.writer.submit(form, row, Meta(Actor(name), place="500101")).rows

    with ledger.lake.writing():  # another program writes to the ledger
        threads, outcomes = in_threads([lambda n=n: hand_in(f"填报{n}") for n in range(MANY)])
        assert all(waits.acquire(timeout=60) for _ in range(MANY))
        point_to(app.store)
        assert Account.objects.count() == 0
        connection.close()
    for thread in threads:
        thread.join()
    assert outcomes == [1] * MANY
    assert len(ledger.submissions()) == MANY


def test_in_the_middle_of_a_transaction_a_connection_is_kept(opened):
    from django.db import transaction

    app = opened("one")
    point_to(app.store)
    with transaction.atomic():
        Account.objects.count()
        open_now = connection.connection
        assert not gives_back(app.store) and connection.connection is open_now
    assert gives_back(app.store) and connection.connection is None


def test_two_applications_of_a_process_never_meet(opened):
    """In turn in each thread, and in many threads at once: each sees the schema of its own."""
    apps = [opened("one"), opened("two")]

    def ask():
        seen = []
        for app in apps * 5:
            point_to(app.store)
            with connection.cursor() as cursor:
                cursor.execute("select current_schema()")
                seen.append(cursor.fetchone()[0] == app.store.schema)
            connection.close()
        return all(seen)

    threads, outcomes = in_threads([ask] * 6)
    for thread in threads:
        thread.join()
    assert outcomes == [True] * 6


def test_who_gets_no_connection_in_time_is_told_to_come_again(opened, monkeypatch):
    """All connections are taken by others: a page and the API answer 503 with Retry-After, without
    a word of what failed; once they are given back the session is looked up again.
    """
    app = opened("one")
    settings = Store.settings

    def impatient(store):
        changed = settings(store)
        changed["OPTIONS"]["pool"] |= {"max_size": 1, "timeout": 0.2}
        return changed

    monkeypatch.setattr(Store, "settings", impatient)
    taken, given_back = threading.Event(), threading.Event()

    def hold():
        point_to(app.store)
        Account.objects.count()
        taken.set()
        given_back.wait(60)
        connection.close()

    let_go(app.store)
    threads, _ = in_threads([hold])
    assert taken.wait(60)
    client, signed_in = PageClient(app), {"Cookie": f"{SESSION}={'a' * 32}"}
    page, answered = (client.get(at, headers=signed_in) for at in ("/targets", "/api/v1/forms"))
    given_back.set()
    threads[0].join()
    assert (page.status_code, answered.status_code) == (503, 503)
    assert page.headers["Retry-After"] == answered.headers["Retry-After"] == "10"
    assert "系统正忙" in page.text and "The server is busy" in page.text
    assert answered.json()["code"] == "busy" and "Timeout" not in page.text + answered.text
    assert client.get("/api/v1/forms", headers=signed_in).status_code == 401  # no such session
