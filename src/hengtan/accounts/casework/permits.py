"""Accounts: what the outlets of permits emitted in a year by their monthly monitoring, beside what
is permitted.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import waste_gas_load, waste_water_load
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account, beside, first_of

OUTLET = ("permit", "outlet", "pollutant")


@account(
    key=(*OUTLET, "year"),
    unit="t; mg/L or mg/m³",
    cites=("HJ 944-2018",),
    maps={"permit_months": Same(*OUTLET), "permit_limits": Same(*OUTLET)},
)
def permit_emission_years(permit_months: Table, permit_limits: Table) -> Table:
    """Emitted amount of each outlet and pollutant by year, months with monitoring, those above the
    permitted concentration, the highest daily mean, and the limits in force at the end of the year.

    The amount is the sum over months of mean concentration times flow; a month without monitoring
    is not in it and shows in ``months``.
    """
    months = permit_months.mutate(
        year=_.period_end.year().cast("int64"),
        load=ibis.ifelse(
            _.medium == "water",
            waste_water_load(_.concentration, _.flow),
            waste_gas_load(_.concentration, _.flow),
        ),
        peak=ibis.coalesce(_.highest, _.concentration),
        stated=as_reported(permit_months),
    )
    limits = _limits_of_months(months, permit_limits)
    months = beside(months, limits, ["_submission", "_row"])
    years = months.group_by(*OUTLET, "year").agg(
        emitted=_.load.sum(),
        highest=_.peak.max(),
        months=_.period.nunique(),
        months_over=(_.peak > _.month_limit).fill_null(False).sum().cast("int64"),
        last_limit=_.month_limit.argmax(_.period_end),
        annual=_.month_annual.argmax(_.period_end),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
    return years.select(
        *OUTLET,
        "year",
        "emitted",
        "highest",
        "months",
        "months_over",
        "annual",
        "confidence",
        "demo",
        concentration_limit=_.last_limit,
        item=_.outlet + " " + _.pollutant,
    )


def _limits_of_months(months: Table, permit_limits: Table) -> Table:
    """The limit and the yearly amount that were in force in each month."""
    limits = permit_limits.select(
        *OUTLET, "begins", month_limit="concentration_limit", month_annual="annual"
    )
    pairs = months.select("_submission", "_row", *OUTLET, "period_end").inner_join(
        limits, list(OUTLET)
    )
    in_force = pairs.filter(pairs.begins <= pairs.period_end)
    latest = first_of(in_force, ["_submission", "_row"], [_.begins.desc()])
    return latest.select("_submission", "_row", "month_limit", "month_annual")
