"""Accounts: the energy that investment projects use by their design, and where something stood
before, with the CO2, CH4 and N2O of it.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2, heat_co2, power_co2, trace_gas
from hengtan.accounts.casework.power_factors import power_factors_of
from hengtan.accounts.energy.formulas import (
    coal_equivalent,
    energy_content,
    energy_of_coal_equivalent,
)
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

LINE = ("project", "stage", "product")
NO_TEXT = ibis.null("string")
NO_NUMBER = ibis.null("float64")


@account(
    key=LINE,
    unit="canonical unit of the product; tce",
    cites=("GB/T 2589-2020",),
    maps={
        "project_energy": Same(*LINE),
        "energy_products": Same("product"),
        "unit_factors": "all",
        "energy_factors": Same("product"),
    },
)
def project_energy_amounts(
    project_energy: Table,
    energy_products: Table,
    unit_factors: Table,
    energy_factors: Table,
    coal_equivalent_set: str = "nbs_form205",
) -> Table:
    """Each product a project uses in a year at full output, less what it supplies to others, and
    its coal equivalent (当量值), by the coefficient of the record, else of the named set.
    """
    known = energy_products.select(
        "product",
        "canonical_unit",
        "group",
        "fuel",
        "biogenic",
        "counted_with",
        "name_zh",
        "name_en",
    )
    units = unit_factors.select("unit", "factor", unit_canonical="canonical_unit")
    coal = energy_factors.filter(_.factor_set == coal_equivalent_set).select(
        "product", set_coefficient=_.tce_coef, set_confidence=_.confidence
    )
    rows = (
        project_energy.mutate(reported=as_reported(project_energy))
        .pipe(beside, known, "product")
        .pipe(beside, units, "unit")
        .pipe(beside, coal, "product")
    )
    fits = (rows.unit_canonical == rows.canonical_unit).fill_null(False)
    own = rows.coefficient / rows.factor
    rows = rows.mutate(
        used=ibis.ifelse(fits, (rows.amount - _known(rows.supplied)) * rows.factor, NO_NUMBER),
        own_coefficient=own,
    )
    rows = rows.mutate(tce=coal_equivalent(rows.used, ibis.coalesce(own, rows.set_coefficient)))
    return rows.select(
        *LINE,
        "group",
        "fuel",
        "biogenic",
        "counted_with",
        "canonical_unit",
        "used",
        "own_coefficient",
        "tce",
        not_burnt=_known(_.feedstock) * _.factor,
        missing=ibis.cases(
            (~fits, coded("unit_misfit", _.unit)),
            (_.tce.isnull(), coded("no_coefficient", _.name_zh, _.name_en)),
            else_=NO_TEXT,
        ),
        confidence=worst_of(
            _.reported, ibis.ifelse(_.own_coefficient.isnull(), _.set_confidence, NO_TEXT)
        ),
        demo=_._demo,
    )


@account(
    key=LINE,
    unit="GJ; t gas",
    cites=("enterprise.guide", "IPCC 2006 Vol.2 Eq. 2.1"),
    maps={
        "project_energy_amounts": Same(*LINE),
        "investment_projects": Same("project"),
        "industries": "all",
        "balance_rows": "all",
        "trace_factors": Same("product"),
        "factor_units": "all",
        "energy_factors": Same("product"),
    },
)
def project_burnt(
    project_energy_amounts: Table,
    investment_projects: Table,
    industries: Table,
    balance_rows: Table,
    trace_factors: Table,
    factor_units: Table,
    energy_factors: Table,
    enterprise_factor_set: str = "ndrc_ent2015",
) -> Table:
    """CO2, CH4 and N2O of the fuels a project burns: what it uses less what goes into products.

    Biomass brings no CO2; the carbon of furnace gas was counted with the coke.
    """
    burning = energy_factors.filter(_.factor_set == enterprise_factor_set).select(
        "product", "ncv", "carbon_content", "oxidation", factor_confidence=_.confidence
    )
    rows = (
        project_energy_amounts.filter(_.fuel & _.counted_with.isnull())
        .inner_join(investment_projects.select("project", "industry"), "project")
        .pipe(beside, burning, "product")
        .pipe(_with_sector, industries, balance_rows)
        .pipe(beside, _trace_of_gases(trace_factors, factor_units), ["trace_sector", "product"])
    )
    heat_value = ibis.coalesce(energy_of_coal_equivalent(rows.own_coefficient), rows.ncv)
    rows = rows.mutate(burnt=energy_content(rows.used - rows.not_burnt, heat_value))
    co2 = fuel_co2(rows.burnt, rows.carbon_content, rows.oxidation)
    rows = rows.mutate(fuel_co2=ibis.ifelse(rows.biogenic, 0.0, co2))
    return rows.select(
        *LINE,
        "trace_sector",
        "burnt",
        "fuel_co2",
        ch4=_known(trace_gas(rows.burnt, rows.ch4_factor)),
        n2o=_known(trace_gas(rows.burnt, rows.n2o_factor)),
        burnt_confidence=worst_of(rows.factor_confidence, rows.trace_confidence),
        burnt_missing=ibis.ifelse(
            rows.fuel_co2.isnull(),
            coded("no_fuel_factor", enterprise_factor_set, rows["product"]),
            NO_TEXT,
        ),
        enterprise_factor_set=ibis.literal(enterprise_factor_set),
    )


def _with_sector(rows: Table, industries: Table, balance_rows: Table) -> Table:
    """The sector whose factors of CH4 and N2O a project's industry has."""
    of_industry = industries.select("industry", "balance_row", "carbon_sector")
    of_row = balance_rows.group_by(balance_row=_.row).agg(row_sector=_.trace_sector.max())
    of_sector = balance_rows.group_by("carbon_sector").agg(own_sector=_.trace_sector.max())
    rows = (
        rows.pipe(beside, of_industry, "industry")
        .pipe(beside, of_row, "balance_row")
        .pipe(beside, of_sector, "carbon_sector")
    )
    return rows.mutate(trace_sector=ibis.coalesce(_.own_sector, _.row_sector))


