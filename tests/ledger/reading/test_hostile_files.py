"""Wrong, damaged and hostile files: one clear refusal, and never anything but a HengtanError."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hengtan.basis import apart
from hengtan.basis.errors import HengtanError, UnreadableFile
from hengtan.ledger.reading import files, grid, read_rows
from hengtan.ledger.reading import workbook as workbook_reading

HEADER = ["地区", "指标", "时期", "数值", "计量单位"]
ROW = ["武隆区", "水泥产量", "2024", 12, "万吨"]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def workbook(kind):
    """A small sound workbook as bytes."""
    out = io.BytesIO()
    if kind == "xlsx":
        book = openpyxl.Workbook()
        book.active.append(HEADER)
        book.active.append(ROW)
        book.active.merge_cells("A2:A3")
        book.save(out)
    elif kind == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("填报")
        for r, row in enumerate([HEADER, ROW]):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell)
        book.save(out)
    else:
        book = OpenDocumentSpreadsheet()
        table = Table(name="填报")
        for cells in [HEADER, ROW]:
            row = TableRow()
            for cell in cells:
                cell_element = TableCell(valuetype="string")
                cell_element.addElement(P(text=str(cell)))
                row.addElement(cell_element)
            table.addElement(row)
        book.spreadsheet.addElement(table)
        book.save(out)
    return out.getvalue()


def repacked(content, **parts):
    """The archive with parts replaced or added; names as ``xl/worksheets/sheet1.xml``."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part, old.read(part))
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def part_of(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


@pytest.fixture
def refused(read, tmp_path):
    """The refusal of a file with this content and name."""

    def refuse(content, name="表.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnreadableFile) as caught:
            read(path)
        assert (
            caught.value.where.file == name and caught.value.todo and "\n" not in str(caught.value)
        )
        return str(caught.value)

    return refuse


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "表.xlsx", "空"),
        (b"", "表.csv", "空"),
        (b" \n\t\n", "表.csv", "没有内容"),
        (b"anything", "表.et", "请在 WPS 中另存为 .xlsx"),
        (OLE, "表.et", "另存为 .xlsx"),
        (b"x", "表.wps", "wps"),
        (b"x", "报告.doc", "doc"),
        (b"x", "报告.docx", "docx"),
        (b"%PDF-1.4", "表.xlsx", "PDF"),
        (b"<html><table>", "表.xls", "网页"),
        (b'<?xml version="1.0"?><Workbook>', "表.xls", "XML"),
        (b"Rar!\x1a\x07", "表.rar", "压缩包"),
        (b"PK\x03\x04 not a zip", "表.xlsx", "损坏"),
        (OLE + b"\x00" * 600, "表.xls", "损坏"),
        (OLE + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "表.xlsx", "密码"),
        (OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "表.xls", "Word"),
        (OLE + b"\x00" * 600 + "Workbook".encode("utf-16-le"), "表.xls", "损坏"),
        (bytes(range(256)) * 9, "表.csv", "不是可识别的表格文件"),
    ],
)
def test_what_is_no_table_says_so(refused, content, name, words):
    assert words in refused(content, name)


def test_missing_files_and_folders(read, tmp_path):
    for path, words in (
        (tmp_path / "没有.xlsx", "没有这个文件"),
        (tmp_path, "文件夹"),
        (tmp_path / ("长" * 300), "打不开"),
        (tmp_path / "a\x00b", "打不开|没有这个文件"),
    ):
        with pytest.raises(UnreadableFile, match=words):
            read(path)


def test_an_archive_that_unpacks_to_far_more_is_not_opened(refused):
    bomb = repacked(
        workbook("xlsx"), **{"xl/media/a.bin": b"\x00" * (files.RATIO_MATTERS_ABOVE + 1)}
    )
    assert "压缩内容异常" in refused(bomb)


