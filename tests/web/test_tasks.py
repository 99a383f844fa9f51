"""Task dispatch: a task goes to two departments, is answered with a file, returned, reminded of and
closed; lists show what may be opened; nothing reaches a department it does not concern.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import zipfile
from datetime import date

import openpyxl
import pytest
from docx import Document
from filed_rows import file_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from page_client import PageClient

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant, Permission, Person
from hengtan.office.territory import Territory
from hengtan.web import trail
from hengtan.web.application import Application
from hengtan.web.rooms.jobs.kinds import duties
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.tasks import doing, evidence, standing
from hengtan.web.rooms.tasks.doing import Said, Wish
from hengtan.web.rooms.tasks.models import Answer, Evidence, Party, Reminder, Task
from hengtan.web.rooms.tasks.seen import is_seen, tasks_of
from hengtan.web.store import Store, copy_of, point_to
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf
from hengtan.workspace.safekeeping import back_up, restore

TODAY = date(2026, 11, 29)
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
ALONE = Person("管理", is_alone=True)


@pytest.fixture
def empty_folder(empty_folder, tmp_path):
    """A copy of the empty workspace: these tests keep files in it."""
    return shutil.copytree(empty_folder, tmp_path / "ws")


@pytest.fixture
def app(small_site, prepared_store):
    app = Application(small_site, writable=False, is_shared=True, today=lambda: TODAY)
    prepared_store(app)
    return app


def person(app, name, *grants):
    account, _ = persons.make_account(name, "管理")
    account.must_change_password = False
    account.save()
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    return account


class Signed(PageClient):
    """A browser of somebody who has signed in."""

    def post_form(self, address, files=None, **form):
        form["csrfmiddlewaretoken"] = self.cookies["hengtan_csrf"]
        return self.post(address, data=form, files=files, headers={"Origin": "http://localhost"})


@pytest.fixture
def signed(app):
    """Makes an account with grants and signs it in."""

    def sign(name, *grants):
        account, password = persons.make_account(name, "管理")
        for grant in grants:
            persons.give(app.permission, ALONE, account, grant)
        account.must_change_password = False
        account.save()
        client = Signed(app)
        client.get("/account/login/")
        client.post_form("/account/login/", login=name, password=password)
        return client

    return sign


@pytest.fixture
def three(signed):
    """A coordinator and people of two departments."""
    return (
        signed("调度员", Grant("coordinator")),
        signed("工信", Grant("filer", department="工信局")),
        signed("住建", Grant("filer", department="住建局")),
    )


FORM = {
    "title": "屋顶光伏整县推进",
    "lead": "工信局",
    "helpers": "住建局",
    "place": "500156",
    "due": "2026-12-20",
    "text": "十二月前完成备案",
    "clause": "plan:3",
}


def of(client, address):
    return client.get(address).status_code


def told(name):
    return list(
        Delivery.objects.filter(to=name).order_by("pk").values_list("notice__subject_zh", flat=True)
    )


def test_a_task_from_its_dispatch_to_its_close(app, three):
    coordinator, industry, housing = three
    page = coordinator.post_form("/tasks/new", **FORM)
    task = Task.objects.get()
    address = f"/tasks/{task.pk}"
    assert str(page.url).endswith(address) and "草稿" in page.text
    assert of(industry, address) == 404 and "屋顶光伏" not in industry.get("/tasks").text

    coordinator.post_form(f"{address}/dispatch")
    assert of(industry, address) == of(housing, address) == 200
    assert told("工信") == told("住建") == ["新任务：屋顶光伏整县推进"]

    # one department answers for itself with a file, not for the other
    form = {"department": "工信局", "text": "已备案三个村", "percent": "60"}
    files = {"files": ("备案表.pdf", PDF, "application/pdf")}
    industry.post_form(f"{address}/answer", files=files, **form)
    refused = industry.post_form(f"{address}/answer", department="住建局", text="代答")
    assert refused.status_code == 400 and "住建局" in refused.text
    task.refresh_from_db()
    assert task.state == "dispatched"
    file = Evidence.objects.get()
    sent = housing.get(f"{address}/evidence/{file.pk}")
    assert sent.content == PDF and "attachment" in sent.headers["content-disposition"]
    assert told("调度员") == ["任务反馈：屋顶光伏整县推进"]

    # returned with a reason; without one it is refused
    empty = coordinator.post_form(f"{address}/return", department="工信局", reason=" ")
    assert empty.status_code == 400 and "退回理由" in empty.text
    coordinator.post_form(f"{address}/return", department="工信局", reason="缺明细")
    assert "缺明细" in industry.get(address).text and told("工信")[-1].startswith("反馈被退回")

    coordinator.post_form(f"{address}/remind", text="请尽快")
    assert told("工信")[-1] == told("住建")[-1] == "催办：屋顶光伏整县推进"

    # closing takes a reason while answers are missing
    early = coordinator.post_form(f"{address}/close", text="")
    assert early.status_code == 400
    for client, name in ((industry, "工信局"), (housing, "住建局")):
        client.post_form(f"{address}/answer", department=name, text="完成", percent="100")
    task.refresh_from_db()
    assert task.state == "answered"
    assert industry.post_form(f"{address}/close", text="x").status_code == 404
    coordinator.post_form(f"{address}/close", text="同意")
    task.refresh_from_db()
    assert (task.state, task.closed_by, task.closed_on) == ("closed", "调度员", TODAY)
    late = industry.post_form(f"{address}/answer", department="工信局", text="再报")
    assert late.status_code == 400 and task.answers.count() == 3
    assert trail.first_fault() is None


def in_ledger(app, account, name, column):
    """How a clause or a milestone stands in the task ledger, and the steps of who told it."""
    workspace = app.site.workspace
    workspace.refresh()
    rows = workspace.execute(account, AsOf.of(today=TODAY)).to_pylist()
    (row,) = [row for row in rows if row[column] == name]
    return row


@pytest.mark.parametrize(
    ("account", "clause", "column"),
    [
        ("plan_measure_state", "cq-2025-2027:7", "clause_ref"),
        ("plan_milestone_state", "cq-m-no-cap", "milestone"),
    ],
)
def test_a_task_tells_its_clause_in_the_ledger_from_dispatch_to_done(app, account, clause, column):
    """Dispatched to two departments: in progress. Closed with the answer of one only, or at 60 %:
    still in progress. Closed with both at 100 % and a file: done, with the file for evidence,
    handed in by who answered for the lead and approved by who closed. Told again, nothing is new.
    """
    wish = Wish("任务", ("工信局", "住建局"), due=date(2026, 12, 20), clause=clause)

    def until(*answers):
        task = doing.make(wish, "调度员")
        doing.dispatch(app, task, "调度员", TODAY)
        for name, percent, files in answers:
            doing.answer(task, Said(name, "推进", percent, files=files), name[:2], app)
        return task

    task = until(("工信局", 60.0, ()), ("住建局", 100.0, (("表.pdf", PDF),)))
    row = in_ledger(app, account, clause, column)
    assert (row["state"], row["owner"]) == ("in_progress", "工信局;住建局")
    doing.close(app, task, "同意", "调度员", TODAY)
    assert in_ledger(app, account, clause, column)["state"] == "in_progress"

    task = until(("工信局", 100.0, (("单.pdf", PDF + b"3"),)))
    doing.close(app, task, "另有安排", "调度员", TODAY)
    assert in_ledger(app, account, clause, column)["state"] == "in_progress"

    task = until(("住建局", 100.0, ()), ("工信局", 100.0, (("函.pdf", PDF + b"4"),)))
    doing.close(app, task, "同意", "调度员", TODAY)
    row = in_ledger(app, account, clause, column)
    file = Evidence.objects.get(answer__task=task)
    assert (row["state"], row["evidence"]) == ("done", f"函.pdf（{file.submission}）")
    assert not row["overdue"]
    register = app.site.workspace.ledger.current()
    record, events = register.records[row_of_ledger(register)], register.events
    assert (record.actor, record.body) == ("工信", "工信局")
    assert (events[-1].submission, events[-1].actor) == (record.submission, "调度员")
    number = len(register.records)
    standing.tell_all(app)
    assert len(app.site.workspace.ledger.current().records) == number
    assert app.site.workspace.ledger.verify() == []


def row_of_ledger(register):
    """The submission handed in last."""
    return max(register.records)


def test_a_report_of_the_quarter_is_replaced_by_a_closing_within_it(app, tmp_path):
    """A report of the fourth quarter says in progress; the task closed in November says done of the
    same quarter. A clause of no plan tells nothing.
    """
    workspace, clause = app.site.workspace, "cq-2025-2027:7"
    line = {"条款": clause, "时期": "2026年第4季度", "进展状态": "推进中", "工作进展": "推进"}
    file_rows(workspace, tmp_path, "measure_progress", [line])
    for name in (clause, "plan:3"):
        task = doing.make(Wish("任务", ("工信局",), clause=name), "调度员")
        doing.dispatch(app, task, "调度员", TODAY)
        doing.answer(task, Said("工信局", "完成", files=(("函.pdf", PDF),)), "工信", app)
        doing.close(app, task, "", "调度员", TODAY)
    row = in_ledger(app, "plan_measure_state", clause, "clause_ref")
    assert (row["state"], row["period"]) == ("done", "2026-Q4")
    register = workspace.ledger.current()
    assert len(register.by_form["measure_progress"]) == 3


def dispatched(app, departments=("工信局", "住建局"), due=date(2026, 12, 20), place="500156"):
    task = doing.make(Wish("任务", departments, place=place, due=due), "调度员")
    doing.dispatch(app, task, "调度员", TODAY)
    return task


def test_a_third_department_sees_nothing_by_any_address(app, three, signed):
    task = dispatched(app)
    doing.answer(task, Said("工信局", "好", files=(("a.pdf", PDF),)), "工信", app)
    other = signed("交通", Grant("filer", department="交通局"))
    file = Evidence.objects.get().pk
    for address in ("", f"/evidence/{file}", "/edit"):
        assert of(other, f"/tasks/{task.pk}{address}") == 404
    for verb in ("answer", "remind", "return", "close", "dispatch", "delete", "edit"):
        answer = other.post_form(f"/tasks/{task.pk}/{verb}", text="x")
        assert answer.status_code == 404
    assert f'/tasks/{task.pk}"' not in other.get("/tasks").text
    book = openpyxl.load_workbook(io.BytesIO(other.get("/tasks/sheet.xlsx").content))
    assert rows_of(book, "任务调度表") == rows_of(book, "按单位汇总") == []
    # a file of another task, asked for through a task of one's own
    own = dispatched(app, ("交通局",))
    assert of(other, f"/tasks/{own.pk}/evidence/{file}") == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"<html>"),
        ("a.pdf", b""),
        ("a.xlsm", b"PK\x03\x04"),
        ("a.docx", b"PK\x03\x04broken"),
        ("a", PDF),
        ("a.pdf.html", PDF),
        ("a.png", PDF),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_is_kept(app, name, content):
    task = dispatched(app)
    with pytest.raises(HengtanError):
        doing.answer(task, Said("工信局", "好", files=((name, content),)), "工信", app)
    assert task.answers.count() == 0 and Party.objects.filter(state="answered").count() == 0


def archive(*names, size=1):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in names:
            parts.writestr(name, b"0" * size)
    return content.getvalue()


def test_archives_are_looked_into():
    evidence.check("a.xlsx", archive("xl/workbook.xml"))
    evidence.check("a.docx", archive("word/document.xml"))
    for name, content in (
        ("a.xlsx", archive("word/document.xml")),
        ("a.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin")),
        ("a.docx", archive("word/document.xml", size=800_000_000)),
    ):
        with pytest.raises(HengtanError):
            evidence.check(name, content)


def original(app, sha256):
    return app.site.workspace.ledger.folder / "files" / sha256


def faults(app, lang="zh"):
    """What verify tells of a workspace, of the ledger and of people's tables."""
    point_to(app.store)
    listed = [
        *app.site.workspace.ledger.verify(),
        *evidence.findings(app.site.workspace, app.site.workspace.ledger.current()),
    ]
    return [getattr(finding, lang) for finding in listed]


