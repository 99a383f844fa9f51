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
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.http import HttpResponse
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.office import publishing
from hengtan.office.permission import NOBODY, Answer, Grant, Person
from hengtan.office.roles import roles
from hengtan.web import answers as answers_of_pages
from hengtan.web import endpoint, who
from hengtan.web.application import Application
from hengtan.web.rooms.duties.models import DutyRow, EntityRow
from hengtan.web.rooms.entry.models import DraftRow, UploadRow
from hengtan.web.rooms.jobs.models import Job
from hengtan.web.rooms.tasks.models import Task
from hengtan.web.routing import asked

FILE = Path(__file__).with_name("matrix.csv")
OWN, NEIGHBOUR = "500156", "500155"
TODAY = date(2026, 11, 29)
ABOUT = ("method", "path", "parts")
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def a_draft(app):
    about = {"form": "indicator_values", "place": OWN, "begun_by": "填报员"}
    saved = {"typed": {}, "saved_by": "填报员", "saved_at": NOON}
    DraftRow.objects.create(key="k" * 32, **about, **saved)
    UploadRow.objects.create(key="k" * 32, **about, file_name="表.csv", content=b"")
    return "k" * 32


def a_task(app):
    task = Task.objects.create(title="任务", place=OWN, state="dispatched", made_by="调度员")
    task.parties.create(department="区经济信息委", is_lead=True)
    return task.pk


def an_enterprise(app):
    EntityRow.objects.create(code="91500156MA00000001", name_zh="某厂", place=OWN)
    return "91500156MA00000001"


def a_job(app):
    return Job.objects.create(kind="accounts", key="accounts", place=OWN, by="分析员").pk


def draft_of_a_bulletin(app):
    """A draft that somebody else wrote."""
    from hengtan.web.rooms.bulletins.models import DraftRow

    written = {"figures": "", "state": "submitted", "by": "别人"}
    DraftRow.objects.get_or_create(period="2026-01", defaults=written)
    return "2026-01"


def a_permit(app):
    """A case file of the kind that the rows name."""
    from hengtan.desk.filing import Filing, as_file, file_in

    permit = {"permit": "P1", "place": OWN, "entity": "91500156MA00000001", "entity_name": "某厂"}
    content = as_file([permit | {"issued": "2024-03-01"}])
    workspace = app.site.workspace
    report = file_in(workspace, Filing("discharge_permits", "许可证.csv", content, Actor("填报员")))
    number = report.submission["submission"]
    workspace.ledger.record(number, "approved", Actor("审核员"))
    return "P1"


MAKERS = {
    "period": draft_of_a_bulletin,
    "key": a_draft,
    "enterprise": an_enterprise,
    "task": a_task,
    "job": a_job,
    "subject": a_permit,
    "submission": lambda app: "S000001",
}
"""Part of an address → what makes such a thing in the own place and gives its id, from the app."""


def furnish(app, report):
    """A submission, a duty and a publication of the own place."""
    figure = {"place": OWN, "indicator": "forest_cover", "period": "2025", "unit": "%"}
    row = figure | {"value": 68.2, "source_title": "年报"}
    report(app.site.workspace, "indicator_values", [row])
    DutyRow.objects.create(
        code="months",
        form="monthly_figures",
        frequency="month",
        owers_kind="district",
        within="500000",
        department="市统计局",
        due_kind="day_of_month",
        due_number=10,
        valid_from=date(2026, 9, 1),
        changed_by="调度员",
    )
    view = publishing.published_view(app.site.view(), lambda target: True)
    draft = publishing.Draft("发布", OWN, "发布员")
    folder = app.site.workspace.folder
    publishing.publish(folder, draft, view, head="0" * 64, entries=1, now=NOON)


@pytest.fixture
def empty_folder(empty_folder, tmp_path):
    """A folder of an empty workspace that may be written to."""
    shutil.copytree(empty_folder, tmp_path / "own")
    return tmp_path / "own"


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["path"]): row for row in csv.DictReader(file)}


ROWS = rows()
COLUMNS = [name for name in next(iter(ROWS.values())) if name not in ABOUT]


@pytest.fixture
def asking(small_site, prepared_store, report, monkeypatch):
    """Asks an address as somebody: through all middleware, up to whether he may; gives that."""
    for target in small_site.workspace.small["targets"]:
        target["region_code"] = OWN
    app = Application(small_site, writable=False, is_shared=True, today=lambda: TODAY)
    prepared_store(app)
    furnish(app, report)
    answers, person = [], [NOBODY]

    def noted(request, route, parts):
        answers.append(asked(request, route, parts))
        return Answer(False, "no.not_there")  # nothing is done: the page is not made

    monkeypatch.setattr(endpoint, "asked", noted)
    monkeypatch.setattr(answers_of_pages, "not_allowed", lambda *_: HttpResponse(status=204))
    monkeypatch.setattr(app, "note_refusal", lambda *_: None)
    monkeypatch.setattr(app.pace, "take", lambda *_: True)
    monkeypatch.setattr(who.Who, "_person", lambda self, request: (person[0], ""))
    client = PageClient(app, follow=False)
    page = client.get("/account/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"csrfmiddlewaretoken": token}
    things = {}

    def address(row):
        """The address of a row, and what is sent to it beside."""
        parts = dict(part.split("=", 1) for part in row["parts"].split())
        for name in re.findall(r"{(\w+)}", row["path"]):
            if name in MAKERS and name not in parts:
                if name not in things:
                    things[name] = MAKERS[name](app)
                parts[name] = str(things[name])
        beside = {name: parts[name] for name in parts if f"{{{name}}}" not in row["path"]}
        return row["path"].format(**parts), beside

    def ask(row, somebody):
        person[0], answers[:] = somebody, []
        path, beside = address(row)
        if row["method"] == "POST":
            client.post(path, data=form | beside, headers={"Origin": "http://localhost"})
        else:
            client.get(path, params=beside)
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
