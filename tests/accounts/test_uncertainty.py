"""Uncertainty and key categories: hand calculations, known distributions, and the two approaches
against each other.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from thorough import examples

from hengtan.accounts.carbon.key_categories import key_categories
from hengtan.accounts.carbon.uncertainty import HALF_95, Entry, draw, propagate, table_3_2
from hengtan.basis.errors import HengtanError, ParameterNotEstablished


def entry(name, activity=100.0, factor=1.0, ua=0.05, uf=0.10, row=None, **more):
    return Entry(name, activity, factor, ua, uf, row or name, "given in the test", **more)


def test_table_3_2_by_hand():
    # coal: C 100, D 110, 5 % and 10 %; gas: C 100, D 130, 3 % and 2 %. ΣC 200, ΣD 240
    rows, total, trend = table_3_2(
        [
            entry("coal", 110.0, ua=0.05, uf=0.10, base_activity=100.0),
            entry("gas", 130.0, ua=0.03, uf=0.02, base_activity=100.0),
        ]
    )
    coal, gas = rows
    assert (coal.c_base, coal.d_year, coal.g_combined) == (
        100,
        110,
        pytest.approx(0.111803, abs=1e-6),
    ) and coal.h_variance == pytest.approx((0.111803 * 110 / 240) ** 2, rel=1e-4)
    # I: (1.1 + 240 - 201) / 201 - 0.2 = -0.000498 -> 0.0498; J: 110 / 200
    assert coal.i_type_a == pytest.approx(
        100 * 0.1 / 201, rel=1e-9
    ) and coal.j_type_b == pytest.approx(0.55)
    assert gas.i_type_a == pytest.approx(100 * (41.3 - 0 - 201 * 0.2 - 1 + 0) / 201, rel=1e-9), (
        "(1.3 + 240 - 201) / 201 - 0.2"
    )
    assert coal.k_trend_factor == pytest.approx(
        0.1 / 201 * 100 * 0.10
    ) and coal.l_trend_activity == pytest.approx(0.55 * 0.05 * math.sqrt(2))
    assert total == pytest.approx(
        math.hypot(0.111803 * 110, math.hypot(0.03, 0.02) * 130) / 240, rel=1e-4
    )
    assert trend == pytest.approx(
        math.sqrt(
            coal.k_trend_factor**2
            + coal.l_trend_activity**2
            + gas.k_trend_factor**2
            + gas.l_trend_activity**2
        )
    )


def test_table_3_2_and_the_exact_derivatives_agree_where_the_years_are_alike():
    # √2 in column L stands for equal activities in both years
    entries = [
        entry("coal", 100.0, base_activity=100.0),
        entry("gas", 50.0, ua=0.02, uf=0.03, base_activity=50.0),
    ]
    _, total, trend = table_3_2(entries)
    stated = propagate(entries)
    assert (
        stated.uncertainty == pytest.approx(total)
        and stated.trend == 0
        and stated.trend_uncertainty == pytest.approx(trend)
    )
    with pytest.raises(HengtanError, match="基年"):
        table_3_2([entry("coal")])


def test_trend_by_hand_with_factors_that_changed():
    # base 100 x 2 = 200, now 120 x 1.5 = 180; one line: the factor's relative error cancels,
    # activities give 0.9 x 5 % twice
    stated = propagate([entry("power", 120.0, 1.5, base_activity=100.0, base_factor=2.0)])
    assert stated.trend == pytest.approx(-0.1) and stated.trend_uncertainty == pytest.approx(
        0.9 * 0.05 * math.sqrt(2)
    )


def test_a_shared_activity_adds_up_before_squaring():
    # CO2 100 and CH4 10 of the same coal, 5 %: 5 + 0.5; factors apart
    stated = propagate(
        [
            entry("coal CO2", 100.0, uf=0.0, activity_row="coal"),
            entry("coal CH4", 10.0, uf=0.5, activity_row="coal"),
        ]
    )
    assert stated.uncertainty == pytest.approx(math.hypot(5.5, 5) / 110) and stated.variance_share[
        "activity:coal"
    ] == pytest.approx(5.5**2 / (5.5**2 + 25))


def test_lines_of_the_same_name_are_not_one_line():
    two = [entry("coal", uf=0.0), entry("coal", uf=0.0)]
    assert propagate(two).uncertainty == pytest.approx(0.05 / math.sqrt(2)) and np.std(
        draw(two).sample
    ) == pytest.approx(200 * 0.05 / math.sqrt(2) / HALF_95, rel=0.05)


SHARES = st.one_of(st.just(0.0), st.floats(0.001, 0.15))


@settings(max_examples=examples(12, 100), deadline=None)
@given(
    lines=st.lists(
        st.tuples(
            st.floats(1, 1000),
            SHARES,
            SHARES,
            st.sampled_from("abc"),
            st.sampled_from(["", "p", "q"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_propagation_and_drawing_agree_and_order_does_not_matter(lines):
    # activity or factor is sure in each line, so that the model is linear and Gaussian
    entries = [
        entry(
            f"line{n}", e, ua=ua if n % 2 else 0.0, uf=0.0 if n % 2 else uf, row=row, activity_row=a
        )
        for n, (e, ua, uf, row, a) in enumerate(lines)
    ]
    stated, drawn, turned = (
        propagate(entries),
        draw(entries, draws=40_000),
        draw(entries[::-1], draws=40_000),
    )
    assert turned.sample == pytest.approx(drawn.sample) and propagate(
        entries[::-1]
    ).uncertainty == pytest.approx(stated.uncertainty)
    half = stated.uncertainty * stated.total
    # the deviation of a sampled percentile at 2.5 % is 0.68 half-widths / sqrt(n) x 1.96 ... five
    # of those
    allowed = (
        5 * half * math.sqrt(0.025 * 0.975) / stats.norm.pdf(HALF_95) / HALF_95 / math.sqrt(40_000)
        + 1e-9
    )
    assert drawn.high - stated.total == pytest.approx(
        half, abs=allowed
    ) and stated.total - drawn.low == pytest.approx(half, abs=allowed)
    for name, share in stated.variance_share.items():
        assert drawn.variance_share[name] == pytest.approx(share, abs=0.05)


def test_trend_drawn_and_propagated_agree():
    entries = [
        entry("coal", 110.0, ua=0.03, uf=0.04, base_activity=100.0),
        entry("gas", 130.0, ua=0.02, uf=0.02, base_activity=100.0),
    ]
    stated, drawn = propagate(entries), draw(entries, draws=200_000)
    assert (drawn.trend_high - drawn.trend_low) / 2 == pytest.approx(
        stated.trend_uncertainty, rel=0.03
    )


@pytest.mark.parametrize(
    ("shape", "half", "known"),
    [
        ("normal", 0.3, stats.norm(1, 0.3 / HALF_95)),
        ("truncated", 1.5, stats.truncnorm(-HALF_95 / 1.5, np.inf, 1, 1.5 / HALF_95)),
        ("uniform", 0.3, stats.uniform(0.7, 0.6)),
        ("triangular", 0.3, stats.triang(0.5, 0.7, 0.6)),
        (
            "lognormal",
            0.8,
            stats.lognorm(
                math.sqrt(math.log(1 + (0.8 / HALF_95) ** 2)),
                scale=1 / math.sqrt(1 + (0.8 / HALF_95) ** 2),
            ),
        ),
    ],
)
def test_shapes_are_those_of_scipy(shape, half, known):
    sample = draw([entry("a", 1.0, ua=half, uf=0.0, shape=shape)], draws=100_000).sample
    assert stats.kstest(sample, known.cdf).pvalue > 0.001 and (
        shape == "normal" or sample.min() >= 0
    )


def test_activity_and_factor_may_have_shapes_of_their_own_and_rows_move_together():
    assert (
        draw([entry("a", ua=0.0, uf=0.9, shape="normal", factor_shape="lognormal")]).sample.min()
        > 0
    )
    # one row, two ranges: 100 ± 10 and 100 ± 30, fully correlated -> ± 40
    result = draw(
        [entry("a", ua=0.0, uf=0.10, row="r"), entry("b", ua=0.0, uf=0.30, row="r")], draws=200_000
    )
    assert (
        np.std(result.sample) * HALF_95 == pytest.approx(40, rel=0.02)
        and result.variance_share["factor:r"] == 1
    )
    with pytest.raises(HengtanError, match="没有分布"):
        draw([entry("a", shape="beta")])


@pytest.mark.parametrize("kernel", [propagate, draw])
def test_a_missing_range_names_the_factor_and_what_would_settle_it(kernel):
    with pytest.raises(ParameterNotEstablished, match=r"因子“烟煤 CO2”.*IPCC 2006"):
        kernel([entry("coal", uf=None, row="烟煤 CO2")])
    with pytest.raises(ParameterNotEstablished, match="来源"):
        kernel([Entry("coal", 1.0, 1.0, 0.1, 0.1, "coal", "")])
    with pytest.raises(HengtanError, match="为负"):
        kernel([entry("coal", ua=-0.1)])


# key categories


def test_approach_2_weighs_by_uncertainty_and_stops_at_90_per_cent():
    # 800 x 5 % = 40, 150 x 10 % = 15, 40 x 100 % = 40, 10 x 50 % = 5: of 100, the sink and coal 80,
    # cement reaches 95
    level = key_categories(
        ["coal", "cement", "forest", "rice"],
        [800.0, 150.0, -40.0, 10.0],
        uncertainty=[0.05, 0.10, 1.0, 0.5],
    )
    assert [(k.name, round(k.share, 6), k.key) for k in level] == [
        ("coal", 0.4, True),
        ("forest", 0.4, True),
        ("cement", 0.15, True),
        ("rice", 0.05, False),
    ]
    with pytest.raises(ParameterNotEstablished, match="cement"):
        key_categories(["coal", "cement"], [1.0, 1.0], uncertainty=[0.1, None])


def test_trend_with_a_new_category_and_a_sink_by_hand():
    # base 90 + 20 - 10 = 100 net, 120 gross; year 60 + 20 - 30 + 10 = 60: growth -40 %
    trend = {
        k.name: k
        for k in key_categories(
            ["coal", "gas", "forest", "new"], [60.0, 20.0, -30.0, 10.0], [90.0, 20.0, -10.0, 0.0]
        )
    }
    score = {
        "coal": 90 / 120 * abs(-1 / 3 + 0.4),
        "gas": 20 / 120 * 0.4,
        "forest": 10 / 120 * abs(-2 + 0.4),
        "new": 10 / 120,
    }
    assert {n: k.share for n, k in trend.items()} == pytest.approx(
        {n: s / sum(score.values()) for n, s in score.items()}
    )


@given(values=st.permutations([("a", 5.0), ("b", 5.0), ("c", -90.0), ("d", 1.0)]))
def test_ties_fall_by_name_whatever_the_order(values):
    assert [k.name for k in key_categories([v[0] for v in values], [v[1] for v in values])] == [
        "c",
        "a",
        "b",
        "d",
    ]
