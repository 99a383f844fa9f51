"""Laws of the power engine, each against a hand calculation that the docstring shows."""

from dataclasses import replace

import numpy as np
import pytest
from small_power_systems import coal_and_gas, system, thermal

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.outlook.conflict import conflict
from hengtan.outlook.optimum import Infeasible, Solver
from hengtan.outlook.power.build import program_of
from hengtan.outlook.power.check import SystemRefused, same_series
from hengtan.outlook.power.costs import annuity, coal_rate_of_heat, heat_curve, heat_of_coal_rate
from hengtan.outlook.power.parts import (
    Build,
    CleanShare,
    Curtailable,
    Fuel,
    Import,
    Limits,
    Line,
    Reservoir,
    Shiftable,
    Steps,
    Storage,
    Supply,
    Thermal,
    Variable,
)
from hengtan.outlook.power.results import planned
from hengtan.outlook.power.value import NoSuchPart, value_of


def test_a_carbon_cap_of_two_hours_costs_what_the_hand_says():
    """All gas emits 100 t; 50 t more let 50 / 0.35 MWh be coal: 12500 − 142.857 × 30 = 8214.2857;
    a tonne is worth 30 / 0.35 = 85.714.
    """
    plan = planned(coal_and_gas())
    assert plan.optimum.cost == pytest.approx(8214.285714, rel=1e-8)
    assert plan.carbon_price == pytest.approx(85.714286, rel=1e-7)
    assert sum(plan.carbon().values()) == pytest.approx(150.0)


def test_a_cap_below_what_is_possible_says_what_would_help():
    """All gas emits 100 t: under 80 t the cap must rise by 20 t or demand fall by 50 MWh."""
    with pytest.raises(Infeasible) as refused:
        planned(coal_and_gas(80.0))
    said = conflict(refused.value.program)
    assert "碳排放上限提高20 tCO2" in said.zh()
    assert "电力需求降低50 MWh" in said.zh()


def test_a_step_that_stands_for_many_days_costs_many_times_and_stores_once():
    """A store of 10 MWh, full efficiency: 10 of the 30 MWh at night come from the cheap day, on
    each of 365 days: 365 × (40 × 1 + 20 × 9) = 80,300, whatever the number of days.
    """
    steps = Steps(np.ones(2), np.full(2, 365.0), np.zeros(2, dtype=np.int32))
    day = Variable(
        name="sun", node="A", kind="solar", capacity=40.0, available=np.array([1.0, 0.0]), cost=1.0
    )
    store = Storage(name="store", node="A", kind="battery", capacity=20.0, energy=10.0)
    plan = planned(
        system([30.0, 30.0], steps, thermal=(thermal(cost=9.0),), variable=(day,), storage=(store,))
    )
    assert plan.optimum.cost == pytest.approx(365 * (40 * 1 + 20 * 9))
    assert plan.optimum.of("level").max() == pytest.approx(10.0)
    assert plan.price[0] == pytest.approx([9.0, 9.0]) or plan.price[0, 1] == pytest.approx(9.0)


def test_periods_do_not_lend_energy_to_each_other():
    """Sun in the first period only: its store is of no use to the second, 2 × 10 MWh at 9."""
    steps = Steps(np.ones(4), np.ones(4), np.array([0, 0, 1, 1], dtype=np.int32))
    sun = Variable(
        name="sun", node="A", kind="solar", capacity=50.0, available=np.array([1.0, 0, 0, 0])
    )
    store = Storage(name="store", node="A", kind="battery", capacity=50.0, energy=100.0)
    plan = planned(
        system([10.0] * 4, steps, thermal=(thermal(cost=9.0),), variable=(sun,), storage=(store,))
    )
    assert plan.optimum.cost == pytest.approx(2 * 10 * 9)


def test_losses_of_a_store_are_paid_on_the_way_in_and_out():
    """1 MWh out takes 1 / (0.8 × 0.9) in at 1: 10 MWh cost 13.889 instead of 90."""
    store = Storage(
        name="store",
        node="A",
        kind="battery",
        capacity=50.0,
        energy=100.0,
        efficiency_in=0.8,
        efficiency_out=0.9,
    )
    cheap = Variable(
        name="sun", node="A", kind="solar", capacity=50.0, available=np.array([1.0, 0]), cost=1.0
    )
    plan = planned(
        system([0.0, 10.0], thermal=(thermal(cost=9.0),), variable=(cheap,), storage=(store,))
    )
    assert plan.optimum.cost == pytest.approx(10 / 0.72)


