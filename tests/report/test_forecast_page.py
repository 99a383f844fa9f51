"""The page of forecasts against the figures it is given."""

from __future__ import annotations

from typing import Any

import pytest

from hengtan.plan.forecast import Pools, Scale, Yearly, forecast
from hengtan.plan.forecast.outlook import as_dict
from hengtan.report.page.forecast import fan, forecast_context

YEARS, VALUES = (2018, 2019, 2020, 2021, 2022), (1.0, 1.2, 1.3, 1.5, 1.6)


@pytest.fixture(scope="module")
def row() -> dict[str, Any]:
    """A target with a forecast to 2025, whose name tries to break out."""
    outlook = forecast(Yearly("a", YEARS, VALUES, Scale("log", 0.0)), 2025, Pools([]))
    return {
        "target_id": "x",
        "indicator_zh": "指标<b>",
        "indicator_en": "Indicator",
        "goal": 2.0,
        "unit": "%",
        "outlook": as_dict(outlook),
        "chance": 0.25,
        "point": 1.9,
        "bands": {"80": (1.7, 2.1)},
        "needed_pace": 0.1,
        "deadline": 2025,
        "region": "某市",
        "forecast_state": "forecast",
        "notes": [],
    }


def test_a_fan_holds_history_middle_and_three_bands_one_in_the_other(row):
    bands, (middle, history) = fan(row, "zh")["data"][:3], fan(row, "zh")["data"][3:]
    assert (history["x"], history["y"]) == (list(YEARS), list(VALUES))
    assert middle["x"] == [2022, 2023, 2024, 2025], "the forecast starts at the last value held"
    assert middle["y"][1:] == [year["point"] for year in row["outlook"]["years"]]
    last = len(middle["x"]) - 1
    highs = [band["y"][last] for band in bands]
    lows = [band["y"][last + 1] for band in bands]
    assert highs == sorted(highs, reverse=True) and lows == sorted(lows)


def test_the_goal_lies_across_and_the_title_carries_the_odds(row):
    layout = fan(row, "zh")["layout"]
    assert layout["shapes"][0]["y0"] == layout["shapes"][0]["y1"] == 2.0
    assert "25%" in layout["title"]["text"]
    assert "<b>" not in layout["title"]["text"]


def test_targets_with_odds_come_first_the_worst_on_top(row):
    rows = [{**row, "target_id": n, "chance": c} for n, c in (("a", None), ("b", 0.9), ("c", 0.1))]
    shown = forecast_context({"rows": rows}, "zh")["forecast_rows"]
    assert [target["target_id"] for target in shown] == ["c", "b", "a"]
    assert [target["chance_text"] for target in shown] == ["10%", "90%", ""]


def test_what_has_no_forecast_has_no_figures_and_no_fan(row):
    bare = {**row, "outlook": None, "chance": None, "point": None, "bands": {}, "needed_pace": None}
    context = forecast_context({"rows": [bare]}, "zh")
    assert context["forecast_figures"] == []
    texts = ("band_text", "point_text", "chance_text", "method_text", "pace_text")
    assert [context["forecast_rows"][0][text] for text in texts] == [""] * 5
