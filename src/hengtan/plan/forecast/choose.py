"""Choosing by nested rolling origins: what is used must have been better on this very series,
judged only by what was known at each origin.

Method: Tashman (2000), Out-of-sample tests of forecasting accuracy. International Journal of
Forecasting 16; the margin is ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hengtan.basis.words import coded
from hengtan.plan.forecast.models import CANDIDATES, DEFAULT, Candidate

FIRST, AHEAD, LEAST_ERRORS, CLEARLY = 3, 3, 9, 2.0
"""First origin after three values; errors up to three years ahead; another candidate needs nine
errors of its own and to be better by two standard errors.
"""
MOST_STEPS = 8.0
"""Errors beyond this many mean changes count as this many, so that one year cannot decide."""


def fitting(z: np.ndarray, scale: str) -> dict[str, Candidate]:
    """The candidates that a series of this length and scale can bear."""
    n = int(np.isfinite(z).sum())
    return {
        name: candidate
        for name, candidate in CANDIDATES.items()
        if n >= candidate.least and (not candidate.scales or scale in candidate.scales)
    }


@dataclass(frozen=True)
class Choice:
    """The candidate chosen, and the code of why.

    ``scores``: of each candidate the mean absolute error of the inner origins on the working scale
    over the mean change (NaN where it could not be tried) [-]; ``errors``: how many of them.
    """

    name: str
    reason: str
    scores: Mapping[str, float] = field(default_factory=dict)
    errors: int = 0


def inner_errors(z: np.ndarray, scale: str) -> dict[str, list[tuple[int, int, float]]]:
    """Of each candidate that fits the whole series (origin, years ahead, error) at every origin
    inside.

    A candidate too long for an origin stands by the last value there. Errors on the working scale.
    """
    at = np.flatnonzero(np.isfinite(z))
    errors: dict[str, list[tuple[int, int, float]]] = {name: [] for name in fitting(z, scale)}
    for i in range(FIRST, len(at)):
        origin = int(at[i - 1])
        past = z[: origin + 1]
        later = [int(t) for t in at[i:] if t - origin <= AHEAD]
        able = fitting(past, scale)
        for name, rows in errors.items():
            path = able.get(name, CANDIDATES["last_value"]).path(past, AHEAD)
            rows += [(origin, t - origin, float(z[t] - path[t - origin - 1])) for t in later]
    return errors


def choose(z: np.ndarray, scale: str) -> Choice:
    r"""The default, unless another candidate's inner errors are clearly smaller.

    Clearly: the mean gain over its standard error exceeds ``CLEARLY``; errors of one origin
    overlap, so that half as many count.

    .. math:: t = \bar d \Big/ \frac{s_d}{\sqrt{n/2}}, \qquad d_k = |e^{default}_k| - |e^{own}_k|

    Parameters
    ----------
    z : array, shape (years,)
        Yearly values on the working scale, NaN in gaps. [working scale]
    scale : str
        log, logit or plain.

    Returns
    -------
    Choice
        The candidate and why.

    References
    ----------
    .. [1] Tashman (2000), Out-of-sample tests of forecasting accuracy; the margin is ours.
    """
    errors = inner_errors(z, scale)
    if DEFAULT not in errors:
        return Choice("last_value", "choice.few_values")
    number = len(errors[DEFAULT])
    sizes = _sizes(errors, z)
    scores = {name: float(size.mean()) for name, size in sizes.items()}
    if number < LEAST_ERRORS:
        return Choice(DEFAULT, coded("choice.few_errors", number), scores, number)
    best, lead = DEFAULT, 0.0
    for name, size in sizes.items():
        gain = sizes[DEFAULT] - size
        error = float(gain.std(ddof=1)) / np.sqrt(number / 2) + 1e-12
        if name != DEFAULT and gain.mean() / error > CLEARLY and gain.mean() > lead:
            best, lead = name, float(gain.mean())
    reason = "choice.none_better" if best == DEFAULT else "choice.clearly_better"
    return Choice(best, reason, scores, number)


def _sizes(
    errors: Mapping[str, list[tuple[int, int, float]]], z: np.ndarray
) -> dict[str, np.ndarray]:
    """Size of each error over the mean change of the series. [-]"""
    step = float(np.nanmean(np.abs(np.diff(z[np.isfinite(z)])))) or 1.0
    return {
        name: np.minimum(np.abs([error for _, _, error in rows]) / step, MOST_STEPS)
        for name, rows in errors.items()
        if rows
    }
