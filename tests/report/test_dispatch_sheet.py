"""The dispatch sheet of tasks: who leads and helps, how departments stand, and what the workbook
and the slips hold. Tasks and departments are invented.
"""

from __future__ import annotations

from datetime import date

import docx
import openpyxl
import pytest

from hengtan.report.dispatch import DispatchTask, Sheet, tally
from hengtan.report.sheet.dispatch import write_dispatch_excel
from hengtan.report.word.dispatch import write_dispatch_word

TASKS = (
    DispatchTask(
        "k01",
        "建成监测平台",
        plan="甲方案",
        clause="第3条",
        lead="县环保局;县统计局",
        co_owners=("县财政局",),
        due="2026-06",
        dispatched_on=date(2026, 1, 5),
        state="in_progress",
        share_done=60.0,
        progress="完成招标",
        evidence="县环函〔2026〕7号",
        answered_on="2026-06-20",
        overdue=True,
        reminders=(date(2026, 5, 20), date(2026, 6, 25)),
    ),
    DispatchTask(
        "k02", "新建充电桩80个", lead="县能源局", lead_basis="suggestion", due="2026", state="done"
    ),
    DispatchTask("k03", "宣传绿色生活方式", co_owners=("县能源局",)),
    DispatchTask("=1+1", '=HYPERLINK("http://x")', lead="县能源局", progress="+cmd|'/c calc'!A0"),
)
WHOLE = Sheet(TASKS, "某县", "2026-07-01")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "调度.xlsx"
    return openpyxl.load_workbook(write_dispatch_excel(WHOLE, path))


def table(sheet, top=5):
    heads = [cell.value for cell in sheet[top] if cell.value]
    rows = sheet.iter_rows(min_row=top + 1, max_col=len(heads), values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_task_stands_under_each_department_that_leads_it():
    assert [(lead, [t.id for t in tasks]) for lead, tasks in WHOLE.by_lead()] == [
        ("县环保局", ["k01"]),
        ("县统计局", ["k01"]),
        ("县能源局", ["k02", "=1+1"]),
        ("", ["k03"]),  # nobody leads: last
    ]


def test_how_a_department_stands():
    counted = tally("县能源局", dict(WHOLE.by_lead())["县能源局"])
    assert (counted.count, counted.done, counted.open, counted.unanswered) == (2, 1, 1, 1)


def test_the_workbook_holds_every_column_of_a_task(book):
    row = table(book["任务调度表"])[0]
    assert row == {
        "序号": 1,
        "任务编号": "k01",
        "规划": "甲方案",
        "条款": "第3条",
        "任务": "建成监测平台",
        "牵头单位": "县环保局、县统计局",
        "分工依据": None,
        "配合单位": "县财政局",
        "完成时限": "2026-06",
        "下达日期": "2026-01-05",
        "状态": "推进中",
        "完成比例": 60,
        "进展情况": "完成招标",
        "佐证": "县环函〔2026〕7号",
        "答复日期": "2026-06-20",
        "下一步": None,
        "逾期": "逾期",
        "催办": "2次，最近2026-06-25",
        "办结": None,
    }
    second = table(book["任务调度表"])[1]
    assert (second["分工依据"], second["完成时限"], second["状态"]) == ("建议", 2026, "已完成")
    assert table(book["任务调度表"])[2]["状态"] == "未填报"


def test_the_summary_counts_by_department(book):
    rows = table(book["按单位汇总"])
    assert rows[2] == {
        "牵头单位": "县能源局",
        "任务": 2,
        "已完成": 1,
        "未完成": 1,
        "未填报": 1,
        "逾期": 0,
    }
    assert rows[-1]["牵头单位"] == "未明确牵头单位"


def test_what_looks_like_a_formula_stays_text(book):
    cells = book["任务调度表"][9]
    assert [c.data_type for c in cells if str(c.value)[:1] in "=+"] == ["s"] * 3


def test_slips_have_a_page_for_each_department_with_lines_to_sign(tmp_path):
    document = docx.Document(str(write_dispatch_word(WHOLE, tmp_path / "单.docx")))
    texts = [p.text for p in document.paragraphs]
    leads = [t for t in texts if t.startswith("牵头单位：")]
    assert leads == [
        "牵头单位：县环保局（1项）",
        "牵头单位：县统计局（1项）",
        "牵头单位：县能源局（2项）",
        "牵头单位：未明确牵头单位（1项）",
    ]
    assert sum("填报人：" in t for t in texts) == 4 and texts.count("任务调度单") == 4
    first = [c.text for c in document.tables[0].rows[1].cells]
    assert first == [
        "1",
        "k01",
        "第3条",
        "建成监测平台",
        "县财政局",
        "2026-06",
        "推进中 逾期",
        "完成招标",
        "县环函〔2026〕7号",
    ]
    section = document.sections[0]
    assert section.page_width > section.page_height


def test_a_slip_for_one_department_lists_what_it_leads_and_what_it_helps_with(tmp_path):
    energy = [task for task in TASKS if task.concerns("县能源局")]
    sheet = Sheet(energy, "某县", "2026-07-01", "县能源局")
    document = docx.Document(str(write_dispatch_word(sheet, tmp_path / "单.docx")))
    texts = [p.text for p in document.paragraphs]
    assert "牵头单位：县能源局（2项）" in texts and "配合任务（1项）" in texts
    assert not any("县环保局" in text for text in texts)
    assert document.tables[1].rows[1].cells[1].text == "k03"
