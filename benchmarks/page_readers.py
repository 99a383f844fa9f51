"""Readers of the overview at once, in a closed loop, alone and while another asks for explanations.

    python benchmarks/page_readers.py [--readers 50] [--seconds 10]

The server, with the demonstration, is a process of its own on this machine; each reader asks again
as soon as it has its answer. Figures: answers a second, and milliseconds until half and until 95 of
100 answers were there.
"""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from measure import markdown


def serve(folder: Path) -> None:
    """Serve a new demonstration until the process ends; the first lines say port and targets."""
    import socket

    from hengtan.demo.public import open_demo
    from hengtan.web import Site
    from hengtan.web.app import serve as serve_pages

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open_demo(folder / "demo", lambda share, text: None) as workspace:
        targets = [row["target_id"] for row in workspace.pack.rows("targets")]
        print(port, *targets, flush=True)
        serve_pages(
            Site(workspace), port=port, read_only=True, tell=lambda s: print("ready", flush=True)
        )


@contextmanager
def server() -> Iterator[tuple[int, list[str]]]:
    """Port and targets of a server whose pages are ready."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, __file__, "--serve", folder], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        port, *targets = process.stdout.readline().split()
        process.stdout.readline()
        try:
            yield int(port), targets
        finally:
            process.kill()
            process.wait()


def asked(link: http.client.HTTPConnection, path: str) -> float:
    """Seconds until an answer was there."""
    started = time.perf_counter()
    link.request("GET", path)
    answer = link.getresponse()
    answer.read()
    assert answer.status == 200
    return time.perf_counter() - started


def loop(port: int, readers: int, seconds: float, targets: list[str]) -> list[float]:
    """Seconds of every answer to the readers; pages of ``targets`` are asked for beside them."""
    until, taken = time.monotonic() + seconds, []

    def reader() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            taken.append(asked(link, "/"))

    def explained() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port)
        for target in targets:
            if time.monotonic() < until:
                asked(link, f"/targets/{target}")

    threads = [threading.Thread(target=reader) for _ in range(readers)]
    threads.append(threading.Thread(target=explained))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--serve", type=Path)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    rows = []
    with server() as (port, targets):
        for title, beside in (("readers alone", []), ("and one who asks why", targets)):
            taken = loop(port, arguments.readers, arguments.seconds, beside)
            share = [taken[int(len(taken) * part)] * 1000 for part in (0.5, 0.95)]
            rows.append(
                (title, f"{len(taken) / arguments.seconds:.0f}", *(f"{ms:.0f}" for ms in share))
            )
    print("\n".join(markdown(("", "answers a second", "half, ms", "95 of 100, ms"), rows)))


if __name__ == "__main__":
    main()
