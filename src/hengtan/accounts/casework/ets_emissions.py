"""Accounts of the carbon markets' emissions: generating units from months of fuel, power and heat;
production lines by year; the entity's year.

What the verification settled comes before what is computed, which stands beside it.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2, per_unit
from hengtan.accounts.casework.formulas import load_factor
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

UNIT = ("emitter", "unit", "year")
LINE = ("emitter", "line", "year")
YEAR = ("emitter", "year")
MONTHS = 12
KWH_A_MWH = 1000
NATIONAL_SECTORS = ("power", "steel", "cement", "aluminium")
PER_TEN_THOUSAND = 1e4
"""Figures of gases are stated by 10⁴ m³."""
GUIDE = "mee_ent2022"
"""The set of defaults of the guides in force for what was not measured."""


@account(
    key=(*UNIT, "period", "fuel"),
    unit="t CO2",
    cites=("enterprise.guide",),
    maps={
        "ets_fuel_months": Same("emitter", "unit", "period", "fuel"),
        "energy_factors": Same(product="fuel"),
        "unit_factors": "all",
    },
)
def ets_fuel_emissions(ets_fuel_months: Table, energy_factors: Table, unit_factors: Table) -> Table:
    """CO2 of each unit's fuel of a month: amount times carbon times oxidation times 44/12, the
    carbon measured as such, else heat value times carbon by heat; defaults of the guide for what
    was not measured, missing where it has none.
    """
    defaults = energy_factors.filter(_.factor_set == GUIDE).select(
        fuel="product",
        default_heat="ncv",
        default_carbon="carbon_content",
        default_oxidation="oxidation",
        factor_stated="confidence",
    )
    units = unit_factors.select(amount_unit="unit", in_unit="canonical_unit", factor="factor")
    rows = ets_fuel_months.mutate(stated=as_reported(ets_fuel_months))
    rows = rows.pipe(beside, defaults, "fuel").pipe(beside, units, "amount_unit")
    of_unit = ibis.ifelse(rows.in_unit == "m3", 1 / PER_TEN_THOUSAND, 1.0)
    heat_value = ibis.coalesce(rows.heat_value * of_unit, rows.default_heat)
    by_heat = heat_value * ibis.coalesce(rows.carbon_by_heat, rows.default_carbon)
    carbon = ibis.coalesce(rows.carbon * of_unit, by_heat)
    oxidation = ibis.coalesce(rows.oxidation, rows.default_oxidation)
    measured = rows.carbon.notnull() | (rows.heat_value.notnull() & rows.carbon_by_heat.notnull())
    measured = measured & rows.oxidation.notnull()
    co2 = fuel_co2(rows.amount * rows.factor, carbon, oxidation)
    return rows.select(
        "emitter",
        "unit",
        "period",
        "fuel",
        year=rows.period_end.year().cast("int64"),
        amount=rows.amount * rows.factor,
        carbon=carbon,
        oxidation=oxidation,
        co2=ibis.ifelse(rows.amount == 0, 0.0, co2),
        months=_months(rows),
        confidence=worst_of(
            rows.stated, ibis.ifelse(measured, ibis.null("string"), rows.factor_stated)
        ),
        demo=rows._demo,
    )


def _months(rows: Table) -> Any:
    """Months that a row of a form covers."""
    return (rows.period_end.month() - rows.period_start.month() + 1).cast("int64")


@account(
    key=UNIT,
    unit="t CO2; kWh; GJ",
    cites=("enterprise.guide",),
    maps={
        "ets_units": Same("emitter", "unit"),
        "ets_unit_months": Same("emitter", "unit"),
        "ets_fuel_emissions": Same(*UNIT),
        "ets_unit_years": Same("emitter", "unit"),
    },
)
def ets_unit_figures(
    ets_units: Table, ets_unit_months: Table, ets_fuel_emissions: Table, ets_unit_years: Table
) -> Table:
    """Each unit's year: power, heat, load (power over rated power times hours run) and emissions,
    those verified before those computed; ``months_lost`` counts months in service without power
    reported, or without fuel where nothing was verified, or without the heat or the power supplied
    that other months state.
    """
    output = ets_unit_months.mutate(
        year=_.period_end.year().cast("int64"),
        months=_months(ets_unit_months),
        stated=as_reported(ets_unit_months),
    )
    output = output.group_by(*UNIT).agg(
        power_generated=_.power_generated.sum(),
        power_supplied=_.power_supplied.sum(),
        heat=_.heat.sum(),
        part_months=_part_of_months(_),
        hours=ibis.ifelse(_.hours.isnull().any(), ibis.null("float64"), _.hours.sum()),
        months=_.months.sum(),
        output_stated=worst_in(_.stated),
        output_demo=_._demo.any(),
    )
    by_month = ets_fuel_emissions.group_by(*UNIT, "period").agg(
        co2=_.co2.sum(),
        is_lost=_.co2.isnull().any(),
        months=_.months.max(),
        stated=worst_in(_.confidence),
        fuel_demo=_.demo.any(),
    )
    fuel = by_month.group_by(*UNIT).agg(
        co2=ibis.ifelse(_.is_lost.any(), ibis.null("float64"), _.co2.sum()),
        fuel_months=_.months.sum(),
        fuel_stated=worst_in(_.stated),
        fuel_demo=_.fuel_demo.any(),
    )
    reported = ets_unit_years.select(
        "emitter",
        "unit",
        "verified",
        "heat_ratio",
        "biomass_share",
        "unconventional_share",
        "other_fuel_share",
        own_load="load",
        year=_.period_end.year().cast("int64"),
        stated=as_reported(ets_unit_years),
    )
    rows = output.inner_join(ets_units.select(*_OF_UNIT), ["emitter", "unit"])
    rows = rows.pipe(beside, fuel, list(UNIT)).pipe(beside, reported, list(UNIT))
    lost = _in_service(rows) - ibis.ifelse(
        rows.verified.notnull(),
        rows.months,
        ibis.least(rows.months, rows.fuel_months.fill_null(0)),
    )
    return rows.select(
        *UNIT,
        "unit_class",
        "rated",
        "cooling",
        "heat",
        "heat_ratio",
        "biomass_share",
        "unconventional_share",
        "other_fuel_share",
        generated_mwh=rows.power_generated / KWH_A_MWH,
        supplied_mwh=rows.power_supplied / KWH_A_MWH,
        computed=rows.co2,
        verified=rows.verified,
        emissions=ibis.coalesce(rows.verified, rows.co2),
        load=ibis.coalesce(
            rows.own_load, load_factor(rows.power_generated, rows.rated, rows.hours)
        ),
        months_lost=ibis.greatest(lost, rows.part_months, 0),
        label=rows.year.cast("string") + " " + rows.unit,
        confidence=worst_of(rows.output_stated, rows.fuel_stated, rows.stated),
        demo=ibis.coalesce(rows.output_demo, rows.fuel_demo, ibis.literal(False)),
    )


_OF_UNIT = ("emitter", "unit", "unit_class", "rated", "cooling", "begins", "ends")


def _part_of_months(rows: Any) -> Any:
    """Months without the heat, or the power supplied, that other months of the year state."""
    lacking = [
        ibis.ifelse(amount.notnull().any(), amount.isnull().sum(), 0)
        for amount in (rows.heat, rows.power_supplied)
    ]
    return ibis.greatest(*lacking).cast("int64")


def _in_service(rows: Table) -> Any:
    """Months of the year that a unit was in service."""
    starts_then = rows.begins.notnull() & (rows.begins.year() == rows.year)
    stops_then = rows.ends.notnull() & (rows.ends.year() == rows.year)
    first = ibis.ifelse(starts_then, rows.begins.month(), 1)
    last = ibis.ifelse(stops_then, rows.ends.month(), MONTHS)
    return (last - first + 1).cast("int64")


@account(
    key=LINE,
    unit="t CO2; t of product",
    cites=("enterprise.guide",),
    maps={
        "ets_line_years": Same("emitter", "line"),
        "ets_emitters": Same("emitter"),
        "carbon_enterprise": "all",
    },
)
def ets_line_figures(ets_line_years: Table, ets_emitters: Table, carbon_enterprise: Table) -> Table:
    """Each line's year with the means of its base years, which are earlier rows of it.

    Emissions that were not reported are those of the enterprise's records where the entity has one
    line in the year: direct ones in the national market, with power and heat in the pilot. A mean
    is missing where a base year is.
    """
    lines = ets_line_years.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(ets_line_years)
    )
    of_entity = carbon_enterprise.select(
        "entity", "year", "direct", "total", entity_confidence="confidence"
    )
    alone = lines.group_by(*YEAR).agg(lines_of_year=_.count())
    heads = ets_emitters.select("emitter", "entity", "market")
    rows = lines.inner_join(heads, "emitter").pipe(beside, alone, list(YEAR))
    rows = rows.pipe(beside, of_entity, ["entity", "year"])
    of_records = ibis.ifelse(rows.market == "national", rows.direct, rows.total)
    of_records = ibis.ifelse(rows.lines_of_year == 1, of_records, ibis.null("float64"))
    rows = rows.mutate(
        of_records=of_records,
        verified=rows.emissions,
        emissions=ibis.coalesce(rows.emissions, of_records),
        emissions_from=ibis.ifelse(rows.emissions.notnull(), "ets_line_years", "carbon_enterprise"),
    )
    rows = rows.pipe(beside, _means(rows), list(LINE))
    rests_on_records = rows.emissions_from == "carbon_enterprise"
    return rows.select(
        *LINE,
        "market",
        "emissions",
        "emissions_from",
        "of_records",
        "verified",
        "quantity",
        "process_emissions",
        "balance_value",
        "line_type",
        "carbide_slag_share",
        "method",
        "benchmark",
        "decline",
        "intensity_mean",
        "emissions_mean",
        label=rows.year.cast("string") + " " + rows.line,
        missing=ibis.ifelse(
            rows.emissions.isnull(), coded("no_emissions_of_line"), ibis.null("string")
        ),
        confidence=worst_of(
            rows.stated,
            ibis.ifelse(rests_on_records, rows.entity_confidence, ibis.null("string")),
        ),
        demo=rows._demo,
    )


def _means(rows: Table) -> Table:
    """Mean intensity and emissions of the base years of each line's year; whole spans only."""
    span = rows.filter(rows.base_from.notnull()).select(
        *LINE,
        first=rows.base_from.substr(0, 4).cast("int64"),
        last=rows.base_to.substr(0, 4).cast("int64"),
    )
    base = rows.select(
        of_emitter="emitter",
        of_line="line",
        base_year="year",
        base_emissions="emissions",
        base_quantity="quantity",
    )
    met = span.inner_join(
        base,
        [
            span.emitter == base.of_emitter,
            span.line == base.of_line,
            base.base_year >= span.first,
            base.base_year <= span.last,
        ],
    )
    met = met.mutate(base_intensity=per_unit(met.base_emissions, met.base_quantity))
    sums = met.group_by(*LINE, "first", "last").agg(
        intensities=_.base_intensity.count(),
        amounts=_.base_emissions.count(),
        intensity=_.base_intensity.mean(),
        amount=_.base_emissions.mean(),
    )
    wanted = sums.last - sums.first + 1
    none = ibis.null("float64")
    return sums.select(
        *LINE,
        intensity_mean=ibis.ifelse(sums.intensities == wanted, sums.intensity, none),
        emissions_mean=ibis.ifelse(sums.amounts == wanted, sums.amount, none),
    )


