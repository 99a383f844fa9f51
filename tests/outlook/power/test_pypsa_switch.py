"""The cases of Switch on PyPSA as well: our export says what it can, the test adds the rest.

What our export refuses is added in PyPSA's own words: flat output as capacity that is chosen at no
cost and runs at all times, a reservoir without volume as a plant whose sum of energy a period is
given, a store whose power and energy are built apart as two links and a store, and units that are
on in part as committable generators. Two rows of the last two PyPSA has no words for, so that they
are added to its program: charging power is discharging power, and the last step of the day stands
before the first. A dear second tier of fuel that is not reached is left out: PyPSA has one price a
carrier.

What stands costs nothing in PyPSA's objective and is added by name.
"""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from outside_power_models import Switch, expected

from hengtan.outlook.power.parts import Supply
from hengtan.outlook.power.pypsa_link import constant_cost, network_of
from hengtan.outlook.power.results import planned

pytestmark = pytest.mark.skipif(find_spec("pypsa") is None, reason="PyPSA is not installed")
"""Told without loading it, which takes each process of the tests two seconds."""


def without(system, *names):
    """The system without these parts, and the parts by name."""
    lists = ("thermal", "reservoirs", "storage")
    taken = {part.name: part for word in lists for part in getattr(system, word)}
    kept = {
        word: tuple(part for part in getattr(system, word) if part.name not in names)
        for word in lists
    }
    return replace(system, **kept), [taken[name] for name in names]


def one_period(system):
    """The same steps in one row, for a system that carries nothing from step to step."""
    period = np.zeros(system.steps.count, dtype=np.int32)
    return replace(system, steps=replace(system.steps, period=period))


def add_flat(network, plant, price=0.0):
    """Base load: of what stands as much runs at all times as is chosen; more that is built runs."""
    words = {"bus": plant.node, "carrier": "none", "p_nom_extendable": True}
    words |= {"p_min_pu": plant.available, "p_max_pu": plant.available}
    words |= {"marginal_cost": plant.cost + plant.heat_rate * price}
    network.add("Generator", plant.name, **words, p_nom_max=plant.capacity)
    if plant.build is not None:
        sizes = {"p_nom_max": plant.build.most, "capital_cost": plant.build.cost}
        network.add("Generator", f"{plant.name} built", **words, **sizes)


def assert_costs_what_switch_says(model, system, network, **words):
    said = expected(model.name)
    status, condition = network.optimize(solver_name="highs", log_to_console=False, **words)
    assert (status, condition) == ("ok", "optimal")
    cost = network.objective + constant_cost(system)
    assert cost * model.present_value == pytest.approx(said["expected"], rel=said["rel_tol"])


def test_new_builds_alone():
    model = Switch("switch_new_builds_only")
    system = model.system()
    rest, (base,) = without(system, "S-Geothermal")
    network = network_of(rest)
    add_flat(network, base)
    assert_costs_what_switch_says(model, system, network)


def test_copperplate_with_the_tier_of_fuel_that_is_used():
    """Of gas and of biomass less is burnt than the first, cheaper tier has."""
    model = Switch("switch_copperplate1")
    system = model.system()
    best = planned(system).optimum
    for fuel in system.fuels:
        assert best.of(f"tiers {fuel.name}")[1:] == pytest.approx([0.0], abs=1e-6)
    one_price = tuple(
        replace(fuel, supply=(Supply(fuel.supply[0].price),)) for fuel in system.fuels
    )
    flat = [part for part in system.thermal if part.flat]
    rest, _ = without(replace(system, fuels=one_price), *(part.name for part in flat))
    network = network_of(rest)
    prices = {fuel.name: fuel.supply[0].price for fuel in one_price}
    for part in flat:
        add_flat(network, part, prices.get(part.fuel, 0.0))
    assert_costs_what_switch_says(model, system, network)


def test_hydro_whose_energy_of_each_period_is_given():
    """A plant for each period: no output in the other, least flow and at most the inflow's energy.

    Nothing else carries from step to step, so the two periods may stand in one row.
    """
    model = Switch("switch_hydro_simple")
    system = model.system()
    rest, (base, dam) = without(system, "S-Geothermal", "Hydro")
    network = network_of(one_period(rest))
    add_flat(network, base)
    for number in np.unique(system.steps.period):
        here = system.steps.period == number
        network.add(
            "Generator",
            f"{dam.name} {number}",
            bus=dam.node,
            carrier="none",
            p_nom=dam.capacity,
            p_max_pu=np.where(here, dam.available, 0.0),
            p_min_pu=np.where(here, dam.least / dam.capacity, 0.0),
            marginal_cost=dam.cost,
            e_sum_max=float((system.steps.hours * dam.inflow)[here].sum()),
        )
    assert_costs_what_switch_says(model, system, network)


