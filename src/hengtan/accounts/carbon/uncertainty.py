"""Kernels: uncertainty of an inventory by error propagation (approach 1) and by drawing (approach 2), and its key categories.

A range without a source is never assumed: an entry without one raises ``ParameterNotEstablished``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError, ParameterNotEstablished

Array = np.ndarray[Any, np.dtype[np.float64]]
HALF_95 = 1.959963984540054
"""Half-width of a 95 % interval of the normal distribution, in standard deviations."""
SHAPES = ("normal", "lognormal", "triangular", "uniform")


@dataclass(frozen=True)
class Entry:
    """One line of an inventory: activity times factor. Uncertainties are half of the 95 % interval as a share of the mean (0.05 = ±5 %).

    Entries with the same ``factor_row`` use one factor row: its errors are fully correlated. ``source`` says where the ranges come from.
    """

    name: str
    activity: float
    factor: float
    activity_uncertainty: float | None
    factor_uncertainty: float | None
    factor_row: str
    source: str
    shape: str = "normal"
    base_activity: float | None = None

    @property
    def emission(self) -> float:
        """Activity times factor."""
        return self.activity * self.factor


@dataclass(frozen=True)
class Propagated:
    """Approach 1: the total, its uncertainty (half of the 95 % interval as a share), the share of the variance of each entry and factor row, and of the trend."""

    total: float
    uncertainty: float
    variance_share: dict[str, float]
    trend: float | None = None
    trend_uncertainty: float | None = None


@dataclass(frozen=True)
class Drawn:
    """Approach 2: mean, median, 2.5 and 97.5 percentiles of the total, and how many draws."""

    mean: float
    median: float
    low: float
    high: float
    draws: int
    sample: Array


def _ranges(entries: Sequence[Entry]) -> tuple[Array, Array, Array, Array]:
    for entry in entries:
        if entry.activity_uncertainty is None or entry.factor_uncertainty is None or not entry.source:
            raise ParameterNotEstablished(f"“{entry.name}”没有不确定性范围或其来源", f"'{entry.name}' has no uncertainty range with a source", todo="需要活动水平统计质量说明，或指南、IPCC 2006 相应表中的因子范围", todo_en="give the statistical quality of the activity, or the range of the factor from the guide or IPCC 2006")
    return tuple(np.array(v, dtype=float) for v in zip(*((e.activity, e.factor, e.activity_uncertainty, e.factor_uncertainty) for e in entries), strict=True))  # type: ignore[return-value]


def propagate(entries: Sequence[Entry]) -> Propagated:
    r"""Error propagation (approach 1), entries that share a factor row being fully correlated in it.

    .. math:: U^2 E^2 = \sum_i (U_{A,i} E_i)^2 + \sum_f \Bigl(\sum_{i \in f} U_{F,i} E_i\Bigr)^2

    With ``base_activity`` given for all entries the trend (change on the base year as a share) has its uncertainty too: factors correlated between the years (type A), activities not (type B).

    Raises
    ------
    ParameterNotEstablished
        Where an entry has no range, or no source for it.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.3, Eq. 3.1-3.2 and Table 3.2.
    """
    if not entries:
        return Propagated(0.0, 0.0, {})
    activity, factor, ua, uf = _ranges(entries)
    emission = activity * factor
    total = float(emission.sum())
    parts = {f"activity:{e.name}": float((u * x) ** 2) for e, u, x in zip(entries, ua, emission, strict=True)}
    pulls: dict[str, float] = {}
    for entry, u, x in zip(entries, uf, emission, strict=True):
        pulls[entry.factor_row] = pulls.get(entry.factor_row, 0.0) + float(u * x)
    parts |= {f"factor:{row}": pull * pull for row, pull in pulls.items()}
    variance = sum(parts.values())
    shares = {name: part / variance if variance else 0.0 for name, part in parts.items()}
    uncertainty = float(np.sqrt(variance) / abs(total)) if total else float("nan")
    if any(e.base_activity is None for e in entries):
        return Propagated(total, uncertainty, shares)
    base = np.array([e.base_activity for e in entries], dtype=float) * factor
    sum_base = float(base.sum())
    if sum_base == 0:
        return Propagated(total, uncertainty, shares)
    # trend = total / base - 1; derivative by a factor moves both years, by an activity only its own
    by_factor: dict[str, float] = {}
    for entry, u, now, then in zip(entries, uf, emission, base, strict=True):
        by_factor[entry.factor_row] = by_factor.get(entry.factor_row, 0.0) + u * (now / sum_base - total * then / sum_base**2)
    type_b = float((((ua * emission / sum_base) ** 2) + (ua * total * base / sum_base**2) ** 2).sum())
    return Propagated(total, uncertainty, shares, total / sum_base - 1, float(np.sqrt(sum(v * v for v in by_factor.values()) + type_b)))


def draw(entries: Sequence[Entry], *, draws: int = 20_000, seed: int = 20250) -> Drawn:
    """Monte Carlo (approach 2): activities and factors drawn by their stated shapes, one draw of each factor row for all its entries.

    ``normal`` is cut off at zero by redrawing its share below; ``lognormal`` keeps mean and standard deviation; ``triangular`` and ``uniform`` reach as far as the stated half-interval.
    Raises ParameterNotEstablished as ``propagate``, HengtanError for a shape that is none.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.3.2.3.2.
    """
    if not entries:
        return Drawn(0.0, 0.0, 0.0, 0.0, draws, np.zeros(draws))
    activity, factor, ua, uf = _ranges(entries)
    chance = np.random.default_rng(seed)
    total = np.zeros(draws)
    rows: dict[str, Array] = {}
    for entry, a, f, u, w in zip(entries, activity, factor, ua, uf, strict=True):
        if entry.factor_row not in rows:
            rows[entry.factor_row] = _relative(chance, w, entry.shape, draws)
        total += a * _relative(chance, u, entry.shape, draws) * f * rows[entry.factor_row]
    low, median, high = np.percentile(total, [2.5, 50, 97.5])
    return Drawn(float(total.mean()), float(median), float(low), float(high), draws, total)


def _relative(chance: np.random.Generator, half: float, shape: str, draws: int) -> Array:
    """Draws around 1 with a half 95 % interval ``half``."""
    if half == 0:
        return np.ones(draws)
    if shape == "normal":
        found = 1 + chance.standard_normal(draws) * half / HALF_95
        while (below := found < 0).any() and half > HALF_95 / 4:
            found[below] = 1 + chance.standard_normal(int(below.sum())) * half / HALF_95
        return found
    if shape == "lognormal":
        sigma2 = np.log1p((half / HALF_95) ** 2)
        return np.exp(chance.standard_normal(draws) * np.sqrt(sigma2) - sigma2 / 2)
    if shape == "triangular":
        return chance.triangular(1 - half, 1, 1 + half, draws)
    if shape == "uniform":
        return chance.uniform(1 - half, 1 + half, draws)
    raise HengtanError(f"没有分布“{shape}”", f"no shape '{shape}'", todo=f"可用：{'、'.join(SHAPES)}", todo_en=f"one of {', '.join(SHAPES)}")


@dataclass(frozen=True)
class KeyCategory:
    """A category in order of its share: level or trend assessment, the share and the running total, and whether it belongs to the key ones."""

    name: str
    value: float
    share: float
    running: float
    key: bool


def key_categories(names: Sequence[str], now: Sequence[float], base: Sequence[float] | None = None, *, limit: float = 0.95) -> list[KeyCategory]:
    r"""Key categories by level, or by trend where the base year is given; removals count by their size.

    Level: :math:`L_x = |E_x| / \sum |E|`. Trend: :math:`T_x = \frac{|E_{x,0}|}{\sum|E_0|} \left| \frac{E_{x,t} - E_{x,0}}{|E_{x,0}|} - \frac{\sum E_t - \sum E_0}{|\sum E_0|} \right|`; for a category absent in the base year
    :math:`T_x = |E_{x,t}| / \sum|E_0|`. The categories that make up ``limit`` of the sum are key.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.4, Eq. 4.1-4.3; 95 %.
    """
    e = np.asarray(now, dtype=float)
    if base is None:
        score = np.abs(e)
    else:
        b = np.asarray(base, dtype=float)
        gross, growth = np.abs(b).sum(), (e.sum() - b.sum()) / abs(b.sum()) if b.sum() else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            score = np.where(b == 0, np.abs(e) / gross, np.abs(b) / gross * np.abs((e - b) / np.abs(b) - growth)) if gross else np.abs(e)
    total = float(score.sum())
    order = np.argsort(-score, kind="stable")
    found, running = [], 0.0
    for at in order:
        share = float(score[at] / total) if total else 0.0
        before = running
        running += share
        found.append(KeyCategory(names[at], float(e[at]), share, running, total > 0 and before < limit - 1e-12 and share > 0))
    return found
