"""LMDI-I against another program, published cases of zeros, calculations by hand, identities."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hengtan.accounts.carbon.decompose import lmdi, log_mean, nested_factors
from hengtan.basis.errors import HengtanError

MANY = settings(max_examples=80, deadline=None)

# input and figures of the tests of the R package LMDIR (Heun), which it takes from a spreadsheet:
# four years, two sub-categories, three factors
SIMPLE = np.array(
    [
        [[1, 10, 2], [4, 5, 3]],
        [[4, 5, 3], [5, 6, 4]],
        [[8, 2, 4], [5, 7, 5]],
        [[10, 1, 5], [6, 8, 6]],
    ],
    dtype=float,
)


def test_agrees_with_another_program_year_by_year_and_item_by_item():
    result = lmdi(SIMPLE)
    assert result.by_item[0] == pytest.approx(
        np.array(
            [[50.47438029, -25.23719014, 14.76280986], [19.31568569, 15.78206435, 24.90224996]]
        )
    )
    assert result.by_item[1] == pytest.approx(
        np.array([[42.96021467, -56.79031473, 17.83010006], [0, 22.47128816, 32.52871184]])
    )
    assert result.additive == pytest.approx(
        np.array(
            [
                [69.79006598, -9.455125793, 39.66505981],
                [42.96021467, -34.31902656, 50.3588119],
                [54.01064234, -9.021284671, 54.01064234],
            ]
        )
    )
    assert result.multiplicative == pytest.approx(
        np.array(
            [
                [1.761117821, 0.926191306, 1.379410116],
                [1.229284572, 0.847970248, 1.273773912],
                [1.208140223, 0.968911503, 1.208140223],
            ]
        )
    )
    assert result.chained()[0].sum() == pytest.approx(258) and result.chained()[
        1
    ].prod() == pytest.approx(2.25 * 1.327777778 * 1.414225941)


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        # Ang, Zhang and Choi (1998), Table 2. Cases 1 and 3: one factor appears, the others have no
        # effect; 2 and 4: it vanishes
        ((0, 10, 2), (4, 5, 3), (60, 0, 0)),
        ((4, 5, 3), (5, 6, 0), (0, 0, -60)),
        # cases 5 to 8: the item is zero at both ends
        ((0, 3, 2), (0, 5, 2), (0, 0, 0)),
        ((0, 3, 2), (5, 0, 2), (0, 0, 0)),
        ((0, 0, 2), (0, 5, 0), (0, 0, 0)),
        # two zeros replaced by the same small value share the change evenly: L(V, d²V) ln(1/d) ->
        # V/2
        ((0, 0, 2), (4, 5, 3), (30, 30, 0)),
        ((4, 5, 3), (0, 5, 0), (-30, 0, -30)),
    ],
)
def test_zeros_by_their_analytic_limits(before, after, effects):
    assert lmdi(np.array([[before], [after]], dtype=float)).additive[0] == pytest.approx(
        np.array(effects, dtype=float)
    )
    assert lmdi(np.array([[after], [before]], dtype=float)).additive[0] == pytest.approx(
        -np.array(effects, dtype=float)
    ), "turned in time"


def test_a_factor_not_defined_while_nothing_is_burnt_is_no_cause():
    # gas 0 -> 20 % of 100 GJ at 0.056: all 1.12 is the mix, the emission factor did not change
    result = lmdi(
        np.array([[[100, 1.0, 0.1], [100, 0.0, np.nan]], [[100, 0.8, 0.1], [100, 0.2, 0.056]]])
    )
    assert result.by_item[0, 1] == pytest.approx([0, 20 * 0.056, 0])
    assert result.additive[0].sum() == pytest.approx(8 + 1.12 - 10)
    absent = lmdi(np.array([[[100, 1.0, 0.1], [100, 0.0, np.nan]]] * 2))
    assert (absent.additive == 0).all()
    with pytest.raises(HengtanError, match="项目1、因素3"):
        lmdi(np.array([[[100, 1.0, np.nan]], [[100, 1.0, 0.1]]]))


def test_log_mean_keeps_its_digits_between_near_values():
    # L = b (1 + d/2 - d²/12 + d³/24 ...) for a = b (1 + d), the series of d / ln(1 + d)
    for e in (1e-3, 1e-7, 1e-9, 1e-12):
        a = 1e12 * (1 + e)
        d = (a - 1e12) / 1e12
        assert log_mean(np.float64(a), np.float64(1e12)) == pytest.approx(
            1e12 * (1 + d / 2 - d**2 / 12 + d**3 / 24), rel=1e-12
        )
    assert log_mean(np.float64(math.e), np.float64(1.0)) == pytest.approx(math.e - 1)


@MANY
@given(
    x=hnp.arrays(float, (3, 4, 3), elements=st.one_of(st.just(0.0), st.floats(0.01, 100))),
    y=st.floats(1e-3, 1e3),
    order=st.permutations(range(4)),
)
def test_unit_order_and_time_turned_round(x, y, order):
    result, scaled, turned, back = (
        lmdi(x),
        lmdi(x * np.array([y, 1, 1])),
        lmdi(x[:, order, :]),
        lmdi(x[::-1]),
    )
    size = 1e-9 * max(float(x.prod(axis=2).sum(axis=1).max()), 1e-3)
    assert scaled.additive == pytest.approx(
        result.additive * y, rel=1e-9, abs=size * y
    ) and turned.additive == pytest.approx(result.additive, rel=1e-9, abs=size)
    assert back.additive[::-1] == pytest.approx(-result.additive, rel=1e-9, abs=size)


@MANY
@given(x=hnp.arrays(float, (3, 8, 2), elements=st.floats(0.01, 100)))
def test_parts_of_each_level_make_up_the_whole(x):
    district, sector = [1, 1, 1, 1, 2, 2, 2, 2], ["工业", "工业", "交通", "居民"] * 2
    result = lmdi(x)
    (whole,) = result.over().values()
    for parts in (result.over(district), result.over(district, sector), result.over(sector)):
        assert sum(p[0] for p in parts.values()) == pytest.approx(
            result.additive, rel=1e-9, abs=1e-9
        )
        assert np.prod([p[1] for p in parts.values()], axis=0) == pytest.approx(
            result.multiplicative, rel=1e-9
        )
    assert (
        whole[1] == pytest.approx(result.multiplicative) and len(result.over(district, sector)) == 6
    )


def test_nested_shares_of_city_district_and_sector():
    # two districts × two sectors; the sector shares of district 2 do not change, its share of the
    # city does
    q = np.array([[30.0, 30.0, 20.0, 20.0], [40.0, 30.0, 25.0, 25.0]])
    energy, carbon = q * np.array([2.0, 1.0, 2.0, 1.0]), q * np.array([4.0, 2.0, 4.0, 2.0])
    x = nested_factors(q, [[1, 1, 2, 2], ["工业", "交通"] * 2], (energy, q), (carbon, energy))
    assert (
        x.shape == (2, 4, 5)
        and x[0, 2] == pytest.approx([100, 0.4, 0.5, 2, 2])
        and x[1, 0] == pytest.approx([120, 70 / 120, 4 / 7, 2, 2])
    )
    assert x.prod(axis=2) == pytest.approx(carbon)
    result = lmdi(x)
    assert result.additive[0].sum() == pytest.approx(
        carbon[1].sum() - carbon[0].sum()
    ) and result.additive[0, 3:] == pytest.approx([0, 0], abs=1e-12)
    assert result.over([1, 1, 2, 2])[2,][0][0, 2] == pytest.approx(0, abs=1e-12)


def test_nested_cells_without_activity_are_not_defined_and_leave_no_residual():
    q = np.array([[10.0, 0.0, 0.0], [10.0, 5.0, 0.0], [0.0, 5.0, 5.0]])
    carbon = q * 2
    result = lmdi(nested_factors(q, [["甲", "甲", "乙"]], (carbon, q)))
    assert result.additive.sum(axis=1) == pytest.approx(
        np.diff(carbon.sum(axis=1))
    ) and result.additive[:, -1] == pytest.approx([0, 0]), (
        "carbon per activity is two wherever it is defined"
    )
    with pytest.raises(HengtanError, match="时间1、项目2"):
        nested_factors(q, [["甲", "甲", "乙"]], (carbon + 1, q))
