"""Accounts: sewage works by month and year: load against design, what is taken out, power."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import unit_price, waste_water_load
from hengtan.accounts.nature.formulas_sewage import load_share, removed_share
from hengtan.accounts.nature.parameters import with_parameters
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

POLLUTANTS = ("bod", "cod", "ammonia", "tn", "tp")
NETWORK = ("hengtan:sewage-network",)
MONTHS = 12
FULL = 100.0


@account(
    key=("works", "period"),
    unit="m³; t; %; kWh/m³",
    cites=NETWORK,
    maps={
        "sewage_work_months": Same("works", "period"),
        "sewage_works": Same("works"),
        "water_parameters": "all",
    },
)
def sewage_months(sewage_work_months: Table, sewage_works: Table, water_parameters: Table) -> Table:
    """Each month of sewage works: inflow against design, loads in and out, shares taken out, power
    by cubic metre treated.

    ``reason`` names what plant and network together show: above design while the inflow is thin
    (rain or groundwater gets in), above design, or thin inflow (sewage that does not arrive).
    """
    register = sewage_works.select("works", "works_name", "place", "design_load")
    months = sewage_work_months.mutate(
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month().cast("int64"),
        day=_.period_end,
        days=_.period_end.delta(_.period_start, unit="day") + 1,
        stated=as_reported(sewage_work_months),
        demo=_._demo,
    )
    rows = beside(months, register, "works")
    rows = with_parameters(rows, water_parameters, {"sewage.inflow_bod": "inflow_bod_goal"})
    figures: dict[str, Any] = {}
    for name in POLLUTANTS:
        into, out = rows[f"{name}_in"], rows[f"{name}_out"]
        figures[f"{name}_load_in"] = waste_water_load(into, rows.inflow)
        figures[f"{name}_load_out"] = waste_water_load(out, rows.treated)
        figures[f"{name}_removed"] = removed_share(into, out)
    load = load_share(rows.inflow, rows.design_load, rows.days)
    over, thin = load > FULL, rows.bod_in < rows.inflow_bod_goal
    return rows.select(
        *("works", "works_name", "place", "period", "year", "month", "inflow", "treated"),
        *("bod_in", "power", "sludge_made", "sludge_harmless", "design_load", "inflow_bod_goal"),
        load_share=load,
        power_by_volume=unit_price(rows.power, rows.treated),
        **figures,
        reason=ibis.cases(
            (over & thin, "sewage_over_and_thin"),
            (over, "sewage_over_design"),
            (thin, "sewage_thin_inflow"),
        ),
        missing=ibis.cases(
            (rows.place.isnull(), "sewage_works_unknown"),
            (rows.bod_in.isnull(), "sewage_bod_lacking"),
        ),
        confidence="stated",
        demo="demo",
    )


@account(
    key=("works", "year"),
    unit="m³; t; %; mg/L; kWh/m³",
    cites=NETWORK,
    maps={"sewage_months": Same("works", "year")},
)
def sewage_work_years(sewage_months: Table) -> Table:
    """Each year of sewage works: sums, BOD5 of the inflow weighted by flow, power by cubic metre
    treated in the months that have both, and how many months ran above design.
    """
    with_bod = _.bod_load_in.notnull()
    with_power = _.power.notnull() & _.treated.notnull()
    years = sewage_months.group_by("works", "year").agg(
        works_name=_.works_name.max(),
        place=_.place.max(),
        months=_.period.nunique(),
        inflow=_.inflow.sum(),
        treated=_.treated.sum(),
        months_treated=_.treated.count(),
        bod_collected=_.bod_load_in.sum(),
        months_bod=_.bod_load_in.count(),
        inflow_with_bod=_.inflow.sum(where=with_bod),
        load_share=_.load_share.mean(),
        months_over=_.count(where=_.load_share > FULL),
        power=_.power.sum(),
        power_paired=_.power.sum(where=with_power),
        treated_paired=_.treated.sum(where=with_power),
        sludge_made=_.sludge_made.sum(),
        sludge_harmless=_.sludge_harmless.sum(),
        months_sludge=_.count(where=_.sludge_made.notnull() & _.sludge_harmless.notnull()),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return years.mutate(
        bod_in=unit_price(years.bod_collected * 1e6, years.inflow_with_bod),
        power_by_volume=unit_price(years.power_paired, years.treated_paired),
        missing=ibis.ifelse(
            years.months < MONTHS,
            coded("sewage_months_lacking", years.months),
            ibis.null("string"),
        ),
    ).drop("power_paired", "treated_paired")
