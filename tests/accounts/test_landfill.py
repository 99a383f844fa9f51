"""Landfill gas: the analytic solution, months worked by hand, carbon kept, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hengtan.accounts.carbon.landfill import (
    back_cast,
    decay_of_mixture,
    first_order_decay,
    mass_balance,
)
from hengtan.basis.errors import HengtanError

MSW = {"docf": 0.5, "mcf": 1.0, "methane_share": 0.5}


@pytest.mark.parametrize("delay", [0, 3, 6])
def test_constant_deposits_follow_the_geometric_sum(delay):
    # S_t = D e^(-k(6-d)/12) (1 - e^(-kt)) / (1 - e^(-k)) after t years; C = D less what storage gains
    k, carbon, years = 0.09, 1000 * 0.15 * 0.5, 40
    made = first_order_decay(np.full(years, 1000.0), 0.15, k, **MSW, delay_months=delay)
    stored = (
        carbon
        * math.exp(-k * (6 - delay) / 12)
        * -np.expm1(-k * np.arange(1, years + 1))
        / -math.expm1(-k)
    )
    assert made.stored == pytest.approx(stored)
    assert made.generated == pytest.approx((carbon - np.diff(stored, prepend=0.0)) * 0.5 * 16 / 12)


def test_a_shorter_delay_starts_in_the_year_of_deposit():
    # M = 10 (delay 3): three months on average remain in the year, (13 - 10) / 12
    made = first_order_decay(np.array([1000.0, 0.0]), 0.2, 0.185, **MSW, delay_months=3)
    carbon = 1000 * 0.2 * 0.5
    left = carbon * math.exp(-0.185 * 3 / 12)
    assert made.generated == pytest.approx(
        np.array([carbon - left, left * (1 - math.exp(-0.185))]) * 0.5 * 16 / 12
    )


def test_two_years_by_hand_with_recovery_and_oxidation():
    # food and wood, 100 t DDOC each in year 1: 100 (1 - e^-0.185) + 100 (1 - e^-0.03) = 16.890 + 2.955 -> x 2/3 = 13.230; less 3.230, x 0.9 = 9.000
    made = decay_of_mixture(
        np.array([[1000.0, 0.0], [500.0, 0.0]]),
        [0.2, 0.4],
        [0.185, 0.03],
        docf=[0.5, 0.5],
        mcf=1.0,
        methane_share=0.5,
        recovered=np.array([0.0, 3.230]),
        oxidation=0.1,
    )
    assert made.generated[:, 1] == pytest.approx(
        [16.890 * 2 / 3, 2.955 * 2 / 3], abs=1e-3
    ) and made.emitted == pytest.approx([0, 9.000], abs=1e-3)


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
    parameters = {"mcf": 0.8, "methane_share": 0.5, "delay_months": delay}
    made = decay_of_mixture(waste, [0.15, 0.2, 0.4], rates, docf=[0.5] * 3, **parameters)
    apart = [
        first_order_decay(waste[n], (0.15, 0.2, 0.4)[n], rates[n], docf=0.5, **parameters)
        for n in range(3)
    ]
    assert made.emitted == pytest.approx(sum(a.emitted for a in apart))
    carbon = (waste * np.array([[0.15], [0.2], [0.4]])).sum(axis=1) * 0.5 * 0.8
    assert made.generated.sum(axis=1) / (0.5 * 16 / 12) + made.stored[:, -1] == pytest.approx(
        carbon, rel=1e-9, abs=1e-9
    )
    assert (
        decay_of_mixture(
            waste * more, [0.15, 0.2, 0.4], rates, docf=[0.5] * 3, **parameters
        ).emitted
        >= made.emitted * (1 - 1e-12)
    ).all()


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


@pytest.mark.parametrize(("change", "named"), [
    ({"rate": 0.0}, "衰减速率"), ({"doc": 1.5}, "有机碳"), ({"oxidation": -0.1}, "氧化"), ({"delay_months": 7}, "滞后"), ({"recovered": np.array([0.0, 1e6])}, "第 2 年"), ({"deposited": np.array([1.0, np.nan])}, "不补推"), ({"recovered": np.array([1.0])}, "逐年"),
])  # fmt: skip
def test_what_cannot_be_is_refused(change, named):
    given = {"deposited": np.array([1000.0, 1000.0]), "doc": 0.15, "rate": 0.09, **MSW} | change
    with pytest.raises(HengtanError, match=named):
        first_order_decay(given.pop("deposited"), given.pop("doc"), given.pop("rate"), **given)
