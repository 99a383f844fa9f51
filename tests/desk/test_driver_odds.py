"""Odds of a pathway from filed ranges of drivers, by hand. All figures are synthetic.

Industry burns 1,000 万tce of raw coal in 2020 and nothing else. Its activity changes by -10 to 10 %
in one year (evenly, middle 0), so that emissions are even between 90 and 110 %.
"""

import re

import pytest
from filed_rows import file_rows

from hengtan.basis.errors import HengtanError
from hengtan.desk.odds import Wish, odds_of
from hengtan.desk.pathway import Asked, PathwayDesk
from hengtan.outlook.uncertainty.laws import RangeWithoutSource
from hengtan.report.page.pathway import influence_rows

BALANCE = {"地区": "重庆市", "年份": "2020年", "平衡表项目": "F.2.ind", "能源品种": "raw_coal"}
BALANCE |= {"数量种类": "标准量", "折算方法": "当量值", "数值": 1000, "计量单位": "万吨标准煤"}
HOMES = BALANCE | {"平衡表项目": "F.4", "数值": 500}
DRIVER = {"地区": "重庆市", "部门": "F.2.ind", "因素": "活动量", "起始年份": 2022, "性质": "假设"}
DRIVER |= {"年变化率": 0, "变化率下限（%）": -10, "变化率上限（%）": 10, "分布": "均匀"}
DRIVER |= {"范围的性质": "假设", "范围的来源": "试验报告"}
RANGELESS = {"变化率下限（%）": "", "变化率上限（%）": "", "分布": "", "范围的性质": ""}
RANGELESS |= {"范围的来源": ""}


@pytest.fixture
def hand_in(workspace, tmp_path):
    hand = lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))  # noqa: E731
    hand("regional_balance", BALANCE)
    return hand


def asked(workspace, share_of_base):
    """The odds of emissions in 2022 at most at a share of those of 2020, and the whole answer."""
    desk = PathwayDesk(workspace, Asked("500000", until=2022))
    cap = share_of_base * desk.years()[0]["with_measures"]
    whole = odds_of(desk, Wish(20_000, 1, {2022: cap}))
    (odds,) = whole["odds"]
    return odds, whole


def test_odds_lie_on_the_straight_line(workspace, hand_in):
    """At most 105 % of 90 to 110: three of four."""
    hand_in("pathway_drivers", DRIVER)
    odds, whole = asked(workspace, 1.05)
    assert odds["odds"] == pytest.approx(0.75, abs=0.015)
    assert odds["assumed"] == 1.0
    (influence,) = whole["influences"]
    assert influence["measure"] == "工业（F.2.ind） 活动量 2022—2022"
    assert influence["measure_en"] == "Industry (F.2.ind) activity 2022—2022"
    assert influence["total"] == pytest.approx(1.0, abs=0.05)


def test_a_page_in_english_names_drivers_in_english(workspace, tmp_path, hand_in):
    file_rows(workspace, tmp_path, "regional_balance", [BALANCE, HOMES])
    hand_in("pathway_drivers", DRIVER | {"部门": "F.2.ind;F.4"})
    _, whole = asked(workspace, 1.05)
    view = {"measures": [], "study": {"targets": []}}
    names = {lang: influence_rows(view, whole, lang)[0]["measure"] for lang in ("zh", "en")}
    assert names["zh"].count("、") == 1 and "活动量" in names["zh"]
    assert names["en"].count(", ") == 1 and "activity" in names["en"]
    assert not re.search("[\u4e00-\u9fff、]", names["en"])


def test_a_corrected_middle_and_range_move_the_odds(workspace, hand_in):
    """5 % with 0 to 10: at most 105 % is every second."""
    hand_in("pathway_drivers", DRIVER)
    hand_in("pathway_drivers", DRIVER | {"年变化率": 5, "变化率下限（%）": 0})
    odds, _ = asked(workspace, 1.05)
    assert odds["odds"] == pytest.approx(0.5, abs=0.015)


def test_a_change_of_two_years_counts_twice(workspace, hand_in):
    """(1 + g)^2 is at most 1.05^2 where g is at most 5 % of -10 to 10."""
    hand_in("pathway_drivers", DRIVER | {"起始年份": 2021})
    odds, _ = asked(workspace, 1.05**2)
    assert odds["odds"] == pytest.approx(0.75, abs=0.015)


def test_nothing_is_drawn_after_the_next_row_begins(workspace, hand_in):
    """The range is of 2021 alone; in 2022 activity falls by a tenth for certain, of 90 to 110."""
    falling = DRIVER | RANGELESS | {"年变化率": -10}
    hand_in("pathway_drivers", DRIVER | {"起始年份": 2021}, falling)
    odds, _ = asked(workspace, 0.9 * 1.05)
    assert odds["odds"] == pytest.approx(0.75, abs=0.015)


def test_half_of_the_variance_rests_on_the_assumed_range(workspace, tmp_path, hand_in):
    """Industry 900 to 1,100, assumed; intensity of homes 500 times 0.8 to 1.2, established: both
    200 wide and evenly, so that each has half of the variance.
    """
    file_rows(workspace, tmp_path, "regional_balance", [BALANCE, HOMES])
    homes = {"部门": "F.4", "因素": "能源强度", "变化率下限（%）": -20, "变化率上限（%）": 20}
    hand_in("pathway_drivers", DRIVER, DRIVER | homes | {"范围的性质": "已确立"})
    odds, whole = asked(workspace, 1.0)
    assert odds["assumed"] == pytest.approx(0.5, abs=0.05)
    assert odds["odds"] == pytest.approx(0.5, abs=0.015)
    assert len(whole["influences"]) == 2


def test_a_range_without_a_source_gives_no_odds(workspace, hand_in):
    hand_in("pathway_drivers", DRIVER | {"范围的来源": ""})
    with pytest.raises(RangeWithoutSource, match=r"工业.*活动量.*区间没有来源"):
        asked(workspace, 1.05)


GDP = DRIVER | {"部门": "gdp"}


def test_a_range_of_gdp_moves_the_sectors_that_follow_it_by_one_draw(workspace, tmp_path, hand_in):
    """Industry and homes both go as GDP does: 1,500 times 0.9 to 1.1, by one number."""
    file_rows(workspace, tmp_path, "regional_balance", [BALANCE, HOMES])
    level = RANGELESS | {"起始年份": 2020, "年变化率": "", "基年活动量": 100, "活动量单位": "亿元"}
    follows = RANGELESS | {"起始年份": 2020, "年变化率": "", "活动量取自指标": "gdp"}
    industry, homes = (DRIVER | follows | {"部门": name} for name in ("F.2.ind", "F.4"))
    hand_in("pathway_drivers", GDP, GDP | level, industry, homes)
    odds, whole = asked(workspace, 1.05)
    assert odds["odds"] == pytest.approx(0.75, abs=0.015)
    assert len(whole["influences"]) == 1


def test_a_range_of_gdp_that_nothing_follows_is_refused(workspace, hand_in):
    hand_in("pathway_drivers", GDP)
    with pytest.raises(HengtanError, match=r"pathway_drivers\.csv.*没有部门随它变"):
        asked(workspace, 1.05)


def test_a_change_outside_its_ends_is_not_filed(workspace, hand_in):
    with pytest.raises(HengtanError, match="年变化率不在上下限之间"):
        hand_in("pathway_drivers", DRIVER | {"年变化率": 12})
