"""Accounts: the air of a place's year by days of each level, and the figures of its pollutants."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_days import MAX, MEAN
from hengtan.accounts.nature.formulas_air import share_of_days
from hengtan.accounts.stated import worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
from hengtan.graph.codes import coded
from hengtan.graph.in_force import in_force

RULING = "ruling"
"""The edition of a year that goes day by day by the one in force (or named by the option)."""
ITEM_YEAR = ("place", "year", "item", "averaging", "method")
FINE = "PM2.5"
FEBRUARY = 2
MONTHS = 12
LEVELS = range(1, 7)


@account(
    key=ITEM_YEAR,
    unit="µg/m³; CO mg/m³",
    cites=("HJ 663-2013", "GB 3095-2012", "GB 3095-2026"),
    maps={
        "air_place_days": Same("place", "item", "averaging", "method"),
        "air_validity": "all",
        "air_percentiles": Same("item", "averaging"),
        "air_limits": Same("item"),
        "air_parameters": Same("item"),
        "place_within": Same("place"),
    },
)
def air_place_year_items(
    air_place_days: Table,
    air_validity: Table,
    air_percentiles: Table,
    air_limits: Table,
    air_parameters: Table,
    place_within: Table,
) -> Table:
    """The yearly mean and the percentile of each pollutant's days, beside the limits of class II in
    force at the end of the year.

    Of ozone that is of the highest 8 h means. The percentile of n days stands at 1 + (n - 1) p,
    between two days by a straight line. A year is valid with enough days in it and in each month.
    A limit that is not held is asked for by name.
    """
    known = air_place_days.value.notnull() & (air_place_days.averaging != MAX)
    days = air_place_days.filter(known).mutate(
        year=_.day.year().cast("int64"), month=_.day.month().cast("int64")
    )
    rows = days.group_by(*ITEM_YEAR).agg(
        days=_.count().cast("int64"),
        mean=_.value.mean(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    rows = beside(rows, _valid_months(days, air_validity), list(ITEM_YEAR))
    rows = beside(rows, _percentiles(days, air_percentiles), list(ITEM_YEAR))
    rows = rows.mutate(last_day=ibis.date(rows.year.cast("int32"), MONTHS, 31))
    limits = _limits(rows, air_limits, air_parameters, place_within)
    rows = beside(rows, limits, list(ITEM_YEAR))
    needed = air_validity.agg(year_days=_.least.max(where=_.rule == "year_days"))
    rows = rows.cross_join(needed)
    valid = (rows.days >= rows.year_days) & (rows.valid_months == MONTHS)
    no_limit = rows.annual_limit.isnull() & rows.percentile_limit.isnull()
    return rows.select(
        *ITEM_YEAR,
        "days",
        "valid_months",
        "mean",
        "percentile",
        "percentile_share",
        "annual_limit",
        "percentile_limit",
        valid=valid,
        within_limits=(rows["mean"] <= rows.annual_limit).fill_null(True)
        & (rows.percentile <= rows.percentile_limit).fill_null(True)
        & ~no_limit,
        confidence=rows.confidence,
        percentile_confidence=rows.percentile_confidence,
        limit_confidence=rows.limit_confidence,
        demo=rows.demo,
        missing=ibis.cases(
            (no_limit, coded("air_no_limit", rows.item)),
            (~valid, coded("air_year_not_valid", rows.days, rows.year_days, rows.valid_months)),
            else_=ibis.null("string"),
        ),
    )


def _valid_months(days: Table, validity: Table) -> Table:
    """How many months of the year have enough days."""
    needed = validity.agg(
        month_days=_.least.max(where=_.rule == "month_days"),
        february_days=_.least.max(where=_.rule == "february_days"),
    )
    months = days.group_by(*ITEM_YEAR, "month").agg(counted=_.count()).cross_join(needed)
    least = ibis.ifelse(months.month == FEBRUARY, months.february_days, months.month_days)
    judged = months.mutate(enough=months.counted >= least)
    return judged.group_by(*ITEM_YEAR).agg(valid_months=_.count(where=_.enough))


def _percentiles(days: Table, percentiles: Table) -> Table:
    """The percentile of each year's days: the two days around its place, by how near they are."""
    stated = percentiles.select(
        "item",
        "averaging",
        "limit_averaging",
        percentile_share="share",
        percentile_confidence="confidence",
    )
    rows = days.inner_join(stated, ["item", "averaging"])
    year = ibis.window(group_by=list(ITEM_YEAR))
    ordered = ibis.window(group_by=list(ITEM_YEAR), order_by=["value", "day"])
    rows = rows.mutate(
        at=ibis.row_number().over(ordered).cast("float64"), last=(_.value.count().over(year) - 1)
    )
    distance = (rows.at - rows.last * rows.percentile_share).abs()
    near = rows.mutate(nearness=1.0 - distance).filter(_.nearness > 0)
    return near.group_by(*ITEM_YEAR).agg(
        percentile=(_.value * _.nearness).sum(),
        percentile_share=_.percentile_share.max(),
        percentile_confidence=_.percentile_confidence.max(),
        limit_averaging=_.limit_averaging.max(),
    )


