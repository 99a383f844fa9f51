"""One writer at a time: a lock file in the ledger's folder, and a lock that the server of its
catalogue holds where there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock

from hengtan.basis.errors import LedgerBusy
from hengtan.ledger.catalogue_server import psycopg
from hengtan.ledger.queue import is_anybody_waiting, standing_in_line

POLLED_EVERY = 0.02
"""Seconds after which a waiting writer looks again."""
SAID_EVERY = 5.0
"""Seconds after which a writer that waits says so again."""


@dataclass(frozen=True)
class Patience:
    """How long a writer waits for another one [s], and who hears about it meanwhile."""

    seconds: float = 60.0
    on_wait: Callable[[str], None] | None = None


@dataclass(frozen=True)
class Server:
    """A PostgreSQL address and the schema of this ledger's catalogue on it."""

    address: str
    schema: str


@contextmanager
def only_writer(folder: Path, server: Server | None, patience: Patience) -> Iterator[None]:
    """Be the one writer of the ledger in a folder, and where its catalogue is on a server, there
    too. ``LedgerBusy`` when patience ends.
    """
    started = time.monotonic()
    lock = filelock.FileLock(str(folder / ".writer.lock"))

    if is_anybody_waiting(folder) or not _taken(lock):
        with standing_in_line(folder) as ticket:

            def take_file() -> bool:
                if ticket is not None and not ticket.is_first():
                    time.sleep(POLLED_EVERY)
                    return False
                return _taken(lock, POLLED_EVERY)

            _wait_for(take_file, patience, started)
    try:
        if server is None:
            yield
            return
        with psycopg().connect(server.address, autocommit=True) as session:

            def take_server() -> bool:
                row = session.execute(
                    "select pg_try_advisory_lock(hashtext(%s))", [server.schema]
                ).fetchone()
                if not row[0]:
                    time.sleep(0.1)
                return bool(row[0])

            _wait_for(take_server, patience, started)
            yield
    finally:
        lock.release()


def _taken(lock: filelock.BaseFileLock, seconds: float = 0) -> bool:
    """Whether a lock can be had within so many seconds; it is then held."""
    try:
        lock.acquire(timeout=seconds)
    except filelock.Timeout:
        return False
    return True


def _wait_for(take: Callable[[], bool], patience: Patience, started: float) -> None:
    last_said = 0.0
    while not take():
        waited = time.monotonic() - started
        if waited >= patience.seconds:
            raise LedgerBusy(
                f"台账正被另一个程序写入，已等待 {waited:.0f} 秒仍未释放",
                f"another program has been writing to the ledger for {waited:.0f} seconds",
                todo="请稍后重试；若没有别的程序在运行，请检查网络盘上的锁文件 .writer.lock",
                todo_en="try again later; if no other program runs,"
                " look at the lock file .writer.lock",
            )
        if patience.on_wait and (last_said == 0.0 or waited - last_said >= SAID_EVERY):
            last_said = max(waited, 0.001)
            patience.on_wait(
                "台账正被另一个程序写入，等待中"
                f"（已等 {waited:.0f} 秒，最多等 {patience.seconds:.0f} 秒）"
                " | waiting for another program that writes to the ledger"
                f" ({waited:.0f} of {patience.seconds:.0f} s)"
            )
