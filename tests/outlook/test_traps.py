"""Traps of outside solvers and libraries, and what more of a thing may do to the cost."""

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from power_systems import year_of_dispatch
from small_power_systems import system, thermal

from hengtan.outlook.power.parts import Line, Steps, Storage, Thermal, Variable
from hengtan.outlook.power.pypsa_link import network_of
from hengtan.outlook.power.results import planned

ROOT = Path(__file__).parents[2]


def day_of_a_year():
    """A bright and a dark hour that stand for 365 days each: 40 MW of sun at 1, a plant at 9, and a
    store of 10 MWh without losses.
    """
    return system(
        [30.0, 30.0],
        Steps(np.ones(2), np.full(2, 365.0), np.zeros(2, dtype=np.int32)),
        thermal=(thermal(cost=9.0, capacity=100.0),),
        variable=(
            Variable(
                name="sun",
                node="A",
                kind="solar",
                capacity=40.0,
                available=np.array([1.0, 0.0]),
                cost=1.0,
            ),
        ),
        storage=(Storage(name="store", node="A", kind="battery", capacity=20.0, energy=10.0),),
    )


def test_weights_of_cost_are_no_weights_of_storage_on_both_engines():
    """Each day 10 of the 30 MWh of the dark come from the bright hour: 365 x (40 x 1 + 20 x 9) =
    80,300. Where a step counted 365 times in the store too, it could keep 10 / 365 MWh a day:
    nearly all of the dark at 9.
    """
    pytest.importorskip("pypsa")
    asked = day_of_a_year()
    assert planned(asked).optimum.cost == pytest.approx(80_300)
    network = network_of(asked)
    network.optimize(solver_name="highs", log_to_console=False)
    assert network.objective == pytest.approx(80_300, rel=1e-7)
    network.snapshot_weightings["stores"] = 365.0
    network.optimize(solver_name="highs", log_to_console=False)
    kept = 10 / 365
    wrong = 365 * ((30 + kept) * 1 + (30 - kept) * 9)
    assert network.objective == pytest.approx(wrong, rel=1e-6)


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    more=st.floats(0, 3000),
    where=st.sampled_from(["imports", "reservoirs", "storage"]),
)
def test_more_capacity_of_lines_dams_and_stores_never_costs_more(seed, more, where):
    asked = year_of_dispatch(48, seed=seed)
    first, *rest = getattr(asked, where)
    larger = replace(asked, **{where: (replace(first, capacity=first.capacity + more), *rest)})
    before, after = (planned(each).optimum.cost for each in (asked, larger))
    assert after <= before * (1 + 1e-9)


@settings(max_examples=20, deadline=None)
@given(
    demand=st.lists(st.floats(0, 100), min_size=4, max_size=4),
    power=st.floats(0, 50),
    more=st.floats(0, 50),
)
def test_more_of_a_line_between_two_nodes_never_costs_more(demand, power, more):
    """Cheap power in one node, dear in the other."""
    plants = (
        Thermal(name="cheap", node="A", kind="coal", capacity=500.0, cost=10.0),
        Thermal(name="dear", node="B", kind="gas", capacity=500.0, cost=40.0),
    )

    def cost(size):
        line = Line(name="link", start="A", end="B", power=size, efficiency=0.95)
        hours = np.reshape(demand, (2, 2))
        asked = system(hours, nodes=("A", "B"), thermal=plants, lines=(line,))
        return planned(asked).optimum.cost

    assert cost(power + more) <= cost(power) + 1e-6


def test_the_solver_and_its_extras_are_asked_for_alike():
    """The extras pin nothing themselves, and PyPSA is asked for with pandas before 3."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = asked["project"]["optional-dependencies"]
    assert {"highspy==1.15.1", "highspy-extras==1.15.1"} <= set(extras["outlook"])
    assert {"pypsa>=1.2,<1.3", "pandas>=2.2,<3"} <= set(extras["power"])


def test_interactive_paths_load_no_slow_library():
    """linopy, xarray and SALib take seconds to import; a plan is solved and odds are at hand
    without them.
    """
    code = (
        "import sys\n"
        "import hengtan.desk.odds, hengtan.desk.pathway, hengtan.desk.portfolio\n"
        "import hengtan.desk.power\n"
        "from hengtan.outlook.linear import Program\n"
        "from hengtan.outlook.optimum import solve\n"
        "program = Program('small')\n"
        "program.variable('amount', 1, lower=2.0, cost=1.0)\n"
        "assert solve(program).cost == 2.0\n"
        "print([m for m in ('linopy', 'xarray', 'SALib', 'pypsa') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
