"""Loads past sections and at a border, lake nutrition, trends: figures by hand and by identity."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.accounts.nature.formulas_water import nutrition_index, river_load
from hengtan.accounts.nature.water_trends import water_rank_trends, water_trends
from hengtan.basis.errors import HengtanError

RIVER = {"地区": "武隆区", "控制级别": "国控", "河流": "界河（合成）", "对方地区": "邻省"}


@pytest.fixture
def border(hand_in):
    """A river that comes in with 0.5 mg/L at 100 m³/s and leaves with 0.4 at 150, in January and
    February 2024; in March the flow of the outflow was not measured.
    """
    hand_in(
        "water_sections",
        [
            RIVER | {"断面编号": "IN", "跨界情况": "入境"},
            RIVER | {"断面编号": "OUT", "跨界情况": "出境"},
        ],
    )
    goal = {"水质目标": "Ⅱ", "起始日期": "2024-01-01", "文件名称": "联防联治协议（合成）"}
    hand_in("water_section_targets", [goal | {"断面编号": name} for name in ("IN", "OUT")])
    rows = [
        {"断面编号": section, "月份": f"2024-0{n}", "氨氮": value, "流量（立方米/秒）": flow}
        for n in (1, 2, 3)
        for section, value, flow in (("IN", 0.65, 100), ("OUT", 0.4, 150 if n < 3 else ""))
    ]
    hand_in("water_section_months", rows)


def test_loads_at_the_border_are_summed_over_the_months_that_have_both_sides(
    border, workspace, explained
):
    """By hand: in 0.65 × 100 × 86400 × 31 / 10⁶ = 174.096 t in January and 29 days of February
    162.864; out 0.4 × 150: 160.704 and 150.336. Net -25.92. Target class Ⅱ: (0.65 - 0.5) / 0.5.
    """
    months = {row["month"]: row for row in workspace.execute("water_border_months").to_pylist()}
    assert months[1]["load_in"] == pytest.approx(174.096)
    assert months[1]["load_out"] == pytest.approx(160.704)
    assert months[3]["net"] is None and months[3]["missing"] == "water_flow_lacking"
    (year,) = workspace.execute("water_border_years").to_pylist()
    assert (year["months"], year["months_over"]) == (2, 3)
    assert year["load_in"] == pytest.approx(336.96) and year["load_out"] == pytest.approx(311.04)
    assert year["net"] == pytest.approx(year["load_out"] - year["load_in"])
    assert year["worst_over"] == pytest.approx(0.3)
    assert year["missing"] == "water_months_lacking|2"
    explained("water_loads", "water_border_months", "water_border_years", "water_rivers")


def test_the_nutrition_of_a_lake_needs_all_five_items(workspace, hand_in, explained):
    """By hand with the coefficients of the rules: chlorophyll 10 mg/m³ 50.006, phosphorus 0.05
    45.709, nitrogen 1.0 54.53, transparency 1 m 51.18, permanganate 4 37.978; weights 1, 0.7056,
    0.6724, 0.6889, 0.6889: 48.06, mesotrophic.
    """
    lake = RIVER | {"断面编号": "L", "水体类型": "湖库"}
    hand_in("water_sections", [lake])
    whole = {
        "断面编号": "L",
        "叶绿素a": 10,
        "总磷": 0.05,
        "总氮": 1.0,
        "透明度（米）": 1,
        "高锰酸盐指数": 4,
    }
    hand_in(
        "water_section_months",
        [whole | {"月份": "2024-06"}, whole | {"月份": "2024-07", "叶绿素a": "-1"}],
    )
    june, july = sorted(
        workspace.execute("water_nutrition").to_pylist(), key=lambda row: row["month"]
    )
    indices = (50.00580, 45.70883, 54.53, 51.18, 37.97934)
    weights = (1, 0.7056, 0.6724, 0.6889, 0.6889)
    expected = sum(i * w for i, w in zip(indices, weights, strict=True)) / sum(weights)
    assert june["index"] == pytest.approx(expected, abs=1e-3)
    assert (june["state"], june["confidence"]) == ("mesotrophic", "recalled")
    assert july["index"] is None and july["missing"] == "lake_items_lacking|1"
    explained("water_nutrition")


@given(st.floats(0.01, 100), st.floats(0.1, 1e4), st.integers(1, 366))
def test_a_load_is_that_of_its_days(concentration, flow, days):
    """A period is the sum of its days."""
    daily = river_load(concentration, flow, 1)
    assert math.isclose(river_load(concentration, flow, days), days * daily, rel_tol=1e-12)


def test_the_index_of_chlorophyll_is_fifty_at_ten_milligrams():
    assert nutrition_index(10.0, 2.5, 1.086) == pytest.approx(25 + 10.86 * math.log(10))


def results(values, items=("ammonia_nitrogen",)):
    """Rows of results of a section from January 2018 on."""
    return pa.Table.from_pylist(
        [
            {
                "section": "A",
                "item": item,
                "item_zh": item,
                "item_en": item,
                "year": 2018 + n // 12,
                "month": n % 12 + 1,
                "value": value,
                "confidence": "unverified",
                "demo": False,
            }
            for item in items
            for n, value in enumerate(values)
            if value is not None
        ]
    )


def test_a_seasonal_trend_is_found_and_a_season_alone_is_none():
    """By hand: with 5 years that each lie 0.1 above the one before, every pair of a season rises:
    S = 12 × 10, tau 1, slope 0.1 a year. A season that repeats itself has no trend.
    """
    pytest.importorskip("pymannkendall")
    season = [0.5 + 0.2 * math.sin(month) for month in range(12)]
    rising = [value + 0.1 * year for year in range(5) for value in season]
    (row,) = water_trends(results(rising)).to_pylist()
    assert (row["trend"], row["significant"], row["results"]) == ("rising", True, 60)
    assert row["tau"] == pytest.approx(1.0) and row["slope"] == pytest.approx(0.1)
    (row,) = water_trends(results(season * 5)).to_pylist()
    assert (row["trend"], row["significant"]) == ("none", False)
    (row,) = water_trends(results(rising[:24])).to_pylist()
    assert row["missing"] == "trend_too_short|2|3" and row["trend"] is None


def test_without_the_library_the_trend_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pymannkendall", None)
    with pytest.raises(HengtanError, match="pip install"):
        water_trends(results([0.5] * 48))


def test_the_rank_correlation_of_the_rules():
    """By hand: means 5, 4, 3, 1, 2 of five years: d² sums to 38, r = 1 - 6 × 38 / 120 = -0.9, and a
    monotone fall is -1.
    """
    yearly = [5.0, 4.0, 3.0, 1.0, 2.0]
    months = [value if month == 0 else None for value in yearly for month in range(12)]
    (row,) = water_rank_trends(results(months)).to_pylist()
    assert row["rank_correlation"] == pytest.approx(-0.9)
    assert (row["trend"], row["significant"]) == ("falling", True)
    (row,) = water_rank_trends(results(months[:48])).to_pylist()
    assert row["missing"] == "trend_too_short|4|5"
