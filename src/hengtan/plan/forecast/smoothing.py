r"""Exponential smoothing in its innovations form on short yearly series with gaps; the start is
solved for, the rest is a grid.

y_t = l + φ b + e, l' = l + φ b + α e, b' = φ b + β e (Hyndman, Koehler, Ord, Snyder: Forecasting
with Exponential Smoothing, 2008, ch. 2). In a year without a value e is 0. The local level and the
local linear trend of structural models (Harvey 1989) are these with (α) and (α, β): the same
forecasts in their reduced form. No optimiser runs, so that the same series always gives the same
answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ALPHAS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
SHARES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5)
"""β as a share of α."""
PHIS = (0.8, 0.85, 0.9, 0.95, 0.98)
LEAST_VALUES = 3


@dataclass(frozen=True)
class Grid:
    """Parameters tried together, each an array of one length.

    ``fitted``: how many of them are estimated, the start included (without the variance).
    """

    alpha: np.ndarray
    beta: np.ndarray
    phi: np.ndarray
    trend: bool
    fitted: int


def _grid(trend: bool, damped: bool) -> Grid:
    shares = SHARES if trend else (0.0,)
    phis = PHIS if damped else (1.0,)
    rows = [(alpha, alpha * share, phi) for alpha in ALPHAS for share in shares for phi in phis]
    alpha, beta, phi = (np.array(column) for column in zip(*rows, strict=True))
    return Grid(alpha, beta, phi, trend, 2 + 2 * trend + damped)


LEVEL, TREND, DAMPED = _grid(False, False), _grid(True, False), _grid(True, True)


@dataclass(frozen=True)
class Fit:
    """The best of a grid: level and slope at the end, damping, sum of squared errors, number of
    values, AICc (infinite where the values are too few).
    """

    level: float
    slope: float
    phi: float
    sse: float
    n: int
    aicc: float

    def path(self, horizon: int) -> np.ndarray:
        r"""Forecasts 1 … horizon years on: :math:`l + b \sum_{k=1}^{h} \phi^k`. Shape
        (horizon,).
        """
        return self.level + self.slope * np.cumsum(self.phi ** np.arange(1, horizon + 1))


def fit(z: np.ndarray, grid: Grid) -> Fit:
    r"""Fit one grid to a yearly series.

    The start (l0, b0) is solved by least squares for every point of the grid, since errors are
    affine in it; the point with the least sum of squared errors is taken.

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values, NaN where a year has none. [working scale]
    grid : Grid
        Parameters to try.

    Returns
    -------
    Fit
        Level, slope and damping at the end, with the AICc.

    Raises
    ------
    ValueError
        For fewer than three values.

    References
    ----------
    .. [1] Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing, ch. 2
       and 5.
    """
    if int(np.isfinite(z).sum()) < LEAST_VALUES:
        raise ValueError("three values at least")
    errors, level, slope = _affine_errors(z, grid)
    start, sse = _best_start(errors, grid.trend)
    best = int(np.argmin(sse))
    number = errors.shape[1]
    return Fit(
        float(level[best] @ start[best]),
        float(slope[best] @ start[best]),
        float(grid.phi[best]),
        float(sse[best]),
        number,
        _aicc(float(sse[best]), number, grid.fitted + 1),
    )


def _affine_errors(z: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One-step errors, and level and slope at the end, as coefficients of (1, l0, b0).

    Shapes (grid, values, 3), (grid, 3), (grid, 3).
    """
    size = len(grid.alpha)
    level, slope = np.zeros((size, 3)), np.zeros((size, 3))
    level[:, 1], slope[:, 2] = 1.0, 1.0 if grid.trend else 0.0
    alpha, beta, phi = grid.alpha[:, None], grid.beta[:, None], grid.phi[:, None]
    errors = []
    for value in z:
        level, slope = level + phi * slope, phi * slope
        if np.isfinite(value):
            error = -level
            error[:, 0] += value
            errors.append(error)
            level, slope = level + alpha * error, slope + beta * error
    return np.stack(errors, axis=1), level, slope


def _best_start(errors: np.ndarray, trend: bool) -> tuple[np.ndarray, np.ndarray]:
    """The start (1, l0, b0) with the least sum of squared errors at each point of the grid, and
    that sum. Shapes (grid, 3) and (grid,).
    """
    free = 2 if trend else 1
    by_start, constant = errors[:, :, 1 : 1 + free], errors[:, :, 0]
    normal = np.einsum("gni,gnj->gij", by_start, by_start) + 1e-10 * np.eye(free)
    moments = np.einsum("gni,gn->gi", by_start, constant)
    solved = -np.linalg.solve(normal, moments[:, :, None])[:, :, 0]
    sse = ((constant + np.einsum("gni,gi->gn", by_start, solved)) ** 2).sum(axis=1)
    start = np.zeros((len(errors), 3))
    start[:, 0], start[:, 1 : 1 + free] = 1.0, solved
    return start, sse


def _aicc(sse: float, number: int, parameters: int) -> float:
    """Corrected Akaike criterion of normal errors; infinite where there are too few values. [-]"""
    spare = number - parameters - 1
    if spare <= 0:
        return float(np.inf)
    likelihood = number * np.log(max(sse, 1e-300) / number)
    return float(likelihood + 2 * parameters + 2 * parameters * (parameters + 1) / spare)
