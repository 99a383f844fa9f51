"""An approval on the command line has the first pages worked out by a child that takes no lock."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import SimpleNamespace

import filelock
import pytest

from hengtan.basis.actor import Actor
from hengtan.cli import preparing
from hengtan.desk.evidence import step
from hengtan.desk.status import status_view
from hengtan.workspace.asof import AsOf

FIRST_PAGE = ("plan_progress", "plan_series", "plan_candidates", "plan_bases")


@pytest.fixture
def started(monkeypatch):
    """The commands of the children that would be started."""
    commands = []
    monkeypatch.setattr(
        subprocess, "Popen", lambda command, **options: commands.append((command, options))
    )
    return commands


def approve(workspace, report):
    row = {"place": "500156", "indicator": "forest_cover", "period": "2025", "unit": "%"}
    report(workspace, "indicator_values", [row | {"value": 68.2}], approve=False)
    (submission,) = workspace.ledger.submissions()
    step(workspace, submission["submission"], "approved", Actor("乙"))


def tables_kept(folder):
    return {path.name.rpartition("-")[0] for path in (folder / "cache").glob("*.parquet")}


def test_what_the_first_page_asks_is_kept_and_not_worked_out_again(workspace, report, monkeypatch):
    approve(workspace, report)
    assert preparing.prepare(workspace.folder)
    assert set(FIRST_PAGE) <= tables_kept(workspace.folder)

    def refuse(*_):
        raise AssertionError("worked out again")

    monkeypatch.setattr(type(workspace.graph(AsOf.of())), "execute", refuse)
    targets = {row["target_id"]: row for row in status_view(workspace)["targets"]}
    assert targets["wl-forest-cover-2025"]["latest_value"] == 68.2


def test_it_is_done_while_a_writer_holds_the_ledger_and_once_at_a_time(workspace, report):
    approve(workspace, report)
    writer = filelock.FileLock(str(workspace.ledger.folder / ".writer.lock"))
    with writer:
        assert preparing.prepare(workspace.folder)
    with filelock.FileLock(str(workspace.folder / "cache" / ".preparing.lock")):
        assert not preparing.prepare(workspace.folder)


@pytest.mark.parametrize(
    ("asked", "is_terminal", "starts"),
    [
        ("", True, True),
        ("", False, False),
        ("yes", False, True),
        ("no", True, False),
    ],
)
def test_a_child_is_started_where_somebody_waits(
    started, monkeypatch, tmp_path, asked, is_terminal, starts
):
    monkeypatch.setenv(preparing.ASKED, asked)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: is_terminal))
    preparing.prepare_in_background(SimpleNamespace(folder=tmp_path))
    assert len(started) == starts
    for command, options in started:
        assert command == [sys.executable, "-m", "hengtan.cli.preparing", str(tmp_path)]
        assert options["stdout"] == options["stderr"] == subprocess.DEVNULL
        assert options.get("start_new_session") or options.get("creationflags")


def test_a_child_that_cannot_be_started_or_finds_nothing_is_no_error(monkeypatch, tmp_path):
    def refuse(*_, **__):
        raise OSError("no more processes")

    monkeypatch.setenv(preparing.ASKED, "yes")
    monkeypatch.setattr(subprocess, "Popen", refuse)
    preparing.prepare_in_background(SimpleNamespace(folder=tmp_path))
    monkeypatch.setattr(preparing.os, "nice", lambda step: None, raising=False)
    preparing.main(str(tmp_path / "nowhere"))
    clocks = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    assert all(clock.finished.is_set() for clock in clocks)
