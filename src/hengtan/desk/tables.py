"""Tables of forms, accounts and packs: which there are, and their rows in an order that stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from hengtan.graph.said import said_table
from hengtan.packs.schema import schemas

if TYPE_CHECKING:
    import pyarrow as pa

    from hengtan.workspace.workspace import Workspace

FORM, ACCOUNT, PACK, OTHER = "form", "account", "pack", "table"


def tables_there_are(workspace: Workspace) -> list[dict[str, Any]]:
    """Every table with its kind; forms and accounts with their key."""
    graph = workspace.graph()
    forms, packs, accounts = workspace.forms, schemas(), graph.accounts()
    rows: list[dict[str, Any]] = []
    for name in graph.names():
        row: dict[str, Any] = {"table": name, "kind": PACK if name in packs else OTHER}
        if name in forms:
            row |= {"kind": FORM, "title_zh": forms[name].title_zh, "key": list(forms[name].key)}
            row |= {"title_en": forms[name].title_en}
        elif name in accounts:
            row |= {"kind": ACCOUNT, "key": list(accounts[name].key), "unit": accounts[name].unit}
        rows.append(row)
    return sorted(rows, key=lambda row: (row["kind"], row["table"]))


def sorted_rows(
    workspace: Workspace,
    name: str,
    where: Mapping[str, str],
    known_on: date | None = None,
    period: str | None = None,
) -> pa.Table:
    """Rows of a table with codes said beside, ordered by the columns from left to right.

    Raises UnknownAccount, HengtanError.
    """
    rows = said_table(name, workspace.table(name, where, known_on, period))
    order = [(f.name, "ascending") for f in rows.schema if not _is_nested(f.type)]
    return rows.sort_by(order) if order and rows.num_rows else rows


def _is_nested(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_nested(kind) or pa.types.is_null(kind))
