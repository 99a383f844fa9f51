"""Accounts: what taxes are reckoned on, from records kept for other ends: monitoring of permits,
meters of intakes, output of gas blocks; and the periods that returns are due for.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import KILOGRAMS_A_TONNE
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.basis.numeric import maximum
from hengtan.graph import Same, account, beside

CASE_FILES = "hengtan:case_files"


@account(
    key=("entity", "permit", "outlet", "pollutant", "period"),
    unit="kg; mg/L or mg/m³",
    cites=("HJ 944-2018",),
    maps={
        "permit_emission_months": Same("permit", "outlet", "pollutant", "period"),
        "discharge_permits": Same("permit"),
        "env_tax_sources": Same("permit", "outlet"),
    },
)
def env_tax_readings(
    permit_emission_months: Table, discharge_permits: Table, env_tax_sources: Table
) -> Table:
    """What each outlet of a payer emitted of a pollutant in a month, with its mean and highest
    concentration beside the limit of the permit, and what the payer says of the outlet.

    ``highest`` is missing where no highest daily mean was filed: relief then is not established.
    """
    owners = discharge_permits.select("permit", "entity")
    sources = env_tax_sources.select(
        "permit", "outlet", "to_plant", "exempt", "dust", of_source=as_reported(env_tax_sources)
    )
    months = permit_emission_months.inner_join(owners, "permit")
    rows = beside(months, sources, ["permit", "outlet"])
    return rows.select(
        "entity",
        "permit",
        "outlet",
        "pollutant",
        "period",
        "medium",
        "concentration",
        "flow",
        "exempt",
        "dust",
        month=_.period,
        item=_.permit + " " + _.outlet,
        quarter=_quarter(_.period_end),
        amount=_.emitted * KILOGRAMS_A_TONNE,
        standard=_.concentration_limit,
        highest=ibis.ifelse(_.highest_known, _.highest, ibis.null("float64")),
        to_plant=_.to_plant.fill_null(False),
        confidence=worst_of(_.confidence, _.of_source),
        demo=_.demo,
    )


@account(
    key=("entity", "period"),
    unit="CNY",
    cites=(CASE_FILES,),
    maps={
        "env_tax_readings": Same("entity", quarter="period"),
        "env_tax_solids": Same("entity"),
        "env_tax_noises": Same("entity"),
        "tax_returns": Same("entity", "period"),
    },
)
def env_tax_quarters(
    env_tax_readings: Table, env_tax_solids: Table, env_tax_noises: Table, tax_returns: Table
) -> Table:
    """The quarters that a payer has records of, with the return that was filed for each."""
    read = env_tax_readings.select("entity", "quarter", "confidence", "demo")
    others = [
        table.select(
            "entity",
            quarter=_quarter(table.period_end),
            confidence=as_reported(table),
            demo=table._demo,
        )
        for table in (env_tax_solids, env_tax_noises)
    ]
    quarters = (
        read.union(*others)
        .group_by("entity", period=_.quarter)
        .agg(confidence=worst_in(_.confidence), demo=_.demo.any())
    )
    return beside(quarters, _filed(tax_returns, "env"), ["entity", "period"])


@account(
    key=("intake", "period"),
    unit="m³; kWh",
    cites=(CASE_FILES,),
    maps={"water_intake_months": Same("intake"), "water_intakes": Same("intake")},
)
def water_intake_use(water_intake_months: Table, water_intakes: Table) -> Table:
    """Water and power of an intake by month, by its readings where no volume is filed, the water of
    the year so far, and what the permit of the year still allowed at the beginning of the month.
    """
    months = water_intake_months.mutate(
        year=_.period_end.year().cast("int64"),
        water=ibis.coalesce(_.volume, _.meter_to - _.meter_from),
        stated=as_reported(water_intake_months),
    )
    of_year = ibis.window(
        group_by=["intake", "year"], order_by="period_end", preceding=None, following=0
    )
    months = months.mutate(so_far=_.water.sum().over(of_year))
    heads = water_intakes.select(
        "intake", "entity", "permitted", "filing", of_head=as_reported(water_intakes)
    )
    rows = beside(months, heads, "intake")
    before = rows.so_far - rows.water.fill_null(0.0)
    left = maximum(rows.permitted - before, 0.0)
    return rows.select(
        "intake",
        "entity",
        "period",
        "filing",
        "generation",
        "so_far",
        "permitted",
        month=_.period,
        quarter=_quarter(_.period_end),
        volume=_.water,
        permit_left=left,
        confidence=worst_of(_.stated, _.of_head),
        demo=_._demo,
    )


@account(
    key=("intake", "period"),
    unit="m³",
    cites=(CASE_FILES,),
    maps={
        "water_intake_use": Same("intake"),
        "tax_returns": Same("entity", "period"),
    },
)
def water_filings(water_intake_use: Table, tax_returns: Table) -> Table:
    """The months or quarters that an intake has a return due for, with the return filed by its
    holder.
    """
    periods = (
        water_intake_use.mutate(of_return=_of_return(water_intake_use))
        .group_by("intake", "entity", period=_.of_return)
        .agg(
            volume=_.volume.sum(),
            months=_.count(),
            confidence=worst_in(_.confidence),
            demo=_.demo.any(),
        )
    )
    return beside(periods, _filed(tax_returns, "water"), ["entity", "period"])


@account(
    key=("site", "period"),
    unit="CNY; m³ or t",
    cites=(CASE_FILES,),
    maps={
        "resource_sales": Same("site", "period"),
        "resource_sites": Same("site"),
        "gas_block_months": Same("period", block="block"),
    },
)
def resource_sale_months(
    resource_sales: Table, resource_sites: Table, gas_block_months: Table
) -> Table:
    """What a site sold in a month with its own use at its value, beside what its gas block put out;
    ``unaccounted`` is output less sales and own use, negative where more was sold than put out; not
    given where own use is blank.
    """
    output = gas_block_months.select(
        "block", "period", "output", of_block=as_reported(gas_block_months)
    )
    heads = resource_sites.select(
        "site", "entity", "block", "filing", of_head=as_reported(resource_sites)
    )
    sales = resource_sales.mutate(stated=as_reported(resource_sales))
    rows = beside(beside(sales, heads, "site"), output, ["block", "period"])
    sold = ibis.coalesce(rows.sold_volume, rows.sold_tonnes)
    own = ibis.coalesce(rows.own_volume, rows.own_tonnes)
    return rows.select(
        "site",
        "entity",
        "period",
        "filing",
        "block",
        "output",
        month=_.period,
        quarter=_quarter(_.period_end),
        sales=_with_own_use(_.sales, _.own_use_value),
        amount=_with_own_use(sold, own),
        unaccounted=rows.output - rows.sold_volume - rows.own_volume,
        confidence=worst_of(_.stated, _.of_head, _.of_block),
        demo=_._demo,
    )


@account(
    key=("site", "period"),
    unit="CNY",
    cites=(CASE_FILES,),
    maps={
        "resource_sale_months": Same("site"),
        "tax_returns": Same("entity", "period"),
    },
)
def resource_filings(resource_sale_months: Table, tax_returns: Table) -> Table:
    """The months or quarters that a site has a return due for, with the return of its holder."""
    periods = (
        resource_sale_months.mutate(of_return=_of_return(resource_sale_months))
        .group_by("site", "entity", period=_.of_return)
        .agg(
            sales=_.sales.sum(),
            output=_.output.sum(),
            unaccounted=known_sum(_.unaccounted),
            months=_.count(),
            confidence=worst_in(_.confidence),
            demo=_.demo.any(),
        )
    )
    return beside(periods, _filed(tax_returns, "resource"), ["entity", "period"])


def _quarter(day: Any) -> Any:
    """The quarter of a day as periods are written: ``2024-Q1``."""
    return day.year().cast("string") + "-Q" + day.quarter().cast("string")


def _of_return(rows: Table) -> Any:
    """The period of the return that a month belongs to."""
    return ibis.ifelse(rows.filing == "quarter", rows.quarter, rows.month)


def _filed(tax_returns: Table, tax: str) -> Table:
    """The returns of a tax as columns beside what they are of."""
    return tax_returns.filter(_.tax == tax).select("entity", "period", "declared", "filed", "paid")


def _with_own_use(sold: Any, own: Any) -> Any:
    """What was sold with own use that counts as sold; missing only where neither is filed."""
    return ibis.ifelse(sold.isnull() & own.isnull(), sold, sold.fill_null(0.0) + own.fill_null(0.0))
