"""A figure of a plan, explained down to the unit, the input and its source: Chinese first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hengtan.outlook.power.costs import coal_rate_of_heat
from hengtan.outlook.power.model import times
from hengtan.outlook.power.parts import Fuel, Import, Plant, Thermal
from hengtan.outlook.power.results import NEGLIGIBLE, Plan
from hengtan.outlook.power.value import NoSuchPart

UNKNOWN = ("来源未注明", "source not given")


@dataclass(frozen=True)
class Because:
    """A line of an explanation: what, how much in which unit, and from where."""

    zh: str
    en: str
    amount: float
    unit: str
    source: str = ""

    def __str__(self) -> str:
        where = self.source or UNKNOWN[0]
        return f"{self.zh}：{self.amount:,.6g} {self.unit}（{where}）"

    def english(self) -> str:
        """The same in English."""
        return f"{self.en}: {self.amount:,.6g} {self.unit} ({self.source or UNKNOWN[1]})"


def carbon_of(plan: Plan, name: str) -> tuple[Because, ...]:
    """Why a plant emits what it does: output × heat rate × carbon of the fuel, or × named factor.

    Raises ``NoSuchPart``.
    """
    part = part_named(plan, name)
    total = plan.carbon().get(name, 0.0)
    energy = plan.year(plan.output[name])
    first = (
        Because(f"{name}碳排放", f"carbon of {name}", total, "tCO2/a"),
        Because(f"{name}发电量", f"output of {name}", energy, "MWh/a"),
    )
    if isinstance(part, Import):
        named = f"（{part.factor_name}）"
        factor = part.factor or 0.0
        return (
            *first,
            Because(f"碳排放因子{named}", "its factor", factor, "tCO2/MWh", part.source),
        )
    if isinstance(part, Thermal) and part.fuel:
        return (*first, *_burning(plan, part, energy))
    return first


def _burning(plan: Plan, part: Thermal, energy: float) -> Iterator[Because]:
    heat = plan.heat()[part.name]
    fuel = fuel_of(plan, part)
    yield Because("耗热量", "heat burnt", heat, "GJ/a", part.source)
    if energy > NEGLIGIBLE:
        rate = coal_rate_of_heat(heat / energy)
        yield Because("平均发电煤耗", "average coal rate", rate, "gce/kWh", part.source)
    yield Because(
        f"{fuel.name}单位热值含碳", f"carbon of {fuel.name}", fuel.carbon, "tCO2/GJ", fuel.source
    )


def output_at(plan: Plan, name: str, step: int) -> tuple[Because, ...]:
    """Why a plant gives what it does in a step: what could run, what it costs beside the price.

    Raises ``NoSuchPart``.
    """
    part = part_named(plan, name)
    share = np.broadcast_to(part.available, (plan.system.steps.count,))[step]
    able = float(times(plan.capacity(part), share))
    node = plan.system.nodes.index(part.node)
    price = float(plan.price[node, step])
    return (
        Because(f"{name}出力", f"output of {name}", float(plan.output[name][step]), "MW"),
        Because("装机容量", "capacity", plan.capacity(part), "MW", part.source),
        Because("当时可用容量", "able to run", able, "MW", part.source),
        Because("变动成本", "cost of a MWh", marginal_cost(plan, part), _money(plan), part.source),
        Because("节点边际价格", "price of its node", price, _money(plan)),
    )


def price_at(plan: Plan, node: str, step: int) -> tuple[Because, ...]:
    """Which plants a price comes from: those that could give more and less in that step."""
    price = float(plan.price[plan.system.nodes.index(node), step])
    lines = [Because(f"{node}边际价格", f"price of {node}", price, _money(plan))]
    for part in plan.system.plants:
        if part.node == node and between(plan, part, step):
            cost = marginal_cost(plan, part)
            words = (f"未满发的{part.name}变动成本", f"cost of {part.name}, which has room")
            lines.append(Because(*words, cost, _money(plan), part.source))
    return tuple(lines)


def between(plan: Plan, part: Plant, step: int) -> bool:
    """Whether a plant runs and has room."""
    share = np.broadcast_to(part.available, (plan.system.steps.count,))[step]
    able = float(times(plan.capacity(part), share))
    output = float(plan.output[part.name][step])
    return NEGLIGIBLE < output < able - NEGLIGIBLE


def marginal_cost(plan: Plan, part: Plant) -> float:
    """Cost of one more MWh that reaches the node, at the first price of its fuel. [money/MWh]"""
    cost = part.cost
    if isinstance(part, Thermal) and part.fuel:
        heat = part.heat_rate + (part.no_load if part.commitment == "none" else 0.0)
        cost += heat * fuel_of(plan, part).supply[0].price
    return cost / (1.0 - part.own_use)


def fuel_of(plan: Plan, part: Thermal) -> Fuel:
    """The fuel that a plant burns."""
    return next(fuel for fuel in plan.system.fuels if fuel.name == part.fuel)


def part_named(plan: Plan, name: str) -> Plant:
    """The plant of a name; raises ``NoSuchPart``."""
    for part in plan.system.plants:
        if part.name == name:
            return part
    raise NoSuchPart(f"电力系统中没有“{name}”", f"the power system has no part {name}")


def _money(plan: Plan) -> str:
    return f"{plan.system.money}/MWh"
