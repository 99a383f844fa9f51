"""The wrong rows of a file that is too long for the grid: a grid of them alone, each under the
number of its line, and the file with them put back, all other lines as they stood.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk.entry_files import typed_lines
from hengtan.ledger.reading.header import find_header
from hengtan.ledger.reading.workbook import read_grids
from hengtan.office.typed import MOST_ROWS, NotAGrid, Row, Typed
from hengtan.report.sheet.entered import entered_book
from hengtan.report.sheet.form_template import FILL

if TYPE_CHECKING:
    from hengtan.ledger.forms import Form

_LINE = re.compile(r"L([1-9]\d{0,6})")
"""The id of a row: the number of its line in the file."""


def wrong_lines(looked_at: Mapping[str, Any]) -> list[int]:
    """The lines with errors of a file that was looked at (``Uploaded.as_dict``), as many as a grid
    holds; none where something is wrong that no row can mend: a column, a sheet, figures beside the
    table.
    """
    errors = [finding for finding in looked_at["findings"] if finding["level"] == "error"]
    of_rows = [finding for finding in errors if finding["at"] is not None]
    kinds = {(finding["code"], finding.get("column")) for finding in of_rows}
    if any((e["code"], e.get("column")) not in kinds for e in errors):
        return []  # what sums up many alike is of their kind
    first = looked_at["head"] + 1
    return sorted({first + finding["at"] for finding in of_rows})[:MOST_ROWS]


def wrong_rows(form: Form, path: Path, looked_at: Mapping[str, Any]) -> Typed:
    """The wrong rows of a file as a grid below its header. Raises NotAGrid."""
    lines, name = _lines(form, path, looked_at)
    rows = [Row(f"L{number}", tuple(lines[number - 1])) for number in wrong_lines(looked_at)]
    head = tuple(map(tuple, lines[: looked_at["head"]]))
    return Typed.from_dict(Typed(name, head, tuple(rows)).as_dict())


def put_back(
    form: Form, path: Path, looked_at: Mapping[str, Any], typed: Typed, key: str
) -> tuple[bytes, str]:
    """The file with the rows of a grid in place of its wrong ones, and the ending of its name: a
    workbook, or delimited text for such a one. A row that was taken out of the grid is blank.
    Raises HengtanError for a row that is none of them.
    """
    lines, name = _lines(form, path, looked_at)
    wrong = wrong_lines(looked_at)
    mended = _by_line(typed, wrong)
    for number in wrong:
        lines[number - 1] = mended.get(number, [""] * len(lines[number - 1]))
    if looked_at["sheet"] is not None:
        return entered_book(name, lines, key), ".xlsx"
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode("utf-8-sig"), ".csv"


def _by_line(typed: Typed, wrong: Collection[int]) -> dict[int, list[str]]:
    mended, allowed = {}, set(wrong)
    for row in typed.rows:
        match = _LINE.fullmatch(row.id)
        number = int(match[1]) if match else 0
        if number in allowed:
            mended[number] = list(row.cells)
        elif not row.is_blank:
            raise HengtanError(
                "这里只改文件中出错的行，不能加行",
                "only the wrong rows of the file are mended here; none can be added",
                todo="删去加的行；要补报的行另行提交",
                todo_en="take the added rows out, and hand them in by themselves",
            )
    return mended


def _lines(form: Form, path: Path, looked_at: Mapping[str, Any]) -> tuple[list[list[str]], str]:
    """All lines of the sheet that was looked at, and its name. Raises NotAGrid."""
    grid = next((g for g in read_grids(path) if g.name == looked_at["sheet"]), None)
    header = None if grid is None else find_header(grid, form)
    if grid is None or header is None:
        raise NotAGrid(
            "这个文件不能逐行改正", "the rows of this file cannot be mended by themselves"
        )
    return typed_lines(grid, header, form), grid.name or FILL
