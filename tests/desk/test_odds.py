"""Odds of a pathway from filed measures, by hand. All figures are synthetic.

Industry burns 1,000 万tce of raw coal and nothing else. One measure saves 0 to 20 % of it (evenly,
middle 10 %), so emissions are even between 80 and 100 % of those without it, and any cap between
has its odds by a straight line.
"""

import pytest
from filed_rows import file_rows

from hengtan.basis.errors import HengtanError
from hengtan.desk.odds import Wish, caps_of, odds_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.outlook.uncertainty.laws import RangeWithoutSource

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
    hand_in("measure_effects", MEASURE)
    without = desk(workspace).years()[-1]["without_measures"]
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


def test_caps_are_read_with_their_unit():
    assert caps_of(["2030=12,000万吨", "2035=1亿吨"]) == {2030: 1.2e8, 2035: 1e8}
    with pytest.raises(HengtanError, match="2030：很多"):
        caps_of(["2030：很多"])
