"""Writers of one process brought together: what arrives within a moment is written in one
transaction, and each caller is answered when it is durable.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self, cast

from hengtan.basis.actor import Actor
from hengtan.basis.errors import WrongState
from hengtan.ledger.batch import HandIn, Outcome, Step, Work
from hengtan.ledger.handing_in import Meta, Submission

if TYPE_CHECKING:
    import pyarrow as pa

    from hengtan.ledger.submissions import Ledger

QUIET, LONGEST = 0.03, 0.3
"""Seconds without another work after which a batch is written, and those after its first work after
which it is in any case.
"""
MOST = 500
"""Works written together."""

_Waiting = tuple[Work, "Future[Outcome]"]


class GatheringWriter:
    """One thread that writes for all others of a process. ``submit`` and ``record`` are those of
    the ledger; they may be called from any thread, and raise what the ledger refuses with.

    ``quiet``: seconds without another work after which a batch is written; ``waiting``: what a
    caller is in while it waits for its answer. Closing writes what has arrived and lets go.
    """

    def __init__(
        self,
        ledger: Ledger,
        quiet: float = QUIET,
        most: int = MOST,
        waiting: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._ledger, self._quiet, self._most = ledger, quiet, most
        self._while_waiting = waiting
        self._arrived: queue.Queue[_Waiting | None] = queue.Queue()
        self._closing = threading.Lock()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def submit(
        self,
        form: Any,
        table: pa.Table,
        meta: Meta,
        *,
        state: str = "submitted",
        at: datetime | date | None = None,
        approve: bool = False,
        on_conflict: str | None = None,
    ) -> Submission:
        """``Ledger.submit``, together with what others write at this moment."""
        work = HandIn(form, table, meta, state, at, approve=approve, on_conflict=on_conflict)
        return cast(Submission, self._answer(work))

    def record(
        self,
        submission: str,
        state: str,
        actor: Actor,
        reason: str = "",
        *,
        at: datetime | date | None = None,
        on_conflict: str | None = None,
    ) -> str:
        """``Ledger.record``, together with what others write at this moment."""
        step = Step(submission, state, actor, reason, at, on_conflict)
        return cast(str, self._answer(step))

    def record_many(self, steps: Sequence[Step]) -> list[str | Exception]:
        """``Ledger.record_many``, together with what others write at this moment."""
        answers = [self._put(step) for step in steps]
        with self._while_waiting():
            return [cast("str | Exception", answer.result()) for answer in answers]

    def close(self) -> None:
        """Write what has arrived, then take no more."""
        with self._closing:
            if not self._is_closed:
                self._is_closed = True
                self._arrived.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put(self, work: Work) -> Future[Outcome]:
        answer: Future[Outcome] = Future()
        with self._closing:
            if self._is_closed:
                raise _closed()
            self._arrived.put((work, answer))
        return answer

    def _answer(self, work: Work) -> Outcome:
        answer = self._put(work)
        with self._while_waiting():
            outcome = answer.result()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _run(self) -> None:
        while (first := self._arrived.get()) is not None:
            waiting, is_last = self._gathered(first)
            self._write(waiting)
            if is_last:
                return

    def _gathered(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """What arrives until it is quiet, and whether the writer was closed then."""
        waiting, until = [first], time.monotonic() + max(LONGEST, self._quiet)
        while len(waiting) < self._most:
            left = min(self._quiet, until - time.monotonic())
            try:
                item = self._arrived.get(timeout=left) if left > 0 else self._arrived.get_nowait()
            except queue.Empty:
                return waiting, False
            if item is None:
                return waiting, True
            waiting.append(item)
        return waiting, False

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        """Write a batch and answer each caller; what fails as a whole is the answer to all."""
        try:
            outcomes = self._ledger.write_many([work for work, _ in waiting], refusing=False)
        except Exception as error:
            outcomes = [error] * len(waiting)
        for (_, answer), outcome in zip(waiting, outcomes, strict=True):
            answer.set_result(outcome)


def _closed() -> WrongState:
    return WrongState(
        "台账正在关闭，没有写入",
        "the ledger is closing, nothing was written",
        todo="请稍后重试",
        todo_en="try again in a moment",
    )
