"""The pages of the reporting calendar: who sees what, what may be set, and the numbers by hand.

The 38 districts of Chongqing owe a monthly form, due on the 10th of the following month. The day is
29 November 2026: October was due on 10 November, November opens on 1 December.
"""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengtan.basis.actor import Actor
from hengtan.ledger.submissions import Meta
from hengtan.office.permission import Grant, Person
from hengtan.web.application import Application
from hengtan.web.rooms.duties import asking, pages, sending
from hengtan.web.rooms.duties.models import DutyRow, EntityRow, ExceptionRow, ReminderRow
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.people.models import Account, GrantRow
from hengtan.web.store import point_to

TODAY = date(2026, 11, 29)
CITY, WULONG, FULING, WANZHOU = "500000", "500156", "500102", "500101"
OCTOBER = f"months:2026-10:{WULONG}"
WORKS = "91500156MA00000001"


@pytest.fixture
def empty_folder(empty_folder, tmp_path):
    """A folder of an empty workspace that may be written to."""
    shutil.copytree(empty_folder, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def app(small_site, prepared_store):
    """The application with one duty set up."""
    app = Application(small_site, today=lambda: TODAY)
    prepared_store(app)
    point_to(app.store)
    duty()
    return app


def duty(**changes):
    usual = {
        "code": "months",
        "form": "monthly_figures",
        "frequency": "month",
        "owers_kind": "district",
        "within": CITY,
        "department": "市统计局",
        "due_kind": "day_of_month",
        "due_number": 10,
        "valid_from": date(2026, 9, 1),
        "expires": 30,
        "changed_by": "调度",
    }
    return DutyRow.objects.create(**{**usual, **changes})


@pytest.fixture
def file(app):
    """A district hands in its form of a month on a day; gives the number of the submission."""

    def hand_in(place, period="2026-10", on=date(2026, 11, 5)):
        ledger, form = app.site.workspace.ledger, app.site.workspace.form("monthly_figures")
        schema = form.schema().append(pa.field("_source_row", pa.int64()))
        rows = [{"place": place, "period": period, "_source_row": 2}]
        table = pa.Table.from_pylist(rows, schema=schema)
        at = datetime(on.year, on.month, on.day, 9)
        return ledger.submit(form, table, Meta(Actor("填报员", place)), at=at).id

    return hand_in


COORDINATOR, FILER = Grant("coordinator"), Grant("filer", place=WULONG)


def token_of(client, address):
    """The token that the forms of a page carry."""
    page = client.get(address).text
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def send(client, address, form_of, **form):
    """A form sent as the page at ``form_of`` would send it."""
    form["csrfmiddlewaretoken"] = token_of(client, form_of)
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


def test_a_filer_sees_what_he_owes_and_nothing_of_his_neighbour(seen_by, file):
    """September expired on 9 November (due 10 October), October is 19 days late."""
    file(FULING)
    text = seen_by(FILER).get("/duties").text
    assert "待填报 1 项，其中逾期 1 项" in text and "另有 1 项已过补报期限" in text
    assert "逾期 19 天" in text and "2026年10月" in text
    assert "已过补报期限（2026-11-09）；确需填报的，请向市统计局申请延期" in text
    assert "武隆区" in text and "涪陵区" not in text and FULING not in text


def test_what_may_be_filed_leads_to_the_grid(seen_by):
    text = seen_by(FILER).get("/duties").text
    fields = dict(re.findall(r'name="(form|place|period)" value="([^"]+)"', text))
    assert fields == {"form": "monthly_figures", "place": WULONG, "period": "2026-10"}
    assert "/entry/new" in text and "/entry/template" in text


def test_handed_in_it_waits_and_returned_it_comes_back_with_its_reason(app, seen_by, file):
    client = seen_by(FILER)
    number = file(WULONG)
    assert "都报齐了" in client.get("/duties").text
    assert f"{number} 已提交，正在审核" in client.get("/duties?show=all").text
    reviewer = Actor("审核员")
    app.site.workspace.ledger.record(
        number, "returned", reviewer, "用电量少一位", at=datetime(2026, 11, 12)
    )
    text = client.get("/duties").text
    assert "已退回" in text and "用电量少一位" in text and "逾期 19 天" in text


def test_completeness_of_the_city_by_hand(seen_by, file):
    """38 owe; Wulong came on the 5th, Fuling on the 12th, two days late: 2 of 38 are 5.3 %."""
    file(WULONG)
    file(FULING, on=date(2026, 11, 12))
    text = seen_by(COORDINATOR).get("/completeness").text
    assert "2026年10月：应报 38 项，已报 2 项（5.3%），按时 1，逾期报送 1，" in text
    assert "未报 36，其中已过截止日 36。" in text
    assert "未报清单（36 项）" in text


def test_a_cell_leads_to_what_is_missing_in_it(seen_by, file):
    file(WULONG)
    client = seen_by(COORDINATOR)
    text = client.get(f"/completeness?span=2026-10&district={WANZHOU}").text
    listed = text.partition('id="missing"')[2]
    assert "未报清单（1 项）" in text and "万州区" in listed and "涪陵区" not in listed
    assert "未报清单（0 项）" in client.get(f"/completeness?span=2026-10&district={WULONG}").text


def test_completeness_shows_a_district_its_own_only(seen_by, file):
    file(WULONG)
    text = seen_by(FILER).get("/completeness?span=2026-10").text
    assert "应报 1 项，已报 1 项（100%）" in text
    assert "涪陵区" not in text and FULING not in text


def test_a_year_holds_the_periods_that_end_in_it(seen_by):
    """From September on: four months of 38 districts."""
    assert "2026年：应报 152 项" in seen_by(COORDINATOR).get("/completeness?span=2026").text


def test_the_workbook_holds_what_the_page_says(seen_by, file):
    file(WULONG)
    content = seen_by(COORDINATOR).get("/completeness.xlsx?span=2026-10").content
    counts, missing = openpyxl.load_workbook(BytesIO(content)).worksheets
    assert [cell.value for cell in counts[counts.max_row]][:4] == ["合计", None, 38, 1]
    assert missing.max_row == 1 + 37
    names = {row[0].value for row in missing.iter_rows(min_row=2)}
    assert "涪陵区" in names and "武隆区" not in names


def test_who_may_not_export_gets_no_workbook(seen_by):
    assert seen_by(FILER).get("/completeness.xlsx").status_code == 403


@pytest.mark.parametrize(
    "address",
    [f"/duties/exception?obligation={OCTOBER}", "/duties/exception?obligation=x:2026-10:1"],
)
def test_not_there_and_not_yours_are_one_answer(seen_by, address):
    neighbour = seen_by(Grant("coordinator", place=FULING))
    answer = neighbour.get(address)
    assert answer.status_code == 404 and "武隆" not in answer.text


@pytest.mark.parametrize("obligation", ["", "months", "months:2026-10", "months:2026-13:500156"])
def test_an_id_that_cannot_be_is_not_there(seen_by, obligation):
    client = seen_by(COORDINATOR)
    assert client.get("/duties/exception", params={"obligation": obligation}).status_code == 404


def test_an_extension_opens_what_had_expired_and_says_why(seen_by):
    september = f"months:2026-09:{WULONG}"
    address = f"/duties/exception?obligation={september}"
    answer = send(
        seen_by(COORDINATOR, name="调度 张"),
        "/duties/exception",
        address,
        obligation=september,
        kind="move",
        expires="2026-12-31",
        reason="系统检修",
    )
    assert "已保存" in answer.text and "调度 张 批准：系统检修" in answer.text
    text = seen_by(FILER).get("/duties").text
    assert "待填报 2 项，其中逾期 2 项" in text and "已延期：系统检修" in text
    send(seen_by(COORDINATOR), "/duties/exception", address, obligation=september, kind="take")
    assert "待填报 1 项" in seen_by(FILER).get("/duties").text
    row = ExceptionRow.objects.get()
    assert (row.by, row.taken_by) == ("调度 张", "某人"), "what was taken back stays on record"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "move", "reason": "无"}, "须写明免报，或改到哪一天"),
        ({"kind": "waive", "reason": " "}, "没有写明批准人或理由"),
        ({"kind": "move", "due": "31/12/2026", "reason": "无"}, "应为日期"),
        (
            {"kind": "move", "due": "2026-12-31", "expires": "2026-12-01", "reason": "无"},
            "早于截止日",
        ),
    ],
)
def test_an_exception_that_cannot_be_is_refused_in_words(seen_by, form, words):
    address = f"/duties/exception?obligation={OCTOBER}"
    client = seen_by(COORDINATOR)
    answer = send(client, "/duties/exception", address, obligation=OCTOBER, **form)
    assert answer.status_code == 400 and words in answer.text
    assert not ExceptionRow.objects.exists()


