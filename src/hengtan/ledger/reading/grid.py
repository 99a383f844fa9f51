"""A sheet as text: one Arrow string column per column of the file, with what the merges, hidden
sheets and cell formats say.

Row numbers are those a spreadsheet shows: the first line is 1, and a CSV record counts as one row
however many lines it spans.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hengtan.basis.errors import Where
from hengtan.ledger.reading.findings import refusal

MAX_ROWS = 5_000_000
MAX_COLUMNS = 1_000
MAX_CELLS = 100_000_000
MAX_SHEET_CELLS = 20_000_000
MAX_CELL_LENGTH = 32_767


@dataclass(frozen=True)
class Blank:
    """How many values of a sheet are blank, and where the first of them stand (line, title)."""

    count: int
    first: tuple[tuple[int, str], ...]


@dataclass
class Grid:
    """A sheet of text.

    ``merges`` are (first row, first column, last row, last column), from 0, both ends included;
    ``hidden_rows`` and ``hidden_columns`` are from 0 too.
    """

    name: str | None
    columns: list[Any]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    first_line: int = 1
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    lines: Any = None
    """The line of the file of each row, where rows do not follow each other as lines do."""
    passed_over: tuple[str, ...] = ()
    """Titles of the columns of a wide sheet that hold something and became no row."""
    blank: Blank | None = None
    """Values that a wide sheet leaves blank."""

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def head(self, count: int) -> list[list[str]]:
        """The first rows as lists of text, for finding the header."""
        parts = [column.slice(0, count).to_pylist() for column in self.columns]
        return [list(row) for row in zip(*parts, strict=True)]

    def packed(self) -> dict[str, Any]:
        """The same in what JSON holds and blocks of bytes: of a column where each text ends, and
        the texts one after the other.
        """
        columns = [[block or b"" for block in column.buffers()[1:]] for column in self.columns]
        return {
            "name": self.name,
            "rows": self.height,
            "columns": columns,
            "merges": self.merges,
            "hidden": self.hidden,
            "first_line": self.first_line,
            "hidden_rows": sorted(self.hidden_rows),
            "hidden_columns": sorted(self.hidden_columns),
        }

    @classmethod
    def unpacked(cls, said: dict[str, Any]) -> Grid:
        """A grid from what ``packed`` gives, nothing of it trusted.

        Raises ValueError, TypeError and the like for what is no grid.
        """
        import pyarrow as pa

        rows = int(said["rows"])
        if not 0 <= rows <= MAX_ROWS:
            raise ValueError(rows)
        columns = []
        for ends, texts in said["columns"]:
            if rows and memoryview(ends).nbytes < 4 * (rows + 1):
                raise ValueError(rows)
            blocks = [pa.py_buffer(block) for block in (ends, texts)]
            column = pa.StringArray.from_buffers(rows, *blocks) if rows else pa.array([], "string")
            column.validate(full=True)
            columns.append(column)
        merges = [(int(a), int(b), int(c), int(d)) for a, b, c, d in said["merges"]]
        name = None if said["name"] is None else str(said["name"])
        return cls(
            name,
            columns,
            merges,
            said["hidden"] is True,
            int(said["first_line"]),
            {int(row) for row in said["hidden_rows"]},
            {int(column) for column in said["hidden_columns"]},
        )


def from_rows(name: str | None, rows: list[list[str]], file: str) -> Grid:
    """A grid of rows of unequal length. Raises UnreadableFile beyond the limits."""
    import pyarrow as pa

    width = max(map(len, rows), default=0)
    check_size(len(rows), width, file, name)
    padded = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    columns = zip(*padded, strict=True) if width else ()
    grid = Grid(name, [pa.array(column, pa.string()) for column in columns])
    check_cells(grid, file)
    return grid


def check_size(
    rows: int, columns: int, file: str, sheet: str | None = None, limit: int = MAX_CELLS
) -> None:
    """Raise UnreadableFile for more rows, columns or cells than we read."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > limit:
        limits = (MAX_ROWS, MAX_COLUMNS, limit)
        raise refusal("table-too-large", rows, columns, *limits, where=Where(file, sheet))


def check_cells(grid: Grid, file: str) -> None:
    """Raise UnreadableFile for a cell longer than a spreadsheet can hold."""
    import pyarrow.compute as pc

    for column in grid.columns:
        lengths = pc.binary_length(column)
        longest = pc.max(lengths).as_py()
        if longest is not None and longest > 4 * MAX_CELL_LENGTH:
            row = pc.index(lengths, longest).as_py() + grid.first_line
            raise refusal("cell-too-long", longest, where=Where(file, grid.name, row))
