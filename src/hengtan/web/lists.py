"""Lists filtered in the database by the very clauses that permission asks for one thing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from hengtan.office.permission import PARTS, Clause

NOTHING = Q(pk__in=[])


def as_q(clauses: Iterable[Clause], by: str | None = None, **columns: str) -> Q:
    """The condition that a row is reached by one of the clauses.

    ``columns``: the column of each part (``place="place"``); a part without a column is None of
    every row; a column is empty ("" or NULL) where the row has no such part. ``by``: the column of
    who made the row.
    """
    condition = NOTHING
    for clause in clauses:
        reached = _of(clause, by, columns)
        if not reached:  # Django takes an empty condition for none at all
            return Q()
        condition |= reached
    return condition


def _of(clause: Clause, by: str | None, columns: dict[str, str]) -> Q:
    condition = Q()
    for part in PARTS:
        allowed = getattr(clause, part)
        if allowed is None:
            continue
        if part not in columns:
            return NOTHING
        condition &= Q(**{f"{columns[part]}__in": sorted(allowed)})
    if clause.not_by is not None and by is not None:
        condition &= ~Q(**{by: clause.not_by})
    return condition