NEW = {
    "code": "quarters",
    "form": "regional_balance",
    "frequency": "quarter",
    "owers_kind": "district",
    "within": CITY,
    "department": "市能源局",
    "due_kind": "days_after",
    "due_number": "25",
    "opens": "1",
    "valid_from": "2026-01-01",
}


def test_a_duty_is_set_up_and_counted(seen_by):
    client = seen_by(COORDINATOR)
    text = send(client, "/duties/rule", "/duties/rule", **NEW).text
    assert "地区能源平衡表" in text and "期末后25天" in text
    assert "2026年第四季度：2027-01-25" in text
    assert "应报 76 项" in client.get("/completeness?span=2026-09").text  # with the month's 38


def test_two_departments_share_a_form_and_each_owes_its_own(app, seen_by):
    """Wulong files its forest cover: the forest office has 1 of 38, the office of energy, which
    waits for the share of non-fossil energy, none.
    """
    client = seen_by(COORDINATOR)
    shared = {**NEW, "form": "indicator_values", "frequency": "month", "due_number": "10"}
    shared["valid_from"] = "2026-10-01"
    forest = shared | {"code": "forest", "department": "市林业局", "items": "森林覆盖率"}
    assert "森林覆盖率" in send(client, "/duties/rule", "/duties/rule", **forest).text
    energy = shared | {"code": "energy", "items": "nonfossil_share；绿色工厂累计数量"}
    send(client, "/duties/rule", "/duties/rule", **energy)
    assert DutyRow.objects.get(code="energy").items == ["nonfossil_share", "green_factories"]
    ledger, form = app.site.workspace.ledger, app.site.workspace.form("indicator_values")
    row = {"place": WULONG, "indicator": "forest_cover", "period": "2026-10", "_source_row": 2}
    schema = form.schema().append(pa.field("_source_row", pa.int64()))
    table = pa.Table.from_pylist([row], schema=schema)
    ledger.submit(form, table, Meta(Actor("填报员", WULONG)), at=datetime(2026, 11, 5))
    for department, said in (("市林业局", 37), ("市能源局", 76)):
        asked = {"span": "2026-10", "department": department}
        assert f"未报清单（{said} 项）" in client.get("/completeness", params=asked).text
    own = seen_by(FILER).get("/duties").text
    assert "指标数据·非化石能源占能源消费总量比重" in own and "森林覆盖率 · 2026年10月" not in own
    assert "指标数据·森林覆盖率 · 2026年10月" in seen_by(FILER).get("/duties?show=all").text
    # one grid serves both
    offered = asking.to_fill(request_of(app, FILER))
    assert [o["form"] for o in offered if o["period"] == "2026年10月"] == [
        "monthly_figures",
        "indicator_values",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items": "无此指标"}, "不是报表 regional_balance 里可单独应报的项"),
        ({"code": "months"}, "已有"),
        ({"code": "a:b"}, "不含冒号"),
        ({"form": "intensity_goals"}, "没有可按期填报的报表"),
        ({"form": "x"}, "没有可按期填报的报表"),
        ({"frequency": "week"}, "不是填报频率"),
        ({"due_number": "x"}, "应为整数"),
        ({"due_number": ""}, "应为整数"),
        ({"due_number": "-5"}, "早于开放日"),
        ({"valid_from": ""}, "应为日期"),
        ({"valid_until": "2025-01-01"}, "早于启用日"),
        ({"left_out": "5"}, "一年共 4 期"),
        ({"owers_kind": "", "listed": "500156 999999"}, "999999"),
        ({"owers_kind": "", "listed": ""}, "没有选定填报单位"),
        ({"owers_kind": "country", "within": CITY}, "没有选定填报单位"),
    ],
)
def test_a_duty_that_cannot_be_is_refused_in_words(seen_by, changes, words):
    answer = send(seen_by(COORDINATOR), "/duties/rule", "/duties/rule", **{**NEW, **changes})
    assert answer.status_code == 400 and words in answer.text
    assert DutyRow.objects.count() == 1


