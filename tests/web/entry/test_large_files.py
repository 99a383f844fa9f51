"""Files of more than ten thousand rows: looked at and handed in by jobs, with the findings, the
confirmation, the refusals and the submission of small ones.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import re
from dataclasses import replace
from datetime import timedelta

import openpyxl
import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.desk import entry_files, large_files
from hengtan.desk.entry import Sending
from hengtan.desk.entry_files import hand_in_file
from hengtan.desk.evidence import Intake
from hengtan.desk.large_files import is_large
from hengtan.office.permission import Grant, Person
from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.rooms.entry import work_uploads
from hengtan.web.rooms.entry.models import DraftRow, UploadRow
from hengtan.web.rooms.jobs import leases, running
from hengtan.web.rooms.jobs.models import Job
from hengtan.web.rooms.jobs.worker import Worker
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account
from hengtan.web.store import point_to
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

ALONE = Person("测试", is_alone=True)
CITY, WANZHOU, FULING = "500000", "500101", "500102"
SETTINGS = Settings("测试市", "Test city", CITY, "chongqing")
FORM = "indicator_values"
LEASE = timedelta(seconds=60)
HEADER = ("地区", "指标", "时期", "数值", "计量单位", "来源")


@pytest.fixture
def app(tmp_path, prepared_store, monkeypatch):
    """A shared installation of a city over an empty ledger."""
    monkeypatch.setattr(persons, "has_second_factor", lambda account: True)
    with Workspace.create(tmp_path / "ws", SETTINGS) as workspace:
        app = Application(Site(workspace), is_shared=True)
        prepared_store(app)
        yield app
        app.close()


def a_filer(app, place=CITY):
    point_to(app.store)
    account = Account.objects.create(username="填报员", must_change_password=False)
    persons.give(app.permission, ALONE, account, Grant("filer", place=place))
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "hengtan.web.rooms.people.signing_in.Backend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return PageClient(app, cookies={"hengtan_session": session.session_key})


def lines(number, place="万州区"):
    """Figures of the months from January 1000 on."""
    for n in range(number):
        year, month = divmod(n, 12)
        yield (
            place,
            "forest_cover",
            f"{1000 + year}年{month + 1}月",
            f"{40 + n % 20}",
            "%",
            "年报",
        )


def as_csv(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADER, *rows])
    return ("\ufeff" + out.getvalue()).encode()


def as_excel(rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    for row in [HEADER, *rows]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(client, address, page, **form):
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    files = {name: form.pop(name) for name in ("file",) if name in form}
    form["csrfmiddlewaretoken"] = token
    return client.post(address, data=form, files=files, headers={"Origin": "http://localhost"})


def upload(client, name, content, place=CITY):
    page = client.get("/entry").text
    return send(client, "/entry/upload", page, form=FORM, place=place, file=(name, content))


def confirm(client, answer):
    """Press the button of the page of a file as a person does who has seen its warnings."""
    seen = re.search(r'name="seen" value="([^"]*)"', answer.text)[1]
    path = str(answer.url).removeprefix("http://localhost")
    return send(client, f"{path}/submit", answer.text, seen=seen, confirmed="yes")


@pytest.mark.parametrize(
    ("name", "content", "number"),
    [("一万二.xlsx", as_excel, 12_000), ("五万.csv", as_csv, 50_000)],
)
def test_a_large_file_becomes_the_submission_that_the_direct_way_makes(
    app, tmp_path, name, content, number
):
    sent = content(lines(number))
    client = a_filer(app)
    waits = upload(client, name, sent)
    assert "在后台核对" in waits.text and "every 2s" in waits.text
    fragment = client.get(str(waits.url), headers={"HX-Request": "true"})
    assert "<html" not in fragment.text and "HX-Refresh" not in fragment.headers
    assert Worker(app).do_all() == 1
    assert client.get(str(waits.url), headers={"HX-Request": "true"}).headers["HX-Refresh"]
    looked_at = client.get(str(waits.url))
    assert f"{number} 行" in looked_at.text, looked_at.text[:3000]
    english = client.get(f"{waits.url}?lang=en").text
    assert f"{number} rows" in english
    confirm(client, looked_at)
    confirm(client, looked_at)
    ledger = app.site.workspace.ledger
    assert ledger.submissions() == []  # nothing yet: a job does it
    assert Worker(app).do_all() == 1
    [submission] = ledger.submissions()
    assert (submission["rows"], submission["actor"]) == (number, "填报员")
    gone_on = client.get(str(waits.url))
    assert submission["submission"] in str(gone_on.url)
    point_to(app.store)
    assert UploadRow.objects.get().submission == submission["submission"]
    # it was looked at, it was handed in: both notices lead to the file
    addresses = [d.notice.address for d in Delivery.objects.filter(to="填报员")]
    assert addresses == [str(waits.url).removeprefix("http://localhost")] * 2
    # the same file by the function of small ones, in a ledger of its own
    path = tmp_path / name
    path.write_bytes(sent)
    with Workspace.create(tmp_path / "direct", SETTINGS) as direct:
        report = hand_in_file(
            direct, direct.form(FORM), path, Sending("k", Actor("填报员", CITY), Intake(place=CITY))
        )
        own = direct.ledger.current().records[report.submission["submission"]]
    record = ledger.current().records[submission["submission"]]
    assert replace(record, at=own.at) == own


@pytest.fixture
def small_is_large(monkeypatch):
    """More than thirty rows are many."""
    monkeypatch.setattr(large_files, "LARGE", 30)


def test_rows_of_a_neighbour_are_refused_as_in_a_small_file(app, small_is_large):
    client = a_filer(app, WANZHOU)
    rows = [*lines(40), *lines(1, "涪陵区")]
    waits = upload(client, "表.csv", as_csv(rows), WANZHOU)
    Worker(app).do_all()
    page = client.get(str(waits.url))
    assert "涪陵区" in page.text and "/submit" not in page.text
    # whoever sends it all the same is refused by the job, and is told so
    path = str(waits.url).removeprefix("http://localhost")
    send(client, f"{path}/submit", client.get("/entry").text, seen="", confirmed="yes")
    Worker(app).do_all()
    again = client.get(str(waits.url))
    assert again.status_code == 400 and app.site.workspace.ledger.submissions() == []
    assert Job.objects.get(kind="import").state == "failed"


def test_rights_are_asked_when_it_runs(app, small_is_large):
    client = a_filer(app, WANZHOU)
    waits = upload(client, "表.csv", as_csv(lines(40)), WANZHOU)
    Worker(app).do_all()
    confirm(client, client.get(str(waits.url)))
    persons.take_back(app.permission, ALONE, Account.objects.get().grants.get())
    Worker(app).do_all()
    job = Job.objects.get(kind="import")
    assert job.state == "failed" and "没有填报这一项的权限" in job.message
    assert app.site.workspace.ledger.submissions() == []


def test_errors_stand_beside_their_lines_and_nothing_is_taken_in(app, small_is_large):
    rows = [list(row) for row in lines(3000)]
    rows[2500][3] = "四十"
    client = a_filer(app)
    waits = upload(client, "表.csv", as_csv(rows))
    Worker(app).do_all()
    page = client.get(str(waits.url)).text
    # the header is line 1, so that row 2500 from 0 is line 2502
    assert '<th scope="row" class="n">2502</th>' in page and "四十" in page
    assert '<th scope="row" class="n">2501</th>' not in page and "/submit" not in page


@pytest.fixture
def too_long(small_is_large, monkeypatch):
    """A sheet of more than thirty rows is not typed as a whole."""
    monkeypatch.setattr(entry_files, "MOST_ROWS", 30)


WRONG = {
    "a figure in words": (3, "四十"),
    "an indicator that is none": (1, "没有这个指标"),
    "a place that is none": (0, "某县"),
    "another unit": (4, "吨"),
    "no period": (2, ""),
}
"""Column and text of what makes a row wrong."""


def state_of(page):
    text = re.search(r'id="entry-state">(.*?)</script>', page, re.S)[1]
    return json.loads(text)


def as_merged_excel(rows):
    """Two title lines above the header, and the first place merged over three rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [("指标年报",), (), HEADER, *rows]:
        sheet.append(row)
    sheet.merge_cells("A4:A6")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def post_grid(client, page, what, **form):
    state = state_of(page)
    form |= {"csrfmiddlewaretoken": state["token"]}
    address = f"{state['address']}/{what}"
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


