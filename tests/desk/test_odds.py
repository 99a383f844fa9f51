"""Odds of a pathway from filed measures, by hand. All figures are synthetic.

Industry burns 1,000 万tce of raw coal and nothing else. One measure saves 0 to 20 % of it (evenly,
middle 10 %), so emissions are even between 80 and 100 % of those without it, and any cap between
has its odds by a straight line.
"""

import numpy as np
import pytest
from filed_rows import file_rows

from hengtan.basis.errors import HengtanError
from hengtan.desk.odds import Wish, caps_of, odds_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.desk.target_odds import TargetOdds
from hengtan.outlook.uncertainty.asked import Question, reference_total
from hengtan.outlook.uncertainty.laws import BadRange, RangeWithoutSource

BALANCE = {"地区": "重庆市", "年份": "2020年", "平衡表项目": "F.2.ind", "能源品种": "raw_coal"}
BALANCE |= {"数量种类": "标准量", "折算方法": "当量值", "数值": 1000, "计量单位": "万吨标准煤"}
MEASURE = {"地区": "重庆市", "措施编号": "motor", "措施名称": "电机", "部门": "F.2.ind"}
MEASURE |= {"改变什么": "能源强度", "充分实施的效果": 10, "效果下限": 0, "效果上限": 20}
MEASURE |= {"分布": "均匀", "开始年份": 2021, "推进年数": 0, "效果的性质": "假设"}
MEASURE |= {"推进的性质": "假设", "范围的性质": "假设", "范围的来源": "试验报告"}


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", BALANCE)
    return hand


def desk(workspace):
    return PathwayDesk(workspace, Asked("500000", until=2022))


def test_odds_of_a_cap_lie_on_the_straight_line(workspace, hand_in):
    """A cap at 95 % of what would be emitted asks for 5 % or more of 0 to 20: three of four."""
    hand_in("measure_effects", MEASURE)
    without = desk(workspace).years()[-1]["without_measures"]
    whole = odds_of(desk(workspace), Wish(20_000, 1, {2022: 0.95 * without}))
    (cap,) = whole["odds"]
    assert cap["odds"] == pytest.approx(0.75, abs=0.015)
    assert cap["low"] < 0.75 < cap["high"]
    assert cap["central"] == pytest.approx(0.9 * without)
    assert cap["assumed"] == 1.0
    low, _, middle, _, high = whole["years"][-1]["quantiles"]
    assert (low, middle, high) == pytest.approx(
        (0.81 * without, 0.9 * without, 0.99 * without), rel=0.005
    )
    (influence,) = whole["influences"]
    assert (influence["measure"], influence["rank"]) == ("motor", 1)
    assert influence["total"] == pytest.approx(1.0, abs=0.05)


def test_odds_of_a_carbon_budget_are_those_of_its_cap(workspace, hand_in):
    """A budget is of carbon dioxide of what is burnt, by the account."""
    hand_in("measure_effects", MEASURE | {"充分实施的效果": 0, "效果下限": "", "效果上限": ""})
    (without,) = [
        row["energy_co2"]
        for row in desk(workspace).ahead.execute("carbon_totals").to_pylist()
        if row["year"] == 2022
    ]
    hand_in("measure_effects", MEASURE)
    budget = {"地区": "重庆市", "年份": 2022, "预算": f"{0.95 * without / 1e4}万吨", "依据": "试"}
    hand_in("carbon_budgets", budget)
    kept = odds_of(desk(workspace), Wish(20_000))["budget"]
    assert kept["years"][0]["kept"] == pytest.approx(0.75, abs=0.02)
    assert kept["whole"] == kept["every_year"] == kept["years"][0]["kept"]


def test_a_corrected_range_moves_the_odds(workspace, hand_in):
    """Between 8 and 12 % it always reaches 5 %."""
    hand_in("measure_effects", MEASURE)
    without = desk(workspace).years()[-1]["without_measures"]
    hand_in("measure_effects", MEASURE | {"效果下限": 8, "效果上限": 12})
    (cap,) = odds_of(desk(workspace), Wish(5_000, 1, {2022: 0.95 * without}))["odds"]
    assert cap["odds"] == 1.0


def test_a_range_without_a_source_gives_no_odds(workspace, hand_in):
    hand_in("measure_effects", MEASURE | {"范围的来源": ""})
    with pytest.raises(RangeWithoutSource, match="motor"):
        odds_of(desk(workspace))


