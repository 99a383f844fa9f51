"""Rooms on PostgreSQL, where several write at once: what only one may do is done once, and nobody's
work is written over.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
from django.db import connection, connections
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.ledger import Meta
from hengtan.office.drafts import Overtaken
from hengtan.office.notices import Notice
from hengtan.office.permission import Grant, Person
from hengtan.office.typed import Row, Typed
from hengtan.web import Site, trail
from hengtan.web.application import Application
from hengtan.web.rooms.audit import heads
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.entry import drafts
from hengtan.web.rooms.entry.models import DraftRow
from hengtan.web.rooms.jobs import leases
from hengtan.web.rooms.jobs.models import Job
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.notices.sending import notify
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.tasks import doing
from hengtan.web.rooms.tasks.doing import Said, Wish
from hengtan.web.rooms.tasks.models import Evidence, Reminder, Task
from hengtan.web.store import Store, bring_up_to_date, point_to
from hengtan.workspace import Workspace, people_tables
from hengtan.workspace.config import Settings

pytestmark = pytest.mark.postgres
PROCESS = Path(__file__).with_name("worker_process.py")
VARIABLE = "HENGTAN_CATALOGUE_OF_ROOMS"
ALONE = Person("测试", is_alone=True)
CITY, WANZHOU = "500000", "500101"
TODAY = date(2026, 11, 29)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def workspace(tmp_path, postgres, monkeypatch):
    """A city whose ledger and people are on the server."""
    monkeypatch.setenv(VARIABLE, postgres)
    settings = Settings("测试市", "Test city", CITY, "chongqing", catalogue=VARIABLE)
    with Workspace.create(tmp_path / "ws", settings) as workspace:
        schema = Store.of(workspace).schema
        yield workspace
        connection.close()
        people_tables.drop(postgres, schema)
        workspace.ledger.lake.drop_schema()


@pytest.fixture
def app(workspace, monkeypatch):
    """Its application; second factors are taken as given."""
    monkeypatch.setattr(persons, "has_second_factor", lambda account: True)
    app = Application(Site(workspace), writable=True, is_shared=True, today=lambda: TODAY)
    point_to(app.store)
    yield app
    app.close()


def at_once(app, *works):
    """What each gave, or was refused with, all begun together, each on a connection of its own."""
    outcomes, start = [None] * len(works), threading.Barrier(len(works))

    def run(number):
        point_to(app.store)
        start.wait()
        try:
            outcomes[number] = works[number]()
        except Exception as error:
            outcomes[number] = error
        connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def hengtan(*words):
    command = [sys.executable, "-c", "from hengtan.cli import main; main()", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_tables_are_made_by_one_of_two_processes_that_start_at_once(workspace):
    both = [hengtan("people", "list", "--workspace", workspace.folder) for _ in range(2)]
    for process in both:
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
    store = Store.of(workspace)
    point_to(store)
    with connection.cursor() as cursor:
        cursor.execute("select app, name, count(*) from django_migrations group by 1, 2")
        steps = cursor.fetchall()
    assert len(steps) > 40 and {count for *_, count in steps} == {1}
    assert bring_up_to_date(store) == []


def test_each_job_goes_to_one_and_the_same_key_is_one_job(app):
    asked = at_once(app, *[lambda: leases.queue("bulletin", key="b:1").pk] * 6)
    assert len(set(asked)) == 1
    for _ in range(11):
        leases.queue("bulletin")

    def takes(name):
        taken = []
        while (job := leases.take(name, timedelta(seconds=60))) is not None:
            taken.append(job.pk)
        return taken

    shares = at_once(app, *[lambda n=n: takes(f"w{n}") for n in range(6)])
    taken = [pk for share in shares for pk in share] + takes("last")
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_of_two_workers_one_killed_the_job_is_done_once(app, tmp_path):
    log = tmp_path / "log"
    job = leases.queue("bulletin", {"log": str(log)}, by="李工", key="b")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, str(PROCESS), str(app.site.workspace.folder), "of-workspace", "2"]
    workers = {}
    for _ in range(2):
        process = subprocess.Popen(command, env=env)
        workers[process.pid] = process
    try:
        until(lambda: log.exists() and len(log.read_text().splitlines()) > 5)
        job.refresh_from_db()
        killed = next(p for pid, p in workers.items() if str(pid) in re.split(r"\W", job.owner))
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        until(lambda: Delivery.objects.filter(to="李工").exists())
    finally:
        for process in workers.values():
            process.kill()
            process.wait()
    lines = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
    assert 5 < len([step for attempt, step in lines if attempt == 1]) < 20
    assert [step for attempt, step in lines if attempt == 2] == list(range(20))
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert Delivery.objects.filter(to="李工").count() == 1 and trail.first_fault() is None


def until(condition, seconds=90):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


def file(app, value):
    form, period = app.site.workspace.form("indicator_values"), Period.parse("2024")
    row = dict.fromkeys(form.schema().names) | {
        "indicator": "forest_coverage",
        "place": WANZHOU,
        "period": "2024",
        "period_kind": period.kind,
        "period_start": period.start,
        "period_end": period.end,
        "value": value,
        "unit": "%",
        "scope": "全市",
        "source_title": "公报",
    }
    table = pa.Table.from_pylist([row], schema=form.schema())
    meta = Meta(Actor("填报员"), place=WANZHOU)
    return app.site.workspace.ledger.submit(form, table, meta).id


def signed(app, name, *grants):
    """A client of a person who has signed in."""
    account, password = persons.make_account(name, "管理")
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    account.must_change_password = False
    account.save()
    client = PageClient(app)
    post(client, "/account/login/", "/account/login/", login=name, password=password)
    return client


def post(client, address, page, **form):
    text = client.get(page).text
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]
    for name in ("seq",):
        if match := re.search(rf'name="{name}" value="([^"]+)"', text):
            form[name] = match[1]
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


def test_two_reviewers_approve_at_once_and_it_is_approved_once(app):
    reviewers = [signed(app, name, Grant("reviewer", place=CITY)) for name in ("甲", "乙")]
    for value in (50.0, 51.0, 52.0):
        number = file(app, value)

        def decide(client, number=number):
            page = f"/review/{number}"
            return post(client, f"{page}/decide", page, do="approve", reason="").status_code

        at_once(app, *[lambda c=client: decide(c) for client in reviewers])
        states = [
            event.state
            for event in app.site.workspace.ledger.current().events
            if event.submission == number
        ]
        assert states == ["submitted", "approved"]
    assert app.site.workspace.ledger.verify() == []
    point_to(app.store)
    kinds = [entry.kind for entry in Entry.objects.all()]
    assert (kinds.count("decision"), kinds.count("decision_refused")) == (3, 3)
    assert Delivery.objects.filter(to="填报员").count() == 3  # told once of each


def typed(*cells):
    return Typed("表", (("甲", "乙"),), (Row("r1", cells),))


def test_of_two_editors_who_save_at_once_one_is_told_and_nothing_is_written_over(app):
    people = [Person(name, is_alone=True) for name in ("甲", "乙")]
    row = drafts.begin(drafts.About("indicator_values", WANZHOU), typed("1", "2"), people[0])
    for turn in range(5):
        version = DraftRow.objects.get(key=row.key).version
        mine = [typed(f"{turn}{number}", "2") for number in range(2)]
        outcomes = at_once(
            app,
            *[
                partial(drafts.save, row.key, mine[number], version, people[number])
                for number in range(2)
            ],
        )
        overtaken = [isinstance(outcome, Overtaken) for outcome in outcomes]
        assert sorted(overtaken) == [False, True], outcomes
        stored = DraftRow.objects.get(key=row.key)
        assert stored.version == version + 1
        assert Typed.from_dict(stored.typed) == mine[overtaken.index(False)]


def test_what_is_told_once_is_told_once_by_four_at_once(app):
    notice = Notice(("李工", "王工"), "催报", "Reminder", "请填", "please", "/duties")
    for turn in range(5):
        numbers = at_once(app, *[lambda t=turn: notify(notice, "", f"remind:{t}")] * 4)
        assert sorted(numbers) == [0, 0, 0, 2]
    assert Delivery.objects.count() == 10 and trail.first_fault() is None


def test_tasks_of_a_clause_and_their_reminders_are_made_once(app):
    account, _ = persons.make_account("工信", "管理")
    persons.give(app.permission, ALONE, account, Grant("filer", department="工信局"))
    wish = Wish("任务", ("工信局",), place=CITY, due=TODAY + timedelta(days=1))
    keys = at_once(app, *[lambda: doing.make(wish, "调度员", "plan:3").pk] * 4)
    assert len(set(keys)) == 1 and Task.objects.count() == 1
    task = Task.objects.get()
    outcomes = at_once(app, *[lambda: doing.dispatch(app, task, "调度员", TODAY)] * 3)
    assert sum(isinstance(o, HengtanError) for o in outcomes) == 2
    Task.objects.update(dispatched_on=date(2026, 11, 1))
    at_once(app, *[lambda: doing.remind_due(app.permission, TODAY)] * 4)
    assert Reminder.objects.count() == 1
    assert Delivery.objects.filter(to="工信").count() == 2  # dispatched, reminded


def test_an_answer_and_a_close_at_once_do_not_both_win(app):
    ledger = app.site.workspace.ledger
    for turn in range(3):
        task = doing.make(Wish(f"任务{turn}", ("工信局",)), "调度员")
        doing.dispatch(app, task, "调度员", TODAY)
        said = Said("工信局", "完成", files=((f"{turn}.pdf", PDF + bytes([turn])),))
        answered, closed = at_once(
            app,
            lambda t=task, s=said: doing.answer(Task.objects.get(pk=t.pk), s, "工信", app),
            lambda t=task: doing.close(app, Task.objects.get(pk=t.pk), "不再需要", "调度员", TODAY),
        )
        assert closed is None
        files = Evidence.objects.filter(answer__task=task)
        assert files.count() == (answered is None)
        register = ledger.current()
        states = {
            r.file_name: register.state(r.submission)
            for r in register.by_form.get("task_evidence", ())
        }
        wanted = {"approved"} if answered is None else {"withdrawn", None}
        assert states.get(f"{turn}.pdf") in wanted
    assert ledger.verify() == []


def test_the_trail_is_one_chain_and_its_head_is_noted_once_a_day(app):
    at_once(app, *[lambda n=n: [trail.add("x", f"{n} {i}") for i in range(10)] for n in range(8)])
    assert trail.first_fault() is None
    assert Entry.objects.filter(kind="x").count() == 80
    notes = at_once(app, *[lambda: heads.note(app)] * 4)
    assert len([note for note in notes if isinstance(note, heads.Head)]) == 1
    register = app.site.workspace.ledger.current()
    assert len(heads.noted(register)) == 1 and heads.findings(register) == []


def test_entries_are_kept_for_180_days_and_pruned_behind_a_noted_head(app):
    """Four entries of 2026-01-01, whose head the ledger has, and two of today."""
    old = datetime(2026, 1, 1, tzinfo=UTC)
    trail.add("x", "old 1")
    for number in range(3):
        trail.add("x", f"old {number + 2}")
    Entry.objects.all().delete()
    before = trail.START
    for number in range(1, 5):
        entry = Entry(number=number, at=old.isoformat(), by="", kind="x", what="old", why="")
        entry.address, entry.before = "", before
        entry.seal = before = trail.seal_of(entry)
        entry.save(force_insert=True)
    assert heads.note(app).number == 4
    for number in range(2):
        trail.add("x", f"new {number}")
    register = app.site.workspace.ledger.current()
    assert heads.prune(register, old + timedelta(days=179), 180) == 0
    with pytest.raises(HengtanError, match="180"):
        heads.prune(register, datetime.now(UTC), 179)
    assert heads.prune(register, old + timedelta(days=181), 180) == 4
    assert heads.findings(register) == []
    Entry.objects.filter(number=5).delete()
    assert len(heads.findings(register)) == 1


def test_an_account_is_locked_by_failures_at_two_processes(app, workspace):
    """Five wrong passwords, some at each; then the right one is refused at both."""
    _, password = persons.make_account("李工", "管理")
    other = Application(Site(workspace.another()), writable=True, is_shared=True)
    clients = [PageClient(app), PageClient(other)]
    for turn in range(5):
        client = clients[turn % 2]
        post(client, "/account/login/", "/account/login/", login="李工", password="wrong one")
    for client in clients:
        post(client, "/account/login/", "/account/login/", login="李工", password=password)
        assert client.get("/").url.path == "/account/login/"
    other.close()
