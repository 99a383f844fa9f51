"""Why an identity of a foreign balance cannot be tested: a row or figure was not understood.

What is not understood never counts as zero, and no right cell is accused for it.
"""

from __future__ import annotations

from collections.abc import Collection

from hengtan.accounts.energy.foreign_tables import Balance, Unknown
from hengtan.graph.codes import coded

MAY_BE_ABSENT = ("T", "L", "D", "T.loss")
"""Totals that a balance may leave out where they are nothing."""
TOP = ("S", "T", "L", "F", "D", "C")


def doubt(balance: Balance, column: str, name: str, terms: Collection[str]) -> str:
    """Why an identity cannot be tested in a column (a code); empty where it can."""
    for row in terms:
        if (row, column) in balance.hidden:
            return str(coded("figure_not_read", balance.rows.get(row, row)))
    for unknown in balance.unknown:
        if column in unknown.products and _may_belong(balance, unknown, name):
            return str(coded("row_not_understood", unknown.label))
    return ""


def _may_belong(balance: Balance, unknown: Unknown, name: str) -> bool:
    """Whether a row that is not understood may be a term of an identity, by where it stands."""
    if name == "I4":
        missing = any(row not in balance.rows for row in MAY_BE_ABSENT[:3])
        return unknown.is_top or (missing and not unknown.is_part)
    if unknown.is_part:
        return False
    if unknown.is_top:
        return name in ("I5", "I5-C", "I6", "I7")
    sections = {_section(row) for row in (unknown.before, unknown.after) if row}
    if unknown.before == "C":
        sections |= {"F"} if balance.by_use else set()
    inside = _section_of(name) in sections and _in_group(unknown, name)
    return not sections or inside


def _section(row: str) -> str:
    return row.removeprefix("W.").partition(".")[0]


def _section_of(name: str) -> str:
    """The section whose rows an identity adds up."""
    return {"I1": "S", "I2": "T", "I5": "T", "I5-C": "F"}.get(name, "F")


def _in_group(unknown: Unknown, name: str) -> bool:
    """Whether a row between two others may be a part of the group an identity adds up (I3-F3)."""
    group = name.partition("-F")[2]
    if not group:
        return True
    return any(row.startswith(f"F.{group}") for row in (unknown.before, unknown.after))
