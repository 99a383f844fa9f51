"""Accounts: parks from the records of the firms in them."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import power_co2
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

PARK = ("park", "year")
TO_YUAN = 10_000


@account(
    key=PARK,
    unit="tce; t CO2; 10⁴ yuan; kWh",
    cites=("GB/T 2589-2020", "GB/T 32150-2015"),
    maps={
        "park_members": Same("park"),
        "park_years": Same("park"),
        "carbon_enterprise": Same("year"),
    },
)
def park_figures(park_members: Table, park_years: Table, carbon_enterprise: Table) -> Table:
    """Each park's year over the firms that are in it on its last day, with what the park itself
    reports.

    ``members_missing`` counts firms without records, or with incomplete ones: their part is not in
    the sums. CO2 is net of the green power the park reports.
    """
    reported = park_years.select(
        "park",
        "nonfossil",
        "green_power",
        "offsets",
        year=_.period_end.year().cast("int64"),
        own_value_added=_.value_added,
        stated=as_reported(park_years),
        own_demo=_._demo,
    )
    firms = carbon_enterprise.group_by("entity", "year").agg(
        energy=_.energy.sum(),
        direct=_.direct.sum(),
        heat_co2=_.heat_co2.sum(),
        power=_.power.sum(),
        power_factor=_.power_factor.max(),
        value_added=_.value_added.sum(),
        firm_lost=_.missing.notnull().any(),
        firm_confidence=worst_in(_.confidence),
        firm_demo=_.demo.any(),
    )
    years = firms.select("year").union(reported.select("year"), distinct=True)
    stays = stays_of(park_members, years)
    sums = (
        beside(stays, firms, ["entity", "year"])
        .group_by(*PARK)
        .agg(
            members=_.count().cast("int64"),
            members_missing=(_.energy.isnull() | _.firm_lost.fill_null(True)).sum().cast("int64"),
            energy_use=_.energy.sum(),
            direct=_.direct.sum(),
            heat_co2=_.heat_co2.sum(),
            power=_.power.sum(),
            power_factor=_.power_factor.max(),
            value_added_of_firms=_.value_added.sum(),
            confidence_of_firms=worst_in(_.firm_confidence),
            firms_demo=_.firm_demo.any(),
        )
    )
    rows = beside(sums.filter(_.energy_use.notnull()), reported, PARK)
    none = ibis.literal(0.0)
    bought = rows.power - ibis.coalesce(rows.green_power, none)
    return rows.select(
        *PARK,
        "members",
        "members_missing",
        "energy_use",
        "direct",
        "heat_co2",
        "power",
        "power_factor",
        "green_power",
        "nonfossil",
        "offsets",
        net_carbon=rows.direct
        + rows.heat_co2
        + ibis.ifelse(bought == 0, 0.0, power_co2(bought, rows.power_factor)),
        value_added_10k=ibis.coalesce(rows.own_value_added, rows.value_added_of_firms) / TO_YUAN,
        confidence=worst_of(rows.stated, rows.confidence_of_firms),
        demo=ibis.coalesce(rows.own_demo, rows.firms_demo, ibis.literal(False)),
    )


def stays_of(park_members: Table, years: Table, *more: str) -> Table:
    """The firms that are in each park on the last day of each year, with ``more`` of their columns
    (the first where two stays of a firm differ).
    """
    rows = park_members.select("park", "entity", "begins", "ends", *more).join(
        years,
        [
            park_members.begins <= ibis.date(years.year, 12, 31),
            park_members.ends.isnull() | (park_members.ends >= ibis.date(years.year, 12, 31)),
        ],
    )
    stays = rows.select("park", "entity", "year", *more).distinct()
    if not more:
        return stays
    firsts = {column: stays[column].min() for column in more}
    return stays.group_by("park", "entity", "year").agg(**firsts)
