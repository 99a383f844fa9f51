"""All faults of a file in one reading, each a line, in the order of the sheet. What must be found
stands in the comment beside the rows that hold it.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import UnreadableFile
from hengtan.ledger.reading.plain_tables import plain_sheets

HEAD = ["地区", "指标", "时期", "数值", "计量单位"]
ROW = ["武隆区", "用电量", "2024年", 1, "万千瓦时"]


def places(findings):
    return [(f.code, f.where.sheet, f.where.row, f.where.column) for f in findings]


def test_a_missing_column_does_not_hide_faults_of_the_others(read, xlsx):
    def change(sheet, book):
        book.create_sheet("旧表").append([1, 2])

    rows = [
        ["地区", "指标", "期", "数值", "计量单位", "备用量"],  # no 时期; two columns of no field
        [*ROW, 5],
        ["武隆", "没有的", "2024年", "十", "万千瓦时", 6],  # no such indicator; no number
    ]
    reading = read(xlsx(rows, change=change))
    assert reading.table.num_rows == 0
    assert places(reading.errors) == [
        ("missing-column", "填报", 1, "时期"),
        ("unknown-reference", "填报", 3, "指标"),
        ("not-a-number", "填报", 3, "数值"),
    ]
    assert places(reading.unread) == [
        ("not-read", "填报", 1, "期"),
        ("not-read", "填报", 1, "备用量"),
        ("not-read", "旧表", None, None),
    ]


def test_the_header_of_another_form_is_told_without_a_flood(read, xlsx):
    reading = read(xlsx([["地区", "产值", "税收"], ["某地", "a", "b"], ["某县", "c", "d"]]))
    assert {f.code for f in reading.errors} == {"missing-column"}


@pytest.mark.parametrize(
    "other",
    [
        ["指标", "地区", "数值", "时期", "计量单位"],  # the columns in another order
        [None, None, "地区", "指标", "时期", "数值", "计量单位"],  # begun two columns to the right
    ],
)
def test_two_tables_below_each_other_are_one_line(read, xlsx, other):
    reading = read(xlsx([HEAD, ROW, [], other, ["用电量", "武隆区", 2, "2023年", "万千瓦时"]]))
    assert places(reading.errors) == [("second-table", "填报", 4, None)]
    assert reading.table.num_rows == 1


def test_the_same_header_again_is_still_one_table(read, xlsx):
    reading = read(xlsx([HEAD, ROW, HEAD, ["武隆区", "水泥产量", "2024年", 2, "吨"]]))
    assert reading.errors == [] and reading.table.num_rows == 2


def test_two_tables_beside_each_other_are_one_line(read, xlsx):
    reading = read(xlsx([[*HEAD, None, *HEAD], [*ROW, None, *ROW]]))
    assert places(reading.errors) == [("tables-beside", "填报", 1, None)]


def test_a_header_merged_over_two_fields_is_told_with_what_it_hides(read, xlsx):
    rows = [
        ["地区", None, "时期", "数值", None],  # 地区 stands over two columns, 指标 nowhere
        [None, None, None, "甲", "乙"],  # 数值 over two columns, which of them?
        ROW,
    ]
    reading = read(xlsx(rows, merges=["A1:B1", "D1:E1"]))
    assert {(f.code, f.where.column) for f in reading.errors} >= {
        *(("missing-column", "指标"), ("ambiguous-column", "地区"), ("ambiguous-column", "数值")),
    }


def test_sheets_that_fit_beside_one_that_does_not(read, xlsx):
    def change(sheet, book):
        for row in (HEAD, ROW):
            book["填报"].append(row)
        second = book.create_sheet("二")
        second.append(HEAD)
        second.append(ROW)
        book.create_sheet("别的").append([7, 8])

    reading = read(xlsx([], change=change))
    assert places(reading.errors) == [("several-sheets", None, None, None)]
    assert places(reading.unread) == [("not-read", "别的", None, None)]


def test_findings_stand_in_the_order_of_lines_and_columns(read, xlsx):
    rows = [
        HEAD,
        ["武隆区", "用电量", "某年", "x", "万千瓦时"],
        ["某地", "没有的", "2024年", 1, "某单位"],
        ["武隆区", "用电量", "2023年", "y", "万千瓦时"],
    ]
    where = [(row, column) for _, _, row, column in places(read(xlsx(rows)).errors)]
    assert where == [
        *((2, "时期"), (2, "数值")),
        *((3, "地区"), (3, "指标"), (3, "计量单位")),
        (4, "数值"),
    ]


def test_a_plain_workbook_tells_the_faults_of_all_its_sheets(xlsx):
    def change(sheet, book):
        second = book.create_sheet("二")
        for row in (["甲", None, "丙"], ["1", "2", "3"]):  # 2 stands under no title
            second.append(row)

    path = xlsx([["甲", "甲", None], ["1", "2", "3"]], change=change)  # 甲 twice; 3 under no title
    with pytest.raises(UnreadableFile) as refused:
        plain_sheets(path, titled=True)
    assert places(refused.value.findings) == [
        ("header-twice", "填报", None, None),
        ("untitled-column", "填报", 2, None),
        ("untitled-column", "二", 2, None),
    ]
