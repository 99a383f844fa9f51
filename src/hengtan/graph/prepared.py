"""Accounts turned into DuckDB SQL once: kept in memory for the process, and in a folder for the
next one.

The inputs stand in the SQL as ``"prepared:<table>"``, days that are options as days of a far year;
both are put in when it is run, so that a new day takes the queries of the day before.
"""

from __future__ import annotations

import gc
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hengtan.basis.seal import sha256_of
from hengtan.basis.whole_files import write_whole
from hengtan.graph.stored import stored_table

KEPT, KEPT_FILES = 500, 4000
"""Queries kept in memory, and files kept in a folder."""
_IN_MEMORY: OrderedDict[Any, str] = OrderedDict()
FIRST_STAND_IN = date(9871, 1, 1)
"""Stands for the first day among the options, the next day for the second."""


class Prepared:
    """Prepared queries; with a ``folder`` also kept there, for as long as ``version`` (a digest of
    the accounts' code) and the libraries are the same.
    """

    def __init__(self, folder: Path | None = None, version: str = "") -> None:
        self.folder, self.version = folder, version

    def run(
        self, function: Any, tables: Mapping[str, Any], options: Mapping[str, Any], name: str
    ) -> Any | None:
        """Run an account on DuckDB and keep its rows under a name.

        None where the inputs are not all stored tables of one DuckDB connection; the account is
        then run as it is.
        """
        stored = _stored_tables(tables)
        if not stored:
            return None
        engine = next(iter(stored.values())).source
        if engine.name != "duckdb" or any(op.source is not engine for op in stored.values()):
            return None
        without_days, days = _with_stand_ins(options)
        query = self._query(function, {t: op.schema for t, op in stored.items()}, without_days)
        for stand_in, day in days.items():
            query = query.replace(_in_sql(stand_in), _in_sql(day))
        for t, op in stored.items():
            query = query.replace(f'"prepared:{t}"', _path(op))
        engine.raw_sql(f'create temp table "{name}" as {query}')
        return stored_table(engine, name, catalog="temp", database="main")

    def _query(self, function: Any, schemas: Mapping[str, Any], options: Mapping[str, Any]) -> str:
        key = (function, tuple(schemas.items()), tuple((o, repr(v)) for o, v in options.items()))
        query = _IN_MEMORY.pop(key, None)
        if query is None:
            file = self._file(function, schemas, options)
            query = _read(file) or self._made(function, schemas, options, file)
        _IN_MEMORY[key] = query
        while len(_IN_MEMORY) > KEPT:
            _IN_MEMORY.popitem(last=False)
        return query

    def _made(
        self,
        function: Any,
        schemas: Mapping[str, Any],
        options: Mapping[str, Any],
        file: Path | None,
    ) -> str:
        import ibis
        from ibis.backends.sql import compilers

        inputs = {t: ibis.table(schema, name=f"prepared:{t}") for t, schema in schemas.items()}
        with _uncollected(), _a_step_a_level():
            table = function(**inputs, **options)
            tree = compilers.duckdb.compiler.to_sqlglot(table)
            query = tree.sql(dialect=compilers.duckdb.compiler.dialect, copy=False)
        if file is not None:
            _write(file, query)
        return query

    def _file(
        self, function: Any, schemas: Mapping[str, Any], options: Mapping[str, Any]
    ) -> Path | None:
        if self.folder is None:
            return None
        import ibis
        import sqlglot

        key = [
            self.version,
            ibis.__version__,
            sqlglot.__version__,
            function.__module__,
            function.__qualname__,
        ]
        for t, schema in schemas.items():
            columns = ", ".join(f"{column} {kind}" for column, kind in schema.items())
            key.append(f"{t}({columns})")
        key += [f"{option}={value!r}" for option, value in options.items()]
        return self.folder / f"{function.__name__}-{sha256_of(chr(0).join(key))[:32]}.sql"


def _with_stand_ins(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[date, date]]:
    """The options with a stand-in for each literal day, and the days by their stand-ins."""
    import ibis

    stated = dict(options)
    days: dict[date, date] = {}
    for option, value in sorted(options.items()):
        day = _literal_day(value)
        if day is not None:
            stand_in = FIRST_STAND_IN + timedelta(days=len(days))
            stated[option], days[stand_in] = ibis.literal(stand_in), day
    return stated, days


def _literal_day(value: Any) -> date | None:
    """The day of an Ibis literal; None of anything else."""
    if not hasattr(value, "op") or type(value.op()).__name__ != "Literal":
        return None
    literal = value.op()
    return literal.value if literal.dtype.is_date() else None


def _in_sql(day: date) -> str:
    """A day as it stands in DuckDB's SQL that Ibis writes."""
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage meanwhile: a query is built of hundreds of thousands of small
    objects that all live until it is written.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _a_step_a_level() -> Iterator[None]:
    """Each step of an account a level of its query. Merged steps would repeat what a step says
    wherever the next one uses it; DuckDB merges them itself.
    """
    import ibis

    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


def _stored_tables(tables: Mapping[str, Any]) -> dict[str, Any]:
    """The stored tables (Ibis operations) by name; none where one of them is anything else."""
    stored = {}
    for name, table in tables.items():
        if not type(table).__module__.startswith("ibis."):
            return {}
        stored[name] = table.op()
        if type(stored[name]).__name__ != "DatabaseTable":
            return {}
    return stored


def _path(op: Any) -> str:
    """The full name of a stored table in SQL."""
    parts = (op.namespace.catalog, op.namespace.database, op.name)
    quoted = ['"' + part.replace('"', '""') + '"' for part in parts if part]
    return ".".join(quoted)


def _read(file: Path | None) -> str | None:
    """The query of a file; a file cut short or altered (its first line is a digest of the rest) is
    made again.
    """
    if file is None:
        return None
    try:
        digest, _, query = file.read_text(encoding="utf-8").partition("\n")
    except (OSError, ValueError):
        return None
    return query if digest == f"-- {sha256_of(query)}" else None


def _write(file: Path, query: str) -> None:
    """Whole or not at all; a folder that cannot be written is passed over. The oldest beyond
    ``KEPT_FILES`` are dropped.
    """
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, f"-- {sha256_of(query)}\n{query}", durable=False)
        if len(os.listdir(file.parent)) > KEPT_FILES:
            _drop_oldest(file.parent)


def _drop_oldest(folder: Path) -> None:
    """Leave nine tenths of the files that are kept, so that not every file drops another."""
    with os.scandir(folder) as entries:
        files = sorted((e.stat().st_mtime_ns, e.path) for e in entries if e.name.endswith(".sql"))
    for _, old in files[: KEPT_FILES // 10 - KEPT_FILES]:
        Path(old).unlink(missing_ok=True)
