"""The stored cells of a workbook's sheets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


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
