"""From a document to the light: a plan is read, actuals are handed in, the lights are looked at.

Places and figures are invented; each expected light is worked out beside its figures.
"""

from datetime import date

import pytest
from filed_rows import file_rows

from hengtan.basis.actor import Actor
from hengtan.desk import plan_editions, plan_review
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.desk.plan_reading import plans_of
from hengtan.workspace.asof import AsOf

PLACE, LI = "330199", Actor("李工")


@pytest.fixture
def lights(tmp_path, report):
    """``lights(text, [(name, period, value, unit)], on)``: rows of progress in the order of the
    plan."""
    opened = []

    def of(text, actuals=(), on=date(2026, 11, 25), year=2021):
        path = tmp_path / f"规划{len(opened)}.txt"
        path.write_text(text, encoding="utf-8")
        folder = tmp_path / f"ws{len(opened)}"
        workspace = new_workspace(folder, PLACE, name="某县", plan=PlanDocument(path, year))
        opened.append(workspace)
        ids = {row["indicator_zh"]: row["indicator"] for row in workspace.pack.rows("targets")}
        values = [
            {
                "place": PLACE,
                "indicator": ids[name],
                "period": period,
                "value": value,
                "unit": unit,
            }
            for name, period, value, unit in actuals
        ]
        if values:
            report(workspace, "indicator_values", values)
        rows = workspace.execute("plan_progress", AsOf.of(today=on)).to_pylist()
        return sorted(rows, key=lambda row: row["target_id"])

    of.opened = opened
    yield of
    for workspace in opened:
        workspace.close()


TABLE = """某县节能环保规划
一、主要指标
| 指标 | 单位 | 2020年 | 目标值 | 属性 |
| | | | 2025年 | |
| PM2.5年均浓度 | 微克/立方米 | 34 | 30 | 约束性 |
| 供水管网漏损率 | % | 10.4 | 9 | 预期性 |
| 单位产值能耗 | 吨标准煤/万元 | 0.52 | 0.45 | 预期性 |
| 农膜回收率 | % | 80 | 85 | 预期性 |
二、其他
全县农膜回收率到2025年达到85%。
"""
IN_TABLE = ("PM2.5年均浓度", "供水管网漏损率", "单位产值能耗", "农膜回收率")
UNITS = ("微克/立方米", "%", "吨标准煤/万元", "%")


@pytest.mark.parametrize(
    ("values", "light"), [((28.0, 8.5, 0.44, 86.0), "met"), ((33.0, 9.6, 0.47, 84.0), "missed")]
)
def test_a_cell_without_a_sign_takes_the_direction_of_its_indicator(lights, values, light):
    """Of the first three less is better, of the last more; said twice, that is one target."""
    actuals = [(n, "2025", v, u) for n, v, u in zip(IN_TABLE, values, UNITS, strict=True)]
    rows = lights(TABLE, actuals)
    assert [(row["indicator_zh"], row["light"]) for row in rows] == [(n, light) for n in IN_TABLE]


BASED = """某县节能规划
一、主要指标
| 指标 | 单位 | 2020年(基期) | 2025年目标 |
| 单位产值能耗 | 吨标准煤/万元 | 0.50 | 下降14% |
| 甲产业产值 | 亿元 | 1,000 | 增长50% |
| 再生水利用率 | % | 30 | 提高5个百分点 |
| 乙产品单耗降低率 | % | 〔18〕 | 〔16〕 |
| 供水管网漏损率 | % | 10.4 | 9 |
"""
IN_2025 = (
    # name, unit, met: 0.43/0.50 = 1 - 14 %, 1500/1000 = 1 + 50 %, 30 + 5; missed
    ("单位产值能耗", "吨标准煤/万元", 0.42, 0.44),
    ("甲产业产值", "万元", 15_100_000.0, 14_900_000.0),
    ("再生水利用率", "%", 35.5, 34.5),
)


@pytest.mark.parametrize("light", ["met", "missed"])
def test_a_change_is_judged_from_the_base_value_of_the_table(lights, light):
    """No figure of 2020 is handed in: the plan's own stands for it. A level keeps the figure beside
    it; the 18 in brackets is the cut of the period before, no figure of 2020."""
    actuals = [
        (name, "2025", met if light == "met" else missed, unit)
        for name, unit, met, missed in IN_2025
    ]
    rows = lights(BASED, actuals)
    assert [(row["indicator_zh"], row["light"]) for row in rows[:3]] == [
        (name, light) for name, *_ in IN_2025
    ]