def test_own_use_is_burnt_and_not_delivered():
    """94 MWh delivered at 6 % own use are 100 MWh generated: 900 GJ, 85.14 t, 1,800 + 500 money."""
    coal = thermal(cost=5.0, own_use=0.06, fuel="coal", heat_rate=9.0)
    plan = planned(system([94.0], fuels=(Fuel.at("coal", 2.0, 0.0946),), thermal=(coal,)))
    assert plan.generation() == pytest.approx({"coal": 100.0})
    assert plan.heat() == pytest.approx({"coal": 900.0})
    assert plan.carbon() == pytest.approx({"coal": 85.14})
    assert plan.optimum.cost == pytest.approx(2300.0)


def test_constant_and_standing_costs_count():
    """100 MWh × 20 + 200 MW × 3 + 7 = 2,607."""
    coal = thermal(capacity=200.0, fixed=3.0)
    plan = planned(system([100.0], thermal=(coal,), constants={"wires": 7.0}))
    assert plan.optimum.cost == pytest.approx(2607.0)


def committed(commitment="integer", **more):
    """Three units of 100 MW, least output half, 8 GJ a MWh and 1 GJ for an hour of a MW on."""
    words = {
        "size": 100.0,
        "capacity": 300.0,
        "least": 0.5,
        "commitment": commitment,
        "fuel": "coal",
        "heat_rate": 8.0,
        "no_load": 1.0,
        "cost": 0.0,
    }
    return thermal(**(words | more))


def test_units_start_stay_on_and_burn_what_they_must():
    """Three units of 100 MW; 150, 150, 250, 150 MW need 2, 2, 3, 2 or more units. Heat of an hour
    is 8 × MWh + 100 a unit. Keeping the third on costs 100 an hour, starting it 250 each cycle of
    four hours: on 2, 2, 3, 2 with a start costs 900 + 250 = 1,150; three always cost 1,200.
    5,600 + 1,150 = 6,750 at a price of heat of 1.
    """
    plant = committed(start_cost=2.5)
    asked = system([150.0, 150.0, 250.0, 150.0], fuels=(Fuel.at("coal", 1.0),), thermal=(plant,))
    plan = planned(asked)
    assert plan.online["coal"] == pytest.approx([2, 2, 3, 2])
    assert plan.optimum.cost == pytest.approx(6750.0)
    assert plan.heat()["coal"] == pytest.approx(5600 + 900)
    dear = replace(asked, thermal=(replace(plant, start_cost=3.5),))
    assert planned(dear).optimum.cost == pytest.approx(5600 + 1200)


@pytest.mark.parametrize(("up", "cost"), [(0.0, 2325.0), (2.0, 2350.0), (4.0, 2375.0)])
def test_a_unit_that_started_stays_on_for_its_hours(up, cost):
    """One unit of 100 MW against 9.5 a MWh: 900 or 950 for the hour of 100 MW, 500 or 475 for each
    of three hours of 50 MW. Alone at its best hour: 900 + 3 × 475; two hours at least: one of the
    475 becomes 500; four would cost 2,400, so it stays off: 250 × 9.5.
    """
    plants = (committed(capacity=100.0, up=up), thermal("dear", 9.5))
    asked = system([100.0, 50.0, 50.0, 50.0], fuels=(Fuel.at("coal", 1.0),), thermal=plants)
    assert planned(asked).optimum.cost == pytest.approx(cost)


def test_units_that_stopped_stay_off_for_their_hours():
    """One unit of 100 MW, least 50; demand 100, 0, 100, 0 and a dear plant at 90: off for three
    hours once it stopped it serves one hour of the two: 900 + 9,000.
    """
    plant = committed(capacity=100.0, down=3.0)
    others = (plant, thermal("dear", 90.0))
    asked = system([100.0, 0.0, 100.0, 0.0], fuels=(Fuel.at("coal", 1.0),), thermal=others)
    assert planned(asked).optimum.cost == pytest.approx(900 + 9000)
    free = replace(asked, thermal=(replace(plant, down=0.0), others[1]))
    assert planned(free).optimum.cost == pytest.approx(2 * 900)


