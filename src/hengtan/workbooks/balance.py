"""Checking a foreign energy balance: its layout, which identities hold in each column, and which
cell is off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.energy.foreign import Balance, read_balance
from hengtan.accounts.energy.foreign_checks import check_identities
from hengtan.accounts.energy.foreign_coefficient import infer_electricity_coefficient
from hengtan.accounts.energy.foreign_results import Checked, Suspect, said
from hengtan.basis.errors import Finding, HengtanError, ParameterNotEstablished, Where
from hengtan.basis.problem import Problem
from hengtan.graph.said import say_missing
from hengtan.workbooks.cells import problem


@dataclass(frozen=True)
class BalanceReport:
    """One sheet: the layout recognised, results of the identities, findings.

    ``sound`` says that every identity holds within rounding.
    """

    file: str
    sheet: str | None
    balance: Balance
    checked: Checked
    findings: list[Finding] = field(default_factory=list)
    coefficient: str = ""

    @property
    def sound(self) -> bool:
        """No finding of error level."""
        return not any(f.level == "error" for f in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        layout = {
            "unit": self.balance.unit,
            "standard": self.balance.standard,
            "transposed": self.balance.transposed,
            "rows": self.balance.rows,
            "columns": self.balance.columns,
            "passed_over": self.balance.passed_over,
            "choices": self.checked.choices,
        }
        results = [
            {
                "identity": r.identity,
                "column": r.column,
                "state": r.state,
                "gap": r.gap,
                "tolerance": r.tolerance,
                "reason": r.reason,
            }
            for r in self.checked.results
        ]
        return {
            "file": self.file,
            "sheet": self.sheet,
            "sound": self.sound,
            "layout": layout,
            "identities": results,
            "electricity_coefficient": self.coefficient,
            "notes": self.checked.notes,
            "findings": [f.as_dict() for f in self.findings],
        }


def check_balance(
    path: Path, sheet: str | None = None, tolerance: float = 0.0, physical: Path | None = None
) -> BalanceReport:
    """Read and check the first sheet of a file that is an energy balance.

    ``tolerance``: the least gap that counts, in the unit of the table. ``physical``: the physical
    table beside a standard one. Raises HengtanError where no sheet is a balance.
    """
    from hengtan.ledger.reading.tables import read_lines

    names = packs.load("cn").rows("balance_names")
    refusal: HengtanError | None = None
    for name, lines in read_lines(path):
        if sheet is not None and name != sheet:
            continue
        try:
            balance = read_balance(lines, names)
        except HengtanError as error:
            refusal = error
            continue
        checked = said(check_identities(balance, tolerance))
        findings = list(_Findings(Where(path.name, name), balance, checked).all())
        coefficient = _coefficient(balance, physical)
        return BalanceReport(path.name, name, balance, checked, findings, coefficient)
    if refusal is not None:
        raise Problem.of(refusal, "").error(where=Where(path.name, sheet))
    key = "no-readable-sheet" if sheet is None else "no-readable-sheet.named"
    raise problem(key, sheet).error(where=Where(path.name))


TO_TCE = {
    "万吨标准煤": 1e4,
    "万吨标煤": 1e4,
    "百万吨标准煤": 1e6,
    "Mtce": 1e6,
    "吨标准煤": 1.0,
    "tce": 1.0,
}
"""tce per unit of a standard table; a physical table prints electricity in 10^8 kWh."""


def _coefficient(balance: Balance, physical: Path | None) -> str:
    """The coefficient by which the table converts electricity, or why it cannot be told."""
    if not balance.standard:
        return ""
    try:
        other = check_balance(physical).balance if physical else None
        to_tce = TO_TCE.get(balance.unit, 1e4)
        inferred = infer_electricity_coefficient(balance, other, to_tce=to_tce)
    except ParameterNotEstablished as error:
        return error.zh
    convention = "当量值" if inferred.convention == "calorific" else "等价值"
    return f"{inferred.value:.4f} kgce/kWh（{convention}；{say_missing(inferred.method)}）"


@dataclass(frozen=True)
class _Findings:
    """What the checks of one sheet found, each at the cell or column it stands in."""

    where: Where
    balance: Balance
    checked: Checked

    def all(self) -> Iterator[Finding]:
        """Cells that are no numbers, cells and columns that break identities, rows that were passed
        over.
        """
        for line, column, text in self.balance.unread:
            yield problem("unread", text).finding(replace(self.where, row=line, column=column))
        for suspect in self.checked.suspects:
            yield self._suspect(suspect)
        yield from self._unexplained()
        for name in self.balance.passed_over:
            yield problem("passed-over", name, level="warning").finding(self.where)

    def _suspect(self, suspect: Suspect) -> Finding:
        """The one cell that would close the identities, or those among which they cannot tell, or
        the column.
        """
        gap = self._gap(suspect)
        title, rows = self.balance.columns[suspect.column], self.balance.rows
        identities = ", ".join(suspect.identities)
        if not suspect.cells:
            reason = problem("identity.column", gap, identities)
            return reason.finding(replace(self.where, column=title))
        row, cell = suspect.cells[0]
        where = self._at(cell, title, rows[row])
        if len(suspect.cells) == 1:
            right = cell.value + suspect.change
            printed, wanted = f"{cell.value:.{cell.decimals}f}", f"{right:.{cell.decimals}f}"
            english = (row, f"{cell.value:g}", f"{right:g}", identities)
            return problem("identity.cell", rows[row], printed, wanted, gap, *english).finding(
                where
            )
        way = "列" if self.balance.transposed else "行"
        listed = "、".join(f"“{rows[row]}”（第{cell.line}{way}）" for row, cell in suspect.cells)
        names = ", ".join(row for row, _ in suspect.cells)
        change, change_en = f"{suspect.change:+.6g}", f"{suspect.change:+g}"
        words = (len(suspect.cells), change, listed, gap, change_en, names)
        return problem("identity.cells", *words).finding(where)

    def _gap(self, suspect: Suspect) -> str:
        """By how much the identities of a suspect are off."""
        return "；".join(
            f"{r.identity} 差 {r.gap:+.6g}（舍入允许 {r.tolerance:.3g}）"
            for r in self.checked.results
            if r.column == suspect.column
            and r.identity in suspect.identities
            and r.state == "broken"
        )

    def _unexplained(self) -> Iterator[Finding]:
        """Identities that are broken and that no suspect explains."""
        explained = {(s.column, name) for s in self.checked.suspects for name in s.identities}
        for r in self.checked.results:
            if r.state == "broken" and (r.column, r.identity) not in explained:
                gap = (f"{r.gap:+.6g}", f"{r.tolerance:.3g}", f"{r.gap:+g}")
                title = self.balance.columns.get(r.column, r.column)
                reason = problem("identity.broken", r.identity, *gap)
                yield reason.finding(replace(self.where, column=title))

    def _at(self, cell: Any, column: str, row: str) -> Where:
        if self.balance.transposed:
            return replace(self.where, column=f"{column}·{row}")
        return replace(self.where, row=cell.line, column=column)
