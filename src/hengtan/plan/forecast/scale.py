"""The scale an indicator is forecast on, so that a forecast stays where values can lie: logarithm
of amounts, logit of shares, the value itself otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hengtan.basis.errors import UnknownUnit
from hengtan.basis.units import Unit, read_unit

KINDS = ("log", "logit", "plain")
WHOLE = frozenset({"count", "person", "d"})
"""Canonical units whose values are whole numbers where nothing multiplies them (``MULTIPLES``)."""
INSIDE = 1e-3
"""Shares at a bound stand so far inside it: the logit of the bound itself is infinite. [share]"""
NEAR = 2 * INSIDE
"""Shares nearer to a bound than this are drawn in by half, so that each keeps its own place."""
AT_BOUND = 1e-9
"""A value no farther from a bound than this is at it. [share of the span, or unit]"""
LARGEST = 700.0
"""Of an exponent, so that it does not overflow."""
DAYS_OF_YEAR = 366.0


@dataclass(frozen=True)
class Scale:
    """``kind``: log, logit or plain; values lie between ``low`` and ``high`` (None: no bound);
    ``whole``: they are counts.
    """

    kind: str
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def to(self, values: Sequence[float] | np.ndarray | float) -> np.ndarray:
        r"""Values on the working scale: :math:`\ln x`, or :math:`\ln\frac{s}{1-s}` of the share s
        of the span; those at a bound stand a thousandth of the span inside it, those within two
        thousandths half way between.
        """
        x = np.asarray(values, float)
        if self.kind == "log":
            return np.log(x)
        if self.kind == "logit":
            low, span = self._span()
            share = _drawn_in(np.clip((x - low) / span, 0.0, 1.0))
            return np.log(share / (1 - share))
        return x

    def back(self, z: np.ndarray | float, *, rounded: bool = True) -> np.ndarray:
        """From the working scale to values, within the bounds, whole where they are counts and
        ``rounded``.
        """
        x = np.asarray(z, float)
        if self.kind == "log":
            x = np.exp(np.minimum(x, LARGEST))
        elif self.kind == "logit":
            low, span = self._span()
            x = low + span * _drawn_out(1 / (1 + np.exp(-np.clip(x, -LARGEST, LARGEST))))
        return self.within(x, rounded=rounded)

    def within(self, x: np.ndarray, *, rounded: bool = True) -> np.ndarray:
        """Values cut to the bounds, and rounded (half up) where they are counts."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        inside = np.clip(x, low, high)
        return np.floor(inside + 0.5) if self.whole and rounded else inside

    def bound_at(self, value: float) -> float | None:
        """The bound that a value stands at; None for one inside. [unit]"""
        for bound in (self.low, self.high):
            width = 1.0 if self.high is None or self.low is None else self.high - self.low
            if bound is not None and abs(value - bound) <= AT_BOUND * width:
                return bound
        return None

    @property
    def least_step(self) -> float:
        """The least by which a value differs from a bound: one of a count, a thousandth of the
        span, of one where there is no span. [unit]
        """
        if self.whole:
            return 1.0
        return INSIDE * (1.0 if self.high is None or self.low is None else self.high - self.low)

    def _span(self) -> tuple[float, float]:
        """The lower bound of a logit scale and the width of its span. [unit]"""
        assert self.low is not None and self.high is not None
        return self.low, self.high - self.low


def _drawn_in(share: np.ndarray) -> np.ndarray:
    """Shares near 0 and 1 moved inside, the bounds by ``INSIDE``. [share]"""
    low = np.where(share < NEAR, (share + NEAR) / 2, share)
    return np.where(share > 1 - NEAR, (share + 1 - NEAR) / 2, low)


def _drawn_out(share: np.ndarray) -> np.ndarray:
    """The inverse of ``_drawn_in``, cut to 0 and 1. [share]"""
    low = np.where(share < NEAR, 2 * share - NEAR, share)
    return np.clip(np.where(share > 1 - NEAR, 2 * share - 1 + NEAR, low), 0.0, 1.0)


def scale_of(values: Sequence[float], kind: str, unit: str, *, high: float | None = None) -> Scale:
    """The scale of an indicator from its kind (flow, stock, ratio, growth, index, level), its unit
    and its values.

    A growth rate has no bounds. A share (ratio in %) lies between 0 and 100 and works on the logit,
    unless a value lies outside; days lie within a year; ``high`` is a ceiling that is known (the
    number of all enterprises for a count of them): counts and amounts then follow a logistic curve.
    All other amounts are above zero and work on the logarithm; a series with a zero or a negative
    value is taken as it is.
    """
    if kind == "growth":
        return Scale("plain")
    single = _single_unit(unit)
    canonical = single.canonical if single else ""
    whole = canonical in WHOLE
    if kind == "ratio" and canonical == "%" and _all_within(values, 100.0):
        return Scale("logit", 0.0, 100.0 if high is None else high)
    if canonical == "d" and _all_within(values, DAYS_OF_YEAR):
        return Scale("logit", 0.0, DAYS_OF_YEAR, whole=True)
    if high is not None and _all_within(values, high):
        return Scale("logit", 0.0, high, whole=whole)
    if min(values) > 0:
        return Scale("log", 0.0, None, whole=whole)
    starts_at_zero = min(values) == 0 and kind in ("flow", "stock", "level", "ratio")
    return Scale("plain", 0.0 if starts_at_zero else None, None, whole=whole)


def _all_within(values: Sequence[float], high: float) -> bool:
    return min(values) >= 0 and max(values) <= high


def _single_unit(unit: str) -> Unit | None:
    """The unit where nothing multiplies it (家, not 万家); None for others and for no unit."""
    try:
        known = read_unit(unit)
    except UnknownUnit:
        return None
    return known if known.factor == 1.0 else None
