"""A printed sheet: cells as text, where its figures stand, and how it becomes a file."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

Place = tuple[int, int]
PLAIN = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Figure:
    """A printed figure: its year (or "" where the title has it), row, product and value.

    A row or product that begins with "?" may be called anything inside.
    """

    year: str
    row: str
    product: str
    value: float
    kind: str = ""


@dataclass
class Sheet:
    """Lines of cells; figures, names of rows and heads by place (counted from 0).

    ``must_tell``: something of it cannot be read by anybody. ``named``: places that were planted.
    ``aside``: lines whose figures may be read as a total or left out.
    """

    layout: str
    grid: list[list[str]]
    figures: dict[Place, Figure] = field(default_factory=dict)
    names: list[Place] = field(default_factory=list)
    heads: list[Place] = field(default_factory=list)
    unit: str = ""
    must_tell: bool = False
    planted: str = ""
    hidden: set[int] = field(default_factory=set)
    formulas: set[Place] = field(default_factory=set)
    units: dict[str, tuple[str, float]] = field(default_factory=dict)
    aside: set[int] = field(default_factory=set)
    aside_columns: set[int] = field(default_factory=set)

    def text(self, at: Place) -> str:
        return self.grid[at[0]][at[1]]

    def put(self, at: Place, words: str) -> None:
        self.grid[at[0]][at[1]] = words
        self.planted = f"{at} {words}"

    def width(self) -> int:
        return max(map(len, self.grid))

    def squared(self) -> None:
        """Every line as wide as the widest."""
        wide = self.width()
        for line in self.grid:
            line.extend([""] * (wide - len(line)))

    def _moved(self, move: Callable[[Place], Place]) -> None:
        self.figures = {move(at): figure for at, figure in self.figures.items()}
        self.names = [move(at) for at in self.names]
        self.heads = [move(at) for at in self.heads]
        self.formulas = {move(at) for at in self.formulas}

    def line_in(self, at: int, cells: Iterable[str]) -> None:
        """A line put in before line ``at``."""
        line = list(cells)
        self.grid.insert(at, line + [""] * (self.width() - len(line)))
        self._moved(lambda place: (place[0] + (place[0] >= at), place[1]))
        self.hidden = {line + (line >= at) for line in self.hidden}
        self.planted = f"line {at} {line}"

    def column_in(self, at: int, cells: Iterable[str]) -> None:
        """A column put in before column ``at``."""
        column = list(cells)
        for number, line in enumerate(self.grid):
            line.insert(at, column[number] if number < len(column) else "")
        self._moved(lambda place: (place[0], place[1] + (place[1] >= at)))
        self.planted = f"column {at} {[c for c in column if c][:3]}"

    def head_line(self) -> int:
        """The last line of the heads."""
        return max(line for line, _ in self.heads)

    def last_line(self) -> int:
        return max(line for line, _ in self.figures)

    def columns(self) -> list[int]:
        return sorted({column for _, column in self.figures})

    def lines(self) -> list[int]:
        return sorted({line for line, _ in self.figures})


def as_printed(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


def write(sheet: Sheet, folder: Path, chance: random.Random) -> Path:
    """The sheet as .xlsx where it needs one, else as .xlsx or .csv."""
    needs_book = sheet.hidden or sheet.formulas
    if needs_book or chance.random() < 0.5:
        return write_book(sheet, folder / "表.xlsx")
    path = folder / "表.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(sheet.grid)
    return path


def write_book(sheet: Sheet, path: Path) -> Path:
    """Plain figures become numbers that show their decimals; all else stays text."""
    book = openpyxl.Workbook()
    page = book.active
    for line, cells in enumerate(sheet.grid, 1):
        for column, words in enumerate(cells, 1):
            if words == "":
                continue
            cell = page.cell(line, column)
            if (line - 1, column - 1) in sheet.formulas:
                cell.value = words
            elif PLAIN.fullmatch(words):
                decimals = len(words.partition(".")[2])
                cell.value = float(words) if decimals else int(words)
                cell.number_format = f"0.{'0' * decimals}" if decimals else "0"
            else:
                cell.value = words
                cell.data_type = "s"
    for line in sheet.hidden:
        page.row_dimensions[line + 1].hidden = True
    book.save(path)
    return path
