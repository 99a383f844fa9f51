"""Forecasts: bounds, whole numbers, odds, known events, what is refused, and no look ahead."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hengtan.plan.forecast import Lever, Pools, Scale, Yearly, draws, forecast, scale_of
from hengtan.plan.forecast import models as m
from hengtan.plan.forecast.breaks import Break, Point, unbroken
from hengtan.plan.forecast.choose import choose
from hengtan.plan.forecast.joint import correlation
from hengtan.plan.forecast.outlook import LEVELS, met_share
from hengtan.plan.forecast.spread import factor_of, moderated, yearly_variance

PM25 = (57.0, 54.0, 45.15, 40.0, 38.0, 33.0, 35.0, 31.0)


def yearly(
    values: tuple[float, ...],
    scale: Scale = Scale("log", 0.0),
    start: int = 2015,
    name: str = "a",
    family: str = "f",
) -> Yearly:
    return Yearly(name, tuple(range(start, start + len(values))), values, scale, family)


EMPTY = Pools([])


def test_the_shrunk_drift_by_hand() -> None:
    # steps 1, 2, 3: mean 2, variance of the steps about it 1, squared standard error 1/3 → kept
    # 4/(4 + 4/3) = 3/4; path 10 + 3/4·2·(0.8, 0.8 + 0.64)
    z = np.array([4.0, 5.0, 7.0, 10.0])
    assert m.kept(z) == pytest.approx(0.75)
    assert m.shrunk_drift(z, 2) == pytest.approx([10 + 1.5 * 0.8, 10 + 1.5 * 1.44])
    assert yearly_variance(z)[0] == pytest.approx(
        ((1 - 1.2) ** 2 + (2 - 1.2) ** 2 + (3 - 1.2) ** 2) / 2
    )


def test_bands_are_those_of_the_t_distribution_of_the_series_alone() -> None:
    series = yearly((4.0, 5.0, 7.0, 10.0), Scale("plain"))
    outlook = forecast(series, 2020, EMPTY)
    for year, h in ((2019, 1), (2020, 2)):
        row = next(r for r in outlook.years if r.year == year)
        for level, (low, high) in zip(LEVELS, row.bands, strict=True):
            # three quarters of the plain band, for a series that stands alone (docs/forecast.md)
            plain = stats.t.ppf(0.5 + level / 2, 2) * math.sqrt(yearly_variance(series.z)[0] * h)
            half = 0.75 * plain
            assert (high - low) / 2 == pytest.approx(half, rel=0.02)


@settings(max_examples=60)
@given(st.lists(st.floats(0.0, 100.0), min_size=4, max_size=12), st.integers(1, 8))
def test_a_share_stays_a_share_and_bands_lie_in_each_other(
    values: list[float], horizon: int
) -> None:
    series = yearly(tuple(values), scale_of(values, "ratio", "%"))
    outlook = forecast(series, series.years[-1] + horizon, EMPTY)
    for row in outlook.years:
        (a50, b50), (a80, b80), (a95, b95) = row.bands
        assert 0 <= a95 <= a80 <= a50 <= row.point + 1e-9
        assert row.point - 1e-9 <= b50 <= b80 <= b95 <= 100


@settings(max_examples=40)
@given(st.lists(st.integers(1, 5000), min_size=4, max_size=10), st.integers(1, 6000))
def test_counts_are_whole_and_never_negative_and_odds_are_complementary(
    values: list[int], goal: int
) -> None:
    series = yearly(tuple(map(float, values)), scale_of(values, "stock", "家"))
    outlook = forecast(series, series.years[-1] + 3, EMPTY)
    assert all(
        float(x).is_integer() and x >= 0
        for row in outlook.years
        for pair in ((row.point, row.point), *row.bands)
        for x in pair
    )
    reach, below = (
        outlook.chance(outlook.years[-1].year, goal, ">="),
        outlook.chance(outlook.years[-1].year, goal, "<=", strict=True),
    )
    assert reach is not None and below is not None and reach + below == pytest.approx(1.0)


def test_a_goal_at_the_middle_has_even_odds() -> None:
    outlook = forecast(yearly(PM25), 2025, EMPTY)
    middle = float(np.median(outlook.sample(2025)))
    assert outlook.chance(2025, middle, "<=") == pytest.approx(0.5, abs=0.001)
    assert (
        outlook.chance(2025, 25.0, "<=")
        < outlook.chance(2025, 28.0, "<=")
        < outlook.chance(2025, 35.0, "<=")
    )


def test_around_a_goal_needs_a_tolerance() -> None:
    assert met_share(np.array([1.0, 2.0, 3.0, 4.0]), 2.5, "approx") is None
    assert met_share(np.array([1.0, 2.0, 3.0, 4.0]), 2.5, "approx", tolerance=0.5) == 0.5


def test_a_known_event_shifts_by_its_size_from_its_year_and_half_in_its_first() -> None:
    series = yearly((100.0, 101.0, 99.0, 100.0, 102.0))
    plain, moved = (
        forecast(series, 2022, EMPTY),
        forecast(series, 2022, EMPTY, [Lever("电厂投产", 2021, 40.0, first_share=0.5)]),
    )
    gaps = [b.point - a.point for a, b in zip(plain.years, moved.years, strict=True)]
    assert gaps == pytest.approx([0.0, 20.0, 40.0])


def test_an_event_that_may_come_splits_the_odds() -> None:
    # far apart: below 150 only if the event does not come
    series = yearly((100.0, 101.0, 99.0, 100.0, 102.0))
    outlook = forecast(series, 2020, EMPTY, [Lever("或有", 2020, 1000.0, probability=0.3)])
    assert outlook.chance(2020, 500.0, ">=") == pytest.approx(0.3, abs=0.005)


def test_an_event_that_data_have_reached_no_longer_counts() -> None:
    series = yearly(PM25)
    outlook = forecast(series, 2024, EMPTY, [Lever("旧事", 2022, -20.0)])
    assert [r.point for r in outlook.years] == [
        r.point for r in forecast(series, 2024, EMPTY).years
    ]
    assert any(note.startswith("outlook.lever_observed|旧事|2022") for note in outlook.notes)


def test_three_values_are_no_forecast() -> None:
    outlook = forecast(yearly((1.0, 2.0, 3.0)), 2020, EMPTY)
    assert (outlook.state, outlook.years) == ("too_short", ())
    with pytest.raises(ValueError, match="no forecast"):
        outlook.chance(2020, 1.0, ">=")
    with pytest.raises(ValueError, match="not ahead"):
        forecast(yearly(PM25), 2022, EMPTY)


def test_scales() -> None:
    assert scale_of([11.0, -2.0], "growth", "%").kind == "plain"
    assert scale_of([45.0, 55.0], "ratio", "%") == Scale("logit", 0.0, 100.0)
    assert scale_of([45.0, 155.0], "ratio", "%").kind == "log"
    assert scale_of([301.0, 333.0], "flow", "天") == Scale("logit", 0.0, 366.0, whole=True)
    assert scale_of([3.0, 9.0], "stock", "家", high=20) == Scale("logit", 0.0, 20, whole=True)
    assert scale_of([0.0, 9.0], "stock", "家") == Scale("plain", 0.0, None, whole=True)


@given(st.lists(st.floats(0.5, 99.5), min_size=1, max_size=9))
def test_scales_lead_back(values: list[float]) -> None:
    for scale in (Scale("log", 0.0), Scale("logit", 0.0, 100.0), Scale("plain")):
        assert scale.back(scale.to(values)) == pytest.approx(values)


def test_the_variance_of_many_is_found_again() -> None:
    # s² of 3 degrees of freedom drawn from a prior of 8 degrees of freedom and variance 0.04 (Smyth
    # 2004, section 3)
    rng = np.random.default_rng(8)
    truth = 8 * 0.04 / rng.chisquare(8, 40_000)
    free, variance = moderated(truth * rng.chisquare(3, 40_000) / 3, np.full(40_000, 3.0))
    assert free == pytest.approx(8, rel=0.1)
    assert variance == pytest.approx(0.04, rel=0.03)
    assert moderated([1.0, 2.0], [3, 3]) == (0.0, 0.0)


def test_the_factor_makes_past_bands_hold() -> None:
    # 1000 errors exactly t-distributed but twice as wide: the factor must come out close to 2,
    # drawn a little towards 1
    u = (np.arange(1000) + 0.5) / 1000
    errors = 2 * stats.t.ppf(u, 5)
    assert factor_of(errors, np.full(1000, 5.0)) == pytest.approx((1000 * 2 + 10) / 1010, rel=0.01)
    assert factor_of([], []) == 1.0


def test_pools_do_not_look_ahead() -> None:
    base = [
        yearly(
            tuple(np.exp(np.cumsum(np.random.default_rng(k).normal(0.05, 0.04, 10)))),
            name=f"s{k}",
            start=2010,
        )
        for k in range(6)
    ]
    spoilt = [
        Yearly(s.name, s.years, (*s.values[:7], *(v * 50 for v in s.values[7:])), s.scale, s.family)
        for s in base
    ]
    series = base[0].until(2016)
    assert Pools(base).of(series, 2016) == Pools(spoilt).of(series, 2016)
    assert Pools(base).of(base[0], 2019) != Pools(spoilt).of(base[0], 2019)


def test_the_default_stays_unless_another_is_clearly_better() -> None:
    rng = np.random.default_rng(3)
    assert choose(np.log(np.array(PM25)), "log").name == m.DEFAULT
    steady = 0.2 * np.arange(14) + rng.normal(
        0, 0.002, 14
    )  # a straight line: fading loses each time
    assert choose(steady, "plain").name in ("drift", "local_trend", "ets")
    assert choose(np.array([1.0, 2.0]), "plain").name == "last_value"


def test_a_logistic_curve_is_found_again() -> None:
    years = np.arange(12)
    share = 100 / (1 + np.exp(-(0.5 * years - 3)))
    z = Scale("logit", 0, 100).to(share)
    ahead = Scale("logit", 0, 100).back(m.logistic(z, 4))
    assert ahead == pytest.approx(100 / (1 + np.exp(-(0.5 * np.arange(12, 16) - 3))), rel=1e-6)


def points(*values: float, start: int = 2018, edition: str = "") -> list[Point]:
    return [Point(start + n, v, edition) for n, v in enumerate(values)]


def test_nothing_crosses_a_break_without_a_bridge() -> None:
    stretch = unbroken(points(1, 2, 3, 4, 5), [Break(2021, reason="换标准")])
    assert [p.year for p in stretch.points] == [2021, 2022]
    assert stretch.notes == ("break.unbridged|2021|换标准|3",)


def test_a_bridge_carries_over() -> None:
    stretch = unbroken(
        points(10, 20, 30, 40), [Break(2020, "ratio", 0.5), Break(2021, "difference", 1.0)]
    )
    # 2018 and 2019 first into the definition of 2020 (by half: 5, 10), then with 2020 into that of
    # 2021 (one more); 2021 stays
    assert [p.value for p in stretch.points] == pytest.approx([6.0, 11.0, 31.0, 40.0])
    with pytest.raises(ValueError, match="no value"):
        unbroken(points(1, 2), [Break(2019, "ratio")])


def test_editions_and_vintages_do_not_join_and_no_forecast_goes_past_a_break_ahead() -> None:
    stretch = unbroken(
        [
            *points(1, 2, edition="2015年价"),
            *points(5, 6, 7, start=2020, edition="2020年价"),
            Point(2019, 9.0, "2020年价", joins=False),
        ],
        [Break(2026)],
    )
    assert [p.year for p in stretch.points] == [2020, 2021, 2022]
    assert stretch.until == 2025
    assert [note.split("|")[0] for note in stretch.notes] == [
        "break.vintages",
        "break.editions",
        "break.ahead",
    ]


def test_joint_draws_keep_each_forecast_and_the_correlation_of_errors() -> None:
    rng = np.random.default_rng(5)
    common = rng.normal(0, 0.05, 25)
    first = yearly(tuple(np.exp(np.cumsum(common))), name="a", start=2000)
    twin = yearly(tuple(np.exp(np.cumsum(common)) * 3), name="b", start=2000)
    apart = yearly(tuple(np.exp(np.cumsum(rng.normal(0, 0.05, 25)))), name="c", start=2000)
    outlooks = [forecast(s, 2026, EMPTY) for s in (first, twin, apart)]
    together = correlation(outlooks)
    assert together[0, 1] == pytest.approx(
        24 / 29
    )  # the same errors in 24 years, drawn towards none by 5
    assert abs(together[0, 2]) < 0.4
    drawn = draws(outlooks, 2026, 40_000)
    for k, outlook in enumerate(outlooks):
        assert np.quantile(drawn[:, k], [0.1, 0.5, 0.9]) == pytest.approx(
            np.quantile(outlook.sample(2026), [0.1, 0.5, 0.9]), rel=0.02
        )
    assert np.array_equal(drawn, draws(outlooks, 2026, 40_000))
    both = (drawn[:, 0] >= np.median(drawn[:, 0])) & (drawn[:, 1] >= np.median(drawn[:, 1]))
    # two normals of correlation ρ are both above their middles with probability 1/4 + asin(ρ)/2π
    assert both.mean() == pytest.approx(0.25 + math.asin(24 / 29) / (2 * math.pi), abs=0.02)
