"""Programs, proven optima, and what is said of limits that exclude each other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from two_hours import capped

from hengtan.outlook import certificate
from hengtan.outlook import highs as library
from hengtan.outlook.certificate import NotProven
from hengtan.outlook.conflict import conflict
from hengtan.outlook.highs import SolverMissing
from hengtan.outlook.linear import Program, Set
from hengtan.outlook.optimum import Infeasible, Settings, Solver, solve


def test_a_carbon_cap_costs_what_the_hand_calculation_says():
    """All gas emits 100 t; 150 t leave 50 / 0.35 = 142.857 MWh to coal: 250 * 50 - 142.857 * 30 =
    8214.2857; a tonne is worth 30 / 0.35 = 85.714.
    """
    best = solve(capped())
    assert best.cost == pytest.approx(8214.2857, abs=1e-4)
    assert -best.price("cap")[0] == pytest.approx(85.714, abs=1e-3)
    assert best.of("output")[0].sum() == pytest.approx(142.857, abs=1e-3)


@pytest.mark.parametrize("method", ["simplex", "ipm", "hipo"])
def test_every_method_proves_the_same_optimum(method):
    assert solve(capped(), Settings(method=method)).cost == pytest.approx(8214.2857, abs=1e-3)


def test_the_smallest_change_is_said_in_the_limits_own_unit():
    """All gas emits 250 * 0.4 = 100 t. Under 80 t either the cap rises by 20 t, or demand falls by
    20 / 0.4 = 50 MWh.
    """
    with pytest.raises(Infeasible) as refused:
        solve(capped(cap=80.0))
    told_of = conflict(refused.value.program)
    assert [limit.name for limit in told_of.limits] == ["demand", "cap"]
    by_name = {change.limit.name: change for change in told_of.alone}
    assert by_name["cap"].raised == pytest.approx(20)
    assert by_name["demand"].lowered == pytest.approx(50)
    assert told_of.zh() == (
        "无解：“电力需求”、“碳排放上限”不能同时满足。"
        "最小调整：电力需求降低50 MWh；或碳排放上限提高20 tCO2。"
    )
    assert "carbon cap up by 20 tCO2" in told_of.en()


def test_limits_that_have_no_part_in_it_are_not_blamed():
    program = capped(cap=80.0)
    water = program.row("water", 1, "m3", upper=1e6, limit=Set("用水上限", "water"))
    program.put(water[0], program.variables["output"].at, 2.0)
    assert [limit.name for limit in conflict(program).limits] == ["demand", "cap"]


def test_bounds_that_no_limit_can_mend_are_called_so():
    program = Program("界")
    amount = program.variable("amount", 1, lower=2.0)
    program.put(program.row("physics", 1, upper=1.0).at, amount.at)
    assert conflict(program).limits == ()


def test_a_program_with_a_solution_has_no_conflict():
    with pytest.raises(ValueError, match="has a solution"):
        conflict(capped())


def test_an_unbounded_program_gives_no_figures():
    program = Program("无界")
    program.variable("sold", 1, cost=-1.0)
    with pytest.raises(NotProven):
        solve(program)


def knapsack():
    """60 goods under 20 weights, which no search ends within no time at all."""
    draws = np.random.default_rng(1)
    program = Program("时限")
    goods = program.variable("goods", 60, upper=1.0, cost=-draws.uniform(10, 20, 60), integer=True)
    for number in range(20):
        row = program.row(f"weight {number}", 1, upper=100.0)
        program.put(row[0], goods.at, draws.uniform(5, 15, 60))
    return program


def test_a_time_limit_is_no_optimum():
    with pytest.raises(NotProven, match="Time limit"):
        solve(knapsack(), Settings(seconds=0.0, gap=0.0))


def test_an_integer_search_tells_its_gap_while_it_runs():
    """Gaps come with the seconds so far, which rise, and end below the gap that was asked for."""
    solver = Solver(knapsack(), Settings(gap=0.05))
    heard = []
    solver.watch(lambda gap, seconds: heard.append((gap, seconds)), every=0.0)
    assert solver.solve().gap <= 0.05
    seconds = [each for _, each in heard]
    assert heard and seconds == sorted(seconds)
    assert all(gap >= 0 for gap, _ in heard)


def test_a_constant_cost_counts():
    program = Program("常数", offset=12.5)
    program.variable("free", 3, upper=1.0)
    assert solve(program).cost == 12.5


def test_hipo_without_its_package_is_refused(monkeypatch):
    library.solver_library.cache_clear()
    monkeypatch.setattr(
        library, "version_of", lambda package: None if "extras" in package else "1.15.1"
    )
    with pytest.raises(SolverMissing, match="highspy-extras"):
        solve(capped(), Settings(method="hipo"))
    library.solver_library.cache_clear()


def test_two_versions_of_the_solver_are_refused(monkeypatch):
    library.solver_library.cache_clear()
    versions = {"highspy": "1.15.1", "highspy-extras": "1.15.0"}
    monkeypatch.setattr(library, "version_of", versions.get)
    with pytest.raises(SolverMissing, match=r"highspy==1\.15\.1 highspy-extras==1\.15\.1"):
        solve(capped())
    library.solver_library.cache_clear()


def test_an_answer_that_misses_a_row_is_not_believed(monkeypatch):
    monkeypatch.setattr(certificate, "TOLERANCE", -1.0)
    with pytest.raises(NotProven, match="复核不符"):
        solve(capped())


def test_a_changed_demand_is_solved_from_where_it_was():
    solver = Solver(capped())
    solver.solve()
    solver.change("demand", lower=[90.0, 150.0], upper=[90.0, 150.0])
    assert solver.solve().cost == pytest.approx(solve(capped(demand=(90.0, 150.0))).cost)
    solver.change("output", upper=[[np.inf, 10.0], [np.inf, np.inf]])
    assert solver.solve().of("output")[0, 1] <= 10 + 1e-6


def test_whole_variables_have_a_gap_and_prices_of_the_program_that_keeps_them():
    """Two plants of 60 at 5 for starting: demand 100 needs both, each MWh costs 1 or 3."""
    program = Program("启停")
    on = program.variable("on", 2, upper=1.0, cost=5.0, integer=True)
    output = program.variable("output", 2, "MWh", cost=[1.0, 3.0])
    room = program.row("room", 2, upper=0.0)
    program.put(room.at, output.at)
    program.put(room.at, on.at, -60.0)
    balance = program.equal("demand", 1, 100.0, "MWh")
    program.put(balance[0], output.at)
    solver = Solver(program)
    best = solver.solve()
    assert best.cost == pytest.approx(60 + 40 * 3 + 10)
    assert best.gap <= 1e-6
    assert solver.with_prices(best).price("demand")[0] == pytest.approx(3.0)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_programs_cost_what_scipy_says(seed):
    draws = np.random.default_rng(seed)
    rows, columns = draws.integers(1, 6), draws.integers(1, 8)
    matrix = draws.uniform(-1, 1, (rows, columns)).round(2)
    upper = matrix @ draws.uniform(0, 3, columns) + draws.uniform(0, 1, rows)
    cost = draws.uniform(-1, 1, columns).round(2)
    program = Program("随机")
    amount = program.variable("amount", int(columns), upper=4.0, cost=cost)
    row = program.row("row", int(rows), upper=upper)
    program.put(row.at[:, None], amount.at[None, :], matrix)
    other = linprog(cost, A_ub=matrix, b_ub=upper, bounds=(0, 4))
    assert solve(program).cost == pytest.approx(other.fun, rel=1e-7, abs=1e-7)


@settings(max_examples=40)
@given(loose=st.floats(0, 100), unit=st.sampled_from([1e-3, 2.0, 1e3]))
def test_a_looser_cap_never_costs_more_and_units_change_nothing(loose, unit):
    tight = solve(capped(cap=110.0))
    assert solve(capped(cap=110.0 + loose)).cost <= tight.cost + 1e-6
    program = Program("换单位")
    output = program.variable("output", (2, 2), cost=np.array([[20.0], [50.0]]) / unit)
    balance = program.equal("demand", 2, np.array([100.0, 150.0]) * unit)
    program.put(balance.at, output.at)
    emitted = program.row("cap", 1, upper=110.0 * unit)
    program.put(emitted[0], output.at, [[0.75], [0.4]])
    assert solve(program).cost == pytest.approx(tight.cost, rel=1e-7)


def test_marginal_costs_are_the_prices_and_marginal_carbon_is_the_plants():
    """Under a cap no MWh adds carbon; without one the cheaper coal of 0.75 t does."""
    solver = Solver(capped())
    best = solver.solve()
    assert solver.marginal(solver.program.cost) == pytest.approx(best.row_dual)
    carbon = np.array([0.75, 0.75, 0.4, 0.4])
    assert solver.marginal(carbon)[:2] == pytest.approx([0.0, 0.0], abs=1e-9)
    free = Solver(capped(cap=1e6))
    free.solve()
    assert free.marginal(carbon)[:2] == pytest.approx([0.75, 0.75])


def test_a_program_changed_many_times_costs_what_a_new_one_does():
    solver = Solver(capped())
    for cap in (150.0, 120.0, 180.0, 105.0):
        solver.change("cap", upper=cap)
        best = solver.solve()
        assert best.cost == pytest.approx(solve(capped(cap=cap)).cost)
        assert solver.marginal(solver.program.cost) == pytest.approx(best.row_dual)
