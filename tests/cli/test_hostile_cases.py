"""Hostile and damaged files at the verb that reads them: an answer or one clear line, nothing left.

The files stand under ``cases/hostile``: h, t and l are documents and records of plans, j editions,
o and x workbooks, r backups, y cases of rules.
"""

import shutil
from pathlib import Path

import pytest

HOSTILE = Path(__file__).parent / "cases" / "hostile"
FILES = sorted(path.name for path in HOSTILE.iterdir() if path.is_file())
VERBS = {
    "h": ("plan", "read"),
    "t": ("plan", "read"),
    "o": ("check", "balance"),
    "x": ("check", "balance"),
    "y": ("calc",),
}


def is_one_line(code, said):
    """Whether a verb answered, or refused in lines of its own without an internal error."""
    assert "内部错误" not in said and "Traceback" not in said
    return code == 0 or (code == 1 and "错误" in said)


@pytest.mark.parametrize("name", [name for name in FILES if name[0] in VERBS])
def test_a_hostile_file_is_answered_in_one_line(hengtan, name):
    code, out, err = hengtan(*VERBS[name[0]], HOSTILE / name)
    assert is_one_line(code, out + err)


@pytest.mark.parametrize("name", [name for name in FILES if name[0] == "l"])
def test_hostile_records_are_answered_in_one_line(hengtan, tmp_path, name):
    to = tmp_path / "answers.jsonl"
    code, out, err = hengtan("plan", "read", "--jsonl", HOSTILE / name, "--out", to)
    assert is_one_line(code, out + err)
    assert code == 0 or not to.exists()


@pytest.mark.parametrize("name", [name for name in FILES if name[0] == "j"])
def test_a_hostile_edition_is_answered_in_one_line(hengtan, name):
    code, out, err = hengtan("plan", "diff", HOSTILE / name, HOSTILE / name)
    assert is_one_line(code, out + err)


def test_brackets_without_end_in_a_record_are_refused_in_one_line(hengtan, tmp_path):
    path = tmp_path / "l_deep.jsonl"
    path.write_text('{"id":' + "[" * 100_000, encoding="utf-8")
    to = tmp_path / "answers.jsonl"
    code, out, err = hengtan("plan", "read", "--jsonl", path, "--out", to)
    assert code == 1 and is_one_line(code, out + err)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".zip")])
def test_a_changed_backup_leaves_nothing_and_nothing_beside_it(hengtan, tmp_path, name):
    shutil.copy(HOSTILE / name, tmp_path / name)
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim" / "kept").write_text("kept")
    code, out, err = hengtan("restore", tmp_path / name, tmp_path / "home" / "ws")
    assert is_one_line(code, out + err)
    assert (tmp_path / "victim" / "kept").read_text() == "kept"
    if code:
        assert not (tmp_path / "home" / "ws").exists()


def test_a_hostile_pack_is_refused_by_its_check(hengtan, workspace):
    home = workspace.folder / "packs" / "evil"
    shutil.copytree(HOSTILE / "packs", home)
    (home / "forms").mkdir()
    (home / "f.yaml").rename(home / "forms" / "f.yaml")
    code, out, err = hengtan("packs", "check", "-w", workspace.folder)
    assert code == 1 and is_one_line(code, out + err)
