"""Steps of a ledger worked out one after the other and written together: an entry each in the
chain, all in one transaction.

A step that may not be refuses itself and no other; each sees what those before it did. The entries
are the same, to the head, as when the steps are done one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, WrongState
from hengtan.ledger import chain, corrections, originals, register, rows
from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.corrections import Approval, Approving, Nearby
from hengtan.ledger.handing_in import (
    Meta,
    Submission,
    known,
    same_file,
    same_request,
    supersedable,
)
from hengtan.ledger.lake import Connection, Lake, literal
from hengtan.ledger.rows import Sheet, Staged


@dataclass(frozen=True)
class HandIn:
    """Rows of a form (a Form or its id) to be handed in; see ``Ledger.submit``."""

    form: Any
    table: pa.Table
    meta: Meta
    state: str = "submitted"
    at: datetime | date | None = None
    profile: Path | None = None
    """The rows of a profile, whose blocks are the rows of ``table`` then."""
    approve: bool = False
    """Approved by who hands it in, where it then waits; ``on_conflict`` as for ``Step``."""
    on_conflict: str | None = None


@dataclass(frozen=True)
class Step:
    """One more event of a submission; see ``Ledger.record``."""

    submission: str
    state: str
    actor: Actor
    reason: str = ""
    at: datetime | date | None = None
    on_conflict: str | None = None


Work: TypeAlias = HandIn | Step
Outcome: TypeAlias = Submission | str | Exception
"""What a work gives: a submission handed in, the head after a step, or why it was refused."""


class NothingToWrite(Exception):
    """All works of a batch were refused or there already: the transaction is not kept."""


@dataclass
class Batch:
    """Works on their way into a ledger whose writer's lock is held.

    ``form_id``: the id of a form or of its id; ``approving``: what an approval is worked out from.
    ``staged``: the rows of each work that hands in, or why they cannot be stored. ``now``: the
    register as it grows; ``records`` and ``events`` what is added to it;
    ``is_whole`` once all is written but not committed; ``nearby``: by form, what approvals here
    could touch by key; ``notes_ends``: whether any of them put older rows out of force.
    """

    lake: Lake
    cur: Connection
    folder: Path
    form_id: Callable[[Any], str]
    approving: Callable[[Connection, Register, Record], Approving]
    works: Sequence[Work]
    start: Register
    staged: dict[int, Staged | HengtanError] = field(default_factory=dict)
    now: Register = field(init=False)
    records: list[Record] = field(init=False)
    events: list[Event] = field(init=False)
    accepted: dict[int, str] = field(init=False)
    outcomes: list[Outcome] = field(init=False)
    is_whole: bool = False
    nearby: dict[str, Nearby] = field(default_factory=dict)
    notes_ends: bool = False

    def stage(self) -> None:
        """Put the rows that are handed in into temporary tables: those of a form with the same
        columns together.
        """
        alike: dict[Any, list[Sheet]] = {}
        for item, work in enumerate(self.works):
            if isinstance(work, HandIn):
                try:
                    form = self.form_id(work.form)
                except HengtanError as refusal:
                    self.staged[item] = refusal
                    continue
                sheet = Sheet(item, work.table, work.meta.sheet)
                alike.setdefault((form, work.table.schema), []).append(sheet)
        for (form, _), sheets in alike.items():
            self._stage_together(form, sheets)

    def _stage_together(self, form: str, sheets: list[Sheet]) -> None:
        table = f"staged_{sheets[0].item}"
        try:
            staged = rows.stage(self.lake, self.cur, form, sheets, table)
        except HengtanError as refusal:
            if len(sheets) == 1:
                self.staged[sheets[0].item] = refusal
            else:  # one of them does not fit: each by itself
                for sheet in sheets:
                    self._stage_together(form, [sheet])
            return
        self.staged |= dict.fromkeys([sheet.item for sheet in sheets], staged)

    def write(self) -> list[Outcome]:
        """Do the works, inside a transaction. Raises ``NothingToWrite`` where nothing came of any;
        ``outcomes`` says why.
        """
        self.now, self.records, self.events = self.start.copy(), [], []
        self.accepted, self.outcomes, self.is_whole = {}, [], False
        self.nearby, self.notes_ends = {}, False
        for item, work in enumerate(self.works):
            try:
                if isinstance(work, HandIn):
                    self.outcomes.append(self._hand_in_and_approve(item, work))
                else:
                    self.outcomes.append(self._step(work))
            except (HengtanError, OSError) as refusal:  # its file may be gone
                self.outcomes.append(refusal)
        if not self.events:
            raise NothingToWrite
        self._insert_accepted()
        if self.notes_ends:
            corrections.store_ends(self.cur)
        register.append(self.cur, self.records, self.events)
        self.is_whole = True
        return self.outcomes

    def author(self) -> str:
        """The author of the transaction: who did all of it, else the program."""
        actors = {event.actor for event in self.events}
        return actors.pop() if len(actors) == 1 else "hengtan"

    def message(self) -> str:
        """What the transaction did."""
        forms = {record.submission: f" {record.form}" for record in self.records}
        steps = [f"{e.state} {e.submission}{forms.get(e.submission, '')}" for e in self.events]
        more = f" and {len(steps) - SHOWN} more" if len(steps) > SHOWN else ""
        return "; ".join(steps[:SHOWN]) + more

    def done(self) -> None:
        """Let go of the temporary tables."""
        tables = {staged.table for staged in self.staged.values() if isinstance(staged, Staged)}
        for table in tables:
            self.cur.execute(f"drop table if exists {table}")

    def _hand_in_and_approve(self, item: int, work: HandIn) -> Submission:
        """What is handed in, and approved where the work says so; an approval that is refused
        leaves it waiting.
        """
        done = self._hand_in(item, work)
        if work.approve and done.state == "submitted":
            actor, decision = work.meta.actor, work.on_conflict
            head = self._step(Step(done.id, "approved", actor, at=work.at, on_conflict=decision))
            return replace(done, state="approved", head=head)
        return done

    def _hand_in(self, item: int, work: HandIn) -> Submission:
        staged, meta = self.staged[item], work.meta
        if isinstance(staged, HengtanError):
            raise staged
        chain.check_step("新提交", None, work.state)
        counted = staged.counted[item]
        file_sha = None if meta.file is None else originals.sha256_of(meta.file)
        request = same_request(self.now, staged.form, file_sha, meta, counted[1])
        if request is not None:
            return Submission.existing_one(self.now, request)
        existing = same_file(self.now, staged.form, file_sha, meta, counted[1])
        if existing is not None and not self._replaced_since(existing):
            return Submission.existing_one(self.now, existing)
        supersedable(self.now, staged.form, meta.supersedes)
        moment = self.now.moment(work.at)
        record = meta.record(self.now, staged.form, file_sha, counted, staged.columns, moment)
        event = self._event(
            record.submission,
            work.state,
            meta.actor.name,
            meta.note or "",
            record.at,
            chain.digest_of(record.content()),
        )
        if meta.file is not None and originals.keep(self.folder, meta.file) != file_sha:
            raise _changed_meanwhile()
        if work.profile is not None:
            originals.keep(self.folder, work.profile)
        self.accepted[item] = record.submission
        self._add([record], [event])
        return Submission(record.submission, staged.form, work.state, counted[0], event.head)

    def _step(self, work: Step) -> str:
        corrections.check_decision(work.on_conflict)
        record = known(self.now, work.submission)
        _refuse_superseding_by_hand(work.submission, work.state)
        chain.check_step(work.submission, self.now.state(work.submission), work.state)
        moment, content = self.now.moment(work.at), None
        if work.state == "approved":
            self._insert_accepted()
            case = self._approving(record)
            approval = corrections.plan_approval(case, work.on_conflict)
            if approval.clashes:
                raise corrections.refuse(record, approval.clashes)
            if record.supersedes:
                self._supersede(record, work.actor.name, moment)
            if approval.sql:
                content = self._ended(work.submission, approval)
        event = self._event(
            work.submission, work.state, work.actor.name, work.reason, moment, content
        )
        self._add([], [event])
        return event.head

    def _ended(self, submission: str, approval: Approval) -> str | None:
        """The digest of the ends that an approval makes; None where it makes none."""
        if not self.notes_ends:
            corrections.begin_noting(self.cur)
            self.notes_ends = True
        corrections.note_ends(self.cur, approval)
        return corrections.digest_of_ends(self.cur, submission, corrections.NOTED).get(submission)

    def _approving(self, record: Record) -> Approving:
        """What an approval is worked out from; of several of a form, all are asked at once which
        others they meet.
        """
        case = self.approving(self.cur, self.now, record)
        if self.notes_ends:
            case = replace(case, ends=corrections.BOTH)
        if record.form not in self.nearby:
            alike = [
                work.submission
                for work in self.works
                if isinstance(work, Step)
                and work.state == "approved"
                and work.submission in self.now.records
                and self.now.records[work.submission].form == record.form
            ]
            if len(alike) < FEW:
                return case
            self.nearby[record.form] = corrections.nearby(case, alike)
        return replace(case, nearby=self.nearby[record.form])

    def _supersede(self, record: Record, actor: str, moment: datetime) -> None:
        """The step of the submission that this one corrects, if it is not final."""
        old = self.now.state(str(record.supersedes))
        if old == "superseded":
            raise WrongState(
                f"{record.supersedes} 已被另一份更正替代",
                f"{record.supersedes} is superseded already",
                todo="请针对最新的那份重新提交更正",
                todo_en="submit a correction of the newest one",
            )
        if "superseded" in chain.STEPS[old]:
            reason = f"superseded by {record.submission}"
            event = self._event(str(record.supersedes), "superseded", actor, reason, moment, None)
            self._add([], [event])

    def _event(
        self,
        submission: str,
        state: str,
        actor: str,
        reason: str,
        at: datetime,
        content: str | None,
    ) -> Event:
        last = self.now.events[-1] if self.now.events else None
        return chain.next_event(last, self.now.start, submission, state, actor, reason, at, content)

    def _add(self, records: list[Record], events: list[Event]) -> None:
        self.records += records
        self.events += events
        self.now.grow(records, events)

    def _insert_accepted(self) -> None:
        """Store the rows of what has been handed in so far."""
        by_table: dict[str, dict[int, str]] = {}
        for item, submission in self.accepted.items():
            staged = self.staged[item]
            assert isinstance(staged, Staged)
            by_table.setdefault(staged.table, {})[item] = submission
        for numbers in by_table.values():
            staged = self.staged[next(iter(numbers))]
            assert isinstance(staged, Staged)
            rows.insert_staged(self.lake, self.cur, staged, numbers)
        if self.accepted:
            self.nearby = {}  # the new rows may have keys of what is approved here
        self.accepted = {}

    def _replaced_since(self, record: Record) -> bool:
        """Whether a later submission has taken the place of some of its rows."""
        enders = corrections.live_enders(self.now, record.form, self.now.states)
        if not enders:
            return False
        listed = ", ".join(map(literal, enders))
        ended = self.cur.execute(
            f"select 1 from {corrections.BOTH if self.notes_ends else corrections.STORED}"
            f" where submission = {literal(record.submission)} and ended_by in ({listed}) limit 1"
        ).fetchall()
        return bool(ended)


FEW = 3
"""Approvals of a form from which it is cheaper to ask once which others they meet."""
SHOWN = 3
"""Steps that the message of a transaction names."""


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
