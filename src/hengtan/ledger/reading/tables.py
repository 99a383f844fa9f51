"""Reads a foreign table whose header must be recognised: every line as text, with its number in the
file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from hengtan.ledger.reading.findings import Hidden
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.workbook import read_grids

Line = tuple[int, list[str]]


def read_lines(
    path: Path | str, hidden: Hidden | None = None
) -> list[tuple[str | None, list[Line]]]:
    """The sheets with content, each with its lines (number in the file, cells as text).

    Hidden sheets are left out, hidden lines and columns are read; ``hidden`` takes what they are.
    Raises UnreadableFile.
    """
    grids = [grid for grid in read_grids(Path(path)) if grid.height]
    if hidden is not None:
        for grid in grids:
            hidden.add(grid)
    return [(grid.name, _lines(grid)) for grid in grids if not grid.hidden]


def read_table(
    path: Path | str,
    is_header: Callable[[Sequence[str]], bool],
    *,
    sheet: str | None = None,
    searched: int = 30,
) -> tuple[str | None, list[Line]]:
    """The first sheet in which a line is a header: its name and the lines from the header on; no
    lines where none is found.

    Blank and repeated titles get a number, so that every column has a title of its own.
    """
    name = None
    for name, lines in read_lines(path):
        if sheet is not None and name != sheet:
            continue
        table = header_line(lines, is_header, searched)
        if table is not None:
            return name, table
    return name, []


def header_line(
    lines: list[Line], is_header: Callable[[Sequence[str]], bool], searched: int = 30
) -> list[Line] | None:
    """The lines from the first that is a header on, every column with a title of its own; None
    where none is one.
    """
    for at, (number, cells) in enumerate(lines[:searched]):
        if is_header(cells):
            return [(number, _told_apart(cells)), *lines[at + 1 :]]
    return None


def _told_apart(titles: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for column, title in enumerate(titles, 1):
        text = title.strip() or f"第{column}列"
        seen[text] = seen.get(text, 0) + 1
        distinct.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return distinct


def _lines(grid: Grid) -> list[Line]:
    columns = [
        ["" if cell is None else cell for cell in column.to_pylist()] for column in grid.columns
    ]
    rows = zip(*columns, strict=True)
    return [(number, list(row)) for number, row in enumerate(rows, grid.first_line) if any(row)]
