"""A changed program solved near its last optimum: where it answers, and where it is given up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array
from years_with_a_contract import HOURS, demands, year

from hengtan.outlook import near, shares
from hengtan.outlook.near import _can_miss
from hengtan.outlook.optimum import Solver, solve


@pytest.fixture(autouse=True)
def short_years(monkeypatch):
    monkeypatch.setattr(shares, "LONG", HOURS)
    monkeypatch.setattr(shares, "STRETCHES", 4)


def refused(self):
    raise AssertionError("solved from nothing")


def test_a_little_more_demand_is_met_near_the_last_optimum(monkeypatch):
    """Of 105 in each of 12 hours the contract gives 480, coal 60 an hour and gas the rest, 5 an
    hour: 480 * 10 + 720 * 20 + 60 * 50 = 22200. One more in each is gas: 600 more.
    """
    solver = Solver(year(np.full(HOURS, 105.0), 480.0))
    assert solver.solve().cost == pytest.approx(22200)
    monkeypatch.setattr(Solver, "_begin_anew", refused)
    solver.change("demand", lower=106.0, upper=106.0)
    again = solver.solve()
    assert again.cost == pytest.approx(22800)
    assert again.price("demand") == pytest.approx(50)
    assert again.price("contract") == pytest.approx(-40)


def test_dearer_coal_is_met_near_the_last_optimum(monkeypatch):
    """720 of coal at 21 instead of 20 cost 720 more."""
    solver = Solver(year(np.full(HOURS, 105.0), 480.0))
    before = solver.solve().cost
    monkeypatch.setattr(Solver, "_begin_anew", refused)
    solver.change("output", cost=[[10.0], [21.0], [50.0]])
    assert solver.solve().cost == pytest.approx(before + 720)


def test_the_trial_of_a_wide_row_may_end_in_a_solution_from_nothing(monkeypatch):
    """As above, with no row that may be missed after the trial, so that it is given up at once."""
    monkeypatch.setattr(near, "MANY", -1)
    solver = Solver(year(np.full(HOURS, 105.0), 480.0))
    solver.solve()
    anew = []
    begin = Solver._begin_anew
    monkeypatch.setattr(Solver, "_begin_anew", lambda self: (anew.append(1), begin(self)))
    solver.change("demand", lower=106.0, upper=106.0)
    assert solver.solve().cost == pytest.approx(22800)
    assert anew == [1]


@settings(max_examples=60)
@given(
    before=demands,
    changes=st.lists(st.lists(st.integers(-3, 3), min_size=HOURS, max_size=HOURS), max_size=4),
    contract=st.integers(100, 900),
    share=st.sampled_from([0.1, 0.42, 1.0]),
)
def test_one_change_after_another_costs_what_a_new_year_does(before, changes, contract, share):
    """Whatever the share of variables that may move: what it leaves out wrongly is found out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "NEAR", share)
        demand = np.array(before, dtype=float)
        solver = Solver(year(demand, contract))
        solver.solve()
        for change in changes:
            demand = demand + change
            solver.change("demand", lower=demand, upper=demand)
            again = solver.solve()
            assert again.cost == pytest.approx(solve(year(demand, contract)).cost)
            assert solver.marginal(solver.program.cost) == pytest.approx(again.row_dual, abs=1e-6)


@given(
    entries=st.lists(st.integers(-3, 3), min_size=4, max_size=4),
    widths=st.lists(st.integers(0, 5), min_size=4, max_size=4),
    below=st.integers(-20, 0),
    above=st.integers(0, 20),
)
def test_a_row_that_no_corner_misses_cannot_be_missed(entries, widths, below, above):
    """A row is missed somewhere in a box if it is missed at one of the box's 16 corners."""
    upper = np.array(widths, dtype=float)
    corners = np.array(np.meshgrid(*[[0.0, most] for most in widths])).reshape(4, -1)
    sums = np.array(entries) @ corners
    missed = bool((sums < below).any() or (sums > above).any())
    inside = {"lower": np.zeros(4), "upper": upper}
    row = csc_array(np.array([entries], dtype=float))
    assert _can_miss(row, inside, np.array([below]), np.array([above])).tolist() == [missed]
