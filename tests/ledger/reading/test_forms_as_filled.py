"""One test for each ugly thing in a file: the finding with its row and column, or the value worked
by hand.
"""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]
ROW = ["武隆区", "水泥产量", "2024", 12, "万吨"]


def test_a_clean_file_gives_no_findings(read, xlsx, values):
    reading = read(xlsx([HEADER, ROW]))
    assert (reading.findings, reading.sheet, reading.header_row) == ([], "填报", 1)
    assert reading.mapping == {
        "place": "地区",
        "indicator": "指标",
        "period": "时期",
        "value": "数值",
        "unit": "计量单位",
    }
    assert values(reading, "nature") == ["outturn"]


def test_schema_is_the_forms_and_the_source_row(read, xlsx, form):
    reading = read(xlsx([HEADER, ROW]))
    assert reading.table.schema.names == [*form.schema().names, "_source_row"]
    assert [f.type for f in reading.table.schema][:-1] == [f.type for f in form.schema()]


def test_title_lines_unit_line_ordinals_totals_and_notes(read, xlsx, values, findings):
    path = xlsx(
        [
            ["2024年武隆区主要产品产量"],
            [None, None, None, None, "计量单位：万吨"],
            ["序号", "区县", "指标名称", "时间", "数值"],
            ["甲", "乙", "丙", 1, 2],
            [1, "武隆", "水泥产量", "1-6月", 5],
            [],
            [2, "涪陵", "水泥产量", "全年累计", 7],
            ["合计", None, None, None, 12],
            ["注：数据来自年报"],
            ["填表人：张三", "审核人：李四"],
            [],
            ["本表由统计局提供"],
        ]
    )
    reading = read(path)
    assert reading.header_row == 3
    assert values(reading, "_source_row") == [5, 7]
    assert values(reading, "period") == ["2024-01..06", None]
    assert values(reading, "unit") == ["万吨", "万吨"]
    assert findings(reading, "ordinal-row") == [("warning", 4, None)]
    assert findings(reading, "total-row") == [("warning", 8, None)]
    assert findings(reading, "note-line") == [
        ("warning", 9, None),
        ("warning", 10, None),
        ("warning", 12, None),
    ]
    assert findings(reading, "year-from-title") == [("warning", None, "时间")]
    assert findings(reading, "bad-period") == [("error", 7, "时间")]


def test_who_fills_it_is_not_the_unit_and_who_signs_is_no_row(read, xlsx, values, findings):
    reading = read(
        xlsx(
            [
                ["填报单位：武隆区发改委", None, None, "单位：万吨"],
                HEADER[:4],
                ROW[:4],
                ["审核人：", "张三", "电话", "12"],
            ]
        )
    )
    assert (values(reading, "unit"), values(reading, "_source_row")) == (["万吨"], [3])
    assert [(f.code, f.where.row) for f in reading.findings] == [("note-line", 4)]


def test_unit_in_the_header_brackets(read, xlsx, values):
    reading = read(
        xlsx([["Place", "Indicator", "Period", "数值（万吨标准煤）"], ["Wulong", "power", 2024, 3]])
    )
    assert (reading.findings, values(reading), values(reading, "unit")) == (
        [],
        [3.0],
        ["万吨标准煤"],
    )


def test_the_rows_unit_goes_before_the_headers_with_a_warning(read, xlsx, values, findings):
    reading = read(
        xlsx(
            [
                ["地区", "指标", "时期", "数值(万吨)", "单位"],
                ["武隆", "cement", 2024, 3, "吨"],
                ["武隆", "cement", 2023, 3, None],
            ]
        )
    )
    assert values(reading, "unit") == ["吨", "万吨"]
    assert findings(reading, "unit-differs") == [("warning", 2, "单位")]


