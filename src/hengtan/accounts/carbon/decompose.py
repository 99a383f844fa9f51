"""Kernel: logarithmic mean Divisia index decomposition (LMDI-I), additive and multiplicative,
chained and by levels, zeros by their limits.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from hengtan.accounts.carbon.refusals import refusal
from hengtan.accounts.log_mean import log_mean, log_ratio

__all__ = ["Decomposed", "lmdi", "lmdi_levels", "log_mean", "nested_factors"]

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Decomposed:
    """Effects of factors between consecutive times.

    ``additive`` has shape (times - 1, factors): in the unit of the total, adding to its change.
    ``multiplicative`` has the same shape: ratios whose product is the ratio of totals. ``by_item``
    has shape (times - 1, items, factors): the additive effects of each item, which add over items
    to ``additive``. ``weight`` has shape (times - 1,): the logarithmic mean of the totals.
    """

    additive: Array
    multiplicative: Array
    by_item: Array
    weight: Array

    def chained(self) -> tuple[Array, Array]:
        """Additive effects summed and multiplicative ones multiplied over all intervals, each of
        shape (factors,).
        """
        return self.additive.sum(axis=0), self.multiplicative.prod(axis=0)

    def over(self, *labels: Sequence[Hashable]) -> dict[tuple[Hashable, ...], tuple[Array, Array]]:
        """Additive and multiplicative effects by group of items, each of shape (times - 1,
        factors): ``over(district, sector)`` by sector of a district, ``over(district)`` by
        district, ``over()`` of all.

        ``labels`` give each item its group at each level. Additive effects of the parts add to
        those of the whole, multiplicative ones multiply to them (consistent in aggregation, Ang and
        Liu 2001).
        """
        groups: dict[tuple[Hashable, ...], list[int]] = {}
        for item in range(self.by_item.shape[1]):
            groups.setdefault(tuple(level[item] for level in labels), []).append(item)
        return {
            group: (
                added := self.by_item[:, items, :].sum(axis=1),
                _ratio_effect(added, self.weight),
            )
            for group, items in groups.items()
        }


def lmdi(factors: Array) -> Decomposed:
    r"""Decompose the change of :math:`V = \sum_i \prod_k x_{ik}` between consecutive times by
    LMDI-I.

    .. math:: \Delta V_{x_k} = \sum_i L(V_i^T, V_i^0) \ln\frac{x_{ik}^T}{x_{ik}^0}

    .. math:: D_{x_k} = \exp\Bigl(\sum_i \frac{L(V_i^T, V_i^0)}{L(V^T, V^0)}
        \ln\frac{x_{ik}^T}{x_{ik}^0}\Bigr)

    Parameters
    ----------
    factors : array, shape (times, items, factors)
        Factor values, none negative; items are sectors, fuels or districts, or all combinations of
        them. A factor that is not defined while its item is zero (an emission factor of a fuel
        nobody burns: 0/0) is NaN there; it then counts as unchanged and leaves the change to the
        factor that made the item appear or vanish.

    Returns
    -------
    Decomposed
        Additive effects add to the change of the total, multiplicative ones multiply to its ratio;
        zeros leave no residual.

    Notes
    -----
    Where an item appears or vanishes, the change goes to the factors that were zero, in equal
    parts: the analytic limits, with one zero factor the whole change is its own, a factor that is
    positive at both ends has none. Where the total is zero at either end the multiplicative effects
    are missing.

    Raises
    ------
    HengtanError
        For negative or missing values, and for an undefined factor of an item that no other factor
        makes zero.

    References
    ----------
    .. [1] Ang (2005), The LMDI approach to decomposition analysis: a practical guide. Energy Policy
           33.
    .. [2] Ang, Zhang and Choi (1998), Energy 23, Table 2 (the eight cases of zeros); Wood and
           Lenzen (2006), Energy Policy 34; Ang and Liu (2007), Energy Policy 35.
    """
    x = np.array(factors, dtype=float)
    if x.ndim != 3:
        raise refusal("factor_axes")
    undefined = np.isnan(x) & ((x == 0).any(axis=2)[..., None])
    wrong = (~np.isfinite(x) & ~undefined) | (x < 0)
    if wrong.any():
        raise refusal("factor_missing", *(np.argwhere(wrong)[0] + 1))
    value = np.where(undefined, 1.0, x).prod(axis=2)
    # an undefined factor takes its value at the other end of the interval
    start, end = np.where(undefined[:-1], x[1:], x[:-1]), np.where(undefined[1:], x[:-1], x[1:])
    start, end = np.where(np.isnan(start), 1.0, start), np.where(np.isnan(end), 1.0, end)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where((start > 0) & (end > 0), log_ratio(end, start), 0.0)
    by_item = log_mean(value[1:], value[:-1])[..., None] * change + _limits(
        start, end, value[:-1], value[1:]
    )
    total = value.sum(axis=1)
    weight = log_mean(total[1:], total[:-1])
    additive = by_item.sum(axis=1)
    return Decomposed(additive, _ratio_effect(additive, weight), by_item, weight)


def _ratio_effect(additive: Array, weight: Array) -> Array:
    """The ratio that an additive effect amounts to: exp(effect / L(V^T, V^0)); missing where a
    total is zero.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratios = np.exp(additive / weight[:, None])
    ratios[weight <= 0] = np.nan
    return ratios


