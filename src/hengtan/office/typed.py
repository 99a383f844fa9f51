"""What stands in a grid: lines over the table, then rows of text as a person typed them.

Nothing here knows what a text means; the rows are read like those of a file (``desk/entry.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from hengtan.basis.errors import HengtanError, Where

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 2_000, 200, 4_000_000
"""Rows and columns a grid may have, and characters that may stand in it; more is a file."""
LONGEST_TEXT = 32_767
"""Characters of a cell, as many as a spreadsheet holds."""
LONGEST_SHEET = 31
"""Characters of the name of a sheet."""
_NO_SHEET = re.compile(r"[\\*?:/\[\]]")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


class NotAGrid(HengtanError):
    """What was sent is no grid, or a larger one than is typed."""


@dataclass(frozen=True)
class Row:
    """A row: ``id`` stays with it wherever it moves, so that two editors speak of the same one."""

    id: str
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(text.strip() for text in self.cells)


@dataclass(frozen=True)
class Typed:
    """A grid: the name of its sheet, the lines down to the headings, the rows below them.

    All lines are equally wide. The first line is line 1, as in a spreadsheet.
    """

    sheet: str
    head: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.head[-1]) if self.head else 0

    @cached_property
    def lines(self) -> list[list[str]]:
        """Every line as it would stand in a sheet, without the blank rows at the end."""
        rows = [list(row.cells) for row in self.rows]
        while rows and not any(text.strip() for text in rows[-1]):
            rows.pop()
        return [*map(list, self.head), *rows]

    def line_of(self, row: int) -> int:
        """The line (1 = first) of a row from 0."""
        return len(self.head) + row + 1

    def with_rows(self, rows: Sequence[Sequence[str]]) -> Typed:
        """The same head over other rows, which get ids of their own."""
        return replace(self, rows=tuple(numbered(rows, self.width)))

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "sheet": self.sheet,
            "head": [list(line) for line in self.head],
            "rows": [[row.id, *row.cells] for row in self.rows],
        }

    @classmethod
    def from_dict(cls, sent: Any) -> Typed:
        """A grid from its JSON form, nothing of it trusted. Raises NotAGrid."""
        if not isinstance(sent, Mapping):
            raise _no_grid()
        head, rows = _lines_of(sent.get("head")), _lines_of(sent.get("rows"))
        sheet = sent.get("sheet")
        if not isinstance(sheet, str):
            raise _no_grid()
        width = max(map(len, head), default=0)
        _refuse_large(len(rows), width)
        lines = tuple(_line(line, width) for line in head)
        read = tuple(_row(cells, width) for cells in rows)
        ids = {row.id for row in read}
        if len(ids) != len(read) or not width:
            raise _no_grid()
        written = sum(len(text) for line in (*lines, *(row.cells for row in read)) for text in line)
        if written > MOST_CHARACTERS:
            raise _too_large()
        return cls(_sheet_name(sheet), lines, read)


def clean(text: str) -> str:
    """A text without what a workbook cannot hold, its lines ended as a workbook ends them."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def numbered(rows: Sequence[Sequence[str]], width: int) -> list[Row]:
    """Rows with ids r1, r2 …, each as wide as the table."""
    _refuse_large(len(rows), width)
    return [Row(f"r{n}", _line(cells, width)) for n, cells in enumerate(rows, start=1)]


def _sheet_name(text: str) -> str:
    """A name that a sheet of a workbook can have."""
    name = _NO_SHEET.sub("", clean(text)).strip("' \n")[:LONGEST_SHEET].strip("' \n")
    return name or "Sheet1"


def _lines_of(sent: Any) -> list[list[str]]:
    """Lines of text. Raises NotAGrid."""
    are_lines = isinstance(sent, list) and all(isinstance(line, list) for line in sent)
    if are_lines and all(isinstance(text, str) for line in sent for text in line):
        return list(sent)
    raise _no_grid()


def _row(sent: Sequence[str], width: int) -> Row:
    if not sent or not _ID.fullmatch(sent[0]):
        raise _no_grid()
    return Row(sent[0], _line(sent[1:], width))


def _line(cells: Sequence[str], width: int) -> tuple[str, ...]:
    """A line of the width. Raises NotAGrid where it is wider, or a cell is too long."""
    texts = [clean(text) for text in cells]
    while len(texts) > width and not texts[-1].strip():
        texts.pop()
    if len(texts) > width:
        raise _no_grid()
    if max(map(len, texts), default=0) > LONGEST_TEXT:
        raise _too_large()
    return tuple(texts + [""] * (width - len(texts)))


def _refuse_large(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise _too_large()


def _no_grid() -> NotAGrid:
    return NotAGrid(
        "送来的内容不是网格",
        "what was sent is no grid",
        where=Where(),
        todo="请刷新页面后重试",
        todo_en="load the page anew and try again",
    )


def _too_large() -> NotAGrid:
    return NotAGrid(
        f"网格最多{MOST_ROWS}行、{MOST_COLUMNS}列，每格最多{LONGEST_TEXT}字",
        f"a grid has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns,"
        f" a cell at most {LONGEST_TEXT} characters",
        where=Where(),
        todo="数据较多时请上传 Excel 或 CSV",
        todo_en="upload more than that as Excel or CSV",
    )
