"""A writer or reader process for the concurrency tests: says on its output what it has done, one
line a step.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.ledger.submissions import Ledger, Meta

BATCH_ROWS = 50
CHIEF = Actor("chief")


def batch(number: int) -> pa.Table:
    """A batch whose rows all carry its number, and whose values sum to 0 + 1 + … + 49."""
    return pa.table(
        {
            "batch": pa.array([number] * BATCH_ROWS, pa.int64()),
            "value": pa.array(range(BATCH_ROWS), pa.int64()),
        }
    )


def write(ledger: Ledger, actor: Actor, first: int, count: int) -> None:
    """Hand in and approve batches one after the other; ``ok N`` once N is approved."""
    for number in range(first, first + count):
        original = f"batch {number} of {actor.name}".encode()
        submission = ledger.submit("batches", batch(number), Meta(actor, file=original))
        print(f"submitted {number}", flush=True)
        ledger.record(submission.id, "approved", CHIEF)
        print(f"ok {number}", flush=True)


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
    """``writer.py FOLDER write ACTOR FIRST COUNT`` or ``writer.py FOLDER read TIMES``; messages of
    waiting go to stderr.
    """
    folder, verb, *rest = sys.argv[1:]
    say = partial(print, file=sys.stderr, flush=True)
    with Ledger.open(Path(folder), read_only=verb == "read", on_wait=say) as ledger:
        if verb == "write":
            write(ledger, Actor(rest[0]), int(rest[1]), int(rest[2]))
        else:
            read(ledger, int(rest[0]))


if __name__ == "__main__":
    main()
