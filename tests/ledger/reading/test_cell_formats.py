"""What cells show beyond their stored value: formats, errors and formulas in workbooks however
their XML is written, hidden rows.
"""

from __future__ import annotations

import re
import zipfile

import pytest

from hengtan.ledger.reading.formats import shown_by

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [
        ("#,##0.0,", "123456", "123.456"),
        ("#,##0,,", "12500000", "12.5"),
        ("#,##0,.00", "1234", "1.234"),
        ("0.0,;-0.0,", "-1500", "-1.5"),
        ("[<=1]0.0%;0.0", "0.652", "65.2%"),
        ("[<=1]0.0%;0.0", "65.2", "65.2"),
        ("[>=1000]#,##0.0,;0", "2500", "2.5"),
        ("[Red][<0]0.0%;0.0%", "0.5", "50%"),
        ("0.00%_);(0.00%)", "-0.05", "-5%"),
        ('0!.0,"万"', "12345000", "1234.5万"),
        ('0\\.0000"万"', "12345", "1.2345万"),
        ('0.0"万吨"', "12.5", "12.5万吨"),
        ('0"年"', "2023", "2023年"),
        ('m"月"', "2025-02-01", "2025-02"),
        ("[$-804]m月", "2025-02-01", "2025-02"),
        ("mmm", "2025-02-01", "2025-02"),
        ('yyyy"年"m"月"', "2025-02-01", "2025-02"),
        ('yyyy"年"', "2022-12-31", "2022"),
    ],
)
def test_a_format_changes_what_is_meant(code, stored, shown):
    """Worked by hand from ISO/IEC 29500-1, 18.8.31."""
    assert shown_by(code)(stored) == shown


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "#,##0.00",
        "0.00E+00",
        '#,##0"家"',
        "@",
        "yyyy-mm-dd",
        'm"月"d"日"',
        "h:mm",
        "0;-0",
    ],
)
def test_a_format_that_only_dresses_changes_nothing(code):
    assert shown_by(code) is None


def test_thousands_and_conditions(import_of, values):
    assert values(import_of("indicator_values", "k11a")) == [123.456, 65.2]


def test_a_month_shown_is_a_month(import_of, values):
    assert values(import_of("indicator_values", "k13a"), "period") == ["2025-02"]


def test_cells_without_references_keep_their_formats(import_of, values):
    reading = import_of("indicator_values", "k09a")
    assert (values(reading), values(reading, "period")) == ([65.0, 61.0], ["2023", "2022"])


@pytest.mark.parametrize("case", ["k09b", "k09d"])
def test_errors_are_seen_however_the_cells_are_written(import_of, errors, case):
    assert errors(import_of("monthly_figures", case)) == [
        ("error-value", 2, "GDP"),
        ("error-value", 3, "GDP增速"),
    ]


@pytest.fixture
def rewritten():
    """Change the sheet's XML of a workbook by a function of text."""

    def change(path, how):
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = how(parts[sheet].decode()).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path

    return change


def prefixed(xml):
    """The same sheet with every element under a prefix."""
    xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace("xmlns=", "xmlns:x=")
    return xml


@pytest.mark.parametrize(
    "how",
    [
        lambda xml: xml,
        prefixed,
        lambda xml: re.sub(r'(<c|<row) r="\w+"', r"\1", xml),
        lambda xml: xml.replace('"', "'"),
        lambda xml: re.sub(r'(\w)="', r'\1 = "', xml),
        lambda xml: re.sub(r'<c r="(\w+)"([^>]*)>', r'<c\2 r="\1">', xml),
    ],
    ids=["plain", "prefixed", "unreferenced", "single quotes", "spaced", "reordered"],
)
def test_percent_error_and_formula_in_every_writing(read, xlsx, rewritten, values, findings, how):
    def change(sheet, book):
        sheet["D2"].number_format = "0.0%"
        sheet["D3"], sheet["D3"].data_type = "#N/A", "e"
        sheet["D4"] = "=1+1"
        sheet.row_dimensions[5].hidden = True

    rows = [["武隆", "forest", year, 0.65, "%"] for year in (2021, 2022, 2023, 2024)]
    reading = read(rewritten(xlsx([HEADER, *rows], change=change), how))
    assert values(reading) == [65.0, None, None, 0.65]
    assert findings(reading, "error-value") == [("error", 3, "数值")]
    assert findings(reading, "formula-alone") == [("error", 4, "数值")]
    assert findings(reading, "hidden-rows") == [("warning", 5, None)]


@pytest.mark.parametrize(
    ("form", "case", "cells"),
    [
        ("monthly_figures", "k08a", [(2, "GDP"), (2, "GDP增速"), (3, "能源消费总量")]),
        ("intensity_goals", "k08b", [(2, "当年能耗增速控制目标")]),
    ],
)
def test_formulas_without_a_result_are_told(import_of, errors, form, case, cells):
    reading = import_of(form, case)
    assert errors(reading) == [("formula-alone", row, column) for row, column in cells]


def test_a_formula_whose_result_is_an_empty_text_is_blank(read, xlsx, rewritten):
    path = xlsx([[*HEADER, "备注"], ["武隆", "forest", 2024, 5, "%", '=IF(A1="","","")']])

    def empty(xml):
        return re.sub(
            r'<c r="F2"[^>]*><f>(.*?)</f><v\s*/?>(</v>)?', '<c r="F2" t="str"><f>A1</f><v></v>', xml
        )

    assert read(rewritten(path, empty)).findings == []


def test_a_formula_in_a_text_file_is_told(read, text_file, findings):
    reading = read(text_file("地区,指标,时期,数值,计量单位\n武隆,forest,2024,=60+5,%\n"))
    assert findings(reading, "formula-alone") == [("error", 2, "数值")]


def test_hidden_and_filtered_rows_are_read_and_told(import_of, values, findings):
    reading = import_of("indicator_values", "k15a")
    assert values(reading) == [60.0, 61.0, 62.0, 63.0]
    assert findings(reading, "hidden-rows") == [("warning", 3, None)]


def test_hidden_rows_without_data_are_not_told(read, xlsx):
    def change(sheet, book):
        sheet.row_dimensions[1].hidden = True
        sheet.row_dimensions[9].hidden = True

    reading = read(xlsx([["表一"], HEADER, ["武隆", "forest", 2024, 5, "%"]], change=change))
    assert reading.findings == []
