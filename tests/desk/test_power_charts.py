"""Curves and weeks of a dispatch against what is counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.desk.power_charts import Hours, duration_of, week_of, week_of_peak, weeks_of


def hours(load):
    load = np.asarray(load, dtype=float)
    nothing = np.zeros_like(load)
    return Hours(2025, load, nothing, {"coal": load}, nothing, load, np.ones_like(load))


def test_a_duration_curve_by_hand():
    """3 MW for one hour, 2 MW for two, 1 MW for one: 2 MW and more in 3 of 4 hours."""
    curve = duration_of(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]))
    assert curve == {"share": [0.25, 0.75, 1.0], "value": [3.0, 2.0, 1.0]}


@given(st.lists(st.floats(0, 1e4), min_size=401, max_size=3000))
def test_a_thinned_curve_keeps_both_ends_and_never_rises(values):
    curve = duration_of(np.array(values), np.ones(len(values)))
    assert len(curve["value"]) <= 400
    assert curve["value"][0] == pytest.approx(max(values), abs=0.006)
    assert curve["value"][-1] == pytest.approx(min(values), abs=0.006)
    assert curve["value"] == sorted(curve["value"], reverse=True)


def test_the_week_of_the_peak_is_shown_where_no_other_is_asked_for():
    """Hour 200 is in the second week, which begins on 8 January."""
    load = np.ones(24 * 365)
    load[200] = 5.0
    year = hours(load)
    assert (weeks_of(year), week_of_peak(year)) == (53, 2)
    shown = week_of(year, 99)
    assert (shown["number"], shown["begins"], shown["ends"]) == (2, "2025-01-08", "2025-01-14")
    assert max(shown["load"]) == 5.0
    last = week_of(year, 53)
    assert (len(last["load"]), last["begins"], last["ends"]) == (24, "2025-12-31", "2025-12-31")
