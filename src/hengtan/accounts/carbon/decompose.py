"""Kernel: logarithmic mean Divisia index decomposition (LMDI-I), additive and multiplicative, chained and by levels, zeros by their limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]
TINY = 1e-250
"""What stands for zero: by Ang and Liu (2007) the limits of a small value are reached for any value from 1e-10 to 1e-200 downward; here its logarithm cancels."""


@dataclass(frozen=True)
class Decomposed:
    """Effects of factors between consecutive times.

    ``additive`` has shape (times - 1, factors): in the unit of the total, adding to its change. ``multiplicative`` has the same shape: ratios whose product is the ratio of totals.
    ``by_item`` has shape (times - 1, items, factors): the additive effects of each item, which add over items to ``additive``.
    """

    additive: Array
    multiplicative: Array
    by_item: Array

    def chained(self) -> tuple[Array, Array]:
        """Additive effects summed and multiplicative ones multiplied over all intervals, each of shape (factors,)."""
        return self.additive.sum(axis=0), self.multiplicative.prod(axis=0)


def log_mean(a: Array, b: Array) -> Array:
    """Logarithmic mean (a - b) / ln(a / b): a where both are equal, zero where either is zero. Ang (2005), eq. 5."""
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(a) - np.log(b)
        mean = np.where(np.abs(ratio) < 1e-9, (a + b) / 2, (a - b) / ratio)
    return np.where((a <= 0) | (b <= 0), 0.0, mean)


def lmdi(factors: Array) -> Decomposed:
    r"""Decompose the change of :math:`V = \sum_i \prod_k x_{ik}` between consecutive times by LMDI-I.

    .. math:: \Delta V_{x_k} = \sum_i L(V_i^T, V_i^0) \ln\frac{x_{ik}^T}{x_{ik}^0}, \qquad D_{x_k} = \exp\Bigl(\sum_i \frac{L(V_i^T, V_i^0)}{L(V^T, V^0)} \ln\frac{x_{ik}^T}{x_{ik}^0}\Bigr)

    Parameters
    ----------
    factors : array, shape (times, items, factors)
        Factor values, none negative; items are sectors, fuels or districts.

    Returns
    -------
    Decomposed
        Additive effects add to the change of the total, multiplicative ones multiply to its ratio; zeros leave no residual.

    Notes
    -----
    Where an item appears or vanishes, the change goes to the factors that were zero, in equal parts (the analytic limits, cases 1-8 of Ang and Liu 2007: with one zero factor
    the whole change is its own). Where a total is zero at either end the multiplicative effects are missing.

    Raises
    ------
    HengtanError
        For negative or missing values.

    References
    ----------
    .. [1] Ang (2005), The LMDI approach to decomposition analysis: a practical guide. Energy Policy 33.
    .. [2] Ang and Liu (2007), Handling zero values in the LMDI approach. Energy Policy 35.
    """
    x = np.asarray(factors, dtype=float)
    if x.ndim != 3:
        raise HengtanError("因素数组应为（时间、项目、因素）三维", "factors must have the axes time, item, factor")
    if not np.isfinite(x).all() or (x < 0).any():
        at = np.argwhere(~np.isfinite(x) | (x < 0))[0]
        raise HengtanError(f"因素含负值或缺失（时间{at[0] + 1}、项目{at[1] + 1}、因素{at[2] + 1}）", f"a factor is negative or missing (time {at[0] + 1}, item {at[1] + 1}, factor {at[2] + 1})", todo="补齐数据或并入其他项目", todo_en="complete the data or merge the item")
    value = x.prod(axis=2)
    before, after = value[:-1], value[1:]
    weight = log_mean(after, before)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where((x[1:] > 0) & (x[:-1] > 0), np.log(x[1:]) - np.log(x[:-1]), 0.0)
    by_item = weight[..., None] * change
    by_item += _limits(x, before, after)
    total = value.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = log_mean(total[1:], total[:-1])
        multiplicative = np.exp(by_item.sum(axis=1) / whole[:, None])
    multiplicative[whole <= 0] = np.nan
    return Decomposed(by_item.sum(axis=1), multiplicative, by_item)


def _limits(x: Array, before: Array, after: Array) -> Array:
    """Effects where an item's value is zero at one end: its change, in equal parts among the factors that are zero at that end and not at the other."""
    appears, vanishes = (before == 0) & (after > 0), (before > 0) & (after == 0)
    zero_before, zero_after = x[:-1] == 0, x[1:] == 0
    guilty = np.where(appears[..., None], zero_before, np.where(vanishes[..., None], zero_after, False))
    count = guilty.sum(axis=2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(count > 0, guilty / count, 0.0)
    return share * (after - before)[..., None]


def lmdi_levels(factors: Array, groups: Array) -> dict[int, Decomposed]:
    """The decomposition of each group of items (district, sector), which adds over groups to that of all (consistent in aggregation, Ang and Liu 2001).

    ``groups`` has shape (items,), a group number for each item; the answer is by group number.
    """
    numbers = np.asarray(groups)
    return {int(g): lmdi(factors[:, numbers == g, :]) for g in np.unique(numbers)}
