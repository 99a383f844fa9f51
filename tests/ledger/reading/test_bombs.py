"""Small files that unpack to gigabytes or never end: refused in seconds, within limits."""

from __future__ import annotations

import os
import time
import zipfile

import openpyxl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hengtan.basis import apart
from hengtan.basis.errors import UnreadableFile
from hengtan.ledger.reading.workbook import read_grids
from hengtan.plan.reader.documents import read_document


@pytest.fixture
def ods(tmp_path):
    """An .ods with one cell, repeated down and across."""

    def write(down, across):
        book = OpenDocumentSpreadsheet()
        table, row = Table(name="表"), TableRow(numberrowsrepeated=down)
        cell = TableCell(valuetype="string", numbercolumnsrepeated=across)
        cell.addElement(P(text="甲"))
        row.addElement(cell)
        table.addElement(row)
        book.spreadsheet.addElement(table)
        book.save(tmp_path / "表.ods")
        return tmp_path / "表.ods"

    return write


@pytest.fixture
def refused_soon():
    """The refusal of a file, which comes within the 20 s that are allowed."""

    def refuse(reader, path):
        started = time.monotonic()
        with pytest.raises(UnreadableFile) as caught:
            reader(path)
        assert time.monotonic() - started < 20 and caught.value.todo
        assert caught.value.where.file == path.name and "\n" not in str(caught.value)
        return str(caught.value)

    return refuse


@pytest.mark.parametrize(
    ("down", "across"), [(1_000_000, 19), (19_000, 1000), (4_000_000, 4), (900_000, 20)]
)
def test_rows_of_ods_that_are_repeated_millions_of_times(ods, refused_soon, down, across):
    """19 million cells from 751 bytes took 2.4 GB."""
    refused_soon(read_grids, ods(down, across))


def test_rows_of_ods_that_are_repeated_some_times_are_read(ods):
    (grid,) = read_grids(ods(2000, 3))
    assert (grid.height, len(grid.columns)) == (2000, 3)


@pytest.mark.parametrize("reference", ["A99999999999", "ZZZZZZZ1", "XFE1048577", "A4294967295"])
def test_cells_far_outside_a_sheet(tmp_path, refused_soon, reference):
    """One such reference ended the process."""
    book = openpyxl.Workbook()
    book.active["A1"] = "甲"
    book.save(tmp_path / "good.xlsx")
    path = tmp_path / "表.xlsx"
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as good,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            content = good.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'r="A1"', f'r="{reference}"'.encode())
            bad.writestr(name, content)
    try:
        grids = read_grids(path)
    except UnreadableFile:
        refused_soon(read_grids, path)
    else:
        assert sum(grid.height for grid in grids) < 10


@pytest.mark.parametrize(
    ("lines", "long", "where"), [(99_000, 900, 50), (5_000, 990, 3), (400_000, 30, 399_999)]
)
def test_a_long_line_among_many_short_ones(tmp_path, refused_soon, lines, long, where):
    """100,000 short lines and one of 900 cells took 40 s and 1.7 GB."""
    rows = ["a"] * lines
    rows[where] = ",".join(["x"] * long)
    (tmp_path / "表.csv").write_text("\n".join(rows), encoding="utf-8")
    assert f"第{where + 1}行" in refused_soon(read_grids, tmp_path / "表.csv")


def test_lines_of_unequal_length_are_read(tmp_path):
    rows = ["标题", "a,b,c,d", *["1,2", "1,2,3,4"] * 50_000, "注：略"]
    (tmp_path / "表.csv").write_text("\n".join(rows), encoding="utf-8")
    (grid,) = read_grids(tmp_path / "表.csv")
    assert (grid.height, len(grid.columns)) == (100_003, 4)


@pytest.mark.parametrize(("down", "across"), [(50, 50), (50, 1), (2, 50), (9999, 9999)])
def test_spans_of_a_page_end(tmp_path, down, across):
    """64 rows of 300 such cells did not end."""
    cell = f"<td rowspan={down} colspan={across}>甲</td>"
    page = "<html><body><table>" + ("<tr>" + cell * 300 + "</tr>") * 64 + "</table></body></html>"
    (tmp_path / "规划.html").write_text(page, encoding="utf-8")
    started = time.monotonic()
    try:
        read_document(tmp_path / "规划.html")
    except UnreadableFile as error:
        assert error.todo
    assert time.monotonic() - started < 20


def test_spans_of_a_small_table_stand_where_they_reach(tmp_path):
    page = (
        "<table><tr><td rowspan=3>甲</td><td colspan=2>乙</td></tr>"
        "<tr><td>1</td><td rowspan=2>2</td></tr><tr><td>3</td></tr></table>"
    )
    (tmp_path / "规划.html").write_text(page, encoding="utf-8")
    lines = read_document(tmp_path / "规划.html").text.split("\n")
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    assert cells == [["甲", "乙"], ["1", "2"], ["3"]]
    assert lines[1].count("|") == lines[2].count("|") == lines[0].count("|")


def never_ends(path):
    while True:
        pass


def sleeps(path):
    time.sleep(1000)


def takes_all(path):
    return [bytes(100_000_000) for _ in range(30)]


def ends(path):
    os._exit(3)


def panics(path):
    raise SystemExit("panic")


@pytest.mark.parametrize("fault", [never_ends, sleeps, takes_all, ends, panics])
def test_whatever_a_reader_does_we_go_on(tmp_path, monkeypatch, refused_soon, fault):
    monkeypatch.setattr(apart, "LEAST_SECONDS", 2.0)
    monkeypatch.setattr(apart, "PATIENCE", 3.0)
    monkeypatch.setattr(apart, "_idle", [])
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    path = tmp_path / "甲.pdf"
    path.write_bytes(b"x")
    refused_soon(lambda file: apart.read_apart(f"test_bombs:{fault.__name__}", file), path)
    assert apart._idle == [] and apart.read_apart("os.path:getsize", path) == 1
