"""Account: which values of a target stand on one basis (price base, edition, definition).

The one law of it: the page, the axis, the path and the pace of a target all ask here.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import Same, account, beside, first_of

KEY = ("target_id", "_submission", "_row")
PLACE_IN_SERIES = ("place", "series", "stated_scope", "period")
"""Values of one place, series, scope and period compete; one of them counts."""


@account(
    key=KEY,
    unit=None,
    cites=("hengtan:target_evidence",),
    maps={
        "plan_candidates": Same("target_id"),
        "plan_series": Same("_submission", "_row"),
        "definition_breaks": "all",
    },
)
def plan_bases(plan_candidates: Table, plan_series: Table, definition_breaks: Table) -> Table:
    """Whether each value of a target, and each that does not count beside one, is on the basis of
    the target's newest value: its newest actual, or its newest where it has none.

    It is where no other edition is stated, and where no break of the series' definition without
    a bridge lies between the two; a value without an edition may be of any.
    """
    values = _with_breaks(_values(plan_candidates, plan_series), definition_breaks)
    newest = first_of(
        values.filter(_.won),
        "target_id",
        [
            (_.state == "actual").desc(),
            _.period_end.desc(),
            _.level_rank,
            _._submission,
            _._row,
        ],
    ).select("target_id", newest_edition="edition", newest_breaks="breaks")
    rows = values.inner_join(newest, "target_id")
    other_edition = (rows.edition != rows.newest_edition).fill_null(False)
    return rows.mutate(same_basis=~other_edition & (rows.breaks == rows.newest_breaks)).select(
        *KEY, "same_basis"
    )


def _values(plan_candidates: Table, plan_series: Table) -> Table:
    """The values that speak for targets, and those of the same place, series, scope and period
    that do not count beside them.
    """
    columns = ("period_end", "year", "edition", "level_rank", "_submission", "_row")
    speaking = plan_candidates.mutate(stated_scope=_.scope.fill_null("")).select(
        "target_id", *PLACE_IN_SERIES, *columns, "state", won=True
    )
    rivals = plan_series.filter(~_.won).mutate(stated_scope=_.scope.fill_null(""))
    contested = speaking.semi_join(rivals, PLACE_IN_SERIES)
    places = contested.select("target_id", *PLACE_IN_SERIES).distinct()
    beside_them = places.inner_join(rivals, PLACE_IN_SERIES).select(
        "target_id", *PLACE_IN_SERIES, *columns, state=ibis.literal(""), won=False
    )
    return speaking.union(beside_them)


def _with_breaks(values: Table, definition_breaks: Table) -> Table:
    """The values with the number of breaks without a bridge at or before their year."""
    broken = definition_breaks.filter(_.bridge == "none").select("series", broken_in="year")
    passed = (
        values.select("series", "year")
        .distinct()
        .inner_join(broken, "series")
        .filter(_.year >= _.broken_in)
        .group_by("series", "year")
        .agg(breaks=_.count())
    )
    return beside(values, passed, ["series", "year"]).mutate(breaks=_.breaks.fill_null(0))
