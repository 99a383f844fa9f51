"""Reads a sheet of foreign balances block by block, and keeps the account of its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from hengtan.accounts.energy.foreign_axes import Meaning, of_titles
from hengtan.accounts.energy.foreign_block import BlockReader, Taken, letter
from hengtan.accounts.energy.foreign_blocks import Lines, read_blocks
from hengtan.accounts.energy.foreign_names import Names, year_of_head
from hengtan.accounts.energy.foreign_tables import Grid, Lost, SheetRead


@dataclass
class SheetReader:
    """Reads a sheet block by block."""

    lines: Grid
    names: Names
    answer: SheetRead = field(default_factory=SheetRead)

    def __post_init__(self) -> None:
        self.taken = Taken(self.names)

    def sheet(self) -> SheetRead:
        """The tables of the sheet and the account of its figures."""
        sheet = Lines.of(self.lines, self.names)
        if not sheet.grid or not sheet.grid[0][1]:
            return self.answer
        above = Meaning()
        for block in read_blocks(sheet):
            titles = of_titles(block.titles, self.names).over(above)
            above = replace(titles, product=titles.product)
            BlockReader(self.taken, sheet, block, titles).read()
        self.answer.tables = list(self.taken.tables.values())
        self.answer.marks = self.taken.marks
        self.answer.asides = self.taken.asides
        self._account(sheet)
        return self.answer

    def _account(self, sheet: Lines) -> None:
        """Every figure of the sheet: read, part of a header, or lost."""
        figures = [at for at, figure in sheet.figures.items() if figure.kind in ("number", "mark")]
        self.answer.figures = len(figures)
        named = {(cell.line, cell.column) for _, cell, _ in self.taken.lost}
        heads = set(self._heads(sheet)) - self.taken.used
        read = self.taken.used - named
        self.answer.heading = sum(at in heads for at in figures)
        self.answer.read = sum(at in read for at in figures)
        rest = [at for at in figures if not (at in read or at in heads or at in named)]
        texts = sheet.texts
        self.answer.lost += list(self._grouped())
        for line, column in rest:
            text = texts[line][column].strip()
            self.answer.lost.append(Lost("outside", text, 1, line, letter(column)))

    def _heads(self, sheet: Lines) -> Iterator[tuple[int, int]]:
        """Figures that are years or line numbers of a header."""
        for line in sheet.grid:
            number, cells = line
            is_years, is_counted = sheet.is_years(line), sheet.counts_columns(line)
            for column, cell in enumerate(cells):
                in_label = column in sheet.years or column in sheet.indices
                over_names = column in sheet.labels and not sheet.numbers(line)
                is_head = is_years or over_names
                if in_label or is_counted or (is_head and year_of_head(cell) is not None):
                    yield number, column

    def _grouped(self) -> Iterator[Lost]:
        """Lost cells, those of one unknown row or column together."""
        rows = Counter((c.line, text) for why, c, text in self.taken.lost if why == "row")
        columns = Counter((c.column, text) for why, c, text in self.taken.lost if why == "column")
        for (line, text), count in rows.items():
            yield Lost("row", text, count, line)
        for (column, text), count in columns.items():
            yield Lost("column", text or letter(column), count, None, text or letter(column))
        for why, cell, text in self.taken.lost:
            if why not in ("row", "column"):
                yield Lost(why, text, 1, cell.line, cell.title or letter(cell.column))
