"""Merging small files: no reader sees it, on both catalogues."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pyarrow as pa
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import LedgerTampered
from hengtan.ledger.submissions import Ledger, Meta

CLERK, CHIEF = Actor("clerk"), Actor("chief")
TABLES = ("submissions", "submission_events", "batches")
TIDY = """
import sys
from hengtan.ledger.submissions import Ledger
with Ledger.open(sys.argv[1], sys.argv[2] or None) as ledger:
    print(ledger.tidy(more_than=1))
"""


def hand_in(ledger: Ledger, number: int, rows: int = 20) -> None:
    values = pa.table({"value": pa.array(range(rows), pa.int64())})
    done = ledger.submit("batches", values, Meta(CLERK, file=str(number).encode()))
    ledger.record(done.id, "approved", CHIEF)


def merge_in_another_process(ledger: Ledger) -> str:
    address = ledger.lake.catalogue or ""
    done = subprocess.run(
        [sys.executable, "-c", TIDY, str(ledger.folder), address],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def counts(cur) -> dict[str, int]:
    return {
        table: cur.execute(f"select count(*) from lake.main.{table}").fetchall()[0][0]
        for table in TABLES
    }


WHOLE = {"submissions": 6, "submission_events": 12, "batches": 120}


def test_a_reader_that_began_before_the_merge_reads_on(any_ledger: Ledger) -> None:
    for number in range(6):
        hand_in(any_ledger, number)
    cur = any_ledger.lake.cursor()
    cur.execute("begin")
    # one table is read before, the others for the first time after the merge
    assert cur.execute("select count(*) from lake.main.submissions").fetchall() == [(6,)]
    assert "batches" in merge_in_another_process(any_ledger)
    merge_in_another_process(any_ledger)
    assert counts(cur) == WHOLE
    cur.execute("commit")
    assert counts(any_ledger.lake.cursor()) == WHOLE
    assert any_ledger.verify() == []
    any_ledger.refuse_incomplete()


def test_the_replaced_files_go_when_their_time_is_over(any_ledger: Ledger) -> None:
    for number in range(6):
        hand_in(any_ledger, number)
    any_ledger.tidy(more_than=1)
    files = any_ledger.folder / "lake" / "main" / "batches"
    assert len(list(files.iterdir())) == 7, "six for readers that began before, one for the rest"
    any_ledger.tidy(more_than=1, kept_for=timedelta())
    assert len(list(files.iterdir())) == 1
    assert counts(any_ledger.lake.cursor()) == WHOLE and any_ledger.verify() == []


def test_readers_beside_imports_and_merges_never_see_a_part(any_ledger: Ledger) -> None:
    hand_in(any_ledger, 0)
    over, wrong = threading.Event(), []

    def read() -> None:
        while not over.is_set():
            # a transaction at a time: its three counts belong to one state
            seen = any_ledger.lake.reading(counts)
            if seen["batches"] != 20 * seen["submissions"]:
                wrong.append(seen)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for number in range(1, 8):
            hand_in(any_ledger, number)
            if number % 3 == 0:
                merge_in_another_process(any_ledger)
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert wrong == [] and any_ledger.verify() == []


def test_rows_that_are_fewer_than_the_register_says_are_never_worked_with(
    any_ledger: Ledger,
) -> None:
    hand_in(any_ledger, 0)
    with any_ledger.lake.writing() as cur:
        cur.execute("delete from lake.main.batches where value < 5")
    with pytest.raises(LedgerTampered, match="batches 15 ≠ 20"):
        any_ledger.refuse_incomplete()
