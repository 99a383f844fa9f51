"""Indicators of one place drawn together, so that the odds of grades come from their joint
distribution and not from single odds.

Method: Gaussian copula over the marginal distribution of each forecast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from hengtan.plan.forecast.models import FADE, changes, kept
from hengtan.plan.forecast.outlook import Outlook

TOWARDS_NONE = 5.0
"""Years of evidence that independence weighs against the correlation seen. Ours; short series tell
little about it.
"""
LEAST_COMMON = 4
"""Common years below which two indicators count as independent. Ours."""
LEAST_EIGENVALUE = 1e-6


def yearly_errors(outlook: Outlook) -> dict[int, float]:
    """By year, how far the change strayed from what the shrunk drift expected. [working scale]

    Only between neighbouring years.
    """
    z, first = outlook.series.z, outlook.series.years[0]
    mean, _, _ = changes(z)
    expected = kept(z) * FADE * mean
    strayed = np.diff(z) - expected
    return {first + 1 + i: float(x) for i, x in enumerate(strayed) if np.isfinite(x)}


def correlation(outlooks: Sequence[Outlook]) -> np.ndarray:
    r"""Correlation of the yearly errors of several indicators. [-]

    .. math:: \rho_{ij} = \frac{\sum_t a_t b_t}{\sqrt{\sum_t a_t^2 \sum_t b_t^2}} \cdot \frac{n}{n +
    5}

    over the n years t common to both, errors a and b about zero.

    Parameters
    ----------
    outlooks : sequence of Outlook, length k
        Forecasts of one place.

    Returns
    -------
    array, shape (k, k)
        Correlation, drawn towards none, made positive definite. [-]

    References
    ----------
    .. [1] Ledoit and Wolf (2004), Honey, I shrunk the sample covariance matrix (the idea of drawing
       towards none); the weight is ours.
    """
    errors = [yearly_errors(outlook) for outlook in outlooks]
    matrix = np.eye(len(outlooks))
    for i in range(len(outlooks)):
        for j in range(i):
            matrix[i, j] = matrix[j, i] = _shrunk_correlation(errors[i], errors[j])
    return _positive_definite(matrix)


def _shrunk_correlation(first: dict[int, float], second: dict[int, float]) -> float:
    common = sorted(set(first) & set(second))
    if len(common) < LEAST_COMMON:
        return 0.0
    a = np.array([first[year] for year in common])
    b = np.array([second[year] for year in common])
    size = math.sqrt(float((a * a).sum() * (b * b).sum()))
    if size == 0:
        return 0.0
    return float((a * b).sum()) / size * len(common) / (len(common) + TOWARDS_NONE)


def _positive_definite(matrix: np.ndarray) -> np.ndarray:
    """The nearest by its eigenvalues, with ones on the diagonal."""
    values, vectors = np.linalg.eigh(matrix)
    if values.min() >= LEAST_EIGENVALUE:
        return matrix
    lifted = (vectors * np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(lifted))
    return np.asarray(lifted / scale[:, None] / scale[None, :])


def draws(
    outlooks: Sequence[Outlook],
    year: int,
    number: int = 10_000,
    *,
    seed: int = 2026,
    correlated: np.ndarray | None = None,
) -> np.ndarray:
    """Joint draws of a year, shape (number, indicators), in the units of the indicators.

    ``correlated``: a correlation matrix instead of the one of the errors. Draws rest on the seed
    alone. Raises ValueError where an indicator has no forecast of the year.
    """
    chance = np.random.default_rng(seed)
    root = np.linalg.cholesky(correlation(outlooks) if correlated is None else correlated)
    normal = chance.standard_normal((number, len(outlooks))) @ root.T
    drawn = np.empty_like(normal)
    for k, outlook in enumerate(outlooks):
        u = np.clip(special.ndtr(normal[:, k]), 1e-9, 1 - 1e-9)
        values = outlook.quantiles(year, u)
        for lever in outlook.levers:
            comes = chance.random(number) < lever.probability
            values = values + comes * lever.by(year)
        drawn[:, k] = outlook.series.scale.within(values)
    return drawn
