"""A year by the hour: its length, what moves it to another year or clock, and one shape under two
names.
"""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.outlook.hourly import (
    HourlySeries,
    SeriesMissing,
    SeriesRefused,
    chosen,
    from_quarters,
    hours_of,
    same_shapes,
    to_offset,
    to_year,
)
from hengtan.outlook.scaling import possible_energy, scaled


def series(values, year=2023, name="S", **fields):
    facts = {"unit": "MW", "source": "test", "kind": "metered"}
    return HourlySeries(name, year, np.asarray(values, dtype=float), **(facts | fields))


def hours(year=2023):
    """1, 2, … to the end of the year."""
    return np.arange(1.0, hours_of(year) + 1)


@pytest.mark.parametrize(("year", "size"), [(2023, 8760), (2024, 8784), (2000, 8784), (2100, 8760)])
def test_a_year_has_its_hours(year, size):
    """2000 is a leap year and 2100 is none (the Gregorian rule)."""
    assert hours_of(year) == size


@pytest.mark.parametrize(
    ("year", "size", "words"),
    [
        (2023, 8759, "夏令时"),
        (2023, 8761, "夏令时"),
        (2024, 8760, "闰年缺2月29日"),
        (2023, 8784, "平年多一天"),
        (2023, 35040, "15分钟"),
        (2024, 35136, "15分钟"),
        (2023, 17520, "半小时"),
        (2023, 8000, "缺760个小时"),
        (2023, 9000, "多240个小时"),
    ],
)
def test_another_length_is_one_clear_line(year, size, words):
    with pytest.raises(SeriesRefused) as refused:
        series(np.ones(size), year)
    line = str(refused.value)
    assert words in line and "\n" not in line
    assert f"应有{hours_of(year)}个" in line and f"实有{size}个" in line


def test_what_is_no_number_or_below_nought_is_refused_with_its_hour():
    lacking, below = hours(), hours()
    lacking[99] = np.nan
    below[[4, 7]] = -1
    with pytest.raises(SeriesRefused, match="1个小时没有数值，第一个是第100小时"):
        series(lacking)
    with pytest.raises(SeriesRefused, match="2个小时为负，第一个是第5小时"):
        series(below)
    assert series(below, signed=True).peak == 8760


def test_quarters_are_added_or_averaged_by_choice():
    """Four quarters of 1, 2, 3 and 6 kWh are 12 kWh in the hour; as power they are 3 kW."""
    quarters = np.tile([1.0, 2.0, 3.0, 6.0], 8760)
    assert set(from_quarters(quarters, "sum")) == {12.0}
    assert set(from_quarters(quarters, "mean")) == {3.0}
    with pytest.raises(ValueError, match="quarters"):
        from_quarters(quarters, "any")


def test_a_common_year_gets_29_february_from_the_day_before():
    """28 February is day 59: hours 1,393 to 1,416; 1 March begins with hour 1,417 of 2023."""
    moved = to_year(series(hours(2023)), 2024)
    assert moved.values.size == 8784
    assert moved.values[1392] == 1393 and moved.values[1416] == 1393
    assert moved.values[1440] == 1417 and moved.values[-1] == 8760
    assert "星期不对应" in moved.name()[0] and "2023" in moved.name()[1]


def test_a_leap_year_loses_29_february_and_comes_back_without_it():
    """29 February 2024 is day 60: hours 1,417 to 1,440."""
    moved = to_year(series(hours(2024), 2024), 2023)
    assert moved.values[1415] == 1416 and moved.values[1416] == 1441
    there_and_back = to_year(to_year(series(hours(2023)), 2024), 2023)
    np.testing.assert_array_equal(there_and_back.values, hours(2023))


def test_the_clock_moves_by_whole_hours_and_says_so():
    """1 o'clock at UTC is 9 o'clock in Beijing."""
    spike = np.zeros(8760)
    spike[0] = 1.0
    beijing = to_offset(series(spike, utc_offset=0.0), 8.0)
    assert int(beijing.values.argmax()) == 8
    assert "UTC+0" in beijing.name()[0] and beijing.utc_offset == 8
    np.testing.assert_array_equal(to_offset(beijing, 0.0).values, spike)
    with pytest.raises(SeriesRefused, match="不是整小时"):
        to_offset(series(spike, utc_offset=5.5), 8.0)


