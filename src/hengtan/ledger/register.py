"""Reading and writing the register (records and events) in the lake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.lake import Connection, literal, quoted

KINDS = (("submissions", Record), ("submission_events", Event))
MOST_NAMED = 500
"""Submissions that a query names; beyond them it reads all."""
_SQL_TYPES = {"int": "BIGINT", "bool": "BOOLEAN", "datetime": "TIMESTAMP"}


def create_tables(cur: Connection) -> None:
    """Make the two tables of the register where they are not yet."""
    for table, kind in KINDS:
        spec = ", ".join(f"{quoted(f.name)} {_sql_type(str(f.type))}" for f in fields(kind))
        cur.execute(f"create table if not exists lake.main.{table} ({spec})")


def load(cur: Connection, start: str) -> Register:
    """The register as the connection's transaction sees it; ``start`` is the genesis head."""
    records = _rows(cur, "submissions", Record, '"at", submission')
    events = _rows(cur, "submission_events", Event, "seq")
    return Register(
        start, {r["submission"]: Record(**r) for r in records}, [Event(**e) for e in events]
    )


def later(cur: Connection, known: Register) -> Register | None:
    """A register that was known with what other processes have added since; None where what is
    stored is not that register grown: a catalogue that was put in its place.
    """
    if not known.events:
        return None
    last = known.events[-1]
    same = "select head from lake.main.submission_events where seq = ?"
    if cur.execute(same, [last.seq]).fetchall() != [(last.head,)]:
        return None
    added = _rows(cur, "submission_events", Event, "seq", f"seq > {int(last.seq)}")
    events = [Event(**row) for row in added]
    new = {event.submission for event in events} - set(known.records)
    rows = _records_of(cur, new)
    counted = "select count(*) from lake.main."
    number_of = [cur.execute(counted + table).fetchone() for table, _ in KINDS]
    if number_of != [(len(known.records) + len(rows),), (len(known.events) + len(events),)]:
        return None
    grown = known.copy()
    grown.grow((Record(**row) for row in rows), events)
    return grown


def _records_of(cur: Connection, submissions: set[str]) -> list[dict[str, Any]]:
    """The records of some submissions; very many are not named in the query."""
    if not submissions:
        return []
    listed = ", ".join(map(literal, sorted(submissions)))
    few = f"submission in ({listed})" if len(submissions) <= MOST_NAMED else "true"
    rows = _rows(cur, "submissions", Record, '"at", submission', few)
    return [row for row in rows if row["submission"] in submissions]


def reached(cur: Connection, entries: int) -> tuple[int, str | None]:
    """How many entries the chain has, and the head after so many of them; None where it has fewer.

    Nothing else of the register is read.
    """
    table = "lake.main.submission_events"
    ((number,),) = cur.execute(f"select count(*) from {table}").fetchall()
    ordered = f"select head from {table} order by seq limit 1 offset ?"
    there = cur.execute(ordered, [max(entries - 1, 0)]).fetchone()
    return int(number), there[0] if there else None


def rows_stated(cur: Connection) -> list[tuple[str, int]]:
    """How many rows were handed in of each form, as the register says."""
    stated = "select form, sum(rows)::bigint from lake.main.submissions group by form order by form"
    return cur.execute(stated).fetchall()


def rows(cur: Connection) -> tuple[list[Record], list[Event]]:
    """All records and events exactly as stored, doubles included."""
    return (
        [Record(**r) for r in _rows(cur, "submissions", Record, "submission")],
        [Event(**e) for e in _rows(cur, "submission_events", Event, "seq")],
    )


def append(cur: Connection, records: Sequence[Record], events: Iterable[Event]) -> None:
    """Add records and events; a ledger of an older version gets the columns it lacks.

    Call inside a transaction.
    """
    for table, things in (("submissions", list(records)), ("submission_events", list(events))):
        if things:
            _widen(cur, table, type(things[0]))
            names = list(asdict(things[0]))
            marks = ", ".join("(" + ", ".join("?" * len(names)) + ")" for _ in things)
            values = [v for t in things for v in asdict(t).values()]
            cur.execute(
                f"insert into lake.main.{table} ({', '.join(map(quoted, names))}) values {marks}",
                values,
            )


def _sql_type(kind: str) -> str:
    return _SQL_TYPES.get(kind.removesuffix(" | None"), "VARCHAR")


def _stored(cur: Connection, table: str) -> set[str]:
    rows = cur.execute(
        "select column_name from duckdb_columns() where database_name = 'lake'"
        f" and schema_name = 'main' and table_name = {literal(table)}"
    ).fetchall()
    return {name for (name,) in rows}


def _widen(cur: Connection, table: str, kind: type) -> None:
    stored = _stored(cur, table)
    for column in fields(kind):
        if column.name not in stored:
            spec = f"{quoted(column.name)} {_sql_type(str(column.type))}"
            cur.execute(f"alter table lake.main.{table} add column {spec}")


def _rows(
    cur: Connection, table: str, kind: type, order: str, where: str = "true"
) -> list[dict[str, Any]]:
    stored = _stored(cur, table)
    names = [f.name for f in fields(kind) if f.name in stored]
    chosen = ", ".join(map(quoted, names))
    query = f"select {chosen} from lake.main.{table} where {where} order by {order}"
    rows = cur.execute(query).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]
