"""Power models of others, on our engine: their total costs and prices (facts/outlook/tests).

Inputs and expected figures stay where they were published; without them the tests skip.
"""

import pytest
from outside_power_models import Switch, expected, model_energy, pglib

from hengtan.outlook.optimum import solve
from hengtan.outlook.power.build import program_of

SWITCH = [
    "switch_production_cost_models_3plants",
    "switch_production_cost_models_unit_commit",
    "switch_copperplate1",
    "switch_storage",
    "switch_hydro_simple",
    "switch_new_builds_only",
]


@pytest.mark.parametrize("name", SWITCH)
def test_a_switch_model_costs_what_switch_says(name):
    said = expected(name)
    model = Switch(name)
    total = solve(program_of(model.system())).cost * model.present_value
    assert total == pytest.approx(said["expected"], rel=said["rel_tol"])


@pytest.mark.parametrize("name", ["pglib_case5_pjm", "pglib_case14_ieee", "pglib_case30_ieee"])
def test_a_network_costs_what_the_library_of_cases_says(name):
    said = expected(name)
    assert solve(program_of(pglib(name))).cost == pytest.approx(
        said["expected"], rel=said["rel_tol"]
    )


def test_prices_of_the_five_nodes_are_the_published_ones():
    said = expected("pglib_case5_pjm")["lmp"]
    best = solve(program_of(pglib("pglib_case5_pjm")))
    assert best.price("demand")[:, 0] == pytest.approx(list(said.values()), abs=5e-4)


def test_wind_sun_battery_and_hydrogen_cost_what_pypsa_says():
    said = expected("pypsa_model_energy")
    best = solve(program_of(model_energy()))
    assert best.cost == pytest.approx(said["expected"], rel=said["rel_tol"])
    assert best.of("variable built") == pytest.approx([32474.4, 26116.8], abs=0.1)
    assert best.of("energy built") == pytest.approx([3786558.3], abs=0.5)
