"""What can be seen of a form at one state of the ledger: names of views over the lake, with who and
when beside each row.

A view is named by what it shows and never changes, so a computation that holds it sees one state
to its end, and two states that show the same rows of a form share its view.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa

from hengtan.basis.seal import sha256_of
from hengtan.ledger import corrections, originals, profiles
from hengtan.ledger.chain import Event, Record, Register
from hengtan.ledger.lake import Connection, Lake, literal, quoted
from hengtan.ledger.rows import FIXED, safe, types_of

KEPT_VIEWS = 400
SHORT = 32
"""Characters of a digest that tell two contents apart for certain."""
BESIDE = {
    "_submission": "VARCHAR",
    "_state": "VARCHAR",
    "_submitted_at": "TIMESTAMP",
    "_submitted_by": "VARCHAR",
    "_approved_at": "TIMESTAMP",
    "_approved_by": "VARCHAR",
    "_file": "VARCHAR",
    "_demo": "BOOLEAN",
}
BESIDE_FROM = (
    "submission",
    "state",
    "submitted_at",
    "submitted_by",
    "approved_at",
    "approved_by",
    "file_name",
    "demo",
)


def standing(record: Record, history: Sequence[Event]) -> dict[str, Any]:
    """Where a submission stands after its events: its record, state, who and when."""
    approved = next((e for e in reversed(history) if e.state == "approved"), None)
    handed_in = next((e for e in reversed(history) if e.state == "submitted"), history[0])
    return {
        "submission": record.submission,
        "form": record.form,
        "state": history[-1].state,
        "place": record.place,
        "actor": record.actor,
        "channel": record.channel,
        "file_name": record.file_name,
        "file_sha256": record.file_sha256,
        "sheet": record.sheet,
        "demo": record.demo,
        "note": record.note,
        "supersedes": record.supersedes,
        "body": record.body,
        "whole_list": bool(record.whole_list),
        "rows": record.rows,
        "submitted_at": handed_in.at,
        "submitted_by": handed_in.actor,
        "approved_at": approved.at if approved else None,
        "approved_by": approved.actor if approved else None,
        "reason": history[-1].reason,
        "changed_at": history[-1].at,
    }


def summaries(register: Register, known_on: date | None) -> list[dict[str, Any]]:
    """Where every submission known on that day stands, each with its events."""
    return [
        standing(register.records[submission], history)
        | {
            "events": [
                {
                    "seq": e.seq,
                    "state": e.state,
                    "actor": e.actor,
                    "reason": e.reason,
                    "at": e.at,
                    "head": e.head,
                }
                for e in history
            ]
        }
        for submission, history in register.histories(known_on).items()
        if submission in register.records
    ]


@dataclass(frozen=True)
class Shape:
    """The columns of a form's view: those stored in the lake, and those of its schema the lake
    lacks (missing there).
    """

    stored: dict[str, str]
    lacking: dict[str, str]

    @property
    def digest(self) -> str:
        """A short name of the shape."""
        return sha256_of(repr((self.stored, self.lacking)))[:SHORT]


@dataclass(frozen=True)
class Seen:
    """What of the register a view shows: its submissions (``standing``), those that ended rows,
    and the digests of the rows of each.
    """

    submissions: list[dict[str, Any]]
    enders: list[str]
    rows_digests: dict[str, str]
    only_effective: bool

    @property
    def digest(self) -> str:
        """A short name, another one wherever a row or what stands beside it is."""
        beside = [[s[column] for column in BESIDE_FROM] for s in self.submissions]
        return sha256_of(repr((beside, self.enders, self.rows_digests)))[:SHORT]


def _shape(cur: Connection, stored: dict[str, str], schema: pa.Schema | None) -> Shape:
    wanted = {} if schema is None else types_of(cur, schema)
    return Shape(stored, {n: kind for n, kind in wanted.items() if n not in stored})


@dataclass(frozen=True)
class View:
    """A view of a form: its name, which says what is in it, and how to have it there."""

    name: str
    at_need: Callable[[], str]
    """Makes it where it is not there yet; gives its name."""


def _name_of(form: str, shape: Shape, seen: Seen) -> str:
    kind = "effective" if seen.only_effective else "all_rows"
    return f"{kind}_{safe(form, '报表', 'form')}_{seen.digest}_{shape.digest}"


class Views:
    """The views made so far; the oldest are dropped."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._kept: OrderedDict[str, None] = OrderedDict()
        self._one_at_a_time = threading.Lock()
        self._standings: tuple[Any, dict[str, list[dict[str, Any]]]] = (None, {})

    def of(
        self,
        form: str,
        register: Register,
        known_on: date | None,
        schema: pa.Schema | None,
        only_effective: bool,
    ) -> str:
        """Name of the view of one form's rows; columns of ``schema`` the lake lacks are there and
        missing (NULL).

        With ``only_effective`` the rows in force: of approved submissions, not replaced since.
        Without, every row ever handed in with its ``_state``: that of its submission, or
        ``replaced`` for a row that a later one took the place of.
        """
        with self._one_at_a_time, closing(self._lake.cursor()) as cur:
            stored = self._lake.patiently(lambda: self._lake.columns(cur, form))
            shape = _shape(cur, stored, schema)
            seen = self._seen(form, register, known_on, only_effective)
            name = _name_of(form, shape, seen)
            self._make_once(cur, name, form, shape, seen)
        return name

    def of_all(
        self, schemas: Mapping[str, pa.Schema], register: Register, known_on: date | None
    ) -> dict[str, View]:
        """The views of the rows in force of several forms, by form, of one state of the ledger;
        each is made when it is first asked for. The lake is asked for its columns once.
        """
        with self._one_at_a_time, closing(self._lake.cursor()) as cur:
            stored = self._lake.patiently(lambda: self._lake.columns_of_all(cur))
            views = {}
            for form, schema in schemas.items():
                shape = _shape(cur, stored.get(form, {}), schema)
                seen = self._seen(form, register, known_on, True)
                name = _name_of(form, shape, seen)
                views[form] = View(name, partial(self._at_need, name, form, shape, seen))
        return views

    def _at_need(self, name: str, form: str, shape: Shape, seen: Seen) -> str:
        with self._one_at_a_time, closing(self._lake.cursor()) as cur:
            self._make_once(cur, name, form, shape, seen)
        return name

    def _make_once(self, cur: Connection, name: str, form: str, shape: Shape, seen: Seen) -> None:
        if name not in self._kept:
            self._make(cur, name, form, shape, seen)
            self._keep(cur, name)
        self._kept.move_to_end(name)

    def _keep(self, cur: Connection, name: str) -> None:
        self._kept[name] = None
        while len(self._kept) > KEPT_VIEWS:
            oldest, _ = self._kept.popitem(last=False)
            cur.execute(f"drop view if exists memory.main.{oldest}")
            for part in ("submissions", "ends", "blocks"):
                cur.execute(f"drop table if exists memory.main.{oldest}_{part}")

    def _seen(
        self, form: str, register: Register, known_on: date | None, only_effective: bool
    ) -> Seen:
        of_form = self.standings(register, known_on).get(form, [])
        states = {s["submission"]: s["state"] for s in of_form}
        chosen = [s for s in of_form if s["state"] == "approved" or not only_effective]
        enders = corrections.live_enders(register, form, states) if states else []
        digests = {s["submission"]: register.records[s["submission"]].rows_digest for s in chosen}
        return Seen(chosen, enders, digests, only_effective)

    def standings(
        self, register: Register, known_on: date | None
    ) -> Mapping[str, list[dict[str, Any]]]:
        """Where submissions stand, by form; kept of the state that was asked last."""
        state = (register.key(known_on), known_on)
        kept_for, by_form = self._standings
        if kept_for != state:
            by_form = {}
            for submission, history in register.histories(known_on).items():
                record = register.records.get(submission)
                if record is not None:
                    by_form.setdefault(record.form, []).append(standing(record, history))
            self._standings = (state, by_form)
        return by_form

    def _make(self, cur: Connection, name: str, form: str, shape: Shape, seen: Seen) -> None:
        self._table_of_submissions(cur, name, seen.submissions)
        if profiles.FILE in shape.stored:
            self._make_of_profile(cur, name, form, shape, seen)
            return
        if not shape.stored:
            stored = {n: f"cast(null as {kind}) as {n}" for n, kind in FIXED.items()}
            source = f"memory.main.{name}_submissions s where false"
            state = "s._state"
        else:
            stored = {n: f"r.{quoted(n)}" for n in shape.stored}
            source = (
                f"lake.main.{quoted(form)} r"
                f" join memory.main.{name}_submissions s on r._submission = s._submission"
            )
            ended = self._ended(cur, name, seen.enders)
            state = f"case when {ended} then 'replaced' else s._state end" if ended else "s._state"
            if ended and seen.only_effective:
                source += f" where not {ended}"
                state = "s._state"
        columns = [stored[n] for n in stored if n not in FIXED]
        columns += [f"cast(null as {t}) as {quoted(n)}" for n, t in shape.lacking.items()]
        columns += [stored[n] for n in FIXED]
        columns += [
            f"{state} as _state" if n == "_state" else f"s.{n}"
            for n in BESIDE
            if n != "_submission"
        ]
        selected = f"select {', '.join(columns)} from {source}"
        cur.execute(f"create or replace view memory.main.{name} as {selected}")

    def _make_of_profile(
        self, cur: Connection, name: str, form: str, shape: Shape, seen: Seen
    ) -> None:
        """A view of the rows in the files of a profile, and the table of blocks it rests on."""
        ended = self._ended(cur, name, seen.enders) or "false"
        submissions = f"memory.main.{name}_submissions s on r._submission = s._submission"
        of_seen = f"lake.main.{quoted(form)} r join {submissions}"
        stored = cur.execute(
            f"select distinct r.{profiles.FILE}, r.profile_key from {of_seen} order by 1"
        ).fetchall()
        files = list(dict.fromkeys(sha256 for sha256, _ in stored))
        numbers = ", ".join(f"({literal(sha256)}, {n})" for n, sha256 in enumerate(files))
        numbered = f"(values {numbers or '(null, null)'}) f(sha256, number)"
        beside = ", ".join(f"s.{n}" for n in BESIDE if n not in ("_submission", "_state"))
        blocks = (
            f"select r.* exclude (_row), r._row as _block, f.number as _file_index, {beside},"
            f" case when {ended} then 'replaced' else s._state end as _state"
            f" from {of_seen} join {numbered} on f.sha256 = r.{profiles.FILE}"
        )
        own = [n for n in shape.stored if n not in FIXED and n not in profiles.BLOCK]
        block = ", ".join(map(quoted, [*own, profiles.STRETCH]))
        is_shared = (
            f"_state = 'approved' and count(*) over (partition by {block}, _state) > 1 as _shared"
        )
        wanted = "where _state = 'approved'" if seen.only_effective else ""
        table = f"memory.main.{name}_blocks"
        cur.execute(
            f"create or replace table {table} as select *, {is_shared} from ({blocks}) {wanted}"
        )
        paths = [originals.path_of(self._lake.folder, sha256) for sha256 in files]
        columns = profiles.columns_in(cur, paths) if paths else {}
        known = {n: shape.stored[n] for n in own} | shape.lacking
        lacking = {n: kind for n, kind in known.items() if n not in columns}
        key = stored[-1][1].split(",") if stored else []
        ((shared,),) = cur.execute(f"select count(*) from {table} where _shared").fetchall()
        shown = profiles.Shown(
            table, paths, columns, lacking, key, bool(shared), seen.only_effective
        )
        cur.execute(f"create or replace view memory.main.{name} as {shown.sql(tuple(BESIDE))}")

    def _table_of_submissions(
        self, cur: Connection, name: str, chosen: list[dict[str, Any]]
    ) -> None:
        spec = ", ".join(f"{n} {t}" for n, t in BESIDE.items())
        cur.execute(f"create or replace table memory.main.{name}_submissions ({spec})")
        if chosen:
            lines = ", ".join(
                "(" + ", ".join(literal(s[k]) for k in BESIDE_FROM) + ")" for s in chosen
            )
            cur.execute(f"insert into memory.main.{name}_submissions values {lines}")

    def _ended(self, cur: Connection, name: str, enders: list[str]) -> str:
        """SQL: the row ``r`` was ended by one of these submissions; empty where none ended any."""
        if not enders:
            return ""
        listed = ", ".join(map(literal, enders))
        cur.execute(
            f"create or replace table memory.main.{name}_ends as select distinct submission, row"
            f" from lake.main.{corrections.TABLE} where ended_by in ({listed})"
        )
        return (
            f"exists (select 1 from memory.main.{name}_ends e"
            f" where e.submission = r._submission and e.row = r._row)"
        )
