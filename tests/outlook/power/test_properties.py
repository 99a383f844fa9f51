"""What must hold for any power system: looser limits never cost more, units are only words."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from power_systems import year_of_dispatch, year_of_investment

from hengtan.outlook.power.parts import Limits, Steps
from hengtan.outlook.power.results import planned

SEEDS = st.integers(0, 2**16)
HOURS = 48


def cost(system):
    return planned(system).optimum.cost


def with_part(system, group, number, **change):
    """The system with one of its parts changed."""
    parts = list(getattr(system, group))
    parts[number] = replace(parts[number], **change)
    return replace(system, **{group: tuple(parts)})


@settings(max_examples=10)
@given(seed=SEEDS, more=st.floats(0, 3000), where=st.sampled_from(["thermal", "variable"]))
def test_more_capacity_never_costs_more(seed, more, where):
    system = year_of_dispatch(HOURS, seed=seed)
    part = getattr(system, where)[0]
    larger = with_part(system, where, 0, capacity=part.capacity + more)
    assert cost(larger) <= cost(system) * (1 + 1e-9)


@settings(max_examples=10)
@given(seed=SEEDS, power=st.floats(0, 3000), hours=st.floats(0, 12))
def test_storage_never_raises_the_cost(seed, power, hours):
    system = year_of_dispatch(HOURS, seed=seed)
    without = replace(system, storage=())
    battery = replace(system.storage[1], capacity=power, energy=power * hours)
    assert cost(replace(system, storage=(battery,))) <= cost(without) * (1 + 1e-9)


@settings(max_examples=8)
@given(seed=SEEDS, shares=st.tuples(st.floats(0.85, 1), st.floats(0.85, 1)))
def test_a_looser_cap_never_costs_more(seed, shares):
    system = year_of_dispatch(HOURS, seed=seed)
    free = planned(system)
    most = sum(free.carbon().values())
    tight, loose = (
        planned(replace(system, limits=Limits(carbon=most * share))) for share in sorted(shares)
    )
    assert loose.optimum.cost <= tight.optimum.cost * (1 + 1e-9)
    assert sum(tight.carbon().values()) <= most * min(shares) * (1 + 1e-7)
    assert free.optimum.cost <= loose.optimum.cost * (1 + 1e-9)


@settings(max_examples=8)
@given(seed=SEEDS, unit=st.sampled_from([0.5, 2.0, 10.0]))
def test_a_unit_twice_as_small_at_half_the_price_changes_nothing(seed, unit):
    """Power in units of 1 / ``unit`` MW, every price a MWh divided by ``unit``."""
    system = year_of_dispatch(HOURS, seed=seed)
    scaled = replace(
        system,
        demand=system.demand * unit,
        thermal=tuple(
            replace(
                p,
                capacity=p.capacity * unit,
                cost=p.cost / unit,
                heat_rate=p.heat_rate / unit,
                no_load=p.no_load / unit,
            )
            for p in system.thermal
        ),
        variable=tuple(replace(p, capacity=p.capacity * unit) for p in system.variable),
        reservoirs=tuple(
            replace(
                p,
                capacity=p.capacity * unit,
                inflow=p.inflow * unit,
                volume=p.volume * unit,
                least=p.least * unit,
            )
            for p in system.reservoirs
        ),
        storage=tuple(
            replace(p, capacity=p.capacity * unit, energy=p.energy * unit, cost=p.cost / unit)
            for p in system.storage
        ),
        imports=tuple(
            replace(
                p,
                capacity=p.capacity * unit,
                cost=p.cost / unit,
                at_least=p.at_least * unit,
                at_most=p.at_most * unit,
                factor=p.factor / unit,
            )
            for p in system.imports
        ),
        shortage=system.shortage / unit,
    )
    one, other = planned(system), planned(scaled)
    assert other.optimum.cost == pytest.approx(one.optimum.cost, rel=1e-8)
    assert other.price * unit == pytest.approx(one.price, rel=1e-5, abs=1e-4)


@settings(max_examples=8)
@given(seed=SEEDS, commitment=st.sampled_from(["none", "relaxed"]))
def test_balances_close_in_every_hour_and_add_up_to_the_year(seed, commitment):
    system = year_of_dispatch(HOURS, commitment, seed)
    plan = planned(system)
    assert np.abs(plan.imbalance()).max() < 1e-6
    reached = sum(plan.year(row) for row in plan.stack().values())
    assert reached + plan.year(plan.shortage[0]) == pytest.approx(plan.year(system.demand[0]))
    assert plan.peak_day().difference() == pytest.approx(np.zeros(24), abs=1e-6)


@settings(max_examples=8)
@given(seed=SEEDS)
def test_commitment_never_costs_less_than_none(seed):
    """Full-load heat rates and nothing to start are the best that units can do."""
    none, relaxed = (cost(year_of_dispatch(HOURS, how, seed)) for how in ("none", "relaxed"))
    assert none <= relaxed * (1 + 1e-9)


@settings(max_examples=6)
@given(seed=SEEDS, days=st.sampled_from([2.0, 30.0, 365.0]))
def test_a_day_that_stands_for_many_costs_as_many_times(seed, days):
    system = replace(year_of_dispatch(24, seed=seed), imports=())
    steps = Steps(np.ones(24), np.full(24, days), np.zeros(24, dtype=np.int32))
    many = planned(replace(system, steps=steps))
    single = planned(system)
    assert many.optimum.cost == pytest.approx(days * single.optimum.cost, rel=1e-8)
    assert many.price == pytest.approx(single.price, rel=1e-6, abs=1e-6)


@settings(max_examples=6)
@given(seed=SEEDS, hours=st.sampled_from([2.0, 3.0]))
def test_longer_steps_of_the_same_load_cost_the_same(seed, hours):
    """Each step of an hour, or in two or three equal parts, ramps and stores by the hour."""
    system = year_of_dispatch(24, seed=seed)
    parts = int(hours)
    steps = Steps(
        np.full(24 * parts, 1 / hours), np.ones(24 * parts), np.zeros(24 * parts, dtype=np.int32)
    )

    def finer(part, words):
        known = {word: getattr(part, word) for word in words if np.ndim(getattr(part, word))}
        return replace(part, **{word: np.repeat(value, parts) for word, value in known.items()})

    fine = replace(
        system,
        steps=steps,
        demand=np.repeat(system.demand, parts, axis=1),
        thermal=tuple(replace(part, ramp=9.0) for part in system.thermal),
        variable=tuple(finer(part, ["available"]) for part in system.variable),
        reservoirs=tuple(finer(part, ["inflow"]) for part in system.reservoirs),
        imports=tuple(finer(part, ["available"]) for part in system.imports),
    )
    free = replace(system, thermal=fine.thermal)
    assert cost(fine) <= cost(free) * (1 + 1e-8)
    assert planned(fine).generation()["coal"] == pytest.approx(
        planned(free).generation()["coal"], rel=0.02
    )


@settings(max_examples=5)
@given(seed=SEEDS)
def test_what_may_be_built_never_costs_more_than_what_stands(seed):
    system = year_of_investment(HOURS, seed=seed)
    standing = replace(
        system,
        thermal=tuple(replace(part, build=None) for part in system.thermal),
        variable=tuple(replace(part, build=None) for part in system.variable),
        storage=tuple(replace(part, build=None) for part in system.storage),
    )
    assert cost(system) <= cost(standing) * (1 + 1e-9)
