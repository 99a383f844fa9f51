"""A dispatch study from files in Chinese to its figures: what stands in a year, what is assumed,
what is refused, and what a correction does.

The little system of all tests: a load of 100 MW in every hour (8.76 亿kWh of 2025, made up and
named), coal at 300 gce/kWh and 900 yuan/tce (270 yuan/MWh), 60 MW of it, wind of 50 MW with 2,190
hours (a quarter of the hours of 2025, even: 12.5 MW), and a line of 40 MW at 0.35 yuan/kWh.
"""

import io
import re

import docx
import openpyxl
import pytest
from filed_rows import file_rows

from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.desk.outlook_papers import dispatch_file
from hengtan.desk.power import Chosen, PowerDesk, answer
from hengtan.desk.power_charts import week_of
from hengtan.desk.power_page import dispatch_view
from hengtan.outlook.conflict import StudyWithoutPlan
from hengtan.outlook.power.pypsa_link import constant_cost, network_of
from hengtan.outlook.power.rolling import NotByStretches

COAL = {"地区": "武隆区", "机组编号": "C1", "电厂": "甲电厂", "发电类型": "煤电", "状态": "在运"}
COAL |= {"燃料": "原煤", "单机容量（兆瓦）": 60, "供电煤耗": 300, "可用率（%）": 100}
COAL |= {"来源": "测试", "燃料碳排放因子（吨二氧化碳/太焦）": 90}
WIND = {"地区": "武隆区", "机组编号": "W1", "电厂": "乙风场", "发电类型": "风电", "状态": "在运"}
WIND |= {"单机容量（兆瓦）": 50, "来源": "测试"}
LINE = {"地区": "武隆区", "通道编号": "L1", "通道名称": "南线", "送端": "贵州", "受端": "武隆"}
LINE |= {"市外通道": "是", "额定输送能力（兆瓦）": 40, "落地电价（元/千瓦时）": 0.35}
LINE |= {"状态": "在运", "因子取法": "合同写明", "合同碳排放因子（千克/千瓦时）": 0.5}
LINE |= {"因子来源": "合同一", "来源": "测试"}
PRICE = {"地区": "武隆区", "燃料": "原煤", "时期": "2025", "价格": 900, "价格单位": "元/吨标准煤"}
PRICE |= {"来源": "测试"}
STUDY = {"地区": "武隆区", "研究编号": "S1", "研究名称": "测试研究", "模拟年份": 2025}
STUDY |= {"燃料价格时期": "2025", "负荷序列": "负荷", "风电曲线": "flat", "风电利用小时": 2190}
HOURS, COAL_COST, LINE_COST = 8760, 270.0, 350.0


@pytest.fixture
def hand_in(workspace, tmp_path):
    def hand_in(form, *rows):
        file_rows(workspace, tmp_path, form, list(rows))

    days = [f"2025-{month:02d}-{day:02d}" for month, day in calendar_of_2025()]
    series = [
        {"地区": "武隆区", "序列编号": "负荷", "日期": day, "时次": hour, "数值": 100}
        | {"单位": "兆瓦", "是什么": "负荷", "数据种类": "计量", "来源": "测试表"}
        for day in days
        for hour in range(1, 25)
    ]
    hand_in("hourly_series", *series)
    return hand_in


def calendar_of_2025():
    from calendar import monthrange

    return [(m, d) for m in range(1, 13) for d in range(1, monthrange(2025, m)[1] + 1)]


@pytest.fixture
def filed(hand_in):
    hand_in("power_units", COAL, WIND)
    hand_in("power_lines", LINE)
    hand_in("fuel_prices", PRICE)
    hand_in("dispatch_studies", STUDY)
    return hand_in


def solved(workspace, study="S1"):
    return answer(PowerDesk(workspace), Chosen("500156", study))


