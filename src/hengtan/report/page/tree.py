"""An explain tree arranged for a page: the heading of each node, where its row stands, what is
folded away.

Takes the dict of ``graph.explain.Explanation.as_dict`` (name, kind, key, values, unit, formula,
cites,
origin, inputs, more); a row that occurs again is shown once and only counted afterwards
(``above``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hengtan.basis.cite import is_self_approved
from hengtan.graph.said import CODED, beside_words, say_missing
from hengtan.instruments.english import english
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
OF_RULES = ("text", "warnings")
"""What a rule says, in the rows of its verdicts."""
NAMED_APART = {"confidence", "source", "source_title", "clause_ref", "clause"}


class Said(NamedTuple):
    """A value in words of both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Replaced:
    """A row of the ledger that this one took the place of: where it stands, old and new cells."""

    place: dict[str, Any]
    cells: list[tuple[str, Any, Any]]


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
    replaced: list[Replaced] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    above: dict[str, int] = field(default_factory=dict)
    self_approved: bool = False
    again: bool = False


def arrange(tree: Mapping[str, Any], seen: set[tuple[str, str]] | None = None) -> Node:
    """The nodes of an explain tree from the dict form of an explanation."""
    seen = set() if seen is None else seen
    name = str(tree.get("name") or tree.get("account") or tree.get("table") or "")
    key = [(column, value) for column, value in (tree.get("key") or {}).items() if _stated(value)]
    kind = str(tree.get("kind") or "table")
    node = Node(name, kind, key, place=_place({**tree, **(tree.get("origin") or {})}))
    inputs = tree.get("inputs") or tree.get("children") or []
    identity = (name, repr((sorted(map(repr, key)), sorted(map(repr, node.place.items())))))
    node.self_approved = _is_self_approved(tree)
    node.again = identity in seen and bool(inputs or node.place)
    seen.add(identity)
    values = _values(tree)
    _head(node, tree, values)
    if node.again:
        return node
    _body(node, tree, values)
    for child in (arrange(part, seen) for part in inputs):
        if child.again:
            node.above[child.name] = node.above.get(child.name, 0) + 1
        else:
            node.children.append(child)
    return node


def _is_self_approved(tree: Mapping[str, Any]) -> bool:
    """Whether the row of a node was approved by whoever handed it in."""
    origin = {**tree, **(tree.get("origin") or {})}
    return is_self_approved(
        origin.get("_submitted_by"), origin.get("_approved_by"), demo=origin.get("_demo")
    )


def _stated(value: Any) -> bool:
    return value not in (None, "")


def _values(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, without empty cells and the columns of the store itself."""
    return {
        column: value
        for column, value in (tree.get("values") or {}).items()
        if value not in (None, "", [], {}) and not str(column).startswith("_")
    }


def _head(node: Node, tree: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """What stands in the heading: figure, period, light, state, confidence."""
    node.figure = _figure(values, tree.get("unit"))
    node.period = _first(values, "period", "latest_period")
    node.light = _first(values, "light")
    node.state = _first(values, "state") if node.kind == "account" else ""
    node.confidence = _first(values, "confidence") or _first(tree, "confidence")


def _body(node: Node, tree: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """What is folded below it: source, clause, method, the rest of the row."""
    node.source = _first(values, "source_title", "source") or _first(tree, "source")
    node.clause = _first(values, "clause_ref", "clause") or _first(tree, "clause")
    node.formula = _first_paragraph(str(tree.get("formula") or ""))
    cites = tree.get("cites") or []
    node.cites = [cites] if isinstance(cites, str) else [str(cite) for cite in cites]
    node.values = [
        (column, _in_two(column, value, values))
        for column, value in values.items()
        if column not in NAMED_APART
        and (column, value) not in node.key
        and not _is_beside(column, values)
    ]
    node.replaced = [_replaced(row, values) for row in tree.get("replaced") or []]
    node.more = {str(table): int(count) for table, count in (tree.get("more") or {}).items()}


def _is_beside(column: str, values: Mapping[str, Any]) -> bool:
    """Whether a column repeats another: codes beside their words, English beside the Chinese."""
    stem, _, end = column.rpartition("_")
    return (end == "codes" and stem in CODED) or (end == "en" and f"{stem}_zh" in values)


def _in_two(column: str, value: Any, values: Mapping[str, Any]) -> Any:
    """A value as it is; one that has words in both languages as a pair of them."""
    if not isinstance(value, str):
        return value
    if column in CODED and (codes := values.get(beside_words(column))):
        return Said(value, str(say_missing(codes, "en")))
    english_column = f"{column.removesuffix('_zh')}_en"
    if column.endswith("_zh") and values.get(english_column):
        return Said(value, str(values[english_column]))
    return Said(value, english(value)) if column in OF_RULES else value


def _replaced(row: Mapping[str, Any], values: Mapping[str, Any]) -> Replaced:
    cells = [
        (column, row.get(column), value)
        for column, value in values.items()
        if row.get(column) != value
    ]
    return Replaced(_place(row), cells)


def _first(row: Mapping[str, Any], *columns: str) -> str:
    """The first of several columns that says something, as text."""
    return str(next((row[column] for column in columns if row.get(column)), ""))


def _place(origin: Mapping[str, Any]) -> dict[str, Any]:
    """Where a row stands, if its file or submission is known."""
    place = {}
    for name, columns in PLACE.items():
        value = next((origin[column] for column in columns if _stated(origin.get(column))), None)
        if value is not None:
            place[name] = value
    return place if "file" in place or "submission" in place else {}


def _figure(values: Mapping[str, Any], unit: Any) -> str:
    of_all = str(unit or "")
    of_each = (
        "" if "," in of_all else of_all
    )  # an account whose rows are of several units names all
    for column, its_unit in (("latest_value", "latest_unit"), ("value", "unit"), ("goal", "unit")):
        value = values.get(column)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return with_unit(figure(value), str(values.get(its_unit) or of_each))
    return ""


def _first_paragraph(text: str) -> str:
    return " ".join(text.replace("``", "").strip().split("\n\n")[0].split())
