"""Rows of a dated table in force on a day, joined to the rows of a table: stored ends, both
inclusive, an empty end is open.

Overlaps are settled among the few dated rows, so that the table itself takes part in one plain
range join, however long it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hengtan.graph.joins import first_of

DAY = "_in_force_day"
FIRST, LAST = date(1, 1, 1), date(9999, 12, 30)
"""What an open beginning and an open end stand for; a day may follow the last."""


def in_force(table: Any, dated: Any, on: Sequence[str] = (), day: Any = "date") -> Any:
    """``table`` with the columns of the row of ``dated`` in force on a day; rows without a match
    stay, with missing values.

    Parameters
    ----------
    table : Ibis table
    dated : Ibis table
        With the columns ``on``, ``valid_from`` and ``valid_to`` (days). Its other columns are
        added; one whose name ``table`` has too comes as ``<name>_in_force``.
    on : column names
        Columns that must be equal; a missing value meets nothing.
    day : column name, Ibis value or ``datetime.date``
        The day asked for; a missing day meets nothing.

    Every row of ``table`` comes exactly once. Overlaps are refused when a pack is checked
    (``basis.dated.overlaps``); should two rows be in force all the same, the one that began last
    counts. A neighbouring row is never borrowed.
    """

    rows = table.mutate(**{DAY: _as_value(table, day).cast("date")})
    added = {f"{c}_in_force" if c in table.columns else c: c for c in dated.columns if c not in on}
    terms = _one_at_a_time(dated, on, list(added.values()))
    met = rows.left_join(
        terms,
        [
            *(rows[c] == terms[f"_on_{c}"] for c in on),
            rows[DAY] >= terms["_in_force_from"],
            rows[DAY] <= terms["_in_force_to"],
        ],
    )
    return met.select(*table.columns, **{name: met[f"_of_{c}"] for name, c in added.items()})


def _as_value(table: Any, day: Any) -> Any:
    """The day asked for as an Ibis value: a column by its name, a plain date, or such a value."""
    import ibis

    if isinstance(day, str):
        return table[day]
    return ibis.literal(day) if isinstance(day, date) else day


def _one_at_a_time(dated: Any, on: Sequence[str], others: Sequence[str]) -> Any:
    """Stretches of days without overlap, ``_in_force_from`` to ``_in_force_to``, each with the row
    that counts in it (``_on_…``, ``_of_…``).
    """
    import ibis

    same = [f"_on_{c}" for c in on]
    begins, ends = (
        ibis.coalesce(dated[c].cast("date"), ibis.literal(limit))
        for c, limit in (("valid_from", FIRST), ("valid_to", LAST))
    )
    terms = dated.select(
        **{f"_on_{c}": dated[c] for c in on},
        **{f"_of_{c}": dated[c] for c in others},
        _begins=begins,
        _ends=ends,
    )
    marks = ibis.union(
        terms.select(*same, _mark=terms["_begins"]),
        terms.select(*same, _mark=_days_on(terms["_ends"], 1)),
        distinct=True,
    )
    following = marks["_mark"].lead().over(ibis.window(group_by=same, order_by=marks["_mark"]))
    stretches = marks.select(
        **{f"_in{c}": marks[c] for c in same},
        _in_force_from=marks["_mark"],
        _in_force_to=_days_on(following, -1),
    )
    covering = terms.view()
    met = stretches.inner_join(
        covering,
        [
            *(stretches[f"_in{c}"] == covering[c] for c in same),
            covering["_begins"] <= stretches["_in_force_from"],
            covering["_ends"] >= stretches["_in_force_to"],
        ],
    )
    latest_first = [met["_begins"].desc(), *(met[f"_of_{c}"] for c in others if c != "valid_from")]
    return first_of(met, [*same, "_in_force_from"], latest_first)


def _days_on(day: Any, count: int) -> Any:
    """A day some days on, as a day: DuckDB makes a time of a day and an interval, which would cost
    a conversion of every row joined to it.
    """
    import ibis

    return (day.cast("timestamp") + ibis.interval(days=count)).cast("date")