def test_an_hour_is_served_by_wind_then_coal_then_the_line(workspace, filed):
    """100 MW = 12.5 wind + 60 coal + 27.5 line: 8,760 h x (60 x 270 + 27.5 x 350) yuan; carbon 300
    gce/kWh = 8.79228 GJ/MWh at 90 t/TJ = 0.791305 t/MWh, and 0.5 t/MWh from outside. A cap of
    40 万t excludes the demand. 600 MW of wind give 150 MW, of which a third is curtailed.
    """
    whole = solved(workspace)
    figures = whole["summary"]
    assert figures["generation"] == pytest.approx(
        {"coal": 60 * HOURS, "wind": 12.5 * HOURS, "import": 27.5 * HOURS}
    )
    assert figures["cost"] == pytest.approx(HOURS * (60 * COAL_COST + 27.5 * LINE_COST))
    assert figures["carbon"] == pytest.approx(HOURS * (60 * 0.7913052 + 27.5 * 0.5), rel=1e-6)
    assert figures["price_mean"] == pytest.approx(LINE_COST)
    assert figures["shortage"] == pytest.approx(0, abs=1e-6)
    assert figures["curtailment"]["wind"] == pytest.approx(0, abs=1e-9)
    codes = [row["code"] for row in whole["assumptions"]]
    assert codes.count("assumed.profile") == 1 and "assumed.one_node" in codes
    assert any("风电利用小时" in row["zh"] and "2190" in row["zh"] for row in whole["assumptions"])
    assert all("|" not in row["zh"] + row["en"] for row in whole["assumptions"])
    filed("dispatch_studies", STUDY | {"碳排放上限": "40万吨"})
    with pytest.raises(StudyWithoutPlan, match="碳排放上限提高104,46"):
        solved(workspace)
    filed("power_units", COAL | {"单机容量（兆瓦）": 50}, WIND | {"单机容量（兆瓦）": 600})
    filed("dispatch_studies", STUDY | {"缺电代价（元/千瓦时）": 5})
    curtailed = solved(workspace)["summary"]
    # 600 MW of wind give 150 in each hour, a third of which nobody takes
    assert curtailed["curtailment"]["wind"] == pytest.approx(1 / 3)


def test_a_corrected_capacity_moves_the_plan(workspace, filed):
    filed("power_units", COAL | {"单机容量（兆瓦）": 70})
    figures = solved(workspace)["summary"]
    assert figures["generation"]["coal"] == pytest.approx(70 * HOURS)
    assert figures["generation"]["import"] == pytest.approx(17.5 * HOURS)


@pytest.mark.parametrize("commitment", ["连续", "整数"])
def test_committed_units_are_solved_by_stretches_with_their_gap(workspace, filed, commitment):
    """One coal unit that is needed in every hour stays on: the plan without commitment, no gap,
    and the line at 0.35 yuan/kWh still serves the next MWh.
    """
    steady = {"启动费用（元/次）": 1e5, "最短运行时间": 8, "最小技术出力（%）": 50}
    filed("power_units", COAL | steady)
    filed("dispatch_studies", STUDY | {"机组组合": commitment})
    whole = solved(workspace)
    figures = whole["summary"]
    assert whole["commitment"] == {"连续": "relaxed", "整数": "integer"}[commitment]
    assert figures["cost"] == pytest.approx(HOURS * (60 * COAL_COST + 27.5 * LINE_COST))
    assert figures["gap"] == pytest.approx(0, abs=1e-6)
    assert figures["price_mean"] == pytest.approx(LINE_COST)
    assert figures["price_highest"] == pytest.approx(LINE_COST)


def test_committed_units_under_a_cap_of_the_year_are_refused_in_words(workspace, filed):
    filed("dispatch_studies", STUDY | {"机组组合": "连续", "碳排放上限": "60万吨"})
    with pytest.raises(NotByStretches, match="碳排放上限") as refused:
        solved(workspace)
    assert "不作机组组合" in refused.value.todo


def test_units_that_cannot_run_low_enough_leave_no_commitment(workspace, filed):
    """A load of 100 MW, and two units of 60 MW that run at 55.2 MW at least: one is not enough, and
    two give 110.4 MW, more than the load.
    """
    two = COAL | {"台数": 2, "最小技术出力（%）": 92}
    filed("power_units", two)
    filed("dispatch_studies", STUDY | {"机组组合": "整数", "不算的机组通道": "L1;W1"})
    with pytest.raises(NotByStretches, match="全年第1—96时") as refused:
        solved(workspace)
    assert "缺电代价" in refused.value.todo


def test_the_study_of_records_costs_the_same_in_pypsa(workspace, filed):
    """The whole year from the filed rows, exported and solved by PyPSA."""
    pytest.importorskip("pypsa")
    desk = PowerDesk(workspace)
    study = desk.study(Chosen("500156", "S1"))
    network = network_of(study.system)
    status = network.optimize(solver_name="highs", log_to_console=False)
    assert status == ("ok", "optimal")
    plan = desk.plan(study)
    total = network.objective + constant_cost(study.system)
    assert total == pytest.approx(plan.optimum.cost, rel=1e-7)


