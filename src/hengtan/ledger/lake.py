"""The lake: plain Parquet files with a transactional catalogue (DuckLake on SQLite, or on
PostgreSQL when shared).

The only file that names the storage library. Everything above works with SQL on the attached
catalogue ``lake``.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

import duckdb

from hengtan.basis.errors import HengtanError, LedgerTampered
from hengtan.ledger.catalogue_server import conninfo, is_postgres, psycopg, without_password
from hengtan.ledger.extensions import engine_with, literal
from hengtan.ledger.kept_open import KeptOpen
from hengtan.ledger.new_files import NewFiles
from hengtan.ledger.one_writer import Patience, Server, only_writer

T = TypeVar("T")
Said: TypeAlias = str | Callable[[], str]
Connection = duckdb.DuckDBPyConnection
StorageError = duckdb.Error

CATALOGUE = "catalogue.sqlite"
READ_PATIENCE_MS = 60_000
_IN_LAKE = "database_name = 'lake' and schema_name = 'main'"
_TRANSIENT = re.compile(
    r"database is locked|database table is locked|SQLITE_BUSY"
    r"|conflict|could not serialize|deadlock",
    re.IGNORECASE,
)


def quoted(name: str) -> str:
    """An SQL identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


class Lake:
    """One attached lake.

    ``con`` is the engine's connection; every thread that reads takes its own ``cursor()``. A
    catalogue in a file is only read by that engine, and ``writing()`` has another: whoever closes a
    connection that may write shuts the file for a moment, and who opens it then waits a second.

    ``folder`` holds the Parquet files in ``lake/`` and, unless ``catalogue`` is a ``postgresql://``
    address, the catalogue file. ``schema`` is the PostgreSQL schema of this ledger's catalogue.
    ``fresh`` switches the engine's file cache off, so that what is read is what is on the disk.
    Paths in the catalogue are relative: the folder may move.
    """

    def __init__(
        self,
        folder: Path,
        *,
        catalogue: str | None = None,
        schema: str = "main",
        fresh: bool = False,
        create: bool = False,
        wait: float = 60.0,
        on_wait: Callable[[str], None] | None = None,
    ) -> None:
        self.folder, self.catalogue, self.schema = folder, catalogue, schema
        self.patience = Patience(wait, on_wait)
        self.file: Path | None = None
        """The catalogue where it is a file."""
        self._thread_lock = threading.RLock()
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._new_files = NewFiles(self.folder / "lake")
        self._kept_open: KeptOpen | None = None
        self._fresh = fresh
        self.con = self._engine()
        self._writer: Connection | None = self.con if is_postgres(catalogue) else None
        try:
            self._open(create)
        except BaseException:
            self.close()
            raise

    def _engine(self) -> Connection:
        on_server = is_postgres(self.catalogue)
        engine = engine_with("postgres_scanner" if on_server else "sqlite_scanner", "ducklake")
        if self._fresh:
            engine.execute("set enable_external_file_cache = false")
        return engine

    def _open(self, create: bool) -> None:
        """Attach the catalogue to the engine that reads; a new one is made first."""
        if is_postgres(self.catalogue):
            where = f"postgres:{conninfo(str(self.catalogue))}"
            self._attach(self.con, where, create, f"metadata_schema {literal(self.schema)}")
            return
        file = self.folder / CATALOGUE
        if not create and not file.is_file():
            raise LedgerTampered(
                f"台账目录文件 {file} 不存在",
                f"the ledger's catalogue {file} is missing",
                todo="请用备份恢复（hengtan restore）",
                todo_en="restore it from a backup",
            )
        if not create and not _may_write(file):
            file = self._copied(file)
        self.file = file
        if create:
            self._writer = self._engine()
            # kept in the file: a long reading then never stops a writer, nor the other way
            self._attach_file(self._writer, create, "meta_journal_mode 'WAL'")
        with self._explained():
            self._kept_open = self.patiently(lambda: KeptOpen(self.con, file, READ_PATIENCE_MS))
        self._attach_file(self.con, False, "read_only")

    def _attach_file(self, engine: Connection, create: bool, *more: str) -> None:
        assert self.file is not None
        where = f"sqlite:{self.file.as_posix()}"
        self._attach(engine, where, create, f"meta_busy_timeout {READ_PATIENCE_MS}", *more)

    def _attach(self, engine: Connection, where: str, create: bool, *more: str) -> None:
        options = [
            f"data_path {literal((self.folder / 'lake').as_posix() + '/')}",
            "override_data_path true",
            "data_inlining_row_limit 0",
            f"create_if_not_exists {'true' if create else 'false'}",
            *more,
        ]
        attach = f"attach {literal(f'ducklake:{where}')} as lake ({', '.join(options)})"
        with self._explained():
            self.patiently(lambda: engine.execute(attach))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """An error of opening, in words."""
        try:
            yield
        except duckdb.Error as e:
            text = without_password(str(e), self.catalogue)
            raise HengtanError(
                f"无法打开台账目录：{text}",
                f"the ledger's catalogue cannot be opened: {text}",
                todo="请检查台账文件夹或数据库地址",
                todo_en="check the folder or the address",
            ) from None

    def _copied(self, catalogue: Path) -> Path:
        """A copy of a catalogue that may not be written, as it stands now: its library makes files
        beside it even to read.
        """
        self._copy = tempfile.TemporaryDirectory(prefix="hengtan-catalogue-")
        for file in (catalogue, catalogue.with_name(catalogue.name + "-wal")):
            if file.is_file():
                shutil.copyfile(file, Path(self._copy.name) / file.name)
        return Path(self._copy.name) / catalogue.name

    @property
    def may_be_written(self) -> bool:
        """Whether this is the catalogue itself, not a copy made for reading."""
        return self._copy is None

    def close(self) -> None:
        """Let go of the catalogue and the engines."""
        if self._writer is not None and self._writer is not self.con:
            self._writer.close()
        if self._kept_open is not None:
            self._kept_open.close()
        self.con.close()
        if self._copy is not None:
            self._copy.cleanup()

    def cursor(self) -> Connection:
        """A connection of its own to the same engine: sees the same tables, may be used by another
        thread.
        """
        return self.con.cursor()

    def patiently(self, work: Callable[[], T], tries: int = 8) -> T:
        """``work()``, again when the catalogue was locked by another process at that moment."""
        for attempt in range(tries):
            try:
                return work()
            except duckdb.Error as e:
                if attempt == tries - 1 or not _TRANSIENT.search(str(e)):
                    raise
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")

    def reading(self, work: Callable[[Connection], T]) -> T:
        """``work(cursor)`` inside one read transaction: everything it reads belongs to one
        snapshot.
        """

        def once() -> T:
            cur = self.cursor()
            try:
                cur.execute("begin")
                result = work(cur)
                cur.execute("commit")
                return result
            finally:
                cur.close()

        return self.patiently(once)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold the one writer lock; gives a cursor. ``LedgerBusy`` after ``wait`` seconds.

        A copy made for reading has no other writer, and no lock.
        """
        if not self.may_be_written:
            with closing(self.cursor()) as cur:
                yield cur
            return
        server = None
        if is_postgres(self.catalogue):
            server = Server(str(self.catalogue), self.schema)
        with self._thread_lock, only_writer(self.folder, server, self.patience):
            cur = self._writing_engine().cursor()
            try:
                yield cur
            finally:
                cur.close()

    def _writing_engine(self) -> Connection:
        if self._writer is None:
            engine = self._engine()
            self._attach_file(engine, False)
            self._writer = engine
        return self._writer

    def commit(self, cur: Connection, author: Said, message: Said, work: Callable[[], T]) -> T:
        """``work()`` as one transaction with author and message: all of it or none. Either may be
        known only when the work is done.

        Call inside ``writing()``. Where committing fails, the catalogue may have it or not (its log
        was written, flushing it failed; a server's answer was lost), and the storage library
        deletes the new files: they are put back, for the sweep to take where nothing names them.
        """

        def once() -> T:
            started = time.time()
            cur.execute("begin")
            try:
                result = work()
                self._new_files.flush(started - 2)
                said = [text if isinstance(text, str) else text() for text in (author, message)]
                cur.execute("call lake.set_commit_message(?, ?)", said)
                cur.execute("commit")
                self._new_files.remember()
            except BaseException as error:
                with suppress(duckdb.Error):
                    cur.execute("rollback")
                if not _TRANSIENT.search(str(error)):
                    self._new_files.put_back()
                raise
            finally:
                self._new_files.forget_second_names()
            if self._kept_open is not None:
                self._kept_open.put_log_into_catalogue()
            return result

        return self.patiently(once)

    def snapshot(self, cur: Connection | None = None) -> int:
        """Number of the newest snapshot."""

        def once() -> int:
            return int(
                (cur or self.cursor())
                .execute("select * from lake.current_snapshot()")
                .fetchall()[0][0]
            )

        return self.patiently(once)

    def columns(self, cur: Connection, table: str) -> dict[str, str]:
        """Column names and SQL types of a lake table in order; empty where there is no table."""
        try:
            rows = cur.execute(f"describe lake.main.{quoted(table)}").fetchall()
        except duckdb.CatalogException as e:
            if _TRANSIENT.search(str(e)):
                raise
            return {}
        return {column: kind for column, kind, *_ in rows}

    def columns_of_all(self, cur: Connection) -> dict[str, dict[str, str]]:
        """Column names and SQL types of every lake table, by table."""
        rows = cur.execute(
            f"select table_name, column_name, data_type from duckdb_columns() where {_IN_LAKE}"
            " order by table_name, column_index"
        ).fetchall()
        columns: dict[str, dict[str, str]] = {}
        for table, column, kind in rows:
            columns.setdefault(table, {})[column] = kind
        return columns

    def tables(self, cur: Connection) -> list[str]:
        """Names of the lake's tables."""
        names = cur.execute(
            f"select table_name from duckdb_tables() where {_IN_LAKE} order by 1"
        ).fetchall()
        return [name for (name,) in names]

    def files_of(self, table: str) -> list[Path]:
        """The Parquet files that hold a table's rows now."""
        rows = (
            self.cursor()
            .execute(f"select data_file from ducklake_list_files('lake', {literal(table)})")
            .fetchall()
        )
        return [Path(r[0]) for r in rows]

    def delete_orphans(self, cur: Connection) -> list[Path]:
        """Delete Parquet files no snapshot knows (left by a killed writer).

        Call inside ``writing()``.
        """
        return [
            Path(r[0])
            for r in cur.execute(
                "call ducklake_delete_orphaned_files('lake', cleanup_all => true)"
            ).fetchall()
        ]

    def merge_files(self, cur: Connection, more_than: int, kept_for: timedelta) -> list[str]:
        """Merge the small files of tables that have more than so many; returns those tables.

        Call inside ``writing()``.

        A table's rows are written anew and its old files end with the same commit: a reader whose
        transaction began before goes on reading the old ones. (The storage library's own merging
        rewrites the past: such a reader saw no rows, and no error.) Files that ended longer ago
        than ``kept_for`` are deleted.
        """
        self._delete_ended(cur, kept_for)
        many = [
            table
            for (table,) in cur.execute(
                "select table_name from ducklake_table_info('lake') where file_count > ?"
                " order by table_name",
                [more_than],
            ).fetchall()
        ]
        for table in many:
            self.commit(
                cur, "hengtan", f"merge the files of {table}", partial(_rewrite, cur, table)
            )
        return many

    def _delete_ended(self, cur: Connection, kept_for: timedelta) -> None:
        """Forget snapshots older than so long, and delete the files that only they read."""
        before = literal((datetime.now(UTC) - kept_for).isoformat())
        cur.execute(f"call ducklake_expire_snapshots('lake', older_than => {before}::timestamptz)")
        cur.execute("call ducklake_cleanup_old_files('lake', cleanup_all => true)")

    def drop_schema(self) -> None:
        """Remove this ledger's catalogue from a PostgreSQL server (a restore that failed leaves
        nothing).
        """
        if is_postgres(self.catalogue):
            with psycopg().connect(self.catalogue, autocommit=True) as server:
                server.execute(f"drop schema if exists {quoted(self.schema)} cascade")


def _may_write(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)


def _rewrite(cur: Connection, table: str) -> None:
    """All rows of a table into new files, in their order, inside a transaction that has begun."""
    name, rows = f"lake.main.{quoted(table)}", f"temp.main.{quoted(f'merging_{uuid.uuid4().hex}')}"
    cur.execute(f"create temp table {rows} as select * from {name}")
    cur.execute(f"delete from {name}")
    cur.execute(f"insert into {name} select * from {rows}")
    counts = cur.execute(
        f"select (select count(*) from {name}), (select count(*) from {rows})"
    ).fetchall()[0]
    if counts[0] != counts[1]:
        raise duckdb.InternalException(
            f"{table}: {counts[0]} rows after merging, {counts[1]} before"
        )
    cur.execute(f"drop table {rows}")


def unreadable(files: list[Path]) -> Iterator[tuple[Path, str]]:
    """Those Parquet files that cannot be read to their end, and why."""
    with duckdb.connect() as con:
        con.execute("set enable_external_file_cache = false")
        for file in files:
            try:
                con.execute(
                    f"select count(columns(*)) from read_parquet({literal(file.as_posix())})"
                ).fetchall()
            except duckdb.Error as e:
                yield file, str(e).splitlines()[0]
