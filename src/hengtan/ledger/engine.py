"""The small engine that cross-checks and comparisons run in: DuckDB in memory, no files, and one
word of its own.

``step(value, original)`` is one unit of the last digit shown: 1.2 written ``1.2`` has the step 0.1,
52000 written ``5.2万吨`` has the step 1000. A figure is right to half its step, so sums of figures
may differ by half a step for each of them.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from hengtan.ledger.extensions import threads_allowed

if TYPE_CHECKING:
    import pyarrow as pa

PIECE = 122_880
"""Rows the engine hands to one processor."""
_STEP = r"""
    create macro step(value, original) as abs(value) / nullif(try_cast(regexp_replace(
        regexp_extract(
            translate(original, '０１２３４５６７８９．，', '0123456789.,'),
            '[0-9][0-9,]*([.][0-9]+)?'),
        '[.,]', '', 'g') as double), 0)"""


def open_engine() -> Any:
    """A connection to the engine of this process, without access to files or the net.

    What one connection registers or creates for a time no other sees, and it goes when it closes.
    """
    return _engine(os.getpid()).cursor()


@cache
def _engine(process: int) -> Any:
    """The engine of a process: DuckDB in memory. A child that was forked opens its own and leaves
    its parent's alone, whose threads it does not have.
    """
    import duckdb

    engine = duckdb.connect(config={"enable_external_access": "false", **threads_allowed()})
    engine.execute(_STEP)
    return engine


def in_pieces(table: pa.Table) -> pa.Table:
    """The table in pieces that the engine reads side by side; nothing is copied."""
    import pyarrow as pa

    return pa.Table.from_batches(table.to_batches(max_chunksize=PIECE), schema=table.schema)
