"""Whether anything of a workspace was written since, as the file system tells it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from hengtan.workspace.asof import AsOf

Stamp = tuple[object, ...]
NOT_LOOKED_AT = {"cache", "lake", "files", "work"}
"""Folders of what is made anew, of the rows of the ledger and of its originals, which change only
with the ledger's catalogue; and of people and their work, which no kept page shows.
"""
EMPTY_OF_READERS = "-wal"
"""What SQLite puts beside a catalogue as soon as somebody reads it, and takes away after him."""


def stamp_of(folder: Path) -> Stamp:
    """Which files a workspace consists of, each with its number, size and time, and the day.

    Two equal stamps mean that nothing was written in between: whole files are written beside the
    old one and renamed, and the ledger notes each step beside its catalogue.
    """
    return (AsOf.of().judged_on, *sorted(_files(folder)))


def _files(folder: Path | str) -> Iterator[tuple[str, int, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name not in NOT_LOOKED_AT:
                yield from _files(entry.path)
        elif not entry.name.endswith(("-shm", ".lock")):
            try:
                about = entry.stat()
            except FileNotFoundError:  # gone meanwhile: so is the stamp
                continue
            if entry.name.endswith(EMPTY_OF_READERS) and not about.st_size:
                continue
            yield entry.path, about.st_ino, about.st_size, about.st_mtime_ns