def test_a_coordinator_of_a_district_sets_up_duties_of_it_only(seen_by):
    client = seen_by(Grant("coordinator", place=WULONG))
    assert "months" not in re.findall(r"<code>(\w+)</code>", client.get("/duties/rules").text)
    assert client.get("/duties/rule?code=months").status_code == 404
    refused = send(client, "/duties/rule", "/duties/rule", **NEW)
    assert refused.status_code == 400 and "不由您管理" in refused.text
    own = {**NEW, "within": WULONG}
    assert send(client, "/duties/rule", "/duties/rule", **own).status_code == 200
    changed = send(client, "/duties/rule", "/duties/rule", **own, old="months")
    assert changed.status_code == 404


def test_a_change_of_a_duty_keeps_its_form_and_what_was_owed(app, seen_by):
    """On 29 November 2026: October stays due on the 10th, November is due on the 20th, and its
    exception goes along.
    """
    for month in ("10", "11"):
        obligation = f"months:2026-{month}:{FULING}"
        ExceptionRow.objects.create(obligation=obligation, waived=True, reason="x", by="x")
    client = seen_by(COORDINATOR)
    changed = {**NEW, "old": "months", "code": "other", "frequency": "month", "due_number": "20"}
    changed |= {"due_kind": "day_of_month", "months_after": "1", "valid_from": "2026-09-01"}
    send(client, "/duties/rule", "/duties/rule?code=months", **changed)
    old, begun = DutyRow.objects.order_by("code")
    assert (old.code, old.form, old.due_number) == ("months", "monthly_figures", 10)
    assert old.valid_until == date(2026, 11, 28)
    assert (begun.code, begun.form, begun.due_number) == ("months.2", "monthly_figures", 20)
    owed = [asking.Calendar.of_app(app).of_period("monthly_figures", f"2026-{m}") for m in (10, 11)]
    assert [by_body[WULONG][0].obligation.due for by_body in owed] == [
        date(2026, 11, 10),
        date(2026, 12, 20),
    ]
    assert [by_body[FULING][0].state for by_body in owed] == ["waived", "waived"]


