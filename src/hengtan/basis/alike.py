"""Rows of an Arrow table that are alike in some columns, looked at together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_LARGEST = 2**62
"""Codes stay below this, far from what a 64-bit integer holds."""


def codes_of(table: pa.Table, by: Sequence[str]) -> pa.ChunkedArray:
    """A whole number for each row, the same for rows alike in the columns ``by`` and for no others;
    empty cells are alike.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pa.chunked_array([pa.array(np.zeros(table.num_rows, dtype=np.int64))])
    number = 1
    for name in by:
        own, own_number = _numbered(table[name])
        if number * own_number >= _LARGEST:
            codes, number = _numbered(codes)
        codes = pc.add(pc.multiply(codes, own_number), own)
        number *= own_number
    return codes


def _numbered(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Which of its distinct values each row has, and how many there are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = pc.dictionary_encode(column, null_encoding="encode")
    indices = [chunk.indices.cast(pa.int64()) for chunk in encoded.chunks]
    number = max((len(chunk.dictionary) for chunk in encoded.chunks), default=0)
    return pa.chunked_array(indices, pa.int64()), max(number, 1)


def alike(
    table: pa.Table,
    by: Sequence[str],
    columns: Sequence[str],
    is_wanted: Callable[[dict[str, Any]], bool],
) -> Iterator[tuple[dict[str, Any], pa.Table]]:
    """Each combination of values of the columns ``by`` that is wanted, and other columns of its
    rows, in order.

    ``is_wanted`` is asked once for a combination, however many rows share it. Empty cells are
    alike.
    """
    import numpy as np
    import pyarrow as pa

    places = pa.array(np.arange(table.num_rows, dtype=np.int64))
    numbered = pa.table({"code": codes_of(table, by), "at": places})
    groups = numbered.group_by("code", use_threads=False).aggregate([("at", "min"), ("at", "list")])
    combinations = table.select(list(by)).take(groups["at_min"]).to_pylist()
    shown = table.select(list(columns))
    for combination, rows in zip(combinations, groups["at_list"], strict=True):
        if is_wanted(combination):
            yield combination, shown.take(rows.values)
