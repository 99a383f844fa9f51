"""What an approval does to rows that stand: which it replaces, which it takes away, and what a
person must decide.

The business key of a form is unique among the rows in force; empty parts of a key are equal to each
other. A newly approved row ends the older one of the same key and the same reporting body, row by
row. The same key from another body, or in another submission that still waits, is a conflict: the
approver decides it, nothing is replaced in silence.

Every end of a row is a line of the table ``row_ends`` (which row, ended by which submission, why),
written with the approval and covered by the digest in its event. An end counts while the submission
that made it stands or was itself corrected; when that one is withdrawn the rows it ended are back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import HengtanError, WrongState
from hengtan.ledger.chain import Record, Register
from hengtan.ledger.lake import Connection, literal, quoted

TABLE = "row_ends"
COLUMNS = {
    "submission": "VARCHAR",
    "row": "BIGINT",
    "ended_by": "VARCHAR",
    "new_row": "BIGINT",
    "why": "VARCHAR",
}
REPLACED, GONE, OTHER_BODY, WAITING, KEPT = "replaced", "gone", "other_body", "waiting", "kept"
DECISIONS = ("replace", "keep")
SHOWN = 5


class Conflict(HengtanError):
    """Rows with the key of rows that another body reported or that another submission still waits
    with.
    """


@dataclass(frozen=True)
class Clash:
    """Rows of one other submission that have the keys of the one to be approved."""

    submission: str
    body: str
    state: str
    actor: str
    rows: int
    keys: tuple[str, ...]

    def __str__(self) -> str:
        waits = "待审" if self.state == "submitted" else "已审核"
        more = "" if self.rows <= len(self.keys) else "……"
        who = f"{self.submission}（{waits}，{self.body or self.actor}）"
        return f"{who}{self.rows}行：{'；'.join(self.keys)}{more}"


@dataclass(frozen=True)
class Rules:
    """How rows of a form replace each other: its business key, and the columns that say which list
    a row belongs to.
    """

    key: tuple[str, ...] = ()
    list_by: tuple[str, ...] = ()
    meets_by: tuple[str, ...] = ()
    """What a row of another body has in common with one it clashes with; the key where empty."""

    @classmethod
    def of(cls, form: Any) -> Rules:
        """The rules of a ``Form``; of a bare form id, none: its submissions replace only what they
        name.
        """
        profile = getattr(form, "profile", None)
        if profile is not None:
            return cls(profile.key, profile.block, profile.block)
        return cls(tuple(getattr(form, "key", ())), tuple(getattr(form, "list_by", ())))

    @property
    def meeting(self) -> tuple[str, ...]:
        """The columns by which rows of two bodies are about the same thing."""
        return self.meets_by or self.key


@dataclass
class Approval:
    """What approving a submission will do; ``sql`` gives the ends, ``clashes`` what must be decided
    first.
    """

    sql: list[str] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def create_table(cur: Connection) -> None:
    """Make the table of ends where it is not yet. Call inside a transaction."""
    spec = ", ".join(f"{quoted(name)} {kind}" for name, kind in COLUMNS.items())
    cur.execute(f"create table if not exists lake.main.{TABLE} ({spec})")


def live_enders(register: Register, form: str, states: dict[str, str]) -> list[str]:
    """Submissions of a form whose ends count, given the states as known on a day."""
    return [
        submission
        for submission in register.enders.get(form, ())
        if states.get(submission) in ("approved", "superseded")
    ]


def same_key(key: Sequence[str], columns: dict[str, str], left: str, right: str) -> str:
    """SQL: the rows of two aliases have one business key; empty parts are equal, a part never
    stored is empty.
    """
    parts = [
        f"nullif(cast({left}.{quoted(part)} as varchar), '')"
        f" is not distinct from nullif(cast({right}.{quoted(part)} as varchar), '')"
        for part in key
        if part in columns
    ]
    return " and ".join(parts) if parts else "false"


def shown_key(key: Sequence[str], columns: dict[str, str], alias: str) -> str:
    """SQL: the key of a row as a person reads it."""
    parts = [
        f"nullif(cast({alias}.{quoted(part)} as varchar), '')" for part in key if part in columns
    ]
    return f"concat_ws(' ', {', '.join(parts)})" if parts else "''"


@dataclass(frozen=True)
class Approving:
    """The state an approval is worked out in: the register, the submission, the rules of its form,
    its stored columns.

    ``staged``: the submission is not stored yet; its rows stand in the temporary table ``staged``
    (a dry run). ``meets``: the other submissions that have one of its keys, where that was asked
    for many at once; None where it was not.
    """

    cur: Connection
    now: Register
    record: Record
    rules: Rules
    columns: dict[str, str]
    staged: bool = False
    meets: frozenset[str] | None = None

    @property
    def table(self) -> str:
        """The form's rows in the lake."""
        return f"lake.main.{quoted(self.record.form)}"

    def own_rows(self) -> str:
        """SQL: the rows of the submission itself, but for those decided away while it waited."""
        if self.staged:
            return f"(select {literal(self.record.submission)} as _submission, * from staged)"
        return self.rows_of([self.record])

    def rows_of(self, records: Sequence[Record]) -> str:
        """SQL: rows of those submissions that no standing approval has ended."""
        listed = ", ".join(literal(r.submission) for r in records)
        of_records = f"select * from {self.table} r where _submission in ({listed})"
        enders = live_enders(self.now, self.record.form, self.now.states)
        if not enders:
            return f"({of_records})"
        ends = (
            f"select 1 from lake.main.{TABLE} e"
            f" where e.submission = r._submission and e.row = r._row"
            f" and e.ended_by in ({', '.join(map(literal, enders))})"
        )
        return f"({of_records} and not exists ({ends}))"

    def others(self, state: str) -> list[Record]:
        """Other submissions of the form in a state, without those this one corrects or that correct
        each other away.
        """
        return [
            other
            for other in self.now.by_form.get(self.record.form, ())
            if other.submission not in (self.record.submission, self.record.supersedes)
            and other.supersedes != self.record.submission
            and self.now.state(other.submission) == state
        ]

    def met(self, records: Sequence[Record]) -> list[Record]:
        """Those of some records that have one of its keys, as far as that is known."""
        if self.meets is None:
            return list(records)
        return [record for record in records if record.submission in self.meets]