def sheet(*rows):
    """A workbook of rules, with the headings of the download."""
    heads = ["任务代号", "报表", "频率", "主管部门", "由谁填报", "范围", "截止日算法"]
    heads += ["日或天数", "遇休息日顺延", "期末后几天开放（可为负）", "启用日"]
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


QUARTER = [
    "q1",
    "地区能源平衡表",
    "按季",
    "市能源局",
    "各区县",
    "重庆市",
    "期末后若干天",
    25,
    "是",
    1,
    "2026-01-01",
]
HALF = [
    "h1",
    "waste_activity",
    "half-yearly",
    "",
    "Districts",
    500156,
    "期末后第几个工作日",
    20,
    "",
    1,
    date(2026, 1, 1),
]


def hand_over(client, content, name="任务.xlsx"):
    token = {"csrfmiddlewaretoken": token_of(client, "/duties/rules")}
    origin = {"Origin": "http://localhost"}
    files = {"file": (name, content)}
    return client.post("/duties/rules/file", data=token, files=files, headers=origin)


def test_rules_are_taken_in_from_a_workbook(seen_by):
    client = seen_by(COORDINATOR)
    page = hand_over(client, sheet(QUARTER, HALF))
    assert "已保存 2 条任务" in page.text
    quarter, half = DutyRow.objects.get(code="q1"), DutyRow.objects.get(code="h1")
    assert (quarter.form, quarter.frequency, quarter.shifts) == (
        "regional_balance",
        "quarter",
        True,
    )
    assert (half.within, half.due_kind, half.shifts) == (WULONG, "working_day", False)
    assert half.valid_from == date(2026, 1, 1)


