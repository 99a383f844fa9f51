"""Kernels: uncertainty of an inventory by error propagation (approach 1) and by drawing (approach
2).

A range without a source is never assumed: an entry without one raises ``ParameterNotEstablished``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from hengtan.accounts.carbon.refusals import refusal
from hengtan.basis.errors import ParameterNotEstablished
from hengtan.basis.words import LANGUAGES, Words
from hengtan.graph.codes import coded

Array = np.ndarray[Any, np.dtype[np.float64]]
HALF_95 = 1.959963984540054
"""Half-width of a 95 % interval of the normal distribution, in standard deviations."""
SHAPES = ("normal", "truncated", "lognormal", "triangular", "uniform")


@dataclass(frozen=True)
class Entry:
    """One line of an inventory: activity times factor. Uncertainties are half of the 95 % interval
    as a share of the mean (0.05 = ±5 %).

    Entries with the same ``factor_row`` use one factor row: its errors are fully correlated, also
    between the base year and the year. Entries with the same ``activity_row`` (the gases of one
    fuel) share their activity; without one an activity stands alone, and is independent between the
    years. ``shape`` is the distribution of the activity and, unless ``factor_shape`` is given, of
    the factor. ``source`` says where the ranges come from. The base year has the factor of the year
    unless ``base_factor`` is given.
    """

    name: str
    activity: float
    factor: float
    activity_uncertainty: float | None
    factor_uncertainty: float | None
    factor_row: str
    source: str
    shape: str = "normal"
    base_activity: float | None = None
    base_factor: float | None = None
    activity_row: str = ""
    factor_shape: str = ""

    @property
    def emission(self) -> float:
        """Activity times factor."""
        return self.activity * self.factor

    @property
    def base_emission(self) -> float | None:
        """Activity times factor of the base year, where it is known."""
        if self.base_activity is None:
            return None
        factor = self.factor if self.base_factor is None else self.base_factor
        return self.base_activity * factor


@dataclass(frozen=True)
class Propagated:
    """Approach 1: the total, its uncertainty (half of the 95 % interval as a share), the share of
    the variance of each activity and factor row; the trend on the base year and its half interval,
    as shares of the base year.
    """

    total: float
    uncertainty: float
    variance_share: dict[str, float]
    trend: float | None = None
    trend_uncertainty: float | None = None


@dataclass(frozen=True)
class Table32Row:
    """A line of IPCC Table 3.2, by its column letters; uncertainties and sensitivities as shares,
    emissions in their unit.
    """

    name: str
    c_base: float
    d_year: float
    e_activity: float
    f_factor: float
    g_combined: float
    h_variance: float
    i_type_a: float
    j_type_b: float
    k_trend_factor: float
    l_trend_activity: float
    m_trend_variance: float


@dataclass(frozen=True)
class Drawn:
    """Approach 2: mean, median, 2.5 and 97.5 percentiles of the total, how many draws, the draws,
    the share of the variance of each activity and factor row, and the trend's interval where the
    base year is known.
    """

    mean: float
    median: float
    low: float
    high: float
    draws: int
    sample: Array
    variance_share: dict[str, float]
    trend_low: float | None = None
    trend_high: float | None = None


def _check(entries: Sequence[Entry]) -> None:
    """Raise for an entry without a range or a source of it, and for a negative range."""
    for entry in entries:
        lacking = [
            code
            for code, stated in (
                ("activity", entry.activity_uncertainty is not None),
                ("factor", entry.factor_uncertainty is not None),
                ("source", bool(entry.source)),
            )
            if not stated
        ]
        if lacking:
            zh, en = (_lacking(entry, lacking, language) for language in LANGUAGES)
            raise refusal("range_lacking", entry.name, zh, en, kind=ParameterNotEstablished)
        if min(entry.activity_uncertainty or 0.0, entry.factor_uncertainty or 0.0) < 0:
            raise refusal("range_negative", entry.name)


def _lacking(entry: Entry, parts: Sequence[str], language: str) -> str:
    """What an entry lacks, in words."""
    words = Words.of("hengtan.accounts.carbon")
    arguments = {"activity": entry.name, "factor": entry.factor_row, "source": ""}
    said = [words.say(coded(f"range_of_{part}", arguments[part]), language) for part in parts]
    return ("、" if language == "zh" else ", ").join(said)


def _inputs(entries: Sequence[Entry]) -> Iterator[tuple[Entry, str, str]]:
    """Each entry with the names of its activity and its factor; an activity that stands alone has a
    name of its own even where two entries share theirs.
    """
    seen: Counter[str] = Counter()
    for entry in entries:
        alone = f"activity:{entry.name}"
        seen[alone] += 1
        numbered = f"{alone}#{seen[alone]}" if seen[alone] > 1 else alone
        shared = f"activity:{entry.activity_row}" if entry.activity_row else numbered
        yield entry, shared, f"factor:{entry.factor_row}"


def propagate(entries: Sequence[Entry]) -> Propagated:
    r"""Error propagation (approach 1), entries that share a factor or activity row being fully
    correlated in it.

    .. math:: U^2 E^2 = \sum_a \Bigl(\sum_{i \in a} U_{A,i} E_i\Bigr)^2
        + \sum_f \Bigl(\sum_{i \in f} U_{F,i} E_i\Bigr)^2

    With ``base_activity`` given for all entries the trend (change on the base year as a share) has
    its uncertainty too, by its exact first derivatives: factors are correlated between the years
    (type A), activities are not (type B). ``table_3_2`` gives the same by the columns of the
    guidelines, without correlation between lines.

    Raises
    ------
    ParameterNotEstablished
        Where an entry has no range, or no source for it; names the activity or factor.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.3, Eq. 3.1-3.2 and Table 3.2.
    """
    _check(entries)
    if not entries:
        return Propagated(0.0, 0.0, {})
    total = float(sum(e.emission for e in entries))
    dated = all(entry.base_emission is not None for entry in entries)
    then = sum(entry.base_emission or 0.0 for entry in entries) if dated else None
    pulls: defaultdict[str, float] = defaultdict(float)
    trend: defaultdict[str, float] = defaultdict(float)
    for entry, activity, factor in _inputs(entries):
        ua, uf = entry.activity_uncertainty or 0.0, entry.factor_uncertainty or 0.0
        pulls[activity] += ua * entry.emission
        pulls[factor] += uf * entry.emission
        if then:
            now, base = entry.emission / then, total * (entry.base_emission or 0.0) / then**2
            trend[factor] += uf * (now - base)
            trend[activity] += ua * now
            trend[activity + "@base"] += ua * base
    variance = float(sum(p * p for p in pulls.values()))
    shares = {name: float(p * p) / variance if variance else 0.0 for name, p in pulls.items()}
    uncertainty = float(np.sqrt(variance) / abs(total)) if total else float("nan")
    if not then:
        return Propagated(total, uncertainty, shares)
    return Propagated(
        total,
        uncertainty,
        shares,
        (total - then) / abs(then),
        float(np.sqrt(sum(p * p for p in trend.values()))),
    )


def table_3_2(entries: Sequence[Entry]) -> tuple[list[Table32Row], float, float]:
    r"""The columns of IPCC Table 3.2 line by line, and the uncertainty of the total and of the
    trend, as shares.

    .. math:: G = \sqrt{E^2 + F^2}, \quad H = \frac{(G D)^2}{(\sum D)^2}, \quad
        J = \Bigl|\frac{D}{\sum C}\Bigr|

    .. math:: K = I F, \quad L = J E \sqrt 2, \quad M = K^2 + L^2

    .. math:: I = \Bigl| \frac{0.01 D + \sum D - (0.01 C + \sum C)}{0.01 C + \sum C}
        - \frac{\sum D - \sum C}{\sum C} \Bigr| \cdot 100

    C and D are the emissions of base year and year; E and F the uncertainties of activity and
    factor. The lines count as independent of one another, which the guidelines allow only after
    categories that share a factor are added up; ``propagate`` does that by itself.

    Raises
    ------
    ParameterNotEstablished
        Where a range or its source is missing.
    HengtanError
        Where the base year is missing or either total is zero.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.3, Table 3.2 and section 3.7.1. Formulas of the columns
           recalled, not yet read against the document.
    """
    _check(entries)
    if any(e.base_emission is None for e in entries):
        raise refusal("base_year_lacking")
    sum_c = float(sum(entry.base_emission or 0.0 for entry in entries))
    sum_d = float(sum(entry.emission for entry in entries))
    if sum_c == 0 or sum_d == 0:
        raise refusal("total_zero")
    rows = [_line_3_2(entry, sum_c, sum_d) for entry in entries]
    return (
        rows,
        float(np.sqrt(sum(row.h_variance for row in rows))),
        float(np.sqrt(sum(row.m_trend_variance for row in rows))),
    )


def _line_3_2(entry: Entry, sum_c: float, sum_d: float) -> Table32Row:
    """A line of the table, by the letters of its columns."""
    c, d = float(entry.base_emission or 0.0), entry.emission
    e, f = float(entry.activity_uncertainty or 0.0), float(entry.factor_uncertainty or 0.0)
    g = float(np.hypot(e, f))
    base = 0.01 * c + sum_c
    i = abs((0.01 * d + sum_d - base) / base - (sum_d - sum_c) / sum_c) * 100
    j = abs(d / sum_c)
    k, ell = i * f, j * e * float(np.sqrt(2))
    h, m = (g * d / sum_d) ** 2, k * k + ell * ell
    return Table32Row(entry.name, c, d, e, f, g, h, i, j, k, ell, m)


def draw(entries: Sequence[Entry], *, draws: int = 20_000, seed: int = 20250) -> Drawn:
    """Monte Carlo (approach 2): activities and factors drawn by their stated shapes, one draw of
    each shared row for all its entries.

    ``normal`` is not cut; ``truncated`` is the normal without its part below zero (its mean lies a
    little higher); ``lognormal`` keeps mean and standard deviation; ``triangular`` and ``uniform``
    reach as far as the stated half-interval. Entries of one row with different ranges move
    together, each in its own range. An input's draws depend on ``seed`` and its name alone: order
    of entries and other entries do not change them. ``variance_share`` is the squared correlation
    of each input with the total, scaled to add to one.

    Raises
    ------
    ParameterNotEstablished
        As ``propagate``.
    HengtanError
        For a shape that is none.

    References
    ----------
    .. [1] IPCC 2006 Guidelines Vol.1 Ch.3, section 3.2.3.2.
    """
    _check(entries)
    if not entries:
        return Drawn(0.0, 0.0, 0.0, 0.0, draws, np.zeros(draws), {})
    total, then = np.zeros(draws), np.zeros(draws)
    dated = all(e.base_activity is not None for e in entries)
    scores: dict[str, Array] = {}
    sure: dict[str, bool] = {}
    for entry, activity, factor in _inputs(entries):
        for name, half in (
            (activity, entry.activity_uncertainty),
            (factor, entry.factor_uncertainty),
        ):
            if name not in scores:
                scores[name] = _scores(seed, name, draws)
            sure[name] = sure.get(name, True) and not half
        half, shape = entry.activity_uncertainty or 0.0, entry.shape
        of_factor = entry.factor_shape or shape
        f = _relative(scores[factor], entry.factor_uncertainty or 0.0, of_factor)
        total += entry.emission * f * _relative(scores[activity], half, shape)
        if dated:
            base = _relative(_scores(seed, activity + "@base", draws), half, shape)
            then += (entry.base_emission or 0.0) * f * base
    low, median, high = np.percentile(total, [2.5, 50, 97.5])
    trend_low = trend_high = None
    if dated and (then > 0).all():
        trend_low, trend_high = map(float, np.percentile(total / then - 1, [2.5, 97.5]))
    return Drawn(
        float(total.mean()),
        float(median),
        float(low),
        float(high),
        draws,
        total,
        _drawn_shares(total, scores, sure),
        trend_low,
        trend_high,
    )


def _scores(seed: int, name: str, draws: int) -> Array:
    """Standard normal scores of an input, by seed and name."""
    digest = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
    return np.random.default_rng([seed, digest]).standard_normal(draws)


def _drawn_shares(
    total: Array, scores: dict[str, Array], sure: dict[str, bool]
) -> dict[str, float]:
    """The squared correlation of each unsure input with the total, scaled to add to one."""
    apart = total - total.mean()
    squared = dict.fromkeys(scores, 0.0)
    for name, z in scores.items():
        centred = z - z.mean()
        if not sure[name]:
            squared[name] = float((apart @ centred) ** 2 / (centred @ centred))
    whole = sum(squared.values())
    return {name: s / whole if whole else 0.0 for name, s in squared.items()}


def _relative(scores: Array, half: float, shape: str) -> Array:
    """Values around 1 with a half 95 % interval ``half``, from standard normal scores by the
    quantiles of the shape.
    """
    from scipy.special import ndtr, ndtri

    if shape not in SHAPES:
        raise refusal("unknown_shape", shape, "、".join(SHAPES), ", ".join(SHAPES))
    if half == 0:
        return np.ones(len(scores))
    spread = half / HALF_95
    if shape == "normal":
        return 1 + spread * scores
    if shape == "truncated":
        cut = ndtr(-1 / spread)
        return np.maximum(1 + spread * ndtri(cut + (1 - cut) * ndtr(scores)), 0.0)
    if shape == "lognormal":
        sigma2 = np.log1p(spread**2)
        return np.exp(np.sqrt(sigma2) * scores - sigma2 / 2)
    at = ndtr(scores)
    if shape == "uniform":
        return 1 - half + 2 * half * at
    lower, upper = half * np.sqrt(2 * at), half * np.sqrt(2 * (1 - at))
    return np.where(at < 0.5, 1 - half + lower, 1 + half - upper)
