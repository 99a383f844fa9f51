"""Accounts: pollution control measures of projects with the CO2 they bring or save, and the entries
of the region's catalogue of two-highs projects that a project falls under.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2, per_unit, power_co2
from hengtan.accounts.casework.projects import NO_NUMBER, NO_TEXT
from hengtan.accounts.energy.formulas import energy_content
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

MEASURE = ("project", "measure")


@account(
    key=(*MEASURE, "pollutant"),
    unit="t; t CO2; t CO2 per t",
    cites=("cq.eia_ghg_guides", "enterprise.guide"),
    maps={
        "project_measures": Same(*MEASURE),
        "project_power_factors": Same("project"),
        "energy_products": "all",
        "unit_factors": "all",
        "energy_factors": "all",
    },
)
def project_synergy(
    project_measures: Table,
    project_power_factors: Table,
    energy_products: Table,
    unit_factors: Table,
    energy_factors: Table,
    enterprise_factor_set: str = "ndrc_ent2015",
) -> Table:
    """Each measure and pollutant: what is removed in a year, the CO2 that the measure's own power
    and fuel bring (positive) or save, CO2 by tonne removed, and whether both fall.

    The CO2 of a measure is that of all its rows; process CO2 of a measure is not in it.
    """
    fuels = energy_products.select(fuel="product", fuel_canonical="canonical_unit")
    units = unit_factors.select("unit", "factor", unit_canonical="canonical_unit")
    burning = energy_factors.filter(_.factor_set == enterprise_factor_set).select(
        "ncv", "carbon_content", "oxidation", fuel="product", burning_confidence="confidence"
    )
    rows = (
        project_measures.mutate(reported=as_reported(project_measures))
        .pipe(beside, project_power_factors, "project")
        .pipe(beside, fuels, "fuel")
        .pipe(beside, units, "unit")
        .pipe(beside, burning, "fuel")
    )
    fits = rows.fuel.isnull() | (rows.unit_canonical == rows.fuel_canonical).fill_null(False)
    of_fuel = fuel_co2(
        energy_content(rows.amount * rows.factor, rows.ncv), rows.carbon_content, rows.oxidation
    )
    has_power = (rows.power != 0).fill_null(False)
    rows = rows.mutate(
        own_power=ibis.ifelse(has_power, power_co2(rows.power, rows.power_factor), 0.0),
        own_fuel=ibis.ifelse(rows.fuel.isnull(), 0.0, ibis.ifelse(fits, of_fuel, NO_NUMBER)),
    ).mutate(
        sure=worst_of(
            _.reported,
            ibis.ifelse(has_power, _.power_confidence, NO_TEXT),
            ibis.ifelse(_.fuel.notnull(), _.burning_confidence, NO_TEXT),
        ),
        lost=ibis.cases(
            (~fits, coded("unit_misfit", rows.unit)),
            (_.own_fuel.isnull(), coded("no_fuel_factor", enterprise_factor_set, rows.fuel)),
            (_.own_power.isnull(), coded("no_grid_factor_of_project", rows.factor_year)),
            else_=NO_TEXT,
        ),
    )
    measures = rows.group_by(*MEASURE).agg(
        brought=(_.own_power + _.own_fuel).sum(),
        missing=_.lost.max(),
        confidence=worst_in(_.sure),
        demo=_._demo.any(),
    )
    measures = measures.mutate(
        co2_change=ibis.ifelse(_.missing.notnull(), NO_NUMBER, _.brought)
    ).drop("brought")
    table = rows.select(*MEASURE, "pollutant", "removed").pipe(beside, measures, list(MEASURE))
    return table.mutate(
        co2_per_removed=per_unit(table.co2_change, table.removed),
        synergy=ibis.cases(
            (_.co2_change.isnull(), NO_TEXT),
            ((_.removed > 0) & (_.co2_change <= 0), "both_fall"),
            (_.removed > 0, "co2_rises"),
            (_.co2_change < 0, "pollutant_rises"),
            else_="both_rise",
        ),
    )


@account(
    key=("project",),
    unit="entries",
    cites=("hengtan:two_highs",),
    maps={
        "investment_projects": Same("project"),
        "two_highs_entries": "all",
        "place_within": "all",
    },
)
def project_catalogues(
    investment_projects: Table, two_highs_entries: Table, place_within: Table
) -> Table:
    """How many entries, of any industry, the catalogues of the places that a project lies in held
    on the day it was accepted.
    """
    rows = _in_force(investment_projects, two_highs_entries, place_within)
    return rows.group_by("project").agg(entries=_.count(), demo=_._demo.any())


def _in_force(projects: Table, two_highs_entries: Table, place_within: Table) -> Table:
    """Each project with every entry in force on the day it was accepted, of a place that it lies
    in; the entry's industry is ``entry_industry``.
    """
    within = place_within.select(project_place="place", place="within")
    entries = two_highs_entries.mutate(sure=as_reported(two_highs_entries)).select(
        "place",
        "entry",
        "product",
        "least_energy",
        "begins",
        "ends",
        "source_title",
        "sure",
        "_demo",
        entry_industry="industry",
    )
    rows = projects.select("project", "project_name", "industry", "accepted", project_place="place")
    rows = rows.inner_join(within, "project_place").inner_join(entries, "place")
    return rows.filter((_.begins <= _.accepted) & (_.ends.isnull() | (_.ends >= _.accepted)))


@account(
    key=("project", "place", "entry"),
    unit=None,
    cites=("hengtan:two_highs",),
    maps={
        "investment_projects": Same("project"),
        "project_products": Same("project"),
        "project_totals": Same("project"),
        "two_highs_entries": Same("place", "entry"),
        "place_within": "all",
    },
)
def project_two_highs(
    investment_projects: Table,
    project_products: Table,
    project_totals: Table,
    two_highs_entries: Table,
    place_within: Table,
) -> Table:
    """The catalogue entries in force on the day a project was accepted, of a place that it lies in,
    whose industry is its own; ``applies``: its name or a product holds the entry's word, and its
    energy reaches the entry's least; one that is not known counts as reaching it.
    """
    products = project_products.group_by("project").agg(
        products=_.product.group_concat(" ", order_by=_.product)
    )
    energy = project_totals.select("project", "designed_energy")
    rows = _in_force(investment_projects, two_highs_entries, place_within)
    rows = (
        rows.filter(_.industry == _.entry_industry)
        .pipe(beside, products, "project")
        .pipe(beside, energy, "project")
    )
    described = rows.project_name + " " + ibis.coalesce(rows.products, ibis.literal(""))
    is_named = rows["product"].isnull() | described.contains(rows["product"])
    is_large = (rows.designed_energy >= rows.least_energy).fill_null(True)
    return rows.select(
        "project",
        "place",
        "entry",
        "industry",
        "product",
        "least_energy",
        "source_title",
        applies=(is_named & is_large).fill_null(False),
        confidence=_.sure,
        demo=_._demo,
    )