def _limits(rows: Table, limits: Table, parameters: Table, within: Table) -> Table:
    """The limits of class II of the year and of its percentile, as held, else as the place gives
    them from the document.
    """
    asked = rows.select(*ITEM_YEAR, "last_day", "limit_averaging")
    stated = limits.select(
        "item",
        "valid_from",
        "valid_to",
        averaging="averaging",
        limit_value="class_2",
        sure="confidence",
    )
    for averaging, name in (("annual", "annual"), (None, "percentile")):
        wanted = stated.rename(limit_for="averaging", **{f"{name}_held": "limit_value"})
        wanted = wanted.rename(**{f"{name}_sure": "sure"})
        for_what = ibis.literal(averaging) if averaging else asked.limit_averaging
        asked = in_force(
            asked.mutate(limit_for=for_what), wanted, on=("item", "limit_for"), day="last_day"
        ).drop("valid_from", "valid_to", "limit_for")
    for figure, name in (("annual_limit", "annual"), ("day_limit", "percentile")):
        own = of_place(asked, parameters, within, figure, f"{name}_own")
        asked = beside(asked, own, list(ITEM_YEAR))
    own_stated = asked.annual_own.notnull() | asked.percentile_own.notnull()
    return asked.select(
        *ITEM_YEAR,
        annual_limit=ibis.coalesce(asked.annual_held, asked.annual_own),
        percentile_limit=ibis.coalesce(asked.percentile_held, asked.percentile_own),
        limit_confidence=worst_of(
            asked.annual_sure,
            asked.percentile_sure,
            ibis.ifelse(own_stated, "unverified", ibis.null("string")),
        ),
    )


def of_place(rows: Table, parameters: Table, within: Table, figure: str, name: str) -> Table:
    """A figure of the form of parameters in force at the end of each row's year, of the place or of
    one above it: the nearest place, then the newest.
    """
    reach = within.select(place="place", within="within")
    stated = parameters.filter(parameters.figure == figure).select(
        "item", "begins", "ends", within="place", stated_value="value"
    )
    met = rows.select(*ITEM_YEAR, "last_day").inner_join(reach, "place")
    met = met.inner_join(stated, ["item", "within"])
    met = met.filter(
        (met.begins <= met.last_day) & (met.ends.isnull() | (met.ends >= met.last_day))
    )
    nearest = [(_.within == _.place).desc(), _.begins.desc(), _.within]
    best = first_of(met, list(ITEM_YEAR), nearest)
    return best.select(*ITEM_YEAR, **{name: best.stated_value.cast("float64")})


@account(
    key=("place", "year", "edition", "method"),
    unit="d; %; µg/m³",
    cites=("HJ 633-2012", "HJ 633-2026", "HJ 663-2013"),
    maps={
        "air_place_day_index": Same("place", "method"),
        "air_place_year_items": Same("place", "year", "method"),
        "air_validity": "all",
    },
)
def air_place_years(
    air_place_day_index: Table, air_place_year_items: Table, air_validity: Table
) -> Table:
    """Days of each place's year by level: good days, their share of days with an index, and heavy
    days, with the yearly mean of PM2.5.

    ``edition`` is one of the two for the whole year, or ``ruling``: each day under the edition that
    rules on it. A year with too few days says so and is no actual yet.
    """
    days = air_place_day_index.mutate(year=_.day.year().cast("int64"))
    ruling = days.filter(days.ruling).mutate(edition=ibis.literal(RULING))
    both = days.union(ruling.select(days.columns))
    rows = both.group_by("place", "year", "edition", "method").agg(
        valid_days=_.aqi.count().cast("int64"),
        good_days=_.count(where=_.good),
        heavy_days=_.count(where=_.heavy),
        without_index=_.count(where=_.aqi.isnull()),
        last_day=_.day.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
        **{f"level_{n}": _.count(where=_.level == n) for n in LEVELS},
    )
    fine = air_place_year_items.filter((_.item == FINE) & (_.averaging == MEAN)).select(
        "place", "year", "method", pm25="mean"
    )
    rows = beside(rows, fine, ["place", "year", "method"])
    needed = air_validity.agg(year_days=_.least.max(where=_.rule == "year_days"))
    rows = rows.cross_join(needed)
    return rows.mutate(
        good_share=share_of_days(rows.good_days, rows.valid_days),
        missing=ibis.cases(
            (
                rows.valid_days < rows.year_days,
                coded("air_year_short", rows.valid_days, rows.year_days),
            ),
            else_=ibis.null("string"),
        ),
    ).drop("year_days")
