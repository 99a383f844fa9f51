"""How figures are written: expected texts set down by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.report import numerals


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (72.1205, "72.1205"),
        (55.0, "55"),
        (16040.5, "16,040.5"),
        (0, "0"),
        (-0.00001, "0"),
        (-3.5, "−3.5"),
        (None, "—"),
        (float("nan"), "—"),
        ("NE", "NE"),
    ],
)
def test_published_figures_keep_their_digits(value, text):
    assert numerals.figure(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.5812, "3.58"),
        (0.015, "0.015"),
        (1234.56, "1,235"),
        (-0.0604, "−0.0604"),
        (0, "0"),
        (None, "—"),
    ],
)
def test_computed_figures_have_three_significant_digits(value, text):
    assert numerals.computed(value) == text


def test_percentages_differ_by_points_and_other_units_by_themselves():
    assert numerals.unit_of_change("%") == "个百分点"
    assert numerals.unit_of_change("%", "en") == "points"
    assert numerals.unit_of_change("亿元") == "亿元"


@pytest.mark.parametrize(
    ("period", "year"),
    [
        ("2023", 2023.0),
        ("2024-12-31", 2024.0),
        ("2025-01..06", 2024 + 179 / 365),
        ("2025-06-30", 2024 + 181 / 365),
        ("2016..2020", 2020.0),
        ("2024-H1", 2023 + 180 / 366),
    ],
)
def test_a_period_stands_at_its_end_on_the_year_axis(period, year):
    # days of the year by hand: 28 June 2025 is 179, 30 June 2025 181, 28 June 2024 (leap) 180
    assert numerals.year_point(period) == pytest.approx(year, abs=1e-3)


def test_what_is_no_period_has_no_place_on_the_axis():
    assert numerals.year_point("十四五") is None


@given(
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)),
)
def test_the_axis_keeps_the_order_of_days(a, b):
    x, y = numerals.year_point(a.isoformat()), numerals.year_point(b.isoformat())
    assert (x < y) == (a < b) and (x == y) == (a == b)
