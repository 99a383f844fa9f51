"""A program with a row that adds up its year, changed and solved again with what its stretches took
of that row kept: the same optimum as a new program's, whatever was changed.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from years_with_a_contract import HOURS, demands, year

from hengtan.outlook import shares
from hengtan.outlook.optimum import Infeasible, Solver, solve
from hengtan.outlook.shares import shares_of


@pytest.fixture(autouse=True)
def short_years(monkeypatch):
    monkeypatch.setattr(shares, "LONG", HOURS)
    monkeypatch.setattr(shares, "STRETCHES", 4)


def test_stretches_keep_what_they_took_of_a_row_that_binds():
    """Three of four stretches of three hours, 40 bought in each hour: 120 in each."""
    program = year(np.full(HOURS, 100.0), 480.0)
    best = solve(program)
    kept = shares_of(program, program.matrix(), best.values, best.row_dual)
    bought = best.of("output")[0].reshape(4, 3).sum(axis=1)
    assert kept.amounts == pytest.approx(bought[:3])
    rows = kept.matrix.toarray()[:, program.variables["output"].at[0]]
    assert rows.tolist() == np.kron(np.eye(3, 4), np.ones(3)).tolist()


def test_a_row_that_does_not_bind_keeps_nothing():
    program = year(np.full(HOURS, 50.0), 1e5)
    best = solve(program)
    assert shares_of(program, program.matrix(), best.values, best.row_dual) is None


@settings(max_examples=60)
@given(before=demands, after=demands, contract=st.integers(0, 900), then=st.integers(0, 900))
def test_a_changed_year_costs_what_a_new_one_does(before, after, contract, then):
    """Twice changed: demand, where stretches mostly keep their shares or cannot; then the contract,
    where they cannot.
    """
    solver = Solver(year(before, contract))
    solver.solve()
    solver.change("demand", lower=after, upper=after)
    again = solver.solve()
    assert again.cost == pytest.approx(solve(year(after, contract)).cost)
    assert solver.marginal(solver.program.cost) == pytest.approx(again.row_dual, abs=1e-6)
    solver.change("contract", upper=then)
    assert solver.solve().cost == pytest.approx(solve(year(after, then)).cost)


def test_what_cannot_be_served_is_told_with_shares_kept_too():
    solver = Solver(year(np.full(HOURS, 100.0), 480.0))
    solver.solve()
    solver.change("output", upper=[[80.0], [60.0], [0.0]])
    solver.change("contract", upper=0.0)
    with pytest.raises(Infeasible):
        solver.solve()
