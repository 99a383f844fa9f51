"""Firm output of hydro, wind and sun together: the highest constant output that is met in so many
of the hours of a year, with the water of reservoirs and without it.

Which hours may be missed is a choice among very many. The output that is told is reached (its hours
are counted again); a bound that nothing can exceed stands beside it, from programs in which hours
may be missed in part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hengtan.outlook.certificate import TOLERANCE
from hengtan.outlook.linear import Array, Block, Program
from hengtan.outlook.optimum import NotProven, Optimum, Solver
from hengtan.outlook.power.model import times
from hengtan.outlook.power.parts import Reservoir, System
from hengtan.outlook.power.water import refuse_without_inflow

ROUNDS, MONTHS = 12, 12
BOUND_WITHIN = 1e-4
"""How near the search for the bound comes, in parts of it. [1]"""
SMALLEST_LACK = 1e-3
"""What an hour lacks counts in parts of no less than so much of the output. [1]"""


@dataclass(frozen=True)
class Firm:
    """Firm outputs of a system.

    Attributes
    ----------
    share : float
        Share of the hours in which the output must be met.
    together : float
        With the water of reservoirs kept for when it lacks. [MW]
    bound : float
        No operation gives more (the programs that prove it miss hours in parts). [MW]
    apart : float
        Of the same plants when water runs off as it comes. [MW]
    output : array
        Output by hour of the operation told. [MW]
    correlation : dict
        Of pairs of kinds, by month: coefficient of correlation of their hours (NaN where a kind
        does not move).
    """

    share: float
    together: float
    bound: float
    apart: float
    output: Array
    correlation: dict[tuple[str, str], Array]

    @property
    def gain(self) -> float:
        """What keeping the water adds. [MW]"""
        return self.together - self.apart


def firm_output(system: System, share: float, month: Sequence[int]) -> Firm:
    """Firm output of the wind, sun, rivers and reservoirs of a system.

    Parameters
    ----------
    share : float
        Share of hours, 0.95 for 95 %.
    month : sequence of int
        Month of each hour, from 0.

    Raises ``ParameterNotEstablished`` for a reservoir whose inflow nobody knows.
    """
    refuse_without_inflow(system.reservoirs)
    running = running_output(system)
    as_it_comes = running + sum((_inflow(r, system) for r in system.reservoirs), np.zeros(1))
    missed = missed_hours(running.size, share)
    together, output = highest(running, missed), running
    bound = together
    if system.reservoirs:
        operation = Operation(system, running)
        together, output = _kept(operation, as_it_comes, missed)
        bound = _bound(operation, together, missed)
    correlation = correlations(system, np.asarray(month))
    return Firm(share, together, bound, highest(as_it_comes, missed), output, correlation)


def missed_hours(hours: int, share: float) -> int:
    """How many hours may be missed."""
    return int(np.floor((1.0 - share) * hours + 1e-9))


def highest(output: Array, missed: int) -> float:
    """The constant output that all hours but so many reach. [MW]"""
    return float(np.sort(output)[missed])


def running_output(system: System) -> Array:
    """What wind, sun and rivers give by hour, own use taken off. [MW]"""
    rows = [times(p.capacity, p.available) * (1.0 - p.own_use) for p in system.variable]
    return np.sum([np.broadcast_to(r, system.steps.count) for r in rows], axis=0) + np.zeros(
        system.steps.count
    )


def _inflow(part: Reservoir, system: System) -> Array:
    """What a reservoir gives when its water runs off as it comes. [MW]"""
    coming = np.broadcast_to(np.asarray(part.inflow, dtype=float), system.steps.count)
    return np.minimum(coming, part.capacity) * (1.0 - part.own_use)


@dataclass
class Operation:
    """What the water of the reservoirs can give beside what runs, in programs that stay with the
    solver: other hours to miss, or another output to hold, are solved from where it stands.

    ``running``: wind, sun and rivers by hour [MW].
    """

    system: System
    running: Array

    @cached_property
    def _highest(self) -> Solver:
        """The highest constant output; which hours must reach it is a bound of their rows."""
        program, hydro = _water(self.system)
        level = program.variable("constant", 1, "MW", cost=-1.0)
        row = self._met(program, hydro)
        program.put(row.at, level[0], -1.0)
        return Solver(program)

    @cached_property
    def _missing(self) -> Solver:
        """The least share of hours, in parts, that must be missed to hold an output in the others;
        the output is a bound of the rows.
        """
        program, hydro = _water(self.system)
        short = program.variable("short", self.running.size, "MW")
        row = self._met(program, hydro)
        program.put(row.at, short.at)
        return Solver(program)

    def _met(self, program: Program, hydro: Block) -> Block:
        row = program.row("met", self.running.size, "MW", lower=-self.running)
        program.put(row.at, hydro.at, _sent_out(self.system))
        return row

    def constant(self, missed: Array) -> tuple[float, Array, Array]:
        """The highest constant output of all hours but those ``missed``: level [MW], output by hour
        [MW], and the price of each hour.
        """
        lower = -self.running
        lower[missed] = -np.inf
        best = _solved(self._highest, {"met": {"lower": lower}})
        output = self.running + (best.of("hydro") * _sent_out(self.system)).sum(axis=0)
        price = best.price("met").copy()
        price[missed] = price.max(initial=0.0)
        return float(best.of("constant")[0]), output, price

    def least_missed(self, level: float) -> float:
        """No operation holds ``level`` [MW] in more than all hours but so many.

        An hour that is missed lacks no more than the level less what runs, so what it lacks in
        parts of that counts it at most once.
        """
        lacks = np.maximum(level - self.running, SMALLEST_LACK * level)
        changes = {"met": {"lower": level - self.running}, "short": {"cost": 1.0 / lacks}}
        return _solved(self._missing, changes).cost


def _solved(solver: Solver, changes: Mapping[str, Mapping[str, Any]]) -> Optimum:
    """The optimum after changes, from where the solver stands; afresh where that leads nowhere."""

    def changed(of: Solver) -> Optimum:
        for block, how in changes.items():
            of.change(block, **how)
        return of.solve()

    try:
        return changed(solver)
    except NotProven:
        return changed(Solver(solver.program))


def _sent_out(system: System) -> Array:
    """Share of the output of each reservoir that its own use leaves, (R, 1). [1]"""
    return np.array([[1.0 - part.own_use] for part in system.reservoirs])


def _kept(operation: Operation, as_it_comes: Array, missed: int) -> tuple[float, Array]:
    """The highest output found, and its operation.

    Hours to give up are first those of the least wind, sun and river, and those of the least when
    water runs off as it comes, so that keeping water never gives less.
    """
    starts = [operation.running, as_it_comes] if missed else [operation.running]
    lowest = (np.argsort(rows, kind="stable")[:missed] for rows in starts)
    ways = [_improved(operation, given_up) for given_up in lowest]
    return max(ways, key=lambda way: way[0])


def _improved(operation: Operation, given_up: Any) -> tuple[float, Array]:
    """The highest output from some first hours given up: these are chosen again by the price of
    each hour until nothing is gained.
    """
    best, reaching, missed = -np.inf, operation.running, given_up.size
    for _ in range(ROUNDS):
        level, output, price = operation.constant(given_up)
        reached = max(highest(output, missed), level)
        if reached <= best + 1e-9:
            break
        best, reaching = reached, output
        if not missed:
            break
        given_up = np.argsort(-price, kind="stable")[:missed]
    return best, reaching


def _bound(operation: Operation, reached: float, missed: int) -> float:
    """An output that no operation exceeds, searched by halves above the one that is reached. [MW]

    Each half is a proof: more hours would have to be missed than may be, even in parts. Where all
    hours must be met the program that gave ``reached`` is the proof itself.
    """
    if not missed:
        return reached
    most = _sent_out(operation.system).T @ [part.capacity for part in operation.system.reservoirs]
    within, beyond = reached, highest(operation.running + most, missed)
    while beyond - within > BOUND_WITHIN * beyond:
        level = (within + beyond) / 2
        if operation.least_missed(level) > missed * (1.0 + TOLERANCE):
            beyond = level
        else:
            within = level
    return max(beyond, reached)


def _water(system: System) -> tuple[Program, Block]:
    """A program with nothing but the water of the reservoirs, cyclic over the year; what is neither
    kept nor run through the turbines runs off.
    """
    program, parts = Program(system.name), system.reservoirs
    shape = (len(parts), system.steps.count)
    capacity = np.array([[part.capacity] for part in parts])
    volume = np.array([[part.volume] for part in parts])
    hydro = program.variable("hydro", shape, "MW", upper=capacity)
    level = program.variable("level", shape, "MWh", upper=volume)
    coming = np.array(
        [np.broadcast_to(np.asarray(p.inflow, float), system.steps.count) for p in parts]
    )
    row = program.row("water", shape, "MWh", upper=coming)
    program.put(row.at, level.at)
    program.put(row.at, np.roll(level.at, 1, axis=1), -1.0)
    program.put(row.at, hydro.at)
    return program, hydro


def correlations(system: System, month: Array) -> dict[tuple[str, str], Array]:
    """Correlation of the hours of each pair of kinds, by month."""
    kinds: dict[str, Array] = {}
    for part in (*system.variable, *system.reservoirs):
        if isinstance(part, Reservoir):
            row = _inflow(part, system)
        else:
            row = np.broadcast_to(times(part.capacity, part.available), system.steps.count)
        kinds[part.kind] = kinds.get(part.kind, np.zeros(system.steps.count)) + row
    names = sorted(kinds)
    return {
        (kind, second): np.array(
            [_correlation(kinds[kind], kinds[second], month == m) for m in range(MONTHS)]
        )
        for n, kind in enumerate(names)
        for second in names[n + 1 :]
    }


def _correlation(rows: Array, others: Array, chosen: Array) -> float:
    first, second = rows[chosen], others[chosen]
    if first.size < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])
