"""Folders take each other's place whole, or not at all, wherever the writer is stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hengtan.basis import whole_folders
from hengtan.basis.whole_folders import mend, unfinished, whole_folder

OLD, NEW = {"a.txt": "old"}, {"a.txt": "new", "sub/b.txt": "two"}


def fill(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def content(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


@pytest.fixture
def target(tmp_path) -> Path:
    fill(tmp_path / "parent" / "pack", OLD)
    return tmp_path / "parent" / "pack"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(whole_folders, "IN_BETWEEN", 0)


def test_the_new_folder_takes_the_place_of_the_old(target):
    with whole_folder(target) as staged:
        fill(staged, NEW)
        assert content(target) == OLD
    assert content(target) == NEW and unfinished(target) == []


def test_a_first_folder_and_an_empty_one_are_made(tmp_path):
    for name in ("first", "empty"):
        with whole_folder(tmp_path / name) as staged:
            fill(staged, NEW)
        assert content(tmp_path / name) == NEW
        (tmp_path / "empty").mkdir(exist_ok=True)


def test_a_failure_leaves_the_old_and_nothing_else(target):
    with pytest.raises(ValueError, match="bad row"), whole_folder(target) as staged:
        fill(staged, NEW)
        raise ValueError("bad row")
    assert content(target) == OLD and unfinished(target) == []


@pytest.mark.parametrize("refused", [1, 2])
def test_a_refused_rename_leaves_the_old(target, monkeypatch, refused):
    rename, count = Path.rename, [0]

    def refusing(self, to):
        count[0] += 1
        if count[0] == refused:
            raise PermissionError(13, "another program holds a file")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(PermissionError), whole_folder(target) as staged:
        fill(staged, NEW)
    assert content(target) == OLD and unfinished(target) == []


STOPPED = """
import os, sys
from pathlib import Path
from hengtan.basis.whole_folders import whole_folder
rename, count = Path.rename, [0]
def stopping(self, to):
    count[0] += 1
    if count[0] == int(sys.argv[2]):
        os._exit(9)
    return rename(self, to)
Path.rename = stopping
with whole_folder(Path(sys.argv[1])) as staged:
    (staged / "a.txt").write_text("new")
"""


@pytest.mark.parametrize("at_rename", [1, 2])
def test_what_a_killed_writer_left_is_put_right(target, at_rename):
    done = subprocess.run([sys.executable, "-c", STOPPED, str(target), str(at_rename)], check=False)
    assert done.returncode == 9 and unfinished(target)
    put_back = mend(target.parent)
    assert content(target) == OLD and put_back == ([target] if at_rename == 2 else [])
    for path in unfinished(target):
        # the new folder stays for a while: its writer may be at work
        os.utime(path, (time.time() - 7200,) * 2)
        for file in path.iterdir():
            os.utime(file, (time.time() - 7200,) * 2)
    mend(target.parent)
    assert unfinished(target) == [] and content(target) == OLD


def test_a_writer_killed_before_it_deleted_the_old_has_its_new_kept(target):
    aside = target.with_name(".pack.0123456789ab.old")
    fill(aside, {"a.txt": "older"})
    assert mend(target.parent) == [] and content(target) == OLD and not aside.exists()


def test_other_hidden_folders_are_nobodys_business(target):
    other = target.with_name(".git")
    other.mkdir()
    assert mend(target.parent) == [] and other.is_dir()
    assert mend(target.parent / "no such folder") == []
