"""Draws of the measures' effects: triangular between low and high around the central effect.

Numbers come from the counter-based generator Philox (Salmon et al. 2011) keyed by the seed, so that
one seed gives one set of draws everywhere; another stream of the same seed is independent of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.model import Array


class NoSource(HengtanError):
    """A range of an effect without a source, which gives no odds."""


@dataclass(frozen=True)
class Ranges:
    """Low and high effects of measures, (M,) each; equal to the central effect where it is certain.

    ``source``: where each range comes from, "" where nobody says; ``assumed``: whether it is an
    assumption, (M,).
    """

    low: Array
    central: Array
    high: Array
    source: tuple[str, ...]
    assumed: Array

    def check(self, measures: tuple[str, ...]) -> None:
        """Raise ``NoSource`` where a range has no source and ``ValueError`` where it is none."""
        if (self.low > self.central).any() or (self.central > self.high).any():
            raise ValueError("low, central and high effects are not in this order")
        lacking = [
            name
            for name, source, low, high in zip(
                measures, self.source, self.low, self.high, strict=True
            )
            if high > low and not source
        ]
        if lacking:
            raise NoSource(
                f"措施“{'、'.join(lacking)}”的效应区间没有来源，不给出概率",
                f"ranges without a source give no odds: {', '.join(lacking)}",
                todo="在措施表补上“区间来源”",
                todo_en="give the source of the range in the sheet of measures",
            )

    @property
    def variance(self) -> Array:
        r"""Variance of each effect, (M,).

        .. math:: (a^2 + b^2 + c^2 - ab - ac - bc) / 18
        """
        low, mode, high = self.low, self.central, self.high
        squares = low**2 + mode**2 + high**2
        return (squares - low * mode - low * high - mode * high) / 18


def draw(ranges: Ranges, count: int, *, seed: int, stream: int = 0) -> Array:
    """Effects of ``count`` draws, (K, M)."""
    generator = np.random.Generator(np.random.Philox(key=np.array([seed, stream], dtype=np.uint64)))
    share = generator.random((count, ranges.central.size))
    return triangular(ranges, share)


def triangular(ranges: Ranges, share: Array) -> Array:
    """The effects below which a share of the distribution lies (inverse distribution function)."""
    low, mode, high = ranges.low, ranges.central, ranges.high
    width = np.where(high > low, high - low, 1.0)
    turn = (mode - low) / width
    rising = low + np.sqrt(share * width * (mode - low))
    falling = high - np.sqrt((1 - share) * width * (high - mode))
    return np.where(high > low, np.where(share < turn, rising, falling), mode)
