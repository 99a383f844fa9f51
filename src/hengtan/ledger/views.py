"""What can be seen of a form at one state of the ledger: names of views over the lake, with who and when beside each row.

A view is tied to one state of the register, so a computation that holds it sees that state to its end.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date
from typing import Any

import pyarrow as pa

from hengtan.ledger.chain import Register, digest_of
from hengtan.ledger.lake import Connection, Lake, literal, quoted
from hengtan.ledger.rows import FIXED, safe, types_of

KEPT_VIEWS = 400
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


def summaries(register: Register, known_on: date | None) -> list[dict[str, Any]]:
    """One dict per submission known on that day: its record, state, who and when, and its events."""
    result = []
    for submission, history in register.histories(known_on).items():
        record = register.records.get(submission)
        if record is None:
            continue
        approved = next((e for e in reversed(history) if e.state == "approved"), None)
        handed_in = next((e for e in reversed(history) if e.state == "submitted"), history[0])
        result.append(
            {
                "submission": submission,
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
                "rows": record.rows,
                "submitted_at": handed_in.at,
                "submitted_by": handed_in.actor,
                "approved_at": approved.at if approved else None,
                "approved_by": approved.actor if approved else None,
                "reason": history[-1].reason,
                "changed_at": history[-1].at,
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
                ],
            }
        )
    return result


class Views:
    """The views made so far; the oldest are dropped."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._made: OrderedDict[str, None] = OrderedDict()
        self._one_at_a_time = threading.Lock()

    def of(
        self,
        form: str,
        register: Register,
        known_on: date | None,
        schema: pa.Schema | None,
        only_effective: bool,
    ) -> str:
        """Name of the view of one form's rows; columns of ``schema`` the lake lacks are there and missing (NULL)."""
        safe(form, "报表", "form")
        with self._one_at_a_time:
            return self._of(form, register, known_on, schema, only_effective)

    def _of(
        self,
        form: str,
        register: Register,
        known_on: date | None,
        schema: pa.Schema | None,
        only_effective: bool,
    ) -> str:
        cur = self._lake.cursor()
        try:
            present = self._lake.patiently(lambda: self._lake.columns(cur, form))
            extra = (
                {}
                if schema is None
                else {n: t for n, t in types_of(cur, schema).items() if n not in present}
            )
            shape = f"{len(present)}_{digest_of(extra)[:8]}"
            name = f"{'effective' if only_effective else 'all_rows'}_{form}_{register.key(known_on)[:16]}_{shape}"
            if name not in self._made:
                chosen = [
                    s
                    for s in summaries(register, known_on)
                    if s["form"] == form and (s["state"] == "approved" or not only_effective)
                ]
                self._make(cur, name, form, present, extra, chosen)
                self._made[name] = None
                while len(self._made) > KEPT_VIEWS:
                    old, _ = self._made.popitem(last=False)
                    cur.execute(
                        f"drop view if exists memory.main.{old}; drop table if exists memory.main.{old}_submissions"
                    )
            self._made.move_to_end(name)
            return name
        finally:
            cur.close()

    def _make(
        self,
        cur: Connection,
        name: str,
        form: str,
        present: dict[str, str],
        extra: dict[str, str],
        chosen: list[dict[str, Any]],
    ) -> None:
        spec = ", ".join(f"{n} {t}" for n, t in BESIDE.items())
        cur.execute(f"create or replace table memory.main.{name}_submissions ({spec})")
        if chosen:
            lines = ", ".join(
                "(" + ", ".join(literal(s[k]) for k in BESIDE_FROM) + ")" for s in chosen
            )
            cur.execute(f"insert into memory.main.{name}_submissions values {lines}")
        if present:
            stored = {n: f"r.{quoted(n)}" for n in present}
            source = f"lake.main.{quoted(form)} r join memory.main.{name}_submissions s on r._submission = s._submission"
        else:
            stored = {n: f"cast(null as {t}) as {n}" for n, t in FIXED.items()}
            source = f"memory.main.{name}_submissions s where false"
        columns = [stored[n] for n in stored if n not in FIXED]
        columns += [f"cast(null as {t}) as {quoted(n)}" for n, t in extra.items()]
        columns += [stored[n] for n in FIXED]
        columns += [f"s.{n}" for n in BESIDE if n != "_submission"]
        cur.execute(
            f"create or replace view memory.main.{name} as select {', '.join(columns)} from {source}"
        )
