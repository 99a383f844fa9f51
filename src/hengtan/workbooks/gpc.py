"""Checking a file of GPC inventories (one row per inventory, one column per reference): totals of each, and findings with file, sheet, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hengtan import packs
from hengtan.accounts.carbon.gpc import TOTALS, Header, read_header, totals_of
from hengtan.accounts.carbon.gpc_cells import read_cell
from hengtan.accounts.carbon.gpc_findings import findings_of
from hengtan.basis.errors import Finding, HengtanError, Where

SEARCHED = 30
"""Lines in which a header is sought."""


@dataclass(frozen=True)
class GpcReport:
    """The inventories of a file with their totals, and what was found. ``sound`` says that nothing was."""

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
    """Read and check a CSV or Excel file of GPC inventories. Raises HengtanError where no header with GPC references is found."""
    from hengtan.ledger.reading.tables import read_table

    references = {row["gpc"]: row for row in packs.load("cn").rows("gpc_references")}
    name, lines = read_table(
        path,
        lambda titles: len(read_header(titles, references).references) >= 3,
        sheet=sheet,
        searched=SEARCHED,
    )
    if not lines:
        raise HengtanError(
            "找不到 GPC 表头（至少三列形如 I.1.1 的编号）",
            "no header with GPC references such as I.1.1 is found",
            where=Where(path.name, name),
            todo="一行一个清单、一列一个 GPC 编号",
            todo_en="one row per inventory, one column per GPC reference",
        )
    titles = list(lines[0][1])
    header = read_header(titles, references)
    findings = [
        Finding(
            "error",
            f"没有 GPC 编号“{ref}”",
            f"there is no GPC reference '{ref}'",
            Where(path.name, name, lines[0][0], column),
            code="unknown-reference",
        )
        for column, ref in header.unknown.items()
    ]
    findings += [
        Finding(
            "error",
            f"编号 {ref} 有两列",
            f"reference {ref} stands in two columns",
            Where(path.name, name, lines[0][0], column),
            code="reference-twice",
        )
        for column, ref in header.twice.items()
    ]
    inventories: list[dict[str, Any]] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, values in lines[1:]:
        row = dict(zip(titles, values, strict=True))
        if not any(row[header.references[r]].strip() for r in header.references) and not any(
            row[p.column].strip() for p in header.published
        ):
            continue
        inventory, found = _inventory(row, header, references)
        label = tuple(row[c].strip() for c in header.names[:6])
        if any(label) and label in seen:
            found.append(
                (
                    header.names[0],
                    Finding(
                        "warning",
                        f"与第{seen[label]}行是同一清单",
                        f"the same inventory as line {seen[label]}",
                        code="inventory-twice",
                    ),
                )
            )
        seen.setdefault(label, line)
        inventories.append({"line": line, "name": " ".join(x for x in label[:3] if x), **inventory})
        findings += [replace(f, where=Where(path.name, name, line, column)) for column, f in found]
    return GpcReport(path.name, name, inventories, findings)


def _inventory(
    row: Mapping[str, str], header: Header, references: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str | None, Finding]]]:
    cells = {reference: read_cell(row[column]) for reference, column in header.references.items()}
    published = {one.column: read_cell(row[one.column]) for one in header.published}
    made = totals_of(cells, references)
    stated = {one.total: published[one.column].value for one in header.published if one.total}
    told = {
        **{t: made.totals[t] for t in TOTALS},
        "published": {t: stated.get(t) for t in TOTALS if t in stated},
        "by_sector_scope": {
            f"{s} scope {n}": v for (s, n), v in sorted(made.by_sector_scope.items())
        },
        "blank": list(made.blank),
        "not_estimated": list(made.not_estimated),
    }
    return told, findings_of(cells, header, published, references)
