"""Plain files for people and machines: bytes, text, CSV, Parquet, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_whole

MARK = "\ufeff"
"""What a CSV begins with, so that Excel takes it for UTF-8."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")


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
        writer.writerow(["" if value is None else safe(value) for value in row.values()])
    return out.getvalue()


def list_csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as a CSV file that Excel reads: figures without the noise of their last digits, text
    that no sheet takes for a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_written(value) for value in row])
    return (MARK + out.getvalue()).encode("utf-8")


def _written(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.15g}"
    return "" if value is None else safe(value)


def safe(value: Any) -> Any:
    """A cell of a CSV file; text that a spreadsheet would take for a formula gets a mark."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value