def test_evidence_stands_in_the_chain_and_is_told_with_its_task_where_it_was_harmed(app):
    task = dispatched(app)
    said = Said("工信局", "好", files=(("备案表.pdf", PDF), ("图.pdf", PDF + b"2")))
    doing.answer(task, said, "工信", app)
    ledger, (first, second) = app.site.workspace.ledger, Evidence.objects.order_by("pk")
    records = ledger.current().records
    # SHA-256 of the bytes, by the standard library
    assert first.sha256 == hashlib.sha256(PDF).hexdigest()
    assert records[first.submission].file_sha256 == first.sha256
    assert (records[first.submission].actor, records[first.submission].body) == ("工信", "工信局")
    assert ledger.sweep() == [] and original(app, first.sha256).read_bytes() == PDF
    assert faults(app) == []
    original(app, first.sha256).write_bytes(PDF + b"x")
    original(app, second.sha256).unlink()
    assert faults(app) == [
        f"原始文件 备案表.pdf（{first.submission}, 任务 {task.pk} 任务） 被改动",
        f"原始文件 图.pdf（{second.submission}, 任务 {task.pk} 任务） 丢失",
    ]
    with pytest.raises(HengtanError, match="缺失或被改动"):
        evidence.read(app.site.workspace, first.sha256)