def test_a_unit_in_the_cell_is_converted_to_the_rows(read, xlsx, values, findings):
    """3 亿吨 are 30,000 万吨; 36亿立方米 in a row without a unit keeps its own; % and 万吨 do not
    convert.
    """
    rows = [
        ["武隆", "cement", 2024, "3亿吨", "万吨"],
        ["武隆", "cement", 2023, "36亿立方米", None],
        ["武隆", "cement", 2022, "12%", "万吨"],
        ["武隆", "cement", 2021, "12.5％", None],
    ]
    reading = read(xlsx([HEADER, *rows]))
    assert values(reading) == [30000.0, 36.0, None, 12.5]
    assert values(reading, "unit") == ["万吨", "亿立方米", "万吨", "%"]
    assert findings(reading, "unit-conflict") == [("error", 4, "数值")]


def test_a_multiple_in_cell_and_unit_is_refused_as_unclear(read, xlsx, values, findings):
    reading = read(
        xlsx(
            [
                HEADER,
                ["武隆", "cement", 2024, "1.28万", "万吨"],
                ["武隆", "cement", 2023, "1.28万", "吨"],
            ]
        )
    )
    assert values(reading) == [None, 12800.0]
    assert findings(reading, "multiple-twice") == [("error", 2, "数值")]


def test_an_unknown_unit_line_is_not_used(read, xlsx, findings):
    reading = read(xlsx([["单位：大车"], HEADER[:4], ROW[:4]]))
    assert findings(reading, "unit-line") == [("warning", None, None)]
    assert findings(reading, "unit-needed") == [("error", 3, "计量单位")]


def test_percent_format_shows_what_the_person_sees(read, xlsx, values):
    def change(sheet, book):
        sheet["D2"].number_format = "0.0%"

    reading = read(xlsx([HEADER, ["武隆", "forest", 2024, 0.6512, "%"]], change=change))
    assert (values(reading), values(reading, "value_original")) == ([65.12], ["65.12%"])


@pytest.mark.parametrize(
    ("code", "period"),
    [("yyyy年m月", "2024-03"), ('yyyy"年"', "2024"), ("yyyy-mm-dd", "2024-03-05")],
)
def test_a_date_shown_as_month_or_year_is_one(read, xlsx, values, code, period):
    def change(sheet, book):
        sheet["C2"].number_format = code

    assert values(
        read(xlsx([HEADER, ["武隆", "forest", date(2024, 3, 5), 1, "%"]], change=change)), "period"
    ) == [period]


def test_cells_merged_downwards_are_filled(read, xlsx, values):
    rows = [
        ["武隆区", "水泥产量", "2023", 1, "万吨"],
        [None, None, "2024", 2, None],
        [None, "森林覆盖率", "2024", 65, "%"],
    ]
    reading = read(xlsx([HEADER, *rows], merges=["A2:A4", "B2:B3", "E2:E3"]))
    assert values(reading, "place") == ["500156"] * 3
    assert values(reading, "indicator") == ["cement", "cement", "forest"]
    assert values(reading, "unit") == ["万吨", "万吨", "%"]


def test_blank_cells_that_are_not_merged_are_not_filled(read, xlsx, findings):
    assert findings(read(xlsx([HEADER, ROW, [None, *ROW[1:]]])), "required") == [
        ("error", 3, "地区")
    ]


def test_a_merged_amount_counts_once(read, xlsx, values, findings):
    reading = read(
        xlsx([HEADER, ROW, ["涪陵区", "水泥产量", "2024", None, "万吨"]], merges=["D2:D3"])
    )
    assert values(reading) == [12.0, None]
    assert findings(reading, "merged-amount") == [("warning", 2, "数值")]
    assert findings(reading, "required") == [("error", 3, "数值")]


def test_a_header_of_two_merged_rows(read, xlsx, values):
    rows = [
        ["地区", "指标", "时期", "完成情况", None, "备注"],
        [None, None, None, "数值", "计量单位", None],
        [*ROW, "好"],
    ]
    reading = read(xlsx(rows, merges=["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"]))
    assert (
        reading.header_row,
        values(reading, "_source_row"),
        values(reading),
        values(reading, "note"),
    ) == (2, [3], [12.0], ["好"])
    assert reading.findings == []


