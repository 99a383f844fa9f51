"""The bulletin's page of text, on a bulletin made up by hand: what a reader must find in it, in
both languages.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from hengtan.report.bulletin_text import listed, moved, paragraphs, title_of

GROWTHS = ("industry_energy_growth", "industry_growth", "electricity_growth", "coal_growth")


def district(name: str, change: float | None, **more: Any) -> dict[str, Any]:
    return {"name_zh": name, "change": change, "light": 3, "rank": 1, "rank_moved": None, **more}


@pytest.fixture
def bulletin() -> dict[str, Any]:
    """Four districts, one without figures; a warning rule that warned 9 times, twice falsely."""
    return {
        "region_zh": "样例市",
        "period_zh": "2025年1—6月",
        "city": {
            "energy": 1234.56,
            "energy_growth": 0.031,
            "gdp_growth": 0.052,
            "change": -0.02,
            "progress": 0.041,
            "required": 0.035,
            "needed": 0.0312,
            "light": 3,
            "total_light": 2,
            **dict.fromkeys(GROWTHS, 0.01),
            "co2_growth": None,
        },
        "districts": [
            district("甲区", -0.05, rank_moved=3),
            district("乙区", -0.01, light=2, rank=2, rank_moved=-2),
            district("丙县", 0.02, light=1, rank=3),
            district("丁县", None, light=None, rank=None),
        ],
        "causes": {
            "activity": 60.0,
            "structure": -5.5,
            "intensity": -20.0,
            "change": 34.5,
            "left_out": ["丁县"],
            "by_place": [
                {"name_zh": "甲区", "intensity": -18.0},
                {"name_zh": "丙县", "intensity": 4.0},
            ],
        },
        "units": [{"name": "某钢厂", "place_zh": "甲区", "over": 0.12, "of": 40}],
        "nowcast": {
            "rows": [{"name_zh": "丁县", "growth": 0.04, "error": 0.015, "warned": True}],
            "rule": {
                "threshold": 0.6,
                "cases": 36,
                "warned": 9,
                "false": 2,
                "false_interval": (0.03, 0.6),
                "reds": 8,
                "hit": 7,
            },
            "errors": 12,
            "mean_error": 0.014,
        },
        "previous": {"period_zh": "2025年1—5月"},
        "revised": [
            {
                "name_zh": "甲区",
                "period_zh": "2025年1—5月",
                "field_zh": "能源消费增速",
                "old": 0.021,
                "new": None,
                "share": True,
            }
        ],
        "stand_in": {"places": ["丙县"], "period": "2025-03"},
    }


def text(bulletin: dict[str, Any], number: int, lang: str = "zh") -> str:
    return paragraphs(bulletin, lang)[number][1]


def test_the_whole_city_with_progress_and_both_lights(bulletin):
    assert title_of(bulletin) == "样例市2025年1—6月能源消费和能耗强度情况通报"
    whole = text(bulletin, 0)
    assert "能源消费总量1,234.6万吨标准煤，同比增长3.1%" in whole
    assert "单位地区生产总值能耗同比下降2.00%" in whole
    assert "年底累计降低4.10%，达到进度要求的3.50%" in whole
    assert "强度预警为绿灯，总量预警为橙灯" in whole
    assert "二氧化碳" not in whole, "what is not known is not told"


def test_behind_the_progress_demanded_it_says_so(bulletin):
    bulletin["city"]["required"] = 0.05
    assert "低于进度要求的5.00%" in text(bulletin, 0)


def test_districts_by_change_light_and_rank(bulletin):
    said = text(bulletin, 1)
    assert "3个区县中，2个单位地区生产总值能耗下降，1个上升或持平" in said
    assert "降幅居前的是甲区（下降5.00%）、乙区（下降1.00%）、丙县（上升2.00%）" in said
    assert "强度红灯1个：丙县；强度橙灯1个：乙区；强度绿灯1个。" in said
    assert "甲区上升3位，乙区下降2位" in said
    assert "丁县数据不全，未判定" in said


def test_causes_add_up_and_name_the_extremes(bulletin):
    said = text(bulletin, 2)
    assert "除丁县外，各区县能源消费合计比上年同期增加34.5万吨标准煤" in said
    assert "经济规模扩大拉动60.0万吨标准煤，区县结构变化减少5.5万吨标准煤" in said
    assert "贡献最大的是甲区（-18.0万吨标准煤），强度上升影响最大的是丙县（+4.0万吨标准煤）" in said


def test_without_causes_it_says_why(bulletin):
    bulletin["causes"] = None
    assert "本期不作成因分解" in text(bulletin, 2)


def test_a_warning_carries_the_record_of_earlier_warnings(bulletin):
    said = text(bulletin, 4)
    assert "丁县能源消费增长4.0%（误差±1.5个百分点）" in said
    assert "回溯36例：预警9次，误报2次，误报率22%，95%区间3%—60%" in said
    assert said.endswith("本期对丁县预警。")


def test_without_a_sure_threshold_nothing_is_warned(bulletin):
    bulletin["nowcast"]["rule"] = None
    assert text(bulletin, 4).endswith("不作预警。")


def test_revisions_and_stand_ins_are_told(bulletin):
    said = text(bulletin, 5)
    assert "修订1项：甲区2025年1—5月能源消费增速由2.1%改为空，详见附表" in said
    assert "丙县本期没有地区生产总值增速，用2025年1—3月的增速代替" in said


def test_what_is_neither_reported_nor_estimated_is_not_called_complete(bulletin):
    bulletin["nowcast"]["rows"] = []
    said = text(bulletin, 4)
    assert said.startswith("1个区县能源数据未出")  # that of 丁县
    bulletin["districts"].pop()
    assert text(bulletin, 4).startswith("本期各区县能源数据齐全")


def test_what_has_nothing_to_say_has_no_heading(bulletin):
    bulletin["units"], bulletin["nowcast"]["rows"] = [], []
    bulletin["nowcast"]["mean_error"] = None
    headings = [heading for heading, _ in paragraphs(bulletin)]
    assert headings == ["一、总体情况", "二、区县情况", "三、变化成因", "四、数据修订与说明"]


def test_english_says_the_same_figures(bulletin):
    for (_, chinese), (_, english) in zip(
        paragraphs(bulletin), paragraphs(bulletin, "en"), strict=True
    ):
        assert figures(english) == figures(chinese)


def figures(said: str) -> list[str]:
    return sorted(re.findall(r"\d[\d,.]*\d|\d", said.replace("10⁴", "")))


@pytest.mark.parametrize(
    ("change", "said"),
    [(0.031, "增长3.1%"), (-0.021, "下降2.1%"), (0.0002, "持平"), (None, "暂缺")],
)
def test_a_change_is_said_by_its_figure_as_shown(change, said):
    assert moved(change) == said


def test_long_lists_are_cut_and_counted():
    assert listed(list("甲乙丙"), 2) == "甲、乙等3个"
    assert listed(list("甲乙丙"), 2, "en") == "甲, 乙 and others, 3 in all"
