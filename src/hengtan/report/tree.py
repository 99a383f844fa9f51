"""An explain tree arranged for a page: what stands in the heading of each node, where its row stands, what is folded away.

Takes the dict of ``graph.explain.Explanation.as_dict`` (name, kind, key, values, unit, formula, cites, origin, inputs, more);
a row that occurs again is shown once and only counted afterwards (``above``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hengtan.report.numerals import figure, with_unit

PLACE = {
    "file": ("_file", "file"),
    "sheet": ("_sheet", "sheet"),
    "row": ("_source_row", "_row", "row"),
    "pack": ("_pack", "pack"),
    "submission": ("_submission", "submission"),
    "submitted_by": ("_submitted_by", "submitted_by"),
    "approved_by": ("_approved_by", "approved_by"),
}
NAMED_APART = {"confidence", "source", "source_title", "clause_ref", "clause"}


@dataclass
class Node:
    """One row of the tree, ready to be printed."""

    name: str
    kind: str
    key: list[tuple[str, Any]]
    figure: str = ""
    period: str = ""
    light: str = ""
    state: str = ""
    place: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    clause: str = ""
    confidence: str = ""
    formula: str = ""
    cites: list[str] = field(default_factory=list)
    values: list[tuple[str, Any]] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    above: dict[str, int] = field(default_factory=dict)
    again: bool = False


def arrange(tree: Mapping[str, Any], seen: set[tuple[str, str]] | None = None) -> Node:
    """The nodes of an explain tree from the dict form of an explanation."""
    seen = set() if seen is None else seen
    name = str(tree.get("name") or tree.get("account") or tree.get("table") or "")
    key = [(k, v) for k, v in (tree.get("key") or {}).items() if v not in (None, "")]
    values = {
        k: v
        for k, v in (tree.get("values") or {}).items()
        if v not in (None, "", [], {}) and not str(k).startswith("_")
    }
    origin = {**tree, **(tree.get("origin") or {})}
    kind = str(tree.get("kind") or "table")
    node = Node(name, kind, key, place=_place(origin))
    inputs = tree.get("inputs") or tree.get("children") or []
    mark = (name, repr((sorted(map(repr, key)), sorted(map(repr, node.place.items())))))
    node.again = mark in seen and bool(inputs or node.place)
    seen.add(mark)
    node.figure, node.period = (
        _figure(values, tree.get("unit")),
        str(values.get("period") or values.get("latest_period") or ""),
    )
    node.light, node.state = (
        str(values.get("light") or ""),
        str(values.get("state") or "") if kind == "account" else "",
    )
    node.confidence = str(values.get("confidence") or tree.get("confidence") or "")
    if node.again:
        return node
    node.source = str(
        values.get("source_title") or values.get("source") or tree.get("source") or ""
    )
    node.clause = str(values.get("clause_ref") or values.get("clause") or tree.get("clause") or "")
    node.formula = _first_paragraph(str(tree.get("formula") or ""))
    cites = tree.get("cites") or []
    node.cites = [cites] if isinstance(cites, str) else [str(c) for c in cites]
    node.values = [(k, v) for k, v in values.items() if k not in NAMED_APART and (k, v) not in key]
    node.more = {str(k): int(v) for k, v in (tree.get("more") or {}).items()}
    for part in (arrange(part, seen) for part in inputs):
        if part.again:
            node.above[part.name] = node.above.get(part.name, 0) + 1
        else:
            node.children.append(part)
    return node


def _place(origin: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, columns in PLACE.items():
        value = next((origin[c] for c in columns if origin.get(c) not in (None, "")), None)
        if value is not None:
            found[name] = value
    return found if "file" in found or "submission" in found else {}


def _figure(values: Mapping[str, Any], unit: Any) -> str:
    for column, its_unit in (("latest_value", "latest_unit"), ("value", "unit"), ("goal", "unit")):
        value = values.get(column)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return with_unit(figure(value), str(values.get(its_unit) or unit or ""))
    return ""


def _first_paragraph(text: str) -> str:
    return " ".join(text.replace("``", "").strip().split("\n\n")[0].split())
