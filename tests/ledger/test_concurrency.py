"""Writers that are killed and many processes at once: nothing acknowledged is lost, nothing is
there in part.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from hengtan.ledger.about import CATALOGUE_VARIABLE
from hengtan.ledger.submissions import Ledger

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("writer.py")
ROUNDS, THREADS = 6, 4
BATCH_ROWS, BATCH_SUM = 50, 1225  # values 0..49: 49 * 50 / 2


def start(ledger: Ledger, *words: str) -> subprocess.Popen[str]:
    environment = dict(os.environ)
    if ledger.lake.catalogue:
        environment[CATALOGUE_VARIABLE] = ledger.lake.catalogue
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(ledger.folder), *words],
        env=environment,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def whole_batches(ledger: Ledger, view: str) -> Counter[int]:
    """How often each batch is there; fails when one is there in part."""
    rows = ledger.query(
        f"select _submission, batch, count(*) as n, sum(value) as s from {view} group by all"
    )
    assert [(r["n"], r["s"]) for r in rows] == [(BATCH_ROWS, BATCH_SUM)] * len(rows)
    return Counter(r["batch"] for r in rows)


def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(any_ledger: Ledger) -> None:
    chance = random.Random(20260101)
    submitted: list[int] = []
    approved: list[int] = []
    for turn in range(ROUNDS):
        verb = ("write", "gather")[turn % 2]
        child = start(any_ledger, verb, f"writer{turn}", str(turn * 1000), "1000")
        assert child.stdout is not None
        said = [child.stdout.readline()]
        assert said[0].startswith("submitted"), child.stderr.read() if child.stderr else ""
        time.sleep(chance.uniform(0.0, 1.2))
        child.kill()
        rest, _ = child.communicate()
        words = [line.split() for line in [*said, *rest.splitlines()] if len(line.split()) == 2]
        submitted += [int(n) for word, n in words if word == "submitted"]
        approved += [int(n) for word, n in words if word == "ok"]
    assert len(submitted) >= ROUNDS
    assert any_ledger.verify() == []
    everything = whole_batches(any_ledger, any_ledger.all_rows("batches"))
    counting = whole_batches(any_ledger, any_ledger.effective("batches"))
    assert set(submitted) <= set(everything)
    assert set(approved) <= set(counting)
    assert set(everything.values()) | set(counting.values()) <= {1}
    # a killed writer, or each thread of one, can have finished one step it had no time to tell of
    assert len(everything) - len(submitted) <= ROUNDS // 2 * (1 + THREADS)
    any_ledger.sweep()
    known = {s["file_sha256"] for s in any_ledger.submissions()}
    assert {p.name for p in (any_ledger.folder / "files").iterdir()} == known
    stored = {
        p
        for t in any_ledger.lake.tables(any_ledger.lake.cursor())
        for p in any_ledger.lake.files_of(t)
    }
    assert set((any_ledger.folder / "lake").rglob("*.parquet")) == stored
    assert any_ledger.verify() == []
    assert whole_batches(any_ledger, any_ledger.all_rows("batches")) == everything


def test_two_writers_and_three_readers_at_once(any_ledger: Ledger) -> None:
    writers = [
        start(any_ledger, "write", name, first, "12") for name, first in (("a", "0"), ("b", "1000"))
    ]
    readers = [start(any_ledger, "read", "20") for _ in range(3)]
    waiting = ""
    for process in [*writers, *readers]:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert out
        waiting += err
    assert all("等待中" in line for line in waiting.splitlines()), waiting
    expected = {n: 1 for first in (0, 1000) for n in range(first, first + 12)}
    assert whole_batches(any_ledger, any_ledger.effective("batches")) == expected
    assert any_ledger.verify() == []


def test_a_reader_that_is_in_the_middle_of_a_look_does_not_stop_a_writer(
    any_ledger: Ledger,
) -> None:
    slow = any_ledger.lake.cursor()
    slow.execute("begin")
    assert slow.execute("select count(*) from lake.submissions").fetchall() == [(0,)]
    writer = start(any_ledger, "write", "a", "0", "1")
    try:
        out, err = writer.communicate(timeout=120)
    finally:
        writer.kill()
    assert (out.split(), err) == (["submitted", "0", "ok", "0"], "")
    assert slow.execute("select count(*) from lake.submissions").fetchall() == [(0,)]
    slow.execute("commit")
    assert slow.execute("select count(*) from lake.submissions").fetchall() == [(1,)]


@pytest.mark.postgres
def test_the_password_of_the_server_is_in_no_file(tmp_path: Path, postgres: str) -> None:
    address = postgres.replace("hengtan@", "hengtan:unlikely-word@")
    assert "unlikely-word" in address
    with Ledger.create(tmp_path / "ledger", address) as ledger:
        assert not [
            p for p in tmp_path.rglob("*") if p.is_file() and b"unlikely-word" in p.read_bytes()
        ]
        ledger.lake.drop_schema()
