"""What single cells say: numbers, units, dates, periods, blanks, choices.

Expected values are worked by hand.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from hengtan.basis import spelling


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12", 12, None),
        ("１２３", 123, None),
        ("1,234.5", 1234.5, None),
        ("１，２３４．５", 1234.5, None),
        ("1 234 567", 1234567, None),
        ("-3.5", -3.5, None),
        ("－3.5", -3.5, None),
        ("−2", -2, None),
        ("1.28万", 12800, None),
        ("36亿", 3.6e9, None),
        ("2.5千", 2500, None),
        ("12.5%", 12.5, "%"),
        ("12.5％", 12.5, "%"),
        ("36亿立方米", 36, "亿立方米"),
        ("3.2 万吨", 3.2, "万吨"),
        ("1.2E+05", 120000, None),
        (".5", 0.5, None),
        ("+7", 7, None),
        ("0.07万", 700, None),
        ("1.1亿", 110000000, None),
        ("(5)", -5, None),
        ("（1,897.2）", -1897.2, None),
        ("(3.2)万吨", -3.2, "万吨"),
        ("(12.5%)", -12.5, "%"),
        ("(1.28万)", -12800, None),
    ],
)
def test_numbers_as_people_write_them(text, value, unit):
    assert (spelling.read_amount(text).value, spelling.read_amount(text).unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "约12",
        "12,34",
        "1,2345",
        "十二",
        "12abc",
        "1.2.3",
        "--5",
        "1e999",
        "inf",
        "nan",
        "(5",
        "(-5)",
        "5-6",
        "%",
        "万",
    ],
)
def test_what_is_no_number_is_refused(text):
    assert spelling.read_amount(text) is None


@pytest.mark.parametrize(
    "text", ["-", "—", "——", "－", "/", "／", "…", "……", "...", "--", "–", "\\"]
)
def test_dashes_stand_for_nothing(text):
    assert spelling.is_placeholder(text)


@pytest.mark.parametrize("text", ["0", "-1", "无", "NO", "1/2", "…12"])
def test_what_says_something_is_no_placeholder(text):
    assert not spelling.is_placeholder(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月5日", date(2024, 3, 5)),
        ("2024/3/5", date(2024, 3, 5)),
        ("2024.3.5", date(2024, 3, 5)),
        ("2024-03-05 10:02:00", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        ("２０２４年３月５日", date(2024, 3, 5)),
        ("45356", date(2024, 3, 5)),
        ("45356.75", date(2024, 3, 5)),
        ("二〇二四年三月5日", date(2024, 3, 5)),
        ("二〇二四年三月五日", date(2024, 3, 5)),
        ("二○二四年三月五日", date(2024, 3, 5)),
        ("贰零贰肆年叁月伍日", date(2024, 3, 5)),
    ],
)
def test_days(text, day):
    """45356 is 2024-03-05 in the 1900 system: 2024-01-01 is 45292, 64 days later is 5 March."""
    assert spelling.read_day(text) == (day, None)


def test_a_month_is_its_last_day():
    assert spelling.read_day("2024.2") == (date(2024, 2, 29), "month")
    assert spelling.read_day("2024") == (date(2024, 12, 31), "year")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2024年1—6月", "2024-01..06"),
        ("2024年1-6月累计", "2024-01..06"),
        ("2024年上半年", "2024-H1"),
        ("2024年三季度", "2024-Q3"),
        ("2024.3", "2024-03"),
        ("2024年末", "2024-12-31"),
        ("2024年度", "2024"),
        ("202403", "2024-03"),
        ("2016—2020年", "2016..2020"),
        ("45356", "2024-03-05"),
    ],
)
def test_periods(cell, text):
    assert spelling.read_period(cell).text == text


def test_cells_of_one_row_each_kind(read, xlsx):
    header = [
        "地区",
        "指标",
        "时期",
        "数值",
        "计量单位",
        "数据性质",
        "授予日期",
        "企业数",
        "已审核",
        "备注",
    ]
    path = xlsx(
        [
            header,
            [
                "500156",
                "用电量",
                datetime(2024, 3, 5),
                "1,234.50",
                "亿千瓦时",
                "快报",
                45356,
                "1.2万",
                "是",
                " 原样　",
            ],
        ]
    )
    reading = read(path)
    assert reading.findings == []
    (row,) = reading.table.to_pylist()
    assert row == {
        "place": "500156",
        "indicator": "power",
        "period": "2024-03-05",
        "period_kind": "day",
        "period_start": date(2024, 3, 5),
        "period_end": date(2024, 3, 5),
        "scope": None,
        "value": 1234.5,
        "value_notation": None,
        "value_original": "1,234.50",
        "unit": "亿千瓦时",
        "nature": "estimate",
        "granted": date(2024, 3, 5),
        "firms": 12000,
        "audited": True,
        "note": "原样",
        "_source_row": 2,
    }
