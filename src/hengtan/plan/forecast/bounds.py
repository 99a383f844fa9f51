"""Series that stand at a bound: a share of 100 %, a count at its ceiling, nothing left of a flow.

The working scale says how far a value is from a bound, so it cannot say that a value is at it; how
often the series has been at its bound since it first came there says how likely it is there again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.plan.forecast.pool import Yearly

HALF = 0.5
"""Of a year at the bound and of a year away from it, before any is seen (Jeffreys)."""


@dataclass(frozen=True)
class AtBound:
    """A series whose last value is at a bound: ``years`` at it of ``seen`` since it first was;
    ``least`` is how far away a value is that is not at it. [unit]
    """

    bound: float
    is_upper: bool
    years: int
    seen: int
    least: float

    @property
    def share(self) -> float:
        r"""The chance that a later year is at the bound: :math:`(k + 1/2) / (n + 1)`, for k of n
        years at it. [share]

        References
        ----------
        .. [1] Jeffreys' prior of a proportion; Brown, Cai and DasGupta (2001), Interval estimation
           for a binomial proportion. Statistical Science 16.
        """
        return (self.years + HALF) / (self.seen + 2 * HALF)

    def quantiles(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which shares of the whole distribution lie at the bound, and what shares of the
        distribution away from it the others are. [share]
        """
        away = 1 - self.share
        if self.is_upper:
            return shares > away, np.minimum(shares / away, 1.0)
        return shares <= self.share, np.maximum((shares - self.share) / away, 0.0)

    def off(self, values: np.ndarray) -> np.ndarray:
        """Values of the years away from the bound, none nearer than ``least``. [unit]"""
        if self.is_upper:
            return np.minimum(values, self.bound - self.least)
        return np.maximum(values, self.bound + self.least)


def at_bound(series: Yearly) -> AtBound | None:
    """Where a series stands at a bound; None where its last value lies inside."""
    bound = series.scale.bound_at(series.values[-1])
    if bound is None:
        return None
    is_there = [series.scale.bound_at(value) == bound for value in series.values]
    since = is_there[is_there.index(True) :]
    is_upper = bound == series.scale.high
    return AtBound(bound, is_upper, sum(since), len(since), series.scale.least_step)
