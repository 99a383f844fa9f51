r"""Targets that hold on average in the worst of the draws: conditional value at risk.

.. math::
    \mathrm{CVaR}_\alpha(E) = \min_t \; t + \frac{1}{(1 - \alpha) K} \sum_k \max(E_k - t, 0)
    \le \mathrm{cap}

so that a program needs one variable and one row a draw and target (Rockafellar and Uryasev). The
choice is checked on draws that it has not seen.

References
----------
.. [1] Rockafellar and Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.linear import Block, Program
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.choose import Choice
from hengtan.outlook.portfolio.draws import Ranges, assumed_share, draw
from hengtan.outlook.portfolio.sides import target_row, words_of
from hengtan.outlook.portfolio.study import Study, measured
from hengtan.outlook.portfolio.tangent import Tangent, tangent_by_level

FRESH = 1
"""Stream of the draws that a choice is checked on; it is made on stream 0."""


def value_at_risk_beyond(values: Array, alpha: float) -> float:
    """Conditional value at risk: mean of the worst share 1 - ``alpha`` of values, of the one at the
    edge only the part that belongs to it.
    """
    ordered = np.sort(np.asarray(values, dtype=float))[::-1]
    worst = (1 - alpha) * ordered.size
    weights = np.clip(worst - np.arange(ordered.size), 0.0, 1.0)
    return float(weights @ ordered / worst)


@dataclass(frozen=True)
class Planes:
    """A target's tangents in all draws: constants (K,) and slopes (K, M, regions, years)."""

    constant: Array
    slope: Array
    where: tuple[Any, ...]

    def at(self, level: Array) -> Array:
        """What the planes say at a level, (K,)."""
        return self.constant + np.einsum("kmry,mry->k", self.slope, level[self.where])


@dataclass(frozen=True)
class AtRisk:
    """Targets judged by the conditional value at risk ``alpha`` over the effects drawn (K, M)."""

    effects: Array
    alpha: float

    def measured(self, study: Study, level: Array) -> Array:
        totals = totals_of(study, level, self.effects)
        return np.array([value_at_risk_beyond(each, self.alpha) for each in totals.T])

    def linearised(self, study: Study, level: Array) -> list[Planes]:
        return [self._planes(study, level, number) for number in range(len(study.targets))]

    def _planes(self, study: Study, level: Array, number: int) -> Planes:
        target = study.targets[number]
        measures, regions, _ = study.shape
        chosen = list(target.regions or range(regions))
        where = np.ix_(range(measures), chosen, list(target.years))
        here = level[where]
        constants, slopes = np.empty(len(self.effects)), np.empty((len(self.effects), *here.shape))
        for k, effect in enumerate(self.effects):
            tangent = tangent_by_level(study, level, target, effect, target.years)
            constants[k], slopes[k] = _part(tangent, chosen, here)
        return Planes(constants, slopes, where)

    def stated(self, study: Study, at: list[Planes], level: Array) -> Array:
        return np.array([value_at_risk_beyond(each.at(level), self.alpha) for each in at])

    def put(self, study: Study, program: Program, at: list[Planes], level: Block) -> None:
        count = len(self.effects)
        for number, (target, planes) in enumerate(zip(study.targets, at, strict=True)):
            name, unit = target_row(number), target.unit
            middle = float(np.median(planes.constant))
            edge = program.variable(f"{name} edge", 1, unit, lower=-np.inf)
            beyond = program.variable(f"{name} beyond", count, unit)
            above = program.row(f"{name} draws", count, unit, upper=middle - planes.constant)
            program.put(above.at[:, None, None, None], level.at[planes.where], planes.slope)
            program.put(above.at, edge[0], -1.0)
            program.put(above.at, beyond.at, -1.0)
            room = target.limit - middle
            row = program.row(name, 1, unit, upper=room, limit=words_of(target))
            program.put(row[0], edge.at)
            program.put(row[0], beyond.at, 1 / ((1 - self.alpha) * count))


def _part(tangent: Tangent, chosen: list[int], here: Array) -> tuple[float, Array]:
    """Constant and slope of a plane over some regions."""
    slope = tangent.slope[:, chosen]
    value = float(tangent.value[chosen].sum())
    return value - float((slope * here).sum()), slope


def totals_of(study: Study, level: Array, effects: Array) -> Array:
    """What each target counts in each draw, (K, T)."""
    return np.array([measured(study, level, effect) for effect in effects])


def at_risk(study: Study, ranges: Ranges, *, alpha: float, count: int, seed: int) -> AtRisk:
    """Targets judged over draws of the ranges. Raises ``RangeWithoutSource``."""
    return AtRisk(draw(ranges, count, seed=seed), alpha)


@dataclass(frozen=True)
class Check:
    """A choice on draws it has not seen, by target, (T,) each.

    Attributes
    ----------
    beyond : array
        Conditional value at risk. [unit of the target]
    odds : array
        Share of draws that meet the target. [1]
    error : array
        Standard error of the odds. [1]
    assumed : array
        Share of the total's variance, to first order, that rests on assumed ranges. [1]
    count : int
        Number of fresh draws.
    """

    beyond: Array
    odds: Array
    error: Array
    assumed: Array
    count: int


def checked(choice: Choice, ranges: Ranges, *, alpha: float, count: int, seed: int) -> Check:
    """The choice on fresh draws. Raises ``RangeWithoutSource``."""
    study = choice.study
    totals = totals_of(study, choice.level, draw(ranges, count, seed=seed, stream=FRESH))
    limits = np.array([target.limit for target in study.targets])
    tolerance = 1e-9 * np.abs(choice.without)
    odds = (totals <= limits + tolerance).mean(axis=0)
    return Check(
        beyond=np.array([value_at_risk_beyond(each, alpha) for each in totals.T]),
        odds=odds,
        error=np.sqrt(odds * (1 - odds) / count),
        assumed=np.array([_assumed_share(choice, ranges, n) for n in range(limits.size)]),
        count=count,
    )


def _assumed_share(choice: Choice, ranges: Ranges, number: int) -> float:
    study, target = choice.study, choice.study.targets[number]
    size = np.where(study.pathway.effect == 0, 1.0, study.pathway.effect)
    slope = tangent_by_level(study, choice.level, target).slope * choice.level
    chosen = list(target.regions or range(study.shape[1]))
    by_effect = slope[:, chosen][:, :, list(target.years)].sum(axis=(1, 2)) / size
    return assumed_share(ranges, by_effect)
