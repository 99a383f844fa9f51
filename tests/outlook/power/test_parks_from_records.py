"""A park and a district's water, wind and sun from files in Chinese; then one figure is corrected.

The park: 1,000 kW in every hour of 2025, sun that shines at full from 8 to 16 (2,920 hours), power
at 0.6 yuan/kWh by day and 0.3 at night, nothing paid for what is sold.
"""

import pytest
from filed_rows import file_rows
from park_rows import DAY, LOAD, NIGHTS, SUN, hours, park_of

from hengtan.basis.errors import HengtanError
from hengtan.desk.power import Chosen, PowerDesk, firm_of
from hengtan.desk.power_page import park_view
from hengtan.desk.power_parks import ParkDesk
from hengtan.outlook.conflict import StudyWithoutPlan
from hengtan.report.page.power import park_context

HOURS = 8760
PARK = park_of(5000)


@pytest.fixture
def hand_in(workspace, tmp_path):
    return lambda form, *rows: file_rows(workspace, tmp_path, form, list(rows))


@pytest.fixture
def park(hand_in):
    hand_in("hourly_series", *LOAD)
    hand_in("hourly_series", *SUN)
    hand_in("park_study", PARK)
    hand_in("park_tariffs", DAY, *NIGHTS)
    return hand_in


def solved(workspace, **wish):
    return ParkDesk(PowerDesk(workspace)).answer(Chosen("500156", "P1"), **wish)


def share_of(whole, name):
    return next(row for row in whole["shares"] if row["share"] == name)


def test_sun_covers_the_day_and_its_shares_are_judged_by_the_dated_rule(workspace, park):
    """A kW of sun costs 3,000 / 25 = 120 a year and saves 2,920 x 0.6: 1,000 kW are built, nothing
    is exported. Self-use 1, green share 1/3: above 30 %, which the rule asked of 2025. 40 % of its
    own contract lacks 584,000 kWh, until there is a store and wind by night, up to their limits.
    """
    whole = solved(workspace)
    assert whole["built"]["solar"] == pytest.approx(1000)
    assert whole["at_limit"] == []  # of 5,000
    night, day = 1000 * 10 * 365 * 0.3, 1000 * 14 * 365 * 0.6
    assert whole["cost_bought_only"] == pytest.approx(night + day)
    saved = 1000 * 2920 * 0.6 - 1000 * 120
    assert whole["cost"] == pytest.approx(night + day - saved)
    green = share_of(whole, "green")
    assert (green["value"], green["threshold"], green["is_met"]) == pytest.approx(
        (1 / 3, 0.3, True)
    )
    assert "650号" in green["said_by"]
    assert share_of(whole, "self_use")["is_met"] and share_of(whole, "exported")["is_met"]

    park("park_study", PARK | {"绿电占用电比例下限（%）": 40})
    with pytest.raises(StudyWithoutPlan, match="绿电占用电比例下限降低584,000 kWh"):
        solved(workspace)
    store = {"储能造价": 1, "变流器造价": 1, "储能综合效率（%）": 100, "储能寿命": 10}
    wind = {"风电序列": "夜风", "风电造价（元/千瓦）": 3000, "风电容量上限（千瓦）": 200}
    park("hourly_series", *hours("夜风", lambda h: int(h <= 8), "可用出力比例"))
    own = {"绿电占用电比例下限（%）": 40, "光伏容量上限（千瓦）": 1100}
    park("park_study", PARK | store | wind | own)
    whole = solved(workspace)
    assert share_of(whole, "green")["threshold"] == pytest.approx(0.4)
    assert whole["built"]["wind"] == pytest.approx(200) and whole["store_energy"] > 0
    assert set(whole["at_limit"]) == {"solar", "wind"}


def test_the_page_says_the_energy_of_the_year(workspace, park):
    """8,760 MWh used, of which the sun gives 2,920: 584 of 10⁴ kWh are bought, none sold."""
    shown = park_context(park_view(workspace, "500156", "P1"), "zh")
    assert dict(shown["park_energy"]) == {
        "用电": "876",
        "网上买": "584",
        "卖到网上": "0",
        "储能损耗": "0",
    }
    assert shown["answer"]["demo"] is False


def test_a_corrected_price_moves_the_sizes(workspace, park):
    park("park_study", PARK | {"光伏造价（元/千瓦）": 60000})
    assert solved(workspace)["built"]["solar"] == pytest.approx(0, abs=1e-6)


def test_a_share_of_its_own_contract_counts_before_the_rule(workspace, park):
    """40 % green needs storage; the store of 100 % moves what more sun gives. One kWh of store and
    one kW a thousandth of a yuan each.
    """
    store = {"储能造价": 1, "变流器造价": 1, "储能综合效率（%）": 100, "储能寿命": 10}
    park("park_study", PARK | store | {"绿电占用电比例下限（%）": 40, "光伏容量上限（千瓦）": 1200})
    whole = solved(workspace)
    green = share_of(whole, "green")
    assert green["threshold"] == pytest.approx(0.4) and green["value"] >= 0.4 - 1e-9
    assert whole["built"]["solar"] >= 1200 - 1e-3
    assert whole["at_limit"] == ["solar"]


