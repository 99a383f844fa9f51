"""Exponential smoothing against its definition run by hand, and against series whose forecast is
known.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.plan.forecast import smoothing


def by_hand(
    z: list[float], alpha: float, beta: float, phi: float, level: float, slope: float
) -> tuple[float, float, float]:
    """The recursion of Hyndman et al. 2008, eq. 2.6, written out: level, slope and sum of squared
    errors at the end.
    """
    sse = 0.0
    for value in z:
        expected = level + phi * slope
        error = 0.0 if np.isnan(value) else value - expected
        sse += error * error
        level, slope = expected + alpha * error, phi * slope + beta * error
    return level, slope, sse


@pytest.mark.parametrize("grid", [smoothing.LEVEL, smoothing.TREND, smoothing.DAMPED])
def test_no_start_and_no_point_of_the_grid_is_better_than_the_best_fit(
    grid: smoothing.Grid,
) -> None:
    z = [1.0, 1.4, 1.1, float("nan"), 2.2, 2.0, 2.6]
    fit = smoothing.fit(np.array(z), grid)
    rng = np.random.default_rng(1)
    for alpha, beta, phi in zip(grid.alpha, grid.beta, grid.phi, strict=True):
        for _ in range(20):
            start = rng.normal(1.2, 0.5), rng.normal(0.2, 0.3) if grid.trend else 0.0
            assert by_hand(z, float(alpha), float(beta), float(phi), *start)[2] >= fit.sse - 1e-9


@given(st.floats(-5, 5), st.floats(-1, 1), st.integers(4, 12))
def test_a_straight_line_goes_on(start: float, slope: float, n: int) -> None:
    path = smoothing.fit(start + slope * np.arange(n), smoothing.TREND).path(3)
    assert path == pytest.approx(start + slope * np.arange(n, n + 3), abs=1e-5)


def test_one_step_by_hand() -> None:
    # α = 1: the level is the last value whatever came before; values 3, 5, 4 and a start at 3 leave
    # errors 0, 2, −1
    fit = smoothing.fit(
        np.array([3.0, 5.0, 4.0]),
        smoothing.Grid(np.array([1.0]), np.array([0.0]), np.array([1.0]), False, 2),
    )
    assert (fit.level, fit.sse) == pytest.approx((4.0, 5.0))
    # α = 0.5, start l: errors 3−l, 5−(l+3)/2, 4−(l+3+10)/4, least at 119/21 … found by calculus: Σ
    # (a_i − b_i l) b_i = 0 with b = 1, 1/2, 1/4 and a = 3, 7/2, 3/4
    half = smoothing.fit(
        np.array([3.0, 5.0, 4.0]),
        smoothing.Grid(np.array([0.5]), np.array([0.0]), np.array([1.0]), False, 2),
    )
    start = (3 * 1 + 3.5 * 0.5 + 0.75 * 0.25) / (1 + 0.25 + 0.0625)
    assert half.level == pytest.approx(start / 8 + 3 / 8 + 5 / 4 + 4 / 2)


def test_a_damped_path_fades() -> None:
    fit = smoothing.Fit(10.0, 2.0, 0.5, 0.0, 5, 0.0)
    assert fit.path(3) == pytest.approx([11.0, 11.5, 11.75])


def test_two_values_are_too_few() -> None:
    with pytest.raises(ValueError, match="three values"):
        smoothing.fit(np.array([1.0, np.nan, 2.0]), smoothing.LEVEL)