def test_the_same_file_is_kept_once_and_a_refused_answer_leaves_no_file_in_force(app, monkeypatch):
    task = dispatched(app)
    said = Said("工信局", "好", files=(("a.pdf", PDF),))
    doing.answer(task, said, "工信", app)
    doing.answer(task, said, "工信", app)
    register = app.site.workspace.ledger.current()
    (record,) = register.by_form["task_evidence"]
    assert [e.submission for e in Evidence.objects.all()] == [record.submission] * 2

    def closed_meanwhile(*_):
        raise HengtanError("状态已经变了", "its state has changed")

    monkeypatch.setattr(doing, "_take_answer", closed_meanwhile)
    for content, left in ((PDF, "approved"), (PDF + b"2", "withdrawn")):
        with pytest.raises(HengtanError, match="状态"):
            doing.answer(task, Said("工信局", "好", files=(("a.pdf", content),)), "工信", app)
        register = app.site.workspace.ledger.current()
        assert register.state(register.by_form["task_evidence"][-1].submission) == left
    assert Evidence.objects.count() == 2 and faults(app) == []


def test_files_of_an_earlier_version_are_taken_along_once(app, tmp_path):
    """As they lay before: under their digest in ``evidence/files``, named by people's tables."""
    workspace, task = app.site.workspace, dispatched(app)
    answers = [
        Answer.objects.create(task=task, department=name, by="工信", text="好")
        for name in ("工信局", "住建局")
    ]
    kept = workspace.folder / "evidence" / "files"
    kept.mkdir(parents=True)
    digests = {}
    for answer, content in zip(answers, (PDF, PDF + b"2"), strict=True):
        digests[content] = hashlib.sha256(content).hexdigest()
        (kept / digests[content]).write_bytes(content)
        Evidence.objects.create(
            answer=answer, name="a.pdf", sha256=digests[content], size=len(content)
        )
    assert faults(app) == [] and evidence.read(workspace, digests[PDF]) == PDF
    lost = kept / digests[PDF + b"2"]
    lost.rename(tmp_path / "lost")
    assert faults(app) == [f"任务“{task.pk} 任务”的佐证文件“a.pdf”丢失"]
    assert evidence.take_along(app) == 1
    (tmp_path / "lost").rename(lost)
    assert evidence.take_along(app) == 1 and evidence.take_along(app) == 0
    assert list(kept.iterdir()) == [] and faults(app) == []
    assert evidence.read(workspace, digests[PDF + b"2"]) == PDF + b"2"
    assert "evidence_along" in [duty.name for duty in duties()]