def test_the_workbook_of_the_rules_is_taken_in_as_it_was(seen_by):
    client = seen_by(COORDINATOR)
    send(client, "/duties/rule", "/duties/rule", **NEW, left_out="1 3", shifts="yes")
    before = list(DutyRow.objects.order_by("code").values())
    for language in ("zh", "en"):
        content = client.get(f"/duties/rules.xlsx?lang={language}").content
        assert hand_over(client, content).status_code == 200
        after = list(DutyRow.objects.order_by("code").values())
        ours = {"changed_at", "changed_by"}
        assert [{k: v for k, v in row.items() if k not in ours} for row in after] == [
            {k: v for k, v in row.items() if k not in ours} for row in before
        ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (1, "无此表", "“报表”列不认识“无此表”"),
        (2, "每周", "“频率”列不认识“每周”"),
        (5, "无此区", "没有地区"),
        (7, "月底", "应为整数"),
        (10, "", "应为日期"),
        (0, "months", "已用于报表 monthly_figures"),
    ],
)
def test_one_wrong_line_keeps_no_rule(seen_by, column, value, words):
    bad = [value if n == column else cell for n, cell in enumerate(HALF)]
    page = hand_over(seen_by(COORDINATOR), sheet(QUARTER, bad))
    assert page.status_code == 400
    assert "第 3 行" in page.text and words in page.text
    assert DutyRow.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"not a workbook", "x.xlsx"),
        (b"", "x.csv"),
        ("任务代号,频率\nq1,按季\n".encode(), "x.csv"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"<html></html>", "x"),
    ],
)
def test_a_file_that_holds_no_rules_is_refused(seen_by, content, name):
    page = hand_over(seen_by(COORDINATOR), content, name)
    assert page.status_code == 400 and 'role="alert"' in page.text
    assert DutyRow.objects.count() == 1


def test_rules_of_a_file_are_those_one_may_manage(seen_by):
    page = hand_over(seen_by(Grant("coordinator", place=WULONG)), sheet(QUARTER))
    assert page.status_code == 400 and "不由您管理" in page.text


@pytest.mark.parametrize("role", ["filer", "reviewer", "leader", "analyst", "publisher"])
def test_only_a_coordinator_sets_up_duties(seen_by, role):
    client = seen_by(COORDINATOR)
    token = {"csrfmiddlewaretoken": token_of(client, "/duties/rule")}
    client.app.alone = Person("某人", grants=(Grant(role),))
    assert client.get("/duties/rules").status_code == 403
    assert client.get("/duties/rule").status_code == 403
    origin = {"Origin": "http://localhost"}
    assert client.post("/duties/rule", data=NEW | token, headers=origin).status_code == 403
    gone = {"obligation": OCTOBER, "kind": "waive", "reason": "无"} | token
    assert client.post("/duties/exception", data=gone, headers=origin).status_code == 404
    assert DutyRow.objects.count() == 1


@pytest.mark.parametrize("role", ["system_administrator", "audit_administrator", "public"])
def test_who_reports_nothing_sees_no_duty(seen_by, role):
    client = seen_by(Grant(role))
    for address in ("/duties", "/completeness", "/completeness.xlsx", "/duties/reminders"):
        assert client.get(address).status_code == 403


def keeping(sent):
    """Sends by keeping what it is given; everybody is reached."""

    def notify(messages):
        sent.extend(messages)
        return {message.key for message in messages}

    return notify


def test_who_files_for_a_body_has_the_reminder_in_his_notices(app, seen_by):
    """Of 38 districts two have somebody who files; one of the three grants has ended."""
    for name, place, until in (
        ("武隆填报", WULONG, None),
        ("武隆原填报", WULONG, date(2026, 11, 28)),
        ("涪陵填报", FULING, date(2026, 11, 29)),
    ):
        account = Account.objects.create(username=name)
        GrantRow.objects.create(account=account, role="filer", place=place, until=until)
    client = seen_by(COORDINATOR)
    page = "/duties/reminders?span=2026-10"
    answer = send(client, "/duties/reminders", page, span="2026-10").text
    assert "已发出 2 条；0 个单位今天已催过，未重复发送；36 个单位没有填报人账号" in answer
    kept = {d.to: d.notice for d in Delivery.objects.select_related("notice")}
    assert set(kept) == {"武隆填报", "涪陵填报"}
    assert kept["武隆填报"].subject_zh == "催报：武隆区 有 1 项待填报，其中 1 项逾期"
    again = send(client, "/duties/reminders", page, span="2026-10").text
    assert "已发出 0 条；2 个单位" in again and Delivery.objects.count() == 2


