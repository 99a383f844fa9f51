"""Account: floor area of new buildings by the year they were started, the whole and the part that
is prefabricated.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account

TEN_THOUSAND = 10_000
"""Square metres of the unit that floor area is published in."""


@account(
    key=("place", "year"),
    unit="10⁴ m²",
    cites=("hengtan:case_files",),
    maps={"building_projects": "all", "place_within": Same(within="place")},
)
def building_starts(building_projects: Table, place_within: Table) -> Table:
    """Floor area started in each place, with what lies in it, by year, and of it what the authority
    recognised as prefabricated; ``undecided`` is the area designed so and not recognised yet, in
    the whole and not in the part.
    """
    started = building_projects.filter(_.started.notnull()).mutate(
        year=_.started.year().cast("int64"), stated=as_reported(building_projects)
    )
    within = place_within.select("place", within="within")
    rows = started.inner_join(within, "place")
    undecided = (rows.method == "prefab") & rows.recognised.isnull()
    sums = rows.group_by("year", place=_.within).agg(
        started_area=_.area.sum() / TEN_THOUSAND,
        prefab_area=(_.area * _.recognised.fill_null(False).cast("float64")).sum() / TEN_THOUSAND,
        undecided=(_.area * undecided.cast("float64")).sum() / TEN_THOUSAND,
        projects=_.count(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
    return sums.mutate(missing=ibis.ifelse(_.undecided > 0, "buildings_undecided", None))
