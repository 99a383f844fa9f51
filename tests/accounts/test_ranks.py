"""Competition ranks: ties share one, the next is skipped, what has no figure has no rank."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts.ranks import competition_ranks, ranked


def test_ties_share_a_rank_and_the_next_is_skipped():
    assert ranked([90, 95, 90, None, 80]) == [2, 1, 2, None, 4]


def test_values_within_the_tie_share_a_rank():
    assert ranked([1.0, 1.0 + 1e-12, 0.5], tie=1e-9) == [1, 1, 3]
    assert ranked([1.0, 1.0 + 1e-12, 0.5]) == [2, 1, 3]


@given(st.lists(st.one_of(st.none(), st.integers(0, 20).map(float)), max_size=30))
def test_ranks_count_those_above(values):
    for value, rank in zip(values, ranked(values), strict=True):
        above = sum(other is not None and value is not None and other > value for other in values)
        assert rank == (None if value is None else 1 + above)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_a_growing_scale_keeps_the_ranks(values):
    array = np.array(values)
    assert competition_ranks(array).tolist() == competition_ranks(array * 2).tolist()