@pytest.mark.parametrize("write", [as_csv, as_merged_excel])
@pytest.mark.parametrize("seed", [1, 2])
def test_wrong_rows_mended_in_the_grid_give_the_record_of_a_file_mended_by_hand(
    app, too_long, tmp_path, write, seed
):
    draw = random.Random(seed)
    sound = [list(row) for row in lines(60)]
    wrong = copy.deepcopy(sound)
    spoiled = dict(zip(draw.sample(range(3, 60), len(WRONG)), WRONG.values(), strict=True))
    for number, (column, text) in spoiled.items():
        wrong[number][column] = text
    wrong.append(wrong[10])  # the same row twice: it is taken out in the grid
    head = 1 if write is as_csv else 3
    client = a_filer(app)
    waits = upload(client, "年报.csv" if write is as_csv else "年报.xlsx", write(wrong))
    Worker(app).do_all()
    page = client.get(str(waits.url))
    assert f"改正出错的 {len(WRONG) + 1} 行" in page.text
    address = str(waits.url).removeprefix("http://localhost")
    grid = send(client, f"{address}/mend", page.text)
    state = state_of(grid.text)
    rows = [row for row in state["typed"]["rows"] if row[0].startswith("L")]
    double = head + 1 + 60
    at = {int(row[0][1:]): row for row in rows}
    assert list(at) == sorted([*(head + 1 + n for n in spoiled), double])
    assert [note["row"] for note in state["notes"]].count(f"L{double}") == 1
    for number, (column, _) in spoiled.items():
        at[head + 1 + number][1 + column] = sound[number][column]
    typed = state["typed"] | {"rows": [row for line, row in at.items() if line != double]}
    saved = post_grid(client, grid.text, "save", grid=json.dumps(typed), version="1").json()
    joined = post_grid(client, grid.text, "submit", version=str(saved["version"]), seen="").json()
    ledger = app.site.workspace.ledger
    assert ledger.submissions() == []
    Worker(app).do_all()
    confirm(client, client.get(joined["next"]))
    Worker(app).do_all()
    [submission] = ledger.submissions()
    record = ledger.current().records[submission["submission"]]
    path = tmp_path / f"by_hand{'.csv' if write is as_csv else '.xlsx'}"
    path.write_bytes(write(sound))
    with Workspace.create(tmp_path / "direct", SETTINGS) as direct:
        sending = Sending("k", Actor("填报员", CITY), Intake(place=CITY))
        report = hand_in_file(direct, direct.form(FORM), path, sending)
        own = direct.ledger.current().records[report.submission["submission"]]
    assert (record.rows, record.rows_digest) == (own.rows, own.rows_digest) and record.rows == 60
    assert (record.actor, record.place, record.channel) == (own.actor, own.place, own.channel)
    point_to(app.store)
    assert not DraftRow.objects.exists() and UploadRow.objects.count() == 1