def test_measures_without_ranges_give_no_odds(workspace, hand_in):
    plain = {"效果下限": "", "效果上限": "", "分布": "", "范围的性质": "", "范围的来源": ""}
    hand_in("measure_effects", MEASURE | plain)
    with pytest.raises(HengtanError, match="没有措施填了效果的上下限"):
        odds_of(desk(workspace))


COAL = {"地区": "重庆市", "年份": "2020年", "能源品种": "raw_coal", "数量种类": "标准量"}
COAL |= {"折算方法": "当量值", "计量单位": "万吨标准煤"}
PARTS = [
    MEASURE,
    MEASURE | {"部门": "F.4", "充分实施的效果": 20, "效果下限": 0, "效果上限": 40},
]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_parts_of_one_measure_stand_at_the_same_point_of_their_ranges(
    workspace, tmp_path, hand_in, order
):
    """Industry and homes burn 1,000 and 500 of coal; one measure takes 0 to 20 % and 0 to 40 %.

    Where its draw stands at u of both ranges it takes 200 u + 200 u of the 1,500, evenly from 0 to
    400. Less than 40 of it (u < 0.1) has odds of 10 %; of two independent draws the sum is a
    triangle, with odds of 0.2^2 / 2 = 2 % there. So it is whichever row comes first.
    """
    homes = COAL | {"平衡表项目": "F.4", "数值": 500}
    file_rows(workspace, tmp_path, "regional_balance", [BALANCE, homes])
    hand_in("measure_effects", *[PARTS[n] for n in order])
    without = desk(workspace).years()[-1]["without_measures"]
    at_most = without * (1 - 40 / 1500)
    whole = odds_of(desk(workspace), Wish(20_000, 1, {2022: at_most}))
    (cap,) = whole["odds"]
    assert cap["odds"] == pytest.approx(0.9, abs=0.01)
    (influence,) = whole["influences"]
    assert (influence["measure"], influence["rank"]) == ("motor", 1)
    assert influence["first"] == pytest.approx(1.0, abs=0.05)


DRIVER = {"地区": "重庆市", "因素": "活动量", "起始年份": 2020, "性质": "假设"}
GDP = DRIVER | {"部门": "gdp", "基年活动量": 25041.4, "活动量单位": "亿元"}
POWER = {"平衡表项目": "F.4", "能源品种": "electricity", "数值": 200}


def of_target(workspace, target, until=2028):
    whole = odds_of(PathwayDesk(workspace, Asked("500000", until=until)), Wish(20_000))
    (odds,) = [row for row in whole["odds"] if row["target"] == target]
    return odds


def test_odds_of_a_goal_of_energy_intensity(workspace, hand_in):
    """The plan asks 16 % less energy a yuan in 2027 than in 2020. GDP comes to 0.95 / 0.84 of that
    of 2020, of which drivers state the level; energy changes by the measure alone, so the goal asks
    for 5 % or more of 0 to 20: three of four.
    """
    hand_in("measure_effects", MEASURE)
    yearly = 100 * ((0.95 / 0.84) ** (1 / 7) - 1)
    growing = DRIVER | {"部门": "gdp", "起始年份": 2021, "年变化率": yearly}
    hand_in("pathway_drivers", GDP, growing)
    odds = of_target(workspace, "cq-energy-intensity-2027")
    assert odds["odds"] == pytest.approx(0.75, abs=0.015)
    assert odds["at_most"] == pytest.approx(950e4, rel=1e-6)
    assert odds["central"] == pytest.approx(900e4)
    assert odds["title"][0] == "单位GDP能耗降低率"
    assert workspace.execute("energy_gdp").num_rows == 0  # the level is the study's, not stored
    said = [row["zh"] for row in desk(workspace).as_dict(2022)["assumptions"]]
    assert any("地区生产总值：基年数值25041.4亿元为假设" in line for line in said)


