"""The ledger: submissions and their events, append only, with both clocks.

A submission is the rows of one form with who, where from and the original file; its states are
events that follow. What counts (``effective``) is the rows of approved submissions. Nothing is
changed or deleted: a correction supersedes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, WrongState
from hengtan.basis.whole_files import write_json
from hengtan.ledger import (
    archive,
    chain,
    corrections,
    frozen,
    originals,
    register,
    rows,
    witness,
)
from hengtan.ledger.about import ABOUT, address_for, new_about, read_about
from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.corrections import Approving, Rules
from hengtan.ledger.differences import Differences, differences
from hengtan.ledger.handing_in import Meta, Submission, is_held, known, same_file, supersedable
from hengtan.ledger.lake import Connection, Lake, literal
from hengtan.ledger.readable import ReadableLedger

LONGEST_READING = timedelta(days=1)
"""Files that were replaced stay so long for readers that began before."""


class Ledger(ReadableLedger):
    """A ledger folder that can also be written: hand in, decide, back up, restore, tidy."""

    def __init__(self, folder: Path, about: dict[str, Any], lake: Lake, read_only: bool) -> None:
        super().__init__(folder, about, lake)
        self.read_only = read_only or not lake.may_be_written
        self.rules_of: Callable[[str], Rules] = lambda form: Rules()
        self._rules: dict[str, Rules] = {}

    @classmethod
    def create(
        cls,
        folder: str | Path,
        catalogue: str | None = None,
        *,
        wait: float = 60.0,
        on_wait: Callable[[str], None] | None = None,
        ledger_id: str | None = None,
    ) -> Self:
        """A new, empty ledger.

        ``catalogue``: None = SQLite in the folder, or a ``postgresql://`` address (never stored).
        """
        folder = Path(folder)
        about = new_about(folder, catalogue, ledger_id)
        (folder / "lake").mkdir(parents=True, exist_ok=True)
        (folder / originals.FOLDER).mkdir(exist_ok=True)
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
    ) -> Self:
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
        actor = meta.actor.name
        chain.check_step("新提交", None, state)
        self._refuse_if_read_only()
        file_sha = None if meta.file is None else originals.sha256_of(meta.file)
        with self.lake.writing() as cur:
            now = self.current()
            columns = rows.stage(self.lake, cur, form_id, table, meta.sheet)
            count, digest = rows.staged_digest(cur, list(columns))
            existing = same_file(now, form_id, file_sha, meta, digest)
            if existing is not None and not self._replaced_since(cur, now, existing):
                return Submission.existing_one(now, existing)
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
                raise _changed_meanwhile()

            def write() -> None:
                if count or not self.lake.columns(cur, form_id):
                    rows.insert_staged(self.lake, cur, form_id, columns, record.submission)
                register.append(cur, [record], [event])

            self.lake.commit(cur, actor, f"{state} {record.submission} {form_id}", write)
            self._noted(cur, now.with_more([record], [event]))
            cur.execute("drop table if exists staged")
        return Submission(record.submission, form_id, state, count, event.head)

    def record(
        self,
        submission: str,
        state: str,
        actor: Actor,
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
        corrections.check_decision(on_conflict)
        with self.lake.writing() as cur:
            now = self.current()
            record = known(now, submission)
            _refuse_superseding_by_hand(submission, state)
            chain.check_step(submission, now.state(submission), state)
            moment = now.moment(at)
            approval = corrections.Approval()
            if state == "approved":
                approval = corrections.plan_approval(self._approving(cur, now, record), on_conflict)
                if approval.clashes:
                    raise corrections.refuse(record, approval.clashes)
            before: list[Event] = []
            if state == "approved" and record.supersedes:
                before = _superseding(now, record, actor.name, moment)
            last = before[-1] if before else now.events[-1]

            def write() -> list[Event]:
                corrections.write_ends(cur, approval)
                ends = corrections.digest_of_ends(cur, submission) if approval.sql else {}
                content = ends.get(submission)
                step = chain.next_event(
                    last, now.start, submission, state, actor.name, reason, moment, content
                )
                register.append(cur, [], [*before, step])
                return [*before, step]

            events = self.lake.commit(cur, actor.name, f"{state} {submission}", write)
            self._noted(cur, now.with_more([], events))
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
            file_sha = None if meta.file is None else originals.sha256_of(meta.file)
            counted = (table.num_rows, "")
            if is_held(now, form_id, file_sha):
                counted = rows.staged_digest(cur, list(columns))
            supersedable(now, form_id, meta.supersedes)
            record = meta.record(now, form_id, None, counted, columns, now.moment(None))
            waiting = same_file(now, form_id, file_sha, meta, counted[1])
            if waiting is not None and now.state(waiting.submission) == "submitted":
                record = waiting  # handed in before, by a run that stopped: no clash with itself
            return differences(self._approving(cur, now, record, staged=True))
        finally:
            cur.execute("drop table if exists staged")
            cur.close()

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

    def backup(self, file: str | Path) -> dict[str, Any]:
        """Everything of one consistent state in one .zip, while others may write; returns its
        manifest.
        """
        return archive.backup(self, Path(file))

    @classmethod
    def restore(cls, file: str | Path, folder: str | Path, catalogue: str | None = None) -> Self:
        """The ledger in a backup, built in ``folder`` (absent or empty), verified, and opened.

        Whole or not at all.
        """

        def create(folder: Path, ledger_id: str) -> Ledger:
            return cls.create(folder, catalogue, ledger_id=ledger_id)

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
            named = {r.file_sha256 for r in self.current().records.values() if r.file_sha256}
            return originals.sweep(self.folder, named) + self.lake.delete_orphans(cur)

    def tidy(self, more_than: int = 64, kept_for: timedelta = LONGEST_READING) -> list[str]:
        """Merge the many small files that single steps leave, in tables with more than so many;
        returns those tables.

        Nothing that can be seen changes, nor do readers notice whose transaction began before; the
        files they read are deleted ``kept_for`` after they were replaced. Worth doing after a large
        load and once in a while.
        """
        self._refuse_if_read_only()
        with self.lake.writing() as cur:
            return self.lake.merge_files(cur, more_than, kept_for)

    def _noted(self, cur: Connection, now: Register) -> None:
        """Keep the register as it is after a step, and note how far the chain has come."""
        self._cached = (self.lake.snapshot(cur), now)
        witness.write(self.folder, now)

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise WrongState(
                "台账以只读方式打开",
                "the ledger is open for reading only",
                todo="请以可写方式打开",
                todo_en="open it for writing",
            )


def _changed_meanwhile() -> HengtanError:
    return HengtanError(
        "文件在提交过程中被修改",
        "the file changed while it was handed in",
        todo="请关闭正在编辑它的程序后重试",
        todo_en="close the program that edits it and try again",
    )


def _refuse_superseding_by_hand(submission: str, state: str) -> None:
    """A submission is superseded by approving its correction, never by a step of its own."""
    if state == "superseded":
        raise WrongState(
            f"{submission} 不能直接改为“已被替代”",
            f"{submission} cannot be marked superseded by hand",
            todo="请提交更正并审核",
            todo_en="submit a correction and approve it",
        )


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
