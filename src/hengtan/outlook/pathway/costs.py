"""What measures cost: by year, for a tonne taken off, and against what the tonnes are worth. The
tonnes are those of the attribution, so that a measure has one cut in every table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.outlook.annuity import annuity
from hengtan.outlook.pathway.measures import Measure
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.study import Study

YUAN = 1e4
"""Costs of measures are written in 10^4 yuan."""


@dataclass(frozen=True)
class Step:
    """A step of the cost curve of a year.

    ``cut`` is its width [tCO2e], ``cost`` its area [yuan], ``per_tonne`` its height [yuan/tCO2e]:
    None where the measure takes nothing off, or its cost is not known.
    """

    measure: Measure
    cut: float
    cost: float | None
    per_tonne: float | None
    cut_is_established: bool
    cost_is_established: bool


@dataclass(frozen=True)
class CostBenefit:
    """Cost and worth of a measure over the years of a study, discounted to its base year. [yuan]"""

    measure: Measure
    cost: float | None
    worth: float
    tonnes: float

    @property
    def net(self) -> float | None:
        """Worth less cost. [yuan]"""
        return None if self.cost is None else self.worth - self.cost


def yearly_cost(study: Study, rate: float) -> list[Array | None]:
    """What each measure costs in each year (Y,), at the use it has reached. [yuan/year]

    Capital counts as an annuity over its life; None where a capital has no life, or nothing of the
    cost is known.
    """
    costs: list[Array | None] = []
    for number, measure in enumerate(study.measures):
        full = _full_cost(measure, rate)
        costs.append(None if full is None else full * _use(study, number))
    return costs


def _full_cost(measure: Measure, rate: float) -> float | None:
    """The yearly cost of full use. [yuan/year]"""
    if measure.capital is None and measure.running is None:
        return None
    yearly = measure.running or 0.0
    if measure.capital:
        if measure.life is None:
            return None
        own = rate if measure.discount_rate is None else measure.discount_rate
        yearly += measure.capital * annuity(own, measure.life)
    return yearly * YUAN


def _use(study: Study, number: int) -> Array:
    """How much of its full use a measure has reached by year; the most of its parts. (Y,)"""
    parts = [part for part, owner in enumerate(study.portions.owner) if owner == number]
    return np.asarray(study.portions.ramp[parts].max(axis=0))


def cost_curve(study: Study, cut: Array, year: int, rate: float) -> list[Step]:
    """The steps of the cost curve of a year, the cheapest tonne first; without a height last.

    Parameters
    ----------
    cut : array (M, Y)
        What each measure takes off by year, from the attribution. [tCO2e]
    rate : float
        Discount rate of the study; a measure's own goes before it. [1]
    """
    position = study.year(year)
    steps = []
    for number, (measure, cost) in enumerate(
        zip(study.measures, yearly_cost(study, rate), strict=True)
    ):
        tonnes = float(cut[number, position])
        yuan = None if cost is None else float(cost[position])
        height = yuan / tonnes if yuan is not None and tonnes > 0 else None
        steps.append(
            Step(
                measure,
                tonnes,
                yuan,
                height,
                measure.cut_is_established,
                measure.cost_is_established,
            )
        )
    return sorted(steps, key=lambda step: (step.per_tonne is None, step.per_tonne or 0.0))


def cost_benefit(study: Study, cut: Array, rate: float, worth_of_tonne: Array) -> list[CostBenefit]:
    """Of each measure, cost and worth over the years of the study, discounted to its base year.

    Parameters
    ----------
    cut : array (M, Y)
        [tCO2e]
    worth_of_tonne : array (Y,)
        What a tonne is worth in each year; the caller says by whom. [yuan/tCO2e]
    """
    discount = np.power(1 + rate, -np.arange(len(study.pathway.years), dtype=float))
    results = []
    for number, (measure, cost) in enumerate(
        zip(study.measures, yearly_cost(study, rate), strict=True)
    ):
        worth = float((cut[number] * worth_of_tonne * discount).sum())
        paid = None if cost is None else float((cost * discount).sum())
        results.append(CostBenefit(measure, paid, worth, float(cut[number].sum())))
    return results


def assumed_share(study: Study, cut: Array) -> Array:
    """By year, the share of the cut that rests on a number marked assumed, (Y,); missing where
    nothing is cut. [0..1]

    Cuts count by their size, so that measures that add emissions do not cancel others.
    """
    assumed = np.array([not measure.cut_is_established for measure in study.measures], dtype=bool)
    size = np.abs(cut)
    whole = size.sum(axis=0)
    resting = size[assumed].sum(axis=0)
    return np.divide(resting, whole, out=np.full(whole.shape, np.nan), where=whole > 0)