def test_a_body_is_reminded_once_a_day_of_all_it_owes(seen_by, file, monkeypatch):
    """Wulong has filed; 37 are to be reminded, each of October and of the September that has
    expired.
    """
    sent = []
    monkeypatch.setattr(sending, "notifier", lambda by, today: keeping(sent))
    file(WULONG)
    client = seen_by(COORDINATOR)
    page = "/duties/reminders?span=2026-10"
    assert "已发出 37 条；0 个单位" in send(client, "/duties/reminders", page, span="2026-10").text
    assert len(sent) == 37
    (fuling,) = [message for message in sent if message.body.code == FULING]
    assert fuling.about == (f"months:2026-10:{FULING}", f"months:2026-09:{FULING}")
    assert "另有 1 项已过补报期限" in fuling.text_zh
    file(FULING, on=date(2026, 11, 29))
    one_more = "/duties/reminders?span=2026-11"
    again = client.get(one_more).text
    assert "没有要催的单位" in again, "November opens on 1 December"
    ReminderRow.objects.filter(body=WANZHOU).delete()
    page_again = send(client, "/duties/reminders", "/duties/rule", span="2026-10")
    assert "已发出 1 条；35 个单位" in page_again.text


def test_a_reviewer_reminds_in_his_district_only(seen_by, monkeypatch):
    sent = []
    monkeypatch.setattr(sending, "notifier", lambda by, today: keeping(sent))
    client = seen_by(Grant("reviewer", place=WULONG))
    page = "/duties/reminders?span=2026-10"
    send(client, "/duties/reminders", page, span="2026-10", district=FULING)
    assert sent == []
    send(client, "/duties/reminders", page, span="2026-10")
    assert [message.body.code for message in sent] == [WULONG]


def test_enterprises_are_pasted_from_a_sheet_and_owe(seen_by):
    client = seen_by(COORDINATOR)
    days = "2026-10-01\t2026-12-31"
    lines = f"{WORKS}\t武隆水泥\t武隆区\n\n91500102MA00000002\t涪陵化工\t500102\t{days}\n"
    page = send(client, "/duties/entities", "/duties/entities", lines=lines)
    assert "已保存 2 家" in page.text
    assert [row.place for row in EntityRow.objects.order_by("code")] == [FULING, WULONG]
    duty(code="firms", form="enterprise_energy", owers_kind="entity", department="市经信委")
    own = seen_by(Grant("filer", entity=WORKS)).get("/duties").text
    assert "武隆水泥" in own and "涪陵化工" not in own and "区县月度" not in own
    district = seen_by(FILER).get("/duties?who=own").text
    assert "武隆水泥" not in district
    assert "武隆水泥" in seen_by(FILER).get("/duties?who=all").text


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("91500156MA00000001\t武隆水泥", "应为 3 到 5 列"),
        ("91500156MA00000001\t武隆水泥\t无此区", "没有地区"),
        ("a:b\t武隆水泥\t武隆区", "应为 3 到 5 列"),
        ("91500156MA00000001\t武隆水泥\t武隆区\t某日", "某日"),
    ],
)
def test_a_line_that_cannot_be_read_saves_none(seen_by, line, words):
    lines = f"91500102MA00000002\t涪陵化工\t涪陵区\n{line}"
    page = send(seen_by(COORDINATOR), "/duties/entities", "/duties/entities", lines=lines)
    assert page.status_code == 400 and "第 2 行读不出" in page.text and words in page.text
    assert lines.splitlines()[0] in page.text, "what was pasted stands there to be corrected"
    assert not EntityRow.objects.exists()


def request_of(app, *grants):
    from types import SimpleNamespace

    return SimpleNamespace(app=app, person=Person("某人", grants=grants))


@pytest.mark.parametrize(
    ("period", "body", "code"),
    [
        ("2026-09", WULONG, "expired"),
        ("2026-10", WULONG, None),
        ("2026-11", WULONG, "not_open"),
        ("2026-10", FULING, "someone_else"),
    ],
)
def test_other_rooms_ask_why_a_form_may_not_be_filed(app, period, body, code):
    owed, lock = asking.lock_for(request_of(app, FILER), "monthly_figures", period, body)
    assert owed.id == f"months:{period}:{body}"
    assert (lock and lock.code) == code


def test_entry_is_told_what_a_person_may_fill_now(app):
    """September has expired, November is not open."""
    (october,) = asking.to_fill(request_of(app, FILER))
    assert october == {
        "form": "monthly_figures",
        "title": ("区县月度能源经济数据", "Monthly energy and economy of places"),
        "place": WULONG,
        "place_name": "武隆区",
        "entity": "",
        "period": "2026年10月",
        "due": "2026-11-10",
        "late": True,
    }
    assert asking.to_fill(request_of(app, Grant("leader", place=WULONG))) == []


