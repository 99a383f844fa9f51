"""What kernels return: rows made on the driver as a table with stated columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pyarrow as pa

ROWS_AT_ONCE = 10_000
KINDS = {"text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_()}


def kernel_table(rows: Iterable[Mapping[str, Any]], columns: str) -> pa.Table:
    """Rows as ``pyarrow.Table``; what a row does not hold is missing.

    Parameters
    ----------
    rows : mappings of column to value
    columns : str
        Columns in their order, ``name`` for a number or ``name:kind`` with text, whole or flag:
        ``"place:text year:whole total missing:text"``.
    """
    fields = []
    for column in columns.split():
        name, _, kind = column.partition(":")
        fields.append((name, KINDS[kind or "number"]))
    schema = pa.schema(fields)
    parts = [pa.Table.from_pylist(part, schema=schema) for part in _parts(rows)]
    return pa.concat_tables(parts) if parts else schema.empty_table()


def _parts(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """The rows a part at a time, so that no more of them stand in memory as mappings."""
    remaining = iter(rows)
    while part := list(islice(remaining, ROWS_AT_ONCE)):
        yield part
