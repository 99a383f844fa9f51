"""What is written is read back, and the same rows say the same in .xlsx, in delimited text and in
any order.
"""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengtan.ledger.reading.delimited import _regular

HEADER = ["地区", "指标", "时期", "口径", "数值", "单位", "备注"]
quiet = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
number = st.floats(min_value=0, max_value=1e12, allow_nan=False).map(lambda x: float(f"{x:.12g}"))
words = st.text(st.sampled_from("年鉴公报初步核算，、 （）ab,\"'"), max_size=12).map(str.strip)
rows = st.lists(
    st.tuples(
        st.sampled_from(["500156", "500102", "500000"]),
        st.sampled_from(["cement", "forest", "power"]),
        st.integers(1990, 2030),
        number | st.sampled_from(["NO", "NE", "NA"]),
        st.sampled_from(["万吨", "%", "亿千瓦时"]),
        words,
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda r: r[:3],
)


def write_xlsx(path, table):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append([c if c != "" else None for c in row])
    book.save(path)


def write_csv(path, table, encoding="utf-8", delimiter=","):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(table)


@quiet
@given(rows)
def test_what_is_written_is_read_back(read, tmp_path, given_rows):
    table = [HEADER, *[[p, i, y, "", v, u, n] for p, i, y, v, u, n in given_rows]]
    write_xlsx(tmp_path / "a.xlsx", table)
    reading = read(tmp_path / "a.xlsx")
    assert reading.errors == []
    back = [
        (
            r["place"],
            r["indicator"],
            int(r["period"]),
            r["value"] if r["value"] is not None else r["value_notation"],
            r["unit"],
            r["note"] or "",
        )
        for r in reading.table.to_pylist()
    ]
    assert back == given_rows
    assert reading.table["_source_row"].to_pylist() == list(range(2, len(given_rows) + 2))


@quiet
@given(
    rows,
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from([",", "\t", ";"]),
)
def test_text_and_workbook_agree(read, tmp_path, given_rows, encoding, delimiter):
    table = [HEADER, *[[p, i, y, "", v, u, n] for p, i, y, v, u, n in given_rows]]
    write_xlsx(tmp_path / "a.xlsx", table)
    write_csv(tmp_path / "a.csv", table, encoding, delimiter)
    from_excel, from_csv = read(tmp_path / "a.xlsx"), read(tmp_path / "a.csv")
    drop = ["value_original"]
    assert from_excel.table.drop_columns(drop).equals(from_csv.table.drop_columns(drop))
    assert from_excel.mapping == from_csv.mapping


@quiet
@given(rows, st.permutations(range(len(HEADER))))
def test_the_order_of_columns_does_not_matter(read, tmp_path, given_rows, order):
    table = [HEADER, *[[p, i, y, "", v, u, n] for p, i, y, v, u, n in given_rows]]
    write_csv(tmp_path / "a.csv", table)
    write_csv(tmp_path / "b.csv", [[row[n] for n in order] for row in table])
    assert read(tmp_path / "a.csv").table.equals(read(tmp_path / "b.csv").table)


@quiet
@given(st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_thousands_separators_and_full_width_do_not_change_a_number(read, tmp_path, value):
    text = f"{value:,.3f}"
    wide = text.translate({ord(a): chr(ord(a) + 0xFEE0) for a in "0123456789,."})
    write_csv(
        tmp_path / "a.csv",
        [
            HEADER[:3] + HEADER[4:6],
            ["500156", "power", 2024, text, "吨"],
            ["500156", "power", 2023, wide, "吨"],
        ],
    )
    assert read(tmp_path / "a.csv").table["value"].to_pylist() == pytest.approx(
        [float(f"{value:.3f}")] * 2, rel=1e-15
    )


def by_rows(text):
    """The grid by the row reader of the standard library, cells beyond a short row blank."""
    findings = list(csv.reader(io.StringIO(text, newline="")))
    width = max(map(len, findings), default=0)
    return [row + [""] * (width - len(row)) for row in findings]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["", "1", "甲", " ", '"甲,乙"', '"一\n二"', '""', 'a"b', "1 234", '"x""y"']
            ),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=160,
    ),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_the_quick_reader_of_text_agrees_with_the_row_reader(rows, newline, ended):
    text = newline.join(",".join(row) for row in rows) + newline * ended
    quick = _regular(text.encode(), ",", "表.csv")
    if quick is not None:
        assert [
            list(row) for row in zip(*(column.to_pylist() for column in quick.columns), strict=True)
        ] == by_rows(text)


def test_the_quick_reader_takes_the_usual_files(csv_text):
    usual = csv_text([["地区", "数值"], *([["武隆", str(n)] for n in range(300)])])
    for text in (
        usual,
        usual.replace("武隆", '"武,隆"'),
        "表一\n单位：万吨\n" + usual + "注：略\n",
    ):
        quick = _regular(text.encode(), ",", "表.csv")
        assert quick is not None
        assert [
            list(row) for row in zip(*(column.to_pylist() for column in quick.columns), strict=True)
        ] == by_rows(text)
