"""How far forecasts go astray: the variance of a short series moderated by related ones, and a factor that makes 80 % bands of the past hold 80 %."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from hengtan.plan.forecast.models import FADE, changes, kept

PSEUDO = 10.0
"""Weight of the untouched band against the errors seen in the pool, in errors. Ours."""


def yearly_variance(z: np.ndarray) -> tuple[float, int]:
    """Variance of the yearly change about what the shrunk drift expected, and its degrees of freedom. [working scale², years]"""
    at = np.flatnonzero(np.isfinite(z))
    gaps, steps = np.diff(at), np.diff(z[at])
    mean, _, _ = changes(z)
    rest = (steps - kept(z) * FADE * mean * gaps) / np.sqrt(gaps)
    free = max(len(steps) - 1, 1)
    return float((rest**2).sum() / free), free


@dataclass(frozen=True)
class Pool:
    """What related series tell: prior degrees of freedom and variance (0 where there are too few), the factor of the bands, and how many series and errors it rests on."""

    free: float = 0.0
    variance: float = 0.0
    factor: float = 1.0
    series: int = 0
    errors: int = 0

    def deviation(self, z: np.ndarray) -> tuple[float, float]:
        """Yearly deviation of a series, moderated by the pool and with its factor, and the degrees of freedom of its t distribution."""
        own, free = yearly_variance(z)
        total = self.free + free
        # a series that never strayed from its line still may: not below a hundredth of its mean step without a pool
        floor = (0.01 * float(np.nanmean(np.abs(np.diff(z[np.isfinite(z)])))) or 1e-9) ** 2
        own = max(own, floor)
        # on the logarithm, so that a series far calmer or wilder than its kin is not swamped by them
        variance = (
            math.exp((self.free * math.log(self.variance) + free * math.log(own)) / total)
            if self.free
            else own
        )
        return self.factor * math.sqrt(max(variance, floor)), total


def moderated(variances: Sequence[float], free: Sequence[float]) -> tuple[float, float]:
    """Prior degrees of freedom and variance by empirical Bayes from the variances of several series.

    Smyth (2004), Linear models and empirical Bayes methods: log s² is matched in its mean and variance to a scaled F. Fewer than three series give (0, 0).
    """
    s2, d = np.asarray(variances, float), np.asarray(free, float)
    usable = s2 > 0
    s2, d = s2[usable], d[usable]
    if len(s2) < 3:
        return 0.0, 0.0
    e = np.log(s2) - special.digamma(d / 2) + np.log(d / 2)
    excess = float(e.var(ddof=1) - special.polygamma(1, d / 2).mean())
    prior = (
        60.0
        if excess <= special.polygamma(1, 30.0)
        else 2 * float(optimize.brentq(lambda y: special.polygamma(1, y) - excess, 1e-3, 30.0))
    )
    return prior, float(np.exp(e.mean() + special.digamma(prior / 2) - math.log(prior / 2)))


def factor_of(standardised: Sequence[float], free: Sequence[float], level: float = 0.8) -> float:
    """The factor by which bands are to be stretched for ``level`` of the past errors to lie within, drawn towards 1 while they are few.

    ``standardised``: errors over their expected deviation. The idea is that of conformal prediction (Vovk et al. 2005).
    """
    if not len(standardised):
        return 1.0
    z = np.abs(np.asarray(standardised, float)) / stats.t.ppf(
        0.5 + level / 2, np.asarray(free, float)
    )
    return float((len(z) * np.quantile(z, level) + PSEUDO) / (len(z) + PSEUDO))
