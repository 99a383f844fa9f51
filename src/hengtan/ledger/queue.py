"""Who writes next: waiting writers stand in a line, first come, first served.

Each holds a lock on a ticket, a file whose name tells when it came. A ticket that nobody holds is
of a writer that was killed, and is taken away by whoever stands behind it. The line is a courtesy:
that there is one writer only is the writer lock's alone.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

TICKETS = ".writer.*.ticket"


def is_anybody_waiting(folder: Path) -> bool:
    """Whether there is a ticket in the folder of a ledger."""
    return next(folder.glob(TICKETS), None) is not None


class Ticket:
    """A place in the line of the writers of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._draw()

    def _draw(self) -> None:
        name = f".writer.{time.time_ns():020}.{os.getpid()}-{uuid.uuid4().hex[:8]}.ticket"
        self.path = self.folder / name
        self._lock = filelock.FileLock(str(self.path))
        self._lock.acquire(timeout=0)

    def is_first(self) -> bool:
        """Whether nobody who came earlier waits."""
        if not self.path.exists():
            self._lock.release()
            self._draw()
        for path in sorted(self.folder.glob(TICKETS)):
            if path >= self.path:
                break
            if not _was_left(path):
                return False
        return True

    def give_up(self) -> None:
        """Leave the line."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self._lock.release()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _was_left(path: Path) -> bool:
    """Whether nobody holds a ticket; it is then taken away."""
    lock = filelock.FileLock(str(path))
    try:
        lock.acquire(timeout=0)
    except (filelock.Timeout, OSError):
        return False
    with suppress(OSError):
        path.unlink(missing_ok=True)
    lock.release()
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return True


@contextmanager
def standing_in_line(folder: Path) -> Iterator[Ticket | None]:
    """A place in the line; None where the folder takes no ticket (full, or not ours)."""
    ticket = None
    with suppress(OSError, filelock.Timeout):
        ticket = Ticket(folder)
    try:
        yield ticket
    finally:
        if ticket is not None:
            ticket.give_up()