@pytest.mark.parametrize("reported", [(0.50, "missed"), (0.52, "met")])
def test_a_reported_base_value_comes_before_that_of_the_plan(lights, reported):
    """0.44 is a cut of 12 % from 0.50 and of 15.4 % from the 0.52 handed in, 14 % are asked."""
    base, light = reported
    unit = "吨标准煤/万元"
    actuals = [("单位产值能耗", "2020", base, unit), ("单位产值能耗", "2025", 0.44, unit)]
    assert lights(BASED, actuals)[0]["light"] == light


def test_a_base_value_in_another_kind_of_unit_forms_no_change(lights):
    """0.5 tce per 10,000 yuan says nothing of a figure in kWh per yuan."""
    actuals = [("单位产值能耗", "2025", 0.42, "千瓦时/元")]
    assert lights(BASED, actuals)[0]["light"] == "due_not_reported"


OPEN = """某县节能环保规划
一、主要指标
| 指标 | 单位 | 2020年 | 2025年 |
| 人均用地 | 平方米 | 60 | 70 |
| 乙类用地占比 | % | 12 | 10 |
| 丙类用地占比 | % | 12 | ≥10 |
| 农膜回收率 | % | 80 | 85 |
"""


@pytest.mark.parametrize("on", [date(2024, 6, 1), date(2026, 6, 1)])
def test_a_proposal_of_unknown_direction_has_no_light(lights, on):
    """Neither before the deadline nor after it, whichever side of the goal the figure is on; with a
    sign, or with an indicator of known direction, there is one."""
    year = "2025" if on.year > 2025 else "2023"
    for amount in (5.0, 90.0):
        actuals = [(n, "2020", 50.0, u) for n, u in OPEN_UNITS.items()]
        actuals += [(n, year, amount, u) for n, u in OPEN_UNITS.items()]
        first, second, third, fourth = lights(OPEN, actuals, on=on)
        for row in (first, second):
            assert (row["light"], row["reason_code"]) == ("grey", "no_direction")
        assert third["light"] in (("met", "missed") if on.year > 2025 else ("green", "red"))
        assert fourth["reason_code"] != "no_direction"


OPEN_UNITS = {"人均用地": "平方米", "乙类用地占比": "%", "丙类用地占比": "%", "农膜回收率": "%"}


@pytest.mark.parametrize(
    ("decision", "fields", "light"),
    [("accept", {}, "met"), ("edit", {"operator": "<="}, "missed"), ("reopen", {}, "grey")],
)
def test_the_reviewer_decides_the_direction_and_with_it_the_light(
    lights, report, decision, fields, light
):
    """70 of at least, or at most, 60: accepted as it is shown the figure is met, turned round it is
    not; open again there is none."""
    table = "| 指标 | 单位 | 2025年 |\n| 甲类用地占比 | % | 60 |\n| 农膜回收率 | % | 85 |\n"
    lights(f"某县规划\n一、指标\n{table}", [("甲类用地占比", "2025", 70.0, "%")])
    (workspace,) = lights.opened
    (plan,) = plans_of(workspace)
    first, second = (reviewed.target.id for reviewed in plan_review.load(workspace, plan).targets())
    plan_review.decide(workspace, plan, second, "accept", LI)
    plan_review.decide(workspace, plan, first, decision, LI, fields=fields)
    confirmed = plan_review.Confirmed.of("某县规划", "2021", "2025")
    plan_editions.issue(workspace, plan, LI, confirmed=confirmed)
    rows = workspace.execute("plan_progress", AsOf.of(today=date(2026, 11, 25))).to_pylist()
    assert {row["target_id"]: row["light"] for row in rows}[first] == light


def test_each_year_of_a_table_is_a_target(lights):
    table = """某县能源规划
一、指标
| 指标 | 单位 | 2025年 | 2027年 | 2030年 |
| 新型储能装机 | 万千瓦 | 4 | 9 | 20 |
"""
    rows = lights(table, year=2026)
    assert [(row["goal"], row["deadline_year"]) for row in rows] == [(9.0, 2027), (20.0, 2030)]


