"""The candidates: each takes a yearly series on its working scale and gives its path ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from hengtan.plan.forecast import smoothing

SHRINK, FADE = 4.0, 0.8
"""Of the shrunk drift: how much evidence a trend needs (in squared standard errors) to be believed by half, and what is left of it a year on. Ours, see docs/forecast.md."""


def last_value(z: np.ndarray, horizon: int) -> np.ndarray:
    """The last value, unchanged: the benchmark that every other has to beat."""
    return np.full(horizon, z[-1])


def drift(z: np.ndarray, horizon: int) -> np.ndarray:
    """The last value and the mean yearly change from the first to the last."""
    return z[-1] + np.arange(1, horizon + 1) * (z[-1] - z[0]) / (len(z) - 1)


def half_drift(z: np.ndarray, horizon: int) -> np.ndarray:
    """The last value and half the mean yearly change: the theta method with its level at the last value (Hyndman & Billah 2003)."""
    return (last_value(z, horizon) + drift(z, horizon)) / 2


def damped_drift(z: np.ndarray, horizon: int) -> np.ndarray:
    """The last value and the mean yearly change, fading by 0.85 a year."""
    return z[-1] + (z[-1] - z[0]) / (len(z) - 1) * np.cumsum(0.85 ** np.arange(1, horizon + 1))


def changes(z: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Mean yearly change, its squared standard error, and the changes about it, each over the root of its years."""
    at = np.flatnonzero(np.isfinite(z))
    gaps, steps = np.diff(at), np.diff(z[at])
    mean = (z[at[-1]] - z[at[0]]) / (at[-1] - at[0])
    about = (steps - mean * gaps) / np.sqrt(gaps)
    return float(mean), float((about**2).sum() / max(len(steps) - 1, 1) / (at[-1] - at[0])), about


def kept(z: np.ndarray) -> float:
    """How much of the mean change is believed: b² / (b² + 4 se²), the posterior mean of a trend whose prior is as wide as two standard errors of it."""
    mean, error, _ = changes(z)
    return mean * mean / (mean * mean + SHRINK * error) if mean else 0.0


def shrunk_drift(z: np.ndarray, horizon: int) -> np.ndarray:
    """The last value and the mean yearly change, shrunk by how well it stands out from its error and fading by 0.8 a year."""
    mean, _, _ = changes(z)
    return z[-1] + kept(z) * mean * np.cumsum(FADE ** np.arange(1, horizon + 1))


def local_level(z: np.ndarray, horizon: int) -> np.ndarray:
    """Simple exponential smoothing: the local level model."""
    return smoothing.fit(z, smoothing.LEVEL).path(horizon)


def local_trend(z: np.ndarray, horizon: int) -> np.ndarray:
    """Holt's method: the local linear trend model."""
    return smoothing.fit(z, smoothing.TREND).path(horizon)


def damped_trend(z: np.ndarray, horizon: int) -> np.ndarray:
    """Holt's method with a damped trend."""
    return smoothing.fit(z, smoothing.DAMPED).path(horizon)


def ets(z: np.ndarray, horizon: int) -> np.ndarray:
    """The one of the three with the least AICc."""
    return min(
        (smoothing.fit(z, grid) for grid in (smoothing.LEVEL, smoothing.TREND, smoothing.DAMPED)),
        key=lambda f: f.aicc,
    ).path(horizon)


def logistic(z: np.ndarray, horizon: int) -> np.ndarray:
    """A straight line by least squares on the logit: a logistic curve to the bound of the indicator."""
    at = np.flatnonzero(np.isfinite(z))
    slope, start = np.polyfit(at, z[at], 1)
    return np.asarray(start + slope * np.arange(len(z), len(z) + horizon))


@dataclass(frozen=True)
class Candidate:
    """A way to forecast: its words, the least number of values it takes, and the scales it is for (all where empty)."""

    path: Callable[[np.ndarray, int], np.ndarray]
    zh: str
    en: str
    least: int
    scales: tuple[str, ...] = ()


CANDIDATES: Mapping[str, Candidate] = {
    "shrunk_drift": Candidate(shrunk_drift, "收缩阻尼漂移", "shrunk, damped drift", 3),
    "last_value": Candidate(last_value, "上期值", "last value", 1),
    "drift": Candidate(drift, "平均年变化", "drift", 2),
    "half_drift": Candidate(half_drift, "半漂移", "half drift", 2),
    "damped_drift": Candidate(damped_drift, "阻尼漂移", "damped drift", 2),
    "local_level": Candidate(local_level, "局部水平", "local level", 4),
    "local_trend": Candidate(local_trend, "局部趋势", "local trend", 6),
    "damped_trend": Candidate(damped_trend, "阻尼趋势", "damped trend", 7),
    "ets": Candidate(ets, "指数平滑（按AICc选）", "ETS by AICc", 5),
    "logistic": Candidate(logistic, "逻辑斯蒂", "logistic", 4, ("logit",)),
}
DEFAULT = "shrunk_drift"
"""What is used until another is shown to be better."""
