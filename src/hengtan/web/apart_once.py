"""Answers of heavy questions, kept while the workspace is unchanged: a process of its own works
them out, and no page waits for it but those that asked.

Whoever asks what is being worked out already waits for the same answer. Where a page has waited as
long as is right for a page, it is told that the answer is still being worked out, and asks again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, TypeVar

from hengtan.workspace.workspace import Workspace

if TYPE_CHECKING:
    from hengtan.web.readers import Readers

MOST = 24
"""Answers that are kept; the one not asked for longest goes first."""
PATIENCE = 1.5
"""Seconds that a served page waits before it says that it is being worked out."""
USUAL = 10.0
"""Seconds that a question is said to take before it was ever answered."""
Answer = TypeVar("Answer")
Key = tuple[object, ...]


class StillWorking(Exception):
    """An answer that is not there yet: for how many seconds it has been worked out, and how many
    the question took last time.
    """

    def __init__(self, seconds: float, usual: float) -> None:
        super().__init__(f"{seconds:.0f} s of about {usual:.0f} s")
        self.seconds, self.usual = seconds, usual


@dataclass
class Working:
    """A question being worked out."""

    began: float
    ended: threading.Event = field(default_factory=threading.Event)
    answer: Any = None
    error: BaseException | None = None


class ApartOnce:
    """Answers of the readers by question and arguments; ``state``: what they rest on; ``patience``:
    seconds that a page waits, None for as long as it takes.
    """

    def __init__(
        self, readers: Readers, state: Callable[[], object], patience: float | None = None
    ) -> None:
        self._readers, self._state, self.patience = readers, state, patience
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._working: dict[Key, Working] = {}
        self._took: dict[object, float] = {}
        self._turn = threading.Lock()

    def ask(self, question: Callable[Concatenate[Workspace, ...], Answer], **named: Any) -> Answer:
        """The answer of a question of the desk, asked anew where rows, packs or day are others.

        Raises StillWorking where it takes longer than a page waits; the next to ask gets it.
        """
        return self._answer(question, named, self.patience)

    def wait_for(
        self, question: Callable[Concatenate[Workspace, ...], Answer], **named: Any
    ) -> Answer:
        """The same, however long it takes: a file is not asked for again."""
        return self._answer(question, named, None)

    def _answer(
        self,
        question: Callable[Concatenate[Workspace, ...], Answer],
        named: dict[str, Any],
        patience: float | None,
    ) -> Answer:
        key: Key = (self._state(), question, *sorted(named.items()))
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: Answer = self._kept[key]
                return kept
            working = self._working.get(key) or self._begun(key, question, named)
        if not working.ended.wait(patience):
            usual = self._took.get(question, USUAL)
            raise StillWorking(time.monotonic() - working.began, usual)
        with self._turn:
            self._working.pop(key, None)  # what failed is asked anew by the next
        if working.error is not None:
            raise working.error
        answer: Answer = working.answer
        return answer

    def _begun(self, key: Key, question: Callable[..., Any], named: dict[str, Any]) -> Working:
        working = self._working[key] = Working(time.monotonic())

        def work() -> None:
            try:
                working.answer = self._readers.ask(question, **named)
                self._keep(key, question, working)
            except BaseException as error:  # raised again where the answer is asked for
                working.error = error
            finally:
                working.ended.set()

        threading.Thread(target=work, name="working out", daemon=True).start()
        return working

    def _keep(self, key: Key, question: object, working: Working) -> None:
        with self._turn:
            self._took[question] = time.monotonic() - working.began
            self._kept[key] = working.answer
            self._working.pop(key, None)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
