"""Checking a foreign energy balance: its layout, which identities hold in each column, which cell
is off, and the account of every sheet: figures read, and figures not read by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.energy.foreign import read_tables
from hengtan.accounts.energy.foreign_checks import check_identities
from hengtan.accounts.energy.foreign_coefficient import infer_electricity_coefficient
from hengtan.accounts.energy.foreign_names import Names
from hengtan.accounts.energy.foreign_results import Checked, Suspect, said
from hengtan.accounts.energy.foreign_tables import Aside, Balance, Lost, SheetRead
from hengtan.basis.errors import Finding, HengtanError, ParameterNotEstablished, Where
from hengtan.basis.figures import read_figure
from hengtan.basis.problem import Problem
from hengtan.basis.units import read_unit
from hengtan.graph.said import say_missing
from hengtan.ledger.reading.findings import Account, Hidden
from hengtan.workbooks.cells import hidden_findings, problem

SpellingRows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class TableReport:
    """One table of a sheet: as recognised, what its identities say, its power coefficient."""

    sheet: str | None
    balance: Balance
    checked: Checked
    coefficient: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        table = self.balance
        layout = {
            "unit": table.unit,
            "year": table.year,
            "place": table.place,
            "standard": table.standard,
            "transposed": table.transposed,
            "rows": table.rows,
            "columns": table.columns,
            "passed_over": table.passed_over,
            "choices": self.checked.choices,
        }
        identities = [
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
            "sheet": self.sheet,
            "layout": layout,
            "identities": identities,
            "electricity_coefficient": self.coefficient,
            "notes": self.checked.notes,
        }


@dataclass(frozen=True)
class BalanceReport:
    """The tables of a file, what was found, and the account of its figures.

    ``sound`` says that every identity that can be tested holds within rounding, and that every
    figure was read (with ``partly``: or named as not read).
    """

    file: str
    tables: list[TableReport]
    findings: list[Finding] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    partly: bool = False

    @property
    def sheet(self) -> str | None:
        """The sheet of the first table."""
        return self.tables[0].sheet

    @property
    def balance(self) -> Balance:
        """The first table."""
        return self.tables[0].balance

    @property
    def checked(self) -> Checked:
        """What the identities of the first table say."""
        return self.tables[0].checked

    @property
    def coefficient(self) -> str:
        """The power coefficient of the first table."""
        return self.tables[0].coefficient

    @property
    def sound(self) -> bool:
        """No finding of error level, and nothing left unread unless that was asked for."""
        return not any(f.level == "error" for f in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """JSON form; layout and identities are those of the first table."""
        tables = [table.as_dict() for table in self.tables]
        return {
            "file": self.file,
            "sound": self.sound,
            **tables[0],
            "tables": tables,
            "account": self.account.as_dict(),
            "partly": self.partly,
            "findings": [f.as_dict() for f in self.findings],
        }


def check_balance(
    path: Path,
    sheet: str | None = None,
    tolerance: float = 0.0,
    physical: Path | None = None,
    *,
    partly: bool = False,
    names: SpellingRows | None = None,
) -> BalanceReport:
    """Read and check every sheet of a file that is an energy balance, or the one named.

    ``tolerance``: the least gap that counts, in the unit of the table. ``physical``: the physical
    table beside a standard one. ``partly``: figures that are not read are told and are no errors.
    ``names``: spellings of rows and products (rows of ``balance_names``), those of the pack cn
    unless given. Raises HengtanError where no sheet is a balance.
    """
    hidden = Hidden()
    sheets, others = read_sheets(path, sheet, names, hidden)
    tables: list[TableReport] = []
    findings: list[Finding] = []
    for name, read in sheets:
        several = len(read.tables) > 1
        where = Where(path.name, name)
        findings += lost_findings(where, read.lost, partly=partly)
        findings += mark_findings(where, read.marks)
        findings += aside_findings(where, read.asides)
        for table in read.tables:
            checked = said(check_identities(table, tolerance))
            of_table = _Findings(where, table, checked, table.label if several else "")
            findings += of_table.all()
            coefficient = _coefficient(table, physical, names)
            tables.append(TableReport(name, table, checked, coefficient))
    findings += other_sheets(path, others, partly=partly)
    findings += hidden_findings(path.name, hidden, [name for name, _ in sheets])
    account = account_of([read for _, read in sheets], others)
    return BalanceReport(path.name, tables, findings, account, partly)


Sheets = list[tuple[str | None, SheetRead]]
Others = list[tuple[str | None, int]]
"""Sheets that are no balances, with how many figures they hold."""


def read_sheets(
    path: Path,
    sheet: str | None = None,
    names: SpellingRows | None = None,
    hidden: Hidden | None = None,
) -> tuple[Sheets, Others]:
    """The sheets of a file that are balances, and those that are none; ``hidden`` takes what
    the file does not show.

    Raises HengtanError where no sheet is one.
    """
    from hengtan.ledger.reading.tables import read_lines

    known = Names.of(packs.load("cn").rows("balance_names") if names is None else names)
    refusal: HengtanError | None = None
    sheets: Sheets = []
    others: Others = []
    for name, lines in read_lines(path, hidden):
        if sheet is not None and name != sheet:
            continue
        try:
            sheets.append((name, read_tables(lines, known)))
        except HengtanError as error:
            refusal = refusal or error
            others.append((name, _figures(lines)))
    if sheets:
        return sheets, others
    if refusal is not None:
        raise Problem.of(refusal, "").error(where=Where(path.name, sheet))
    key = "no-readable-sheet" if sheet is None else "no-readable-sheet.named"
    raise problem(key, sheet).error(where=Where(path.name))


def _figures(lines: Sequence[tuple[int, Sequence[str]]]) -> int:
    """How many figures a sheet holds."""
    return sum(read_figure(cell).kind == "number" for _, cells in lines for cell in cells)


def account_of(sheets: Sequence[SheetRead], others: Others) -> Account:
    """How many figures the sheets of a file hold, and how many were read."""
    apart = sum(count for _, count in others)
    figures, read = sum(s.figures for s in sheets) + apart, sum(s.read for s in sheets)
    heading = sum(s.heading for s in sheets)
    return Account(figures, read, heading)


def lost_findings(where: Where, lost: Sequence[Lost], *, partly: bool) -> Iterator[Finding]:
    """Figures that were not read, by row, column or cell."""
    for item in lost:
        if item.why == "unread":
            key, level = "unread", "error"
        else:
            key, level = f"not-read.{item.why}", "warning" if partly else "error"
        at = replace(where, row=item.line, column=item.column or None)
        yield problem(key, item.text, item.count, level=level).finding(at)


def mark_findings(where: Where, marks: Sequence[tuple[int, str, str, str]]) -> Iterator[Finding]:
    """Footnote marks that were left out."""
    for line, column, text, mark in marks:
        at = replace(where, row=line, column=column)
        yield problem("mark-cut", text, mark, level="warning").finding(at)


def aside_findings(where: Where, asides: Sequence[Aside]) -> Iterator[Finding]:
    """Totals and growth that agree with their figures, and rows read by their translation."""
    for aside in asides:
        at = replace(where, row=aside.line, column=aside.column or None)
        yield problem(f"aside.{aside.why}", aside.text, aside.other, level="warning").finding(at)


def other_sheets(path: Path, others: Others, *, partly: bool) -> Iterator[Finding]:
    """Figures of sheets that are no balances."""
    level = "warning" if partly else "error"
    for name, count in others:
        if count:
            reason = problem("not-read.sheet", name or "", count, level=level)
            yield reason.finding(Where(path.name, name))


def _coefficient(balance: Balance, physical: Path | None, names: SpellingRows | None) -> str:
    """The coefficient by which the table converts electricity, or why it cannot be told."""
    if not balance.standard:
        return ""
    try:
        other = read_sheets(physical, None, names)[0][0][1].tables[0] if physical else None
        inferred = infer_electricity_coefficient(balance, other, to_tce=_to_tce(balance.unit))
    except ParameterNotEstablished as error:
        return error.zh
    convention = "当量值" if inferred.convention == "calorific" else "等价值"
    return f"{inferred.value:.4f} kgce/kWh（{convention}；{say_missing(inferred.method)}）"


def _to_tce(unit: str) -> float:
    """tce per unit of a standard table, 10^4 tce where it states none; a physical table prints
    electricity in 10^8 kWh.
    """
    try:
        known = read_unit(unit)
    except HengtanError:
        return 1e4
    return known.factor if known.canonical == "tce" else 1e4


@dataclass(frozen=True)
class _Findings:
    """What the checks of one table found, each at the cell or column it stands in."""

    where: Where
    balance: Balance
    checked: Checked
    label: str = ""

    def all(self) -> Iterator[Finding]:
        """Cells and columns that break identities."""
        for suspect in self.checked.suspects:
            yield self._suspect(suspect)
        yield from self._unexplained()

    def _suspect(self, suspect: Suspect) -> Finding:
        """The one cell that would close the identities, or those among which they cannot tell, or
        the column.
        """
        gap = self._gap(suspect)
        rows = self.balance.rows
        identities = ", ".join(suspect.identities)
        if not suspect.cells:
            reason = problem("identity.column", gap, identities)
            return reason.finding(replace(self.where, column=self._title(suspect.column)))
        row, cell = suspect.cells[0]
        where = replace(self.where, row=cell.line, column=self._title(suspect.column))
        if len(suspect.cells) == 1:
            right = cell.value + suspect.change
            printed, wanted = f"{cell.value:.{cell.decimals}f}", f"{right:.{cell.decimals}f}"
            english = (row, f"{cell.value:g}", f"{right:g}", identities)
            return problem("identity.cell", rows[row], printed, wanted, gap, *english).finding(
                where
            )
        listed = "、".join(f"“{rows[row]}”（第{cell.line}行）" for row, cell in suspect.cells)
        names = ", ".join(row for row, _ in suspect.cells)
        change, change_en = f"{suspect.change:+.6g}", f"{suspect.change:+g}"
        words = (len(suspect.cells), change, listed, gap, change_en, names)
        return problem("identity.cells", *words).finding(where)

    def _title(self, product: str) -> str:
        """The title of a product's column, with the year or place where a sheet has several."""
        title = self.balance.columns.get(product, product)
        return f"{title}（{self.label}）" if self.label and self.label not in title else title

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
                reason = problem("identity.broken", r.identity, *gap)
                yield reason.finding(replace(self.where, column=self._title(r.column)))