def test_one_shape_under_two_names_is_told():
    """A curve and its double are one reading; a curve with one other hour is another."""
    other = hours()
    other[0] = 2.0
    members = [
        series(hours(), name="A"),
        series(hours() * 2.5, name="B"),
        series(other, name="C"),
    ]
    assert same_shapes(members) == [("A", "B")]


def test_the_hydro_shape_of_one_public_source_is_no_shape_of_a_province(facts):
    """Its 31 provinces have one identical series (README): two names of it are one."""
    with (facts / "outlook/hydro_month_shape_pypsa_china.csv").open(encoding="utf-8") as file:
        months = [float(row["hydro_availability_mean"]) for row in csv.DictReader(file)]
    year = np.repeat(months, 730)
    provinces = [series(year, name=name) for name in ("500000", "510000")]
    assert same_shapes(provinces) == [("500000", "510000")]


def test_a_stand_in_is_named_and_its_name_goes_with_it():
    shape = series(hours(), name="某地2018", kind="reconstructed")
    with pytest.raises(SeriesMissing, match="hourly_series"):
        chosen({"某地2018": shape}, "武隆")
    with pytest.raises(SeriesMissing, match="没有序列“别处”"):
        chosen({"某地2018": shape}, "武隆", "别处")
    borrowed = scaled(chosen({"某地2018": shape}, "武隆", "某地2018"), 4e7, 9000.0)
    zh, en = borrowed.name()
    assert "借用曲线，代替“武隆”" in zh and "重构" in zh and "调到年电量" in zh
    assert "stand-in for “武隆”" in en and "reconstructed" in en
    assert chosen({"武隆": shape}, "武隆").stands_for == ""


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    load_factor=st.floats(0.35, 0.9),
    peak=st.floats(1.0, 1e5),
    law=st.sampled_from(["power", "affine"]),
)
def test_energy_and_peak_are_both_met_and_hours_keep_their_order(seed, load_factor, peak, law):
    values = np.random.default_rng(seed).uniform(0.05, 1.0, 8760)
    energy = load_factor * peak * 8760
    low, high = possible_energy(series(values), peak, law)
    if not low <= energy <= high:
        with pytest.raises(SeriesRefused, match="只能在"):
            scaled(series(values), energy, peak, law)
        return
    result = scaled(series(values), energy, peak, law)
    assert result.energy == pytest.approx(energy, rel=1e-9)
    assert result.peak == pytest.approx(peak, rel=1e-9)
    assert (np.diff(result.values[np.argsort(values)]) >= 0).all()
    assert result.values.min() >= 0


def test_the_affine_law_by_hand():
    """Half the hours at 4, half at 2; peak 10 and mean 8 give the lower half 6: b = 4 / 2."""
    values = np.tile([4.0, 2.0], 4380)
    result = scaled(series(values), 8.0 * 8760, 10.0, "affine")
    np.testing.assert_allclose(result.values[:2], [10.0, 6.0], rtol=1e-12)


def test_the_power_law_keeps_the_night_at_nought():
    """Half the hours dark, a quarter at 1, a quarter at 1/4; with a mean of 3/8 of the peak the
    quarter comes to 1/2: gamma = 1/2.
    """
    values = np.tile([0.0, 0.0, 1.0, 0.25], 2190)
    result = scaled(series(values), 8760 * 3 / 8 * 20.0, 20.0)
    np.testing.assert_allclose(result.values[:4], [0, 0, 20, 10], atol=1e-8)


def test_a_pair_that_cannot_be_is_refused_with_what_can():
    """A constant series has one energy at a peak; a mean above the peak is none of any curve."""
    with pytest.raises(SeriesRefused, match="只能在87600到87600之间"):
        scaled(series(np.ones(8760)), 80000.0, 10.0)
    with pytest.raises(SeriesRefused, match="要的是96360"):
        scaled(series(hours()), 1.1 * 87600, 10.0)
    assert scaled(series(np.ones(8760)), 87600.0, 10.0).energy == pytest.approx(87600)
