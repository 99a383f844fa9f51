"""Accounts of special units: data centres, public bodies, coal units retrofitted, boilers replaced,
scenic areas that claim neutrality, exports.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2, per_unit, power_co2
from hengtan.accounts.energy.formulas import (
    energy_content,
    energy_of_coal_equivalent,
    power_usage_effectiveness,
    replacing_energy,
    retrofit_saving,
    share_of,
    water_usage_effectiveness,
)
from hengtan.accounts.stated import as_reported, weak_share, worst_in, worst_of
from hengtan.graph import Same, account, beside, newest_of
from hengtan.graph.codes import coded

OWNER = ("place", "entity", "year")
ITEMS = (
    "total_power",
    "it_power",
    "green_settled",
    "green_own",
    "green_certificates",
    "water_used",
    "floor_area",
    "staff",
    "coal_rate_before",
    "coal_rate_after",
    "generation",
    "heat_rate_before",
    "heat_rate_after",
    "heat_supplied",
    "min_load_before",
    "min_load_after",
    "coal_before",
    "efficiency_before",
    "efficiency_after",
    "coal_price",
    "new_price",
    "visitor_emission",
    "sink",
    "offset",
)
GREEN = ("green_settled", "green_own", "green_certificates")


@account(
    key=("kind", *OWNER),
    unit="canonical unit of each item",
    cites=("unit_items",),
    maps={
        "unit_figures": Same("kind", "place", "entity"),
        "unit_items": "all",
        "unit_factors": "all",
    },
)
def energy_site_figures(unit_figures: Table, unit_items: Table, unit_factors: Table) -> Table:
    """The yearly figures of each unit side by side in canonical units (kWh, m3, m2, persons,
    kgce/kWh, t, %, yuan); the newest approved counts.

    A figure in a unit of another kind is missing.
    """
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    item_units = factors.select(item_unit=_.unit, item_canonical=_.canonical_unit)
    wanted = unit_items.select(item=_.item, item_unit=_.unit).pipe(beside, item_units, "item_unit")
    rows = (
        unit_figures.filter(_.period_kind == "year")
        .pipe(beside, factors, "unit")
        .pipe(beside, wanted, "item")
    )
    figure = ibis.cases(
        (rows.amount_notation == "NO", 0.0),
        (rows.canonical_unit == rows.item_canonical, rows.amount * rows.factor),
        else_=ibis.null("float64"),
    )
    rows = rows.mutate(
        year=_.period_end.year().cast("int64"), figure=figure, reported=as_reported(rows)
    )
    return (
        newest_of(rows, ["kind", *OWNER, "item"])
        .group_by("kind", *OWNER)
        .agg(
            **{item: _.figure.max(where=_.item == item) for item in ITEMS},
            entity_name=_.entity_name.max(),
            reported=worst_in(_.reported),
            demo=_._demo.max(),
        )
    )


@account(
    key=OWNER,
    unit="1; L/kWh",
    cites=("GB 40879-2021 (recalled)", "GB/T 32910 (recalled)"),
    maps={"energy_site_figures": Same(*OWNER)},
)
def energy_data_centres(energy_site_figures: Table) -> Table:
    """PUE and WUE of each data centre and year, and its share of green power; without the power of
    its IT equipment the first two are missing and say so.

    Green power is what was settled, made on site, and covered by certificates; none of the three
    reported is no share, not a share of zero.
    """
    rows = energy_site_figures.filter(_.kind == "data_centre")
    rows = rows.mutate(green_power=_sum_of_any(rows, GREEN))
    return rows.mutate(
        green_share=share_of(rows.green_power, rows.total_power),
        pue=power_usage_effectiveness(rows.total_power, rows.it_power),
        wue=water_usage_effectiveness(rows.water_used, rows.it_power),
    ).select(
        *OWNER,
        "entity_name",
        "total_power",
        "it_power",
        "water_used",
        *GREEN,
        "pue",
        "wue",
        "green_power",
        "green_share",
        "demo",
        confidence=_.reported,
        missing=_where(_.it_power.isnull(), "no_it_power"),
    )


@account(
    key=OWNER,
    unit="kgce/m2; kgce and m3 per person",
    cites=("public_bodies.survey",),
    maps={"energy_site_figures": Same(*OWNER), "carbon_enterprise": Same(*OWNER)},
)
def energy_public_bodies(energy_site_figures: Table, carbon_enterprise: Table) -> Table:
    """Energy per floor area and per person, water per person, CO2 of each public body; quotas are
    local and not in the packs.
    """
    energy = carbon_enterprise.select(
        *OWNER, "energy", "total", "recalled_share", energy_missing=_.missing
    )
    rows = beside(energy_site_figures.filter(_.kind == "public_body"), energy, OWNER)
    return rows.mutate(
        energy_per_area=per_unit(rows.energy * 1000, rows.floor_area),
        energy_per_person=per_unit(rows.energy * 1000, rows.staff),
        water_per_person=per_unit(rows.water_used, rows.staff),
    ).select(
        *OWNER,
        "entity_name",
        "energy",
        "total",
        "floor_area",
        "staff",
        "water_used",
        "energy_per_area",
        "energy_per_person",
        "water_per_person",
        "recalled_share",
        "demo",
        missing=ibis.coalesce(_.energy_missing, _where(_.energy.isnull(), "no_energy_records")),
    )


def _sum_of_any(rows: Any, columns: tuple[str, ...]) -> Any:
    """The sum of what is reported of several columns; missing where none is."""
    known = ibis.or_(*(rows[column].notnull() for column in columns))
    none = ibis.literal(0.0)
    total = sum((ibis.coalesce(rows[column], none) for column in columns), start=none)
    return ibis.ifelse(known, total, ibis.null("float64"))


def _where(lacking: Any, code: str) -> Any:
    """A code where something is lacking, else nothing."""
    return ibis.ifelse(lacking, coded(code), ibis.null("string"))


def _coal_factor(factors: Table, factor_set: str) -> Table:
    return factors.filter((_.factor_set == factor_set) & (_.product == "raw_coal")).select(
        carbon_content=_.carbon_content,
        oxidation=_.oxidation,
        coal_ncv=_.ncv,
        factor_confidence=_.confidence,
    )


@account(
    key=OWNER,
    unit="tce; t CO2",
    cites=("coal_units.retrofit", "GB/T 2589-2020"),
    maps={"energy_site_figures": Same(*OWNER), "energy_factors": "all"},
)
def carbon_coal_units(
    energy_site_figures: Table, energy_factors: Table, enterprise_factor_set: str = "ndrc_ent2015"
) -> Table:
    """Coal and CO2 a coal unit's retrofit saves in a year: fall of the coal rate times power
    supplied, and fall of the heat rate times heat supplied; the fall of its least load beside it.

    A part without its figures is not in the sum.
    """
    rows = energy_site_figures.filter(_.kind == "coal_unit").cross_join(
        _coal_factor(energy_factors, enterprise_factor_set)
    )
    rows = rows.mutate(
        saved_by_power=retrofit_saving(
            rows.coal_rate_before, rows.coal_rate_after, rows.generation
        ),
        saved_by_heat=retrofit_saving(
            rows.heat_rate_before, rows.heat_rate_after, rows.heat_supplied
        ),
    )
    rows = rows.mutate(saved=_sum_of_any(rows, ("saved_by_power", "saved_by_heat")))
    return rows.mutate(
        saved_co2=fuel_co2(energy_of_coal_equivalent(_.saved), _.carbon_content, _.oxidation),
        min_load_fall=_.min_load_before - _.min_load_after,
    ).select(
        *OWNER,
        "entity_name",
        "coal_rate_before",
        "coal_rate_after",
        "generation",
        "heat_rate_before",
        "heat_rate_after",
        "heat_supplied",
        "min_load_before",
        "min_load_after",
        "saved_by_power",
        "saved_by_heat",
        "saved",
        "saved_co2",
        "min_load_fall",
        "demo",
        confidence=worst_of(_.factor_confidence, _.reported),
        recalled_share=weak_share(_.factor_confidence),
        enterprise_factor_set=ibis.literal(enterprise_factor_set),
        missing=_where(_.saved.isnull(), "no_coal_rates"),
    )


@account(
    key=("kind", *OWNER),
    unit="t; m3 or kWh; t CO2; yuan",
    cites=("boilers.useful_heat",),
    maps={
        "energy_site_figures": Same("kind", *OWNER),
        "energy_factors": "all",
        "grid_factors": "all",
    },
)
def carbon_boilers(
    energy_site_figures: Table,
    energy_factors: Table,
    grid_factors: Table,
    enterprise_factor_set: str = "ndrc_ent2015",
    grid_factor_kind: str = "average",
    stand_in_year: int | None = None,
) -> Table:
    """Coal replaced by gas or power for the same useful heat: the new energy, the change of CO2 and
    of cost, and the cost of a tonne avoided.

    Efficiencies and prices are the owner's figures; power takes the grid factor of its year.
    """
    year = _.year if stand_in_year is None else ibis.literal(stand_in_year)
    gas = energy_factors.filter(
        (_.factor_set == enterprise_factor_set) & (_.product == "natural_gas")
    ).select(gas_ncv=_.ncv, gas_carbon=_.carbon_content, gas_oxidation=_.oxidation)
    rows = (
        energy_site_figures.filter(_.kind.isin(("boiler_to_gas", "boiler_to_power")))
        .cross_join(_coal_factor(energy_factors, enterprise_factor_set))
        .cross_join(gas)
    )
    grid = grid_factors.filter(_.factor_kind == grid_factor_kind).select(
        grid=_.grid, factor_year=_.data_year, power_factor=_.value
    )
    wanted: Any = (
        ibis.literal("CN") if grid_factor_kind != "average" else _.place.substr(0, 2) + "0000"
    )
    rows = rows.mutate(grid=wanted, factor_year=year.cast("int64")).pipe(
        beside, grid, ["grid", "factor_year"]
    )
    before = energy_content(rows.coal_before, rows.coal_ncv)
    rows = rows.mutate(
        energy_before=before,
        energy_after=replacing_energy(
            before, rows.efficiency_before / 100, rows.efficiency_after / 100
        ),
    )
    to_gas = rows.kind == "boiler_to_gas"
    rows = rows.mutate(
        new_amount=ibis.ifelse(
            to_gas, rows.energy_after / rows.gas_ncv, rows.energy_after / 0.0036
        ),
        co2_before=fuel_co2(rows.energy_before, rows.carbon_content, rows.oxidation),
    )
    rows = rows.mutate(
        co2_after=ibis.ifelse(
            to_gas,
            fuel_co2(rows.energy_after, rows.gas_carbon, rows.gas_oxidation),
            power_co2(rows.new_amount, rows.power_factor),
        )
    )
    rows = rows.mutate(
        co2_change=_.co2_after - _.co2_before,
        cost_change=_.new_amount * _.new_price - _.coal_before * _.coal_price,
    )
    return rows.mutate(cost_per_tonne=per_unit(rows.cost_change, -rows.co2_change)).select(
        "kind",
        *OWNER,
        "entity_name",
        "coal_before",
        "energy_before",
        "energy_after",
        "new_amount",
        "co2_before",
        "co2_after",
        "co2_change",
        "cost_change",
        "cost_per_tonne",
        "demo",
        confidence=worst_of(_.factor_confidence, _.reported),
        recalled_share=weak_share(_.factor_confidence),
        grid_factor_kind=ibis.literal(grid_factor_kind),
        missing=_where(_.co2_change.isnull(), "no_boiler_figures"),
    )


@account(
    key=OWNER,
    unit="t CO2",
    cites=("scenic.neutral",),
    maps={"energy_site_figures": Same(*OWNER), "carbon_enterprise": Same(*OWNER)},
)
def carbon_scenic(energy_site_figures: Table, carbon_enterprise: Table) -> Table:
    """Whether a scenic area's claim of neutrality holds: its energy, bought power and visitors'
    emissions, less verified sinks and cancelled offsets.

    Without its energy records or the visitors' emissions there is no verdict.
    """
    own = carbon_enterprise.select(
        *OWNER, own=_.total, own_recalled=_.recalled_share, own_missing=_.missing
    )
    rows = beside(energy_site_figures.filter(_.kind == "scenic_area"), own, OWNER)
    none = ibis.literal(0.0)
    rows = rows.mutate(
        emission=_.own + _.visitor_emission,
        taken=ibis.coalesce(_.sink, none) + ibis.coalesce(_.offset, none),
    )
    return (
        rows.mutate(net=_.emission - _.taken)
        .mutate(neutral=_.net <= 0)
        .select(
            *OWNER,
            "entity_name",
            "own",
            "visitor_emission",
            "emission",
            "sink",
            "offset",
            "net",
            "neutral",
            "demo",
            recalled_share=_.own * _.own_recalled / _.emission.nullif(0),
            missing=ibis.coalesce(
                _.own_missing,
                _where(_.own.isnull(), "no_energy_records"),
                _where(_.visitor_emission.isnull(), "no_visitor_emission"),
            ),
        )
    )


@account(
    key=("_submission", "_row"),
    unit="t CO2e; yuan",
    cites=("border.carbon",),
    maps={
        "supplier_purchases": Same("_submission", "_row"),
        "carbon_supplier_purchases": Same("_submission", "_row"),
    },
)
def carbon_exports(supplier_purchases: Table, carbon_supplier_purchases: Table) -> Table:
    """Carbon embedded in what is exported to places with a border adjustment, and its cost at the
    price difference given; no price is assumed.
    """
    exports = supplier_purchases.filter(_.exported.notnull()).select(
        "_submission", "_row", "exported", "border_price"
    )
    rows = carbon_supplier_purchases.select(
        "_submission",
        "_row",
        "place",
        "entity",
        "entity_name",
        "year",
        "supplier",
        "product",
        "amount",
        "unit",
        "emission",
        "basis",
        "confidence",
        "demo",
        upstream_missing=_.missing,
    ).inner_join(exports, ["_submission", "_row"])
    rows = rows.mutate(exported_carbon=per_unit(rows.emission, rows.amount) * rows.exported / 1000)
    return rows.mutate(
        border_cost=_.exported_carbon * _.border_price,
        recalled_share=weak_share(_.confidence),
        missing=ibis.coalesce(
            _.upstream_missing, _where(_.border_price.isnull(), "no_border_price")
        ),
    ).drop("upstream_missing")
