"""Commitment by stretches: never less than the whole optimum, never below the bound, whole laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from power_systems import year_of_dispatch

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.power.parts import Curtailable, Limits
from hengtan.outlook.power.results import planned
from hengtan.outlook.power.rolling import NotByStretches, rolled, stretches


@settings(max_examples=5)
@given(seed=st.integers(0, 2**16), days=st.sampled_from([1, 2, 3]))
def test_stretches_cost_between_the_whole_optimum_and_its_gap(seed, days):
    """The whole year solved at once is no dearer than stretches, no cheaper than their bound."""
    system = year_of_dispatch(24 * 6, "relaxed", seed)
    whole, parts = planned(system).optimum, rolled(system, days).optimum
    assert parts.bound <= whole.cost * (1 + 1e-9)
    assert whole.cost <= parts.cost * (1 + 1e-9)
    assert (parts.cost - whole.cost) / parts.cost <= parts.gap + 1e-9
    assert parts.gap < 0.01


def test_a_system_of_one_stretch_is_solved_at_once():
    system = year_of_dispatch(24 * 3, "relaxed")
    plan = rolled(system, 3)
    assert plan.optimum.cost == pytest.approx(planned(system).optimum.cost, rel=1e-9)
    assert plan.optimum.gap < 1e-9


def test_whole_units_stay_whole_and_keep_their_hours_across_stretches():
    """Of any eight hours in a row those that started stay on, the end of the year joined to its
    beginning.
    """
    system = year_of_dispatch(24 * 4, "integer")
    plan = rolled(system, 2)
    for name, units in plan.online.items():
        assert units == pytest.approx(np.round(units), abs=1e-5)
        started = np.maximum(units - np.roll(units, 1), 0.0)
        hours = int(next(part.up for part in system.thermal if part.name == name))
        recent = sum(np.roll(started, past) for past in range(hours))
        assert (units >= recent - 1e-5).all()
    assert np.abs(plan.imbalance()).max() < 1e-5


def test_contracts_and_calls_of_the_year_are_kept():
    load = Curtailable(name="factory", node="市", power=50.0, price=100.0, calls=2.0, hours=2.0)
    system = replace(year_of_dispatch(24 * 4, "relaxed"), curtailable=(load,))
    plan = rolled(system, 1)
    link = system.imports[0]
    assert link.at_least <= plan.year(plan.output[link.name]) * (1 + 1e-9)
    assert plan.year(plan.output[link.name]) <= link.at_most * (1 + 1e-9)
    assert plan.optimum.of("curtailed load").sum() <= 200 * (1 + 1e-6)


def test_a_gap_that_is_too_wide_gives_no_figures():
    with pytest.raises(NotProven, match="分段求解的差距为"):
        rolled(year_of_dispatch(48, "relaxed"), 1, within=1e-9)


def test_a_law_of_the_whole_year_is_refused():
    capped = replace(year_of_dispatch(48, "relaxed"), limits=Limits(carbon=1e9))
    with pytest.raises(NotByStretches, match="碳排放上限"):
        rolled(capped)


def test_stretches_cover_each_hour_once():
    parts = list(stretches(year_of_dispatch(24 * 7, "relaxed"), 3))
    assert np.concatenate([part.own for part in parts]).tolist() == list(range(24 * 7))
    assert [part.last for part in parts] == [False, False, True]
    assert parts[0].before.tolist() == list(range(24 * 6, 24 * 7))