def test_relaxed_units_cost_no_more_than_whole_ones():
    """Half a unit more than two serve 250 MW: 3 × 100 of no-load heat become 2.5 × 100."""
    asked = system([250.0], fuels=(Fuel.at("coal", 1.0),), thermal=(committed(),))
    assert planned(asked).optimum.cost == pytest.approx(8 * 250 + 300)
    relaxed = replace(asked, thermal=(committed("relaxed"),))
    assert planned(relaxed).optimum.cost == pytest.approx(8 * 250 + 250)


@pytest.mark.parametrize("commitment", ["none", "relaxed", "integer"])
def test_output_changes_no_faster_than_its_ramp(commitment):
    """100 MW that may move 20 an hour around a cycle of two hours, all on: 60 → 100 is 20 too
    much, which the dear plant serves at 90. Cheap plant 10 a MWh: 60 + 80 of it.
    """
    plant = thermal(
        cost=10.0, capacity=100.0, size=100.0, ramp=0.2, must_run=True, commitment=commitment
    )
    asked = system([60.0, 100.0], thermal=(plant, thermal("dear", 90.0)))
    assert planned(asked).optimum.cost == pytest.approx(140 * 10 + 20 * 90)


def test_water_comes_when_it_comes_and_waits_behind_the_dam():
    """Inflow 40 MWh in the first hour, dam 30, 20 MW: 20 at once, 20 later, against 50 a MWh."""
    dam = Reservoir(
        name="dam",
        node="A",
        kind="hydro",
        capacity=20.0,
        volume=30.0,
        inflow=np.array([40.0, 0.0, 0.0]),
        initial=0.0,
    )
    asked = system([25.0] * 3, thermal=(thermal(cost=50.0),), reservoirs=(dam,))
    plan = planned(asked)
    assert plan.optimum.cost == pytest.approx((75 - 40) * 50)
    assert planned(replace(asked, reservoirs=(replace(dam, volume=5.0),))).optimum.cost == (
        pytest.approx((75 - 25) * 50)
    )


def test_a_dam_without_inflow_is_refused():
    dam = Reservoir(name="江口", node="A", kind="hydro", capacity=20.0)
    with pytest.raises(ParameterNotEstablished, match=r"江口.*入库流量.*hourly_series"):
        planned(system([25.0], thermal=(thermal(),), reservoirs=(dam,)))


def test_power_from_outside_needs_a_named_factor_and_counts_by_it():
    """50 MWh at 0.4 t are 20 t under a cap that leaves 50 MWh of coal at 0.8: 40 + 20 = 60 t."""
    link = Import(name="西电", node="A", kind="import", capacity=100.0, cost=30.0)
    coal = thermal(fuel="coal", heat_rate=8.0)
    asked = system(
        [100.0],
        fuels=(Fuel.at("coal", 0.0, 0.1),),
        thermal=(coal,),
        imports=(link,),
        limits=Limits(carbon=60.0),
    )
    with pytest.raises(ParameterNotEstablished, match=r"西电.*碳排放因子"):
        planned(asked)
    chosen = replace(link, factor=0.4, factor_name="区域因子（假设）")
    plan = planned(replace(asked, imports=(chosen,)))
    assert plan.carbon() == pytest.approx({"coal": 40.0, "西电": 20.0})
    assert plan.optimum.cost == pytest.approx(50 * 20 + 50 * 30)


def test_a_contract_is_taken_even_where_it_is_dear():
    """30 MWh at 30 must be taken: 30 × 30 + 70 × 20."""
    link = Import(
        name="西电",
        node="A",
        kind="import",
        capacity=100.0,
        cost=30.0,
        factor=0.4,
        factor_name="假设",
        at_least=30.0,
    )
    asked = system([100.0], thermal=(thermal(),), imports=(link,))
    assert planned(asked).optimum.cost == pytest.approx(2300.0)


def test_non_fossil_power_counts_at_the_coal_rate():
    """Coal burns 293.076 GJ = 10 tce for 30 MWh; wind counts at 300 g, 0.3 tce a MWh. With N wind
    of 100 MWh: 0.3 N / (0.3 N + (100 − N) / 3) ≥ 0.5 gives N = 52.6316.
    """
    coal = thermal(fuel="coal", heat_rate=29.3076 / 3)
    wind = Variable(name="wind", node="A", kind="wind", capacity=100.0, cost=60.0, non_fossil=True)
    asked = system(
        [100.0],
        fuels=(Fuel.at("coal", 0.0, 0.1),),
        thermal=(coal,),
        variable=(wind,),
        limits=Limits(clean=CleanShare(0.5, 300.0)),
    )
    assert planned(asked).output["wind"] == pytest.approx([100 / 1.9])
    unknown = replace(asked, limits=Limits(clean=CleanShare(0.5, None)))
    with pytest.raises(ParameterNotEstablished, match="发电煤耗"):
        planned(unknown)


