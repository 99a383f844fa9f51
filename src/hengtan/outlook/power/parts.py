"""A power system in physical units, as a planner describes it: what there is, what it costs and
what limits it.

Power in MW, energy in MWh, heat in GJ, carbon in tCO2, money in the system's own (CNY unless it
says otherwise), capacity costs a MW and year. Values by step of time are a number or an array with
a value a step. ``source`` says where the figures of a part are from: input row and document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from hengtan.outlook.linear import Array, Numbers

ByStep = float | Array
UNLIMITED = float("inf")
Commitment = Literal["none", "relaxed", "integer"]


@dataclass(frozen=True)
class Steps:
    """Steps of time, in order.

    Attributes
    ----------
    length : array
        Hours that each step lasts; storage and ramps go by it. [h]
    times : array
        How often each step occurs in the year; costs and carbon go by length times it. [1/a]
    period : array of int
        Steps of one period follow each other, and the last is followed by the first. Storage that
        is cyclic ends each period as full as it began it.
    year : int or None
        The year that the steps are of.
    utc_offset : float
        Hours before UTC of the clock of the steps; every series must have it. [h]
    """

    length: Array
    times: Array
    period: Numbers
    year: int | None = None
    utc_offset: float = 8.0

    @classmethod
    def of_year(cls, count: int, year: int | None = None, utc_offset: float = 8.0) -> Steps:
        """Hours of one year, 8,760 or 8,784, or some first hours of it."""
        ones = np.ones(count)
        return cls(ones, ones, np.zeros(count, dtype=np.int32), year, utc_offset)

    @property
    def count(self) -> int:
        """Number of steps."""
        return int(self.length.size)

    @property
    def hours(self) -> Array:
        """Hours of the year that each step stands for. [h/a]"""
        return self.length * self.times

    @cached_property
    def before(self) -> Numbers:
        """The step before each: in the first step of a period, the last of it."""
        steps = np.arange(self.count, dtype=np.int32)
        before = steps - 1
        first = np.r_[True, self.period[1:] != self.period[:-1]]
        last = np.r_[self.period[1:] != self.period[:-1], True]
        before[first] = steps[last]
        return before

    @cached_property
    def first_and_last(self) -> tuple[Numbers, Numbers]:
        """First and last step of each period."""
        changes = np.flatnonzero(self.period[1:] != self.period[:-1])
        first = np.r_[0, changes + 1].astype(np.int32)
        last = np.r_[changes, self.count - 1].astype(np.int32)
        return first, last


@dataclass(frozen=True)
class Supply:
    """Fuel to be had at one price, so much a year at most."""

    price: float
    available: float = UNLIMITED


@dataclass(frozen=True)
class Fuel:
    """A fuel: its price by tier [money/GJ, GJ/a] and its carbon [tCO2/GJ]."""

    name: str
    supply: tuple[Supply, ...]
    carbon: float = 0.0
    fossil: bool = True
    source: str = ""

    @classmethod
    def at(cls, name: str, price: float, carbon: float = 0.0, source: str = "") -> Fuel:
        """A fuel of which there is enough at one price."""
        return cls(name, (Supply(price),), carbon, source=source)

    @property
    def tiered(self) -> bool:
        """Whether the price depends on how much is burnt."""
        return len(self.supply) > 1 or self.supply[0].available < UNLIMITED


@dataclass(frozen=True)
class Build:
    """That more may be built: cost of a MW (or MWh) and year with capital and upkeep, and how
    much at least and at most.
    """

    cost: float
    most: float = UNLIMITED
    least: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Plant:
    """What every plant has.

    Attributes
    ----------
    kind : str
        Source as the statistics group it (coal, gas, hydro, wind, solar, biomass, ...).
    capacity : float
        What stands. [MW]
    available : float or array
        Share of the capacity that can run (outages), or the profile of wind, sun and river.
    own_use : float
        Share of the output that the plant uses itself.
    cost : float
        Cost that goes with output, fuel apart. [money/MWh]
    fixed : float
        Cost of what stands. [money/(MW a)]
    firm : float
        Share of the capacity that counts towards the reserve margin.
    """

    name: str
    node: str
    kind: str
    capacity: float = 0.0
    available: ByStep = 1.0
    own_use: float = 0.0
    cost: float = 0.0
    fixed: float = 0.0
    firm: float = 0.0
    non_fossil: bool = False
    build: Build | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Thermal(Plant):
    """Units of one kind that burn a fuel, or that cost by output alone (``fuel`` empty).

    ``capacity`` is ``count`` × ``size`` where units are committed.

    Attributes
    ----------
    heat_rate : float
        Heat of each further MWh. [GJ/MWh]
    no_load : float
        Heat of an hour of a MW that is on. [GJ/(MW h)]
    least : float
        Least output as a share of what is on.
    ramp : float
        Share of what is on by which output may change in an hour.
    up, down : float
        Hours that a unit stays on or off at least. [h]
    start_cost, start_heat : float
        Cost and heat of starting a MW. [money/MW, GJ/MW]
    flat : bool
        Whether output is the same in all steps of the year.
    must_run : bool
        Whether all units that are available are on.
    heat_load : float or array
        Heat that must be given; such a unit is not committed (``outlook/power/heat.py``). [MW]
    power_to_heat, power_loss : float
        Power at least, and power lost, by heat given. [MW/MW]
    """

    fuel: str = ""
    heat_rate: float = 0.0
    no_load: float = 0.0
    size: float = UNLIMITED
    least: float = 0.0
    ramp: float = UNLIMITED
    up: float = 0.0
    down: float = 0.0
    start_cost: float = 0.0
    start_heat: float = 0.0
    commitment: Commitment = "none"
    flat: bool = False
    must_run: bool = False
    heat_load: ByStep = 0.0
    power_to_heat: float = 0.0
    power_loss: float = 0.0

    @property
    def gives_heat(self) -> bool:
        """Whether heat must be given in any step."""
        return bool(np.any(np.asarray(self.heat_load) > 0.0))

    @property
    def unit(self) -> float:
        """Size of a unit; a cluster without units is committed by MW. [MW]"""
        return self.size if self.size < UNLIMITED else 1.0

    @property
    def count(self) -> float:
        """How many units there are."""
        return self.capacity / self.unit


@dataclass(frozen=True, kw_only=True)
class Variable(Plant):
    """Wind, sun or river without storage: output up to capacity × ``available`` (the profile)."""

    utc_offset: float | None = None


@dataclass(frozen=True, kw_only=True)
class Reservoir(Plant):
    """Water behind a dam.

    Attributes
    ----------
    inflow : float or array or None
        Energy of the water that comes. None where nobody knows it, which is refused. [MW]
    volume : float
        Energy of the useful storage. [MWh]
    least : float or array
        Least output (environmental flow). [MW]
    initial : float or None
        Stored at the start and, at least, at the end of each period; None: as much at the end as
        at the start, whatever it is. [MWh]
    """

    inflow: ByStep | None = None
    volume: float = UNLIMITED
    least: ByStep = 0.0
    initial: float | None = None
    utc_offset: float | None = None


@dataclass(frozen=True, kw_only=True)
class Storage(Plant):
    """Pumped storage, battery or any store: ``capacity`` is the power that it gives.

    Attributes
    ----------
    charging : float or None
        Power that it takes; None: as much as it gives. [MW]
    energy : float
        What it holds. [MWh]
    efficiency_in, efficiency_out, loss : float
        Shares that come in and go out, share lost in an hour.
    build_energy : Build or None
        Energy that may be built by itself. [money/(MWh a)]
    ratio : float or None
        Hours of energy that each built MW brings. [h]
    energy_fixed : float
        Cost of the energy that stands. [money/(MWh a)]
    """

    charging: float | None = None
    energy: float = 0.0
    efficiency_in: float = 1.0
    efficiency_out: float = 1.0
    loss: float = 0.0
    build_energy: Build | None = None
    ratio: float | None = None
    energy_fixed: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line or a converter between two nodes.

    Attributes
    ----------
    power : float
        Power at most, at the sending end. [MW]
    both_ways : bool
        Whether power may flow from ``end`` to ``start`` too; lines of unequal power are two.
    efficiency : float
        Share that arrives.
    susceptance : float or None
        Where given the flow follows the angles of the nodes, without losses. [MW/rad]
    angle : float
        Largest difference of angles. [rad]
    """

    name: str
    start: str
    end: str
    power: float = 0.0
    both_ways: bool = True
    efficiency: float = 1.0
    cost: float = 0.0
    fixed: float = 0.0
    susceptance: float | None = None
    angle: float = UNLIMITED
    build: Build | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Import(Plant):
    """Power from outside, at a price (``cost``) and with a carbon factor that is chosen and named.

    Attributes
    ----------
    factor : float or None
        Carbon of a MWh. None is refused: nothing is carbon-free because nobody said. [tCO2/MWh]
    factor_name : str
        Which factor that is: document, region, year.
    clean : float
        Share of non-fossil power in it.
    at_least, at_most : float
        Energy of the contract in a year. [MWh/a]
    shaped : bool
        Whether capacity × ``available`` is delivered as it is, step by step.
    """

    factor: float | None = None
    factor_name: str = ""
    clean: float = 0.0
    at_least: float = 0.0
    at_most: float = UNLIMITED
    shaped: bool = False


