"""The ten ways in which Chinese assessments turn a figure into points, each a function of plain numbers.

Sources of the forms: 碳达峰碳中和综合评价考核 (met / not met), 单位GDP二氧化碳排放降低目标责任考核评估 2014 and 能耗双控考核 (completion, steps, two yes/no),
发改环资〔2016〕2635号 (efficacy coefficient), responsibility letters (deduction per unit), Zhejiang's carbon code (ratio to the sector's mean, absolute class).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

KINDS = (
    "met",
    "ratio",
    "step",
    "pair",
    "efficacy",
    "distance",
    "per_unit",
    "event",
    "sector_ratio",
    "class",
    "given",
)
"""The ten kinds, and ``given``: points that people award."""


@dataclass(frozen=True)
class Step:
    """A band of a step table: from ``least`` (inclusive) on, ``points`` or a grade."""

    least: float
    points: float
    grade: str = ""


def met(actual: float, goal: float, direction: str, *, strict: bool = False) -> bool:
    """Whether a goal is met. ``direction``: ``higher`` (at least), ``lower`` (at most), ``hold`` (neither rule differs from at least). Equal counts as met unless ``strict``."""
    if math.isclose(actual, goal, rel_tol=1e-9, abs_tol=1e-12):
        return not strict
    return actual < goal if direction == "lower" else actual > goal


def completion(actual: float, goal: float, direction: str) -> float:
    """How much of a goal is reached, 1 = wholly. For a cut or a level: actual / goal; for a cap: goal / actual, and 1 where it is kept; to hold: 1 or 0.

    A goal of zero or below has no ratio: 1 where it is met, else 0 (evaluation.md §1.8).
    """
    if direction == "hold":
        return 1.0 if met(actual, goal, "higher") else 0.0
    if goal <= 0 or (direction == "lower" and actual <= 0):
        return 1.0 if met(actual, goal, direction) else 0.0
    if direction == "lower":
        return 1.0 if met(actual, goal, direction) else goal / actual
    return actual / goal


def ratio_points(done: float, points: float, cap: float = 1.0) -> float:
    """Full points at 100 %, below in proportion, never below 0 nor above ``cap`` times the points (2014 carbon intensity: 25 × completion)."""
    return points * min(max(done, 0.0), cap)


def step_points(done: float, steps: Sequence[Step]) -> float:
    """Points of the band that a completion falls into; 0 below the lowest."""
    band = max(
        (step for step in steps if done >= step.least - 1e-9),
        key=lambda step: step.least,
        default=None,
    )
    return band.points if band else 0.0


def bonus_points(done: float, each: float, points: float, most: float) -> float:
    """Points beyond the full mark: ``points`` for each whole ``each`` of completion over 100 %, at most ``most`` (+3 for each 10 % over, at most +9)."""
    over = math.floor((done - 1.0) / each + 1e-9) if each > 0 else 0
    return min(max(over, 0) * points, most)


def pair_points(
    year_met: bool, progress_met: bool, table: tuple[float, float, float, float]
) -> float:
    """Points by two yes/no: ``table`` for (both, only progress, only the year, neither); the 12th plan's sector version is (60, 55, 40, 0)."""
    return (
        table[0]
        if year_met and progress_met
        else table[1]
        if progress_met
        else table[2]
        if year_met
        else table[3]
    )


def efficacy(x: float, least: float, most: float, direction: str, floor: float = 60.0) -> float:
    """The efficacy coefficient: ``floor`` to 100 by the place between the least and the most of the regions assessed; 100 where all are equal.

    2016 green development index: Y = 60 + 40 (X − Xmin) / (Xmax − Xmin), the other way round where lower is better.
    """
    if math.isclose(least, most, rel_tol=1e-12, abs_tol=1e-15):
        return 100.0
    place = (most - x) / (most - least) if direction == "lower" else (x - least) / (most - least)
    return floor + (100.0 - floor) * place


def distance(x: float, base: float, goal: float) -> float:
    """How far from base to goal, 0 to 1 between them; 1 where base and goal are one and it is reached, else 0."""
    if math.isclose(base, goal, rel_tol=1e-12, abs_tol=1e-15):
        return 1.0 if math.isclose(x, goal, rel_tol=1e-9) else 0.0
    return (x - base) / (goal - base)


def deduct_per_unit(points: float, gap: float, per: float, floor: float = 0.0) -> float:
    """Points less ``per`` for each unit of the gap to the goal, not below ``floor`` (0.5 for each µg/m³)."""
    return max(points - per * max(gap, 0.0), floor)


def deduct_events(points: float, count: float, per: float, floor: float = 0.0) -> float:
    """Points less ``per`` for each event, not below ``floor``."""
    return max(points - per * max(count, 0.0), floor)


def sector_grade(k: float, bounds: Sequence[float] = (0.6, 0.8, 1.2, 2.0)) -> int:
    """Grade 1 (best) to 5 by a firm's figure over its sector's mean; a bound belongs to the better grade (Zhejiang carbon code)."""
    return 1 + sum(k > bound + 1e-12 for bound in bounds)


def absolute_class(x: float, bounds: Sequence[float] = (0.6, 2.0)) -> int:
    """0 low, 1 middle, 2 high carbon by t per 10⁴ yuan: ≤ 0.6 low, to 2.0 middle, above high (Zhejiang carbon code)."""
    return sum(x > bound + 1e-12 for bound in bounds)


def intensity_light(change: float, progress: float, required: float) -> int:
    """The 2021 rule for energy intensity: 1 (red) where it did not fall, 2 where the progress is behind, else 3 (发改办环资〔2021〕629号).

    ``change``: of the period, negative is a fall; ``progress``, ``required``: cuts so far, as shares.
    """
    return 1 if change >= 0 else 2 if progress < required else 3


def required_progress(goal: float, years: float, of: float, path: str = "compound") -> float:
    """The cut that a five-year cut demands after so many years: 1 − (1 − T)^(y/n), or T y/n on a straight line. Raises ValueError for a goal outside 0–1."""
    if not 0 <= goal < 1 or of <= 0:
        raise ValueError("a cut lies between 0 and 1, a period is longer than 0")
    return goal * years / of if path == "linear" else 1 - (1 - goal) ** (years / of)


def needed_yearly_cut(goal: float, done: float, years_left: float) -> float:
    """The yearly cut still needed: 1 − ((1 − T) / (1 − D))^(1 / years left). Raises ValueError where none are left."""
    if years_left <= 0 or done >= 1:
        raise ValueError("no years are left")
    return 1 - ((1 - goal) / (1 - done)) ** (1 / years_left)


def dual_carbon_grade(
    control_missed: int, supporting_missed: int, *, falsified: bool = False
) -> str:
    """The 2026 grade: 不合格 where data are falsified, a control indicator or three supporting ones are missed; 优秀 where none is; else 合格.

    碳达峰碳中和综合评价考核办法 (2026), as summarised article by article in a public catalogue; the rule's own text was not read.
    """
    if falsified or control_missed >= 1 or supporting_missed >= 3:
        return "不合格"
    return "优秀" if control_missed == 0 and supporting_missed == 0 else "合格"
