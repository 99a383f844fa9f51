"""Before statistics are out: energy of the month from electricity, coal and industry, with its
error; and warnings whose rate of false alarms a backtest has found.

Method: ridge regression over all districts with shrunken deviations of each; errors from past
nowcasts only.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from scipy import special

Array = np.ndarray
DRIVERS = ("electricity", "coal", "industry")
RIDGE = 1.0
"""Weight of the ridge, in rows: coefficients of standardised drivers are drawn to zero as by this
many rows of noise. Ours.
"""
PLACE_WEIGHT = 4.0
"""Periods of evidence that a place's own deviation needs to be believed by half. Ours."""
LEAST_ROWS = 12
"""Rows a model needs, and errors a standard error needs. Ours."""


@dataclass(frozen=True)
class Row:
    """A place in a period (``at`` counts periods): growths as shares.

    The growth of ``energy`` is None where it is not out yet; drivers may be None.
    """

    place: str
    at: int
    energy: float | None
    electricity: float | None = None
    coal: float | None = None
    industry: float | None = None
    gdp: float | None = None

    def known(self, drivers: Sequence[str]) -> tuple[str, ...]:
        """Those of the drivers that are known."""
        return tuple(name for name in drivers if getattr(self, name) is not None)

    def figures(self, drivers: Sequence[str]) -> list[float]:
        """The figures of drivers. [share]"""
        return [float(getattr(self, name)) for name in drivers]


@dataclass(frozen=True)
class Nowcast:
    """A growth of energy that is not out yet. [share]

    ``growth``: the middle; ``error``: its standard error from past nowcasts, ``errors`` of them;
    ``drivers``: what it rests on.
    """

    place: str
    at: int
    growth: float
    error: float
    errors: int
    drivers: tuple[str, ...]


@dataclass(frozen=True)
class _Model:
    """A fitted ridge: standardisation, intercept, weights, and each place's own deviation."""

    drivers: tuple[str, ...]
    mean: Array
    scale: Array
    intercept: float
    weights: Array
    own: dict[str, float]

    def at(self, row: Row) -> float:
        """Growth of energy of a row. [share]"""
        standardised = (np.array(row.figures(self.drivers)) - self.mean) / self.scale
        return float(self.intercept + standardised @ self.weights + self.own.get(row.place, 0.0))


def _fit(rows: Sequence[Row], drivers: tuple[str, ...]) -> _Model | None:
    r"""Ridge of the growth of energy on the drivers over all places, None below ``LEAST_ROWS``.

    .. math:: \hat w = (Z^T Z + \lambda I)^{-1} Z^T (y - \bar y)

    A place's own deviation is the sum of its residuals over their number and ``PLACE_WEIGHT``.
    """
    usable = [row for row in rows if row.energy is not None and row.known(drivers) == drivers]
    if len(usable) < LEAST_ROWS:
        return None
    figures = np.array([row.figures(drivers) for row in usable])
    energy = np.array([row.energy for row in usable], float)
    mean, scale = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-6)
    standardised, intercept = (figures - mean) / scale, float(energy.mean())
    normal = standardised.T @ standardised + RIDGE * np.eye(len(drivers))
    weights = np.linalg.solve(normal, standardised.T @ (energy - intercept))
    residuals = energy - intercept - standardised @ weights
    places = np.array([row.place for row in usable])
    own = {
        str(place): float(residuals[places == place].sum())
        / (int((places == place).sum()) + PLACE_WEIGHT)
        for place in np.unique(places)
    }
    return _Model(drivers, mean, scale, intercept, weights, own)


def nowcasts(
    rows: Sequence[Row], drivers: Sequence[str] = DRIVERS
) -> tuple[list[Nowcast], list[tuple[Row, Nowcast]]]:
    """Nowcasts of the rows whose energy is not out, and the backtest: of each past row the nowcast
    made only from periods before it.

    The drivers of a row are those it has; a model of just these is fitted on earlier periods. The
    standard error is the root mean square of the past errors of nowcasts with the same drivers,
    known before the period. Rows before there are enough have none. Returns (open, past).
    """
    open_rows: list[Nowcast] = []
    past: list[tuple[Row, Nowcast]] = []
    errors: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for period, earlier in _periods(rows):
        fresh = [
            (row, _nowcast(row, model, errors[model.drivers]))
            for row, model in _with_models(period, earlier, drivers)
        ]
        open_rows += [nowcast for row, nowcast in fresh if row.energy is None]
        past += [(row, nowcast) for row, nowcast in fresh if row.energy is not None]
        for row, nowcast in fresh:
            if row.energy is not None:
                errors[nowcast.drivers].append(row.energy - nowcast.growth)
    return open_rows, past


