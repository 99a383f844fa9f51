"""Carbon budgets: paths by hand, shares that add up exactly and rise with their drivers, months and the day it runs out by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hengtan.plan.budget.allocate import held_back, share_out
from hengtan.plan.budget.execute import EVEN, Project, closing, execution
from hengtan.plan.budget.path import Phase, cap_amount, paths
from hengtan.plan.budget.principles import PRINCIPLES, mixed, shares

# paths


def test_an_intensity_path_by_hand() -> None:
    # 1000 t at GDP 500; −17 % in five years: after one year the cut is 1 − 0.83^(1/5) = 3.6580 %, GDP 530 → 1000/500·530·0.83^0.2 = 1021.22
    made = paths(
        base_year=2025,
        base_emission=1000,
        gdp={2025: 500, 2026: 530, 2030: 660},
        goal_cut=0.17,
        goal_year=2030,
        years=[2026, 2030],
    )
    assert made[0].required_cut == pytest.approx(1 - 0.83**0.2)
    assert made[0].amount == pytest.approx(1060 * 0.83**0.2)
    assert made[0].budget == int(1060 * 0.83**0.2)
    assert made[1].amount == pytest.approx(1000 / 500 * 660 * 0.83)


def test_the_total_binds_from_its_phase_on_and_the_stricter_holds() -> None:
    gdp = {2025: 500.0, 2029: 600.0, 2030: 620.0, 2031: 640.0}
    made = paths(
        base_year=2025,
        base_emission=1000,
        gdp=gdp,
        goal_cut=0.17,
        goal_year=2030,
        caps={2030: 1010, 2031: 900},
        phases=[Phase(2026, "intensity"), Phase(2030, "total")],
        years=[2029, 2030, 2031],
    )
    assert [y.rule for y in made] == ["intensity", "total", "total"]
    assert made[0].amount == pytest.approx(
        1000 / 500 * 600 * 0.83**0.8
    )  # the cap is beside it, not binding
    assert (made[1].amount, made[1].reason) == (1010, "总量上限")  # intensity leaves 1029.2
    assert (made[2].amount, made[2].reason) == (900, "总量上限")
    low = paths(
        base_year=2025,
        base_emission=1000,
        gdp={2025: 500.0, 2030: 550.0},
        goal_cut=0.17,
        goal_year=2030,
        caps={2030: 1010},
        phases=[Phase(2026, "total")],
        years=[2030],
    )
    assert low[0].amount == pytest.approx(1000 / 500 * 550 * 0.83)
    assert low[0].reason == "强度路径低于总量上限，从严"


def test_caps_lie_on_straight_lines() -> None:
    assert cap_amount(1000, 2025, {2030: 900, 2035: 600}, 2027) == pytest.approx(960)
    assert cap_amount(1000, 2025, {2030: 900, 2035: 600}, 2032) == pytest.approx(780)
    assert cap_amount(1000, 2025, {2030: 900}, 2031) is None


def test_a_path_without_its_inputs_is_refused() -> None:
    with pytest.raises(ValueError, match="强度目标"):
        paths(
            base_year=2025,
            base_emission=1000,
            gdp={2025: 500},
            goal_cut=0.17,
            goal_year=2030,
            years=[2026],
        )
    with pytest.raises(ValueError, match="总量上限"):
        paths(
            base_year=2025, base_emission=1000, gdp={}, phases=[Phase(2026, "total")], years=[2026]
        )


# shares


@st.composite
def cases(draw):
    groups = draw(st.integers(1, 5))
    sizes = [draw(st.integers(1, 7)) for _ in range(groups)]
    totals = [draw(st.integers(0, 10_000)) for _ in range(groups)]
    weights = [draw(st.floats(0, 100)) for _ in range(sum(sizes))]
    at = np.repeat(np.arange(groups), sizes)
    floors = np.array([draw(st.integers(0, max(totals[g] // sizes[g], 0))) for g in at])
    return np.array(totals), np.array(weights), at, floors


@settings(max_examples=200)
@given(cases())
def test_parts_add_up_exactly_and_keep_their_floors(case) -> None:
    totals, weights, at, floors = case
    got = share_out(totals, weights, at, floors)
    assert np.array_equal(
        np.bincount(at, weights=got.units, minlength=len(totals)).astype(int), totals
    )
    assert (got.units >= floors).all()
    assert (np.abs(got.units - got.exact) < 1 + 1e-6).all()


@settings(max_examples=200)
@given(cases(), st.data())
def test_a_part_never_falls_when_its_own_weight_rises(case, data) -> None:
    totals, weights, at, _ = case
    i = data.draw(st.integers(0, len(weights) - 1))
    assume(weights[at == at[i]].sum() > 0)
    more = weights.copy()
    more[i] += data.draw(st.floats(0.01, 200))
    assert share_out(totals, more, at).units[i] >= share_out(totals, weights, at).units[i]


def test_the_largest_remainder_by_hand() -> None:
    # 10 by 1:2:4 → 1.43, 2.86, 5.71: whole 1, 2, 5 leave 2 units, to the remainders .86 and .71
    got = share_out(
        np.array([10, 7]),
        np.array([1.0, 2.0, 4.0, 1.0, 1.0]),
        np.array([0, 0, 0, 1, 1]),
        np.array([0, 0, 0, 0, 5]),
    )
    assert got.units.tolist() == [1, 3, 6, 2, 5]
    assert got.rounded_up.tolist() == [False, True, True, False, False]
    assert got.floored.tolist() == [False, False, False, False, True]


def test_equal_remainders_go_to_the_earlier() -> None:
    # 261, 409, 409, 85 of 1164 of 4268 units: 957, 1499⅔, 1499⅔, 311⅔; two units left go to the first two of the equal remainders (found by the property test)
    assert share_out(
        np.array([4268]), np.array([261.0, 409.0, 409.0, 85.0]), np.zeros(4, int)
    ).units.tolist() == [957, 1500, 1500, 311]


def test_floors_beyond_the_total_and_empty_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="floors exceed"):
        share_out(np.array([5]), np.array([1.0, 1.0]), np.array([0, 0]), np.array([3, 3]))
    with pytest.raises(ValueError, match="no member"):
        share_out(np.array([5, 5]), np.array([1.0]), np.array([0]))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.floats(0, 0.99))
def test_a_reserve_and_the_rest_add_up(totals: list[int], reserve: float) -> None:
    rest, kept = held_back(np.array(totals), reserve)
    assert ((rest + kept) == np.array(totals)).all()
    assert (kept >= 0).all() and (rest >= 0).all()


FIGURE = st.floats(0.1, 1e6)


@given(
    st.lists(st.tuples(FIGURE, FIGURE, FIGURE, FIGURE), min_size=2, max_size=8),
    st.sampled_from(sorted(PRINCIPLES)),
    st.data(),
)
def test_shares_add_to_one_and_rise_with_their_driver(rows, principle, data) -> None:
    figures = {
        name: np.array(column)
        for name, column in zip(
            ("emission", "gdp", "population", "benchmark"), zip(*rows, strict=True), strict=True
        )
    }
    share = shares(principle, figures)
    assert share.sum() == pytest.approx(1.0)
    i = data.draw(st.integers(0, len(rows) - 1))
    driver = "population" if principle == "ability" else PRINCIPLES[principle][2][0]
    figures[driver] = figures[driver].copy()
    figures[driver][i] *= 1.5
    assert shares(principle, figures)[i] >= share[i] - 1e-12


def test_ability_favours_the_poorer_of_two_alike() -> None:
    # 100 people each; GDP per head 1 and 4: weights 100·1 and 100·4^−0.5 = 50 → 2/3 and 1/3
    assert shares(
        "ability", {"gdp": np.array([100.0, 400.0]), "population": np.array([100.0, 100.0])}
    ) == pytest.approx([2 / 3, 1 / 3])


def test_a_mix_is_the_weighted_mean() -> None:
    figures = {"emission": np.array([1.0, 3.0]), "gdp": np.array([1.0, 1.0])}
    share, single = mixed({"history": 3.0, "per_gdp": 1.0}, figures)
    assert share == pytest.approx([0.75 * 0.25 + 0.25 * 0.5, 0.75 * 0.75 + 0.25 * 0.5])
    assert single["history"] == pytest.approx([0.25, 0.75])
    with pytest.raises(ValueError, match="needs population"):
        mixed({"per_head": 1.0}, figures)
    with pytest.raises(ValueError, match="missing or negative"):
        shares("history", {"emission": np.array([1.0, np.nan])})


@given(
    st.lists(st.tuples(st.integers(1, 999), st.integers(0, 3)), min_size=1, max_size=20),
    st.integers(1, 10**6),
)
def test_shares_are_those_of_exact_fractions(rows, total) -> None:
    weights, at = (
        np.array([w for w, _ in rows], float),
        np.unique([g for _, g in rows], return_inverse=True)[1],
    )
    got = share_out(np.full(at.max() + 1, total), weights, at)
    for g in range(at.max() + 1):
        mine = [i for i in range(len(rows)) if at[i] == g]
        whole = sum(int(weights[i]) for i in mine)
        exact = {i: Fraction(total * int(weights[i]), whole) for i in mine}
        left = total - sum(int(x) for x in exact.values())
        ups = sorted(mine, key=lambda i: (-(exact[i] - int(exact[i])), i))[:left]
        assert [got.units[i] for i in mine] == [int(exact[i]) + (i in ups) for i in mine]


# execution


def test_a_year_by_hand() -> None:
    # even profile of twelfths, budget 1200: planned 100 a month; three months spent 120 each: pace 1.2, so 120 a month; 1200 is used after ten months exactly, so November takes it over
    twelfth = (1 / 12,) * 12
    made = execution(2026, 1200, [120, 120, 120], twelfth)
    assert made.expected == pytest.approx(1440)
    assert made.months[2].pace == pytest.approx(1.2)
    assert made.months[9].left == pytest.approx(0.0, abs=1e-9)
    assert made.runs_out == date(2026, 11, 1)
    assert made.gap == pytest.approx(-240)
    # a project of 240 a year from July adds 20 a month for six months
    more = execution(2026, 1200, [100, 100, 100], twelfth, projects=[Project("新线", 7, 240)])
    assert more.expected == pytest.approx(1200 + 120)
    # spent to December at 1180 + 100 from October: 300 + 300 + 3·120 = 960 by September, 1080, 1200 by November: December takes it over
    assert more.runs_out == date(2026, 12, 1)
    assert execution(2026, 1200, [90], twelfth).runs_out is None


def test_without_a_month_the_plan_is_expected() -> None:
    made = execution(2026, 365.0, [])
    assert made.expected == pytest.approx(365.0)
    assert sum(EVEN) == pytest.approx(1.0)
    assert made.months[1].planned == pytest.approx(28.0)


@given(st.floats(1, 1e6), st.lists(st.floats(0, 1e5), max_size=12), st.floats(0, 0.5))
def test_months_add_up_and_growth_never_spends_less(
    budget: float, spent: list[float], growth: float
) -> None:
    plain, grown = execution(2026, budget, spent), execution(2026, budget, spent, growth=growth)
    assert sum(m.amount for m in plain.months) == pytest.approx(plain.expected)
    assert plain.months[-1].left == pytest.approx(plain.gap, abs=1e-6 * budget)
    assert grown.expected >= plain.expected - 1e-9
    if plain.runs_out:
        assert grown.runs_out is not None and grown.runs_out <= plain.runs_out


def test_closing() -> None:
    assert closing(1000, 900, carry=0.5) == {"rate": 0.9, "left": 100, "next_year": 50}
    assert closing(1000, 1100, deduct=2) == {"rate": 1.1, "left": -100, "next_year": -200}
    with pytest.raises(ValueError, match="twelve"):
        execution(2026, 10, [1.0] * 13)
