"""Stopping a verb at any of its file operations: a child process runs it, and the kernel hands each
operation on a file of a folder to the test before it happens (seccomp's user notification).

So every operation is seen, those of the storage engine in C++ too, in order, and without root: at
the k-th the child is killed, or the disk is full from there on (a write is cut in the middle, what
needs room is refused), or this one operation fails.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FD_CALLS = {
    1: "write",
    18: "pwrite64",
    20: "writev",
    296: "pwritev",
    328: "pwritev2",
    40: "sendfile",
    74: "fsync",
    75: "fdatasync",
    77: "ftruncate",
    285: "fallocate",
}
"""System calls on an open file, their first argument, by their number on x86-64."""
PATH_CALLS = {
    2: ("open", 0),
    257: ("openat", 1),
    85: ("creat", 0),
    82: ("rename", 0, 1),
    264: ("renameat", 1, 3),
    316: ("renameat2", 1, 3),
    87: ("unlink", 0),
    263: ("unlinkat", 1),
    83: ("mkdir", 0),
    258: ("mkdirat", 1),
    84: ("rmdir", 0),
    76: ("truncate", 0),
    86: ("link", 1),
    265: ("linkat", 3),
    266: ("symlinkat", 2),
}
"""System calls on paths: which arguments are; those of calls in ``at`` follow their folder."""
COPY_FILE_RANGE = 326
OPENS = {2: 24, 257: 32}
"""Where the flags of the calls that open stand in what the filter sees."""
NEED_ROOM = {
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range"),
    *("open", "openat", "creat", "mkdir", "mkdirat", "ftruncate", "fallocate", "link", "linkat"),
}
X86_64, SECCOMP, PIDFD_GETFD = 0xC000003E, 317, 438
ALLOW, NOTIFY = 0x7FFF0000, 0x7FC00000
LOAD, EQUAL, ANY_OF, GIVE = 0x20, 0x15, 0x45, 0x06
NEXT_CALL, ANSWER = 0xC0502100, 0xC0182101
_LIBC = ctypes.CDLL(None, use_errno=True)


def _filter() -> bytes:
    """The program the kernel runs at each call: those above are handed on, opening only where it
    is for writing.
    """
    numbers = [*FD_CALLS, *(set(PATH_CALLS) - set(OPENS)), COPY_FILE_RANGE]
    to_allow = len(numbers)
    lines = [(LOAD, 0, 0, 4), (EQUAL, 0, 1 + len(OPENS) + to_allow, X86_64), (LOAD, 0, 0, 0)]
    for place, number in enumerate(OPENS):
        lines.append((EQUAL, len(OPENS) - place - 1 + to_allow + 1 + 3 * place, 0, number))
    end = len(OPENS) * 3
    lines += [(EQUAL, to_allow - n + end, 0, number) for n, number in enumerate(numbers)]
    lines.append((GIVE, 0, 0, ALLOW))
    for place, flags in enumerate(OPENS.values()):
        rest = 3 * (len(OPENS) - place - 1)
        lines += [(LOAD, 0, 0, flags), (ANY_OF, rest + 1, 0, 0o103), (GIVE, 0, 0, ALLOW)]
    lines.append((GIVE, 0, 0, NOTIFY))
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def _watched(channel: socket.socket) -> None:
    """Let whoever holds the other end hear of every call of this process from now on."""
    program = _filter()
    text = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(text))
    if _LIBC.prctl(38, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no new privileges")
    listener = _LIBC.syscall(SECCOMP, 1, 8, head)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    socket.send_fds(channel, [b"."], [listener])
    os.close(listener)


@dataclass
class Call:
    """A call that waits for its answer."""

    listener: int
    id: int
    pid: int
    number: int
    arguments: tuple[int, ...]

    @classmethod
    def next_of(cls, listener: int) -> Call:
        """The next call. Raises OSError where its process has gone."""
        waiting = bytearray(80)
        fcntl.ioctl(listener, NEXT_CALL, waiting)
        number, pid, _, call, _, _, *arguments = struct.unpack("<QIIiIQ6Q", waiting)
        return cls(listener, number, pid, call, tuple(arguments))

    @property
    def name(self) -> str:
        """What it does."""
        if self.number == COPY_FILE_RANGE:
            return "copy_file_range"
        return FD_CALLS.get(self.number) or PATH_CALLS[self.number][0]

    def paths(self) -> list[Path]:
        """The files it is about."""
        if self.number in FD_CALLS or self.number == COPY_FILE_RANGE:
            return [self._behind(self.arguments[2 if self.number == COPY_FILE_RANGE else 0])]
        name, *places = PATH_CALLS[self.number]
        return [self._path(place, name.rstrip("2").endswith("at")) for place in places]

    def _behind(self, handle: int) -> Path:
        number = ctypes.c_int(handle & 0xFFFFFFFF).value
        return Path(os.readlink(f"/proc/{self.pid}/{'cwd' if number < 0 else f'fd/{number}'}"))

    def _path(self, place: int, has_folder: bool) -> Path:
        with open(f"/proc/{self.pid}/mem", "rb", buffering=0) as memory:
            memory.seek(self.arguments[place])
            path = os.fsdecode(memory.read(4096).split(b"\0")[0])
        return self._behind(self.arguments[place - 1] if has_folder else -100) / path

    def changes_nothing(self) -> bool:
        """Whether what is kept on the disk stays as it is: a file that is there is opened, a folder
        that is there made; the index of SQLite's log, made anew whenever it is opened.
        """
        paths = self.paths()
        if any(path.name.endswith("-shm") for path in paths):
            return True
        if self.number in OPENS:
            flags = self.arguments[1 if self.name == "open" else 2]
            return paths[0].exists() and not flags & os.O_TRUNC
        return self.name in ("mkdir", "mkdirat") and paths[0].is_dir()

    def cut_in_the_middle(self) -> int:
        """Write the first half of what it would write; how many bytes."""
        half = self.arguments[2] // 2
        if self.name not in ("write", "pwrite64") or not half:
            return 0
        with open(f"/proc/{self.pid}/mem", "rb", buffering=0) as memory:
            memory.seek(self.arguments[1])
            content = memory.read(half)
        process = os.pidfd_open(self._process())
        copy = _LIBC.syscall(PIDFD_GETFD, process, int(self.arguments[0]), 0)
        os.close(process)
        with os.fdopen(copy, "wb", buffering=0) as file:
            if self.name == "write":
                return file.write(content)
            return os.pwrite(file.fileno(), content, self.arguments[3])

    def _process(self) -> int:
        """The process of the thread that calls."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("Tgid:")[1].split()[0])

    def answer(self, error: int = 0, value: int = 0) -> None:
        """Let it happen, or have it fail, or say that so many bytes were written."""
        onward = 0 if error or value else 1
        with suppress(OSError):  # its process may have gone meanwhile
            fcntl.ioctl(self.listener, ANSWER, struct.pack("<QqiI", self.id, value, -error, onward))


