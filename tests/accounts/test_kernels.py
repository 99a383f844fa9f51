"""The kernels against published examples, hand calculations and identities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hengtan.accounts.carbon.decompose import lmdi, lmdi_levels, log_mean
from hengtan.accounts.carbon.key_categories import key_categories
from hengtan.accounts.carbon.landfill import Site, Waste, first_order_decay, mass_balance
from hengtan.accounts.carbon.peaks import PeakRule, find_peak
from hengtan.accounts.carbon.uncertainty import Entry, draw, propagate
from hengtan.accounts.energy.least_squares import least_squares
from hengtan.accounts.energy.reconcile import ras
from hengtan.basis.errors import HengtanError, ParameterNotEstablished
from hengtan.graph.said import say_missing

MANY = settings(max_examples=60, deadline=None)
POSITIVE = st.floats(0.1, 1e4)


# reconciliation


def test_ras_by_hand_on_a_small_table():
    # rows must double: one factor of two does it, the columns follow
    result = ras(np.array([[1.0, 3.0], [2.0, 2.0]]), np.array([8.0, 8.0]), np.array([6.0, 10.0]))
    assert result.after == pytest.approx(
        np.array([[2.0, 6.0], [4.0, 4.0]])
    ) and result.adjustment == pytest.approx(np.array([[1.0, 3.0], [2.0, 2.0]]))


@MANY
@given(
    table=hnp.arrays(float, (4, 3), elements=POSITIVE),
    r=hnp.arrays(float, 4, elements=st.floats(0.5, 2)),
    s=hnp.arrays(float, 3, elements=st.floats(0.5, 2)),
)
def test_ras_meets_totals_keeps_odds_and_leaves_a_balanced_table_alone(table, r, s):
    wanted = r[:, None] * table * s[None, :]
    result = ras(table, wanted.sum(axis=1), wanted.sum(axis=0))
    assert result.after == pytest.approx(wanted, rel=1e-4), (
        "a table scaled by rows and columns is found again: RAS is unique"
    )
    same = ras(table, table.sum(axis=1), table.sum(axis=0))
    assert same.after == pytest.approx(table, rel=1e-9)


def test_ras_keeps_zeros_and_signs():
    table = np.array([[10.0, 0.0, -2.0], [5.0, 4.0, 0.0]])
    result = ras(table, np.array([9.0, 10.0]), np.array([16.0, 4.5, -1.5]))
    assert (
        (np.sign(result.after) == np.sign(table)).all()
        and result.after.sum(axis=1) == pytest.approx([9.0, 10.0])
        and result.after.sum(axis=0) == pytest.approx([16.0, 4.5, -1.5])
    )


@pytest.mark.parametrize(
    ("table", "rows", "columns"),
    [
        ([[1.0, 1.0], [1.0, 1.0]], [1.0, 2.0], [2.0, 2.0]),
        ([[0.0, 0.0], [1.0, 1.0]], [1.0, 2.0], [1.5, 1.5]),
        ([[1.0, 0.0], [0.0, 1.0]], [1.0, 2.0], [2.0, 1.0]),
    ],
)
def test_ras_refuses_what_cannot_be_met(table, rows, columns):
    with pytest.raises(HengtanError):
        ras(np.array(table), np.array(rows), np.array(columns), rounds=200)


def test_least_squares_by_hand():
    # two districts said 40 and 50, the city 100; variances 1 and 4: the gap of 10 is shared 1 : 4
    result = least_squares(
        np.array([40.0, 50.0]), np.array([1.0, 4.0]), np.array([[1.0, 1.0]]), np.array([100.0])
    )
    assert result.after == pytest.approx([42.0, 58.0]) and result.row_pull == pytest.approx([-2.0])


@MANY
@given(
    x=hnp.arrays(float, 6, elements=POSITIVE),
    v=hnp.arrays(float, 6, elements=st.floats(0.01, 100)),
    scale=st.floats(0.01, 100),
)
def test_least_squares_meets_its_constraints_and_only_relative_variances_matter(x, v, scale):
    a = np.array(
        [[1.0, 1, 1, 0, 0, 0], [0, 0, 0, 1.0, 1, 1], [1.0, 1, 1, 1, 1, 1]]
    )  # the third follows from the others
    b = np.array([1000.0, 500.0, 1500.0])
    single, two = least_squares(x, v, a, b), least_squares(x, v * scale, a, b)
    assert a @ single.after == pytest.approx(b, rel=1e-7) and two.after == pytest.approx(
        single.after, rel=1e-5, abs=1e-5
    )


def test_least_squares_names_the_constraint_that_cannot_be_met():
    with pytest.raises(HengtanError, match="全市"):
        least_squares(
            np.array([1.0, 1.0]),
            np.array([0.0, 0.0]),
            np.array([[1.0, 1.0]]),
            np.array([5.0]),
            names=["全市"],
        )


# decomposition


def test_log_mean_limits():
    assert (
        log_mean(2.0, 1.0) == pytest.approx(1 / math.log(2))
        and log_mean(3.0, 3.0) == 3
        and log_mean(0.0, 3.0) == 0
    )


def test_two_sectors_by_hand():
    # Q S I of two sectors; the effects by the published formula, worked here apart from the program
    q, s, i = (100.0, 120.0), ((0.6, 0.4), (0.5, 0.5)), ((2.0, 1.0), (1.8, 1.1))
    x = np.array([[[q[t], s[t][k], i[t][k]] for k in range(2)] for t in range(2)])
    result = lmdi(x)
    e = [[q[t] * s[t][k] * i[t][k] for k in range(2)] for t in range(2)]
    weight = [(e[1][k] - e[0][k]) / math.log(e[1][k] / e[0][k]) for k in range(2)]
    by_hand = [
        sum(weight[k] * math.log(x[1, k, f] / x[0, k, f]) for k in range(2)) for f in range(3)
    ]
    assert result.additive[0] == pytest.approx(by_hand) and result.additive.sum() == pytest.approx(
        sum(e[1]) - sum(e[0])
    )
    assert result.multiplicative.prod() == pytest.approx(sum(e[1]) / sum(e[0]))


@MANY
@given(x=hnp.arrays(float, (4, 3, 3), elements=st.one_of(st.just(0.0), st.floats(0.01, 100))))
def test_effects_add_up_wherever_zeros_stand(x):
    result = lmdi(x)
    total = x.prod(axis=2).sum(axis=1)
    assert result.additive.sum(axis=1) == pytest.approx(
        np.diff(total), rel=1e-7, abs=1e-7 * max(total.max(), 1)
    )
    added, multiplied = result.chained()
    assert added.sum() == pytest.approx(
        total[-1] - total[0], rel=1e-7, abs=1e-7 * max(total.max(), 1)
    )
    if (total > 0).all():
        assert multiplied.prod() == pytest.approx(total[-1] / total[0], rel=1e-6)


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ((0.0, 2.0), (5.0, 2.0), 0),
        ((5.0, 0.0), (5.0, 2.0), 1),
        ((5.0, 2.0), (0.0, 2.0), 0),
        ((5.0, 2.0), (5.0, 0.0), 1),
    ],
)
def test_a_factor_that_appears_or_vanishes_carries_the_whole_change(before, after, whole):
    # the limit of a small value, taken numerically: every zero replaced by 1e-100 (Ang and Liu)
    exact = lmdi(np.array([[before], [after]])).additive[0]
    small = lmdi(
        np.array([[[max(v, 1e-100) for v in before]], [[max(v, 1e-100) for v in after]]])
    ).additive[0]
    assert exact[whole] == pytest.approx(np.prod(after) - np.prod(before)) and exact[1 - whole] == 0
    assert exact == pytest.approx(small, abs=0.05)


def test_levels_add_to_the_whole():
    x = np.random.default_rng(7).uniform(0.1, 5, (5, 12, 3))
    whole, parts = lmdi(x), lmdi_levels(x, np.repeat([1, 2, 3], 4))
    assert sum(p.additive for p in parts.values()) == pytest.approx(whole.additive)


# uncertainty


def entry(name, activity, factor, ua, uf, row=None, base=None, shape="normal"):
    return Entry(name, activity, factor, ua, uf, row or name, "hand", shape, base)


def test_propagation_by_hand_with_and_without_a_shared_factor():
    apart = propagate([entry("a", 100.0, 1.0, 0.05, 0.10), entry("b", 100.0, 1.0, 0.05, 0.10)])
    # sqrt(2 x (5^2 + 10^2)) / 200 ; shared: sqrt(2 x 5^2 + 20^2) / 200
    assert apart.uncertainty == pytest.approx(math.sqrt(250) / 200)
    shared = propagate(
        [entry("a", 100.0, 1.0, 0.05, 0.10, "coal"), entry("b", 100.0, 1.0, 0.05, 0.10, "coal")]
    )
    assert shared.uncertainty == pytest.approx(math.sqrt(450) / 200) and shared.variance_share[
        "factor:coal"
    ] == pytest.approx(400 / 450)


def test_drawing_agrees_with_propagation_on_a_nearly_linear_case():
    entries = [
        entry("a", 100.0, 2.0, 0.03, 0.05, "coal"),
        entry("b", 50.0, 2.0, 0.03, 0.05, "coal"),
        entry("c", 80.0, 1.0, 0.02, 0.04),
    ]
    stated, drawn = propagate(entries), draw(entries, draws=200_000)
    assert drawn.mean == pytest.approx(stated.total, rel=0.001) and (
        drawn.high - drawn.low
    ) / 2 / stated.total == pytest.approx(stated.uncertainty, rel=0.02)


def test_a_trend_is_surer_than_its_years_where_the_factor_is_shared():
    stated = propagate([entry("a", 110.0, 1.0, 0.0, 0.30, "coal", base=100.0)])
    assert stated.trend == pytest.approx(0.10) and stated.trend_uncertainty == pytest.approx(
        0.0, abs=1e-12
    ), "one factor moves both years alike"
    loose = propagate([entry("a", 110.0, 1.0, 0.05, 0.30, "coal", base=100.0)])
    assert loose.trend_uncertainty == pytest.approx(math.sqrt((0.05 * 1.1) ** 2 * 2))


def test_no_range_is_ever_assumed():
    for kernel in (propagate, draw):
        with pytest.raises(ParameterNotEstablished, match="煤"):
            kernel([entry("煤", 1.0, 1.0, None, 0.05)])
        with pytest.raises(ParameterNotEstablished):
            kernel([Entry("煤", 1.0, 1.0, 0.05, 0.05, "煤", "")])


@pytest.mark.parametrize("shape", ["lognormal", "triangular", "uniform"])
def test_shapes_keep_their_mean(shape):
    assert draw(
        [entry("a", 10.0, 1.0, 0.3, 0.0, shape=shape)], draws=200_000
    ).mean == pytest.approx(10, rel=0.01)


def test_key_categories_by_level_and_trend():
    names = ["coal", "cement", "rice", "forest"]
    level = key_categories(names, [800.0, 150.0, 10.0, -40.0])
    # 800, 150, 40 and 10 of 1000: 80 % and 95 % make the limit
    assert [(k.name, k.key) for k in level] == [
        ("coal", True),
        ("cement", True),
        ("forest", False),
        ("rice", False),
    ] and level[1].running == pytest.approx(0.95)
    trend = {
        k.name: k
        for k in key_categories(names, [900.0, 150.0, 10.0, -40.0], [800.0, 150.0, 10.0, -40.0])
    }
    growth = 100 / 920
    assert trend["cement"].share == pytest.approx(
        150 * growth / (800 * (0.125 - growth) + 150 * growth + 10 * growth + 40 * growth)
    )


# peaks


def test_peak_verdicts():
    falls = {2018: 90.0, 2019: 100.0, 2020: 98.0, 2021: 96.0, 2022: 95.0, 2023: 94.0}
    peak = find_peak(falls)
    assert (
        (peak.verdict, peak.peak_year, peak.steady) == ("peaked", 2019, True)
        and peak.fall == pytest.approx(0.06)
        and "稳中有降" in say_missing(peak.reason)
    )
    # all five values in falling order: 1 of 5! orders
    assert peak.decline_p == pytest.approx(1 / 120)
    assert (
        find_peak({**falls, 2023: 101.0}).verdict == "not_peaked"
        and find_peak({y: v for y, v in falls.items() if y < 2022}).verdict == "too_few_values"
    )
    assert (
        find_peak({2018: 99.0, 2019: 100.0, 2020: 99.5, 2021: 99.2, 2022: 99.4, 2023: 99.1}).verdict
        == "plateau"
    )
    assert find_peak(falls, breaks=[2021]).verdict == "break" and find_peak(
        falls, PeakRule(years_after=5)
    ).verdict in ("not_peaked", "too_few_values")


# landfill

FOOD = {"doc": 0.15, "docf": 0.5, "mcf": 1.0, "methane_share": 0.5}


def test_decay_of_one_year_of_waste_follows_the_exponential_and_loses_no_carbon():
    waste = np.zeros(400)
    waste[0] = 1000.0
    result = first_order_decay(waste, Waste(FOOD["doc"], 0.5, 0.185), Site(1.0, 0.5))
    assert result.generated[0] == 0, "with a delay of six months decay begins on 1 January"
    assert result.generated[1] == pytest.approx(
        1000 * 0.15 * 0.5 * (1 - math.exp(-0.185)) * 0.5 * 16 / 12
    )
    assert result.generated.sum() == pytest.approx(1000 * 0.15 * 0.5 * 0.5 * 16 / 12), (
        "all the carbon in the end"
    )
    assert result.generated.sum() == pytest.approx(mass_balance(1000.0, **FOOD)), (
        "which is what the mass balance counts at once"
    )


def test_constant_deposits_come_to_the_mass_balance():
    site = Site(1.0, 0.5, oxidation=0.1)
    result = first_order_decay(np.full(200, 1000.0), Waste(0.15, 0.5, 0.185), site)
    assert result.emitted[-1] == pytest.approx(
        mass_balance(1000.0, **FOOD, oxidation=0.1), rel=1e-6
    )


@MANY
@given(
    waste=hnp.arrays(float, 30, elements=st.floats(0, 1e6)),
    rate=st.floats(0.01, 0.5),
    delay=st.integers(0, 6),
)
def test_carbon_is_kept(waste, rate, delay):
    site = Site(0.8, 0.5, delay_months=delay)
    result = first_order_decay(waste, Waste(0.2, 0.5, rate), site)
    assert result.generated.sum() / (0.5 * 16 / 12) + result.stored[-1] == pytest.approx(
        (waste * 0.2 * 0.5 * 0.8).sum(), rel=1e-9, abs=1e-6
    )


def test_history_is_not_invented():
    with pytest.raises(HengtanError, match="不补推"):
        first_order_decay(np.array([1.0, np.nan, 1.0]), Waste(0.15, 0.5, 0.09), Site(1.0, 0.5))
