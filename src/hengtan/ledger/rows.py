"""Rows of a form in the lake: one table per form, columns as the form stores them, and a digest
over them.

The digest is computed by the engine: SHA-256 of each row over a canonical text of all columns,
folded in row order in blocks, so that a million rows take about a second and every cell counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from hengtan.basis.errors import HengtanError, ImportRejected
from hengtan.ledger.engine import in_pieces
from hengtan.ledger.lake import Connection, Lake, StorageError, literal, quoted

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
EMPTY = "empty"
"""The digest of no rows."""
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


@dataclass(frozen=True)
class Staged:
    """Rows of one or several submissions of a form in a temporary table, in the lake's types.

    ``columns``: names and types, in order; ``counted``: number and digest of the rows of each, by
    its number in the column ``_item``.
    """

    table: str
    form: str
    columns: dict[str, str]
    counted: dict[int, tuple[int, str]]


@dataclass(frozen=True)
class Sheet:
    """The rows that one submission hands in, and the sheet they come from."""

    item: int
    rows: pa.Table
    name: str | None


def stage(
    lake: Lake,
    cur: Connection,
    form: str,
    sheets: Sequence[Sheet],
    table: str = "staged",
    *,
    digest: bool = True,
) -> Staged:
    """Put the rows of sheets with the same columns into a temporary table.

    ``_row`` counts 1..n in each; ``_sheet`` and ``_source_row`` are taken from the rows where they
    have them. Without ``digest`` the digests are the empty text.
    """
    schema = sheets[0].rows.schema
    nulls = {f.name for f in schema if pa.types.is_null(f.type)}
    present = lake.columns(cur, form)
    typed = [f for f in schema if f.name not in nulls or f.name not in present]
    handed_in = types_of(cur, pa.schema(typed))
    stored = {n: t for n, t in present.items() if n not in FIXED}
    columns = stored | {n: t for n, t in handed_in.items() if n not in present}
    rows = pa.concat_tables(map(_numbered, sheets))

    def cell(name: str) -> str:
        return quoted(name) if name in rows.column_names else "null"

    chosen = [f"cast({cell(n)} as {t}) as {quoted(n)}" for n, t in columns.items()]
    chosen += [
        "_row",
        f"coalesce(cast({cell('_sheet')} as varchar), _of_sheet) as _sheet",
        f"cast({cell('_source_row')} as bigint) as _source_row",
        "_item",
    ]
    cur.register("_handed_in", in_pieces(rows))
    try:
        cur.execute(
            f"create or replace temp table {table} as select {', '.join(chosen)} from _handed_in"
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
    columns |= {n: t for n, t in FIXED.items() if n != "_submission"}
    counted = {sheet.item: (sheet.rows.num_rows, EMPTY if digest else "") for sheet in sheets}
    if digest:
        counted |= _digests(cur, table, list(columns))
    return Staged(table, form, columns, counted)


def _numbered(sheet: Sheet) -> pa.Table:
    """The rows with their number, and their submission's number and sheet."""
    rows = sheet.rows
    rows = _decoded(rows.drop_columns(["_row"]) if "_row" in rows.column_names else rows)
    count = rows.num_rows
    rows = rows.append_column("_row", pa.array(np.arange(1, count + 1, dtype=np.int64)))
    rows = rows.append_column("_item", pa.repeat(pa.scalar(sheet.item, pa.int64()), count))
    return rows.append_column("_of_sheet", pa.repeat(pa.scalar(sheet.name, pa.string()), count))


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


def _digests(cur: Connection, table: str, columns: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Number and digest of the rows of each submission in a temporary table."""
    rows = cur.execute(digests_sql(table, columns, "_item")).fetchall()
    return {int(item): (int(count), str(digest)) for item, count, digest in rows}


def insert_staged(lake: Lake, cur: Connection, staged: Staged, numbers: Mapping[int, str]) -> None:
    """Append the rows of some submissions to the form's table, which is made or widened when it
    must be.

    ``numbers``: the submission each item becomes. Call inside a transaction.
    """
    present, table = lake.columns(cur, staged.form), f"lake.main.{quoted(staged.form)}"
    wanted = {"_submission": "VARCHAR", **staged.columns}
    if not present:
        spec = ", ".join(f"{quoted(n)} {t}" for n, t in wanted.items())
        cur.execute(f"create table {table} ({spec})")
    else:
        for name, kind in wanted.items():
            if name not in present:
                cur.execute(f"alter table {table} add column {quoted(name)} {kind}")
    if not any(staged.counted[item][0] for item in numbers):
        return
    names = ", ".join(map(quoted, staged.columns))
    if len(staged.counted) == 1:
        (number,) = numbers.values()
        chosen = f"select {literal(number)}, {names} from {staged.table}"
    else:
        becoming = ", ".join(f"({item}, {literal(number)})" for item, number in numbers.items())
        chosen = (
            f"select n.submission, {names} from {staged.table} s"
            f" join (values {becoming}) n(item, submission) on s._item = n.item"
            " order by s._item, s._row"
        )
    cur.execute(f"insert into {table} (_submission, {names}) {chosen}")
