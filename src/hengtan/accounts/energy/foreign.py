"""Foreign energy balances: what layout a table of text has, and its cells by row and column code.

Layouts of yearbooks differ: rows down or across, years or kinds of quantity under a product, long
tables, several blocks, one product named in the title; 回收能 in supply or in transformation,
opening and closing stocks or one net row. Every figure of a sheet is read, or named as not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.accounts.energy.foreign_names import Names, pattern
from hengtan.accounts.energy.foreign_sheet import SheetReader
from hengtan.accounts.energy.foreign_tables import Balance, Grid, SheetRead
from hengtan.accounts.energy.refusals import refusal


def read_balance(lines: Grid, names: Sequence[Mapping[str, Any]]) -> Balance:
    """The first table of a sheet. Raises HengtanError where it is no energy balance."""
    return read_tables(lines, names).tables[0]


def read_tables(lines: Grid, names: Sequence[Mapping[str, Any]] | Names) -> SheetRead:
    """Recognise the tables of a sheet of text lines (number in the file, cells).

    Raises HengtanError where it holds no energy balance.
    """
    known = names if isinstance(names, Names) else Names.of(names)
    sheet = SheetReader(lines, known).sheet()
    if not sheet.is_balance:
        raise refusal("no_balance")
    sheet.tables = [table for table in sheet.tables if table.cells]
    for table in sheet.tables:
        in_tce = bool(pattern("standard_unit").search(table.unit))
        table.standard = table.kind == "standard" or (in_tce and table.kind != "physical")
    return sheet
