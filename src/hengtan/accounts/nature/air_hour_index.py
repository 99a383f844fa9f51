"""Accounts: a station's hours as the index takes them, and their index under both editions."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_days import MAX, MEAN
from hengtan.accounts.nature.air_hours import counted_hours
from hengtan.accounts.nature.air_index import (
    BY_DATE,
    RESULTS,
    index_of,
    ruled,
    terms_of,
    with_level,
)
from hengtan.graph import Same, account, beside

PARTICLES = ("PM10", "PM2.5")
HOUR = ("station", "day", "hour")
HOURLY, RUNNING = "hourly", "running_24h"
DAY_OF_HOURS = 24


@account(
    key=(*HOUR, "item", "basis"),
    unit="µg/m³; CO mg/m³",
    cites=("HJ 633-2012", "HJ 633-2026"),
    maps={
        "air_station_hours": Same("station"),
        "air_items": "all",
        "air_flags": "all",
        "air_validity": "all",
        "unit_factors": "all",
    },
)
def air_station_hour_values(
    air_station_hours: Table,
    air_items: Table,
    air_flags: Table,
    air_validity: Table,
    unit_factors: Table,
) -> Table:
    """What the index of each station's hour is made of: gases of the hour, and particles twice, as
    the hour's value (``basis`` hourly) and as the mean of the last 24 hours (running_24h).

    A running mean rests on as many hours as a valid day; where the hours do not give it, the one
    that was reported counts.
    """
    hours = counted_hours(air_station_hours, air_items, air_flags, unit_factors)
    in_index = air_items.filter(air_items.in_index).select("item")
    own = hours.semi_join(in_index, "item")
    columns = (*HOUR, "item", "value", "alone", "demo")
    hourly = own.select(
        *columns,
        averaging=ibis.ifelse(own.item.isin(PARTICLES), MEAN, MAX),
        basis=ibis.literal(HOURLY),
    )
    sliding = _sliding(own, air_validity)
    reported = hours.filter(hours.sliding_of.notnull()).mutate(item=_.sliding_of)
    reported = reported.anti_join(sliding, [*HOUR, "item"])
    means = sliding.select(*columns).union(reported.select(*columns))
    running = means.mutate(averaging=ibis.literal(MEAN), basis=ibis.literal(RUNNING))
    rows = hourly.union(running.select(hourly.columns))
    return rows.mutate(confidence=ibis.ifelse(rows.alone, "self_approved", "unverified")).drop(
        "alone"
    )


@account(
    key=(*HOUR, "edition"),
    unit="AQI",
    cites=("HJ 633-2012", "HJ 633-2026"),
    maps={
        "air_station_hour_values": Same(*HOUR),
        "air_editions": "all",
        "air_breakpoints": Same("edition"),
        "air_items": "all",
        "air_levels": "all",
    },
)
def air_station_hour_aqi(
    air_station_hour_values: Table,
    air_editions: Table,
    air_breakpoints: Table,
    air_items: Table,
    air_levels: Table,
    air_edition: str = BY_DATE,
    air_hourly_pm: str = "text",
) -> Table:
    """The index of each station's hour under each edition.

    Of particles the text of 2012 takes the mean of the last 24 hours, that of 2026 the hour; with
    the option ``practice`` both take the hour on the breakpoints of the day, as was published in
    2018.
    """
    pairs = air_station_hour_values.cross_join(terms_of(air_editions))
    taken = ibis.literal(HOURLY) if air_hourly_pm == "practice" else pairs.hourly_pm
    pairs = pairs.filter(~pairs.item.isin(PARTICLES) | (pairs.basis == taken))
    rows = with_level(index_of(pairs, HOUR, air_breakpoints, air_items), air_levels)
    return ruled(rows, air_editions, air_edition).select(*HOUR, *RESULTS)


def _sliding(hours: Table, validity: Table) -> Table:
    """Means of particles over the 24 hours up to each hour that a station sent anything for."""
    clocks = hours.select("station", "day", "hour").distinct()
    particles = hours.filter(hours.item.isin(PARTICLES))
    pairs = clocks.cross_join(particles.select("item").distinct())
    sent = particles.select("station", "day", "hour", "item", "value", "alone", "demo")
    rows = beside(pairs, sent, ["station", "day", "hour", "item"])
    rows = rows.mutate(
        at=rows.day.delta(ibis.date(2000, 1, 1), unit="day") * DAY_OF_HOURS + rows.hour
    )
    window = ibis.range_window(
        group_by=["station", "item"], order_by="at", preceding=DAY_OF_HOURS - 1, following=0
    )
    needed = validity.agg(day_hours=_.least.max(where=_.rule == "day_hours"))
    means = rows.mutate(
        mean=rows.value.mean().over(window),
        hours=rows.value.count().over(window),
        any_alone=rows.alone.max().over(window),
        any_demo=rows.demo.max().over(window),
    ).cross_join(needed)
    return means.filter(_.hours >= _.day_hours).select(
        "station",
        "day",
        "hour",
        "item",
        value=_["mean"],
        alone=_.any_alone.fill_null(False),
        demo=_.any_demo.fill_null(False),
    )
