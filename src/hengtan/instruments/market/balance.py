"""The balance value of a sector: the one at which adjusted allowances of all entities equal their
verified emissions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hengtan.instruments.factors import middle
from hengtan.instruments.market.formulas import alpha, deviation

NEAR = 1e-9
"""Noise of floats in a balance value, relative."""


@dataclass(frozen=True)
class Balance:
    """Where a sector balances: every value from ``low`` to ``high`` does; ``value`` is the middle.
    [unit of the intensities]
    """

    value: float
    low: float
    high: float

    @property
    def unique(self) -> bool:
        """Whether there is but one, within the noise of floats."""
        return self.high - self.low <= NEAR * self.high


def surplus(
    balance: float,
    emissions: Sequence[float],
    intensities: Sequence[float],
    slope: float,
    band: float,
    cap: float,
) -> float:
    """Σ E·α at a balance value: allowances over emissions; never falls as the balance value rises.
    [tCO2]
    """
    return math.fsum(
        e * alpha(deviation(balance, i), slope, band, cap)
        for e, i in zip(emissions, intensities, strict=True)
    )


def solve_balance(
    emissions: Sequence[float], intensities: Sequence[float], slope: float, band: float, cap: float
) -> Balance:
    """BP with Σ E·(1 + α(BP)) = Σ E, by bisection from both sides (国环规气候〔2025〕2号).

    Raises ValueError for emissions or intensities that are not positive, or a jump of α across
    nought.
    """
    if (
        not emissions
        or len(emissions) != len(intensities)
        or not all(0 < x < math.inf for x in (*emissions, *intensities))
    ):
        raise ValueError("emissions and intensities are positive and as many")
    near = 1e-13 * math.fsum(emissions)
    bottom, top = min(intensities) / (1 + band), max(intensities) / (1 - band)

    def edge(above: bool) -> float:
        """The lower or the upper end of the values at which the sector balances."""
        low, high = bottom * (1 - NEAR), top * (1 + NEAR)
        while low < (point := middle(low, high)) < high:
            excess = surplus(point, emissions, intensities, slope, band, cap)
            if excess > near if above else excess >= -near:
                high = point
            else:
                low = point
        return middle(low, high)

    first, last = edge(False), edge(True)
    last = max(first, last)
    return Balance(middle(first, last), first, last)
