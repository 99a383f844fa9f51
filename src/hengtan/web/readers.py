"""Workspaces of their own for heavy questions, so that no page waits for an explanation: one where
the catalogue is a file, several where it is on a server.

Where pages are served each is in a process of its own, begun in the background; until the first is
ready, and everywhere else, it is a workspace in this process that no other thread uses.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from hengtan.basis.errors import HengtanError
from hengtan.desk.accounts import what_explanations_rest_on
from hengtan.workspace.apart import OneWorkspace, ReaderEnded, WorkspaceApart
from hengtan.workspace.workspace import Workspace

log = logging.getLogger("hengtan.web")
ON_A_SERVER = 3
"""Readers where the catalogue is on PostgreSQL. SQLite's library has one lock in a process."""
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
Free = queue.LifoQueue[OneWorkspace | WorkspaceApart]


class Readers:
    """Workspaces opened when they are first needed; ``like``: the one they are copies of."""

    def __init__(self, like: Workspace) -> None:
        self._like = like
        self._lock = threading.Lock()
        self._free: Free = queue.LifoQueue()
        self._here: list[OneWorkspace] = []
        self._apart: list[WorkspaceApart] = []
        self._are_apart, self._begun = False, 0

    def move_apart(self) -> None:
        """From now on have processes of their own. What is asked, and what is answered, then has to
        be what ``pickle`` takes: functions of modules, values.
        """
        self._are_apart = True

    def ask(
        self,
        question: Callable[Concatenate[Workspace, Asked], Answer],
        *arguments: Asked.args,
        **named: Asked.kwargs,
    ) -> Answer:
        """Put a question of the desk to a reader that is free.

        One whose process ended is begun again and asked once more. Raises ReaderEnded where it ends
        again.
        """
        free = self._provided()
        reader = free.get()
        packs = self._like.pack.version
        try:
            answer: Answer = reader.ask(packs, question, *arguments, **named)
            return answer
        except ReaderEnded:
            if not isinstance(reader, WorkspaceApart) or not self._are_apart:
                raise
            log.warning("a reader ended while it was asked %s; another is begun", question)
            reader.begin()
            answer = reader.ask(packs, question, *arguments, **named)
            return answer
        finally:
            self._give_back(free, reader)

    def prepare(self) -> None:
        """Have the first process begun, and what explanations rest on worked out there before
        anybody asks; meanwhile nothing waits for it.
        """
        if self._are_apart:
            threading.Thread(target=self._prepare, name="preparing readers", daemon=True).start()

    def pids(self) -> list[int]:
        """The numbers of the processes that are there."""
        return [reader.pid for reader in self._apart if reader.pid is not None]

    def close(self) -> None:
        """Let go of the readers; those that answer now are not waited for."""
        with self._lock:
            self._are_apart, self._begun = False, 0
            for reader in self._apart:
                reader.close()
            for here in self._here:
                here.workspace.close()
            self._here, self._apart, self._free = [], [], queue.LifoQueue()

    def _most(self) -> int:
        return ON_A_SERVER if self._like.ledger.is_on_a_server else 1

    def _provided(self) -> Free:
        """Where readers are taken from; a further process is begun where all are busy."""
        with self._lock:
            if not self._apart and not self._here:
                for _ in range(self._most()):
                    here = OneWorkspace(self._like.another())
                    self._here.append(here)
                    self._free.put(here)
            if self._may_begin() and (self._free.empty() or not self._apart):
                self._begun += 1
                threading.Thread(target=self._begin, name="beginning reader", daemon=True).start()
            return self._free

    def _may_begin(self) -> bool:
        return self._are_apart and self._begun < self._most()

    def _prepare(self) -> None:
        with self._lock:
            is_first = self._may_begin() and not self._begun
            self._begun += is_first
        if is_first:
            self._begin()
        if self._apart:
            try:
                self.ask(what_explanations_rest_on)
            except HengtanError as error:
                # what is wrong is told to whoever asks
                log.info("readers not prepared: %s", error)

    def _begin(self) -> None:
        """Begin a process; from when it is ready, nothing is asked in this one any more."""
        reader = WorkspaceApart(self._like.folder)
        try:
            reader.begin()
        except ReaderEnded as error:
            log.warning("questions are answered in this process: %s", error)
            return
        with self._lock:
            if not self._are_apart:
                reader.close()
                return
            self._apart.append(reader)
            self._retire()
            self._free.put(reader)

    def _retire(self) -> None:
        """Close the workspaces of this process that are free."""
        others = []
        while not self._free.empty():
            reader = self._free.get()
            if isinstance(reader, OneWorkspace):
                reader.workspace.close()
                self._here.remove(reader)
            else:
                others.append(reader)
        for reader in others:
            self._free.put(reader)

    def _give_back(self, free: Free, reader: OneWorkspace | WorkspaceApart) -> None:
        """Free again for the next who waits there, be it to hear that readers were closed."""
        with self._lock:
            if isinstance(reader, OneWorkspace) and self._apart and free is self._free:
                reader.workspace.close()
                self._here.remove(reader)
            else:
                free.put(reader)
