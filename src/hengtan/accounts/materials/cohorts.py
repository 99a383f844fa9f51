"""Kernel: a stock of products driven by its inflow, cohort by cohort.

Pure mathematics: arrays in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.accounts.materials.refusals import refusal

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Lifetime:
    """How long products last: ``normal`` with mean and standard deviation, or ``weibull`` with
    shape and scale. [years]"""

    distribution: str
    first: float
    second: float

    def survival(self, ages: Array) -> Array:
        """The share of a cohort that is in use at these ages. [1]"""
        from scipy import stats

        if not (self.first > 0 and self.second > 0):
            raise refusal("lifetime_not_positive", self.first, self.second)
        if self.distribution == "normal":
            return np.asarray(stats.norm.sf(ages, loc=self.first, scale=self.second))
        return np.asarray(stats.weibull_min.sf(ages, c=self.first, scale=self.second))


@dataclass(frozen=True)
class Cohorts:
    """What an inflow comes to: stock at the end of each year, and outflow in it. [unit of inflow]

    ``by_cohort`` is the stock by year (rows) and year of inflow (columns).
    """

    inflow: Array
    stock: Array
    outflow: Array
    by_cohort: Array


def inflow_driven(inflow: Array, lifetime: Lifetime) -> Cohorts:
    r"""Stock and outflow of products from their inflow by year.

    .. math:: S_t = \sum_{c \le t} I_c\, s(t - c), \qquad O_t = I_t - (S_t - S_{t-1})

    Parameters
    ----------
    inflow : array, shape (n,)
        Inflow I of successive years. [unit]
    lifetime : Lifetime
        Survival s by age. [1]

    Raises
    ------
    HengtanError
        Where an inflow is negative or missing, naming its place, or the lifetime is not positive.

    Notes
    -----
    A cohort is of age 0 at the end of its own year. Of a normal distribution the part below 0
    leaves in that year.

    References
    ----------
    .. [1] Pauliuk and Heeren (2020), ODYM: inflow-driven dynamic stock model.
    """
    flow = np.asarray(inflow, dtype=float)
    wrong = np.flatnonzero(~(flow >= 0))
    if wrong.size:
        raise refusal("inflow_negative", int(wrong[0]) + 1, f"{flow[wrong[0]]:.6g}")
    years = np.arange(len(flow))
    ages = years[:, None] - years[None, :]
    shares = np.where(ages >= 0, lifetime.survival(np.maximum(ages, 0)), 0.0)
    by_cohort = shares * flow[None, :]
    stock = by_cohort.sum(axis=1)
    outflow = flow - np.diff(stock, prepend=0.0)
    return Cohorts(flow, stock, outflow, by_cohort)
