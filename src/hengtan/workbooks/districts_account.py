"""The account of a table of districts' goals: every figure is read, or named as not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hengtan.basis.errors import Finding, Where
from hengtan.basis.figures import read_figure
from hengtan.ledger.reading import read_sheets
from hengtan.ledger.reading.plain_tables import TextRow
from hengtan.ledger.reading.tables import read_lines
from hengtan.workbooks.cells import Account, problem
from hengtan.workbooks.districts import TITLES


def account_of(path: Path, *, partly: bool = False) -> tuple[Account, list[Finding]]:
    """How many figures the file holds and were read, and those that were not, by column, line and
    sheet: errors, or with ``partly`` warnings.
    """
    level = "warning" if partly else "error"
    name, rows = next(iter(read_sheets(path, ("区县",)).items()), ("", []))
    account, findings = _of_table(Where(path.name, name or None), rows, level)
    for other, lines in read_lines(path):
        if (other or "").strip() == name:
            continue
        count = sum(_is_figure(text) for _, cells in lines for text in cells)
        account = account.plus(count)
        if count:
            finding = problem("not-read.other", other, count, level=level)
            findings.append(finding.finding(Where(path.name, other)))
    return account, findings


def _of_table(where: Where, rows: list[TextRow], level: str) -> tuple[Account, list[Finding]]:
    """The account of the sheet of districts."""
    account, findings = Account(), list[Finding]()
    titles = list(rows[0][1]) if rows else []
    for title in titles:
        read, left = 0, 0
        for _, row in rows:
            if _is_figure(row[title]):
                is_read = title in TITLES and bool(row.get("区县", "").strip())
                read, left = read + is_read, left + (title not in TITLES)
        account = account.plus(read + left, read=read)
        if left:
            finding = problem("not-read.district-column", title, left, level=level)
            findings.append(finding.finding(Where(where.file, where.sheet, column=title)))
    for line, row in rows:
        figures = list(_figures(row))
        if figures and not row.get("区县", "").strip():
            account = account.plus(len(figures))
            finding = problem("not-read.district-line", len(figures), level=level)
            findings.append(finding.finding(Where(where.file, where.sheet, row=line)))
    return account, findings


def _figures(row: dict[str, str]) -> Iterator[str]:
    """Figures of a line in the columns that are read."""
    return (text for title, text in row.items() if title in TITLES and _is_figure(text))


def _is_figure(text: str) -> bool:
    return read_figure(text).kind in ("number", "mark")
