"""The ledger: submissions and their events, append only, with both clocks.

A submission is the rows of one form with who, where from and the original file; its states are
events that follow. What counts (``effective``) is the rows of approved submissions. Nothing is
changed or deleted: a correction supersedes.
"""

from __future__ import annotations

import json
import os
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.basis.errors import Finding, HengtanError, WrongState
from hengtan.basis.whole_files import write_json
from hengtan.ledger import archive, chain, corrections, frozen, originals, register, rows, verify
from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.corrections import Approving, Rules
from hengtan.ledger.differences import Differences, differences
from hengtan.ledger.handing_in import Meta, Submission, known, same_file, supersedable
from hengtan.ledger.lake import Connection, Lake, is_postgres, literal, quoted
from hengtan.ledger.views import Views, summaries

FORMAT = 1
ABOUT = "ledger.json"
CATALOGUE_VARIABLE = "HENGTAN_CATALOGUE"


class Ledger:
    """One ledger folder: ``ledger.json``, the catalogue, Parquet in ``lake/``, originals in
    ``files/``.
    """

    def __init__(self, folder: Path, about: dict[str, Any], lake: Lake, read_only: bool) -> None:
        self.folder, self.about, self.lake, self.read_only = folder, about, lake, read_only
        self.rules_of: Callable[[str], Rules] = lambda form: Rules()
        self._rules: dict[str, Rules] = {}
        self._start = chain.genesis(about["id"])
        self._cached: tuple[int, Register] | None = None
        self.views = Views(lake)
        self._of_thread = threading.local()

    @classmethod
    def create(
        cls,
        folder: str | Path,
        catalogue: str | None = None,
        *,
        wait: float = 60.0,
        on_wait: Callable[[str], None] | None = None,
        ledger_id: str | None = None,
    ) -> Ledger:
        """A new, empty ledger.

        ``catalogue``: None = SQLite in the folder, or a ``postgresql://`` address (never stored).
        """
        folder = Path(folder)
        if (folder / ABOUT).exists():
            raise HengtanError(
                f"{folder} 已有台账",
                f"there is a ledger in {folder} already",
                todo="请另选文件夹",
                todo_en="choose another folder",
            )
        (folder / "lake").mkdir(parents=True, exist_ok=True)
        (folder / originals.FOLDER).mkdir(exist_ok=True)
        about: dict[str, Any] = {
            "format": FORMAT,
            "id": ledger_id or uuid.uuid4().hex,
            "catalogue": "postgres" if is_postgres(catalogue) else "sqlite",
            "schema": f"hengtan_{uuid.uuid4().hex[:12]}" if is_postgres(catalogue) else "main",
        }
        lake = Lake(
            folder,
            catalogue=catalogue,
            schema=about["schema"],
            create=True,
            wait=wait,
            on_wait=on_wait,
        )
        with lake.writing() as cur:
            lake.commit(cur, "hengtan", "create the ledger", lambda: _create_tables(cur))
        write_json(folder / ABOUT, about)
        return cls(folder, about, lake, read_only=False)

    @classmethod
    def open(
        cls,
        folder: str | Path,
        catalogue: str | None = None,
        read_only: bool = False,
        *,
        wait: float = 60.0,
        on_wait: Callable[[str], None] | None = None,
    ) -> Ledger:
        """An existing ledger.

        A PostgreSQL address comes from ``catalogue`` or the variable HENGTAN_CATALOGUE.

        ``wait``: seconds a write waits for another writer before ``LedgerBusy``; ``on_wait`` is
        told while it waits.
        """
        folder = Path(folder)
        about = read_about(folder)
        address = address_for(about, catalogue)
        lake = Lake(folder, catalogue=address, schema=about["schema"], wait=wait, on_wait=on_wait)
        return cls(folder, about, lake, read_only)

    def close(self) -> None:
        """Close the ledger's connections."""
        self.lake.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(
        self,
        form: Any,
        table: pa.Table,
        meta: Meta,
        *,
        state: str = "submitted",
        at: datetime | date | None = None,
    ) -> Submission:
        """Hand in the rows of a form (a Form or its id). All of it is stored, or nothing.

        The same original for the same form, sheet and rows again changes nothing and gives the
        existing submission, unless that one was returned, rejected or withdrawn, or was superseded
        and ``meta.supersedes`` says this is a deliberate correction back to it. ``at`` (default
        now, Beijing time) may not be before the last entry.
        """
        form_id = self._form(form)
        actor = str(meta.actor)
        chain.check_step("新提交", None, state)
        self._refuse_if_read_only()
        file_sha = None if meta.file is None else originals.sha256_of(meta.file)
        with self.lake.writing() as cur:
            now = self.current()
            columns = rows.stage(self.lake, cur, form_id, table, meta.sheet)
            count, digest = rows.staged_digest(cur, list(columns))
            existing = same_file(now, form_id, file_sha, meta, digest)
            if existing is not None and not self._replaced_since(cur, now, existing):
                number = existing.submission
                return Submission(
                    number, form_id, now.state(number), existing.rows, now.head, existing=True
                )
            supersedable(now, form_id, meta.supersedes)
            record = meta.record(now, form_id, file_sha, (count, digest), columns, now.moment(at))
            event = chain.next_event(
                now.events[-1] if now.events else None,
                now.start,
                record.submission,
                state,
                actor,
                meta.note or "",
                record.at,
                content=chain.digest_of(record.content()),
            )
            if meta.file is not None and originals.keep(self.folder, meta.file) != file_sha:
                raise HengtanError(
                    "文件在提交过程中被修改",
                    "the file changed while it was handed in",
                    todo="请关闭正在编辑它的程序后重试",
                    todo_en="close the program that edits it and try again",
                )

            def write() -> None:
                if count or not self.lake.columns(cur, form_id):
                    rows.insert_staged(self.lake, cur, form_id, columns, record.submission)
                register.append(cur, [record], [event])

            self.lake.commit(cur, actor, f"{state} {record.submission} {form_id}", write)
            self._cached = (self.lake.snapshot(cur), now.with_more([record], [event]))
            cur.execute("drop table if exists staged")
        return Submission(record.submission, form_id, state, count, event.head)

    def record(
        self,
        submission: str,
        state: str,
        actor: Actor | str,
        reason: str = "",
        *,
        at: datetime | date | None = None,
        on_conflict: str | None = None,
    ) -> str:
        """One more event of a submission; returns the new head.

        ``WrongState`` when the step is not allowed.

        Approving puts its rows in force: each takes the place of the row of the same business key
        that the same body reported. Rows of another body, or of a submission that waits, with the
        same key raise ``Conflict`` unless ``on_conflict`` decides: ``replace`` (this one counts) or
        ``keep`` (the other one does). One that ``supersedes`` another takes that one away as a
        whole. Withdrawing brings back the rows it replaced by key, not a submission that it
        superseded by name.
        """
        self._refuse_if_read_only()
        if on_conflict not in (None, *corrections.DECISIONS):
            raise WrongState(
                f"冲突处理“{on_conflict}”不可用",
                f"{on_conflict!r} decides nothing",
                todo="用 replace 或 keep",
                todo_en="use replace or keep",
            )
        with self.lake.writing() as cur:
            now = self.current()
            record = known(now, submission)
            if state == "superseded":
                raise WrongState(
                    f"{submission} 不能直接改为“已被替代”",
                    f"{submission} cannot be marked superseded by hand",
                    todo="请提交更正并审核",
                    todo_en="submit a correction and approve it",
                )
            chain.check_step(submission, now.state(submission), state)
            moment = now.moment(at)
            approval = corrections.Approval()
            if state == "approved":
                approval = corrections.plan_approval(self._approving(cur, now, record), on_conflict)
                if approval.clashes:
                    raise corrections.refuse(record, approval.clashes)
            before: list[Event] = []
            if state == "approved" and record.supersedes:
                before = _superseding(now, record, str(actor), moment)
            last = before[-1] if before else now.events[-1]

            def write() -> list[Event]:
                corrections.write_ends(cur, approval)
                ends = corrections.digest_of_ends(cur, submission) if approval.sql else {}
                step = chain.next_event(
                    last,
                    now.start,
                    submission,
                    state,
                    str(actor),
                    reason,
                    moment,
                    content=ends.get(submission),
                )
                register.append(cur, [], [*before, step])
                return [*before, step]

            events = self.lake.commit(cur, str(actor), f"{state} {submission}", write)
            self._cached = (self.lake.snapshot(cur), now.with_more([], events))
        return events[-1].head

    def differences(self, form: Any, table: pa.Table, meta: Meta) -> Differences:
        """What approving these rows would change, without writing: new, changed, unchanged and gone
        rows, conflicts.
        """
        form_id = self._form(form)
        cur = self.lake.cursor()
        try:
            now = self.current()
            columns = rows.stage(self.lake, cur, form_id, table, meta.sheet)
            counted = rows.staged_digest(cur, list(columns))
            supersedable(now, form_id, meta.supersedes)
            record = meta.record(now, form_id, None, counted, columns, now.moment(None))
            return differences(self._approving(cur, now, record, staged=True))
        finally:
            cur.execute("drop table if exists staged")
            cur.close()

    def replaced_rows(self, submission: str, row: int) -> list[dict[str, Any]]:
        """The rows whose place a row took, newest first: values, ``_submission``, ``_row``, who and
        when, and ``why``.
        """
        now = self.current()
        record = known(now, submission)
        if submission not in now.enders:
            return []
        view = self.all_rows(record.form)
        return self.query(
            f"select r.*, e.why from memory.main.{quoted(view)} r join lake.main.{corrections.TABLE} e"
            " on e.submission = r._submission and e.row = r._row"
            " where e.ended_by = ? and e.new_row = ? order by r._submission desc",
            [submission, row],
        )

    def _form(self, form: Any) -> str:
        """The id of a form; the rules of a ``Form`` are kept for its approvals."""
        form_id = rows.safe(str(getattr(form, "id", form)), "报表", "form")
        if not isinstance(form, str):
            self._rules[form_id] = Rules.of(form)
        return form_id

    def _approving(
        self, cur: Connection, now: Register, record: Record, *, staged: bool = False
    ) -> Approving:
        rules = self._rules.get(record.form) or self.rules_of(record.form)
        return Approving(cur, now, record, rules, self.lake.columns(cur, record.form), staged)

    def _replaced_since(self, cur: Connection, now: Register, record: Record) -> bool:
        """Whether a later submission has taken the place of some of its rows."""
        enders = corrections.live_enders(now, record.form, now.states)
        if not enders:
            return False
        listed = ", ".join(map(literal, enders))
        ended = cur.execute(
            f"select 1 from lake.main.{corrections.TABLE}"
            f" where submission = {literal(record.submission)} and ended_by in ({listed}) limit 1"
        ).fetchall()
        return bool(ended)

    def submissions(self, known_on: date | None = None) -> list[dict[str, Any]]:
        """Every submission known on that day with its state then and all its events, in order of
        entry.
        """
        return summaries(self.current(), known_on)

    def submission(self, submission: str) -> dict[str, Any]:
        """One submission by id; ``WrongState`` when there is none."""
        known(self.current(), submission)
        return next(s for s in self.submissions() if s["submission"] == submission)

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

    def all_rows(
        self, form: Any, known_on: date | None = None, schema: pa.Schema | None = None
    ) -> str:
        """Name of a view of every row of a form ever handed in, with ``_state`` of its submission."""
        return self.views.of(
            str(getattr(form, "id", form)), self.current(), known_on, schema, only_effective=False
        )

    def forms(self) -> list[str]:
        """Ids of the forms that have a table in the lake."""
        cur = self.lake.cursor()
        return [
            t for t in self.lake.patiently(lambda: self.lake.tables(cur)) if t not in rows.REGISTERS
        ]

    def head(self) -> str:
        """Head of the hash chain: 64 hexadecimal digits, to be printed and kept outside."""
        return self.current().head

    def state_key(self, known_on: date | None = None) -> str:
        """A key that changes when and only when what can be seen on that day changes."""
        return self.current().key(known_on)

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

        def read(cur: Connection) -> tuple[int, Register]:
            number = self.lake.snapshot(cur)
            if self._cached is not None and self._cached[0] == number:
                return self._cached
            return number, register.load(cur, self._start)

        self._cached = self.lake.reading(read)
        return self._cached[1]

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
        finally:
            fresh.close()

    def grown_since(self, head: str) -> int | None:
        """Number of entries made since that head; None when the chain has no such head."""
        now = self.current()
        heads = [now.start, *(e.head for e in now.events)]
        return len(heads) - 1 - heads.index(head) if head in heads else None

    def backup(self, file: str | Path) -> dict[str, Any]:
        """Everything of one consistent state in one .zip, while others may write; returns its
        manifest.
        """
        return archive.backup(self, Path(file))

    @classmethod
    def restore(cls, file: str | Path, folder: str | Path, catalogue: str | None = None) -> Ledger:
        """The ledger in a backup, built in ``folder`` (absent or empty), verified, and opened.

        Whole or not at all.
        """

        def create(partial: Path, ledger_id: str) -> Ledger:
            return cls.create(partial, catalogue, ledger_id=ledger_id)

        archive.restore(Path(file), Path(folder), create)
        return cls.open(folder, catalogue)

    def freeze(
        self,
        folder: str | Path,
        known_on: date | None = None,
        schemas: dict[str, pa.Schema] | None = None,
    ) -> dict[str, Any]:
        """Plain Parquet of the effective rows of every form with a ``manifest.json``, which is
        returned.

        ``schemas``: forms and columns to write even when nobody has submitted them.
        """
        return frozen.freeze(self, Path(folder), known_on, schemas or {})

    def sweep(self) -> list[Path]:
        """Delete what a killed writer left behind: files no submission and no snapshot names.

        Returns them.
        """
        self._refuse_if_read_only()
        with self.lake.writing() as cur:
            known = {r.file_sha256 for r in self.current().records.values() if r.file_sha256}
            return originals.sweep(self.folder, known) + self.lake.delete_orphans(cur)

    def tidy(self, more_than: int = 64) -> list[str]:
        """Merge the many small files that single steps leave, in tables with more than so many;
        returns those tables.

        Nothing that can be seen changes. Worth doing after a large load and once in a while.
        """
        self._refuse_if_read_only()
        with self.lake.writing() as cur:
            return self.lake.merge_files(cur, more_than)

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise WrongState(
                "台账以只读方式打开",
                "the ledger is open for reading only",
                todo="请以可写方式打开",
                todo_en="open it for writing",
            )


