"""Cost against cut: the limit of one target tightened step by step (epsilon constraint), from what
is cheapest without it to the least that measures, budgets and the other targets allow.

Each point begins at the levels of the one before. A looser limit may not cost more than a tighter
one, whose levels would serve it: where it does, it is chosen anew from there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.choose import Choice, Manner, StudyInfeasible, choose
from hengtan.outlook.portfolio.ease import eased_choice
from hengtan.outlook.portfolio.sides import Central, Side, target_row
from hengtan.outlook.portfolio.study import Study

ROOM = 1e-3
"""Part of the cut that the tightest point leaves free: at the very end a tonne has no price."""

FINE_ENOUGH = 1e-4
"""Gap that ends the rounds of a point."""


@dataclass(frozen=True)
class FrontPoint:
    """A limit, what it costs, and what the last unit of it costs. [10,000 yuan (/ unit)]"""

    limit: float
    choice: Choice
    number: int

    @property
    def cost(self) -> float:
        return self.choice.cost

    @property
    def measured(self) -> float:
        """What the target counts. [unit of the target]"""
        return float(self.choice.measured[self.number])

    @property
    def price(self) -> float:
        """Cost of one unit less. [10,000 yuan / unit]"""
        return float(self.choice.prices[self.number])


def front(
    study: Study,
    points: int,
    *,
    number: int = 0,
    manner: Manner | None = None,
    side: Side | None = None,
) -> list[FrontPoint]:
    """``points`` limits of the target ``number``, evenly from the loosest to the tightest.

    Raises ``StudyInfeasible`` where the rest of the study has no solution.
    """
    how, judged = manner or Manner(), side or Central()
    how = replace(how, gap=max(how.gap, FINE_ENOUGH))
    free = choose(_limited(study, number, np.inf), how, side=judged)
    loosest = float(free.measured[number])
    tightest = least_of(study, number, how, judged, free.level)
    room = ROOM * abs(loosest - tightest)
    limits = np.linspace(loosest, tightest + room, points)
    line = [FrontPoint(loosest, free, number)]
    for limit in limits[1:]:
        start = line[-1].choice.level
        choice = choose(_limited(study, number, float(limit)), how, side=judged, start=start)
        line.append(FrontPoint(float(limit), choice, number))
    return _no_dearer_when_looser(line, how)


def least_of(study: Study, number: int, manner: Manner, side: Side, start: Array) -> float:
    """The least that a target can count within the rest of the study. [unit of the target]"""
    wanted = target_row(number)
    without = float(side.measured(study, study.nothing)[number])
    below = without - 10 * abs(without) - 1.0
    eased = eased_choice(
        _limited(study, number, below),
        side,
        manner.settings,
        start,
        lambda program: [each for name, each in program.limits.items() if name == wanted],
    )
    if eased is None:
        raise NotProven("求不出最大减排量，不给出前沿", "the largest cut is not proven: no front")
    return float(side.measured(study, eased.level)[number])


def _limited(study: Study, number: int, limit: float) -> Study:
    limits = np.array([target.limit for target in study.targets])
    limits[number] = limit
    return study.with_limits(limits)


def _no_dearer_when_looser(line: list[FrontPoint], manner: Manner) -> list[FrontPoint]:
    """The front from its tight end: each point at most as dear as the tighter one."""
    kept = [line[-1]]
    for point in reversed(line[:-1]):
        tighter = kept[-1]
        if point.cost > tighter.cost:
            point = _cheaper(point, tighter, manner)
        kept.append(point)
    return kept[::-1]


def _cheaper(point: FrontPoint, tighter: FrontPoint, manner: Manner) -> FrontPoint:
    """The point chosen anew from the tighter levels, or with these where that is cheaper."""
    choice = tighter.choice
    try:
        again = choose(point.choice.study, manner, side=choice.side, start=tighter.choice.level)
    except (StudyInfeasible, NotProven):
        again = choice
    return replace(point, choice=min(again, choice, key=lambda each: each.cost))
