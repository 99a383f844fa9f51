"""The candidates: each takes a yearly series on its working scale and gives its path ahead.

Sources stand at each; those without one are ours (docs/forecast.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from hengtan.plan.forecast import smoothing

SHRINK, FADE = 4.0, 0.8
"""Of the shrunk drift: how much evidence a trend needs (in squared standard errors) to be believed
by half, and what is left of it a year on. Ours, see docs/forecast.md.
"""
DAMPED_FADE = 0.85
"""What is left of a damped drift a year on."""


def last_value(z: np.ndarray, horizon: int) -> np.ndarray:
    r"""The last value, unchanged: :math:`\hat z_{n+h} = z_n`. [working scale]

    The benchmark that every other has to beat. ``z`` of shape (years,), result of shape (horizon,).
    """
    return np.full(horizon, z[-1])


def drift(z: np.ndarray, horizon: int) -> np.ndarray:
    r"""The mean yearly change goes on: :math:`\hat z_{n+h} = z_n + h (z_n - z_1)/(n-1)`. [working
    scale]

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values from the first to the last. [working scale]
    horizon : int
        Years ahead. [a]

    Returns
    -------
    array, shape (horizon,)
        Path. [working scale]

    References
    ----------
    .. [1] Hyndman and Athanasopoulos, Forecasting: principles and practice, 5.2 (drift method).
    """
    return z[-1] + np.arange(1, horizon + 1) * (z[-1] - z[0]) / (len(z) - 1)


def half_drift(z: np.ndarray, horizon: int) -> np.ndarray:
    """The last value and half the mean yearly change. [working scale]

    Parameters and result as in ``drift``.

    References
    ----------
    .. [1] Hyndman and Billah (2003), Unmasking the Theta method: its level at the last value.
    """
    return (last_value(z, horizon) + drift(z, horizon)) / 2


def damped_drift(z: np.ndarray, horizon: int) -> np.ndarray:
    r"""The mean yearly change b fades: :math:`\hat z_{n+h} = z_n + b \sum_{k=1}^{h} 0.85^k`.
    [working scale]

    Parameters and result as in ``drift``. The fading is ours.
    """
    fading = np.cumsum(DAMPED_FADE ** np.arange(1, horizon + 1))
    return z[-1] + (z[-1] - z[0]) / (len(z) - 1) * fading


def changes(z: np.ndarray) -> tuple[float, float, np.ndarray]:
    r"""Mean yearly change, its squared standard error, and the changes about it. [working scale]

    .. math:: b = \frac{z_n - z_1}{t_n - t_1}, \qquad r_k = \frac{\Delta z_k - b\,\Delta
    t_k}{\sqrt{\Delta t_k}},
        \qquad se^2 = \frac{\sum_k r_k^2}{(m - 1)(t_n - t_1)}

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values, NaN in gaps; m changes between those known. [working scale]

    Returns
    -------
    tuple
        b, se² [working scale²], and r of shape (m,).

    References
    ----------
    .. [1] Moments of a random walk with drift.
    """
    at = np.flatnonzero(np.isfinite(z))
    gaps, steps = np.diff(at), np.diff(z[at])
    years = at[-1] - at[0]
    mean = (z[at[-1]] - z[at[0]]) / years
    about = (steps - mean * gaps) / np.sqrt(gaps)
    squared_error = (about**2).sum() / max(len(steps) - 1, 1) / years
    return float(mean), float(squared_error), about


def kept(z: np.ndarray) -> float:
    r"""How much of the mean change is believed: :math:`b^2 / (b^2 + 4\,se^2)`. [share]

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values, NaN in gaps. [working scale]

    Returns
    -------
    float
        Share of the mean change. [share]

    References
    ----------
    .. [1] Posterior mean of a trend whose prior is as wide as two standard errors of it; ours.
    """
    mean, error, _ = changes(z)
    return mean * mean / (mean * mean + SHRINK * error) if mean else 0.0


def shrunk_drift(z: np.ndarray, horizon: int) -> np.ndarray:
    r"""The mean yearly change, believed as far as it stands out, fades. [working scale]

    .. math:: \hat z_{n+h} = z_n + \kappa b \sum_{k=1}^{h} 0.8^k

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values, NaN in gaps; b and κ are ``changes`` and ``kept``. [working scale]
    horizon : int
        Years ahead. [a]

    Returns
    -------
    array, shape (horizon,)
        Path. [working scale]

    References
    ----------
    .. [1] Ours (docs/forecast.md); damped trends: Gardner and McKenzie (1985).
    """
    mean, _, _ = changes(z)
    return z[-1] + kept(z) * mean * np.cumsum(FADE ** np.arange(1, horizon + 1))


def local_level(z: np.ndarray, horizon: int) -> np.ndarray:
    """Simple exponential smoothing, the local level model (``smoothing.fit``). [working scale]"""
    return smoothing.fit(z, smoothing.LEVEL).path(horizon)


def local_trend(z: np.ndarray, horizon: int) -> np.ndarray:
    """Holt's method, the local linear trend model (``smoothing.fit``). [working scale]"""
    return smoothing.fit(z, smoothing.TREND).path(horizon)


def damped_trend(z: np.ndarray, horizon: int) -> np.ndarray:
    """Holt's method with a damped trend (``smoothing.fit``). [working scale]"""
    return smoothing.fit(z, smoothing.DAMPED).path(horizon)


def ets(z: np.ndarray, horizon: int) -> np.ndarray:
    """The one of the three with the least AICc. [working scale]"""
    grids = (smoothing.LEVEL, smoothing.TREND, smoothing.DAMPED)
    fits = [smoothing.fit(z, grid) for grid in grids]
    return min(fits, key=lambda fit: fit.aicc).path(horizon)


def logistic(z: np.ndarray, horizon: int) -> np.ndarray:
    """A straight line by least squares on the logit: a logistic curve to the bound. [logit]

    ``z`` of shape (years,) with NaN in gaps, result of shape (horizon,).
    """
    at = np.flatnonzero(np.isfinite(z))
    slope, start = np.polyfit(at, z[at], 1)
    return np.asarray(start + slope * np.arange(len(z), len(z) + horizon))


@dataclass(frozen=True)
class Candidate:
    """A way to forecast: the least number of values it takes, and the scales it is for (all where
    empty). Its words stand in the plan's word table under ``method``.
    """

    path: Callable[[np.ndarray, int], np.ndarray]
    least: int
    scales: tuple[str, ...] = ()


CANDIDATES: Mapping[str, Candidate] = {
    "shrunk_drift": Candidate(shrunk_drift, 3),
    "last_value": Candidate(last_value, 1),
    "drift": Candidate(drift, 2),
    "half_drift": Candidate(half_drift, 2),
    "damped_drift": Candidate(damped_drift, 2),
    "local_level": Candidate(local_level, 4),
    "local_trend": Candidate(local_trend, 6),
    "damped_trend": Candidate(damped_trend, 7),
    "ets": Candidate(ets, 5),
    "logistic": Candidate(logistic, 4, ("logit",)),
}
DEFAULT = "shrunk_drift"
"""What is used until another is shown to be better."""