CHANGES = """某县产业规划
一、目标
到2030年,甲产业产值比2025年增长45%,乙产业产值比2025年翻一番,丙产业产值增长到2025年的2.5倍,丁产业产值比2025年增长2倍,再生水利用率比2025年提高5个百分点,供水管网漏损率比2025年下降2个百分点。
"""
FROM_BASE = (
    # name, unit, 2025, goal, met in 2030, missed in 2030
    ("甲产业产值", "亿元", 100.0, 45.0, 146.0, 144.0),
    ("乙产业产值", "亿元", 10.0, 100.0, 20.5, 19.5),
    ("丙产业产值", "亿元", 10.0, 150.0, 25.5, 24.5),
    ("丁产业产值", "亿元", 10.0, 200.0, 30.5, 29.5),
    ("再生水利用率", "%", 30.0, 5.0, 35.5, 34.5),
    ("供水管网漏损率", "%", 10.0, 2.0, 7.5, 8.5),
)


@pytest.mark.parametrize("light", ["met", "missed"])
def test_a_change_from_a_base_is_judged_from_that_base(lights, light):
    actuals = []
    for name, unit, base, _, met, missed in FROM_BASE:
        actuals += [(name, "2025", base, unit)]
        actuals += [(name, "2030", met if light == "met" else missed, unit)]
    rows = lights(CHANGES, actuals, on=date(2031, 6, 1), year=2026)
    assert [(row["indicator_zh"], row["goal"], row["light"]) for row in rows] == [
        (name, goal, light) for name, _, _, goal, _, _ in FROM_BASE
    ]


def test_the_base_alone_judges_no_change_from_it(lights):
    """Before the deadline with the value of the base year, and with one of the year before."""
    for period in ("2025", "2024"):
        actuals = [(name, period, base, unit) for name, unit, base, *_ in FROM_BASE]
        rows = lights(CHANGES, actuals, on=date(2026, 6, 1), year=2026)
        assert {row["light"] for row in rows} == {"grey"}, period


def test_a_cut_dated_at_or_before_its_base_year_is_never_judged(lights):
    text = (
        "某县规划\n一、目标\n到2025年,单位产值能耗比2020年下降14%,单位产值水耗比2020年下降14%。\n"
    )
    actuals = [
        ("单位产值能耗", "2019", 0.6, "吨标准煤/万元"),
        ("单位产值能耗", "2020", 0.5, "吨标准煤/万元"),
        ("单位产值水耗", "2020", 20.0, "%"),
    ]
    rows = lights(text, actuals, on=date(2024, 6, 1))
    assert [row["light"] for row in rows] == ["grey", "grey"]


YEARLY = "某县规划\n一、目标\n到2025年,每年新增造林面积2万亩,新增绿道10公里。\n"


@pytest.mark.parametrize(("value", "light"), [(2.1, "met"), (1.9, "missed")])
def test_what_is_asked_each_year_is_judged_by_the_year(lights, value, light):
    """Three years before the deadline do not add up to meet it; what is added over the period is
    summed (5 × 2 = 10)."""
    name = "每年新增造林面积"
    actuals = [(name, str(year), 1.0, "万亩") for year in (2021, 2022, 2023)]
    actuals += [(name, "2025", value, "万亩")]
    actuals += [("新增绿道", str(year), 2.0, "公里") for year in range(2021, 2026)]
    rows = lights(YEARLY, actuals)
    assert [(row["goal"], row["light"]) for row in rows] == [(2.0, light), (10.0, "met")]


KEPT = """某县规划
一、目标
到2025年,优良天数比例稳定保持在96%以上,再生水利用率维持在96%以上,农膜回收率达到96%以上,绿色出行比例稳定在96%。
"""
KEPT_NAMES = ("优良天数比例", "再生水利用率", "农膜回收率", "绿色出行比例")


@pytest.mark.parametrize(
    ("latest", "expected"),
    # from 90 in 2020 the path to 96 in 2025 stands at 92.4 in 2022: 95 is ahead of it, yet not kept
    [(95.0, ("red", "red", "green", "red")), (97.0, ("green", "green", "green", "green"))],
)
def test_a_level_to_be_kept_is_held_or_not_and_never_on_its_way(lights, latest, expected):
    actuals = [
        (name, period, value, "%")
        for name in KEPT_NAMES
        for period, value in (("2020", 90.0), ("2022", latest))
    ]
    rows = lights(KEPT, actuals, on=date(2023, 6, 1))
    assert [(row["indicator_zh"], row["light"]) for row in rows] == [
        *zip(KEPT_NAMES, expected, strict=True)
    ]


