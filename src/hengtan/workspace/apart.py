"""A workspace opened once more in a process of its own: what takes long is worked out there, at low
priority, while this process answers others.

Questions and answers are pickles on the pipes of a child that this program starts itself. The child
ends when its pipe does, however this process came to its end.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from hengtan.basis.errors import HengtanError
from hengtan.workspace.workspace import Workspace

NICENESS = 5
"""How far the child stands back: a busy processor gives it a third of what a page has."""
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from hengtan.workspace.apart import answer_all; answer_all(sys.argv[2])"
)
_SIZE = struct.Struct("<Q")
Question = Callable[..., Any]


class ReaderEnded(HengtanError):
    """The process of a reader ended before it had answered."""

    def __init__(self) -> None:
        super().__init__(
            "读取进程中途退出，这个问题没有算完",
            "the process that reads ended before it had answered",
            todo="请再试一次；若反复出现，多半是内存不足",
            todo_en="ask again; where it happens time after time, memory is short",
        )


class OneWorkspace:
    """A workspace that answers questions; read anew when it is told of other packs."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._packs: str | None = None

    def ask(self, packs: str, question: Question, *arguments: Any, **named: Any) -> Any:
        """The answer by the packs of this version."""
        if self._packs not in (None, packs):
            self.workspace.reload()
        self._packs = packs
        return question(self.workspace, *arguments, **named)


class WorkspaceApart:
    """A workspace in a process of its own; one thread at a time asks it.

    ``begin`` before anything is asked.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._is_closed = folder, False
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, None where there is none."""
        return self._child.pid if self._child else None

    def begin(self) -> None:
        """Start the process, in the place of one that ended, and wait until the workspace is open.

        Raises ReaderEnded where it cannot be had, and after ``close``.
        """
        with self._lock:
            self._end()
            if self._is_closed:
                raise ReaderEnded
            try:
                self._child = _child(self._folder)
            except OSError as error:
                raise ReaderEnded from error
        self._answer()

    def ask(self, packs: str, question: Question, *arguments: Any, **named: Any) -> Any:
        """What a function of a module gives for the workspace with packs of this version.

        Raises what the function raises, ReaderEnded, and what ``pickle`` raises for a question or
        an answer that cannot travel.
        """
        request = pickle.dumps((packs, question, arguments, named))
        child = self._child
        if child is None or child.stdin is None:
            raise ReaderEnded
        try:
            _write(child.stdin, request)
        except (OSError, ValueError) as error:
            raise ReaderEnded from error
        return self._answer()

    def close(self) -> None:
        """End the process, whatever it is at: it only reads."""
        with self._lock:
            self._is_closed = True
            self._end()

    def _answer(self) -> Any:
        child = self._child
        if child is None or child.stdout is None:
            raise ReaderEnded
        try:
            content = _read(child.stdout)
        except (OSError, EOFError, ValueError) as error:
            raise ReaderEnded from error
        is_refusal, answer = pickle.loads(content)
        if is_refusal:
            raise answer
        return answer

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                with suppress(OSError, AttributeError):
                    pipe.close()  # type: ignore[union-attr]
            self._child = None


def _child(folder: Path) -> subprocess.Popen[bytes]:
    paths = json.dumps([str(Path(part).resolve()) if part == "" else part for part in sys.path])
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _PROGRAM, paths, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )


def _write(stream: BinaryIO | Any, content: bytes) -> None:
    stream.write(_SIZE.pack(len(content)))
    stream.write(content)
    stream.flush()


def _read(stream: BinaryIO | Any) -> bytes:
    """The next message. Raises EOFError where there is none, or not all of it."""
    size = stream.read(_SIZE.size)
    if len(size) < _SIZE.size:
        raise EOFError
    (length,) = _SIZE.unpack(size)
    content: bytes = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


# in the process


def answer_all(folder: str) -> None:
    """Answer questions about a workspace until there is nobody to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever began this process ends it
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), 1)  # what a library prints is no answer
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    with Workspace.open(folder) as workspace:
        reader = OneWorkspace(workspace)
        _write(out, pickle.dumps((False, None)))
        while True:
            _write(out, _said(reader, requests.get()))


def _listen(requests: queue.SimpleQueue[bytes]) -> None:
    """Take questions in; the end of the pipe is the end of this process, whatever it is at."""
    with suppress(OSError, EOFError):
        while True:
            requests.put(_read(sys.stdin.buffer))
    os._exit(0)


def _said(reader: OneWorkspace, request: bytes) -> bytes:
    """Whether a question was refused, and its answer or the error."""
    try:
        packs, question, arguments, named = pickle.loads(request)
        return pickle.dumps((False, reader.ask(packs, question, *arguments, **named)))
    except Exception as error:
        return _refused(error)


def _refused(error: Exception) -> bytes:
    """An error as it travels: itself, or its text where it cannot."""
    if not isinstance(error, HengtanError):
        error.add_note(traceback.format_exc())
    try:
        content = pickle.dumps((True, error))
        pickle.loads(content)
    except Exception:
        return pickle.dumps((True, RuntimeError(f"{type(error).__name__}: {error}")))
    return content