def read_about(folder: Path) -> dict[str, Any]:
    """The ledger's ``ledger.json``: format, id, kind of catalogue, its schema."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        known = {"format", "id", "catalogue", "schema"} <= set(about)
    except (OSError, ValueError):
        known = False
    if not known:
        raise HengtanError(
            f"{folder} 不是台账文件夹",
            f"{folder} holds no ledger",
            todo="请检查路径，或先创建台账",
            todo_en="check the path, or create a ledger first",
        )
    if about["format"] > FORMAT:
        raise HengtanError(
            f"{folder} 的台账由更新版本的衡碳写成",
            f"the ledger in {folder} was written by a newer hengtan",
            todo="请升级衡碳",
            todo_en="upgrade hengtan",
        )
    return dict(about)


def address_for(about: dict[str, Any], catalogue: str | None) -> str | None:
    """The catalogue's address to open a ledger with; None for SQLite."""
    if about["catalogue"] == "sqlite":
        return None
    address = catalogue or os.environ.get(CATALOGUE_VARIABLE)
    if not address:
        raise HengtanError(
            "该台账的目录在 PostgreSQL 上，未给出地址",
            "this ledger's catalogue is on PostgreSQL and no address is given",
            todo=f"请设置环境变量 {CATALOGUE_VARIABLE}",
            todo_en=f"set the variable {CATALOGUE_VARIABLE}",
        )
    return address


def _superseding(now: Register, record: Record, actor: str, moment: datetime) -> list[Event]:
    """The step of the submission that this one corrects, if it is not final."""
    old = now.state(str(record.supersedes))
    if old == "superseded":
        raise WrongState(
            f"{record.supersedes} 已被另一份更正替代",
            f"{record.supersedes} is superseded already",
            todo="请针对最新的那份重新提交更正",
            todo_en="submit a correction of the newest one",
        )
    if "superseded" not in chain.STEPS[old]:
        return []
    reason = f"superseded by {record.submission}"
    return [
        chain.next_event(
            now.events[-1], now.start, str(record.supersedes), "superseded", actor, reason, moment
        )
    ]


def _create_tables(cur: Connection) -> None:
    register.create_tables(cur)
    corrections.create_table(cur)
