"""Jobs: asked for once, done by one worker at a time, taken up by another where a worker is killed,
cancelled, tried again, seen by whom it concerns.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from page_client import PageClient

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant, Person, Thing
from hengtan.web import trail
from hengtan.web.application import Application
from hengtan.web.rooms.jobs import leases, running
from hengtan.web.rooms.jobs.kinds import Kind, duties, kinds
from hengtan.web.rooms.jobs.models import Job
from hengtan.web.rooms.jobs.worker import Worker
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.store import point_to

LEASE = timedelta(seconds=60)
PROCESS = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def app(small_site, prepared_store):
    app = Application(small_site, writable=False)
    prepared_store(app)
    app.alone = Person("李工", is_alone=True)
    return app


@pytest.fixture
def doing(monkeypatch):
    """Gives the jobs of kind ``bulletin`` what they do."""

    def give(run):
        monkeypatch.setattr(running, "kinds", lambda: {"bulletin": Kind("bulletin", "x", run)})

    return give


def test_asking_twice_is_one_job(app):
    first = leases.queue("bulletin", {"period": "2026-10"}, key="b:1", by="李工")
    assert leases.queue("bulletin", {"period": "2026-10"}, key="b:1").pk == first.pk
    assert leases.queue("bulletin", key="b:2").pk != first.pk
    assert leases.queue("bulletin").pk != leases.queue("bulletin").pk


def test_each_job_goes_to_one_of_many_that_take_at_once(app):
    for _ in range(12):
        leases.queue("bulletin")
    taken, turn = [], threading.Barrier(6)

    def worker(name):
        point_to(app.store)
        turn.wait()
        while (job := leases.take(name, LEASE)) is not None:
            taken.append(job.pk)
        connections.close_all()

    threads = [threading.Thread(target=worker, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # one who lost a race may give up early: what is left, is taken by the next
    while (job := leases.take("last", LEASE)) is not None:
        taken.append(job.pk)
    assert sorted(taken) == sorted(Job.objects.values_list("pk", flat=True))


def test_a_lease_that_ended_is_taken_up_and_its_first_owner_changes_nothing(app):
    leases.queue("bulletin")
    first = leases.take("first", LEASE)
    assert leases.take("second", LEASE) is None
    assert leases.renew(first, LEASE) is True
    second = leases.take("second", LEASE, timezone.now() + 2 * LEASE)
    assert (second.pk, second.attempts) == (first.pk, 2)
    assert leases.renew(first, LEASE) is None
    assert not leases.finish(first, "done", result={"file": "old"})
    leases.note(first, 0.9, "old", "old")
    assert leases.finish(second, "done", result={"file": "new"})
    job = Job.objects.get()
    assert (job.state, job.result, job.progress) == ("done", {"file": "new"}, 1.0)


def test_a_job_whose_process_stops_again_and_again_is_given_up(app):
    leases.queue("bulletin")
    now = timezone.now()
    for number in range(leases.MOST_ATTEMPTS):
        assert leases.take(f"w{number}", LEASE, now + number * 2 * LEASE) is not None
    assert leases.take("last", LEASE, now + 100 * LEASE) is None
    assert Job.objects.get().state == "failed" and "进程中断" in Job.objects.get().message


def started(folder, store, lease=2.0):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, str(PROCESS), str(folder), str(store), str(lease)], env=env
    )


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.1)


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_job_of_a_killed_process_is_finished_by_another_once(app, empty_folder, tmp_path):
    log = tmp_path / "log"
    job = leases.queue("bulletin", {"log": str(log)}, by="李工", key="b")
    first = started(empty_folder, app.store.folder)
    try:
        until(lambda: log.exists() and len(log.read_text().splitlines()) > 5)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        assert Job.objects.get().state == "running"
        second = started(empty_folder, app.store.folder)
        try:
            until(lambda: Delivery.objects.filter(to="李工").exists())
        finally:
            second.terminate()
            second.wait()
    finally:
        first.kill()
    lines = [tuple(map(int, line.split())) for line in log.read_text().splitlines()]
    of_first = [step for attempt, step in lines if attempt == 1]
    # the first was stopped midway; the second did every step, once
    assert 5 < len(of_first) < 20
    assert [step for attempt, step in lines if attempt == 2] == list(range(20))
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == ("done", 2, {"file": "result.txt"})
    assert (running.result_folder(app, job) / "result.txt").read_text() == "the result"
    assert Delivery.objects.filter(to="李工").count() == 1  # told once
    assert trail.first_fault() is None


def test_a_long_job_keeps_its_lease_by_renewing_it(app, doing):
    lease = timedelta(seconds=0.4)
    others = []

    def long(run):
        for step in range(12):
            time.sleep(0.1)
            run.tell(step / 12)
            others.append(leases.take("other", lease))

    doing(long)
    leases.queue("bulletin")
    Worker(app, lease).do_next()
    assert others == [None] * 12 and Job.objects.get().state == "done"


def test_a_job_that_waits_is_cancelled_at_once_and_one_under_way_when_it_hears(app, doing):
    waiting = leases.queue("bulletin")
    leases.cancel(waiting)
    waiting.refresh_from_db()
    assert waiting.state == "cancelled" and leases.take("w", LEASE) is None

    steps = []

    def long(run):
        for step in range(100):
            steps.append(step)
            if step == 3:
                leases.cancel(run.job)
            time.sleep(0.05)
            run.tell(step / 100)

    doing(long)
    job = leases.queue("bulletin")
    Worker(app, timedelta(seconds=0.4)).do_next()
    job.refresh_from_db()
    assert job.state == "cancelled" and 3 < len(steps) < 50


@pytest.mark.parametrize(
    ("error", "state", "said"),
    [
        (HengtanError("没有数据", "no figures", todo="先导入"), "failed", "没有数据 先导入"),
        (OSError("disk full"), "waiting", "disk full"),
        (ZeroDivisionError("x"), "failed", "ZeroDivisionError"),
    ],
)
def test_what_goes_wrong_is_said_and_what_may_go_well_later_waits(app, doing, error, state, said):
    def failing(run):
        raise error

    doing(failing)
    job = leases.queue("bulletin", by="李工")
    Worker(app).do_next()
    job.refresh_from_db()
    assert job.state == state and said in job.message
    assert leases.take("w", LEASE) is None
    later = leases.take("w", LEASE, timezone.now() + timedelta(minutes=2))
    assert (later is not None) == (state == "waiting")


def test_a_job_that_failed_begins_anew_when_it_is_asked_for_again(app, doing):
    doing(lambda run: {}["none"])
    leases.queue("bulletin", key="b")
    Worker(app).do_next()
    assert Job.objects.get().state == "failed"
    doing(lambda run: {"file": "x"})
    leases.queue("bulletin", key="b")
    Worker(app).do_next()
    assert (Job.objects.get().state, Job.objects.get().message) == ("done", "")


def test_every_kind_and_duty_has_its_words(app):
    from hengtan.report.words import has

    assert set(kinds()) >= {"bulletin", "backup", "accounts", "import"}
    assert all(has(f"jobs.kind.{name}") for name in kinds())
    assert "mail" in {duty.name for duty in duties()}


def post(client, address, **form):
    page = client.get("/jobs").text
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


def test_a_backup_is_started_watched_and_taken_in_pages(app, tmp_path):
    client = PageClient(app)
    page = post(client, "/jobs/start/backup")
    assert "等待" in page.text and 'hx-trigger="every 2s"' in page.text
    assert post(client, "/jobs/start/backup").url == page.url  # the same ledger on the same day
    assert Worker(app).do_all() == 1
    number = Job.objects.get().pk
    fragment = client.get(f"/jobs/{number}", headers={"HX-Request": "true"}).text
    assert "完成" in fragment and "every 2s" not in fragment and "<html" not in fragment
    answer = client.get(f"/jobs/{number}/result")
    assert answer.content[:2] == b"PK" and "attachment" in answer.headers["content-disposition"]
    from hengtan.workspace.safekeeping import restore

    (tmp_path / "b.zip").write_bytes(answer.content)
    assert restore(tmp_path / "b.zip", tmp_path / "again") == Job.objects.get().result["head"]


def test_a_bulletin_without_figures_fails_with_the_reason(app):
    page = post(PageClient(app), "/jobs/start/bulletin", period="2026-10")
    Worker(app).do_all()
    assert "没有2026年1—10月的数据" in PageClient(app).get(str(page.url)).text
    assert "no figures" in PageClient(app).get(str(page.url) + "?lang=en").text


def test_who_sees_which_jobs(app):
    app.is_shared = True
    leases.queue("bulletin", key="city", thing=Thing(place="500156"))
    leases.queue("import", key="north", thing=Thing(place="1", form="f1"))
    leases.queue("import", key="south", thing=Thing(place="2", form="f1"))

    def seen(*grants):
        from hengtan.web.lists import as_q

        person = Person("x", grants)
        ways = app.permission.clauses_of(person, "job.read")
        condition = as_q(ways, place="place", form="form", entity="entity")
        listed = set(Job.objects.filter(condition).values_list("key", flat=True))
        assert listed == {
            job.key
            for job in Job.objects.all()
            if app.permission.may(person, "job.read", job.thing())
        }
        return listed

    assert seen(Grant("analyst")) == {"city", "north", "south"}
    assert seen(Grant("filer", place="1")) == {"north"}
    assert seen(Grant("filer", place="1", form="f2")) == set()
    assert seen(Grant("filer", department="工信局")) == set()
    assert seen(Grant("leader")) == set()
