"""Reads the figures of one block of a foreign table: each by what its titles say, or named lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from hengtan.accounts.energy.foreign_axes import (
    Axes,
    Meaning,
    axes_of,
    column_meanings,
    kinds_by_unit,
    of_titles,
)
from hengtan.accounts.energy.foreign_blocks import Block, Line, Lines
from hengtan.accounts.energy.foreign_cells import in_unit
from hengtan.accounts.energy.foreign_labels import Labels, Running
from hengtan.accounts.energy.foreign_names import (
    Names,
    half_width,
    is_chinese,
    is_part,
    kind_of,
    only_year,
    pattern,
    unit_of,
)
from hengtan.accounts.energy.foreign_rows import in_context
from hengtan.accounts.energy.foreign_sums import (
    growth_agrees,
    is_growth_head,
    is_sum_line,
    sums_agree,
)
from hengtan.accounts.energy.foreign_tables import Aside, Balance, Printed, Unknown

TableKey = tuple[str, int | None, str, int]
"""Place, year, kind, and which of several alike."""


@dataclass(frozen=True)
class Cell:
    """A figure with what its titles say and where it stands."""

    line: int
    column: int
    title: str
    meaning: Meaning
    row_title: str
    unit: str = ""


@dataclass
class Taken:
    """What was read of a sheet so far: its tables, the cells used, and those that are lost (why,
    which, and the text that tells it).
    """

    names: Names
    tables: dict[TableKey, Balance] = field(default_factory=dict)
    used: set[tuple[int, int]] = field(default_factory=set)
    lost: list[tuple[str, Cell, str]] = field(default_factory=list)
    marks: list[tuple[int, str, str, str]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    running: Running = (None, {})


class BlockReader:
    """Reads one block: labels by line, meanings by column, then the cells where they cross."""

    def __init__(self, reader: Taken, sheet: Lines, block: Block, titles: Meaning) -> None:
        self.reader, self.sheet, self.block = reader, sheet, block
        self.titles = of_titles(self._beside_header(), reader.names).over(titles)
        self.axes: Axes = axes_of(sheet, block)
        self.columns = column_meanings(sheet, block, self.axes.across)
        self.columns = kinds_by_unit(self.columns, self.axes.across)
        self.yearless = self._yearless()
        self._fill_down()
        heads = [(m.product, m.row, m.year, m.kind) for m in self.columns.values()]
        filled = [bool(self._filled(line)) for line in block.body]
        self.labels = Labels(reader.names, block.body, filled, self.axes.row_labels)
        reader.running = self.labels.number(heads, reader.running)
        if self.axes.across == "row":
            self._across_in_context()
        self.filled = dict(block.body)

    def _beside_header(self) -> list[Line]:
        """Header cells that are about the table: over the labels, or with 单位："""
        labels, aside = self.sheet.labels, pattern("aside")
        return [
            (
                number,
                [
                    cell if column in labels or aside.search(half_width(cell)) else ""
                    for column, cell in enumerate(cells)
                ],
            )
            for number, cells in self.block.header
        ]

    def _yearless(self) -> set[int]:
        """Of a table whose heads are years, the columns headed by something else."""
        with_year = {column for column, meaning in self.columns.items() if meaning.year}
        if self.axes.across or not with_year:
            return set()
        return self.columns.keys() - with_year

    def _fill_down(self) -> None:
        """A blank label beside one of another sort (merged cells) is that of the line above."""
        sorts = {column: self._sort(column) for column in self.sheet.labels}
        above: dict[int, str] = {}
        filled: list[Line] = []
        for number, line in self.block.body:
            cells = list(line)
            for column in self.sheet.labels:
                beside = [
                    other
                    for other in self.sheet.labels
                    if other > column and cells[other].strip() and sorts[other]
                ]
                differs = any(sorts[other] != sorts[column] for other in beside)
                if not cells[column].strip() and sorts[column] and differs:
                    cells[column] = above.get(column, "")
                above[column] = cells[column]
            filled.append((number, cells))
        self.block.body = filled

    def _sort(self, column: int) -> str:
        """What a column of labels tells: row, product, year, kind or place; "" for others."""
        if column in self.axes.row_labels:
            return "row"
        if column in self.axes.product_labels:
            return "product"
        if column in self.sheet.years:
            return "year"
        cells = [cells[column] for _, cells in self.block.body if cells[column].strip()]
        if cells and all(map(kind_of, cells)):
            return "kind"
        return "place" if self._is_place(column) else ""

    def read(self) -> None:
        """Read every cell of the body."""
        self.unknown: dict[TableKey, dict[str, list[Cell]]] = {}
        self.orphans: dict[TableKey, set[str]] = {}
        cells = [cell for line in self._lines() for cell in line]
        keys = {self._key(cell.meaning) for cell in cells}
        self.keys = {key: self._own_key(key, cells) for key in keys}
        first = len(self.reader.lost)
        for cell in cells:
            self._take(cell)
        self._read_sums(first)
        for line, (text, other) in self.labels.translated.items():
            self.reader.asides.append(Aside("translation", text, line, "", other))
        self._unknown_rows()

    def _read_sums(self, first: int) -> None:
        """Lines of totals and columns of growth that agree with what they are made of are read,
        and are told instead of lost.
        """
        lost = self.reader.lost[first:]
        lines = [number for number, _ in self.block.body]
        look = self.sheet.figure
        for line, label in {(c.line, text) for why, c, text in lost if why == "row"}:
            columns = [c.column for _, c, _ in lost if c.line == line]
            if is_sum_line(label) and sums_agree(look, lines, line, columns):
                self._explain("total", label, [c for _, c, _ in lost if c.line == line])
        for column, title in {(c.column, c.title) for why, c, _ in lost if why == "column"}:
            if is_growth_head(title) and growth_agrees(look, self.columns, column, lines):
                self._explain("growth", title, [c for _, c, _ in lost if c.column == column])

    def _explain(self, why: str, text: str, cells: Sequence[Cell]) -> None:
        """Lost cells that were understood after all."""
        places = {(cell.line, cell.column) for cell in cells}
        self.reader.lost = [
            entry for entry in self.reader.lost if (entry[1].line, entry[1].column) not in places
        ]
        self.reader.used |= places
        if why == "growth":
            self.reader.asides.append(Aside(why, text, column=text))
            return
        for rows in self.unknown.values():
            rows.pop(text, None)
        self.reader.asides.append(Aside(why, text, cells[0].line))

    def _lines(self) -> Iterator[list[Cell]]:
        """The cells of each line with what their titles say; lines of labels alone set what holds
        for the lines below them.
        """
        below = Meaning()
        for at, line in enumerate(self.block.body):
            if not self._filled(line):
                below = self._set_by(line).over(below)
                continue
            yield list(self._cells(at, line, below))

    def _filled(self, line: Line) -> list[int]:
        _, cells = line
        return [c for c in self.columns if cells[c].strip()]

    def _set_by(self, line: Line) -> Meaning:
        """What a line of labels alone says of those below it: a year, a kind, a product."""
        texts = [cell for cell in line[1] if cell.strip()]
        if any(self.reader.names.row(text) for text in texts):
            return Meaning()
        titles = of_titles([line], self.reader.names)
        product = titles.product if self.axes.across != "product" else None
        return replace(titles, product=product, unit=titles.unit)

    def _cells(self, at: int, line: Line, below: Meaning) -> Iterator[Cell]:
        number, cells = line
        aside = self._asides(cells)
        for column in self._filled(line):
            head = self.columns[column]
            label = self.labels.of(at, column)
            meaning = head.over(aside).over(below)
            if self.axes.across != "row" and label.code:
                meaning = replace(meaning, row=label.code)
            row_title = label.text if self.axes.across != "row" else head.title
            if self.axes.across == "row" and label.text and not meaning.product:
                row_title = label.text
            unit, meaning = meaning.unit, meaning.over(self.titles)
            unit = unit or dict(meaning.units).get(meaning.kind or "", "")
            meaning = replace(meaning, unit=unit or meaning.unit)
            if column in self.yearless:
                meaning = replace(meaning, product=None)
            yield Cell(number, column, head.title, meaning, row_title, unit)

    def _asides(self, cells: Sequence[str]) -> Meaning:
        """What labels other than rows say: product, year, kind, unit, place."""
        texts = {column: cells[column].strip() for column in self.sheet.labels}
        meaning = Meaning()
        for column in self.axes.product_labels:
            code = self.reader.names.product(texts[column])
            meaning = meaning.over(Meaning(product=code, unit=unit_of(texts[column]) or ""))
        for column in self.axes.other_labels:
            text = texts[column]
            if column in self.sheet.indices or not text:
                continue
            meaning = meaning.over(
                Meaning(
                    year=only_year(text),
                    kind=kind_of(text),
                    unit=unit_of(text) or "",
                    place=text if self._is_place(column) else "",
                )
            )
        return meaning

    def _is_place(self, column: int) -> bool:
        heads = ("".join(half_width(cells[column]).split()) for _, cells in self.block.header)
        return any(pattern("place_word").match(head) for head in heads)

    def _across_in_context(self) -> None:
        columns = sorted(self.columns)
        codes = in_context(self.columns[column].row for column in columns)
        for column, code in zip(columns, codes, strict=True):
            self.columns[column] = replace(self.columns[column], row=code)

    def _key(self, meaning: Meaning) -> TableKey:
        kind = meaning.kind or ""
        return meaning.place, meaning.year, kind, 0

    def _own_key(self, key: TableKey, cells: list[Cell]) -> TableKey:
        """The key of this block's table: another one where an earlier block has its cells."""
        mine = {
            (cell.meaning.row, cell.meaning.product)
            for cell in cells
            if self._key(cell.meaning) == key and cell.meaning.row and cell.meaning.product
        }
        number = 0
        while (table := self.reader.tables.get((*key[:3], number))) is not None:
            if not mine & table.cells.keys():
                break
            number += 1
        return (*key[:3], number)

    def _take(self, cell: Cell) -> None:
        """Read a cell, or name why it is lost."""
        figure = self.sheet.figure(cell.line, cell.column)
        text = self.sheet.texts[cell.line][cell.column].strip()
        meaning = cell.meaning
        if meaning.row is None or meaning.product is None:
            if figure.kind in ("number", "mark"):
                self._lose(cell)
            return
        table = self._table(cell)
        at = (meaning.row, meaning.product)
        if figure.kind == "empty":
            return
        figure = in_unit(figure, meaning.unit)
        if figure.kind != "number":
            table.unread.append((cell.line, cell.title, text))
            table.hidden.add(at)
            self.reader.lost.append(("unread", cell, text))
            return
        if at in table.cells:
            table.hidden.add(at)
            self.reader.lost.append(("twice", cell, text))
            return
        if figure.cut:
            self.reader.marks.append((cell.line, cell.title, text, figure.cut))
        self.reader.used.add((cell.line, cell.column))
        table.cells[at] = Printed(figure.value, figure.decimals, cell.line, cell.title)

    def _table(self, cell: Cell) -> Balance:
        """The table a cell belongs to, with its row and column entered."""
        meaning = cell.meaning
        key = self.keys[self._key(meaning)]
        table = self.reader.tables.setdefault(key, Balance(year=key[1], place=key[0], kind=key[2]))
        table.transposed = self.axes.across == "row"
        table.unit = table.unit or self._unit(meaning)
        row, product = str(meaning.row), str(meaning.product)
        product_title = cell.title if self.axes.across == "product" else ""
        table.rows.setdefault(row, cell.row_title or row)
        if cell.unit:
            table.units.setdefault(product, cell.unit)
        table.columns.setdefault(product, product_title or self._product_title(cell))
        return table

    def _unit(self, meaning: Meaning) -> str:
        """The unit of a table: that of its title unless that is one of coal equivalent and the
        table one of physical quantities.
        """
        title = self.titles.unit
        if meaning.kind == "physical" and pattern("standard_unit").search(title):
            return meaning.unit if meaning.unit != title else ""
        return title or meaning.unit

    def _product_title(self, cell: Cell) -> str:
        cells = self.filled[cell.line]
        texts = [cells[column].strip() for column in self.axes.product_labels]
        chinese = [text for text in texts if is_chinese(text)]
        code = str(cell.meaning.product)
        return next(filter(None, [*chinese, *texts]), self.reader.names.titles.get(code, code))

    def _lose(self, cell: Cell) -> None:
        """A figure whose row or product is not understood."""
        meaning = cell.meaning
        why, text = self._why(cell)
        self.reader.lost.append((why, cell, text or letter(cell.column)))
        if meaning.row is None and meaning.product is not None:
            label = cell.title if self.axes.across == "row" else self._line_label(cell)
            key = self.keys[self._key(meaning)]
            self.unknown.setdefault(key, {}).setdefault(label, []).append(cell)
        if meaning.row is not None and not self.axes.across:
            self.orphans.setdefault(self.keys[self._key(meaning)], set()).add(meaning.row)

    def _why(self, cell: Cell) -> tuple[str, str]:
        """Whether the row or the column of a lost figure is not understood, and its title."""
        meaning, across = cell.meaning, self.axes.across
        if cell.column in self.yearless:
            return "column", cell.title
        if not across:
            labels = self.axes.product_labels if meaning.row else self.axes.row_labels
            texts = [self.filled[cell.line][column].strip() for column in labels]
            return "row", next(filter(None, texts), "") or self._line_label(cell)
        lost_across = meaning.row if across == "row" else meaning.product
        if lost_across is None:
            return "column", cell.title
        return "row", self._line_label(cell)

    def _line_label(self, cell: Cell) -> str:
        cells = self.filled[cell.line]
        labels = (*self.axes.row_labels, *self.axes.product_labels, *self.sheet.labels)
        texts = [cells[column].strip() for column in labels]
        return next(filter(None, texts), "")

    def _unknown_rows(self) -> None:
        """Rows that are not understood, with those before and after them, for their tables."""
        for key, orphans in self.orphans.items():
            if key in self.reader.tables:
                self.reader.tables[key].orphans |= orphans
        for key, rows in self.unknown.items():
            table = self.reader.tables.setdefault(
                key, Balance(year=key[1], place=key[0], kind=key[2])
            )
            for label, cells in rows.items():
                before, after = self._beside(cells[0])
                table.passed_over.append(label)
                table.unknown.append(
                    Unknown(
                        label,
                        before,
                        after,
                        is_part(label),
                        bool(pattern("top_numbering").match(half_width(label))),
                        frozenset(str(cell.meaning.product) for cell in cells),
                    )
                )

    def _beside(self, cell: Cell) -> tuple[str, str]:
        """The codes of the known rows before and after a cell."""
        if self.axes.across == "row":
            order = sorted(self.columns)
            codes = [self.columns[column].row for column in order]
            at = order.index(cell.column)
        else:
            codes = [self.labels.of(n, cell.column).code for n in range(len(self.block.body))]
            at = next(n for n, (line, _) in enumerate(self.block.body) if line == cell.line)
        before = next((code for code in reversed(codes[:at]) if code), "")
        return before, next((code for code in codes[at + 1 :] if code), "")


def letter(column: int) -> str:
    """The letter of a column, from 0, as a spreadsheet shows it.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
