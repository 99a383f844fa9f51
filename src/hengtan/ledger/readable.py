"""What can be asked of a ledger: its submissions, the rows that count on a day, any SQL, its head.

Nothing here writes; ``submissions.Ledger`` adds the steps that do.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from hengtan.basis.errors import Finding, LedgerTampered
from hengtan.ledger import chain, corrections, profiles, register, rows, verify, witness
from hengtan.ledger.chain import Register
from hengtan.ledger.handing_in import known
from hengtan.ledger.lake import Connection, Lake, StorageError, quoted
from hengtan.ledger.replaced import Replaced
from hengtan.ledger.unchanged import Mark, mark_of
from hengtan.ledger.views import View, Views, summaries


@dataclass(frozen=True)
class Known:
    """The register of a snapshot, with the mark of its catalogue before it was read, and when that
    began.
    """

    number: int
    register: Register
    mark: Mark | None = None
    began: float = -math.inf


class ReadableLedger:
    """One ledger folder: ``ledger.json``, the catalogue, Parquet in ``lake/``, originals in
    ``files/``.
    """

    def __init__(self, folder: Path, about: dict[str, Any], lake: Lake) -> None:
        self.folder, self.about, self.lake = folder, about, lake
        self._start = chain.genesis(about["id"])
        self._complete_at: tuple[int, Mark | None] | None = None
        self._known: Known | None = None
        self._reading = threading.Lock()
        self.views = Views(lake)
        self._of_thread = threading.local()
        self._registered: dict[str, object] = {}

    @property
    def is_on_a_server(self) -> bool:
        """Whether its catalogue is on PostgreSQL."""
        return self.about["catalogue"] != "sqlite"

    def close(self) -> None:
        """Close the ledger's connections."""
        self.lake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submissions(self, known_on: date | None = None) -> list[dict[str, Any]]:
        """Every submission known on that day with its state then and all its events, in order of
        entry.
        """
        return summaries(self.current(), known_on)

    def standings(self, known_on: date | None = None) -> Mapping[str, list[dict[str, Any]]]:
        """The same without their events, by form."""
        return self.views.standings(self.current(), known_on)

    def submission(self, submission: str) -> dict[str, Any]:
        """One submission by id; ``WrongState`` when there is none."""
        return self._summary(self.current(), submission)

    def handed_in(self, submission: str) -> dict[str, Any]:
        """A submission that this process has just written, without asking the catalogue again."""
        last = self._known
        if last is not None and submission in last.register.records:
            return self._summary(last.register, submission)
        return self.submission(submission)

    @staticmethod
    def _summary(now: Register, submission: str) -> dict[str, Any]:
        record = known(now, submission)
        steps = [event for event in now.events if event.submission == submission]
        return summaries(Register(now.start, {submission: record}, steps), None)[0]

    def effective(
        self, form: Any, known_on: date | None = None, schema: pa.Schema | None = None
    ) -> str:
        """Name of a view of the rows that count: approved, not superseded or withdrawn, as known on
        that day.

        With ``schema`` (the form's), a form nobody has submitted yet is an empty view with the
        right columns, and columns added to the form later are there. Use it with ``query``,
        ``query_arrow`` or ``ibis().table(name)``.
        """
        return self.views.of(
            str(getattr(form, "id", form)), self.current(), known_on, schema, only_effective=True
        )

    def effective_of_all(
        self, schemas: Mapping[str, pa.Schema], known_on: date | None = None
    ) -> dict[str, View]:
        """The views ``effective`` of several forms, by form, of one state of the ledger, each made
        when it is needed; ``schemas`` are those of the forms by id.
        """
        return self.views.of_all(schemas, self.current(), known_on)

    def all_rows(
        self, form: Any, known_on: date | None = None, schema: pa.Schema | None = None
    ) -> str:
        """Name of a view of every row of a form ever handed in; ``_state`` is its submission's."""
        return self.views.of(
            str(getattr(form, "id", form)), self.current(), known_on, schema, only_effective=False
        )

    def handed_in_rows(self, form: str) -> str:
        """SQL name of the rows of a form as they were handed in, with ``_submission`` and ``_row``:
        its table in the lake, of a profile the view of the rows in its files.
        """
        if self._is_profile(form):
            return f"memory.main.{quoted(self.all_rows(form))}"
        return f"lake.main.{quoted(form)}"

    def forms(self) -> list[str]:
        """Ids of the forms that have a table in the lake."""
        cur = self.lake.cursor()
        return [
            t for t in self.lake.patiently(lambda: self.lake.tables(cur)) if t not in rows.REGISTERS
        ]

    def refuse_incomplete(self) -> None:
        """Raise LedgerTampered where the chain is shorter than it was, or a form's table holds more
        or fewer rows than the register says; asked before anything worked out from them is kept.
        """

        noted, mark = witness.read(self.folder), mark_of(self.lake.file)
        before = self._complete_at
        if before is not None and mark is not None and mark == before[1]:
            return

        def read(cur: Connection) -> tuple[int, Finding | None, list[str]]:
            number = self.lake.snapshot(cur)
            if before is not None and number == before[0]:
                return number, None, []
            lost = witness.lost(noted, *register.reached(cur, noted[0] if noted else 0))
            return number, lost, _miscounted(cur, self.lake)

        number, lost, wrong = self.lake.reading(read)
        if lost:
            raise LedgerTampered.of([lost])
        if wrong:
            raise LedgerTampered(
                f"台账数据行数与登记不符：{'；'.join(wrong)}",
                f"rows of the ledger differ from its register: {'; '.join(wrong)}",
                todo="请运行 hengtan verify，并从备份恢复",
                todo_en="run hengtan verify, and restore from a backup",
            )
        self._complete_at = (number, mark)

    def head(self) -> str:
        """Head of the hash chain: 64 hexadecimal digits, to be printed and kept outside."""
        return self.current().head

    def state_key(self, known_on: date | None = None) -> str:
        """A key that changes when and only when what can be seen on that day changes."""
        return self.current().key(known_on)

    def values(self, form: str, column: str) -> list[Any]:
        """The values of a column in every row of a form ever handed in, each once; none where the
        lake has no such column.
        """
        with closing(self.lake.cursor()) as cur:
            columns = self.lake.patiently(lambda: self.lake.columns(cur, form))
        table, known_columns = f"lake.main.{quoted(form)}", list(columns)
        if profiles.FILE in columns:
            table = self.handed_in_rows(form)
            known_columns = self.query_arrow(f"select * from {table} limit 0").column_names
        if column not in known_columns:
            return []
        rows = self.query(f"select distinct {quoted(column)} from {table} order by 1")
        return [row[column] for row in rows]

    def key_in_force(self, known_on: date | None = None) -> str:
        """A key that changes when rows in force on that day change, and not when others are handed
        in or sent back.
        """
        return self.current().key_in_force(known_on)

    def register(
        self, name: str, data: pa.Table | Iterable[dict[str, Any]], schema: pa.Schema | None = None
    ) -> str:
        """Make a temporary table (rows as Arrow or dicts) beside the views; replaces one of that
        name.
        """
        if not isinstance(data, pa.Table):
            data = pa.Table.from_pylist(list(data), schema=schema)
        cur = self.lake.cursor()
        try:
            cur.register("_given", data)
            cur.execute(
                f"create or replace table memory.main.{quoted(name)} as select * from _given"
            )
        finally:
            cur.close()
        return name

    def register_once(self, name: str, version: object, make: Callable[[], pa.Table]) -> str:
        """``register`` what ``make`` gives, unless the table stands in this version already."""
        key = (id(self.lake.con), version)
        if self._registered.get(name) != key:
            self.register(name, make())
            self._registered[name] = key
        return name

    def query_arrow(self, sql: str, params: list[Any] | dict[str, Any] | None = None) -> pa.Table:
        """The answer of a reading SQL statement as an Arrow table."""

        def once() -> pa.Table:
            cur = self.lake.cursor()
            try:
                return cur.execute(sql, params).to_arrow_table()
            finally:
                cur.close()

        return self.lake.patiently(once)

    def query(
        self, sql: str, params: list[Any] | dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The answer of a reading SQL statement as dicts."""
        return list(self.query_arrow(sql, params).to_pylist())

    def ibis(self) -> Any:
        """The Ibis backend on this ledger's engine, one per thread (imported here: opening a ledger
        does not need it).
        """
        if not hasattr(self._of_thread, "ibis"):
            import ibis

            self._of_thread.ibis = ibis.duckdb.from_connection(self.lake.cursor())
        return self._of_thread.ibis

    def current(self) -> Register:
        """The register (records and events) of the newest snapshot."""
        known, mark = self._known, mark_of(self.lake.file)
        if known is not None and mark is not None and mark == known.mark:
            return known.register
        return self._newest()

    def _newest(self) -> Register:
        """The register read by one thread, for all who asked before it began to read."""
        asked = time.monotonic()
        with self._reading:
            before = self._known
            if before is not None and before.began > asked:
                return before.register

            def read(cur: Connection) -> tuple[int, Register]:
                number = self.lake.snapshot(cur)
                if before is not None and before.number == number:
                    return number, before.register
                grown = register.later(cur, before.register) if before is not None else None
                return number, grown or register.load(cur, self._start)

            began, mark = time.monotonic(), mark_of(self.lake.file)
            number, now = self.lake.reading(read)
            self._known = Known(number, now, mark, began)
            return now

    def replacements(self) -> Callable[[str, int], list[dict[str, Any]]]:
        """``replaced_rows`` for many rows, of the register as it stands now."""
        now = self.current()
        return Replaced(
            lambda submission: str(known(now, submission).form),
            self._is_profile,
            self._all_replaced,
            lambda submission, row: self._replaced_in_table(now, submission, row),
        )

    def replaced_rows(self, submission: str, row: int) -> list[dict[str, Any]]:
        """The rows whose place a row took, newest first: values, ``_submission``, ``_row``, who and
        when, and ``why``.
        """
        return self._replaced(self.current(), submission, row)

    def _replaced(self, now: Register, submission: str, row: int) -> list[dict[str, Any]]:
        record = known(now, submission)
        if self._is_profile(record.form):
            return self.query(
                profiles.replaced_by(self.all_rows(record.form), self._key_of(record.form)),
                [submission, row],
            )
        return self._replaced_in_table(now, submission, row)

    def _all_replaced(self, form: str) -> pa.Table:
        """Every replaced row of a profile with the row that took its place."""
        return self.query_arrow(profiles.all_replaced(self.all_rows(form), self._key_of(form)))

    def _replaced_in_table(self, now: Register, submission: str, row: int) -> list[dict[str, Any]]:
        record = known(now, submission)
        if submission not in now.enders.get(record.form, ()):
            return []
        view = self.all_rows(record.form)
        return self.query(
            f"select r.*, e.why from memory.main.{quoted(view)} r"
            f" join lake.main.{corrections.TABLE} e"
            " on e.submission = r._submission and e.row = r._row"
            " where e.ended_by = ? and e.new_row = ? order by r._submission desc",
            [submission, row],
        )

    def _is_profile(self, form: str) -> bool:
        with closing(self.lake.cursor()) as cur:
            return profiles.FILE in self.lake.patiently(lambda: self.lake.columns(cur, form))

    def _key_of(self, form: str) -> list[str]:
        """The key of a profile's rows, as its newest block has it."""
        newest = (
            f"select profile_key from lake.main.{quoted(form)} order by _submission desc limit 1"
        )
        return str(self.query(newest)[0]["profile_key"]).split(",")

    def grown_since(self, head: str) -> int | None:
        """Number of entries made since that head; None when the chain has no such head."""
        now = self.current()
        heads = [now.start, *(e.head for e in now.events)]
        return len(heads) - 1 - heads.index(head) if head in heads else None

    def verify(self, head: str | None = None) -> list[Finding]:
        """Recompute everything from what is stored; one finding for each bad thing, none when all
        is sound.

        With ``head`` (one printed before), also whether it is in this chain; an earlier head of the
        same chain is fine, and ``grown_since(head)`` says by how much the ledger has grown.
        """
        address = None if self.about["catalogue"] == "sqlite" else self.lake.catalogue
        fresh = Lake(self.folder, catalogue=address, schema=self.about["schema"], fresh=True)
        try:
            return verify.findings(self.folder, fresh, self.about["id"], head)
        except StorageError as error:
            return [verify.damaged_catalogue(error)]
        finally:
            fresh.close()


def _miscounted(cur: Connection, lake: Lake) -> list[str]:
    """Forms whose tables do not hold as many rows as were handed in: form, rows held and stated."""
    tables = set(lake.tables(cur))
    wrong = []
    for form, wanted in register.rows_stated(cur):
        table = f"lake.main.{quoted(form)}"
        here = (
            cur.execute(f"select count(*) from {table}").fetchall()[0][0] if form in tables else 0
        )
        if here != wanted:
            wrong.append(f"{form} {here} ≠ {wanted}")
    return wrong
