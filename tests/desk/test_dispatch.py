"""The dispatch sheet from the ledger: tasks of a table of a plan, and clauses without any."""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.desk.dispatch import dispatch_sheet
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.workspace.asof import AsOf

PLACE = "330199"
DIVISION = """某县2026年重点任务分工方案
一、任务分工
| 序号 | 重点任务 | 牵头单位 | 责任单位 | 完成时限 |
| 1 | 建成碳排放监测平台 | 县生态环境局 | 县统计局、各乡镇人民政府 | 2026年6月底前 |
| 2 | 新建公共充电桩80个 | 县能源局 | 县财政局 | 2026年12月 |
| 3 | 宣传绿色生活方式 | 县委宣传部 | 县教育局 | 长期坚持 |
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    home = tmp_path_factory.mktemp("county")
    path = home / "分工.txt"
    path.write_text(DIVISION, encoding="utf-8")
    with new_workspace(home / "ws", PLACE, name="某县", plan=PlanDocument(path, None)) as workspace:
        yield workspace


def test_tasks_of_a_table_come_with_lead_helpers_month_and_lateness(county):
    """On 1 July what was due by the end of June is late; what has no end never is."""
    sheet = dispatch_sheet(county, AsOf.of(today=date(2026, 7, 1)))
    tasks = {task.title: task for task in sheet.tasks}
    platform = tasks["建成碳排放监测平台"]
    assert (platform.lead, platform.co_owners) == ("县生态环境局", ("县统计局", "各乡镇人民政府"))
    assert (platform.due, platform.overdue, platform.state) == ("2026-06", True, "not_reported")
    assert not tasks["宣传绿色生活方式"].overdue and tasks["宣传绿色生活方式"].due == ""
    assert sheet.day == "2026-07-01"


def test_an_answer_stands_on_the_sheet(county, report):
    row = dispatch_sheet(county, AsOf.of(), department="县能源局").tasks[0]
    report(
        county,
        "milestone_progress",
        [
            {
                "milestone": row.id,
                "state": "done",
                "date": date(2026, 5, 20),
                "evidence": "验收单3号",
                "share_done": 100,
                "note": "已建成80个",
            }
        ],
    )
    task = dispatch_sheet(county, AsOf.of(), department="县能源局").tasks[0]
    assert (task.state, task.evidence, task.progress) == ("done", "验收单3号", "已建成80个")
    assert (task.share_done, task.answered_on, task.closed) == (100, "2026-05-20", "2026-05-20")


def test_a_department_has_its_own_and_what_it_helps_with(county):
    titles = [t.title for t in dispatch_sheet(county, AsOf.of(), department="县统计局").tasks]
    assert titles == ["建成碳排放监测平台"]


def test_a_department_without_a_task_is_told_the_names_there_are(county):
    with pytest.raises(HengtanError, match="县能源局"):
        dispatch_sheet(county, AsOf.of(), department="能源")


def test_a_clause_without_tasks_stands_for_itself(demo):
    """The plan of Chongqing names no owners: leads are suggested, and a clause that has
    milestones is not repeated.
    """
    sheet = dispatch_sheet(demo, AsOf.of(), plan="cq-2025-2027")
    ids = [task.id for task in sheet.tasks]
    assert len(ids) == len(set(ids))
    milestones = demo.pack.rows("milestones")
    with_some = {row["clause_ref"] for row in milestones}
    assert not with_some & set(ids)
    clauses = [r for r in demo.pack.rows("measures") if r["plan"] == "cq-2025-2027"]
    bare = {r["clause_ref"] for r in clauses if r["kind"] == "measure"} - with_some
    assert bare <= set(ids)
    stated = {r["clause_ref"] for r in clauses if r["department_basis"] == "stated"}
    in_stated = {r["milestone"] for r in milestones if r["clause_ref"] in stated}
    suggested = [task for task in sheet.tasks if task.lead and task.id not in stated | in_stated]
    assert suggested and all(task.basis_said() == "建议" for task in suggested)


def test_an_unknown_plan_is_told(demo):
    with pytest.raises(HengtanError, match="没有规划“x”；可用：cq-2025-2027"):
        dispatch_sheet(demo, AsOf.of(), plan="x")