def _limits(start: Array, end: Array, before: Array, after: Array) -> Array:
    """Effects where an item's value is zero at one end: its change, in equal parts among the
    factors that are zero at that end and not at the other.
    """
    appears, vanishes = (before == 0) & (after > 0), (before > 0) & (after == 0)
    guilty = np.where(
        appears[..., None], start == 0, np.where(vanishes[..., None], end == 0, False)
    )
    # a product of tiny factors may be rounded to zero: then all share it
    guilty |= (appears | vanishes)[..., None] & ~guilty.any(axis=2, keepdims=True)
    share = guilty / np.maximum(guilty.sum(axis=2, keepdims=True), 1)
    return share * (after - before)[..., None]


def lmdi_levels(factors: Array, groups: Array) -> dict[int, Decomposed]:
    """The decomposition of each group of items (district, sector) by itself: its additive effects
    add over groups to that of all (Ang and Liu 2001); its ratios are those of the group's own
    total.

    ``groups`` has shape (items,), a group number for each item; the answer is by group number. For
    shares in the ratio of the whole see ``Decomposed.over``.
    """
    numbers = np.asarray(groups)
    return {int(g): lmdi(factors[:, numbers == g, :]) for g in np.unique(numbers)}


def nested_factors(
    activity: Array, levels: Sequence[Sequence[Hashable]], *intensities: tuple[Array, Array]
) -> Array:
    r"""Factors of a nested identity: total activity, the share of each level in the one above, then
    ratios.

    .. math:: C = \sum_{d,s} Q\,\frac{Q_d}{Q}\,\frac{Q_{ds}}{Q_d}\,
        \frac{E_{ds}}{Q_{ds}}\,\frac{C_{ds}}{E_{ds}}

    Parameters
    ----------
    activity : array, shape (times, items)
        Activity of each innermost cell, in any one unit.
    levels : sequence of labels, each of length items
        From the outermost level (district) inward (sector). The last share is that of the item in
        its innermost group, left out where every item is a group of its own.
    intensities : pairs of arrays, shape (times, items)
        Numerator and denominator of each ratio, e.g. (energy, activity) and (carbon, energy).

    Returns
    -------
    array, shape (times, items, 1 + levels [+ 1] + intensities)
        For ``lmdi``. A ratio 0/0 is NaN (not defined). The product over factors is the last
        numerator.

    Raises
    ------
    HengtanError
        Where a numerator is not zero while its denominator is: that part cannot be told by ratios.
    """
    q = np.asarray(activity, dtype=float)
    keys = [tuple(level[i] for level in levels) for i in range(q.shape[1])]
    sums = [np.repeat(q.sum(axis=1, keepdims=True), q.shape[1], axis=1)]
    for depth in range(1, len(levels) + 1):
        numbers = {key: n for n, key in enumerate(dict.fromkeys(k[:depth] for k in keys))}
        member = np.zeros((q.shape[1], len(numbers)))
        member[np.arange(q.shape[1]), [numbers[k[:depth]] for k in keys]] = 1.0
        sums.append(q @ member @ member.T)
    if len(set(keys)) < len(keys) or not levels:
        sums.append(q)
    pairs = [*((inner, outer) for outer, inner in pairwise(sums)), *intensities]
    columns = [sums[0]]
    for n, (top, bottom) in enumerate(pairs):
        above, below = np.asarray(top, dtype=float), np.asarray(bottom, dtype=float)
        if ((below == 0) & (above != 0)).any():
            t, i = np.argwhere((below == 0) & (above != 0))[0]
            raise refusal("ratio_below_zero", n + 1, t + 1, i + 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            columns.append(np.where(below == 0, np.nan, above / below))
    return np.stack(columns, axis=2)
