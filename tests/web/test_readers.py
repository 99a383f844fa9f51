"""Readers in processes of their own answer like those of this process; none is left behind."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest
from asked_of_readers import ends_its_process, one_by, process_of, title_of

from hengtan.basis.errors import Finding, HengtanError, NoSuchRow, ParameterNotEstablished, Where
from hengtan.desk.accounts import explain
from hengtan.desk.tables import sorted_rows
from hengtan.web.readers import Readers
from hengtan.workspace.apart import OneWorkspace, ReaderEnded
from hengtan.workspace.config import write_settings

PATIENCE = 60.0
FOREST = {"place": "500156", "indicator": "forest_cover", "period": "2025"}
BEGINS_AND_WAITS = """
import sys, time
from pathlib import Path
from hengtan.workspace.apart import WorkspaceApart
reader = WorkspaceApart(Path(sys.argv[1]))
reader.begin()
print(reader.pid, flush=True)
time.sleep(600)
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="kill -9")


def within(seconds, is_so):
    """Whether something came to be so in time."""
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    return is_so()


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def reported(workspace, report):
    """A workspace with one row of a form."""
    row = FOREST | {"unit": "%", "value": 68.2, "source_title": "年报"}
    report(workspace, "indicator_values", [row])
    return workspace


@pytest.fixture
def apart(reported):
    """Readers whose first process is there."""
    readers = Readers(reported)
    readers.move_apart()
    assert readers.ask(process_of) == os.getpid()  # until then this process answers
    assert within(PATIENCE, readers.pids)
    yield readers
    readers.close()


@posix
def test_a_process_answers_like_this_one_and_a_killed_one_is_followed_by_another(apart, reported):
    here = Readers(reported)
    questions = (
        (sorted_rows, "indicator_values", {}),
        (explain, "indicator_values", FOREST),
    )
    for question, *arguments in questions:
        assert apart.ask(question, *arguments) == here.ask(question, *arguments)
    here.close()

    unknown = FOREST | {"place": "999999"}
    with pytest.raises(NoSuchRow) as at_first_hand:
        explain(reported, "indicator_values", unknown)
    with pytest.raises(NoSuchRow) as from_process:
        apart.ask(explain, "indicator_values", unknown)
    assert str(from_process.value) == str(at_first_hand.value)
    assert from_process.value.as_dict() == at_first_hand.value.as_dict()
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        apart.ask(one_by, 0)
    with pytest.raises((pickle.PicklingError, AttributeError)):
        apart.ask(lambda workspace: None)

    (first,) = apart.pids()
    assert apart.ask(process_of) == first != os.getpid()
    os.kill(first, signal.SIGKILL)
    second = apart.ask(process_of)
    assert apart.pids() == [second] and second != first
    apart.close()
    assert not apart.pids() and not is_there(first) and not is_there(second)
    assert apart.ask(process_of) == os.getpid()


def test_a_question_that_ends_every_process_is_refused_and_others_are_answered(apart):
    with pytest.raises(ReaderEnded, match="读取进程中途退出"):
        apart.ask(ends_its_process)
    assert apart.ask(process_of) in apart.pids()


def test_whoever_is_answered_when_readers_are_closed_hears_of_it(apart):
    heard = []

    def ask():
        try:
            apart.ask(process_of, PATIENCE)
        except ReaderEnded as ended:
            heard.append(ended)

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    (pid,) = apart.pids()
    apart.close()
    for thread in asking:
        thread.join(PATIENCE / 2)
    assert len(heard) == 2 and not is_there(pid)


def test_settings_and_packs_are_read_anew_when_the_packs_are_others(workspace):
    reader, settings = OneWorkspace(workspace.another()), workspace.settings
    assert reader.ask("1", title_of) == settings.title_zh
    write_settings(workspace.folder, replace(settings, title_zh="改名的区"))
    assert [reader.ask(packs, title_of) for packs in "12"] == [settings.title_zh, "改名的区"]
    reader.workspace.close()


@posix
def test_no_process_is_left_when_the_one_that_asks_is_killed(workspace):
    asks = subprocess.Popen(
        [sys.executable, "-c", BEGINS_AND_WAITS, str(workspace.folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    pid = int(asks.stdout.readline())
    assert is_there(pid)
    asks.kill()
    asks.communicate()
    assert within(PATIENCE, lambda: not is_there(pid))


@pytest.mark.parametrize(
    "error",
    [
        HengtanError(
            "错", "wrong", where=Where("甲.xlsx", "表", 3, "数值"), todo="改", todo_en="mend"
        ),
        ParameterNotEstablished.of([Finding("error", "没有", "none", code="x")]),
        ReaderEnded(),
    ],
)
def test_a_refusal_is_the_same_after_a_journey(error):
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error) and str(arrived) == str(error)
    assert arrived.as_dict() == error.as_dict() and arrived.findings == error.findings
