"""The pool of related series: those of one family and a like scale, as they stood in a year."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
    """A yearly series: ``years`` rising, ``values`` beside them, the scale they work on, and the family whose errors are like its own."""

    name: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    scale: Scale
    family: str = ""

    @cached_property
    def z(self) -> np.ndarray:
        """Values on the working scale, one place a year from the first to the last, NaN in gaps."""
        grid = np.full(self.years[-1] - self.years[0] + 1, np.nan)
        grid[np.array(self.years) - self.years[0]] = self.scale.to(self.values)
        return grid

    def until(self, year: int) -> Yearly:
        """The series as it stood at the end of a year."""
        n = sum(y <= year for y in self.years)
        return Yearly(self.name, self.years[:n], self.values[:n], self.scale, self.family)


def kin(one: Yearly, other: Yearly) -> bool:
    """Whether the errors of two series may be pooled: one family, and both relative (log, logit) or both plain."""
    return (
        one.name != other.name
        and one.family == other.family
        and (one.scale.kind == "plain") == (other.scale.kind == "plain")
    )


class Pools:
    """Pools of a set of series, each made once. ``of(series, year)`` never looks beyond that year and never at the series itself for its prior."""

    def __init__(self, series: Sequence[Yearly]) -> None:
        self.series = tuple(s for s in series if len(s.years) >= LEAST)
        self._errors: Mapping[str, list[tuple[int, int, int, float]]] = {}
        self._prior: dict[tuple[str, int], tuple[float, float, int]] = {}
        self._factor: dict[tuple[str, bool, int], tuple[float, int]] = {}
        self._cut: dict[tuple[str, int], tuple[float, int]] = {}

    def of(self, one: Yearly, year: int) -> Pool:
        """The pool for a series at the end of a year."""
        free, variance, held = self._priors(one, year)
        key = (one.family, one.scale.kind == "plain", year)
        if key not in self._factor:
            self._factor[key] = self._stretch(
                [
                    s
                    for s in self.series
                    if s.family == one.family and (s.scale.kind == "plain") == key[1]
                ],
                year,
            )
        factor, errors = self._factor[key]
        return Pool(free, variance, factor, held, errors)

    def _variance(self, one: Yearly, year: int) -> tuple[float, int]:
        key = (one.name, year)
        if key not in self._cut:
            self._cut[key] = yearly_variance(one.until(year).z)
        return self._cut[key]

    def _priors(self, one: Yearly, year: int) -> tuple[float, float, int]:
        key = (one.name, year)
        if key not in self._prior:
            held = [
                self._variance(s, year)
                for s in self.series
                if kin(one, s) and sum(y <= year for y in s.years) >= LEAST
            ]
            self._prior[key] = (
                *moderated([v for v, _ in held], [float(d) for _, d in held]),
                len(held),
            )
        return self._prior[key]

    def _stretch(self, family: Sequence[Yearly], year: int) -> tuple[float, int]:
        """The factor of a family from its own past one-to-three-year errors that were known by the year."""
        standardised, free = [], []
        for one in family:
            z, first = one.z, one.years[0]
            for i in range(LEAST, len(one.years)):
                origin = one.years[i - 1]
                later = [y for y in one.years[i:] if y - origin <= AHEAD and y <= year]
                if not later:
                    continue
                d0, s0, _ = self._priors(one, origin)
                deviation, degrees = Pool(d0, s0).deviation(z[: origin - first + 1])
                path = shrunk_drift(z[: origin - first + 1], AHEAD)
                standardised += [
                    float(z[y - first] - path[y - origin - 1]) / (deviation * math.sqrt(y - origin))
                    for y in later
                ]
                free += [degrees] * len(later)
        return factor_of(standardised, free), len(standardised)