def test_sun_and_storage_cut_the_peak_under_a_demand_charge(workspace, park):
    """8,000 kWh of sun a day from 1,000 kW leave 16,000 of the 24,000 kWh: bought evenly they are
    666.67 kW in every hour, for which 666.67 × 8 kWh of a store are needed; at 10 yuan a kWh and
    year none is kept from month to month. Everything bought costs
    3,650,000 kWh at 0.3 and 5,110,000 at 0.6 yuan and 1,000 kW × 12 × 500.
    """
    store = {"储能造价": 100, "变流器造价": 1, "储能综合效率（%）": 100, "储能寿命": 10}
    study = PARK | store | {"光伏容量上限（千瓦）": 1000, "需量电价（元/千瓦·月）": 500}
    park("park_study", study)
    whole = solved(workspace)
    assert whole["built"]["solar"] == pytest.approx(1000)
    assert (whole["peak_load"], whole["peak_bought"]) == pytest.approx((1000, 2000 / 3), rel=1e-3)
    assert whole["store_energy"] >= 8 * 2000 / 3 * (1 - 1e-3)
    bought = 3_650_000 * 0.3 + 5_110_000 * 0.6 + 1000 * 12 * 500
    assert whole["cost_bought_only"] == pytest.approx(bought)
    assert whole["cost"] < whole["cost_bought_only"]
    assert share_of(whole, "self_use")["value"] == pytest.approx(1)
    park("park_study", study | {"需量电价（元/千瓦·月）": 0, "储能造价": 100_000})
    assert solved(workspace)["peak_bought"] == pytest.approx(1000)


def test_shares_that_cannot_be_had_say_what_lacks(workspace, park):
    """Without storage a third of 8,760,000 kWh is the most: 40 % lacks 584,000 kWh."""
    park("park_study", PARK | {"绿电占用电比例下限（%）": 40})
    with pytest.raises(StudyWithoutPlan, match="绿电占用电比例下限降低584,000 kWh"):
        solved(workspace)


@pytest.mark.parametrize(
    ("tariffs", "said"),
    [
        ([DAY, NIGHTS[0]], "1月22—23时没有购电价"),
        ([DAY, *NIGHTS, DAY | {"起始时刻": 9, "终止时刻": 10}], "1月9—10时有两个购电价"),
    ],
)
def test_hours_without_a_price_or_with_two_are_named(workspace, hand_in, tariffs, said):
    hand_in("hourly_series", *hours("园区负荷", lambda h: 1000, "负荷", "千瓦"))
    hand_in("park_study", PARK | {"光伏序列": ""})
    hand_in("park_tariffs", *tariffs)
    with pytest.raises(HengtanError, match=said):
        solved(workspace)


WATER = {
    "地区": "武隆区",
    "电厂": "测试（合成）",
    "状态": "在运",
    "来源": "合成",
    "单机容量（兆瓦）": 100,
}
STUDY = {"地区": "武隆区", "研究编号": "W1", "研究名称": "武隆水风光（合成）", "模拟年份": 2025}
STUDY |= {"燃料价格时期": "2025", "负荷序列": "园区负荷", "缺电代价（元/千瓦时）": 5}


def test_firm_output_of_a_district_is_refused_without_inflow_and_told_with_it(workspace, hand_in):
    """Wulong without inflow: refused. With 10 MW of made-up inflow in each hour and wind that gives
    20 MW for twelve hours of the day: 240 + 240 MWh a day, 20 MW in every hour once the water of
    the windy half is kept; 10 MW when it runs off.
    """
    hand_in("hourly_series", *hours("园区负荷", lambda h: 1000, "负荷", "千瓦"))
    hand_in("hourly_series", *hours("合成风", lambda h: int(h <= 12), "可用出力比例"))
    dam = WATER | {"机组编号": "H1", "发电类型": "水库水电", "水库调节能力": 2}
    wind = WATER | {
        "机组编号": "W1",
        "发电类型": "风电",
        "单机容量（兆瓦）": 20,
        "曲线编号": "合成风",
    }
    hand_in("power_units", dam, wind)
    hand_in("dispatch_studies", STUDY)
    desk = PowerDesk(workspace)
    with pytest.raises(HengtanError, match="没有来水") as refused:
        firm_of(desk, Chosen("500156", "W1"), 1.0)
    assert "hourly_series" in refused.value.todo
    hand_in("power_units", dam | {"年发电量": "8760万千瓦时"})
    hand_in("dispatch_studies", STUDY | {"水电来水曲线": "flat"})
    firm = firm_of(PowerDesk(workspace), Chosen("500156", "W1"), 1.0)
    assert firm["together"] == pytest.approx(20)
    assert firm["apart"] == pytest.approx(10) and firm["bound"] >= 20 - 1e-9
    half = firm_of(PowerDesk(workspace), Chosen("500156", "W1"), 0.5)
    assert half["apart"] == pytest.approx(30)  # in the windy half of the hours
    months = {row["first"]: row["by_month"] for row in firm["correlation"]}
    assert months and all(len(of_months) == 12 for of_months in months.values())
    assert any("flat" in row["zh"] for row in firm["assumptions"])
