"""Before statistics are out: energy of the month from electricity, coal and industry, with its error; and warnings whose rate of false alarms a backtest has found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

DRIVERS = ("electricity", "coal", "industry")
RIDGE = 1.0
"""Weight of the ridge, in rows: coefficients of standardised drivers are drawn to zero as by this many rows of noise. Ours."""
PLACE_WEIGHT = 4.0
"""Periods of evidence that a place's own deviation needs to be believed by half. Ours."""
LEAST_ROWS = 12


@dataclass(frozen=True)
class Row:
    """A place in a period (``at`` counts periods): growths as shares, the growth to be nowcast None where it is not out yet; drivers may be None."""

    place: str
    at: int
    energy: float | None
    electricity: float | None = None
    coal: float | None = None
    industry: float | None = None
    gdp: float | None = None


@dataclass(frozen=True)
class Nowcast:
    """A growth of energy that is not out yet: the middle, its standard error from past nowcasts and their number, the drivers it rests on."""

    place: str
    at: int
    growth: float
    error: float
    errors: int
    drivers: tuple[str, ...]


@dataclass(frozen=True)
class _Model:
    drivers: tuple[str, ...]
    mean: np.ndarray
    scale: np.ndarray
    intercept: float
    weights: np.ndarray
    own: dict[str, float]

    def at(self, row: Row) -> float:
        x = np.array([getattr(row, d) for d in self.drivers], float)
        return float(
            self.intercept
            + ((x - self.mean) / self.scale) @ self.weights
            + self.own.get(row.place, 0.0)
        )


def _usable(row: Row, drivers: Sequence[str]) -> bool:
    return all(getattr(row, d) is not None for d in drivers)


def _fit(rows: Sequence[Row], drivers: tuple[str, ...]) -> _Model | None:
    """Ridge of the growth of energy on the drivers over all places, and each place's own mean deviation, shrunk. None where there are fewer than ``LEAST_ROWS`` rows."""
    held = [r for r in rows if r.energy is not None and _usable(r, drivers)]
    if len(held) < LEAST_ROWS:
        return None
    x, y = (
        np.array([[getattr(r, d) for d in drivers] for r in held], float),
        np.array([r.energy for r in held], float),
    )
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    z, intercept = (x - mean) / scale, float(y.mean())
    weights = np.linalg.solve(z.T @ z + RIDGE * np.eye(len(drivers)), z.T @ (y - intercept))
    rest, own = y - intercept - z @ weights, {}
    for place in {r.place for r in held}:
        mine = rest[[r.place == place for r in held]]
        own[place] = float(mine.sum() / (len(mine) + PLACE_WEIGHT))
    return _Model(drivers, mean, scale, intercept, weights, own)


def nowcasts(
    rows: Sequence[Row], drivers: Sequence[str] = DRIVERS
) -> tuple[list[Nowcast], list[tuple[Row, Nowcast]]]:
    """Nowcasts of the rows whose energy is not out, and of each past row made only from periods before it (the backtest).

    The drivers of a row are those it has; a model of just these is fitted on earlier periods. The standard error is the root mean square of the past errors of nowcasts with the same drivers, known before the period.
    Rows before there are enough have none. Returns (open, past).
    """
    periods = sorted({r.at for r in rows})
    open_rows: list[Nowcast] = []
    past: list[tuple[Row, Nowcast]] = []
    errors: dict[tuple[str, ...], list[float]] = {}
    for at in periods:
        earlier, models, fresh = (
            [r for r in rows if r.at < at],
            dict[tuple[str, ...], _Model | None](),
            list[tuple[tuple[str, ...], float]](),
        )
        for row in (r for r in rows if r.at == at):
            has = tuple(d for d in drivers if getattr(row, d) is not None)
            if not has:
                continue
            if has not in models:
                models[has] = _fit(earlier, has)
            model = models[has]
            if model is None:
                continue
            known = errors.get(has, [])
            error = (
                math.sqrt(sum(e * e for e in known) / len(known))
                if len(known) >= LEAST_ROWS
                else math.nan
            )
            made = Nowcast(row.place, at, model.at(row), error, len(known), has)
            if row.energy is None:
                open_rows.append(made)
            else:
                fresh.append((has, row.energy - made.growth))
                past.append((row, made))
        for has, error in fresh:
            errors.setdefault(has, []).append(error)
    return open_rows, past


def chance_of_red(growth: float, error: float, gdp: float) -> float:
    """Probability that the intensity does not fall: that the growth of energy is at least that of GDP, normal errors."""
    return float(stats.norm.sf((gdp - growth) / error))


def chance_behind(growth: float, error: float, gdp: float, done: float, required: float) -> float:
    """Probability that progress stays below what is demanded: that growth exceeds (1 + g)(1 − required)/(1 − done) − 1."""
    return float(stats.norm.sf(((1 + gdp) * (1 - required) / (1 - done) - 1 - growth) / error))


@dataclass(frozen=True)
class Backtest:
    """How warnings would have done: at which probability they are given, how many were, how many were false (with the 95 % interval of the rate), how many reds there were and how many were warned of."""

    threshold: float
    warned: int
    false: int
    false_interval: tuple[float, float]
    reds: int
    hit: int
    cases: int

    @property
    def false_rate(self) -> float | None:
        """False warnings over all warnings given."""
        return self.false / self.warned if self.warned else None


def backtest(chances: Sequence[float], red: Sequence[bool], threshold: float) -> Backtest:
    """Warnings given from a probability on, against what came. ``chances`` were made before, ``red`` is what statistics said."""
    warn, came = np.asarray(chances) >= threshold, np.asarray(red, bool)
    warned, false = int(warn.sum()), int((warn & ~came).sum())
    interval = stats.binomtest(false, warned).proportion_ci(0.95) if warned else None
    return Backtest(
        threshold,
        warned,
        false,
        (float(interval.low), float(interval.high)) if interval else (0.0, 1.0),
        int(came.sum()),
        int((warn & came).sum()),
        len(came),
    )


def threshold_for(
    chances: Sequence[float], red: Sequence[bool], most_false: float = 0.2
) -> Backtest | None:
    """The lowest threshold whose false warnings stay within ``most_false`` of all warnings; None where no threshold does, or nothing was warned of."""
    candidates = sorted({round(float(c), 4) for c in chances})
    held = [
        b
        for b in (backtest(chances, red, t) for t in candidates)
        if b.warned and b.false / b.warned <= most_false
    ]
    return min(held, key=lambda b: b.threshold) if held else None
