"""Tables as offices print them: the code, the name and the period above the table, header lines of
three rows, amounts and growth in turn, rows of totals.
"""

from __future__ import annotations

import pytest


def test_the_official_205_1(import_of, values, errors):
    """The place is that of signs 3 to 8 of the code; 44,800 千元 are 44,800,000 元; the row of all
    energy in coal equivalent is a total.
    """
    reading = import_of("enterprise_energy", "k20a")
    assert errors(reading) == []
    assert values(reading, "product") == ["raw_coal", "electricity"]
    assert values(reading, "place") == ["889901", "889901"]
    assert values(reading, "entity") == ["91889901MA5U00001X"] * 2
    assert values(reading, "period") == ["2025-01..06"] * 2
    assert values(reading, "purchased") == [56000.0, 5230.0]
    assert values(reading, "purchase_value") == [44_800_000.0, 36_000_000.0]
    assert values(reading, "consumed") == [55100.0, 6100.0]
    assert values(reading, "coefficient") == [0.6538, 1.229]


def test_what_is_taken_from_above_or_left_out_is_told(import_of):
    reading = import_of("enterprise_energy", "k20a")
    columns = {f.where.column for f in reading.findings if f.code == "from-above"}
    assert columns == {"统一社会信用代码", "单位名称", "时期"}
    left_out = {f.where.column for f in reading.findings if f.code == "extra-column"}
    assert left_out == {"代码", "1.工业生产消费", "2.非工业生产消费", "参考折标系数"}
    assert [f.where.row for f in reading.findings if f.code == "total-row"] == [11]


OFFICIAL = [
    ["能源购进、消费与库存"],
    ["统一社会信用代码：", "91889902MA5U00002X", "", "单位详细名称：", "乙石厂"],
    ["2025年1—6月", "", "", "", "计量单位：吨"],
    ["能源名称", "计量单位", "购进量", "消费量", ""],
    ["", "", "", "合计", "用于原材料"],
    ["原煤", "吨", 10, 8, 1],
]


def test_labels_and_values_in_cells_of_their_own(import_of, values, errors, xlsx):
    reading = import_of("enterprise_energy", xlsx(OFFICIAL, merges=["D4:E4"]))
    assert errors(reading) == []
    row = {name: values(reading, name)[0] for name in ("place", "entity", "period", "consumed")}
    assert row == {
        "place": "889902",
        "entity": "91889902MA5U00002X",
        "period": "2025-01..06",
        "consumed": 8.0,
    }
    assert values(reading, "feedstock") == [1.0]


def test_a_place_above_goes_before_the_code(import_of, values, xlsx):
    rows = [["地区：青禾区"], *OFFICIAL]
    assert values(import_of("enterprise_energy", xlsx(rows)), "place") == ["889901"]


def test_a_code_of_no_known_place_leaves_the_place_missing(import_of, errors, xlsx):
    rows = [[str(text).replace("889902", "889977") for text in row] for row in OFFICIAL]
    assert errors(import_of("enterprise_energy", xlsx(rows))) == [("required", 6, "地区")]


@pytest.mark.parametrize("title", ["2024年和2025年1-6月", "主要指标"])
def test_a_period_that_is_not_one_stays_missing(import_of, errors, xlsx, title):
    rows = [[title], ["地区", "能源消费总量", "来源"], ["青禾区", 60, "快报"]]
    assert errors(import_of("monthly_figures", xlsx(rows))) == [("missing-column", 2, "时期")]


def test_a_period_in_the_title_is_that_of_every_row(import_of, values, errors, xlsx):
    rows = [
        ["各区县2025年1-6月主要指标"],
        ["地区", "能源消费总量", "来源"],
        ["青禾区", 60, "快报"],
        ["石桥县", 30, "快报"],
    ]
    reading = import_of("monthly_figures", xlsx(rows))
    assert (values(reading, "period"), errors(reading)) == (["2025-01..06"] * 2, [])
    assert [f.code for f in reading.findings] == ["from-above"]


def test_amounts_and_growth_in_turn(import_of, values, errors):
    reading = import_of("monthly_figures", "k20c")
    names = ("gdp", "gdp_growth", "energy", "energy_growth")
    assert [values(reading, name) for name in names] == [
        [800.0, 145.0],
        [5.1, 6.1],
        [60.0, 30.1],
        [2.5, 1.2],
    ]
    assert errors(reading) == []


@pytest.mark.parametrize(
    "header",
    [
        "GDP（亿元）,增速（%）,能源消费总量（万吨标准煤）,增速（%）",
        "GDP（亿元）,GDP同比增长（%）,能源消费总量,能源消费总量同比增长（%）",
        "GDP（亿元）,同比增长（%）,能源消费总量（万吨标准煤）,同比±%",
        "GDP,比上年同期增长（%）,能源消费总量,比上年同期增长（%）",
    ],
)
def test_growth_beside_its_amount_in_one_line(import_of, text_file, values, header):
    reading = import_of(
        "monthly_figures",
        text_file(f"地区,时期,{header},来源\n青禾区,2025年1-6月,800,5.1,60,2.5,快报\n"),
    )
    names = ("gdp", "gdp_growth", "energy", "energy_growth")
    assert [values(reading, name) for name in names] == [[800.0], [5.1], [60.0], [2.5]]
    assert reading.errors == []


def test_growth_of_what_has_no_growth_is_left_out_with_a_word(import_of, text_file, values):
    reading = import_of(
        "monthly_figures",
        text_file("地区,时期,煤炭消费量,增速,来源\n青禾区,2025年1-6月,8,5.1,快报\n"),
    )
    assert values(reading, "coal") == [8.0]
    assert [(f.code, f.where.column) for f in reading.findings] == [("extra-column", "增速")]


@pytest.mark.parametrize(
    "word", ["合计", "总计", "全市", "全市合计", "虚岭市合计", "小计", "Total"]
)
def test_rows_of_totals_are_no_members(import_of, text_file, values, findings, word):
    reading = import_of(
        "monthly_figures",
        text_file(
            f"地区,时期,能源消费总量,来源\n{word},2025年1-6月,90,快报\n"
            "青禾区,2025年1-6月,60,快报\n石桥县,2025年1-6月,30,快报\n"
        ),
    )
    assert values(reading, "energy") == [60.0, 30.0]
    assert findings(reading, "total-row") == [("warning", 2, None)]


@pytest.mark.parametrize("word", ["消费量合计", "六、消费量合计"])
def test_the_name_of_a_whole_that_a_list_knows_is_a_row(import_of, text_file, values, word):
    """消费量合计 is a row of the regional balance, no total to leave out."""
    reading = import_of(
        "regional_balance",
        text_file(f"地区,年份,品种,项目,数值,计量单位\n虚岭市,2024,原煤,{word},5,万吨\n"),
    )
    assert values(reading) == [5.0]
    assert not [f for f in reading.findings if f.code == "total-row"]
