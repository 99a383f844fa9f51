"""Rows of a dated table in force on a day, joined to the rows of a table: stored ends, both inclusive, an empty end is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

ROW, DAY = "_in_force_row", "_in_force_day"


def in_force(table: Any, dated: Any, on: Sequence[str] = (), day: Any = "date") -> Any:
    """``table`` with the columns of the row of ``dated`` in force on a day; rows without a match stay, with missing values.

    Parameters
    ----------
    table : Ibis table
    dated : Ibis table
        With the columns ``on``, ``valid_from`` and ``valid_to`` (days). Its other columns are added; one whose name ``table`` has
        too comes as ``<name>_in_force``.
    on : column names
        Columns that must be equal; a missing value meets nothing.
    day : column name, Ibis value or ``datetime.date``
        The day asked for; a missing day meets nothing.

    Every row of ``table`` comes exactly once. Overlaps are refused when a pack is checked (``basis.dated.overlaps``); should two rows be
    in force all the same, the one that began last counts. A neighbouring row is never borrowed.
    """
    import ibis

    asked = table[day] if isinstance(day, str) else ibis.literal(day) if isinstance(day, date) else day
    rows = table.mutate(**{ROW: ibis.row_number(), DAY: asked.cast("date")})
    added = {f"{c}_in_force" if c in table.columns else c: c for c in dated.columns if c not in on}
    terms = dated.select(**{f"_on_{c}": dated[c] for c in on}, **{f"_of_{c}": dated[c] for c in added.values()})
    begun = terms["_of_valid_from"].isnull() | (terms["_of_valid_from"] <= rows[DAY])
    open_still = terms["_of_valid_to"].isnull() | (terms["_of_valid_to"] >= rows[DAY])
    met = rows.left_join(terms, [*(rows[c] == terms[f"_on_{c}"] for c in on), rows[DAY].notnull(), begun, open_still])
    latest_first = [met["_of_valid_from"].desc(nulls_first=False), *(met[f"_of_{c}"] for c in added.values() if c != "valid_from")]
    nth = ibis.row_number().over(ibis.window(group_by=met[ROW], order_by=latest_first))
    one_each = met.mutate(_in_force_nth=nth).filter(lambda t: t["_in_force_nth"] == 0)
    return one_each.select(*table.columns, **{name: one_each[f"_of_{c}"] for name, c in added.items()})
