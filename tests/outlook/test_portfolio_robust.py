"""Targets at risk: conditional value at risk against a closed form and sorting, and fresh draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolio_cases import place, random_study, study_of
from scipy.stats import norm, triang

from hengtan.outlook.pathway.model import Act
from hengtan.outlook.portfolio.choose import StudyInfeasible, choose
from hengtan.outlook.portfolio.draws import assumed_share, draw
from hengtan.outlook.portfolio.robust import (
    AtRisk,
    at_risk,
    checked,
    totals_of,
    value_at_risk_beyond,
)
from hengtan.outlook.uncertainty.laws import (
    Range,
    RangeWithoutSource,
    fixed,
    quantile,
    variance,
)


def ranges_of(study, *, source="测试", below=0.7, above=1.2):
    named = zip(study.pathway.measures, study.pathway.effect.tolist(), strict=True)
    return tuple(
        Range(name, "triangular", mid * below, mid, mid * above, source, assumed=number % 2 == 0)
        for number, (name, mid) in enumerate(named)
    )


@pytest.mark.parametrize("alpha", [0.5, 0.9, 0.95])
def test_the_worst_of_a_normal_are_as_the_closed_form_says(alpha):
    r"""Mean + sigma * phi(z) / (1 - alpha) (Rockafellar and Uryasev 2000), at 200,000 quantiles."""
    share = (np.arange(200_000) + 0.5) / 200_000
    closed = 10 + 3 * norm.pdf(norm.ppf(alpha)) / (1 - alpha)
    assert value_at_risk_beyond(norm.ppf(share, 10, 3), alpha) == pytest.approx(closed, rel=1e-4)


def test_the_worst_share_is_the_mean_of_the_largest():
    values = np.random.default_rng(3).permutation(np.arange(1.0, 21.0))
    assert value_at_risk_beyond(values, 0.9) == pytest.approx((20 + 19) / 2)
    # 7 % of 20 are 1.4: the largest and 0.4 of the next
    assert value_at_risk_beyond(values, 0.93) == pytest.approx((20 + 0.4 * 19) / 1.4)


def test_a_program_at_risk_chooses_what_sorting_says():
    """A single measure: the tonnes left are linear in its level, so that the level needed follows
    from the mean of the smallest tenth of the effects drawn.
    """
    study = study_of(place([Act(0, "intensity", (0,))], [0.4]), [100.0], limit=750.0)
    effects = np.random.default_rng(4).normal(0.4, 0.05, (400, 1))
    choice = choose(study, side=AtRisk(effects, 0.9))
    smallest = np.sort(effects[:, 0])[:40].mean()
    assert choice.level[0, 0, 1] == pytest.approx(250 / (1000 * smallest), rel=1e-6)
    assert choice.prices[0] == pytest.approx(100 / (1000 * smallest), rel=1e-6)


def test_draws_are_those_of_the_triangle():
    """Quantiles against scipy's; one seed gives one set of draws, another stream another."""
    law = Range("甲", "triangular", 0.1, 0.2, 0.5, "测试")
    ranges = (law,)
    share = np.linspace(0.01, 0.99, 9)
    theirs = triang(c=0.25, loc=0.1, scale=0.4)
    assert quantile(law, share) == pytest.approx(theirs.ppf(share))
    assert variance(law) == pytest.approx(theirs.var(), rel=1e-4)
    drawn = draw(ranges, 20_000, seed=7)[:, 0]
    assert np.quantile(drawn, share) == pytest.approx(theirs.ppf(share), abs=0.005)
    assert (draw(ranges, 5, seed=7) == draw(ranges, 5, seed=7)).all()
    assert (draw(ranges, 5, seed=7) != draw(ranges, 5, seed=7, stream=1)).all()
    assert (draw((fixed("甲", 0.2),), 5, seed=7) == 0.2).all()


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_choice_at_risk_meets_its_targets_on_its_own_draws_and_costs_no_less(seed):
    """Meeting the mean of the worst draws of effects around the centre is more than the centre."""
    study = random_study(seed, cut=0.1)
    ranges = ranges_of(study, above=1.0)
    side = at_risk(study, ranges, alpha=0.8, count=60, seed=1)
    try:
        central = choose(study)
        robust = choose(study, side=side, start=central.level)
    except StudyInfeasible:
        return
    assert robust.gap < 0.005
    limits = np.array([target.limit for target in study.targets])
    totals = totals_of(study, robust.level, side.effects)
    worst = [value_at_risk_beyond(each, 0.8) for each in totals.T]
    assert (np.array(worst) <= limits + 1e-4 * robust.without).all()
    easier = choose(study, start=robust.level)
    assert easier.cost <= robust.cost * (1 + 1e-4) + 1e-6


