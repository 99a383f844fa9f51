"""Money of a portfolio: what is paid in each year, and what it comes to in money of the base year.

All of it is linear in the levels, so each function gives coefficients or applies them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.outlook.annuity import recovery
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.study import Study


@dataclass(frozen=True)
class Spent:
    """Capital and running cost by measure, region and year, (M, R, Y). [10,000 yuan]"""

    capital: Array
    running: Array

    @property
    def by_year(self) -> Array:
        """All that is paid in each year, (Y,)."""
        return self.capital.sum(axis=(0, 1)) + self.running.sum(axis=(0, 1))


def discount(study: Study) -> Array:
    r"""Money of the base year for one unit of each year's, (Y,). [1]

    .. math:: v_y = (1 + i)^{-(y - y_0)}
    """
    years = np.array(study.pathway.years, dtype=float)
    return (1 + study.costs.rate) ** -(years - study.costs.base_year)


def annuity_factor(rate: float, years: Array) -> Array:
    r"""Value of one unit a year for ``years`` years, the first at once. [1]

    .. math:: (1 + i) / a(i, n)
    """
    return (1 + rate) / recovery(rate, np.asarray(years, dtype=float))


def counted_share(study: Study) -> Array:
    """Share of a price paid in a year that counts as cost of the study, (M, Y): all of what lasts,
    else the annuities until the study's end over those of a life. [1]
    """
    last = study.pathway.years[-1]
    left = np.array([last - year + 1 for year in study.pathway.years], dtype=float)
    life = study.costs.life[:, None]
    until_end = annuity_factor(study.costs.rate, left)[None, :]
    of_life = annuity_factor(study.costs.rate, np.maximum(life, 1.0))
    return np.where(life > 0, until_end / of_life, 1.0)


def rises(study: Study, level: Array) -> Array:
    """What each year adds to the level, (M, R, Y)."""
    return np.diff(level, axis=2, prepend=study.floor[:, :, None])


def bought_again(study: Study) -> Array:
    """Which year's buying is due in which year, (M, due, bought): 1 in the year itself and after
    each whole life.
    """
    years = np.array(study.pathway.years)
    age = years[:, None] - years[None, :]
    life = study.costs.life[:, None, None]
    again = (life > 0) & (age > 0) & (age % np.maximum(life, 1) == 0)
    return (again | (age == 0)).astype(float)


def spent(study: Study, level: Array) -> Spent:
    """What a level costs in each year."""
    due = np.einsum("mty,mry->mrt", bought_again(study), rises(study, level))
    running = study.costs.running[:, :, None] * (level - study.floor[:, :, None])
    return Spent(study.costs.capital * due, running)


def present_cost(study: Study, level: Array) -> float:
    """All that counts as cost of a level, in money of the base year. [10,000 yuan]"""
    worth = discount(study)
    capital = study.costs.capital * rises(study, level) * counted_share(study)[:, None, :]
    running = spent(study, level).running
    return float(((capital + running) * worth).sum())


def cost_of_level(study: Study) -> tuple[Array, float]:
    """The same as coefficients: cost of one unit of each level, (M, R, Y), and a constant."""
    worth = discount(study)
    price = study.costs.capital * counted_share(study)[:, None, :] * worth
    later = np.concatenate([price[:, :, 1:], np.zeros_like(price[:, :, :1])], axis=2)
    running = study.costs.running[:, :, None] * worth
    first = (price[:, :, 0] * study.floor).sum()
    constant = -float(first + (running * study.floor[:, :, None]).sum())
    return price - later + running, constant


def capital_of_level(study: Study) -> Array:
    """Capital due in a year for one unit of the level of another, (M, R, due, level's year).

    What is due for a floor is left out: ``capital_of_floor``.
    """
    due = bought_again(study)
    later = np.concatenate([due[:, :, 1:], np.zeros_like(due[:, :, :1])], axis=2)
    return study.costs.capital[:, :, :, None] * (due - later)[:, None]


def capital_of_floor(study: Study) -> Array:
    """Capital that the levels' coefficients count for what is there already, (M, R, due)."""
    due = bought_again(study)[:, :, 0]
    return study.costs.capital * due[:, None, :] * study.floor[:, :, None]
