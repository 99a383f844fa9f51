"""A wide energy balance as rows of the form ``regional_balance``: as it is checked, so it is handed
in.

What the table does not say is not guessed: a missing year, unit or convention is told by the form.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hengtan.accounts.energy.foreign_names import half_width, pattern
from hengtan.accounts.energy.foreign_tables import Balance, Printed
from hengtan.basis.errors import Finding, HengtanError, Where
from hengtan.basis.units import read_unit
from hengtan.ledger.reading.findings import Account
from hengtan.workbooks.balance import (
    SpellingRows,
    account_of,
    aside_findings,
    lost_findings,
    mark_findings,
    other_sheets,
    read_sheets,
)
from hengtan.workbooks.cells import problem

TITLES = ("地区", "时期", "平衡表项目", "能源品种", "数量种类", "折算方法", "数值", "单位")
WITHIN = ("W.", "S.prod.")
"""Rows that are parts of others and have no row of their own in the form."""


@dataclass
class WideBalance:
    """Rows of the form from a file, the line of the file each stands in, what was found, and how
    many figures were read.
    """

    sheet: str | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    account: Account = field(default_factory=Account)

    def write(self, path: Path) -> None:
        """Write the rows as a table of the form."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, TITLES)
            writer.writeheader()
            writer.writerows(self.rows)


@dataclass(frozen=True)
class Known:
    """What the packs know: spellings, the rows of the form, and products' canonical units."""

    names: SpellingRows
    rows: frozenset[str]
    units: Mapping[str, str]

    @classmethod
    def of(cls, pack: Any) -> Known:
        """From the tables of a pack."""
        return cls(
            pack.rows("balance_names"),
            frozenset(row["row"] for row in pack.rows("balance_rows")),
            {row["product"]: row["canonical_unit"] for row in pack.rows("energy_products")},
        )


def read_wide(
    path: Path, known: Known, *, sheet: str | None = None, place: str, partly: bool = False
) -> WideBalance:
    """The rows of every balance of a file; ``place`` where the table names none; ``partly``:
    figures that are not read are told and are no errors.

    Raises HengtanError where no sheet is a balance.
    """
    from hengtan.ledger.reading.tables import read_lines

    sheets, others = read_sheets(path, sheet, known.names)
    words = {name: _words(lines) for name, lines in read_lines(path)}
    wide = WideBalance(sheets[0][0], account=account_of([read for _, read in sheets], others))
    for name, read in sheets:
        where = Where(path.name, name)
        wide.findings += lost_findings(where, read.lost, partly=partly)
        wide.findings += mark_findings(where, read.marks)
        wide.findings += aside_findings(where, read.asides)
        for table in read.tables:
            stated = _Stated(table, words[name], known, place, where)
            wide.findings += stated.findings()
            for line, row in stated.rows():
                wide.rows.append(row)
                wide.lines.append(line)
    wide.findings += other_sheets(path, others, partly=partly)
    return wide


def _words(lines: Sequence[tuple[int, Sequence[str]]]) -> str:
    """All words of a sheet."""
    return "\n".join(half_width(cell) for _, cells in lines for cell in cells if cell.strip())


@dataclass(frozen=True)
class _Stated:
    """One table with what it states of place, unit and convention."""

    table: Balance
    words: str
    known: Known
    place: str
    where: Where

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The cells as rows of the form, each with its line in the file."""
        table = self.table
        products = self.known.units
        for (row, product), cell in table.cells.items():
            if row in self.known.rows and product in products:
                yield cell.line, self._row(row, product, cell)

    def _row(self, row: str, product: str, cell: Printed) -> dict[str, str]:
        standard = self.table.standard
        values = (
            self.table.place or self.place,
            str(self.table.year or ""),
            row,
            product,
            "standard" if standard else "physical",
            self._convention() if standard else "",
            f"{cell.value:.15g}",
            self._unit(product),
        )
        return dict(zip(TITLES, values, strict=True))

    def _convention(self) -> str:
        """当量值 or 等价值 where the sheet says one of them, else ""."""
        calorific = bool(re.search("当量值|电热当量", self.words))
        equivalent = bool(re.search("等价值|发电煤耗", self.words))
        if calorific == equivalent:
            return ""
        return "calorific" if calorific else "equivalent"

    def _unit(self, product: str) -> str:
        """The unit over the product's column or of its line; else the one unit of the table that
        fits the product; "" where none is stated.
        """
        own = self.table.units.get(product)
        canonical = self.known.units[product]
        units = [own] if own else [*_units(self.words)]
        if self.table.standard:
            fitting = [unit for unit in units if _canonical(unit) == "tce"]
        else:
            fitting = [unit for unit in units if _canonical(unit) == canonical]
        if len(fitting) == 1:
            return fitting[0]
        return own or (units[0] if len(units) == 1 else "")

    def findings(self) -> Iterator[Finding]:
        """No year, the place taken, and rows and columns the form has no place for."""
        table = self.table
        if table.year is None:
            yield problem("wide.no-year").finding(self.where)
        if not table.place:
            yield problem("wide.place", self.place, level="warning").finding(self.where)
        for row, title in table.rows.items():
            if row in self.known.rows:
                continue
            level = "warning" if row.startswith(WITHIN) else "error"
            yield problem("wide.no-row", title, level=level).finding(self.where)
        for product, title in table.columns.items():
            if product not in self.known.units:
                yield problem("wide.total", title, level="warning").finding(self.where)


def _units(words: str) -> Iterator[str]:
    """Units that lines such as 单位：万吨、亿立方米 state, each once."""
    stated: dict[str, None] = {}
    for line in words.splitlines():
        named = pattern("unit_named").search(line)
        for part in re.split(r"[、,，;；\s]+", named.group(1)) if named else ():
            if _canonical(part):
                stated.setdefault(part)
    yield from stated


def _canonical(unit: str) -> str:
    """The canonical unit of a spelling, "" for none."""
    try:
        return read_unit(unit).canonical
    except HengtanError:
        return ""