def test_a_header_of_two_rows_without_merges(read, text_file, csv_text, values):
    rows = [
        ["表一"],
        ["地区", "指标", "时期", "完成", "", "备注"],
        ["", "", "", "值", "计量单位", ""],
        [*ROW, "好"],
    ]
    reading = read(text_file(csv_text(rows)))
    assert (reading.header_row, reading.mapping["value"], values(reading)) == (2, "完成值", [12.0])


def test_repeated_header_rows_are_skipped(read, xlsx, values, findings):
    reading = read(xlsx([HEADER, ROW, HEADER, ["涪陵", *ROW[1:]]]))
    assert values(reading, "_source_row") == [2, 4]
    assert findings(reading, "header-repeated") == [("warning", 3, None)]


def test_header_spelled_with_full_width_spaces_and_marks(read, xlsx, values):
    reading = read(xlsx([["＊地　区", " 指 标：", "时期*", "ＶＡＬＵＥ", "单 位"], ROW]))
    assert (reading.findings, values(reading)) == ([], [12.0])


def test_year_column_completes_the_month(read, xlsx, values):
    header = ["地区", "指标", "年份", "月份", "数值", "单位"]
    rows = [
        ["武隆", "power", 2024, "1-6月", 1, "万千瓦时"],
        ["武隆", "power", "2023年", "3月", 2, "万千瓦时"],
    ]
    reading = read(xlsx([header, *rows]))
    assert (reading.findings, values(reading, "period")) == ([], ["2024-01..06", "2023-03"])


def test_cumulative_without_any_year_is_refused(read, xlsx, findings):
    assert findings(
        read(xlsx([HEADER, ["武隆", "power", "1-6月累计", 1, "千瓦时"]])), "bad-period"
    ) == [("error", 2, "时期")]


def test_a_title_of_two_years_gives_none(read, xlsx, findings):
    assert findings(
        read(xlsx([["2023年和2024年"], HEADER, ["武隆", "power", "1-6月", 1, "千瓦时"]])),
        "bad-period",
    ) == [("error", 3, "时期")]


@pytest.mark.parametrize(
    ("above", "month"),
    [
        ("虚岭市二〇二四年主要产品产量", "三月"),
        ("二○二四年度报表", "3月"),
        ("二零二四年一至三月", "3月"),
    ],
)
def test_a_year_in_chinese_numerals_completes_the_month(read, xlsx, values, above, month):
    reading = read(xlsx([[above], HEADER, ["武隆", "power", month, 1, "千瓦时"]]))
    assert (reading.errors, values(reading, "period")) == ([], ["2024-03"])
    years = ["地区", "指标", "年份", "月份", "数值", "单位"]
    reading = read(xlsx([years, ["武隆", "power", "二〇二四年", month, 1, "千瓦时"]]))
    assert (reading.errors, values(reading, "period")) == ([], ["2024-03"])


def test_october_written_as_a_decimal_is_pointed_out(read, xlsx, values, findings):
    reading = read(xlsx([HEADER, ["武隆", "power", 2024.1, 1, "千瓦时"]]))
    assert values(reading, "period") == ["2024-01"]
    assert findings(reading, "january-or-october") == [("warning", 2, "时期")]


def test_notation_keys_are_neither_numbers_nor_blanks(read, xlsx, values):
    rows = [
        ["武隆", "power", 2020 + n, text, "千瓦时"]
        for n, text in enumerate(["NO", "NE", "IE (II.1.1)", "NA", "C", "不适用", "NO; IE"])
    ]
    reading = read(xlsx([HEADER, *rows]))
    assert reading.findings == []
    assert values(reading) == [None] * 7
    assert values(reading, "value_notation") == [
        "NO",
        "NE",
        "IE (II.1.1)",
        "NA",
        "C",
        "NA",
        "NO; IE",
    ]


@pytest.mark.parametrize("dash", ["-", "—", "/", "…", "——"])
def test_a_dash_is_missing_and_never_zero(read, xlsx, values, findings, dash):
    reading = read(xlsx([HEADER, ["武隆", "power", 2024, dash, "千瓦时"]]))
    assert values(reading) == [None]
    assert findings(reading, "placeholder") == [("warning", 2, "数值")]
    assert findings(reading, "required") == [("error", 2, "数值")]


