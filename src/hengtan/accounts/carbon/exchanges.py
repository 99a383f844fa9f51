"""Accounts: each row of a product footprint's inventory in canonical units, its emission worked out
with the factor and the warming potential it rests on.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2
from hengtan.accounts.stated import as_reported, weak_share, worst_of
from hengtan.graph import ORIGIN, Same, account, beside
from hengtan.graph.codes import coded

CARRIED = (
    "_submission",
    "_row",
    "system",
    "place",
    "entity",
    "process",
    "stage",
    "direction",
    "flow",
    "amount",
    "unit",
    "provider",
    "factor_from",
    "factor_name",
    "carbon_kind",
    "allocation_basis",
    "allocation",
    "allocation_value",
    "technology",
    "time",
    "geography",
    "completeness",
    "reliability",
    "primary_data",
    "variant_of",
    "source_title",
    *ORIGIN,
)


@account(
    key=("_submission", "_row"),
    unit="kg CO2e (emissions), canonical unit (products)",
    cites=("GB/T 24067-2024", "ISO 14067:2018"),
    maps={
        "footprint_exchanges": Same("_submission", "_row"),
        "unit_factors": Same(unit="unit"),
        "gwp": Same("gwp_set", "gas"),
        "power_footprint_factors": Same(technology="power_technology", data_year="year"),
        "energy_factors": Same("factor_set", "product"),
        "energy_products": Same("product"),
    },
)
def carbon_footprint_exchanges(
    footprint_exchanges: Table,
    unit_factors: Table,
    gwp: Table,
    power_footprint_factors: Table,
    energy_factors: Table,
    energy_products: Table,
    footprint_gwp_set: str = "AR6",
    enterprise_factor_set: str = "ndrc_ent2015",
) -> Table:
    """Outputs, inputs and functional units in canonical units; emissions in kg CO2e: amount times a
    factor given, of power (its year's footprint factor) or of fuel burnt (CO2 alone).

    CO2 of burnt biomass is biogenic. A gas counts at its 100-year potential of
    ``footprint_gwp_set``. A factor of another year never stands in; what cannot be worked out is
    missing and says what would settle it.
    """
    none = ibis.null("string")
    rows = footprint_exchanges.mutate(
        year=_.period_end.year().cast("int64"),
        factor_from=ibis.coalesce(_.factor_from, ibis.literal("given")),
        carbon_kind=ibis.coalesce(_.carbon_kind, ibis.literal("fossil")),
        stated=as_reported(footprint_exchanges),
        demo=_._demo,
        gas=ibis.cases(
            (_.factor_from == "fuel", "CO2"), (_.factor_from == "power", none), else_=_.gas
        ),
        gwp_set=ibis.literal(footprint_gwp_set),
        factor_set=ibis.literal(enterprise_factor_set),
    ).select(*CARRIED, "year", "factor", "gas", "gwp_set", "factor_set", "stated", "demo")
    units = unit_factors.select(unit=_.unit, unit_canonical=_.canonical_unit, unit_factor=_.factor)
    potentials = gwp.select(
        gwp_set=_.gwp_set, gas=_.gas, potential=_.value, gwp_confidence=_.confidence
    )
    power = _named_power(power_footprint_factors)
    fuels = _named_fuels(energy_products)
    burnt = energy_factors.select(
        "factor_set",
        "product",
        fuel_value=1000 * fuel_co2(_.ncv, _.carbon_content, _.oxidation),
        fuel_confidence=_.confidence,
    )
    rows = (
        rows.pipe(beside, units, "unit")
        .pipe(beside, potentials, ["gwp_set", "gas"])
        .pipe(beside, power, ["factor_from", "factor_name", "year"])
        .pipe(beside, fuels, ["factor_from", "factor_name"])
        .pipe(beside, burnt, ["factor_set", "product"])
    )
    quantity = ibis.coalesce(rows.amount * rows.unit_factor, rows.amount)
    canonical = ibis.coalesce(rows.unit_canonical, rows.unit, ibis.literal(""))
    weight = ibis.ifelse(rows.gas.isnull(), ibis.literal(1.0), rows.potential)
    stated = ibis.cases(
        (rows.factor.notnull(), rows.amount * rows.factor),
        (canonical == "t", quantity * 1000.0),
        (canonical == "", rows.amount),
        else_=ibis.null("float64"),
    )
    fits = ibis.cases(
        (rows.factor_from == "power", canonical == "kWh"),
        (rows.factor_from == "fuel", canonical == rows.fuel_unit),
        else_=ibis.literal(True),
    )
    worked = ibis.cases(
        (rows.factor_from == "power", quantity * rows.power_value),
        (rows.factor_from == "fuel", quantity * rows.fuel_value),
        else_=stated * weight,
    )
    emits = rows.direction == "emission"
    by_power, by_fuel = rows.factor_from == "power", rows.factor_from == "fuel"
    name = rows.factor_name
    missing = ibis.cases(
        (~emits, none),
        (by_power & rows.power_value.isnull(), coded("no_power_footprint", rows.year, name)),
        (by_fuel & rows.fuel_value.isnull(), coded("no_fuel", enterprise_factor_set, name)),
        (~fits, coded("factor_unit_misfit", rows.unit, name)),
        (
            rows.gas.notnull() & rows.potential.isnull(),
            coded("no_potential", footprint_gwp_set, rows.gas),
        ),
        (worked.isnull(), coded("no_emission_factor")),
        else_=none,
    )
    return (
        rows.mutate(
            quantity=quantity,
            canonical_unit=canonical,
            emission=ibis.ifelse(emits & missing.isnull(), worked, ibis.null("float64")),
            missing=missing,
            carbon_kind=ibis.ifelse(
                by_fuel & rows.of_biomass.fill_null(False),
                ibis.literal("biogenic"),
                _.carbon_kind,
            ),
            factor_source=ibis.cases(
                (by_power, rows.power_source),
                (by_fuel, coded("fuel_factor_set", enterprise_factor_set)),
                else_=rows.source_title,
            ),
            confidence=worst_of(
                rows.stated, rows.power_confidence, rows.fuel_confidence, rows.gwp_confidence
            ),
        )
        .drop(
            "unit_canonical",
            "unit_factor",
            "gwp_confidence",
            "power_source",
            "power_confidence",
            "fuel_unit",
            "of_biomass",
            "fuel_confidence",
            "stated",
        )
        .mutate(recalled_share=weak_share(_.confidence))
    )


def _named_power(power_footprint_factors: Table) -> Table:
    """Footprint factors of power by year, each under its code and under its Chinese name."""
    factors = power_footprint_factors.select(
        "name_zh",
        power_technology=_.technology,
        year=_.data_year,
        power_value=_.value,
        power_source=_.source,
        power_confidence=_.confidence,
    )
    return _under_both_names(factors, "power_technology", "power")


def _named_fuels(energy_products: Table) -> Table:
    """Fuels, each under its code and under its Chinese name."""
    fuels = energy_products.select(
        "product", "name_zh", fuel_unit=_.canonical_unit, of_biomass=_.biogenic
    )
    return _under_both_names(fuels, "product", "fuel")


def _under_both_names(rows: Table, code: str, factor_from: str) -> Table:
    by_code = rows.mutate(factor_name=rows[code])
    by_name = rows.filter(rows.name_zh != rows[code]).mutate(factor_name=_.name_zh)
    both = ibis.union(by_code, by_name).drop("name_zh")
    return both.mutate(factor_from=ibis.literal(factor_from))
