"""A figure explains itself down to the input and its source."""

from dataclasses import replace

import pytest
from small_power_systems import system, thermal

from hengtan.outlook.power.explain import carbon_of, output_at, price_at
from hengtan.outlook.power.parts import Fuel, Import
from hengtan.outlook.power.results import planned
from hengtan.outlook.power.value import NoSuchPart


@pytest.fixture(scope="module")
def plan():
    """94 MWh reach the node of 100 that coal generates at 9 GJ; 20 more come from outside."""
    coal = thermal(
        cost=5.0,
        own_use=0.06,
        capacity=100.0,
        fuel="coal",
        heat_rate=9.0,
        source="power_units 第2行",
    )
    link = Import(
        name="西电",
        node="A",
        kind="import",
        capacity=50.0,
        cost=300.0,
        factor=0.4,
        factor_name="区域因子（假设）",
        source="power_lines 第3行",
    )
    fuel = Fuel.at("coal", 2.0, 0.0946, "fuel_prices 第1行")
    return planned(system([114.0], fuels=(fuel,), thermal=(coal,), imports=(link,)))


def test_carbon_leads_to_heat_fuel_and_their_rows(plan):
    """900 GJ × 0.0946 = 85.14 t; 9 GJ/MWh are 307.09 gce/kWh."""
    said = [str(line) for line in carbon_of(plan, "coal")]
    assert said[0] == "coal碳排放：85.14 tCO2/a（来源未注明）"
    assert "耗热量：900 GJ/a（power_units 第2行）" in said
    assert "平均发电煤耗：307.088 gce/kWh（power_units 第2行）" in said
    assert "coal单位热值含碳：0.0946 tCO2/GJ（fuel_prices 第1行）" in said


def test_carbon_of_power_from_outside_names_its_factor(plan):
    said = carbon_of(plan, "西电")
    assert str(said[-1]) == "碳排放因子（区域因子（假设））：0.4 tCO2/MWh（power_lines 第3行）"
    assert said[0].amount == pytest.approx(8.0)
    assert said[0].english().startswith("carbon of 西电: 8 tCO2/a")


def test_a_price_is_that_of_the_plant_with_room(plan):
    """Coal is full at (5 + 18) / 0.94 = 24.47; the link has room at 300."""
    lines = price_at(plan, "A", 0)
    assert [line.amount for line in lines] == pytest.approx([300.0, 300.0])
    assert "西电" in lines[1].zh
    costs = {line.zh: line.amount for line in output_at(plan, "coal", 0)}
    assert costs["变动成本"] == pytest.approx(23 / 0.94)
    assert costs["当时可用容量"] == pytest.approx(100.0)
    assert costs["coal出力"] == pytest.approx(100.0)


def test_a_name_that_is_not_there_is_refused(plan):
    with pytest.raises(NoSuchPart, match="没有“南电”"):
        carbon_of(plan, "南电")


def test_a_changed_input_changes_what_is_said(plan):
    """At 8 GJ/MWh the same output emits 8 / 9 of it."""
    better = replace(plan.system.thermal[0], heat_rate=8.0)
    again = planned(replace(plan.system, thermal=(better,)))
    assert carbon_of(again, "coal")[0].amount == pytest.approx(85.14 * 8 / 9)