def test_evidence_is_in_a_backup(app, tmp_path):
    doing.answer(dispatched(app), Said("工信局", "好", files=(("a.pdf", PDF),)), "工信", app)
    back_up(app.site.workspace, tmp_path / "b.zip")
    (row,) = Evidence.objects.all()
    restore(tmp_path / "b.zip", tmp_path / "again")
    with Workspace.open(tmp_path / "again") as again:
        assert evidence.read(again, row.sha256) == PDF and again.ledger.verify() == []


def test_pages_of_submissions_bear_evidence_among_them(app, signed):
    task = dispatched(app)
    doing.answer(task, Said("工信局", "好", files=(("a.pdf", PDF),)), "工信", app)
    number = Evidence.objects.get().submission
    other = signed("交通", Grant("filer", department="交通局"))
    client = signed("分析", Grant("analyst"))
    for address in ("/review", f"/review/{number}", "/entry", "/api/v1/submissions"):
        assert client.get(address).status_code < 500, address
        answer = other.get(address)
        assert answer.status_code < 500 and "a.pdf" not in answer.text, address


def test_reminders_of_themselves_come_once_each_and_not_to_who_answered(app, three):
    task = dispatched(app, due=date(2026, 12, 20))
    doing.answer(task, Said("住建局", "完成"), "住建", app)
    days = ["12-12", "12-13", "12-13", "12-14", "12-19", "12-21", "12-27", "12-31"]
    numbers = [doing.remind_due(app.permission, date.fromisoformat(f"2026-{d}")) for d in days]
    # seven days and a day before, a day and seven days after; once each, to one person
    assert numbers == [0, 1, 0, 0, 1, 1, 1, 0]
    assert told("住建") == ["新任务：任务"] and len(told("工信")) == 5
    assert Reminder.objects.filter(by="").count() == 4


