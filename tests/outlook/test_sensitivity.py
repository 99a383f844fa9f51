"""Sobol indices with closed forms: a sum of effects and a product of them."""

import pytest
from uncertain_pathways import plain, uniform

from hengtan.outlook.uncertainty.asked import Asked, Question, Total
from hengtan.outlook.uncertainty.engine import Engine
from hengtan.outlook.uncertainty.sensitivity import (
    Influence,
    Share,
    group_influences,
    influences,
    ranked,
)

DRAWS = 16_384


def engine_of(uncertain, kind="numpy", threads=1):
    target = Asked("t", "emissions", (2025,), "<=", 1.0)
    question = Question.of(uncertain.pathway, [Total("emissions")], [target], only_asked=True)
    return Engine(uncertain, question, 9, threads, kind)


@pytest.mark.parametrize("kind", ["numpy", pytest.param("numba", marks=pytest.mark.slow)])
def test_a_sum_of_effects(kind):
    """Widths 0.1, 0.2, 0.3: variances 1 : 4 : 9, first and total alike."""
    if kind == "numba":
        pytest.importorskip("numba")
    widths = (0.1, 0.2, 0.3)
    ranges = [uniform(f"m{n}", 0.0, width) for n, width in enumerate(widths)]
    results = influences(engine_of(plain([w / 2 for w in widths], ranges=ranges), kind), DRAWS)
    assert [each.name for each in results] == ["m2", "m1", "m0"]
    assert [each.rank for each in results] == [1, 2, 3]
    for each, share in zip(results, (9 / 14, 4 / 14, 1 / 14), strict=True):
        assert each.first.low < share < each.first.high
        assert each.total.low < share < each.total.high
        assert each.total.high - each.total.low < 0.06


def test_a_product_of_effects():
    """100 t (1 - a) (1 - b) with a, b uniform from 0 to 1: means 1/2, variances 1/12. In units of
    100 t the variance is 2 (1/12) (1/4) + 1/144 = 7/144; first is (1/48) / (7/144) = 3/7, total
    (1/48 + 1/144) / (7/144) = 4/7.
    """
    ranges = [uniform("m0", 0.0, 1.0), uniform("m1", 0.0, 1.0)]
    results = influences(engine_of(plain([0.5, 0.5], ranges=ranges, sectors=[0, 0])), DRAWS)
    for each in results:
        assert each.first.low < 3 / 7 < each.first.high
        assert each.total.low < 4 / 7 < each.total.high
    assert [each.rank for each in results] == [1, 1]


def test_groups_of_a_product():
    """All but none of the spread stays where the group is everything."""
    ranges = [uniform("m0", 0.0, 1.0), uniform("m1", 0.0, 1.0)]
    engine = engine_of(plain([0.5, 0.5], ranges=ranges, sectors=[0, 0]))
    (everything,) = group_influences(engine, {"all": (0, 1)}, DRAWS)
    assert everything.first.low < 1 < everything.first.high
    assert everything.total.low < 1 < everything.total.high


def test_a_measure_that_touches_nothing_has_no_influence():
    ranges = [uniform("m0", 0.0, 0.2), uniform("m1", 0.0, 0.2)]
    results = influences(engine_of(plain([0.1, 0.1], ranges=ranges, amounts=[100.0, 0.0])), 512)
    assert results[1].name == "m1"
    assert (results[1].first.value, results[1].total.value) == (0, 0)


def test_threads_change_no_index():
    ranges = [uniform("m0", 0.0, 0.2), uniform("m1", 0.0, 0.2)]
    uncertain = plain([0.1, 0.1], ranges=ranges)
    assert influences(engine_of(uncertain), DRAWS) == influences(
        engine_of(uncertain, threads=2), DRAWS
    )


def influence(name, low, high):
    share = Share((low + high) / 2, low, high)
    return Influence("t", name, share, share)


def test_overlapping_ranks_are_ties():
    """a and b overlap, c lies under a but overlaps b, d lies under all."""
    some = [
        influence("d", 0.0, 0.1),
        influence("c", 0.3, 0.45),
        influence("a", 0.5, 0.7),
        influence("b", 0.4, 0.6),
    ]
    assert [(each.name, each.rank) for each in ranked(some)] == [
        ("a", 1),
        ("b", 1),
        ("c", 2),
        ("d", 4),
    ]


@pytest.mark.parametrize("draws", [256, 1000])
def test_draws_come_in_batches(draws):
    with pytest.raises(ValueError, match="a multiple of 256 draws"):
        influences(engine_of(plain([0.1], ranges=[uniform("m0", 0, 0.2)])), draws)
