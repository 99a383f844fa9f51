"""Runs a piece of work in a process of its own and gives its wall time and peak memory; puts measured figures into docs/performance.md."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"


def measured(script: str, *arguments: object) -> dict[str, float]:
    """Run ``benchmarks/<script>`` with arguments; the script prints one JSON line last. Adds ``peak_mb`` of that process and those it starts.

    ``seconds`` is what the script measured of its own work (imports and set-up left out) when it says so, else the whole run.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    peaks, ended = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
    watcher.start()
    text = process.stdout.read()
    ended.set()
    watcher.join()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{script} {arguments} failed with status {status}")
    figures: dict[str, float] = {"seconds": time.perf_counter() - started}
    figures |= json.loads(text.strip().splitlines()[-1])
    # what the kernel accounts to an ended child begins with the size of the parent it was forked from: only without /proc
    figures["peak_mb"] = peaks[0] or usage.ru_maxrss / (
        1024 if sys.platform != "darwin" else 1 << 20
    )
    return figures


def _watch(pid: int, peaks: list[float], ended: threading.Event) -> None:
    """The largest sum, over a process and its descendants alive together, of their largest resident sizes. [MB]"""
    while True:
        peaks[0] = max(peaks[0], sum(map(_largest, _family(pid))))
        if ended.wait(0.02):
            return


def _family(pid: int) -> list[int]:
    try:
        children = [
            int(c)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for c in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(child))]


def _largest(pid: int) -> float:
    try:
        held = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")[2].split()
    except OSError:
        return 0.0
    return int(held[0]) / 1024 if held else 0.0


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put a text between ``<!-- name -->`` and ``<!-- /name -->`` of a page (docs/performance.md), and leave the rest of it alone."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, found, rest = page.read_text(encoding="utf-8").partition(opening)
    _, closed, tail = rest.partition(closing)
    if not found or not closed:
        raise SystemExit(f"{page.name} has no {opening} … {closing}")
    page.write_text(f"{head}{opening}\n\n{text}\n\n{closing}{tail}", encoding="utf-8")
