"""The small engine that cross-checks and comparisons run in: DuckDB in memory, no files, and one
word of its own.

``step(value, original)`` is one unit of the last digit shown: 1.2 written ``1.2`` has the step 0.1,
52000 written ``5.2万吨`` has the step 1000. A figure is right to half its step, so sums of figures
may differ by half a step for each of them.
"""

from __future__ import annotations

from typing import Any

_STEP = r"""
    create macro step(value, original) as abs(value) / nullif(try_cast(regexp_replace(
        regexp_extract(
            translate(original, '０１２３４５６７８９．，', '0123456789.,'),
            '[0-9][0-9,]*([.][0-9]+)?'),
        '[.,]', '', 'g') as double), 0)"""


def open_engine() -> Any:
    """A DuckDB connection in memory, without access to files or the net."""
    import duckdb

    engine = duckdb.connect(config={"enable_external_access": "false"})
    engine.execute(_STEP)
    return engine
