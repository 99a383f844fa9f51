"""Whole units shared out within many groups at once: sums exact by the largest remainder, floors kept, reserves held back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shared:
    """What each got, and why. Arrays of shape (n,): units, exact share before rounding, whether its floor was raised to, whether it got a unit of the remainder."""

    units: np.ndarray
    exact: np.ndarray
    floored: np.ndarray
    rounded_up: np.ndarray


def share_out(
    totals: np.ndarray, shares: np.ndarray, groups: np.ndarray, floors: np.ndarray | None = None
) -> Shared:
    """Share each group's whole total among its members: the parts of group g add up to ``totals[g]`` exactly, none falls below its floor.

    ``totals`` of shape (groups,) whole units ≥ 0; ``shares`` of shape (n,) ≥ 0, ``groups`` of shape (n,) indices into totals, ``floors`` of shape (n,) whole units. Those whose share falls below the floor get it, the rest is
    shared again among the others; then each gets the whole part, and the units left go to the largest remainders (ties: the earlier). A part never falls when its own share rises. Raises ValueError where the
    floors of a group exceed its total, or a group with a total has no member. Source: method of Hamilton (largest remainder).
    """
    totals, at = np.asarray(totals, np.int64), np.asarray(groups, np.int64)
    weight, n, g = np.asarray(shares, float), len(shares), len(totals)
    low = np.zeros(n, np.int64) if floors is None else np.asarray(floors, np.int64)
    if (totals < 0).any() or (weight < 0).any() or not np.isfinite(weight).all() or (low < 0).any():
        raise ValueError("totals, shares and floors are zero or positive")
    members = np.bincount(at, minlength=g)
    if ((members == 0) & (totals > 0)).any():
        raise ValueError("a group with a total has no member")
    if (np.bincount(at, weights=low.astype(float), minlength=g) > totals + 1e-6).any():
        raise ValueError("floors exceed the total")
    fixed = np.zeros(n, bool)
    exact = np.zeros(n)
    while True:
        left = totals - np.bincount(at, weights=np.where(fixed, low, 0).astype(float), minlength=g)
        free = np.where(fixed, 0.0, weight)
        total = np.bincount(at, weights=free, minlength=g)
        equal = (~fixed) & (
            total[at] <= 0
        )  # a group whose free members have no share at all: equal parts
        if equal.any():
            free = np.where(equal, 1.0, free)
            total = np.bincount(at, weights=free, minlength=g)
        exact = np.where(fixed, low, free / np.where(total[at] > 0, total[at], 1.0) * left[at])
        short = ~fixed & (exact < low - 1e-9)
        if not short.any():
            break
        fixed |= short
    whole = np.floor(exact + 1e-9).astype(np.int64)
    over = totals - np.bincount(at, weights=whole.astype(float), minlength=g).astype(np.int64)
    remainder = np.where(
        fixed, -1.0, np.round(exact - whole, 7)
    )  # equal remainders stay equal whatever the last digits say
    order = np.lexsort((np.arange(n), -remainder, at))
    first = np.concatenate([[0], np.cumsum(members)[:-1]]) if g else np.zeros(0, int)
    place = np.empty(n, np.int64)
    place[order] = np.arange(n) - first[at[order]]
    up = place < over[at]
    return Shared(whole + up, exact, fixed, up)


def held_back(totals: np.ndarray, reserve: float) -> tuple[np.ndarray, np.ndarray]:
    """Totals less a reserve, and the reserve, in whole units; the two add up exactly. ``reserve`` a share of 0–1. Raises ValueError outside."""
    if not 0 <= reserve < 1:
        raise ValueError("a reserve lies between 0 and 1")
    kept = np.floor(np.asarray(totals, np.int64) * reserve + 0.5).astype(np.int64)
    return np.asarray(totals, np.int64) - kept, kept
