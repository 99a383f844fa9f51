"""What checking a foreign balance gives: identities that hold or are broken, suspects, layout
choices.

Reasons, choices and notes are codes; ``said`` gives their words.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hengtan.accounts.energy.foreign_doubts import doubt
from hengtan.accounts.energy.foreign_tables import Balance, Printed
from hengtan.graph.codes import coded
from hengtan.graph.said import say_missing

NAMED_TOTALS = ("S", "T", "F", "D", "C")
"""Total rows that have a name in words."""
Terms = dict[str, float]
"""An identity: the sign of each row, adding to zero."""


@dataclass(frozen=True)
class Result:
    """One identity in one column: holds, broken, not_applicable or not_testable (with the reason);
    what is left over, and what rounding allows.

    Not testable is an identity of which a row or a figure was not understood.
    """

    identity: str
    column: str
    state: str
    gap: float = 0.0
    tolerance: float = 0.0
    reason: str = ""
    terms: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Suspect:
    """The cell, or the cells that identities cannot tell apart, whose change by ``change`` repairs
    every broken identity of a column.
    """

    column: str
    identities: tuple[str, ...]
    change: float
    cells: tuple[tuple[str, Printed], ...]


@dataclass
class Checked:
    """Results of all identities, the suspects, and the layout choices that the figures decided."""

    results: list[Result] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Held:
    """An identity of a column that applies: its name, its terms and its result."""

    name: str
    terms: Terms
    result: Result


def said(checked: Checked, language: str = "zh") -> Checked:
    """The same with reasons, choices and notes in words."""

    def words(codes: list[str]) -> list[str]:
        return [say_missing(code, language) or "" for code in codes]

    results = [replace(r, reason=say_missing(r.reason, language) or "") for r in checked.results]
    return replace(
        checked, results=results, choices=words(checked.choices), notes=words(checked.notes)
    )


def rounding_of(*cells: Printed) -> float:
    """How far rounding may move a sum of printed cells: half of the last digit of each."""
    return sum(0.5 * 10.0**-cell.decimals for cell in cells)


def gap_of(balance: Balance, column: str, name: str, terms: Terms, least: float) -> Result:
    """What an identity leaves over in a column, and whether that is within the printed digits."""
    cells = [
        (row, sign, balance.cells[row, column])
        for row, sign in terms.items()
        if (row, column) in balance.cells
    ]
    if reason := _not_applicable(balance, name, terms, bool(cells)):
        return Result(name, column, "not_applicable", reason=reason)
    if reason := doubt(balance, column, name, terms):
        return Result(name, column, "not_testable", reason=reason)
    gap = sum(sign * cell.value for _, sign, cell in cells)
    largest = max(abs(cell.value) for _, _, cell in cells)
    tolerance = max(rounding_of(*(cell for _, _, cell in cells)), least) + 1e-9 * largest
    signed = tuple((row, sign * cell.value) for row, sign, cell in cells)
    return judged(name, column, gap, tolerance, terms=signed)


def judged(
    name: str, column: str, gap: float, tolerance: float, terms: tuple[tuple[str, float], ...] = ()
) -> Result:
    """A result by whether its gap is within its tolerance."""
    state = "holds" if abs(gap) <= tolerance else "broken"
    return Result(name, column, state, gap, tolerance, terms=terms)


def _not_applicable(balance: Balance, name: str, terms: Terms, has_cells: bool) -> str:
    """Why an identity does not apply to a column; empty where it does."""
    total = next(iter(terms))
    if name == "I4":
        whole = "C" if "C" in terms else "F"
        if total not in balance.rows or whole not in balance.rows:
            return str(coded("no_supply_or_final"))
        return "" if has_cells else str(coded("column_empty"))
    if total not in balance.rows or len(terms) < 2:
        return str(coded(f"no_total_{total}" if total in NAMED_TOTALS else "no_total", total))
    return "" if has_cells else str(coded("terms_empty"))
