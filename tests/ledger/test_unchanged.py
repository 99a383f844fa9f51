"""Whoever asks for the register again is answered from what was read, and never from what was
overtaken; its key in force is that of rows that count.
"""

from __future__ import annotations

import os
import threading

import pytest

from hengtan.basis.actor import Actor
from hengtan.ledger.unchanged import SETTLED, mark_of

CLERK = Actor("审核")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the time of an open file is noted late")
FOREST = {"place": "500156", "indicator": "forest_cover", "period": "2025", "unit": "%"}


def row(value):
    return FOREST | {"value": value, "source_title": "年报"}


def settle(file, clock):
    """As if it had been written a while ago."""
    os.utime(file, (clock, clock))


def test_a_file_has_a_mark_when_it_was_not_just_written(tmp_path):
    catalogue = tmp_path / "catalogue.sqlite"
    assert mark_of(None) is None and mark_of(catalogue) is None
    catalogue.write_bytes(b"one")
    assert mark_of(catalogue) is None  # a second write could bear the same time
    settle(catalogue, 1_000.0)
    first = mark_of(catalogue)
    log = tmp_path / "catalogue.sqlite-wal"
    log.touch()
    assert first is not None and mark_of(catalogue) == first  # a reader's log is empty
    log.write_bytes(b"a step")
    settle(log, 1_000.0 + 2 * SETTLED)
    assert mark_of(catalogue) not in (None, first)


def test_steps_of_others_are_seen_whenever_they_are_taken(workspace, report):
    with workspace.another() as other:
        for number in range(4):
            heads = {other.ledger.head() for _ in range(3)}
            report(workspace, "indicator_values", [row(60.0 + number)])
            assert other.ledger.head() == workspace.ledger.head() not in heads


def test_all_who_ask_at_once_have_the_newest(workspace, report):
    with workspace.another() as other:
        other.ledger.head()
        report(workspace, "indicator_values", [row(61.0)])
        heads = []
        asking = [
            threading.Thread(target=lambda: heads.append(other.ledger.head())) for _ in range(4)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert heads == [workspace.ledger.head()] * 4


def test_the_key_in_force_changes_with_rows_that_count(workspace, report):
    ledger = workspace.ledger
    start = ledger.key_in_force()
    waiting = report(workspace, "indicator_values", [row(61.0)], approve=False)
    assert ledger.key_in_force() == start != ledger.head()
    ledger.record(waiting, "returned", CLERK, "请核对")
    assert ledger.key_in_force() == start
    approved = report(workspace, "indicator_values", [row(62.0)])
    then = ledger.key_in_force()
    assert then == ledger.head() != start
    report(workspace, "indicator_values", [row(63.0)], approve=False)
    with workspace.another() as other:  # the same for who reads the whole chain
        assert ledger.key_in_force() == then == other.ledger.key_in_force()
    ledger.record(approved, "withdrawn", CLERK, "有误")
    assert ledger.key_in_force() == ledger.head() != then
