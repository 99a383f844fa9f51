"""Accounts: concentrations of a day by station and by place, with what makes a day valid."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_hours import SLIDING, counted_hours, reported_by
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account
from hengtan.graph.codes import coded
from hengtan.graph.in_force import in_force

OZONE = "O3"
MEAN, MAX, SLIDING_MAX = "24h", "1h", "8h"
STATION_DAY = ("station", "day", "item", "averaging")
PLACE_DAY = ("place", "day", "item", "averaging", "method")
CLOCK = range(1, 25)
FROM_HOURS, FROM_DAYS = "hours", "days"
REPORTED = {
    "so2": ("SO2", MEAN),
    "no2": ("NO2", MEAN),
    "pm10": ("PM10", MEAN),
    "co": ("CO", MEAN),
    "o3_1h": (OZONE, MAX),
    "o3_8h": (OZONE, SLIDING_MAX),
    "pm25": ("PM2.5", MEAN),
}
"""Columns of the form of reported days: which item and averaging each holds."""


@account(
    key=STATION_DAY,
    unit="µg/m³; CO mg/m³",
    cites=("GB 3095-2026", "HJ 663-2013"),
    maps={
        "air_station_hours": Same("station", "day", "item"),
        "air_items": Same("item"),
        "air_flags": "all",
        "air_validity": "all",
        "air_limits": Same("item"),
        "unit_factors": "all",
    },
)
def air_station_days(
    air_station_hours: Table,
    air_items: Table,
    air_flags: Table,
    air_validity: Table,
    air_limits: Table,
    unit_factors: Table,
) -> Table:
    """Each station's day: the 24 h mean of its hours (of ozone the highest hour and the highest
    8 h mean), how many hours it rests on, and whether that is enough.

    The 8 h means of a day are those that end at 8 to 24 o'clock. Too few of them count all the
    same where the highest is above the limit (class II). ``value`` is missing on an invalid day.
    """
    others = (air_items, air_flags, unit_factors)
    hours = counted_hours(air_station_hours, *others)
    # ozone is read apart: what two branches share, DuckDB keeps in memory whole
    ozone_hours = counted_hours(air_station_hours.filter(_.item == OZONE), *others)
    least = _least(air_validity)
    days = (
        hours.filter(hours.sliding_of.isnull())
        .group_by("station", "day", "item")
        .agg(
            mean=_.value.mean(),
            highest=_.value.max(),
            hours=_.count().cast("int64"),
            confidence=reported_by(hours),
            demo=_.demo.any(),
        )
    )
    days = days.cross_join(least)
    is_ozone = days.item == OZONE
    plain = days.select(
        "station",
        "day",
        "item",
        "hours",
        "confidence",
        "demo",
        averaging=ibis.ifelse(is_ozone, MAX, MEAN),
        figure=ibis.ifelse(is_ozone, days.highest, days["mean"]),
        enough=days.hours >= days.day_hours,
        needed=days.day_hours,
    )
    ozone = _ozone_days(ozone_hours, least, air_limits)
    rows = plain.union(ozone.select(plain.columns))
    return rows.select(
        *STATION_DAY,
        "hours",
        "confidence",
        "demo",
        value=ibis.ifelse(rows.enough, rows.figure, ibis.null("float64")),
        missing=ibis.ifelse(
            rows.enough, ibis.null("string"), coded("air_too_few_hours", rows.hours, rows.needed)
        ),
    )


def _least(validity: Table) -> Table:
    """The least numbers that make a mean valid, as one row."""
    return validity.agg(
        day_hours=_.least.max(where=_.rule == "day_hours"),
        eight_hours=_.least.max(where=_.rule == "eight_hours"),
        ozone_means=_.least.max(where=_.rule == "ozone_means"),
    )


def _ozone_days(ozone: Table, least: Table, limits: Table) -> Table:
    """The highest 8 h mean of ozone of each station's day, of the means with enough hours."""
    # a choice within the maximum: DuckDB filters an aggregate three times as slowly
    by_clock = {
        _clock(hour): ibis.ifelse(ozone.hour == hour, ozone.value, ibis.null("float64")).max()
        for hour in CLOCK
    }
    days = ozone.group_by("station", "day").agg(
        **by_clock,
        hours=_.count().cast("int64"),
        confidence=reported_by(ozone),
        demo=_.demo.any(),
    )
    days = days.cross_join(least)
    means = [_mean_up_to(days, hour) for hour in CLOCK[SLIDING - 1 :]]
    sliding = days.select(
        "station",
        "day",
        "hours",
        "confidence",
        "demo",
        "ozone_means",
        item=ibis.literal(OZONE),
        averaging=ibis.literal(SLIDING_MAX),
        figure=ibis.greatest(*means),
        valid_means=sum(mean.notnull().cast("int64") for mean in means),
    )
    limited = in_force(
        sliding,
        limits.select("item", "averaging", "valid_from", "valid_to", ozone_limit="class_2"),
        on=("item", "averaging"),
        day="day",
    )
    above = (limited.figure > limited.ozone_limit).fill_null(False)
    return limited.mutate(
        enough=(limited.valid_means >= limited.ozone_means) | above,
        hours=limited.valid_means,
        needed=limited.ozone_means,
    )


