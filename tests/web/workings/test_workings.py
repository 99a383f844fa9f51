"""Workings by hand: an ugly file is told fault by fault and nothing comes of it, the corrected one
gives the figures worked out here.
"""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest

from hengtan.desk.workings.working import Table
from hengtan.report.words import has
from hengtan.web.rooms.workings.groups import GROUPS
from hengtan.web.rooms.workings.models import RESULT, WorkingRow

WORKINGS = [(group, working) for group in GROUPS for working in group.workings]
OF_DISTRICTS = ("区县", "类别", "基年能源消费量", "基年地区生产总值", "期内经济增长倍数", "目标")
OF_PARKS = ("园区", "年综合能耗（吨标准煤）", "年二氧化碳排放（吨）")


def faults(row):
    """Where the errors of a row stand."""
    errors = [f for f in row.worked["findings"] if f["level"] == "error"]
    return [(f.get("sheet"), f.get("row"), f.get("column")) for f in errors]


def rows_of(row, title):
    """The rows of a table of a result."""
    tables = {t["title"].rpartition(".")[2]: t["rows"] for t in row.worked["tables"]}
    return tables[title]


def result_of(people, row):
    """The result as it is taken along."""
    page = people("张三").get(f"/workbooks/{row.working}/{row.key}").text
    file = row.files.filter(role=RESULT).earliest("pk")
    address = re.search(rf'href="([^"]+/files/{file.pk})"', page)[1]
    return people("张三").get(address).content


@pytest.mark.parametrize(("group", "working"), WORKINGS, ids=lambda x: getattr(x, "name", ""))
def test_each_has_a_page_in_both_languages(people, group, working):
    address = f"{group.prefix}/{working.name}"
    chinese, english = (people("张三").get(f"{address}?lang={lang}") for lang in ("zh", "en"))
    assert chinese.status_code == english.status_code == 200
    asked = [*working.asks, *(working.blank.asks if working.blank else ())]
    assert all(f'name="{ask.name}"' in chinese.text for ask in asked)
    assert all(f'name="{slot.name}"' in chinese.text for slot in working.slots)
    assert has(f"working.{working.name}.lead") and "working." not in visible(chinese.text)
    labels = re.findall(r"<label[^>]*>([^<]+)", english.text.partition("<main")[2])
    assert labels and not any(re.search("[\u4e00-\u9fff]", label) for label in labels)


def visible(page):
    return re.sub(r"<[^>]+>", " ", page.partition("<main")[2])


def test_an_assessment_is_mended_cell_by_cell(work, workbook, people):
    """Completion of 9 of 10 is 90 of 100 points, 8 of 10 is 80."""
    scheme = [("编号", "指标", "满分", "计分方式"), ("a", "绿色工厂", 100, "完成率")]
    titles = ("对象", "编号", "目标", "实绩", "适用")
    ugly = [titles, ("甲", "a", 10, "约九", ""), ("乙", "b", 10, 8, ""), ("丙", "a", 10, 7, "也许")]
    row = work("/workbooks/assess", "考核.xlsx", workbook(方案=scheme, 数据=ugly))
    assert faults(row) == [("数据", 2, "实绩"), ("数据", 3, "编号"), ("数据", 4, "适用")]
    assert row.worked["is_refused"] and not row.files.filter(role=RESULT).exists()
    marks = row.worked["beside"][0]["marks"]
    assert marks == {"2": {"3": "error"}, "3": {"1": "error"}, "4": {"4": "error"}}
    mended = [titles, ("甲", "a", 10, 9, ""), ("乙", "a", 10, 8, ""), ("丙", "a", 10, 7, "是")]
    row = work("/workbooks/assess", "考核.xlsx", workbook(方案=scheme, 数据=mended))
    assert row.worked["is_sound"]
    ranked = [line[:3] for line in rows_of(row, "points")]
    assert ranked == [[1, "甲", 90], [2, "乙", 80], [3, "丙", 70]]
    book = openpyxl.load_workbook(io.BytesIO(result_of(people, row)))
    points = [[c.value for c in line[1:4:2]] for line in book["得分"].iter_rows(min_row=2)]
    assert points == [["甲", 90], ["乙", 80], ["丙", 70]]


