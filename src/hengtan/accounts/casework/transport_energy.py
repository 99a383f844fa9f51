"""Accounts: years of a site of transport with energy with their grid factor, and the energy of
sites by place, kind of site and year.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import power_co2
from hengtan.accounts.casework.power_factors import power_factors_of
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

SITE = ("site", "year")


@account(
    key=SITE,
    unit="kWh; kgCO2/kWh",
    cites=("hengtan:case_files", "mee.grid_factors"),
    maps={
        "transport_energy_sites": Same("site"),
        "transport_energy_months": Same("site"),
        "grid_factors": "all",
        "inventory_factors": "all",
    },
)
def transport_energy_years(
    transport_energy_sites: Table,
    transport_energy_months: Table,
    grid_factors: Table,
    inventory_factors: Table,
    grid_factor_kind: str = "average",
) -> Table:
    """Each year that a site reports of: its months, what they generated and used on site, and the
    grid factor published for the year, of its province, else for the year that the site names;
    missing where neither was published.
    """
    heads = transport_energy_sites.select(
        "place", "site", named_year=_.factor_year, stated=as_reported(transport_energy_sites)
    )
    months = transport_energy_months.mutate(
        year=_.period_end.year().cast("int64"), of_month=as_reported(transport_energy_months)
    )
    years = months.group_by("site", "year").agg(
        months=_.count().cast("int64"),
        generated=_.generated.sum(),
        used=_.used.sum(),
        of_months=worst_in(_.of_month),
        demo=_._demo.any(),
    )
    rows = years.inner_join(heads, "site")
    law = (grid_factors, inventory_factors, grid_factor_kind)
    of_year = rows.select("place", project=_.site, factor_year=_.year)
    own = power_factors_of(of_year, *law).select(
        own=_.power_factor, own_sure=_.power_confidence, site=_.project, year=_.factor_year
    )
    of_named = heads.filter(_.named_year.notnull())
    of_named = of_named.select("place", project=_.site, factor_year=_.named_year)
    named = power_factors_of(of_named, *law).select(
        named=_.power_factor, named_sure=_.power_confidence, site=_.project
    )
    rows = rows.pipe(beside, own, SITE).pipe(beside, named, ["site"])
    factor = ibis.coalesce(rows.own, rows.named)
    used_year = ibis.ifelse(rows.own.notnull(), rows.year, rows.named_year.cast("int64"))
    return rows.select(
        *SITE,
        "months",
        "generated",
        "used",
        "demo",
        power_factor=factor,
        factor_year=ibis.ifelse(factor.notnull(), used_year, None),
        confidence=ibis.ifelse(
            factor.notnull(),
            worst_of(rows.stated, rows.of_months, ibis.coalesce(rows.own_sure, rows.named_sure)),
            None,
        ),
        missing=ibis.ifelse(factor.isnull(), coded("no_grid_factor_of_site", rows.year), None),
    )


@account(
    key=("place", "site_kind", "year"),
    unit="kWh; t CO2",
    cites=("hengtan:case_files", "mee.grid_factors"),
    maps={
        "transport_energy_sites": Same("site_kind"),
        "transport_energy_months": "all",
        "transport_energy_years": Same("year"),
        "place_within": Same(within="place"),
    },
)
def transport_energy_places(
    transport_energy_sites: Table,
    transport_energy_months: Table,
    transport_energy_years: Table,
    place_within: Table,
) -> Table:
    """Energy of the sites of a place, with what lies in it, by kind of site and year, and the CO2
    not emitted; ``without_factor`` counts months that no factor was published for, which are not in
    it, ``without_charged`` those of sites with chargers that do not say what was charged.
    """
    months = transport_energy_months.mutate(
        year=_.period_end.year().cast("int64"), of_month=as_reported(transport_energy_months)
    )
    heads = transport_energy_sites.mutate(of_head=as_reported(transport_energy_sites))
    heads = heads.select("site", "site_kind", "place", "chargers", "of_head")
    factors = transport_energy_years.select(*SITE, "power_factor", of_factor=_.confidence)
    within = place_within.select("place", within="within")
    rows = beside(months, factors, SITE).inner_join(heads, "site").inner_join(within, "place")
    return rows.group_by("site_kind", "year", place=_.within).agg(
        sites=rows.site.nunique(),
        generated=rows.generated.sum(),
        used=rows.used.sum(),
        sent=rows.sent.sum(),
        charged=rows.charged.sum(),
        without_charged=((rows.chargers > 0).fill_null(False) & rows.charged.isnull())
        .sum()
        .cast("int64"),
        avoided=power_co2(rows.generated, rows.power_factor).sum(),
        without_factor=rows.power_factor.isnull().sum().cast("int64"),
        confidence=worst_in(worst_of(rows.of_month, rows.of_head, rows.of_factor)),
        demo=rows._demo.any(),
    )
