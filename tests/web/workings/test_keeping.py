"""What becomes of a result: whose it is, what the workspace keeps of it, with whom in the record;
files that mean harm; labels.
"""

from __future__ import annotations

import html
import io
import json
import zipfile

import pytest

from hengtan.desk.plan_folders import plans_of
from hengtan.office.permission import Grant
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.jobs.worker import Worker
from hengtan.web.rooms.workings import doing
from hengtan.web.rooms.workings.groups import GROUPS
from hengtan.web.rooms.workings.models import RESULT, WorkingRow

PLACE = "500156"
PLAN = """# 某区规划（2026—2030年）

一、总体要求

到2030年，单位地区生产总值能耗下降15%，森林覆盖率达到60%，建成绿色工厂30家。
"""
ISSUED = PLAN.replace("30家", "40家").replace("，森林覆盖率达到60%", "") + (
    "\n到2028年，新能源汽车保有量达到2万辆。\n"
)
SCHEME = [("编号", "指标", "满分", "计分方式"), ("a", "绿色工厂", 100, "完成率")]


def deeds():
    return [(entry.kind, entry.by) for entry in Entry.objects.order_by("number")]


def sent(people, who, grants, address, files, **answers):
    """The row of what somebody sent."""
    answer = people(who, *grants).post(address, answers, files)
    assert answer.status_code == 200, answer.text
    return WorkingRow.objects.get(key=answer.url.path.rpartition("/")[2])


@pytest.fixture
def assessed(people, workbook):
    """Sends the assessment of a place with a figure, as somebody."""

    def send(actual, who="分析员", role="analyst"):
        data = [("对象", "编号", "目标", "实绩"), ("甲", "a", 10, actual)]
        files = {"file": ("考核.xlsx", workbook(方案=SCHEME, 数据=data))}
        return sent(people, who, (Grant(role, PLACE),), "/workbooks/assess", files)

    return send


def test_an_assessment_is_kept_corrected_and_kept_again(app, people, assessed):
    """9 of 10 is 90 points; corrected to 7 it is 70; both stay on record with who kept them."""
    folder = app.site.workspace.folder / "assessments"
    analyst = people("分析员", Grant("analyst", PLACE))
    row = assessed(9)
    answer = analyst.post(f"/workbooks/assess/{row.key}/keep")
    assert answer.status_code == 200 and "已存入" in answer.text
    page = analyst.get("/assess").text
    assert "90.00" in page and "分析员" in page
    again = assessed(7)
    analyst.post(f"/workbooks/assess/{again.key}/keep")
    page = analyst.get("/assess").text
    assert "70.00" in page and "90.00" not in page
    record = [json.loads(line) for line in (folder / "kept.jsonl").read_text().splitlines()]
    assert [(entry["file"], entry["by"]) for entry in record] == [("考核.xlsx", "分析员")] * 2
    earlier = [path.name for path in (folder / ".earlier").iterdir()]
    assert earlier == [f"{record[0]['sha256'][:16]}_考核.xlsx"]
    assert [kind for kind, _ in deeds() if kind == "assessment_kept"] == ["assessment_kept"] * 2


def test_who_may_not_keep_sees_no_button_and_is_refused(app, people, assessed):
    row = assessed(9, "领导", "leader")
    leader = people("领导", Grant("leader", PLACE))
    assert "/keep" not in leader.get(f"/workbooks/assess/{row.key}").text
    assert leader.post(f"/workbooks/assess/{row.key}/keep").status_code == 404
    assert not (app.site.workspace.folder / "assessments").exists()


def test_what_is_not_as_the_page_of_assessments_reads_it_is_not_kept(app, people, workbook):
    data = [("对象", "编号", "目标", "实绩"), ("甲", "a", 10, "约九")]
    files = {"file": ("考核.xlsx", workbook(方案=SCHEME, 数据=data))}
    row = sent(people, "分析员", (Grant("analyst", PLACE),), "/workbooks/assess", files)
    analyst = people("分析员", Grant("analyst", PLACE))
    answer = analyst.post(f"/workbooks/assess/{row.key}/keep")
    assert answer.status_code == 400 and "约九" in html.unescape(answer.text)
    assert not (app.site.workspace.folder / "assessments").exists()


def test_figures_of_the_ledger_are_for_who_may_see_all_of_them(people, assessed, workbook):
    """One district's leader may work with a workbook, not take figures of the whole region."""
    data = [("对象", "编号", "目标", "实绩"), ("甲", "a", 10, 9)]
    files = {"file": ("考核.xlsx", workbook(方案=SCHEME, 数据=data))}
    neighbour = people("外区", Grant("leader", "500155"))
    assert neighbour.post("/workbooks/assess", {}, files).status_code == 200
    refused = neighbour.post("/workbooks/assess", {"year": "2025"}, files)
    assert refused.status_code == 400 and "超出您的授权" in html.unescape(refused.text)


