"""The attribution: equal to enumeration of all coalitions, and what makes it a Shapley value."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from drawn_pathways import pathway_of
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.accounts.carbon.decompose import lmdi
from hengtan.outlook.pathway.model import Act, applied, reduction, run, without_measures
from hengtan.outlook.pathway.shapley import ratio_effects, shapley


def by_enumeration(pathway):
    """The Shapley value by its definition: over every coalition, weighed by the orders in which it
    stands before the measure (Shapley 1953). (M, R, S, Y)
    """
    count = len(pathway.measures)
    reduced = reduction(pathway)

    def emissions(coalition):
        there = np.zeros(count)
        there[list(coalition)] = 1
        return applied(pathway, reduced * there[:, None, None]).emissions

    worth = {
        frozenset(coalition): emissions(coalition)
        for size in range(count + 1)
        for coalition in combinations(range(count), size)
    }
    values = np.zeros((count, *pathway.activity.shape))
    for coalition, tonnes in worth.items():
        size = len(coalition)
        for measure in set(range(count)) - coalition:
            weight = math.factorial(size) * math.factorial(count - size - 1)
            saved = tonnes - worth[coalition | {measure}]
            values[measure] += weight / math.factorial(count) * saved
    return values


@pytest.mark.parametrize("whole_effects", [False, True])
def test_all_coalitions_of_ten_measures_give_the_same(whole_effects):
    pathway = pathway_of((2, 4, 3, 2), 10, whole_effects=whole_effects)
    ours = shapley(pathway).by_cell
    theirs = by_enumeration(pathway)
    assert np.abs(ours - theirs).max() < 1e-10 * np.abs(theirs).max()


def test_a_measure_of_two_moves_and_a_process_counts_once_each():
    # the same measure moves two carriers and cuts what is not burnt, beside one that saves energy
    pathway = pathway_of((1, 2, 4, 1), 3)
    acts = (
        Act(0, "share", (0, 1), 0, 2, 0.7),
        Act(0, "share", (0, 1), 1, 3, 0.4),
        Act(0, "process", (0, 1)),
        Act(1, "intensity", (0,)),
        Act(2, "factor", (0, 1), 3),
    )
    pathway = replace(pathway, acts=acts, effect=np.array([0.5, 0.3, 0.8]))
    assert np.allclose(shapley(pathway).by_cell, by_enumeration(pathway), rtol=1e-11, atol=1e-12)


def test_two_that_save_energy_share_what_they_do_together():
    """100 t, cuts of 20 % and 50 %: alone 20 and 50, together 60. Each is the mean of coming first
    and coming last: (20 + 10) / 2 = 15 and (50 + 40) / 2 = 45.
    """
    drawn = pathway_of((1, 1, 2, 1), 2)
    whole = np.ones((1, 1, 1))
    pathway = replace(
        drawn,
        activity=whole * 100,
        intensity=whole,
        share=np.array([1.0, 0.0]).reshape(1, 1, 2, 1),
        factor=np.ones((1, 1, 2, 1)),
        process=whole * 0,
        effect=np.array([0.2, 0.5]),
        ramp=np.ones((2, 1)),
        coverage=np.ones((2, 1)),
        acts=(Act(0, "intensity", (0,)), Act(1, "activity", (0,))),
    )
    assert shapley(pathway).by_year[:, 0] == pytest.approx([15, 45], rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), measures=st.integers(1, 14))
def test_wedges_add_to_the_gap(seed, measures):
    pathway = pathway_of((3, 4, 3, 3), measures, seed)
    attribution = shapley(pathway)
    gap = (without_measures(pathway).emissions - run(pathway).emissions).sum(axis=(0, 1))
    size = without_measures(pathway).emissions.sum()
    assert np.abs(attribution.by_year.sum(axis=0) - gap).max() < 1e-9 * size
    cell = attribution.by_cell.sum(axis=0)
    assert np.abs(cell - (attribution.before - attribution.after)).max() < 1e-9 * size


def test_a_measure_that_does_nothing_gets_nothing_and_two_alike_get_alike():
    pathway = pathway_of((2, 3, 2, 2), 4)
    twins = tuple(Act(number, "intensity", (0, 1, 2)) for number in range(3))
    pathway = replace(
        pathway,
        acts=(*twins, Act(3, "factor", (0, 1, 2), 0)),
        effect=np.array([0.3, 0.3, 0.0, 0.4]),
        ramp=np.ones((4, 2)),
        coverage=np.ones((4, 2)),
    )
    values = shapley(pathway).by_cell
    assert np.all(values[2] == 0)
    assert np.allclose(values[0], values[1], rtol=1e-13, atol=0)


def test_years_taken_in_turns_change_nothing(monkeypatch):
    from hengtan.outlook.pathway import shapley as module

    pathway = pathway_of((2, 3, 2, 5), 8)
    whole = shapley(pathway).by_cell
    monkeypatch.setattr(module, "MOST_FLOATS", 1)
    assert np.array_equal(shapley(pathway).by_cell, whole)


def test_ratios_multiply_to_the_ratio_of_the_totals():
    pathway = pathway_of((2, 3, 2, 3), 6)
    attribution = shapley(pathway)
    before = attribution.before.sum(axis=(0, 1))
    after = attribution.after.sum(axis=(0, 1))
    ratios = ratio_effects(attribution.by_year, before, after)
    assert np.allclose(ratios.prod(axis=0), after / before, rtol=1e-12)


def test_a_single_measure_has_the_ratio_of_the_account_of_causes():
    """One item, one factor that changes: LMDI-I's multiplicative effect is that factor's ratio."""
    before, after = np.array([120.0]), np.array([90.0])
    theirs = lmdi(np.array([[[120.0, 1.0]], [[90.0, 1.0]]])).multiplicative[0, 0]
    assert ratio_effects(np.array([[30.0]]), before, after)[0, 0] == pytest.approx(theirs)
