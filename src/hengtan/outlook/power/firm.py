"""Firm output of hydro, wind and sun together: the highest constant output that is met in so many
of the hours of a year, with the water of reservoirs and without it.

Which hours may be missed is a choice among very many. The output that is told is reached (its hours
are counted again); a bound that nothing can exceed stands beside it, from the program in which
hours may be missed in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.linear import Array, Block, Program
from hengtan.outlook.optimum import solve
from hengtan.outlook.power.model import times
from hengtan.outlook.power.parts import Reservoir, System
from hengtan.outlook.power.water import refuse_without_inflow

ROUNDS, MONTHS = 12, 12


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
        No operation gives more. [MW]
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
    together, output = _kept(system, running, as_it_comes, missed)
    bound = _bound(system, running, missed) if system.reservoirs else together
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


def _kept(system: System, running: Array, as_it_comes: Array, missed: int) -> tuple[float, Array]:
    """The highest output found, and its operation.

    Hours to give up are first those of the least wind, sun and river, and those of the least when
    water runs off as it comes, so that keeping water never gives less.
    """
    if not system.reservoirs:
        return highest(running, missed), running
    starts = (np.argsort(rows, kind="stable")[:missed] for rows in (running, as_it_comes))
    ways = [_improved(system, running, given_up) for given_up in starts]
    return max(ways, key=lambda way: way[0])


def _improved(system: System, running: Array, given_up: Any) -> tuple[float, Array]:
    """The highest output from some first hours given up: these are chosen again by the price of
    each hour until nothing is gained.
    """
    best, operation, missed = -np.inf, running, given_up.size
    for _ in range(ROUNDS):
        level, output, price = _constant(system, running, given_up)
        reached = max(highest(output, missed), level)
        if reached <= best + 1e-9:
            break
        best, operation = reached, output
        given_up = np.argsort(-price, kind="stable")[:missed]
    return best, operation


def _constant(system: System, running: Array, given_up: Array) -> tuple[float, Array, Array]:
    """The highest constant output of all hours but those given up: level, output, and the price of
    each hour.
    """
    program, hydro = _water(system)
    level = program.variable("constant", 1, "MW", cost=-1.0)
    hours = np.setdiff1d(np.arange(running.size), given_up)
    row = program.row("met", hours.size, "MW", lower=-running[hours])
    share = np.array([[1.0 - part.own_use] for part in system.reservoirs])
    program.put(row.at, hydro.at[:, hours], share)
    program.put(row.at, level[0], -1.0)
    best = solve(program)
    output = running + (best.of(hydro) * share).sum(axis=0)
    price = np.zeros(running.size)
    price[hours] = best.price(row)
    price[given_up] = price.max(initial=0.0)
    return float(best.of(level)[0]), output, price


def _bound(system: System, running: Array, missed: int) -> float:
    """The highest output when hours may be missed in part. [MW]"""
    program, hydro = _water(system)
    most = float(running.max() + sum(part.capacity for part in system.reservoirs))
    level = program.variable("constant", 1, "MW", upper=most, cost=-1.0)
    part_missed = program.variable("missed", running.size, upper=1.0)
    row = program.row("met", running.size, "MW", lower=-running)
    share = np.array([[1.0 - part.own_use] for part in system.reservoirs])
    program.put(row.at, hydro.at, share)
    program.put(row.at, level[0], -1.0)
    program.put(row.at, part_missed.at, most)
    count = program.row("hours missed", 1, upper=float(missed))
    program.put(count[0], part_missed.at)
    return float(solve(program).of(level)[0])


def _water(system: System) -> tuple[Program, Block]:
    """A program with nothing but the water of the reservoirs, cyclic over the year."""
    program, parts = Program(system.name), system.reservoirs
    shape = (len(parts), system.steps.count)
    capacity = np.array([[part.capacity] for part in parts])
    volume = np.array([[part.volume] for part in parts])
    hydro = program.variable("hydro", shape, "MW", upper=capacity)
    level = program.variable("level", shape, "MWh", upper=volume)
    spill = program.variable("spill", shape, "MW")
    coming = np.array(
        [np.broadcast_to(np.asarray(p.inflow, float), system.steps.count) for p in parts]
    )
    row = program.equal("water", shape, coming, "MWh")
    program.put(row.at, level.at)
    program.put(row.at, np.roll(level.at, 1, axis=1), -1.0)
    program.put(row.at, hydro.at)
    program.put(row.at, spill.at)
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
