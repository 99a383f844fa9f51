"""An explanation: a row of a table with the rows it came from, as text for people and as JSON.

The words of its lines stand in ``words.yaml``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property
from html import escape
from typing import Any

from hengtan.basis.cite import CONFIDENCES, confidence_word, is_self_approved, worst
from hengtan.basis.words import Words
from hengtan.graph.codes import coded
from hengtan.graph.said import CODED, beside_words

FIRST_IN_TEXT = (
    "clause_ref",
    "quote",
    "light",
    "reason_code",
    "state",
    "state_basis",
    "goal",
    "value",
    "value_notation",
    "unit",
    "amount",
    "canonical_unit",
    "comparable",
    "factor",
    "period",
    "deadline_year",
    "latest_value",
    "latest_unit",
    "latest_period",
    "needed_pace",
    "base_value",
    "base_period",
    "nature",
    "vintage",
    "won",
    "relation",
    "conversion",
    "name_zh",
    "level_rank",
    "edition",
    "reason_zh",
    "source_title",
    "source",
)
"""What a line of text says of a row; the JSON form carries every column."""
FEW = 3
"""With fewer of those columns a line takes any others too, up to ``SOME``."""
SOME = 10
LONGEST = 60
"""Letters of a value in a line of text."""


@dataclass(frozen=True)
class Explanation:
    """A row of a table and the rows it came from.

    ``kind`` is account, ledger, pack or table; ``options`` are what the account was run with. An
    account that a what-if replaced is a row as given: its maps lead nowhere. ``more`` counts rows
    not shown, ``unseen`` is the worst confidence among them and what they came from.
    """

    name: str
    kind: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]
    unit: str | None = None
    formula: str = ""
    cites: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Explanation, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    unseen: str | None = None
    replaced: tuple[Mapping[str, Any], ...] = ()
    """Of a ledger row: the rows whose place it took, newest first."""

    def with_replaced(
        self, replaced_by: Callable[[str, int], Iterable[Mapping[str, Any]]]
    ) -> Explanation:
        """The same tree with what each ledger row replaced: ``replaced_by(submission, row)``.

        A part that stands in the tree more than once is gone through, and asked about, once.
        """
        done: dict[int, Explanation] = {}

        @cache
        def ask(submission: str, row: int) -> tuple[Mapping[str, Any], ...]:
            return tuple(replaced_by(submission, row))

        def of(part: Explanation) -> Explanation:
            if id(part) not in done:
                done[id(part)] = _with_its_replaced(part, ask, of)
            return done[id(part)]

        return of(self)

    @cached_property
    def confidence(self) -> str | None:
        """The worst confidence stated anywhere in the tree, rows not shown included."""
        below = (part.confidence for part in self.inputs)
        return worst([stated_confidence(self.values), self.unseen, *below])

    def leaves(self) -> Iterable[Explanation]:
        """The rows at the ends of the tree."""
        if not self.inputs:
            yield self
        for part in self.inputs:
            yield from part.leaves()

    def as_dict(self) -> dict[str, Any]:
        """JSON form. A part that stands in the tree more than once is one mapping, so that a tree
        of shared parts takes the memory of its parts and not of all the ways to them.
        """
        return self._as_dict({})

    def _as_dict(self, parts: dict[int, dict[str, Any]]) -> dict[str, Any]:
        if id(self) not in parts:
            parts[id(self)] = self._own_dict([part._as_dict(parts) for part in self.inputs])
        return parts[id(self)]

    def _own_dict(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "key": _plain(self.key),
            "values": _plain(self.values),
            "unit": self.unit,
            "formula": self.formula,
            "cites": list(self.cites),
            "origin": _plain(self.origin),
            "confidence": self.confidence,
            "options": _plain(self.options),
            "more": dict(self.more),
            "inputs": inputs,
            **({"replaced": [_plain(row) for row in self.replaced]} if self.replaced else {}),
        }

    def text(self) -> str:
        """The tree as lines a person reads: values, formula and clause, then file, sheet, row."""
        return "\n".join(self._lines("", "", set()))

    def __repr__(self) -> str:
        key = ", ".join(f"{name}={value!r}" for name, value in self.key.items())
        return f"<Explanation of {self.name}({key}): {len(self.inputs)} inputs>"

    def _repr_html_(self) -> str:
        """The tree in a notebook."""
        return f"<pre>{escape(self.text())}</pre>"

    def _lines(self, first: str, rest: str, printed: set[int]) -> Iterable[str]:
        if id(self) in printed and (self.inputs or self.kind == "pack"):
            yield first + self._title() + _say("again")
            return
        printed.add(id(self))
        sure = _say("confidence", confidence_word(self.confidence)) if self.confidence else ""
        yield first + self._title() + sure
        for line in self._body():
            yield f"{rest}  {line}"
        for place, part in enumerate(self.inputs, 1):
            branch, stem = ("└─ ", "   ") if place == len(self.inputs) else ("├─ ", "│  ")
            yield from part._lines(rest + branch, rest + stem, printed)

    def _title(self) -> str:
        key = "、".join(f"{name}={_short(value)}" for name, value in self.key.items())
        return _say("node", _say(f"kind.{self.kind}"), self.name, key)

    def _body(self) -> Iterable[str]:
        """What stands below the title: formula, clauses, values, options, place, rows not shown."""
        if self.formula and self.kind == "account":
            yield _say("formula", first_paragraph(self.formula))
        if self.cites:
            yield _say("cites", "；".join(self.cites))
        if values := self._shown_values():
            shown = _listed({name: values[name] for name in _in_text(values)})
            left_out = len(values) - len(_in_text(values))
            yield _say("values", shown) + (_say("others", left_out) if left_out else "")
        if self.options:
            yield _say("options", _listed(self.options))
        if self.origin:
            yield _say("origin", where(self.origin))
        for row in self.replaced:
            yield _say("replaced", where(row), _listed(_differing(row, self.values)))
        for name, count in self.more.items():
            yield _say("more", count, name)

    def _shown_values(self) -> dict[str, Any]:
        """What has a value and stands nowhere else; codes stand there in words."""
        elsewhere = {*self.key, *map(beside_words, CODED)}
        return {
            name: value
            for name, value in self.values.items()
            if value not in (None, "") and name not in elsewhere
        }


def told_once(tree: Mapping[str, Any]) -> dict[str, Any]:
    """A tree of ``as_dict`` for writing out as JSON: what a part rests on is given where the part
    stands first; where it stands again it says so (``again``) and has no inputs, so that the text
    is as long as the parts and not as all the ways to them.
    """
    written: set[int] = set()

    def of(part: Mapping[str, Any]) -> dict[str, Any]:
        inputs = part.get("inputs") or []
        if inputs and id(part) in written:
            return {**part, "inputs": [], "again": True}
        written.add(id(part))
        return {**part, "inputs": [of(below) for below in inputs]}

    return of(tree)


def _with_its_replaced(
    part: Explanation,
    ask: Callable[[str, int], tuple[Mapping[str, Any], ...]],
    of: Callable[[Explanation], Explanation],
) -> Explanation:
    if part.kind != "ledger":
        return replace(part, inputs=tuple(map(of, part.inputs)))
    submission, row = part.origin.get("_submission"), part.origin.get("_row")
    rows = ask(submission, row) if submission and row else ()
    return replace(part, replaced=rows)


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Cells of a replaced row that the new one says differently: old → new."""
    return {
        name: f"{old[name]} → {value}"
        for name, value in new.items()
        if not name.startswith("_") and name in old and old[name] != value
    }


