"""A made-up power system of one node with some 17 blocks of plants, for measuring and for tests.

Nothing in it is of a real place: profiles are sines with a fixed noise, costs are round.
"""

from dataclasses import replace

import numpy as np

from hengtan.outlook.power.parts import (
    Build,
    Fuel,
    Import,
    Reservoir,
    Steps,
    Storage,
    System,
    Thermal,
    Variable,
)

COAL = (
    # name, units, MW, heat rate at full load, at half load, least, start cost
    ("coal 1000", 2, 1000.0, 8.1, 8.9, 0.35, 300.0),
    ("coal 660", 6, 660.0, 8.4, 9.2, 0.40, 280.0),
    ("coal 600", 4, 600.0, 8.7, 9.6, 0.45, 260.0),
    ("coal 350", 8, 350.0, 9.0, 10.0, 0.45, 240.0),
    ("coal 300", 8, 300.0, 9.3, 10.4, 0.50, 220.0),
    ("coal 150", 6, 150.0, 10.2, 11.4, 0.55, 200.0),
)


def profiles(hours, seed=20):
    """Demand [MW], wind, sun and river as shares, inflow as a share."""
    draws = np.random.default_rng(seed)
    hour = np.arange(hours)
    day, year = 2 * np.pi * hour / 24, 2 * np.pi * hour / 8760
    demand = 14000 + 2500 * np.sin(day - 2.2) + 900 * np.sin(2 * day) - 1500 * np.cos(2 * year)
    demand *= 1 + 0.02 * draws.standard_normal(hours)
    gusts = np.convolve(draws.standard_normal(hours + 47), np.ones(48) / 48, "valid")
    wind = np.clip(0.25 + 0.8 * gusts + 0.05 * np.cos(year), 0.0, 1.0)
    clouds = np.repeat(draws.uniform(0.4, 1.0, hours // 24 + 1), 24)[:hours]
    sun = np.clip(np.sin(day - np.pi / 2), 0.0, None) * clouds * (0.7 - 0.15 * np.cos(year))
    river = np.clip(0.45 - 0.35 * np.cos(year - 0.5), 0.1, 1.0)
    return demand, wind, sun, river


def year_of_dispatch(hours=8760, commitment="none", seed=20):
    """The system, with what stands and nothing to build."""
    demand, wind, sun, river = profiles(hours, seed)
    return System(
        name="测算用虚构电力系统",
        steps=Steps.of_year(hours),
        nodes=("市",),
        demand=demand[None, :],
        fuels=(
            Fuel.at("coal", 32.0, 0.0946),
            Fuel.at("gas", 75.0, 0.0561),
            Fuel.at("straw", 40.0),
        ),
        thermal=(*coal(commitment), *gas(commitment), straw()),
        variable=(
            Variable(name="wind", node="市", kind="wind", capacity=2400, available=wind),
            Variable(name="sun", node="市", kind="solar", capacity=3000, available=sun),
            Variable(name="river", node="市", kind="hydro", capacity=1500, available=river),
        ),
        reservoirs=tuple(
            Reservoir(
                name=name,
                node="市",
                kind="hydro",
                capacity=power,
                inflow=power * river * 0.9,
                volume=power * days * 24,
                least=0.05 * power,
            )
            for name, power, days in (("dam of weeks", 1750.0, 20), ("dam of days", 900.0, 2))
        ),
        storage=(pumped(), battery()),
        imports=(
            Import(
                name="link of coal and sun",
                node="市",
                kind="import",
                capacity=4000,
                cost=310,
                factor=0.55,
                factor_name="made up",
                clean=0.3,
                at_least=4000 * hours * 0.2,
                at_most=4000 * hours * 0.5,
            ),
            Import(
                name="link of water",
                node="市",
                kind="import",
                capacity=2000,
                cost=290,
                available=0.3 + 0.7 * river,
                factor=0.1,
                factor_name="made up",
                clean=0.9,
            ),
        ),
        shortage=10000.0,
    )


def coal(commitment):
    """Coal clusters with own use, outage, and heat by load where units are committed."""
    for name, count, size, full, half, least, start in COAL:
        slope = (full - half / 2) / 0.5
        yield Thermal(
            name=name,
            node="市",
            kind="coal",
            fuel="coal",
            capacity=count * size,
            size=size,
            available=0.9,
            own_use=0.06,
            cost=12.0,
            heat_rate=slope,
            no_load=full - slope,
            least=least,
            ramp=0.6,
            up=8.0,
            down=8.0,
            start_cost=start,
            start_heat=10.0,
            commitment=commitment,
        )


def gas(commitment):
    """Gas turbines."""
    for name, count, size, rate in (("gas 400", 3, 400.0, 6.5), ("gas 100", 5, 100.0, 9.0)):
        yield Thermal(
            name=name,
            node="市",
            kind="gas",
            fuel="gas",
            capacity=count * size,
            size=size,
            available=0.93,
            own_use=0.02,
            cost=15.0,
            heat_rate=rate * 0.85,
            no_load=rate * 0.15,
            least=0.3,
            up=2.0,
            down=2.0,
            start_cost=80.0,
            commitment=commitment,
        )


def straw():
    """Biomass."""
    return Thermal(
        name="straw",
        node="市",
        kind="biomass",
        fuel="straw",
        capacity=300.0,
        available=0.85,
        own_use=0.1,
        heat_rate=12.0,
        non_fossil=True,
    )


def pumped():
    """Pumped storage."""
    return Storage(
        name="pumped",
        node="市",
        kind="pumped",
        capacity=1200.0,
        energy=7200.0,
        efficiency_in=0.87,
        efficiency_out=0.87,
        cost=1.0,
    )


def battery():
    """Batteries."""
    return Storage(
        name="battery",
        node="市",
        kind="battery",
        capacity=500.0,
        energy=1000.0,
        efficiency_in=0.95,
        efficiency_out=0.95,
        cost=2.0,
    )


def year_of_investment(hours=8760, seed=20):
    """The same with demand half as high again, and wind, sun, batteries, gas to build."""
    system = year_of_dispatch(hours, seed=seed)
    wind, sun, river = system.variable
    gas_400, gas_100 = (part for part in system.thermal if part.kind == "gas")
    others = tuple(part for part in system.thermal if part.kind != "gas")
    share = hours / 8760
    return replace(
        system,
        demand=system.demand * 1.5,
        thermal=(*others, replace(gas_400, build=Build(250e3 * share)), gas_100),
        variable=(
            replace(wind, build=Build(520e3 * share, 6000.0)),
            replace(sun, build=Build(300e3 * share, 9000.0)),
            river,
        ),
        storage=(
            system.storage[0],
            replace(system.storage[1], build=Build(150e3 * share), ratio=2.0),
        ),
    )
