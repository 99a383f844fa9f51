"""Accounts: indicators of green parks and green factories that their records give, and each
indicator on file with the figure that counts: that of the records, else the one that was filed.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import per_unit
from hengtan.accounts.casework.parks import stays_of
from hengtan.accounts.materials.formulas import rate
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

PARK = ("park", "year")
PLANT = ("plant", "year")
TO_YUAN = 10_000
PER_CENT = 100
SQUARE_KILOMETRE = 100
"""In hectares."""
CITES = ("hengtan:case_files", "gbt2589.product")


@account(
    key=("firm", "year"),
    unit="t",
    cites=CITES,
    maps={"solid_waste_years": Same("firm")},
)
def solid_waste_of_firms(solid_waste_years: Table) -> Table:
    """Solid waste of a firm and year, which is called by its code or its name: what was to be used
    (made in the year and drawn from stock) and what was. [t]
    """
    rows = solid_waste_years.filter(_.firm.notnull()).mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(solid_waste_years)
    )
    return rows.group_by("firm", "year").agg(
        made=_.made.sum() + _.drawn.fill_null(0.0).sum(),
        used=_.used.sum(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )


@account(
    key=PARK,
    unit="yuan; m³; t",
    cites=CITES,
    maps={
        "park_years": Same("park"),
        "park_members": Same("park"),
        "carbon_enterprise": Same("year"),
        "plant_years": "all",
        "solid_waste_of_firms": "all",
    },
)
def park_member_sums(
    park_years: Table,
    park_members: Table,
    carbon_enterprise: Table,
    plant_years: Table,
    solid_waste_of_firms: Table,
) -> Table:
    """Value added [yuan], water [m³] and solid waste [t] of the firms of each park and year, and
    how many firms have no record of each, or of energy.
    """
    reported = park_years.select(year=_.period_end.year().cast("int64"))
    years = carbon_enterprise.select("year").union(reported, distinct=True)
    stays = stays_of(park_members, years, "entity_name")
    energy = _whole_years(carbon_enterprise, "entity")
    of_firms = plant_years.select(
        "value_added",
        "water",
        year=_.period_end.year().cast("int64"),
        entity=_.plant,
        of_firm=as_reported(plant_years),
    )
    rows = stays.pipe(beside, energy, ["entity", "year"]).pipe(beside, of_firms, ["entity", "year"])
    rows = _with_waste(rows, solid_waste_of_firms, "entity", "entity_name")
    return rows.group_by(*PARK).agg(
        value_of_firms=rows.value_added.sum(),
        water=rows.water.sum(),
        waste=rows.waste.sum(),
        waste_used=rows.waste_used.sum(),
        no_energy=(~rows.has_energy.fill_null(False)).sum().cast("int64"),
        no_value=rows.value_added.isnull().sum().cast("int64"),
        no_water=rows.water.isnull().sum().cast("int64"),
        no_waste=rows.waste.isnull().sum().cast("int64"),
        of_members=worst_in(worst_of(rows.of_firm, rows.of_waste)),
    )


@account(
    key=(*PARK, "record"),
    unit="of the record",
    cites=CITES,
    maps={
        "park_figures": Same(*PARK),
        "park_years": Same("park"),
        "park_member_sums": Same(*PARK),
    },
)
def park_green_records(park_figures: Table, park_years: Table, park_member_sums: Table) -> Table:
    """Indicators of a park and year by its records: value added per energy [10⁴ yuan/tce], per
    water [yuan/m³] and per industrial land [10⁸ yuan/km²], CO2 per value added [t/10⁴ yuan], the
    shares of non-fossil energy and of solid waste used [%].

    ``lacking`` counts the firms of the year without a record of it; with one such there is no
    value. Value added is what the park reports, else the sum of its firms'.
    """
    reported = park_years.select(
        "park",
        year=_.period_end.year().cast("int64"),
        own_value=_.value_added,
        land=_.industrial_land,
        of_park=as_reported(park_years),
    )
    rows = park_figures.pipe(beside, reported, PARK).pipe(beside, park_member_sums, PARK)
    own = rows.own_value.notnull()
    rows = rows.mutate(
        value_10k=ibis.coalesce(rows.own_value, rows.value_of_firms) / TO_YUAN,
        no_value=ibis.ifelse(own, 0, rows.no_value),
        confidence=worst_of(rows.confidence, rows.of_park, rows.of_members),
    )
    parts = (
        ("energy_output", per_unit(rows.value_10k, rows.energy_use), rows.no_energy),
        ("carbon_per_value", per_unit(rows.net_carbon, rows.value_10k), rows.members_missing),
        (
            "nonfossil_share",
            PER_CENT * per_unit(rows.nonfossil, rows.energy_use),
            rows.no_energy,
        ),
        ("water_output", per_unit(rows.value_10k * TO_YUAN, rows.water), rows.no_water),
        (
            "land_output",
            per_unit(rows.value_10k / TO_YUAN, rows.land / SQUARE_KILOMETRE),
            ibis.literal(0),
        ),
        ("waste_used", rate(rows.waste_used, rows.waste), rows.no_waste),
    )
    shares = ("nonfossil_share", "waste_used")
    return _long(rows, PARK, [(n, v, _most(k, rows.no_value, n in shares)) for n, v, k in parts])


def _most(lacking: Any, no_value: Any, is_share: bool) -> Any:
    """Firms that lack a record; a share needs no value added."""
    return lacking if is_share else ibis.greatest(lacking, no_value)


def _whole_years(carbon_enterprise: Table, firm: str) -> Table:
    """Whether the energy of a firm and year is on record for all its months and every product;
    that a grid factor is missing does not matter to its energy.
    """
    rows = carbon_enterprise.group_by("entity", "year").agg(
        lost=_.lost.sum(), through=_.through.min(), energy=_.energy.sum()
    )
    is_whole = rows.energy.notnull() & (rows.lost == 0) & (rows.through.fill_null(12) >= 12)
    return rows.select("year", has_energy=is_whole, **{firm: rows.entity})


def _with_waste(rows: Table, wastes: Table, code: str, name: str) -> Table:
    """Rows of firms and years with the solid waste of each by its code, else by its name. [t]"""
    for column, key in (("of_code", code), ("of_name", name)):
        by_key = wastes.select(
            "year",
            **{
                key: wastes.firm,
                f"{column}_made": wastes.made,
                f"{column}_used": wastes.used,
                f"{column}_sure": wastes.confidence,
            },
        )
        rows = beside(rows, by_key, [key, "year"])
    return rows.mutate(
        waste=ibis.coalesce(rows.of_code_made, rows.of_name_made),
        waste_used=ibis.coalesce(rows.of_code_used, rows.of_name_used),
        of_waste=ibis.coalesce(rows.of_code_sure, rows.of_name_sure),
    )


def _long(rows: Table, key: tuple[str, ...], parts: list[tuple[str, Any, Any]]) -> Table:
    """A row a record, without a value where a firm lacks one."""
    tables = [
        rows.select(
            *key,
            "confidence",
            "demo",
            record=ibis.literal(name),
            value=ibis.ifelse(lacking == 0, value, None).cast("float64"),
            lacking=lacking.cast("int64"),
        )
        for name, value, lacking in parts
    ]
    return ibis.union(*tables)


@account(
    key=(*PARK, "indicator"),
    unit="of the indicator",
    cites=CITES,
    maps={"park_green_indicators": Same("park"), "park_green_records": Same(*PARK)},
)
def park_green_rows(park_green_indicators: Table, park_green_records: Table) -> Table:
    """Indicators of green parks with the figure that counts (``actual``) and its ``origin``: the
    records where they give it, else what was filed.
    """
    return _that_count(park_green_indicators, park_green_records, "park", ("category", "is_lower"))


@account(
    key=(*PLANT, "record"),
    unit="of the record",
    cites=CITES,
    maps={
        "factory_measures": Same("plant"),
        "plant_figures": Same(*PLANT),
        "plant_years": Same("plant"),
        "carbon_enterprise": Same("year", entity="plant"),
        "solid_waste_of_firms": "all",
    },
)
def factory_records(
    factory_measures: Table,
    plant_figures: Table,
    plant_years: Table,
    carbon_enterprise: Table,
    solid_waste_of_firms: Table,
) -> Table:
    """Indicators of a plant under review and year by its records: energy [tce/10⁴ yuan], CO2 [t/10⁴
    yuan] and water [m³/10⁴ yuan] per value added, value added per land [10⁴ yuan/ha], the shares of
    green power and of solid waste used [%].
    """
    lands = plant_years.select("plant", "land", year=_.period_end.year().cast("int64"))
    rows = beside(plant_figures.semi_join(factory_measures, "plant"), lands, PLANT)
    rows = beside(rows, _whole_years(carbon_enterprise, "plant"), PLANT)
    rows = _with_waste(rows, solid_waste_of_firms, "plant", "plant_name")
    value_10k = rows.value_added / TO_YUAN
    no_energy = (~rows.has_energy.fill_null(False)).cast("int64")
    no_carbon = ibis.greatest(no_energy, rows.missing.notnull().cast("int64"))
    no_waste = rows.waste.isnull().cast("int64")
    parts = [
        ("energy_per_value", per_unit(rows.energy_use, value_10k), no_energy),
        ("carbon_per_value", rows.carbon_per_value, no_carbon),
        ("green_power_share", PER_CENT * per_unit(rows.green_power, rows.power), no_energy),
        ("water_per_value", rows.water_per_value, ibis.literal(0)),
        ("value_per_land", per_unit(value_10k, rows.land), ibis.literal(0)),
        ("waste_used", rate(rows.waste_used, rows.waste), no_waste),
    ]
    rows = rows.mutate(confidence=worst_of(rows.confidence, rows.of_waste))
    return _long(rows, PLANT, parts)


@account(
    key=(*PLANT, "indicator"),
    unit="of the indicator",
    cites=CITES,
    maps={"factory_measures": Same("plant"), "factory_records": Same(*PLANT)},
)
def factory_measure_rows(factory_measures: Table, factory_records: Table) -> Table:
    """Figures of reviews of green factories with the one that counts (``actual``) and its
    ``origin``: the records where they give it, else what was filed.
    """
    return _that_count(factory_measures, factory_records, "plant", ("axis", "base_value"))


def _that_count(filed: Table, records: Table, subject: str, more: tuple[str, ...]) -> Table:
    """Each indicator on file with the value of the record that it names beside it."""
    rows = filed.mutate(year=_.period_end.year().cast("int64"), stated=as_reported(filed))
    values = records.select(
        subject, "year", "record", "value", "lacking", of_record=_.confidence, record_demo=_.demo
    )
    rows = beside(rows, values, [subject, "year", "record"])
    by_records = rows.value.notnull()
    return rows.select(
        subject,
        "year",
        "indicator",
        "leading_value",
        "record",
        "lacking",
        *more,
        actual=ibis.coalesce(rows.value, rows.actual),
        origin=ibis.ifelse(by_records, "records", "filed"),
        typed=ibis.ifelse(by_records, rows.actual, None),
        confidence=ibis.ifelse(by_records, worst_of(rows.stated, rows.of_record), rows.stated),
        demo=rows._demo | rows.record_demo.fill_null(False),
    )
