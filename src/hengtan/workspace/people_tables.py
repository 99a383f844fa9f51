"""People and their work where a server keeps them, as files: every table of their schema at one
moment, so that a backup carries them to another server, or to a file without one.

``tables.json`` names the tables with their columns and types, and how far their numbers have come;
each ``<table>.jsonl`` holds a row a line, each value as the text the server writes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hengtan.basis.border import json_file
from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.catalogue_server import psycopg

WAITING, CONTENTS, FILE = "waiting", "tables.json", "app.sqlite"
"""The folder of copied tables that are to be taken in at the next start; what is in it."""
BEFORE = "before-"
"""What the name of a copy made before a change begins with."""
Row = list[str | None]
_COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, null)
from pg_class c
join pg_attribute a on a.attrelid = c.oid
join pg_namespace n on n.oid = c.relnamespace
where n.nspname = %s and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
order by c.relname, a.attnum
"""
_COUNTERS = """
select c.relname, s.last_value
from pg_sequences s join pg_namespace n on n.nspname = s.schemaname
join pg_class q on q.relname = s.sequencename and q.relnamespace = n.oid
join pg_depend d on d.objid = q.oid and d.deptype in ('a', 'i')
join pg_class c on c.oid = d.refobjid
where s.schemaname = %s and s.last_value is not null
"""


def schema_of(about: Mapping[str, Any]) -> str:
    """The schema of people beside that of a ledger's catalogue; ``about``: its ``ledger.json``."""
    return f"{about['schema']}_app"


def copy_out(address: str, schema: str, to: Path) -> bool:
    """All tables of a schema as they are at one moment, in a new folder; whether there are any.

    Others may write meanwhile.
    """
    with psycopg().connect(address) as server:
        server.execute("set transaction isolation level repeatable read, read only")
        server.execute("set local timezone to 'UTC'")
        tables: dict[str, dict[str, str]] = {}
        for table, column, kind in server.execute(_COLUMNS, [schema]).fetchall():
            tables.setdefault(table, {})[column] = kind
        if not tables:
            return False
        to.mkdir(mode=0o700)
        for table, columns in tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            with (
                (to / f"{table}.jsonl").open("w", encoding="utf-8") as file,
                server.cursor().copy(f'copy "{schema}"."{table}" ({listed}) to stdout') as rows,
            ):
                rows.set_types(["text"] * len(columns))
                for row in rows.rows():
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
        counters = dict(server.execute(_COUNTERS, [schema]).fetchall())
    contents = {"tables": tables, "counters": counters}
    (to / CONTENTS).write_text(json.dumps(contents, ensure_ascii=False, indent=1), encoding="utf-8")
    return True


def drop(address: str, schema: str) -> None:
    """Take a schema away (a restoration that failed leaves nothing)."""
    with psycopg().connect(address, autocommit=True) as server:
        server.execute(f'drop schema if exists "{schema}" cascade')


@dataclass(frozen=True)
class Copied:
    """Tables that were copied: columns with their types by table (no types where a file without a
    server held them), how far their numbers have come, and where the rows are.
    """

    folder: Path
    tables: Mapping[str, Mapping[str, str]]
    counters: Mapping[str, int]

    @classmethod
    def of(cls, folder: Path) -> Copied | None:
        """What is in a folder; None where nothing is. Raises UnreadableFile."""
        if (folder / FILE).is_file():
            return cls._of_file(folder)
        if not (folder / CONTENTS).is_file():
            return None
        contents = json_file(folder / CONTENTS, Where(CONTENTS))
        try:
            tables = {t: {**columns} for t, columns in contents["tables"].items()}
            counters = {table: int(number) for table, number in contents["counters"].items()}
        except (TypeError, KeyError, AttributeError, ValueError):
            raise _unreadable(CONTENTS) from None
        return cls(folder, tables, counters)

    @classmethod
    def _of_file(cls, folder: Path) -> Copied:
        query = "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%'"
        with closing(sqlite3.connect(folder / FILE)) as store:
            tables = {
                table: {row[1]: "" for row in store.execute(f'pragma table_info("{table}")')}
                for (table,) in store.execute(f"{query} escape '\\'").fetchall()
            }
            counters = dict(store.execute("select name, seq from sqlite_sequence").fetchall())
        return cls(folder, tables, {t: int(n) for t, n in counters.items() if n})

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, each value as text. Raises UnreadableFile."""
        if (self.folder / FILE).is_file():
            yield from self._rows_of_file(table)
            return
        with (self.folder / f"{table}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                try:
                    row = json.loads(line)
                except ValueError:
                    raise _unreadable(f"{table}.jsonl") from None
                if not isinstance(row, list) or len(row) != len(self.tables[table]):
                    raise _unreadable(f"{table}.jsonl")
                yield row

    def _rows_of_file(self, table: str) -> Iterator[Row]:
        listed = ", ".join(f'"{column}"' for column in self.tables[table])
        with closing(sqlite3.connect(self.folder / FILE)) as store:
            for row in store.execute(f'select {listed} from "{table}"'):
                yield [_as_text(value) for value in row]

    def steps(self) -> set[tuple[str, str]]:
        """The steps of bringing up to date that its tables had seen: application and name."""
        columns = list(self.tables.get("django_migrations", ()))
        if not {"app", "name"} <= set(columns):
            raise _unreadable("django_migrations")
        app, name = columns.index("app"), columns.index("name")
        return {(str(row[app]), str(row[name])) for row in self.rows("django_migrations")}


def _as_text(value: Any) -> str | None:
    """A value of SQLite as PostgreSQL reads it."""
    if value is None or isinstance(value, str):
        return value
    return "\\x" + value.hex() if isinstance(value, bytes) else repr(value)


def _unreadable(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"人员数据“{name}”无法读取",
        f"the copy of people's tables cannot be read: '{name}'",
        where=Where(name),
        todo="换一份备份",
        todo_en="use another backup",
    )
