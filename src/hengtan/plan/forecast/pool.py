"""The pool of related series: those of one family and a like scale, as they stood in a year.

Method: moderated variances (Smyth 2004) and bands fitted to past errors (``spread``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hengtan.plan.forecast.choose import AHEAD
from hengtan.plan.forecast.models import shrunk_drift
from hengtan.plan.forecast.scale import Scale
from hengtan.plan.forecast.spread import Pool, factor_of, moderated, yearly_variance

LEAST = 4
"""Values a series needs for a forecast, and to speak for others."""


@dataclass(frozen=True)
class Yearly:
    """A yearly series: ``years`` rising, ``values`` beside them, the scale they work on, and the
    family whose errors are like its own.
    """

    name: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    scale: Scale
    family: str = ""

    @property
    def pooled_with(self) -> tuple[str, bool]:
        """Series alike in this may share errors: one family, and all relative (log, logit) or all
        plain.
        """
        return self.family, self.scale.kind == "plain"

    @cached_property
    def z(self) -> np.ndarray:
        """Values on the working scale, one place a year from the first to the last, NaN in gaps."""
        grid = np.full(self.years[-1] - self.years[0] + 1, np.nan)
        grid[np.array(self.years) - self.years[0]] = self.scale.to(self.values)
        return grid

    def known_by(self, year: int) -> int:
        """How many of its values are of a year or an earlier one."""
        return sum(y <= year for y in self.years)

    def until(self, year: int) -> Yearly:
        """The series as it stood at the end of a year."""
        n = self.known_by(year)
        return Yearly(self.name, self.years[:n], self.values[:n], self.scale, self.family)


def kin(first: Yearly, second: Yearly) -> bool:
    """Whether the errors of two series may be pooled: another series alike in ``pooled_with``."""
    return first.name != second.name and first.pooled_with == second.pooled_with


class Pools:
    """Pools of a set of series, each made once.

    ``of(series, year)`` never looks beyond that year and never at the series itself for its prior.
    """

    def __init__(self, series: Sequence[Yearly]) -> None:
        self.series = tuple(s for s in series if len(s.years) >= LEAST)
        self._prior_of: dict[tuple[str, int], tuple[float, float, int]] = {}
        self._stretch_of: dict[tuple[tuple[str, bool], int], tuple[float, int]] = {}
        self._variance_of: dict[tuple[str, int], tuple[float, int]] = {}

    def of(self, series: Yearly, year: int) -> Pool:
        """The pool for a series at the end of a year."""
        free, variance, number = self._prior(series, year)
        factor, errors = self._stretch(series.pooled_with, year)
        return Pool(free, variance, factor, number, errors)

    def _variance(self, series: Yearly, year: int) -> tuple[float, int]:
        key = (series.name, year)
        if key not in self._variance_of:
            self._variance_of[key] = yearly_variance(series.until(year).z)
        return self._variance_of[key]

    def _prior(self, series: Yearly, year: int) -> tuple[float, float, int]:
        """Prior degrees of freedom and variance from the kin of a series, and how many they are."""
        key = (series.name, year)
        if key not in self._prior_of:
            related = [s for s in self.series if kin(series, s) and s.known_by(year) >= LEAST]
            seen = [self._variance(s, year) for s in related]
            free, variance = moderated([v for v, _ in seen], [float(d) for _, d in seen])
            self._prior_of[key] = (free, variance, len(seen))
        return self._prior_of[key]

    def _stretch(self, alike: tuple[str, bool], year: int) -> tuple[float, int]:
        """The factor of the bands of a family from its own past errors known by the year, and their
        number.
        """
        key = (alike, year)
        if key not in self._stretch_of:
            family = [s for s in self.series if s.pooled_with == alike]
            errors = [error for s in family for error in self._past_errors(s, year)]
            factor = factor_of([e for e, _ in errors], [free for _, free in errors])
            self._stretch_of[key] = (factor, len(errors))
        return self._stretch_of[key]

    def _past_errors(self, series: Yearly, year: int) -> Iterator[tuple[float, float]]:
        """Standardised one-to-three-year errors of a series known by a year, with the degrees of
        freedom of each.
        """
        z, first = series.z, series.years[0]
        for i in range(LEAST, len(series.years)):
            origin = series.years[i - 1]
            later = [y for y in series.years[i:] if y - origin <= AHEAD and y <= year]
            if not later:
                continue
            past = z[: origin - first + 1]
            free, variance, _ = self._prior(series, origin)
            deviation, degrees = Pool(free, variance).deviation(past)
            path = shrunk_drift(past, AHEAD)
            for y in later:
                error = float(z[y - first] - path[y - origin - 1])
                yield error / (deviation * math.sqrt(y - origin)), degrees
