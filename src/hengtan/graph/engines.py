"""The same accounts on other engines: the tables of a frozen export, and how an engine keeps the
rows of an account.

DuckDB keeps them in a temporary table. Spark has none: it gets the computed rows, without their
lineage, under the name of a temporary view.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hengtan.basis.errors import Where
from hengtan.basis.seal import sha256_of
from hengtan.graph.refusals import refusal

NO_CONSTRAINTS = ("spark.sql.constraintPropagation.enabled", "false")
"""Spark 4.0 fails with ``key not found`` where it infers filters of a union of tables that share
columns; rows are the same without that."""


def frozen_tables(engine: Any, folder: Path) -> dict[str, Any]:
    """The forms of a frozen export (``ledger.freeze``) as Ibis tables of an engine, by name.

    Every file is held against the manifest first. Raises HengtanError where the manifest cannot be
    read, or a file is missing or is not the one that was frozen.
    """
    try:
        forms = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["forms"]
        files = {form: (folder / about["file"], about["sha256"]) for form, about in forms.items()}
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise refusal("no_frozen_export", folder, e) from e
    for file, digest in files.values():
        if not file.is_file() or sha256_of(file) != digest:
            raise refusal("frozen_file_differs", file.name, where=Where(file=str(file)))
    return {form: _read(engine, form, file) for form, (file, _) in files.items()}


def given_tables(engine: Any, folder: Path, tables: Mapping[str, Any]) -> dict[str, Any]:
    """Arrow tables as Ibis tables of an engine, by name, by way of Parquet files in ``folder``,
    which the engine must be able to read.
    """
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: _read(engine, name, folder / f"{name}.parquet") for name in tables}


def keep(table: Any, name: str) -> Any:
    """Run an Ibis table once and keep its rows in its engine under a name, for the life of the
    connection.
    """
    engine = table.get_backend()
    if engine.name != "pyspark":
        return engine.create_table(name, table, temp=True)
    engine._session.conf.set(*NO_CONSTRAINTS)
    engine.raw_sql(engine.compile(table)).localCheckpoint().createOrReplaceTempView(name)
    return engine.table(name)


def keep_rows(engine: Any, rows: Any, name: str) -> Any:
    """``pyarrow`` rows made on the driver, kept in an engine under a name, for the life of the
    connection.
    """
    if engine.name != "pyspark":
        return engine.create_table(name, rows, temp=True)
    frame = engine._session.createDataFrame(rows)
    frame.localCheckpoint().createOrReplaceTempView(name)
    return engine.table(name)


def drop(engine: Any, name: str) -> None:
    """Let go of what ``keep`` kept."""
    if engine.name == "duckdb":  # the statement as it is; Ibis builds and prints it each time
        engine.raw_sql(f'drop table if exists "{name}"')
    else:
        (engine.drop_view if engine.name == "pyspark" else engine.drop_table)(name, force=True)


def _read(engine: Any, name: str, file: Path) -> Any:
    return engine.read_parquet(str(file), table_name=name)
