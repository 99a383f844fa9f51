"""Accounts: hazardous waste received, treated and in stock under each licence, by year; licences
that are new by kind, place and year.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, known_sum, worst_in
from hengtan.graph import Same, account, beside

LINE = ("licence", "category")


@account(
    key=(*LINE, "year"),
    unit="t",
    cites=("hengtan:hazwaste",),
    maps={"hazwaste_months": Same(*LINE), "hazwaste_classes": Same(*LINE)},
)
def hazwaste_years(hazwaste_months: Table, hazwaste_classes: Table) -> Table:
    """Received, treated and handed on in a year by licence and category, the stock at the end of
    its last month, whether the licence has the category, and the amount it has for it.
    """
    months = hazwaste_months.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(hazwaste_months)
    )
    years = months.group_by(*LINE, "year").agg(
        waste_received=_.received.sum(),
        waste_treated=known_sum(_.treated),
        handed_on=known_sum(_.handed_on),
        waste_stock=_.stock.argmax(_.period_end),
        months_reported=_.period.nunique(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
    licensed = hazwaste_classes.select(*LINE, "annual", named="category")
    rows = beside(years, licensed, list(LINE))
    return rows.mutate(category_listed=rows.named.notnull()).drop("named")


@account(
    key=("kind", "place", "year"),
    unit="licences",
    cites=("hengtan:hazwaste",),
    maps={
        "hazwaste_licences": Same("kind"),
        "place_within": Same(within="place"),
        "calendar_years": Same("year"),
    },
)
def hazwaste_units_added(
    hazwaste_licences: Table,
    place_within: Table,
    calendar_years: Table,
    judged_on: ibis.Value,
) -> Table:
    """Licences whose first one was issued in the year, by kind and place with what lies in it;
    renewals add nothing. A year without new ones counts zero, from the first licence on file to
    the year of the day judged.
    """
    licences = hazwaste_licences.mutate(stated=as_reported(hazwaste_licences))
    licences = licences.filter(licences.first_issued <= judged_on).select(
        "kind", "stated", "_demo", "place", first_year=_.first_issued.year().cast("int64")
    )
    within = place_within.select("place", within="within")
    placed = licences.inner_join(within, "place").drop("place").rename(place="within")
    since = placed.group_by("kind", "place").agg(
        since=_.first_year.min(), confidence=worst_in(_.stated), demo=_._demo.any()
    )
    years = since.cross_join(calendar_years.select("year"))
    years = years.filter((years.year >= years.since) & (years.year <= judged_on.year()))
    counted = placed.group_by("kind", "place", year="first_year").agg(units=_.count())
    rows = beside(years, counted, ["kind", "place", "year"])
    return rows.mutate(added=rows.units.fill_null(0)).drop("units", "since")
