"""Cells whose obvious misreading gives a wrong number: each is read as meant or refused, never
taken quietly.
"""

import pytest

from hengtan.basis.place import Place, PlaceTree
from hengtan.ledger.forms import Form
from hengtan.ledger.reading import read_form

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]
ROW = ["武隆", "cement", 2024, 5, "万吨"]


def shares(unit):
    """A form with one number, in a unit or without."""
    unit = {"unit": unit} if unit else {}
    return Form.from_dict(
        {
            "id": "shares",
            "title_zh": "比例",
            "title_en": "Shares",
            "key": ["name"],
            "fields": [
                {
                    "id": "name",
                    "title_zh": "名称",
                    "title_en": "Name",
                    "type": "text",
                    "required": True,
                },
                {
                    "id": "share",
                    "title_zh": "完成比例",
                    "title_en": "Share",
                    "type": "number",
                    "minimum": 0,
                    "maximum": 100,
                    **unit,
                },
            ],
        }
    )


@pytest.mark.parametrize(
    ("unit", "cell", "value"),
    [
        ("%", "60%", 60.0),
        ("%", "60", 60.0),
        ("%", "６０％", 60.0),
        (None, "60%", 0.6),
        ("万吨", "5000吨", 0.5),
    ],
)
def test_a_number_is_in_the_unit_of_its_field(text_file, values, unit, cell, value):
    reading = read_form(
        text_file(f"名称,完成比例\n甲,{cell}\n"), shares(unit), places=PlaceTree([]), lookups={}
    )
    assert (values(reading, "share"), reading.findings) == ([value], [])


def test_a_cell_shown_as_percent_is_the_percentage_it_shows(xlsx, values):
    def change(sheet, book):
        sheet["B2"].number_format = "0%"

    reading = read_form(
        xlsx([["名称", "完成比例"], ["甲", 0.6]], change=change),
        shares("%"),
        places=PlaceTree([]),
        lookups={},
    )
    assert values(reading, "share") == [60.0]


def test_a_unit_of_another_kind_is_refused(text_file, findings):
    reading = read_form(
        text_file("名称,完成比例\n甲,60吨\n"), shares("%"), places=PlaceTree([]), lookups={}
    )
    assert findings(reading, "unit-conflict") == [("error", 2, "完成比例")]


@pytest.mark.parametrize(
    "line", ["单位：万吨、亿元", "单位: 万吨 %", "（计量单位：万吨，亿千瓦时）"]
)
def test_a_line_of_several_units_belongs_to_no_column(read, xlsx, values, findings, line):
    reading = read(xlsx([[line], HEADER[:4], ROW[:4]]))
    assert values(reading, "unit") == [None]
    assert findings(reading, "unit-line") == [("warning", None, None)]
    assert findings(reading, "unit-needed") == [("error", 3, "计量单位")]


def test_a_thousands_comma_without_quotes_does_not_shift_the_row(read, text_file, findings):
    reading = read(
        text_file(
            "单位：万吨\n地区,指标,时期,数值,备注\n武隆,cement,2024,1,234,甲\n武隆,cement,2023,5,乙\n"
        )
    )
    assert findings(reading, "cells-beyond-header") == [("error", 3, "第6列")]


def test_a_trailing_delimiter_on_every_line_is_nothing(read, text_file, values):
    reading = read(text_file("地区,指标,时期,数值,计量单位,\n武隆,cement,2024,1,万吨,\n"))
    assert (values(reading), reading.findings) == ([1.0], [])


def test_a_name_two_rows_share_is_not_one_of_them_by_chance(text_file, form, values, findings):
    lookups = {
        "indicators": {"a:1": "a:1", "b:1": "b:1", "绿色生活": ("a:1", "b:1"), "用电量": "power"}
    }
    places = PlaceTree([Place("500156", "武隆区", "Wulong")])
    reading = read_form(
        text_file("地区,指标,时期,数值,计量单位\n武隆,绿色生活,2024,1,个\n武隆,b:1,2024,1,个\n"),
        form,
        places=places,
        lookups=lookups,
    )
    assert findings(reading, "several-references") == [("error", 2, "指标")]
    assert "a:1、b:1" in reading.findings[0].zh
    assert values(reading, "indicator") == [None, "b:1"]


def test_every_fault_of_a_row_is_found_in_one_run(read, text_file, findings):
    reading = read(
        text_file(
            "地区,指标,时期,数值,计量单位\n火星,cement,2024,,万吨\n武隆,cement,2023,1,万吨\n武隆,cement,2023,2,车\n"
        )
    )
    assert findings(reading, "unknown-place") == [("error", 2, "地区")]
    assert findings(reading, "required") == [("error", 2, "数值")]
    assert findings(reading, "unknown-unit") == [("error", 4, "计量单位")]
    assert findings(reading, "duplicate-key") == [("error", 4, "地区、指标、时期")]


