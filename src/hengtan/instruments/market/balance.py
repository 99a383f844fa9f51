"""The balance value of a sector: the one at which adjusted allowances of all entities equal their
verified emissions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hengtan.instruments.market.formulas import alpha, deviation

HALVINGS = 200


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
        return self.high - self.low <= 1e-9 * self.high


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
        low, high = bottom * (1 - 1e-9), top * (1 + 1e-9)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if middle in (low, high):
                break
            got = surplus(middle, emissions, intensities, slope, band, cap)
            if got > near if above else got >= -near:
                high = middle
            else:
                low = middle
        return (low + high) / 2

    first, last = edge(False), edge(True)
    return Balance((first + max(first, last)) / 2, first, max(first, last))
