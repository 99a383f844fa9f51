"""Parquet files that a commit adds: flushed, since the engine flushes its catalogue only and power
may fail between the two, and kept where the storage library deletes them though the commit may
stand.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

REMEMBERED = 1000
"""Files known to be on the disk, so that the next commits do not flush them again."""


class NewFiles:
    """The files below the folder of a lake, of one commit after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._on_disk: set[Path] = set()
        self._second_names: dict[Path, Path] = {}

    def flush(self, since: float) -> None:
        """Flush the files written since then (seconds of the clock), and give each a second name
        by which it stays when the first one is deleted.
        """
        for file in self._unflushed(since):
            self._second_names[file] = _second_name(file)

    def remember(self) -> None:
        """They are committed: the next commits need not flush them."""
        if len(self._on_disk) > REMEMBERED:
            self._on_disk.clear()
        self._on_disk.update(self._second_names)

    def put_back(self) -> None:
        """Give files that were deleted their first names again."""
        for file, link in self._second_names.items():
            if not file.exists():
                os.replace(link, file)

    def forget_second_names(self) -> None:
        """The commit has ended, one way or the other."""
        for link in self._second_names.values():
            link.unlink(missing_ok=True)
        self._second_names = {}

    def _unflushed(self, since: float) -> Iterator[Path]:
        """The files written since then that are not on the disk for certain, flushed."""
        for table in self.folder.glob("*/*/"):
            if table.stat().st_mtime < since:
                continue
            written = [Path(e.path) for e in os.scandir(table) if e.stat().st_mtime >= since]
            for file in written:
                if not file.name.startswith(".") and file not in self._on_disk:
                    with open(file, "rb+") as opened:
                        os.fsync(opened.fileno())
                    yield file
            if os.name == "posix" and not self._on_disk.issuperset(written):
                handle = os.open(table, os.O_RDONLY)
                os.fsync(handle)
                os.close(handle)


def _second_name(file: Path) -> Path:
    """A second, hidden name for a file."""
    link = file.with_name(f".{file.name}.kept")
    link.unlink(missing_ok=True)
    try:
        os.link(file, link)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        shutil.copyfile(file, link)  # a file system without links
    return link
