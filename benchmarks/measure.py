"""Runs a piece of work in a process of its own and gives its wall time and peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent


def measured(script: str, *arguments: object) -> dict[str, float]:
    """Run ``benchmarks/<script>`` with arguments; the script prints one JSON line last. Adds ``peak_mb`` of that process alone.

    ``seconds`` is what the script measured of its own work (imports and set-up left out) when it says so, else the whole run.
    """
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, str(HERE / script), *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{script} {arguments} failed with status {status}")
    figures: dict[str, float] = {"seconds": time.perf_counter() - started}
    figures |= json.loads(text.strip().splitlines()[-1])
    figures["peak_mb"] = usage.ru_maxrss / 1024
    return figures