def meetings(case: Approving, submissions: Sequence[str]) -> dict[str, frozenset[str]]:
    """For each of some submissions of a form the others with one of its keys, ended rows too: all
    that an approval by key could touch, asked at once instead of for each.
    """
    meets: dict[str, set[str]] = {submission: set() for submission in submissions}
    if case.rules.key and case.columns:
        match = same_key(case.rules.meeting, case.columns, "o", "n")
        listed = ", ".join(map(literal, submissions))
        rows = case.cur.execute(
            f"select distinct n._submission, o._submission from {case.table} n join {case.table} o"
            f" on {match} and o._submission <> n._submission where n._submission in ({listed})"
        ).fetchall()
        for submission, other in rows:
            meets[submission].add(other)
    return {submission: frozenset(others) for submission, others in meets.items()}


def plan_approval(case: Approving, decision: str | None) -> Approval:
    """What approving the submission will end, and what stands in its way.

    ``decision``: ``replace`` (this submission's rows prevail), ``keep`` (the other rows do; of this
    submission those do not count), None: conflicts are left to be decided.
    """
    approval = Approval()
    if case.record.supersedes:
        approval.sql.append(_ends_of_superseded(case))
    if not case.rules.key or not case.columns:
        return approval
    approved, waiting = case.others("approved"), case.met(case.others("submitted"))
    own = [r for r in approved if body_of(r) == body_of(case.record)]
    foreign = case.met([r for r in approved if body_of(r) != body_of(case.record)])
    key, meeting = case.rules.key, case.rules.meeting
    if case.met(own):
        approval.sql.append(_ends_of_same_key(case, case.met(own), REPLACED, key))
    if own and case.record.whole_list:  # what is gone has no key of this one
        approval.sql.append(_ends_of_gone(case, own))
    for others, why, by in ((foreign, OTHER_BODY, meeting), (waiting, WAITING, key)):
        if others and decision == "replace":
            approval.sql.append(_ends_of_same_key(case, others, why, by))
        elif others and decision == "keep":
            approval.sql.append(_ends_of_own(case, others, by))
        elif others:
            approval.clashes += _clashes(case, others, by)
    return approval


def body_of(record: Record) -> str:
    """The reporting body of a submission: on whose behalf it was handed in, else the place it is
    about.
    """
    return record.body or record.place or ""


def _ends(selected: str, source: str) -> str:
    return f"select {selected} from {source}"


def _ends_of_same_key(
    case: Approving, others: Sequence[Record], why: str, key: Sequence[str]
) -> str:
    match = same_key(key, case.columns, "o", "n")
    return _ends(
        f"o._submission, o._row, {literal(case.record.submission)}, n._row, {literal(why)}",
        f"{case.rows_of(others)} o join {case.own_rows()} n on {match}",
    )


