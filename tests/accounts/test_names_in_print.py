"""Names, heads and sums as yearbooks print them: what is one name, no column, a sum."""

import pytest

from hengtan import packs
from hengtan.accounts.energy.foreign import read_tables
from hengtan.accounts.energy.foreign_names import Names
from hengtan.basis.figures import read_figure

NAMES = Names.of(packs.load("cn").rows("balance_names"))
TITLE = ["7-3 综合能源平衡表", "", "", ""]
BODY = [
    ["可供消费的能源总量", "100", "110", "121"],
    ["一次能源生产量", "100", "110", "121"],
    ["能源消费总量", "100", "110", "121"],
    ["工业", "60", "66", "72.6"],
    ["生活消费", "40", "44", "48.4"],
]


def read(lines):
    return read_tables(list(enumerate(lines, 1)), NAMES)


def cells_of(sheet):
    return {
        (table.year, row): cell.value
        for table in sheet.tables
        for (row, _), cell in table.cells.items()
    }


def with_column(head, figures):
    heads = ["项目", "2018", "2019", head]
    body = [[*line[:3], figure] for line, figure in zip(BODY, figures, strict=True)]
    return read([TITLE, heads, *body])


@pytest.mark.parametrize("head", ["某年", "Peat", "炭黑油", "占比（%）"])
def test_a_column_without_a_year_is_no_table_of_its_own(head):
    sheet = with_column(head, ["1", "2", "3", "4", "5"])
    assert {year for year, _ in cells_of(sheet)} == {2018, 2019}
    assert [(lost.why, lost.text, lost.count) for lost in sheet.lost] == [("column", head, 5)]


@pytest.mark.parametrize("head", ["比上年增长(%)", "增长率（%）", "Growth Rate (%)"])
def test_growth_that_agrees_is_read_and_told(head):
    sheet = with_column(head, ["10.0"] * 5)
    assert sheet.lost == [] and [aside.why for aside in sheet.asides] == ["growth"]


@pytest.mark.parametrize("figures", [["10.0"] * 4 + ["13.0"], ["1.0"] * 5, ["-10.0"] * 5])
def test_growth_that_does_not_agree_is_lost(figures):
    sheet = with_column("比上年增长(%)", figures)
    assert [lost.why for lost in sheet.lost] == ["column"] and sheet.asides == []


@pytest.mark.parametrize(("total", "agrees"), [("400", True), ("410", False), ("40", False)])
def test_a_line_of_totals_is_held_against_its_column(total, agrees):
    heads = ["项目", "2018"]
    sheet = read([TITLE[:2], heads, *[line[:2] for line in BODY], ["合 计", total]])
    assert (sheet.lost == []) == agrees
    assert [aside.line for aside in sheet.asides] == ([8] if agrees else [])


@pytest.mark.parametrize(
    "lines",
    [
        [["批发、零售业和", ""], ["住宿、餐饮业", "40"]],
        [["批发、零售业和", "40"], ["住宿、餐饮业", ""]],
        [["Wholesale, Retail Trade,", "40"], ["  Hotels and Catering Services", ""]],
        [["批发、零售业", ""], ["和住宿、", ""], ["餐饮业", "40"]],
    ],
)
def test_a_name_over_several_lines_is_one_name(lines):
    heads = ["项目", "2018"]
    sheet = read([TITLE[:2], heads, *[line[:2] for line in BODY[:4]], *lines])
    assert cells_of(sheet)[2018, "F.3.trade"] == 40.0 and sheet.lost == []


def test_a_longer_name_goes_before_a_name_within_it():
    lines = [["Other", "40"], ["  Losses", ""]]
    sheet = read([TITLE[:2], ["Item", "2018"], *[line[:2] for line in BODY[:4]], *lines])
    assert cells_of(sheet)[2018, "L"] == 40.0


def test_a_name_of_its_own_is_no_end_of_the_empty_rows_above_it():
    lines = [
        ["Petroleum Consumed by Foreign", ""],
        ["Airplanes and Ships Abroad", ""],
        ["Stock at the Year-end(-)", "-8"],
    ]
    heads = [["7-3 Overall Energy Balance Sheet", ""], ["Item", "2018"]]
    sheet = read([*heads, *[line[:2] for line in BODY[:2]], *lines, *[n[:2] for n in BODY[2:]]])
    assert cells_of(sheet)[2018, "S.close"] == -8.0 and sheet.lost == []


@pytest.mark.parametrize("beside", ["(七)出口量(-)", "Exports (-)"])
def test_an_unknown_name_takes_no_meaning_from_an_empty_row(beside):
    lines = [["Haulage" if beside.startswith("(") else "某种用途", "40"], [beside, ""]]
    sheet = read([TITLE[:2], ["项目", "2018"], *[line[:2] for line in BODY[:4]], *lines])
    assert [lost.why for lost in sheet.lost] == ["row"]


def test_a_row_read_by_its_translation_is_told():
    body = [[*line[:1], "", line[1]] for line in BODY]
    body[3][:2] = ["某种用途", "Industry"]
    sheet = read([["7-3 综合能源平衡表", "", ""], ["项目", "Item", "2018"], *body])
    assert [(a.why, a.text, a.other) for a in sheet.asides] == [
        ("translation", "某种用途", "Industry")
    ]


def test_units_of_two_sizes_over_one_column_are_asked_about():
    lines = [
        ["某市能源平衡表", "", ""],
        ["项目", "原煤（吨）", "焦炭"],
        ["", "(万吨)", "(万吨)"],
        *[[line[0], line[1], line[2]] for line in BODY],
    ]
    sheet = read(lines)
    assert [(lost.why, lost.count) for lost in sheet.lost] == [("column", 5)]


@pytest.mark.parametrize("mark", ["续表", "(续)", "continued"])
def test_a_page_that_goes_on_keeps_its_section(mark):
    heads = ["项目", "2018"]
    by_use = [["在总量中：", ""], ["终端消费", "90"], ["#工业", "50"], ["损失量", "10"]]
    whole = [TITLE[:2], heads, *[line[:2] for line in BODY], *by_use]
    broken = [*whole[:-2], [mark, ""], heads, *whole[-2:]]
    assert cells_of(read(broken)) == cells_of(read(whole))


@pytest.mark.parametrize("line", ["甲,1,2,3", ",1,2,3", "A,2,3,4"])
def test_a_line_that_numbers_the_columns_holds_no_figures(line):
    heads = ["项目", "2017", "2018", "2019"]
    sheet = read([TITLE, heads, line.split(","), *BODY])
    assert sheet.lost == [] and cells_of(sheet)[2019, "S"] == 121.0
    assert sheet.heading == 6 and sheet.read == 15


@pytest.mark.parametrize("shown", ["128③", "128[1]", "128ᵃ", "128 a)", "128*"])
def test_a_mark_behind_a_figure_is_no_digit_of_it(shown):
    figure = read_figure(shown)
    assert (figure.kind, figure.value) == ("number", 128.0) and figure.cut


@pytest.mark.parametrize("shown", ["12③8", "128a", "128[x]", "1[2]8"])
def test_a_mark_that_may_be_more_is_no_figure(shown):
    assert read_figure(shown).kind != "number"
