"""Footnote marks are no digits, decimal commas no thousands, and a code that went through a number
is no code: each is read as meant with a note, or refused.
"""

from __future__ import annotations

import pytest

from hengtan.basis import cell
from hengtan.basis.field import Field
from hengtan.basis.marks import narrow, unmarked
from hengtan.basis.spelling import read_amount

HEADER = "地区,指标,时期,数值,计量单位\n"


@pytest.mark.parametrize(
    ("text", "rest", "marks"),
    [
        ("128③", "128", "③"),
        ("65.4²", "65.4", "²"),
        ("65.4¹²", "65.4", "¹²"),
        ("128⒈", "128", "⒈"),
        ("128ᵃ", "128", "ᵃ"),
        ("12.5%①", "12.5%", "①"),
        ("128*", "128", "*"),
        ("128 †", "128", "†"),
        ("*128", "128", "*"),
        ("128[1]", "128", "[1]"),
        ("128〔2〕", "128", "〔2〕"),
        ("128（注1）", "128", "（注1）"),
        ("36亿m³", "36亿m³", ""),
        ("36亿m³①", "36亿m³", "①"),
        ("10³", "10³", ""),
        ("①", "①", ""),
    ],
)
def test_marks_are_cut_from_what_they_stand_beside(text, rest, marks):
    assert unmarked(text) == (rest, marks)


@pytest.mark.parametrize(
    ("text", "half"),
    [("１２８③", "128③"), ("２０２４①", "2024①"), ("亿m³", "亿m3"), ("CO₂", "CO2"), ("㎡", "m2")],
)
def test_folding_makes_no_digit_of_a_mark(text, half):
    assert narrow(text) == half


def test_a_marked_value_is_the_number_with_a_note(import_of, values, findings):
    reading = import_of("indicator_values", "k01a")
    assert values(reading) == [65.1, 65.4, 128.0]
    assert findings(reading, "footnote-mark") == [("warning", row, "数值") for row in (2, 3, 4)]
    assert "“128③”" in reading.findings[-1].zh and "按 128 读取" in reading.findings[-1].zh


def test_a_marked_year_is_the_year_with_a_note(import_of, values, findings):
    reading = import_of("indicator_values", "k01b")
    assert values(reading, "period") == ["2024", "2022"]
    assert findings(reading, "footnote-mark") == [("warning", 2, "年份"), ("warning", 3, "年份")]


@pytest.mark.parametrize(
    ("row", "column", "stored", "value"),
    [
        ("武隆,cement,2024,12†,万吨", "数值", "value", 12.0),
        ("武隆,cement,2024,12 *,万吨", "数值", "value", 12.0),
        ("武隆,cement,2024,NO①,万吨", "数值", "value_notation", "NO"),
        ("武隆,cement,2024年1-6月②,12,万吨", "时期", "period", "2024-01..06"),
        ("武隆①,cement,2024,12,万吨", "地区", "place", "500156"),
        ("武隆,水泥产量³,2024,12,万吨", "指标", "indicator", "cement"),
        ("武隆,cement,2024,12,万吨④", "计量单位", "unit", "万吨"),
    ],
)
def test_marks_in_every_kind_of_column(
    read, text_file, values, findings, row, column, stored, value
):
    reading = read(text_file(HEADER + row + "\n"))
    assert values(reading, stored) == [value]
    assert findings(reading, "footnote-mark") == [("warning", 2, column)]
    assert reading.errors == []


@pytest.mark.parametrize("text", ["10³", "128½", "①128", "12a①", "5×10²", "③"])
def test_a_mark_that_may_be_more_is_refused(text):
    value, reason = cell.read(Field("n", type="number"), text)
    assert value is None and reason is not None and reason.level == "error"


@pytest.mark.parametrize(
    "text", ["3,5", "13,5", "0,125", "1.234,56", "1 234,5", "0 125", "1,23,456", "3·5", "3、5"]
)
def test_a_decimal_comma_is_no_thousands_comma(text):
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1\u2009234", 1234.0),
        ("1\u202f234\u202f567", 1234567.0),
        ("1\u00a0234.5", 1234.5),
        ("１，２３４", 1234.0),
        ("12．5", 12.5),
    ],
)
def test_thin_spaces_and_fullwidth_signs_are_read(text, value):
    assert read_amount(text).value == value


def test_a_multiple_under_a_unit_with_a_multiple_has_no_size():
    value, reason = cell.read(Field("n", type="number", unit="万吨标准煤"), "1.28万")
    assert (value, reason.code) == (None, "multiple-twice")