def _periods(rows: Sequence[Row]) -> Iterator[tuple[list[Row], list[Row]]]:
    """Of each period in turn its rows, and those of all periods before it."""
    earlier: list[Row] = []
    for _, group in groupby(sorted(rows, key=lambda row: row.at), key=lambda row: row.at):
        period = list(group)
        yield period, list(earlier)
        earlier += period


def _with_models(
    period: Sequence[Row], earlier: Sequence[Row], drivers: Sequence[str]
) -> Iterator[tuple[Row, _Model]]:
    """Rows with the model of the drivers that each has; rows without a driver or a model drop
    out.
    """
    models: dict[tuple[str, ...], _Model | None] = {}
    for row in period:
        known = row.known(drivers)
        if known and known not in models:
            models[known] = _fit(earlier, known)
        model = models.get(known)
        if model is not None:
            yield row, model


def _nowcast(row: Row, model: _Model, errors: Sequence[float]) -> Nowcast:
    """The nowcast of a row; its error is missing until there are enough past ones."""
    enough = len(errors) >= LEAST_ROWS
    error = math.sqrt(sum(e * e for e in errors) / len(errors)) if enough else math.nan
    return Nowcast(row.place, row.at, model.at(row), error, len(errors), model.drivers)


def chance_of_red(growth: float, error: float, gdp: float) -> float:
    r"""Probability that the intensity does not fall: :math:`P(g_E \ge g_Y)`. [share]

    Parameters
    ----------
    growth, error : float
        Nowcast of the growth of energy and its standard error, normal. [share]
    gdp : float
        Growth of GDP. [share]

    Returns
    -------
    float
        Probability. [share]

    References
    ----------
    .. [1] Level 1 of 发改办环资〔2021〕629号: the intensity did not fall, so energy grew as fast as
       GDP.
    """
    return float(special.ndtr((growth - gdp) / error))


def chance_behind(growth: float, error: float, gdp: float, done: float, required: float) -> float:
    r"""Probability that progress stays below what is demanded. [share]

    .. math:: P\left(g_E > \frac{(1 + g_Y)(1 - R)}{1 - D} - 1\right)

    Parameters
    ----------
    growth, error : float
        Nowcast of the growth of energy and its standard error, normal. [share]
    gdp : float
        Growth of GDP, g_Y. [share]
    done, required : float
        Cut through the year before D, and cut demanded by the end of the year R. [share]

    Returns
    -------
    float
        Probability. [share]

    References
    ----------
    .. [1] Level 2 of 发改办环资〔2021〕629号, solved for the growth of energy.
    """
    most = (1 + gdp) * (1 - required) / (1 - done) - 1
    return float(special.ndtr((growth - most) / error))


@dataclass(frozen=True)
class Backtest:
    """How warnings would have done.

    ``threshold``: the probability from which they are given; ``warned``: how many were; ``false``:
    how many of these for nothing, ``false_interval`` the 95 % interval of that rate; ``reds``: how
    many reds came, ``hit``: how many of these were warned of; ``cases``: all.
    """

    threshold: float
    warned: int
    false: int
    false_interval: tuple[float, float]
    reds: int
    hit: int
    cases: int

    @property
    def false_rate(self) -> float | None:
        """False warnings over all warnings given. [share]"""
        return self.false / self.warned if self.warned else None


def backtest(chances: Sequence[float], red: Sequence[bool], threshold: float) -> Backtest:
    """Warnings given from a probability on, against what came.

    ``chances`` were made before, ``red`` is what statistics said. The interval of the false rate is
    that of Clopper and Pearson.
    """
    warn, came = np.asarray(chances) >= threshold, np.asarray(red, bool)
    warned, false = int(warn.sum()), int((warn & ~came).sum())
    interval = (0.0, 1.0)
    if warned:
        interval = _clopper_pearson(false, warned)
    hit = int((warn & came).sum())
    return Backtest(threshold, warned, false, interval, int(came.sum()), hit, len(came))


def _clopper_pearson(some: int, all_: int, beyond: float = 0.025) -> tuple[float, float]:
    """The exact interval of a share of ``all_``, with so much beyond it at each end."""
    low = float(special.betaincinv(some, all_ - some + 1, beyond)) if some else 0.0
    high = float(special.betaincinv(some + 1, all_ - some, 1 - beyond)) if some < all_ else 1.0
    return low, high


def threshold_for(
    chances: Sequence[float], red: Sequence[bool], most_false: float
) -> Backtest | None:
    """The lowest threshold whose false warnings stay within ``most_false`` of all warnings. [share]

    None where no threshold does, or nothing was warned of.
    """
    for threshold in sorted({round(float(chance), 4) for chance in chances}):
        tried = backtest(chances, red, threshold)
        if tried.false_rate is not None and tried.false_rate <= most_false:
            return tried
    return None
