"""Accounts of the pool of green projects: the CO2 each cuts by what it saves or generates, the
money for a tonne, and the fund channels whose words and conditions it meets.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2, heat_co2, per_unit, power_co2
from hengtan.accounts.casework.power_factors import power_factors_of
from hengtan.accounts.casework.projects import NO_NUMBER, NO_TEXT
from hengtan.accounts.energy.formulas import energy_content
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

EFFECT = ("project", "product")


@account(
    key=("project",),
    unit="kgCO2/kWh; tCO2/GJ",
    cites=("mee.grid_factors", "enterprise.guide"),
    maps={"financed_projects": Same("project"), "grid_factors": "all", "inventory_factors": "all"},
)
def pool_power_factors(
    financed_projects: Table,
    grid_factors: Table,
    inventory_factors: Table,
    grid_factor_kind: str = "average",
) -> Table:
    """The factors of power and heat of each project of the pool: that published for the year it
    names, else for the year it entered in; missing where none was published.
    """
    projects = financed_projects.select(
        "project", "place", factor_year=ibis.coalesce(_.factor_year, _.entered.year())
    )
    return power_factors_of(projects, grid_factors, inventory_factors, grid_factor_kind)


@account(
    key=EFFECT,
    unit="t CO2",
    cites=("enterprise.guide", "mee.grid_factors"),
    maps={
        "financed_effects": Same(*EFFECT),
        "pool_power_factors": Same("project"),
        "energy_products": Same("product"),
        "unit_factors": "all",
        "energy_factors": Same("product"),
    },
)
def pool_effects(
    financed_effects: Table,
    pool_power_factors: Table,
    energy_products: Table,
    unit_factors: Table,
    energy_factors: Table,
    enterprise_factor_set: str = "ndrc_ent2015",
) -> Table:
    """The CO2 cut by each product that a project saves, replaces or generates in a year. Biomass
    cuts none.
    """
    known = energy_products.select("product", "canonical_unit", "fuel", "biogenic")
    units = unit_factors.select("unit", "factor", unit_canonical="canonical_unit")
    burning = energy_factors.filter(_.factor_set == enterprise_factor_set).select(
        "product", "ncv", "carbon_content", "oxidation", burning_confidence="confidence"
    )
    rows = (
        financed_effects.mutate(reported=as_reported(financed_effects))
        .pipe(beside, known, "product")
        .pipe(beside, units, "unit")
        .pipe(beside, burning, "product")
        .pipe(beside, pool_power_factors, "project")
    )
    fits = (rows.unit_canonical == rows.canonical_unit).fill_null(False)
    saved = ibis.ifelse(fits, rows.amount * rows.factor, NO_NUMBER)
    is_power, is_heat = rows["product"] == "electricity", rows["product"] == "heat"
    of_fuel = fuel_co2(energy_content(saved, rows.ncv), rows.carbon_content, rows.oxidation)
    cut = ibis.cases(
        (is_power, power_co2(saved, rows.power_factor)),
        (is_heat, heat_co2(saved, rows.heat_factor)),
        (rows.fuel & rows.biogenic, saved * 0.0),
        (rows.fuel, of_fuel),
        else_=NO_NUMBER,
    )
    return rows.select(
        *EFFECT,
        "canonical_unit",
        saved=saved,
        cut=cut,
        confidence=worst_of(
            rows.reported,
            ibis.ifelse(is_power, rows.power_confidence, NO_TEXT),
            ibis.ifelse(is_heat, rows.heat_confidence, NO_TEXT),
            ibis.ifelse(rows.fuel, rows.burning_confidence, NO_TEXT),
        ),
        missing=ibis.cases(
            (~fits, coded("unit_misfit", rows.unit)),
            (is_power & cut.isnull(), coded("no_grid_factor_of_project", rows.factor_year)),
            (cut.isnull(), coded("no_fuel_factor", enterprise_factor_set, rows["product"])),
            else_=NO_TEXT,
        ),
        demo=rows._demo,
    )


@account(
    key=("project",),
    unit="t CO2; yuan per t/a",
    cites=("hengtan:pool",),
    maps={"financed_projects": Same("project"), "pool_effects": Same("project")},
)
def pool_cuts(financed_projects: Table, pool_effects: Table) -> Table:
    """The CO2 that a project cuts in a year, and the investment and the money asked for by tonne;
    an effect that could not be worked out leaves the sum missing.
    """
    effects = pool_effects.group_by("project").agg(
        sum_of_cuts=_.cut.sum(),
        missing=_.missing.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    rows = financed_projects.select("project", "place", "investment", "requested").inner_join(
        effects, "project"
    )
    rows = rows.mutate(cut=ibis.ifelse(_.missing.notnull(), NO_NUMBER, _.sum_of_cuts))
    is_cut = rows.cut > 0
    return rows.select(
        "project",
        "place",
        "cut",
        invested_by_tonne=ibis.ifelse(is_cut, per_unit(rows.investment, rows.cut), NO_NUMBER),
        asked_by_tonne=ibis.ifelse(is_cut, per_unit(rows.requested, rows.cut), NO_NUMBER),
        confidence=rows.confidence,
        missing=rows.missing,
        demo=rows.demo,
    )


@account(
    key=("project", "channel"),
    unit=None,
    cites=("hengtan:channels",),
    maps={
        "financed_projects": Same("project"),
        "fund_channels": Same("channel"),
        "pool_cuts": Same("project"),
        "place_within": "all",
    },
)
def pool_channels(
    financed_projects: Table, fund_channels: Table, pool_cuts: Table, place_within: Table
) -> Table:
    """Each project beside the channels of a place that it lies in whose word its name or
    description holds: whether it meets the conditions, and the first that it misses.

    A condition on a figure that is not known is not met.
    """
    within = place_within.select(project_place="place", place="within")
    costs = pool_cuts.select("project", "asked_by_tonne")
    channels = fund_channels.mutate(sure=as_reported(fund_channels)).select(
        "channel",
        "place",
        "title",
        "word",
        "least_investment",
        "most_share",
        "most_cost",
        "ends",
        channel_demo="_demo",
        channel_sure="sure",
    )
    rows = (
        financed_projects.mutate(sure=as_reported(financed_projects))
        .select(
            "project",
            "investment",
            "requested",
            "sure",
            demo="_demo",
            project_place="place",
            text=_.project_name + " " + _.description,
        )
        .inner_join(within, "project_place")
        .inner_join(channels, "place")
        .pipe(beside, costs, "project")
    )
    rows = rows.filter(rows.text.contains(rows.word))
    asked = per_unit(rows.requested, rows.investment)
    too_small = rows.least_investment.notnull() & (rows.investment < rows.least_investment)
    too_much = rows.most_share.notnull() & ~(asked <= rows.most_share).fill_null(False)
    too_dear = rows.most_cost.notnull() & ~(rows.asked_by_tonne <= rows.most_cost).fill_null(False)
    return rows.select(
        "project",
        "channel",
        "title",
        "word",
        "ends",
        fits=~(too_small | too_much | too_dear),
        misses=ibis.cases(
            (too_small, "investment"), (too_much, "share"), (too_dear, "cost"), else_="fits"
        ),
        confidence=worst_of(rows.sure, rows.channel_sure),
        demo=rows.demo | rows.channel_demo,
    )