def test_too_many_parts(refused, monkeypatch):
    monkeypatch.setattr(files, "MAX_PARTS", 3)
    assert "压缩内容异常" in refused(workbook("xlsx"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(refused, encoding):
    sheet = part_of(workbook("xlsx"), "xl/worksheets/sheet1.xml").decode()
    body = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>' + sheet
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{body}'
    assert "文档类型声明" in refused(
        repacked(
            workbook("xlsx"),
            **{"xl/worksheets/sheet1.xml": xml.encode(encoding)},
        )
    )


def test_entities_in_ods_are_refused(refused):
    body = part_of(workbook("ods"), "content.xml").decode().split("?>", 1)[1]
    assert "文档类型声明" in refused(
        repacked(
            workbook("ods"), **{"content.xml": ('<!DOCTYPE x [<!ENTITY a "a">]>' + body).encode()}
        ),
        "表.ods",
    )


def test_a_cell_at_the_far_corner_does_not_fill_the_memory(refused):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "地区", "远"
    out = io.BytesIO()
    book.save(out)
    assert "表格过大" in refused(out.getvalue())


def test_formatted_blank_cells_at_the_far_corner_are_nothing(read, tmp_path, values):
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(ROW)
    book.active["XFD1048576"].number_format = "0.00"
    book.save(tmp_path / "表.xlsx")
    assert values(read(tmp_path / "表.xlsx")) == [12.0]


def test_repeated_cells_of_ods_do_not_fill_the_memory(refused):
    body = (
        part_of(workbook("ods"), "content.xml")
        .decode()
        .replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">', 1)
        .replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="900" ', 1)
    )
    assert "表格过大" in refused(
        repacked(workbook("ods"), **{"content.xml": body.encode()}), "表.ods"
    )


def test_too_many_columns_and_rows(refused, monkeypatch):
    assert "表格过大" in refused(",".join(["a"] * (grid.MAX_COLUMNS + 1)).encode(), "表.csv")
    monkeypatch.setattr(grid, "MAX_ROWS", 5)
    assert "表格过大" in refused(b"a,b\n" * 6, "表.csv")


def test_an_enormous_cell(refused):
    assert "过长" in refused(("地区,指标\n武隆," + "长" * 50_000).encode(), "表.csv")


def test_sheets_that_are_declared_but_absent(read, tmp_path):
    content = workbook("xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            if part.filename != "xl/worksheets/sheet1.xml":
                new.writestr(part, old.read(part))
    (tmp_path / "表.xlsx").write_bytes(out.getvalue())
    with pytest.raises(UnreadableFile):
        read(tmp_path / "表.xlsx")


def looped_xls():
    """An .xls whose first sector, where xlwt begins the workbook, is chained to itself: a reader
    that follows never ends.
    """
    content = bytearray(workbook("xls"))
    table = 512 * (int.from_bytes(content[76:80], "little") + 1)
    content[table : table + 4] = b"\x00" * 4
    return bytes(content)


def test_an_xls_whose_sectors_run_in_a_circle(refused):
    assert "损坏" in refused(looped_xls(), "表.xls")


@pytest.mark.parametrize("kind", ["xls", "xlsx", "ods"])
def test_a_reader_that_ends_does_not_end_us(read, refused, monkeypatch, tmp_path, kind):
    with monkeypatch.context() as patched:
        patched.setattr(workbook_reading, "__name__", "faulty_reader")
        (tmp_path / "faulty_reader.py").write_text(
            "import os\ndef packed_worksheets(*a):\n    os.abort()\n"
        )
        patched.syspath_prepend(str(tmp_path))
        patched.setattr(apart, "_idle", [])
        assert "损坏" in refused(workbook(kind), f"坏.{kind}")
    path = tmp_path / f"好.{kind}"
    path.write_bytes(workbook(kind))
    assert read(path).table.num_rows == 1


def only_refusals(read, path):
    """Reading either works or raises a HengtanError."""
    for reader in (read, read_rows):
        try:
            reader(path)
        except HengtanError as error:
            assert "\n" not in str(error)


fuzz = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzz
@given(
    st.binary(max_size=400),
    st.sampled_from(["", "PK\x03\x04", "\xef\xbb\xbf", "地区,指标,时期,数值\n"]),
    st.sampled_from(["csv", "xlsx", "xls", "ods", ""]),
)
def test_random_bytes(read, tmp_path, content, start, suffix):
    path = tmp_path / f"乱.{suffix}"
    path.write_bytes(
        (start.encode("latin-1") if start.isascii() or start[0] == "\xef" else start.encode())
        + content
    )
    only_refusals(read, path)


@fuzz
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_random_text(read, tmp_path, text):
    path = tmp_path / "乱.csv"
    path.write_bytes(("地区,指标,时期,数值,计量单位\n" + text).encode())
    only_refusals(read, path)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_mutated_workbooks(read, tmp_path, kind):
    sound = workbook(kind)

    @settings(fuzz, max_examples=25 if kind == "xls" else 120)
    @given(
        st.lists(
            st.tuples(st.integers(0, len(sound) - 1), st.binary(min_size=1, max_size=4)),
            min_size=1,
            max_size=6,
        ),
        st.integers(0, len(sound)),
    )
    def mutate(changes, length):
        content = bytearray(sound)
        for at, new in changes:
            content[at : at + len(new)] = new
        path = tmp_path / f"变.{kind}"
        path.write_bytes(content[:length] if length % 5 == 0 else content)
        only_refusals(read, path)

    mutate()


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("xlsx", "xl/workbook.xml"),
        ("xlsx", "xl/styles.xml"),
        ("ods", "content.xml"),
    ],
)
def test_mutated_parts_inside_a_sound_archive(read, tmp_path, kind, part):
    sound = workbook(kind)
    body = part_of(sound, part)

    @settings(fuzz, max_examples=60)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, len(body) - 1),
                st.sampled_from(
                    [b"<", b">", b'"', b"9999999999", b"-1", b"A", b"\x00", b"</c>", b"&x;"]
                ),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def mutate(changes):
        content = bytearray(body)
        for at, new in changes:
            content[at : at + len(new)] = new
        path = tmp_path / f"变.{kind}"
        path.write_bytes(repacked(sound, **{part: bytes(content)}))
        only_refusals(read, path)

    mutate()