def test_codes_that_were_numbers_are_refused(import_of, errors):
    assert errors(import_of("key_unit_months", "k10a")) == [("code-from-number", 2, "单位代码")]
    assert errors(import_of("supplier_purchases", "k10b")) == [
        ("code-from-number", 2, "统一社会信用代码"),
        ("code-from-number", 2, "供应商代码"),
    ]


@pytest.mark.parametrize("kind", ["code", "text"])
@pytest.mark.parametrize(
    "text", ["9.1889901E+17", "9.18899e+17", "918899010012345000", "9E+17", "９.1E+17"]
)
def test_lost_digits_of_codes_in_every_kind_of_field(kind, text):
    value, reason = cell.read(Field("code", type=kind), text)
    assert (value, reason.code) == (None, "code-from-number")
    assert "设为文本" in reason.todo


@pytest.mark.parametrize("text", ["91889901MA5U00001X", "1号机组", "3#", "918899010012345678"])
def test_whole_codes_are_kept(text):
    assert cell.read(Field("code", type="code"), text) == (text, None)


def test_a_code_of_a_workbook_that_is_a_number_is_refused(import_of, errors, xlsx):
    path = xlsx(
        [
            ["地区", "单位代码", "单位名称", "时期", "累计综合能源消费量"],
            ["青禾区", 918899010012345678, "甲木厂", "2025年1-6月", 100],
        ]
    )
    assert errors(import_of("key_unit_months", path)) == [("code-from-number", 2, "单位代码")]


def test_a_marked_code_loses_its_mark_with_a_note():
    value, reason = cell.read(Field("code", type="code"), "91889901MA5U00001X①")
    assert (value, reason.code) == ("91889901MA5U00001X", "footnote-mark")


@pytest.mark.parametrize(
    ("earlier", "value", "unit", "asked"),
    [
        (19.0, 0.19, "%", True),
        (0.19, 19.0, "%", True),
        (65.1, 0.654, "%", True),
        (19.0, 21.0, "%", False),
        (19.0, 2.1, "%", False),
        (1900.0, 19.0, "万吨", False),
        (19.0, 0.0, "%", False),
    ],
)
def test_a_percentage_a_hundredfold_off_is_asked_about(
    national, import_of, text_file, earlier, value, unit, asked
):
    """0.19 for 19 %: the finding names the neighbour and the figure to fill."""
    from hengtan.ledger.comparisons import compare

    head = "地区,指标,时期,数值,计量单位,来源\n"
    row = "青禾区,森林覆盖率,{},{},{},年鉴\n"
    before = import_of("indicator_values", text_file(head + row.format(2023, earlier, unit)))
    now = import_of("indicator_values", text_file(head + row.format(2024, value, unit)))
    form = national.forms["indicator_values"]
    findings = compare(form, now.table, before.table)
    assert [(f.level, f.code, f.where.row) for f in findings] == (
        [("warning", "hundredfold", 2)] if asked else []
    )
    right = value * 100 if value < earlier else value / 100
    assert all(f"应填 {right:.6g}" in f.zh for f in findings)


@pytest.mark.parametrize(
    ("text", "value"),
    [("（12.2）", -12.2), ("(3)", -3.0), ("( 0.5 )", -0.5), ("(12.5)%", -12.5)],
)
def test_a_negative_in_brackets_is_read_and_told(import_of, text_file, values, text, value):
    reading = import_of(
        "monthly_figures",
        text_file(f"地区\t时期\t能源消费总量增速\t来源\n青禾区\t2025年1-6月\t{text}\t甲\n"),
    )
    assert values(reading, "energy_growth") == [value]
    assert [(f.code, f.level, f.where.row) for f in reading.findings] == [
        ("bracket-negative", "warning", 2)
    ]


@pytest.mark.parametrize("text", ["（1,897.2）", "(3)", "(1.2万)"])
def test_a_negative_in_brackets_is_refused_in_one_line_where_none_can_be(
    read, text_file, values, findings, text
):
    reading = read(
        text_file(f"地区\t指标\t时期\t数值\t计量单位\n武隆\tcement\t2024\t{text}\t万吨\n")
    )
    assert values(reading) == [None]
    assert [(f.code, f.level, f.where.row) for f in reading.findings] == [
        ("bracket-negative", "error", 2)
    ]


def test_many_cells_that_are_told_are_all_read(import_of, text_file, values):
    lines = [
        f"青禾区\t{year}年{month}月\t({year % 100}.{month})\t甲"
        for year in range(2001, 2026)
        for month in range(1, 10)
    ]
    header = "地区\t时期\t能源消费总量增速\t来源"
    reading = import_of("monthly_figures", text_file("\n".join([header, *lines, ""])))
    assert values(reading, "energy_growth")[-1] == -25.9
    assert len(values(reading, "energy_growth")) == 225 and reading.errors == []
