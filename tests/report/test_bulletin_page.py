"""The page of the bulletin: the tile map, the burn-down of budgets, the page before the first
bulletin.
"""

from __future__ import annotations

import re

import pytest

from hengtan.report.page.bulletin import bulletin_context, burn_down
from hengtan.report.page.tiles import Tile, shade, short, tile_map


def test_tiles_stand_where_they_are_told_and_say_light_by_colour_and_mark():
    tiles = [Tile("1", "-2.1%", light=1), Tile("2", "3<i>", light=3)]
    positions = {"1": (0, 0), "2": (1, 2), "3": (0, 1)}
    svg = tile_map(tiles, positions, {"1": "甲", "2": "乙&", "3": "丙"}, "图")
    corners = [(int(x), int(y)) for x, y in re.findall(r'<rect x="(\d+)" y="(\d+)"', svg)]
    side = corners[1][0]
    assert corners == [(0, 0), (side, 0), (2 * side, side)], "in order of row and column"
    assert "■ -2.1%" in svg and "● 3&lt;i&gt;" in svg
    assert "乙&amp;" in svg and "丙" in svg, "a place without a figure keeps its square"


def test_without_positions_there_is_no_map():
    assert tile_map([], {}, {}, "图") == ""


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("石柱土家族自治县", "石柱"),
        ("酉阳土家族苗族自治县", "酉阳"),
        ("渝北区", "渝北"),
        ("合成东江区", "合成东江"),
        ("忠县", "忠县"),
    ],
)
def test_names_fit_their_squares(name, fits):
    assert short(name) == fits


def test_a_tint_is_darker_for_a_larger_value():
    tints = [shade(value, 0, 10) for value in (0, 5, 10)]
    assert all(re.fullmatch("#[0-9a-f]{6}", tint) for tint in tints)
    reds = [int(tint[1:3], 16) for tint in tints]
    assert reds == sorted(reds, reverse=True) and len(set(reds)) == 3
    assert shade(5, 5, 5) == tints[0], "one value alone has the lightest"


@pytest.fixture
def budget():
    """1,200 t for the year, 110 t a month against 100 by plan, three months known."""
    months = [
        {"month": m, "left": 1200 - 110.0 * m, "planned_so_far": 100.0 * m, "known": m <= 3}
        for m in range(1, 13)
    ]
    return {
        "name_zh": "某市",
        "year": 2026,
        "budget": 1200.0,
        "rate": 1.1,
        "runs_out": "2026-11-28",
        "months": months,
    }


def test_a_burn_down_ends_where_the_budget_ends(budget):
    plan, known, ahead = burn_down(budget, "zh")["data"]
    assert (plan["y"][0], plan["y"][-1]) == (1200.0, 0.0)
    assert known["x"] == [0, 1, 2, 3] and known["y"][-1] == 870.0
    assert ahead["x"][0] == 3 and (ahead["y"][0], ahead["y"][-1]) == (870.0, -120.0)


def test_its_title_says_when_the_budget_runs_out(budget):
    title = burn_down(budget, "zh")["layout"]["title"]["text"]
    assert "2026-11-28" in title and "110.0%" in title
    lasting = burn_down({**budget, "runs_out": None, "rate": 0.9}, "zh")
    assert "年内够用" in lasting["layout"]["title"]["text"]


def test_an_empty_workspace_has_an_empty_bulletin():
    context = bulletin_context(
        {"bulletin": None, "series": None, "tiles": {}, "tile_names": {}}, "zh"
    )
    assert context["tile_svg"] == "" and context["bulletin_figures"] == []


def test_before_the_first_bulletin_the_tiles_show_a_yearly_indicator():
    view = {
        "bulletin": None,
        "series": {
            "name_zh": "森林覆盖率",
            "name_en": "Forest cover",
            "rows": [{"place": "1", "value": 55.1}, {"place": "2", "value": 60.0}],
        },
        "tiles": {"1": (0, 0), "2": (0, 1)},
        "tile_names": {"1": ("甲区", "A"), "2": ("乙区", "B")},
    }
    svg = bulletin_context(view, "zh")["tile_svg"]
    assert "55.1" in svg and "60" in svg and "森林覆盖率" in svg
