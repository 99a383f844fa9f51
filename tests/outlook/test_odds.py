"""Odds with answers known by hand, what they rest on, and quantiles of figures passed by once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from uncertain_pathways import TOTALS, drawn_pathway, plain, uniform, with_ranges

from hengtan.outlook.uncertainty.asked import Asked, NotInPathway, Question, Total
from hengtan.outlook.uncertainty.budget import budget_odds
from hengtan.outlook.uncertainty.cells import Cells
from hengtan.outlook.uncertainty.engine import Engine
from hengtan.outlook.uncertainty.laws import Range, RangeWithoutSource
from hengtan.outlook.uncertainty.odds import LEVELS, Sampling, study, wilson

EMISSIONS = Total("emissions")
DRAWS = 20_000
PLAIN = Sampling(DRAWS, seed=11, kind="numpy")


def near(share, known, draws=DRAWS):
    """Within five standard errors of a share."""
    return abs(share - known) < 5 * np.sqrt(known * (1 - known) / draws)


def test_odds_of_a_uniform_effect():
    """100 t less 0 to 20 %: emissions are uniform from 80 to 100, 85 t is met by a quarter."""
    uncertain = plain([0.1], ranges=[uniform("m0", 0.0, 0.2)])
    targets = [
        Asked("at most", "emissions", (2025,), "<=", 85.0),
        Asked("at least", "emissions", (2025,), ">=", 85.0),
        Asked("never", "emissions", (2025,), "<", 79.0),
    ]
    result = study(uncertain, [EMISSIONS], targets, PLAIN)
    at_most, at_least, never = result.odds
    assert near(at_most.odds, 0.25)
    assert at_most.low < at_most.odds < at_most.high
    assert at_most.odds + at_least.odds == pytest.approx(1)
    assert (never.odds, never.low) == (0, 0) and never.high > 0
    assert at_most.central == pytest.approx(90)
    # Quantiles of a uniform law; five standard errors of a quantile, sqrt(p (1 - p) / n) * 20
    known = 80 + 20 * np.array(LEVELS)
    allowed = 5 * 20 * 0.5 / np.sqrt(DRAWS) + at_most.quantile_error
    assert np.abs(result.fan[0, 0] - known).max() < allowed
    assert result.mean[0, 0] == pytest.approx(90, abs=5 * 20 / np.sqrt(12 * DRAWS))
    assert result.deviation[0, 0] == pytest.approx(20 / np.sqrt(12), rel=0.05)


def test_a_target_per_product_on_a_base_year():
    """Emissions are the same in both years, the product doubles: the intensity halves."""
    uncertain = plain([0.1], years=(2025, 2030), ranges=[uniform("m0", 0.0, 0.2)])
    product = Total("product", "stated", figures=(50.0, 100.0))
    target = Asked("fall", "emissions", (2030,), "<=", 0.5, per="product", base=2025)
    result = study(uncertain, [EMISSIONS, product], [target], PLAIN)
    assert result.odds[0].central == pytest.approx(0.5)
    assert result.odds[0].quantiles == pytest.approx([0.5] * 5, rel=1e-6)


def test_a_range_without_a_source_gives_no_odds():
    uncertain = plain([0.1, 0.2], ranges=[uniform("m0", 0, 0.2), uniform("m1", 0.1, 0.3, "")])
    with pytest.raises(RangeWithoutSource, match="m1: a range without a source"):
        study(uncertain, [EMISSIONS], [Asked("t", "emissions", (2025,), "<=", 180)], PLAIN)


@pytest.mark.parametrize("kind", ["numpy", pytest.param("numba", marks=pytest.mark.slow)])
def test_share_of_the_variance_on_assumed_ranges(kind):
    """Sums of independent effects: widths 0.1, 0.2, 0.3 of 100 t have variances 1 : 4 : 9; with the
    second assumed 4 / 14 of the variance rests on it.
    """
    if kind == "numba":
        pytest.importorskip("numba")
    ranges = [
        uniform("m0", 0.0, 0.1),
        uniform("m1", 0.0, 0.2, assumed=True),
        uniform("m2", 0.0, 0.3),
    ]
    target = [Asked("t", "emissions", (2025,), "<=", 270.0)]
    result = study(
        plain([0.05, 0.1, 0.15], ranges=ranges),
        [EMISSIONS],
        target,
        Sampling(DRAWS, seed=11, kind=kind),
    )
    share = result.odds[0].assumed
    assert share.low < 4 / 14 < share.high
    assert share.high - share.low < 0.05


@pytest.mark.parametrize(("assumed", "share"), [(True, 1.0), (False, 0.0)])
def test_all_or_none_assumed_needs_no_estimate(assumed, share):
    uncertain = plain([0.1], ranges=[uniform("m0", 0.0, 0.2, assumed=assumed)])
    target = [Asked("t", "emissions", (2025,), "<=", 85)]
    result = study(uncertain, [EMISSIONS], target, Sampling(100, kind="numpy"))
    assert result.odds[0].assumed.value == share


def test_measures_without_a_range_are_named():
    uncertain = plain([0.1, 0.2], ranges=[uniform("m0", 0.0, 0.2)])
    result = study(uncertain, [EMISSIONS], [], PLAIN)
    assert result.fixed == ("m1",)
    assert result.ranges == (uniform("m0", 0.0, 0.2),)


def test_threads_change_no_figure():
    """Three chunks by one thread and by three: the same to the last bit."""
    uncertain = with_ranges(drawn_pathway(4))
    central = Engine(uncertain, Question.of(uncertain.pathway, TOTALS), kind="numpy").central()
    target = [Asked("2030", "emissions", (2030,), "<=", float(central[0, 5]))]
    alone, together = (
        study(uncertain, TOTALS, target, Sampling(20_000, 5, threads, "numpy"))
        for threads in (1, 3)
    )
    for name in ("mean", "deviation", "fan", "fan_error"):
        assert np.array_equal(getattr(alone, name), getattr(together, name))
    assert alone.odds == together.odds


SAVING = ("intensity", "activity", "factor", "process")


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), which=st.integers(0, 11), at=st.floats(0.9, 1.1))
def test_taking_a_saving_measure_away_never_raises_the_odds(seed, which, at):
    """On the same draws: every measure here takes emissions away, whatever the draw."""
    uncertain = with_ranges(drawn_pathway(seed, drivers=SAVING))
    question = Question.of(uncertain.pathway, [EMISSIONS])
    level = float(Engine(uncertain, question, kind="numpy").central()[0, -1]) * at
    target = [Asked("last", "emissions", (2031,), "<=", level)]
    sampling = Sampling(500, seed, kind="numpy")
    fewer = uncertain.without(f"measure {which}")
    before = study(uncertain, [EMISSIONS], target, sampling).odds[0]
    after = study(fewer, [EMISSIONS], target, sampling).odds[0]
    assert after.odds <= before.odds


@pytest.mark.parametrize(
    ("met", "draws", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I: score method without correction
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_wilsons(met, draws, low, high):
    assert wilson(met, draws) == pytest.approx((low, high), abs=5e-5)


FIGURES = arrays.arrays(
    float, st.tuples(st.integers(1, 3), st.integers(2, 300)), elements=st.floats(-1e6, 1e6)
)


@settings(max_examples=60, deadline=None)
@given(pilot=FIGURES, more=st.floats(0.1, 10), data=st.data())
def test_a_quantile_is_its_order_statistic_within_the_bound(pilot, more, data):
    """Beside NumPy's inverse of the empirical distribution, also for figures beyond the pilot."""
    figures = np.concatenate([pilot, pilot * more], axis=1)
    cells = Cells.over(pilot)
    cut = data.draw(st.integers(0, figures.shape[1]))
    for part in (figures[:, :cut], figures[:, cut:]):
        other = cells.like()
        other.add(part)
        cells.merge(other)
    values, bounds = cells.quantiles(LEVELS)
    wanted = np.quantile(figures, LEVELS, axis=1, method="inverted_cdf").T
    assert (np.abs(values - wanted) <= bounds + 1e-9 * (1 + np.abs(wanted))).all()