def same_power_both_ways(network, snapshots):
    """What is built to charge is built to discharge."""
    power = network.model["Link-p_nom"]
    charge, discharge = (
        power.sel(name=name, drop=True) for name in ("charge built", "discharge built")
    )
    network.model.add_constraints(charge - discharge == 0, name="one converter")


def test_a_battery_whose_power_and_energy_are_built_apart():
    """Losses are on the way in, costs of output on the way out; power is paid once."""
    model = Switch("switch_storage")
    system = model.system()
    rest, (base, battery) = without(system, "S-Geothermal", "Battery_Storage")
    network = network_of(rest)
    add_flat(network, base)
    network.add("Bus", "battery", carrier="none")
    into = {"bus0": battery.node, "bus1": "battery", "efficiency": battery.efficiency_in}
    out = {"bus0": "battery", "bus1": battery.node, "marginal_cost": battery.cost}
    power = {"carrier": "none", "p_max_pu": battery.available}
    built = power | {"p_nom_extendable": True}
    network.add("Link", "charge", **into, **power, p_nom=battery.capacity)
    network.add("Link", "discharge", **out, **power, p_nom=battery.capacity)
    network.add("Link", "charge built", **into, **built)
    network.add("Link", "discharge built", **out, **built, capital_cost=battery.build.cost)
    store = {"bus": "battery", "carrier": "none", "e_cyclic": True}
    network.add("Store", "energy", **store, e_nom=battery.energy)
    more = {"e_nom_extendable": True, "capital_cost": battery.build_energy.cost}
    network.add("Store", "energy built", **store, **more)
    assert_costs_what_switch_says(model, system, network, extra_functionality=same_power_both_ways)


def add_committed(network, plant, price, steps):
    """Units that are on in part: a start is paid each of the days that the steps stand for."""
    most = plant.capacity * plant.available
    network.add(
        "Generator",
        plant.name,
        bus=plant.node,
        carrier="none",
        p_nom=most,
        committable=True,
        p_min_pu=plant.least,
        min_down_time=round(plant.down / steps.length[0]),
        marginal_cost=plant.cost + plant.heat_rate * price,
        stand_by_cost=plant.no_load * price * most,
        start_up_cost=(plant.start_cost + plant.start_heat * price) * most * steps.times[0],
    )


def the_day_closes(network, snapshots):
    """What is on in the first step and was not in the last has been started."""
    on, started = network.model["Generator-status"], network.model["Generator-start_up"]
    first, last = (on.sel(snapshot=snapshots[at], drop=True) for at in (0, -1))
    starts = started.sel(snapshot=snapshots[0], drop=True)
    network.model.add_constraints(first - last - starts <= 0, name="the day closes")


def begun_at(system, step):
    """The same day, which closes, begun at another step of equal length."""
    return replace(
        system,
        demand=np.roll(system.demand, -step, axis=1),
        variable=tuple(
            replace(part, available=np.roll(part.available, -step)) for part in system.variable
        ),
    )


def test_units_that_are_on_in_part():
    """Before its first step all units are on to PyPSA: the day begins at its peak, where they are.

    Another unit on before would only forbid, so that the same cost shows that it forbids nothing.
    """
    model = Switch("switch_production_cost_models_unit_commit")
    system = begun_at(model.system(), 2)
    names = ("S-Geothermal", "S-NG_CC", "S-NG_GT")
    rest, (base, *gas) = without(system, *names)
    (wires,) = rest.lines
    standing = replace(wires, power=wires.power + wires.build.least, build=None)
    rest = replace(rest, lines=(standing,))
    network = network_of(rest)
    network.add(
        "Generator",
        base.name,
        bus=base.node,
        carrier="none",
        p_nom=base.capacity,
        p_min_pu=base.available,
        p_max_pu=base.available,
        marginal_cost=base.cost,
    )
    price = system.fuels[0].supply[0].price
    for plant in gas:
        add_committed(network, plant, price, system.steps)
    assert_costs_what_switch_says(
        model,
        replace(system, lines=(standing,)),
        network,
        linearized_unit_commitment=True,
        extra_functionality=the_day_closes,
    )
