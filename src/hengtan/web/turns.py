"""How many requests of a process are worked on at a time. A server has more threads than turns:
whoever waits for the ledger lets others work meanwhile, and more is written in one transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_A_TIME = 8
"""Requests that are worked on: each may hold a connection to the catalogue."""


class Turns:
    """So many at a time; a thread that has a turn needs no second one."""

    def __init__(self, number: int = AT_A_TIME) -> None:
        self._free = threading.Semaphore(number)
        self._of_thread = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have a turn, once there is one."""
        if self._has_one():
            yield
            return
        with self._free:
            self._of_thread.has_one = True
            try:
                yield
            finally:
                self._of_thread.has_one = False

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let another have this thread's turn for a while, then take the next; a thread without
        one goes on.
        """
        if not self._has_one():
            yield
            return
        self._of_thread.has_one = False
        self._free.release()
        try:
            yield
        finally:
            self._free.acquire()
            self._of_thread.has_one = True

    def _has_one(self) -> bool:
        return getattr(self._of_thread, "has_one", False)
