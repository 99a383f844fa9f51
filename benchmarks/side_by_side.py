"""What the benchmarks on large Parquet files share: engines held to a memory limit, ways compared.

Groups that two ways make are the same when their number, their sum and their weighted sum are.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from measure import Figures, Runs, markdown

LIMIT = "1500MB"
HEADS = (
    "way",
    "seconds",
    "ratio to hand-written SQL",
    "CPU seconds",
    "ratio to hand-written SQL",
    "ratio to bare scan",
    "peak MB",
    "does",
)


class Clock:
    """Wall and CPU seconds since it was made."""

    def __init__(self) -> None:
        self.started, self.used = time.perf_counter(), time.process_time()

    def figures(self) -> Figures:
        return {
            "seconds": time.perf_counter() - self.started,
            "cpu": time.process_time() - self.used,
        }


def duckdb_in(folder: Path) -> Any:
    """A DuckDB connection held to the memory limit that spills into a folder."""
    import duckdb

    return duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)})


def ibis_in(folder: Path) -> Any:
    """The same, through Ibis."""
    import ibis

    return ibis.duckdb.connect(memory_limit=LIMIT, temp_directory=str(folder))


def by_hand(query: str, folder: Path) -> tuple[Any, Figures]:
    """A query written by hand: its groups and what they took."""
    with duckdb_in(folder) as engine:
        clock = Clock()
        return engine.execute(query).to_arrow_table(), clock.figures()


def by_expression(engine: Any, ask: Any, *tables: Any) -> tuple[Any, Figures]:
    """An expression of Ibis over tables of an engine: its groups, what they and the SQL took.

    Importing compiler and converters is set-up, as the imports of the other ways are.
    """
    tables[-1].count().to_pyarrow()
    compiling = Clock()
    expression = ask(*tables)
    engine.compile(expression)
    compiled = compiling.figures()["seconds"]
    clock = Clock()
    return expression.to_pyarrow(), clock.figures() | {"compile": compiled}


def must_agree(way: str, runs: Runs, with_sql: Figures) -> None:
    """End the run where a way makes other groups than the hand-written SQL."""
    for run in runs:
        sums = (math.isclose(run[f], with_sql[f], rel_tol=1e-9) for f in ("total", "weighted"))
        if run["groups"] != with_sql["groups"] or not all(sums):
            raise SystemExit(f"{way} gives {run}, sql {with_sql}")


def row_of(way: str, runs: Mapping[str, Runs], does: str, *, in_java: bool = False) -> list[str]:
    """The cells of a way under ``HEADS``."""
    own, sql, scan = runs[way], runs["sql"], runs["scan"]
    cpu, cpu_ratio = f"{own.median('cpu'):.2f}", f"{own.median('cpu') / sql.median('cpu'):.2f}"
    if in_java:
        cpu, cpu_ratio = "in Java", ""
    return [
        way,
        f"{own.median():.2f} ({own.least():.2f} – {own.most():.2f})",
        f"{own.median() / sql.median():.2f}",
        cpu,
        cpu_ratio,
        f"{own.median() / scan.median():.1f}",
        f"{own.most('peak_mb'):,.0f}",
        does,
    ]


def table_of(rows: list[list[str]]) -> list[str]:
    """The Markdown table of such rows."""
    return markdown(HEADS, rows)


def compiling(runs: Runs) -> str:
    """What making the SQL took, in a sentence."""
    return (
        "Building the expression and turning it into SQL once more took "
        f"{runs.median('compile'):.2f} s beside it, whatever the number of rows."
    )
