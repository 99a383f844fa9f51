"""Dated tables: rows in force between two stored days, both inclusive, looked up by day and key.

An empty ``valid_to`` means no end known on ``checked_on``: a later day is answered with a warning.
An empty ``valid_from`` means the start is not established: an earlier day is answered with a
warning. Overlaps are refused when the table is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.errors import Finding, OverlappingRows, ParameterNotEstablished, Where
from hengtan.basis.problem import Problem
from hengtan.basis.words import Words

Row = Mapping[str, Any]
ALWAYS = date(1, 1, 1)
NO_END = date(9999, 12, 31)


def read_valid(text: str | None, *, end: bool) -> date | None:
    """A stored end of validity: ISO day, or a bare year (01-01 in ``valid_from``, 12-31 in
    ``valid_to``); empty → None.

    Raises ValueError.
    """
    if not text:
        return None
    if len(text) == 4:
        return date(int(text), 12, 31) if end else date(int(text), 1, 1)
    return date.fromisoformat(text)


def holds(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a day lies in a stretch of validity: both ends inclusive, an empty end open."""
    return (valid_from or ALWAYS) <= day <= (valid_to or NO_END)


def in_force_on(rows: Iterable[Row], day: date) -> list[Row]:
    """The rows in force on a day, in their order. On tables of any length: ``graph.in_force``."""
    return [row for row in rows if holds(row.get("valid_from"), row.get("valid_to"), day)]


def span(valid_from: date | None, valid_to: date | None) -> str:
    """Two stored ends as a person reads them: 2018-01-01—…"""
    return f"{valid_from or '…'}—{valid_to or '…'}"


@dataclass(frozen=True)
class InForce:
    """A row in force on a day, and the warnings that go with it, each in both languages."""

    row: Row
    warnings: tuple[str, ...] = field(default=())


class DatedTable:
    """Rows with ``valid_from`` and ``valid_to`` (``date`` or None), looked up by key and day.

    ``settled_by``: the document that would settle a value that is missing, where its rows do not
    name it in ``law``. Raises OverlappingRows where two rows of a key are in force on one day.
    """

    def __init__(
        self,
        name: str,
        rows: Iterable[Row],
        key: Sequence[str],
        *,
        checked_on: date | None = None,
        settled_by: str = "",
    ) -> None:
        self.name, self.key, self.checked_on = name, tuple(key), checked_on
        self.settled_by = settled_by
        self._rows: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            self._rows.setdefault(tuple(row[k] for k in self.key), []).append(row)
        all_rows = [row for group in self._rows.values() for row in group]
        for overlap in overlaps(name, all_rows, self.key):
            raise OverlappingRows(
                overlap.zh,
                overlap.en,
                where=overlap.where,
                todo=overlap.todo,
                todo_en=overlap.todo_en,
            )

    def find(self, day: date, **key: Any) -> InForce | None:
        """The row in force on a day with its warnings, None where no row covers the day."""
        of_key = self._rows.get(tuple(key[k] for k in self.key), ())
        for row in in_force_on(of_key, day):
            return InForce(row, tuple(self._warnings(row, day)))
        return None

    def at(self, day: date, **key: Any) -> InForce:
        """The row in force on a day with its warnings.

        Raises ParameterNotEstablished where no row covers the day: it never borrows a neighbour.
        The message names the stretches there are and the document that would settle it.
        """
        answer = self.find(day, **key)
        if answer is not None:
            return answer
        others = self._rows.get(tuple(key[k] for k in self.key), [])
        law = self.settled_by or next((row["law"] for row in others if row.get("law")), "")
        wanted = "、".join(f"{name}={value}" for name, value in key.items())
        stretches = "、".join(span(row["valid_from"], row["valid_to"]) for row in others)
        code = "not-in-force.stretches" if others else "not-in-force"
        reason = Problem.worded(_words(), code, self.name, day, wanted, stretches)
        settled = Problem.worded(_words(), "settled-by" if law else "settled-by.law", law)
        raise ParameterNotEstablished(reason.zh, reason.en, todo=settled.zh, todo_en=settled.en)

    def _warnings(self, row: Row, day: date) -> Iterable[str]:
        if row["valid_to"] is None and self.checked_on and day > self.checked_on:
            yield self._say("no-end-known", self.checked_on, day)
        if row["valid_from"] is None:
            yield self._say("no-start-known")
        if row.get("confidence") == "recalled":
            yield self._say("recalled-value")

    def _say(self, code: str, *arguments: object) -> str:
        warning = Problem.worded(_words(), code, self.name, *arguments, level="warning")
        return f"{warning.zh} | {warning.en}"


def overlaps(name: str, rows: Sequence[Row], key: Sequence[str]) -> list[Finding]:
    """One finding for each row that is in force on the same day as an earlier row of its key."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(k) for k in key), []).append(row)
    findings = []
    for group, members in groups.items():
        ordered = sorted(members, key=lambda row: row.get("valid_from") or ALWAYS)
        last = ordered[0]
        for row in ordered[1:]:
            if (row.get("valid_from") or ALWAYS) <= (last.get("valid_to") or NO_END):
                where = Where(row.get("_file", name), row=row.get("_row"), column="valid_from")
                words = ("、".join(map(str, group)), group, last.get("_row"), name)
                findings.append(Problem.worded(_words(), "overlap", *words).finding(where))
            if (row.get("valid_to") or NO_END) >= (last.get("valid_to") or NO_END):
                last = row
    return findings


def _words() -> Words:
    return Words.of("hengtan.basis")