def _clock(hour: int) -> str:
    return f"at_{hour:02d}"


def _mean_up_to(days: Table, hour: int) -> ibis.Value:
    """The mean of the 8 hours that end at a clock; missing where too few of them count."""
    window = [days[_clock(each)] for each in range(hour - SLIDING + 1, hour + 1)]
    counted = sum(value.notnull().cast("int64") for value in window)
    total = sum(value.fill_null(0.0) for value in window)
    return ibis.ifelse(counted >= days.eight_hours, total / counted, ibis.null("float64"))


@account(
    key=PLACE_DAY,
    unit="µg/m³; CO mg/m³",
    cites=("HJ 663-2013",),
    maps={
        "air_station_days": Same("day", "item", "averaging"),
        "air_stations": Same("place"),
        "air_days_reported": Same("place", "day"),
    },
)
def air_place_days(air_station_days: Table, air_stations: Table, air_days_reported: Table) -> Table:
    """Each place's day: the mean of its stations with a valid day (``hours``), and as the place
    reported it (``days``).

    ``stations`` are those in use on the day that sent hours, ``stations_valid`` those whose day
    counts. A reported figure that is negative or nought is missing.
    """
    return _of_stations(air_station_days, air_stations).union(_as_reported(air_days_reported))


def _of_stations(days: Table, stations: Table) -> Table:
    """The mean over the stations that stand for a place on a day."""
    listed = stations.select("station", "place", "begins", "ends", station_demo="_demo")
    met = days.inner_join(
        listed,
        [
            days.station == listed.station,
            listed.begins.isnull() | (listed.begins <= days.day),
            listed.ends.isnull() | (listed.ends >= days.day),
        ],
    )
    rows = met.group_by("place", "day", "item", "averaging").agg(
        value=_.value.mean(),
        stations=_.count().cast("int64"),
        stations_valid=_.value.count().cast("int64"),
        confidence=worst_in(_.confidence),
        demo=_.demo.any() | _.station_demo.any(),
    )
    return rows.select(
        "place",
        "day",
        "item",
        "averaging",
        "value",
        "stations",
        "stations_valid",
        "confidence",
        "demo",
        method=ibis.literal(FROM_HOURS),
        missing=ibis.ifelse(rows.stations_valid == 0, "air_no_valid_station", ibis.null("string")),
    )


def _as_reported(reported: Table) -> Table:
    """Reported days, a row for each item that has a figure."""
    stated = reported.mutate(stated=as_reported(reported))
    parts = [
        stated.filter(stated[column] > 0).select(
            "place",
            "day",
            item=ibis.literal(item),
            averaging=ibis.literal(averaging),
            value=_[column].cast("float64"),
            stations=ibis.null("int64"),
            stations_valid=ibis.null("int64"),
            confidence=_.stated,
            demo=_._demo,
            method=ibis.literal(FROM_DAYS),
            missing=ibis.null("string"),
        )
        for column, (item, averaging) in REPORTED.items()
    ]
    return ibis.union(*parts)
