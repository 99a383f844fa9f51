"""Account: the air quality index of a place's day under both editions, and the steps it shares.

Which edition rules on a day is data (``air_editions``), and so is all in which they differ.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_days import (
    FROM_DAYS,
    MAX,
    OZONE,
    SLIDING_MAX,
)
from hengtan.accounts.nature.formulas_air import individual_index, rounded_half_even
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

BY_DATE = "by_date"
COLUMNS = {
    ("SO2", ""): "iaqi_so2",
    ("NO2", ""): "iaqi_no2",
    ("PM10", ""): "iaqi_pm10",
    ("CO", ""): "iaqi_co",
    (OZONE, MAX): "iaqi_o3_1h",
    (OZONE, SLIDING_MAX): "iaqi_o3_8h",
    ("PM2.5", ""): "iaqi_pm25",
}
"""The column of each item's index; only ozone has two averagings side by side."""
ITEMS = tuple(dict.fromkeys(item for item, _averaging in COLUMNS))
RESULTS = (
    "edition",
    "ruling",
    "aqi",
    "level",
    "good",
    "heavy",
    "primary_items",
    *COLUMNS.values(),
    "aqi_of_present",
    "confidence",
    "missing",
    "demo",
)


@account(
    key=("place", "day", "edition", "method"),
    unit="AQI",
    cites=("HJ 633-2012", "HJ 633-2026"),
    maps={
        "air_place_days": Same("place", "day", "method"),
        "air_days_reported": Same("place", "day"),
        "air_editions": "all",
        "air_breakpoints": Same("edition"),
        "air_items": "all",
        "air_levels": "all",
    },
)
def air_place_day_index(
    air_place_days: Table,
    air_days_reported: Table,
    air_editions: Table,
    air_breakpoints: Table,
    air_items: Table,
    air_levels: Table,
    air_edition: str = BY_DATE,
) -> Table:
    """The index of each place's day under each edition, with its level and primary pollutants;
    ``ruling`` marks the edition in force on the day, or the one that an option names.

    ``aqi_of_present`` is the highest index of the items that are there. The edition of 2026 gives
    no index where an item is missing and the others stay at or below 100. A day reported by its
    index alone has that index under the edition it states or that was in force.
    """
    days = air_place_days.filter(air_place_days.value.notnull())
    pairs = days.cross_join(terms_of(air_editions))
    pairs = pairs.filter(pairs.daily_o3_1h | (pairs.item != OZONE) | (pairs.averaging != MAX))
    key = ("place", "day", "method")
    rows = index_of(pairs, key, air_breakpoints, air_items)
    alone = _index_alone(air_days_reported, air_place_days, air_editions)
    both = with_level(rows.union(alone.select(rows.columns)), air_levels)
    return ruled(both, air_editions, air_edition).select(*key, *RESULTS)


def terms_of(editions: Table) -> Table:
    """In what the editions differ."""
    return editions.select(
        "edition",
        "daily_o3_1h",
        "hourly_pm",
        "rounded_first",
        "primary_above",
        "published_above",
        "lowest",
        edition_confidence="confidence",
    )


