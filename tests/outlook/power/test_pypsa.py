"""PyPSA as a second opinion: the same system on both engines, both ways."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from outside_power_models import Switch, expected, model_energy, pglib
from power_systems import year_of_dispatch, year_of_investment
from small_power_systems import coal_and_gas

from hengtan.outlook.power import pypsa_link
from hengtan.outlook.power.parts import Build, Limits, Variable
from hengtan.outlook.power.pypsa_link import NotInPypsa, constant_cost, network_of, pypsa_library
from hengtan.outlook.power.pypsa_network import system_of
from hengtan.outlook.power.results import planned

pytestmark = pytest.mark.skipif(find_spec("pypsa") is None, reason="PyPSA is not installed")
"""Told without loading it, which takes each process of the tests two seconds."""


def optimized(network):
    """The network, solved by PyPSA."""
    status, condition = network.optimize(solver_name="highs", log_to_console=False)
    assert (status, condition) == ("ok", "optimal")
    return network


def without_least_flow(system):
    """PyPSA has no least flow for water that cannot be pumped back."""
    return replace(system, reservoirs=tuple(replace(dam, least=0.0) for dam in system.reservoirs))


def test_a_week_costs_the_same_on_both():
    """Constant cost, which PyPSA leaves out of its objective, is added by name."""
    system = without_least_flow(year_of_dispatch(96))
    standing = tuple(replace(part, fixed=7.0) for part in system.thermal)
    system = replace(system, thermal=standing, constants={"wires": 5e6})
    network = optimized(network_of(system))
    plan = planned(system)
    assert network.objective + constant_cost(system) == pytest.approx(plan.optimum.cost, rel=1e-7)
    assert constant_cost(system) > 5e6


def test_a_carbon_cap_counts_imports_by_their_factor_on_both():
    system = without_least_flow(year_of_dispatch(48))
    most = sum(planned(system).carbon().values())
    capped = replace(system, limits=Limits(carbon=0.9 * most))
    plan = planned(capped)
    network = optimized(network_of(capped))
    assert network.objective == pytest.approx(plan.optimum.cost, rel=1e-7)
    assert -network.global_constraints.mu["carbon"] == pytest.approx(plan.carbon_price, rel=1e-4)


def test_what_is_built_is_the_same_on_both():
    system = without_least_flow(year_of_investment(72))
    network = optimized(network_of(system))
    plan = planned(system)
    assert network.objective == pytest.approx(plan.optimum.cost, rel=1e-7)


def test_the_two_hours_under_a_cap_cost_the_same_on_both():
    """8214.2857 and 85.714 by hand."""
    network = optimized(network_of(coal_and_gas()))
    assert network.objective == pytest.approx(8214.285714, rel=1e-8)
    assert -network.global_constraints.mu["carbon"] == pytest.approx(85.714286, rel=1e-6)


@pytest.mark.parametrize("name", ["pglib_case5_pjm", "pglib_case14_ieee", "pglib_case30_ieee"])
def test_networks_by_angle_cost_the_same_on_both(name):
    said = expected(name)
    system = pglib(name)
    network = optimized(network_of(system))
    assert network.objective == pytest.approx(said["expected"], rel=said["rel_tol"])
    back = planned(system_of(network))
    assert back.optimum.cost == pytest.approx(network.objective, rel=1e-8)


def test_three_plants_of_switch_cost_the_same_on_both():
    """One step, so that flat output is no law; what stands is added by name."""
    said = expected("switch_production_cost_models_3plants")
    model = Switch("switch_production_cost_models_3plants")
    system = model.system()
    system = replace(system, thermal=tuple(replace(part, flat=False) for part in system.thermal))
    (wires,) = system.lines
    standing = replace(wires, power=wires.power + wires.build.least, build=None)
    system = replace(system, lines=(standing,))
    cost = optimized(network_of(system)).objective + constant_cost(system)
    assert cost * model.present_value == pytest.approx(said["expected"], rel=said["rel_tol"])


def test_a_network_comes_back_as_the_system_that_it_was():
    """The wind, sun, battery and hydrogen system, a tenth of it, out and in again."""
    system = model_energy()
    part = 290
    short = replace(
        system,
        steps=replace(
            system.steps,
            length=system.steps.length[:part],
            times=system.steps.times[:part],
            period=system.steps.period[:part],
        ),
        demand=system.demand[:, :part],
        variable=tuple(replace(v, available=v.available[:part]) for v in system.variable),
    )
    network = network_of(short)
    again = planned(system_of(network)).optimum.cost
    assert again == pytest.approx(planned(short).optimum.cost, rel=1e-8)
    assert optimized(network).objective == pytest.approx(again, rel=1e-7)


def test_what_pypsa_cannot_say_is_refused_by_name():
    with pytest.raises(NotInPypsa, match="成组机组组合"):
        network_of(year_of_dispatch(24, "relaxed"))


def test_a_network_with_what_we_cannot_say_is_refused():
    network = network_of(replace(year_of_dispatch(24), imports=(), reservoirs=()))
    network.generators.loc["coal 1000", "committable"] = True
    with pytest.raises(NotInPypsa, match="committable"):
        system_of(network)


def test_pandas_three_is_refused_before_anything_is_computed(monkeypatch):
    monkeypatch.setattr(pypsa_link.metadata, "version", lambda package: "3.0.1")
    with pytest.raises(NotInPypsa, match=r"pandas 3 以前的版本，现为 3\.0\.1"):
        pypsa_library()


def test_a_plant_that_stands_and_grows_is_two_in_pypsa():
    """10 MW stand and 5 more are paid for: both carry the profile."""
    wind = Variable(
        name="wind", node="市", kind="wind", capacity=10.0, available=np.ones(2), build=Build(3.0)
    )
    network = network_of(replace(year_of_dispatch(2), variable=(wind,), imports=(), reservoirs=()))
    assert {"wind", "wind built"} <= set(network.generators.index)