def test_a_task_is_overdue_after_its_last_day_until_all_answered(app, three):
    task = dispatched(app, due=TODAY)
    app.today = lambda: date(2026, 11, 30)
    assert "逾期" in three[1].get(f"/tasks/{task.pk}").text
    assert f'/tasks/{task.pk}"' in three[1].get("/tasks?late=1").text
    for name in ("工信局", "住建局"):
        doing.answer(task, Said(name, "完成"), "x", app)
    assert f'/tasks/{task.pk}"' not in three[1].get("/tasks?late=1").text


def test_a_last_day_that_has_passed_is_not_dispatched(app):
    task = doing.make(Wish("任务", ("工信局",), due=date(2026, 11, 28)), "调度员")
    with pytest.raises(HengtanError, match="期限已过"):
        doing.dispatch(app, task, "调度员", TODAY)
    task.refresh_from_db()
    assert task.state == "draft"


@pytest.mark.parametrize(
    "field", [{"lead": ""}, {"title": " "}, {"due": "2026-13-01"}, {"place": "x"}]
)
def test_a_form_that_is_not_filled_in_rightly_keeps_what_was_typed(app, three, field):
    page = three[0].post_form("/tasks/new", **{**FORM, **field})
    assert page.status_code == 400 and "十二月前完成备案" in page.text
    assert Task.objects.count() == 0


