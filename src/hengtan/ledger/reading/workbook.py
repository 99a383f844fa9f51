"""Workbooks (.xlsx, .xls, .ods) as grids of text. Formulas are never evaluated: what the file stored last is read."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.biff import xls_marks
from hengtan.ledger.reading.cellmarks import Marks, ods_marks, xlsx_marks
from hengtan.ledger.reading.files import damaged, kind_of, protected
from hengtan.ledger.reading.grid import MAX_SHEET_CELLS, Grid, check_size, from_rows
from hengtan.ledger.reading.stored import Sheet, stored_sheets, stored_sheets_apart


def read_grids(path: Path) -> list[Grid]:
    """Every worksheet of a file, hidden ones too, or the one grid of a text file. Raises UnreadableFile, nothing else."""
    kind = kind_of(path)
    where = Where(path.name)
    try:
        if kind == "csv":
            from hengtan.ledger.reading.delimited import read_delimited

            return [read_delimited(path)]
        return _worksheets(path, kind)
    except UnreadableFile:
        raise
    except MemoryError as error:
        raise UnreadableFile(
            "文件过大，内存不足",
            "the file is too large for the memory",
            where=where,
            todo="请拆分",
            todo_en="split it",
        ) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except (
        BaseException
    ) as error:  # the workbook library panics on some damaged files, and a panic is no Exception
        if "PasswordError" in (type(error).__name__, str(error)):
            raise protected(where) from error
        raise damaged(where, type(error).__name__) from error


def _worksheets(path: Path, kind: str) -> list[Grid]:
    marks: dict[str, Marks] = {"xlsx": xlsx_marks, "ods": ods_marks, "xls": xls_marks}[kind](path)
    if kind == "xls":
        sheets = stored_sheets_apart(str(path.resolve()))
    else:
        sheets = stored_sheets(
            str(path),
            lambda rows, columns, name: check_size(rows, columns, path.name, name, MAX_SHEET_CELLS),
        )
    return [_grid(sheet, marks.get(sheet.name) or Marks(), path.name) for sheet in sheets]


def _grid(sheet: Sheet, marks: Marks, file: str) -> Grid:
    rows = [[_text(cell) for cell in row] for row in sheet.rows]
    for (row, column), text in (marks.texts | marks.errors).items():
        if row >= len(rows):
            rows += [[] for _ in range(row + 1 - len(rows))]
        if column >= len(rows[row]):
            rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text(rows[row][column]) if callable(text) else text
    grid = from_rows(sheet.name, rows, file)
    ranges = sheet.merges if sheet.merges is not None else marks.merges
    grid.merges = [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    grid.hidden = sheet.hidden
    return grid


def _text(cell: Any) -> str:
    """A stored value as text: whole numbers without a decimal point, days as ISO dates."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return (
            str(int(cell))
            if cell.is_integer() and abs(cell) < 1e15
            else repr(cell)
            if math.isfinite(cell)
            else ""
        )
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
