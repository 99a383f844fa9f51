"""status.xlsx read back with openpyxl: real numbers, words on lights, no formulas from data."""

import re

import pytest
from openpyxl import load_workbook

from hengtan.report.sheet.status import write_status


@pytest.fixture
def book(small, tmp_path):
    return load_workbook(write_status(small, tmp_path / "status.xlsx"))


def column(sheet, heading):
    """Values below a heading, wherever the heading row is."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == heading:
                return [
                    sheet.cell(row=r, column=cell.column)
                    for r in range(cell.row + 1, sheet.max_row + 1)
                ]
    raise AssertionError(heading)


def test_the_sheets(book):
    assert book.sheetnames == [
        "总览",
        "目标状态",
        "任务台账",
        "名录",
        "数据缺口",
        "数据来源",
        "说明",
    ]


def test_targets_hold_real_numbers(small, book):
    sheet = book["目标状态"]
    assert [c.value for c in column(sheet, "目标值")] == [t["goal"] for t in small["targets"]]
    latest = [c.value for c in column(sheet, "最新值")]
    assert latest[0] == 55.06 and latest[2] == 72.1205 and latest[4] is None
    assert all(c.data_type == "n" for c in column(sheet, "目标值"))


def test_lights_are_words_on_their_colour(book):
    cells = column(book["目标状态"], "灯号")
    assert [c.value for c in cells][:3] == ["● 正常", "▲ 滞后", "■ 背离"]
    assert cells[0].fill.fgColor.rgb.endswith("D5EBDD")


def test_text_never_becomes_a_formula(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.coordinate
    reasons = [c for c in column(book["目标状态"], "原因") if str(c.value or "").startswith("=cmd")]
    assert [c.quotePrefix for c in reasons] == [True]


def test_headers_stay_in_view_and_can_be_filtered(book):
    sheet = book["目标状态"]
    assert sheet.freeze_panes and sheet.auto_filter.ref and sheet.print_title_rows
    assert (
        sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
    )


def test_counts_add_up(book):
    totals = [c.value for c in column(book["总览"], "合计")][:3]
    assert totals == [5, 3, 8]


def test_measures_and_milestones_share_one_ledger(book):
    sheet = book["任务台账"]
    assert [c.value for c in column(sheet, "类别")] == ["措施", "措施", "里程碑", "里程碑"]
    assert "逾期" in [c.value for c in column(sheet, "逾期")]


def test_demo_line_on_every_sheet(book):
    for sheet in book:
        assert any(
            "demo-loader" in str(c.value)
            for row in sheet.iter_rows(max_row=5)
            for c in row
            if c.value
        )


def test_control_characters_do_not_stop_the_file(small, tmp_path):
    small["targets"][0]["light_reason"] = "坏字符\x07在此"
    sheet = load_workbook(write_status(small, tmp_path / "s.xlsx"))["目标状态"]
    assert column(sheet, "原因")[0].value == "坏字符在此"


def test_an_english_reader_gets_english_words_and_the_same_figures(small, tmp_path):
    books = [
        load_workbook(write_status(small, tmp_path / f"{lang}.xlsx", lang)) for lang in ("zh", "en")
    ]
    cells = [[cell.value for sheet in book for row in sheet for cell in row] for book in books]
    numbers = [[value for value in every if isinstance(value, float)] for every in cells]
    assert numbers[0] and numbers[0] == numbers[1]
    english = books[1]
    assert english.sheetnames[:2] == ["Overview", "Targets"]
    lights = [c.value for c in column(english["Targets"], "Light")]
    assert lights[:3] == ["● On track", "▲ Behind", "■ Moving away"]
    assert column(english["Targets"], "Target")[0].value == "Forest cover"
    headings = [cell.value for sheet in english for row in sheet for cell in row if cell.font.b]
    assert not re.search("[\u3400-\u9fff]", " ".join(map(str, filter(None, headings))))
