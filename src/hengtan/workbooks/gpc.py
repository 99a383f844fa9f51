"""Checking a file of GPC inventories: one row per inventory, one column per reference.

Gives the totals of each inventory, findings with file, sheet, line and column, and the account of
every figure: read, describing the inventory, or not read by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.carbon.gpc import TOTALS, read_header, totals_of
from hengtan.accounts.carbon.gpc_cells import Cell, read_cell, reference_in
from hengtan.accounts.carbon.gpc_findings import findings_of
from hengtan.basis.errors import Finding, Where
from hengtan.basis.figures import read_figure
from hengtan.ledger.reading.findings import Account, Hidden
from hengtan.workbooks.cells import hidden_findings, problem

SEARCHED = 30
"""Lines in which a header is sought."""
Lines = Sequence[tuple[int, Sequence[str]]]


@dataclass
class GpcReport:
    """The inventories of a file with their totals, what was found, and the account of its figures.

    ``sound`` says that nothing is wrong and, unless ``partly`` was asked for, nothing unread.
    ``cells``: of each inventory, by reference; ``labels``: its city and year as printed.
    """

    file: str
    sheet: str | None
    inventories: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    partly: bool = False
    cells: list[Mapping[str, Cell]] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """No finding of error level."""
        return not any(f.level == "error" for f in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "file": self.file,
            "sheet": self.sheet,
            "sound": self.sound,
            "inventories": self.inventories,
            "account": self.account.as_dict(),
            "partly": self.partly,
            "findings": [f.as_dict() for f in self.findings],
        }


def check_gpc(path: Path, sheet: str | None = None, *, partly: bool = False) -> GpcReport:
    """Read and check a CSV or Excel file of GPC inventories, every sheet that holds some.

    ``partly``: figures that are not read are told and are no errors. Raises HengtanError where no
    header with GPC references is found.
    """
    from hengtan.ledger.reading.tables import header_line, read_lines

    references = {row["gpc"]: row for row in packs.load("cn").rows("gpc_references")}

    def is_header(titles: Sequence[str]) -> bool:
        return len(read_header(titles, references).references) >= 3

    report = GpcReport(path.name, None, partly=partly)
    hidden = Hidden()
    name = None
    taken: list[str | None] = []
    for name, lines in read_lines(path, hidden):
        if sheet is not None and name != sheet:
            continue
        table = header_line(lines, is_header, SEARCHED)
        if table is None:
            _other_sheet(report, name, lines)
            continue
        report.sheet = report.sheet or name
        taken.append(name)
        _Sheet(report, name, table, references).read()
    if not report.inventories and report.sheet is None and not _any_table(report):
        raise problem("no-gpc-header").error(where=Where(path.name, sheet or name))
    report.findings += hidden_findings(path.name, hidden, taken)
    return report


def _any_table(report: GpcReport) -> bool:
    return report.account.read > 0


def _other_sheet(report: GpcReport, name: str | None, lines: Lines) -> None:
    """A sheet without inventories: a list of references describes, else figures are not read."""
    count = sum(read_figure(cell).kind == "number" for _, cells in lines for cell in cells)
    listed = sum(any(reference_in(cell) for cell in cells[:2]) for _, cells in lines)
    describes = listed * 2 > len(lines)
    report.account = report.account.plus(count, heading=count if describes else 0)
    if count and not describes:
        level = "warning" if report.partly else "error"
        finding = problem("not-read.gpc-sheet", name or "", count, level=level)
        report.findings.append(finding.finding(Where(report.file, name)))


class _Sheet:
    """A sheet of inventories: header, lines, and what of them is not read."""

    def __init__(
        self, report: GpcReport, name: str | None, lines: Lines, references: Mapping[str, Any]
    ) -> None:
        self.report, self.name, self.references = report, name, references
        self.titles = list(lines[0][1])
        self.line, self.body = lines[0][0], lines[1:]
        self.header = read_header(self.titles, references)
        self.where = Where(report.file, name)

    def read(self) -> None:
        """Read every line below the header."""
        report = self.report
        report.findings += self._header_findings()
        seen: dict[tuple[str, ...], int] = {}
        for number, texts in self.body:
            row = dict(zip(self.titles, texts, strict=True))
            where = replace(self.where, row=number)
            if not self._is_filled(row):
                continue
            inventory, reasons = self._inventory(row)
            label_cells = tuple(row[c].strip() for c in self.header.label)
            title = " ".join(filter(None, label_cells))
            report.labels.append(label_cells)
            report.inventories.append({"line": number, "name": title, **inventory})
            report.findings += [
                replace(f, where=replace(where, column=column)) for column, f in reasons
            ]
            label = tuple(row[column].strip() for column in self.header.identity)
            if any(label) and label in seen:
                again = problem("inventory-twice", seen[label], level="warning")
                column = self.header.identity[0]
                report.findings.append(again.finding(replace(where, column=column)))
            seen.setdefault(label, number)
        self._account()

    def _account(self) -> None:
        """Every figure: read, describing the inventory, or in a column that is not understood."""
        header = self.header
        read = {
            *header.references.values(),
            *header.credits.values(),
            *(total.column for total in header.published),
        }
        level = "warning" if self.report.partly else "error"
        for at, column in enumerate(self.titles):
            cells = [texts[at] for _, texts in self.body]
            kinds = [read_figure(cell).kind for cell in cells]
            count = kinds.count("number")
            # A figure among words is a name: a district called 9, a blank filled with 0.
            named = column in header.names and kinds.count("word") > count
            describes = named or header.describes(column)
            self.report.account = self.report.account.plus(
                count, read=count if column in read else 0, heading=count if describes else 0
            )
            if count and column not in read and not describes:
                finding = problem("not-read.gpc-column", column, count, level=level)
                where = replace(self.where, row=self.line, column=column)
                self.report.findings.append(finding.finding(where))

    def _header_findings(self) -> Iterator[Finding]:
        for key, columns in (
            ("unknown-reference", self.header.unknown),
            ("reference-twice", self.header.twice),
        ):
            for column, reference in columns.items():
                where = replace(self.where, row=self.line, column=column)
                yield problem(key, reference).finding(where)

    def _is_filled(self, row: Mapping[str, str]) -> bool:
        """Whether any reference or published total of a line has content."""
        published = (total.column for total in self.header.published)
        columns = [*self.header.references.values(), *published]
        return any(row[column].strip() for column in columns)

    def _inventory(
        self, row: Mapping[str, str]
    ) -> tuple[dict[str, Any], list[tuple[str | None, Finding]]]:
        """The totals of one inventory beside those published, and its findings by column."""
        header, references = self.header, self.references
        cells = {r: read_cell(row[column]) for r, column in header.references.items()}
        credits = {sector: read_cell(row[column]) for sector, column in header.credits.items()}
        published = {total.column: read_cell(row[total.column]) for total in header.published}
        self.report.cells.append(cells)
        sums = totals_of(cells, references)
        stated = {p.total: published[p.column].value for p in header.published if p.is_whole}
        totals = {
            **{total: sums.totals[total] for total in TOTALS},
            "published": {total: stated[total] for total in TOTALS if total in stated},
            "by_sector_scope": {
                f"{sector} scope {scope}": amount
                for (sector, scope), amount in sorted(sums.by_sector_scope.items())
            },
            "blank": list(sums.blank),
            "not_estimated": list(sums.not_estimated),
        }
        return totals, findings_of(cells, header, published, references, credits)