def where(origin: Mapping[str, Any]) -> str:
    """The place a row stands in: file, sheet, line, who handed it in and who approved."""
    if not origin.get("_submission"):
        row = _words("origin.row", origin["_row"]) if origin.get("_row") is not None else ""
        pack = _words("origin.pack", origin.get("_pack"), origin.get("_file"), row)
        return pack.rstrip("，")
    parts = [_words("origin.file", origin.get("_file"))]
    if origin.get("_sheet"):
        parts.append(_words("origin.sheet", origin["_sheet"]))
    parts.append(_words("origin.row", origin.get("_source_row") or origin.get("_row")))
    approved_by = origin.get("_approved_by") or _words("origin.not_approved")
    submitted_by = origin.get("_submitted_by")
    parts.append(_words("origin.submission", origin["_submission"], submitted_by, approved_by))
    is_demo = bool(origin.get("_demo"))
    if is_self_approved(submitted_by, origin.get("_approved_by"), demo=is_demo):
        parts.append(_words("origin.self_approved"))
    if is_demo:
        parts.append(_words("origin.demo"))
    return "，".join(parts)


def stated_confidence(row: Mapping[str, Any]) -> str | None:
    """The confidence a row states of itself; None for a word that is none."""
    return row.get("confidence") if row.get("confidence") in CONFIDENCES else None


def first_paragraph(text: str) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join(text.split("\n\n")[0].split())


def _in_text(values: Mapping[str, Any]) -> list[str]:
    """The columns a line of text tells: the well-known ones, and others where these are few."""
    known = [name for name in FIRST_IN_TEXT if name in values]
    if len(known) >= FEW:
        return known
    return [*known, *(name for name in values if name not in known)][:SOME]


def _listed(values: Mapping[str, Any]) -> str:
    return "；".join(f"{name}={_short(value)}" for name, value in values.items())


def _say(code: str, *arguments: Any) -> str:
    return _words(f"explain.{code}", *arguments)


def _words(code: str, *arguments: Any) -> str:
    return Words.of("hengtan.graph").say(coded(code, *arguments))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _json(value) for name, value in values.items()}


def _json(value: Any) -> Any:
    """A value as JSON has it: days as ISO text; NaN and infinity, which JSON lacks, as null."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return _plain(value)
    return [_json(part) for part in value] if isinstance(value, (list, tuple)) else value


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
