"""Many decided at once: a job with an outcome for each, asked again with the rights of the day it
runs, that goes on where a killed process left it and does nothing twice.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyarrow as pa
import pytest
from django.utils import timezone
from people_at_work import someone

from hengtan.basis.actor import Actor
from hengtan.basis.period import Period
from hengtan.ledger import Meta
from hengtan.ledger.batch import HandIn
from hengtan.office.permission import Grant, Person
from hengtan.web import Site, trail
from hengtan.web.application import Application
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.jobs import leases, running
from hengtan.web.rooms.jobs.models import Job
from hengtan.web.rooms.jobs.worker import Worker
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account, Setting
from hengtan.web.rooms.review import work_decisions
from hengtan.web.rooms.review.models import Decided, LevelApproval
from hengtan.web.store import point_to
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

ALONE = Person("测试", is_alone=True)
CITY, WANZHOU = "500000", "500101"
LEASE = timedelta(seconds=60)


@pytest.fixture
def app(tmp_path, prepared_store, monkeypatch):
    """A shared installation of a city over an empty ledger; second factors are taken as given."""
    monkeypatch.setattr(persons, "has_second_factor", lambda account: True)
    settings = Settings("测试市", "Test city", CITY, "chongqing")
    with Workspace.create(tmp_path / "ws", settings) as workspace:
        app = Application(Site(workspace), is_shared=True)
        prepared_store(app)
        yield app
        app.close()


def a_reviewer(app, place=CITY):
    return someone(app, "审核员", Grant("reviewer", place=place))


def file_many(app, number, place=WANZHOU, by="填报员", last=2020):
    """Hand in one figure for each of so many years up to the last."""
    form = app.site.workspace.form("indicator_values")
    works = []
    for year in range(last + 1 - number, last + 1):
        period = Period.parse(str(year))
        row = dict.fromkeys(form.schema().names) | {
            "indicator": "forest_coverage",
            "place": place,
            "period": str(year),
            "period_kind": period.kind,
            "period_start": period.start,
            "period_end": period.end,
            "value": 50.0,
            "unit": "%",
        }
        table = pa.Table.from_pylist([row], schema=form.schema())
        works.append(HandIn(form, table, Meta(Actor(by), place=place)))
    return [each.id for each in app.site.workspace.ledger.submit_many(works)]


def send(client, address, page, **form):
    """Send what the forms of a page send: its token, and what its reader had before him."""
    hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|seen)" value="([^"]+)"', page))
    return client.post(address, data=hidden | form, headers={"Origin": "http://localhost"})


def states(app, numbers):
    now = app.site.workspace.ledger.current()
    return [now.state(number) for number in numbers]


def test_five_hundred_in_a_few_seconds_and_the_one_that_changed_is_refused_alone(app):
    numbers = file_many(app, 500)
    client, ledger = a_reviewer(app), app.site.workspace.ledger
    page = client.get("/review").text
    assert "这一列表的全部 500 份" in page
    changed = numbers[321]
    ledger.record(changed, "returned", Actor("他人"), "改")
    ledger.record(changed, "submitted", Actor("填报员"))
    [new] = file_many(app, 1, place="500102")
    ticked = [n for n in numbers if n != numbers[0]]
    answer = send(client, "/review/many", page, do="approve", submission=[changed, *ticked])
    assert re.search(r"/review/many/\d+$", str(answer.url))
    assert "还剩 499 份" in answer.text and states(app, numbers).count("approved") == 0
    begun = time.process_time()
    assert Worker(app).do_all() == 1
    # it took 40 s; a second and a half is usual, and a machine of tests is busy
    assert time.process_time() - begun < 12
    result = client.get(str(answer.url)).text
    assert "已办成 498 份，没有办成 1 份，还剩 0 份" in result
    assert f"{changed} 在您查看之后有了变化" in result
    assert result.count("已通过并生效") == 498
    english = client.get(f"{answer.url}?lang=en").text
    assert "498 done, 1 not done, 0 left" in english and "has changed since" in english
    assert {n for n in numbers if states(app, [n]) == ["submitted"]} == {numbers[0], changed}
    assert states(app, [new]) == ["submitted"]
    assert ledger.verify() == [] and trail.first_fault() is None


def test_all_of_a_list_is_what_was_listed_when_it_was_looked_at(app):
    """Sixty are listed and fifty shown; one that comes later is not among what was chosen."""
    numbers = file_many(app, 60)
    client = a_reviewer(app)
    page = client.get("/review").text
    [later] = file_many(app, 1, place="500102")
    answer = send(client, "/review/many?state=submitted", page, do="approve", all="yes")
    again = send(client, "/review/many?state=submitted", page, do="approve", all="yes")
    assert str(answer.url) == str(again.url) and Job.objects.count() == 1
    Worker(app).do_all()
    assert states(app, numbers) == ["approved"] * 60 and states(app, [later]) == ["submitted"]
    # sent once more when all is done: the same job, and nothing more is done
    last = send(client, "/review/many?state=submitted", page, do="approve", all="yes")
    assert str(last.url) == str(answer.url) and Worker(app).do_all() == 0


@pytest.mark.parametrize(("number", "jobs"), [(20, 0), (21, 1)])
def test_a_few_are_decided_at_once(app, number, jobs):
    numbers = file_many(app, number)
    client = a_reviewer(app)
    page = client.get("/review").text
    send(client, "/review/many", page, do="return", reason="统一退回", submission=numbers)
    assert Job.objects.count() == jobs
    assert states(app, numbers) == ["submitted" if jobs else "returned"] * number
    Worker(app).do_all()
    assert states(app, numbers) == ["returned"] * number


def test_a_few_of_which_one_changed_meanwhile(app):
    numbers = file_many(app, 3)
    client, ledger = a_reviewer(app), app.site.workspace.ledger
    page = client.get("/review").text
    ledger.record(numbers[1], "returned", Actor("他人"), "改")
    ledger.record(numbers[1], "submitted", Actor("填报员"))
    answer = send(client, "/review/many", page, do="approve", submission=numbers)
    assert "2 份成功，1 份没有办成" in answer.text
    assert states(app, numbers) == ["approved", "submitted", "approved"]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("where", "name", "call"),
    [
        (trail, "add_many", 3),  # before the outcomes of the second turn are kept
        (work_decisions, "tell_before", 2),  # before anybody is told of the second turn
    ],
)
def test_a_job_that_was_killed_goes_on_and_does_nothing_twice(app, monkeypatch, where, name, call):
    """A hundred and twenty in turns of fifty; the process dies in the second."""
    numbers = file_many(app, 120)
    client = a_reviewer(app)
    page = client.get("/review").text
    send(client, "/review/many", page, do="approve", submission=numbers)
    done, calls = getattr(where, name), []

    def dies(*args, **more):
        calls.append(args)
        if len(calls) == call:
            raise Killed
        return done(*args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(where, name, dies)
        job = leases.take("first", LEASE)
        with pytest.raises(Killed):
            running.do(app, job, LEASE)
    assert states(app, numbers).count("approved") == 100
    job = leases.take("second", LEASE, timezone.now() + 2 * LEASE)
    running.do(app, job, LEASE)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"done": 120, "refused": 0})
    now = app.site.workspace.ledger.current()
    assert [e.state for e in now.events].count("approved") == 120
    assert Decided.objects.filter(job=job.pk, outcome="approved").count() == 120
    assert Entry.objects.filter(kind="decision").count() == 120
    # the filer is told once of each turn, and never twice
    notices = Delivery.objects.filter(to="填报员")
    assert sorted(re.search(r"(\d+) 份", d.notice.text_zh)[1] for d in notices) == [
        "20",
        "50",
        "50",
    ]
    assert trail.first_fault() is None


def test_rights_are_asked_when_it_runs(app):
    """The grant is taken back between the two: nothing is done, and each says why."""
    numbers = file_many(app, 30)
    client = a_reviewer(app)
    page = client.get("/review").text
    send(client, "/review/many", page, do="approve", submission=numbers)
    row = Account.objects.get(username="审核员").grants.get()
    persons.take_back(app.permission, ALONE, row)
    Worker(app).do_all()
    assert states(app, numbers) == ["submitted"] * 30
    outcomes = Decided.objects.values_list("outcome", "zh")
    assert set(outcomes) == {("", "没有这份提交")}  # he may not even read them any more
    assert Decided.objects.count() == 30


def test_rights_are_asked_of_each(app):
    """Of two districts a reviewer of one decides on his own only, and not on what he filed."""
    own, other = file_many(app, 25), file_many(app, 3, place="500102")
    [by_him] = file_many(app, 1, by="审核员", last=2024)
    client = a_reviewer(app, WANZHOU)
    page = client.get("/review").text
    numbers = [*own, *other, by_him]
    send(client, "/review/many", page, do="approve", submission=numbers)
    Worker(app).do_all()
    assert states(app, own) == ["approved"] * 25
    assert states(app, [*other, by_him]) == ["submitted"] * 4
    said = dict(Decided.objects.filter(outcome="").values_list("submission", "zh"))
    assert {said[n] for n in other} == {"没有这份提交"}
    assert "自己" in said[by_him]


def test_levels_are_taken_by_a_job_too_and_once(app):
    point_to(app.store)
    Setting.objects.create(name="review_levels", value={"": ["district", "city"]})
    numbers = file_many(app, 30)
    district = someone(app, "区审核", Grant("reviewer", place=WANZHOU))
    page = district.get("/review").text
    send(district, "/review/many", page, do="approve", submission=numbers)
    Worker(app).do_all()
    assert states(app, numbers) == ["submitted"] * 30
    assert set(Decided.objects.values_list("outcome", flat=True)) == {"level"}
    assert LevelApproval.objects.count() == 30
    # what the city saw before one more of the district's approvals came is not approved
    city = someone(app, "市审核", Grant("reviewer", place=CITY))
    page = city.get("/review").text
    send(city, "/review/many", page, do="approve", submission=numbers)
    Worker(app).do_all()
    assert states(app, numbers) == ["approved"] * 30


def test_only_who_asked_sees_stops_and_goes_on(app):
    numbers = file_many(app, 30)
    client = a_reviewer(app, WANZHOU)
    page = client.get("/review").text
    answer = send(client, "/review/many", page, do="approve", submission=numbers)
    address = str(answer.url)
    other = someone(app, "另一位", Grant("reviewer", place=CITY))
    path = address.removeprefix("http://localhost")
    assert other.get(address).status_code == 404
    for act in ("stop", "again"):
        assert send(other, f"{address}/{act}", page).status_code in (403, 404)
    assert path in client.get("/jobs").text and path not in other.get("/jobs").text
    stopped = send(client, f"{address}/stop", answer.text)
    assert "已取消" in stopped.text and Worker(app).do_all() == 0
    assert states(app, numbers) == ["submitted"] * 30
    send(client, f"{address}/again", answer.text)
    Worker(app).do_all()
    assert states(app, numbers) == ["approved"] * 30
    for strange in ("0", "x", "9" * 30):
        assert client.get(f"/review/many/{strange}").status_code == 404
