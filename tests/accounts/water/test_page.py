"""The page of accounts shows water: boxes of months, slack to a goal, words in two languages."""

from __future__ import annotations

import re

import pytest

from hengtan.desk.accounts import accounts_view
from hengtan.report.account_tables import tabled
from hengtan.report.page.account_charts import figures
from hengtan.report.page.accounts import tables

SECTION = {"地区": "武隆区", "控制级别": "国控"}


@pytest.fixture
def view(workspace, hand_in):
    """Twenty national sections of 2024; two of them have 1.5 and 1.2 times ammonia of class Ⅲ, one
    of these in January alone.
    """
    names = [f"S{n:02d}" for n in range(20)]
    hand_in(
        "water_sections",
        [SECTION | {"断面编号": name, "断面名称": f"断面{name}（合成）"} for name in names],
    )
    levels = {"S00": [1.5] * 12, "S01": [1.2] + [0.4] * 11}
    hand_in(
        "water_section_months",
        [
            {"断面编号": name, "月份": f"2024-{month:02d}", "氨氮": ammonia, "DO": 8}
            for name in names
            for month, ammonia in enumerate(levels.get(name, [0.4] * 12), start=1)
        ],
    )
    return accounts_view(workspace, place="500000")


def test_boxes_hold_the_months_of_each_section_the_highest_first(view):
    """Ratios to 1.0 mg/L of ammonia: as many as months, 1.5 before 1.2 before 0.4."""
    boxes = next(f for f in figures(view, "zh") if f["data"][0]["type"] == "box")["data"]
    assert [box["name"] for box in boxes[:2]] == ["断面S00（合成）", "断面S01（合成）"]
    assert len(boxes) == 20 and boxes[0]["y"] == pytest.approx([1.5] * 12)
    assert sorted(boxes[1]["y"], reverse=True)[:2] == pytest.approx([1.2, 0.4])


def test_the_slack_under_the_goal_is_drawn_and_said(view):
    """By hand: the mean of S01 is (1.2 + 11 × 0.4) / 12 = 0.467, good; 19 of 20. 95.1 % of 20 is
    19.02, so all 20 have to be good: 19 are 95 %, 20 are 100 %; none may fail, one does.
    """
    (chart,) = [f for f in figures(view, "zh") if "95.1" in f["layout"]["title"]["text"]]
    failing, allowed = chart["data"]
    assert (failing["x"], failing["y"], allowed["y"]) == (["2024<br>19/20"], [1], [0])
    (row,) = view["tables"]["water_good_slack"]
    assert row["note"] == "water_share_between|20|95.1|19|95.0|20|100.0"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_heading_of_water_is_in_words(view, lang):
    shown = {table["name"]: table for table in tables(view, lang)}
    ours = [s.account for s in tabled() if s.account.startswith(("water_", "sewage_", "black_"))]
    assert {"water_good_share", "water_good_slack"} <= set(shown) & set(ours)
    for name in set(shown) & set(ours):
        headings = [str(heading) for heading in shown[name]["headings"]]
        assert not [text for text in headings if re.search(r"[a-z]_[a-z]", text)], headings
        assert lang == "en" or not [t for t in headings if not re.search("[\u4e00-\u9fff]", t)]
