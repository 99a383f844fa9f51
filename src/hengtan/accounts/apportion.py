"""Whole units shared out within many groups at once: exact sums by the largest remainder, floors
and ceilings kept.

Method: Hamilton's largest remainder; bounds by freezing what violates them, as flexible boxes are
laid out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

IGNORED = 1e-9
"""A part that misses a bound or a whole unit by no more than this has met it. [units]"""
REMAINDER_DIGITS = 7
"""Remainders alike to these digits are equal, whatever the last bits of a float say."""


class CannotShare(ValueError):
    """No way to share out; the message is a code of the trouble (``floors_exceed_total`` …), not a
    sentence.
    """


@dataclass(frozen=True)
class Shared:
    """What each got, and why. Arrays of shape (n,).

    ``units``: whole units; ``exact``: the share before rounding; ``bounded``: set to its floor or
    ceiling; ``rounded_up``: got a unit of the remainder.
    """

    units: np.ndarray
    exact: np.ndarray
    bounded: np.ndarray
    rounded_up: np.ndarray


def share_out(
    totals: np.ndarray,
    shares: np.ndarray,
    groups: np.ndarray,
    *,
    floors: np.ndarray | None = None,
    ceilings: np.ndarray | None = None,
) -> Shared:
    r"""Share each group's whole total among its members; the parts of a group add up to its total
    exactly.

    Exact parts are :math:`x_i = \min(\max(a_g s_i, l_i), h_i)` with the :math:`a_g` that reaches
    the total of the group. Each gets the whole part of that, and the units left go to the largest
    remainders (ties: the earlier). Without bounds a part never falls when its own share rises.

    Parameters
    ----------
    totals : array, shape (groups,)
        Whole units of each group, zero or more. [units]
    shares : array, shape (n,)
        Weights, zero or more; a group without any gets equal parts. [any one unit]
    groups : array, shape (n,)
        Index into ``totals`` of each member. [-]
    floors, ceilings : array, shape (n,), optional
        Least and most whole units of each. [units]

    Returns
    -------
    Shared
        Whole units of each, with the exact parts and what was bounded or rounded up.

    Raises
    ------
    CannotShare
        For figures that are negative or not finite, a group with a total and no member, and bounds
        that leave no way.

    References
    ----------
    .. [1] Balinski and Young (1982), Fair Representation: method of Hamilton.
    """
    totals, at = np.asarray(totals, np.int64), np.asarray(groups, np.int64)
    weights = np.asarray(shares, float)
    least = np.zeros(len(weights)) if floors is None else np.asarray(floors, float)
    most = np.full(len(weights), np.inf) if ceilings is None else np.asarray(ceilings, float)
    _refuse(totals, weights, at, least, most)
    exact, bounded = _within_bounds(totals, weights, at, least, most)
    return _rounded(totals, at, exact, bounded)


def _refuse(
    totals: np.ndarray, weights: np.ndarray, at: np.ndarray, least: np.ndarray, most: np.ndarray
) -> None:
    """Raise CannotShare with the code of what cannot be."""
    if (totals < 0).any() or (least < 0).any() or (most < 0).any():
        raise CannotShare("negative_figures")
    if (weights < 0).any() or not np.isfinite(weights).all():
        raise CannotShare("negative_figures")
    members = np.bincount(at, minlength=len(totals))
    if ((members == 0) & (totals > 0)).any():
        raise CannotShare("group_without_member")
    if (_by_group(least, at, totals) > totals).any():
        raise CannotShare("floors_exceed_total")
    too_low = (_by_group(most, at, totals) < totals) & (members > 0)
    if too_low.any() or (least > most).any():
        raise CannotShare("ceilings_below_total")


def _by_group(values: np.ndarray, at: np.ndarray, totals: np.ndarray) -> np.ndarray:
    return np.bincount(at, weights=values, minlength=len(totals))


def _within_bounds(
    totals: np.ndarray, weights: np.ndarray, at: np.ndarray, least: np.ndarray, most: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Exact parts within their bounds that add up to the totals, and which were set to a bound.

    In each round a group freezes the members below their floors, or those above their ceilings,
    whichever side misses more, and shares the rest again among those still free; each round freezes
    one at least.
    """
    frozen = np.zeros(len(weights), bool)
    exact = np.zeros(len(weights))
    while True:
        left = totals - _by_group(np.where(frozen, exact, 0.0), at, totals)
        exact = np.where(frozen, exact, _free_share(weights, frozen, at, totals) * left[at])
        below = ~frozen & (exact < least - IGNORED)
        above = ~frozen & (exact > most + IGNORED)
        if not (below | above).any():
            return exact, frozen
        missed = np.where(below, least - exact, 0.0) + np.where(above, most - exact, 0.0)
        raises = _by_group(missed, at, totals)[at] >= 0
        freezing = np.where(raises, below, above)
        exact = np.where(freezing, np.where(below, least, most), exact)
        frozen = frozen | freezing


def _free_share(
    weights: np.ndarray, frozen: np.ndarray, at: np.ndarray, totals: np.ndarray
) -> np.ndarray:
    """Share of each free member among the free of its group; equal where none of them has a
    weight.
    """
    free = np.where(frozen, 0.0, weights)
    weightless = ~frozen & (_by_group(free, at, totals)[at] <= 0)
    free = np.where(weightless, 1.0, free)
    sums = _by_group(free, at, totals)[at]
    return free / np.where(sums > 0, sums, 1.0)


def _rounded(totals: np.ndarray, at: np.ndarray, exact: np.ndarray, bounded: np.ndarray) -> Shared:
    """Whole parts, and the units left to the largest remainders of each group."""
    whole = np.floor(exact + IGNORED).astype(np.int64)
    left = totals - _by_group(whole.astype(float), at, totals).astype(np.int64)
    remainder = np.where(bounded, -1.0, np.round(exact - whole, REMAINDER_DIGITS))
    members = np.bincount(at, minlength=len(totals))
    first = np.cumsum(members) - members
    order = np.lexsort((-remainder, at))  # stable: of equal remainders the earlier comes first
    place = np.empty(len(exact), np.int64)
    place[order] = np.arange(len(exact)) - first[at[order]]
    rounded_up = place < left[at]
    return Shared(whole + rounded_up, exact, bounded, rounded_up)
