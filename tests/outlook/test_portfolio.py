"""The choice of measures: hand cases, what the additive program overstates, and properties."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolio_cases import place, random_study, study_of, two_that_save, with_costs

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.optimum import Settings
from hengtan.outlook.pathway.model import Act, applied
from hengtan.outlook.portfolio.choose import Manner, Search, StudyInfeasible, choose
from hengtan.outlook.portfolio.front import front
from hengtan.outlook.portfolio.money import discount, present_cost, spent
from hengtan.outlook.portfolio.refusal import refusal
from hengtan.outlook.portfolio.result import tables
from hengtan.outlook.portfolio.starts import from_starts
from hengtan.outlook.portfolio.study import Equity, Target, measured, reduced_by
from hengtan.outlook.portfolio.tangent import contributions, tangent_by_level

SEEDS = st.integers(0, 2**32 - 1)
TWO = (Act(0, "intensity", (0,)), Act(1, "intensity", (0,)))


def chosen(study, **more):
    """The choice of a random study, or nothing where it has no solution."""
    try:
        return choose(study, **more)
    except StudyInfeasible:
        return None


def test_an_additive_program_overstates_what_two_measures_cut():
    """1,000 t to 400 t. Additive: all of the first (400 t) and 200 / 500 of the second, 180; the
    model then leaves 600 * (1 - 0.2) = 480 t, so a cut of 520 t was called 600 t: 80 / 520 too
    much. In truth 600 * (1 - y / 2) = 400 needs y = 2/3: 100 + 133.33.
    """
    choice = choose(two_that_save(400.0))
    assert choice.rounds[0].cost == pytest.approx(180)
    assert choice.first_gap == pytest.approx(80 / 520)
    assert choice.cost == pytest.approx(100 + 400 / 3)
    assert choice.measured[0] == pytest.approx(400)
    assert choice.gap < 1e-5


def test_the_price_of_a_tonne_is_what_the_last_tonne_costs():
    """From 600 t on, each tonne needs 1/300 of the second measure: 200 / 300 (10,000 yuan)."""
    choice = choose(two_that_save(400.0))
    assert choice.prices[0] == pytest.approx(200 / 300)
    row = tables(choice)["targets"][0]
    assert row["price"] == pytest.approx(2e4 / 3)
    dearer = choose(two_that_save(399.0)).cost - choice.cost
    assert dearer == pytest.approx(choice.prices[0], rel=1e-6)


def test_a_price_in_money_of_its_own_year_is_not_discounted():
    """5 %: bought in the second year, a tonne costs 1 / 1.05 of that in money of the first."""
    row = tables(choose(two_that_save(400.0, rate=0.05)))["targets"][0]
    assert row["price_of_its_year"] == pytest.approx(2e4 / 3)
    assert row["price"] == pytest.approx(2e4 / 3 / 1.05)


def test_measures_that_pay_for_themselves_are_taken_without_a_target():
    """100 once, 60 saved in each of two years: 20 gained, so it begins at once."""
    pathway = place([Act(0, "intensity", (0,))], [0.4])
    choice = choose(study_of(pathway, [100.0], running=-60.0))
    assert choice.cost == pytest.approx(-20)
    assert np.allclose(choice.level, 1)


def test_a_budget_spreads_what_a_target_needs_over_the_years():
    """450 t need the first measure and half the second, 200; at most 120 a year. Either year may
    have the rest, and a unit more of a year's budget is worth nothing.
    """
    choice = choose(two_that_save(450.0, capital_budget=np.array([120.0, 120.0])))
    paid = spent(choice.study, choice.level)
    assert paid.by_year.max() <= 120 + 1e-6
    assert choice.cost == pytest.approx(200)


def test_what_a_budget_is_worth_is_what_a_unit_more_of_it_saves():
    """450 t need 200, best in the second year, whose budget is 150: 50 are paid a year early.
    At 10 % a unit more of the second year's budget saves 1 - 1 / 1.1.
    """
    study = two_that_save(450.0, rate=0.1, capital_budget=np.array([np.inf, 150.0]))
    choice = choose(study)
    row = tables(choice)["years"][1]
    assert row["worth_of_capital"] == pytest.approx(1 - 1 / 1.1)
    more = choose(replace(study, capital_budget=np.array([np.inf, 151.0])))
    assert choice.cost - more.cost == pytest.approx(1 - 1 / 1.1)


def test_pace_and_ceiling_hold():
    study = two_that_save(500.0, step=[0.3, 0.6])
    study.ceiling[1] = 0.9
    choice = choose(replace(study, targets=()))
    assert np.allclose(choice.level, 0)
    choice = choose(study.with_limits(np.array([1000 * (1 - 0.4 * 0.6) * (1 - 0.5 * 0.9)])))
    assert choice.level[0, 0] == pytest.approx([0.3, 0.6])
    assert choice.level[1, 0, 1] == pytest.approx(0.9)
    assert choice.level[1, 0, 0] <= 0.6 + 1e-9


def test_measures_that_exclude_each_other_share_one_field():
    """Half and half would cut 450 t; all of the second cuts 500 t at 200."""
    choice = choose(two_that_save(500.0, exclusions=((0, 1),)))
    assert choice.level[:, 0, 1] == pytest.approx([0, 1])
    with pytest.raises(StudyInfeasible):
        choose(two_that_save(490.0, exclusions=((0, 1),)))


def test_a_measure_goes_no_further_than_what_it_needs():
    """750 t by the second alone would be y = 1/2, 100; needing the first to the same level:
    (1 - 0.4 y)(1 - 0.5 y) = 0.75, y = (0.9 - sqrt(0.81 - 0.2)) / 0.4.
    """
    dear_first = with_costs(
        two_that_save(750.0), capital=np.full((2, 1, 2), [[[1000.0]], [[200.0]]])
    )
    assert choose(dear_first).cost == pytest.approx(100)
    level = (0.9 - np.sqrt(0.81 - 0.2)) / 0.4
    needing = choose(replace(dear_first, prerequisites=((1, 0),)))
    assert needing.cost == pytest.approx(1200 * level)


def test_what_wears_out_is_bought_again_and_counts_by_its_years():
    """A life of 2 years bought in the first of three: paid again in the third. Two annuities of the
    first and one of the second are in the study: without interest 3/2 of the price.
    """
    years = (2026, 2027, 2028)
    study = study_of(place([Act(0, "intensity", (0,))], [0.4], years=years), [100.0])
    study = with_costs(study, life=np.array([2.0]))
    level = np.ones(study.shape)
    assert spent(study, level).capital[0, 0] == pytest.approx([100, 0, 100])
    assert present_cost(study, level) == pytest.approx(150)


def test_each_district_gets_its_part():
    """Two districts alike, one twice as dear. The cheap one would get all; each must have 40 % of
    the money at least.
    """
    pathway = place([Act(0, "intensity", (0,))], [0.4], regions=("甲区", "乙区"))
    study = study_of(pathway, [100.0], limit=1700.0)
    study = with_costs(study, capital=study.costs.capital * np.array([1.0, 2.0])[None, :, None])
    assert tables(choose(study))["regions"][0]["share"] == pytest.approx(1)
    law = Equity("spending", np.array([0.5, 0.5]), least=0.8)
    rows = tables(choose(replace(study, equity=(law,))))["regions"]
    assert rows[1]["share"] == pytest.approx(0.4)
    # 0.6 x / 100 * 400 + 0.4 x / 200 * 400 = 300: x = 93.75
    assert rows[0]["capital"] + rows[1]["capital"] == pytest.approx(93.75)
    law = Equity("cut", np.array([0.5, 0.5]), least=1.0)
    rows = tables(choose(replace(study, equity=(law,))))["regions"]
    assert rows[0]["cut_of_all_years"] == pytest.approx(rows[1]["cut_of_all_years"])


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_equity_of_the_cut_holds_in_the_model(seed):
    """Nine tenths to eleven tenths of an equal part each, of a cut that is no sum of measures."""
    study = random_study(seed, cut=0.2)
    law = Equity("cut", np.full(3, 1 / 3), least=0.9, most=1.1)
    choice = chosen(replace(study, equity=(law,)))
    if choice is None:
        return
    total = Target("", "", 0.0, (0, 1, 2, 3))
    cut = [
        measured(replace(study, targets=(replace(total, regions=(n,)),)), level)[0]
        for level in (study.nothing, choice.level)
        for n in range(3)
    ]
    part = (np.array(cut[:3]) - np.array(cut[3:])) / (sum(cut[:3]) - sum(cut[3:]))
    assert choice.gap < 0.005
    assert (part >= 0.3 - 0.005).all() and (part <= 1.1 / 3 + 0.005).all()


def test_targets_of_all_years_and_of_some_places_and_carriers():
    study = random_study(5)
    reduced = reduced_by(study, study.ceiling)
    outcome = applied(study.pathway, reduced)
    some = Target("", "", 0.0, (0, 2), regions=(1,), sectors=(0, 2), carriers=(1,))
    energy = Target("", "", 0.0, (3,), quantity="energy")
    everything = Target("", "", 0.0, (0, 1, 2, 3))
    counted = measured(replace(study, targets=(some, energy, everything)), study.ceiling)
    by_hand = sum(outcome.burnt[1, s, 1, y] for s in (0, 2) for y in (0, 2))
    assert counted == pytest.approx(
        [by_hand, outcome.energy[..., 3].sum(), outcome.emissions.sum()]
    )


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, quantity=st.sampled_from(["emissions", "energy"]), share=st.floats(0, 1))
def test_the_tangent_is_the_derivative_of_the_model(seed, quantity, share):
    """Emissions are linear in each single level: a difference over any step is the derivative."""
    study = random_study(seed)
    carriers = (0, 1) if seed % 2 else None
    target = Target("", "", 0.0, (1, 3), quantity=quantity, sectors=(0, 2), carriers=carriers)
    study = replace(study, targets=(target,))
    level = study.ceiling * share
    tangent = tangent_by_level(study, level, target)
    assert tangent.value[:, [1, 3]].sum() == pytest.approx(measured(study, level)[0], rel=1e-9)
    m, r, y = seed % 6, seed % 3, 1 + 2 * (seed % 2)
    up, down = level.copy(), level.copy()
    up[m, r, y], down[m, r, y] = 1.0, 0.0
    step = measured(study, up)[0] - measured(study, down)[0]
    scale = abs(measured(study, level)[0])
    assert tangent.slope[m, r, y] == pytest.approx(step, rel=1e-9, abs=1e-11 * scale)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_what_measures_cut_is_the_mean_over_all_orders(seed):
    """Shapley's value by enumeration of the 2^5 sets of five measures; it adds up to the cut."""
    study = random_study(seed, measures=5)
    target = study.targets[0]
    study = replace(study, targets=(target,))
    ours = contributions(study, study.ceiling, target).sum(axis=(1, 2))
    count = 5
    totals = {
        part: measured(study, study.ceiling * np.array(part)[:, None, None])[0]
        for part in product((0.0, 1.0), repeat=count)
    }
    weight = [1 / count / _choose(count - 1, size) for size in range(count)]
    for m in range(count):
        value = 0.0
        for part in totals:
            if part[m] == 0:
                joined = (*part[:m], 1.0, *part[m + 1 :])
                value += weight[int(sum(part))] * (totals[part] - totals[joined])
        assert ours[m] == pytest.approx(value, rel=1e-9, abs=1e-9)
    cut = totals[(0.0,) * count] - totals[(1.0,) * count]
    assert ours.sum() == pytest.approx(cut, rel=1e-9, abs=1e-9)


