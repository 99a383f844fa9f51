"""A table that DuckDB holds, as Ibis sees it, and its rows."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def stored_table(engine: Any, name: str, *, catalog: str, database: str) -> Any:
    """The Ibis table of a stored table of a DuckDB engine: ``engine.table``, but each word for a
    type is parsed once a process instead of once a column (a graph has some two thousand).

    Raises duckdb.CatalogException where there is no such table.
    """
    import ibis.expr.operations as ops
    import ibis.expr.schema as sch

    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in (catalog, database, name))
    columns = engine.con.sql(f"describe {quoted}").fetchall()
    schema = sch.Schema(
        {
            column: _data_type(engine.compiler.type_mapper, kind, null)
            for column, kind, null, *_ in columns
        }
    )
    place = ops.Namespace(catalog=catalog, database=database)
    return ops.DatabaseTable(name, schema=schema, source=engine, namespace=place).to_expr()


def rows_of(table: Any, most: int) -> Any | None:
    """The rows of a stored table as the engine gives them (``pyarrow.Table``); None where they are
    more than ``most``.
    """
    engine, quoted = table.get_backend(), table.op().name.replace('"', '""')
    # fetched whole: an answer that is left open holds its transaction, which sees no later table
    [(count,)] = engine.con.execute(f'select count(*) from "{quoted}"').fetchall()
    if count > most:
        return None
    answer = engine.con.execute(f'select * from "{quoted}"')
    # as long as it is: the engine takes memory for a million rows where it is not told
    return answer.to_arrow_table(max(count, 1))


def restored_table(engine: Any, name: str, rows: Any) -> Any:
    """Rows that ``rows_of`` gave, as a temporary table of an engine."""
    quoted = name.replace('"', '""')
    engine.con.register("_kept_rows", rows)
    engine.con.execute(f'create temp table "{quoted}" as select * from _kept_rows')
    engine.con.unregister("_kept_rows")
    return stored_table(engine, name, catalog="temp", database="main")


@lru_cache(maxsize=500)
def _data_type(mapper: Any, kind: str, null: str) -> Any:
    return mapper.from_string(kind, nullable=null == "YES")
