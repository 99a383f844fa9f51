"""Checking a file of GPC inventories: one row per inventory, one column per reference.

Gives the totals of each inventory, and findings with file, sheet, line and column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.carbon.gpc import TOTALS, Header, read_header, totals_of
from hengtan.accounts.carbon.gpc_cells import read_cell
from hengtan.accounts.carbon.gpc_findings import findings_of
from hengtan.basis.errors import Finding, Where
from hengtan.workbooks.cells import problem

SEARCHED = 30
"""Lines in which a header is sought."""


@dataclass(frozen=True)
class GpcReport:
    """The inventories of a file with their totals, and what was found.

    ``sound`` says that nothing was.
    """

    file: str
    sheet: str | None
    inventories: list[dict[str, Any]]
    findings: list[Finding]

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
            "findings": [f.as_dict() for f in self.findings],
        }


def check_gpc(path: Path, sheet: str | None = None) -> GpcReport:
    """Read and check a CSV or Excel file of GPC inventories.

    Raises HengtanError where no header with GPC references is found.
    """
    from hengtan.ledger.reading.tables import read_table

    references = {row["gpc"]: row for row in packs.load("cn").rows("gpc_references")}
    name, lines = read_table(
        path,
        lambda titles: len(read_header(titles, references).references) >= 3,
        sheet=sheet,
        searched=SEARCHED,
    )
    if not lines:
        raise problem("no-gpc-header").error(where=Where(path.name, name))
    titles = list(lines[0][1])
    header = read_header(titles, references)
    findings = list(_header_findings(header, Where(path.name, name, lines[0][0])))
    inventories: list[dict[str, Any]] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, texts in lines[1:]:
        row = dict(zip(titles, texts, strict=True))
        where = Where(path.name, name, number)
        if not _is_filled(row, header):
            continue
        label = tuple(row[column].strip() for column in header.names[:6])
        inventory, reasons = _inventory(row, header, references)
        title = " ".join(text for text in label[:3] if text)
        inventories.append({"line": number, "name": title, **inventory})
        findings += [replace(f, where=replace(where, column=column)) for column, f in reasons]
        if any(label) and label in seen:
            again = problem("inventory-twice", seen[label], level="warning")
            findings.append(again.finding(replace(where, column=header.names[0])))
        seen.setdefault(label, number)
    return GpcReport(path.name, name, inventories, findings)


def _header_findings(header: Header, where: Where) -> Iterator[Finding]:
    for key, columns in (
        ("unknown-reference", header.unknown),
        ("reference-twice", header.twice),
    ):
        for column, reference in columns.items():
            yield problem(key, reference).finding(replace(where, column=column))


def _is_filled(row: Mapping[str, str], header: Header) -> bool:
    """Whether any reference or published total of a line has content."""
    columns = [*header.references.values(), *(total.column for total in header.published)]
    return any(row[column].strip() for column in columns)


def _inventory(
    row: Mapping[str, str], header: Header, references: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str | None, Finding]]]:
    """The totals of one inventory beside those published, and its findings by column."""
    cells = {reference: read_cell(row[column]) for reference, column in header.references.items()}
    published = {total.column: read_cell(row[total.column]) for total in header.published}
    sums = totals_of(cells, references)
    stated = {p.total: published[p.column].value for p in header.published if p.total}
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
    return totals, findings_of(cells, header, published, references)
