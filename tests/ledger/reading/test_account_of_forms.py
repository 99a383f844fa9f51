"""An import counts every figure of its file: read, describing, or named as not read."""

import pytest

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]
ROWS = [["武隆", "cement", 2024, 12, "万吨"], ["涪陵", "cement", 2024, 34, "万吨"]]


def beside(title, *cells, header=HEADER, rows=ROWS):
    """The sound table with one more column."""
    return [[*header, title], *([*row, text] for row, text in zip(rows, cells, strict=True))]


def unread(reading):
    return [(f.where.sheet, f.where.row, f.where.column) for f in reading.unread]


def test_a_form_read_whole_counts_every_figure(read, xlsx):
    reading = read(xlsx([HEADER, *ROWS]))
    # two amounts read, two years that describe
    assert reading.account.as_dict() == {"figures": 4, "read": 2, "heading": 2, "not_read": 0}
    assert reading.unread == []


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("粗苯", (3, 4)),
        ("上年同期", (11, 30)),
        ("2023年", (11, 30)),
        ("其中：熟料（万吨）", ("5万吨", "6万吨")),
        ("占比", ("12.5%", "88%")),
        ("产值", ("1,234", "（56）")),
        ("上年度", (11, 30)),
        (None, (7, 9)),
    ],
)
def test_a_column_of_figures_that_is_no_field_is_named(read, xlsx, title, cells):
    reading = read(xlsx(beside(title, *cells)))
    assert unread(reading) == [("填报", 1, title or "第6列")]
    assert reading.account.not_read == 2
    assert "--partly" in reading.unread[0].todo and "2 个数" in reading.unread[0].zh


@pytest.mark.parametrize(
    "title",
    [
        *("同比增长（%）", "增速", "同比±%", "比上年增长(%)", "较上年增减", "环比"),
        *("占全市比重（%）", "占比", "产量占比", "构成（%）", "占GDP比例"),
    ],
)
def test_growths_and_shares_that_are_no_field_are_told_by_one_rule(read, xlsx, title):
    reading = read(xlsx(beside(title, 3.1, -2)))
    assert unread(reading) == [("填报", 1, title)] and reading.account.not_read == 2
    (finding,) = reading.unread
    assert "增速或比重" in finding.zh and "growths or shares" in finding.en
    assert "--partly" in finding.todo and "--partly" in finding.todo_en


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("序号", (1, 2)),
        ("行次", ("01", "02")),
        ("联系电话", (77701234, 72225678)),
        ("单位代码", (500156001, 500102001)),
        ("邮政编码", (408500, 408000)),
        ("年份", (2024, 2024)),
        ("数据来源", ("统计局", "2024年年鉴")),
        ("天气", ("晴", "最高28度")),
        ("次序", (1, 2)),
    ],
)
def test_a_column_that_only_describes_is_no_fault(read, xlsx, title, cells):
    reading = read(xlsx(beside(title, *cells)))
    assert (reading.unread, reading.errors) == ([], [])
    assert reading.account.read == 2 and reading.account.not_read == 0


def test_printed_totals_and_notes_describe(read, xlsx):
    rows = [HEADER, *ROWS, ["合计", None, None, 46, "万吨"], ["注：2024年为快报数"]]
    account = read(xlsx(rows)).account
    assert (account.read, account.not_read) == (2, 0)


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([HEADER, *ROWS, [None, None, None, 46]], 4),
        ([HEADER, *ROWS, [], [None, None, None, "46.5"]], 5),
        ([["去年", 11, 30], HEADER, *ROWS], 1),
    ],
)
def test_lone_figures_around_the_table_are_named(read, xlsx, rows, line):
    assert unread(read(xlsx(rows))) == [("填报", line, None)]


@pytest.mark.parametrize(
    "above",
    [
        ["2024年各区县水泥产量"],
        ["填报单位编号：", 5001],
        [2023, 2024],
        ["单位：万吨"],
        [1, 2, 3, 4, 5],
    ],
)
def test_titles_and_numbers_of_columns_above_describe(read, xlsx, above):
    assert read(xlsx([above, HEADER, *ROWS])).unread == []


def another(rows):
    def change(sheet, book):
        added = book.create_sheet("其他")
        for row in rows:
            added.append(row)

    return change


@pytest.mark.parametrize("rows", [[["粗苯", 3]], [["a", "b"], [1.5, 2.5]], [["合计", "1,234"]]])
def test_another_sheet_with_figures_is_named_unless_the_sheet_is_chosen(read, xlsx, rows):
    path = xlsx([HEADER, *ROWS], change=another(rows))
    assert unread(read(path)) == [("其他", None, None)]
    assert "--sheet" in read(path).unread[0].todo
    assert read(path, sheet="填报").unread == []


@pytest.mark.parametrize(
    "rows",
    [
        [["填报说明"], ["1. 数值填万吨"]],
        [[1, "先"], [2, "后"]],
        [["年份", 2023], ["年份", 2024]],
        [["行政区划代码", "名称"], [500156, "武隆区"], [500102, "涪陵区"]],
        [["联系人", "手机"], ["张", 13900000001], ["李", 13900000002]],
    ],
)
def test_another_sheet_of_words_years_and_line_numbers_is_no_fault(read, xlsx, rows):
    assert read(xlsx([HEADER, *ROWS], change=another(rows))).unread == []


def test_parts_of_a_whole_and_columns_of_the_official_form_are_told(import_of):
    reading = import_of("enterprise_energy", "k20a")
    assert (reading.unread, reading.errors) == ([], [])
    # two rows: purchased, value, opening or closing, consumed, feedstock …, coefficient
    assert reading.account.not_read == 0 and reading.account.read == 12


def test_the_same_column_of_last_year_is_not_a_part(import_of, xlsx):
    rows = [
        ["统一社会信用代码", "地区", "时期", "能源名称", "计量单位", "消费量", "", "", ""],
        ["", "", "", "", "", "合计", "用于原材料", "其中：非工业", "上年同期"],
        ["91889902MA5U00002X", "青禾区", "2025", "原煤", "吨", 8, 2, 1, 7],
    ]
    reading = import_of("enterprise_energy", xlsx(rows, merges=["F1:I1"]))
    assert [f.where.column for f in reading.unread] == ["上年同期"]
