"""Peaks by the stated rule; the Mann-Kendall test against tables, counting by hand and another
program.
"""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hengtan.accounts.carbon.peaks import PeakRule, decline_p, find_peak
from hengtan.graph.said import say_missing

FALLS = {2018: 90.0, 2019: 100.0, 2020: 98.0, 2021: 96.0, 2022: 95.0, 2023: 94.0}


@pytest.mark.parametrize(
    ("n", "score", "p"),
    [(4, 6, 0.042), (4, 4, 0.167), (4, 2, 0.375), (5, 10, 0.0083), (5, 8, 0.042), (5, 6, 0.117)],
)
def test_exact_p_by_counting(n, score, p):
    # orders of 4 by inversions: 1, 3, 5, 6, 5, 3, 1 of 24; of 5: 1, 4, 9, 15, … of 120. So S = 4 of
    # n = 4: (1 + 3) / 24
    series = next(
        o
        for o in permutations(range(n))
        if sum((b > a) - (b < a) for i, a in enumerate(o) for b in o[i + 1 :]) == -score
    )
    assert decline_p(series) == pytest.approx(p, abs=6e-4)


@settings(max_examples=60, deadline=None)
@given(series=st.lists(st.integers(0, 4), min_size=2, max_size=6))
def test_exact_p_counts_orders_with_ties_too(series):
    def score(o):
        return sum((b > a) - (b < a) for i, a in enumerate(o) for b in o[i + 1 :])

    orders = list(permutations(series))
    assert decline_p(series) == pytest.approx(
        sum(score(o) <= score(series) for o in orders) / len(orders)
    )


@settings(max_examples=40, deadline=None)
@given(series=st.permutations(list(range(12))))
def test_exact_p_agrees_with_scipy(series):
    assert decline_p(series) == pytest.approx(
        stats.kendalltau(range(12), series, method="exact", alternative="less").pvalue
    )


def test_exact_and_approximate_meet_where_one_gives_way_to_the_other(monkeypatch):
    series = [100 - n / 4 + 9 * (n % 5) for n in range(40)]
    exact = decline_p(series)
    monkeypatch.setattr("hengtan.accounts.carbon.peaks.EXACT_UP_TO", 10)
    assert 0.02 < exact < 0.3 and decline_p(series) == pytest.approx(exact, rel=0.03)


def test_steady_decline_needs_both_the_test_and_no_rise():
    falling = find_peak(FALLS)
    assert (falling.verdict, falling.steady, falling.declining) == (
        "peaked",
        True,
        True,
    ) and "稳中有降" in say_missing(falling.reason)
    # 100, 90, 91, 89: three of four... S = -4, p = 4/24 > 0.1: fallen, but no established decline
    unsure = find_peak({2018: 90.0, 2019: 95.0, 2020: 100.0, 2021: 90.0, 2022: 91.0, 2023: 89.0})
    assert (
        unsure.verdict == "peaked"
        and unsure.decline_p == pytest.approx(4 / 24)
        and unsure.declining is False
        and "稳中有降" not in say_missing(unsure.reason)
        and "不显著" in say_missing(unsure.reason)
    )
    assert (
        find_peak(
            {2018: 90.0, 2019: 95.0, 2020: 100.0, 2021: 90.0, 2022: 91.0, 2023: 89.0},
            PeakRule(significance=0.2),
        ).declining
        is True
    )


def test_a_maximum_reached_again_counts_from_its_last_year():
    again = find_peak(
        {
            2015: 100.0,
            2016: 99.0,
            2017: 98.0,
            2018: 97.0,
            2019: 98.0,
            2020: 99.0,
            2021: 98.0,
            2022: 100.0,
            2023: 97.0,
        }
    )
    assert (again.verdict, again.peak_year) == (
        "not_peaked",
        2022,
    ) and "只有 1 年" in say_missing(again.reason)


def test_a_gap_after_the_maximum_is_not_bridged():
    gap = find_peak({2010: 90.0, 2011: 95.0, 2012: 100.0, 2013: 99.0, 2022: 80.0, 2023: 79.0})
    assert gap.verdict == "not_peaked" and "缺 2014 年" in say_missing(gap.reason)
    assert find_peak({**FALLS, 2021: float("nan")}).verdict == "not_peaked"
    before = {y: v for y, v in FALLS.items() if y != 2018} | {2015: 80.0}
    assert find_peak(before).verdict == "peaked", "a gap before the maximum hides nothing after it"


def test_a_break_is_never_bridged_and_a_sink_is_no_peak():
    assert (
        find_peak(FALLS, breaks=[2021]).verdict == "break"
        and find_peak(FALLS, breaks=[2018, 2024]).verdict == "peaked"
    ), "breaks at the start or after the end cut nothing"
    assert (
        find_peak({y: -v for y, v in FALLS.items()}).fall is None
        and find_peak({}).verdict == "too_few_values"
    )


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.floats(1, 1e3), min_size=1, max_size=12),
    unit=st.sampled_from([0.5, 4.0, 1024.0]),
    shift=st.integers(-50, 50),
)
def test_unit_and_calendar_do_not_matter_and_a_new_high_undoes_a_peak(values, unit, shift):
    result = find_peak(dict(enumerate(values, 2000)))
    scaled = find_peak({y + shift: v * unit for y, v in enumerate(values, 2000)})
    assert (result.verdict, result.fall, result.decline_p) == (
        scaled.verdict,
        scaled.fall,
        scaled.decline_p,
    )
    assert find_peak(dict(enumerate([*values, max(values) * 1.01], 2000))).verdict not in (
        "peaked",
        "plateau",
    )