def test_what_a_line_is_worth_is_the_shortage_it_saves(workspace, filed):
    """Without the line 27.5 MW lack in every hour, at 5 yuan/kWh each."""
    filed("dispatch_studies", STUDY | {"缺电代价（元/千瓦时）": 5})
    desk = PowerDesk(workspace)
    worth = desk.value(desk.study(Chosen("500156", "S1")), "L1")
    assert worth["saving"] == pytest.approx(27.5 * HOURS * (5000 - LINE_COST))
    assert worth["shortage_hours"] == pytest.approx(HOURS)
    assert worth["carbon"] == pytest.approx(-27.5 * HOURS * 0.5)  # less without the line


def test_limits_that_exclude_each_other_are_told_in_their_units(workspace, filed):
    """At least 87.5 MW come from coal and the line. All that the line can carry, 40 MW, leaves 47.5
    to coal: (40 x 0.5 + 47.5 x 0.7913052) x 8,760 = 504,460 t is the least; 40 万t lacks 104,460 t.
    """
    filed("dispatch_studies", STUDY | {"碳排放上限": "40万吨"})
    with pytest.raises(StudyWithoutPlan) as refused:
        solved(workspace)
    assert "“碳排放上限”" in refused.value.zh and "“电力需求”" in refused.value.zh
    assert "碳排放上限提高104,46" in refused.value.zh


def test_a_plant_that_was_closed_before_or_begins_later_does_not_run(workspace, filed):
    filed("power_units", COAL | {"退役年份": 2024, "状态": "退役"})
    filed("dispatch_studies", STUDY | {"缺电代价（元/千瓦时）": 5})
    figures = solved(workspace)["summary"]
    assert "coal" not in figures["generation"]
    assert figures["shortage"] == pytest.approx(47.5 * HOURS)


@pytest.mark.parametrize(
    ("form", "row", "said"),
    [
        ("power_units", COAL | {"供电煤耗": ""}, "没有供电煤耗，也没有发电热耗"),
        ("power_units", COAL | {"可用率（%）": ""}, "没有可用率"),
        ("power_units", WIND | {"发电类型": "径流水电"}, "没有来水"),
        ("power_lines", LINE | {"落地电价（元/千瓦时）": ""}, "没有落地电价"),
        ("fuel_prices", PRICE | {"时期": "2024"}, "没有“原煤（raw_coal）”2026的价格"),
        ("dispatch_studies", STUDY | {"负荷序列": "别的"}, "没有序列“别的”2025年的逐时值"),
    ],
)
def test_what_nobody_said_is_refused_with_its_form(workspace, filed, form, row, said):
    filed(form, row)
    if form == "fuel_prices":
        filed("dispatch_studies", STUDY | {"燃料价格时期": "2026"})
    with pytest.raises(HengtanError, match=said) as refused:
        solved(workspace)
    assert refused.value.todo


def test_power_without_a_named_carbon_factor_is_refused(workspace, filed):
    filed("power_lines", LINE | {"因子取法": "", "合同碳排放因子（千克/千瓦时）": ""})
    with pytest.raises(ParameterNotEstablished):
        solved(workspace)


def test_a_shape_that_stands_in_says_so_on_the_result(workspace, filed):
    """The public shape of 2018, brought to 8.76e8 kWh and 150 MW."""
    filed(
        "dispatch_studies",
        STUDY
        | {"负荷序列": "", "借用的负荷形状": "cq-load-2018", "缺电代价（元/千瓦时）": 5}
        | {"全年用电量": "8.76亿千瓦时", "最大负荷": "15万千瓦"},
    )
    whole = solved(workspace)
    assert whole["summary"]["demand"] == pytest.approx(876_000)
    assert whole["summary"]["peak"] == pytest.approx(150)
    assert "借用曲线" in whole["load"]["zh"] and "stand-in" in whole["load"]["en"]
    assert any(row["code"] == "assumed.load" for row in whole["assumptions"])


