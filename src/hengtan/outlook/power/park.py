"""A park or a building behind its meter: how much wind, sun and storage at least cost, hour by
hour, and its three shares.

With load L, bought B, sold S, available renewable output R, curtailed K and what storage loses V,
over a year:

.. math::
    \\text{self-use} = \\frac{L - B\\;(+\\,V)}{R}, \\qquad
    \\text{green share} = \\frac{L - B\\;(+\\,V)}{L}, \\qquad
    \\text{exported} = \\frac{S}{R}, \\qquad R - K - S = L - B + V

Whether the loss of storage counts as use is chosen and said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.linear import Array, Block, Program, Set
from hengtan.outlook.optimum import Optimum, Settings, Solver

MONTHS = 12
BY_INTERIOR_POINTS = Settings(method="ipm")
"""A year with storage and monthly peaks takes the simplex more than twice as long."""


@dataclass(frozen=True)
class Source:
    """Wind or sun that may be built: share of the capacity by hour, most [kW], yearly cost of a kW
    [yuan/(kW a)].
    """

    share: Array
    most: float
    cost: float


@dataclass(frozen=True)
class Store:
    """Storage that may be built: yearly cost of a kWh and of a kW, and its round trip. [1]"""

    energy_cost: float
    power_cost: float
    round_trip: float


@dataclass(frozen=True)
class Meter:
    """The tie to the grid: prices by hour [yuan/kWh], most bought and sold [kW], charge for the
    highest hour of each month [yuan/(kW month)] and for the tie itself [yuan/a].
    """

    buy: Array
    sell: Array
    tie: float
    export: float | Array
    demand_charge: float = 0.0
    fixed: float = 0.0


@dataclass(frozen=True)
class Shares:
    """What is asked of the three shares, each between 0 and 1; None asks nothing."""

    self_use: float | None = None
    green: float | None = None
    exported: float | None = None


@dataclass(frozen=True)
class Park:
    """A park for a year of hours. ``load`` [kW]; ``month`` the month of each hour, from 0."""

    name: str
    load: Array
    month: np.ndarray[Any, np.dtype[np.int64]]
    sources: dict[str, Source]
    store: Store | None
    meter: Meter
    asked: Shares = Shares()
    loss_counts: bool = False


@dataclass(frozen=True)
class ParkPlan:
    """Sizes, flows and shares of a park at least cost.

    Attributes
    ----------
    built : dict
        Capacity of each source [kW].
    store_energy, store_power : float
        [kWh], [kW]
    bought, sold, charge, discharge : array
        By hour. [kW]
    output : dict
        Used or sold output of each source by hour. [kW]
    """

    park: Park
    optimum: Optimum
    built: dict[str, float]
    store_energy: float
    store_power: float
    bought: Array
    sold: Array
    charge: Array
    discharge: Array
    output: dict[str, Array]

    @property
    def available(self) -> float:
        """What wind and sun could have given. [kWh/a]"""
        parts = self.park.sources.items()
        return float(sum(self.built[name] * source.share.sum() for name, source in parts))

    @property
    def loss(self) -> float:
        """What storage loses. [kWh/a]"""
        return float(self.charge.sum() - self.discharge.sum())

    @property
    def own(self) -> float:
        """Own renewable energy that counts as used. [kWh/a]"""
        used = float(self.park.load.sum() - self.bought.sum())
        return used + (self.loss if self.park.loss_counts else 0.0)

    @property
    def self_use(self) -> float | None:
        """Share of the renewable output that is used here; None where there is none. [1]"""
        return self.own / self.available if self.available > 0 else None

    @property
    def green(self) -> float:
        """Share of the load that own renewable output covers. [1]"""
        return self.own / float(self.park.load.sum())

    @property
    def exported(self) -> float | None:
        """Share of the renewable output that is sold; None where there is none. [1]"""
        return float(self.sold.sum()) / self.available if self.available > 0 else None

    @property
    def cost(self) -> float:
        """Capital, upkeep, power and charges of a year. [yuan/a]"""
        return self.optimum.cost

    @property
    def peaks(self) -> Array:
        """The highest bought hour of each month, (12,). [kW]"""
        return np.array([self.bought[self.park.month == m].max(initial=0.0) for m in range(MONTHS)])

    def binding(self) -> dict[str, float]:
        """Limits that cost something, and what one unit more of each would save. [yuan/unit]"""
        names = self.optimum.program.limits
        prices = {name: float(np.abs(self.optimum.price(name)).sum()) for name in names}
        return {name: price for name, price in prices.items() if price > 1e-6 and name != "load"}


def program_of(park: Park) -> tuple[Program, dict[str, Block]]:
    """The program of a park, and its blocks by name."""
    hours = park.load.size
    program = Program(park.name, offset=park.meter.fixed)
    block: dict[str, Block] = {}
    balance = program.equal("load", hours, park.load, "kWh", limit=Set("用电需求", "load"))
    meter = park.meter
    block["bought"] = program.variable("bought", hours, "kW", upper=meter.tie, cost=meter.buy)
    block["sold"] = program.variable("sold", hours, "kW", upper=meter.export, cost=-meter.sell)
    program.put(balance.at, block["bought"].at)
    program.put(balance.at, block["sold"].at, -1.0)
    for name, source in park.sources.items():
        _add_source(program, block, name, source)
    if park.store is not None:
        _add_store(program, block, park.store)
    if meter.demand_charge > 0:
        _add_peaks(program, block, park)
    _add_shares(program, block, park)
    return program, block


def _add_source(program: Program, block: dict[str, Block], name: str, source: Source) -> None:
    hours = source.share.size
    built = program.variable(f"{name} built", 1, "kW", upper=source.most, cost=source.cost)
    output = program.variable(name, hours, "kW")
    room = program.row(f"{name} room", hours, "kW", upper=0.0)
    program.put(room.at, output.at)
    program.put(room.at, built[0], -source.share)
    program.put(program.rows["load"].at, output.at)
    block[f"{name} built"], block[name] = built, output


def _add_store(program: Program, block: dict[str, Block], store: Store) -> None:
    """Cyclic over the year, the loss half on the way in and half on the way out."""
    hours = program.rows["load"].at.size
    half = float(np.sqrt(store.round_trip))
    energy = program.variable("store energy", 1, "kWh", cost=store.energy_cost)
    power = program.variable("store power", 1, "kW", cost=store.power_cost)
    charge, discharge = (program.variable(w, hours, "kW") for w in ("charge", "discharge"))
    level = program.variable("level", hours, "kWh")
    kept = program.equal("store", hours, 0.0, "kWh")
    program.put(kept.at, level.at)
    program.put(kept.at, np.roll(level.at, 1), -1.0)
    program.put(kept.at, charge.at, -half)
    program.put(kept.at, discharge.at, 1.0 / half)
    for name, flow, size in (
        ("store full", level, energy),
        ("store takes", charge, power),
        ("store gives", discharge, power),
    ):
        room = program.row(name, hours, upper=0.0)
        program.put(room.at, flow.at)
        program.put(room.at, size[0], -1.0)
    program.put(program.rows["load"].at, discharge.at)
    program.put(program.rows["load"].at, charge.at, -1.0)
    block |= {"charge": charge, "discharge": discharge}
    block |= {"store energy": energy, "store power": power}


def _add_peaks(program: Program, block: dict[str, Block], park: Park) -> None:
    """The highest bought hour of each month, at its charge."""
    peak = program.variable("peak", MONTHS, "kW", cost=park.meter.demand_charge)
    row = program.row("peak of month", park.load.size, "kW", upper=0.0)
    program.put(row.at, block["bought"].at)
    program.put(row.at, peak.at[park.month], -1.0)


def _add_shares(program: Program, block: dict[str, Block], park: Park) -> None:
    """The three shares as rows; what is available is a sum of what is built."""
    load = float(park.load.sum())
    asked = park.asked
    if asked.self_use is not None:
        limit = Set("自发自用比例下限", "least self-use")
        row = program.row("self-use", 1, "kWh", lower=-load, limit=limit)
        _own(program, block, park, row)
        _available(program, block, park, row, -asked.self_use)
    if asked.green is not None:
        limit = Set("绿电占用电比例下限", "least green share")
        least = asked.green * load - load
        row = program.row("green share", 1, "kWh", lower=least, limit=limit)
        _own(program, block, park, row)
    if asked.exported is not None:
        limit = Set("上网比例上限", "most exported")
        row = program.row("export share", 1, "kWh", upper=0.0, limit=limit)
        program.put(row[0], block["sold"].at)
        _available(program, block, park, row, -asked.exported)


def _own(program: Program, block: dict[str, Block], park: Park, row: Block) -> None:
    """Own energy used, less the load, which is a number."""
    program.put(row[0], block["bought"].at, -1.0)
    if park.loss_counts and park.store is not None:
        program.put(row[0], block["charge"].at)
        program.put(row[0], block["discharge"].at, -1.0)


def _available(
    program: Program, block: dict[str, Block], park: Park, row: Block, factor: float
) -> None:
    for name, source in park.sources.items():
        program.put(row[0], block[f"{name} built"][0], factor * float(source.share.sum()))


def park_plan(park: Park, settings: Settings | None = None) -> ParkPlan:
    """The plan of a park at least cost.

    Raises ``Infeasible`` where shares or ties exclude each other, and ``NotProven``.
    """
    program, block = program_of(park)
    best = Solver(program, settings or BY_INTERIOR_POINTS).solve()
    nothing = np.zeros(park.load.size)

    def flow(name: str) -> Array:
        return best.of(block[name]) if name in block else nothing

    def size(name: str) -> float:
        return float(best.of(block[name])[0]) if name in block else 0.0

    return ParkPlan(
        park=park,
        optimum=best,
        built={name: size(f"{name} built") for name in park.sources},
        store_energy=size("store energy"),
        store_power=size("store power"),
        bought=flow("bought"),
        sold=flow("sold"),
        charge=flow("charge"),
        discharge=flow("discharge"),
        output={name: flow(name) for name in park.sources},
    )