@pytest.mark.parametrize("asked", [("2026-10", "999999"), ("2020", WULONG), ("x", WULONG)])
def test_what_nobody_owes_is_not_locked(app, asked):
    assert asking.lock_for(request_of(app, FILER), "monthly_figures", *asked) == (None, None)


def test_the_calendar_is_read_once_for_all_rows_of_a_request(app):
    request = request_of(app, Grant("filer", place=CITY))
    places = [p.code for p in app.site.workspace.pack.places() if p.parent == CITY]
    with CaptureQueriesContext(connection) as asked:
        for place in places:
            asking.lock_for(request, "monthly_figures", "2026-10", place)
    assert len(places) > 37 and len(asked) == 3  # rules, exceptions, enterprises


GRANTS = st.builds(
    Grant,
    role=st.sampled_from(["filer", "reviewer", "coordinator", "leader"]),
    place=st.sampled_from([None, CITY, WULONG, FULING]),
    form=st.sampled_from([None, "monthly_figures", "enterprise_energy"]),
    department=st.sampled_from([None, "市统计局", "市经信委"]),
    entity=st.sampled_from([None, WORKS]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    grants=st.lists(GRANTS, max_size=3).map(tuple),
    action=st.sampled_from(["duty.read", "record.file", "duty.remind", "duty.manage"]),
)
def test_what_is_listed_is_what_may_says(app, grants, action):
    if not EntityRow.objects.exists():
        EntityRow.objects.create(code=WORKS, name_zh="武隆水泥", place=WULONG)
        duty(code="firms", form="enterprise_energy", owers_kind="entity", department="市经信委")
    request = request_of(app, *grants)
    owed = asking.Calendar.of(request).owed(date(2026, 10, 1), date(2026, 10, 31))
    assert len(owed) == 39
    listed = asking.reached(request, owed, action)
    may = app.permission.may
    assert listed == [o for o in owed if may(request.person, action, asking.thing_of(o))]


TEMPLATES = Path(pages.__file__).parent / "templates"


@pytest.mark.parametrize("file_name", sorted(p.name for p in TEMPLATES.glob("*.html")))
def test_every_word_of_a_page_stands_in_the_table(file_name):
    text = (TEMPLATES / file_name).read_text(encoding="utf-8")
    assert set(re.findall(r"w\('([\w.]+)'\s*[,)]", text)) <= set(pages.words())
    assert not re.search("[\u4e00-\u9fff]", text)


def test_words_stand_in_both_languages():
    for code, words in pages.words().items():
        assert len(words) == 2, code
        holes = [re.findall(r"\{\d\}", word) for word in words]
        assert sorted(holes[0]) == sorted(holes[1]), code


ADDRESSES = [
    "/duties?show=all",
    "/completeness",
    "/duties/rules",
    "/duties/rule",
    "/duties/rule?code=months",
    "/duties/entities",
    "/duties/reminders",
    f"/duties/exception?obligation={OCTOBER}",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_in_english_has_its_words_in_english(seen_by, address):
    """What stays Chinese are names that people gave: departments and what the frame shows."""
    joint = "&" if "?" in address else "?"
    text = seen_by(COORDINATOR).get(f"{address}{joint}lang=en").text
    body = text.partition("<section")[2].partition("</section>")[0]
    own = re.sub(r"<style>.*?</style>|<datalist.*?</datalist>", "", body, flags=re.S)
    left = re.findall("[\u4e00-\u9fff]+", re.sub("市统计局", "", own))
    assert "<h1>" in own and not left


def test_reminders_of_the_day_go_out_once_by_themselves(app):
    """October was due on 10 November: on the 17th, seven days later, whoever files for Wulong is
    told once; on the 18th nobody is."""
    from hengtan.web.rooms.duties.work_reminders import remind_of_the_day
    from hengtan.web.rooms.notices.models import Delivery
    from hengtan.web.rooms.people import persons

    account, _ = persons.make_account("武隆填报", "测试")
    alone = Person("测试", is_alone=True)
    persons.give(app.permission, alone, account, Grant("filer", place=WULONG))
    app.today = lambda: date(2026, 11, 17)
    assert remind_of_the_day(app) == (1, 0, 37)
    assert remind_of_the_day(app)[:2] == (0, 1)
    app.today = lambda: date(2026, 11, 18)
    assert remind_of_the_day(app) == (0, 0, 0)
    (told_of,) = Delivery.objects.filter(to="武隆填报")
    assert "2026年10月" in told_of.notice.text_zh
