"""The page of air against the days it is given."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from hengtan import packs
from hengtan.report.page.air import air_context, calendar, slack_of_days
from hengtan.report.page.figures import FALL, RISE

OLD, NEW = "HJ 633-2012", "HJ 633-2026"
FIRST, SECOND = dt.date(2026, 2, 28), dt.date(2026, 3, 1)


def day(at: dt.date, edition: str, aqi: float | None, level: int | None) -> dict[str, Any]:
    in_force = NEW if at >= SECOND else OLD
    return {
        "day": at,
        "edition": edition,
        "ruling": edition == in_force,
        "aqi": aqi,
        "level": level,
        "primary_items": "PM2.5",
    }


@pytest.fixture
def view() -> dict[str, Any]:
    """Two days around the change of editions; the second has no index under that of 2026."""
    names = ("air_place_years", "air_place_year_items", "air_composite")
    left = {"target_id": "x", "method": "hours", "edition": "ruling", "goal": 96.0, "year": 2026}
    left |= {"bad_days": 16, "bad_allowed": 14, "still_allowed": -2, "days_to_come": 40}
    past = {**left, "past_years": 3, "kept": 2, "fewest": 0, "most": 9}
    return {
        "place_zh": "某区",
        "place_en": "A district",
        "year": 2026,
        "days": [
            day(FIRST, OLD, 94.0, 2),
            day(FIRST, NEW, 110.0, 3),
            day(SECOND, OLD, 60.0, 2),
            day(SECOND, NEW, None, None),
        ],
        "levels": packs.load("cn").rows("air_levels"),
        "doubts": [],
        "lost": [],
        "tables": {n: [] for n in names} | {"air_days_left": [left], "air_year_end": [past]},
    }


def cell(figure: dict[str, Any], at: dt.date) -> tuple[Any, Any]:
    (trace,) = figure["data"]
    return trace["z"][at.month - 1][at.day - 1], trace["text"][at.month - 1][at.day - 1]


def test_a_day_stands_in_the_line_of_its_month_under_the_edition_asked_for(view):
    assert cell(calendar(view, OLD, "zh"), FIRST) == (2, "94")
    assert cell(calendar(view, NEW, "zh"), FIRST) == (3, "110")
    ruling = calendar(view, "ruling", "zh")
    assert cell(ruling, FIRST) == (2, "94"), "the edition of 2012 ruled on 28 February"
    assert cell(ruling, SECOND) == (None, ""), "that of 2026 from 1 March on, without an index"


def test_the_colours_are_the_official_ones_in_six_steps(view):
    """HJ 633-2012 table 2: good is yellow 255;255;0, light pollution orange 255;126;0."""
    (trace,) = calendar(view, OLD, "zh")["data"]
    steps = trace["colorscale"]
    assert len(steps) == 12 and steps[0][0] == 0.0 and steps[-1][0] == 1.0
    assert steps[2][1] == steps[3][1] == "rgb(255,255,0)"
    assert steps[4][1] == "rgb(255,126,0)"


def test_the_page_shows_a_calendar_for_the_ruling_edition_and_for_each(view):
    context = air_context(view, "en")
    titles = [json.loads(str(f))["layout"]["title"]["text"] for f in context["air_figures"]]
    assert len(titles) == 3 and "2026" in titles[0] and OLD in titles[1] and NEW in titles[2]
    assert context["air_left"][0]["past"]["kept"] == 2


def test_a_year_without_days_has_no_calendar(view):
    assert calendar({**view, "days": []}, OLD, "zh") is None


def test_what_lacks_is_told_in_the_language_of_the_page(view):
    """A year of 31 days is short of 324, in words of either language."""
    year = {"method": "hours", "edition": OLD, "good_share": 100.0, "missing": "…"}
    short = year | {"missing_codes": "air_year_short|31|324"}
    shown = view | {"tables": view["tables"] | {"air_place_years": [short]}}
    said = {lang: air_context(shown, lang)["air_years"][0]["missing"] for lang in ("zh", "en")}
    assert said["zh"].startswith("有效天数31天")
    assert said["en"].startswith("31 valid days")


def test_hours_that_do_not_count_are_told_in_the_language_of_the_page(view):
    code = "air_station_unknown|X9|2025-07-01|2025-07-03|28"
    lost = [{"year": 2025, "station": "X9", "missing": "…", "missing_codes": code}]
    (zh,), (en,) = (
        air_context(view | {"lost": lost}, lang)["air"]["lost"] for lang in ("zh", "en")
    )
    assert "点位X9没有登记" in zh["missing"] and "空气质量监测点位" in zh["missing"]
    assert "28 hourly values" in en["missing"] and "register the station" in en["missing"]


def test_the_picture_of_a_goal_is_red_where_more_days_missed_it_than_the_year_allows(view):
    """16 of 14 allowed are too many; 14 are not."""
    (row,) = view["tables"]["air_days_left"]
    within = row | {"edition": NEW, "bad_days": 14, "still_allowed": 0}
    figure = slack_of_days([row, within], "zh")
    missed, allowed = figure["data"]
    drawn = dict(zip(missed["x"], missed["marker"]["color"], strict=True))
    assert drawn == {16: RISE, 14: FALL} and allowed["x"] == [14, 14]
    assert "已超标 14 天，全年允许 14 天" in figure["layout"]["annotations"][1]["text"]
    assert slack_of_days([], "zh") is None
