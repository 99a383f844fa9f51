"""Whether a catalogue in a file was written since, as the file system tells it: a look at two files
instead of a transaction, which waits for others.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

Mark = tuple[tuple[int, int, int], ...]
SETTLED = 0.05
"""Seconds after which a further write has another time for certain: clocks of files tick slower
than programs write."""


def mark_of(catalogue: Path | None) -> Mark | None:
    """Number, size and time of the catalogue and of its log: equal where nothing was committed in
    between. None where that cannot be said: on a server, just after a write, and on systems that
    note the time of an open file late.
    """
    if catalogue is None or os.name != "posix":
        return None
    parts = []
    for file in (catalogue, catalogue.with_name(catalogue.name + "-wal")):
        try:
            about = file.stat()
        except OSError:
            continue
        if about.st_size:  # an empty log is there while somebody reads
            parts.append((about.st_ino, about.st_size, about.st_mtime_ns))
    newest = max((time_ns for _, _, time_ns in parts), default=None)
    is_settled = newest is not None and time.time() - newest / 1e9 > SETTLED
    return tuple(parts) if is_settled else None
