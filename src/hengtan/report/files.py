"""Plain files for people and machines: bytes, text, CSV, Parquet, written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import Any

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_whole(path: Path, content: bytes) -> Path:
    """Write bytes beside ``path`` and rename: a reader sees the old file or the new one, never a
    part.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def write_text(path: Path, text: str) -> Path:
    """Write a text file as UTF-8, whole or not at all."""
    return write_whole(path, text.encode("utf-8"))


def write_parquet(table: Any, path: Path) -> Path:
    """Write a ``pyarrow.Table`` as Parquet, whole or not at all."""
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return write_whole(path, buffer.getvalue())


def csv_text(table: Any) -> str:
    """A ``pyarrow.Table`` as CSV text with a header row.

    Text that a spreadsheet would take for a formula gets a leading ``'``.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(["" if value is None else _safe(value) for value in row.values()])
    return out.getvalue()


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
