"""What a plan names beside its targets, reviewed one by one: milestones and aims without a figure,
rows of its tables of tasks, and the owners of its clauses. Decisions on them stand in the record of
those on targets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hengtan.desk.plan_fields import (
    MAX_TEXT,
    clause_ref,
    editable_text,
    period_said,
    quoted_at,
    refusal,
)
from hengtan.plan.reader.draft import Draft

Row = dict[str, Any]
EDITABLE: Mapping[str, tuple[str, ...]] = {
    "milestone": ("name", "due"),
    "task": ("name", "aim", "leader", "owners", "helpers", "due"),
    "owner": ("name",),
}
"""What may be changed of each kind."""
LISTS = ("owners", "helpers")
MAX_TASK = 1000
"""Characters of the aim of a task."""
DECISIONS = {"accept": "accepted", "edit": "edited", "reject": "rejected", "reopen": "open"}
ADDABLE: Mapping[str, tuple[str, ...]] = {"milestone": ("name", "due")}
"""What a reviewer may add where the reading missed it, and what it needs."""


@dataclass(frozen=True)
class Item:
    """A milestone, a task or an owner as it stands after the decisions; ``row`` is that of the
    draft."""

    id: str
    kind: str
    row: Row
    state: str = "open"
    by: str = ""
    on: str = ""
    note: str = ""
    original: Row | None = None

    def after(self, entry: Mapping[str, Any]) -> Item:
        """The item after a further decision; an edit is taken back by reopening."""
        row, first = self.row, self.original or self.row
        if entry["decision"] == "edit":
            row = {**row, **entry["fields"]}
        elif entry["decision"] == "reopen":
            row = first
        return replace(
            self,
            row=row,
            state=DECISIONS[entry["decision"]],
            by=entry["by"],
            on=entry["on"],
            note=entry.get("note", ""),
            original=first,
        )


def items_of(draft: Draft, log: Iterable[Mapping[str, Any]]) -> list[Item]:
    """All items of a plan after the decisions of its record, in the order of the document."""
    by_id = {item.id: item for item in _as_read(draft)}
    for entry in log:
        if is_added_item(entry):
            by_id[entry["target"]] = _as_added(entry)
        elif entry["target"] in by_id:
            by_id[entry["target"]] = by_id[entry["target"]].after(entry)
    return list(by_id.values())


def is_added_item(entry: Mapping[str, Any]) -> bool:
    """Whether a decision adds a milestone, not a target."""
    return entry["decision"] == "add" and entry["fields"].get("kind") in ADDABLE


def _as_added(entry: Mapping[str, Any]) -> Item:
    fields = dict(entry["fields"])
    kind = fields.pop("kind")
    return Item(
        entry["target"],
        kind,
        fields,
        state="added",
        by=entry["by"],
        on=entry["on"],
        note=entry.get("note", ""),
    )


def added_item(draft: Draft, item_id: str, fields: Mapping[str, Any]) -> Row:
    """A milestone that the reading missed, as its decision keeps it; its quote must stand in the
    document. Raises HengtanError with the name of the field.
    """
    kind = str(fields.get("kind") or "")
    start, quote = quoted_at(draft, fields)
    place = {"clause": clause_ref(draft, start), "start": start, "end": start + len(quote)}
    blank = Item(item_id, kind, {"name": "", "due": "", "quote": quote, **place})
    asked = {name: fields.get(name, "") for name in ADDABLE[kind]}
    return {"kind": kind, **blank.row, **item_changes(blank, asked)}


def _as_read(draft: Draft) -> list[Item]:
    kinds = (
        ("milestone", "m", draft.milestones),
        ("task", "k", draft.tasks),
        ("owner", "o", draft.departments),
    )
    return [
        Item(row.get("id") or f"{draft.plan}-{letter}{n:02d}", kind, row)
        for kind, letter, rows in kinds
        for n, row in enumerate(rows, start=1)
    ]


def decided(draft: Draft, items: Iterable[Item]) -> Draft:
    """A draft with its items as they were decided: changed ones as they are now, none of the
    rejected."""
    kept: dict[str, list[Row]] = {kind: [] for kind in EDITABLE}
    for item in items:
        if item.state != "rejected":
            kept[item.kind].append({**item.row, "id": item.id})
    return replace(
        draft, milestones=kept["milestone"], tasks=kept["task"], departments=kept["owner"]
    )


def shown_items(items: Iterable[Item], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Items for a page: the fields of the row, the decision, the title of the clause, and what may
    be changed with its content as text."""
    return [
        {
            **item.row,
            "id": item.id,
            "kind": item.kind,
            "state": item.state,
            "by": item.by,
            "on": item.on,
            "note": item.note,
            "clause_title": titles.get(item.row["clause"], "—"),
            "editable": [(name, _as_text(item.row, name)) for name in EDITABLE[item.kind]],
        }
        for item in items
    ]


def _as_text(row: Mapping[str, Any], name: str) -> str:
    content = row.get(name, "")
    return "、".join(content) if name in LISTS else str(content or "")


def item_changes(item: Item, fields: Mapping[str, Any]) -> Row:
    """The fields that differ from the item's, read and checked. Raises HengtanError with the name
    of the field."""
    changed: Row = {}
    for name, content in fields.items():
        longest = MAX_TASK if name == "aim" else MAX_TEXT
        text = editable_text(name, content, EDITABLE[item.kind], longest)
        changed |= READERS.get(name, _plain)(item, name, text)
    return {name: value for name, value in changed.items() if value != item.row.get(name)}


def _plain(item: Item, name: str, text: str) -> Row:
    return {name: text}


def _name(item: Item, name: str, text: str) -> Row:
    if not text:
        raise refusal(name, "名称不能空", "it needs a name")
    return {name: text}


def _list(item: Item, name: str, text: str) -> Row:
    return {name: [part for part in re.split(r"[、;；,，]\s*", text) if part]}


def _due(item: Item, name: str, text: str) -> Row:
    """A year or a month as every period is written (2026, 2026-06, 2026年6月); a task may have no
    end.
    """
    if not text and item.kind == "task":
        return {"due": ""}
    period = period_said(text, "year", "month")
    if period is None:
        raise refusal(name, f"“{text}”不是年份或年月", f"'{text}' is no year or month")
    year = period.start.year
    due = f"{year}-{period.start.month:02d}" if period.kind == "month" else str(year)
    return {"due": due} | ({"deadline": year} if item.kind == "milestone" else {})


READERS: Mapping[str, Callable[[Item, str, str], Row]] = {
    "name": _name,
    "owners": _list,
    "helpers": _list,
    "due": _due,
}


def item_called(items: Sequence[Item], item_id: str) -> Item | None:
    """The item of an id; None where it is none."""
    return next((item for item in items if item.id == item_id), None)
