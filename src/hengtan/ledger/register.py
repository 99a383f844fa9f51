"""Reading and writing the register (records and events) in the lake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.lake import Connection, quoted

_SQL_TYPES = {"int": "BIGINT", "bool": "BOOLEAN", "datetime": "TIMESTAMP"}


def create_tables(cur: Connection) -> None:
    """Make the two tables of the register where they are not yet."""
    for table, kind in (("submissions", Record), ("submission_events", Event)):
        spec = ", ".join(
            f"{quoted(f.name)} {_SQL_TYPES.get(str(f.type), 'VARCHAR')}" for f in fields(kind)
        )
        cur.execute(f"create table if not exists lake.main.{table} ({spec})")


def load(cur: Connection, start: str) -> Register:
    """The register as the connection's transaction sees it; ``start`` is the genesis head."""
    records = _rows(cur, "submissions", Record, '"at", submission')
    events = _rows(cur, "submission_events", Event, "seq")
    return Register(
        start, {r["submission"]: Record(**r) for r in records}, [Event(**e) for e in events]
    )


def rows(cur: Connection) -> tuple[list[Record], list[Event]]:
    """All records and events exactly as stored, doubles included."""
    return (
        [Record(**r) for r in _rows(cur, "submissions", Record, "submission")],
        [Event(**e) for e in _rows(cur, "submission_events", Event, "seq")],
    )


def append(cur: Connection, records: Sequence[Record], events: Iterable[Event]) -> None:
    """Add records and events. Call inside a transaction."""
    for table, things in (("submissions", list(records)), ("submission_events", list(events))):
        if things:
            names = list(asdict(things[0]))
            marks = ", ".join("(" + ", ".join("?" * len(names)) + ")" for _ in things)
            values = [v for t in things for v in asdict(t).values()]
            cur.execute(
                f"insert into lake.main.{table} ({', '.join(map(quoted, names))}) values {marks}",
                values,
            )


def _rows(cur: Connection, table: str, kind: type, order: str) -> list[dict[str, Any]]:
    names = [f.name for f in fields(kind)]
    got = cur.execute(
        f"select {', '.join(map(quoted, names))} from lake.main.{table} order by {order}"
    ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in got]
