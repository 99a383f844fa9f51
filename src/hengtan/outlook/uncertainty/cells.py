"""Quantiles of figures that pass by once: counts in cells laid out by the first of them.

The first chunk of draws sets 2,048 cells over its spread and a quarter more on both sides; what
lies beyond is counted in two end cells, with its extremes. A quantile is the order statistic of
rank ceil(p n), which lies in a known cell: that cell's width bounds the error, and lines between
its edges make it smaller. Counts are whole numbers, so that their order does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
CELLS = 2048
BEYOND = 0.25


@dataclass
class Cells:
    """Counts of S series of figures in cells of their own, (S, cells + 2)."""

    low: Array
    width: Array
    counts: Counts
    least: Array
    most: Array
    compiled: bool = False

    @classmethod
    def over(cls, pilot: Array, compiled: bool = False) -> Cells:
        """Empty cells that suit figures like ``pilot`` (S, N)."""
        known = np.where(np.isfinite(pilot), pilot, np.nan)
        some = np.isfinite(known).any(axis=1)
        known[~some] = 0
        least, most = np.nanmin(known, axis=1), np.nanmax(known, axis=1)
        tiny = 1e-12 * np.maximum(np.maximum(abs(least), abs(most)), 1)
        spread = np.maximum(most - least, tiny)
        low, width = least - BEYOND * spread, (1 + 2 * BEYOND) * spread / CELLS
        return cls(low, width, *empty(len(pilot)), compiled)

    def like(self) -> Cells:
        """Empty cells of the same layout."""
        return Cells(self.low, self.width, *empty(len(self.low)), self.compiled)

    def add(self, figures: Array) -> None:
        """Counts figures (S, N); missing ones are in no cell."""
        if not figures.size:
            return
        finite = np.isfinite(figures)
        self.least = np.minimum(self.least, np.where(finite, figures, np.inf).min(axis=1))
        self.most = np.maximum(self.most, np.where(finite, figures, -np.inf).max(axis=1))
        figures = np.where(finite, figures, np.nan)
        if self.compiled:
            from hengtan.outlook.uncertainty import compiled

            compiled.count_cells(figures, self.low, self.width, self.counts)
            return
        place = (figures - self.low[:, None]) / self.width[:, None]
        for series, row in enumerate(place):
            cell = np.clip(row[~np.isnan(row)], -1.0, CELLS) + 1
            self.counts[series] += np.bincount(cell.astype(np.int64), minlength=CELLS + 2)

    def merge(self, other: Cells) -> None:
        """Adds counts of the same layout."""
        self.counts += other.counts
        self.least = np.minimum(self.least, other.least)
        self.most = np.maximum(self.most, other.most)

    def quantiles(self, levels: Sequence[float]) -> tuple[Array, Array]:
        """Quantiles and the bound of their error, both (S, L); NaN where nothing was counted."""
        below = np.cumsum(self.counts, axis=1)
        values = np.full((len(self.low), len(levels)), np.nan)
        bounds = values.copy()
        for series in range(len(self.low)):
            for number, level in enumerate(levels):
                if below[series, -1]:
                    value, bound = self._quantile(series, below[series], level)
                    values[series, number], bounds[series, number] = value, bound
        return values, bounds

    def _quantile(self, series: int, below: Counts, level: float) -> tuple[float, float]:
        rank = min(max(int(np.ceil(level * below[-1])), 1), int(below[-1]))
        cell = int(np.searchsorted(below, rank))
        start, end = self._edges(series, cell)
        before = below[cell - 1] if cell else 0
        part = (rank - before - 0.5) / self.counts[series, cell]
        return start + part * (end - start), end - start

    def _edges(self, series: int, cell: int) -> tuple[float, float]:
        """Ends of a cell, no wider than the figures that were seen."""
        low, width = self.low[series], self.width[series]
        least, most = self.least[series], self.most[series]
        start = least if cell == 0 else low + (cell - 1) * width
        end = most if cell == CELLS + 1 else low + cell * width
        return float(max(start, least)), float(min(max(end, least), most))


def empty(series: int) -> tuple[Counts, Array, Array]:
    """No counts, and extremes that any figure replaces."""
    counts = np.zeros((series, CELLS + 2), dtype=np.int64)
    return counts, np.full(series, np.inf), np.full(series, -np.inf)
