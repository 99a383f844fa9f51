"""Turnover of a stock of vehicles, buildings or boilers: what is sold each year so that the stock
follows its path, and the share of the stock that a share of new sales comes to.

The survival of a cohort is that of the material accounts (``accounts/materials/cohorts.py``), which
go from inflow to stock; this room turns the question round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.accounts.materials.cohorts import Lifetime
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.refusals import refusal

SPAN = 4.0
"""How many scales of a lifetime the years before the first one reach back."""


@dataclass(frozen=True)
class Turnover:
    """A stock over years and the part of it that is of the new kind.

    Attributes
    ----------
    stock : array (Y,)
        Stock at the end of each year. [unit]
    sales : array (Y,)
        Units that come in. [unit/year]
    worn : array (Y,)
        Units that leave at the end of their life. [unit/year]
    early : array (Y,)
        Units that leave before it, because the stock falls faster than it wears out. [unit/year]
    new_share : array (Y,)
        Share of the stock that is of the new kind. [0..1]
    earlier_sales : array
        Sales of the years before the first one, as they were assumed. [unit/year]
    """

    years: tuple[int, ...]
    stock: Array
    sales: Array
    worn: Array
    early: Array
    new_share: Array
    earlier_sales: Array


def turnover(
    years: tuple[int, ...],
    stock: Array,
    lifetime: Lifetime,
    new_sales: Array,
    *,
    earlier_growth: float = 0.0,
) -> Turnover:
    r"""The turnover of a stock that follows a path.

    .. math:: S_y = S_{y-1} + I_y - W_y - Z_y, \qquad
        W_y = \sum_{c<y} n_{c,y-1} \left(1 - \frac{s(y-c)}{s(y-1-c)}\right)

    with sales I, worn-out units W, and units Z scrapped early where the path falls faster than the
    stock wears out; then I is zero, and Z takes the same part of every cohort.

    Parameters
    ----------
    stock : array (Y,)
        Stock at the end of each year. [unit]
    lifetime : Lifetime
        Survival by age. [1]
    new_sales : array (Y,)
        Share of sales that is of the new kind; none of what was sold before is. [0..1]
    earlier_growth : float
        Yearly growth of sales up to the first year, which sets the ages the stock starts with: an
        assumption where they are not known. [1/year]

    Raises
    ------
    HengtanError
        For a stock that is not above zero, or a share of sales outside 0 to 1.

    References
    ----------
    .. [1] Pauliuk and Heeren (2020), ODYM: stock-driven dynamic stock model.
    """
    path, new = np.asarray(stock, dtype=float), np.asarray(new_sales, dtype=float)
    if not (path > 0).all():
        raise refusal("stock_not_positive", years[int(np.argmin(path))])
    if not ((new >= 0) & (new <= 1)).all():
        raise refusal("sales_beyond_share")
    back = int(np.ceil(SPAN * _scale(lifetime)))
    survival = lifetime.survival(np.arange(back + len(years), dtype=float))
    earlier = _earlier_sales(path[0], survival[: back + 1], earlier_growth)
    cohorts = earlier * survival[back::-1]
    kept_new = np.concatenate([np.zeros(back), new[:1]])
    rows = [(float(earlier[-1]), 0.0, 0.0, _share(cohorts, kept_new))]
    for number in range(1, len(years)):
        aged = cohorts * _yearly(survival, len(cohorts))
        worn = float(cohorts.sum() - aged.sum())
        need = float(path[number] - aged.sum())
        if need < 0:
            aged *= path[number] / aged.sum()
        bought = max(need, 0.0) / float(survival[0])
        cohorts = np.append(aged, max(need, 0.0))
        kept_new = np.append(kept_new, new[number])
        worn += bought * float(1 - survival[0])
        rows.append((bought, worn, max(-need, 0.0), _share(cohorts, kept_new)))
    sales, worn_out, early, share = (np.array(column) for column in zip(*rows, strict=True))
    worn_out[0] = float(earlier[:-1] @ (survival[back - 1 :: -1] - survival[back:0:-1]))
    worn_out[0] += earlier[-1] * float(1 - survival[0])
    return Turnover(years, path, sales, worn_out, early, share, earlier[:-1])


def _scale(lifetime: Lifetime) -> float:
    """How long products last, about. [years]"""
    return lifetime.first if lifetime.distribution == "normal" else lifetime.second


def _earlier_sales(stock: float, survival: Array, growth: float) -> Array:
    """Sales up to the first year that leave its stock at its end. [unit/year]"""
    back = len(survival) - 1
    sales = np.power(1 + growth, np.arange(-back, 1, dtype=float))
    return np.asarray(sales * (stock / float(sales @ survival[::-1])))


def _yearly(survival: Array, count: int) -> Array:
    """The part of each cohort, oldest first, that lasts one more year. [1]"""
    ages = np.arange(count - 1, -1, -1)
    now, then = survival[ages], survival[np.minimum(ages + 1, len(survival) - 1)]
    return np.divide(then, now, out=np.zeros(count), where=now > 0)


def _share(cohorts: Array, new: Array) -> float:
    return float(cohorts @ new / cohorts.sum())
