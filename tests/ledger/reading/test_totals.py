"""Rows of totals in a filled form are left out, and held against the rows they sum."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hengtan.basis.sums import is_rounded_sum, is_sum, printed_amount, printed_amounts

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]
FIRST = ["武隆区", "水泥产量", "2024", 12, "万吨"]
SECOND = ["涪陵区", "水泥产量", "2024", 30, "万吨"]
EARLIER = ["涪陵区", "水泥产量", "2023", 7, "万吨"]


@pytest.mark.parametrize(
    ("rows", "total", "differs"),
    [
        ([FIRST, SECOND], ["合计", None, "2024", 42, "万吨"], False),
        ([FIRST, SECOND], ["合 计", None, None, 42, None], False),
        ([FIRST, SECOND], ["总计", None, "2024", 52, "万吨"], True),
        ([FIRST, SECOND], ["武隆区小计", None, "2024", 420, "万吨"], True),
        # only the rows of its own period
        ([FIRST, SECOND, EARLIER], ["合计", None, "2024", 42, "万吨"], False),
        ([FIRST, SECOND, EARLIER], ["合计", None, "2024", 49, "万吨"], True),
        # several periods and none stated: nothing can be said
        ([FIRST, SECOND, EARLIER], ["合计", None, None, 49, "万吨"], False),
    ],
)
def test_a_total_is_no_data_and_a_wrong_one_is_told(
    read, xlsx, values, findings, rows, total, differs
):
    reading = read(xlsx([HEADER, *rows, total]))
    last = len(rows) + 2
    assert len(values(reading, "value")) == len(rows)
    assert findings(reading, "total-row") == [("warning", last, None)]
    assert findings(reading, "total-differs") == ([("warning", last, "数值")] if differs else [])


def test_a_total_above_its_rows_and_a_mean_are_no_misprints(read, xlsx, findings):
    above = read(xlsx([HEADER, ["合计", None, "2024", 42, "万吨"], FIRST, SECOND]))
    assert findings(above, "total-differs") == []
    shares = [["武隆区", "森林覆盖率", "2024", 60, "%"], ["涪陵区", "森林覆盖率", "2024", 50, "%"]]
    mean = read(xlsx([HEADER, *shares, ["合计", None, "2024", 54, "%"]]))
    assert findings(mean, "total-differs") == []
    beyond = read(xlsx([HEADER, *shares, ["合计", None, "2024", 64, "%"]]))
    assert findings(beyond, "total-differs") == [("warning", 4, "数值")]


def test_what_printed_digits_allow_is_no_difference() -> None:
    # 1.3 + 1.3 is 2.6; 2.7 may be the sum of 1.34 and 1.34, 2.8 may not
    parts = [Decimal("1.3"), Decimal("1.3")]
    assert is_rounded_sum(Decimal("2.7"), parts) and not is_rounded_sum(Decimal("2.8"), parts)
    assert is_sum(Decimal("2.6"), [parts]) and not is_sum(Decimal("2.7"), [parts])
    assert is_sum(Decimal("1.3"), [parts], or_mean=True)
    assert printed_amount("—") is None and printed_amount("１，２３４．５") == Decimal("1234.5")


@pytest.mark.parametrize(
    ("parts", "total", "differs"),
    [
        (["91.5①", "98.4"], "189.9", False),  # the mark is no digit: 91.5 + 98.4
        (["91.5①", "98.4"], "189.8", True),
        (["91.5", "98.4"], "189.9②", False),
        (["x", "98.4"], "189.9", False),  # what x stands for is not known, so is the sum
        (["0,125", "98.4"], "189.9", False),
        (["—", "98.4"], "189.9", True),  # blank adds nothing
    ],
)
def test_a_total_is_held_against_the_figures_that_were_read(parts, total, differs):
    known = printed_amounts(parts)
    printed = printed_amount(total)
    assert (bool(known) and not is_sum(printed, [known])) is differs
