"""Whole units shared out: exact sums, bounds kept, the textbook case, and exact fractions beside
it.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hengtan.accounts.apportion import CannotShare, share_out


def units_of(total, weights, **bounds):
    """Units of the members of one group."""
    bounds = {side: np.array(units) for side, units in bounds.items()}
    groups = np.zeros(len(weights), int)
    return share_out(np.array([total]), np.array(weights, float), groups, **bounds).units.tolist()


def test_the_textbook_example_of_largest_remainders():
    """Votes for 10 seats by Hamilton's method, quota 10,000: 5 2 1 1 1 0."""
    assert units_of(10, [47000, 16000, 15900, 12000, 6000, 3100]) == [5, 2, 1, 1, 1, 0]


def test_floors_and_ceilings_by_hand():
    # 8 : 1 : 1 of 10 with floors of 2: the other two are raised, the first gets what is left
    assert units_of(10, [8, 1, 1], floors=[0, 2, 2]) == [6, 2, 2]
    # capped at 5 the first leaves 5 for two alike: 2.5 each, the odd unit to the earlier
    assert units_of(10, [8, 1, 1], ceilings=[5, 10, 10]) == [5, 3, 2]
    # both at once: 10 : 1 : 1 of 12 is 10, 1, 1; capped at 6, raised to 3, three are left for the
    # last
    assert units_of(12, [10, 1, 1], floors=[0, 3, 0], ceilings=[6, 12, 12]) == [6, 3, 3]
    assert units_of(0, [1, 2]) == [0, 0]


def test_two_groups_by_hand():
    # 10 by 1:2:4 → 1.43, 2.86, 5.71: whole 1, 2, 5 leave 2 units, to the remainders .86 and .71
    shared = share_out(
        np.array([10, 7]),
        np.array([1.0, 2.0, 4.0, 1.0, 1.0]),
        np.array([0, 0, 0, 1, 1]),
        floors=np.array([0, 0, 0, 0, 5]),
    )
    assert shared.units.tolist() == [1, 3, 6, 2, 5]
    assert shared.rounded_up.tolist() == [False, True, True, False, False]
    assert shared.bounded.tolist() == [False, False, False, False, True]


def test_equal_remainders_go_to_the_earlier():
    # 261, 409, 409, 85 of 1164 of 4268 units: 957, 1499⅔, 1499⅔, 311⅔; two units left go to the
    # first two of the equal remainders (found by the property test)
    assert units_of(4268, [261, 409, 409, 85]) == [957, 1500, 1500, 311]


def test_a_group_without_weights_gets_equal_parts():
    assert units_of(7, [0, 0]) == [4, 3]


@pytest.mark.parametrize(("total", "weights", "bounds", "code"), [
    (10, [1, -1], {}, "negative_figures"), (-1, [1], {}, "negative_figures"),
    (10, [float("nan"), 1], {}, "negative_figures"), (10, [], {}, "group_without_member"),
    (3, [1, 1], {"floors": [2, 2]}, "floors_exceed_total"),
    (10, [1, 1], {"ceilings": [4, 4]}, "ceilings_below_total"),
])  # fmt: skip
def test_what_cannot_be_shared(total, weights, bounds, code):
    with pytest.raises(CannotShare, match=code):
        units_of(total, weights, **bounds)


@st.composite
def cases(draw):
    """Totals of groups, weights and floors of their members."""
    groups = draw(st.integers(1, 5))
    sizes = [draw(st.integers(1, 7)) for _ in range(groups)]
    totals = [draw(st.integers(0, 10_000)) for _ in range(groups)]
    weights = [draw(st.floats(0, 100)) for _ in range(sum(sizes))]
    at = np.repeat(np.arange(groups), sizes)
    floors = np.array([draw(st.integers(0, max(totals[g] // sizes[g], 0))) for g in at])
    return np.array(totals), np.array(weights), at, floors


@settings(max_examples=200)
@given(cases(), st.data())
def test_parts_add_up_exactly_within_their_bounds(case, data):
    totals, weights, at, floors = case
    spare = np.array([data.draw(st.integers(0, 50)) for _ in at])
    ceilings = floors + np.maximum(totals[at] // np.bincount(at)[at] + 1 - floors, 0) + spare
    shared = share_out(totals, weights, at, floors=floors, ceilings=ceilings)
    assert np.bincount(at, weights=shared.units, minlength=len(totals)).tolist() == totals.tolist()
    assert (shared.units >= floors).all() and (shared.units <= ceilings).all()
    assert (np.abs(shared.units - shared.exact) < 1 + 1e-6).all()


@settings(max_examples=200)
@given(cases())
def test_free_parts_of_a_group_are_in_proportion(case):
    totals, weights, at, floors = case
    shared = share_out(totals, weights, at, floors=floors)
    for group in range(len(totals)):
        free = (at == group) & ~shared.bounded & (weights > 1e-6)
        rates = shared.exact[free] / weights[free]
        assert rates == pytest.approx(np.full(len(rates), rates.mean() if len(rates) else 0.0))
        # a bounded part would be smaller in proportion, which is why it was raised to its floor
        raised = (at == group) & shared.bounded
        if len(rates):
            assert (weights[raised] * rates.mean() <= floors[raised] * (1 + 1e-9) + 1e-6).all()


@settings(max_examples=200)
@given(cases(), st.data())
def test_a_part_never_falls_when_its_own_weight_rises(case, data):
    totals, weights, at, _ = case
    i = data.draw(st.integers(0, len(weights) - 1))
    assume(weights[at == at[i]].sum() > 0)
    more = weights.copy()
    more[i] += data.draw(st.floats(0.01, 200))
    assert share_out(totals, more, at).units[i] >= share_out(totals, weights, at).units[i]


@given(
    st.lists(st.tuples(st.integers(1, 999), st.integers(0, 3)), min_size=1, max_size=20),
    st.integers(1, 10**6),
)
def test_units_are_those_of_exact_fractions(rows, total):
    weights = np.array([weight for weight, _ in rows], float)
    at = np.unique([group for _, group in rows], return_inverse=True)[1]
    shared = share_out(np.full(at.max() + 1, total), weights, at)
    for group in range(at.max() + 1):
        members = [i for i in range(len(rows)) if at[i] == group]
        whole = sum(int(weights[i]) for i in members)
        exact = {i: Fraction(total * int(weights[i]), whole) for i in members}
        left = total - sum(int(part) for part in exact.values())
        ups = sorted(members, key=lambda i: (int(exact[i]) - exact[i], i))[:left]
        expected = [int(exact[i]) + (i in ups) for i in members]
        assert [shared.units[i] for i in members] == expected
