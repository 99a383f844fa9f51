"""What a plan of several nodes does at each node and on each line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hengtan.outlook.power.results import NEGLIGIBLE

if TYPE_CHECKING:
    from hengtan.outlook.linear import Array
    from hengtan.outlook.power.parts import Line
    from hengtan.outlook.power.results import Plan


def nodes_of_plan(plan: Plan) -> list[dict[str, Any]]:
    """Each node: load and what its own sources and stores give [MWh], what lines bring [MWh],
    marginal prices [yuan/MWh], shortage; nothing for a study of one node.
    """
    system = plan.system
    if len(system.nodes) == 1:
        return []
    own = own_supply(plan)
    rows = []
    for number, name in enumerate(system.nodes):
        demand, price, short = system.demand[number], plan.price[number], plan.shortage[number]
        brought = demand - short - own[number]
        rows.append(
            {
                "node": name,
                "demand": plan.year(demand),
                "peak": float(demand.max()),
                "own": plan.year(own[number]),
                "brought": plan.year(brought),
                "price_mean": mean_price(price, demand, plan.hours),
                "price_highest": float(price.max()),
                "price_lowest": float(price.min()),
                "shortage": plan.year(short),
                "shortage_hours": float(plan.hours[short > NEGLIGIBLE].sum()),
            }
        )
    return rows


def own_supply(plan: Plan) -> Array:
    """What lines do not bring: load served less what they bring, nodes × steps. [MW]"""
    system = plan.system
    at = {name: number for number, name in enumerate(system.nodes)}
    brought = np.zeros_like(system.demand)
    for line in system.lines:
        sent, arrived = ends_of(line, plan.flow[line.name])
        brought[at[line.start]] -= sent
        brought[at[line.end]] += arrived
    return np.asarray(system.demand - plan.shortage - brought)


def lines_of_plan(plan: Plan) -> list[dict[str, Any]]:
    """Each line: energy sent from its start and from its end, and lost [MWh], hours at its limit
    [h], and what it earns by the difference of prices [yuan].
    """
    at = {name: number for number, name in enumerate(plan.system.nodes)}
    rows = []
    for line in plan.system.lines:
        flow = plan.flow[line.name]
        sent, arrived = ends_of(line, flow)
        prices = plan.price[at[line.start]], plan.price[at[line.end]]
        full = np.maximum(sent, -arrived) >= limit_of(line, plan) * (1.0 - NEGLIGIBLE)
        rows.append(
            {
                "line": line.name,
                "start": line.start,
                "end": line.end,
                "capacity": line.power + plan.built.get(line.name, 0.0),
                "by_angle": line.susceptance is not None,
                "forward": plan.year(np.maximum(sent, 0.0)),
                "back": plan.year(np.maximum(-arrived, 0.0)),
                "lost": plan.year(sent - arrived),
                "full_hours": float(plan.hours[full].sum()),
                "rent": plan.year(arrived * prices[1] - sent * prices[0]),
                "source": line.source,
            }
        )
    return rows


def ends_of(line: Line, flow: Array) -> tuple[Array, Array]:
    """What leaves the start of a line and what arrives at its end, both negative where power flows
    from its end. [MW]

    ``flow`` is what ``Plan.flow`` says: what leaves the start, or, negative, what arrives there.
    """
    loss = line.efficiency
    return flow, np.where(flow >= 0.0, flow * loss, flow / loss)


def limit_of(line: Line, plan: Plan) -> float:
    """The power that a line carries at most. [MW]"""
    power = line.power + plan.built.get(line.name, 0.0)
    if line.susceptance is None or not np.isfinite(line.angle):
        return power
    return min(power, line.susceptance * line.angle)


def mean_price(price: Array, demand: Array, hours: Array) -> float:
    """The mean of a price, weighed by load; by hours where there is no load. [yuan/MWh]"""
    weights = demand * hours
    return float(np.average(price, weights=weights if weights.sum() > 0 else hours))


def price_of_all(plan: Plan) -> Array:
    """The marginal price by the step, of several nodes their mean weighed by load. [yuan/MWh]"""
    demand = plan.system.demand
    total = demand.sum(axis=0)
    weighed = (plan.price * demand).sum(axis=0) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, weighed, plan.price.mean(axis=0))