def test_one_dispatches_only_within_what_was_granted(app, signed):
    north = signed("区调度", Grant("coordinator", place="500156"))
    page = north.post_form("/tasks/new", **FORM)
    assert page.status_code == 200 and Task.objects.count() == 1
    elsewhere = signed("外地调度", Grant("coordinator", place="110000"))
    refused = elsewhere.post_form("/tasks/new", **FORM)
    assert refused.status_code == 400 and Task.objects.count() == 1


def test_tasks_are_made_from_clauses_once_each(app, signed):
    client = signed("调度员", Grant("coordinator"))
    measures = [m for m in app.site.view().measures if m["department_zh"]]
    clauses = [m["clause_ref"] for m in measures[:2]]
    assert len(clauses) >= 1
    for _ in range(2):
        client.post_form("/tasks/from-plan", clause=clauses)
    tasks = Task.objects.order_by("pk")
    assert [t.clause for t in tasks] == clauses
    assert tasks[0].departments() == tuple(dict.fromkeys(measures[0]["department_zh"]))
    assert "已有任务" in client.get("/tasks/from-plan").text


def test_a_milestone_becomes_a_task_with_its_owners_and_its_last_day(app, small, signed):
    """``m-red`` is open, with two owners and the end of June; ``m-open`` is done and not asked for
    again.
    """
    (red, done) = small["milestones"]
    red |= {"owner": "工信局", "co_owners": ["住建局"], "due": "2027-06"}
    client = signed("调度员", Grant("coordinator"))
    page = client.get("/tasks/from-plan").text
    assert red["zh"] in page and done["zh"] not in page
    client.post_form("/tasks/from-plan", clause=[red["id"]])
    task = Task.objects.get()
    assert (task.clause, task.departments()) == ("m-red", ("工信局", "住建局"))
    assert (task.due, task.title) == (date(2027, 6, 30), red["zh"])
    shown = client.get(f"/tasks/{task.pk}").text
    assert "第2条" in shown and "里程碑" in shown and "m-red" not in shown


def test_a_milestone_without_an_owner_goes_to_the_departments_of_its_clause(app, small, signed):
    client = signed("调度员", Grant("coordinator"))
    client.post_form("/tasks/from-plan", clause=["m-red"])
    (of_clause,) = [m["department_zh"] for m in small["measures"] if m["clause_ref"] == "plan-a:2"]
    assert list(Task.objects.get().departments()) == of_clause


