"""How far forecasts go astray: the variance of a short series moderated by related ones, and a
factor that makes 80 % bands of the past hold 80 %.

Methods: Smyth (2004), empirical Bayes for variances; Vovk and others (2005), the idea of conformal
bands.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from hengtan.plan.forecast.models import FADE, changes, kept

PSEUDO = 10.0
"""Weight of the untouched band against the errors seen in the pool, in errors. Ours."""
LONE = 0.75
"""Factor of the bands of a series without kin: of 62 series taken one by one, bands of 80 % held
90 % of the later values without it and 84 % with it (docs/forecast.md). Ours.
"""
LEAST_SERIES = 3
"""Series below which nothing is pooled."""
MOST_FREE = 60.0
"""Prior degrees of freedom where the variances differ no more than chance makes them."""


def yearly_variance(z: np.ndarray) -> tuple[float, int]:
    r"""Variance of the yearly change about what the shrunk drift expected, and its degrees of
    freedom.

    .. math:: s^2 = \frac{1}{\nu} \sum_k \frac{(\Delta z_k - 0.8\,\kappa\,b\,\Delta t_k)^2}{\Delta
    t_k},
        \qquad \nu = \max(m - 1, 1)

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values, NaN in gaps; m changes, b and κ as in ``models``. [working scale]

    Returns
    -------
    tuple
        s² [working scale²] and ν [-].

    References
    ----------
    .. [1] Ours (docs/forecast.md).
    """
    at = np.flatnonzero(np.isfinite(z))
    gaps, steps = np.diff(at), np.diff(z[at])
    mean, _, _ = changes(z)
    rest = (steps - kept(z) * FADE * mean * gaps) / np.sqrt(gaps)
    free = max(len(steps) - 1, 1)
    return float((rest**2).sum() / free), free


@dataclass(frozen=True)
class Pool:
    """What related series tell.

    ``free`` and ``variance``: prior degrees of freedom and variance (0 where there are too few
    series); ``factor`` of the bands; ``series`` and ``errors``: how many of each it rests on.
    """

    free: float = 0.0
    variance: float = 0.0
    factor: float = 1.0
    series: int = 0
    errors: int = 0

    def deviation(self, z: np.ndarray) -> tuple[float, float]:
        r"""Yearly deviation of a series, moderated by the pool, and its degrees of freedom.

        .. math:: s = c \exp\left(\frac{\nu_0 \ln s_0^2 + \nu \ln s^2}{2 (\nu_0 + \nu)}\right)

        On the logarithm, so that a series far calmer or wilder than its kin is not swamped by them.
        Without kin 0.75 c s. [working scale] and [-]
        """
        own, free = yearly_variance(z)
        total = self.free + free
        floor = _least_variance(z)
        own = max(own, floor)
        if not self.free:
            return LONE * self.factor * math.sqrt(own), total
        pooled = (self.free * math.log(self.variance) + free * math.log(own)) / total
        return self.factor * math.sqrt(max(math.exp(pooled), floor)), total


def _least_variance(z: np.ndarray) -> float:
    """A series that never strayed from its line still may: a hundredth of its mean step,
    squared.
    """
    steps = np.abs(np.diff(z[np.isfinite(z)]))
    return (0.01 * float(np.nanmean(steps)) or 1e-9) ** 2


def moderated(variances: Sequence[float], free: Sequence[float]) -> tuple[float, float]:
    r"""Prior degrees of freedom and variance by empirical Bayes from the variances of several
    series.

    The mean and variance of :math:`e = \ln s^2 - \psi(\nu/2) + \ln(\nu/2)` are matched to a scaled
    F.

    Parameters
    ----------
    variances, free : sequence of float
        Variance s² [working scale²] of each series and its degrees of freedom ν [-].

    Returns
    -------
    tuple
        Prior degrees of freedom [-] and variance [working scale²]; (0, 0) for fewer than three
        series.

    References
    ----------
    .. [1] Smyth (2004), Linear models and empirical Bayes methods for assessing differential
       expression. Statistical Applications in Genetics and Molecular Biology 3, section 3.
    """
    s2, d = np.asarray(variances, float), np.asarray(free, float)
    usable = s2 > 0
    s2, d = s2[usable], d[usable]
    if len(s2) < LEAST_SERIES:
        return 0.0, 0.0
    e = np.log(s2) - special.digamma(d / 2) + np.log(d / 2)
    prior = _prior_free(float(e.var(ddof=1) - special.polygamma(1, d / 2).mean()))
    return prior, float(np.exp(e.mean() + special.digamma(prior / 2) - math.log(prior / 2)))


def _prior_free(excess: float) -> float:
    """Degrees of freedom whose trigamma is the excess of variance over chance. [-]"""
    if excess <= special.polygamma(1, MOST_FREE / 2):
        return MOST_FREE
    half = optimize.brentq(lambda y: special.polygamma(1, y) - excess, 1e-3, MOST_FREE / 2)
    return 2 * float(half)


def factor_of(standardised: Sequence[float], free: Sequence[float], level: float = 0.8) -> float:
    r"""The factor by which bands are to be stretched for ``level`` of the past errors to lie
    within. [-]

    .. math:: c = \frac{n\,q_{level}\left(|e_k| / t_{(1 + level)/2}(\nu_k)\right) + 10}{n + 10}

    drawn towards 1 while errors are few.

    Parameters
    ----------
    standardised : sequence of float
        Errors over their expected deviation, e. [-]
    free : sequence of float
        Degrees of freedom ν of each. [-]
    level : float
        Share of errors the bands are to hold. [share]

    Returns
    -------
    float
        Factor c; 1 without errors. [-]

    References
    ----------
    .. [1] Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random World (the idea).
    """
    number = len(standardised)
    if not number:
        return 1.0
    expected = special.stdtrit(np.asarray(free, float), 0.5 + level / 2)
    sizes = np.abs(np.asarray(standardised, float)) / expected
    return float((number * np.quantile(sizes, level) + PSEUDO) / (number + PSEUDO))
