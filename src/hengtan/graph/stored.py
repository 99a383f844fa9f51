"""A table that DuckDB holds, as Ibis sees it."""

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


@lru_cache(maxsize=500)
def _data_type(mapper: Any, kind: str, null: str) -> Any:
    return mapper.from_string(kind, nullable=null == "YES")
