"""Workbooks (.xlsx, .xls, .ods) as grids of text. Formulas are never evaluated: what the file stored last is read."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from hengtan.basis.errors import UnreadableFile, Where
from hengtan.ledger.reading.cellmarks import Marks, ods_marks, xlsx_marks
from hengtan.ledger.reading.files import damaged, kind_of, protected
from hengtan.ledger.reading.grid import MAX_SHEET_CELLS, Grid, check_size, from_rows


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
        raise UnreadableFile("文件过大，内存不足", "the file is too large for the memory", where=where, todo="请拆分", todo_en="split it") from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # the workbook library panics on some damaged files, and a panic is no Exception
        if type(error).__name__ == "PasswordError":
            raise protected(where) from error
        raise damaged(where, type(error).__name__) from error


def _worksheets(path: Path, kind: str) -> list[Grid]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    marks: dict[str, Marks] = {"xlsx": xlsx_marks, "ods": ods_marks}[kind](path) if kind in ("xlsx", "ods") else {}
    grids = []
    with CalamineWorkbook.from_path(str(path)) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            check_size(sheet.total_height, sheet.total_width, path.name, about.name, MAX_SHEET_CELLS)
            grid = _grid(about.name, sheet, marks.get(about.name) or Marks(), path.name)
            grid.hidden = about.visible != SheetVisibleEnum.Visible
            grids.append(grid)
    return grids


def _grid(name: str, sheet: Any, marks: Marks, file: str) -> Grid:
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)] if sheet.start is not None else []
    for (row, column), text in (marks.texts | marks.errors).items():
        if row >= len(rows):
            rows += [[] for _ in range(row + 1 - len(rows))]
        if column >= len(rows[row]):
            rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = text(rows[row][column]) if callable(text) else text
    grid = from_rows(name, rows, file)
    found = sheet.merged_cell_ranges
    ranges = found if found is not None else marks.merges
    grid.merges = [(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    return grid


def _text(cell: Any) -> str:
    """A stored value as text: whole numbers without a decimal point, days as ISO dates."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell) if math.isfinite(cell) else ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return "" if cell is None else str(cell)