def test_odds_of_a_non_fossil_share(workspace, tmp_path, hand_in):
    """The plan asks 25 % in 2027. At 305 g/kWh power counts k = 0.305 / 0.1229 of its own heat;
    homes use 200 of it, of which the place produces 950 / 4 k + 50 without fuel. A quarter of coal
    and power is reached with 950 of coal: with 5 % or more of 0 to 20 saved, three of four.
    """
    produced = 950 / (4 * 0.305 / 0.1229) + 50
    rows = [BALANCE, COAL | POWER, COAL | POWER | {"平衡表项目": "S.prod", "数值": produced}]
    file_rows(workspace, tmp_path, "regional_balance", rows)
    hand_in("measure_effects", MEASURE)
    rate = {"部门": "coal_rate", "基年活动量": 305, "活动量单位": "克标准煤/千瓦时"}
    course = {"部门": "S.prod", "起始年份": 2021, "年变化率": 0, "一次生产的品种": "electricity"}
    hand_in("pathway_drivers", DRIVER | rate, DRIVER | course)
    odds = of_target(workspace, "cq-nonfossil-share-2027")
    assert odds["operator"] == ">=" and odds["at_most"] == pytest.approx(0.25, rel=1e-6)
    assert odds["odds"] == pytest.approx(0.75, abs=0.015)
    without_course = {row["target_id"]: row for row in desk(workspace).targets(2022)}
    assert without_course["cq-nonfossil-share-2027"]["rests_on_scenario"]
    said = {each.code for each in desk(workspace).assumptions()}
    assert {"assumed.coal_rate", "assumed.level", "assumed.production"} <= said
    assert "assumed.no_exchange" in said  # power comes in and nobody reported it


def test_carbon_dioxide_of_a_goal_is_what_the_accounts_have(workspace, tmp_path, hand_in):
    """With another effect than the central one the total of draws is what the accounts say of a
    study of that effect: of what is burnt and of what is bought by its factor.
    """
    plant = {"平衡表项目": "T.power", "数值": -400, "能源品种": "raw_coal"}
    output = {"平衡表项目": "T.power", "数值": 150, "能源品种": "electricity"}
    rows = [BALANCE, COAL | POWER, COAL | plant, COAL | output]
    file_rows(workspace, tmp_path, "regional_balance", rows)
    bought = {
        "地区": "重庆市",
        "年份": "2020",
        "品种": "电力",
        "方向": "调入",
        "对方地区": "510000",
    }
    hand_in("energy_exchange", bought | {"数量": 45, "计量单位": "亿千瓦时"})
    line = {"措施编号": "line", "措施名称": "外电", "部门": "all", "改变什么": "因子"}
    line |= {"能源品种": "electricity", "由什么替代": "外购电", "充分实施的效果": 10}
    hand_in("measure_effects", MEASURE | line)
    first = desk(workspace)
    row = {"target_id": "t", "indicator": "co2_total", "deadline_year": 2022, "operator": "<="}
    asked, totals = TargetOdds(first).drawn(row | {"goal": 1.0, "latest": 1.0})
    hand_in("measure_effects", MEASURE | line | {"充分实施的效果": 20})
    other = desk(workspace)
    accounts = {
        row["year"]: row["energy_co2_and_power"]
        for row in other.ahead.execute("carbon_totals").to_pylist()
    }
    pathway, outcome = other.study.pathway, other.study.outcome()
    by_year = np.stack([reference_total(total, pathway, outcome) for total in totals])
    (drawn,) = Question.of(pathway, totals, [asked]).figures(by_year[..., None])
    assert drawn == pytest.approx([accounts[2022]], rel=1e-9)
    assert accounts[2022] > 1.01 * float(other.study.outcome().burnt[..., -1].sum())
    said = [row["zh"] for row in other.as_dict(2022)["assumptions"]]
    assert any(
        "外购电随供需缺口变" in line and "四川 0.1564 kgCO2/kWh（2023）" in line for line in said
    )


def test_caps_are_read_with_their_unit():
    assert caps_of(["2030=12,000万吨", "2035=1亿吨"]) == {2030: 1.2e8, 2035: 1e8}
    with pytest.raises(HengtanError, match="2030：很多"):
        caps_of(["2030：很多"])


def test_a_range_that_is_none_is_told_with_its_row(workspace, hand_in):
    """5 to 20 % about 10 % are not even: the row and its column, by their titles."""
    hand_in("measure_effects", MEASURE | {"效果下限": 5})
    with pytest.raises(
        BadRange, match=r"第2行 “充分实施的效果（%）”列.*（中值）：均匀分布的中值须在正中"
    ):
        odds_of(desk(workspace), Wish(1000))
