"""Dated tables: rows in force between two stored days, both inclusive, looked up by day and key.

An empty ``valid_to`` means no end known on ``checked_on``: a later day is answered with a warning. An empty ``valid_from``
means the start is not established: an earlier day is answered with a warning. Overlaps are refused when the table is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hengtan.basis.errors import Finding, OverlappingRows, ParameterNotEstablished, Where

ALWAYS = date(1, 1, 1)
NO_END = date(9999, 12, 31)


def read_valid(text: str | None, *, end: bool) -> date | None:
    """A stored end of validity: ISO day, or a bare year (01-01 in ``valid_from``, 12-31 in ``valid_to``); empty → None.

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


def in_force_on(rows: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """The rows in force on a day, in their order. On tables of any length: ``graph.in_force``."""
    return [row for row in rows if holds(row.get("valid_from"), row.get("valid_to"), day)]


@dataclass(frozen=True)
class InForce:
    """A row found for a day, and the warnings that go with it."""

    row: Mapping[str, Any]
    warnings: tuple[str, ...] = field(default=())


class DatedTable:
    """Rows with ``valid_from`` and ``valid_to`` (``date`` or None), looked up by key columns and day."""

    def __init__(
        self,
        name: str,
        rows: Iterable[Mapping[str, Any]],
        key: Sequence[str],
        *,
        checked_on: date | None = None,
        settled_by: str = "",
    ) -> None:
        self.name, self.key, self.checked_on, self.settled_by = (
            name,
            tuple(key),
            checked_on,
            settled_by,
        )
        self._rows: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        for row in rows:
            self._rows.setdefault(tuple(row[k] for k in self.key), []).append(row)
        for found in overlaps(name, [r for group in self._rows.values() for r in group], self.key):
            raise OverlappingRows(
                found.zh, found.en, where=found.where, todo=found.todo, todo_en=found.todo_en
            )

    def at(self, day: date, **key: Any) -> InForce:
        """The row in force on a day. Raises ParameterNotEstablished where no row covers the day: it never borrows a neighbour."""
        for row in self._rows.get(tuple(key[k] for k in self.key), ()):
            if holds(row.get("valid_from"), row.get("valid_to"), day):
                return InForce(row, tuple(self._warnings(row, day)))
        text = "、".join(f"{k}={v}" for k, v in key.items())
        settles = self.settled_by or "对应的法规或标准文本"
        raise ParameterNotEstablished(
            f"“{self.name}”在 {day} 没有 {text} 的取值",
            f"'{self.name}' has no row for {text} on {day}",
            todo=f"需要{settles}予以确立",
            todo_en=f"to be settled by {self.settled_by or 'the law or standard itself'}",
        )

    def _warnings(self, row: Mapping[str, Any], day: date) -> Iterable[str]:
        if row.get("valid_to") is None and self.checked_on and day > self.checked_on:
            yield f"{self.name}：截止日期未知（核对于 {self.checked_on}），{day} 在其后 | no end known on {self.checked_on}"
        if row.get("valid_from") is None:
            yield f"{self.name}：起始日期未确立 | start not established"
        if row.get("confidence") == "recalled":
            yield f"{self.name}：取值凭记忆、未核对原文 | recalled, not checked against its source"


def overlaps(name: str, rows: Sequence[Mapping[str, Any]], key: Sequence[str]) -> list[Finding]:
    """One finding for each row that is in force on the same day as an earlier row of its key."""
    findings = []
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(k) for k in key), []).append(row)
    for group, members in groups.items():
        ordered = sorted(members, key=lambda r: r.get("valid_from") or ALWAYS)
        last = ordered[0]
        for row in ordered[1:]:
            if (row.get("valid_from") or ALWAYS) <= (last.get("valid_to") or NO_END):
                findings.append(
                    Finding(
                        "error",
                        f"“{name}”中 {'、'.join(map(str, group))} 的有效期与第{last.get('_row')}行重叠",
                        f"validity of {group} overlaps row {last.get('_row')}",
                        Where(row.get("_file", name), row=row.get("_row"), column="valid_from"),
                        "改正起止日期",
                        "correct the dates",
                        "overlap",
                    )
                )
            if (row.get("valid_to") or NO_END) >= (last.get("valid_to") or NO_END):
                last = row
    return findings
