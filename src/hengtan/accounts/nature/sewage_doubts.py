"""Accounts: years of the sewage services of a place, and what the case files of services and the
months of the works state differently.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account

PLACE = ("place", "year")
ITEMS = {
    "treated": "treated_whole",
    "discharged": "discharged",
    "sludge_made": "sludge_made_whole",
    "sludge_harmless": "sludge_harmless_whole",
}
"""Columns of ``sewage_years`` beside those of ``sewage_rates``."""
ROUNDED = 0.001
"""A part of the whole that figures written in 万立方米 may lose."""


@account(
    key=("place", "service", "period"),
    unit="m³; t",
    cites=("hengtan:case_files",),
    maps={
        "sewage_services": Same("service"),
        "sewage_years": Same("service", "period"),
        "place_within": Same(place="home", within="place"),
    },
)
def sewage_placed_years(sewage_services: Table, sewage_years: Table, place_within: Table) -> Table:
    """The years on file of the services that lie in a place or in what lies in it: sewage
    discharged and treated [m³], dry sludge made and treated harmlessly [t].
    """
    within = place_within.select("within", home="place")
    figures = sewage_years.select(
        *("service", "period", *ITEMS),
        year=_.period_end.year().cast("int64"),
        confidence=as_reported(sewage_years),
        demo=_._demo,
    )
    lies = sewage_services.select("service", home="place")
    return figures.inner_join(lies, "service").inner_join(within, "home").rename(place="within")


@account(
    key=(*PLACE, "item"),
    unit="m³; t",
    cites=("hengtan:sewage-network", "hengtan:case_files"),
    maps={
        "sewage_placed_years": Same(*PLACE),
        "sewage_services": Same("place"),
        "sewage_rates": Same(*PLACE),
    },
)
def sewage_doubts(sewage_placed_years: Table, sewage_services: Table, sewage_rates: Table) -> Table:
    """Amounts of a place and year that the sum over the services on file and the months of all its
    works (sewage discharged: the year of the place) state differently, by more than rounding.

    Only places that have a service of their own are compared, with months that no works in use
    lack; the services are summed as far as they are on file. They count for targets.
    """
    filed = _by_services(sewage_placed_years, sewage_services)
    rows = filed.inner_join(sewage_rates, list(PLACE))
    compared = [
        rows.select(
            *PLACE,
            item=ibis.literal(item),
            by_services=rows[f"filed_{item}"],
            by_works=rows[of_works],
            confidence=worst_of(rows.of_services, rows.confidence),
            demo=rows.services_demo | rows.demo,
        )
        for item, of_works in ITEMS.items()
    ]
    figures = ibis.union(*compared).mutate(gap=_.by_services - _.by_works)
    differing = figures.filter(_.gap.abs() > ROUNDED * _.by_works.abs())
    of_place = differing.item == "discharged"
    return differing.mutate(
        reason=ibis.ifelse(of_place, "sewage_discharge_differs", "sewage_services_differ")
    )


def _by_services(placed: Table, services: Table) -> Table:
    """Sums over the services in each place that has one of its own, by year."""
    own = services.select("place").distinct()
    return (
        placed.semi_join(own, "place")
        .group_by(*PLACE)
        .agg(
            **{f"filed_{item}": _[item].sum() for item in ITEMS},
            of_services=worst_in(_.confidence),
            services_demo=_.demo.any(),
        )
    )