def test_the_template_of_a_scheme_comes_filled_with_those_assessed(people):
    answer = people("张三").get("/workbooks/assess/blank?scheme=dual-carbon-2026&units=甲区、乙区")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["数据"]
    assert {line[0].value for line in sheet.iter_rows(min_row=2)} == {"甲区", "乙区"}
    refused = people("张三").get("/workbooks/assess/blank?scheme=nothing")
    assert refused.status_code == 400 and "不在" in html.unescape(refused.text)


def test_parks_are_told_line_by_line(work, workbook):
    """50,000 t over 300,000 tce are 0.167, below the limit of 0.2 t/tce."""
    sound = ("甲园", "30万", "5万")
    ugly = [
        OF_PARKS,
        sound,
        ("乙园", "abc", 3),
        ("丙园", 9, "x"),
        ("丁园", "", 4),
    ]
    row = work("/workbooks/park", "园区.xlsx", workbook(表=ugly))
    energy, co2 = OF_PARKS[1:]
    assert faults(row) == [("表", 3, energy), ("表", 4, co2), ("表", 5, energy)]
    row = work("/workbooks/park", "园区.xlsx", workbook(表=[OF_PARKS, sound]))
    assert rows_of(row, "core") == [
        ["甲园", ["核心指标达到", "meets the core indicator"], 0.167, 0.2]
    ]


def test_a_budget_is_mended_and_shared_exactly(work, workbook, people):
    """GDP grows by 5 % a year, intensity falls by 17 % to 2030: 1.05⁵ × 0.83 = 1.0593137 of the
    base; 5 % are kept back, the rest is shared 60 to 40.
    """
    parameters = [
        ("项目", "内容"),
        *(("名称", "甲区预算"), ("地区", "甲区"), ("基年", 2025), ("基年排放", 1_000_000)),
        *(("强度降低目标", "17%"), ("目标年", 2030), ("起始年", 2026), ("结束年", 2030)),
        ("预留比例", "5%"),
    ]
    years = [("年份", "地区生产总值"), *((y, 100 * 1.05 ** (y - 2025)) for y in range(2025, 2031))]
    ugly = [("区县", "基期排放"), ("东", "六十万"), ("西", "??"), ("南", ""), ("东", 3)]
    row = work("/workbooks/budget", "预算.xlsx", workbook(参数=parameters, 年度=years, 区县=ugly))
    column = "基期排放"
    assert faults(row) == [
        *(("区县", 2, column), ("区县", 3, column), ("区县", 4, column), ("区县", 5, "区县"))
    ]
    mended = [("区县", "基期排放"), ("东", 600_000), ("西", 400_000)]
    row = work("/workbooks/budget", "预算.xlsx", workbook(参数=parameters, 年度=years, 区县=mended))
    last = rows_of(row, "years")[-1]
    assert (last[0], last[2]) == (2030, 1_059_313)
    assert [line[1:3] for line in rows_of(row, "shares")] == [
        ["东", "60.0000%"],
        ["西", "40.0000%"],
    ]
    east, west = (line[-1] for line in rows_of(row, "shares"))
    assert east + west == last[2] - last[3]
    assert "核对" in openpyxl.load_workbook(io.BytesIO(result_of(people, row))).sheetnames


def test_a_portfolio_is_mended_and_chosen(work, workbook, people):
    """1,000 t; 40 % at 100 and 50 % at 200 (10,000 yuan); 400 t in the second year need two thirds
    of the second: 233.33. First an effect in words, then a limit that nothing reaches.
    """
    sheets = {
        "参数": [["项目", "内容"], ["名称", "试算"], ["合成数据", "是"], ["首年", 2026]],
        "地区": [["地区", "权重"], ["全区", 1]],
        "驱动": [
            ["驱动", "部门", "能源", "各年"],
            ["活动水平", "工业", "", 1000],
            ["单位能耗", "工业", "", 1],
            ["能源占比", "工业", "煤", 1],
            ["排放因子", "", "煤", 1],
        ],
        "措施": [
            ["措施", "驱动", "效应", "投资", "运行"],
            ["改造", "单位能耗", "四成", 100, 0],
            ["提效", "单位能耗", 0.5, 200, 0],
        ],
        "目标": [["目标", "年份", "上限"], ["末年", 2027, 250]],
    }
    sheets["参数"] += [["末年", 2027], ["折现率", 0]]
    row = work("/workbooks/portfolio", "组合.xlsx", workbook(**sheets))
    assert faults(row) == [("措施", 2, "效应")] and not row.worked["tables"]
    sheets["措施"][1][2] = 0.4
    row = work("/workbooks/portfolio", "组合.xlsx", workbook(**sheets))
    assert "末年提高50 tCO2e" in row.worked["findings"][0]["zh"] and not row.worked["tables"]
    sheets["目标"][1][2] = 400
    row = work("/workbooks/portfolio", "组合.xlsx", workbook(**sheets), at_risk="0.9", front="3")
    assert row.worked["is_sound"]
    assert "最小成本 233 万元" in row.worked["said"][1][0]
    assert [each[4] for each in rows_of(row, "measures")] == [100, 133.3333]
    written = openpyxl.load_workbook(io.BytesIO(result_of(people, row)))
    assert written["措施"]["A2"].value == "改造"


