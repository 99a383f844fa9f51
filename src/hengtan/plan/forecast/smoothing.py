"""Exponential smoothing in its innovations form on short yearly series with gaps; the start is solved for, the rest is a grid.

y_t = l + φ b + e, l' = l + φ b + α e, b' = φ b + β e (Hyndman, Koehler, Ord, Snyder: Forecasting with Exponential Smoothing, 2008, ch. 2). In a year without a value e is 0. The local level and the
local linear trend of structural models (Harvey 1989) are these with (α) and (α, β): the same forecasts in their reduced form. No optimiser runs, so that the same series always gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SHARES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5)
"""β as a share of α."""
PHIS = (0.8, 0.85, 0.9, 0.95, 0.98)


@dataclass(frozen=True)
class Grid:
    """Parameters tried together, each an array of one length; ``fitted``: how many of them are estimated, the start included (without the variance)."""

    alpha: np.ndarray
    beta: np.ndarray
    phi: np.ndarray
    trend: bool
    fitted: int


def _grid(trend: bool, damped: bool) -> Grid:
    rows = [
        (a, a * s, p)
        for a in ALPHAS
        for s in (SHARES if trend else (0.0,))
        for p in (PHIS if damped else (1.0,))
    ]
    alpha, beta, phi = (np.array(column) for column in zip(*rows, strict=True))
    return Grid(alpha, beta, phi, trend, 2 + 2 * trend + damped)


LEVEL, TREND, DAMPED = _grid(False, False), _grid(True, False), _grid(True, True)


@dataclass(frozen=True)
class Fit:
    """The best of a grid: level and slope at the end, damping, sum of squared errors, number of values, AICc (infinite where the values are too few)."""

    level: float
    slope: float
    phi: float
    sse: float
    n: int
    aicc: float

    def path(self, horizon: int) -> np.ndarray:
        """Forecasts 1 … horizon years on. Shape (horizon,)."""
        return self.level + self.slope * np.cumsum(self.phi ** np.arange(1, horizon + 1))


def fit(z: np.ndarray, grid: Grid) -> Fit:
    """Fit one grid to a yearly series. ``z`` of shape (years,), NaN where a year has no value; at least three values.

    The start (l₀, b₀) is solved by least squares for every point of the grid: errors are affine in it. Raises ValueError for fewer than three values.
    """
    known = np.isfinite(z)
    n = int(known.sum())
    if n < 3:
        raise ValueError("three values at least")
    size = len(grid.alpha)
    level, slope = np.zeros((size, 3)), np.zeros((size, 3))  # coefficients of 1, l0, b0
    level[:, 1], slope[:, 2] = 1.0, 1.0 if grid.trend else 0.0
    errors = []
    for value in z:
        expected = level + grid.phi[:, None] * slope
        if np.isfinite(value):
            error = -expected
            error[:, 0] += value
            errors.append(error)
            level, slope = (
                expected + grid.alpha[:, None] * error,
                grid.phi[:, None] * slope + grid.beta[:, None] * error,
            )
        else:
            level, slope = expected, grid.phi[:, None] * slope
    e = np.stack(errors, axis=1)  # (grid, values, 3)
    free = 2 if grid.trend else 1
    a, c = e[:, :, 1 : 1 + free], e[:, :, 0]
    normal = np.einsum("gni,gnj->gij", a, a) + 1e-10 * np.eye(free)
    start = -np.linalg.solve(normal, np.einsum("gni,gn->gi", a, c)[:, :, None])[:, :, 0]
    sse = ((c + np.einsum("gni,gi->gn", a, start)) ** 2).sum(axis=1)
    best = int(np.argmin(sse))
    at = np.array([1.0, *start[best], *([0.0] * (2 - free))])
    k = grid.fitted + 1
    aicc = (
        n * np.log(max(sse[best], 1e-300) / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
        if n > k + 1
        else np.inf
    )
    return Fit(
        float(level[best] @ at),
        float(slope[best] @ at),
        float(grid.phi[best]),
        float(sse[best]),
        n,
        float(aicc),
    )
