"""Account: farms in closed, limited and open waters by place and kind of farming."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account


@account(
    key=("place", "zone_kind", "farm_kind"),
    unit="farms; ha",
    cites=("hengtan:case_files",),
    maps={
        "zone_farms": Same("farm_kind"),
        "farming_zones": Same("zone_kind"),
        "place_within": Same(within="place"),
    },
)
def zone_farm_places(
    zone_farms: Table, farming_zones: Table, place_within: Table, judged_on: ibis.Value
) -> Table:
    """Farms and their area that are still within a zone in force on the day judged, and those that
    left it by then, in each place with what lies in it; ``late`` are past their day to leave.
    """
    zones = farming_zones.mutate(of_zone=as_reported(farming_zones)).filter(
        (_.begins <= judged_on) & (_.ends.isnull() | (_.ends >= judged_on))
    )
    zones = zones.select("zone", "zone_kind", "of_zone")
    farms = zone_farms.mutate(stated=as_reported(zone_farms)).inner_join(zones, "zone")
    within = place_within.select("place", within="within")
    rows = farms.inner_join(within, "place")
    has_left = (rows.left <= judged_on).fill_null(False)
    is_late = ~has_left & (rows.leave_due < judged_on).fill_null(False)
    return rows.group_by("zone_kind", "farm_kind", place=_.within).agg(
        farms=(~has_left).sum().cast("int64"),
        area=ibis.ifelse(has_left, 0.0, rows.area).sum(),
        left_farms=has_left.sum().cast("int64"),
        left_area=ibis.ifelse(has_left, rows.area, 0.0).sum(),
        late=is_late.sum().cast("int64"),
        late_area=ibis.ifelse(is_late, rows.area, 0.0).sum(),
        confidence=worst_in(worst_of(rows.stated, rows.of_zone)),
        demo=rows._demo.any(),
    )
