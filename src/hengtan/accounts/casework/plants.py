"""Accounts: plants with their energy, carbon and output of a year, beside their industry."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import per_unit, power_co2
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

PLANT = ("plant", "year")
INDUSTRY = ("industry", "year")
TO_YUAN = 10_000


@account(
    key=PLANT,
    unit="tce; t CO2; yuan",
    cites=("GB/T 2589-2020", "GB/T 32150-2015"),
    maps={
        "plants": Same("plant"),
        "plant_years": Same("plant"),
        "carbon_enterprise": Same("place", "year", entity="plant"),
    },
)
def plant_figures(plants: Table, plant_years: Table, carbon_enterprise: Table) -> Table:
    """Each plant's year: energy and CO2 of its records, value added, tax and what follows per unit.

    CO2 is that of fuel, processes and net bought power and heat, less the green power used at the
    grid factor of the year; more green power than power bought leaves it missing.
    """
    output = plant_years.select(
        "plant",
        "value_added",
        "tax",
        "output_value",
        "water",
        "green_power",
        year=_.period_end.year().cast("int64"),
        stated=as_reported(plant_years),
        output_demo=_._demo,
    )
    enterprise = carbon_enterprise.select(
        "place",
        "year",
        "power",
        "power_factor",
        plant=_.entity,
        energy_use=_.energy,
        gross_carbon=_.total,
        value_added_of_products=_.value_added,
        energy_confidence=_.confidence,
        energy_demo=_.demo,
        energy_missing=_.missing,
    )
    subjects = plants.select("plant", "place", "plant_name", "industry")
    of_plants = enterprise.inner_join(subjects.select("plant", "place"), ["plant", "place"])
    years = output.select(*PLANT).union(of_plants.select(*PLANT), distinct=True)
    rows = (
        years.inner_join(subjects, "plant")
        .pipe(beside, output, PLANT)
        .pipe(beside, enterprise, ["place", *PLANT])
    )
    green = ibis.coalesce(rows.green_power, ibis.literal(0.0))
    too_green = green > ibis.coalesce(rows.power, ibis.literal(0.0))
    spared = ibis.ifelse(green == 0, 0.0, power_co2(green, rows.power_factor))
    rows = rows.mutate(
        value_added=ibis.coalesce(_.value_added, _.value_added_of_products),
        carbon=ibis.ifelse(too_green, ibis.null("float64"), _.gross_carbon - spared),
        missing=ibis.coalesce(
            _.energy_missing,
            ibis.ifelse(_.energy_use.isnull(), coded("no_energy_of_plant"), ibis.null("string")),
            ibis.ifelse(too_green, coded("more_green_than_power"), ibis.null("string")),
        ),
        confidence=worst_of(_.stated, _.energy_confidence),
        demo=ibis.coalesce(_.output_demo, _.energy_demo, ibis.literal(False)),
    )
    rows = rows.mutate(
        value_per_energy=per_unit(rows.value_added, rows.energy_use),
        tax_per_energy=per_unit(rows.tax, rows.energy_use),
        carbon_per_value=per_unit(rows.carbon * TO_YUAN, rows.value_added),
        water_per_value=per_unit(rows.water * TO_YUAN, rows.value_added),
    )
    return rows.drop(
        "value_added_of_products", "energy_confidence", "energy_demo", "energy_missing", "stated"
    ).drop("output_demo", "power_factor")


@account(
    key=INDUSTRY,
    unit="tce; t CO2; yuan",
    cites=("energy-output-benefit",),
    maps={"plant_figures": Same(*INDUSTRY)},
)
def plant_industries(plant_figures: Table) -> Table:
    """Each industry's year over the plants on file: totals of those with both figures, and their
    ratio (a mean weighted by energy or by value added).
    """
    rows = plant_figures
    with_value = rows.value_added.notnull() & rows.energy_use.notnull()
    with_tax = rows.tax.notnull() & rows.energy_use.notnull()
    with_carbon = rows.carbon.notnull() & rows.value_added.notnull()
    sums = rows.group_by(*INDUSTRY).agg(
        plants=with_value.sum().cast("int64"),
        plants_with_carbon=with_carbon.sum().cast("int64"),
        value_added=_.value_added.sum(where=with_value),
        energy=_.energy_use.sum(where=with_value),
        tax=_.tax.sum(where=with_tax),
        energy_of_taxed=_.energy_use.sum(where=with_tax),
        carbon=_.carbon.sum(where=with_carbon),
        value_of_carbon=_.value_added.sum(where=with_carbon),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return sums.select(
        *INDUSTRY,
        "plants",
        "plants_with_carbon",
        "confidence",
        "demo",
        industry_value=per_unit(sums.value_added, sums.energy),
        industry_tax=per_unit(sums.tax, sums.energy_of_taxed),
        industry_carbon=per_unit(sums.carbon * TO_YUAN, sums.value_of_carbon),
    )


@account(
    key=PLANT,
    unit="tce; t CO2; yuan; 1",
    cites=("energy-output-benefit",),
    maps={"plant_figures": Same(*INDUSTRY), "plant_industries": Same(*INDUSTRY)},
)
def plant_standing(plant_figures: Table, plant_industries: Table) -> Table:
    """Each plant's year with its industry's figures beside it, and its rank by value added per tce
    (1 is the highest; equal figures share a rank).
    """
    rows = beside(plant_figures, plant_industries.drop("confidence", "demo"), INDUSTRY)
    run: Any = ibis.window(group_by=INDUSTRY, order_by=ibis.desc("value_per_energy"))
    has_value = rows.filter(_.value_per_energy.notnull())
    ranks = has_value.select(*PLANT, rank=ibis.rank().over(run) + 1)
    return beside(rows, ranks, PLANT)


@account(
    key=("plant", "year", "product", "indicator"),
    unit="unit of the limit standard",
    cites=("gbt2589.product",),
    maps={"plant_products": Same("plant", "product", "indicator")},
)
def plant_product_energy(plant_products: Table) -> Table:
    """Energy of a unit of each product by the indicator of its limit standard."""
    rows = plant_products
    return rows.select(
        "plant",
        "product",
        "indicator",
        "correction",
        "measure",
        year=_.period_end.year().cast("int64"),
        per_unit=per_unit(rows.energy, rows.output),
        item=_.product + " " + _.indicator + " " + _.period,
        confidence=as_reported(rows),
        demo=_._demo,
    )