def test_a_result_is_its_senders_alone(people, assessed):
    row = assessed(9)
    file = row.files.filter(role=RESULT).earliest("pk").pk
    own = people("分析员", Grant("analyst", PLACE))
    other = people("别人", Grant("analyst", PLACE))
    address = f"/workbooks/assess/{row.key}"
    assert own.get(f"{address}/files/{file}").status_code == 200
    for path in (address, f"{address}/files/{file}"):
        assert other.get(path).status_code == 404
    assert other.post(f"{address}/remove").status_code == 404
    assert row.key not in other.get("/workbooks/assess").text
    assert own.get(f"/workbooks/park/{row.key}").status_code == 404
    assert own.get(f"{address}/files/999").status_code == 404
    assert own.post(f"{address}/remove").status_code == 200
    assert own.get(address).status_code == 404 and not WorkingRow.objects.exists()


def test_the_oldest_results_go(monkeypatch, assessed):
    monkeypatch.setattr(doing, "MOST_KEPT", 2)
    keys = [assessed(figure).key for figure in (7, 8, 9)]
    assert list(WorkingRow.objects.order_by("pk").values_list("key", flat=True)) == keys[1:]


def test_a_filer_has_the_tables_of_rules_and_no_workbooks(people):
    filer = people("填报员", Grant("filer", PLACE))
    assert filer.get("/workbooks").status_code == 403
    assert filer.get("/rules/tables/table").status_code == 200
    assert filer.get("/plans/documents/read").status_code == 403


def test_two_editions_side_by_side(people):
    """Kept: energy; changed: 30 to 40 works; dropped: forest; new: vehicles."""
    files = {"first": ("征求.md", PLAN.encode()), "second": ("正式.md", ISSUED.encode())}
    row = sent(people, "领导", (Grant("leader", PLACE),), "/plans/documents/diff", files)
    assert row.worked["said"][0][0] == "不变 1，改动 1，删去 1，新增 1"
    changes = {line[1]: line[0][0] for line in row.worked["tables"][0]["rows"]}
    assert changes == {"绿色工厂": "改动", "新能源汽车保有量": "新增", "森林覆盖率": "删去"}
    only = {"first": files["first"]}
    row = sent(people, "领导", (Grant("leader", PLACE),), "/plans/documents/diff", only)
    assert row.worked["is_refused"] and "没有给全" in row.worked["findings"][0]["zh"]


def test_a_plan_is_added_taken_back_corrected_and_added(app, people):
    """Read with three targets, added by the publisher; a second document of the same is refused;
    taken back while nobody decided on it, and added corrected; then compared with the draft.
    """
    workspace, grants = app.site.workspace, (Grant("publisher", PLACE),)
    publisher = people("发布员", *grants)
    files = {"file": ("规划.md", PLAN.encode())}
    row = sent(people, "发布员", grants, "/plans/documents/read", files)
    assert len(row.worked["tables"][0]["rows"]) == 3
    answer = publisher.post(f"/plans/documents/read/{row.key}/add")
    plan = answer.url.path.rpartition("/")[2]
    assert answer.status_code == 200 and plans_of(workspace) == [plan]
    reading = workspace.folder / "plans" / plan / "reading.json"
    assert json.loads(reading.read_text())["added_by"] == "发布员"
    row = sent(people, "发布员", grants, "/plans/documents/read", files)
    refused = publisher.post(f"/plans/documents/read/{row.key}/add")
    assert refused.status_code == 400 and f"/plans/{plan}" in refused.text
    gone = decide(publisher, plan, "withdraw plan")
    assert gone.status_code == 200 and plans_of(workspace) == []
    taken = next((workspace.folder / "plans" / ".withdrawn").glob("*/withdrawn.json"))
    assert json.loads(taken.read_text())["by"] == "发布员"
    mended = {"file": ("规划.md", ISSUED.encode())}
    row = sent(people, "发布员", grants, "/plans/documents/read", mended)
    publisher.post(f"/plans/documents/read/{row.key}/add")
    assert plans_of(workspace) == [plan]
    of_workspace = {"second_of": f"plan:{plan}"}
    first = {"first": ("征求.md", PLAN.encode())}
    row = sent(people, "发布员", grants, "/plans/documents/diff", first, **of_workspace)
    assert row.worked["said"][0][0] == "不变 1，改动 1，删去 1，新增 1"
    decide(publisher, plan, "accept_sure all")
    refused = decide(publisher, plan, "withdraw plan")
    assert refused.status_code == 400 and "不能撤回" in refused.text
    assert plans_of(workspace) == [plan]


def decide(client, plan, what):
    page = client.get(f"/plans/{plan}").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    return client.post(f"/plans/{plan}/decide", {"token": token, "do": what, "by": "发布员"})


def test_who_only_reads_plans_adds_none(app, people):
    files = {"file": ("规划.md", PLAN.encode())}
    row = sent(people, "分析员", (Grant("analyst", PLACE),), "/plans/documents/read", files)
    analyst = people("分析员", Grant("analyst", PLACE))
    assert "/add" not in analyst.get(f"/plans/documents/read/{row.key}").text
    assert analyst.post(f"/plans/documents/read/{row.key}/add").status_code == 404
    assert plans_of(app.site.workspace) == []


