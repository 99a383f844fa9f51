"""What the cells of an OpenDocument sheet show: number and date formats of the cell, of its column
or its row, of parents and under conditions; and columns that are hidden, in every kind of workbook.
"""

from __future__ import annotations

import zipfile

import pytest
import xlwt

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]
NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {
        "office": "office",
        "style": "style",
        "number": "datastyle",
        "table": "table",
        "text": "text",
    }.items()
)
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
NUMBER = '<number:number number:min-integer-digits="1"{}/>'


def text(word):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return cell.format(word)


def amount(value, style="", kind="float"):
    key = "date-value" if kind == "date" else "value"
    named = f' table:style-name="{style}"' if style else ""
    return (
        f'<table:table-cell office:value-type="{kind}" office:{key}="{value}"{named}>'
        "<text:p>?</text:p></table:table-cell>"
    )


def row(period, value, unit, attributes=""):
    cells = text("武隆") + text("forest") + period + value + text(unit)
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


@pytest.fixture
def ods(tmp_path):
    """Write rows of a sheet with its styles to an .ods and give its path."""

    def write(rows, styles="", columns="", named=""):
        head = "".join(map(text, HEADER))
        body = f"{columns}<table:table-row>{head}</table:table-row>{''.join(rows)}"
        content = (
            f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}"
            "</office:automatic-styles><office:body><office:spreadsheet>"
            f'<table:table table:name="填报">{body}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        )
        named = (
            f"<office:document-styles {NAMESPACES}><office:styles>{named}</office:styles>"
            "</office:document-styles>"
        )
        path = tmp_path / "表.ods"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("META-INF/manifest.xml", MANIFEST)
            archive.writestr("content.xml", content)
            archive.writestr("styles.xml", named)
        return path

    return write


def cell_style(data, name="ce1", parent=""):
    above = f' style:parent-style-name="{parent}"' if parent else ""
    shown = f' style:data-style-name="{data}"' if data else ""
    return f'<style:style style:name="{name}" style:family="table-cell"{above}{shown}/>'


def number_style(inside, kind="number", name="N1"):
    return f'<number:{kind}-style style:name="{name}">{inside}</number:{kind}-style>'


def behind(word):
    return NUMBER.format("") + f"<number:text>{word}</number:text>"


YEAR = amount(2024)


@pytest.mark.parametrize(
    ("style", "stored", "unit", "shown", "shown_unit"),
    [
        # a display factor of 1000 shows 123456 as 123.456
        (number_style(NUMBER.format(' number:display-factor="1000"')), 123456, "吨", 123.456, "吨"),
        (number_style(NUMBER.format(' number:display-factor="1000000"')), 25e5, "吨", 2.5, "吨"),
        (number_style(behind("万吨")), 12.5, "", 12.5, "万吨"),
        (number_style(behind("万")), 3, "吨", 30000.0, "吨"),
        (number_style(behind("%"), "percentage"), 0.652, "%", 65.2, "%"),
        (number_style(behind("%")), 65.2, "", 65.2, "%"),
        (number_style(behind("家")), 7, "吨", 7.0, "吨"),
        (number_style(NUMBER.format(' number:grouping="true"')), 1234, "吨", 1234.0, "吨"),
    ],
)
def test_number_formats(read, ods, values, style, stored, unit, shown, shown_unit):
    path = ods([row(YEAR, amount(stored, "ce1"), unit)], style + cell_style("N1"))
    reading = read(path)
    assert (values(reading), values(reading, "unit")) == ([shown], [shown_unit])
    assert reading.errors == []


def date_style(*parts):
    return number_style("".join(f"<number:{part}/>" for part in parts), "date")


@pytest.mark.parametrize(
    ("parts", "period"),
    [
        (("year", "month"), "2025-02"),
        (("month",), "2025-02"),
        (("year",), "2025"),
        (("year", "month", "day"), "2025-02-01"),
        (("month", "day"), "2025-02-01"),
    ],
)
def test_a_day_shown_as_month_or_year_is_that(read, ods, values, parts, period):
    day = amount("2025-02-01", "ce1", "date")
    path = ods([row(day, amount(5), "%")], date_style(*parts) + cell_style("N1"))
    assert values(read(path), "period") == [period]


def test_formats_of_columns_rows_parents_and_named_styles(read, ods, values):
    thousands = number_style(NUMBER.format(' number:display-factor="1000"'))
    columns = (
        '<table:table-column table:number-columns-repeated="3"/>'
        '<table:table-column table:default-cell-style-name="ce1"/><table:table-column/>'
    )
    rows = [
        row(YEAR, amount(1500), "吨"),
        row(amount(2023), amount(1500, "plain"), "吨"),
        row(amount(2022), amount(1500, "child"), "吨"),
    ]
    styles = cell_style("", "plain") + cell_style("", "child", parent="ce1")
    path = ods(rows, styles, columns, named=thousands + cell_style("N1"))
    assert values(read(path)) == [1.5, 1500.0, 1.5]
    by_row = ' table:default-cell-style-name="ce1"'
    path = ods([row(text("2024"), amount(1500), "吨", by_row)], thousands + cell_style("N1"))
    assert values(read(path)) == [1.5]


def test_a_format_under_a_condition(read, ods, values):
    small = number_style(behind("%"), "percentage", "N1P0")
    other = number_style(
        NUMBER.format("")
        + '<style:map style:condition="value()&lt;=1" style:apply-style-name="N1P0"/>'
    )
    rows = [row(YEAR, amount(0.652, "ce1"), "%"), row(amount(2023), amount(65.4, "ce1"), "%")]
    assert values(read(ods(rows, small + other + cell_style("N1")))) == [65.2, 65.4]


def test_hidden_columns_of_ods_are_read_and_told(read, ods, values, findings):
    columns = (
        '<table:table-column table:number-columns-repeated="3"/>'
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
    )
    reading = read(ods([row(YEAR, amount(5), "%")], columns=columns))
    assert values(reading) == [5.0]
    assert findings(reading, "hidden-columns") == [("warning", 1, "数值")]


@pytest.mark.parametrize("column", ["A", "C", "D"])
def test_hidden_columns_of_xlsx_are_read_and_told(read, xlsx, values, findings, column):
    def change(sheet, book):
        sheet.column_dimensions[column].hidden = True
        sheet.column_dimensions["G"].hidden = True

    reading = read(xlsx([HEADER, ["武隆", "forest", 2024, 5, "%"]], change=change))
    assert values(reading) == [5.0]
    title = HEADER["ABCDE".index(column)]
    assert findings(reading, "hidden-columns") == [("warning", 1, title)]


def test_hidden_columns_of_xls_are_read_and_told(read, tmp_path, values, findings):
    book = xlwt.Workbook()
    sheet = book.add_sheet("填报")
    for number, cells in enumerate([HEADER, ["武隆", "forest", 2024, 5, "%"]]):
        for column, cell in enumerate(cells):
            sheet.write(number, column, cell)
    sheet.col(3).hidden = True
    book.save(str(tmp_path / "表.xls"))
    reading = read(tmp_path / "表.xls")
    assert values(reading) == [5.0]
    assert findings(reading, "hidden-columns") == [("warning", 1, "数值")]
