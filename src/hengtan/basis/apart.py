"""Readers of files that may be hostile run in a process of their own, within memory and time.

A damaged or hostile file can make a library ask for more memory than there is, never end, or end
the process; none of this can be caught in it. The process stays for the next file; whatever is
unusual ends it. It answers in JSON with blocks of bytes beside, which run nothing here: a file that
takes the process over can give a wrong answer, and no more.
"""

from __future__ import annotations

import atexit
import importlib
import json
import math
import os
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from hengtan.basis import errors
from hengtan.basis.border import FAULTS, refused
from hengtan.basis.errors import Finding, HengtanError, Where

LEAST_MEMORY, MEMORY_OF_A_BYTE, MOST_MEMORY = 450_000_000, 150, 4_000_000_000
"""Bytes that reading a file may take: so many, and so many for each byte of it."""
LEAST_SECONDS, BYTES_OF_A_SECOND = 15.0, 300_000
"""Seconds of a processor that it may take: so many, and one for so many bytes."""
PATIENCE = 8.0
"""Seconds by the clock for each of them, on a machine that has other things to do."""
KEPT = 2
"""Processes that wait for a next file."""
LARGE = 20_000_000
"""Bytes of a file, or of what was read, after which a process is not used again."""
OUT_OF_TIME = 24
"""The signal that ends a process which has had its time (SIGXCPU)."""
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]);"
    "from hengtan.basis.apart import answer_all; answer_all()"
)
_SIZE = struct.Struct("<Q")
_idle: list[tuple[int, subprocess.Popen[bytes]]] = []
_turn = threading.Lock()


def read_apart(reader: str, path: Path, *arguments: Any) -> Any:
    """What a function ``module:name`` gives for a file, called in a process with limits.

    Its further arguments are what JSON holds; so is its answer, which may also hold bytes and then
    has views of them. It is no more to be trusted than the file. Raises the HengtanError that the
    function raises, and UnreadableFile where it ends otherwise or does not end.
    """
    where = Where(path.name)
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise refused("cannot-open", error, where=where) from error
    memory = min(LEAST_MEMORY + MEMORY_OF_A_BYTE * size, MOST_MEMORY)
    seconds = LEAST_SECONDS + size / BYTES_OF_A_SECOND
    child = _child()
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()

    clock = threading.Timer(PATIENCE * seconds, end)
    clock.daemon = True
    clock.start()
    content = b""
    try:
        assert child.stdin is not None and child.stdout is not None
        request = json.dumps([reader, str(path), arguments, memory, seconds]).encode()
        _write(child.stdin, request)
        content = _read(child.stdout, most=memory)
    except (OSError, EOFError, struct.error):
        pass
    finally:
        clock.cancel()
        kind, answer = _said(content)
        usual = kind in ("answer", "refusal") and not late.is_set()
        _let_go(child, keep=usual and max(size, len(content)) < LARGE)
    is_late = late.is_set() or child.returncode == -OUT_OF_TIME
    if kind == "answer":
        return answer
    if kind == "refusal":
        raise answer
    if is_late:
        raise refused("reader-late", f"{seconds:.0f}", where=where)
    raise refused("reader-ended", answer or child.returncode, where=where)


def _child() -> subprocess.Popen[bytes]:
    """A process that waits for a file, a new one where there is none."""
    with _turn:
        while _idle:
            owner, child = _idle.pop()
            if owner == os.getpid() and child.poll() is None:
                return child
    paths = json.dumps([str(Path(part).resolve()) if part == "" else part for part in sys.path])
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _PROGRAM, paths],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "1"},
    )


def _let_go(child: subprocess.Popen[bytes], *, keep: bool) -> None:
    with _turn:
        if keep and len(_idle) < KEPT:
            _idle.append((os.getpid(), child))
            return
    child.kill()
    with suppress(OSError):
        child.communicate()


@atexit.register
def _end_all() -> None:
    for owner, child in _idle:
        if owner == os.getpid():
            child.kill()


