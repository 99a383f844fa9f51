"""Runs work in processes of its own and gives wall time and peak memory; writes tables of figures.

What is measured prints one JSON line last; ``seconds`` in it is what it measured of its own work,
imports and set-up left out.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
LOOK_EVERY = 0.02  # seconds between two looks at the memory of a process

Figures = dict[str, float]


def measured(script: str, *arguments: object) -> Figures:
    """Run ``benchmarks/<script>``: the figures it prints, with ``peak_mb`` of it and its children.

    ``seconds`` is the whole run where the script does not say its own.
    """
    return timed([sys.executable, str(HERE / script), *map(str, arguments)])


def timed(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Figures:
    """Run a command as ``measured`` does; one that prints no JSON has only the whole run.

    ``process_cpu`` is the CPU time of the whole process, start-up included. [s]
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    peaks, ended = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
    watcher.start()
    text = process.stdout.read()
    ended.set()
    watcher.join()
    _, status, usage = os.wait4(process.pid, 0)
    figures: Figures = {"seconds": time.perf_counter() - started}
    if status:
        raise SystemExit(f"{' '.join(command)} failed with status {status}")
    figures["process_cpu"] = usage.ru_utime + usage.ru_stime
    figures |= _printed(text)
    # The kernel's account of an ended child begins with the size of the parent it was forked from:
    # it serves only where there is no /proc.
    figures["peak_mb"] = peaks[0] or usage.ru_maxrss / _kilobytes_in_unit()
    return figures


def _printed(text: str) -> Figures:
    """The figures of the last line, where it is a JSON mapping."""
    last = text.strip().rpartition("\n")[2]
    return json.loads(last) if last.startswith("{") and last.endswith("}") else {}


def _kilobytes_in_unit() -> int:
    return 1 << 20 if sys.platform == "darwin" else 1024


def _watch(pid: int, peaks: list[float], ended: threading.Event) -> None:
    """The largest sum of the peaks of a process and of its descendants alive with it. [MB]"""
    while True:
        peaks[0] = max(peaks[0], sum(map(_peak, _family(pid))))
        if ended.wait(LOOK_EVERY):
            return


def _family(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(c) for task in tasks for c in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(other for child in children for other in _family(child))]


def _peak(pid: int) -> float:
    """Largest resident size of a process so far. [MB]"""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    kilobytes = status.partition("VmHWM:")[2].split()
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0


def in_turn(script: str, ways: Mapping[str, Sequence[object]], repeat: int) -> dict[str, Runs]:
    """Each way (its arguments) in turn, ``repeat`` times over: all meet the same machine."""
    runs = {way: Runs() for way in ways}
    for _ in range(repeat):
        for way, arguments in ways.items():
            runs[way].append(measured(script, *arguments))
    return runs


class Runs(list[Figures]):
    """The figures of one way, run after run."""

    def median(self, figure: str = "seconds") -> float:
        return statistics.median(run[figure] for run in self)

    def least(self, figure: str = "seconds") -> float:
        return min(run[figure] for run in self)

    def most(self, figure: str = "seconds") -> float:
        return max(run[figure] for run in self)


def machine() -> str:
    """What it was measured on, and when."""
    system = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    return f"Machine: {system}; {date.today().isoformat()}"


def markdown(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines]


def write_section(name: str, text: str, page: Path = PAGE) -> None:
    """Put a text between ``<!-- name -->`` and ``<!-- /name -->`` of a page, and leave the rest."""
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    head, opened, rest = page.read_text(encoding="utf-8").partition(opening)
    _, closed, tail = rest.partition(closing)
    if not opened or not closed:
        raise SystemExit(f"{page.name} has no {opening} … {closing}")
    page.write_text(f"{head}{opening}\n\n{text}\n\n{closing}{tail}", encoding="utf-8")
