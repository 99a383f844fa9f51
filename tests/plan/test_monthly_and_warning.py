"""The month's verdict by hand and by the 2021 rule; causes that add up; nowcasts without a look ahead, and warnings whose false alarms are counted."""

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
    growth,
    intensity_change,
    judge,
    over_plan,
    ranked,
    total_light,
)
from hengtan.plan.warning import (
    Row,
    backtest,
    chance_behind,
    chance_of_red,
    nowcasts,
    threshold_for,
)


def test_a_district_by_hand() -> None:
    # energy 103 against 100, GDP +6 %: intensity 1.03/1.06 − 1 = −2.830 %; 14 % in 2020–2025, 5 % done through 2021; 2022: progress 1 − .95·(1.03/1.06), demanded 1 − .86^(2/5) = 5.854 %
    made = judge(
        "甲",
        2022,
        Figures(energy=103.0, gdp_growth=0.06, electricity=55.0),
        Figures(energy=100.0, electricity=50.0),
        Goal(2020, 2025, 0.14, 2021, 0.05, 0.025),
    )
    assert made.change == pytest.approx(1.03 / 1.06 - 1)
    assert made.progress == pytest.approx(1 - 0.95 * 1.03 / 1.06)
    assert made.required == pytest.approx(1 - 0.86**0.4)
    assert made.needed == pytest.approx(1 - (0.86 / 0.95) ** 0.25)
    assert (made.light, made.total_light, made.growth_basis) == (3, 2, "两年数值之比")
    assert made.electricity_growth == pytest.approx(0.1)
    assert made.missing == ()


@pytest.mark.parametrize(
    ("energy_growth", "light"), [(0.06, 1), (0.0600001, 1), (0.0599, 2), (0.02, 3)]
)
def test_the_first_light_on_its_boundaries(energy_growth: float, light: int) -> None:
    # +6 % GDP and +6 % energy: the intensity did not fall → red. Demanded by 2021: 1 − .86^.2 = 2.971 % → energy at most 1.06·.86^.2 − 1 = 2.851 %
    made = judge(
        "甲",
        2021,
        Figures(energy_growth=energy_growth, gdp_growth=0.06),
        Figures(),
        Goal(2020, 2025, 0.14),
    )
    assert made.light == light


def test_what_is_missing_is_said_and_a_rise_is_red_without_progress() -> None:
    assert judge("甲", 2022, Figures(), Figures(), None).missing == (
        "能源消费增速",
        "地区生产总值增速",
        "五年目标",
    )
    risen = judge(
        "甲",
        2023,
        Figures(energy_growth=0.09, gdp_growth=0.05),
        Figures(),
        Goal(2020, 2025, 0.14, 2021, 0.05),
    )
    assert (risen.light, risen.progress, risen.missing) == (1, None, ("截至2022年的累计降低率",))


@pytest.mark.parametrize(
    ("grown", "allowed", "light"),
    [
        (0.03, 0.03, 3),
        (0.031, 0.03, 2),
        (0.0361, 0.03, 1),
        (0.036, 0.03, 2),
        (0.02, None, None),
        (0.002, 0.0, 2),
        (0.006, 0.0, 1),
    ],
)
def test_the_second_light(grown: float, allowed: float | None, light: int | None) -> None:
    assert total_light(grown, allowed) == light


def test_growth_and_change_of_nothing_is_nothing() -> None:
    assert (
        growth(1.0, None)
        is growth(None, 1.0)
        is growth(1.0, 0.0)
        is intensity_change(0.1, None)
        is None
    )


def test_ranks_share_and_skip() -> None:
    assert ranked({"a": -0.03, "b": -0.02, "c": -0.02, "d": None, "e": 0.01}) == {
        "a": 1,
        "b": 2,
        "c": 2,
        "d": None,
        "e": 4,
    }


FIGURE = st.floats(1.0, 1e4)


