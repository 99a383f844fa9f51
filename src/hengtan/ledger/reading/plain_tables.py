"""Sheets as plain tables of text: a header line and rows below it, without a form."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from hengtan.basis.errors import Where
from hengtan.ledger.reading.findings import refusal
from hengtan.ledger.reading.grid import Grid
from hengtan.ledger.reading.rows import encode
from hengtan.ledger.reading.workbook import read_grids

SEARCHED_ROWS = 20
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
    return [row for _, row in _plain_rows(grid, path)]


def read_sheets(
    path: Path | str, header: Collection[str] = (), *, titled: bool = False
) -> dict[str, list[TextRow]]:
    """Every visible sheet of a workbook as a plain table: by name, its rows. Raises UnreadableFile.

    The header is the first line that holds one of the titles ``header`` (titles above it are passed
    over), else the first line with content. ``titled``: a column with content under a blank title
    (a merged header) is refused, else left out.
    """
    path = Path(path)
    return {
        str(grid.name or "").strip(): _plain_rows(grid, path, header, titled)
        for grid in read_grids(path)
        if not grid.hidden and grid.height
    }


def _plain_rows(
    grid: Grid, path: Path, header: Collection[str] = (), titled: bool = False
) -> list[TextRow]:
    lines = _from_header(_filled_lines(grid), header)
    if not lines:
        return []
    titles = [title.strip() for title in lines[0][1]]
    twice = {title for title in titles if title and titles.count(title) > 1}
    if twice:
        names, names_en = "、".join(sorted(twice)), ", ".join(sorted(twice))
        raise refusal("header-twice", names, names_en, where=Where(path.name, grid.name))
    if titled:
        _refuse_untitled(titles, lines[1:], path, grid)
    return [
        (line, {title: text for title, text in zip(titles, texts, strict=True) if title})
        for line, texts in lines[1:]
    ]


def _filled_lines(grid: Grid) -> list[tuple[int, list[str]]]:
    """The lines with content: number in the file and texts, trimmed."""
    columns = [encode(column) for column in grid.columns]
    texts = [[cells.texts[n] if n >= 0 else "" for n in cells.codes.tolist()] for cells in columns]
    lines = zip(*texts, strict=True)
    return [(number, list(row)) for number, row in enumerate(lines, grid.first_line) if any(row)]


def _from_header(
    lines: list[tuple[int, list[str]]], header: Collection[str]
) -> list[tuple[int, list[str]]]:
    """The lines from the one that holds a title of the header, all of them where none does."""
    for at, (_, texts) in enumerate(lines[:SEARCHED_ROWS]):
        if any(text.strip() in header for text in texts):
            return lines[at:]
    return lines


def _refuse_untitled(
    titles: list[str], lines: list[tuple[int, list[str]]], path: Path, grid: Grid
) -> None:
    for line, texts in lines:
        for column, text in enumerate(texts):
            if text.strip() and not titles[column]:
                where = Where(path.name, grid.name, row=line)
                raise refusal("untitled-column", column + 1, where=where)