def test_duplicate_keys_name_both_rows(read, xlsx, findings):
    reading = read(
        xlsx([HEADER, ROW, ["涪陵", *ROW[1:]], ["500156", "cement", "2024年", 13, "万吨"], ROW])
    )
    assert findings(reading, "duplicate-key") == [("error", 4, "地区、指标、时期")]
    assert findings(reading, "duplicate-row") == [("error", 5, "地区、指标、时期")]
    assert "与第2行主键相同" in next(f.zh for f in reading.findings if f.code == "duplicate-key")


def test_two_rows_told_apart_by_the_scope_are_no_duplicates(read, xlsx):
    assert (
        read(xlsx([[*HEADER, "口径"], [*ROW, "城市"], [*ROW, "农村"], [*ROW, None]])).findings == []
    )


def test_wrong_words_carry_the_nearest_right_ones(read, xlsx, findings):
    reading = read(xlsx([HEADER, ["武陵区", "水泥产", "2024", "多", "千瓦寸"]]))
    assert [
        findings(reading, code)
        for code in ("unknown-place", "unknown-reference", "not-a-number", "unknown-unit")
    ] == [
        [("error", 2, "地区")],
        [("error", 2, "指标")],
        [("error", 2, "数值")],
        [("error", 2, "计量单位")],
    ]
    words = " ".join(f.zh for f in reading.findings)
    assert "武隆区" in words and "水泥产量" in words and "千瓦时" in words


def test_limits_and_kinds_of_other_fields(read, xlsx, findings):
    header = [*HEADER, "企业数", "已审核", "数据性质", "授予日期"]
    reading = read(
        xlsx(
            [
                header,
                ["武隆", "power", 2024, -1, "千瓦时", "2000000", "也许", "猜的", "某日"],
                ["武隆", "power", 2023, 1, "千瓦时", "1.5", "否", "预计", "2024.2"],
            ]
        )
    )
    assert findings(reading, "out-of-range") == [("error", 2, "数值"), ("error", 2, "企业数")]
    assert findings(reading, "bad-boolean") == [("error", 2, "已审核")]
    assert findings(reading, "unknown-choice") == [("error", 2, "数据性质")]
    assert findings(reading, "bad-date") == [("error", 2, "授予日期")]
    assert findings(reading, "not-an-integer") == [("error", 3, "企业数")]
    assert findings(reading, "day-from-period") == [("warning", 3, "授予日期")]
    assert reading.table["granted"].to_pylist() == [None, date(2024, 2, 29)]


def test_error_values_are_errors_not_blanks(read, xlsx, findings):
    def change(sheet, book):
        sheet["D2"], sheet["F2"] = "#REF!", "#N/A"
        sheet["D2"].data_type = sheet["F2"].data_type = "e"

    reading = read(xlsx([[*HEADER, "备注"], ROW], change=change))
    assert findings(reading, "error-value") == [("error", 2, "数值"), ("error", 2, "备注")]
    assert findings(reading, "required") == []


def test_formulas_are_not_evaluated(read, xlsx, findings, values):
    """A formula that was never calculated has no stored value: it is told, and nothing else."""
    reading = read(xlsx([HEADER, ["武隆", "power", 2024, "=1+1", "千瓦时"]]))
    assert findings(reading, "formula-alone") == [("error", 2, "数值")]
    assert len(reading.findings) == 1 and values(reading) == [None]


def test_missing_and_ambiguous_columns(read, xlsx, findings):
    reading = read(xlsx([["地区", "指标", "本期", "完成值"], ["武隆", "power", 1, 2]]))
    assert findings(reading, "missing-column") == [("error", 1, "时期")]
    assert findings(reading, "ambiguous-column") == [("error", 1, "数值")]
    assert reading.table.num_rows == 0


def test_a_title_goes_before_an_alias(read, xlsx, values, findings):
    reading = read(xlsx([[*HEADER, "完成值"], [*ROW, 99]]))
    assert values(reading) == [12.0]
    assert findings(reading, "extra-column") == [("warning", 1, "完成值")]


