"""Sheets as plain tables of text: a header line and rows below it, without a form."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from hengtan.basis.errors import Finding, UnreadableFile, Where
from hengtan.ledger.reading.findings import problem, refusal
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.rows import encode
from hengtan.ledger.reading.workbook import read_grids

SEARCHED_ROWS = 20
Line = tuple[int, list[str]]
"""A line as texts, with its number in the file."""
TextRow = tuple[int, dict[str, str]]
"""A row as text by title, with its line in the file."""


def read_rows(path: Path | str) -> list[dict[str, str]]:
    """The rows of a plain table as text: first sheet with content, first line with content as
    header.

    Raises UnreadableFile.

    >>> read_rows("places.csv")  # doctest: +SKIP
    [{'place': '500156', 'name_zh': '武隆区'}]
    """
    path = Path(path)
    grid = next((g for g in read_grids(path) if not g.hidden and g.height), None)
    if grid is None:
        raise refusal("nothing-in-file", where=Where(path.name))
    sheet = _plain_sheet(grid)
    _refuse([*_titles_twice(sheet, path)])
    return [row for _, row in sheet.as_rows()]


@dataclass(frozen=True)
class PlainSheet:
    """A visible sheet: the lines above its header, its titles ("" for none), and its rows as wide
    as the header, each with its line in the file.

    ``hidden_rows``: the lines, and ``hidden_columns`` the columns from 0, that are not shown.
    """

    name: str | None
    above: list[Line]
    titles: list[str]
    rows: list[Line]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    def as_rows(self) -> list[TextRow]:
        """The rows by title; columns without one are left out."""
        return [
            (line, {title: text for title, text in zip(self.titles, texts, strict=True) if title})
            for line, texts in self.rows
        ]


def read_sheets(
    path: Path | str, header: Collection[str] = (), *, titled: bool = False
) -> dict[str, list[TextRow]]:
    """Every visible sheet of a workbook as a plain table: by name, its rows. Raises UnreadableFile.

    The header is the first line that holds one of the titles ``header`` (titles above it are passed
    over), else the first line with content. ``titled``: a column with content under a blank title
    (a merged header) is refused, else left out.
    """
    sheets = plain_sheets(path, header, titled=titled)
    return {str(sheet.name or "").strip(): sheet.as_rows() for sheet in sheets}


def plain_sheets(
    path: Path | str, header: Collection[str] = (), *, titled: bool = False
) -> list[PlainSheet]:
    """The visible sheets with all that stands on them, as ``read_sheets`` reads them. Raises
    UnreadableFile with the faults of all sheets.
    """
    path = Path(path)
    grids = [grid for grid in read_grids(path) if not grid.hidden and grid.height]
    sheets = [_plain_sheet(grid, header) for grid in grids]
    faults: list[Finding] = []
    for sheet in sheets:
        faults += _titles_twice(sheet, path)
        faults += _untitled(sheet, path) if titled else ()
    _refuse(faults)
    return sheets


def _refuse(faults: list[Finding]) -> None:
    if faults:
        raise UnreadableFile.of(faults)


def _plain_sheet(grid: Grid, header: Collection[str] = ()) -> PlainSheet:
    lines = _filled_lines(grid)
    at = _header_line(lines, header)
    if not lines:
        return PlainSheet(grid.name, [], [], [])
    titles = [title.strip() for title in lines[at][1]]
    hidden = frozenset(row + grid.first_line for row in grid.hidden_rows)
    columns = frozenset(grid.hidden_columns)
    return PlainSheet(grid.name, lines[:at], titles, lines[at + 1 :], hidden, columns)


def _titles_twice(sheet: PlainSheet, path: Path) -> Iterator[Finding]:
    """The titles that a header holds more than once."""
    twice = {title for title in sheet.titles if title and sheet.titles.count(title) > 1}
    if twice:
        names, names_en = "、".join(sorted(twice)), ", ".join(sorted(twice))
        yield problem("header-twice", names, names_en).finding(Where(path.name, sheet.name))


def _filled_lines(grid: Grid) -> list[Line]:
    """The lines with content: number in the file and texts, trimmed."""
    columns = [encode(column) for column in grid.columns]
    texts = [[cells.texts[n] if n >= 0 else "" for n in cells.codes.tolist()] for cells in columns]
    lines = zip(*texts, strict=True)
    return [(number, list(row)) for number, row in enumerate(lines, grid.first_line) if any(row)]


def _header_line(lines: list[Line], header: Collection[str]) -> int:
    """Which line holds a title of the header, the first where none does."""
    for at, (_, texts) in enumerate(lines[:SEARCHED_ROWS]):
        if any(text.strip() in header for text in texts):
            return at
    return 0


def _untitled(sheet: PlainSheet, path: Path) -> Iterator[Finding]:
    """Each column without a title, at its first line with content."""
    for column, title in enumerate(sheet.titles):
        filled = (line for line, texts in sheet.rows if texts[column].strip())
        line = None if title else next(filled, None)
        if line is not None:
            where = Where(path.name, sheet.name, row=line)
            yield problem("untitled-column", column + 1).finding(where)
