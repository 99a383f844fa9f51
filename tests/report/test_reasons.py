"""Why a light, in words: the code's sentence with the figures that decided it."""

from __future__ import annotations

from hengtan.report.reasons import light_reason, state_reason

ROW = {
    "unit": "%",
    "deadline_year": 2027,
    "goal": 55.0,
    "state": "actual",
    "state_basis": "outturn",
    "latest_value": 54.2,
    "latest_unit": "%",
    "latest_period": "2024",
    "now_value": 54.2,
    "now_period": "2024",
    "required_now": 54.6,
}


def test_a_target_behind_its_path_says_where_it_stands_and_what_the_path_asks():
    assert light_reason({**ROW, "reason_code": "behind_path"}) == (
        "2024年实绩54.2%，落后于直线进度54.6%",
        "actual 54.2% of 2024 is behind the straight path (54.6%)",
    )


def test_what_is_to_be_added_is_judged_by_its_sum_and_says_so():
    added = {"operator": "increase_by", "unit": "个", "goal": 1000.0, "now_value": 400.0}
    row = {**ROW, **added, "required_now": 600.0, "reason_code": "behind_path"}
    assert light_reason(row) == (
        "2024年实绩400个（规划期内累计），落后于直线进度600个",
        "actual 400 over the plan of 2024 is behind the straight path (600)",
    )


def test_what_is_due_and_not_reported_names_the_latest_figure_if_any():
    chinese, english = light_reason({**ROW, "reason_code": "due_not_reported"})
    assert "未报2027年实绩（最近数值：2024年，54.2%）" in chinese
    assert english.endswith("(latest: 2024, 54.2%)")
    bare, _ = light_reason({**ROW, "reason_code": "due_not_reported", "latest_value": None})
    assert bare.endswith("也没有更早的数据")


def test_a_reviewed_reason_comes_before_the_rule():
    reviewed = {"reviewed_reason_zh": "为个数，不是面积", "reviewed_reason_en": None}
    assert state_reason({**ROW, "state": "proxy", **reviewed}) == ("为个数，不是面积", "")
    assert state_reason({**ROW, "state": "none"}) == ("尚无数据", "no figure held")


def test_no_figure_is_not_said_twice():
    row = {**ROW, "state": "none", "reason_code": "state", "latest_value": None}
    assert light_reason(row) == ("尚无数据，不作判定", "no figure held, so no verdict")
    spoken = {**row, "state": "proxy", "reviewed_reason_zh": "只有分子"}
    assert light_reason(spoken)[0] == "相关替代指标，不作判定：只有分子"
