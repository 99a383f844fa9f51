"""Accounts: what the outlets of permits emitted by their monthly monitoring, by month and by year,
beside what is permitted.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import waste_gas_load, waste_water_load
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account, beside, first_of

OUTLET = ("permit", "outlet", "pollutant")
DECIMALS = 9
"""Of tonnes: a milligram, so that noise of sums is no emission above a permit."""


@account(
    key=(*OUTLET, "period"),
    unit="t; mg/L or mg/m³",
    cites=("HJ 944-2018",),
    maps={"permit_months": Same(*OUTLET), "permit_limits": Same(*OUTLET)},
)
def permit_emission_months(permit_months: Table, permit_limits: Table) -> Table:
    """Emitted amount of each outlet and pollutant by month, mean concentration times flow, with
    what was emitted in the year so far and the limits in force at the end of the month.

    ``highest`` is the highest daily mean, else (not ``highest_known``) the mean of the month;
    ``passes_annual`` the month in which the amount permitted for the year is passed.
    """
    months = permit_months.mutate(
        year=_.period_end.year().cast("int64"),
        emitted=ibis.ifelse(
            _.medium == "water",
            waste_water_load(_.concentration, _.flow),
            waste_gas_load(_.concentration, _.flow),
        ),
        peak=ibis.coalesce(_.highest, _.concentration),
        confidence=as_reported(permit_months),
    )
    limits = _limits_of_months(months, permit_limits)
    months = beside(months, limits, ["_submission", "_row"])
    of_year = ibis.window(
        group_by=[*OUTLET, "year"], order_by="period_end", preceding=None, following=0
    )
    months = months.mutate(so_far=_.emitted.sum().over(of_year).round(DECIMALS))
    before = (_.so_far - _.emitted).round(DECIMALS)
    passes = (_.so_far > _.annual) & (before <= _.annual)
    return months.select(
        *OUTLET,
        "period",
        "period_end",
        "year",
        "medium",
        "concentration",
        "flow",
        "emitted",
        "so_far",
        "concentration_limit",
        "monthly",
        "annual",
        "confidence",
        highest=_.peak,
        highest_known=_.highest.notnull(),
        passes_annual=passes.fill_null(False),
        item=_.outlet + " " + _.pollutant,
        demo=_._demo,
    )


@account(
    key=(*OUTLET, "year"),
    unit="t; mg/L or mg/m³",
    cites=("HJ 944-2018",),
    maps={"permit_emission_months": Same(*OUTLET, "year")},
)
def permit_emission_years(permit_emission_months: Table) -> Table:
    """Emitted amount of each outlet and pollutant by year, months with monitoring, those above the
    permitted concentration, the highest daily mean, and the limits in force at the end of the year.

    The amount is the sum over months of mean concentration times flow; a month without monitoring
    is not in it and shows in ``months``.
    """
    return permit_emission_months.group_by(*OUTLET, "year").agg(
        item=_.item.max(),
        emitted=_.emitted.sum().round(DECIMALS),
        highest=_.highest.max(),
        months=_.period.nunique(),
        months_over=(_.highest > _.concentration_limit).fill_null(False).sum().cast("int64"),
        concentration_limit=_.concentration_limit.argmax(_.period_end),
        annual=_.annual.argmax(_.period_end),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )


@account(
    key=(*OUTLET, "period"),
    unit="t; mg/L or mg/m³",
    cites=("HJ 944-2018",),
    maps={"permit_emission_months": Same(*OUTLET, "period")},
)
def permit_excesses(permit_emission_months: Table) -> Table:
    """The months in which an outlet was above its permit: by concentration, by the amount of the
    month, or where the year so far passed the amount of the year.
    """
    by_concentration = _.highest > _.concentration_limit
    by_month = _.emitted > _.monthly
    is_over = by_concentration.fill_null(False) | by_month.fill_null(False) | _.passes_annual
    return permit_emission_months.filter(is_over)


def _limits_of_months(months: Table, permit_limits: Table) -> Table:
    """The limits that were in force at the end of each month."""
    limits = permit_limits.select(*OUTLET, "begins", "concentration_limit", "monthly", "annual")
    pairs = months.select("_submission", "_row", *OUTLET, "period_end").inner_join(
        limits, list(OUTLET)
    )
    in_force = pairs.filter(pairs.begins <= pairs.period_end)
    latest = first_of(in_force, ["_submission", "_row"], [_.begins.desc()])
    return latest.select("_submission", "_row", "concentration_limit", "monthly", "annual")
