"""The same rows in .xls and .ods: merges, dates, percent signs, errors, hidden sheets."""

from __future__ import annotations

from datetime import date

import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

HEADER = ["地区", "指标", "时期", "数值", "计量单位", "授予日期"]


def ods_cell(value, **attributes):
    if value is None:
        return TableCell(**attributes)
    if isinstance(value, date):
        return TableCell(valuetype="date", datevalue=value.isoformat(), **attributes)
    kind = "string" if isinstance(value, str) else "float"
    cell = TableCell(valuetype=kind, **({} if kind == "string" else {"value": value}), **attributes)
    cell.addElement(P(text=str(value)))
    return cell


@pytest.fixture
def ods(tmp_path):
    """Write sheets (name → rows of cells) to an .ods and give its path."""

    def write(sheets, hidden=()):
        book = OpenDocumentSpreadsheet()
        style = Style(name="hid", family="table")
        style.addElement(TableProperties(display="false"))
        book.automaticstyles.addElement(style)
        for name, rows in sheets.items():
            table = Table(name=name, **({"stylename": "hid"} if name in hidden else {}))
            for cells in rows:
                row = TableRow()
                for cell in cells:
                    row.addElement(cell if hasattr(cell, "qname") else ods_cell(cell))
                table.addElement(row)
            book.spreadsheet.addElement(table)
        book.save(tmp_path / "表.ods")
        return tmp_path / "表.ods"

    return write


@pytest.fixture
def xls(tmp_path):
    """Write rows to an .xls; ``change(sheet, book)`` may do more."""

    def write(rows, change=None):
        book = xlwt.Workbook()
        sheet = book.add_sheet("填报")
        day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is not None:
                    sheet.write(r, c, cell, *([day] if isinstance(cell, date) else []))
        if change:
            change(sheet, book)
        book.save(str(tmp_path / "表.xls"))
        return tmp_path / "表.xls"

    return write


def test_xls_with_dates_merges_and_hidden_sheet(read, xls, values, findings):
    def change(sheet, book):
        sheet.write_merge(1, 2, 0, 0, "武隆区")
        other = book.add_sheet("旧表")
        other.visibility = 1

    reading = read(
        xls(
            [
                HEADER,
                [None, "水泥产量", 2024, 12.5, "万吨", date(2024, 3, 5)],
                [None, "水泥产量", 2023, 11, "万吨", 45356],
            ],
            change,
        )
    )
    assert [f.code for f in reading.findings] == ["hidden-sheet"]
    assert (values(reading), values(reading, "place")) == ([12.5, 11.0], ["500156"] * 2)
    assert values(reading, "granted") == [date(2024, 3, 5)] * 2


def test_xls_shows_percent_and_errors(read, xls, values, findings):
    def change(sheet, book):
        sheet.write(1, 3, 0.6512, xlwt.easyxf(num_format_str="0.00%"))
        sheet.row(2).set_cell_error(3, "#REF!")
        sheet.write(3, 2, date(2022, 3, 1), xlwt.easyxf(num_format_str='yyyy"年"m"月"'))

    reading = read(
        xls(
            [
                HEADER,
                ["武隆", "森林覆盖率", 2024, None, "%"],
                ["武隆", "森林覆盖率", 2023, None, "%"],
                ["武隆", "森林覆盖率", None, 64, "%"],
            ],
            change,
        )
    )
    assert values(reading, "period") == ["2024", "2023", "2022-03"]
    assert values(reading)[0] == 65.12
    assert findings(reading, "error-value") == [("error", 3, "数值")]


def test_ods_with_merges_percent_errors_dates_and_repeats(read, ods, values, findings):
    percent = TableCell(valuetype="percentage", value=0.6512)
    percent.addElement(P(text="65.12%"))
    place = ods_cell("武隆区", numberrowsspanned=2)
    wrong = ods_cell("#DIV/0!")
    path = ods(
        {
            "填报": [
                HEADER,
                [place, "森林覆盖率", 2024, percent, "%", date(2024, 3, 5)],
                [CoveredTableCell(), "森林覆盖率", 2023, 64, "%"],
                ["涪陵", "森林覆盖率", 2024, wrong, "%", TableCell(numbercolumnsrepeated=900)],
            ]
        }
    )
    reading = read(path)
    assert values(reading) == [65.12, 64.0, None]
    assert values(reading, "place") == ["500156", "500156", "500102"]
    assert values(reading, "granted")[0] == date(2024, 3, 5)
    assert findings(reading, "error-value") == [("error", 4, "数值")]


def test_hidden_sheets_of_ods(read, ods, values):
    row = ["武隆", "森林覆盖率", 2024, 64, "%"]
    reading = read(ods({"旧表": [HEADER, row], "填报": [HEADER, row]}, hidden=["旧表"]))
    assert (reading.sheet, [f.code for f in reading.findings]) == ("填报", ["hidden-sheet"])
