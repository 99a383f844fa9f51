"""A changed program solved near its last optimum: where it answers, and where it is given up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array
from two_hours import capped
from years_with_a_contract import HOURS, capped_year, demands, year

from hengtan.outlook import face, near, optimum
from hengtan.outlook.certificate import hold_prices
from hengtan.outlook.near import _can_miss
from hengtan.outlook.optimum import Infeasible, Solver, solve


@pytest.fixture(autouse=True)
def short_years(monkeypatch):
    monkeypatch.setattr(face, "LONG", HOURS)
    monkeypatch.setattr(face, "STRETCHES", 4)
    monkeypatch.setattr(face, "TRIAL", 3)
    monkeypatch.setattr(face, "ENOUGH", 1.0)


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


TWICE = {"cap": 300.0, "demand": (100.0, 150.0, 100.0, 150.0)}
"""The two hours that cost 8214.2857 under 150 t (``test_linear``), twice."""


def test_more_demand_under_a_cap_is_met_at_the_same_price_of_carbon(monkeypatch):
    """The two hours twice cost 16428.5714. All gas for ten more emits 510 * 0.4 = 204 t; 96 t leave
    96 / 0.35 = 274.2857 MWh to coal: 510 * 50 - 274.2857 * 30 = 17271.4286, and a tonne is still
    worth 30 / 0.35 = 85.714.
    """
    monkeypatch.setattr(face, "LONG", 4)
    solver = Solver(capped(**TWICE))
    assert solver.solve().cost == pytest.approx(16428.5714, abs=1e-4)
    monkeypatch.setattr(Solver, "_begin_anew", refused)
    solver.change("demand", lower=[110.0, 150.0, 100.0, 150.0], upper=[110.0, 150.0, 100.0, 150.0])
    again = solver.solve()
    assert again.cost == pytest.approx(17271.4286, abs=1e-4)
    assert -again.price("cap")[0] == pytest.approx(85.714, abs=1e-3)
    assert again.row("cap")[0] == pytest.approx(300)


def test_a_cap_and_a_contract_are_met_together(monkeypatch):
    """Of 105 in each of 12 hours the contract gives 480. 780 are left: under 600 t, of which the
    contract takes 144 and gas for the rest would take 312, 144 / 0.35 = 411.4286 MWh are coal: 480
    * 10 + 411.4286 * 20 + 368.5714 * 50 = 31457.1429. One more in each hour is 12 of gas, and 4.8 t
    from coal to gas: 13.7143 MWh. 12 * 50 + 13.7143 * 30 = 1011.4286 more.
    """
    solver = Solver(capped_year(np.full(HOURS, 105.0), 480.0, 600.0))
    assert solver.solve().cost == pytest.approx(31457.1429, abs=1e-4)
    monkeypatch.setattr(Solver, "_begin_anew", refused)
    solver.change("demand", lower=106.0, upper=106.0)
    again = solver.solve()
    assert again.cost == pytest.approx(32468.5714, abs=1e-4)
    assert again.price("cap") == pytest.approx(-30 / 0.35)


def test_new_prices_are_met_near_the_last_optimum(monkeypatch):
    """As before under 600 t, but the contract now gives 900: with coal for the other 360, 270 + 270
    t are within the cap, which has no price any more. 900 * 10 + 360 * 20 = 16200, and one more
    from the contract saves 20 - 10.
    """
    solver = Solver(capped_year(np.full(HOURS, 105.0), 480.0, 600.0))
    solver.solve()
    monkeypatch.setattr(Solver, "_begin_anew", refused)
    solver.change("contract", upper=900.0)
    again = solver.solve()
    assert again.cost == pytest.approx(16200)
    assert again.price("contract") == pytest.approx(-10)
    assert again.price("cap") == pytest.approx(0)


@pytest.mark.parametrize("demand, cap, cost", [(75.0, 300.0, 6000.0), (125.0, np.inf, 10000.0)])
def test_a_cap_that_binds_no_more_has_no_price(monkeypatch, demand, cap, cost):
    """300 MWh can all be coal at 20 within 300 t, and any amount without a cap."""
    monkeypatch.setattr(face, "LONG", 4)
    solver = Solver(capped(**TWICE))
    solver.solve()
    monkeypatch.setattr(Solver, "_begin_anew", refused)
    solver.change("demand", lower=demand, upper=demand)
    solver.change("cap", upper=cap)
    again = solver.solve()
    assert again.cost == pytest.approx(cost)
    assert again.price("cap") == pytest.approx(0)


def test_what_takes_too_many_steps_is_solved_from_nothing(monkeypatch):
    """Coal at 60 gives way to gas in every hour: 480 * 10 + 780 * 50 = 43800, with no step
    allowed.
    """
    monkeypatch.setattr(optimum, "FEW", 0)
    monkeypatch.setattr(optimum, "NEARBY", 0.0)
    solver = Solver(year(np.full(HOURS, 105.0), 480.0))
    solver.solve()
    anew = []
    begin = Solver._begin_anew
    monkeypatch.setattr(Solver, "_begin_anew", lambda self: (anew.append(1), begin(self)))
    solver.change("output", cost=[[10.0], [60.0], [50.0]])
    assert solver.solve().cost == pytest.approx(43800)
    assert anew == [1]


def test_what_cannot_be_served_is_told_after_a_change_too():
    solver = Solver(year(np.full(HOURS, 100.0), 480.0))
    solver.solve()
    solver.change("output", upper=[[80.0], [60.0], [0.0]])
    solver.change("contract", upper=0.0)
    with pytest.raises(Infeasible):
        solver.solve()


@settings(max_examples=100)
@given(
    before=demands,
    changes=st.lists(st.lists(st.integers(-3, 3), min_size=HOURS, max_size=HOURS), max_size=4),
    contract=st.integers(100, 900),
    cap=st.integers(300, 1500),
    share=st.sampled_from([0.1, 0.5, 1.0]),
)
def test_one_change_after_another_costs_what_a_new_year_does(before, changes, contract, cap, share):
    """Whatever the share of variables that may move: what it leaves out wrongly is found out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "NEAR", share)
        demand = np.array(before, dtype=float)
        solver = Solver(capped_year(demand, contract, cap))
        if not served(solver):
            return
        for change in changes:
            demand = demand + change
            solver.change("demand", lower=demand, upper=demand)
            anew = Solver(capped_year(demand, contract, cap))
            if not served(anew):
                with pytest.raises(Infeasible):
                    solver.solve()
                return
            again = solver.solve()
            assert again.cost == pytest.approx(anew.solve().cost)


def served(solver):
    """Whether a year has a solution."""
    try:
        solver.solve()
    except Infeasible:
        return False
    return True


@settings(max_examples=60)
@given(before=demands, after=demands, contract=st.integers(0, 900), then=st.integers(0, 900))
def test_a_changed_year_costs_what_a_new_one_does(before, after, contract, then):
    """Twice changed: demand, then the contract; marginal costs prove the optimum as prices do."""
    solver = Solver(year(before, contract))
    solver.solve()
    solver.change("demand", lower=after, upper=after)
    again = solver.solve()
    program = year(after, contract)
    assert again.cost == pytest.approx(solve(program).cost)
    marginal = solver.marginal(program.cost)
    matrix = program.matrix()
    arrays = {
        word: getattr(program, word)
        for word in ("cost", "lower", "upper", "row_lower", "row_upper")
    }
    hold_prices(matrix, arrays, (marginal, program.cost - matrix.T @ marginal), again.values)
    solver.change("contract", upper=then)
    assert solver.solve().cost == pytest.approx(solve(year(after, then)).cost)


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
