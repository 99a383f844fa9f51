"""Copied tables of people taken into a store: after a restoration, and as the way back from an
upgrade. Tables are made as they were by the steps of the program, filled, and numbers go on.

What waits in ``work/waiting`` takes the place of all that the store holds, of which a copy is put
aside first. A stop in between leaves it waiting, to be begun again.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from hengtan.basis.errors import HengtanError
from hengtan.workspace.people_tables import BEFORE, CONTENTS, FILE, WAITING, Copied, copy_out

Steps = Iterable[tuple[str, str]]
BATCH = 500


class Store(Protocol):
    """Where people are kept (``store.Store``)."""

    @property
    def folder(self) -> Path: ...
    @property
    def file(self) -> Path: ...
    @property
    def address(self) -> str | None: ...
    @property
    def schema(self) -> str: ...


def take_in(store: Store, refuse_newer: Callable[[Steps], None]) -> bool:
    """Fill the store of this thread's connection with what waits for it; whether anything did.

    Call while no other process changes tables. Raises HengtanError; what waits stays.
    """
    waiting = store.folder / WAITING
    copied = Copied.of(waiting) if waiting.is_dir() else None
    if copied is None:
        shutil.rmtree(waiting, ignore_errors=True)
        return False
    steps = copied.steps()
    refuse_newer(steps)
    put_aside(store)
    if store.address is None and (waiting / FILE).is_file():
        _let_go(store)
        (waiting / FILE).rename(store.file)
    else:
        _make_empty(store)
        _bring_to(steps)
        _refuse_other_tables(copied)
        _fill_server(copied, store.schema) if store.address else _fill_file(copied, store)
    for name in (CONTENTS, FILE):
        (waiting / name).unlink(missing_ok=True)
    shutil.rmtree(waiting)
    return True


def put_aside(store: Store) -> Path | None:
    """A copy of what the store holds, in its folder; None where it holds nothing."""
    from django.db import connection

    stamp = f"{datetime.now():%Y%m%d-%H%M%S-%f}"
    if store.address is not None:
        folder = store.folder / f"{BEFORE}{stamp}"
        return folder if copy_out(store.address, store.schema, folder) else None
    if not store.file.exists() or not connection.introspection.table_names():
        return None
    file = store.folder / f"{FILE}.{BEFORE}{stamp}"
    connection.cursor().execute("vacuum into %s", [str(file)])
    file.chmod(0o600)
    return file


def _let_go(store: Store) -> None:
    """Close the file of a store and take it away."""
    from django.db import connection

    connection.close()
    for path in store.folder.glob(f"{FILE}*"):
        if path.name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
            path.unlink()


def _make_empty(store: Store) -> None:
    from django.db import connection

    if store.address is None:
        _let_go(store)
        return
    with connection.cursor() as cursor:
        cursor.execute(f'drop schema if exists "{store.schema}" cascade')
        cursor.execute(f'create schema "{store.schema}"')


def _bring_to(steps: set[tuple[str, str]]) -> None:
    """Make the tables as they were after these steps."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    known = {step for step in steps if step in graph.nodes}
    last = [
        step
        for step in known
        if not any(child.key in known and child.key[0] == step[0] for child in _after(graph, step))
    ]
    executor.migrate(sorted(last))
    call_command("createcachetable", verbosity=0)


def _after(graph: Any, step: tuple[str, str]) -> Iterable[Any]:
    return tuple(graph.node_map[step].children)


def _refuse_other_tables(copied: Copied) -> None:
    """Raises HengtanError where a table that was copied has no place here, or other columns."""
    from django.db import connection

    with connection.cursor() as cursor:
        here = {
            table: {c.name for c in connection.introspection.get_table_description(cursor, table)}
            for table in connection.introspection.table_names(cursor)
        }
    for table, columns in copied.tables.items():
        if here.get(table) != set(columns):
            raise HengtanError(
                f"人员数据的表“{table}”与本程序不符",
                f"the table '{table}' of the copy is not one of this program",
                todo="用写出这份备份的版本恢复，再升级",
                todo_en="restore it with the version that wrote it, then upgrade",
            )


def _fill_server(copied: Copied, schema: str) -> None:
    """All rows into the tables of a schema, in one transaction; references are checked at its
    end.
    """
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local timezone to 'UTC'")
        cursor.execute("truncate " + ", ".join(f'"{schema}"."{t}"' for t in copied.tables))
        for table, columns in copied.tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            with cursor.copy(f'copy "{schema}"."{table}" ({listed}) from stdin') as into:
                for row in copied.rows(table):
                    into.write_row(row)
            _count_on(cursor, f'"{schema}"."{table}"', columns, copied.counters.get(table, 0))


def _count_on(cursor: Any, table: str, columns: Iterable[str], number: int) -> None:
    """Let the next number of a table follow those it had."""
    if "id" not in columns:
        return
    cursor.execute("select pg_get_serial_sequence(%s, 'id')", [table])
    (sequence,) = cursor.fetchone()
    if sequence is None:
        return
    cursor.execute(f"select max(id) from {table}")
    last = max(number, cursor.fetchone()[0] or 0)
    if last:
        cursor.execute("select setval(%s, %s)", [sequence, last])


def _fill_file(copied: Copied, store: Store) -> None:
    """All rows into the tables of a file, in one transaction."""
    from django.db import connection

    connection.close()
    with closing(sqlite3.connect(store.file)) as file, file:
        file.execute("begin immediate")
        for table, columns in copied.tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            marks = ", ".join("?" * len(columns))
            file.execute(f'delete from "{table}"')
            into = f'insert into "{table}" ({listed}) values ({marks})'
            kinds = [_KINDS.get(kind, str) for kind in columns.values()]
            rows = copied.rows(table)
            while batch := [_of_file(row, kinds) for row in islice(rows, BATCH)]:
                file.executemany(into, batch)
            _count_on_in_file(file, table, copied.counters.get(table, 0))
        broken = file.execute("pragma foreign_key_check").fetchall()
        if broken:
            raise HengtanError(
                f"人员数据的表“{broken[0][0]}”引用了不存在的行",
                f"a row of the table '{broken[0][0]}' refers to none",
                todo="换一份备份",
                todo_en="use another backup",
            )


def _count_on_in_file(file: sqlite3.Connection, table: str, number: int) -> None:
    changed = file.execute(
        "update sqlite_sequence set seq = max(seq, ?) where name = ?", [number, table]
    )
    if number and not changed.rowcount:
        file.execute("insert into sqlite_sequence (name, seq) values (?, ?)", [table, number])


def _of_file(row: Iterable[str | None], kinds: Iterable[Callable[[str], Any]]) -> list[Any]:
    return [None if value is None else kind(value) for value, kind in zip(row, kinds, strict=True)]


def _moment(text: str) -> str:
    """A moment of the server [UTC] as the file keeps it."""
    return str(datetime.fromisoformat(text).replace(tzinfo=None))


_KINDS: dict[str, Callable[[str], Any]] = {
    "boolean": lambda text: int(text == "t"),
    "bigint": int,
    "integer": int,
    "smallint": int,
    "double precision": float,
    "timestamp with time zone": _moment,
    "uuid": lambda text: UUID(text).hex,
    "bytea": lambda text: bytes.fromhex(text.removeprefix("\\x")),
}
"""What the file keeps, of the text of a type of the server."""
