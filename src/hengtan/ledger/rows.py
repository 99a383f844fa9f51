"""Rows of a form in the lake: one table per form, columns as the form stores them, and a digest
over them.

The digest is computed by the engine: SHA-256 of each row over a canonical text of all columns,
folded in row order in blocks, so that a million rows take about a second and every cell counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from hengtan.basis.errors import HengtanError, ImportRejected
from hengtan.ledger.engine import in_pieces
from hengtan.ledger.lake import Connection, Lake, StorageError, quoted

FIXED = {"_submission": "VARCHAR", "_row": "BIGINT", "_sheet": "VARCHAR", "_source_row": "BIGINT"}
REGISTERS = ("submissions", "submission_events", "row_ends")
USUAL = {
    pa.string(): "VARCHAR",
    pa.large_string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
}
BLOCK = 10_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def safe(name: str, what_zh: str, what: str) -> str:
    """``name`` if it may be a table's or column's name (lower-case letters, digits, underscore),
    else an error.
    """
    if not _NAME.fullmatch(name) or (what == "form" and name in REGISTERS):
        raise HengtanError(
            f"{what_zh}代号“{name}”不可用",
            f"{name!r} cannot be a {what} id",
            todo="请用小写英文字母开头，仅含小写字母、数字和下划线",
            todo_en="use lower-case letters, digits and underscore, beginning with a letter",
        )
    return name


def types_of(cur: Connection, schema: pa.Schema) -> dict[str, str]:
    """SQL types of an Arrow schema's columns, without the fixed ones."""
    plain = pa.schema(
        [
            (f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type)
            for f in schema
            if f.name not in FIXED
        ]
    )
    for column in plain:
        safe(column.name, "字段", "field")
        if pa.types.is_null(column.type):
            raise HengtanError(
                f"字段“{column.name}”没有类型",
                f"the column {column.name!r} has no type",
                todo="请按报表定义给出类型",
                todo_en="give it the type the form defines",
            )
    usual = {f.name: USUAL.get(f.type) for f in plain}
    if all(usual.values()):
        return {n: str(t) for n, t in usual.items()}
    cur.register("_typed", plain.empty_table())
    try:
        described = cur.execute("describe select * from _typed").fetchall()
    finally:
        cur.unregister("_typed")
    return {r[0]: r[1] for r in described}


def stage(
    lake: Lake, cur: Connection, form: str, table: pa.Table, sheet: str | None
) -> dict[str, str]:
    """Put the rows into the temporary table ``staged`` in the lake's types; returns columns and
    types, in order.

    ``_row`` counts 1..n; ``_sheet`` and ``_source_row`` are taken from the table where it has them.
    """
    nulls = {f.name for f in table.schema if pa.types.is_null(f.type)}
    present = lake.columns(cur, form)
    typed = [f for f in table.schema if f.name not in nulls or f.name not in present]
    handed_in = types_of(cur, pa.schema(typed))
    stored = {n: t for n, t in present.items() if n not in FIXED}
    columns = stored | {n: t for n, t in handed_in.items() if n not in present}
    rowed = _decoded(table.drop_columns(["_row"]) if "_row" in table.column_names else table)
    rowed = rowed.append_column("_row", pa.array(np.arange(1, rowed.num_rows + 1, dtype=np.int64)))

    def cell(name: str) -> str:
        return quoted(name) if name in rowed.column_names else "null"

    chosen = [f"cast({cell(n)} as {t}) as {quoted(n)}" for n, t in columns.items()]
    chosen += [
        "_row",
        f"coalesce(cast({cell('_sheet')} as varchar), cast(? as varchar)) as _sheet",
        f"cast({cell('_source_row')} as bigint) as _source_row",
    ]
    cur.register("_handed_in", in_pieces(rowed))
    try:
        cur.execute(
            f"create or replace temp table staged as select {', '.join(chosen)} from _handed_in",
            [sheet],
        )
    except StorageError as e:
        reason = str(e).splitlines()[0]
        raise ImportRejected(
            f"数据与报表“{form}”已有的列类型不符：{reason}",
            f"the rows do not fit the column types of {form!r}: {reason}",
            todo="请检查该列的类型",
            todo_en="check the type of that column",
        ) from None
    finally:
        cur.unregister("_handed_in")
    return columns | {n: t for n, t in FIXED.items() if n != "_submission"}


def _decoded(table: pa.Table) -> pa.Table:
    """The table with dictionary-coded columns as plain ones."""
    for i, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(i, column.name, table.column(i).cast(column.type.value_type))
    return table


def _row_text(columns: Sequence[str]) -> str:
    """SQL of a row's canonical text: each value with its length in bytes before it, so that no two
    rows share one.
    """
    parts = [
        f"coalesce(strlen({quoted(c)}::varchar) || ':' || ({quoted(c)}::varchar), '-')"
        for c in columns
    ]
    return " || ".join(parts)


def digests_sql(source: str, columns: Sequence[str], by: str) -> str:
    """SQL giving ``by``, number of rows and digest of the rows of ``source`` for each value of
    ``by``.
    """
    blocks = (
        f"select {by}, (_row - 1) // {BLOCK} as block, count(*) as n,"
        f" sha256(string_agg(sha256({_row_text(columns)}), '' order by _row)) as h"
        f" from {source} group by all"
    )
    return (
        f"select {by}, sum(n)::bigint as n, sha256(string_agg(h, '' order by block)) as digest"
        f" from ({blocks}) group by {by}"
    )


def staged_digest(cur: Connection, columns: Sequence[str]) -> tuple[int, str]:
    """Number and digest of the rows in ``staged``; the digest of no rows is the text ``empty``."""
    row = cur.execute(digests_sql("(select 'x' as k, * from staged)", columns, "k")).fetchone()
    return (int(row[1]), str(row[2])) if row else (0, "empty")


def insert_staged(
    lake: Lake, cur: Connection, form: str, columns: dict[str, str], submission: str
) -> None:
    """Append ``staged`` to the form's table, which is made or widened when it must be.

    Call inside a transaction.
    """
    present = lake.columns(cur, form)
    wanted = {"_submission": "VARCHAR", **columns}
    if not present:
        spec = ", ".join(f"{quoted(n)} {t}" for n, t in wanted.items())
        cur.execute(f"create table lake.main.{quoted(form)} ({spec})")
    else:
        for name, kind in wanted.items():
            if name not in present:
                cur.execute(
                    f"alter table lake.main.{quoted(form)} add column {quoted(name)} {kind}"
                )
    names = ", ".join(quoted(n) for n in columns)
    cur.execute(
        f"insert into lake.main.{quoted(form)} (_submission, {names})"
        f" select ?, {names} from staged",
        [submission],
    )
