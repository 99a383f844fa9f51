"""Paths, paces and lights against figures worked by hand, and the identities they keep."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.plan import formulas

CUTS = st.floats(0.001, 0.95)
SPANS = st.integers(1, 40)


def test_compound_path_by_hand():
    # goal 16 % over 7 years, after 4: 1 - 0.84^(4/7); ln 0.84 = -0.174353, times 4/7 = -0.099630, e^-0.099630 = 0.905172
    assert 100 * formulas.required_cut_compound(0.16, 4, 7) == pytest.approx(9.483, abs=5e-4)
    assert 100 * formulas.required_cut_compound(0.16, 4, 7) == pytest.approx(
        100 * (1 - 0.84 ** (4 / 7))
    )


def test_linear_path_by_hand():
    assert 100 * formulas.required_cut_linear(0.16, 4, 7) == pytest.approx(64 / 7)


def test_needed_yearly_cut_by_hand():
    # from 14 % to 16 % in 3 years: (0.84/0.86)^(1/3) = 0.976744^(1/3) = 0.992187
    assert 100 * formulas.needed_yearly_cut(0.16, 0.14, 3) == pytest.approx(0.7813, abs=5e-4)


@given(goal=CUTS, span=SPANS)
def test_a_path_starts_at_nought_and_ends_at_the_goal(goal, span):
    for path in (formulas.required_cut_compound, formulas.required_cut_linear):
        assert path(goal, 0, span) == pytest.approx(0, abs=1e-12)
        assert path(goal, span, span) == pytest.approx(goal)


@given(goal=CUTS, span=st.integers(2, 40), data=st.data())
def test_the_compound_path_asks_more_than_the_linear_one_inside_the_span(goal, span, data):
    # 1 - (1-T)^x is concave in x and agrees with T x at 0 and 1, so it lies above between them
    elapsed = data.draw(st.integers(1, span - 1))
    assert formulas.required_cut_compound(goal, elapsed, span) > formulas.required_cut_linear(
        goal, elapsed, span
    )


@given(goal=CUTS, so_far=st.floats(-0.5, 0.95), left=SPANS)
def test_the_needed_yearly_cut_compounded_reaches_the_goal(goal, so_far, left):
    yearly = formulas.needed_yearly_cut(goal, so_far, left)
    intensity = 1 - so_far
    for _ in range(left):
        intensity *= 1 - yearly
    assert 1 - intensity == pytest.approx(goal, abs=1e-9)


@given(goal=CUTS, span=st.integers(2, 40), data=st.data())
def test_on_the_compound_path_the_needed_yearly_cut_stays_the_same(goal, span, data):
    elapsed = data.draw(st.integers(0, span - 1))
    so_far = formulas.required_cut_compound(goal, elapsed, span)
    assert formulas.needed_yearly_cut(goal, so_far, span - elapsed) == pytest.approx(
        1 - (1 - goal) ** (1 / span), abs=1e-9
    )


@given(base=st.floats(0.1, 10), shares=st.tuples(st.floats(0.1, 2), st.floats(0.1, 2)))
def test_a_change_between_cuts_is_the_change_of_the_intensity(base, shares):
    before, now = base * shares[0], base * shares[1]
    cuts = [formulas.cut_since_base(value, base) for value in (now, before)]
    assert formulas.change_between_cuts(*cuts) == pytest.approx(now / before - 1)


def test_cut_and_change_by_hand():
    # 0.50 -> 0.43 tce per 10,000 yuan is a cut of 14 %; from a cut of 10 % to one of 14 % the intensity fell by 4/90
    assert formulas.cut_since_base(0.43, 0.50) == pytest.approx(0.14)
    assert formulas.change_between_cuts(0.14, 0.10) == pytest.approx(-4 / 90)


@pytest.mark.parametrize(("change", "progress", "required", "level"), [
    (0.001, 0.20, 0.09, 1), (0.0, 0.20, 0.09, 1),  # did not fall, whatever was reached before
    (-0.001, 0.0899, 0.09, 2), (-0.001, 0.09, 0.09, 3), (-0.001, 0.0901, 0.09, 3),
])  # fmt: skip
def test_the_official_light_at_its_thresholds(change, progress, required, level):
    assert formulas.intensity_light(change, progress, required) == level


@pytest.mark.parametrize(("latest", "base", "required", "direction", "level"), [
    (54.9, 55, 56, 1, 1), (55, 55, 56, 1, 2), (55.99, 55, 56, 1, 2), (56, 55, 56, 1, 3), (57, 55, 56, 1, 3),
    (80.1, 80, 75, -1, 1), (80, 80, 75, -1, 2), (75.1, 80, 75, -1, 2), (75, 80, 75, -1, 3), (70, 80, 75, -1, 3),
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
    assert [formulas.within_tolerance(value, 30, 2) for value in (27.9, 28, 30, 32, 32.1)] == [
        0,
        1,
        1,
        1,
        0,
    ]
    assert math.isnan(formulas.within_tolerance(30, 30, math.nan))