def _said(content: bytes) -> tuple[str, Any]:
    """How a reader ended, and what it gave; nothing at all is an end too, and so is what is no
    answer.
    """
    blocks = memoryview(content)

    def with_block(names: dict[str, Any]) -> Any:
        if names.keys() != {"block"}:
            return names
        start, length = map(int, names["block"])
        if not 0 <= start <= start + length <= len(blocks):
            raise ValueError(names)
        return blocks[start : start + length]

    try:
        (length,) = _SIZE.unpack_from(content)
        text = bytes(blocks[_SIZE.size : _SIZE.size + length])
        blocks = blocks[_SIZE.size + length :]
        kind, answer = json.loads(text, object_hook=with_block)
        if kind == "refusal":
            answer = _refusal(answer)
        return str(kind), answer
    except (struct.error, *FAULTS):
        return "ended", ""


def _refusal(said: dict[str, Any]) -> HengtanError:
    """The refusal that was raised in the process. Raises what ``FAULTS`` lists for any other."""
    kind = getattr(errors, str(said["name"]), None)
    if not (isinstance(kind, type) and issubclass(kind, HengtanError)):
        raise TypeError(said["name"])
    findings = [_finding(finding) for finding in said["findings"]]
    zh, en, todo, todo_en = (str(said[name]) for name in ("zh", "en", "todo", "todo_en"))
    return kind(zh, en, where=_where(said["where"]), todo=todo, todo_en=todo_en, findings=findings)


def _finding(said: dict[str, Any]) -> Finding:
    words = {name: str(said[name]) for name in ("level", "zh", "en", "todo", "todo_en", "code")}
    return Finding(**words, where=_where(said["where"]) or Where())


def _where(said: dict[str, Any] | None) -> Where | None:
    if said is None:
        return None
    row = None if said["row"] is None else int(said["row"])
    texts = {n: said[n] and str(said[n]) for n in ("file", "sheet", "column", "clause")}
    return Where(**texts, row=row)


def _write(stream: BinaryIO | Any, content: bytes) -> None:
    stream.write(_SIZE.pack(len(content)))
    stream.write(content)
    stream.flush()


def _read(stream: BinaryIO | Any, most: int = MOST_MEMORY) -> bytes:
    (length,) = _SIZE.unpack(stream.read(_SIZE.size))
    if length > most:
        raise EOFError
    content: bytes = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


# in the process


def answer_all() -> None:
    """Read files as they are asked for until there is nobody to ask."""
    out = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), 1)  # what a library prints is no answer
    while True:
        try:
            request = _read(sys.stdin.buffer)
        except (EOFError, struct.error):
            return
        _write(out, _answer(*json.loads(request)))


def _answer(reader: str, path: str, arguments: list[Any], memory: int, seconds: float) -> bytes:
    _limit(memory, seconds)
    try:
        module, _, name = reader.partition(":")
        return _told(
            "answer", getattr(importlib.import_module(module), name)(Path(path), *arguments)
        )
    except HengtanError as error:
        words = ("zh", "en", "todo", "todo_en")
        said = {"name": type(error).__name__, **{name: getattr(error, name) for name in words}}
        findings = [asdict(finding) for finding in error.findings]
        where = None if error.where is None else asdict(error.where)
        return _told("refusal", {**said, "where": where, "findings": findings})
    except BaseException as error:  # a panic of a library is no Exception
        return _told("failed", type(error).__name__)


def _told(kind: str, answer: Any) -> bytes:
    """An answer as its JSON, with its length before, and the blocks of bytes it names by their
    place.
    """
    blocks: list[Any] = []
    place = 0

    def named(block: Any) -> dict[str, tuple[int, int]]:
        nonlocal place
        length = memoryview(block).nbytes
        blocks.append(block)
        place += length
        return {"block": (place - length, length)}

    text = json.dumps([kind, answer], default=named).encode()
    return b"".join((_SIZE.pack(len(text)), text, *blocks))


def _limit(memory: int, seconds: float) -> None:
    """Let this process have so many bytes and seconds more than it has had.

    Seconds only where the system is not Linux; neither on Windows, where the clock of the one who
    asks is all there is.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource

        until = math.ceil(time.process_time() + seconds)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
