"""Landfill gas: the analytic solution, months worked by hand, carbon kept, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hengtan.accounts.carbon.landfill import (
    Site,
    Waste,
    back_cast,
    decay_of_mixture,
    first_order_decay,
    mass_balance,
)
from hengtan.basis.errors import HengtanError

MSW = {"docf": 0.5, "mcf": 1.0, "methane_share": 0.5}
SITE = Site(mcf=1.0, methane_share=0.5)


@pytest.mark.parametrize("delay", [0, 3, 6])
def test_constant_deposits_follow_the_geometric_sum(delay):
    # S_t = D e^(-k(6-d)/12) (1 - e^(-kt)) / (1 - e^(-k)) after t years; C = D less what storage
    # gains
    k, carbon, years = 0.09, 1000 * 0.15 * 0.5, 40
    site = replace(SITE, delay_months=delay)
    decayed = first_order_decay(np.full(years, 1000.0), Waste(0.15, 0.5, k), site)
    stored = (
        carbon
        * math.exp(-k * (6 - delay) / 12)
        * -np.expm1(-k * np.arange(1, years + 1))
        / -math.expm1(-k)
    )
    assert decayed.stored == pytest.approx(stored)
    assert decayed.generated == pytest.approx(
        (carbon - np.diff(stored, prepend=0.0)) * 0.5 * 16 / 12
    )


def test_a_shorter_delay_starts_in_the_year_of_deposit():
    # M = 10 (delay 3): three months on average remain in the year, (13 - 10) / 12
    site = replace(SITE, delay_months=3)
    decayed = first_order_decay(np.array([1000.0, 0.0]), Waste(0.2, 0.5, 0.185), site)
    carbon = 1000 * 0.2 * 0.5
    left = carbon * math.exp(-0.185 * 3 / 12)
    assert decayed.generated == pytest.approx(
        np.array([carbon - left, left * (1 - math.exp(-0.185))]) * 0.5 * 16 / 12
    )


def test_two_years_by_hand_with_recovery_and_oxidation():
    # food and wood, 100 t DDOC each in year 1: 100 (1 - e^-0.185) + 100 (1 - e^-0.03)
    # = 16.890 + 2.955 -> x 2/3 = 13.230; less 3.230, x 0.9 = 9.000
    decayed = decay_of_mixture(
        np.array([[1000.0, 0.0], [500.0, 0.0]]),
        [Waste(0.2, 0.5, 0.185), Waste(0.4, 0.5, 0.03)],
        replace(SITE, recovered=np.array([0.0, 3.230]), oxidation=0.1),
    )
    assert decayed.generated[:, 1] == pytest.approx(
        [16.890 * 2 / 3, 2.955 * 2 / 3], abs=1e-3
    ) and decayed.emitted == pytest.approx([0, 9.000], abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    waste=hnp.arrays(float, (3, 20), elements=st.floats(0, 1e5)),
    rates=hnp.arrays(float, 3, elements=st.floats(0.01, 0.5)),
    delay=st.integers(0, 6),
    more=st.floats(1, 10),
)
def test_a_mixture_is_the_sum_of_its_kinds_keeps_carbon_and_never_falls_with_more_waste(
    waste, rates, delay, more
):
    site = Site(mcf=0.8, methane_share=0.5, delay_months=delay)
    kinds = [Waste(doc, 0.5, rate) for doc, rate in zip((0.15, 0.2, 0.4), rates, strict=True)]
    decayed = decay_of_mixture(waste, kinds, site)
    apart = [first_order_decay(waste[n], kinds[n], site) for n in range(3)]
    assert decayed.emitted == pytest.approx(sum(a.emitted for a in apart))
    carbon = (waste * np.array([[0.15], [0.2], [0.4]])).sum(axis=1) * 0.5 * 0.8
    assert decayed.generated.sum(axis=1) / (0.5 * 16 / 12) + decayed.stored[:, -1] == pytest.approx(
        carbon, rel=1e-9, abs=1e-9
    )
    with_more = decay_of_mixture(waste * more, kinds, site)
    assert (with_more.emitted >= decayed.emitted * (1 - 1e-12)).all()


def test_the_mass_balance_by_hand():
    # L0 = 1.0 x 0.15 x 0.5 x 0.5 x 16/12 = 0.05 t/t; (10000 x 0.05 - 100) x 0.9
    assert mass_balance(10_000.0, 0.15, **MSW, recovered=100.0, oxidation=0.1) == pytest.approx(360)
    with pytest.raises(HengtanError, match="一阶衰减"):
        mass_balance(1000.0, 0.15, **MSW, recovered=100.0)


def test_history_is_cast_back_only_by_a_growth_one_states():
    assert back_cast(np.array([121.0, 130.0]), 2, 0.1) == pytest.approx(
        [100, 110, 121, 130]
    ) and list(back_cast(np.array([5.0]), 0, 0.1)) == [5.0]
    with pytest.raises(HengtanError):
        back_cast(np.array([1.0]), 2, -1.0)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"rate": 0.0}, "衰减速率"),
        ({"doc": 1.5}, "有机碳"),
        ({"oxidation": -0.1}, "氧化"),
        ({"delay_months": 7}, "滞后"),
        ({"recovered": np.array([0.0, 1e6])}, "第 2 年"),
        ({"deposited": np.array([1.0, np.nan])}, "不补推"),
        ({"recovered": np.array([1.0])}, "逐年"),
    ],
)
def test_what_cannot_be_is_refused(change, named):
    deposited = change.get("deposited", np.array([1000.0, 1000.0]))
    waste = Waste(change.get("doc", 0.15), 0.5, change.get("rate", 0.09))
    of_site = {
        name: change[name] for name in ("oxidation", "delay_months", "recovered") if name in change
    }
    with pytest.raises(HengtanError, match=named):
        first_order_decay(deposited, waste, replace(SITE, **of_site))
