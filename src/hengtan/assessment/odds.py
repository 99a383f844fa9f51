"""Odds of grades: many joint draws of what an assessment looks at, scored at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from hengtan.assessment.scheme import Item, Scheme

DUAL_CARBON_GRADES = ("优秀", "合格", "不合格")


@dataclass(frozen=True)
class Odds:
    """Of each assessed the probability of each grade, shape (assessed, grades); of each grade how many get it, shape (draws, grades) as counts."""

    grades: tuple[str, ...]
    probability: np.ndarray
    counts: np.ndarray

    def of(self, n: int) -> dict[str, float]:
        """Grade → probability of one assessed."""
        return {g: float(p) for g, p in zip(self.grades, self.probability[n], strict=True)}


def dual_carbon_odds(
    chances: np.ndarray,
    control: Sequence[bool],
    *,
    draws: int = 100_000,
    seed: int = 2026,
    correlation: np.ndarray | None = None,
    between: float = 0.0,
) -> Odds:
    """Odds of the 2026 dual-carbon grades from the chance of each goal to be met, drawn jointly.

    Parameters
    ----------
    chances : array, shape (assessed, indicators)
        Probability that each goal is met, 0 to 1. [-]
    control : sequence of bool, length indicators
        Which are control indicators: one missed is unqualified, three of the others missed as well.
    correlation : array, shape (indicators, indicators), optional
        Correlation of a Gaussian copula over the indicators of one assessed; independent where None. [-]
    between : float
        Correlation of the same indicator between any two assessed (a common year), 0 to below 1. [-]

    Raises ValueError for shapes or values that cannot be. The same seed gives the same draws. Grade rule: ``scoring.dual_carbon_grade``.
    """
    p = np.asarray(chances, float)
    if (
        p.ndim != 2
        or p.shape[1] != len(control)
        or not ((p >= 0) & (p <= 1)).all()
        or not 0 <= between < 1
    ):
        raise ValueError(
            "chances of shape (assessed, indicators) between 0 and 1, one control flag an indicator, 0 ≤ between < 1"
        )
    n, k = p.shape
    root = (
        None
        if correlation is None
        else np.linalg.cholesky(np.asarray(correlation, float)).T.astype(np.float32)
    )
    bound, rng, flags = (
        special.ndtri(p).astype(np.float32),
        np.random.default_rng(seed),
        np.asarray(control, bool),
    )
    common = rng.standard_normal((draws, k), dtype=np.float32) if between else None
    probability, counts = np.empty((n, 3)), np.zeros((draws, 3), np.int32)
    for i in range(n):
        z = rng.standard_normal((draws, k), dtype=np.float32)
        if common is not None:
            z *= np.float32(np.sqrt(1 - between))
            z += np.float32(np.sqrt(between)) * common
        if root is not None:
            z = z @ root
        missed = z > bound[i]
        supporting = missed[:, ~flags].sum(axis=1, dtype=np.int8)
        bad = missed[:, flags].any(axis=1) | (supporting >= 3)
        best = ~bad & (supporting == 0)
        middle = ~bad & ~best
        for g, got in enumerate((best, middle, bad)):
            probability[i, g] = got.mean()
            counts[:, g] += got
    return Odds(DUAL_CARBON_GRADES, probability, counts)


def points_of(
    item: Item, actual: np.ndarray, goal: float, base: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Points of an item for many figures at once, and where its goal is missed. The same as ``evaluate`` gives one by one. Shapes (draws,).

    Raises ValueError for a kind that has no figure to draw (pair, efficacy, given and the levels of firms).
    """
    x = np.asarray(actual, float)
    close = np.abs(x - goal) <= np.maximum(
        1e-9 * np.maximum(np.abs(x), abs(goal)), 1e-12
    )  # as math.isclose
    reached = close | (x < goal if item.direction == "lower" else x > goal)
    if item.kind == "met":
        return np.where(reached, item.points, 0.0), ~reached
    if item.kind == "event":
        return np.maximum(item.points - item.per * np.maximum(x, 0), item.floor), x > 0
    if item.kind == "per_unit":
        gap = x - goal if item.direction == "lower" else goal - x
        return np.maximum(item.points - item.per * np.maximum(gap, 0), item.floor), ~reached
    if item.kind not in ("ratio", "step", "distance"):
        raise ValueError(f"no draws for kind {item.kind}")
    if item.kind == "distance":
        done = (
            (np.abs(x - goal) <= 1e-9 * np.maximum(np.abs(x), abs(goal))).astype(float)
            if math.isclose(base, goal, rel_tol=1e-12, abs_tol=1e-15)
            else (x - base) / (goal - base)
        )
    elif item.direction == "hold" or goal <= 0:
        done = reached.astype(float)
    elif item.direction == "lower":
        done = np.where(reached | (x <= 0), 1.0, goal / np.where(x > 0, x, 1.0))
        done = np.where((x <= 0) & ~reached, 0.0, done)
    else:
        done = x / goal
    if item.kind == "step":
        least = np.array([s.least for s in item.steps])
        at = np.searchsorted(least, done + 1e-9, side="right")
        points = np.concatenate([[0.0], [s.points for s in item.steps]])[at]
    else:
        points = item.points * np.clip(done, 0.0, item.cap)
    if item.bonus_each > 0:
        points = points + np.minimum(
            np.maximum(np.floor((done - 1) / item.bonus_each + 1e-9), 0) * item.bonus_points,
            item.bonus_most,
        )
    return points, ~reached


def points_odds(
    scheme: Scheme,
    class_: str,
    drawn: dict[str, np.ndarray],
    goals: dict[str, tuple[float, float]],
    fixed: dict[str, float],
) -> tuple[dict[str, float], np.ndarray]:
    """Odds of the grades of one assessed under a scheme of points, and its totals, shape (draws,).

    ``drawn``: figures of items by id; ``goals``: (goal, base) by id; ``fixed``: points of items that are not drawn. Raises ValueError where an item of the scheme has neither.
    """
    n = len(next(iter(drawn.values())))
    total, vetoed = np.zeros(n), np.zeros(n, bool)
    for item in scheme.items:
        if item.classes and class_ not in item.classes:
            continue
        if item.id in drawn:
            points, missed = points_of(item, drawn[item.id], *goals[item.id])
            total += points
            vetoed |= missed & item.veto
        elif item.id in fixed:
            total += fixed[item.id]
        else:
            raise ValueError(f"item {item.id} has neither draws nor points")
    at = np.full(n, len(scheme.grades) - 1)
    for g in range(len(scheme.grades) - 1, -1, -1):
        at = np.where(total >= scheme.grades[g][1] - 1e-9, g, at)
    at = np.where(vetoed, len(scheme.grades) - 1, at)
    return {name: float((at == g).mean()) for g, (name, _) in enumerate(scheme.grades)}, total