def test_a_cross_check_runs_where_its_own_columns_are_sound(read, text_file, findings):
    reading = read(
        text_file(
            "地区,指标,时期,数值,计量单位\n火星,cement,2024,1,\n武隆,cement,2023,多,\n武隆,cement,2022,1,车\n"
        )
    )
    assert findings(reading, "unit-needed") == [("error", 2, "计量单位")]


def test_an_error_value_in_a_required_cell_is_one_finding(read, text_file):
    reading = read(text_file("地区,指标,时期,数值,计量单位\n武隆,cement,2024,#REF!,万吨\n"))
    assert [(f.code, f.where.row) for f in reading.findings] == [("error-value", 2)]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2024-01~06", "2024-01..06"),
        ("2024.01—06", "2024-01..06"),
        ("2024年1-6月份", "2024-01..06"),
        ("2024年6月累计", "2024-01..06"),
        ("2024年1-3季度", "2024-01..09"),
        ("2024年Q1", "2024-Q1"),
        ("2024h1", "2024-H1"),
        ("2024年元月", "2024-01"),
        ("2021—2025", "2021..2025"),
    ],
)
def test_periods_of_official_tables(read, text_file, values, cell, text):
    reading = read(text_file(f"地区,指标,时期,数值,计量单位\n武隆,cement,{cell},1,万吨\n"))
    assert (values(reading, "period"), reading.findings) == ([text], [])


@pytest.mark.parametrize("cell", ["2024-03~06", "2024-13~14", "2024年上半", "24年", "2024-01~13"])
def test_what_is_no_period_is_not_taken_for_a_day(read, text_file, findings, cell):
    reading = read(text_file(f"地区,指标,时期,数值,计量单位\n武隆,cement,{cell},1,万吨\n"))
    assert findings(reading, "bad-period") == [("error", 2, "时期")]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("超过60", "60"),
        ("≥60", "60"),
        ("约1.28万", "1.28万"),
        ("60%左右", "60%"),
        ("不足1,000", "1,000"),
        ("36亿以上", "36亿"),
    ],
)
def test_a_bound_is_told_where_it_belongs(read, text_file, findings, cell, number):
    reading = read(text_file(f'地区,指标,时期,数值,计量单位\n武隆,cement,2024,"{cell}",个\n'))
    assert findings(reading, "bound-in-number") == [("error", 2, "数值")]
    assert f"本列填 {number}，" in reading.findings[0].todo


@pytest.mark.parametrize("cell", ['="500156"', '"=""500156"""'])
def test_codes_kept_from_excel_by_an_equals_sign(read, text_file, values, cell):
    reading = read(text_file(f"地区,指标,时期,数值,计量单位\n{cell},cement,2024,1,万吨\n"))
    assert (values(reading, "place"), reading.findings) == (["500156"], [])


def official():
    """A form whose amount may stand under the titles official monthly tables use."""
    return Form.from_dict(
        {
            "id": "monthly",
            "title_zh": "月报",
            "title_en": "Monthly",
            "key": ["period"],
            "fields": [
                {
                    "id": "period",
                    "title_zh": "时期",
                    "title_en": "Period",
                    "type": "period",
                    "required": True,
                    "aliases": ["月份", "季度"],
                },
                {
                    "id": "value",
                    "title_zh": "数值",
                    "title_en": "Value",
                    "type": "quantity",
                    "aliases": ["1-本月累计", "本月累计", "累计", "本月"],
                },
            ],
        }
    )


@pytest.mark.parametrize(
    ("header", "cells", "period"),
    [
        ("月份,1-本月累计", "2024年6月,5", "2024-01..06"),
        ("月份,本月累计", "2024年1月,5", "2024-01..01"),
        ("月份,1—本月累计", "2024年1-6月,5", "2024-01..06"),
        ("月份,本月", "2024年6月,5", "2024-06"),
        ("时期,累计", "2024,5", "2024"),
        ("年份,月份,本月", "2024,6,5", "2024-06"),
        ("年份,季度,数值", "2024,2,5", "2024-Q2"),
        ("年份,月份,数值", "2024,1-6,5", "2024-01..06"),
    ],
)
def test_months_under_a_cumulative_amount_run_from_january(
    text_file, values, header, cells, period
):
    reading = read_form(
        text_file(f"{header}\n{cells}\n"), official(), places=PlaceTree([]), lookups={}
    )
    assert (values(reading, "period"), values(reading), reading.findings) == ([period], [5.0], [])


def test_a_bare_cumulative_of_one_month_is_to_be_decided(text_file, findings):
    reading = read_form(
        text_file("月份,累计\n2024年6月,5\n"), official(), places=PlaceTree([]), lookups={}
    )
    assert findings(reading, "month-or-cumulative") == [("error", 2, "月份")]
    assert "2024年1-6月" in reading.findings[0].todo and "2024-06-30" in reading.findings[0].todo