def test_unknown_columns_are_named(read, xlsx, findings):
    reading = read(xlsx([["编号", *HEADER, "天气", None, "空列"], [1, *ROW, "晴", "无头"]]))
    assert findings(reading, "extra-column") == [("warning", 1, "天气"), ("warning", 1, "第8列")]


def test_no_header_at_all(read, xlsx, findings):
    reading = read(xlsx([[1, 2], [3, 4]]))
    assert findings(reading, "no-header") == [("error", None, None)]
    assert (reading.header_row, reading.sheet) == (0, None)


def test_blank_tails_are_nothing(read, xlsx, values):
    def change(sheet, book):
        for row in range(3, 60):
            sheet.cell(row, 1).value, sheet.cell(row, 9).value = "  ", "　"

    reading = read(xlsx([HEADER, ROW], change=change))
    assert (reading.findings, values(reading)) == ([], [12.0])


def test_the_sheet_that_fits_is_read(read, xlsx, findings):
    def change(sheet, book):
        book.create_sheet("说明", 0).append(["请按要求填写", "数值"])
        book.create_sheet("旧表").append(HEADER)
        book["旧表"].sheet_state = "hidden"

    reading = read(xlsx([HEADER, ROW], change=change))
    assert (reading.sheet, reading.table.num_rows) == ("填报", 1)
    assert [(f.code, f.level) for f in reading.findings] == [("hidden-sheet", "warning")]
    assert "旧表" in reading.findings[0].zh


def test_several_sheets_that_fit_are_an_error_unless_one_is_named(read, xlsx, findings):
    def change(sheet, book):
        other = book.create_sheet("二季度")
        other.append(HEADER)
        other.append(["涪陵", *ROW[1:]])

    path = xlsx([HEADER, ROW], change=change)
    reading = read(path)
    assert findings(reading, "several-sheets") == [("error", None, None)]
    assert "填报、二季度" in reading.findings[0].zh
    assert read(path, sheet="二季度").table["place"].to_pylist() == ["500102"]
    assert findings(read(path, sheet="三季度"), "no-such-sheet") == [("error", None, None)]


def test_cross_checks_of_the_form_run_on_sound_rows(read, xlsx, findings):
    reading = read(
        xlsx([HEADER, ["武隆", "power", 2024, 1, None], ["武隆", "power", 2023, 1, "大车"]])
    )
    assert findings(reading, "unit-needed") == [("error", 2, "计量单位")]
    assert findings(reading, "unknown-unit") == [("error", 3, "计量单位")]


def test_many_alike_are_summed_up(read, text_file, csv_text):
    reading = read(
        text_file(
            csv_text([HEADER, *[["武隆", "power", 1000 + n, "多", "千瓦时"] for n in range(1000)]])
        )
    )
    alike = [f for f in reading.findings if f.code == "not-a-number"]
    assert len(alike) == 201
    assert [f.where.row for f in alike if f.where.row][:2] == [2, 3]
    assert any("另有800行" in f.zh for f in alike)


def test_progress_runs_from_nought_to_one(read, xlsx):
    shares = []
    read(xlsx([HEADER, ROW]), progress=lambda share, text: shares.append(share))
    assert shares[0] == 0.0 and shares[-1] == 1.0 and shares == sorted(shares)


def test_every_finding_says_it_in_both_languages(read, xlsx):
    reading = read(
        xlsx(
            [
                [*HEADER, "天气"],
                ["武陵", "水", "哪年", "多", "顿", 1],
                [None, "power", "2024.1", "-", "%", 2],
                ROW,
                ROW,
            ]
        )
    )
    assert len({f.code for f in reading.findings}) >= 8
    for finding in reading.findings:
        assert finding.zh and finding.en
        assert finding.where.file == "表.xlsx" and finding.where.sheet == "填报"


def test_sheets_of_charts_do_no_harm(read, tmp_path, values):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(ROW)
    book.create_chartsheet("图")
    book.save(tmp_path / "图.xlsx")
    assert values(read(tmp_path / "图.xlsx")) == [12.0]