def test_a_large_table_is_worked_out_by_a_job(app, people, table, monkeypatch):
    monkeypatch.setattr(doing, "LARGE", 10)
    files = {"file": ("排放口.csv", table(("污染物排放量.二氧化硫",), (950,)))}
    answers = {"rule": "env_tax.air", "region": "500000", "date": "2024-05-31", "end": ".csv"}
    grants = (Grant("filer", PLACE),)
    row = sent(people, "填报员", grants, "/rules/tables/table", files, **answers)
    assert row.worked == {} and row.job
    filer = people("填报员", *grants)
    assert "后台作业" in filer.get(f"/rules/tables/table/{row.key}").text
    Worker(app).do_next()
    row.refresh_from_db()
    assert row.worked["is_sound"]  # 950 kg are 1000 equivalents, at 3.5 yuan
    assert row.worked["tables"][0]["rows"][0][1] == 3500
    assert f'href="/rules/tables/table/{row.key}"' in filer.get(f"/jobs/{row.job}").text
    assert "3,500" in filer.get(f"/rules/tables/table/{row.key}").text


def bomb():
    """A workbook whose one sheet unpacks to 300 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return buffer.getvalue()


HOSTILE = {
    "nothing": lambda: b"",
    "a broken archive": lambda: b"PK\x03\x04 broken",
    "zeros": lambda: b"\x00" * 100,
    "another table": lambda: "甲,乙\n1,2".encode(),
    "script": lambda: "区县,<script>alert(1)</script>\n<img src=x onerror=alert(1)>,2".encode(),
    "a bomb": bomb,
}
READABLE = ("another table", "script")
"""What some workings can make something of."""
ANSWERS = {"goal": "14", "rule": "env_tax.air", "on": "2024-05-31", "end": ".csv"}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.prefix)
def test_a_hostile_file_is_answered_in_words(app, people, group, kind):
    content = HOSTILE[kind]()
    for working in group.workings:
        files = {slot.name: (f"a'\"&{slot.ends[0]}", content) for slot in working.slots}
        answer = people("张三").post(f"{group.prefix}/{working.name}", ANSWERS, files)
        assert answer.status_code == 200, working.name
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
        row = WorkingRow.objects.order_by("-pk").first()
        if row.job:
            Worker(app).do_next()
            row.refresh_from_db()
        assert row.worked["findings"] or kind == "script", working.name
        assert row.worked["is_refused"] or kind in READABLE, working.name


def test_what_is_no_table_or_too_large_is_refused(app, people):
    client = people("张三")
    refused = client.post("/workbooks/park", {}, {"file": ("园区.exe", b"x")})
    assert refused.status_code == 400 and "不收" in refused.text
    assert client.post("/workbooks/park").status_code == 400
    app.largest_file = 1000
    large = client.post("/workbooks/park", {}, {"file": ("园区.csv", b"x" * 2000)})
    assert large.status_code == 413
    assert client.get("/workbooks/nothing").status_code == 404
    assert client.post("/workbooks/nothing").status_code == 404


def test_what_was_done_is_on_the_trail(assessed):
    assessed(9)
    assert ("worked_out", "分析员") in deeds()


def test_a_label_is_made_checked_and_betrays_a_change(people, label_key):
    publisher = people("发布员", Grant("publisher"))
    content = {"content": "企业=甲厂\n等级=2，有效期=2027-12-31"}
    answer = publisher.post("/labels/make", content)
    assert answer.status_code == 200 and "签名有效" in answer.text
    label = answer.url.params["label"]
    visitor = people("访客", Grant("filer", "500155"))
    page = visitor.get("/labels", params={"label": label}).text
    assert "签名有效" in page and "甲厂" in page and "2027-12-31" in page
    assert visitor.get("/labels/code.png", params={"label": label}).content.startswith(b"\x89PNG")
    assert b"<svg" in visitor.get("/labels/code.svg", params={"label": label}).content
    changed = label[:10] + ("A" if label[10] != "A" else "B") + label[11:]
    for wrong in (changed, "HT1.a.b", "x", label + "A"):
        assert "签名有效" not in visitor.get("/labels", params={"label": wrong}).text
        assert visitor.get("/labels/code.svg", params={"label": wrong}).status_code == 400
    assert visitor.get("/labels/code.pdf", params={"label": label}).status_code == 404
    assert ("label_made", "发布员") in deeds()


def test_a_label_with_nothing_in_it_or_too_much_is_refused(people, label_key):
    publisher = people("发布员", Grant("publisher"))
    for content in ("", "企业", "企业=", f"企业={'长' * 400}"):
        answer = publisher.post("/labels/make", {"content": content})
        assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert people("领导", Grant("leader")).post("/labels/make", {}).status_code == 404


def test_without_a_key_labels_say_so(people, monkeypatch):
    monkeypatch.delenv("HENGTAN_LABEL_KEY", raising=False)
    page = people("领导", Grant("leader")).get("/labels").text
    assert "还没有为这台服务器设定签名密钥" in page
    publisher = people("发布员", Grant("publisher"))
    assert publisher.post("/labels/make", {"content": "甲=1"}).status_code == 400