def _choose(count, size):
    return np.prod([(count - k) / (k + 1) for k in range(size)]) if size else 1.0


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, cut=st.floats(0.02, 0.5))
def test_every_choice_holds_in_the_model(seed, cut):
    """Gap below 0.5 %, targets met in the reference model, and the same cost from the cash paid."""
    study = random_study(seed, cut=cut)
    choice = chosen(study)
    if choice is None:
        return
    assert choice.gap < 0.005
    limits = np.array([target.limit for target in study.targets])
    cut_by = choice.without - choice.measured
    assert (measured(study, choice.level) <= limits + 1e-4 * cut_by).all()
    lasting = with_costs(study, life=np.zeros(6))
    by_year = spent(lasting, choice.level).by_year @ discount(study)
    assert present_cost(lasting, choice.level) == pytest.approx(by_year, rel=1e-9, abs=1e-9)
    assert choice.cost == pytest.approx(choice.optimum.cost, rel=1e-6, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_measures_is_of_no_concern(seed):
    """Scaling measures commute; the list of measures turned round costs the same."""
    study = random_study(seed, cut=0.3)
    turned = [5 - m for m in range(6)]
    pathway = study.pathway
    other = replace(
        study,
        pathway=replace(
            pathway,
            effect=pathway.effect[turned],
            coverage=pathway.coverage[turned],
            acts=tuple(replace(act, measure=5 - act.measure) for act in pathway.acts),
        ),
        costs=replace(
            study.costs,
            capital=study.costs.capital[turned],
            running=study.costs.running[turned],
            life=study.costs.life[turned],
        ),
        step=study.step[turned],
    )
    one_way, other_way = chosen(study), chosen(other)
    assert (one_way is None) == (other_way is None)
    if one_way is not None:
        assert other_way.cost == pytest.approx(one_way.cost, rel=1e-4, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, factor=st.sampled_from([1e-3, 2.0, 1e3]))
def test_other_units_change_nothing(seed, factor):
    """Activity in units half as large at half the price, tonnes and limits alike."""
    study = random_study(seed, cut=0.3)
    pathway = study.pathway
    other = replace(
        study,
        pathway=replace(
            pathway,
            activity=pathway.activity * factor,
            intensity=pathway.intensity / factor,
            process=pathway.process / factor,
        ),
    )
    plain, changed = chosen(study), chosen(other)
    assert (plain is None) == (changed is None)
    if plain is not None:
        assert changed.cost == pytest.approx(plain.cost, rel=1e-4, abs=1e-6)
        in_kilo = with_costs(
            study,
            capital=study.costs.capital * factor,
            running=study.costs.running * factor,
        )
        assert chosen(in_kilo).cost == pytest.approx(plain.cost * factor, rel=1e-4, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, budget=st.floats(0.4, 1.0))
def test_a_larger_budget_never_costs_more(seed, budget):
    """From the levels of the smaller budget, which the larger allows."""
    study = random_study(seed, cut=0.2)
    free = chosen(study)
    if free is None:
        return
    most = spent(study, free.level).capital.sum(axis=(0, 1)).max()
    small = chosen(replace(study, capital_budget=np.full(4, most * budget)))
    if small is None:
        return
    larger = replace(study, capital_budget=np.full(4, most * budget * 1.2))
    assert choose(larger, start=small.level).cost <= small.cost * (1 + 1e-4) + 1e-6


def test_several_starts_end_at_the_cheapest_of_their_ends():
    """A study in which the additive start ends 1.8 % dearer than others."""
    study = random_study(6, measures=8, regions=2, years=3, cut=0.45)
    ends = from_starts(study, count=4)
    assert ends.best.cost == min(ends.costs)
    assert ends.best.cost < choose(study).cost * 0.99


def test_the_cheapest_end_is_what_a_search_of_all_levels_comes_to():
    """Three measures in one place and year, every level on a grid of 1/100 (all triples)."""
    acts = [Act(0, "intensity", (0,)), Act(1, "factor", (0,), 0), Act(2, "activity", (0,))]
    study = study_of(place(acts, [0.4, 0.5, 0.2], years=(2026,)), [90.0, 160.0, 60.0], limit=420.0)
    grid = np.linspace(0, 1, 101)
    first, second, third = np.meshgrid(grid, grid, grid, indexing="ij")
    tonnes = 1000 * (1 - 0.4 * first) * (1 - 0.5 * second) * (1 - 0.2 * third)
    cost = 90 * first + 160 * second + 60 * third
    best = cost[tonnes <= 420].min()
    ours = from_starts(study).best.cost
    assert best - 160 / 100 <= ours <= best + 1e-6


def test_a_front_has_the_slope_of_the_cheapest_measure_left():
    """Down to 600 t a tonne costs 100 / 400, from there 200 / 300, and 300 t is the least; the
    last point leaves a thousandth of the cut free.
    """
    line = front(two_that_save(400.0), 8)
    assert [point.measured for point in line[:5]] == pytest.approx(
        [1000, 900, 800, 700, 600], abs=1
    )
    assert [point.cost for point in line] == pytest.approx(
        [0, 25, 50, 75, 100, 500 / 3, 700 / 3, 300], abs=1
    )
    assert line[2].price == pytest.approx(0.25)
    assert line[-2].price == pytest.approx(2 / 3)


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_a_front_never_costs_more_for_less(seed):
    line = front(replace(random_study(seed), targets=random_study(seed).targets[:1]), 6)
    costs = [point.cost for point in line]
    assert costs == sorted(costs)


@pytest.mark.parametrize(
    ("study", "words"),
    [
        # at most 0.6 * 0.5 of 1,000 t stay: 300 t
        (two_that_save(250.0), "“末年排放”达不到。最小调整：末年排放提高50 tCO2e（到300 tCO2e）。"),
        # a quarter a year, half after two: 0.8 * 0.75 of 1,000 t stay
        (
            two_that_save(450.0, step=0.25),
            "“末年排放”达不到。最小调整：末年排放提高150 tCO2e（到600 tCO2e）。",
        ),
        # 450 t cost 200, of which the budgets have 120; these buy the first measure and a tenth
        # of the second: 600 * 0.95 = 570 t
        (
            two_that_save(450.0, capital_budget=np.array([0.0, 120.0])),
            "“2026年投资预算”、“2027年投资预算”、“末年排放”不能同时满足。最小调整："
            "2026年投资预算提高80 万元（到80 万元）；或2027年投资预算提高80 万元（到200 万元）；"
            "或末年排放提高120 tCO2e（到570 tCO2e）。",
        ),
    ],
)
def test_a_study_without_a_solution_says_what_would_help(study, words):
    with pytest.raises(StudyInfeasible) as refused:
        choose(study)
    assert refusal(refused.value).zh() == f"无解：{words}"


def test_targets_that_are_all_out_of_reach_give_way_together():
    """At least 300 t are let out in a year, 600 t in both: under 250 t and 500 t neither is met,
    and no change of a single target helps.
    """
    study = two_that_save(250.0)
    both = Target("两年累计排放", "both years", 500.0, (0, 1))
    with pytest.raises(StudyInfeasible) as refused:
        choose(replace(study, targets=(*study.targets, both)))
    said = refusal(refused.value).zh()
    assert "同时" in said
    assert "末年排放提高50 tCO2e" in said and "两年累计排放提高100 tCO2e" in said


def test_what_is_out_of_reach_beside_the_conflict_is_named_too():
    """Either district keeps 300 of its 1,000 t at least: under 250 t and 200 t neither is met, and
    what is said is of both.
    """
    acts = [Act(0, "intensity", (0,)), Act(1, "intensity", (0,))]
    study = study_of(place(acts, [0.4, 0.5], regions=("甲区", "乙区")), [100.0, 200.0], limit=1.0)
    limits = (("甲区排放", 250.0, 0), ("乙区排放", 200.0, 1))
    targets = tuple(Target(zh, zh, limit, (1,), regions=(n,)) for zh, limit, n in limits)
    with pytest.raises(StudyInfeasible) as refused:
        choose(replace(study, targets=targets))
    said = refusal(refused.value).zh()
    assert "也达不到" in said.partition("。")[0] and "“甲区排放”" in said and "“乙区排放”" in said
    assert "甲区排放提高50 tCO2e（到300 tCO2e）" in said
    assert "乙区排放提高100 tCO2e（到300 tCO2e）" in said


def test_budgets_that_help_together_alone_are_named_together():
    """36 % less in two years, a quarter a year: whatever money one year has, its quarters are not
    enough without money of the other. What is said is enough, and 3 % less than it is not.
    """
    budget = np.array([20.0, 20.0])
    study = two_that_save(640.0, step=0.25, capital_budget=budget)
    with pytest.raises(StudyInfeasible) as refused:
        choose(study)
    why = refusal(refused.value)
    assert not any(change.limit.name.startswith("capital") for change in why.alone)
    eased = {change.limit.name: change.raised for change in why.money}
    assert set(eased) == {"capital 2026", "capital 2027"}
    raised = budget + np.array([eased["capital 2026"], eased["capital 2027"]])
    choose(replace(study, capital_budget=raised + 1e-3))
    with pytest.raises(StudyInfeasible):
        choose(replace(study, capital_budget=raised * 0.97))
    assert "；或同时2026年投资预算提高" in why.zh()


def test_a_bound_of_districts_is_eased_by_what_they_are_short_of():
    """Two districts alike, each of which must pay six tenths of all: 200 of 2,000 t take a quarter
    of both, 50 in all, of which they are short by 5 each.
    """
    acts = [Act(0, "intensity", (0,))]
    study = study_of(place(acts, [0.4], regions=("甲区", "乙区")), [100.0], limit=1800.0)
    fair = Equity("spending", np.array([0.5, 0.5]), least=1.2)
    with pytest.raises(StudyInfeasible) as refused:
        choose(replace(study, equity=(fair,)))
    why = refusal(refused.value)
    assert why.zh().startswith("无解：“各区县投资占比下限”、“末年排放”不能同时满足")
    (eased,) = [change for change in why.alone if change.limit.said.by_district]
    assert eased.raised == pytest.approx(0.2 * 50.0, rel=1e-6)
    assert "个区县合计可差10 万元" in eased.zh()


def test_a_target_may_be_met_some_years_later():
    """A quarter a year, 620 t in 2026: 0.9 * 0.875 leaves 787.5 t, 2027 600 t."""
    study = two_that_save(620.0, step=0.25)
    target = replace(study.targets[0], years=(0,), zh="2026年排放")
    with pytest.raises(StudyInfeasible) as refused:
        choose(replace(study, targets=(target,)))
    said = refusal(refused.value)
    assert [delay.years for delay in said.delays] == [1]
    assert "2026年排放提高167.5 tCO2e（到787.5 tCO2e）；或“2026年排放”推迟1年" in said.zh()
    assert "1 year later" in said.en()


def test_what_nobody_set_is_not_blamed_on_targets():
    """A ceiling below what the first year's prerequisite asks: no limit of anybody helps."""
    study = two_that_save(900.0, prerequisites=((0, 1),))
    study.floor[0] = 0.5
    study.ceiling[1] = 0.1
    with pytest.raises(StudyInfeasible) as refused:
        choose(study)
    assert "与可调整的限制无关" in refusal(refused.value).zh()


@pytest.mark.parametrize("seed", [781, 1074, 1899])
def test_rounds_that_would_go_in_a_circle_are_shortened(monkeypatch, seed):
    """Studies whose optimum lies on a curved limit between two corners: with full steps the rounds
    go from corner to corner until they are refused; with shorter ones the gap closes.
    """
    study = random_study(seed, measures=10, regions=3, years=3, cut=0.5)
    choice = choose(study)
    assert choice.gap <= 1e-5 and min(each.reach for each in choice.rounds) < 1
    monkeypatch.setattr(Search, "_better", lambda search, point, tried: True)
    with pytest.raises(NotProven, match="40轮后"):
        choose(study)


def test_a_gap_that_does_not_close_gives_no_figures():
    with pytest.raises(NotProven, match="乘法模型仍相差"):
        choose(two_that_save(400.0), Manner(rounds=1))


def test_whole_measures_are_chosen_as_a_search_of_all_courses_would():
    """Three measures, each begun in one of two years or not at all: 27 courses, all tried."""
    acts = [*TWO, Act(2, "factor", (0,), 0)]
    study = study_of(place(acts, [0.4, 0.5, 0.3]), [100.0, 140.0, 70.0], step=0.5, limit=560.0)
    study = replace(study, whole=(0, 1, 2))
    courses = ([0.0, 0.0], [0.0, 0.5], [0.5, 1.0])
    best = np.inf
    for course in product(courses, repeat=3):
        level = np.array(course)[:, None, :]
        if measured(study, level)[0] <= 560:
            best = min(best, present_cost(study, level))
    ends = from_starts(study, Manner(Settings(gap=0.0)))
    assert ends.best.cost == pytest.approx(best)
    assert ends.best.optimum.gap <= 1e-9
    assert {tuple(level) for level in ends.best.level[:, 0].round(9).tolist()} <= {
        tuple(course) for course in courses
    }


def test_arrays_that_do_not_fit_are_named():
    study = two_that_save(400.0)
    with pytest.raises(ValueError, match="step"):
        replace(study, step=np.ones(3))
    with pytest.raises(ValueError, match="ceiling is below"):
        replace(study, floor=np.full((2, 1), 1.5))
    with pytest.raises(ValueError, match="ceiling falls"):
        replace(study, ceiling=np.array([[[1.0, 0.5]], [[1.0, 1.0]]]))


def test_what_rests_on_assumed_numbers_is_said():
    """Of 600 t the first measure cuts 333.33 by Shapley's value: (400 + 266.67) / 2."""
    study = replace(two_that_save(400.0), assumed_effect=np.array([False, True]))
    shown = tables(choose(study))
    assert shown["assumed_cut"] == pytest.approx(266.67 / 600, abs=1e-4)
    assert shown["assumed_cost"] == 1
