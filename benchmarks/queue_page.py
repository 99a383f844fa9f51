"""The queue of review over a ledger that holds many submissions.

    python benchmarks/queue_page.py [--submissions 100000] [--waiting 100000]

The ledger is filled in one transaction (chain and rows as single steps would leave them). Figures:
milliseconds until the queue is ready at the start (in the background), of the first page then, of
the next pages, of the page after one more submission, of one person's place, and how often the page
is slower with so many than with 100.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
from measure import markdown

from hengtan.basis.actor import Actor
from hengtan.ledger import Meta
from hengtan.ledger.chain import Event, Record, digest_of, next_event
from hengtan.web import Site, create_app
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

FORM = "indicator_values"
BEGINNING = datetime(2026, 1, 1)
TIMES = 9


def fill(workspace: Workspace, number: int, waiting: int) -> None:
    """So many submissions of one row each, the last ``waiting`` of them to be reviewed."""
    ledger = workspace.ledger
    form = workspace.form(FORM)
    places = [place.code for place in workspace.pack.places() if place.kind == "district"]
    columns = [(name, str(kind)) for name, kind in form.columns().items()]
    first = pa.Table.from_pylist([dict.fromkeys(form.schema().names)], schema=form.schema())
    ledger.submit(form, first, Meta(Actor("填报"), place=places[0]))
    now = ledger.current()
    records: list[Record] = []
    events: list[Event] = []
    last = now.events[-1]
    for n in range(2, number + 1):
        record = Record(
            *(f"S{n:06d}", FORM, places[n % len(places)], f"填报{n % 500}", "file", None, None),
            *(None, False, None, None, 1, "empty", str(columns)),
            at=BEGINNING + timedelta(seconds=60 * n),
        )
        records.append(record)
        steps = ["submitted"] if n > number - waiting else ["submitted", "approved"]
        for step in steps:
            content = digest_of(record.content()) if step == "submitted" else None
            actor = record.actor if step == "submitted" else "审核"
            last = next_event(
                last, now.start, record.submission, step, actor, "", record.at, content
            )
            events.append(last)
    with ledger.lake.writing() as cur:
        ledger.lake.commit(cur, "fill", "fill", lambda: _insert(cur, places, records, events))


def _insert(cur: Any, places: list[str], records: list[Record], events: list[Event]) -> None:
    for table, things in (("submissions", records), ("submission_events", events)):
        cur.register("_things", pa.Table.from_pylist([asdict(thing) for thing in things]))
        names = ", ".join(f'"{name}"' for name in asdict(things[0]))
        cur.execute(f"insert into lake.main.{table} ({names}) select {names} from _things")
    rows = [{"_submission": r.submission, "_row": 1, "place": r.place} for r in records]
    cur.register("_things", pa.Table.from_pylist(rows))
    cur.execute(
        f"insert into lake.main.{FORM} (_submission, _row, place)"
        " select _submission, _row, place from _things"
    )


def median_ms(ask: Callable[[], object], times: int = TIMES) -> float:
    """Milliseconds of an answer, the median of some."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def measured(number: int, waiting: int) -> dict[str, float]:
    """The figures over a ledger of so many."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings("测试市", "Test city", "500000", "chongqing")
        with Workspace.create(Path(folder) / "w", settings) as workspace:
            fill(workspace, number, waiting)
            return _asked(workspace)


def _asked(workspace: Workspace) -> dict[str, float]:
    app = create_app(Site(workspace), writable=True)
    from hengtan.web.rooms.review.work_queue import keep_ready  # models need the application

    client = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://localhost")

    def ask(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text[-2000:]

    figures = {"ready at the start": median_ms(lambda: keep_ready(app), 1)}
    figures["first"] = median_ms(lambda: ask("/review"), 1)
    figures["again"] = median_ms(lambda: ask("/review"))
    figures["page 20"] = median_ms(lambda: ask("/review?page=20"))
    figures["one place"] = median_ms(lambda: ask("/review?place=500101"))
    form = workspace.form(FORM)
    table = pa.Table.from_pylist([dict.fromkeys(form.schema().names)], schema=form.schema())

    def after_a_step() -> float:
        workspace.ledger.submit(form, table, Meta(Actor("填报"), place="500101"))
        return median_ms(lambda: ask("/review"), 1)

    figures["after a step"] = statistics.median(after_a_step() for _ in range(TIMES))
    app.close()
    return figures


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    asked = parser.parse_args()
    few = measured(100, 100)
    many = measured(asked.submissions, min(asked.waiting, asked.submissions - 1))
    rows = [
        [name, f"{few[name]:.0f}", f"{ms:.0f}", f"{ms / few[name]:.1f}"]
        for name, ms in many.items()
    ]
    heads = ["page", "100 [ms]", f"{asked.submissions:,} [ms]", "ratio"]
    print("\n".join(markdown(heads, rows)))


if __name__ == "__main__":
    main()
