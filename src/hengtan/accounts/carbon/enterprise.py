"""Accounts: energy and carbon of each enterprise: fuel burnt by product, totals with processes and bought power, per product and per value added, key units."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2, per_unit, power_co2
from hengtan.accounts.energy.formulas import energy_content, energy_of_coal_equivalent
from hengtan.accounts.stated import resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import Same, account

UNIT = ("entity", "facility", "product", "year")
OWNER = ("place", "entity", "year")


@account(
    key=UNIT,
    unit="GJ; t CO2",
    cites=("GB/T 32150-2015", "企业温室气体排放核算方法与报告指南"),
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
    """Fuel each enterprise and facility burnt, and its CO2: consumption less feedstock and less what was turned into other fuels.

    A measured heat value of the record comes before the set's. Biomass and furnace gas counted with coke are memo items (``counted`` false).
    """
    chosen = energy_factors.filter(_.factor_set == enterprise_factor_set).select(
        "product", "ncv", "carbon_content", "oxidation", "mixed", set_confidence=_.confidence
    )
    fuels = energy_products.filter(_.fuel).select(
        product=_.product, biogenic=_.biogenic, counted_with=_.counted_with
    )
    known = industries.select(
        industry=_.industry, balance_row=_.balance_row, carbon_sector=_.carbon_sector
    )
    rows = (
        energy_enterprise_tce.inner_join(fuels, "product")
        .left_join(chosen, "product")
        .drop("product_right")
        .left_join(known, "industry")
        .drop("industry_right")
    )
    z = {
        name: ibis.coalesce(rows[name], ibis.literal(0.0))
        for name in ("consumed", "feedstock", "in_other")
    }
    rows = rows.mutate(burnt_amount=z["consumed"] - z["feedstock"] - z["in_other"])
    measured = ibis.ifelse(
        _.coefficient.notnull(), energy_of_coal_equivalent(_.coefficient), ibis.null("float64")
    )
    rows = rows.mutate(
        heat_value=ibis.coalesce(measured, _.ncv),
        heat_value_from=ibis.ifelse(
            _.coefficient.notnull(),
            "record",
            ibis.ifelse(_.ncv.notnull(), enterprise_factor_set, ibis.null("string")),
        ),
    )
    again = rows.counted_with.notnull() & (ibis.literal(furnace_gas) == "with_coke")
    rows = rows.mutate(
        burnt=energy_content(_.burnt_amount, _.heat_value), counted=~again & ~_.biogenic
    )
    return (
        rows.mutate(
            co2=fuel_co2(_.burnt, _.carbon_content, _.oxidation),
            confidence=ibis.coalesce(_.set_confidence, ibis.literal("read")),
            enterprise_factor_set=ibis.literal(enterprise_factor_set),
            missing=ibis.coalesce(
                _.missing,
                ibis.ifelse(
                    (_.burnt_amount != 0)
                    & ~again
                    & (_.heat_value.isnull() | _.carbon_content.isnull() | _.oxidation.isnull()),
                    "因子集 "
                    + enterprise_factor_set
                    + " 缺“"
                    + _.product
                    + "”的热值、含碳量或氧化率",
                    ibis.null("string"),
                ),
            ),
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
    unit="tce; t CO2",
    cites=("GB/T 2589-2020", "GB/T 32150-2015"),
    maps={
        "energy_enterprise_tce": Same(*OWNER),
        "carbon_enterprise_fuel": Same(*OWNER),
        "carbon_sources": Same(*OWNER),
        "grid_factors": "all",
        "inventory_factors": "all",
        "gwp": "all",
        "industrial_products": Same("place", "entity"),
        "industries": Same("industry"),
    },
)
def carbon_enterprise(
    energy_enterprise_tce: Table,
    carbon_enterprise_fuel: Table,
    carbon_sources: Table,
    grid_factors: Table,
    inventory_factors: Table,
    gwp: Table,
    industrial_products: Table,
    industries: Table,
    grid_factor_kind: str = "average",
    stand_in_year: int | None = None,
    gwp_set: str = "SAR",
) -> Table:
    """Each enterprise's year: energy (综合能源消费量, 当量值), CO2 of fuel, of processes, of net bought power and heat; per value added.

    Comprehensive energy use is what was consumed less what was made from it. Power sold is taken off; a missing grid factor leaves the indirect part missing and says so.
    """
    z = ibis.literal(0.0)
    energy = energy_enterprise_tce.group_by(*OWNER).agg(
        entity_name=_.entity_name.max(),
        industry=_.industry.max(),
        energy=_.consumed_tce.sum() - ibis.coalesce(_.made_tce.sum(), z),
        energy_weak=_.recalled_tce.sum(),
        feedstock=_.feedstock_tce.sum(),
        power=(ibis.coalesce(_.purchased, z) - ibis.coalesce(_.sold, z)).sum(
            where=_.product == "electricity"
        ),
        heat=(ibis.coalesce(_.purchased, z) - ibis.coalesce(_.sold, z)).sum(
            where=_.product == "heat"
        ),
        through=_.through.min(),
        lost=_.missing.count(),
        missing=_.missing.max(),
        demo=_.demo.max(),
    )
    fuel = carbon_enterprise_fuel.group_by(*OWNER).agg(
        fuel_co2=_.co2.sum(where=_.counted),
        weak=resting_on_weak(_.co2, _.confidence).sum(where=_.counted),
        fuel_lost=_.missing.count(),
        fuel_missing=_.missing.max(),
        confidence=worst_in(_.confidence),
    )
    potentials = gwp.filter(_.gwp_set == gwp_set).select(gas=_.gas, warming_potential=_.value)
    process = (
        carbon_sources.filter(_.entity != "")
        .left_join(potentials, "gas")
        .drop("gas_right")
        .group_by(*OWNER)
        .agg(
            process=(_.emission * _.warming_potential).sum(),
            process_weak=resting_on_weak(_.emission * _.warming_potential, _.confidence).sum(),
            process_confidence=worst_in(_.confidence),
            process_missing=_.missing.max(),
        )
    )
    added = (
        industrial_products.filter(_.period_kind == "year")
        .mutate(year=_.period_end.year().cast("int64"))
        .group_by(*OWNER)
        .agg(value_added=_.value_added.sum())
    )
    rows = energy
    for part in (fuel, process, added):
        rows = rows.left_join(part, list(OWNER)).drop("place_right", "entity_right", "year_right")
    rows = rows.left_join(
        industries.select(
            industry=_.industry, carbon_sector=_.carbon_sector, industry_zh=_.name_zh
        ),
        "industry",
    ).drop("industry_right")
    year = _.year if stand_in_year is None else ibis.literal(stand_in_year)
    grid = grid_factors.filter(
        (_.factor_kind == grid_factor_kind) & _.scope_level.isin(("province", "national"))
    ).select(
        grid=_.grid, factor_year=_.data_year, power_factor=_.value, power_confidence=_.confidence
    )
    wanted = ibis.literal("CN") if grid_factor_kind != "average" else _.place.substr(0, 2) + "0000"
    rows = (
        rows.mutate(grid=wanted, factor_year=year.cast("int64"))
        .left_join(grid, ["grid", "factor_year"])
        .drop("grid_right", "factor_year_right")
    )
    heat = inventory_factors.filter(_.factor == "heat.heat_default.ef").select(heat_factor=_.value)
    rows = rows.cross_join(heat)
    no_power = ibis.coalesce(rows.power, z) == 0
    rows = rows.mutate(
        power_co2=ibis.ifelse(no_power, 0.0, power_co2(_.power, _.power_factor)),
        heat_co2=ibis.coalesce(_.heat, z) * _.heat_factor,
        process=ibis.coalesce(_.process, z),
        fuel_co2=ibis.coalesce(_.fuel_co2, z),
        missing=ibis.coalesce(
            _.missing,
            _.fuel_missing,
            _.process_missing,
            ibis.ifelse(
                ~no_power & _.power_factor.isnull(),
                _.year.cast("string")
                + " 年没有公布电力排放因子（"
                + grid_factor_kind
                + "）；可用 stand_in_year 指定替代年份",
                ibis.null("string"),
            ),
        ),
    )
    rows = rows.mutate(direct=_.fuel_co2 + _.process, indirect=_.power_co2 + _.heat_co2).mutate(
        total=_.direct + _.indirect
    )
    return rows.mutate(
        energy_per_value_added=lambda t: per_unit(t.energy, t.value_added),
        carbon_per_value_added=lambda t: per_unit(t.total, t.value_added),
        recalled_share=(ibis.coalesce(_.weak, z) + ibis.coalesce(_.process_weak, z))
        / _.direct.nullif(0),
        confidence=worst_of(_.confidence, _.process_confidence, _.power_confidence),
        grid_factor_kind=ibis.literal(grid_factor_kind),
        stand_in_year=ibis.literal(stand_in_year, type="int64"),
        gwp_set=ibis.literal(gwp_set),
        convention=ibis.literal("calorific"),
    ).drop(
        "fuel_missing",
        "process_missing",
        "weak",
        "process_weak",
        "process_confidence",
        "power_confidence",
        "heat_factor",
        "grid",
    )


@account(
    key=("place", "entity", "year", "item"),
    unit="tce or t CO2 per unit of the item",
    cites=("GB/T 2589-2020 单位产品综合能耗",),
    maps={
        "carbon_enterprise": Same(*OWNER),
        "carbon_activity_year": Same(*OWNER),
        "activity_items": "all",
    },
)
def carbon_enterprise_products(
    carbon_enterprise: Table, carbon_activity_year: Table, activity_items: Table
) -> Table:
    """Energy and carbon per unit of product, for enterprises with one product; with several, the whole is not split and says so."""
    made = (
        carbon_activity_year.filter((_.entity != "") & (_.form == "industrial_products"))
        .group_by(*OWNER, "item")
        .agg(output=_.amount.sum(), demo=_.demo.max())
    )
    many = made.group_by(*OWNER).agg(products=_.count())
    rows = (
        made.inner_join(many, list(OWNER))
        .left_join(activity_items.select(item=_.item, item_zh=_.name_zh, item_unit=_.unit), "item")
        .drop("item_right")
    )
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
    single = rows.products == 1
    return rows.mutate(
        energy_per_unit=lambda t: ibis.ifelse(
            single, per_unit(t.energy, t.output), ibis.null("float64")
        ),
        carbon_per_unit=lambda t: ibis.ifelse(
            single, per_unit(t.total, t.output), ibis.null("float64")
        ),
        missing=ibis.coalesce(
            _.enterprise_missing,
            ibis.ifelse(single, ibis.null("string"), "一企多品：须分产品计量或按 GB/T 24067 分配"),
        ),
    ).drop("enterprise_missing")


@account(
    key=OWNER,
    unit="tce",
    cites=("重点用能单位节能管理办法（发展改革委等令 2018 年第 15 号）",),
    maps={"carbon_enterprise": Same("entity"), "key_unit_classes": "all"},
)
def energy_key_units(carbon_enterprise: Table, key_unit_classes: Table) -> Table:
    """Key energy-using units: enterprises whose comprehensive energy use reaches the threshold of a class, with the change on the year before."""
    classes = key_unit_classes.select(
        unit_class=_.unit_class,
        class_zh=_.name_zh,
        least=_.least,
        below=_.below,
        class_confidence=_.confidence,
    )
    run = ibis.window(group_by=["place", "entity"], order_by="year")
    rows = carbon_enterprise.mutate(
        before=_.energy.lag().over(run), before_year=_.year.lag().over(run)
    )
    rows = rows.join(
        classes,
        [rows.energy >= classes.least, (rows.energy < classes.below) | classes.below.isnull()],
    )
    return rows.mutate(
        change=ibis.ifelse(
            _.before_year == _.year - 1, _.energy / _.before.nullif(0) - 1, ibis.null("float64")
        )
    ).select(
        *OWNER,
        "entity_name",
        "industry",
        "industry_zh",
        "unit_class",
        "class_zh",
        "energy",
        "change",
        "direct",
        "indirect",
        "total",
        "value_added",
        "energy_per_value_added",
        "carbon_per_value_added",
        "through",
        "recalled_share",
        "confidence",
        "missing",
        "demo",
    )
