"""Milestones, tasks and owners of a plan that was read: decided one by one, with what comes of it
in the pack, the task ledger and the edition. Names are invented."""

import json
from datetime import date

import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk import plan_editions, plan_folders, plan_review
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.workspace.asof import AsOf

LI = Actor("李工")
TEXT = """某县2026年绿色发展工作方案
一、目标
2026年,森林覆盖率达到57%。2026年6月底前建成碳排放监测平台。2028年前基本消除黑臭水体。2026年底前出台碳普惠管理办法。
(县生态环境局、县统汁局按职责分工负责)
二、任务分工
| 序号 | 重点任务 | 牵头单位 | 责任单位 | 完成时限 |
| 1 | 开展节能诊断 | 县能源局 | 县财政局 | 2026年3月底前 |
| 2 | 建设充电站 | 县发展改革局 | 县财政局 | 2026年12月 |
"""


@pytest.fixture
def drafted(tmp_path):
    path = tmp_path / "方案.txt"
    path.write_text(TEXT, encoding="utf-8")
    document = PlanDocument(path, 2026)
    with new_workspace(tmp_path / "ws", "330199", name="某县", plan=document) as workspace:
        yield workspace


@pytest.fixture
def plan(drafted):
    (name,) = plan_folders.plans_of(drafted)
    return name


@pytest.fixture
def decide(drafted, plan):
    def on(item, decision, **fields):
        return plan_review.decide(drafted, plan, f"{plan}-{item}", decision, LI, fields=fields)

    return on


@pytest.fixture
def issued(drafted, plan):
    """The ledger of tasks after the next edition, by id without the plan's."""

    def ledger(on=date(2026, 7, 1)):
        plan_review.accept_all(drafted, plan, LI, least=0)
        confirmed = plan_review.Confirmed.of("某县工作方案", "2026", "2026")
        plan_editions.issue(drafted, plan, LI, confirmed=confirmed)
        rows = drafted.execute("plan_milestone_state", AsOf.of(today=on)).to_pylist()
        return {r["milestone"].removeprefix(f"{plan}-"): r for r in rows if r["plan"] == plan}

    return ledger


def states(review):
    return {item.id.rpartition("-")[2]: item.state for item in review.items()}


def test_milestones_tasks_and_owners_are_open_at_first(drafted, plan):
    review = plan_review.load(drafted, plan)
    assert states(review) == dict.fromkeys(
        ["m01", "m02", "m03", "k01", "k02", "o01", "o02"], "open"
    )
    assert [item.row["name"] for item in review.items()] == [
        "建成碳排放监测平台",
        "基本消除黑臭水体",
        "出台碳普惠管理办法",
        "开展节能诊断",
        "建设充电站",
        "县生态环境局",
        "县统汁局",
    ]


def test_what_is_decided_is_what_the_ledger_shows(drafted, plan, decide, issued):
    """A milestone put off to 2027 is not overdue, a rejected one is gone, the task of another owner
    and month is his; ids stay as they were."""
    decide("m01", "edit", name="建成县级碳排放监测平台", due="2027年3月")
    decide("m02", "reject")
    decide("m03", "accept")
    decide(
        "k01", "edit", owners="县发展改革局;县能源局", helpers="县财政局、县统计局", due="2026-09"
    )
    rows = issued()
    assert {k: (r["name_zh"], r["due"], r["overdue"]) for k, r in rows.items()} == {
        "m01": ("建成县级碳排放监测平台", "2027-03", False),
        "m03": ("出台碳普惠管理办法", "2026", False),
        "k01": ("开展节能诊断", "2026-09", False),
        "k02": ("建设充电站", "2026-12", False),
    }
    assert rows["m01"]["deadline_year"] == 2027
    assert (rows["k01"]["owner"], rows["k01"]["co_owners_zh"]) == (
        "县发展改革局",
        "县能源局;县财政局;县统计局",
    )
    kept = {
        r["milestone"].rpartition("-")[2]: r["confidence"] for r in drafted.pack.rows("milestones")
    }
    assert kept == {"m01": "read", "m03": "read", "k01": "read", "k02": "proposal"}


def test_undecided_the_first_task_and_milestone_are_overdue_in_july(issued):
    assert [key for key, row in issued().items() if row["overdue"]] == ["m01", "k01"]