def test_what_the_pages_show_of_a_study(workspace, filed):
    """Even load: 100 MW in each of the 168 hours of a week are 12.5 wind + 60 coal + 27.5 line."""
    view = dispatch_view(workspace, "500156", "S1")
    week = week_of(view["hours"])
    rows = week["rows"]
    assert len(week["load"]) == 168
    served = [sum(hour) for hour in zip(*rows.values(), strict=True)]
    assert served == pytest.approx(week["load"]) and set(week["load"]) == {100.0}
    assert rows["wind"] == pytest.approx([12.5] * 168)
    curve = view["durations"]["net_load"]
    assert len(curve["share"]) <= 400 and curve["share"][-1] == 1.0
    assert set(curve["value"]) == {87.5}
    stands = {row["kind"]: row["stands"] for row in view["capacities"]}
    assert stands == {"coal": 60, "wind": 50, "import": 40}
    assert week_of(view["hours"], 53)["ends"] == "2025-12-31"


def test_the_page_of_an_impossible_study_says_which_limits_conflict(workspace, filed):
    filed("dispatch_studies", STUDY | {"碳排放上限": "40万吨"})
    view = dispatch_view(workspace, "500156", "S1")
    assert view["answer"] is None and "碳排放上限提高104,46" in view["conflict"]["zh"]
    with pytest.raises(HengtanError, match="碳排放上限提高"):
        dispatch_file(workspace, "500156", "S1", "docx")


def test_paper_and_workbook_hold_the_same_figures(workspace, filed):
    """60 MW of coal for 8,760 hours are 525,600 MWh, 5.256 亿kWh."""
    paper = docx.Document(io.BytesIO(dispatch_file(workspace, "500156", "S1", "docx")))
    (sources,) = [t for t in paper.tables if t.rows[0].cells[1].text == "发电量（亿千瓦时）"]
    assert [cell.text for cell in sources.rows[1].cells][:2] == ["煤电", "5.26"]
    texts = [paragraph.text for paragraph in paper.paragraphs]
    heading = next(n for n, text in enumerate(texts) if text.startswith("一、"))
    assert any("条假设" in text for text in texts[:heading])
    content = dispatch_file(workspace, "500156", "S1", "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    first = next(book["各类电源"].iter_rows(min_row=2, values_only=True))
    assert first[0] == "煤电" and first[1] == pytest.approx(5.256)


def test_files_in_english_hold_the_same_figures(workspace, filed):
    """Cell by cell the same numbers; names of plants, of the study and of sources stay."""
    books = [
        openpyxl.load_workbook(
            io.BytesIO(dispatch_file(workspace, "500156", "S1", "xlsx", lang=lang))
        )
        for lang in ("zh", "en")
    ]
    cells = [[cell.value for sheet in book for row in sheet for cell in row] for book in books]
    numbers = [[value for value in every if isinstance(value, float)] for every in cells]
    assert len(numbers[0]) > 300 and numbers[0] == numbers[1]
    paper = docx.Document(io.BytesIO(dispatch_file(workspace, "500156", "S1", "docx", lang="en")))
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert "A. Question and answer" in texts
    tables = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*texts, *tables, *books[1].sheetnames, *map(str, cells[1])])
    for name in ("测试研究", "测试表", "测试", "负荷", "南线", "甲电厂", "乙风场"):
        said = said.replace(name, "")
    assert not [line for line in said.splitlines() if re.search("[\u3400-\u9fff]", line)]


def test_power_by_the_mix_of_the_sender_is_the_carbon_that_the_account_says(workspace, filed):
    """Half coal at 0.8 kg/kWh of what is sent, 5 % lost: 0.4 / 0.95 t a MWh received, in the plan
    as in the account of lines. The 27.5 MW that lack in each hour are 240,900 MWh a year.
    """
    mix = {"因子取法": "按送端电源构成", "送端煤电（%）": 50, "送端水电（%）": 50}
    mix |= {"送端煤电因子（千克/千瓦时）": 0.8, "线损率（%）": 5, "年协议电量": "2.409亿千瓦时"}
    filed("power_lines", LINE | {"合同碳排放因子（千克/千瓦时）": ""} | mix)
    line = next(row for row in solved(workspace)["plants"] if row["kind"] == "import")
    assert line["output"] == pytest.approx(240_900)
    assert line["carbon"] == pytest.approx(240_900 * 0.4 / 0.95)
    (account,) = workspace.execute("power_import_lines").to_pylist()
    assert account["co2"] == pytest.approx(line["carbon"])