def test_a_choice_is_checked_on_draws_it_has_not_seen():
    """At risk 80 %, the worst fifth of fresh draws is near the limit; the central choice is not."""
    study = random_study(3)
    ranges = ranges_of(study)
    central = choose(study)
    side = at_risk(study, ranges, alpha=0.8, count=300, seed=5)
    robust = choose(study, side=side, start=central.level)
    limits = np.array([target.limit for target in study.targets])
    before = checked(central, ranges, alpha=0.8, count=2000, seed=5)
    after = checked(robust, ranges, alpha=0.8, count=2000, seed=5)
    cut = robust.without - limits
    assert after.beyond == pytest.approx(limits, abs=0.02 * cut.max())
    assert (before.beyond > limits).all()
    assert (after.odds > 0.8).all() and (after.odds > before.odds).all()
    assert after.error == pytest.approx(np.sqrt(after.odds * (1 - after.odds) / 2000))


def test_odds_say_how_much_of_their_variance_is_assumed():
    """Two measures of 40 and 50 % on 1,000 t in full use: slopes -500 and -600 t, ranges alike."""
    acts = [Act(0, "intensity", (0,)), Act(1, "intensity", (0,))]
    study = study_of(place(acts, [0.4, 0.5]), [100.0, 200.0], limit=300.0)
    ranges = (
        Range("措施0", "triangular", 0.3, 0.4, 0.5, "甲"),
        Range("措施1", "triangular", 0.4, 0.5, 0.6, "乙", assumed=False),
    )
    check = checked(choose(study), ranges, alpha=0.9, count=50, seed=1)
    assert check.assumed[0] == pytest.approx(500**2 / (500**2 + 600**2))


def test_a_range_without_a_source_gives_no_odds():
    study = random_study(3)
    with pytest.raises(RangeWithoutSource, match="措施0、措施1"):
        at_risk(study, ranges_of(study, source=""), alpha=0.9, count=10, seed=1)


def test_parts_of_one_measure_are_drawn_together():
    """Parts at half and double the width: the same share of each range in every draw."""
    laws = (
        Range("甲", "uniform", 0.2, 0.3, 0.4, "测试", of="甲"),
        Range("甲#2", "uniform", 0.1, 0.3, 0.5, "测试", of="甲"),
        Range("乙", "uniform", 0.2, 0.3, 0.4, "测试"),
    )
    first, second, other = draw(laws, 500, seed=2).T
    assert (second - 0.1) / 0.4 == pytest.approx((first - 0.2) / 0.2, abs=1e-5)
    assert abs(np.corrcoef(first, other)[0, 1]) < 0.15
    turned = draw(laws[::-1], 500, seed=2).T
    assert (turned[::-1] == [first, second, other]).all()


def test_deviations_of_parts_add_and_variances_of_measures_do():
    """Slopes 3 and 1 on parts of one measure of width 0.2, and 4 on another: 4^2 beside 4^2."""
    parts = [Range(name, "uniform", 0.2, 0.3, 0.4, "测试", of="甲") for name in ("甲", "甲#2")]
    other = Range("乙", "uniform", 0.2, 0.3, 0.4, "测试", assumed=False)
    assert assumed_share([*parts, other], np.array([3.0, 1.0, 4.0])) == pytest.approx(0.5)
