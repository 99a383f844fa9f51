"""The month's verdict by hand and by the 2021 rule; causes that add up; nowcasts without a look
ahead, and warnings whose false alarms are counted.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengtan.plan.monthly import (
    Figures,
    Goal,
    causes,
    change_of_intensity,
    growth_between,
    judge,
    ranked,
    second_light,
)
from hengtan.plan.verdict_parameters import Slack, national
from hengtan.plan.warning import (
    Row,
    backtest,
    chance_behind,
    chance_of_red,
    nowcasts,
    threshold_for,
)

SLACK = Slack(0.2, 0.005)


def test_a_district_by_hand() -> None:
    # energy 103 against 100, GDP +6 %: intensity 1.03/1.06 − 1 = −2.830 %; 14 % in 2020–2025, 5 %
    # done through 2021; 2022: progress 1 − .95·(1.03/1.06) = 7.689 %, demanded 1 − .86^(2/5) =
    # 5.854 %, needed 1 − (.86/.95)^(1/4) = 2.457 %; +3 % with 2.5 % allowed is half a point beyond
    verdict = judge(
        "甲",
        2022,
        Figures(energy=103.0, gdp_growth=0.06, electricity=55.0),
        Figures(energy=100.0, electricity=50.0),
        Goal(2020, 2025, 0.14, 2021, 0.05, 0.025),
        SLACK,
    )
    assert verdict.change == pytest.approx(-0.028302, abs=1e-6)
    assert verdict.progress == pytest.approx(0.076887, abs=1e-6)
    assert verdict.required == pytest.approx(0.058545, abs=1e-6)
    assert verdict.needed == pytest.approx(0.024575, abs=1e-6)
    assert (verdict.light, verdict.total_light) == (3, 2)
    assert verdict.growth_basis == "growth_basis.amounts"
    assert verdict.electricity_growth == pytest.approx(0.1)
    assert verdict.missing == ()


@pytest.mark.parametrize(
    ("energy_growth", "light"), [(0.06, 1), (0.0600001, 1), (0.0599, 2), (0.02, 3)]
)
def test_the_first_light_on_its_boundaries(energy_growth: float, light: int) -> None:
    # +6 % GDP and +6 % energy: the intensity did not fall → red. Demanded by 2021:
    # 1 − .86^.2 = 2.971 % → energy at most 1.06·.86^.2 − 1 = 2.851 %
    verdict = judge(
        "甲",
        2021,
        Figures(energy_growth=energy_growth, gdp_growth=0.06),
        Figures(),
        Goal(2020, 2025, 0.14),
        SLACK,
    )
    assert verdict.light == light


def test_what_is_missing_is_said_and_a_rise_is_red_without_progress() -> None:
    assert judge("甲", 2022, Figures(), Figures(), None, SLACK).missing == (
        "missing.energy_growth",
        "missing.gdp_growth",
        "missing.goal",
    )
    risen = judge(
        "甲",
        2023,
        Figures(energy_growth=0.09, gdp_growth=0.05),
        Figures(),
        Goal(2020, 2025, 0.14, 2021, 0.05),
        SLACK,
    )
    assert (risen.light, risen.progress, risen.missing) == (1, None, ("missing.done_cut|2022",))


def test_the_second_light_takes_its_slack_from_the_pack_which_says_that_it_is_ours() -> None:
    slack = Slack.of(national())
    assert {used.confidence for used in national().used if used.name.startswith("total")} == {
        "proposal"
    }
    # a fifth of 3 % is 0.6 points
    lights = [second_light(growth, 0.03, slack) for growth in (0.03, 0.036, 0.0361)]
    assert lights == [3, 2, 1]
    assert second_light(0.02, None, slack) is None


def test_growth_and_change_of_nothing_is_nothing() -> None:
    unknown = [growth_between(1.0, None), growth_between(None, 1.0), growth_between(1.0, 0.0)]
    assert [*unknown, change_of_intensity(0.1, None), change_of_intensity(0.1, -1.0)] == [None] * 5


def test_ranks_share_and_skip() -> None:
    # b and c both print as −2.00 %
    changes = {"a": -0.03, "b": -0.02, "c": -0.02001, "d": None, "e": 0.01}
    assert ranked(changes) == {"a": 1, "b": 2, "c": 2, "d": None, "e": 4}


FIGURE = st.floats(1.0, 1e4)


@given(st.lists(st.tuples(FIGURE, FIGURE, FIGURE, st.floats(-0.2, 0.3)), min_size=1, max_size=8))
def test_causes_add_up(rows) -> None:
    names = [str(n) for n in range(len(rows))]
    before = {n: Figures(energy=e0, gdp=g) for n, (e0, g, _, _) in zip(names, rows, strict=True)}
    now = {
        n: Figures(energy=e1, gdp_growth=x) for n, (_, _, e1, x) in zip(names, rows, strict=True)
    }
    why = causes(names, now, before)
    assert why is not None
    size = sum(e for e, *_ in rows) + 1
    assert why.activity + why.structure + why.intensity == pytest.approx(
        why.change, abs=1e-9 * size
    )
    assert sum(why.by_place.values()) == pytest.approx(why.intensity, abs=1e-9 * size)


def test_causes_by_hand() -> None:
    # one district: energy 100 → 110, GDP +10 %: all of it is the economy; without GDP no causes
    before = {"甲": Figures(energy=100.0, gdp=50.0)}
    why = causes(["甲"], {"甲": Figures(energy=110.0, gdp_growth=0.1)}, before)
    assert why is not None
    assert (why.activity, why.structure, why.intensity) == pytest.approx((10, 0, 0), abs=1e-9)
    assert causes(["甲"], {"甲": Figures(energy=110.0)}, before) is None


def synthetic_rows(noise: float, periods: int = 30, places: int = 8, seed: int = 4) -> list[Row]:
    """Growth of energy = 0.01 + 0.5 electricity + 0.3 coal + place, plus noise; made up here."""
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(periods):
        for place in range(places):
            electricity, coal = rng.normal(0.05, 0.03), rng.normal(0.01, 0.04)
            energy = 0.01 + 0.5 * electricity + 0.3 * coal + 0.004 * place + rng.normal(0, noise)
            rows.append(Row(f"p{place}", at, energy, electricity, coal, gdp=0.05))
    return rows


def test_a_nowcast_finds_the_law_and_states_its_error() -> None:
    rows = synthetic_rows(0.005)
    last = [r for r in rows if r.at == 29]
    open_rows, past = nowcasts(
        [
            r if r.at < 29 else Row(r.place, r.at, None, r.electricity, r.coal, gdp=r.gdp)
            for r in rows
        ]
    )
    assert len(open_rows) == 8
    assert {n.drivers for n in open_rows} == {("electricity", "coal")}
    wrong = [r.energy - n.growth for r, n in zip(last, open_rows, strict=True)]
    assert float(np.sqrt(np.mean(np.square(wrong)))) == pytest.approx(0.005, rel=0.6)
    assert open_rows[0].error == pytest.approx(
        0.0055, rel=0.3
    )  # the noise and a little for the coefficients
    inside = [
        abs(r.energy - n.growth) < 1.2816 * n.error for r, n in past if not math.isnan(n.error)
    ]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.07)


def test_nowcasts_of_the_past_do_not_look_ahead() -> None:
    rows = synthetic_rows(0.01)
    _, before = nowcasts(rows)
    _, after = nowcasts(
        [r if r.at < 20 else Row(r.place, r.at, 9.9, r.electricity, r.coal) for r in rows]
    )
    assert [n for r, n in before if r.at <= 20] == [n for r, n in after if r.at <= 20]


def test_a_driver_that_is_missing_is_done_without_and_too_few_rows_give_none() -> None:
    rows = synthetic_rows(0.005)
    open_rows, _ = nowcasts([*rows, Row("p0", 30, None, electricity=0.05)])
    assert [n.drivers for n in open_rows] == [("electricity",)]
    assert nowcasts([Row("a", 0, 0.1, 0.1), Row("a", 1, None, 0.1)]) == ([], [])


def test_chances() -> None:
    assert chance_of_red(0.06, 0.01, 0.06) == pytest.approx(0.5)
    assert chance_of_red(0.05, 0.01, 0.06) == pytest.approx(
        0.158655, abs=1e-5
    )  # one standard error below
    # behind: growth must stay below 1.06·(1−.1)/(1−.08) − 1 = 3.696 %
    assert chance_behind(1.06 * 0.9 / 0.92 - 1, 0.01, 0.06, 0.08, 0.1) == pytest.approx(0.5)


def test_a_backtest_by_hand() -> None:
    chances, red = [0.9, 0.8, 0.7, 0.2, 0.1], [True, False, True, True, False]
    tried = backtest(chances, red, 0.7)
    assert (tried.warned, tried.false, tried.reds, tried.hit, tried.cases) == (3, 1, 3, 2, 5)
    # 1 of 3, Clopper and Pearson: 0.84 % to 90.57 % (published tables of exact binomial limits)
    assert tried.false_interval == pytest.approx((0.0084, 0.9057), abs=5e-5)
    assert threshold_for(chances, red, 0.0).threshold == 0.9
    assert threshold_for(chances, red, 0.25).threshold == 0.2  # 1 of 4 false
    assert threshold_for([0.9], [False], 0.2) is None


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.floats(0, 0.9)
)
def test_no_lower_threshold_keeps_the_promise(cases, most) -> None:
    chances, red = [c for c, _ in cases], [r for _, r in cases]
    chosen = threshold_for(chances, red, most)
    for threshold in sorted({round(c, 4) for c in chances}):
        tried = backtest(chances, red, threshold)
        if chosen is None or threshold < chosen.threshold:
            assert not tried.warned or tried.false / tried.warned > most
