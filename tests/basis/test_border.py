"""The border of reading: what people bring is read rightly, or refused with its line."""

import io
import zipfile
from datetime import date

import pytest

from hengtan.basis import border
from hengtan.basis.errors import UnreadableFile, Where

HERE = Where("案例.yaml")


def refusal(read, *arguments):
    """The refusal of a reader: one line, with something to do."""
    with pytest.raises(UnreadableFile) as caught:
        read(*arguments)
    assert caught.value.todo and caught.value.todo_en and "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("rule: a\ndate: 2024-02-30\n", 2, "2024-02-30"),
        ("rule: a\ndate: 2024-13-01\n", 2, "2024-13-01"),
        ("date: 0000-00-00", 1, "0000-00-00"),
        ("date: 2024-05-31 25:61:61", 1, "25:61:61"),
        ("a: 1\nrule: !!bool abc", 2, "abc"),
        ("a: !!int abc", 1, "abc"),
        ("a: !!float abc", 1, "abc"),
        ("a: !!timestamp abc", 1, "abc"),
        ("a: 1\nb: 0x" + "f" * 5000, 2, "0xfff"),
        ("a: " + "9" * 400, 1, "999"),
        ("a: " + "9" * 5000, 1, "999"),
        ('a: "\\ud800"', 1, "ud800"),
        ("甲: 1\n乙: 2\n甲: 3", 3, "甲"),
        ("a: {b: 1, b: 2}", 1, "b"),
        ("[" * 100_000, 1, "60"),
        ("{a: " * 500, 1, "60"),
        ("- " * 500 + "a", 1, "60"),
        ("a: !!python/object/apply:os.system [id]", 1, "python"),
        ("? [a]\n: b", 1, "unhashable"),
        ("a: *nobody", 1, "nobody"),
        ("a: b: c", 1, "mapping"),
        ("a: [1", 1, ""),
    ],
)
def test_yaml_that_holds_no_value_is_told_with_its_line(text, line, words):
    error = refusal(border.yaml_of, text, HERE)
    assert error.where == Where("案例.yaml", row=line) and words in str(error)


def bomb(levels, width):
    """Lists of aliases of lists of aliases: width to the power of levels in a few lines."""
    lines = ["l0: &l0 [x, x]"]
    for n in range(1, levels):
        inside = ", ".join([f"*l{n - 1}"] * width)
        lines.append(f"l{n}: &l{n} [{inside}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        bomb(9, 9),
        bomb(3, 5),
        "a: &a " + "x" * 2000 + "\nb: [" + ", ".join(["*a"] * 2000) + "]",
        "&a [*a]",
    ],
)
def test_aliases_that_swell_are_refused(text):
    assert "别名" in str(refusal(border.yaml_of, text, HERE))


def test_yaml_is_read_as_it_is_meant():
    text = "base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  x: 3\nagain: [*b, *b]"
    own, again = {"x": 3, "y": 2}, [{"x": 1, "y": 2}] * 2
    assert border.yaml_of(text) == {"base": again[0], "own": own, "again": again}
    # 12:30 would be 750 by YAML 1.1, 1:30.5 the float 90.5
    assert border.yaml_of("a: 12:30\nb: 1:30.5\nc: 1.5\nd: -7") == {
        "a": "12:30",
        "b": "1:30.5",
        "c": 1.5,
        "d": -7,
    }
    assert border.yaml_documents("date: 2024-02-29\n---\n---\na: 是") == [
        {"date": date(2024, 2, 29)},
        {"a": "是"},
    ]
    assert border.yaml_of("") is None
    deep = "{a: " * 40 + "1" + "}" * 40
    assert str(border.yaml_of(deep)).count("{") == 40


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"value": NaN}', "NaN"),
        ('{"value": -Infinity}', "-Infinity"),
        ("[1e400]", "1e400"),
        ("9" * 5000, "999"),
        ('"\\ud800"', "Unicode"),
        ('{"a": "\\udfff"}', "Unicode"),
        ("[" * 100_000, "Recursion"),
        ('{"value": 1, "value": 2}', "value"),
        ("{", "Expecting"),
        ("", "Expecting"),
    ],
)
def test_json_that_holds_no_value_is_told(text, words):
    assert words in str(refusal(border.json_of, text, Where("版本.json")))


