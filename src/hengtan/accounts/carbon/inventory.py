"""Accounts: the greenhouse-gas inventory by category and gas, its totals, its sectors, its IPCC and
GPC maps.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import co2_equivalent
from hengtan.accounts.energy.formulas import share_of
from hengtan.accounts.stated import resting_on_weak, weak_part, worst_in
from hengtan.graph import Same, account, beside

PLACE = ("place", "year", "method")
OF_FUEL = ("1A1", "1A2", "1A3", "1A4a", "1A4b", "1A4c")
"""Categories of burnt fuel, which the balance splits by sector."""
APPROXIMATE = ("I.3.1", "I.3.2", "I.2.1", "II.1.1", "V.3")
"""GPC references that one category of ours stands for with others."""


@account(
    key=PLACE,
    unit=None,
    cites=("hengtan:methods-stand-apart",),
    maps={"carbon_fuel": Same("place", "year"), "carbon_sources": Same("place", "year")},
)
def carbon_methods(carbon_fuel: Table, carbon_sources: Table) -> Table:
    """How the energy balance of each place and year was made: statistics, records, or none where
    only other sources are reported.
    """
    fuel = carbon_fuel.select(*PLACE).distinct()
    rest = (
        carbon_sources.select("place", "year")
        .distinct()
        .anti_join(fuel, ["place", "year"])
        .mutate(method=ibis.literal("none"))
    )
    return ibis.union(fuel, rest.select(*PLACE))


@account(
    key=("place", "year", "method", "category", "gas"),
    unit="t gas; t CO2e",
    cites=("provguide", "IPCC AR5 WGI Table 8.A.1"),
    maps={
        "carbon_fuel": Same("place", "year", "method", "category", "gas"),
        "carbon_sources": Same("place", "year", "category", "gas"),
        "carbon_methods": Same(*PLACE),
        "gwp": Same("gas"),
        "inventory_categories": Same("category"),
    },
)
def carbon_inventory(
    carbon_fuel: Table,
    carbon_sources: Table,
    carbon_methods: Table,
    gwp: Table,
    inventory_categories: Table,
    gwp_set: str = "SAR",
    guide: str = "2011",
) -> Table:
    """Every category and gas of a place's inventory in t and t CO2e. ``method`` is how the energy
    balance was made; the other sectors stand under each.

    ``weak`` is the part resting on recalled or proposed factors; ``missing`` says what could not be
    computed, and ``lost`` how many rows.
    """
    fuel = carbon_fuel.filter(_.counted).select(
        *PLACE, "category", "gas", "emission", "confidence", "missing", "demo"
    )
    other = (
        carbon_sources.filter(_.gas.notnull())
        .inner_join(carbon_methods, ["place", "year"])
        .select(*PLACE, "category", "gas", "emission", "confidence", "missing", "demo")
    )
    rows = ibis.union(fuel, other)
    potentials = gwp.filter(_.gwp_set == gwp_set).select("gas", warming_potential=_.value)
    kinds = inventory_categories.select(
        category=_.category,
        sector=_.category.substr(0, 1),
        category_zh=_.name_zh,
        ipcc2006=_.ipcc2006,
        gpc=_.gpc,
        carbon_sector=_.carbon_sector,
        in_total=_.in_total,
    )
    rows = (
        rows.pipe(beside, potentials, "gas")
        .mutate(co2e=co2_equivalent(_.emission, _.warming_potential))
        .pipe(beside, kinds, "category")
    )
    return (
        rows.group_by(*PLACE, "category", "gas")
        .agg(
            emission=_.emission.sum(),
            co2e=_.co2e.sum(),
            weak=resting_on_weak(_.co2e, _.confidence).sum(),
            recalled_share=weak_part(_, "co2e", "confidence"),
            lost=_.missing.count(),
            sector=_.sector.max(),
            category_zh=_.category_zh.max(),
            ipcc2006=_.ipcc2006.max(),
            gpc=_.gpc.max(),
            carbon_sector=_.carbon_sector.max(),
            in_total=_.in_total.max(),
            confidence=worst_in(_.confidence),
            missing=_.missing.max(),
            demo=_.demo.max(),
        )
        .mutate(gwp_set=ibis.literal(gwp_set), guide=ibis.literal(guide))
    )


@account(
    key=PLACE,
    unit="t CO2e",
    cites=("provguide",),
    maps={
        "carbon_inventory": Same(*PLACE),
        "carbon_exchange": Same("place", "year"),
        "carbon_sources": Same("place", "year"),
    },
)
def carbon_totals(
    carbon_inventory: Table,
    carbon_exchange: Table,
    carbon_sources: Table,
    gwp_set: str = "SAR",
    guide: str = "2011",
) -> Table:
    """The total of each place and year without and with land use, its sectors, CO2 of energy, and
    beside it the indirect CO2 of bought power and heat.

    ``recalled_share`` is the part of the gross total resting on recalled or proposed factors;
    ``lost`` counts what could not be computed.
    """
    sums = (
        carbon_inventory.filter(_.in_total)
        .group_by(*PLACE)
        .agg(
            total=_.co2e.sum(where=_.sector != "4"),
            land=_.co2e.sum(where=_.sector == "4"),
            energy=_.co2e.sum(where=_.sector == "1"),
            processes=_.co2e.sum(where=_.sector == "2"),
            agriculture=_.co2e.sum(where=_.sector == "3"),
            waste=_.co2e.sum(where=_.sector == "5"),
            energy_co2=_.emission.sum(where=(_.sector == "1") & (_.gas == "CO2")),
            energy_co2_weak=_.weak.sum(where=(_.sector == "1") & (_.gas == "CO2")),
            weak=_.weak.abs().sum(),
            gross=_.co2e.abs().sum(),
            lost=_.lost.sum(),
            confidence=worst_in(_.confidence),
            missing=_.missing.max(),
            demo=_.demo.max(),
        )
    )
    unknown = (
        carbon_sources.filter(_.gas.isnull())
        .group_by("place", "year")
        .agg(unknown=_.count(), unknown_missing=_.missing.max())
    )
    indirect = (
        carbon_exchange.filter(_.entity == "")
        .group_by("place", "year")
        .agg(
            power_kwh=_.amount.sum(where=_.product == "electricity"),
            indirect_power=_.emission.sum(where=_.product == "electricity"),
            indirect_heat=_.emission.sum(where=_.product == "heat"),
            indirect_power_weak=_.weak.sum(where=_.product == "electricity"),
            indirect_missing=_.missing.max(),
        )
    )
    of_year = ["place", "year"]
    rows = sums.pipe(beside, unknown, of_year).pipe(beside, indirect, of_year)
    land = ibis.coalesce(rows.land, ibis.literal(0.0))
    return rows.mutate(
        total_with_land=_.total + land,
        energy_co2_and_power=_.energy_co2
        + ibis.ifelse(_.power_kwh.isnull(), 0.0, _.indirect_power),
        lost=_.lost + ibis.coalesce(_.unknown, ibis.literal(0)),
        missing=ibis.coalesce(_.missing, _.unknown_missing, _.indirect_missing),
        recalled_share=share_of(rows.weak, rows.gross),
        gwp_set=ibis.literal(gwp_set),
        guide=ibis.literal(guide),
    ).drop("unknown", "unknown_missing", "indirect_missing", "weak", "gross")


@account(
    key=(*PLACE, "carbon_sector"),
    unit="t CO2e",
    cites=("cq-2025-2027:33", "GB/T 4754-2017"),
    maps={
        "carbon_fuel": Same(*PLACE),
        "carbon_inventory": Same(*PLACE, "carbon_sector"),
        "carbon_enterprise_fuel": Same("place", "year"),
        "carbon_enterprise": Same("place", "year"),
        "carbon_sectors": Same("carbon_sector"),
        "gwp": "all",
    },
)
def carbon_by_sector(
    carbon_fuel: Table,
    carbon_inventory: Table,
    carbon_enterprise_fuel: Table,
    carbon_enterprise: Table,
    carbon_sectors: Table,
    gwp: Table,
    gwp_set: str = "SAR",
) -> Table:
    """Direct emissions of the sectors that measure 33 names and of the rest. They add to the total
    with land use.

    Industry is split by the CO2 of enterprise records; what records do not cover stays
    ``industry_unsplit``. ``indirect`` is the CO2 of power and heat the sector's enterprises bought,
    by their records: it stands beside and is never added to the direct emissions of the power
    sector.
    """
    potentials = gwp.filter(_.gwp_set == gwp_set).select(gas=_.gas, warming_potential=_.value)
    fuel = (
        carbon_fuel.filter(_.counted)
        .pipe(beside, potentials, "gas")
        .mutate(co2e=co2_equivalent(_.emission, _.warming_potential))
        .group_by(*PLACE, "carbon_sector")
        .agg(
            co2e=_.co2e.sum(),
            weak=resting_on_weak(_.co2e, _.confidence).sum(),
            demo=_.demo.max(),
        )
    )
    split = (
        carbon_enterprise_fuel.filter(
            (_.balance_row == "F.2.ind") & (_.carbon_sector != "power") & _.counted
        )
        .group_by("place", "year", "carbon_sector")
        .agg(known=_.co2.sum())
    )
    # the share of recalled factors is that of the balance, which the records only split
    industry = fuel.filter(_.carbon_sector == "industry_unsplit").select(
        *PLACE, industry=_.co2e, industry_weak=_.weak / _.co2e.nullif(0), industry_demo=_.demo
    )
    shares = industry.inner_join(split, ["place", "year"])
    covered = shares.group_by(*PLACE).agg(known=_.known.sum())
    scale = industry.left_join(covered, list(PLACE)).select(
        *PLACE,
        "industry",
        "industry_weak",
        "industry_demo",
        known=ibis.coalesce(_.known, ibis.literal(0.0)),
    )
    # records that exceed the balance are scaled to it: a part never exceeds its whole
    rest = scale.mutate(
        factor=ibis.ifelse(_.known > _.industry, _.industry / _.known.nullif(0), 1.0)
    )
    parts = shares.inner_join(rest.select(*PLACE, "factor"), list(PLACE)).select(
        *PLACE,
        "carbon_sector",
        co2e=_.known * _.factor,
        weak=_.known * _.factor * _.industry_weak,
        demo=_.industry_demo,
        basis=ibis.literal("records"),
    )
    left = rest.select(
        *PLACE,
        carbon_sector=ibis.literal("industry_unsplit"),
        co2e=_.industry - _.known * _.factor,
        weak=(_.industry - _.known * _.factor) * _.industry_weak,
        demo=_.industry_demo,
        basis=ibis.literal("balance"),
    )
    others = fuel.filter(_.carbon_sector != "industry_unsplit").select(
        *PLACE, "carbon_sector", "co2e", "weak", "demo", basis=ibis.literal("balance")
    )
    sources = (
        carbon_inventory.filter(_.in_total & ~_.category.isin(OF_FUEL))
        .group_by(*PLACE, "carbon_sector")
        .agg(co2e=_.co2e.sum(), weak=_.weak.sum(), demo=_.demo.max())
        .mutate(basis=ibis.literal("sources"))
    )
    columns = [*PLACE, "carbon_sector", "co2e", "weak", "basis", "demo"]
    rows = ibis.union(*(t.select(columns) for t in (parts, left, others, sources)))
    sums = rows.group_by(*PLACE, "carbon_sector").agg(
        co2e=_.co2e.sum(),
        from_fuel=_.co2e.sum(where=_.basis != "sources"),
        from_sources=_.co2e.sum(where=_.basis == "sources"),
        recalled_share=_.weak.abs().sum() / _.co2e.abs().sum().nullif(0),
        demo=_.demo.max(),
    )
    names = carbon_sectors.select(
        carbon_sector=_.carbon_sector,
        name_zh=_.name_zh,
        name_en=_.name_en,
        named_by_clause=_.named_by_clause,
        indirect_zh=_.indirect_zh,
    )
    bought = carbon_enterprise.group_by("place", "year", "carbon_sector").agg(
        indirect=_.indirect.sum()
    )
    return (
        sums.pipe(beside, bought, ["place", "year", "carbon_sector"])
        .pipe(beside, names, "carbon_sector")
        .mutate(gwp_set=ibis.literal(gwp_set))
    )


@account(
    key=(*PLACE, "gpc"),
    unit="t CO2e",
    cites=("GPC v1.1", "IPCC 2006"),
    maps={
        "carbon_inventory": Same(*PLACE, "gpc"),
        "carbon_exchange": Same("place", "year"),
        "carbon_methods": Same(*PLACE),
    },
)
def carbon_gpc(carbon_inventory: Table, carbon_exchange: Table, carbon_methods: Table) -> Table:
    """The inventory on GPC references: direct emissions by their category's reference; bought power
    and heat as scope 2 of industry, not split by user.

    The crosswalk is coarse where one category holds several GPC references (``approximate``);
    ``hengtan check gpc`` adds them up.
    """
    direct = (
        carbon_inventory.filter(_.gpc.notnull())
        .group_by(*PLACE, "gpc")
        .agg(
            co2e=_.co2e.sum(),
            weak=_.weak.abs().sum(),
            gross=_.co2e.abs().sum(),
            confidence=worst_in(_.confidence),
            missing=_.missing.max(),
            demo=_.demo.max(),
        )
    )
    bought = (
        carbon_exchange.filter(_.entity == "")
        .group_by("place", "year")
        .agg(
            co2e=_.emission.sum(),
            weak=_.weak.abs().sum(),
            gross=_.emission.abs().sum(),
            confidence=worst_in(_.confidence),
            missing=_.missing.max(),
            demo=_.demo.max(),
        )
    )
    indirect = bought.inner_join(carbon_methods, ["place", "year"]).mutate(
        gpc=ibis.literal("I.3.2")
    )
    columns = [*PLACE, "gpc", "co2e", "weak", "gross", "confidence", "missing", "demo"]
    return (
        ibis.union(direct.select(columns), indirect.select(columns))
        .mutate(recalled_share=_.weak / _.gross.nullif(0))
        .drop("weak", "gross")
        .mutate(approximate=_.gpc.isin(APPROXIMATE))
    )