@account(
    key=YEAR,
    unit="t CO2; tce",
    cites=("enterprise.guide",),
    maps={
        "ets_emitters": Same("emitter"),
        "ets_unit_figures": Same(*YEAR),
        "ets_line_figures": Same(*YEAR),
        "carbon_enterprise": "all",
    },
)
def ets_emission_years(
    ets_emitters: Table,
    ets_unit_figures: Table,
    ets_line_figures: Table,
    carbon_enterprise: Table,
) -> Table:
    """Each entity's year: emissions of its units and lines (missing where one of them is, or its
    months are not whole), beside those of the enterprise's own records.
    """
    none = ibis.null("float64")
    parts = ibis.union(
        ets_unit_figures.select(
            *YEAR,
            "confidence",
            "demo",
            part=ibis.ifelse(_.months_lost > 0, none, _.emissions),
        ),
        ets_line_figures.select(*YEAR, "confidence", "demo", part=_.emissions),
    )
    sums = parts.group_by(*YEAR).agg(
        emissions=ibis.ifelse(_.part.isnull().any(), none, _.part.sum()),
        part_stated=worst_in(_.confidence),
        part_demo=_.demo.any(),
    )
    heads = ets_emitters.select("emitter", "place", "entity", "market", "sector")
    of_entity = carbon_enterprise.select(
        "entity",
        "year",
        "direct",
        "total",
        "energy",
        entity_confidence="confidence",
        entity_demo="demo",
    )
    known = heads.inner_join(of_entity.select("entity", "year"), "entity")
    years = ibis.union(sums.select(*YEAR), known.select(*YEAR), distinct=True)
    rows = years.inner_join(heads, "emitter").pipe(beside, sums, list(YEAR))
    rows = rows.pipe(beside, of_entity, ["entity", "year"])
    return rows.select(
        *YEAR,
        "place",
        "entity",
        "market",
        "emissions",
        "total",
        "energy",
        direct=ibis.coalesce(
            rows.direct,
            ibis.ifelse(rows.market == "national", rows.emissions, none),
        ),
        national_sector=rows.sector.isin(NATIONAL_SECTORS),
        confidence=worst_of(rows.part_stated, rows.entity_confidence),
        demo=ibis.coalesce(rows.part_demo, rows.entity_demo, ibis.literal(False)),
    )
