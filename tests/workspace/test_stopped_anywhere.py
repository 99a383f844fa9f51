"""Verbs that write beside the ledger, stopped or refused at every file operation they make.

A child process runs the verb; at its k-th operation on a file of the workspace it is killed, or the
operation is refused as on a full disk. The workspace must then open, hold what it held before or
what the verb makes, and the verb tried again must make what it makes undisturbed.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from hengtan.basis import whole_folders
from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError
from hengtan.desk import plan_editions
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.desk.plan_review import Confirmed, accept_all
from hengtan.desk.upkeep import check_packs, check_records
from hengtan.workspace import Workspace
from hengtan.workspace.safekeeping import back_up, restore

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
REVIEWER = Actor("审核员")
FIRST = "# 某市绿色转型方案\n\n到2027年，森林覆盖率达到55%以上，新建充电桩1000个。\n"
SECOND = "# 某市循环经济方案\n\n到2030年，森林覆盖率达到60%以上。\n"
STRIDE = 1 if os.environ.get("HENGTAN_THOROUGH") else 6
"""Every so many of the operations; each of them where thoroughness is asked for."""
WRITES = ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "shutil.move", "shutil.copyfile")


def stopped_at(number: int, how: str, folder: Path, verb) -> int:
    """Run a verb in a child whose k-th file operation under a folder is its last, or is refused.

    0: it has fewer operations; 1: it ended with an error; 2: it went on without what was refused;
    9: it was killed.
    """
    child = os.fork()
    if child == 0:
        count = 0

        def watch(event: str, arguments: tuple) -> None:
            nonlocal count
            if not _writes(event, arguments) or not str(arguments[0]).startswith(str(folder)):
                return
            count += 1
            if count == number:
                if how == "killed":
                    os._exit(9)
                raise OSError(errno.ENOSPC, "No space left on device", str(arguments[0]))

        sys.addaudithook(watch)
        try:
            verb()
        except BaseException:
            os._exit(1)
        os._exit(0 if count < number else 2)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def _writes(event: str, arguments: tuple) -> bool:
    if event == "open":
        return isinstance(arguments[2], int) and bool(
            arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
    return event in WRITES and not (event == "os.mkdir" and Path(arguments[0]).is_dir())


def state(folder: Path) -> str:
    """The plans and targets that a workspace rests on; all of it sound."""
    with Workspace.open(folder) as workspace:
        assert check_records(workspace) == []
        assert [f for f in check_packs(folder) if f.level == "error"] == []
        rows = [sorted(map(repr, workspace.pack.rows(t))) for t in ("plans", "targets")]
    return json.dumps(rows, ensure_ascii=False).replace(str(folder), "")


def add(home: Path) -> None:
    with Workspace.open(home / "ws") as workspace:
        plan_editions.add_plan(workspace, home / "second.md")


def issue(home: Path) -> None:
    with Workspace.open(home / "ws") as workspace:
        (plan,) = [path.name for path in (home / "ws" / "plans").iterdir()]
        plan_editions.issue(workspace, plan, REVIEWER, confirmed=Confirmed("方案", 2025, 2026))


def accept(home: Path) -> None:
    with Workspace.open(home / "ws") as workspace:
        (plan,) = [path.name for path in (home / "ws" / "plans").iterdir()]
        accept_all(workspace, plan, REVIEWER, least=0)


def new(home: Path) -> None:
    document = PlanDocument(home / "first.md", 2025)
    new_workspace(home / "ws", "330106", plan=document).close()


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    """A workspace with a plan, accepted but not issued."""
    home = tmp_path_factory.mktemp("start")
    (home / "first.md").write_text(FIRST, encoding="utf-8")
    (home / "second.md").write_text(SECOND, encoding="utf-8")
    (home / "none").mkdir()
    for name in ("first.md", "second.md"):
        shutil.copyfile(home / name, home / "none" / name)
    new(home)
    accept(home)
    return home


@pytest.mark.parametrize("how", ["killed", "refused"])
@pytest.mark.parametrize("verb", [add, issue])
def test_a_plan_is_as_before_or_as_the_verb_makes_it(start, tmp_path, monkeypatch, verb, how):
    monkeypatch.setattr(whole_folders, "IN_BETWEEN", 0)
    home = tmp_path / "home"
    shutil.copytree(start, home)
    before = state(home / "ws")
    stopped = 0
    for number in range(1, 200, STRIDE):
        # each time from the beginning
        shutil.rmtree(home)
        shutil.copytree(start, home)
        ended = stopped_at(number, how, home / "ws", lambda: verb(home))
        if ended == 0:
            break
        stopped += 1
        assert ended == 9 if how == "killed" else ended in (1, 2), number
        middle = state(home / "ws")
        try:
            verb(home)
        except HengtanError as error:
            assert "已作为规划" in str(error), error
        after = state(home / "ws")
        assert middle in (before, after), number
        assert after.count("target_id") == before.count("target_id") + (verb is add), number
    assert stopped > 2 and ended == 0


@pytest.mark.parametrize("how", ["killed", "refused"])
def test_a_new_workspace_that_was_stopped_can_be_made_again(start, tmp_path, how):
    stopped = 0
    for number in range(1, 400, 2 * STRIDE):
        home = tmp_path / str(number)
        shutil.copytree(start / "none", home)
        ended = stopped_at(number, how, home, lambda home=home: new(home))
        if ended == 0:
            break
        stopped += 1
        assert not (home / "ws").exists() or state(home / "ws"), "whole, or not there"
        if not (home / "ws").exists():
            new(home)
        assert state(home / "ws").count("target_id") == 2
    assert stopped > 2 and ended == 0


@pytest.mark.parametrize("how", ["killed", "refused"])
def test_a_backup_that_was_stopped_is_whole_or_not_there(start, tmp_path, how):
    def verb() -> None:
        with Workspace.open(start / "ws") as workspace:
            back_up(workspace, tmp_path / "to" / "backup.zip")

    for number in range(1, 200):
        ended = stopped_at(number, how, tmp_path / "to", verb)
        if ended == 0:
            break
        if (tmp_path / "to" / "backup.zip").exists():  # whole, then
            restore(tmp_path / "to" / "backup.zip", tmp_path / f"again{number}")
            (tmp_path / "to" / "backup.zip").unlink()
    assert ended == 0 and number > 2
    assert (tmp_path / "to" / "backup.zip").exists()
