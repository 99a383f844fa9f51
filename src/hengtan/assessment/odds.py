"""Odds of grades: many joint draws of what an assessment looks at, scored at once.

Method: Gaussian copula over the chances of the goals; the scoring is that of ``scoring``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from hengtan.assessment.law import Law, national_law
from hengtan.assessment.scheme import Item, Scheme
from hengtan.assessment.scoring import (
    DUAL_CARBON_GRADES,
    Figure,
    dual_carbon_index,
    grade_index,
    score,
)


@dataclass(frozen=True)
class Odds:
    """Odds of grades.

    ``probability``: of each assessed of each grade, shape (assessed, grades); ``counts``: how many
    get each grade, shape (draws, grades). Dual-carbon grades are codes.
    """

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
    law: Law | None = None,
) -> Odds:
    r"""Odds of the 2026 dual-carbon grades from the chance of each goal to be met, drawn
    jointly.

    A goal is missed where :math:`\sqrt{1-\beta}\,z + \sqrt{\beta}\,c > \Phi^{-1}(p)`, with z of
    each assessed and c common to all.

    Parameters
    ----------
    chances : array, shape (assessed, indicators)
        Probability p that each goal is met, 0 to 1. [-]
    control : sequence of bool, length indicators
        Which are control indicators.
    draws, seed : int
        Number of draws; the same seed gives the same draws.
    correlation : array, shape (indicators, indicators), optional
        Correlation of the copula over the indicators of one assessed; independent where None. [-]
    between : float
        Correlation β of the same indicator between any two assessed (a common year), 0 to below 1.
        [-]
    law : Law, optional
        Limits of misses; those of the national pack where none is given.

    Returns
    -------
    Odds
        Probabilities of each assessed, and counts over all of them.

    Raises
    ------
    ValueError
        For shapes or values that cannot be.

    References
    ----------
    .. [1] Grade rule: ``formulas.dual_carbon_level``; Gaussian copula: Nelsen (2006), An
       Introduction to
       Copulas.
    """
    p, flags = np.asarray(chances, float), np.asarray(control, bool)
    _refuse(p, flags, between)
    law = law or national_law()
    missed = _Missed(p, seed, draws, correlation, between)
    grades = _grades_by_misses(flags, law)
    probability = np.empty((len(p), len(DUAL_CARBON_GRADES)))
    counts = np.zeros((len(DUAL_CARBON_GRADES), draws), np.int32)
    for i in range(len(p)):
        misses = missed.of(i)
        control_missed = misses[:, flags].sum(axis=1, dtype=np.int16)
        supporting_missed = misses[:, ~flags].sum(axis=1, dtype=np.int16)
        index = grades.ravel()[control_missed * grades.shape[1] + supporting_missed]
        for grade in range(len(DUAL_CARBON_GRADES)):
            earned = index == grade
            probability[i, grade] = np.count_nonzero(earned) / draws
            counts[grade] += earned
    return Odds(DUAL_CARBON_GRADES, probability, counts.T)


def _grades_by_misses(control: np.ndarray, law: Law) -> np.ndarray:
    """Which grade each number of missed control and of missed supporting indicators gives."""
    control_missed, supporting_missed = np.indices((control.sum() + 1, (~control).sum() + 1))
    return np.asarray(dual_carbon_index(control_missed, supporting_missed, law), np.int8)


def _refuse(chances: np.ndarray, control: np.ndarray, between: float) -> None:
    shaped = chances.ndim == 2 and chances.shape[1] == len(control)
    if not shaped or not ((chances >= 0) & (chances <= 1)).all() or not 0 <= between < 1:
        raise ValueError(
            "chances of shape (assessed, indicators) between 0 and 1, "
            "one control flag an indicator, 0 ≤ between < 1"
        )


class _Missed:
    """Draws of missed goals, one assessed after the other, in single precision."""

    def __init__(
        self,
        chances: np.ndarray,
        seed: int,
        draws: int,
        correlation: np.ndarray | None,
        between: float,
    ) -> None:
        shape = (draws, chances.shape[1])
        self.drawn, self.correlated = np.empty(shape, np.float32), np.empty(shape, np.float32)
        self.missed = np.empty(shape, bool)
        self.bounds = special.ndtri(chances).astype(np.float32)
        self.chance = np.random.default_rng(seed)
        self.between = between
        self.root = None
        if correlation is not None:
            self.root = np.linalg.cholesky(np.asarray(correlation, float)).T.astype(np.float32)
        self.common = self._draw() * np.float32(np.sqrt(between)) if between else None

    def of(self, i: int) -> np.ndarray:
        """Which goals of the next assessed are missed, shape (draws, indicators); the array is
        written anew by the next call.
        """
        z = self._draw()
        if self.common is not None:
            z *= np.float32(np.sqrt(1 - self.between))
            z += self.common
        if self.root is not None:
            z = np.matmul(z, self.root, out=self.correlated)
        return np.greater(z, self.bounds[i], out=self.missed)

    def _draw(self) -> np.ndarray:
        return self.chance.standard_normal(out=self.drawn, dtype=np.float32)


def points_of(
    item: Item,
    actual: np.ndarray,
    goal: float,
    base: float = 0.0,
    *,
    law: Law | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Points of an item for many figures at once, and where its goal is missed. Shapes (draws,).

    ``law``: that of the national pack where none is given. Raises ValueError for a kind that has no
    figure to draw (pair, efficacy).
    """
    drawn = score(item, Figure(np.asarray(actual, float), goal, base), law or national_law())
    return np.broadcast_to(drawn.points, np.shape(actual)), np.asarray(drawn.missed) == 1


def points_odds(
    scheme: Scheme,
    class_: str,
    drawn: Mapping[str, np.ndarray],
    goals: Mapping[str, tuple[float, float]],
    fixed: Mapping[str, float],
    law: Law | None = None,
) -> tuple[dict[str, float], np.ndarray]:
    """Odds of the grades of one assessed under a scheme of points, and its totals, shape
    (draws,).

    ``drawn``: figures of items by id; ``goals``: (goal, base) by id; ``fixed``: points of items
    that are not drawn. Raises ValueError where an item of the scheme has neither.
    """
    number = len(next(iter(drawn.values())))
    total, vetoed = np.zeros(number), np.zeros(number, bool)
    for item in scheme.items_of(class_):
        if item.id in drawn:
            points, missed = points_of(item, drawn[item.id], *goals[item.id], law=law)
            total += points
            vetoed |= missed & item.veto
        elif item.id in fixed:
            total += fixed[item.id]
        else:
            raise ValueError(f"item {item.id} has neither draws nor points")
    worst = len(scheme.grades) - 1
    index = np.where(vetoed, worst, grade_index(total, scheme.grades))
    odds = {name: float((index == n).mean()) for n, (name, _) in enumerate(scheme.grades)}
    return odds, total
