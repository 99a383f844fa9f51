"""Blocks of a foreign table: lines of titles, header lines, body lines, and the columns of labels.

A sheet may hold several blocks, one below the other (续表), and labels may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hengtan.accounts.energy.foreign_names import (
    Names,
    half_width,
    kind_of,
    only_year,
    pattern,
    unit_of,
    year_of_head,
    years_in,
)
from hengtan.basis.figures import Figure, read_figure

Line = tuple[int, Sequence[str]]
"""A line of a table: its number in the file and its cells."""
LONG_TITLE = 7
"""Signs from which a cell that stands alone is a title of the table, not of a column."""


@dataclass
class Block:
    """Lines that share a header; ``body`` holds lines of labels alone too."""

    titles: list[Line] = field(default_factory=list)
    header: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)


@dataclass
class Lines:
    """A sheet, line by line: what each cell holds, and which columns hold labels."""

    grid: Sequence[Line]
    names: Names
    figures: dict[tuple[int, int], Figure] = field(default_factory=dict)
    labels: list[int] = field(default_factory=list)
    years: set[int] = field(default_factory=set)
    indices: set[int] = field(default_factory=set)
    texts: dict[int, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Sequence[Line], names: Names) -> Lines:
        """Lines of equal width, with what their cells hold."""
        width = max((len(cells) for _, cells in lines), default=0)
        grid = [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in lines]
        sheet = cls(grid, names, texts=dict(grid))
        for number, cells in grid:
            for column, cell in enumerate(cells):
                if cell.strip():
                    figure = read_figure(cell)
                    is_unit = figure.kind == "mark" and unit_of(cell) is not None
                    sheet.figures[number, column] = Figure("word") if is_unit else figure
        sheet._find_labels(width)
        return sheet

    def figure(self, number: int, column: int) -> Figure:
        """What a cell holds."""
        return self.figures.get((number, column), Figure("empty"))

    def numbers(self, line: Line) -> list[int]:
        """Columns in which a line has figures, those with marks too, beside its labels."""
        number, cells = line
        return [
            column
            for column in range(len(cells))
            if column not in self.labels and self.figure(number, column).kind in ("number", "mark")
        ]

    def words(self, line: Line) -> list[int]:
        """Columns in which a line has words beside its labels."""
        number, cells = line
        return [
            column
            for column in range(len(cells))
            if column not in self.labels and self.figure(number, column).kind == "word"
        ]

    def is_known(self, cell: str) -> bool:
        """Whether a cell names a row or a product."""
        return bool(self.names.row(cell) or self.names.product(cell))

    def is_years(self, line: Line) -> bool:
        """Whether the figures of a line are the years of a header."""
        _, cells = line
        columns = self.numbers(line)
        if not columns or any(year_of_head(cells[column]) is None for column in columns):
            return False
        names = (column for column in self.labels if column not in self.indices)
        labels = [cells[column] for column in names if cells[column].strip()]
        if any(only_year(cell) for cell in labels):
            return False
        return all(
            pattern("head_word").match("".join(half_width(cell).split())) for cell in labels
        ) and len({cells[column] for column in columns}) >= min(2, len(columns))

    def counts_columns(self, line: Line) -> bool:
        """Whether a line under the heads numbers the columns: 甲, 1, 2, 3."""
        number, cells = line
        columns = self.numbers(line)
        values = [self.figure(number, column).value for column in columns]
        first = values[0] if values else 0.0
        labels = [cells[column] for column in self.labels if cells[column].strip()]
        return (
            len(values) > 1
            and values == [first + n for n in range(len(values))]
            and (first in (1, 2) or bool(labels))
            and all(pattern("letter").fullmatch(label.strip()) for label in labels)
        )

    def _find_labels(self, width: int) -> None:
        """Columns of labels: more words than figures where lines have figures; years and numbers
        of lines under a title that says so."""
        self.labels = [c for c in range(width) if self._is_headed(c, "index_word")]
        self.indices = {c for c in self.labels if self._is_counted(c)}
        self.labels = sorted(self.indices)
        self.years = {c for c in range(width) if self._is_year_column(c)}
        self.labels = sorted(self.indices | self.years)
        with_figures = [line for line in self.grid if self.numbers(line) and not self._heads(line)]
        for column in set(range(width)) - self.indices - self.years:
            kinds = [self.figure(number, column).kind for number, _ in with_figures]
            figures = kinds.count("number") + kinds.count("mark")
            words = kinds.count("word")
            known = sum(self.is_known(cells[column]) for _, cells in with_figures)
            if words and (words > figures and (known or figures == 0)):
                self.labels.append(column)
        self.labels.sort()
        for (number, column), figure in self.figures.items():
            is_name = column in self.labels and any(map(str.isalpha, self.texts[number][column]))
            if figure.kind == "mark" and is_name:
                self.figures[number, column] = Figure("word")

    def _heads(self, line: Line) -> bool:
        """Whether all figures of a line are years, so that it may be a header."""
        _, cells = line
        return all(year_of_head(cells[column]) is not None for column in self.numbers(line))

    def _is_headed(self, column: int, words: str) -> bool:
        cells = ("".join(half_width(cells[column]).split()) for _, cells in self.grid)
        return any(pattern(words).match(cell.lower()) for cell in cells if cell)

    def _is_counted(self, column: int) -> bool:
        """Whether a column counts lines: whole figures only, no years."""
        figures = [self.figure(number, column) for number, _ in self.grid]
        values = [figure.value for figure in figures if figure.kind == "number"]
        return bool(values) and all(value == int(value) and value < 10_000 for value in values)

    def _is_year_column(self, column: int) -> bool:
        """Whether a column holds the years of its lines: under 年份, or first of the table."""
        cells = [cells[column] for _, cells in self.grid if cells[column].strip()]
        figures = [cell for cell in cells if only_year(cell) is not None]
        others = (cell for cell in cells if only_year(cell) is None)
        if not figures or any(read_figure(cell).kind in ("number", "mark") for cell in others):
            return False
        if self._is_headed(column, "year_word"):
            return True
        if any(map(self.is_known, cells)):  # a year over the names of rows is that of the table
            return False
        beside = any(
            self.figure(number, other).kind == "word" and self.is_known(cells[other])
            for number, cells in self.grid
            for other in range(column)
        )
        return column == 0 and not beside and len(figures) == len(set(figures))


def read_blocks(sheet: Lines) -> list[Block]:
    """The blocks of a sheet."""
    blocks = [Block()]
    waiting: list[Line] = []
    for line in sheet.grid:
        kind = _kind(sheet, line, blocks[-1])
        if kind == "label":
            (waiting if blocks[-1].body else blocks[-1].titles).append(line)
            continue
        if kind == "head" and blocks[-1].body:
            blocks.append(Block(titles=waiting))
            waiting = []
        blocks[-1].body += waiting
        waiting = []
        (blocks[-1].header if kind == "head" else blocks[-1].body).append(line)
    blocks[-1].body += waiting
    for block in blocks:
        _move_heads(sheet, block)
    return blocks


def _move_heads(sheet: Lines, block: Block) -> None:
    """Lines of labels between header lines belong to the header; what stands above it, to the
    titles; a line that numbers the columns says nothing.
    """
    asides = [line for line in block.header if _is_aside(sheet, line)]
    block.titles += asides
    apart = [*asides, *filter(sheet.counts_columns, block.header)]
    block.header = [line for line in block.header if line not in apart]


def _is_aside(sheet: Lines, line: Line) -> bool:
    """Whether a line of words is about the table: a title, 单位：…, 续表."""
    _, cells = line
    filled = [cell for cell in cells if cell.strip()]
    if any(sheet.is_known(cell) for cell in filled):
        return False
    if any(pattern("aside").search(half_width(cell)) for cell in filled):
        return True
    return len(filled) == 1 and len(filled[0].strip()) >= LONG_TITLE


def _kind(sheet: Lines, line: Line, block: Block) -> str:
    """``head``, ``data`` or ``label`` (no figures and no words beside the labels)."""
    _, cells = line
    if sheet.is_years(line) or sheet.counts_columns(line):
        return "head"
    words = sheet.words(line)
    labelled = any(sheet.is_known(cells[column]) for column in sheet.labels)
    if sheet.numbers(line):
        return "data" if labelled or not _names_columns(sheet, line) else "head"
    filled = [column for column, cell in enumerate(cells) if cell.strip()]
    if len(filled) == 1 and len(cells[filled[0]].strip()) >= LONG_TITLE:
        return "head" if words and sheet.is_known(cells[filled[0]]) else "label"
    if not words:
        blank = labelled and len(filled) > sum(column in sheet.labels for column in filled)
        return "data" if blank else "label"
    is_row = labelled and block.body and not _names_columns(sheet, line)
    return "data" if is_row else "head"


def _names_columns(sheet: Lines, line: Line) -> bool:
    """Whether the words of a line beside its labels name rows, products, units, kinds or years."""
    _, cells = line
    words = [cells[column] for column in sheet.words(line)]
    return any(
        sheet.is_known(word) or unit_of(word) or kind_of(word) or any(years_in(word))
        for word in words
    )
