"""Two words for accounts: a table set beside another, and the first row of each group.

Both are plain joins and row numbers, so that they run on every engine; they name the idea and leave
no columns behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

On = str | Sequence[str] | Mapping[str, str]
"""Columns that must be equal: their names, or ``{column of the left: column of the right}``."""

NTH = "_nth_of_group"


def beside(left: Any, right: Any, on: On) -> Any:
    """Every row of ``left`` with the columns of ``right`` beside it; rows that meet nothing stay,
    with missing values.

    Reads in a chain as ``rows.pipe(beside, factors, "unit")``.

    Parameters
    ----------
    left, right : Ibis table
        A row of ``left`` that meets several rows of ``right`` comes once for each.
    on : column name, names, or ``{left: right}``
        Columns that must be equal; a missing value meets nothing. The key columns of ``right`` are
        not carried over.

    Raises TypeError where both tables have a column that is no key: rename it, so that each name
    says what it is.
    """
    pairs = _pairs(on)
    carried = [name for name in right.columns if name not in pairs.values()]
    both = [name for name in carried if name in left.columns]
    if both:
        raise TypeError(f"columns of both tables: {', '.join(both)}; select or rename one first")
    equal = [left[mine] == right[theirs] for mine, theirs in pairs.items()]
    joined = left.left_join(right, equal, rname="{name}_beside")
    return joined.select(*left.columns, *carried)


def first_of(table: Any, by: str | Sequence[str], order: Any) -> Any:
    """The first row of each group, with the columns of ``table``.

    Parameters
    ----------
    table : Ibis table
    by : column name or names
        What makes a group; missing values make one of their own.
    order : column name, Ibis value or deferred, or several
        ``_.column.desc()`` puts the largest first. Should it leave ties open, engines may choose
        differently: end it with a key.
    """
    import ibis

    groups = [by] if isinstance(by, str) else list(by)
    nth = ibis.row_number().over(ibis.window(group_by=groups, order_by=order))
    numbered = table.mutate(**{NTH: nth})
    return numbered.filter(numbered[NTH] == 0).drop(NTH)


def newest_of(table: Any, by: str | Sequence[str]) -> Any:
    """The row of each group that was approved last, of rows of forms: of one submission the last
    row.
    """
    order = [table[column].desc() for column in ("_approved_at", "_submission", "_row")]
    return first_of(table, by, order)


def _pairs(on: On) -> Mapping[str, str]:
    if isinstance(on, Mapping):
        return on
    names = [on] if isinstance(on, str) else on
    return {name: name for name in names}