def test_json_lines_are_told_by_their_line(tmp_path):
    path = tmp_path / "段.jsonl"
    path.write_text('{"id": "1", "text": "甲\u2028乙"}\n\n{"id": \n', encoding="utf-8")
    lines = border.json_lines(path)
    assert next(lines) == (Where("段.jsonl", row=1), {"id": "1", "text": "甲\u2028乙"})
    assert refusal(next, lines).where.row == 3
    assert border.json_of('"\\u4e2d\\ud83d\\ude00"') == "中😀"


@pytest.mark.parametrize("read", [border.text_of, border.csv_rows, border.json_file])
def test_text_of_another_encoding_is_told_with_its_line(read, tmp_path):
    path = tmp_path / "places.csv"
    path.write_bytes("place,name_zh\n330106,西湖区\n".encode("gbk"))
    error = refusal(read, path)
    assert error.where == Where("places.csv", row=2) and "GBK" in error.zh
    path.write_bytes(b"\xff\xfe")
    assert refusal(read, path).where.row == 1
    refusal(read, tmp_path)
    refusal(read, tmp_path / "nothing.csv")


def test_rows_of_csv_have_the_line_they_end_on(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'\xef\xbb\xbfa,b\n1,"x\ny"\n2\n3,4,5\n')
    header, rows = border.csv_rows(path)
    assert header == ["a", "b"]
    assert rows == [
        (3, {"a": "1", "b": "x\ny"}),
        (4, {"a": "2", "b": None}),
        (5, {"a": "3", "b": "4", None: ["5"]}),
    ]
    path.write_text("a\n" + "x" * 200_000, encoding="utf-8")
    assert "field" in str(refusal(border.csv_rows, path))


@pytest.mark.parametrize("text", ["cn", "local-330106", "330106-2025-2030", "A_1"])
def test_an_id_that_names_a_folder(text):
    assert border.checked_id(text) == text


BAD_IDS = ["", ".", "..", "x/../../../victim", "a/b", "a\\b", "/etc", "a\x00", "a\n", "-a", "a.b"]


@pytest.mark.parametrize("text", [*BAD_IDS, "武隆", 5, None, "a" * 81, "C:", "~", "a b", ["a"]])
def test_an_id_that_would_lead_elsewhere(text):
    refusal(border.checked_id, text)


def zipped(tmp_path, members, name="b.zip"):
    """An archive of these members at a path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members:
            archive.writestr(member, content)
    (tmp_path / name).write_bytes(out.getvalue())
    return tmp_path / name


def read_all(path):
    with border.opened_zip(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_is_read_and_one_that_swells_is_not(tmp_path, monkeypatch):
    path = zipped(tmp_path, [("a", b"x" * 100_000), ("b", b"y")])
    assert read_all(path) == {"a": b"x" * 100_000, "b": b"y"}
    monkeypatch.setattr(border, "MAX_SWOLLEN", 1000)
    assert "过大" in str(refusal(read_all, path))


def test_a_member_that_stands_twice_is_refused(tmp_path):
    assert "'a'" in str(refusal(read_all, zipped(tmp_path, [("a", b"1"), ("b", b""), ("a", b"2")])))


def test_every_flipped_byte_of_an_archive_is_read_or_refused(tmp_path):
    sound = bytearray(zipped(tmp_path, [("a", b"abc" * 50)]).read_bytes())
    path = tmp_path / "flipped.zip"
    refusals = 0
    for at in range(len(sound)):
        for mask in (0x01, 0x40, 0xFF):
            flipped = bytearray(sound)
            flipped[at] ^= mask
            path.write_bytes(flipped)
            try:
                read_all(path)
            except UnreadableFile:
                refusals += 1
    assert refusals > len(sound)
