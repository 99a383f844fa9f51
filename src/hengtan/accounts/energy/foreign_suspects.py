"""The cell of a foreign balance whose change would repair every broken identity of its column."""

from __future__ import annotations

from collections.abc import Sequence

from hengtan.accounts.energy.foreign_results import Held, Suspect, rounding_of
from hengtan.accounts.energy.foreign_tables import TOTAL_COLUMNS, Balance, Printed

Candidate = tuple[str, Printed, float]
"""Row, cell, and the change that repairs the column."""
MOST_CLOSED = 0.7
"""Of the rows, how many printed totals must be the sums of their columns to be trusted."""


def suspect(balance: Balance, column: str, applied: Sequence[Held]) -> Suspect:
    """Cells whose change by one amount repairs all broken identities of the column and breaks none
    that holds.

    Of several, those that would not turn their sign away from that of their row; of those the one
    that the printed total of all products points at, where it is one.
    """
    broken = [identity for identity in applied if identity.result.state == "broken"]
    rows = {row for identity in broken for row in identity.terms if (row, column) in balance.cells}
    candidates = [
        (row, balance.cells[row, column], change)
        for row in rows
        if (change := _repair(balance, column, row, applied, broken)) is not None
    ]
    plausible = [
        candidate
        for candidate in candidates
        if not _turns_sign(*candidate) or _against_its_row(balance, column, candidate[0])
    ]
    plausible = plausible or candidates
    certain = [
        candidate for candidate in plausible if _named_by_totals(balance, column, *candidate)
    ]
    ordered = sorted(plausible, key=lambda candidate: (candidate not in certain, candidate[0]))
    chosen = certain if len(certain) == 1 else ordered
    return Suspect(
        column,
        tuple(identity.name for identity in broken),
        chosen[0][2] if chosen else -broken[0].result.gap,
        tuple((row, cell) for row, cell, _ in chosen),
    )


def _repair(
    balance: Balance, column: str, row: str, applied: Sequence[Held], broken: Sequence[Held]
) -> float | None:
    """The change of a cell that repairs the column; None where no change does."""
    of_step = row.startswith("T.")
    linear = [identity for identity in broken if not (identity.name == "I5" and of_step)]
    linear = linear or list(broken)
    if not all(row in identity.terms for identity in linear):
        return None
    wanted = [-identity.result.gap / identity.terms[row] for identity in linear]
    change = sum(wanted) / len(wanted)
    repaired = all(
        abs(_gap_after(balance, column, identity, row, change)) <= identity.result.tolerance * 2
        for identity in applied
    )
    return change if repaired else None


def _gap_after(balance: Balance, column: str, identity: Held, row: str, change: float) -> float:
    """What an identity leaves over once a cell is changed; in I5 an input counts only while it is
    negative."""
    if identity.name != "I5" or not row.startswith("T."):
        return identity.result.gap + change * identity.terms.get(row, 0.0)
    before = balance.cells[row, column].value
    return identity.result.gap + min(before + change, 0.0) - min(before, 0.0)


def _turns_sign(row: str, cell: Printed, change: float) -> bool:
    """Whether a use, a supply or a stock would change its sign: such a cell is not the one that is
    off."""
    may = row.startswith("T") or row in ("S.stock", "D", "S")
    return not may and cell.value * (cell.value + change) < 0


def _against_its_row(balance: Balance, column: str, row: str) -> bool:
    """Whether a cell has the other sign than all other cells of its row: such a cell may well be
    the one that is off."""
    own = balance.cells[row, column].value
    others = [
        cell.value
        for other in balance.columns
        if other != column and (cell := balance.cells.get((row, other))) and cell.value
    ]
    return bool(others) and all(own * value < 0 for value in others)


def _named_by_totals(balance: Balance, column: str, row: str, cell: Printed, change: float) -> bool:
    """Whether the printed total of all products shows the same gap in this row, where it is the sum
    of the columns in most other rows."""
    products = [name for name in balance.columns if name not in TOTAL_COLUMNS]
    if "total_energy" not in balance.columns or column in TOTAL_COLUMNS:
        return False
    gaps: dict[str, float] = {}
    for name in balance.rows:
        total = balance.cells.get((name, "total_energy"))
        parts = [balance.cells[name, c] for c in products if (name, c) in balance.cells]
        if total and parts:
            gap = total.value - sum(part.value for part in parts)
            gaps[name] = gap if abs(gap) > rounding_of(total, *parts) * 1.01 else 0.0
    closed = sum(gap == 0 for gap in gaps.values())
    own = gaps.get(row, 0.0)
    same = abs(own - change) <= max(1e-6, 0.02 * abs(change))
    return closed >= MOST_CLOSED * len(gaps) and same and own != 0