def test_goals_of_districts_are_added_up(work, table):
    """100·1.3·0.85 + 80·1.2·0.88 + 50·1.1·0.88 = 243.38 of 230·157/130 = 277.77: 12.38 %."""
    ugly = table(OF_DISTRICTS, ("甲", "一", 100, 50, 1.3, "15%"), ("乙", "二", "多", 40, 1.2, 12))
    row = work("/workbooks/goals", "目标.csv", ugly, goal="14")
    assert faults(row) == [(None, 3, "基年能源消费量")]
    lines = (("甲", "一", 100, 50, 1.3, "15%"), ("乙", "二", 80, 40, 1.2, 12))
    sound = table(OF_DISTRICTS, *lines, ("丙", "二", 50, 40, 1.1, 12))
    row = work("/workbooks/goals", "目标.csv", sound, goal="14")
    said = [pair[0] for pair in row.worked["said"]]
    assert said[0] == "各区县目标合计达不到全市目标" and "12.38%" in said[1]
    row = work("/workbooks/goals", "目标.csv", sound, goal="14", expected="4")
    assert "还缺1个区县" in rows_of(row, "missing")[0][0][0]
    assert faults(work("/workbooks/goals", "目标.csv", sound, goal="一成")) == [(None, None, None)]


def test_goals_are_spread_by_the_force_of_classes(work, table):
    """Two alike: 1.1 k + k = 2 × 14 %, k = 13.33 %, the other 14.67 %."""
    sound = table(OF_DISTRICTS, ("甲", "一", 9, 5, 1.3, ""), ("乙", "二", 9, 5, 1.3, ""))
    row = work("/workbooks/spread", "目标.csv", sound, goal="14%", classes="一=1.1，二=1")
    assert [line[2] for line in rows_of(row, "spread")] == [14.67, 13.33]
    row = work("/workbooks/spread", "目标.csv", sound, goal="14%")
    assert [line[2] for line in rows_of(row, "spread")] == [14.0, 14.0]
    for classes in ("一=1.1", "一", "一=很大，二=1"):
        row = work("/workbooks/spread", "目标.csv", sound, goal="14", classes=classes)
        assert row.worked["is_refused"] and len(row.worked["findings"]) == 1
    assert work("/workbooks/spread", "目标.csv", sound, goal="14", least="a").worked["is_refused"]


def test_a_balance_names_the_cell_that_is_off(work, table):
    """Supply of 100 + 20 is 120; a table that prints 130 is off by 10."""
    lines = [
        *(("项目", "原煤"), ("可供本地区消费的能源量", 120), ("一次能源生产量", 100)),
        *(("外省(区、市)调入量", 20), ("本省(区、市)调出量(-)", 0), ("终端消费量", 120)),
    ]
    row = work("/workbooks/balance", "平衡表.csv", table(*lines))
    assert row.worked["is_sound"], row.worked["findings"]
    lines[1] = ("可供本地区消费的能源量", 130)
    row = work("/workbooks/balance", "平衡表.csv", table(*lines))
    assert not row.worked["is_sound"] and not row.worked["is_refused"]
    assert any(f["level"] == "error" and "10" in f["zh"] for f in row.worked["findings"])
    row = work("/workbooks/balance", "别的.csv", table(("甲", "乙"), (1, 2)))
    assert row.worked["is_refused"]


