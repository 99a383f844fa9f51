"""Whole units split by weights so that the sum is exact: largest remainder, with floors, ceilings and a reserve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def largest_remainder(
    total: int,
    weights: Sequence[float],
    *,
    floors: Sequence[int] | None = None,
    ceilings: Sequence[int] | None = None,
) -> list[int]:
    """Split ``total`` whole units in proportion to ``weights``; the parts add up to ``total`` exactly.

    What exceeds a ceiling or falls short of a floor is set to it and the rest is split again among the others; then each gets the whole part of its share and the units left go to the
    largest remainders (ties to the earlier). Raises ValueError for negative weights, weights that are all zero, or floors and ceilings that leave no way. Source: method of Hamilton.
    """
    share = np.asarray(weights, float)
    n = len(share)
    low = np.zeros(n) if floors is None else np.asarray(floors, float)
    high = (
        np.full(n, float(total))
        if ceilings is None
        else np.minimum(np.asarray(ceilings, float), float(max(total, 0)))
    )
    if total < 0 or n == 0 or (share < 0).any() or not np.isfinite(share).all():
        raise ValueError("weights are zero or positive, the total is not negative")
    if (low > high + 1e-9).any() or low.sum() > total or high.sum() < total:
        raise ValueError("floors and ceilings leave no way to reach the total")
    if share.sum() <= 0:
        if low.sum() == total:
            return [int(x) for x in low]
        raise ValueError("all weights are zero")
    parts = (
        total * (share / share.sum())
        if floors is None and ceilings is None
        else _within(float(total), share, low, high)
    )
    whole = np.floor(parts + 1e-9)
    left = round(total - float(whole.sum()))
    order = sorted(range(n), key=lambda i: (-round(float(parts[i] - whole[i]), 7), i))
    room = [i for i in order if whole[i] + 1 <= high[i] + 1e-9]
    while left > 0:
        for i in room:
            if left and whole[i] + 1 <= high[i] + 1e-9:
                whole[i] += 1
                left -= 1
    return [int(x) for x in whole]


def _within(total: float, share: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Parts a·share within their bounds that add up to the total; a found by halving, since the sum rises with a."""
    share = np.maximum(share / share.sum(), 1e-12)
    least, most = 0.0, float(total / share.min()) + 1.0
    for _ in range(200):
        middle = (least + most) / 2
        if np.clip(middle * share, low, high).sum() < total:
            least = middle
        else:
            most = middle
    parts = np.clip(most * share, low, high)
    free = (parts > low + 1e-12) & (parts < high - 1e-12)
    if free.any():
        parts[free] += (total - parts.sum()) * parts[free] / parts[free].sum()
    return parts