def test_missing_figures_are_in_no_cell_and_meet_no_target():
    cells = Cells.over(np.array([[1.0, np.nan, 3.0], [np.nan] * 3]))
    cells.add(np.array([[1.0, np.nan, 3.0], [np.nan] * 3]))
    assert cells.counts.sum(axis=1).tolist() == [2, 0]
    assert np.isnan(cells.quantiles(LEVELS)[0][1]).all()
    target = Asked("t", "e", (2025,), ">=", 0.0)
    assert target.met(np.array([np.nan, 1.0])).tolist() == [False, True]


@pytest.mark.slow
def test_compiled_counts_are_those_of_numpy():
    pytest.importorskip("numba")
    random = np.random.default_rng(3)
    figures = random.normal(size=(4, 5000)) * [[1], [10], [100], [0]]
    figures[1, 7] = np.nan
    plain_cells, compiled = (Cells.over(figures[:, :900], kind) for kind in (False, True))
    for cells in (plain_cells, compiled):
        cells.add(figures)
    assert np.array_equal(plain_cells.counts, compiled.counts)


def test_a_budget_by_year_and_in_sum():
    """100 t a year less 0 to 20 %: 90 t asks for 10 %, 85 t for 15 %, both in sum for 12.5 %."""
    uncertain = plain([0.1], years=(2026, 2027), ranges=[uniform("m0", 0.0, 0.2)])
    kept = budget_odds(uncertain, {2027: 85.0, 2026: 90.0}, sampling=PLAIN)
    first, second = kept.years
    assert (first.year, second.year, second.budget_in_sum) == (2026, 2027, 175.0)
    assert near(first.kept.odds, 0.5) and near(second.kept.odds, 0.25)
    assert first.kept_in_sum.odds == first.kept.odds
    assert near(kept.whole.odds, 0.375)
    assert kept.every_year.value == second.kept.odds
    # The middle draw emits 90 t a year: room 0, then -5 in sum
    assert first.gap[2] == pytest.approx(0, abs=0.5)
    assert second.gap_in_sum[2] == pytest.approx(-5, abs=1)


def test_a_budget_of_a_year_that_the_pathway_lacks_is_refused():
    uncertain = plain([0.1], ranges=[uniform("m0", 0.0, 0.2)])
    with pytest.raises(NotInPathway, match="no year 2040"):
        budget_odds(uncertain, {2040: 1.0})
    with pytest.raises(ValueError, match="a year or more"):
        budget_odds(uncertain, {})


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Asked("t", "energy", (2025,), "<=", 1), "there is no total energy"),
        (Asked("t", "emissions", (2025,), "<=", 1, per="product"), "there is no total product"),
        (Asked("t", "emissions", (2024,), "<=", 1), "the pathway has no year 2024"),
    ],
)
def test_a_target_names_what_is_there(target, words):
    uncertain = plain([0.1])
    with pytest.raises(NotInPathway, match=words):
        Question.of(uncertain.pathway, [EMISSIONS], [target])


def test_a_normal_law_is_cut_where_it_is_stated():
    law = Range("m0", "normal", 0.05, 0.1, 0.15, "a study", assumed=False)
    result = study(
        plain([0.1], ranges=[law]),
        [EMISSIONS],
        [Asked("t", "emissions", (2025,), ">=", 85.0 - 1e-5)],
        PLAIN,
    )
    assert result.odds[0].odds == 1
