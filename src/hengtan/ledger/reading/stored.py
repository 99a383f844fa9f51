"""The stored cells of a workbook's sheets, read here, or for .xls in a process of its own.

A damaged .xls can ask its reader for more memory than there is, which ends the process at once and
cannot be caught: so that process is not ours. This file imports nothing of the program and runs as
a script.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

SECONDS = 300
CHILD_MEMORY = 4_000_000_000


class Sheet(NamedTuple):
    """Name, whether hidden, rows of stored values, and merges as ((row, column), (row, column))
    from 0, None where unknown.
    """

    name: str
    hidden: bool
    rows: list[list[Any]]
    merges: list[tuple[tuple[int, int], tuple[int, int]]] | None


def stored_sheets(
    path: str, check: Callable[[int, int, str], None] = lambda rows, columns, name: None
) -> list[Sheet]:
    """The worksheets of a workbook; ``check`` is told rows, columns and name before a sheet is
    unpacked. Raises what the library raises.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    with CalamineWorkbook.from_path(path) as book:
        for about in book.sheets_metadata:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            check(sheet.total_height, sheet.total_width, about.name)
            rows = sheet.to_python(skip_empty_area=False) if sheet.start is not None else []
            sheets.append(
                Sheet(
                    about.name,
                    about.visible != SheetVisibleEnum.Visible,
                    rows,
                    sheet.merged_cell_ranges,
                )
            )
    return sheets


def stored_sheets_apart(path: str) -> list[Sheet]:
    """The same, read by a process of its own.

    Raises ValueError with the name of what went wrong there.
    """
    done = subprocess.run(
        [sys.executable, "-I", __file__, path],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise ValueError(f"reader ended with {done.returncode}")
    sheets, refusal = pickle.loads(done.stdout)
    if refusal:
        raise ValueError(refusal)
    return [Sheet(*sheet) for sheet in sheets]


def _answer(path: str) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # Windows, or a stricter limit already set
    try:
        answer: tuple[Any, str] = ([tuple(sheet) for sheet in stored_sheets(path)], "")
    except (
        BaseException
    ) as error:  # the library panics on some damaged files, and a panic is no Exception
        answer = (None, type(error).__name__)
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _answer(sys.argv[1])
