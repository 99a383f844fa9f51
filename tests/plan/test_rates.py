"""Growth and cuts on their way against figures worked by hand, and the identities they keep."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts import rates

CUTS = st.floats(0.001, 0.95)
SPANS = st.integers(1, 40)


def test_growth_and_change_of_intensity_by_hand():
    # energy 103 after 100 and GDP +6 %: 1.03/1.06 - 1 = -2.830 %
    assert rates.growth(103.0, 100.0) == pytest.approx(0.03)
    assert 100 * rates.intensity_change(0.03, 0.06) == pytest.approx(-2.8302, abs=5e-5)
    assert math.isnan(rates.growth(1.0, 0.0)) and math.isnan(rates.intensity_change(0.1, -1.0))


@given(st.floats(1, 1e4), st.floats(1, 1e4), st.floats(1, 1e4), st.floats(1, 1e4))
def test_the_change_of_intensity_is_that_of_the_quotient(energy, energy_before, gdp, gdp_before):
    change = rates.intensity_change(
        rates.growth(energy, energy_before), rates.growth(gdp, gdp_before)
    )
    assert change == pytest.approx((energy / gdp) / (energy_before / gdp_before) - 1)


def test_compound_path_by_hand():
    # goal 16 % over 7 years, after 4: 1 - 0.84^(4/7); ln 0.84 = -0.174353, times 4/7 = -0.099630,
    # e^-0.099630 = 0.905172
    assert 100 * rates.required_cut_compound(0.16, 4, 7) == pytest.approx(9.483, abs=5e-4)
    # goal 14 % in five years, after two: ln 0.86 = -0.150823, times 2/5 = -0.060329, e^ = 0.941455
    assert 100 * rates.required_cut_compound(0.14, 2, 5) == pytest.approx(5.8545, abs=5e-4)


def test_linear_path_by_hand():
    assert 100 * rates.required_cut_linear(0.16, 4, 7) == pytest.approx(64 / 7)


def test_needed_yearly_cut_by_hand():
    # from 14 % to 16 % in 3 years: (0.84/0.86)^(1/3) = 0.976744^(1/3) = 0.992187
    assert 100 * rates.needed_yearly_cut(0.16, 0.14, 3) == pytest.approx(0.7813, abs=5e-4)


@given(goal=CUTS, span=SPANS)
def test_a_path_starts_at_nought_and_ends_at_the_goal(goal, span):
    for path in (rates.required_cut_compound, rates.required_cut_linear):
        assert path(goal, 0, span) == pytest.approx(0, abs=1e-12)
        assert path(goal, span, span) == pytest.approx(goal)


@given(goal=CUTS, span=st.integers(2, 40), data=st.data())
def test_the_compound_path_asks_more_than_the_linear_one_inside_the_span(goal, span, data):
    # 1 - (1-T)^x is concave in x and agrees with T x at 0 and 1, so it lies above between them
    elapsed = data.draw(st.integers(1, span - 1))
    assert rates.required_cut_compound(goal, elapsed, span) > rates.required_cut_linear(
        goal, elapsed, span
    )


@given(goal=CUTS, so_far=st.floats(-0.5, 0.95), left=SPANS)
def test_the_needed_yearly_cut_compounded_reaches_the_goal(goal, so_far, left):
    yearly = rates.needed_yearly_cut(goal, so_far, left)
    intensity = 1 - so_far
    for _ in range(left):
        intensity *= 1 - yearly
    assert 1 - intensity == pytest.approx(goal, abs=1e-9)


@given(goal=CUTS, span=st.integers(2, 40), data=st.data())
def test_on_the_compound_path_the_needed_yearly_cut_stays_the_same(goal, span, data):
    elapsed = data.draw(st.integers(0, span - 1))
    so_far = rates.required_cut_compound(goal, elapsed, span)
    assert rates.needed_yearly_cut(goal, so_far, span - elapsed) == pytest.approx(
        1 - (1 - goal) ** (1 / span), abs=1e-9
    )
