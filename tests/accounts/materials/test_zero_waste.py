"""The list of a zero-waste city with its gaps; an index only with the user's weights."""

from __future__ import annotations

import pytest

HEAD = {"地区": "武隆区", "年度": "2025"}
REQUIRED = [HEAD | {"指标": f"必选{n}", "属性": "必选"} for n in range(1, 26)]
"""The names of the list were not read: these are made up."""


def test_gaps_are_counted_and_the_index_waits_for_weights_and_goals(hand_in, row_of, explained):
    """24 at their goal (90 of 90) and the last, lower is better, at 50 with a goal of 40: 0.8. With
    weight 1 each and 2 for the last: (24 + 1.6) / 26 = 98.46."""
    filled = [row | {"数值": 90, "目标值": 90, "权重": 1} for row in REQUIRED[:24]]
    hand_in("zero_waste_indicators", [*filled, REQUIRED[24]])
    city = row_of("zero_waste_standing", place="500156")
    assert (city["must_filled"], city["must_gaps"], city["reached"]) == (24, 1, 24)
    assert city["index"] is None, "a required indicator without value is not nought"
    assert city["missing"] == "required_without_value|1|必选25"
    last = REQUIRED[24] | {"数值": 50, "目标值": 40, "方向": "越低越好"}
    hand_in("zero_waste_indicators", [*filled, last])
    city = row_of("zero_waste_standing", place="500156")
    assert city["index"] is None and city["missing"] == "weights_not_given"
    assert (city["must_gaps"], city["short"]) == (0, 1)
    hand_in("zero_waste_indicators", [*filled, last | {"权重": 2}])
    city = row_of("zero_waste_standing", place="500156")
    assert city["index"] == pytest.approx(100 * 25.6 / 26) and city["missing"] is None
    explained("zero_waste_standing")


def test_an_optional_indicator_with_a_weight_and_no_value_holds_the_index_back(hand_in, row_of):
    """25 at 90 of 90 are 100. An optional one of weight 5 that is blank would make it
    100 × 25 / 30 = 83.3 as a nought; there is no index until it has its 45 of 90: (25 + 2.5) / 30.
    """
    filled = [row | {"数值": 90, "目标值": 90, "权重": 1} for row in REQUIRED]
    optional = HEAD | {"指标": "可选1", "属性": "可选", "目标值": 90, "权重": 5}
    hand_in("zero_waste_indicators", filled)
    assert row_of("zero_waste_standing", place="500156")["index"] == pytest.approx(100)
    hand_in("zero_waste_indicators", [*filled, optional])
    city = row_of("zero_waste_standing", place="500156")
    assert city["index"] is None and city["missing"] == "weighted_without_value|1"
    hand_in("zero_waste_indicators", [*filled, optional | {"数值": 45}])
    city = row_of("zero_waste_standing", place="500156")
    assert city["index"] == pytest.approx(100 * 27.5 / 30) and city["missing"] is None
