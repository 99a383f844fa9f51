"""What a plant, a store or a line is worth: the cost of the system without it, less with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.outlook.optimum import Settings
from hengtan.outlook.power.parts import System
from hengtan.outlook.power.results import Plan
from hengtan.outlook.power.rolling import plan_of

GROUPS = (
    "thermal",
    "variable",
    "reservoirs",
    "storage",
    "lines",
    "imports",
    "shiftable",
    "curtailable",
)


class NoSuchPart(HengtanError):
    """A name that no part of the system has."""


@dataclass(frozen=True)
class Value:
    """Both plans, and what the difference is. Costs in the system's money a year.

    ``saving`` is the cost without less the cost with; negative where what the part costs by itself
    is more than what it saves elsewhere. By stretches it is known to within ``gap``.
    """

    name: str
    with_it: Plan
    without_it: Plan

    @property
    def saving(self) -> float:
        """Cost without less cost with. [money/a]"""
        return self.without_it.optimum.cost - self.with_it.optimum.cost

    @property
    def gap(self) -> float:
        """How far the saving may be off, as both plans have a gap. [money/a]"""
        plans = (self.with_it.optimum, self.without_it.optimum)
        return max(plan.gap * plan.cost for plan in plans)

    @property
    def carbon(self) -> float:
        """Carbon without less carbon with. [tCO2/a]"""
        return sum(self.without_it.carbon().values()) - sum(self.with_it.carbon().values())

    @property
    def shortage_hours(self) -> float:
        """Hours of shortage without less with. [h/a]"""
        return self.without_it.shortage_hours - self.with_it.shortage_hours


def value_of(system: System, name: str, settings: Settings | None = None) -> Value:
    """The value of a part of the system; both plans are solved.

    Raises ``NoSuchPart``, and what ``plan_of`` raises for either system.
    """
    without_it = plan_of(without(system, name), settings)
    return Value(name, plan_of(system, settings), without_it)


def without(system: System, name: str) -> System:
    """The system without one part."""
    for group in GROUPS:
        parts = getattr(system, group)
        rest = tuple(part for part in parts if part.name != name)
        if len(rest) < len(parts):
            changed: dict[str, Any] = {group: rest}
            return replace(system, **changed)
    raise NoSuchPart(f"电力系统中没有“{name}”", f"the power system has no part {name}")
