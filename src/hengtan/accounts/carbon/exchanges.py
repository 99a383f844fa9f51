"""Accounts: each row of a product footprint's inventory in canonical units, its emission worked out with the factor and the warming potential it rests on."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import fuel_co2
from hengtan.accounts.stated import weak_share, worst_of
from hengtan.graph import Same, account

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
    "_file",
    "_sheet",
    "_source_row",
    "_submitted_by",
    "_approved_by",
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
    """Outputs, inputs and functional units in canonical units; emissions in kg CO2e: amount times a factor given, of power (its year's footprint factor) or of fuel burnt (CO2 alone).

    CO2 of burnt biomass is biogenic. A gas counts at its 100-year potential of ``footprint_gwp_set``. A factor of another year never stands in; what cannot be worked out is missing and says what would settle it.
    """
    none = ibis.null("string")
    rows = footprint_exchanges.mutate(
        year=_.period_end.year().cast("int64"),
        factor_from=ibis.coalesce(_.factor_from, ibis.literal("given")),
        carbon_kind=ibis.coalesce(_.carbon_kind, ibis.literal("fossil")),
        stated=_.confidence,
        demo=_._demo,
        gas=ibis.ifelse(
            _.factor_from == "fuel",
            ibis.literal("CO2"),
            ibis.ifelse(_.factor_from == "power", none, _.gas),
        ),
        gwp_set=ibis.literal(footprint_gwp_set),
        factor_set=ibis.literal(enterprise_factor_set),
    ).select(*CARRIED, "year", "factor", "gas", "gwp_set", "factor_set", "stated", "demo")
    units = unit_factors.select(unit=_.unit, unit_canonical=_.canonical_unit, unit_factor=_.factor)
    rows = rows.left_join(units, "unit").drop("unit_right")
    potentials = gwp.select(
        gwp_set=_.gwp_set, gas=_.gas, potential=_.value, gwp_confidence=_.confidence
    )
    rows = rows.left_join(potentials, ["gwp_set", "gas"]).drop("gwp_set_right", "gas_right")

    power = power_footprint_factors.select(
        power_technology=_.technology,
        name_zh=_.name_zh,
        year=_.data_year,
        power_value=_.value,
        power_source=_.source,
        power_confidence=_.confidence,
    )
    named = (
        ibis.union(
            power.mutate(factor_name=_.power_technology),
            power.filter(_.name_zh != _.power_technology).mutate(factor_name=_.name_zh),
        )
        .mutate(factor_from=ibis.literal("power"))
        .drop("name_zh")
    )
    rows = rows.left_join(named, ["factor_from", "factor_name", "year"]).drop(
        "factor_from_right", "factor_name_right", "year_right"
    )

    fuels = energy_products.select(
        product=_.product, name_zh=_.name_zh, fuel_unit=_.canonical_unit, of_biomass=_.biogenic
    )
    fuels = (
        ibis.union(
            fuels.mutate(factor_name=_.product),
            fuels.filter(_.name_zh != _.product).mutate(factor_name=_.name_zh),
        )
        .mutate(factor_from=ibis.literal("fuel"))
        .drop("name_zh")
    )
    rows = rows.left_join(fuels, ["factor_from", "factor_name"]).drop(
        "factor_from_right", "factor_name_right"
    )
    burnt = energy_factors.select(
        factor_set=_.factor_set,
        product=_.product,
        fuel_value=1000 * fuel_co2(_.ncv, _.carbon_content, _.oxidation),
        fuel_confidence=_.confidence,
    )
    rows = rows.left_join(burnt, ["factor_set", "product"]).drop(
        "factor_set_right", "product_right"
    )

    quantity = ibis.coalesce(rows.amount * rows.unit_factor, rows.amount)
    canonical = ibis.coalesce(rows.unit_canonical, rows.unit, ibis.literal(""))
    weight = ibis.ifelse(rows.gas.isnull(), ibis.literal(1.0), rows.potential)
    given = ibis.ifelse(
        rows.factor.notnull(),
        rows.amount * rows.factor,
        ibis.cases(
            (canonical == "t", quantity * 1000.0),
            (canonical == "", rows.amount),
            else_=ibis.null("float64"),
        ),
    )
    fits = ibis.cases(
        (rows.factor_from == "power", canonical == "kWh"),
        (rows.factor_from == "fuel", canonical == rows.fuel_unit),
        else_=ibis.literal(True),
    )
    worked = ibis.cases(
        (rows.factor_from == "power", quantity * rows.power_value),
        (rows.factor_from == "fuel", quantity * rows.fuel_value),
        else_=given * weight,
    )
    emits = rows.direction == "emission"
    name = ibis.coalesce(rows.factor_name, ibis.literal("（未填）"))
    missing = ibis.cases(
        (~emits, none),
        (
            (rows.factor_from == "power") & rows.power_value.isnull(),
            rows.year.cast("string")
            + "年没有电力碳足迹因子“"
            + name
            + "”；填写已公布的因子名称，或在本表给出因子及来源",
        ),
        (
            (rows.factor_from == "fuel") & rows.fuel_value.isnull(),
            "因子集 "
            + enterprise_factor_set
            + " 没有“"
            + name
            + "”的热值、含碳量或氧化率；填写已有的燃料名称，或在本表给出因子及来源",
        ),
        (
            ~fits,
            "计量单位“"
            + ibis.coalesce(rows.unit, ibis.literal("空"))
            + "”与因子“"
            + name
            + "”不符；改用因子的计量单位",
        ),
        (
            rows.gas.notnull() & rows.potential.isnull(),
            footprint_gwp_set
            + " 没有“"
            + rows.gas
            + "”的全球增温潜势；改用二氧化碳当量因子并写明来源",
        ),
        (worked.isnull(), "排放没有因子，数量也不是质量；填写排放因子"),
        else_=none,
    )
    return (
        rows.mutate(
            quantity=quantity,
            canonical_unit=canonical,
            emission=ibis.ifelse(emits & missing.isnull(), worked, ibis.null("float64")),
            missing=missing,
            carbon_kind=ibis.ifelse(
                (_.factor_from == "fuel") & _.of_biomass.fill_null(False),
                ibis.literal("biogenic"),
                _.carbon_kind,
            ),
            factor_source=ibis.cases(
                (rows.factor_from == "power", rows.power_source),
                (rows.factor_from == "fuel", "燃料因子集 " + enterprise_factor_set),
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
