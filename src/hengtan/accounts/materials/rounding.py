"""What a rate may be when its inputs were rounded before they were printed.

Pure mathematics: numbers in, numbers out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from hengtan.accounts.materials.formulas import rate
from hengtan.accounts.materials.refusals import refusal


@dataclass(frozen=True)
class Printed:
    """A figure as it was printed: its value, and half a unit of its last digit."""

    value: float
    half: float = 0.0

    @property
    def low(self) -> float:
        """The least it may have been, where nothing is below zero."""
        return max(self.value - self.half, 0.0) if self.value >= 0 else self.value - self.half

    @property
    def high(self) -> float:
        """The most it may have been."""
        return self.value + self.half


@dataclass(frozen=True)
class Term:
    """A quantity of a definition: its side, its sign, and the coefficient it counts with."""

    quantity: str
    is_numerator: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Interval:
    """A rate by the figures as printed, and the least and the most it may have been. [%]"""

    value: float
    low: float
    high: float

    def meets(self, printed: Printed) -> bool:
        """Whether a printed rate may be this one."""
        return self.low <= printed.high and printed.low <= self.high


def interval_of(terms: Sequence[Term], inputs: Mapping[str, Printed]) -> Interval:
    """The interval of a rate that the rounding of its inputs allows.

    Parameters
    ----------
    terms : sequence of Term
        What numerator and denominator sum. [any one unit]
    inputs : mapping of quantity to Printed
        Figures as printed, in that unit; a quantity on both sides is the same figure on both.

    Raises
    ------
    HengtanError
        Where the denominator may be zero within its rounding.

    Notes
    -----
    A ratio of sums rises or falls in each quantity throughout, so that its ends lie at corners of
    the box of the inputs.

    References
    ----------
    .. [1] Moore (1966), Interval Analysis.
    """
    names = sorted({term.quantity for term in terms})
    corners = product(*((inputs[name].low, inputs[name].high) for name in names))
    rates = [_rate(terms, dict(zip(names, corner, strict=True))) for corner in corners]
    value = _rate(terms, {name: inputs[name].value for name in names})
    return Interval(value, min(rates), max(rates))


def _rate(terms: Sequence[Term], amounts: Mapping[str, float]) -> float:
    sides = {True: 0.0, False: 0.0}
    for term in terms:
        sides[term.is_numerator] += term.weight * amounts[term.quantity]
    if sides[False] <= 0:
        raise refusal("denominator_may_be_zero")
    return float(rate(sides[True], sides[False]))
