"""What of an explain tree a person is shown: the rows that he may read, and in the place of the
others how many there are and why he may not, nothing of what they say.

A computed row that says of no place is shown where all that it rests on is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hengtan.office.permission import Answer

Node = Mapping[str, Any]
Part = tuple[dict[str, Any] | None, Answer]
"""A row as it is shown, or None with why it is not."""
WITHHELD, PACK, ACCOUNT = "withheld", "pack", "account"
RESTS = Answer(False, "no.rests_on_withheld")


@dataclass(frozen=True)
class Shown:
    """Shows trees (as ``Explanation.as_dict`` gives them) by what a person may read.

    ``may``: whether he may read a row of a table, given its name, kind and values; ``is_placed``:
    whether a row says of itself where it belongs; ``is_pack``: whether a table is of the packs,
    which are everybody's. A part that many ways lead to is asked about once.
    """

    may: Callable[[str, Node], Answer]
    is_placed: Callable[[Node], bool]
    is_pack: Callable[[str], bool]
    _parts: dict[int, tuple[Node, Part]] = field(default_factory=dict, repr=False, compare=False)
    _hides: dict[int, tuple[Node, bool]] = field(default_factory=dict, repr=False, compare=False)

    def tree(self, tree: Node) -> dict[str, Any] | None:
        """The tree as it is shown; None where its own row may not be read."""
        if not self._may(tree):
            return None
        return self._with_inputs(tree, *self._inputs(tree))

    def _inputs(self, node: Node) -> tuple[list[dict[str, Any]], dict[tuple[str, str], int]]:
        """The inputs that are shown, and how many of each table are not, for which reason."""
        shown: list[dict[str, Any]] = []
        withheld: dict[tuple[str, str], int] = {}
        for each in node.get("inputs", ()):
            part, why = self._part(each)
            if part is not None:
                shown.append(part)
                continue
            key = (str(each["name"]), why.why)
            withheld[key] = withheld.get(key, 0) + 1
        return shown, withheld

    def _part(self, node: Node) -> Part:
        """A row below the first one as it is shown, or why it is not."""
        if id(node) not in self._parts:
            self._parts[id(node)] = node, self._cut(node)
        return self._parts[id(node)][1]

    def _cut(self, node: Node) -> Part:
        if self._may(node):
            return self._with_inputs(node, *self._inputs(node)), Answer(True, "")
        is_computed = node["kind"] == ACCOUNT and node.get("inputs")
        if not is_computed or self.is_placed(values_of(node)):
            return None, self.may(node["name"], values_of(node))
        shown, withheld = self._inputs(node)
        unseen = [name for name in node.get("more", ()) if not self.is_pack(name)]
        if withheld or unseen or any(map(self._has_withheld, shown)):
            return None, RESTS
        return self._with_inputs(node, shown, {}), Answer(True, "")

    def _has_withheld(self, node: Node) -> bool:
        if id(node) not in self._hides:
            is_hidden = node["kind"] == WITHHELD or any(map(self._has_withheld, node["inputs"]))
            self._hides[id(node)] = node, is_hidden
        return self._hides[id(node)][1]

    def _may(self, node: Node) -> bool:
        return node["kind"] == PACK or bool(self.may(node["name"], values_of(node)))

    def _with_inputs(
        self, node: Node, shown: list[dict[str, Any]], withheld: Mapping[tuple[str, str], int]
    ) -> dict[str, Any]:
        """A node with these inputs, what is withheld last, so that its place among the others says
        nothing of it.
        """
        hidden = [_withheld(name, why, rows) for (name, why), rows in sorted(withheld.items())]
        said = {**node, "inputs": [*shown, *hidden]}
        if "replaced" in node:
            said["replaced"] = [row for row in node["replaced"] if self.may(node["name"], row)]
        return said


def values_of(node: Node) -> dict[str, Any]:
    """What the row of a node says: its values and its key."""
    return {**node.get("values", {}), **node.get("key", {})}


def _withheld(name: str, why: str, rows: int) -> dict[str, Any]:
    reason = Answer(False, why)
    said = {"name": name, "kind": WITHHELD, "rows": rows, "key": {}, "values": {}, "inputs": []}
    return said | {"zh": reason.say("zh"), "en": reason.say("en")}
