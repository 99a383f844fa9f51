"""The sheets of a file with what was found in them, so that a page can show both side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hengtan.basis.errors import Finding, UnreadableFile
from hengtan.desk.workings.working import TABLES
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.workbook import read_grids

MOST_LINES, MOST_COLUMNS, LONGEST = 120, 40, 120
"""Lines of a sheet that are shown, columns of a line, letters of a cell."""
HEAD = 20
"""Lines among which the header is looked for."""


def beside(path: Path, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The sheets of a table that something was found in: ``lines`` with their numbers in the file,
    ``marks``: by number of line, the columns (from 0) of which something is said and how bad it is.

    A long sheet is shown by its head and the lines with findings. Nothing of what is no table.
    """
    if path.suffix.lower() not in TABLES:
        return []
    own = [f for f in findings if f.where.file in (None, path.name) and f.where.row]
    if not own:
        return []
    try:
        grids = [grid for grid in read_grids(path) if not grid.hidden and grid.height]
    except UnreadableFile:
        return []
    first = grids[0].name if grids else None
    shown = []
    for grid in grids:
        of_grid = [f for f in own if (f.where.sheet or first) == grid.name]
        if of_grid:
            shown.append(_sheet(grid, of_grid))
    return shown


def _sheet(grid: Grid, findings: Sequence[Finding]) -> dict[str, Any]:
    lines = list(enumerate(grid.head(grid.height), start=grid.first_line))
    rows = {finding.where.row for finding in findings}
    if len(lines) > MOST_LINES:
        head = lines[:3]
        lines = [*head, *(line for line in lines[3:] if line[0] in rows)][:MOST_LINES]
    titles = grid.head(min(grid.height, HEAD))
    marks: dict[str, dict[str, str]] = {}
    for finding in sorted(findings, key=lambda f: f.level, reverse=True):
        row = marks.setdefault(str(finding.where.row), {})
        column = _column(titles, finding.where.column)
        if column is not None:
            row[str(column)] = finding.level
    return {
        "sheet": grid.name or "",
        "lines": [
            [number, *(text[:LONGEST] for text in cells[:MOST_COLUMNS])] for number, cells in lines
        ],
        "marks": marks,
        "more": max(grid.height - len(lines), 0),
    }


def _cells(texts: Sequence[str]) -> list[str]:
    return [text[:LONGEST] for text in texts[:MOST_COLUMNS]]


def _column(lines: Sequence[Sequence[str]], title: str | None) -> int | None:
    """Where a title stands."""
    for cells in lines if title else ():
        for column, text in enumerate(cells):
            if text.strip() == title:
                return column
    return None