def test_a_draft_of_wrong_rows_takes_no_others_and_is_nothing_by_itself(app, too_long):
    wrong = [list(row) for row in lines(40)]
    wrong[5][3] = "四十"
    client = a_filer(app)
    waits = upload(client, "表.csv", as_csv(wrong))
    Worker(app).do_all()
    page = client.get(str(waits.url)).text
    address = str(waits.url).removeprefix("http://localhost")
    grid = send(client, f"{address}/mend", page)
    assert str(send(client, f"{address}/mend", page).url) == str(grid.url)  # twice is once
    state = state_of(grid.text)
    extra = ["x1", *state["typed"]["rows"][0][1:]]
    typed = state["typed"] | {"rows": [*state["typed"]["rows"], extra]}
    post_grid(client, grid.text, "save", grid=json.dumps(typed), version="1")
    refused = post_grid(client, grid.text, "submit", version="2", seen="")
    assert refused.status_code == 400 and "不能加行" in refused.json()["text"]
    post_grid(client, grid.text, "save", grid=json.dumps(state["typed"]), version="2")
    point_to(app.store)
    UploadRow.objects.all().delete()  # too old by now
    refused = post_grid(client, grid.text, "submit", version="3", seen="")
    assert refused.status_code == 400 and "重新上传" in refused.json()["text"]
    assert app.site.workspace.ledger.submissions() == []


def test_a_fault_of_the_whole_sheet_is_not_mended_by_rows(app, too_long):
    rows = [[*row, "7"] for row in lines(40)]
    rows[5][3] = "四十"
    client = a_filer(app)
    content = as_csv(rows).replace("来源".encode(), "来源,别的数".encode())
    waits = upload(client, "表.csv", content)
    Worker(app).do_all()
    page = client.get(str(waits.url)).text
    assert "四十" in page and "别的数" in page and "/mend" not in page


def test_a_job_killed_after_the_ledger_has_it_hands_in_once(app, small_is_large, monkeypatch):
    client = a_filer(app)
    waits = upload(client, "表.csv", as_csv(lines(40)))
    Worker(app).do_all()
    confirm(client, client.get(str(waits.url)))

    class Killed(BaseException):
        """The process ends here."""

    def dies(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(work_uploads, "_became", dies)
        with pytest.raises(Killed):
            running.do(app, leases.take("first", LEASE), LEASE)
    ledger = app.site.workspace.ledger
    [submission] = ledger.submissions()
    assert UploadRow.objects.get().submission == ""
    job = leases.take("second", LEASE, timezone.now() + 2 * LEASE)
    running.do(app, job, LEASE)
    job.refresh_from_db()
    assert job.result["submission"] == submission["submission"] and len(ledger.submissions()) == 1
    assert UploadRow.objects.get().submission == submission["submission"]


@pytest.mark.parametrize(
    ("name", "content", "large"),
    [
        ("少.csv", lambda: as_csv(lines(29)), False),
        ("多.csv", lambda: as_csv(lines(31)), True),
        ("少.xlsx", lambda: as_excel(lines(29)), False),
        ("多.xlsx", lambda: as_excel(lines(31)), True),
        ("坏.xlsx", lambda: b"PK\x03\x04" + b"x" * 100, False),
        ("空.csv", lambda: b"", False),
    ],
)
def test_how_many_rows_there_are_is_told_from_the_bytes(
    tmp_path, small_is_large, name, content, large
):
    path = tmp_path / name
    path.write_bytes(content())
    assert is_large(path) is large
