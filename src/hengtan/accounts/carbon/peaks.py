"""Whether a series has peaked, by a stated rule; serves 达峰后稳中有降 (after the peak, steady with decline)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import comb, erf, isfinite, sqrt

EXACT_UP_TO = 40
"""Longest series whose Mann-Kendall test is exact; beyond, the normal approximation."""


@dataclass(frozen=True)
class PeakRule:
    """The rule, ours (confidence proposal) until a document sets one.

    A series has peaked where at least ``years_after`` years with values follow its maximum (the last year that reached it), no later value is above ``ceiling`` of it, and the latest lies at least ``below`` under it.
    It is on a plateau where later values stay within ``plateau`` of the maximum without falling that far. It declines where the one-sided Mann-Kendall test from the maximum on has p at most ``significance``,
    and is steady where no year rose by more than ``plateau`` on the one before; both together are 稳中有降.
    """

    years_after: int = 3
    below: float = 0.02
    plateau: float = 0.02
    ceiling: float = 1.0
    significance: float = 0.1
    confidence: str = "proposal"


@dataclass(frozen=True)
class Peak:
    """``verdict`` is peaked, plateau, not_peaked, too_few_values or break; with the year and value of the maximum, the fall since, the test of decline, and whether the years since are steady and declining."""

    verdict: str
    peak_year: int | None
    peak_value: float | None
    latest_year: int | None
    fall: float | None
    decline_p: float | None
    steady: bool | None
    reason_zh: str
    reason_en: str
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
        With a year missing after the maximum the verdict is at best ``not_peaked``: a higher value may stand there.

    References
    ----------
    .. [1] The rule is ours, a proposal. Test of decline: Mann (1945), Kendall (1975).
    """
    held = {year: value for year, value in values.items() if value is not None and isfinite(value)}
    years = sorted(held)
    latest = years[-1] if years else None
    crossed = [b for b in breaks if years and years[0] < b <= years[-1]]
    if crossed:
        return Peak(
            "break",
            None,
            None,
            latest,
            None,
            None,
            None,
            f"{crossed[0]} 年口径变化，前后不连判",
            f"the definition changes in {crossed[0]}: the series is not judged across it",
        )
    if latest is None or len(years) < rule.years_after + 2:
        return Peak(
            "too_few_values",
            None,
            None,
            latest,
            None,
            None,
            None,
            f"只有 {len(years)} 年数据，至少要 {rule.years_after + 2} 年",
            f"{len(years)} years held, {rule.years_after + 2} needed",
        )
    top = max(held.values())
    peak_year = max(y for y in years if held[y] == top)
    later = [held[y] for y in years if y > peak_year]
    if top <= 0:
        return Peak(
            "not_peaked",
            peak_year,
            top,
            latest,
            None,
            None,
            None,
            "各年均不为正，无法按降幅判定",
            "no value is positive: a fall cannot be told as a share",
        )
    fall = 1 - held[latest] / top
    p = decline_p([top, *later]) if len(later) >= 2 else None
    declining = None if p is None else p <= rule.significance
    steady = all(b <= a * (1 + rule.plateau) for a, b in pairwise([top, *later]))
    gaps = [y for y in range(peak_year + 1, latest) if y not in held]
    verdict = "not_peaked"
    if not gaps and len(later) >= rule.years_after and all(v <= top * rule.ceiling for v in later):
        verdict = (
            "peaked"
            if fall >= rule.below
            else "plateau"
            if all(v >= top * (1 - rule.plateau) for v in later)
            else "not_peaked"
        )
    words = {
        "peaked": ("已达峰", "peaked"),
        "plateau": ("处于平台期", "on a plateau"),
        "not_peaked": ("尚不能判定达峰", "not shown to have peaked"),
    }[verdict]
    more, more_en = "", ""
    if gaps:
        more, more_en = f"，缺 {gaps[0]} 年", f", {gaps[0]} is missing"
    elif len(later) < rule.years_after:
        more, more_en = (
            f"，其后只有 {len(later)} 年，至少要 {rule.years_after} 年",
            f", with {len(later)} of {rule.years_after} years after it",
        )
    elif verdict == "peaked" and steady and declining:
        more, more_en = (
            f"，其间稳中有降（趋势检验 p={p:.3f}）",
            f", steady with decline (trend test p={p:.3f})",
        )
    elif verdict == "peaked":
        lacking = [
            ("有年份回升" if not steady else ""),
            ("下降趋势不显著" if not declining else ""),
        ]
        more, more_en = (
            "，但" + "、".join(w for w in lacking if w) + f"（p={p:.3f}）" if p is not None else "",
            f", but not steadily or not significantly (p={p:.3f})" if p is not None else "",
        )
    reason_zh = f"{words[0]}：最高在 {peak_year} 年，至 {latest} 年下降 {fall:.1%}{more}"
    return Peak(
        verdict,
        peak_year,
        top,
        latest,
        fall,
        p,
        steady,
        reason_zh,
        f"{words[1]}: highest in {peak_year}, {fall:.1%} lower by {latest}{more_en}",
        declining,
    )


def decline_p(series: Sequence[float]) -> float:
    r"""One-sided p of the Mann-Kendall test for decline: the chance of a score as low as that of the series, were all orders alike likely.

    .. math:: S = \sum_{i<j} \operatorname{sgn}(x_j - x_i)

    Exact up to ``EXACT_UP_TO`` values, ties too: the orders of a multiset by their inversions are counted by the q-multinomial coefficient. Beyond, the normal approximation with the variance for ties.

    References
    ----------
    .. [1] Mann (1945), Econometrica 13; Kendall (1975), Rank correlation methods. Inversions of a multiset: MacMahon (1915).
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
    """How many orders of a multiset with these multiplicities have 0, 1, 2 … inversions: [n]! / Π [t]! in q."""
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
