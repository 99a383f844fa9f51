"""A share at its bound can meet its goal; so can a count at its ceiling and a flow of nought."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import hengtan.cli.main  # noqa: F401 (registers the verbs)
from hengtan.cli.app import app
from hengtan.plan.forecast import Pools, Scale, Yearly, forecast, scale_of
from hengtan.plan.forecast.bounds import at_bound
from hengtan.plan.forecast.outlook import met_share

CASES = Path(__file__).parent / "cases"


def yearly(values, kind: str, unit: str, high: float | None = None) -> Yearly:
    years = tuple(range(2017, 2017 + len(values)))
    return Yearly("a", years, tuple(values), scale_of(values, kind, unit, high=high), "f")


@pytest.mark.parametrize(
    ("values", "kind", "unit", "high", "goal", "operator"),
    [
        ([100.0] * 9, "ratio", "%", None, 100.0, ">="),
        ([0.0] * 9, "ratio", "%", None, 0.0, "<="),
        ([5000.0] * 9, "stock", "家", 5000.0, 5000.0, ">="),
        ([0.0] * 9, "stock", "个", None, 0.0, "<="),
        ([1.0] * 9, "ratio", "", 1.0, 1.0, ">="),
    ],
)
def test_nine_years_at_a_bound_are_likely_to_be_ten(
    values, kind, unit, high, goal, operator
) -> None:
    # nine of nine years there: (9 + ½) / (9 + 1) = 0.95
    outlook = forecast(yearly(values, kind, unit, high), 2027, Pools([]))
    assert outlook.years[-1].point == goal
    assert outlook.chance(2027, goal, operator) == pytest.approx(0.95, abs=0.001)
    assert outlook.chance(2027, goal, operator, strict=True) == 0.0


def test_a_series_that_left_its_bound_once_is_less_sure() -> None:
    # first there in 2018, five of seven years since: (5 + ½) / (7 + 1) = 0.6875
    series = yearly([98, 100, 100, 99.2, 99.5, 100, 100, 100], "ratio", "%")
    known = at_bound(series)
    assert known is not None and (known.years, known.seen) == (5, 7)
    outlook = forecast(series, 2026, Pools([]))
    assert outlook.chance(2026, 100.0, ">=") == pytest.approx(0.6875, abs=0.001)
    assert outlook.years[-1].point == 100.0
    assert outlook.years[-1].bands[2][0] < 99.9


def test_a_series_short_of_its_bound_is_not_at_it() -> None:
    for last in (99.9, 99.99, 99.0):
        series = yearly([97.0, 98.0, 98.5, 99.0, last], "ratio", "%")
        assert at_bound(series) is None
        chance = forecast(series, 2022, Pools([])).chance(2022, 100.0, ">=")
        assert chance is not None and chance < 1


def test_an_amount_has_no_bound_to_stand_at() -> None:
    assert at_bound(yearly([5000.0] * 9, "stock", "家")) is None
    assert at_bound(yearly([3.0, -2.0, 0.0, 0.0, 0.0], "growth", "%")) is None


@given(st.floats(0.0, 100.0))
def test_every_share_has_a_place_of_its_own_on_the_scale(share: float) -> None:
    scale = Scale("logit", 0.0, 100.0)
    assert scale.back(scale.to(share)) == pytest.approx(share, abs=1e-9)


def test_shares_in_order_stay_in_order() -> None:
    shares = np.array([0, 0.05, 0.1, 0.2, 0.3, 50, 99.7, 99.8, 99.9, 99.95, 100])
    assert (np.diff(Scale("logit", 0.0, 100.0).to(shares)) > 0).all()


def test_the_last_digit_of_a_float_decides_nothing() -> None:
    assert met_share(np.array([100 - 1e-12]), 100.0, ">=") == 1.0
    assert met_share(np.array([99.99]), 100.0, ">=") == 0.0
    assert met_share(np.array([100.0]), 100.0, ">=", strict=True) == 0.0


def run(*arguments):
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_a_plan_met_for_nine_years_is_forecast_as_met(tmp_path) -> None:
    folder = tmp_path / "市"
    places, plan = CASES / "places.csv", CASES / "plan100.md"
    run("new", folder, "--region", "889900", "--places", places, "--plan", plan)
    for name in ("share_at_its_bound", "count_at_its_ceiling"):
        run("import", "indicator_values", CASES / f"{name}.csv", "-w", folder, "--approve")
    share = json.loads(run("forecast", "-w", folder, "--json").stdout)[0]
    assert (share["light"], share["point"], share["chance"]) == ("green", 100.0, 0.95)
    options = ("--place", "889900", "--until", "2027", "--ceiling", "5000", "-w", folder, "--json")
    count = json.loads(run("forecast", "--series", "green_mines", *options).stdout)
    assert {year["point"] for year in count["years"]} == {5000.0}
    assert "界限5000" in count["notes"][0]
