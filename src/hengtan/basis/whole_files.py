"""Files written whole or not at all: into a hidden file beside the target, to the disk, then
renamed.

A reader sees the old file or the new one, never a part, also when the machine stops in between.
"""

from __future__ import annotations

import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

ABANDONED_AFTER = 3600
"""Seconds after which a hidden file that nobody touched was left by a writer that stopped."""
_PARTIAL = re.compile(r"\..*\.[0-9a-f]{32}\.part")


@contextmanager
def writing(
    path: Path, *, name: Callable[[], str] | None = None, durable: bool = True
) -> Iterator[BinaryIO]:
    """A binary file that becomes ``path`` when the block ends, and vanishes where it fails.

    Folders are made.

    ``name``: asked for the last part of the path when all is written, where only the content
    settles it (its digest). ``durable=False`` leaves out the wait for the disk, for files that can
    be made again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name[:40]}.{uuid.uuid4().hex}.part")
    try:
        with partial.open("xb") as out:
            yield out
            out.flush()
            if durable:
                os.fsync(out.fileno())
        os.replace(partial, path if name is None else path.with_name(name()))
        if durable:
            folder_to_disk(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def sweep_unfinished(folder: Path) -> list[Path]:
    """Delete the hidden files that writers which stopped left in a folder and those below it; gives
    what was deleted.
    """
    gone = []
    for path in folder.rglob(".*.part"):
        is_old = time.time() - path.stat().st_mtime > ABANDONED_AFTER
        if is_old and _PARTIAL.fullmatch(path.name):
            path.unlink()
            gone.append(path)
    return gone


def folder_to_disk(folder: Path) -> None:
    """Flush a folder's list of names; only POSIX has it apart from the files."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes | str, *, durable: bool = True) -> Path:
    """Write bytes, or a text as UTF-8, whole or not at all; gives the path back."""
    with writing(path, durable=durable) as out:
        out.write(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def write_json(path: Path, content: Any, *, indent: int | None = 1) -> Path:
    """Write JSON with Chinese as it is, whole or not at all; gives the path back."""
    return write_whole(path, json.dumps(content, ensure_ascii=False, indent=indent))