def test_inventories_are_held_against_what_was_published(work, table):
    """10 + 20 + 5 are 35 of BASIC."""
    titles = ("City", "I.1.1", "II.1.1", "III.1.1", "TOTAL BASIC")
    row = work("/workbooks/gpc", "清单.csv", table(titles, ("X", 10, 20, 5, 35)))
    line = rows_of(row, "inventories")[0]
    assert line[2:4] == [35, 35] and row.worked["is_sound"]
    row = work("/workbooks/gpc", "清单.csv", table(titles, ("X", 10, 20, 5, 40)))
    assert [f.get("row") for f in row.worked["findings"]] == [2]
    assert rows_of(row, "inventories")[0][2:4] == [35, 40]
    row = work("/workbooks/gpc", "清单.csv", table(titles, ("X", 10, "多", 5, 35)))
    assert (None, 2, "II.1.1") in faults(row)


def test_a_table_of_cases_says_which_were_refused(work, table):
    """1000 kg of SO2 are 1000 / 0.95 = 1052.63 equivalents, at 3.5 yuan 3684.21."""
    titles = ("排放口", "日期", "污染物排放量.二氧化硫")
    cases = table(titles, ("A", "2024-05-31", 1000), ("B", "2024-05-31", "多"), ("C", "", 2))
    answers = {"rule": "env_tax.air", "region": "500000", "end": ".csv"}
    row = work("/rules/tables/table", "排放口.csv", cases, **answers)
    assert [line[0] for line in rows_of(row, "refused")] == [2, 3]
    first = rows_of(row, "cases")[0]
    assert (first[0], round(first[3], 2), round(first[4], 2)) == ("A", 3684.21, 1052.63)
    file = row.files.filter(role=RESULT).earliest("pk")
    result = bytes(file.content).decode("utf-8-sig").splitlines()
    assert len(result) == 4 and result[1].startswith("A,2024-05-31,1000,3684.2105")
    row = work("/rules/tables/table", "排放口.csv", cases, **answers | {"region": "火星"})
    assert row.worked["is_refused"]
    row = work("/rules/tables/table", "排放口.csv", table(("甲",), (1,)), **answers)
    assert row.worked["is_refused"]


def test_a_reform_by_payer_group(work, table):
    """3.5 to 5 yuan: 1.5 × 1000 / 0.95 × 10 = 15,789.47 for the small, the same for 5 of 2000."""
    titles = ("组别", "户数", "污染物排放量.二氧化硫")
    payers = table(titles, ("小户", 10, 1000), ("大户", 5, 2000))
    asked = {"rule": "env_tax.air", "on": "2024-05-31", "region": "500000"}
    change = {"change": "env_tax.air.rate=5"}
    row = work("/rules/tables/reform", "缴纳人.csv", payers, **asked, **change)
    assert [line[4] for line in rows_of(row, "groups")] == [15789.47, 15789.47]
    assert "+31,578.95" in row.worked["said"][0][0]
    ugly = table(titles, ("小户", "十", 1000), ("大户", 5, "多"))
    row = work("/rules/tables/reform", "缴纳人.csv", ugly, **asked, **change)
    assert [where[1] for where in faults(row)] == [2, 3]
    for wrong in ({}, {"change": "env_tax.air.rate=五"}, {"change": "rate"}):
        row = work("/rules/tables/reform", "缴纳人.csv", payers, **asked, **wrong)
        assert row.worked["is_refused"] and len(row.worked["findings"]) == 1


def test_a_reform_by_a_table_that_lies_over_the_law(people, table):
    """The same change as rows of rule_parameters.csv."""
    titles = ("组别", "户数", "污染物排放量.二氧化硫")
    columns = "parameter,region,key,value,unit,valid_from,valid_to,law,source,confidence,certainty"
    values = "env_tax.air.rate,500000,,5,元/污染当量,2021-01-01,,方案,方案,proposal,high"
    parameters = table((columns, "note_zh"), (values, ""))
    files = {
        "file": ("缴纳人.csv", table(titles, ("小户", 10, 1000))),
        "rule_parameters": ("rule_parameters.csv", parameters),
    }
    asked = {"rule": "env_tax.air", "on": "2024-05-31", "region": "500000"}
    answer = people("张三").post("/rules/tables/reform", asked, files)
    row = WorkingRow.objects.get(key=answer.url.path.rpartition("/")[2])
    assert row.worked["tables"], row.worked["findings"]
    assert rows_of(row, "groups")[0][4] == 15789.47


def test_long_tables_are_shown_by_their_beginning():
    shown = Table("working.spread", ["a"], [[float("nan")]] * 700).as_dict()
    assert (len(shown["rows"]), shown["more"], shown["rows"][0]) == (500, 200, [None])
