"""Reconciliation: a published example, hand calculations, identities, refusals that name the line,
and what pulled each cell.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from hengtan.accounts.energy.least_squares import least_squares
from hengtan.accounts.energy.reconcile import ras
from hengtan.basis.errors import HengtanError

MANY = settings(max_examples=80, deadline=None)
CELLS = st.one_of(st.just(0.0), st.floats(0.1, 1e3))
FACTORS = st.floats(0.5, 2)


def split(adjusted):
    return np.asarray(adjusted.parts.sum(axis=0)).reshape(adjusted.before.shape)


def test_negative_cells_come_to_the_published_figures():
    # example of Junius and Oosterhaven (2003); figures as the R package riot tests them (its
    # doGRAS, Temurshoev et al. 2013)
    result = ras(
        np.array([[7.0, 3, 5, -3], [2, 9, 8, 0], [-2, 0, 2, 0]]),
        np.array([15.0, 26, -1]),
        np.array([9.0, 16, 17, -2]),
    )
    published = [
        [8.424340881, 3.375237362, 5.200422021, -2.000000263],
        [3.000997078, 12.624763744, 10.374239178, 0],
        [-2.425339135, 0, 1.425339135, 0],
    ]
    assert result.after == pytest.approx(np.array(published), abs=2e-6)
    assert split(result) == pytest.approx(result.adjustment, abs=1e-9)


@MANY
@given(
    table=hnp.arrays(float, (4, 3), elements=CELLS),
    r=hnp.arrays(float, 4, elements=FACTORS),
    s=hnp.arrays(float, 3, elements=FACTORS),
    signs=hnp.arrays(bool, (4, 3)),
)
def test_totals_are_met_zeros_and_signs_stay_and_the_causes_add_up(table, r, s, signs):
    table = np.where(signs, table, -table)
    wanted = np.where(table > 0, r[:, None] * table * s[None, :], table / (r[:, None] * s[None, :]))
    result = ras(table, wanted.sum(axis=1), wanted.sum(axis=0))
    scale = max(np.abs(wanted.sum(axis=1)).max(), np.abs(wanted.sum(axis=0)).max())
    assert result.after.sum(axis=1) == pytest.approx(
        wanted.sum(axis=1), abs=1e-8 * scale
    ) and result.after.sum(axis=0) == pytest.approx(wanted.sum(axis=0), abs=1e-8 * scale)
    assert ((result.after == 0) | (np.sign(result.after) == np.sign(table))).all() and (
        result.after[table == 0] == 0
    ).all()
    assert split(result) == pytest.approx(result.adjustment, rel=1e-9, abs=1e-9 * max(scale, 1))
    met = ras(table, table.sum(axis=1), table.sum(axis=0))
    assert met.after == pytest.approx(table, abs=1e-8 * max(scale, 1)), (
        "totals already met move nothing"
    )


@MANY
@given(
    table=hnp.arrays(float, (4, 3), elements=st.floats(0.1, 1e3)),
    r=hnp.arrays(float, 4, elements=FACTORS),
    order=st.permutations(range(4)),
)
def test_order_of_rows_and_unit_do_not_matter(table, r, order):
    rows, columns = (r[:, None] * table).sum(axis=1), (r[:, None] * table).sum(axis=0)
    result, turned = ras(table, rows, columns), ras(table[order], rows[order], columns)
    assert turned.after == pytest.approx(result.after[order], rel=1e-6)
    assert ras(table * 29.3076, rows * 29.3076, columns * 29.3076).after == pytest.approx(
        result.after * 29.3076, rel=1e-6
    )


def test_a_total_of_zero_empties_its_line_and_says_it_was_that_line():
    # first row to zero; the second must take the columns 3 and 4
    result = ras(
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([0.0, 7.0]),
        np.array([3.0, 4.0]),
        row_names=["甲区", "乙区"],
        column_names=["煤", "油"],
    )
    assert (
        result.after == pytest.approx(np.array([[0.0, 0.0], [3.0, 4.0]]))
        and result.row_pull[0] == 0
    )
    assert result.why(0, 1) == [("row|甲区", pytest.approx(-2.0))] and result.why(1, 1) == []


def test_fixed_cells_keep_their_value_and_the_rest_makes_up():
    # 5 of the first column is held: 11 - 5 = 6 is left for 3, so it doubles; the second column
    # doubles as a whole
    table = np.array([[5.0, 1.0], [3.0, 2.0]])
    result = ras(
        table,
        np.array([7.0, 10.0]),
        np.array([11.0, 6.0]),
        fixed=np.array([[True, False], [False, False]]),
    )
    assert (
        result.after == pytest.approx(np.array([[5.0, 2.0], [6.0, 4.0]])) and result.why(0, 0) == []
    )


def test_a_free_total_takes_what_the_others_leave():
    # 甲 and 乙 are known; 未分区 (I12) has no total of its own and closes the city
    table = np.array([[10.0, 10.0], [20.0, 10.0], [5.0, 5.0]])
    result = ras(table, np.array([20.0, 30.0, np.nan]), np.array([45.0, 25.0]))
    assert (
        result.after.sum(axis=0) == pytest.approx([45.0, 25.0])
        and result.after[:2].sum(axis=1) == pytest.approx([20.0, 30.0])
        and result.after[2].sum() == pytest.approx(70 - 50)
    )
    assert result.row_pull[2] == 1


def test_least_squares_with_a_cheap_unallocated_cell_leaves_the_districts_almost_alone():
    # variances 1, 1 and 98: of a gap of 10 the cell 未分区 takes 9.8
    result = least_squares(
        [40.0, 50.0, 0.0], [1.0, 1.0, 98.0], [[1.0, 1.0, 1.0]], [100.0], names=["全市"]
    )
    assert result.after == pytest.approx([40.1, 50.1, 9.8]) and result.why(2) == [
        ("全市", pytest.approx(9.8))
    ]


@pytest.mark.parametrize(
    ("table", "rows", "columns", "named"),
    [
        ([[1.0, 1.0], [1.0, 1.0]], [1.0, 2.0], [2.0, 2.0], "不等"),
        ([[0.0, 0.0], [1.0, 1.0]], [1.0, 2.0], [1.5, 1.5], "“甲区”"),
        ([[1.0, 2.0], [3.0, 4.0]], [-1.0, 11.0], [5.0, 5.0], "“甲区”"),
        ([[1.0, 0.0], [0.0, 1.0]], [1.0, 2.0], [2.0, 1.0], "煤|油|甲区|乙区"),
        ([[1.0, np.nan], [0.0, 1.0]], [1.0, 2.0], [2.0, 1.0], "“甲区”“油”"),
    ],
)
def test_impossible_totals_name_the_line(table, rows, columns, named):
    with pytest.raises(HengtanError, match=named):
        ras(
            np.array(table),
            np.array(rows),
            np.array(columns),
            row_names=["甲区", "乙区"],
            column_names=["煤", "油"],
        )


def test_a_table_that_must_lose_a_cell_comes_as_near_as_asked():
    # row 1 can be 3 only if row 2 keeps nothing in column 1: plain scaling creeps there as 1/n
    result = ras(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([3.0, 2.0]), np.array([3.0, 2.0]))
    assert (
        result.after == pytest.approx(np.array([[3.0, 0.0], [0.0, 2.0]]), abs=1e-8)
        and result.rounds < 300
    )


# least squares


def test_bounds_hold_where_one_value_would_turn_negative():
    # 100 and ten of 50 must come to 100; variance as the square: unbounded, the first would fall by
    # 500 x 100²/35000 = 143. At zero the ten share 100.
    x = np.array([100.0, *[50.0] * 10])
    loose, result = (
        least_squares(x, x**2, np.ones((1, 11)), [100.0], lower=low) for low in (None, 0.0)
    )
    assert loose.after[0] == pytest.approx(100 - 500 * 100**2 / 35000)
    assert result.after == pytest.approx([0.0, *[10.0] * 10], abs=1e-9)
    # the multiplier: 50 - 2500 λ = 10, so λ = 0.016; it pulls the first by -160, of which the bound
    # gives 60 back
    assert result.why(0) == [("constraint|1", pytest.approx(-160)), ("bounds", pytest.approx(60))]


def test_a_step_that_changes_next_to_nothing_is_not_taken_for_a_contradiction():
    # Rows 1, 3 and 4: all eight sum to 1. Row 2: the fifth falls short of the six by 1, so the six
    # sum to 1 at least: they share it alike, and the second and the fifth are at their bound.
    variances = np.full(8, 1 / 64)
    variances[4] = 7678.0
    a = -np.ones((4, 8))
    a[1] = [-1, 0, -1, -1, 1, -1, -1, -1]
    result = least_squares(np.full(8, 785.0), variances, a, np.full(4, -1.0), lower=0.0)
    assert result.after == pytest.approx([1 / 6, 0, 1 / 6, 1 / 6, 0, *[1 / 6] * 3], abs=1e-6)


@MANY
@given(
    x=hnp.arrays(float, 8, elements=st.floats(0, 1e3)),
    v=hnp.arrays(float, 8, elements=st.floats(0.01, 1e4)),
    aim=hnp.arrays(float, 8, elements=st.one_of(st.just(0.0), st.floats(0.5, 1e3))),
    a=hnp.arrays(float, (4, 8), elements=st.sampled_from([0.0, 0.0, 1.0, -1.0])),
)
def test_bounded_adjustment_is_feasible_and_optimal(x, v, aim, a):
    b = a @ aim  # met by the aim, which keeps the bound
    result = least_squares(x, v, a, b, lower=0.0)
    scale = max(np.abs(b).max(), x.max(), 1)
    assert (result.after >= 0).all() and a @ result.after == pytest.approx(b, abs=1e-6 * scale)
    # the conditions of Karush, Kuhn and Tucker prove the optimum: each value is where its
    # multipliers put it, or at the bound
    assert result.after == pytest.approx(
        np.maximum(0, x - v * (a.T @ result.row_pull)), abs=1e-9 * scale
    )
    assert split(result) == pytest.approx(
        result.adjustment, abs=1e-7 * max(scale, np.abs(result.parts.data).max(initial=0))
    )


@MANY
@given(
    x=hnp.arrays(float, 6, elements=st.floats(0.1, 1e4)),
    v=hnp.arrays(float, 6, elements=st.floats(0.01, 100)),
)
def test_agrees_with_a_solver_of_the_whole_system(x, v):
    # stationarity and constraints as one linear system (rows of A independent)
    a, b = (
        np.array([[1.0, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [1, 0, 0, 1, 0, 0]]),
        np.array([1000.0, 500, 700]),
    )
    whole = np.linalg.solve(
        np.block([[np.diag(1 / v), a.T], [a, np.zeros((3, 3))]]), np.r_[x / v, b]
    )
    result = least_squares(x, v, sparse.csr_matrix(a), b)
    assert result.after == pytest.approx(
        whole[:6], rel=1e-6, abs=1e-5
    ) and result.row_pull == pytest.approx(whole[6:], rel=1e-5, abs=1e-6)


def test_repeated_constraints_share_the_pull():
    # the same constraint three times: λ = 10 / 5 in all, least norm gives each a third
    result = least_squares([40.0, 50.0], [1.0, 4.0], [[1.0, 1.0]] * 3, [100.0] * 3)
    assert result.after == pytest.approx([42.0, 58.0]) and result.row_pull == pytest.approx(
        [-2 / 3] * 3
    )


@pytest.mark.parametrize(
    ("a", "b", "extra", "named"),
    [
        ([[1.0, 1.0], [1.0, 1.0]], [10.0, 12.0], {}, "(?=.*“统计口径”)(?=.*“能源口径”)"),
        ([[1.0, 1.0], [1.0, 0.0]], [-1.0, 0.0], {"lower": 0.0}, "“统计口径”"),
        ([[1.0, 1.0], [0.0, 0.0]], [10.0, 1.0], {}, "“能源口径”"),
    ],
)
def test_contradictions_name_the_constraints(a, b, extra, named):
    with pytest.raises(HengtanError, match=named):
        least_squares([1.0, 1.0], [1.0, 1.0], a, b, names=["统计口径", "能源口径"], **extra)
