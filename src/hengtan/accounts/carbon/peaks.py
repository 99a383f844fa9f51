"""Whether a series has peaked, by a stated rule; serves 达峰后稳中有降 (after the peak, steady with decline)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from math import comb, erf, sqrt


@dataclass(frozen=True)
class PeakRule:
    """The rule, ours (confidence proposal) until a document sets one.

    A series has peaked where its maximum lies at least ``years_after`` years back, no later value is above ``ceiling`` of it, and the latest lies at least ``below`` under it.
    It is on a plateau where later values stay within ``plateau`` of the maximum without falling that far. ``significance`` is that of the Mann-Kendall test after the peak.
    """

    years_after: int = 3
    below: float = 0.02
    plateau: float = 0.02
    ceiling: float = 1.0
    significance: float = 0.1
    confidence: str = "proposal"


@dataclass(frozen=True)
class Peak:
    """``verdict`` is peaked, plateau, not_peaked, too_few_values or break; with the year and value of the maximum, the fall since, and the test of decline."""

    verdict: str
    peak_year: int | None
    peak_value: float | None
    latest_year: int | None
    fall: float | None
    decline_p: float | None
    steady: bool | None
    reason_zh: str
    reason_en: str


def find_peak(values: Mapping[int, float], rule: PeakRule = PeakRule(), *, breaks: Sequence[int] = ()) -> Peak:
    """Judge a yearly series. ``breaks`` are years in which a new definition begins: a series over a break is not judged as one.

    ``steady`` says that no year after the peak rose by more than ``plateau`` on the year before.
    """
    years = sorted(values)
    crossed = [b for b in breaks if years and years[0] < b <= years[-1]]
    if crossed:
        return Peak("break", None, None, None, None, None, None, f"{crossed[0]} 年口径变化，前后不连判", f"the definition changes in {crossed[0]}: the series is not judged across it")
    if len(years) < rule.years_after + 2:
        return Peak("too_few_values", None, None, years[-1] if years else None, None, None, None, f"只有 {len(years)} 年数据，至少要 {rule.years_after + 2} 年", f"{len(years)} years held, {rule.years_after + 2} needed")
    top = max(values.values())
    peak_year = min(y for y in years if values[y] == top)
    later = [values[y] for y in years if y > peak_year]
    latest = years[-1]
    fall = 1 - values[latest] / top if top else 0.0
    p = _decline([top, *later]) if len(later) >= 2 else None
    after = [values[y] for y in years if y >= peak_year]
    steady = all(b <= a * (1 + rule.plateau) for a, b in pairwise(after))
    verdict = "not_peaked"
    if latest - peak_year >= rule.years_after and all(v <= top * rule.ceiling for v in later):
        verdict = "peaked" if fall >= rule.below else "plateau" if all(v >= top * (1 - rule.plateau) for v in later) else "not_peaked"
    words = {"peaked": ("已达峰", "peaked"), "plateau": ("处于平台期", "on a plateau"), "not_peaked": ("尚不能判定达峰", "not shown to have peaked")}[verdict]
    reason_zh = f"{words[0]}：最高在 {peak_year} 年，至 {latest} 年下降 {fall:.1%}" + ("，其间稳中有降" if verdict == "peaked" and steady else "")
    return Peak(verdict, peak_year, top, latest, fall, p, steady, reason_zh, f"{words[1]}: highest in {peak_year}, {fall:.1%} lower by {latest}")


def _decline(series: Sequence[float]) -> float:
    """One-sided p of the Mann-Kendall test for decline: exact up to seven values, else the normal approximation with ties."""
    n = len(series)
    score = _score(series)
    if n <= 7:
        scores = [_score(order) for order in set(permutations(series))]
        return sum(s <= score for s in scores) / len(scores)
    ties = [series.count(v) for v in set(series)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    if variance <= 0:
        return 1.0
    z = (score + (1 if score < 0 else -1 if score > 0 else 0)) / sqrt(variance)
    return 0.5 * (1 + erf(z / sqrt(2)))


def _score(series: Sequence[float]) -> int:
    pairs = [(a, b) for i, a in enumerate(series) for b in series[i + 1 :]]
    assert len(pairs) == comb(len(series), 2)
    return sum((b > a) - (b < a) for a, b in pairs)