@dataclass(frozen=True, kw_only=True)
class Shiftable:
    """Load that can be moved within windows of ``window`` hours, energy conserved in each."""

    name: str
    node: str
    down: ByStep
    up: ByStep
    window: float
    cost: float = 0.0
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Curtailable:
    """Load that is given up for a price: so many calls a year, so many hours each.

    Calls are taken in sum: no more than ``hours`` × power in a day, ``calls`` × that in a year.
    """

    name: str
    node: str
    power: ByStep
    price: float
    calls: float = UNLIMITED
    hours: float = 24.0
    source: str = ""


@dataclass(frozen=True)
class CleanShare:
    """Share of non-fossil energy that is asked for, in the official coal-equivalent convention.

    Non-fossil electricity counts at the coal rate of power generation of the year.

    Attributes
    ----------
    share : float
        What is asked for.
    coal_rate : float or None
        Standard coal of a kWh generated, of the year. None is refused. [gce/kWh]
    other : float
        Energy that the place uses beside the power system. [tce/a]
    other_clean : float
        The non-fossil part of it. [tce/a]
    """

    share: float
    coal_rate: float | None
    other: float = 0.0
    other_clean: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class Limits:
    """What people set: carbon [tCO2/a], reserve margin over the highest demand [1], non-fossil
    share.
    """

    carbon: float | None = None
    reserve: float | None = None
    clean: CleanShare | None = None


@dataclass(frozen=True, kw_only=True)
class System:
    """A power system for a year.

    ``demand`` is nodes × steps [MW]; ``shortage`` the cost of a MWh not served (None: all demand
    must be served); ``constants`` are costs that nothing decides, by name [money/a].
    """

    name: str
    steps: Steps
    nodes: tuple[str, ...]
    demand: Array
    fuels: tuple[Fuel, ...] = ()
    thermal: tuple[Thermal, ...] = ()
    variable: tuple[Variable, ...] = ()
    reservoirs: tuple[Reservoir, ...] = ()
    storage: tuple[Storage, ...] = ()
    lines: tuple[Line, ...] = ()
    imports: tuple[Import, ...] = ()
    shiftable: tuple[Shiftable, ...] = ()
    curtailable: tuple[Curtailable, ...] = ()
    shortage: float | None = None
    limits: Limits = Limits()
    constants: dict[str, float] = field(default_factory=dict)
    money: str = "CNY"
    demand_source: str = ""

    @property
    def plants(self) -> tuple[Plant, ...]:
        """Everything that gives power to a node, storage included."""
        return (
            *self.thermal,
            *self.variable,
            *self.reservoirs,
            *self.storage,
            *self.imports,
        )
