"""Readers of the ledger's catalogue at once, whose pages are not kept, beside one who hands in.

    python benchmarks/catalogue_readers.py [--threads 8] [--submissions 10000] [--seconds 10]

Each thread of one process asks the application again as soon as it has its answer: the queue of
review, what stands in a table, the list of submissions, where a row comes from. One more hands in a
row every half second. Figures: answers, and milliseconds until half, 95 of 100 and all were there.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import threading
import time
from pathlib import Path

import httpx
import pyarrow as pa
from measure import markdown
from queue_page import FORM, fill

from hengtan.basis.actor import Actor
from hengtan.ledger import Meta
from hengtan.web import Site, create_app
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

ASKED = (
    "/review",
    "/review?place=500101",
    "/api/v1/submissions?limit=50",
    f"/api/v1/tables/{FORM}?limit=50",
    "/sources",
)
WRITES_EVERY = 0.5


def measured(threads: int, submissions: int, seconds: float) -> dict[str, list[float]]:
    """Seconds of every answer, by address."""
    settings = Settings("测试市", "Test city", "500000", "chongqing")
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace.create(Path(folder) / "w", settings) as workspace,
    ):
        fill(workspace, submissions, submissions // 2)
        app = create_app(Site(workspace), writable=True, looks_every=0.1)
        transport = httpx.WSGITransport(app=app)
        taken: dict[str, list[float]] = {address: [] for address in ASKED}

        def ask(client: httpx.Client, address: str) -> None:
            began = time.perf_counter()
            answer = client.get(address)
            taken[address].append(time.perf_counter() - began)
            assert answer.status_code == 200, (address, answer.text[:300])

        first = httpx.Client(transport=transport, base_url="http://localhost")
        for address in ASKED:
            ask(first, address)
        for times in taken.values():
            times.clear()
        until = time.monotonic() + seconds

        def reader(turn: int) -> None:
            client = httpx.Client(transport=transport, base_url="http://localhost")
            for address in itertools.islice(itertools.cycle(ASKED), turn, None):
                if time.monotonic() > until:
                    return
                ask(client, address)

        def writer() -> None:
            form = workspace.form(FORM)
            row = pa.Table.from_pylist([dict.fromkeys(form.schema().names)], schema=form.schema())
            while time.monotonic() < until:
                app.writer.submit(form, row, Meta(Actor("填报"), place="500101"))
                time.sleep(WRITES_EVERY)

        works = [threading.Thread(target=reader, args=(n,)) for n in range(threads)]
        works.append(threading.Thread(target=writer))
        for work in works:
            work.start()
        for work in works:
            work.join()
        app.close()
        return taken


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--submissions", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    chosen = parser.parse_args()
    rows = []
    for address, times in measured(chosen.threads, chosen.submissions, chosen.seconds).items():
        waits = sorted(times)
        shares = (waits[len(waits) // 2], waits[int(len(waits) * 0.95)], waits[-1])
        rows.append((address, str(len(waits)), *(f"{1000 * s:.0f}" for s in shares)))
    print("\n".join(markdown(("address", "answers", "half, ms", "95 %, ms", "longest, ms"), rows)))


if __name__ == "__main__":
    main()
