"""Schemas that a restoration makes on a PostgreSQL server. The folder being filled names them until
it takes its place by one rename; a folder that never did says what is to be taken away.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hengtan.basis.whole_files import write_json
from hengtan.basis.whole_folders import ELSEWHERE, with_things_elsewhere
from hengtan.ledger.about import schema_name
from hengtan.ledger.catalogue_server import psycopg
from hengtan.workspace.people_tables import schema_of

PATIENCE_MS = 3000
"""How long the server may take to see that a restoration was killed."""


@contextmanager
def restoring(address: str | None) -> Iterator[str | None]:
    """A new schema's name for a ledger, None without a server; while the block lasts nobody takes
    the schema for one that was left behind.
    """
    if address is None:
        yield None
        return
    schema = schema_name()
    with closing(psycopg().connect(address, autocommit=True)) as server:
        _turn(server, schema)
        yield schema


@contextmanager
def noted(address: str | None, staged: Path, schema: str | None) -> Iterator[None]:
    """Note a schema in the folder that is being filled; where the block fails it is taken away."""
    if address is None or schema is None:
        yield
        return
    note = staged / ELSEWHERE
    write_json(note, {"schema": schema})
    try:
        yield
    except BaseException:
        with closing(psycopg().connect(address, autocommit=True)) as server:
            _drop(server, schema)
        note.unlink()
        raise


def clear(address: str, parent: Path) -> list[str]:
    """Take away what killed restorations into ``parent`` left on a server; the schemas. Those of
    another server, and of a restoration at work, stay.
    """
    cleared = []
    for folder in with_things_elsewhere(parent):
        schema = json.loads((folder / ELSEWHERE).read_text(encoding="utf-8"))["schema"]
        with closing(psycopg().connect(address, autocommit=True)) as server:
            server.execute(f"set lock_timeout = {PATIENCE_MS}")
            try:
                _turn(server, schema)
            except psycopg().errors.LockNotAvailable:
                continue
            if _drop(server, schema):
                cleared.append(schema)
                shutil.rmtree(folder, ignore_errors=True)
    return cleared


def _turn(server: Any, schema: str) -> None:
    """The lock of whoever restores into a schema; it ends with the connection."""
    server.execute("select pg_advisory_lock(hashtext(%s))", [f"restoring {schema}"])


def _drop(server: Any, schema: str) -> bool:
    """Take a ledger's schema and that of its people away; whether either was there."""
    both = [schema, schema_of({"schema": schema})]
    query = "select nspname from pg_namespace where nspname = any(%s)"
    there = [name for (name,) in server.execute(query, [both]).fetchall()]
    for name in there:
        server.execute(f'drop schema "{name}" cascade')
    return bool(there)
