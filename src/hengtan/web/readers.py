"""Workspaces of their own for heavy questions, so that no page waits for an explanation: one where
the catalogue is a file, several where it is on a server.

Each has an engine and a graph that no other thread uses.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from hengtan.workspace.workspace import Workspace

ON_A_SERVER = 3
"""Readers where the catalogue is on PostgreSQL. SQLite's library has one lock in a process."""
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


class Readers:
    """Workspaces opened when they are first needed; ``like``: the one they are copies of."""

    def __init__(self, like: Workspace) -> None:
        self._like = like
        self._opening = threading.Lock()
        self._free: queue.LifoQueue[Workspace] | None = None
        self._all: list[Workspace] = []

    def ask(
        self,
        question: Callable[Concatenate[Workspace, Asked], Answer],
        *arguments: Asked.args,
        **named: Asked.kwargs,
    ) -> Answer:
        """Put a question of the desk to a reader that is free."""
        free = self._readers()
        reader = free.get()
        try:
            return question(reader, *arguments, **named)
        finally:
            free.put(reader)

    def close(self) -> None:
        """Let go of the readers; those that answer now are not waited for."""
        with self._opening:
            for reader in self._all:
                reader.close()
            self._all, self._free = [], None

    def _readers(self) -> queue.LifoQueue[Any]:
        with self._opening:
            if self._free is None:
                self._free = queue.LifoQueue()
                number = ON_A_SERVER if self._like.ledger.is_on_a_server else 1
                for _ in range(number):
                    reader = self._like.another()
                    self._all.append(reader)
                    self._free.put(reader)
            return self._free
