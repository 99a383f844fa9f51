"""Accounts: process emissions of investment projects, and what a project adds in all."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import co2_equivalent, per_unit, source_emission
from hengtan.accounts.casework.projects import NO_NUMBER, NO_TEXT
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

LETTERS = ("a", "b", "c", "d")
REBUILT = ("rebuild", "upgrade")
"""Kinds of projects that put something new in the place of something."""
ADDED = (
    "energy",
    "electricity",
    "coal",
    "fuel_co2",
    "process_co2",
    "power_co2",
    "heat_co2",
    "co2",
    "ch4",
    "n2o",
    "co2e",
)
"""What a project is judged by: of a new one all of it, of a rebuilt one what it adds."""


@account(
    key=("project", "stage", "item", "gas"),
    unit="t gas",
    cites=("provguide2011", "2006 IPCC Guidelines"),
    maps={
        "project_processes": Same("project", "stage", "item"),
        "investment_projects": Same("project"),
        "activity_items": Same("item"),
        "unit_factors": "all",
        "inventory_sources": Same("item", "gas"),
        "factor_regions": "all",
        "carbon_source_factors": "all",
    },
)
def project_process_emissions(
    project_processes: Table,
    investment_projects: Table,
    activity_items: Table,
    unit_factors: Table,
    inventory_sources: Table,
    factor_regions: Table,
    carbon_source_factors: Table,
    guide: str = "2011",
) -> Table:
    """Process emissions of projects: a year's activity times the factors of its source in a guide;
    a factor that is not established leaves the emission missing and says which.
    """
    units = unit_factors.select("unit", "factor", unit_canonical="canonical_unit")
    items = activity_items.select("item", item_unit="unit")
    item_units = unit_factors.select(item_unit="unit", item_canonical="canonical_unit")
    sources = inventory_sources.filter((_.guide == guide) & _.mode.isin(("none", "any"))).select(
        "item",
        "gas",
        "source_id",
        "region_kind",
        "multiplier",
        source_confidence="confidence",
    )
    regions = factor_regions.select("province", "region_kind", "region")
    rows = (
        project_processes.mutate(reported=as_reported(project_processes))
        .inner_join(investment_projects.select("project", "place"), "project")
        .pipe(beside, units, "unit")
        .pipe(beside, items, "item")
        .pipe(beside, item_units, "item_unit")
        .pipe(beside, sources, "item")
        .mutate(province=_.place.substr(0, 2) + "0000")
        .pipe(beside, regions, ["province", "region_kind"])
    )
    rows = rows.mutate(
        region=ibis.cases(
            (_.region_kind == "national", "national"),
            (_.region_kind == "place", _.province),
            else_=_.region,
        )
    ).pipe(beside, carbon_source_factors, ["source_id", "region"])
    fits = (rows.unit_canonical == rows.item_canonical).fill_null(False)
    is_known = (rows.unknown == 0).fill_null(False)
    factor_a, factor_b, factor_c, factor_d = (
        _known(rows[f"value_{letter}"], 1.0) for letter in LETTERS
    )
    emission = source_emission(
        rows.amount * rows.factor,
        factor_a,
        factor_b,
        factor_c,
        factor_d,
        rows.multiplier,
        0.0,
        _known(rows.value_o),
    )
    return rows.select(
        "project",
        "stage",
        "item",
        "source_id",
        gas=ibis.coalesce(_.gas, ibis.literal("none")),
        amount=rows.amount * rows.factor,
        emission=ibis.ifelse(fits & is_known, emission, NO_NUMBER),
        confidence=worst_of(rows.reported, rows.factor_confidence, rows.source_confidence),
        missing=ibis.cases(
            (~fits, coded("unit_misfit_of_item", rows.unit)),
            (~is_known, coded("factor_not_established", rows.item, rows.place)),
            else_=NO_TEXT,
        ),
        demo=rows._demo,
    )


@account(
    key=("project",),
    unit="tce; kWh; t",
    cites=("ndrc.order31", "IPCC AR5 WGI Table 8.A.1"),
    maps={
        "investment_projects": Same("project"),
        "project_energy_use": Same("project"),
        "project_process_emissions": Same("project"),
        "gwp": "all",
    },
)
def project_totals(
    investment_projects: Table,
    project_energy_use: Table,
    project_process_emissions: Table,
    gwp: Table,
    gwp_set: str = "SAR",
) -> Table:
    """What a project adds in a year: all it uses and emits, less what stood there before; CO2 by
    value added as designed [t per 10^4 yuan]. Of one that rebuilds something and does not say what
    that used, nothing is known.

    Something missing leaves energy, or emissions, missing and says what: a sum with a gap is none.
    """
    lines = project_energy_use.group_by("project", "stage").agg(
        energy=_.tce.sum(),
        electricity=_.electricity.sum(),
        coal=_.coal.sum(),
        fuel_co2=_.fuel_co2.sum(),
        power_co2=_.power_co2.sum(),
        heat_co2=_.heat_co2.sum(),
        burnt_ch4=_.ch4.sum(),
        burnt_n2o=_.n2o.sum(),
        lost_of_energy=_.missing.max(where=_.tce.isnull()),
        lost_of_emissions=_.missing.max(where=_.tce.notnull()),
        lost_energy=_.tce.isnull().any(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    both = lines.lost_of_energy + "\n" + lines.lost_of_emissions
    lines = lines.mutate(lost=ibis.coalesce(both, _.lost_of_energy, _.lost_of_emissions))
    warming = gwp.filter(_.gwp_set == gwp_set).select("gas", warming_potential=_.value)
    processes = (
        project_process_emissions.pipe(beside, warming, "gas")
        .group_by("project", "stage")
        .agg(
            process_co2=_.emission.sum(where=_.gas == "CO2"),
            process_ch4=_.emission.sum(where=_.gas == "CH4"),
            process_n2o=_.emission.sum(where=_.gas == "N2O"),
            process_co2e=co2_equivalent(_.emission, _.warming_potential).sum(),
            process_lost=_.missing.max(),
            process_confidence=worst_in(_.confidence),
        )
    )
    stages = beside(lines, processes, ["project", "stage"])
    stages = stages.cross_join(_potentials(warming)).mutate(
        process_co2=_known(_.process_co2),
        ch4=_.burnt_ch4 + _known(_.process_ch4),
        n2o=_.burnt_n2o + _known(_.process_n2o),
        missing=ibis.coalesce(_.lost, _.process_lost),
    )
    stages = stages.mutate(co2=_.fuel_co2 + _.process_co2 + _.power_co2 + _.heat_co2)
    stages = stages.mutate(
        co2e=_.co2
        + co2_equivalent(_.burnt_ch4, _.of_ch4)
        + co2_equivalent(_.burnt_n2o, _.of_n2o)
        + (_known(_.process_co2e) - _.process_co2)
    )
    stages = stages.mutate(
        energy=ibis.ifelse(_.lost_energy, NO_NUMBER, _.energy),
        co2=ibis.ifelse(_.missing.notnull(), NO_NUMBER, _.co2),
        co2e=ibis.ifelse(_.missing.notnull(), NO_NUMBER, _.co2e),
    )
    own = stages.group_by("project").agg(
        **{f"designed_{name}": _[name].max(where=_.stage == "designed") for name in ADDED},
        **{f"before_{name}": _[name].max(where=_.stage == "before") for name in ADDED},
        stood_before=(_.stage == "before").any(),
        missing=_.missing.max(),
        confidence=worst_of(worst_in(_.confidence), worst_in(_.process_confidence)),
        demo=_.demo.any(),
    )
    projects = investment_projects.select("project", "place", "value_added", "nature")
    rows = projects.inner_join(own, "project")
    unknown = rows.nature.isin(REBUILT) & ~rows.stood_before
    before = {
        name: ibis.cases(
            (unknown, NO_NUMBER), (rows.stood_before, rows[f"before_{name}"]), else_=0.0
        )
        for name in ADDED
    }
    added = {name: rows[f"designed_{name}"] - before[name] for name in ADDED}
    return rows.select(
        "project",
        "place",
        **added,
        designed_energy=_.designed_energy,
        designed_co2=_.designed_co2,
        co2_per_value_added=per_unit(rows.designed_co2, rows.value_added) * 10_000,
        gwp_set=ibis.literal(gwp_set),
        confidence=_.confidence,
        missing=ibis.coalesce(_.missing, ibis.ifelse(unknown, coded("no_energy_before"), NO_TEXT)),
        demo=_.demo,
    )


def _potentials(warming: Table) -> Table:
    """The warming potentials of CH4 and N2O in one row. [t CO2e/t]"""
    return warming.agg(
        of_ch4=_.warming_potential.max(where=_.gas == "CH4"),
        of_n2o=_.warming_potential.max(where=_.gas == "N2O"),
    )


def _known(amount: Any, otherwise: float = 0.0) -> Any:
    """An amount, or what stands in where none is reported."""
    return ibis.coalesce(amount, ibis.literal(otherwise))
