"""Points of an item by its kind: figures of one assessed, or many draws at once.

The laws are those of ``formulas``; the numbers of the law come with ``law``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hengtan.assessment import formulas
from hengtan.assessment.law import Law
from hengtan.assessment.scheme import Item, Step
from hengtan.basis.numeric import Numeric, clip, where

SENSES = {"higher": 1, "lower": -1, "hold": 1}
"""Of a direction: whether more or less is better; to hold is to keep at least."""
AT_LEAST = 1e-9
"""A mark that falls short of a band by no more than this lies in it."""
WITHIN_BOUND = 1e-12
"""A ratio beyond its bound by no more than this is within it."""
DUAL_CARBON_GRADES = ("excellent", "qualified", "unqualified")
"""Codes of the dual-carbon grades, the best first; their words stand in the word table."""


@dataclass(frozen=True)
class Figure:
    """What an item is judged by: actual, goal and base, one figure each or an array of draws.
    [unit]
    """

    actual: Numeric
    goal: float = 0.0
    base: float = 0.0


@dataclass(frozen=True)
class Score:
    """Points of an item and whether its goal is missed (1 or 0).

    ``done``: completion [share], ``bonus``: points of it beyond the full mark, ``gap``: to the goal
    [unit], ``level``: class from 1, the best; None where the kind has none.
    """

    points: Numeric
    missed: Numeric
    done: Numeric | None = None
    bonus: Numeric | None = None
    gap: Numeric | None = None
    level: Numeric | None = None

    def rows(self, number: int) -> list[Score]:
        """The scores of arrays of a length one by one, as floats."""
        columns = [
            [None] * number if part is None else np.broadcast_to(part, number).tolist()
            for part in (self.points, self.missed, self.done, self.bonus, self.gap, self.level)
        ]
        return [Score(*row) for row in zip(*columns, strict=True)]


def score(item: Item, figure: Figure, law: Law) -> Score:
    """Points of an item by its figure; float or arrays of shape (draws,).

    Raises ValueError for a kind that is not scored by a figure of its own (pair, efficacy).
    """
    if item.kind not in SCORERS:
        raise ValueError(f"no points by a figure for kind {item.kind}")
    return SCORERS[item.kind](item, figure, law)


def completion(item: Item, figure: Figure) -> Numeric:
    """How much of an item's goal is reached, by its kind and direction. [share]"""
    if item.kind == "distance":
        return formulas.distance_covered(figure.actual, figure.base, figure.goal)
    if item.direction == "hold":
        return formulas.meets(figure.actual, figure.goal, 1)
    if item.direction == "lower":
        return formulas.completion_of_most(figure.actual, figure.goal)
    return formulas.completion_of_least(figure.actual, figure.goal)


def step_points(done: Numeric, steps: Sequence[Step]) -> Numeric:
    """Points of the band that a completion falls into; 0 below the lowest. [points]"""
    points = 0 * done
    for step in sorted(steps, key=lambda step: step.least):
        points = where(done >= step.least - AT_LEAST, step.points, points)
    return points


def pair_points(
    year_met: bool, progress_met: bool, table: tuple[float, float, float, float]
) -> float:
    """Points by two yes/no: ``table`` for (both, only progress, only the year, neither). [points]

    The 12th plan's sector version is (60, 55, 40, 0).
    """
    both, only_progress, only_year, neither = table
    if progress_met:
        return both if year_met else only_progress
    return only_year if year_met else neither


def level_of(value: Numeric, bounds: Sequence[float]) -> Numeric:
    """Level from 1 (best) by rising bounds; a bound belongs to the better level. [-]"""
    return 1 + sum((value > bound + WITHIN_BOUND) * 1 for bound in bounds)


def grade_index(points: Numeric, grades: Sequence[tuple[str, float]]) -> Numeric:
    """Which grade points earn: index into grades with falling least points; the last has none.
    [-]
    """
    return sum((points < least - AT_LEAST) * 1 for _, least in grades[:-1])


def dual_carbon_index(control_missed: Numeric, supporting_missed: Numeric, law: Law) -> Numeric:
    """Which of ``DUAL_CARBON_GRADES`` the counts of missed indicators give. [-]"""
    level = formulas.dual_carbon_level(
        control_missed, supporting_missed, law.control_limit, law.supporting_limit
    )
    return len(DUAL_CARBON_GRADES) - level


def _missed(item: Item, figure: Figure) -> Numeric:
    return 1 - formulas.meets(figure.actual, figure.goal, SENSES[item.direction])


def _met(item: Item, figure: Figure, law: Law) -> Score:
    missed = _missed(item, figure)
    return Score(item.points * (1 - missed), missed)


def _by_completion(item: Item, figure: Figure, law: Law) -> Score:
    """Ratio, distance and steps: points of the completion, and the bonus."""
    done = completion(item, figure)
    if item.kind == "step":
        points = step_points(done, item.steps)
    else:
        points = formulas.ratio_points(done, item.points, item.cap)
    missed = _missed(item, figure)
    if not item.bonus_each > 0:
        return Score(points, missed, done=done)
    bonus = formulas.bonus_points(done, item.bonus_each, item.bonus_points, item.bonus_most)
    return Score(points + bonus, missed, done=done, bonus=bonus)


def _per_unit(item: Item, figure: Figure, law: Law) -> Score:
    gap = (figure.goal - figure.actual) * SENSES[item.direction]
    points = formulas.deduction(item.points, gap, item.per, item.floor)
    return Score(points, _missed(item, figure), gap=gap)


def _event(item: Item, figure: Figure, law: Law) -> Score:
    points = formulas.deduction(item.points, figure.actual, item.per, item.floor)
    return Score(points, (figure.actual > 0) * 1)


def _level(item: Item, figure: Figure, law: Law) -> Score:
    """Levels of firms: points of a step table by level, else falling evenly to none."""
    bounds = law.sector_bounds if item.kind == "sector_ratio" else law.absolute_bounds
    level = level_of(figure.actual, bounds)
    points: Numeric = item.points * (1 - (level - 1) / len(bounds))
    for n, step in enumerate(item.steps, start=1):
        points = where(level == n, step.points, points)
    return Score(points, (level > 1) * 1, level=level)


def _awarded(item: Item, figure: Figure, law: Law) -> Score:
    points = clip(figure.actual, 0.0, item.points) if item.points else figure.actual
    return Score(points, 0)


SCORERS: Mapping[str, Callable[[Item, Figure, Law], Score]] = {
    "met": _met,
    "ratio": _by_completion,
    "step": _by_completion,
    "distance": _by_completion,
    "per_unit": _per_unit,
    "event": _event,
    "sector_ratio": _level,
    "class": _level,
    "given": _awarded,
}