def test_a_reserve_margin_builds_what_is_firm():
    """Peak 100 and 15 %: 115 − 60 × 0.9 = 61 MW of gas at 5 a MW; firm share of gas is 1."""
    coal = thermal(capacity=60.0, firm=0.9)
    gas = thermal("gas", 50.0, 0.0, firm=1.0, build=Build(5.0))
    asked = system([100.0, 40.0], thermal=(coal, gas), limits=Limits(reserve=0.15))
    plan = planned(asked)
    assert plan.built == pytest.approx({"gas": 61.0})
    assert plan.peak_day().margin == pytest.approx(0.15)
    assert plan.optimum.cost == pytest.approx(100 * 20 + 40 * 50 + 61 * 5)


def test_fuel_is_bought_tier_by_tier():
    """40 GJ at 1 and the rest at 3: 100 MWh × 1 GJ cost 40 + 180."""
    fuel = Fuel("gas", (Supply(1.0, 40.0), Supply(3.0)))
    plant = thermal(cost=0.0, fuel="gas", heat_rate=1.0)
    plan = planned(system([100.0], fuels=(fuel,), thermal=(plant,)))
    assert plan.optimum.cost == pytest.approx(220.0)
    assert plan.price[0, 0] == pytest.approx(3.0)


def test_load_shifts_within_its_window_and_no_further():
    """10 MW may leave the dear second hour: within two hours to the first (10 × 30 saved); the
    third and fourth hour, a window of their own, are alike.
    """
    shift = Shiftable(name="shift", node="A", down=10.0, up=10.0, window=2.0)
    sun = Variable(
        name="sun", node="A", kind="solar", capacity=200.0, available=np.array([1.0, 0, 0, 0])
    )
    asked = system([100.0] * 4, thermal=(thermal(cost=30.0),), variable=(sun,))
    before = planned(asked).optimum.cost
    assert before == pytest.approx(9000.0)
    assert planned(replace(asked, shiftable=(shift,))).optimum.cost == pytest.approx(8700.0)


def test_load_is_given_up_for_its_calls_and_no_more():
    """Two calls of one hour of 10 MW at 5 instead of 30: 20 × 25 saved."""
    load = Curtailable(name="factory", node="A", power=10.0, price=5.0, calls=2.0, hours=1.0)
    asked = system([100.0] * 72, thermal=(thermal(cost=30.0),), curtailable=(load,))
    plan = planned(asked)
    assert plan.optimum.cost == pytest.approx(72 * 3000 - 20 * 25)


def test_what_cannot_be_served_is_shortage_at_its_price():
    """100 asked, 80 there: 20 at 1,000 in one of two hours."""
    asked = system([100.0, 50.0], thermal=(thermal(capacity=80.0),), shortage=1000.0)
    plan = planned(asked)
    assert plan.shortage_hours == 1.0
    assert plan.optimum.cost == pytest.approx(130 * 20 + 20 * 1000)
    assert plan.price[0] == pytest.approx([1000.0, 20.0])


def test_a_line_carries_what_it_can_with_its_losses():
    """50 MW sent, 45 arrive at 10 / 0.9; the rest of 60 comes from the dear plant at 40."""
    plants = (
        Thermal(name="cheap", node="A", kind="coal", capacity=200.0, cost=10.0),
        Thermal(name="dear", node="B", kind="gas", capacity=200.0, cost=40.0),
    )
    line = Line(name="link", start="B", end="A", power=50.0, efficiency=0.9)
    asked = system([[20.0], [60.0]], nodes=("A", "B"), thermal=plants, lines=(line,))
    plan = planned(asked)
    assert plan.optimum.cost == pytest.approx(70 * 10 + 15 * 40)
    worth = value_of(asked, "link")
    assert worth.saving == pytest.approx((20 * 10 + 60 * 40) - (700 + 600))
    with pytest.raises(NoSuchPart, match="没有“无此线”"):
        value_of(asked, "无此线")


def test_wind_that_is_not_used_is_curtailed():
    """80 MW of wind for 50 MW of load: 30 of 80 are lost."""
    wind = Variable(name="wind", node="A", kind="wind", capacity=80.0)
    assert planned(system([50.0], variable=(wind,))).curtailment("wind") == pytest.approx(0.375)