@dataclass
class Run:
    """A run of a verb: what ended it, and the operations up to there."""

    ended: str = ""
    said: str = ""
    operations: list[str] = field(default_factory=list)

    @property
    def was_stopped(self) -> bool:
        """Whether the operation at which it was to be stopped came."""
        return self.ended != "whole"


WORDS = {0: "done", 1: "refused", 3: "internal error", -signal.SIGKILL: "killed"}


def run_stopped(
    folder: Path,
    verb: Callable[[], object],
    how: str = "",
    at: int = 0,
    before_each: Callable[[], object] = lambda: None,
) -> Run:
    """Run a verb in a child, stopped ``how`` at its ``at``-th operation on a file of a folder.

    ``killed``, ``full`` (from there on), or ``failed`` (this one operation). It ended ``whole``
    where it has fewer operations, else ``killed``, ``refused`` in a line, ``done`` in spite of it,
    or in an ``internal error``. ``before_each`` is called while an operation waits: the folder is
    then what a kill would leave.
    """
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        _child(theirs, verb, folder)
    theirs.close()
    _, (listener,), _, _ = socket.recv_fds(ours, 1, 1)
    run = Run()
    ending = os.pidfd_open(child)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(ending, select.POLLIN)
    while True:
        ready = dict(poll.poll())
        if ending in ready:
            break
        if ready.get(listener, 0) & select.POLLIN:
            with suppress(OSError):
                call = Call.next_of(listener)
                if _counts(call, folder):
                    before_each()
                    _let_through(call, run, child, (how, at))
                else:
                    call.answer()
    os.close(ending)
    os.close(listener)
    _, status = os.waitpid(child, 0)
    was_to_stop = at and len(run.operations) >= at
    code = os.waitstatus_to_exitcode(status)
    run.ended = WORDS.get(code, str(code)) if was_to_stop or code else "whole"
    with ours, ours.makefile(encoding="utf-8") as words:
        run.said = words.read()
    return run


