"""Charts of the verdict's pages against the figures they are given."""

from __future__ import annotations

import re

import pytest

from hengtan.plan.forecast import Pools, Scale, Yearly, forecast
from hengtan.plan.forecast.outlook import as_dict
from hengtan.report.page.assess import assess_context, odds_figure
from hengtan.report.page.bulletin import bulletin_context, burn_down
from hengtan.report.page.forecast import fan, forecast_context
from hengtan.report.page.tiles import Tile, shade, short, tile_map

OUTLOOK = as_dict(
    forecast(
        Yearly("a", (2018, 2019, 2020, 2021, 2022), (1.0, 1.2, 1.3, 1.5, 1.6), Scale("log", 0.0)),
        2025,
        Pools([]),
    )
)
ROW = {
    "target_id": "x",
    "indicator_zh": "指标<b>",
    "indicator_en": "Indicator",
    "goal": 2.0,
    "unit": "%",
    "outlook": OUTLOOK,
    "chance": 0.25,
    "point": 1.9,
    "bands": {"80": (1.7, 2.1)},
    "needed_pace": 0.1,
    "deadline": 2025,
    "region": "某市",
    "forecast_state": "forecast",
    "notes": [],
}


def test_a_fan_holds_history_middle_and_three_bands() -> None:
    made = fan(ROW, "zh")
    bands, middle, history = made["data"][:3], made["data"][3], made["data"][4]
    assert history["x"] == [2018, 2019, 2020, 2021, 2022]
    assert middle["x"] == [2022, 2023, 2024, 2025]
    assert middle["y"][1:] == [y["point"] for y in OUTLOOK["years"]]
    widths = [max(t["y"][: len(t["y"]) // 2]) - min(t["y"][len(t["y"]) // 2 :]) for t in bands]
    assert widths == sorted(widths, reverse=True)
    assert made["layout"]["shapes"][0]["y0"] == 2.0
    assert "<b>" not in str(made["layout"]["title"]["text"])
    assert "25%" in str(made["layout"]["title"]["text"])


def test_targets_with_odds_come_first_the_worst_on_top() -> None:
    rows = [{**ROW, "target_id": n, "chance": c} for n, c in (("a", None), ("b", 0.9), ("c", 0.1))]
    made = forecast_context({"rows": rows}, "zh")
    assert [r["target_id"] for r in made["forecast_rows"]] == ["c", "b", "a"]
    assert made["forecast_rows"][0]["chance_text"] == "10%"


def test_tiles_stand_where_they_are_told_and_say_light_by_colour_and_mark() -> None:
    svg = tile_map(
        [Tile("1", "-2.1%", light=1), Tile("2", "3<i>", light=3)],
        {"1": (0, 0), "2": (1, 2), "3": (0, 1)},
        {"1": "甲", "2": "乙&", "3": "丙"},
        "图",
    )
    boxes = re.findall(r'<rect x="(\d+)" y="(\d+)"', svg)
    assert boxes == [("0", "0"), ("82", "0"), ("164", "82")]
    assert "■ -2.1%" in svg and "● 3&lt;i&gt;" in svg and "乙&amp;" in svg and "丙" in svg
    assert tile_map([], {}, {}, "图") == ""


def test_names_fit_their_squares() -> None:
    assert [
        short(n)
        for n in ("石柱土家族自治县", "酉阳土家族苗族自治县", "渝北区", "合成东江区", "忠县")
    ] == ["石柱", "酉阳", "渝北", "合成东江", "忠县"]
    assert shade(0, 0, 10) != shade(10, 0, 10) and re.fullmatch("#[0-9a-f]{6}", shade(5, 5, 5))


def test_a_burn_down_ends_where_the_budget_ends() -> None:
    months = [
        {"month": m, "left": 1200 - 110.0 * m, "planned_so_far": 100.0 * m, "known": m <= 3}
        for m in range(1, 13)
    ]
    made = burn_down(
        {
            "name_zh": "某市",
            "year": 2026,
            "budget": 1200.0,
            "rate": 1.1,
            "runs_out": "2026-11-28",
            "months": months,
        },
        "zh",
    )
    plan, known, ahead = made["data"]
    assert (plan["y"][0], plan["y"][-1]) == (1200.0, 0.0)
    assert (len(known["y"]), known["y"][-1], ahead["y"][0], ahead["y"][-1]) == (
        4,
        870.0,
        870.0,
        -120.0,
    )
    assert (
        "2026-11-28" in made["layout"]["title"]["text"]
        and "110.0%" in made["layout"]["title"]["text"]
    )


def test_odds_add_to_one_with_what_depends_on_the_unknown() -> None:
    book = {"year": 2027, "grades": ["优秀", "合格", "不合格"], "odds": [
        {"name": "甲", "odds": {"优秀": 0.2, "合格": 0.5, "不合格": 0.3}, "if_unknown_met": {}, "if_unknown_missed": {}, "unknown": []},
        {"name": "乙", "odds": {}, "if_unknown_met": {"优秀": 0.6, "合格": 0.3, "不合格": 0.1}, "if_unknown_missed": {"优秀": 0.0, "合格": 0.5, "不合格": 0.5}, "unknown": ["a"]},
    ]}  # fmt: skip
    made = odds_figure(book, "zh")
    assert [t["name"] for t in made["data"]] == ["优秀", "合格", "不合格", "取决于未知项"]
    for n in range(2):
        assert sum(t["x"][n] for t in made["data"]) == pytest.approx(1.0)
    assert [t["x"][0] for t in made["data"]] == pytest.approx(
        [0.0, 0.3, 0.1, 0.6]
    )  # 乙, drawn from below
    assert odds_figure({**book, "odds": []}, "zh") is None
    context = assess_context(
        {"workbooks": [{**book, "results": [], "title": "t", "file": "f", "refused": ""}]}, "zh"
    )
    assert context["assess_books"][0]["unknown"] == 1


def test_an_empty_workspace_has_an_empty_bulletin() -> None:
    made = bulletin_context({"bulletin": None, "series": None, "tiles": {}, "tile_names": {}}, "zh")
    assert made["tile_svg"] == "" and made["bulletin_figures"] == []
