"""A file is there whole or not at all."""

import json

import pytest

from hengtan.basis.whole_files import write_json, write_whole, writing


def test_text_bytes_and_json_are_written_and_folders_made(tmp_path):
    assert write_whole(tmp_path / "a" / "b.txt", "衡碳\n").read_bytes() == "衡碳\n".encode()
    assert write_whole(tmp_path / "c", b"\x00\xff").read_bytes() == b"\x00\xff"
    path = write_json(tmp_path / "d.json", {"市": [1, None]})
    assert json.loads(path.read_text("utf-8")) == {"市": [1, None]} and "市" in path.read_text(
        "utf-8"
    )


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = write_whole(tmp_path / "report.html", "old")
    with pytest.raises(OSError, match="no space"), writing(path) as out:
        out.write(b"ne")
        raise OSError("no space left")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_what_is_being_written_is_hidden_beside_the_target(tmp_path):
    with writing(tmp_path / ("长" * 60 + ".xlsx")) as out:
        out.write(b"x")
        (partial,) = tmp_path.iterdir()
        assert partial.name.startswith(".") and partial.suffix == ".part"
    assert [file.name for file in tmp_path.iterdir()] == ["长" * 60 + ".xlsx"]


def test_the_content_may_settle_the_name(tmp_path):
    with writing(tmp_path / "incoming", name=lambda: "ba78") as out:
        out.write(b"abc")
    assert [file.name for file in tmp_path.iterdir()] == ["ba78"]
