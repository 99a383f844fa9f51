"""Account: zero-carbon parks from the records of their firms, with the green power that these may
count.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

PARK = ("park", "year")
KWH_A_MWH = 1000


@account(
    key=PARK,
    unit="tce; t CO2; kWh",
    cites=("GB/T 2589-2020", "GB/T 32150-2015", "NDRC-2023-1044"),
    maps={
        "park_figures": Same(*PARK),
        "park_members": Same("park"),
        "zero_carbon_years": Same("park"),
        "green_power_balances": Same("year"),
    },
)
def zero_carbon_figures(
    park_figures: Table,
    park_members: Table,
    zero_carbon_years: Table,
    green_power_balances: Table,
) -> Table:
    """Each park's year with its green power: what its firms may count of contracts and cancelled
    certificates where they have accounts of them, else what the park reports. The factor of power
    is that reported with the year, else the published one.
    """
    reported = zero_carbon_years.select(
        "park",
        "own_factor",
        year=_.period_end.year().cast("int64"),
        stated=as_reported(zero_carbon_years),
    )
    of_firms = green_power_balances.group_by("entity", "year").agg(
        counted=_.settled.sum() + _.certified.sum() * KWH_A_MWH,
        green_confidence=worst_in(_.confidence),
    )
    years = park_figures.select(*PARK)
    stays = park_members.select("park", "entity", "begins", "ends").inner_join(years, "park")
    last_day = ibis.date(stays.year.cast("int32"), 12, 31)
    stays = stays.filter(
        (stays.begins <= last_day) & (stays.ends.isnull() | (stays.ends >= last_day))
    )
    firms = stays.select(*PARK, "entity").distinct().inner_join(of_firms, ["entity", "year"])
    green = firms.group_by(*PARK).agg(
        green_of_firms=_.counted.sum(), green_confidence=worst_in(_.green_confidence)
    )
    rows = park_figures.pipe(beside, green, list(PARK)).pipe(beside, reported, list(PARK))
    from_ledger = rows.green_of_firms.notnull()
    return rows.mutate(
        green_power=ibis.coalesce(rows.green_of_firms, rows.green_power),
        green_from=ibis.ifelse(from_ledger, "green_power_balances", "park_years"),
        power_factor=ibis.coalesce(rows.own_factor, rows.power_factor),
        confidence=worst_of(rows.confidence, rows.green_confidence, rows.stated),
    ).drop("green_of_firms", "green_confidence", "own_factor", "stated", "net_carbon")
