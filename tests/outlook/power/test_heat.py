"""Heat and power by hand: what a unit that must give heat may generate, burn and cost.

The unit: 100 MW, 8 GJ/MWh, coal at 20 a GJ and 0.09 t/GJ; at least 0.5 MW for a MW of heat, and
0.2 MW less than 100. Beside it wind at nothing, and shortage at 1,000 a MWh.
"""

from dataclasses import replace

import numpy as np
import pytest

from hengtan.basis.errors import HengtanError
from hengtan.outlook.hourly import HourlySeries
from hengtan.outlook.power.check import SystemRefused
from hengtan.outlook.power.parts import Fuel, Limits, Steps, System, Thermal, Variable
from hengtan.outlook.power.records import Context
from hengtan.outlook.power.results import planned
from hengtan.outlook.power.rolling import cut
from hengtan.outlook.power.units import plants_of

UNIT = Thermal(
    name="热电",
    node="市",
    kind="coal",
    fuel="coal",
    capacity=100.0,
    heat_rate=8.0,
    heat_load=np.array([100.0, 60.0, 0.0]),
    power_to_heat=0.5,
    power_loss=0.2,
)


def city(demand, wind=0.0, **changes):
    """Three hours of a city with the unit and so much wind."""
    return System(
        name="测试",
        steps=Steps(np.ones(3), np.ones(3), np.zeros(3, dtype=np.int32)),
        nodes=("市",),
        demand=np.array([demand], dtype=float),
        fuels=(Fuel.at("coal", 20.0, 0.09),),
        thermal=(replace(UNIT, **changes),),
        variable=(Variable(name="风", node="市", kind="wind", capacity=wind),),
        shortage=1000.0,
    )


def test_heat_holds_power_up_when_the_wind_blows_and_down_at_the_peak():
    """100 MW of heat leave 50 to 80 MW, 60 MW leave 30 to 88. Of 100 MW wanted 20 lack in the first
    hour; with 60 MW of wind and 70 wanted in the second, 10 would do, 30 must run, and 20 of wind
    are lost; without heat nothing need run.
    """
    plan = planned(city([100.0, 70.0, 0.0]))
    assert plan.output["热电"] == pytest.approx([80.0, 70.0, 0.0])
    assert plan.shortage[0] == pytest.approx([20.0, 0.0, 0.0])
    windy = planned(city([100.0, 70.0, 10.0], wind=60.0))
    assert windy.output["热电"] == pytest.approx([50.0, 30.0, 0.0])
    assert windy.curtailed(windy.system.variable[0]) == pytest.approx([10.0, 20.0, 50.0])


def test_fuel_and_carbon_are_those_of_power_and_of_what_heat_takes_away():
    """(80 + 70) MWh and 0.2 x 160 MWh of heat: 182 x 8 = 1,456 GJ, 131.04 t, 29,120; 20 MWh lack
    at 1,000.
    """
    plan = planned(city([100.0, 70.0, 0.0]))
    assert plan.heat()["热电"] == pytest.approx(1456.0)
    assert sum(plan.carbon().values()) == pytest.approx(131.04)
    assert plan.optimum.cost == pytest.approx(1456 * 20 + 20_000)
    assert plan.marginal_carbon[0, 1] == pytest.approx(8 * 0.09)


def test_a_cap_on_carbon_counts_the_heat():
    """Of 100 t the heat takes 32 x 8 x 0.09 = 23.04 t: 106.889 MWh of the 150 are left."""
    system = replace(city([100.0, 70.0, 0.0]), limits=Limits(carbon=100.0))
    plan = planned(system)
    assert plan.output["热电"].sum() == pytest.approx((100 - 23.04) / 0.72)
    assert sum(plan.carbon().values()) == pytest.approx(100.0)


def test_heat_beyond_the_unit_and_a_committed_unit_are_refused_by_name():
    """150 MW of heat ask for 75 MW at least and leave 70 at most."""
    with pytest.raises(SystemRefused, match="“热电”第2时的供热超过机组能力"):
        planned(city([50.0] * 3, heat_load=np.array([100.0, 150.0, 0.0])))
    with pytest.raises(SystemRefused, match="不能参加机组组合"):
        planned(city([50.0] * 3, commitment="relaxed"))


def unit_of_rows(unit="MW", values=100.0, **more):
    """Two units of one row each, alike to the last figure, that give heat; and what is told."""
    row = {"power_unit": "C1", "plant": "甲", "place": "1", "technology": "coal", "capacity": 100.0}
    row |= {"fuel": "raw_coal", "coal_rate": 300.0, "availability": 100.0, "carbon_factor": 90.0}
    row |= {"heat_series": "热", "power_to_heat": 0.5, "power_loss": 0.2}
    row |= more
    study = {"place": "1", "fuel_period": "2025", "commitment": "relaxed"}
    price = {"place": "1", "product": "raw_coal", "period": "2025"}
    price |= {"price": 900.0, "price_unit": "tce"}
    heat = HourlySeries("热", 2025, np.full(8760, values), unit, "表", "metered")
    context = Context(study, {}, [price], lambda name: heat, str.__eq__)
    return plants_of([row, row | {"power_unit": "C2"}], context)["thermal"], context.assumed


@pytest.mark.parametrize(("unit", "values"), [("MW", 100.0), ("GJ", 360.0), ("吉焦", 360.0)])
def test_a_row_with_a_series_of_heat_runs_by_it_and_apart_from_others(unit, values):
    """100 MW for 8,760 hours are 3,153,600 GJ."""
    units, notes = unit_of_rows(unit, values)
    assert [part.commitment for part in units] == ["none", "none"]
    assert units[0].heat_load == pytest.approx(np.full(8760, 100.0))
    assert (units[1].power_to_heat, units[1].power_loss) == (0.5, 0.2)
    assert any(text.endswith("315.4") for text in notes)
    assert "assumed.heat_apart|甲" in notes


def test_a_unit_whose_heat_nobody_tells_runs_as_power_alone_and_says_so():
    units, notes = unit_of_rows(heat_series=None, heating=True)
    assert [part.gives_heat for part in units] == [False] and units[0].capacity == 200.0
    assert "assumed.heat_unknown|甲" in notes


def test_heat_in_another_unit_is_refused():
    with pytest.raises(HengtanError, match="单位是“t”，不是兆瓦或吉焦"):
        unit_of_rows("t")


def test_a_stretch_of_hours_has_the_heat_of_those_hours():
    part = cut(city([50.0] * 3), np.array([1, 2], dtype=np.int32)).thermal[0]
    assert part.heat_load.tolist() == [60.0, 0.0]