def test_a_single_owner_is_corrected_or_left_out(drafted, plan, decide, issued):
    decide("o02", "edit", name="县统计局")
    decide("o01", "reject")
    issued()
    owners = {r["clause"]: r["department_zh"] for r in drafted.pack.rows("measures")}
    assert owners["一"] == ("县统计局",)


MISSED = {
    "kind": "milestone",
    "name": "统汁局完成碳核查",
    "due": "2026年5月",
    "quote": "(县生态环境局、县统汁局按职责分工负责)",
}


def test_a_milestone_that_was_missed_is_added_changed_and_left_out(drafted, plan, decide, issued):
    """Added it is judged as those that were read; its second wording counts once."""
    review = plan_review.decide(drafted, plan, "milestone", "add", LI, fields=MISSED)
    assert states(review)["a01"] == "added" and len(review.targets()) == 1
    assert issued()["a01"]["overdue"]
    decide("a01", "edit", name="县统计局完成碳核查", due="2026-12")
    rows = issued()
    assert (rows["a01"]["name_zh"], rows["a01"]["due"], rows["a01"]["overdue"]) == (
        "县统计局完成碳核查",
        "2026-12",
        False,
    )
    assert {r["milestone"] for r in drafted.pack.rows("milestones")} == {
        f"{plan}-{name}" for name in ("m01", "m02", "m03", "k01", "k02", "a01")
    }
    decide("a01", "reject")
    assert "a01" not in issued()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quote": "原文没有的话"}, "原文里没有这段话"),
        ({"quote": ""}, "原文里没有这段话"),
        ({"name": " "}, "名称不能空"),
        ({"due": ""}, "不是年份或年月"),
        ({"kind": "owner"}, "不能空|没有"),
    ],
)
def test_a_milestone_that_cannot_be_added(drafted, plan, wrong, said):
    with pytest.raises(HengtanError, match=said):
        plan_review.decide(drafted, plan, "milestone", "add", LI, fields=MISSED | wrong)
    assert plan_review.load(drafted, plan).log == []


def test_a_decision_is_taken_back(decide):
    decide("m01", "edit", name="另一个平台")
    decide("m01", "edit", due="2030")
    review = decide("m01", "reopen")
    (item,) = [i for i in review.items() if i.id.endswith("m01")]
    assert (item.state, item.row["name"], item.row["due"]) == (
        "open",
        "建成碳排放监测平台",
        "2026-06",
    )


def test_the_record_says_who_decided_and_its_chain_holds(drafted, plan, decide):
    decide("m01", "accept")
    decide("o01", "edit", name="县生态环境分局")
    log = drafted.folder / "plans" / plan / "decisions.jsonl"
    first, second = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    assert (first["target"], first["by"], second["fields"]) == (
        f"{plan}-m01",
        "李工",
        {"name": "县生态环境分局"},
    )
    log.write_text(log.read_text(encoding="utf-8").replace("分局", "支局"), encoding="utf-8")
    with pytest.raises(HengtanError, match="核对记录被改动过"):
        plan_review.load(drafted, plan)


def test_the_edition_counts_what_was_decided(drafted, plan, decide, issued):
    decide("m01", "accept")
    decide("m02", "reject")
    issued()
    (edition,) = plan_review.load(drafted, plan).editions()
    assert edition["items"] == {"accepted": 1, "rejected": 1, "open": 5}


@pytest.mark.parametrize(
    ("item", "fields", "said"),
    [
        ("m01", {"due": "2026-13"}, "不是年份或年月"),
        ("m01", {"due": ""}, "不是年份或年月"),
        ("m01", {"due": "六月"}, "不是年份或年月"),
        ("m01", {"name": " "}, "名称不能空"),
        ("m01", {"owners": "县能源局"}, "不能修改"),
        ("o01", {"due": "2026"}, "不能修改"),
        ("k01", {"aim": "长" * 1001}, "超过1000字"),
        ("k01", {"name": "开展节能诊断"}, "没有改动"),
        ("m99", {"name": "某事"}, "没有目标"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    drafted, plan, decide, item, fields, said
):
    with pytest.raises(HengtanError, match=said):
        decide(item, "edit", **fields)
    assert plan_review.load(drafted, plan).log == []


def test_a_task_may_have_no_end(decide, issued):
    decide("k01", "edit", due="")
    row = issued(date(2030, 1, 1))["k01"]
    assert (row["due"], row["deadline_year"], row["overdue"]) == (None, None, False)
