"""Parquet files of strangers, piece by piece.

A file of a few hundred kilobytes can stand for gigabytes: a long text written once and repeated, a
page that says it unpacks to two. So the file is gone through once in a process with limits, and
read here in the same way only where that came to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hengtan.basis.apart import read_apart
from hengtan.basis.errors import Where
from hengtan.ledger.reading.findings import refusal
from hengtan.ledger.reading.grid import MAX_CELL_LENGTH, MAX_COLUMNS

MAX_ROWS = 50_000_000
MAX_PIECE_BYTES = 100_000_000
"""Bytes of the texts of a column in a piece."""


@dataclass(frozen=True)
class Stored:
    """A Parquet file: its titles, its rows in pieces of ``pyarrow.Table``, and how many there
    are.
    """

    titles: tuple[str, ...]
    pieces: Iterator[Any]
    rows: int


def read_parquet(path: Path, rows_at_a_time: int) -> Stored:
    """A Parquet file in pieces. Raises UnreadableFile for one that is damaged or too large."""
    where = Where(path.name)
    if not path.is_file():
        raise refusal("cannot-open", "—", where=where)
    rows = read_apart(f"{__name__}:{gone_through.__name__}", path.absolute(), rows_at_a_time)
    file = _opened(path, where)
    return Stored(tuple(file.schema_arrow.names), _pieces(file, where, rows_at_a_time), int(rows))


def gone_through(path: Path, rows_at_a_time: int) -> int:
    """The number of rows that a Parquet file turns out to have; for a process with limits.

    Raises UnreadableFile.
    """
    where = Where(path.name)
    return sum(piece.num_rows for piece in _pieces(_opened(path, where), where, rows_at_a_time))


def _opened(path: Path, where: Where) -> Any:
    """The file, texts kept once however often they stand in it. Raises UnreadableFile."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        for column in schema:
            if pa.types.is_nested(column.type):
                raise refusal("nested-column", column.name, where=where)
        texts = [column.name for column in schema if _is_text(column.type)]
        file = pq.ParquetFile(path, read_dictionary=texts)
    except (OSError, pa.ArrowException) as error:
        raise refusal("no-parquet", type(error).__name__, where=where) from error
    rows, columns = file.metadata.num_rows, len(schema)
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        limits = (MAX_ROWS, MAX_COLUMNS, MAX_ROWS * MAX_COLUMNS)
        raise refusal("table-too-large", rows, columns, *limits, where=where)
    return file


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    tests = (pa.types.is_string, pa.types.is_binary, pa.types.is_large_string)
    return any(test(kind) for test in (*tests, pa.types.is_large_binary))


def _pieces(file: Any, where: Where, rows_at_a_time: int) -> Iterator[Any]:
    import pyarrow as pa

    try:
        for batch in file.iter_batches(batch_size=rows_at_a_time, use_threads=False):
            columns = [_plain(column, where) for column in batch.columns]
            yield pa.table(columns, names=batch.schema.names)
    except (OSError, pa.ArrowException) as error:
        raise refusal("no-parquet", type(error).__name__, where=where) from error


def _plain(column: Any, where: Where) -> Any:
    """A column with its texts written out, where they come to no more than a piece may hold."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type):
        return column
    lengths = pc.binary_length(column.dictionary)
    longest = pc.max(lengths).as_py() or 0
    if longest > 4 * MAX_CELL_LENGTH:
        raise refusal("cell-too-long", longest, where=where)
    written = pc.sum(lengths.take(column.indices)).as_py() or 0
    if written > MAX_PIECE_BYTES:
        raise refusal("texts-too-long", written, MAX_PIECE_BYTES, where=where)
    return column.dictionary_decode()
