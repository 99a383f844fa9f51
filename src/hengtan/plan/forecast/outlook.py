"""The forecast of one indicator: path, bands, the chance of a goal, what known events change, and
why it is what it is.

Method: docs/forecast.md; bands of a t distribution that widens with the root of the years.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy import special

from hengtan.basis.words import Words, coded
from hengtan.plan.forecast.bounds import at_bound
from hengtan.plan.forecast.choose import Choice, choose
from hengtan.plan.forecast.models import CANDIDATES
from hengtan.plan.forecast.pool import LEAST, Pools, Yearly
from hengtan.plan.forecast.spread import Pool
from hengtan.plan.formulas import within_tolerance

LEVELS = (0.5, 0.8, 0.95)
POINTS = 2000
"""Points of equal weight that a distribution is carried by; no random numbers, the same answer
every time.
"""
LEAST_SHARE = 1e-6
"""Quantiles are asked no nearer to 0 and 1: those of a t distribution have no end. [share]"""
FLOAT_NOISE = 1e-9
"""A value short of its goal by no more than this is at it, relative: back and forth through a
logarithm costs a few digits.
"""
HUNDREDTHS = 100
"""An uncertain event splits the weight of a distribution in hundredths."""


@dataclass(frozen=True)
class Lever:
    """A known event that shifts an indicator.

    From ``year`` on by ``change`` a year in its unit, ``first_share`` of it in the first year, with
    a probability. Shares as shares.
    """

    name: str
    year: int
    change: float
    probability: float = 1.0
    first_share: float = 1.0
    source: str = ""

    def by(self, year: int) -> float:
        """What it adds in a year if it comes. [unit]"""
        if year < self.year:
            return 0.0
        return self.change * (self.first_share if year == self.year else 1.0)


@dataclass(frozen=True)
class Year:
    """The forecast of a year: the middle, and (low, high) of each level."""

    year: int
    point: float
    bands: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Outlook:
    """A forecast.

    ``state``: forecast; too_short (only the needed pace can be told). ``notes``: codes of what it
    rests on. ``deviation`` and ``free``: yearly deviation [working scale] and degrees of freedom of
    its t distribution; ``path``: middles on the working scale.
    """

    series: Yearly
    state: str
    years: tuple[Year, ...] = ()
    choice: Choice = field(default_factory=lambda: Choice("", ""))
    pool: Pool = field(default_factory=Pool)
    levers: tuple[Lever, ...] = ()
    notes: tuple[str, ...] = ()
    deviation: float = math.nan
    free: float = math.nan
    path: tuple[float, ...] = ()

    def quantiles(self, year: int, shares: np.ndarray) -> np.ndarray:
        r"""Values below which shares of the distribution of a year lie, without levers, unrounded.

        .. math:: x_p = f^{-1}\left(\hat z_h + s\sqrt{h}\;t_p(\nu)\right)

        with the scale f, the path, the yearly deviation s and its degrees of freedom; at a bound
        that is the part away from it (``bounds``). [unit] Raises ValueError for a year not
        ahead.
        """
        ahead = year - self.series.years[-1]
        if self.state != "forecast" or not 1 <= ahead <= len(self.path):
            raise ValueError(f"no forecast of {year} for {self.series.name}")
        staying = at_bound(self.series)
        if staying is None:
            return self._away(ahead, shares)
        is_there, rest = staying.quantiles(np.asarray(shares, float))
        return np.where(is_there, staying.bound, staying.off(self._away(ahead, rest)))

    def _away(self, ahead: int, shares: np.ndarray) -> np.ndarray:
        """Quantiles of the t distribution about the path, within the bounds. [unit]"""
        inside = np.clip(shares, LEAST_SHARE, 1 - LEAST_SHARE)
        spread = self.deviation * math.sqrt(ahead) * special.stdtrit(self.free, inside)
        return self.series.scale.back(self.path[ahead - 1] + spread, rounded=False)

    def sample(self, year: int) -> np.ndarray:
        """The distribution of a year as values of equal weight, unrounded, levers in it. [unit]

        Shape (POINTS × cases of uncertain levers,). Raises ValueError for a year not ahead.
        """
        middles = (np.arange(POINTS) + 0.5) / POINTS
        return np.sort(shifted(self.series, self.quantiles(year, middles), self.levers, year))

    def chance(
        self,
        year: int,
        goal: float,
        operator: str,
        *,
        strict: bool = False,
        tolerance: float | None = None,
    ) -> float | None:
        """The probability that the value of a year meets the goal; None where 左右 has no
        tolerance.

        Counts are rounded first. Raises ValueError for a year not ahead.
        """
        values = self.series.scale.within(self.sample(year))
        return met_share(values, goal, operator, strict=strict, tolerance=tolerance)


def met_share(
    values: np.ndarray,
    goal: float,
    operator: str,
    *,
    strict: bool = False,
    tolerance: float | None = None,
) -> float | None:
    """The share of values that meet a goal under its operator. [share]"""
    if operator == "approx":
        return (
            None if tolerance is None else float(within_tolerance(values, goal, tolerance).mean())
        )
    noise = FLOAT_NOISE * max(abs(goal), 1.0)
    if operator == "<=":
        return float(np.mean(values < goal - noise if strict else values <= goal + noise))
    return float(np.mean(values > goal + noise if strict else values >= goal - noise))


def shifted(series: Yearly, values: np.ndarray, levers: Sequence[Lever], year: int) -> np.ndarray:
    """Values with what the levers add, within the bounds of the series. [unit]

    Each uncertain lever splits the weight by its probability, in hundredths.
    """
    cases = [(1.0, 0.0)]
    for lever in levers:
        if lever.by(year):
            cases = list(_split(cases, lever.probability, lever.by(year)))
    if len(cases) == 1:
        return series.scale.within(values + cases[0][1], rounded=False)
    weighted = [
        np.repeat(values + shift, max(round(weight * HUNDREDTHS), 1)) for weight, shift in cases
    ]
    return series.scale.within(np.concatenate(weighted), rounded=False)


def _split(
    cases: Sequence[tuple[float, float]], probability: float, change: float
) -> Iterator[tuple[float, float]]:
    """Each case (weight, shift) with the change and without, what cannot be left out."""
    for weight, shift in cases:
        if probability > 0:
            yield weight * probability, shift + change
        if probability < 1:
            yield weight * (1 - probability), shift


def forecast(
    series: Yearly,
    to: int,
    pools: Pools,
    levers: Sequence[Lever] = (),
    *,
    notes: Sequence[str] = (),
) -> Outlook:
    """Forecast a yearly series to a year, by the candidate chosen on its own past, with bands from
    its own errors and those of its kin.

    Below four values there is no forecast (``too_short``): only the needed pace can be told. Levers
    that begin in a year already observed are left out and it says so. Raises ValueError where
    ``to`` is not ahead.
    """
    last = series.years[-1]
    if to <= last:
        raise ValueError(f"{to} is not ahead of {last}")
    if len(series.years) < LEAST:
        few = coded("outlook.too_short", len(series.years))
        return Outlook(series, "too_short", notes=(*notes, few))
    choice, pool = choose(series.z, series.scale.kind), pools.of(series, last)
    deviation, free = pool.deviation(series.z)
    path = CANDIDATES[choice.name].path(series.z, to - last)
    outlook = Outlook(
        series,
        "forecast",
        choice=choice,
        pool=pool,
        levers=tuple(lever for lever in levers if lever.year > last),
        notes=(*notes, *_notes(series, to, pool, levers)),
        deviation=deviation,
        free=free,
        path=tuple(float(z) for z in path),
    )
    return replace(outlook, years=tuple(_year(outlook, y) for y in range(last + 1, to + 1)))


def _notes(series: Yearly, to: int, pool: Pool, levers: Sequence[Lever]) -> Iterator[str]:
    """Codes of what a forecast rests on."""
    last, staying = series.years[-1], at_bound(series)
    if staying is not None:
        bound = f"{staying.bound:g}"
        yield coded("outlook.at_bound", bound, staying.years, staying.seen, f"{staying.share:.0%}")
    for lever in levers:
        if lever.year <= last:
            yield coded("outlook.lever_observed", lever.name, lever.year)
    if to - last > len(series.years):
        yield coded("outlook.long", to - last, len(series.years))
    if pool.free:
        yield coded("outlook.pooled", pool.series, f"{pool.factor:.2f}", pool.errors)
    else:
        yield "outlook.alone"


def _year(outlook: Outlook, year: int) -> Year:
    """Middle and bands of a year, within the bounds, counts whole."""
    values, scale = outlook.sample(year), outlook.series.scale
    bands = []
    for level in LEVELS:
        low, high = scale.within(np.quantile(values, ((1 - level) / 2, (1 + level) / 2)))
        bands.append((float(low), float(high)))
    return Year(year, float(scale.within(np.median(values))), tuple(bands))


def as_dict(outlook: Outlook, language: str = "zh") -> dict[str, Any]:
    """JSON form: the years with point and bands, the method and the notes in words."""
    words, choice = Words.of("hengtan.plan"), outlook.choice
    history = zip(outlook.series.years, outlook.series.values, strict=True)
    return {
        "state": outlook.state,
        "method": choice.name,
        "method_zh": words.say(f"method.{choice.name}") if choice.name else "",
        "method_en": words.say(f"method.{choice.name}", language="en") if choice.name else "",
        "reason": words.say(choice.reason, language) if choice.reason else "",
        "reason_en": words.say(choice.reason, language="en") if choice.reason else "",
        "scores": {name: round(score, 4) for name, score in choice.scores.items()},
        "history": [{"year": year, "value": value} for year, value in history],
        "years": [_row(year) for year in outlook.years],
        "levers": [
            {
                "name": lever.name,
                "year": lever.year,
                "change": lever.change,
                "probability": lever.probability,
                "source": lever.source,
            }
            for lever in outlook.levers
        ],
        "notes": [words.say(note, language) for note in outlook.notes],
        "notes_en": [words.say(note, language="en") for note in outlook.notes],
    }


def _row(year: Year) -> dict[str, float]:
    """A year as a row: point, then the lows of all levels, then the highs."""
    percents = [f"{level * 100:g}" for level in LEVELS]
    lows = {f"low{p}": low for p, (low, _) in zip(percents, year.bands, strict=True)}
    highs = {f"high{p}": high for p, (_, high) in zip(percents, year.bands, strict=True)}
    return {"year": year.year, "point": year.point, **lows, **highs}
