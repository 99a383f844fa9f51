"""The ledger: submissions and their events, append only, with both clocks.

A submission is the rows of one form with who, where from and the original file; its states are
events that follow. What counts (``effective``) is the rows of approved submissions. Nothing is
changed or deleted: a correction supersedes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, cast

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.basis.errors import WrongState
from hengtan.basis.whole_files import write_json
from hengtan.ledger import (
    archive,
    corrections,
    frozen,
    originals,
    profiles,
    register,
    rows,
    witness,
)
from hengtan.ledger.about import ABOUT, address_for, new_about, read_about
from hengtan.ledger.batch import Batch, HandIn, NothingToWrite, Outcome, Step, Work
from hengtan.ledger.chain import Record, Register
from hengtan.ledger.corrections import Approving, Rules
from hengtan.ledger.differences import Differences, differences, of_profile
from hengtan.ledger.engine import in_pieces
from hengtan.ledger.handing_in import Meta, Submission, is_held, same_file, supersedable
from hengtan.ledger.lake import Connection, Lake, StorageError, quoted
from hengtan.ledger.readable import Known, ReadableLedger
from hengtan.ledger.rows import Sheet

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
        schema: str | None = None,
    ) -> Self:
        """A new, empty ledger.

        ``catalogue``: None = SQLite in the folder, or a ``postgresql://`` address (never stored);
        ``schema``: its name there.
        """
        folder = Path(folder)
        about = new_about(folder, catalogue, ledger_id, schema)
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
        approve: bool = False,
        on_conflict: str | None = None,
    ) -> Submission:
        """Hand in the rows of a form (a Form or its id). All of it is stored, or nothing.

        The same original for the same form, sheet and rows again changes nothing and gives the
        existing submission, unless that one was returned, rejected or withdrawn, or was superseded
        and ``meta.supersedes`` says this is a deliberate correction back to it. ``at`` (default
        now, Beijing time) may not be before the last entry. ``approve``: the same actor approves
        what then waits, in the same transaction, with ``on_conflict`` as in ``record``; where that
        is refused the submission waits and the refusal is raised.
        """
        work = HandIn(form, table, meta, state, at, approve=approve, on_conflict=on_conflict)
        outcome = self.write_many([work])[0]
        assert isinstance(outcome, Submission)
        return outcome

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
        outcome = self.write_many([Step(submission, state, actor, reason, at, on_conflict)])[0]
        assert isinstance(outcome, str)
        return outcome

    def submit_many(self, works: Sequence[HandIn]) -> list[Submission | Exception]:
        """Hand in many at once: for each, in order, what ``submit`` gives or why it was refused.

        One transaction, an entry each in the chain, the same as one by one.
        """
        return cast("list[Submission | Exception]", self.write_many(works, refusing=False))

    def record_many(self, works: Sequence[Step]) -> list[str | Exception]:
        """Many steps at once: for each, in order, the head that ``record`` gives or why it was
        refused.

        One transaction, an entry each in the chain, the same as one by one; a step sees those
        before it.
        """
        return cast("list[str | Exception]", self.write_many(works, refusing=False))

    def write_many(self, works: Sequence[Work], *, refusing: bool = True) -> list[Outcome]:
        """Hand in and take steps, in this order, in one transaction; for each what comes of it.

        With ``refusing`` the first refusal is raised; else it stands in the place of its outcome
        and the others are done all the same.
        """
        self._refuse_if_read_only()
        with ExitStack() as kept:
            in_blocks = [self._in_blocks(work, kept) for work in works]
            outcomes = self._written(in_blocks) if works else []
        if refusing:
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    raise outcome
        return outcomes

    def _written(self, works: Sequence[Work]) -> list[Outcome]:
        with self.lake.writing() as cur:
            batch = Batch(
                lake=self.lake,
                cur=cur,
                folder=self.folder,
                form_id=self.form_id,
                approving=self.approving,
                works=works,
                start=self.current(),
            )
            try:
                batch.stage()
                outcomes = self.lake.commit(cur, batch.author, batch.message, batch.write)
                self._noted(cur, batch.now)
                return outcomes
            except NothingToWrite:
                return batch.outcomes
            except StorageError:
                # what was on its way to be committed may stand: it is not done again
                if len(works) == 1 or batch.is_whole:
                    raise
            finally:
                batch.done()
        return [outcome for work in works for outcome in self._alone(work)]

    def _in_blocks(self, work: Work, kept: ExitStack) -> Work:
        """The work as it is written: rows of a profile by their blocks, with their file while
        ``kept`` is open. Raises TypeError where a profile is named by its id only.
        """
        if not isinstance(work, HandIn):
            return work
        if isinstance(work.form, str) and self.rules_of(work.form).meets_by:
            raise TypeError(f"{work.form} is a profile: hand in with its Form")
        if getattr(work.form, "profile", None) is None:
            return work
        blocks = kept.enter_context(profiles.in_blocks(work.form, work.table))
        return replace(work, table=blocks.table, profile=blocks.file)

    def _alone(self, work: Work) -> list[Outcome]:
        """One work of a batch that the storage refused."""
        try:
            return self._written([work])
        except StorageError as error:
            return [error]

    def differences(self, form: Any, table: pa.Table, meta: Meta) -> Differences:
        """What approving these rows would change, without writing: new, changed, unchanged and gone
        rows, conflicts.
        """
        if getattr(form, "profile", None) is None:
            return self._differences(self.form_id(form), table, meta)
        with profiles.in_blocks(form, table) as blocks:
            by_block = self._differences(self.form_id(form), blocks.table, meta)
        by_row = self._differences_of_profile(form, table, meta)
        return replace(by_row, clashes=by_block.clashes)

    def _differences_of_profile(self, form: Any, table: pa.Table, meta: Meta) -> Differences:
        standing = self.effective(form, schema=form.schema())
        cur = self.lake.cursor()
        try:
            cur.register("_profile_handed_in", in_pieces(table))
            source = "_source_row" if "_source_row" in table.column_names else "null::bigint"
            columns = ", ".join(map(quoted, form.schema().names))
            cur.execute(
                f"create or replace temp table profile_handed_in as select {columns},"
                f" row_number() over () as _row, {source} as _source_row from _profile_handed_in"
            )
            return of_profile(cur, profiles.Compared(form, "profile_handed_in", standing), meta)
        finally:
            cur.execute("drop table if exists profile_handed_in")
            cur.close()

    def _differences(self, form_id: str, table: pa.Table, meta: Meta) -> Differences:
        cur = self.lake.cursor()
        try:
            now = self.current()
            file_sha = None if meta.file is None else originals.sha256_of(meta.file)
            digest = is_held(now, form_id, file_sha)
            sheet = Sheet(0, table, meta.sheet)
            staged = rows.stage(self.lake, cur, form_id, [sheet], digest=digest)
            counted, columns = staged.counted[0], staged.columns
            supersedable(now, form_id, meta.supersedes)
            record = meta.record(now, form_id, None, counted, columns, now.moment(None))
            waiting = same_file(now, form_id, file_sha, meta, counted[1])
            if waiting is not None and now.state(waiting.submission) == "submitted":
                record = waiting  # handed in before, by a run that stopped: no clash with itself
            return differences(self.approving(cur, now, record, staged=True))
        finally:
            cur.execute("drop table if exists staged")
            cur.close()

    def form_id(self, form: Any) -> str:
        """The id of a form; the rules of a ``Form`` are kept for its approvals."""
        form_id = rows.safe(str(getattr(form, "id", form)), "报表", "form")
        if not isinstance(form, str):
            self._rules[form_id] = Rules.of(form)
        return form_id

    def approving(
        self, cur: Connection, now: Register, record: Record, *, staged: bool = False
    ) -> Approving:
        """What an approval of a submission is worked out from."""
        rules = self._rules.get(record.form) or self.rules_of(record.form)
        return Approving(cur, now, record, rules, self.lake.columns(cur, record.form), staged)

    def backup(self, file: str | Path, beside: Callable[[], None] = lambda: None) -> dict[str, Any]:
        """Everything of one consistent state in one .zip, while others may write; returns its
        manifest. ``beside`` is called at that state.
        """
        return archive.backup(self, Path(file), beside)

    @classmethod
    def restore(
        cls,
        file: str | Path,
        folder: str | Path,
        catalogue: str | None = None,
        schema: str | None = None,
    ) -> Self:
        """The ledger in a backup, built in ``folder`` (absent or empty), verified, and opened.

        Whole or not at all.
        """

        def create(folder: Path, ledger_id: str) -> Ledger:
            return cls.create(folder, catalogue, ledger_id=ledger_id, schema=schema)

        archive.restore(Path(file), Path(folder), create)
        return cls.open(folder, catalogue)

    def freeze(
        self,
        folder: str | Path,
        known_on: date | None = None,
        schemas: dict[str, pa.Schema] | None = None,
        only: Collection[str] | None = None,
    ) -> dict[str, Any]:
        """Plain Parquet of the effective rows of every form, or of ``only`` some, with a
        ``manifest.json``, which is returned.

        ``schemas``: forms and columns to write even when nobody has submitted them.
        """
        return frozen.freeze(self, Path(folder), known_on, schemas or {}, only)

    def sweep(self) -> list[Path]:
        """Delete what a killed writer left behind: files no submission and no snapshot names.

        Returns them.
        """
        self._refuse_if_read_only()
        with self.lake.writing() as cur:
            named = {r.file_sha256 for r in self.current().records.values() if r.file_sha256}
            named |= set(profiles.files(self.lake, cur))
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
        self._known = Known(self.lake.snapshot(cur), now)
        witness.write(self.folder, now)

    def _refuse_if_read_only(self) -> None:
        if self.read_only:
            raise WrongState(
                "台账以只读方式打开",
                "the ledger is open for reading only",
                todo="请以可写方式打开",
                todo_en="open it for writing",
            )


def _create_tables(cur: Connection) -> None:
    register.create_tables(cur)
    corrections.create_table(cur)
