"""Account: days of air whose figures cannot all be right, or differ from what was reported."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_days import FROM_DAYS, FROM_HOURS, MAX, MEAN, OZONE, SLIDING_MAX
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

DAY = ("place", "day", "method")


@account(
    key=(*DAY, "doubt"),
    unit=None,
    cites=("HJ 663-2013",),
    maps={
        "air_place_days": Same("place", "day"),
        "air_place_day_index": Same("place", "day"),
    },
)
def air_doubts(air_place_days: Table, air_place_day_index: Table) -> Table:
    """Days to look at: ozone of 8 hours above that of the highest hour and PM2.5 above PM10, which
    swapped columns give, and a reported index that the hours do not give.
    """
    days = air_place_days.group_by(*DAY).agg(
        ozone_hour=_value(OZONE, MAX),
        ozone_means=_value(OZONE, SLIDING_MAX),
        fine=_value("PM2.5", MEAN),
        coarse=_value("PM10", MEAN),
        demo=_.demo.any(),
    )
    swapped = [
        _doubted(days, "ozone_swapped", days.ozone_means, days.ozone_hour),
        _doubted(days, "particles_swapped", days.fine, days.coarse),
    ]
    return ibis.union(*swapped, _differing(air_place_day_index))


def _value(item: str, averaging: str) -> ibis.Deferred:
    """The figure of an item of a day, as an aggregate."""
    return _.value.max(where=(_.item == item) & (_.averaging == averaging))


def _doubted(days: Table, doubt: str, smaller: ibis.Value, larger: ibis.Value) -> Table:
    """Days on which a figure is above the one it cannot exceed."""
    return days.filter(smaller > larger).select(
        *DAY,
        doubt=ibis.literal(doubt),
        missing=coded(f"air_{doubt}", smaller.round(1), larger.round(1)),
        demo=days.demo,
    )


def _differing(index: Table) -> Table:
    """Days whose reported index is not that of the hours under the ruling edition."""
    ruling = index.filter(index.ruling & index.aqi.notnull())
    of_hours = ruling.filter(ruling.method == FROM_HOURS).select(
        "place", "day", from_hours="aqi", hours_demo="demo"
    )
    reported = ruling.filter(ruling.method == FROM_DAYS).select(
        "place", "day", as_reported="aqi", days_demo="demo"
    )
    both = of_hours.inner_join(reported, ["place", "day"])
    both = both.filter(both.from_hours != both.as_reported)
    return both.select(
        "place",
        "day",
        method=ibis.literal(FROM_DAYS),
        doubt=ibis.literal("reported_differs"),
        missing=coded(
            "air_reported_differs",
            both.as_reported.cast("int64"),
            both.from_hours.cast("int64"),
        ),
        demo=both.hours_demo | both.days_demo,
    )