def test_heat_rates_at_two_loads_give_slope_and_no_load():
    """9 GJ/MWh at full, 10 at half load: slope (9 − 5) / 0.5 = 8, no load 1; 300 g is 8.79228."""
    assert heat_curve(9.0, 10.0, 0.5) == pytest.approx((8.0, 1.0))
    assert heat_of_coal_rate(300.0) == pytest.approx(8.79228)
    assert coal_rate_of_heat(8.79228) == pytest.approx(300.0)


def test_an_annuity_pays_capital_back():
    """The present value of the payments is the capital; without interest it is a share a year."""
    paid = annuity(0.07, 20)
    assert sum(paid / 1.07**year for year in range(1, 21)) == pytest.approx(1.0)
    assert annuity(0.0, 25) == pytest.approx(0.04)


def test_a_changed_demand_is_solved_from_where_it_was():
    """One MWh more of coal at 20."""
    solver = Solver(program_of(system([100.0, 50.0], thermal=(thermal(),))))
    before = solver.solve().cost
    solver.change("demand", lower=[[101.0, 50.0]], upper=[[101.0, 50.0]])
    assert solver.solve().cost - before == pytest.approx(20.0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"demand": np.ones((1, 3))}, "1个节点×2个时段"),
        ({"thermal": (thermal(), thermal())}, "“coal”重复2次"),
        ({"thermal": (replace(thermal(), node="B"),)}, "节点“B”不存在"),
        ({"thermal": (thermal(fuel="oil"),)}, "“oil”没有价格"),
        (
            {"lines": (Line(name="l", start="A", end="A", susceptance=1.0, build=Build(1.0)),)},
            "线路“l”按直流潮流计算",
        ),
        (
            {"storage": (Storage(name="s", node="A", kind="s", build=Build(1.0)),)},
            "没有小时数（ratio）或可新建电量",
        ),
        ({"thermal": (thermal(flat=True, commitment="relaxed"),)}, "既恒定出力又参加机组组合"),
        ({"thermal": (thermal(own_use=6.0),)}, "厂用电率6应在0与1之间"),
        ({"thermal": (committed(capacity=250.0, fuel=""),)}, "不是单机100 MW的整数倍"),
        (
            {"variable": (Variable(name="w", node="A", kind="w", available=np.ones(3)),)},
            "“w”的序列（available）有3个值，应为2个",
        ),
        (
            {"variable": (Variable(name="w", node="A", kind="w", utc_offset=0.0),)},
            r"UTC\+0，负荷为 UTC\+8",
        ),
    ],
)
def test_a_system_that_contradicts_itself_is_refused_in_one_line(change, said):
    with pytest.raises(SystemRefused, match=said):
        planned(replace(system([1.0, 2.0], thermal=(thermal(),)), **change))


def test_a_leap_year_has_its_hours():
    """2024 has 8,784 hours: a series of 8,760 is refused, one of 8,784 costs 8,784 × 20."""
    with pytest.raises(SystemRefused, match="2024年应有8784小时"):
        planned(system(np.ones(8760), Steps.of_year(8760, 2024), thermal=(thermal(),)))
    whole = system(np.ones(8784), Steps.of_year(8784, 2024), thermal=(thermal(),))
    assert planned(whole).optimum.cost == pytest.approx(8784 * 20)


def test_marginal_carbon_is_that_of_the_plant_that_would_run():
    """Coal 0.75 t/MWh has room in the first hour, gas 0.4 serves what is more in the second."""
    asked = coal_and_gas(cap=None)
    coal = replace(asked.thermal[0], capacity=120.0)
    plan = planned(replace(asked, thermal=(coal, asked.thermal[1])))
    assert plan.marginal_carbon[0] == pytest.approx([0.75, 0.4])
    assert plan.price[0] == pytest.approx([20.0, 50.0])


def test_one_shape_under_two_names_is_said():
    """The hydro shapes of one public source are one series for 31 provinces."""
    shape = np.array([0.2, 0.8])
    rivers = [
        Variable(name=name, node="A", kind="hydro", available=shape * share)
        for name, share in (("重庆", 1.0), ("四川", 0.5))
    ]
    other = Variable(name="贵州", node="A", kind="hydro", available=np.array([0.3, 0.8]))
    said = same_series(system([1.0, 2.0], variable=(*rivers, other)))
    assert [finding.level for finding in said] == ["warning"]
    assert "“四川”与“重庆”" in said[0].zh
