"""Answers of heavy questions, kept while the workspace is unchanged: a process of its own works
them out, and no page waits for it but the one that asked.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, TypeVar

from hengtan.workspace.workspace import Workspace

if TYPE_CHECKING:
    from hengtan.web.readers import Readers

MOST = 24
"""Answers that are kept; the one not asked for longest goes first."""
Answer = TypeVar("Answer")
Key = tuple[object, ...]


class ApartOnce:
    """Answers of the readers by question and arguments; ``state``: what they rest on."""

    def __init__(self, readers: Readers, state: Callable[[], object]) -> None:
        self._readers, self._state = readers, state
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._turn = threading.Lock()

    def ask(self, question: Callable[Concatenate[Workspace, ...], Answer], **named: Any) -> Answer:
        """The answer of a question of the desk, asked anew where rows, packs or day are others."""
        key: Key = (self._state(), question, *sorted(named.items()))
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: Answer = self._kept[key]
                return kept
        answer = self._readers.ask(question, **named)
        with self._turn:
            self._kept[key] = answer
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return answer
