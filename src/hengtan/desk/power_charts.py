"""What the charts of a dispatch are drawn from, in bounded lists: a week by the hour, duration
curves thinned, capacity by source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from hengtan.desk.power_nodes import price_of_all
from hengtan.outlook.power.parts import Variable

if TYPE_CHECKING:
    from hengtan.outlook.linear import Array
    from hengtan.outlook.power.results import Plan

HOURS_OF_WEEK, HOURS_OF_DAY = 168, 24
MOST_POINTS = 400
"""Points of a duration curve that are drawn."""
UNKNOWN_YEAR = 2001
"""The calendar of steps that are of no year: one without a leap day."""


@dataclass(frozen=True)
class Hours:
    """A year by the step: load, shortage and what reaches it by kind [MW], marginal price, of
    several nodes their mean by load [yuan/MWh], load less wind and sun [MW], hours that each step
    stands for [h/a]; of several nodes the price of each and the flow of each line [MW].
    """

    year: int
    load: Array
    shortage: Array
    stack: Mapping[str, Array]
    price: Array
    net_load: Array
    weight: Array
    prices: Mapping[str, Array] = field(default_factory=dict)
    flows: Mapping[str, Array] = field(default_factory=dict)


def hours_of(plan: Plan) -> Hours:
    """The year of a plan by the step, small enough to be handed on (single precision)."""
    load = plan.system.demand.sum(axis=0)
    from_sky = sum(
        plan.output[part.name] * (1.0 - part.own_use)
        for part in plan.system.variable
        if isinstance(part, Variable) and part.kind in ("wind", "solar")
    )

    def small(values: Any) -> Array:
        return np.asarray(values, dtype=np.float32)

    return Hours(
        plan.system.steps.year or UNKNOWN_YEAR,
        small(load),
        small(plan.shortage.sum(axis=0)),
        {kind: small(row) for kind, row in plan.stack().items()},
        small(price_of_all(plan)),
        small(load - from_sky),
        small(plan.hours),
        {name: small(row) for name, row in _by_node(plan).items()},
        {name: small(row) for name, row in plan.flow.items()},
    )


def _by_node(plan: Plan) -> dict[str, Array]:
    """The price of each node; nothing where there is one, whose price stands by itself."""
    names = plan.system.nodes
    return dict(zip(names, plan.price, strict=True)) if len(names) > 1 else {}


def weeks_of(hours: Hours) -> int:
    """Weeks of the year that can be shown; the last one may be short."""
    return -(-len(hours.load) // HOURS_OF_WEEK)


def week_of_peak(hours: Hours) -> int:
    """The week of the highest load, from 1."""
    return int(hours.load.argmax()) // HOURS_OF_WEEK + 1


def week_of(hours: Hours, number: int | None = None) -> dict[str, Any]:
    """The hours of a week, from 1, by default that of the highest load: rows by kind [MW] that add
    up, with shortage, to the load; stores that take are negative.
    """
    last = weeks_of(hours)
    chosen = number if number is not None and 1 <= number <= last else week_of_peak(hours)
    first = (chosen - 1) * HOURS_OF_WEEK
    part = slice(first, first + HOURS_OF_WEEK)
    begins = date(hours.year, 1, 1) + timedelta(days=first // HOURS_OF_DAY)
    count = len(hours.load[part])
    return {
        "number": chosen,
        "last": last,
        "first_hour": first,
        "begins": begins.isoformat(),
        "ends": (begins + timedelta(days=max(count // HOURS_OF_DAY - 1, 0))).isoformat(),
        "load": _listed(hours.load[part]),
        "shortage": _listed(hours.shortage[part]),
        "rows": {kind: _listed(row[part]) for kind, row in hours.stack.items()},
        "prices": {name: _listed(row[part]) for name, row in hours.prices.items()},
        "flows": {name: _listed(row[part]) for name, row in hours.flows.items()},
    }


def duration_of(values: Array, weight: Array) -> dict[str, list[float]]:
    """A duration curve: values from the highest, and the share of the year that is above each [1];
    of a long year every so many points and both ends.
    """
    order = np.argsort(-values, kind="stable")
    ordered = values[order]
    above = np.cumsum(weight[order]) / float(weight.sum())
    count = len(ordered)
    points = np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).round().astype(int))
    return {"share": _listed(above[points], 5), "value": _listed(ordered[points])}


def durations_of(hours: Hours) -> dict[str, Any]:
    """Duration curves of load, of load less wind and sun, and of the price."""
    return {
        "load": duration_of(hours.load, hours.weight),
        "net_load": duration_of(hours.net_load, hours.weight),
        "price": duration_of(hours.price, hours.weight),
        "steps": len(hours.load),
    }


def capacities_of(plants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Capacity that stands and what is built by source, the largest first. [MW]"""
    sums: dict[str, list[float]] = {}
    for row in plants:
        built = sums.setdefault(row["kind"], [0.0, 0.0])
        built[0] += row["capacity"] - row["built"]
        built[1] += row["built"]
    rows = [{"kind": kind, "stands": s, "built": b} for kind, (s, b) in sums.items()]
    return sorted(rows, key=lambda row: -float(row["stands"]) - float(row["built"]))


def _listed(values: Array, digits: int = 2) -> list[float]:
    listed: list[float] = np.round(np.asarray(values, dtype=float), digits).tolist()
    return listed
