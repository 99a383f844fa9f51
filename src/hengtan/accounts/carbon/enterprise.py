"""Accounts: energy and carbon of each enterprise: fuel burnt by product, totals with processes and
bought power, per product and per value added.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import (
    co2_equivalent,
    fuel_co2,
    heat_co2,
    per_unit,
    power_co2,
)
from hengtan.accounts.energy.formulas import energy_content, energy_of_coal_equivalent
from hengtan.accounts.stated import resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

UNIT = ("entity", "facility", "product", "year")
OWNER = ("place", "entity", "year")


@account(
    key=UNIT,
    unit="GJ; t CO2",
    cites=("GB/T 32150-2015", "enterprise.guide"),
    maps={
        "energy_enterprise_tce": Same(*UNIT),
        "energy_factors": Same("product"),
        "energy_products": Same("product"),
        "industries": Same("industry"),
    },
)
def carbon_enterprise_fuel(
    energy_enterprise_tce: Table,
    energy_factors: Table,
    energy_products: Table,
    industries: Table,
    enterprise_factor_set: str = "ndrc_ent2015",
    furnace_gas: str = "with_coke",
) -> Table:
    """Fuel each enterprise and facility burnt, and its CO2: consumption less feedstock and less
    what was turned into other fuels.

    A measured heat value of the record comes before the set's. Biomass and furnace gas counted with
    coke are memo items (``counted`` false).
    """
    chosen = energy_factors.filter(_.factor_set == enterprise_factor_set).select(
        "product", "ncv", "carbon_content", "oxidation", "mixed", factor_confidence=_.confidence
    )
    fuels = energy_products.filter(_.fuel).select(
        product=_.product, biogenic=_.biogenic, counted_with=_.counted_with
    )
    known = industries.select(
        industry=_.industry, balance_row=_.balance_row, carbon_sector=_.carbon_sector
    )
    rows = (
        energy_enterprise_tce.inner_join(fuels, "product")
        .pipe(beside, chosen, "product")
        .pipe(beside, known, "industry")
    )
    heat_value_from = ibis.cases(
        (rows.coefficient.notnull(), "record"),
        (rows.ncv.notnull(), enterprise_factor_set),
        else_=ibis.null("string"),
    )
    unread = rows.misfit & rows.consumed.isnull()
    burnt_amount = _known(_.consumed) - _known(_.feedstock) - _known(_.in_other)
    rows = rows.mutate(
        burnt_amount=ibis.ifelse(unread, ibis.null("float64"), burnt_amount),
        heat_value=ibis.coalesce(energy_of_coal_equivalent(_.coefficient), _.ncv),
        heat_value_from=heat_value_from,
    )
    again = rows.counted_with.notnull() & (ibis.literal(furnace_gas) == "with_coke")
    rows = rows.mutate(
        burnt=energy_content(_.burnt_amount, _.heat_value), counted=~again & ~_.biogenic
    )
    lacks_factor = rows.heat_value.isnull() | rows.carbon_content.isnull() | rows.oxidation.isnull()
    no_factor = ibis.ifelse(
        (rows.burnt_amount != 0) & ~again & lacks_factor,
        coded("no_fuel_factor", enterprise_factor_set, rows.product),
        ibis.null("string"),
    )
    return (
        rows.mutate(
            co2=fuel_co2(_.burnt, _.carbon_content, _.oxidation),
            confidence=ibis.ifelse(
                unread | no_factor.notnull(),
                ibis.null("string"),
                worst_of(_.confidence, _.factor_confidence),
            ),
            enterprise_factor_set=ibis.literal(enterprise_factor_set),
            missing=ibis.coalesce(_.missing, no_factor),
        )
        .mutate(recalled_share=weak_share(_.confidence))
        .select(
            "place",
            *UNIT,
            "entity_name",
            "industry",
            "balance_row",
            "carbon_sector",
            "balance_product",
            "group",
            "burnt_amount",
            "canonical_unit",
            "heat_value",
            "heat_value_from",
            "carbon_content",
            "oxidation",
            "burnt",
            "co2",
            "counted",
            "mixed",
            "enterprise_factor_set",
            "basis",
            "through",
            "recalled_share",
            "confidence",
            "missing",
            "demo",
        )
    )


@account(
    key=OWNER,
    unit="t CO2e",
    cites=("GB/T 32150-2015", "enterprise.guide"),
    maps={
        "energy_enterprise_tce": Same(*OWNER),
        "carbon_enterprise_fuel": Same(*OWNER),
        "carbon_sources": Same(*OWNER),
        "gwp": "all",
    },
)
def carbon_enterprise_direct(
    energy_enterprise_tce: Table,
    carbon_enterprise_fuel: Table,
    carbon_sources: Table,
    gwp: Table,
    gwp_set: str = "SAR",
) -> Table:
    """Direct emissions of each enterprise's year: CO2 of the fuel it burnt, and its processes;
    none where no fuel of it could be counted.
    """
    fuel = carbon_enterprise_fuel.group_by(*OWNER).agg(
        fuel_co2=_.co2.sum(where=_.counted),
        fuel_weak=resting_on_weak(_.co2, _.confidence).sum(where=_.counted),
        fuel_lost=_.missing.count(),
        fuel_missing=_.missing.max(),
        fuel_confidence=worst_in(_.confidence),
    )
    potentials = gwp.filter(_.gwp_set == gwp_set).select("gas", warming_potential=_.value)
    process = (
        carbon_sources.filter(_.entity != "")
        .pipe(beside, potentials, "gas")
        .mutate(co2e=co2_equivalent(_.emission, _.warming_potential))
        .group_by(*OWNER)
        .agg(
            process=_.co2e.sum(),
            process_weak=resting_on_weak(_.co2e, _.confidence).sum(),
            process_missing=_.missing.max(),
            process_confidence=worst_in(_.confidence),
        )
    )
    owners = energy_enterprise_tce.select(*OWNER).distinct()
    rows = owners.pipe(beside, fuel, OWNER).pipe(beside, process, OWNER)
    none_counted = rows.fuel_missing.notnull() & rows.fuel_co2.isnull()
    rows = rows.mutate(
        fuel_co2=ibis.ifelse(none_counted, ibis.null("float64"), _known(_.fuel_co2)),
        process=_known(_.process),
    )
    rows = rows.mutate(direct=_.fuel_co2 + _.process)
    return rows.select(
        *OWNER,
        "fuel_co2",
        "process",
        "direct",
        "fuel_lost",
        recalled_share=(_known(_.fuel_weak) + _known(_.process_weak)) / _.direct.nullif(0),
        confidence=worst_of(_.fuel_confidence, _.process_confidence),
        missing=ibis.coalesce(_.fuel_missing, _.process_missing),
        gwp_set=ibis.literal(gwp_set),
    )


@account(
    key=OWNER,
    unit="kWh; GJ; t CO2",
    cites=("mee.grid_factors", "enterprise.guide"),
    maps={
        "energy_enterprise_tce": Same(*OWNER),
        "grid_factors": "all",
        "inventory_factors": "all",
    },
)
def carbon_enterprise_bought(
    energy_enterprise_tce: Table,
    grid_factors: Table,
    inventory_factors: Table,
    grid_factor_kind: str = "average",
    stand_in_year: int | None = None,
) -> Table:
    """Power and heat each enterprise bought in a year less what it sold, and the CO2 behind them.

    Without a factor of the year the CO2 of power is missing and says so, unless ``stand_in_year``
    names the year whose factor is to stand in.
    """
    net = _known(_.purchased) - _known(_.sold)
    sums = energy_enterprise_tce.group_by(*OWNER).agg(
        power=net.sum(where=_.product == "electricity"),
        heat=net.sum(where=_.product == "heat"),
        unread_power=_.missing.max(where=_.misfit & (_.product == "electricity")),
        unread_heat=_.missing.max(where=_.misfit & (_.product == "heat")),
        reported=worst_in(_.reported),
    )
    year = _.year if stand_in_year is None else ibis.literal(stand_in_year)
    own_grid = _.place.substr(0, 2) + "0000"
    grid = grid_factors.filter(
        (_.factor_kind == grid_factor_kind) & _.scope_level.isin(("province", "national"))
    ).select(
        grid=_.grid, factor_year=_.data_year, power_factor=_.value, factor_confidence=_.confidence
    )
    heat = inventory_factors.filter(_.factor == "heat.heat_default.ef").select(heat_factor=_.value)
    rows = (
        sums.mutate(
            grid=own_grid if grid_factor_kind == "average" else ibis.literal("CN"),
            factor_year=year.cast("int64"),
        )
        .pipe(beside, grid, ["grid", "factor_year"])
        .cross_join(heat)
    )
    without_power = _known(rows.power) == 0
    lacks_factor = ~without_power & rows.power_factor.isnull()
    return rows.mutate(
        power_co2=_counted(
            rows.unread_power,
            ibis.ifelse(without_power, 0.0, power_co2(rows.power, rows.power_factor)),
        ),
        heat_co2=_counted(rows.unread_heat, heat_co2(_known(rows.heat), rows.heat_factor)),
        confidence=worst_of(rows.factor_confidence, rows.reported),
        recalled_share=weak_share(rows.factor_confidence),
        grid_factor_kind=ibis.literal(grid_factor_kind),
        stand_in_year=ibis.literal(stand_in_year, type="int64"),
        missing=ibis.coalesce(
            rows.unread_power,
            rows.unread_heat,
            ibis.ifelse(
                lacks_factor,
                coded("no_grid_factor_of_year", rows.year, grid_factor_kind),
                ibis.null("string"),
            ),
        ),
    ).drop("heat_factor", "grid", "unread_power", "unread_heat")


def _counted(unread: Any, amount: Any) -> Any:
    """An amount; none where a record of it could not be read."""
    return ibis.ifelse(unread.notnull(), ibis.null("float64"), amount)


@account(
    key=OWNER,
    unit="tce; t CO2",
    cites=("GB/T 2589-2020", "GB/T 32150-2015"),
    maps={
        "energy_enterprise_tce": Same(*OWNER),
        "carbon_enterprise_direct": Same(*OWNER),
        "carbon_enterprise_bought": Same(*OWNER),
        "industrial_products": Same("place", "entity"),
        "industries": Same("industry"),
    },
)
def carbon_enterprise(
    energy_enterprise_tce: Table,
    carbon_enterprise_direct: Table,
    carbon_enterprise_bought: Table,
    industrial_products: Table,
    industries: Table,
) -> Table:
    """Each enterprise's year: energy (综合能源消费量, 当量值), CO2 of fuel, of processes, of net
    bought power and heat; per value added.

    Comprehensive energy use is what was consumed less what was made from it. Power sold is taken
    off; a missing grid factor leaves the indirect part missing and says so. An incomplete year has
    no confidence.
    """
    energy = energy_enterprise_tce.group_by(*OWNER).agg(
        entity_name=_.entity_name.max(),
        industry=_.industry.max(),
        energy=_.consumed_tce.sum() - _known(_.made_tce.sum()),
        energy_weak=_.recalled_tce.sum(),
        feedstock=_.feedstock_tce.sum(),
        through=_.through.min(),
        lost=_.missing.count(),
        missing=_.missing.max(),
        demo=_.demo.max(),
    )
    direct = carbon_enterprise_direct.rename(
        direct_missing="missing", direct_confidence="confidence"
    )
    bought = carbon_enterprise_bought.rename(
        bought_missing="missing", bought_confidence="confidence"
    ).drop("recalled_share")
    added = (
        industrial_products.filter(_.period_kind == "year")
        .mutate(year=_.period_end.year().cast("int64"))
        .group_by(*OWNER)
        .agg(value_added=_.value_added.sum())
    )
    sectors = industries.select("industry", "carbon_sector", industry_zh=_.name_zh)
    rows = (
        energy.pipe(beside, direct, OWNER)
        .pipe(beside, bought, OWNER)
        .pipe(beside, added, OWNER)
        .pipe(beside, sectors, "industry")
    )
    rows = rows.mutate(indirect=_.power_co2 + _.heat_co2)
    rows = rows.mutate(total=_.direct + _.indirect)
    return rows.mutate(
        energy_per_value_added=per_unit(rows.energy, rows.value_added),
        carbon_per_value_added=per_unit(rows.total, rows.value_added),
        missing=ibis.coalesce(_.missing, _.direct_missing, _.bought_missing),
        confidence=ibis.ifelse(
            rows.missing.notnull() | rows.direct_missing.notnull() | rows.bought_missing.notnull(),
            ibis.null("string"),
            worst_of(_.direct_confidence, _.bought_confidence),
        ),
        convention=ibis.literal("calorific"),
    ).drop("direct_missing", "direct_confidence", "bought_missing", "bought_confidence")


def _known(amount: Any) -> Any:
    """An amount, zero where there is none."""
    return ibis.coalesce(amount, ibis.literal(0.0))


@account(
    key=("place", "entity", "year", "item"),
    unit="tce or t CO2 per unit of the item",
    cites=("gbt2589.product",),
    maps={
        "carbon_enterprise": Same(*OWNER),
        "carbon_activity_year": Same(*OWNER),
        "activity_items": "all",
    },
)
def carbon_enterprise_products(
    carbon_enterprise: Table, carbon_activity_year: Table, activity_items: Table
) -> Table:
    """Energy and carbon per unit of product, for enterprises with one product; with several, the
    whole is not split and says so.
    """
    output = (
        carbon_activity_year.filter((_.entity != "") & (_.form == "industrial_products"))
        .group_by(*OWNER, "item")
        .agg(output=_.amount.sum(), demo=_.demo.max())
    )
    many = output.group_by(*OWNER).agg(products=_.count())
    items = activity_items.select("item", item_zh=_.name_zh, item_unit=_.unit)
    rows = output.inner_join(many, list(OWNER)).pipe(beside, items, "item")
    whole = carbon_enterprise.select(
        *OWNER,
        "entity_name",
        "industry",
        "energy",
        "direct",
        "total",
        "recalled_share",
        "confidence",
        enterprise_missing=_.missing,
    )
    rows = rows.inner_join(whole, list(OWNER))
    single, nothing = rows.products == 1, ibis.null("float64")
    several = ibis.ifelse(single, ibis.null("string"), coded("several_products"))
    return rows.mutate(
        energy_per_unit=ibis.ifelse(single, per_unit(rows.energy, rows.output), nothing),
        carbon_per_unit=ibis.ifelse(single, per_unit(rows.total, rows.output), nothing),
        missing=ibis.coalesce(_.enterprise_missing, several),
    ).drop("enterprise_missing")
