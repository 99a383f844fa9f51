"""How many rows of a table came about, each by itself: what is wrong with one stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengtan.basis.errors import HengtanError
from hengtan.workspace.workspace import Workspace

ORIGIN = ("_submission", "_pack", "_file", "_row")
"""The columns that name a row of a form or a pack."""


@dataclass(frozen=True)
class Explained:
    """A row by its key, with its tree (as ``Explanation.as_dict`` gives it) or what is wrong."""

    key: Mapping[str, Any]
    tree: Mapping[str, Any] | HengtanError

    def as_dict(self) -> dict[str, Any]:
        """The tree, or in ``withheld`` why there is none."""
        if isinstance(self.tree, HengtanError):
            return {"key": self.key, "tree": None, "withheld": self.tree.as_dict()}
        return {"key": self.key, "tree": self.tree, "withheld": None}


def explanations(
    workspace: Workspace,
    name: str,
    rows: Iterable[Mapping[str, Any]],
    known_on: date | None = None,
    period: str | None = None,
) -> list[Explained]:
    """How each of these rows of a table came about, as known on a day and of a period."""
    explained = []
    for row in rows:
        key, exact = _keys(workspace, name, row)
        explained.append(Explained(key, _tree(workspace, name, exact, known_on, period)))
    return explained


def _tree(
    workspace: Workspace,
    name: str,
    key: Mapping[str, Any],
    known_on: date | None,
    period: str | None,
) -> Mapping[str, Any] | HengtanError:
    try:
        return dict(workspace.explain(name, key, known_on, period).as_dict())
    except HengtanError as error:
        return error


def _keys(
    workspace: Workspace, name: str, row: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The key of a row as it is told, and the columns by which exactly this row is found."""
    accounts, forms = workspace.graph().accounts(), workspace.forms
    by_origin = [column for column in ORIGIN if column in row]
    if name in accounts and name not in forms:
        named = exact = list(accounts[name].key)
    else:
        exact = by_origin or list(row)
        named = list(forms[name].key) if name in forms else exact
    return _part(row, named), _part(row, exact)


def _part(row: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    return {column: row.get(column) for column in columns}
