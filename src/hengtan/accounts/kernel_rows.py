"""What kernels return: rows made on the driver as a table with stated columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

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
    return pa.Table.from_pylist(list(rows), schema=pa.schema(fields))
