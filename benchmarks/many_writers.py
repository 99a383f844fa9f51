"""Submissions a second: each in a transaction of its own, and brought together.

    python benchmarks/many_writers.py [--writers 64] [--each 10] [--repeat 3]

So many threads of one process hand in a file of one row so often, on a new ledger (SQLite), each
waiting until it is durable; first straight into the ledger, then through the gathering writer.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
from measure import Figures, Runs, markdown, measured

from hengtan.basis.actor import Actor
from hengtan.ledger.gathering import GatheringWriter
from hengtan.ledger.handing_in import Meta
from hengtan.ledger.submissions import Ledger

SCHEMA = pa.schema([("key", pa.string()), ("value", pa.float64())])
CLERK = Actor("benchmark")


def seconds_of_all(submit: Callable[..., Any], writers: int, each: int) -> Figures:
    """Seconds of the whole, and the longest that one submission took."""

    def writer(number: int) -> float:
        longest = 0.0
        for turn in range(each):
            key = f"{number}-{turn}"
            table = pa.table({"key": [key], "value": [1.0]}, schema=SCHEMA)
            started = time.perf_counter()
            submit("figures", table, Meta(CLERK, file=key.encode()))
            longest = max(longest, time.perf_counter() - started)
        return longest

    started = time.perf_counter()
    with ThreadPoolExecutor(writers) as threads:
        longest = max(threads.map(writer, range(writers)))
    seconds = time.perf_counter() - started
    return {"a_second": writers * each / seconds, "longest": longest}


def run(way: str, writers: int, each: int) -> Figures:
    """Figures of one way on a new ledger."""
    with tempfile.TemporaryDirectory() as folder, Ledger.create(Path(folder) / "ledger") as ledger:
        if way == "each by itself":
            figures = seconds_of_all(ledger.submit, writers, each)
        else:
            with GatheringWriter(ledger) as writer:
                figures = seconds_of_all(writer.submit, writers, each)
        assert len(ledger.current().records) == writers * each
        return figures


def main() -> None:
    """Both ways in turn, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=64)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--run")
    arguments = parser.parse_args()
    size = ("--writers", arguments.writers, "--each", arguments.each)
    if arguments.run:
        print(json.dumps(run(arguments.run, arguments.writers, arguments.each)))
        return
    runs = {way: Runs() for way in ("each by itself", "brought together")}
    for _ in range(arguments.repeat):
        for way, own in runs.items():
            own.append(measured("many_writers.py", "--run", way, *size))
    rows = [
        (
            way,
            f"{own.median('a_second'):.1f}",
            f"{own.median('longest'):.2f}",
            f"{own.most('peak_mb'):,.0f}",
        )
        for way, own in runs.items()
    ]
    print("\n".join(markdown(("way", "submissions a second", "longest, s", "peak MB"), rows)))


if __name__ == "__main__":
    main()
