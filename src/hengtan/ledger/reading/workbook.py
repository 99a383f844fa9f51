"""Workbooks (.xlsx, .xls, .ods) as grids of text.

Formulas are never evaluated: what the file stored last is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from hengtan.basis.apart import read_apart
from hengtan.basis.border import shaped
from hengtan.basis.errors import UnreadableFile, Where
from hengtan.basis.spelling import folded
from hengtan.ledger.reading.biff import xls_marks
from hengtan.ledger.reading.cellmarks import Marks, ods_marks, xlsx_marks
from hengtan.ledger.reading.files import damaged, kind_of, protected
from hengtan.ledger.reading.findings import Collector, problem, refusal, warning
from hengtan.ledger.reading.grid import MAX_SHEET_CELLS, Grid, check_size, from_rows
from hengtan.ledger.reading.stored import Sheet, stored_sheets


def read_grids(path: Path) -> list[Grid]:
    """Every worksheet of a file, hidden ones too, or the one grid of a text file.

    Raises UnreadableFile, nothing else.
    """
    kind = kind_of(path)
    if kind == "csv":
        from hengtan.ledger.reading.delimited import read_delimited

        return _refusing(path, lambda: [read_delimited(path)])
    answer = read_apart(f"{__name__}:{packed_worksheets.__name__}", path.absolute(), kind)
    with shaped(Where(path.name)):
        return [Grid.unpacked(sheet) for sheet in answer]


def packed_worksheets(path: Path, kind: str) -> list[dict[str, Any]]:
    """The worksheets of a workbook of a kind, as another process is told of them."""
    return [grid.packed() for grid in worksheets(path, kind)]


def worksheets(path: Path, kind: str) -> list[Grid]:
    """The worksheets of a workbook of a kind, read in this process.

    Raises UnreadableFile, nothing else.
    """
    return _refusing(path, lambda: _worksheets(path, kind))


def _refusing(path: Path, read: Callable[[], list[Grid]]) -> list[Grid]:
    where = Where(path.name)
    try:
        return read()
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise refusal("beyond-memory", where=where) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the library on some damaged files is no Exception
        if "PasswordError" in (type(error).__name__, str(error)):
            raise protected(where) from error
        raise damaged(where, type(error).__name__) from error


def choose_grids(grids: list[Grid], sheet: str | None, collector: Collector) -> list[Grid] | None:
    """The sheets in which a form may stand: the one named, else all that are not hidden (which is
    told).

    None, with an error, where no sheet has the name.
    """
    if sheet is None or not grids or grids[0].name is None:
        hidden = [str(g.name) for g in grids if g.hidden and not str(g.name).startswith("_")]
        if hidden:
            collector.add(warning("hidden-sheet", "、".join(hidden)))
        return [grid for grid in grids if not grid.hidden]
    same = [grid for grid in grids if grid.name == sheet]
    alike = [grid for grid in grids if folded(str(grid.name)) == folded(sheet)]
    if same or alike:
        return (same or alike)[:1]
    collector.add(problem("no-such-sheet", sheet, "、".join(str(grid.name) for grid in grids)))
    return None


def _worksheets(path: Path, kind: str) -> list[Grid]:
    marks: dict[str, Marks] = {"xlsx": xlsx_marks, "ods": ods_marks, "xls": xls_marks}[kind](path)

    def check(rows: int, columns: int, name: str) -> None:
        check_size(rows, columns, path.name, name, MAX_SHEET_CELLS)

    sheets = stored_sheets(str(path), check)
    return [_grid(sheet, marks.get(sheet.name) or Marks(), path.name) for sheet in sheets]


def _grid(sheet: Sheet, marks: Marks, file: str) -> Grid:
    rows = [[_text(stored) for stored in row] for row in sheet.rows]
    for (row, column), text in (marks.texts | marks.errors).items():
        if row >= len(rows):
            rows += [[] for _ in range(row + 1 - len(rows))]
        if column >= len(rows[row]):
            rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text(rows[row][column]) if callable(text) else text
    grid = from_rows(sheet.name, rows, file)
    ranges = sheet.merges if sheet.merges is not None else marks.merges
    grid.merges = [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    grid.hidden, grid.hidden_rows = sheet.hidden, marks.hidden
    grid.hidden_columns = marks.hidden_columns
    return grid


def _text(stored: Any) -> str:
    """A stored value as text: whole numbers without a decimal point, days as ISO dates."""
    if stored is None or isinstance(stored, str):
        return stored or ""
    if isinstance(stored, bool):
        return "TRUE" if stored else "FALSE"
    if isinstance(stored, float):
        return _number_text(stored)
    if isinstance(stored, datetime):
        at_midnight = stored.time() == time()
        return stored.date().isoformat() if at_midnight else stored.isoformat(" ", "seconds")
    if isinstance(stored, (date, time)):
        return stored.isoformat()
    return str(stored)


def _number_text(number: float) -> str:
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number) if math.isfinite(number) else ""
