"""A catalogue in a file stays open while its ledger is: its log is not put away and made anew
between two readers, who would wait for it; and nothing else is held on to.
"""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from hengtan.basis.actor import Actor
from hengtan.ledger.lake import CATALOGUE, StorageError
from hengtan.ledger.submissions import Ledger, Meta

CLERK = Actor("clerk")
SIDES = ("-wal", "-shm")
posix_only = pytest.mark.skipif(os.name != "posix", reason="files are told apart by their number")


def hand_in(ledger: Ledger, number: int) -> None:
    values = pa.table({"value": pa.array([number], pa.int64())})
    ledger.submit("batches", values, Meta(CLERK, file=str(number).encode()))


def sides(ledger: Ledger) -> list[Path]:
    return [ledger.folder / f"{CATALOGUE}{side}" for side in SIDES]


@posix_only
def test_the_log_stays_the_same_one_while_others_read_and_write(ledger: Ledger) -> None:
    """Without a connection that stays the files are deleted by whoever is the last to close one."""
    before = [file.stat().st_ino for file in sides(ledger)]
    with Ledger.open(ledger.folder) as other:
        hand_in(other, 1)
        assert other.head() == ledger.head()
    readers = [threading.Thread(target=ledger.verify) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    hand_in(ledger, 2)
    assert [file.stat().st_ino for file in sides(ledger)] == before


def test_the_log_is_put_away_when_the_last_ledger_closes(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "ledger") as first:
        hand_in(first, 1)
        with Ledger.open(first.folder) as second:
            hand_in(second, 2)
        assert all(file.exists() for file in sides(first))
    assert not any(file.exists() for file in sides(first))


def test_the_catalogue_alone_holds_what_was_committed(ledger: Ledger, tmp_path: Path) -> None:
    """Somebody copies the folder of a running program, without the files beside the catalogue."""
    for number in range(3):
        hand_in(ledger, number)
        copy = tmp_path / f"copy {number}"
        shutil.copytree(ledger.folder, copy, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
        with Ledger.open(copy) as copied:
            assert copied.head() == ledger.head() and copied.verify() == []


def test_the_log_does_not_grow_with_what_is_committed(ledger: Ledger) -> None:
    """Who holds on to a state of the catalogue keeps all that comes after it in the log: 20 steps
    would take ten times the place of two.
    """
    sizes = []
    for number in range(20):
        hand_in(ledger, number)
        ledger.current()
        sizes.append(sides(ledger)[0].stat().st_size)
    assert max(sizes) < 3 * max(sizes[:2])


def test_tables_that_were_dropped_take_no_memory(ledger: Ledger) -> None:
    """A connection that stays, with a transaction on the tables of the engine, would keep them."""

    def used() -> int:
        rows = ledger.query("select sum(memory_usage_bytes)::bigint as bytes from duckdb_memory()")
        return rows[0]["bytes"]

    before = used()
    ledger.register("large", pa.table({"n": pa.array(range(1_000_000), pa.int64())}))
    assert used() - before > 1_000_000
    hand_in(ledger, 1)  # asks the connection that stays to put the log into the catalogue
    with ledger.lake.cursor() as cur:
        cur.execute("drop table memory.main.large")
    assert used() - before < 500_000


def test_who_reads_has_no_connection_that_may_write(ledger: Ledger) -> None:
    hand_in(ledger, 1)
    with pytest.raises(StorageError, match="read-only"):
        ledger.lake.cursor().execute("delete from lake.submissions")
    assert len(ledger.submissions()) == 1 and ledger.verify() == []
