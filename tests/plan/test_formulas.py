"""Lights, straight paths and paces against figures worked by hand, and the identities they keep."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts import rates
from hengtan.plan import formulas


@given(base=st.floats(0.1, 10), shares=st.tuples(st.floats(0.1, 2), st.floats(0.1, 2)))
def test_a_change_between_cuts_is_the_change_of_the_intensity(base, shares):
    before, now = base * shares[0], base * shares[1]
    cuts = [rates.cut_since_base(value, base) for value in (now, before)]
    assert formulas.change_between_cuts(*cuts) == pytest.approx(now / before - 1)


def test_cut_and_change_by_hand():
    # 0.50 -> 0.43 tce per 10,000 yuan is a cut of 14 %; from a cut of 10 % to one of 14 % the
    # intensity fell by 4/90
    assert rates.cut_since_base(0.43, 0.50) == pytest.approx(0.14)
    assert formulas.change_between_cuts(0.14, 0.10) == pytest.approx(-4 / 90)


@pytest.mark.parametrize(("change", "progress", "required", "level"), [
    (0.001, 0.20, 0.09, 1), (0.0, 0.20, 0.09, 1),  # did not fall, whatever was reached before
    (-0.001, 0.0899, 0.09, 2), (-0.001, 0.09, 0.09, 3), (-0.001, 0.0901, 0.09, 3),
])  # fmt: skip
def test_the_official_light_at_its_thresholds(change, progress, required, level):
    assert formulas.intensity_light(change, progress, required) == level


@pytest.mark.parametrize(("latest", "base", "required", "direction", "level"), [
    (54.9, 55, 56, 1, 1), (55, 55, 56, 1, 2), (55.99, 55, 56, 1, 2), (56, 55, 56, 1, 3),
    (57, 55, 56, 1, 3), (80.1, 80, 75, -1, 1), (80, 80, 75, -1, 2), (75.1, 80, 75, -1, 2),
    (75, 80, 75, -1, 3), (70, 80, 75, -1, 3),
])  # fmt: skip
def test_the_light_of_a_straight_path_at_its_thresholds(latest, base, required, direction, level):
    assert formulas.level_light(latest, base, required, direction) == level


@given(
    base=st.floats(-1e4, 1e4),
    goal=st.floats(-1e4, 1e4),
    start=st.integers(2010, 2025),
    span=st.integers(1, 20),
)
def test_a_straight_path_ends_where_it_should(base, goal, start, span):
    assert formulas.straight_path(base, goal, start, start + span, start) == pytest.approx(
        base, abs=1e-9
    )
    assert formulas.straight_path(base, goal, start, start + span, start + span) == pytest.approx(
        goal, abs=1e-9
    )


@given(
    latest=st.floats(0.1, 1e4),
    goal=st.floats(0.1, 1e4),
    start=st.integers(2010, 2025),
    left=st.integers(1, 20),
)
def test_needed_paces_reach_the_goal(latest, goal, start, left):
    assert latest + left * formulas.needed_pace(goal, latest, start + left, start) == pytest.approx(
        goal
    )
    assert latest * (
        1 + formulas.needed_growth(goal, latest, start + left, start)
    ) ** left == pytest.approx(goal)


def test_paces_by_hand():
    # 18.6 % in 2021, 40 % in 2027: 21.4 points in 6 years; doubling in 10 years is 7.177 % a year
    assert formulas.needed_pace(40, 18.6, 2027, 2021) == pytest.approx(21.4 / 6)
    assert 100 * formulas.needed_growth(2, 1, 2030, 2020) == pytest.approx(7.177, abs=5e-4)
    assert math.isnan(formulas.needed_pace(40, 18.6, 2027, 2027))


def test_days_and_tolerance():
    assert formulas.share_of_days(350, 366) == pytest.approx(95.628, abs=5e-4)
    near = [formulas.within_tolerance(value, 30, 2) for value in (27.9, 28, 30, 32, 32.1)]
    assert near == [0, 1, 1, 1, 0]
    assert math.isnan(formulas.within_tolerance(30, 30, math.nan))


@pytest.mark.parametrize(("change", "done", "progress"), [
    (0.0, 0.10, 0.10), (-0.05, 0.10, 0.145), (0.05, 0.0, -0.05),
])  # fmt: skip
def test_progress_if_the_year_ends_as_it_runs(change, done, progress):
    # 1 - 0.9·0.95 = 14.5 %
    assert formulas.progress_at_year_end(done, change) == pytest.approx(progress)


@pytest.mark.parametrize(("grown", "allowed", "light"), [
    (0.03, 0.03, 3), (0.031, 0.03, 2), (0.036, 0.03, 2), (0.0361, 0.03, 1),  # a fifth of 3 % is 0.6
    (0.005, 0.0, 2), (0.0051, 0.0, 1), (-0.01, 0.0, 3), (-0.018, -0.02, 2), (-0.01, -0.02, 1),
])  # fmt: skip
def test_the_second_light_at_its_thresholds(grown, allowed, light):
    # slacks of a fifth and half a point, as the pack proposes; half a point is more than a fifth of
    # 2 %
    assert formulas.total_light(grown, allowed, 0.2, 0.005) == light


def test_over_plan_by_hand():
    # 60 of a plan of 100 after 73 of 365 days: the plan's part is 20, three times as much
    assert formulas.over_plan(60.0, 100.0, 73, 365) == pytest.approx(2.0)
