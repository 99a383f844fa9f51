"""A pathway with what is not certain of it: ranges of its measures' effects, trends of drivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from math import isclose
from typing import Any

import numpy as np

from hengtan.outlook.pathway.model import Act, Driver, Outcome, Pathway, applied, reduction
from hengtan.outlook.uncertainty.laws import (
    BadRange,
    Range,
    fixed,
    refuse_without_source,
    table,
)

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Trend:
    """A driver that may grow faster or slower: in year y it is its central value times
    (1 + d)^(y - base), with d drawn from ``deviation``, and stays there after ``until``. ``yearly``
    false: times 1 + d in all years after the base year (a factor that was read too high).

    Sectors and carrier are positions in the lists of the pathway.
    """

    deviation: Range
    driver: Driver
    sectors: tuple[int, ...]
    base: int
    carrier: int | None = None
    yearly: bool = True
    until: int | None = None

    def exponent(self, years: Iterable[int]) -> Array:
        """How many times 1 + d multiplies the driver in each year."""
        last = np.inf if self.until is None else self.until
        past = [max(0, min(year, last) - self.base) for year in years]
        return np.array(past if self.yearly else [min(1, number) for number in past], dtype=float)


@dataclass(frozen=True)
class Uncertain:
    """A pathway, ranges of its measures and trends of its drivers.

    A measure without a range stays at its central effect. Raises ``BadRange`` where a range is of
    no measure, twice of one, or has another mid than the measure, and where a measure would take
    away more than all of its driver.
    """

    pathway: Pathway
    ranges: tuple[Range, ...] = ()
    trends: tuple[Trend, ...] = ()

    def __post_init__(self) -> None:
        names = [each.name for each in (*self.ranges, *(t.deviation for t in self.trends))]
        for name in names:
            if names.count(name) > 1:
                raise BadRange(f"“{name}”有两个区间", f"{name} has two ranges")
        central = dict(zip(self.pathway.measures, self.pathway.effect, strict=True))
        for each in self.ranges:
            check_effect(each, central)
        for trend in self.trends:
            check_trend(trend, central)

    def __repr__(self) -> str:
        return f"Uncertain({self.pathway!r}, {len(self.ranges)} ranges, {len(self.trends)} trends)"

    @cached_property
    def extended(self) -> Pathway:
        """The pathway with each trend as a measure more, after its own, without effect."""
        before = len(self.pathway.measures)
        more, years = len(self.trends), len(self.pathway.years)
        acts = [
            Act(before + number, trend.driver, trend.sectors, trend.carrier)
            for number, trend in enumerate(self.trends)
        ]
        reach = np.ones((more, len(self.pathway.regions)))
        return replace(
            self.pathway,
            measures=self.pathway.measures + tuple(t.deviation.name for t in self.trends),
            effect=np.concatenate([self.pathway.effect, np.zeros(more)]),
            ramp=np.concatenate([self.pathway.ramp, np.zeros((more, years))]),
            coverage=np.concatenate([self.pathway.coverage, reach]),
            acts=self.pathway.acts + tuple(acts),
        )

    @cached_property
    def laws(self) -> tuple[Range, ...]:
        """The range of every measure and trend, in the order of ``extended``."""
        stated = {each.name: each for each in self.ranges}
        own = zip(self.pathway.measures, self.pathway.effect, strict=True)
        measures = [stated.get(name, fixed(name, float(value))) for name, value in own]
        return (*measures, *(trend.deviation for trend in self.trends))

    @property
    def uncertain(self) -> tuple[int, ...]:
        """Positions in ``laws`` of those that have width."""
        return tuple(number for number, law in enumerate(self.laws) if law.width)

    def refuse_without_source(self) -> None:
        """Raise ``RangeWithoutSource`` where a range with width names no source."""
        refuse_without_source(self.laws)

    def without(self, name: str) -> Uncertain:
        """The same with a measure taken away; the draws of the others stay as they are."""
        number = self.pathway.measures.index(name)
        rest = [n for n in range(len(self.pathway.measures)) if n != number]
        acts = [
            replace(act, measure=rest.index(act.measure))
            for act in self.pathway.acts
            if act.measure != number
        ]
        pathway = replace(
            self.pathway,
            measures=tuple(self.pathway.measures[n] for n in rest),
            effect=self.pathway.effect[rest],
            ramp=self.pathway.ramp[rest],
            coverage=self.pathway.coverage[rest],
            acts=tuple(acts),
        )
        return replace(
            self, pathway=pathway, ranges=tuple(r for r in self.ranges if r.name != name)
        )


def outcome(uncertain: Uncertain, drawn: Array) -> Outcome:
    """A single draw by the reference model: ``drawn`` has a number for each of ``laws``."""
    pathway = uncertain.extended
    reduced = reduction(pathway, drawn)
    first = len(uncertain.pathway.measures)
    for number, trend in enumerate(uncertain.trends, start=first):
        grown = (1 + drawn[number]) ** trend.exponent(pathway.years)
        reduced[number] = 1 - grown
    return applied(pathway, reduced)


def check_effect(law: Range, central: dict[str, float]) -> None:
    """Raise ``BadRange`` where a range does not suit the measure that it is of."""
    if law.name not in central:
        raise BadRange(f"没有名为“{law.name}”的措施", f"there is no measure {law.name}")
    if not isclose(law.mid, central[law.name], rel_tol=1e-9, abs_tol=1e-15):
        raise BadRange(
            f"“{law.name}”的中值 {law.mid:g} 不是措施的效果 {central[law.name]:g}",
            f"mid {law.mid:g} of {law.name} is not the effect of the measure, "
            f"{central[law.name]:g}",
            todo="请使两者一致",
            todo_en="make them agree",
        )
    if highest(law) > 1:
        raise BadRange(
            f"“{law.name}”的高值会削减超过全部（大于 1）",
            f"the high end of {law.name} takes away more than all of its driver (above 1)",
            todo="请改高值或分布",
            todo_en="mend high or the law",
        )


def check_trend(trend: Trend, central: dict[str, float]) -> None:
    """Raise ``BadRange`` where a trend has the name of a measure, moves energy, or would turn the
    sign of its driver.
    """
    name = trend.deviation.name
    if name in central:
        raise BadRange(f"“{name}”也是措施的名称", f"{name} is a measure too")
    if trend.driver == "share":
        raise BadRange(
            f"“{name}”：能源结构的不确定性请用措施表示",
            f"{name}: a share that is not certain is a measure that moves energy",
        )
    if lowest(trend.deviation) <= -1:
        raise BadRange(
            f"“{name}”的低值使驱动量变号（不大于 -1）",
            f"the low end of {name} turns the sign of its driver (-1 or less)",
        )


def highest(law: Range) -> float:
    """The largest number that a draw can be."""
    return float(table(law)[1, 0])


def lowest(law: Range) -> float:
    """The smallest number that a draw can be."""
    return float(table(law)[0, 0])
