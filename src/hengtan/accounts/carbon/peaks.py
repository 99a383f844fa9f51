"""Whether a series has peaked, by a stated rule; serves 达峰后稳中有降 (after the peak, steady with
decline).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import comb, erf, isfinite, sqrt

from hengtan.graph.codes import coded

EXACT_UP_TO = 40
"""Longest series whose Mann-Kendall test is exact; beyond, the normal approximation."""


@dataclass(frozen=True)
class PeakRule:
    """The rule, ours (confidence proposal) until a document sets one.

    A series has peaked where at least ``years_after`` years with values follow its maximum (the
    last year that reached it), no later value is above ``ceiling`` of it, and the latest lies at
    least ``below`` under it. It is on a plateau where later values stay within ``plateau`` of the
    maximum without falling that far. It declines where the one-sided Mann-Kendall test from the
    maximum on has p at most ``significance``, and is steady where no year rose by more than
    ``plateau`` on the one before; both together are 稳中有降.
    """

    years_after: int = 3
    below: float = 0.02
    plateau: float = 0.02
    ceiling: float = 1.0
    significance: float = 0.1
    confidence: str = "proposal"


@dataclass(frozen=True)
class Peak:
    """``verdict`` is peaked, plateau, not_peaked, too_few_values or break; with the ``reason`` (a
    code), the year and value of the maximum, the fall since, the test of decline, and whether the
    years since are steady and declining."""

    verdict: str
    reason: str
    latest_year: int | None
    peak_year: int | None = None
    peak_value: float | None = None
    fall: float | None = None
    decline_p: float | None = None
    steady: bool | None = None
    declining: bool | None = None


def find_peak(
    values: Mapping[int, float], rule: PeakRule = PeakRule(), *, breaks: Sequence[int] = ()
) -> Peak:
    """Judge a yearly series by a rule.

    Parameters
    ----------
    values : mapping of year to value
        One definition, one unit; years that are missing or not finite count as missing.
    rule : PeakRule
    breaks : years in which a new definition begins
        A series over a break is not judged as one, and not across it: the verdict is ``break``.

    Returns
    -------
    Peak
        With a year missing after the maximum the verdict is at best ``not_peaked``: a higher value
        may stand there.

    References
    ----------
    .. [1] The rule is ours, a proposal. Test of decline: Mann (1945), Kendall (1975).
    """
    known = {year: value for year, value in values.items() if value is not None and isfinite(value)}
    years = sorted(known)
    latest = years[-1] if years else None
    crossed = [year for year in breaks if years and years[0] < year <= years[-1]]
    if crossed:
        return Peak("break", coded("peak_break", crossed[0]), latest)
    if latest is None or len(years) < rule.years_after + 2:
        few = coded("peak_too_few", len(years), rule.years_after + 2)
        return Peak("too_few_values", few, latest)
    top = max(known.values())
    peak_year = max(year for year in years if known[year] == top)
    if top <= 0:
        return Peak("not_peaked", coded("peak_not_positive"), latest, peak_year, top)
    later = [known[year] for year in years if year > peak_year]
    fall = 1 - known[latest] / top
    p = decline_p([top, *later]) if len(later) >= 2 else None
    gaps = [year for year in range(peak_year + 1, latest) if year not in known]
    peak = Peak(
        "not_peaked" if gaps else _verdict(top, later, fall, rule),
        "",
        latest,
        peak_year,
        top,
        fall,
        p,
        all(now <= before * (1 + rule.plateau) for before, now in pairwise([top, *later])),
        None if p is None else p <= rule.significance,
    )
    return replace(peak, reason="\n".join(_reasons(peak, gaps, len(later), rule)))


def _verdict(top: float, later: Sequence[float], fall: float, rule: PeakRule) -> str:
    """What the years after the maximum show, none of them missing."""
    if len(later) < rule.years_after or any(value > top * rule.ceiling for value in later):
        return "not_peaked"
    if fall >= rule.below:
        return "peaked"
    stays = all(value >= top * (1 - rule.plateau) for value in later)
    return "plateau" if stays else "not_peaked"


def _reasons(peak: Peak, gaps: Sequence[int], later: int, rule: PeakRule) -> Iterator[str]:
    """The verdict with its figures, and what stands against more or in favour of it."""
    yield coded(f"peak_{peak.verdict}", peak.peak_year, peak.latest_year, f"{peak.fall:.1%}")
    if gaps:
        yield coded("peak_gap", gaps[0])
    elif later < rule.years_after:
        yield coded("peak_few_after", later, rule.years_after)
    elif peak.verdict == "peaked" and peak.decline_p is not None:
        p = f"{peak.decline_p:.3f}"
        if peak.steady and peak.declining:
            yield coded("peak_steady_decline", p)
        if not peak.steady:
            yield coded("peak_not_steady")
        if not peak.declining:
            yield coded("peak_no_trend", p)


def decline_p(series: Sequence[float]) -> float:
    r"""One-sided p of the Mann-Kendall test for decline: the chance of a score as low as that of
    the series, were all orders alike likely.

    .. math:: S = \sum_{i<j} \operatorname{sgn}(x_j - x_i)

    Exact up to ``EXACT_UP_TO`` values, ties too: the orders of a multiset by their inversions are
    counted by the q-multinomial coefficient. Beyond, the normal approximation with the variance for
    ties.

    References
    ----------
    .. [1] Mann (1945), Econometrica 13; Kendall (1975), Rank correlation methods. Inversions of a
           multiset: MacMahon (1915).
    """
    n = len(series)
    score = sum((b > a) - (b < a) for i, a in enumerate(series) for b in series[i + 1 :])
    ties = tuple(sorted(Counter(series).values()))
    if n <= EXACT_UP_TO:
        counts = _orders_by_inversions(ties)
        untied = comb(n, 2) - sum(comb(t, 2) for t in ties)
        # S = untied pairs - 2 inversions: a low score has many inversions
        return sum(counts[(untied - score) // 2 :]) / sum(counts)
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if variance <= 0:
        return 1.0
    z = (score + (1 if score < 0 else -1 if score > 0 else 0)) / sqrt(variance)
    return 0.5 * (1 + erf(z / sqrt(2)))


@lru_cache(maxsize=1024)
def _orders_by_inversions(ties: tuple[int, ...]) -> tuple[int, ...]:
    """How many orders of a multiset with these multiplicities have 0, 1, 2 … inversions: [n]! / Π
    [t]! in q.
    """
    counts, placed = [1], 0
    for t in ties:
        for k in range(1, t + 1):
            placed += 1
            # times (1 - q^placed), then divided by (1 - q^k), exactly
            longer = counts + [0] * placed
            for i, c in enumerate(counts):
                longer[i + placed] -= c
            for i in range(k, len(longer)):
                longer[i] += longer[i - k]
            counts = longer[: len(longer) - k]
    return tuple(counts)
