"""Carbon budgets: paths by hand, shares that add up exactly and rise with their drivers, months and
the day it runs out by hand.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts.apportion import CannotShare
from hengtan.plan.budget.execute import Project, by_days, closing, execution
from hengtan.plan.budget.path import (
    Base,
    IntensityGoal,
    NoPath,
    Phase,
    cap_amount,
    held_back,
    paths,
)
from hengtan.plan.budget.principles import PRINCIPLES, mixed, shares

BASE, GOAL = Base(2025, 1000), IntensityGoal(0.17, 2030)


def test_an_intensity_path_by_hand() -> None:
    # 1000 t at GDP 500; −17 % in five years: after one year the cut is 1 − 0.83^(1/5) = 3.6580 %,
    # GDP 530 → 1000/500·530·0.83^0.2 = 1021.22
    first, last = paths(BASE, {2025: 500, 2026: 530, 2030: 660}, [2026, 2030], goal=GOAL)
    assert first.required_cut == pytest.approx(0.036580, abs=1e-6)
    assert first.amount == pytest.approx(1021.225, abs=0.001)
    assert first.budget == 1021
    assert last.amount == pytest.approx(1000 / 500 * 660 * 0.83)
    # on the straight line the first year demands a fifth of 17 %
    straight = IntensityGoal(0.17, 2030, "linear")
    (year,) = paths(BASE, {2025: 500, 2026: 530}, [2026], goal=straight)
    assert (year.required_cut, year.amount) == pytest.approx((0.034, 1060 * 0.966))


def test_the_total_binds_from_its_phase_on_and_the_stricter_holds() -> None:
    gdp = {2025: 500.0, 2029: 600.0, 2030: 620.0, 2031: 640.0}
    before, at_cap, after = paths(
        BASE,
        gdp,
        [2029, 2030, 2031],
        goal=GOAL,
        caps={2030: 1010, 2031: 900},
        phases=[Phase(2026, "intensity"), Phase(2030, "total")],
    )
    assert [y.rule for y in (before, at_cap, after)] == ["intensity", "total", "total"]
    # 1200·0.83^0.8 = 1033.82: the cap is beside it, not binding; 2030 intensity leaves 1029.2
    assert before.amount == pytest.approx(1033.82, abs=0.01)
    assert (at_cap.amount, at_cap.reason) == (1010, "budget_reason.cap")
    assert (after.amount, after.reason) == (900, "budget_reason.cap")
    total_first = [Phase(2026, "total")]
    (low,) = paths(
        BASE, {2025: 500.0, 2030: 550.0}, [2030], goal=GOAL, caps={2030: 1010}, phases=total_first
    )
    assert low.amount == pytest.approx(1000 / 500 * 550 * 0.83)
    assert low.reason == "budget_reason.stricter"


def test_caps_lie_on_straight_lines() -> None:
    assert cap_amount(BASE, {2030: 900, 2035: 600}, 2027) == pytest.approx(960)
    assert cap_amount(BASE, {2030: 900, 2035: 600}, 2032) == pytest.approx(780)
    assert cap_amount(BASE, {2030: 900}, 2031) is None


def test_a_path_without_its_inputs_is_refused() -> None:
    with pytest.raises(NoPath, match=r"no_path.intensity\|2026"):
        paths(BASE, {2025: 500}, [2026], goal=GOAL)
    with pytest.raises(NoPath, match=r"no_path.cap\|2026"):
        paths(BASE, {}, [2026], phases=[Phase(2026, "total")])
    with pytest.raises(NoPath, match=r"no_path.before_base\|2024"):
        cap_amount(BASE, {2030: 900}, 2024)


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
    driver = "population" if principle == "ability" else PRINCIPLES[principle][0]
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
    with pytest.raises(CannotShare, match=r"principle_needs\|per_head\|population"):
        mixed({"per_head": 1.0}, figures)
    with pytest.raises(ValueError, match="missing_or_negative"):
        shares("history", {"emission": np.array([1.0, np.nan])})


def test_a_year_by_hand() -> None:
    # even profile of twelfths, budget 1200: planned 100 a month; three months spent 120 each: pace
    # 1.2, so 120 a month; 1200 is used after ten months exactly, so November takes it over
    twelfth = (1 / 12,) * 12
    year = execution(2026, 1200, [120, 120, 120], twelfth)
    assert year.expected == pytest.approx(1440)
    assert year.months[2].pace == pytest.approx(1.2)
    assert year.months[9].left == pytest.approx(0.0, abs=1e-9)
    assert year.runs_out == date(2026, 11, 1)
    assert year.gap == pytest.approx(-240)
    # a project of 240 a year from July adds 20 a month for six months
    more = execution(2026, 1200, [100, 100, 100], twelfth, projects=[Project("新线", 7, 240)])
    assert more.expected == pytest.approx(1200 + 120)
    # 300 + 300 + 3·120 = 960 by September, 1080 and 1200 by November: December takes it over
    assert more.runs_out == date(2026, 12, 1)
    assert execution(2026, 1200, [90], twelfth).runs_out is None


@pytest.mark.parametrize(("year", "days"), [(2027, 365), (2028, 366), (2100, 365), (2000, 366)])
def test_a_day_of_a_leap_year_is_a_day(year: int, days: int) -> None:
    # 10 000 t a day: January and February as planned, so the year is the plan itself
    february = 29 if days == 366 else 28
    spent = [310_000, february * 10_000]
    state = execution(year, days * 10_000, spent)
    assert state.expected == pytest.approx(days * 10_000)
    assert state.months[1].planned == pytest.approx(february * 10_000)
    assert state.runs_out is None
    assert state.weights == "days"


def test_last_years_profile_gets_the_days_of_this_year() -> None:
    # 2027 at 10 000 t a day; in 2028 February has a 29th, in 2029 it has none again
    of_2027 = [
        days * 10_000 / 3_650_000 for days in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    ]
    leap = execution(2028, 3_660_000, [310_000, 290_000], of_2027)
    assert (leap.expected, leap.weights) == (pytest.approx(3_660_000), "profile")
    after = execution(2029, 3_650_000, [310_000, 280_000], by_days(2028))
    assert after.expected == pytest.approx(3_650_000)
    plain = execution(2027, 1200, [100], (1 / 12,) * 12)  # 2026 and 2027 have the same months
    assert plain.months[1].planned == pytest.approx(100)


def test_without_a_month_the_plan_is_expected() -> None:
    year = execution(2026, 365.0, [])
    assert year.expected == pytest.approx(365.0)
    assert sum(by_days(2028)) == pytest.approx(1.0)
    assert year.months[1].planned == pytest.approx(28.0)


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
