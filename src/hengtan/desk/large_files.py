"""Whether a file holds more rows than a page waits for: told from its bytes, before it is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

LARGE = 10_000
"""Rows from which a file is looked at and taken in by a job."""
MOST_BYTES = 200_000_000
"""Bytes of sheets that are looked through."""
LARGE_BYTES = 2_000_000
"""Bytes from which a workbook of another kind counts as large."""
PIECE = 1 << 20
ROW, LINE = b"<row", b"\n"
OTHER_WORKBOOKS = (".xls", ".ods", ".et", ".parquet")


def is_large(path: Path) -> bool:
    """Whether a file has more than ``LARGE`` rows in all its sheets, as far as its bytes say: a
    damaged one is not large, it is refused soon enough.
    """
    if zipfile.is_zipfile(path):
        try:
            return _is_large_book(path)
        except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            return False
    if path.suffix.lower() in OTHER_WORKBOOKS:
        return path.stat().st_size > LARGE_BYTES
    return _is_large_text(path)


def _is_large_book(path: Path) -> bool:
    rows = size = 0
    with zipfile.ZipFile(path) as book:
        sheets = [n for n in book.namelist() if n.startswith("xl/worksheets/")]
        if not sheets:
            return path.stat().st_size > LARGE_BYTES
        for name in sheets:
            with book.open(name) as sheet:
                end = b""
                while piece := sheet.read(PIECE):
                    # a mark that lies across two pieces is counted with the second
                    rows += (end + piece).count(ROW)
                    end = piece[-(len(ROW) - 1) :]
                    size += len(piece)
                    if rows > LARGE:
                        return True
                    if size > MOST_BYTES:  # no table of few rows: the reader refuses it at once
                        return False
    return False


def _is_large_text(path: Path) -> bool:
    lines = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            lines += piece.count(LINE)
            if lines > LARGE:
                return True
    return False
