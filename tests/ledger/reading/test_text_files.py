"""Delimited text: encodings, delimiters, ragged and quoted rows.

Every file says the same and must read the same.
"""

from __future__ import annotations

import pytest

from hengtan.basis.errors import UnreadableFile
from hengtan.ledger.reading import read_rows

ROWS = [
    ["地区", "指标", "时期", "数值", "计量单位"],
    ["武隆区", "水泥产量", "2024", "12.5", "万吨"],
    ["涪陵区", "森林覆盖率", "2023", "60", "%"],
]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(read, text_file, csv_text, values, encoding, delimiter):
    reading = read(text_file(csv_text(ROWS, delimiter), encoding))
    assert reading.findings == []
    assert (values(reading), values(reading, "place"), values(reading, "_source_row")) == (
        [12.5, 60.0],
        ["500156", "500102"],
        [2, 3],
    )


def test_full_width_commas(read, text_file, values):
    assert values(read(text_file("\n".join("，".join(row) for row in ROWS)))) == [12.5, 60.0]


def test_a_rare_character_of_gb18030(read, text_file, csv_text, values):
    """𠮷 has four bytes in GB 18030 and none in GBK."""
    reading = read(text_file(csv_text([[*ROWS[0], "备注"], [*ROWS[1], "𠮷"]]), "gb18030"))
    assert values(reading, "note") == ["𠮷"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_and_blank_lines_keep_row_numbers(read, text_file, csv_text, values, newline):
    text = csv_text([ROWS[0], ROWS[1]]) + "\n\n" + csv_text([ROWS[2]]) + ",,,,\n\n"
    assert values(read(text_file(text.replace("\n", newline))), "_source_row") == [2, 5]


def test_ragged_rows_above_and_below(read, text_file, csv_text, values, findings):
    reading = read(
        text_file("2024年统计表\n单位：万吨\n" + csv_text([row[:4] for row in ROWS]) + "注：略\n")
    )
    assert (reading.header_row, values(reading, "_source_row"), values(reading, "unit")) == (
        3,
        [4, 5],
        ["万吨", "万吨"],
    )
    assert findings(reading, "note-line") == [("warning", 6, None)]


def test_quoted_cells_with_line_breaks_count_as_one_row(read, text_file, values):
    text = (
        "地区,指标,时期,数值,计量单位,备注\n"
        '武隆,cement,2024,"1,234.5",万吨,"两\n行""引""号"\n'
        "涪陵,cement,2024,2,万吨,\n"
    )
    reading = read(text_file(text))
    assert (values(reading), values(reading, "note"), values(reading, "_source_row")) == (
        [1234.5, 2.0],
        ['两\n行"引"号', None],
        [2, 3],
    )


def test_a_cell_of_three_lines_is_kept_as_it_stands(read, text_file, values):
    reading = read(
        text_file('表一\n地区,指标,时期,数值,计量单位,备注\n武隆,cement,2024,1,万吨,"甲\n乙\n丙"\n')
    )
    assert (values(reading, "note"), values(reading, "_source_row")) == (["甲\n乙\n丙"], [3])


def test_an_unclosed_quote_is_no_silent_loss(read, text_file, csv_text):
    body = "".join(f"武隆,cement,{1000 + n},1,万吨\n" for n in range(9000))
    with pytest.raises(UnreadableFile, match="引号"):
        read(text_file('地区,指标,时期,数值,计量单位\n武隆,cement,"2024,1,万吨\n' + body))


def test_a_short_unclosed_quote_is_reported_at_its_row(read, text_file):
    reading = read(
        text_file(
            '地区,指标,时期,数值,计量单位\n武隆,cement,"2024,1,万吨\n涪陵,cement,2024,1,万吨\n'
        )
    )
    assert {(f.code, f.where.row) for f in reading.errors} >= {("bad-period", 2)}


def test_text_that_is_called_xls_is_read_as_text(read, tmp_path, csv_text, values):
    path = tmp_path / "导出.xls"
    path.write_text(csv_text(ROWS, "\t"), encoding="gbk")
    assert values(read(path)) == [12.5, 60.0]


def test_read_rows_gives_a_plain_table(text_file, xlsx):
    expected = [
        {"place": "500156", "name_zh": "武隆区", "note": ""},
        {"place": "500102", "name_zh": "涪陵区", "note": "大"},
    ]
    assert (
        read_rows(
            text_file("\nplace,name_zh,note\n500156,武隆区,\n,,\n500102, 涪陵区 ,大\n", "gbk")
        )
        == expected
    )
    assert (
        read_rows(
            xlsx([["place", "name_zh", "note"], [500156, "武隆区", None], [500102, "涪陵区", "大"]])
        )
        == expected
    )


def test_read_rows_refuses_a_header_twice_and_nothing(text_file):
    with pytest.raises(UnreadableFile, match="place"):
        read_rows(text_file("place,place\n1,2\n"))
    with pytest.raises(UnreadableFile):
        read_rows(text_file(" \n\n"))


def test_a_large_file_reads_by_columns(read, text_file, values):
    """100,000 rows; the sum of 0 … 99,999 is 4,999,950,000."""
    lines = [f"500156,cement,{1900 + n % 100},s{n // 100},{n},万吨" for n in range(100_000)]
    reading = read(text_file("地区,指标,时期,口径,数值,单位\n" + "\n".join(lines)))
    assert (reading.findings, reading.table.num_rows, sum(values(reading))) == (
        [],
        100_000,
        4_999_950_000.0,
    )
    assert values(reading, "_source_row")[-1] == 100_001