def _counts(call: Call, folder: Path) -> bool:
    """Whether a call changes a file of the folder."""
    with suppress(OSError, ValueError):
        is_ours = any(path.is_relative_to(folder) for path in call.paths())
        return is_ours and not call.changes_nothing()
    return False


def _let_through(call: Call, run: Run, child: int, stop: tuple[str, int]) -> None:
    how, at = stop
    names = " → ".join(path.name for path in call.paths())
    run.operations.append(f"{call.name} {names}")
    count = len(run.operations)
    if how == "killed" and count == at:
        return os.kill(child, signal.SIGKILL)
    if how == "failed" and count == at:
        return call.answer(error=errno.EIO)
    if how == "full" and count >= at and call.name in NEED_ROOM:
        written = 0
        with suppress(OSError):
            written = call.cut_in_the_middle() if count == at else 0
        return call.answer(value=written) if written else call.answer(error=errno.ENOSPC)
    return call.answer()


def _child(channel: socket.socket, verb: Callable[[], object], folder: Path) -> None:
    """Run the verb, its temporary files in the same folder, and end as the command line does."""
    from hengtan.basis.errors import HengtanError
    from hengtan.cli.machine import of_the_machine

    code = 0
    try:
        scratch = folder / "tmp"
        scratch.mkdir(exist_ok=True)
        os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
        _watched(channel)
        verb()
    except HengtanError as error:
        code, text = 1, str(error)
    except Exception as error:
        line = of_the_machine(error)
        code, text = (3, traceback.format_exc()) if line is None else (1, str(line))
    except BaseException:
        code, text = 3, traceback.format_exc()
    if code:
        channel.sendall(text.encode("utf-8", "replace")[-20_000:])
    os._exit(code)


def _reason_against() -> str:
    """Why calls cannot be watched here; empty where they can."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "calls are watched on Linux on x86-64 only"
    with tempfile.TemporaryDirectory() as folder:
        try:
            run = run_stopped(Path(folder), lambda: Path(folder, "seen").write_text("x"))
        except (OSError, ValueError) as error:
            return f"the kernel hands on no calls: {error}"
        return "" if len(run.operations) == 2 else f"calls are not seen: {run.operations}"


@pytest.fixture(scope="session")
def stopped() -> Callable[..., Run]:
    """``stopped(folder, verb, how, at)``: a run of a verb stopped at one of its operations.

    Skips where the kernel does not hand calls on, unless ``HENGTAN_REQUIRE`` names ``stops``.
    """
    reason = _reason_against()
    if reason:
        required = "stops" in os.environ.get("HENGTAN_REQUIRE", "").split(",")
        (pytest.fail if required else pytest.skip)(reason)
    return run_stopped