def _trace_of_gases(trace_factors: Table, factor_units: Table) -> Table:
    """Factors of CH4 and N2O side by side. [t/GJ]"""
    units = factor_units.select("unit", per_gj=_.factor)
    factors = trace_factors.inner_join(units, "unit")
    return factors.group_by("trace_sector", "product").agg(
        ch4_factor=(_.value * _.per_gj).max(where=_.gas == "CH4"),
        n2o_factor=(_.value * _.per_gj).max(where=_.gas == "N2O"),
        trace_confidence=worst_in(_.confidence),
    )


@account(
    key=("project",),
    unit="kgCO2/kWh; tCO2/GJ",
    cites=("mee.grid_factors", "enterprise.guide"),
    maps={
        "investment_projects": Same("project"),
        "grid_factors": "all",
        "inventory_factors": "all",
    },
)
def project_power_factors(
    investment_projects: Table,
    grid_factors: Table,
    inventory_factors: Table,
    grid_factor_kind: str = "average",
) -> Table:
    """The factors of power and heat of each project: that published for the year it names, else for
    the year it was accepted in; missing where none was published.
    """
    projects = investment_projects.select(
        "project", "place", factor_year=ibis.coalesce(_.factor_year, _.accepted.year())
    )
    return power_factors_of(projects, grid_factors, inventory_factors, grid_factor_kind)


@account(
    key=LINE,
    unit="tce; kWh; t gas",
    cites=("GB/T 2589-2020", "enterprise.guide", "mee.grid_factors"),
    maps={
        "project_energy_amounts": Same(*LINE),
        "project_burnt": Same(*LINE),
        "project_power_factors": Same("project"),
    },
)
def project_energy_use(
    project_energy_amounts: Table, project_burnt: Table, project_power_factors: Table
) -> Table:
    """Each product a project uses with its coal equivalent, what is burnt of it with its gases, and
    the CO2 behind power and heat.
    """
    rows = project_energy_amounts.pipe(beside, project_burnt, LINE).pipe(
        beside, project_power_factors, "project"
    )
    is_power, is_heat = rows["product"] == "electricity", rows["product"] == "heat"
    rows = rows.mutate(
        power_co2=ibis.ifelse(is_power, power_co2(rows.used, rows.power_factor), 0.0),
        heat_co2=ibis.ifelse(is_heat, heat_co2(rows.used, rows.heat_factor), 0.0),
        fuel_co2=ibis.ifelse(rows.fuel & rows.counted_with.isnull(), rows.fuel_co2, 0.0),
    )
    no_factor = coded("no_grid_factor_of_project", rows.factor_year)
    return rows.select(
        *LINE,
        "group",
        "used",
        "canonical_unit",
        "tce",
        "burnt",
        "fuel_co2",
        "power_co2",
        "heat_co2",
        "factor_year",
        electricity=ibis.ifelse(is_power, rows.used, 0.0),
        coal=ibis.ifelse(rows.group == "coal", rows.used, 0.0),
        ch4=_known(rows.ch4),
        n2o=_known(rows.n2o),
        confidence=worst_of(
            rows.confidence,
            rows.burnt_confidence,
            ibis.ifelse(is_power, rows.power_confidence, NO_TEXT),
            ibis.ifelse(is_heat, rows.heat_confidence, NO_TEXT),
        ),
        missing=ibis.coalesce(
            rows.missing,
            rows.burnt_missing,
            ibis.ifelse(rows.power_co2.isnull(), no_factor, NO_TEXT),
        ),
        demo=rows.demo,
    )


def _known(amount: Any) -> Any:
    """An amount, zero where none is reported."""
    return ibis.coalesce(amount, ibis.literal(0.0))
