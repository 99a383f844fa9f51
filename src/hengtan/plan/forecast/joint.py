"""Indicators of one place drawn together, so that the odds of grades come from their joint distribution and not from single odds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import special, stats

from hengtan.plan.forecast.models import FADE, changes, kept
from hengtan.plan.forecast.outlook import Outlook

TOWARDS_NONE = 5.0
"""Years of evidence that independence weighs against the correlation seen. Ours; short series tell little about it."""


def yearly_errors(outlook: Outlook) -> dict[int, float]:
    """By year, how far the change strayed from what the shrunk drift expected (working scale, only between neighbouring years)."""
    z, first = outlook.series.z, outlook.series.years[0]
    mean, _, _ = changes(z)
    expected = kept(z) * FADE * mean
    return {
        first + i + 1: float(z[i + 1] - z[i] - expected)
        for i in range(len(z) - 1)
        if np.isfinite(z[i]) and np.isfinite(z[i + 1])
    }


def correlation(outlooks: Sequence[Outlook]) -> np.ndarray:
    """Correlation of the yearly errors of several indicators, drawn towards none by n / (n + 5) for n common years; made positive definite. Shape (k, k)."""
    k, errors = len(outlooks), [yearly_errors(o) for o in outlooks]
    found = np.eye(k)
    for i in range(k):
        for j in range(i):
            common = sorted(set(errors[i]) & set(errors[j]))
            if len(common) < 4:
                continue
            a, b = (
                np.array([errors[i][y] for y in common]),
                np.array([errors[j][y] for y in common]),
            )
            size = math.sqrt(float((a * a).sum() * (b * b).sum()))
            if size > 0:
                found[i, j] = found[j, i] = (
                    float((a * b).sum()) / size * len(common) / (len(common) + TOWARDS_NONE)
                )
    values, vectors = np.linalg.eigh(found)
    if values.min() < 1e-6:
        found = (vectors * np.maximum(values, 1e-6)) @ vectors.T
        scale = np.sqrt(np.diag(found))
        found = found / scale[:, None] / scale[None, :]
    return found


def draws(
    outlooks: Sequence[Outlook],
    year: int,
    number: int = 10_000,
    *,
    seed: int = 2026,
    correlated: np.ndarray | None = None,
) -> np.ndarray:
    """Joint draws of a year: a Gaussian copula with the marginal distribution of each forecast. Shape (number, indicators), in the units of the indicators.

    ``correlated``: a correlation matrix instead of the one of the errors. Draws rest on the seed alone. Raises ValueError where an indicator has no forecast of the year.
    """
    chance = np.random.default_rng(seed)
    root = np.linalg.cholesky(correlation(outlooks) if correlated is None else correlated)
    normal = chance.standard_normal((number, len(outlooks))) @ root.T
    made = np.empty_like(normal)
    for k, one in enumerate(outlooks):
        h = year - one.series.years[-1]
        if one.state != "forecast" or not 1 <= h <= len(one.path):
            raise ValueError(f"no forecast of {year} for {one.series.name}")
        u = np.clip(special.ndtr(normal[:, k]), 1e-9, 1 - 1e-9)
        z = one.path[h - 1] + one.deviation * math.sqrt(h) * stats.t.ppf(u, one.free)
        values = one.series.scale.back(z, rounded=False)
        for lever in one.levers:
            come = chance.random(number) < lever.probability
            values = values + come * lever.by(year)
        made[:, k] = one.series.scale.within(values)
    return made