def _ends_of_own(case: Approving, others: Sequence[Record], key: Sequence[str]) -> str:
    match = same_key(key, case.columns, "o", "n")
    own = literal(case.record.submission)
    return _ends(
        f"distinct n._submission, n._row, {own}, cast(null as bigint), {literal(KEPT)}",
        f"{case.rows_of(others)} o join {case.own_rows()} n on {match}",
    )


def _ends_of_gone(case: Approving, own: Sequence[Record]) -> str:
    """Rows of the lists that the submission holds whole and in which it no longer has them."""
    listed = same_key(case.rules.list_by, case.columns, "o", "n")
    match = same_key(case.rules.key, case.columns, "o", "n")
    number = literal(case.record.submission)
    return _ends(
        f"o._submission, o._row, {number}, cast(null as bigint), {literal(GONE)}",
        f"{case.rows_of(own)} o where exists (select 1 from {case.own_rows()} n where {listed})"
        f" and not exists (select 1 from {case.own_rows()} n where {match})",
    )


def _ends_of_superseded(case: Approving) -> str:
    """All rows of the submission that is corrected as a whole; ``new_row`` where its key is
    repeated.
    """
    old = [case.now.records[str(case.record.supersedes)]]
    number = literal(case.record.submission)
    match = same_key(case.rules.key, case.columns, "o", "n")
    return _ends(
        f"o._submission, o._row, {number}, n._row,"
        f" case when n._row is null then {literal(GONE)} else {literal(REPLACED)} end",
        f"{case.rows_of(old)} o left join {case.own_rows()} n on {match}",
    )


def _clashes(case: Approving, others: Sequence[Record], key: Sequence[str]) -> list[Clash]:
    match = same_key(key, case.columns, "o", "n")
    shown = shown_key(key, case.columns, "n")
    rows = case.cur.execute(
        f"select o._submission, count(*), list({shown} order by n._row)[1:{SHOWN}]"
        f" from {case.rows_of(others)} o join {case.own_rows()} n on {match} group by 1 order by 1"
    ).fetchall()
    return [
        Clash(
            submission,
            body_of(case.now.records[submission]),
            case.now.state(submission),
            case.now.records[submission].actor,
            count,
            tuple(keys),
        )
        for submission, count, keys in rows
    ]


def check_decision(on_conflict: str | None) -> None:
    """Raise ``WrongState`` unless this decides a conflict, or nothing is decided (None)."""
    if on_conflict not in (None, *DECISIONS):
        raise WrongState(
            f"冲突处理“{on_conflict}”不可用",
            f"{on_conflict!r} decides nothing",
            todo="用 replace 或 keep",
            todo_en="use replace or keep",
        )


def refuse(record: Record, clashes: Sequence[Clash]) -> Conflict:
    """The refusal that asks the approver to decide."""
    number = sum(clash.rows for clash in clashes)
    listed = "；".join(map(str, clashes))
    listed_en = "; ".join(
        f"{c.submission} ({c.state}, {c.body or c.actor}) {c.rows} rows: {', '.join(c.keys)}"
        for c in clashes
    )
    return Conflict(
        f"{record.submission} 有{number}行与其他单位填报的或待审的数据同键：{listed}",
        f"{record.submission}: {number} rows have the key of rows of another body"
        f" or of a waiting submission: {listed_en}",
        todo="请核对后决定：--on-conflict replace（以本次为准）"
        "或 keep（保留对方的，本次这些行不计入）",
        todo_en="decide with --on-conflict replace (this one counts)"
        " or keep (the other one counts)",
    )


def write_ends(cur: Connection, approval: Approval) -> None:
    """Append the ends of an approval. Call inside a transaction, before the event is made."""
    if not approval.sql:
        return
    create_table(cur)
    together = " union all ".join(approval.sql)
    # one end for a row and an ender, the plainest reason first: a row may be both replaced and in a
    # conflict
    cur.execute(
        f"insert into lake.main.{TABLE} select distinct on (submission, row) * from ({together})"
        f" e(submission, row, ended_by, new_row, why) order by submission, row, why desc"
    )


def digest_of_ends(cur: Connection, ended_by: str | None = None) -> dict[str, str]:
    """SHA-256 of the ends each submission made, in order of the rows ended; only of one with
    ``ended_by``.
    """
    chosen = "" if ended_by is None else f" where ended_by = {literal(ended_by)}"
    line = "submission || ':' || row || ':' || coalesce(new_row::varchar, '-') || ':' || why"
    rows = cur.execute(
        f"select ended_by, sha256(string_agg({line}, '\n' order by submission, row))"
        f" from lake.main.{TABLE}{chosen} group by 1"
    ).fetchall()
    return {str(submission): str(digest) for submission, digest in rows}
