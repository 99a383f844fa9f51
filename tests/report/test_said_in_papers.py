"""How values are written in a paper that leaves an office; expected words by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengtan.instruments.registry import rules
from hengtan.report.said_in_papers import (
    caution_said,
    days_said,
    is_share,
    said,
    widths_of,
    without_codes,
)


@pytest.mark.parametrize(
    ("value", "unit", "title", "text"),
    [
        (200_000.0, "元", "罚款下限", "20万元"),
        (757_894.74, "元", "金额", "757,894.74元"),
        (600.0, "元", "已补贴", "600元"),
        (-4_000.0, "元", "上限减已贷", "−4,000元"),
        (0.125, "", "占比", "12.5%"),
        (0.3, "", "空隙率上限", "30%"),
        (1.2, "", "最低偿债备付率", "1.2"),
        (1.4, "", "电能利用效率", "1.4"),
        (3.4, "", "最低年利率（%）", "3.4"),
        (97.0, "%", "污水集中处理率", "97%"),
        (0.0003, "吨", "排放", "0.0003吨"),
        (0.00001234, "吨", "排放", "0.0000123吨"),
        (2.0, "项", "超许可", "2项"),
        (True, "", "可用", "是"),
        ("2024-08-20", "", "缴款期限", "2024年8月20日"),
        ("2024-Q4", "", "报告期", "2024年第四季度"),
        ("施2025-01", "", "项目编号", "施2025-01"),
        (-1000.0, "", "年用量下降", "−1,000"),
        ([1.0, 2.5], "元", "金额", "1元；2.5元"),
        (None, "元", "金额", ""),
        (float("nan"), "元", "金额", ""),
    ],
)
def test_a_value_is_written_as_an_office_writes_it(value, unit, title, text):
    assert said(value, unit, title) == text


def test_days_and_periods_within_a_sentence_are_said_and_numbers_of_standards_are_not():
    assert days_said("未报：2024-Q4、2024-07") == "未报：2024年第四季度、2024年7月"
    assert days_said("2025-09-23公布") == "2025年9月23日公布"
    assert days_said("GB/T 24067-2024、GB 16780-2021") == "GB/T 24067-2024、GB 16780-2021"


def test_a_warning_has_no_codes_and_no_addresses():
    text = "tariff.sewage.price 是重庆中心城区的取值，不是500156自己的（网页 https://a.b/c?d=1）"
    name = {"500156": "武隆区"}.get
    assert caution_said(text, lambda code: name(code, code)) == (
        "所用参数是重庆中心城区的取值，不是武隆区自己的（网页）"
    )


def test_a_refusal_has_no_code_of_a_place_or_a_parameter():
    text = "参数“超定额用水：加价基数水价”（500156）没有查实；分组“东南”（CQ-G-SE）、“a.b”（x）"
    assert without_codes(text) == "参数“超定额用水：加价基数水价”没有查实；分组“东南”、"


def test_only_figures_without_unit_are_shares_among_the_outputs_of_rules():
    """What is a multiple or an efficiency is none: a coverage of 1.2 is not 120 %."""
    titles = {output.zh for rule in rules() for output in rule.outputs if not output.unit}
    shares = {title for title in titles if is_share(title)}
    assert {"内部收益率", "成本补偿率", "占比", "整改率", "绿电占比"} <= shares
    others = {"最低偿债备付率", "电能利用效率", "回收倍数", "与同类均值之比", "档次"}
    assert others <= titles and not others & shares


@given(
    st.lists(
        st.lists(st.text("甲乙丙12 .", max_size=40), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    ),
    st.floats(8, 20),
)
def test_columns_fill_the_room_and_none_is_lost(rows, room):
    widths = widths_of(rows, room)
    assert sum(widths) == pytest.approx(room)
    assert all(width > 0 for width in widths)
