"""A writer or reader process for the concurrency tests: says on its output what it has done, one
line a step.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.ledger.gathering import GatheringWriter
from hengtan.ledger.submissions import Ledger, Meta

BATCH_ROWS, THREADS = 50, 4
CHIEF = Actor("chief")


def batch(number: int) -> pa.Table:
    """A batch whose rows all carry its number, and whose values sum to 0 + 1 + … + 49."""
    return pa.table(
        {
            "batch": pa.array([number] * BATCH_ROWS, pa.int64()),
            "value": pa.array(range(BATCH_ROWS), pa.int64()),
        }
    )


def write_one(ledger: Ledger | GatheringWriter, actor: Actor, number: int) -> None:
    """Hand in and approve a batch; ``ok N`` once N is approved."""
    original = f"batch {number} of {actor.name}".encode()
    submission = ledger.submit("batches", batch(number), Meta(actor, file=original))
    say(f"submitted {number}")
    ledger.record(submission.id, "approved", CHIEF)
    say(f"ok {number}")


def say(words: str) -> None:
    """A line on the output, whole."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def write(ledger: Ledger, actor: Actor, first: int, count: int) -> None:
    """Batches one after the other."""
    for number in range(first, first + count):
        write_one(ledger, actor, number)


def gather(ledger: Ledger, actor: Actor, first: int, count: int) -> None:
    """Batches of several threads, brought together."""
    with GatheringWriter(ledger) as writer, ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(partial(write_one, writer, actor), range(first, first + count)))


def read(ledger: Ledger, times: int) -> None:
    """Look ``times`` times; every look must see whole batches only, and never fewer than the look
    before.
    """
    before = 0
    for _ in range(times):
        view = ledger.effective("batches", schema=batch(0).schema)
        rows = ledger.query(
            f"select batch, count(*) as n, sum(value) as s from {view} group by batch"
        )
        assert all((r["n"], r["s"]) == (BATCH_ROWS, sum(range(BATCH_ROWS))) for r in rows), rows
        assert len(rows) >= before, (before, len(rows))
        before = len(rows)
        print(f"saw {before}", flush=True)


def main() -> None:
    """``writer.py FOLDER write|gather ACTOR FIRST COUNT`` or ``writer.py FOLDER read TIMES``;
    messages of waiting go to stderr.
    """
    folder, verb, *rest = sys.argv[1:]
    tell = partial(print, file=sys.stderr, flush=True)
    with Ledger.open(Path(folder), read_only=verb == "read", on_wait=tell) as ledger:
        if verb == "read":
            read(ledger, int(rest[0]))
        else:
            do = write if verb == "write" else gather
            do(ledger, Actor(rest[0]), int(rest[1]), int(rest[2]))


if __name__ == "__main__":
    main()
