"""A catalogue in a file, held open while its ledger is.

SQLite puts the log of a catalogue away when the last connection to it closes, and the next ones
make it anew, one of them at a time. The storage library has a connection for each transaction, so
this happened again and again; whoever came in between waited for a second, since the library's
SQLite can only sleep whole seconds. A connection that stays, and reads nothing, prevents it.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb

from hengtan.ledger.extensions import literal

NAME = "catalogue_file"
"""What the engine calls the file beside the ledger's own tables."""


class KeptOpen:
    """The one connection that stays, on an engine which has the scanner of SQLite.

    ``patience``: milliseconds it waits for another program that holds the whole file.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, file: Path, patience: int) -> None:
        # the journal's mode is asked for outside a transaction: it opens the log and lets go of it
        engine.execute(
            f"attach {literal(file.as_posix())} as {NAME}"
            f" (type sqlite, journal_mode 'WAL', busy_timeout {patience})"
        )
        self._connection = engine.cursor()
        self._connection.execute("begin")
        self._ask("select 1")

    def put_log_into_catalogue(self) -> None:
        """Copy what was committed from the log into the catalogue, as far as no reader needs what
        stands there; nobody waits for it, and where it fails the log has all of it.
        """
        with suppress(duckdb.Error):
            self._ask("pragma wal_checkpoint(passive)")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _ask(self, question: str) -> None:
        # the full name: to look for the function elsewhere would begin a transaction there, which
        # would keep every table dropped since
        self._connection.execute(
            f"select * from system.main.sqlite_query({literal(NAME)}, {literal(question)})"
        ).fetchall()