def test_the_base_year_of_a_yearly_mean_is_the_one_stated(lights):
    """A cut of 10 % from the 40 of 2023 asks for 36 in 2027; counted from the 50 of 2025, the
    end of the five-year plan before, the 37 would meet it."""
    text = """某县空气质量改善行动方案(2024—2027年)
一、目标
以2023年为基准,到2027年,全县PM2.5年均浓度下降10%。
"""
    name, unit = "PM2.5年均浓度", "微克/立方米"
    actuals = [(name, "2023", 40.0, unit), (name, "2025", 50.0, unit), (name, "2027", 37.0, unit)]
    (row,) = lights(text, actuals, on=date(2028, 6, 1), year=2024)
    assert (row["goal"], row["base_year"], row["light"]) == (10.0, 2023, "missed")


@pytest.mark.parametrize("latest", [37.0, 33.0])
def test_a_change_of_about_so_much_has_no_light(lights, latest):
    """下降15%左右 from 40 is 34; how near is near enough is not established, above or below it."""
    text = """某县空气质量改善行动方案(2024—2027年)
一、目标
到2027年,全县PM2.5年均浓度比2023年下降15%左右。
"""
    name, unit = "PM2.5年均浓度", "微克/立方米"
    actuals = [(name, "2023", 40.0, unit), (name, "2027", latest, unit)]
    (row,) = lights(text, actuals, on=date(2028, 6, 1), year=2024)
    assert (row["goal"], row["met_rule"], row["light"]) == (15.0, "within_tolerance", "grey")


CITING = """某县绿色低碳发展行动方案(2026—2028年)
为落实《某市碳达峰行动方案(2025—2027年)》和《2024年工作要点》,依据某政发〔2025〕3号文件,制定本方案。
一、目标
到2028年,再生水利用率达到40%。
"""


def test_the_own_period_wins_over_those_of_plans_that_are_cited(lights):
    """An actual of 2025 is the base of a plan that begins in 2026: 30, so that 34 in 2026 is on the
    path (30 + 10/3 = 33.3)."""
    actuals = [("再生水利用率", "2025", 30.0, "%"), ("再生水利用率", "2026", 34.0, "%")]
    (row,) = lights(CITING, actuals, on=date(2027, 6, 1), year=None)
    assert (row["first_year"], row["base_period"], row["light"]) == (2026, "2025", "green")


SHEET = """某县2026年重点任务分工方案
一、任务分工
| 序号 | 重点任务 | 牵头单位 | 责任单位 | 完成时限 |
| 1 | 建成碳排放监测平台 | 县生态环境局 | 县统计局、各乡镇人民政府 | 2026年6月底前 |
| 2 | 新建公共充电桩80个 | 县能源局 | 县财政局 | 2026年12月 |
| 3 | 宣传绿色生活方式 | 县委宣传部 | 县教育局 | 长期坚持 |
"""


def test_tasks_of_a_sheet_are_in_the_ledger_with_owner_and_month(tmp_path):
    """On 1 July what was due in June is overdue; December is not, and what has no end never is.
    Told as done with a document on 28 June, it is overdue no more.
    """
    path = tmp_path / "分工.txt"
    path.write_text(SHEET, encoding="utf-8")
    folder = tmp_path / "ws"
    with new_workspace(folder, PLACE, name="某县", plan=PlanDocument(path, None)) as workspace:
        as_of = AsOf.of(today=date(2026, 7, 1))
        rows = workspace.execute("plan_milestone_state", as_of).to_pylist()
        (platform,) = [r["milestone"] for r in rows if r["name_zh"] == "建成碳排放监测平台"]
        done = {"里程碑": platform, "截至日期": "2026-06-28", "进展状态": "已完成"}
        done |= {"佐证材料": "验收意见", "责任单位": "县生态环境局"}
        file_rows(workspace, tmp_path, "milestone_progress", [done])
        later = workspace.execute("plan_milestone_state", as_of).to_pylist()
        (state,) = [(r["state"], r["overdue"]) for r in later if r["milestone"] == platform]
        assert state == ("done", False)
    tasks = sorted((r for r in rows if "-k" in r["milestone"]), key=lambda r: r["milestone"])
    assert [(r["name_zh"], r["owner"], r["due"], r["overdue"]) for r in tasks] == [
        ("建成碳排放监测平台", "县生态环境局", "2026-06", True),
        ("新建公共充电桩80个", "县能源局", "2026-12", False),
        ("宣传绿色生活方式", "县委宣传部", None, False),
    ]
    assert tasks[0]["co_owners_zh"] == "县统计局;各乡镇人民政府"
    assert tasks[1]["target_ids"].endswith("-t01")
