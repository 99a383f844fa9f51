"""A park behind its meter, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.outlook.conflict import conflict
from hengtan.outlook.optimum import Infeasible
from hengtan.outlook.power.park import Meter, Park, Shares, Source, Store, park_plan


def park(load=(100.0, 100.0), sun=(1.0, 0.0), **parts):
    """Two hours, one with sun. A kW of sun costs 0.3 yuan, power 0.5 bought and 0.1 sold."""
    hours = len(load)
    meter = parts.pop("meter", None) or Meter(np.full(hours, 0.5), np.full(hours, 0.1), 1e3, 1e3)
    most = parts.pop("most", 1e3)
    return Park(
        "园区",
        np.array(load),
        np.zeros(hours, dtype=np.int64),
        {"solar": Source(np.array(sun), most, 0.3)},
        parts.pop("store", None),
        meter,
        **parts,
    )


def test_without_storage_the_sun_covers_the_hour_it_shines_in():
    """100 kW of sun at 0.3 save 100 kWh at 0.5; more would be sold at 0.1, below its cost. Cost 30
    + 50 = 80; self-use 1, green share 1/2, nothing exported.
    """
    plan = park_plan(park())
    assert plan.built["solar"] == pytest.approx(100)
    assert plan.cost == pytest.approx(80)
    assert (plan.self_use, plan.green, plan.exported) == pytest.approx((1.0, 0.5, 0.0))


def test_a_fixed_field_has_its_three_shares():
    """150 kW at no cost: 100 kWh used, 50 sold of 150: 2/3, 1/2, 1/3."""
    plan = park_plan(
        park(meter=Meter(np.array([0.5, 0.5]), np.array([0.31, 0.1]), 1e3, 1e3), most=150.0)
    )
    assert plan.built["solar"] == pytest.approx(150)
    assert (plan.self_use, plan.green, plan.exported) == pytest.approx((2 / 3, 1 / 2, 1 / 3))


def test_storage_moves_the_sun_and_its_loss_is_counted_or_not():
    """A green share of 1 from one sunny hour: 100 kWh for the dark hour need 100 / 0.81 = 123.457
    into the store of 81 %. Sun 223.457 kW; used 200 of it, or 223.457 with what storage loses.
    """
    store = Store(0.01, 0.01, 0.81)
    plan = park_plan(park(store=store, asked=Shares(green=1.0)))
    assert plan.built["solar"] == pytest.approx(100 + 100 / 0.81)
    assert plan.green == pytest.approx(1.0)
    assert plan.self_use == pytest.approx(200 / (100 + 100 / 0.81))
    counted = park_plan(park(store=store, asked=Shares(green=1.0), loss_counts=True))
    assert counted.self_use == pytest.approx(1.0)
    assert plan.loss == pytest.approx(100 / 0.81 - 100)


def test_a_demand_charge_cuts_the_peak():
    """Loads 0 and 100, power 0.5, charge 2 a kW: a store of 100 % halves the peak. One kW less
    costs 0.2 + 0.2 (power and energy of the store) and saves 2: both hours buy 50.
    """
    meter = Meter(np.full(2, 0.5), np.zeros(2), 1e3, 0.0, demand_charge=2.0)
    plan = park_plan(park((0.0, 100.0), (0.0, 0.0), meter=meter, store=Store(0.2, 0.2, 1.0)))
    assert plan.bought == pytest.approx([50, 50])
    assert plan.peaks[0] == pytest.approx(50)
    assert plan.cost == pytest.approx(100 * 0.5 + 50 * 2 + 50 * 0.4)


def test_a_green_share_that_nothing_can_give_names_its_gap():
    """Half the hours are dark: without storage no more than 100 of 200 kWh, 60 % lacks 20 kWh."""
    with pytest.raises(Infeasible) as refused:
        park_plan(park(asked=Shares(green=0.6)))
    said = conflict(refused.value.program)
    assert "绿电占用电比例下限降低20 kWh" in said.zh()


def test_limits_that_bind_have_a_price_and_others_none():
    plan = park_plan(park(asked=Shares(self_use=0.9, green=0.1)))
    assert plan.binding() == {}
    bound = park_plan(park(most=50.0, asked=Shares(green=0.25)))
    assert bound.green == pytest.approx(0.25)


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31), least=st.floats(0, 0.9))
def test_flows_close_and_a_share_that_is_asked_for_costs_nothing_or_more(seed, least):
    draws = np.random.default_rng(seed)
    load, sun = draws.uniform(50, 100, 24), np.maximum(0, np.sin(np.arange(24) / 24 * 2 * np.pi))
    own = park(tuple(load), tuple(sun), store=Store(0.05, 0.05, 0.9))
    free = park_plan(own)
    asked = park_plan(park(tuple(load), tuple(sun), store=own.store, asked=Shares(green=least)))
    assert asked.cost >= free.cost - 1e-6
    assert asked.green >= least - 1e-6
    for plan in (free, asked):
        given_out = plan.bought + plan.output["solar"] + plan.discharge
        assert given_out == pytest.approx(load + plan.sold + plan.charge, abs=1e-5)
