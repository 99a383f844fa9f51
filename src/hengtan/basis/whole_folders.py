"""Folders written whole or not at all: filled beside the target, to the disk, then renamed.

A folder cannot be put in the place of another in one step everywhere, so the old one is renamed
aside, the new one into its place, and the old one deleted. ``mend`` finishes or undoes what a stop
in between left: it is asked when a folder of such folders is opened.
"""

from __future__ import annotations

import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hengtan.basis.errors import HengtanError
from hengtan.basis.whole_files import folder_to_disk

_ASIDE = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{12}\.(?P<kind>new|old)$")
ABANDONED_AFTER = 3600
"""A new folder that nobody touched for so many seconds was left by a writer that stopped."""
IN_BETWEEN = 5
"""So many seconds a writer may take between its two renames, before another mends."""

ELSEWHERE = ".elsewhere.json"
"""A new folder with this file names things outside of it, which whoever fills it takes away first
where it fails; only then is the folder deleted.
"""


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder that takes the place of ``target`` when the block ends, and vanishes where it
    fails; the old ``target`` stays until then. Raises OSError where a rename is refused: the old
    one is then back in its place.
    """
    with scratch_beside(target) as staged:
        yield staged
        _to_disk(staged)
        _swap(staged, target)


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """An empty hidden folder on the same disk as ``target``, for as long as the block lasts.

    What a writer that stopped left there earlier is put right.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    mend(target.parent)
    staged = _aside(target, "new")
    staged.mkdir()
    try:
        yield staged
    finally:
        if not (staged / ELSEWHERE).is_file():
            shutil.rmtree(staged, ignore_errors=True)


def refuse_used(folder: Path) -> None:
    """Raises HengtanError for what is no new or empty folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HengtanError(
            f"“{folder}”不是空文件夹",
            f"'{folder}' is not an empty folder",
            todo="换一个新文件夹",
            todo_en="choose a new folder",
        )


def mend(parent: Path) -> list[Path]:
    """Put right what writers that stopped left in a folder; gives the targets that were put back.

    An old folder whose target is gone is put back, one whose target is there is deleted; a new one
    is deleted when nobody has touched it for ``ABANDONED_AFTER`` seconds, unless it names things
    ``ELSEWHERE``.
    """
    put_back: list[Path] = []
    if not parent.is_dir():
        return put_back
    for path in sorted(parent.iterdir()):
        match = _ASIDE.fullmatch(path.name)
        if match is None:
            continue
        target = path.with_name(match["name"])
        if match["kind"] == "new":
            is_alone = not (path / ELSEWHERE).is_file()
            if is_alone and time.time() - _touched(path) > ABANDONED_AFTER:
                shutil.rmtree(path, ignore_errors=True)
        elif _is_there_soon(target):
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.rename(target)
            put_back.append(target)
    return put_back


def unfinished(target: Path) -> list[Path]:
    """What a writer of ``target`` that stopped left beside it."""
    if not target.parent.is_dir():
        return []
    matches = ((path, _ASIDE.fullmatch(path.name)) for path in target.parent.iterdir())
    return sorted(path for path, match in matches if match and match["name"] == target.name)


def with_things_elsewhere(parent: Path) -> list[Path]:
    """New folders in a folder that name things outside of them: of writers at work, or stopped."""
    if not parent.is_dir():
        return []
    matches = ((path, _ASIDE.fullmatch(path.name)) for path in sorted(parent.iterdir()))
    new = [path for path, match in matches if match and match["kind"] == "new"]
    return [path for path in new if (path / ELSEWHERE).is_file()]


def _aside(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}.{kind}")


def _swap(staged: Path, target: Path) -> None:
    old = _aside(target, "old")
    if target.exists():
        target.rename(old)
    try:
        staged.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    folder_to_disk(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def _is_there_soon(target: Path) -> bool:
    """Whether a target is there, or comes while a writer is between its renames."""
    end = time.monotonic() + IN_BETWEEN
    while not target.exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def _touched(folder: Path) -> float:
    """When anything in a folder was last changed."""
    times = [folder.stat().st_mtime]
    for path in folder.rglob("*"):
        times.append(path.lstat().st_mtime)
    return max(times)


def _to_disk(folder: Path) -> None:
    """Flush all files of a folder, and the folders."""
    for root, _, files in os.walk(folder):
        for name in files:
            with open(Path(root) / name, "rb+") as file:
                os.fsync(file.fileno())
        folder_to_disk(Path(root))
