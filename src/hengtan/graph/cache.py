"""Results kept as Parquet beside the ledger, found again while ledger, packs, program and options
are the same.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import writing

KEPT = 240
"""Tables that are kept: more than the first pages ask for together."""
LEFT_BEHIND = 3600.0
"""Seconds after which an unfinished file belongs to a write that was cut off."""


class CachedTables:
    """A folder of results. A file that cannot be read is dropped and made again; the oldest beyond
    ``KEPT`` are dropped.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: Sequence[str]) -> Path:
        digest = sha256_of("\0".join(key))[:32]
        return self.folder / f"{key[0]}-{digest}.parquet"

    def get(self, key: Sequence[str]) -> Any | None:
        """The table kept under a key, or None."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._path(key)
        try:
            with path.open("rb") as file:
                return pq.read_table(file)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, pa.ArrowException):
            with suppress(OSError):
                path.unlink()
            return None

    def put(self, key: Sequence[str], table: Any) -> None:
        """Keep a table under a key, whole or not at all; a folder that cannot be written is passed
        over.
        """
        import pyarrow.parquet as pq

        with suppress(OSError):
            with writing(self._path(key), durable=False) as out:
                pq.write_table(table, out)
            self._drop_old()

    def _drop_old(self) -> None:
        kept = sorted(self.folder.glob("*.parquet"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in kept[KEPT:]:
            path.unlink(missing_ok=True)
        for part in self.folder.glob("*.part"):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > LEFT_BEHIND:
                    part.unlink()
