"""Accounts: hourly values that are in no day of a place, and why: nobody has registered their
station, or they carry a flag or a unit with which they do not count.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_hours import scales
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

STATION_YEAR = ("station", "year")
FLAG, UNIT = "flag", "unit"


@account(
    key=STATION_YEAR,
    unit="h",
    cites=("HJ 663-2013",),
    maps={"air_station_hours": Same("station"), "air_stations": Same("station")},
)
def air_hours_unplaced(air_station_hours: Table, air_stations: Table) -> Table:
    """Hourly values above nought (``hours``) of each station and year on days on which the station
    stands for no place, with the first and the last of those days.

    Either the station is not in air_stations at all, or not on these days (before it began, after
    it ended).
    """
    days = (
        air_station_hours.filter(_.value > 0)
        .group_by("station", "day")
        .agg(hours=_.count().cast("int64"), demo=_._demo.any())
    )
    listed = air_stations.select("station", "begins", "ends")
    in_use = days.inner_join(
        listed,
        [
            days.station == listed.station,
            listed.begins.isnull() | (listed.begins <= days.day),
            listed.ends.isnull() | (listed.ends >= days.day),
        ],
    ).select("station", "day")
    unplaced = days.anti_join(in_use.distinct(), ["station", "day"])
    rows = (
        unplaced.mutate(year=_.day.year().cast("int64"))
        .group_by(*STATION_YEAR)
        .agg(hours=_.hours.sum(), first_day=_.day.min(), last_day=_.day.max(), demo=_.demo.any())
    )
    known = listed.select("station", registered=ibis.literal(True)).distinct()
    rows = rows.left_join(known, "station").drop("station_right")
    rows = rows.mutate(registered=rows.registered.fill_null(False))
    what = (rows.station, rows.first_day, rows.last_day, rows.hours)
    return rows.mutate(
        missing=ibis.ifelse(
            rows.registered,
            coded("air_station_not_in_use", *what),
            coded("air_station_unknown", *what),
        )
    )


@account(
    key=("place", *STATION_YEAR, "cause", "mark"),
    unit="h",
    cites=("HJ 663-2013",),
    maps={
        "air_station_hours": Same("station"),
        "air_stations": Same("place", "station"),
        "air_items": "all",
        "air_flags": "all",
        "unit_factors": "all",
    },
)
def air_hours_not_counted(
    air_station_hours: Table,
    air_stations: Table,
    air_items: Table,
    air_flags: Table,
    unit_factors: Table,
) -> Table:
    """Hourly values above nought (``hours``) that do not count though they have a figure, of each
    station of a place and year: ``cause`` is a flag that is not one of air_flags, or a unit of
    another kind than that of the item, and ``mark`` which.
    """
    marks = (
        air_station_hours.filter(_.value > 0)
        .mutate(year=_.day.year().cast("int64"), stated_unit=_.unit.fill_null(""))
        .group_by(*STATION_YEAR, "item", "flag", "stated_unit")
        .agg(hours=_.count().cast("int64"), demo=_._demo.any())
    )
    counting = air_flags.filter(_.counts).select("flag")
    flagged = marks.filter(_.flag.notnull()).anti_join(counting, "flag")
    rest = marks.filter(_.flag.isnull()).union(
        marks.filter(_.flag.notnull()).semi_join(counting, "flag")
    )
    convertible = scales(air_items, unit_factors).select("item", "stated_unit")
    in_other_units = rest.anti_join(convertible, ["item", "stated_unit"])
    columns = (*STATION_YEAR, "hours", "demo")
    both = ibis.union(
        flagged.select(*columns, cause=ibis.literal(FLAG), mark=_.flag),
        in_other_units.select(*columns, cause=ibis.literal(UNIT), mark=_.stated_unit),
    )
    sums = both.group_by(*STATION_YEAR, "cause", "mark").agg(hours=_.hours.sum(), demo=_.demo.any())
    of_place = air_stations.select("place", "station").distinct()
    rows = sums.inner_join(of_place, "station")
    what = (rows.station, rows.mark, rows.hours)
    return rows.select(
        "place",
        *STATION_YEAR,
        "cause",
        "mark",
        "hours",
        "demo",
        missing=ibis.ifelse(
            rows.cause == FLAG,
            coded("air_flag_not_counted", *what),
            coded("air_unit_not_counted", *what),
        ),
    )