def rows_of(book, name):
    """The rows of a sheet below its headings, by heading."""
    heads, *rows = book[name].iter_rows(min_row=5, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_the_dispatch_sheet_as_workbook_and_document(app, three):
    task = dispatched(app)
    said = Said("工信局", "已备案", 60.0, files=(("表.pdf", PDF),))
    doing.answer(task, said, "工信", app)
    doing.answer(task, Said("住建局", "=1+1", 80.0), "住建", app)
    doing.make(Wish("草稿任务", ("工信局",)), "调度员")
    book = openpyxl.load_workbook(io.BytesIO(three[0].get("/tasks/sheet.xlsx").content))
    (shown,) = rows_of(book, "任务调度表")
    assert (shown["任务"], shown["牵头单位"], shown["配合单位"]) == ("任务", "工信局", "住建局")
    assert (shown["完成比例"], shown["佐证"], shown["完成时限"]) == (60, "表.pdf", "2026-12-20")
    assert (shown["地区"], shown["缓急"], shown["状态"]) == ("武隆区", "一般", "已反馈")
    assert shown["进展情况"] == "工信局：已备案\n住建局：=1+1" and shown["下达日期"] == "2026-11-29"
    (summary,) = rows_of(book, "按单位汇总")
    assert list(summary.values()) == ["工信局", 1, 0, 1, 0, 0]
    english = openpyxl.load_workbook(io.BytesIO(three[0].get("/tasks/sheet.xlsx?lang=en").content))
    (row,) = rows_of(english, english.sheetnames[0])
    assert (row["Task"], row["Lead"], row["Place"]) == ("任务", "工信局", "Wulong")
    assert not any(re.search("[一-鿿]", heading) for heading in row)
    assert (row["Priority"], row["State"]) == ("normal", "answered")
    document = Document(io.BytesIO(three[0].get("/tasks/sheet.docx?lang=zh").content))
    assert document.paragraphs[0].text == "任务调度表"
    cells = [c.text for c in document.tables[0].rows[1].cells]
    assert cells[2:5] == ["任务", "工信局", "住建局"]
    assert cells[5:10] == ["武隆区", "2026-12-20", "一般", "已反馈", "60"]
    document = Document(io.BytesIO(three[0].get("/tasks/sheet.docx?lang=en").content))
    heads = [c.text for c in document.tables[0].rows[0].cells]
    assert heads[2:5] == ["Task", "Lead", "Co-owners"]
    assert document.paragraphs[0].text == "Dispatch sheet of tasks"


def test_two_who_close_and_answer_at_once_do_not_both_win(app):
    task = dispatched(app, ("工信局",))
    stale = Task.objects.get(pk=task.pk)
    doing.close(app, task, "不再需要", "调度员", TODAY)
    with pytest.raises(HengtanError, match="状态已经变了"):
        doing.answer(stale, Said("工信局", "完成"), "工信", app)
    assert task.answers.count() == 0


TERRITORY = Territory({"5": "0", "51": "5", "52": "5"}, {})
RULE = Permission(TERRITORY, lambda: TODAY)
TASKS = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["", "5", "51", "52"]),
        "departments": st.lists(st.sampled_from(["d1", "d2", "d3"]), max_size=3, unique=True),
        "is_draft": st.booleans(),
    }
)
GRANTS = st.builds(
    Grant,
    role=st.sampled_from(["filer", "leader", "coordinator", "publisher", "audit_administrator"]),
    place=st.sampled_from([None, "5", "51"]),
    department=st.sampled_from([None, "d1", "d2"]),
    until=st.sampled_from([None, date(2026, 1, 1)]),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(TASKS, max_size=6),
    grants=st.lists(GRANTS, max_size=3),
    action=st.sampled_from(["task.read", "task.dispatch", "task.answer"]),
)
def test_the_list_is_what_may_be_opened(empty_store, tmp_path, rows, grants, action):
    store = Store(tmp_path / "tasks")
    if not store.file.exists():
        copy_of(empty_store, store)
    point_to(store)
    Task.objects.all().delete()
    stored = []
    for row in rows:
        state = "draft" if row["is_draft"] else "dispatched"
        task = Task.objects.create(title="x", place=row["place"], state=state, made_by="y")
        for name in row["departments"]:
            Party.objects.create(task=task, department=name)
        stored.append(task)
    somebody = Person("x", tuple(grants))
    listed = [task.pk for task in tasks_of(RULE, somebody, action).order_by("pk")]
    assert listed == [t.pk for t in stored if is_seen(RULE, somebody, t, action)]


def test_whoever_is_told_may_answer(app):
    for name, *grants in (
        ("甲", Grant("filer", department="工信局")),
        ("乙", Grant("filer", department="工信局", place="110000")),
        ("丙", Grant("leader", department="工信局")),
        ("丁", Grant("filer", department="工信局", until=date(2026, 1, 1))),
        ("戊", Grant("filer", department="住建局")),
        ("己", Grant("filer")),
    ):
        person(app, name, *grants)
    person(app, "庚", Grant("filer", department="工信局"))
    Account.objects.filter(username="庚").update(is_active=False)
    task = doing.make(Wish("任务", ("工信局",), place="500156"), "调度员")
    assert doing.people_of(app.permission, task, ("工信局",)) == ["甲"]