@given(st.lists(st.tuples(FIGURE, FIGURE, FIGURE, st.floats(-0.2, 0.3)), min_size=1, max_size=8))
def test_causes_add_up(rows) -> None:
    names = [str(n) for n in range(len(rows))]
    before = {n: Figures(energy=e0, gdp=g) for n, (e0, g, _, _) in zip(names, rows, strict=True)}
    now = {
        n: Figures(energy=e1, gdp_growth=x) for n, (_, _, e1, x) in zip(names, rows, strict=True)
    }
    found = causes(names, now, before)
    assert found is not None
    size = sum(e for e, *_ in rows) + 1
    assert found.activity + found.structure + found.intensity == pytest.approx(
        found.change, abs=1e-9 * size
    )
    assert sum(found.by_place.values()) == pytest.approx(found.intensity, abs=1e-9 * size)


def test_causes_by_hand() -> None:
    # one district: energy 100 → 110, GDP +10 %: all of it is the economy; without GDP no causes
    found = causes(
        ["甲"],
        {"甲": Figures(energy=110.0, gdp_growth=0.1)},
        {"甲": Figures(energy=100.0, gdp=50.0)},
    )
    assert found is not None
    assert (found.activity, found.structure, found.intensity) == pytest.approx(
        (10.0, 0.0, 0.0), abs=1e-9
    )
    assert (
        causes(["甲"], {"甲": Figures(energy=110.0)}, {"甲": Figures(energy=100.0, gdp=50.0)})
        is None
    )


def test_over_plan() -> None:
    assert over_plan(60.0, 100.0, 181, 365) == pytest.approx(60 / (100 * 181 / 365) - 1)


# nowcast


def made_rows(noise: float, periods: int = 30, places: int = 8, seed: int = 4) -> list[Row]:
    """Growth of energy = 0.01 + 0.5 electricity + 0.3 coal + place, plus noise; made up here."""
    rng = np.random.default_rng(seed)
    rows = []
    for at in range(periods):
        for place in range(places):
            e, c = rng.normal(0.05, 0.03), rng.normal(0.01, 0.04)
            rows.append(
                Row(
                    f"p{place}",
                    at,
                    0.01 + 0.5 * e + 0.3 * c + 0.004 * place + rng.normal(0, noise),
                    e,
                    c,
                    gdp=0.05,
                )
            )
    return rows


def test_a_nowcast_finds_the_law_and_states_its_error() -> None:
    rows = made_rows(0.005)
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
    rows = made_rows(0.01)
    _, before = nowcasts(rows)
    _, after = nowcasts(
        [r if r.at < 20 else Row(r.place, r.at, 9.9, r.electricity, r.coal) for r in rows]
    )
    assert [n for r, n in before if r.at <= 20] == [n for r, n in after if r.at <= 20]


def test_a_driver_that_is_missing_is_done_without_and_too_few_rows_give_none() -> None:
    rows = made_rows(0.005)
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
    found = backtest([0.9, 0.8, 0.7, 0.2, 0.1], [True, False, True, True, False], 0.7)
    assert (found.warned, found.false, found.reds, found.hit, found.cases) == (3, 1, 3, 2, 5)
    assert found.false_interval[0] < 1 / 3 < found.false_interval[1]
    assert (
        threshold_for([0.9, 0.8, 0.7, 0.2, 0.1], [True, False, True, True, False], 0.0).threshold
        == 0.9
    )
    assert (
        threshold_for([0.9, 0.8, 0.7, 0.2, 0.1], [True, False, True, True, False], 0.25).threshold
        == 0.2
    )  # 1 of 4 false
    assert threshold_for([0.9], [False], 0.2) is None


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.floats(0, 0.9)
)
def test_no_lower_threshold_keeps_the_promise(cases, most) -> None:
    chances, red = [c for c, _ in cases], [r for _, r in cases]
    found = threshold_for(chances, red, most)
    for t in sorted({round(c, 4) for c in chances}):
        b = backtest(chances, red, t)
        if found is None or t < found.threshold:
            assert not b.warned or b.false / b.warned > most