def index_of(rows: Table, key: tuple[str, ...], breakpoints: Table, items: Table) -> Table:
    """The index of each key and edition from its concentrations."""
    steps = items.select("item", "steps")
    rows = beside(rows, steps, "item")
    rounded = ibis.ifelse(rows.rounded_first, rounded_half_even(rows.value, rows.steps), rows.value)
    rows = _with_individual_index(rows.mutate(concentration=rounded), breakpoints)
    sums = rows.group_by(*key, "edition").agg(
        **{
            name: _.iaqi.max(where=(_.item == item) & _.averaging.endswith(averaging))
            for (item, averaging), name in COLUMNS.items()
        },
        aqi_of_present=_.iaqi.max(),
        primary_above=_.primary_above.max(),
        published_above=_.published_above.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return _published(sums)


def _with_individual_index(rows: Table, breakpoints: Table) -> Table:
    """Each concentration with the index between its breakpoints; above the last of them the one
    that the edition gives, which may be none.
    """
    bands = breakpoints.select(
        "conc_low",
        "conc_high",
        "iaqi_low",
        "iaqi_high",
        "beyond",
        of_edition="edition",
        of_item="item",
        of_averaging="averaging",
    )
    tops = bands.group_by("of_edition", "of_item", "of_averaging").agg(top=_.conc_high.max())
    bands = beside(bands, tops, ["of_edition", "of_item", "of_averaging"])
    met = rows.inner_join(
        bands,
        [
            rows.edition == bands.of_edition,
            rows.item == bands.of_item,
            rows.averaging == bands.of_averaging,
            (rows.concentration > bands.conc_low)
            | ((rows.concentration == 0) & (bands.conc_low == 0)),
            (rows.concentration <= bands.conc_high) | (bands.conc_high == bands.top),
        ],
    )
    between = individual_index(
        met.concentration, met.conc_low, met.conc_high, met.iaqi_low, met.iaqi_high
    )
    iaqi = ibis.ifelse(met.concentration > met.top, met.beyond, between)
    return met.mutate(iaqi=ibis.greatest(iaqi, ibis.ifelse(iaqi.isnull(), iaqi, met.lowest)))


def _published(sums: Table) -> Table:
    """The index that is given, its primary pollutants (ties side by side), and what is missing."""
    present = {
        item: ibis.or_(*(sums[name].notnull() for (of, _a), name in COLUMNS.items() if of == item))
        for item in ITEMS
    }
    lacking = _listed({item: ~is_there for item, is_there in present.items()}, sums)
    withheld = (lacking != "") & (sums.aqi_of_present <= sums.published_above).fill_null(False)
    aqi = ibis.ifelse(withheld, ibis.null("float64"), sums.aqi_of_present)
    primary = _listed(
        {
            _said(item, averaging): (sums[name] == sums.aqi_of_present)
            & (sums[name] > sums.primary_above)
            for (item, averaging), name in COLUMNS.items()
        },
        sums,
    )
    return sums.mutate(
        aqi=aqi,
        primary_items=ibis.ifelse(aqi.isnull(), ibis.null("string"), primary.nullif("")),
        missing=ibis.cases(
            (withheld, coded("air_withheld", lacking)),
            (lacking != "", coded("air_items_missing", lacking)),
            else_=ibis.null("string"),
        ),
    ).drop("primary_above", "published_above")


def _said(item: str, averaging: str) -> str:
    """An item as a primary pollutant is named: of ozone with its averaging."""
    return f"{item}_{averaging}" if item == OZONE else item


def _listed(holds: dict[str, ibis.Value], rows: Table) -> ibis.Value:
    """The names of those that hold, with a comma between them; empty where none does."""
    words = [
        ibis.ifelse(condition.fill_null(False), f"{name},", "") for name, condition in holds.items()
    ]
    text = words[0]
    for word in words[1:]:
        text = text + word
    return text.re_replace(",$", "")


def _index_alone(reported: Table, days: Table, editions: Table) -> Table:
    """Reported days that have an index and no concentrations."""
    stated = reported.mutate(stated=as_reported(reported)).filter(_.aqi.notnull())
    with_figures = days.filter(days.method == FROM_DAYS).select("place", "day").distinct()
    alone = stated.anti_join(with_figures, ["place", "day"])
    terms = editions.select(
        "primary_above", of_edition="edition", since="valid_from", until="valid_to"
    )
    met = alone.inner_join(
        terms,
        [
            (alone.edition == terms.of_edition)
            | (
                alone.edition.isnull()
                & (terms.since.isnull() | (alone.day >= terms.since))
                & (terms.until.isnull() | (alone.day <= terms.until))
            )
        ],
    )
    return met.select(
        "place",
        "day",
        method=ibis.literal(FROM_DAYS),
        edition=met.of_edition,
        **{name: ibis.null("float64") for name in COLUMNS.values()},
        aqi_of_present=met.aqi.cast("float64"),
        confidence=met.stated,
        demo=met._demo,
        aqi=met.aqi.cast("float64"),
        primary_items=ibis.ifelse(
            met.aqi > met.primary_above, met.primary_item, ibis.null("string")
        ),
        missing=ibis.null("string"),
    )


def with_level(rows: Table, levels: Table) -> Table:
    """With the level of the index, and whether that is a good or a heavy day."""
    bands = levels.select("level", "aqi_low", "aqi_high", "good", "heavy")
    met = rows.left_join(bands, [rows.aqi >= bands.aqi_low, rows.aqi <= bands.aqi_high])
    return met.select(*rows.columns, level=met.level.cast("int64"), good=met.good, heavy=met.heavy)


def ruled(rows: Table, editions: Table, chosen: str) -> Table:
    """With whether the edition is the one that rules on the day."""
    if chosen != BY_DATE:
        return rows.mutate(ruling=rows.edition == chosen)
    dates = editions.select("edition", since="valid_from", until="valid_to")
    dated = beside(rows, dates, "edition")
    in_term = (dated.since.isnull() | (dated.day >= dated.since)) & (
        dated.until.isnull() | (dated.day <= dated.until)
    )
    return dated.mutate(ruling=in_term).drop("since", "until")
