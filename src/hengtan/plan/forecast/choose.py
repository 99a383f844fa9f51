"""Choosing by nested rolling origins: what is used must have been better on this very series, judged only by what was known at each origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hengtan.plan.forecast.models import CANDIDATES, DEFAULT, Candidate

FIRST, AHEAD, LEAST_ERRORS, CLEARLY = 3, 3, 9, 2.0
"""First origin after three values; errors up to three years ahead; another candidate needs nine errors of its own and to be better by two standard errors."""


def fitting(z: np.ndarray, scale: str) -> dict[str, Candidate]:
    """The candidates that a series of this length and scale can bear."""
    n = int(np.isfinite(z).sum())
    return {
        name: c
        for name, c in CANDIDATES.items()
        if n >= c.least and (not c.scales or scale in c.scales)
    }


@dataclass(frozen=True)
class Choice:
    """The candidate chosen, and of each candidate the mean absolute error of the inner origins on the working scale over the mean change (NaN where it could not be tried); ``errors``: how many."""

    name: str
    reason: str
    scores: Mapping[str, float] = field(default_factory=dict)
    errors: int = 0


def inner_errors(z: np.ndarray, scale: str) -> dict[str, list[tuple[int, int, float]]]:
    """Of each candidate that fits the whole series: (origin, years ahead, error) at every origin inside it; a candidate too long for an origin stands by the last value there."""
    at = np.flatnonzero(np.isfinite(z))
    found: dict[str, list[tuple[int, int, float]]] = {name: [] for name in fitting(z, scale)}
    for i in range(FIRST, len(at)):
        past, origin = z[: at[i - 1] + 1], int(at[i - 1])
        later = [int(t) for t in at[i:] if t - origin <= AHEAD]
        if not later:
            continue
        able = fitting(past, scale)
        for name in found:
            path = (able[name] if name in able else CANDIDATES["last_value"]).path(past, AHEAD)
            found[name] += [(origin, t - origin, float(z[t] - path[t - origin - 1])) for t in later]
    return found


def choose(z: np.ndarray, scale: str) -> Choice:
    """The default, unless another candidate's inner errors are smaller by two standard errors of the difference (errors of one origin overlap: half as many count).

    ``z``: yearly values on the working scale, NaN in gaps. Source of the procedure: Tashman (2000), out-of-sample tests; the margin is ours.
    """
    errors = inner_errors(z, scale)
    if DEFAULT not in errors:
        return Choice("last_value", "少于三个数值：只能用上期值")
    n = len(errors[DEFAULT])
    step = float(np.nanmean(np.abs(np.diff(z[np.isfinite(z)])))) or 1.0
    size = {
        name: np.minimum(np.abs([e for _, _, e in rows]) / step, 8.0)
        for name, rows in errors.items()
        if rows
    }
    scores = {name: float(s.mean()) for name, s in size.items()}
    if n < LEAST_ERRORS:
        return Choice(DEFAULT, f"内层滚动误差只有{n}个，不足以换别的方法", scores, n)
    best, lead = DEFAULT, 0.0
    for name, own in size.items():
        gain = size[DEFAULT] - own
        error = float(gain.std(ddof=1)) / np.sqrt(n / 2) + 1e-12
        if name != DEFAULT and gain.mean() / error > CLEARLY and gain.mean() > lead:
            best, lead = name, float(gain.mean())
    return Choice(
        best, "内层滚动误差明显更小" if best != DEFAULT else "没有别的方法明显更好", scores, n
    )
