"""Accounts: total energy consumption in both conventions, non-fossil share, and energy per GDP in its three series.

当量值 (calorific): power at its own heat. 等价值 (equivalent): power at the coal rate of the year, which must be reported; there is no default.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.formulas import (
    energy_per_gdp,
    nonfossil_share,
    power_coal_equivalent,
    share_of,
    total_consumption,
)
from hengtan.accounts.rates import growth, intensity_change
from hengtan.accounts.stated import resting_on_weak, worst_in, worst_of
from hengtan.graph import Same, account

LEAVES = ("F.1.agri", "F.2.ind", "F.2.cons", "F.3.trans", "F.3.trade", "F.3.other", "F.4")
STEPS = (
    "T.power",
    "T.heat",
    "T.wash",
    "T.coke",
    "T.refine",
    "T.refine_re",
    "T.gas",
    "T.gas_re",
    "T.lng",
    "T.briq",
    "T.rec",
)
NO_RATE = "缺当年供电（发电）标准煤耗：等价值须有该年煤耗率，填报 coal_rate（依据：统计局能源统计、中电联年报）"
NO_GDP = "缺不变价地区生产总值：填报 gdp_values"
SERIES = {
    "full": "全口径",
    "less_feedstock": "扣除原料用能",
    "less_feedstock_nonfossil": "扣除原料用能和非化石能源",
}


@account(
    key=("place", "year", "kind"),
    unit="kgce/kWh",
    cites=("GB/T 2589-2020", "国家统计局 发电煤耗计算法"),
    maps={"coal_rate": Same("place", kind="kind"), "unit_factors": "all"},
)
def energy_coal_rate(coal_rate: Table, unit_factors: Table) -> Table:
    """The standard coal rate of each place and year, as reported; kind is supply (供电) or generation (发电)."""
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    rows = (
        coal_rate.filter(_.period_kind == "year")
        .left_join(factors, "unit")
        .drop("unit_right")
        .filter(_.canonical_unit == "kgce/kWh")
    )
    nth = ibis.row_number().over(
        ibis.window(
            group_by=["place", "year", "kind"],
            order_by=[_._approved_at.desc(), _._submission.desc(), _._row.desc()],
        )
    )
    rows = rows.mutate(year=_.period_end.year().cast("int64")).mutate(nth=nth).filter(_.nth == 0)
    return rows.select(
        "place",
        "year",
        "kind",
        rate=_.rate * _.factor,
        confidence=ibis.coalesce(_.confidence, ibis.literal("read")),
    )


@account(
    key=("place", "year", "method", "product"),
    unit="canonical unit; tce",
    cites=("能源平衡表编制说明",),
    maps={
        "energy_balance": Same("place", "year", "method", "product"),
        "energy_products": Same("product"),
    },
)
def energy_product_use(energy_balance: Table, energy_products: Table) -> Table:
    """Of each product: final use, losses, transformation inputs and outputs, non-energy use and own primary production.

    ``consumed`` is the net consumption F + L - T of the product in tce (当量值), which adds over products to the total; ``gross`` is 消费量合计 F + L + |T in|.
    """
    # sums of the rows, or the total row where its parts are not reported
    cells = energy_balance.mutate(leaf=_.row.isin(LEAVES), step=_.row.isin(STEPS))
    sums = cells.group_by("place", "year", "method", "product").agg(
        **_both("final", cells.leaf),
        **_both("final_total", cells.row == "F"),
        **_both("loss", cells.row == "L"),
        **_both("turned", cells.step),
        **_both("turned_total", cells.row == "T"),
        **_both("turned_in", cells.step & (cells.tce < 0)),
        **_both("non_energy", cells.row == "F.2.ind.nonenergy"),
        **_both("produced", cells.row == "S.prod"),
        **_both("supplied", cells.row == "S"),
        **_both("net_inflow", cells.row.isin(("S.in", "S.out", "S.imp", "S.exp"))),
        confidence=worst_in(_.confidence),
        missing=_.missing.max(),
        demo=_.demo.max(),
        weak=(_.tce.abs() * _.recalled_share).sum(),
        gross=_.tce.abs().sum(),
    )
    known = energy_products.select(product=_.product, group=_.group, biogenic=_.biogenic)
    rows = (
        sums.left_join(known, "product")
        .drop("product_right")
        .mutate(recalled_share=_.weak / _.gross.nullif(0))
        .drop("weak", "gross")
    )
    for part in ("final", "turned"):
        for unit in ("tce", "physical"):
            rows = rows.mutate(
                **{
                    f"{part}_{unit}": ibis.coalesce(
                        rows[f"{part}_{unit}"], rows[f"{part}_total_{unit}"], ibis.literal(0.0)
                    )
                }
            )
    zero = {
        f"{part}_{unit}": ibis.coalesce(rows[f"{part}_{unit}"], ibis.literal(0.0))
        for part in ("loss", "turned_in", "non_energy", "produced", "net_inflow")
        for unit in ("tce", "physical")
    }
    rows = rows.mutate(**zero)
    return rows.mutate(
        consumed_tce=total_consumption(_.final_tce, _.loss_tce, _.turned_tce),
        gross_physical=_.final_physical + _.loss_physical - _.turned_in_physical,
        gross_tce=_.final_tce + _.loss_tce - _.turned_in_tce,
    ).drop("final_total_tce", "final_total_physical", "turned_total_tce", "turned_total_physical")


def _both(name: str, where: object) -> dict[str, object]:
    return {f"{name}_tce": _.tce.sum(where=where), f"{name}_physical": _.physical.sum(where=where)}


@account(
    key=("place", "year", "method", "convention"),
    unit="tce",
    cites=("GB/T 2589-2020", "能源平衡表编制说明 I6"),
    maps={
        "energy_product_use": Same("place", "year", "method"),
        "energy_coal_rate": Same("place", "year"),
    },
)
def energy_consumption(
    energy_product_use: Table, energy_coal_rate: Table, coal_rate_kind: str = "supply"
) -> Table:
    """Total energy consumption, with coal, oil and gas, own and bought power, in both conventions. Missing by 等价值 without the year's coal rate.

    ``calorific`` 当量值: power at 0.1229 kgce/kWh. ``equivalent`` 等价值: net bought and primary power at the coal rate; power made from fuel stays the fuel's.
    """
    rows = energy_product_use.group_by("place", "year", "method").agg(
        calorific=_.consumed_tce.sum(),
        coal=_.consumed_tce.sum(where=(_.group == "coal") | (_.group == "coke")),
        oil=_.consumed_tce.sum(where=_.group == "oil"),
        gas=_.consumed_tce.sum(where=_.group == "gas"),
        power=_.consumed_tce.sum(where=_.product == "electricity"),
        other=_.consumed_tce.sum(where=_.group.isin(("other", "biomass"))),
        power_kwh=(_.final_physical + _.loss_physical - _.turned_physical).sum(
            where=_.product == "electricity"
        ),
        primary_power_kwh=_.produced_physical.sum(where=_.product == "electricity"),
        feedstock=_.non_energy_tce.sum(),
        coal_physical=_.gross_physical.sum(where=_.product == "raw_coal"),
        weak=resting_on_weak(_.consumed_tce, _.confidence).sum(),
        confidence=worst_in(_.confidence),
        missing=_.missing.max(),
        demo=_.demo.max(),
    )
    rate = energy_coal_rate.filter(_.kind == coal_rate_kind).select(
        "place", "year", coal_rate=_.rate, rate_confidence=_.confidence
    )
    rows = rows.left_join(rate, ["place", "year"]).drop("place_right", "year_right")
    kwh = ibis.coalesce(rows.power_kwh, ibis.literal(0.0))
    equivalent_power = ibis.ifelse(kwh == 0, rows.power, power_coal_equivalent(kwh, rows.coal_rate))
    conventions = [
        rows.mutate(
            convention=ibis.literal("calorific"),
            total=_.calorific,
            power_tce=_.power,
            coal_rate=ibis.null("float64"),
        ),
        rows.mutate(
            convention=ibis.literal("equivalent"),
            total=_.calorific - _.power + equivalent_power,
            power_tce=equivalent_power,
            confidence=worst_of(_.confidence, _.rate_confidence),
            missing=ibis.coalesce(
                _.missing,
                ibis.ifelse(_.coal_rate.isnull() & (kwh != 0), NO_RATE, ibis.null("string")),
            ),
        ),
    ]
    columns = [
        "place",
        "year",
        "method",
        "convention",
        "total",
        "coal",
        "oil",
        "gas",
        "power_tce",
        "other",
        "feedstock",
        "power_kwh",
        "primary_power_kwh",
        "coal_physical",
        "coal_rate",
        "weak",
        "confidence",
        "missing",
        "demo",
    ]
    both = ibis.union(*(c.select(columns) for c in conventions))
    return both.mutate(
        recalled_share=lambda t: share_of(t.weak, t.total),
        coal_rate_kind=ibis.literal(coal_rate_kind),
    ).drop("weak")


@account(
    key=("place", "year", "method"),
    unit="%",
    cites=("国家统计局 发电煤耗计算法", "国家能源局 非化石能源消费占比口径"),
    maps={
        "energy_consumption": Same("place", "year", "method"),
        "energy_product_use": Same("place", "year", "method"),
        "energy_exchange": Same("place"),
        "unit_factors": "all",
    },
)
def energy_nonfossil(
    energy_consumption: Table,
    energy_product_use: Table,
    energy_exchange: Table,
    unit_factors: Table,
    nonfossil_imports: str = "certified",
) -> Table:
    """Non-fossil share of energy consumption by the coal-rate convention: primary power, bought power with certificates, biomass.

    ``nonfossil_imports`` none or certified: which bought power counts is a local rule, so it is an option, shown with the result.
    """
    total = energy_consumption.filter(_.convention == "equivalent").select(
        "place",
        "year",
        "method",
        "total",
        "coal_rate",
        "primary_power_kwh",
        "recalled_share",
        "missing",
        "confidence",
        "demo",
    )
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    bought = energy_exchange.filter(
        (_.product == "electricity")
        & (_.direction == "in")
        & _.certified.isin(("green_certificate", "green_power"))
        & (_.period_kind == "year")
    )
    bought = (
        bought.left_join(factors, "unit")
        .drop("unit_right")
        .mutate(year=_.period_end.year().cast("int64"))
        .group_by("place", "year")
        .agg(certified_kwh=(_.amount * _.factor).sum())
    )
    other = (
        energy_product_use.filter(_.biogenic)
        .group_by("place", "year", "method")
        .agg(other_nonfossil=_.consumed_tce.sum())
    )
    rows = (
        total.left_join(bought, ["place", "year"])
        .drop("place_right", "year_right")
        .left_join(other, ["place", "year", "method"])
        .drop("place_right", "year_right", "method_right")
    )
    certified = ibis.coalesce(rows.certified_kwh, ibis.literal(0.0)) * (
        1.0 if nonfossil_imports == "certified" else 0.0
    )
    rows = rows.mutate(
        nonfossil_kwh=ibis.coalesce(_.primary_power_kwh, ibis.literal(0.0)) + certified,
        other_nonfossil=ibis.coalesce(_.other_nonfossil, ibis.literal(0.0)),
    )
    return rows.mutate(
        share=lambda t: (
            nonfossil_share(t.nonfossil_kwh, t.coal_rate, t.other_nonfossil, t.total) * 100
        ),
        nonfossil_imports=ibis.literal(nonfossil_imports),
        nonfossil_tce=power_coal_equivalent(_.nonfossil_kwh, _.coal_rate) + _.other_nonfossil,
    )


@account(
    key=("place", "year", "price_base"),
    unit="yuan",
    cites=("国家统计局 地区生产总值核算",),
    maps={"gdp_values": Same("place"), "unit_factors": "all"},
)
def energy_gdp(gdp_values: Table, unit_factors: Table) -> Table:
    """GDP at constant prices of each base year: as reported, else the base year's current GDP chained by the yearly indices (上年=100).

    A chain breaks where a year's index is missing: later years stay missing. Bases are never mixed.
    """
    factors = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, factor=_.factor)
    rows = (
        gdp_values.filter(_.period_kind == "year")
        .left_join(factors, "unit")
        .drop("unit_right")
        .mutate(year=_.period_end.year().cast("int64"))
    )
    nth = ibis.row_number().over(
        ibis.window(
            group_by=["place", "year", "price", "price_base"],
            order_by=[_._approved_at.desc(), _._submission.desc(), _._row.desc()],
        )
    )
    rows = rows.mutate(nth=nth).filter(_.nth == 0)
    constant = rows.filter((_.price == "constant") & (_.canonical_unit == "CNY")).select(
        "place", "year", price_base=_.price_base.cast("int64"), gdp=_.gdp * _.factor
    )
    current = rows.filter((_.price == "current") & (_.canonical_unit == "CNY")).select(
        place=_.place, base=_.year, base_gdp=_.gdp * _.factor
    )
    index = rows.filter(_.price == "index_previous").select("place", "year", index=_.gdp / 100)
    bases = current.inner_join(index, "place")
    later = bases.filter((_.year > _.base) & (_.index > 0))
    window = ibis.window(group_by=["place", "base"], order_by="year", preceding=None, following=0)
    chained = later.mutate(
        chain=_.index.ln().sum().over(window).exp(), held=_.count().over(window)
    ).filter(_.held == _.year - _.base)
    chained = chained.select("place", "year", price_base=_.base, gdp=_.base_gdp * _.chain)
    whole = ibis.union(
        constant.mutate(basis=ibis.literal("reported"), preference=ibis.literal(0)),
        chained.mutate(basis=ibis.literal("chained"), preference=ibis.literal(1)),
        current.select(
            "place",
            year=_.base,
            price_base=_.base,
            gdp=_.base_gdp,
            basis=ibis.literal("base_year"),
            preference=ibis.literal(2),
        ),
    )
    best = ibis.row_number().over(
        ibis.window(group_by=["place", "year", "price_base"], order_by="preference")
    )
    return whole.mutate(nth=best).filter(_.nth == 0).drop("nth", "preference")


@account(
    key=("place", "year", "method", "series", "price_base"),
    unit="tce per 10^4 yuan",
    cites=("国家统计局 单位GDP能耗统计制度", "发改环资〔2022〕803号", "发改环资〔2024〕113号"),
    maps={
        "energy_consumption": Same("place", "method"),
        "energy_nonfossil": Same("place", "method"),
        "energy_gdp": Same("place", "price_base"),
    },
)
def energy_intensity(
    energy_consumption: Table, energy_nonfossil: Table, energy_gdp: Table
) -> Table:
    """Energy per GDP (等价值 ÷ 不变价) in its three series: full, less feedstock, less feedstock and non-fossil; change on the year and on the base year.

    Series and price bases are never joined: each change is within one series and one base.
    """
    energy = energy_consumption.filter(_.convention == "equivalent").select(
        "place",
        "year",
        "method",
        "total",
        "feedstock",
        "recalled_share",
        "confidence",
        "missing",
        "demo",
    )
    nonfossil = energy_nonfossil.select("place", "year", "method", nonfossil_tce=_.nonfossil_tce)
    rows = (
        energy.left_join(nonfossil, ["place", "year", "method"])
        .drop("place_right", "year_right", "method_right")
        .mutate(feedstock=ibis.coalesce(_.feedstock, ibis.literal(0.0)))
    )
    series = [
        rows.mutate(series=ibis.literal("full"), energy=_.total),
        rows.mutate(series=ibis.literal("less_feedstock"), energy=_.total - _.feedstock),
        rows.mutate(
            series=ibis.literal("less_feedstock_nonfossil"),
            energy=_.total - _.feedstock - _.nonfossil_tce,
        ),
    ]
    held = ibis.union(
        *(
            s.select(
                "place",
                "year",
                "method",
                "series",
                "energy",
                "recalled_share",
                "confidence",
                "missing",
                "demo",
            )
            for s in series
        )
    )
    met = held.inner_join(
        energy_gdp.select("place", "year", "price_base", "gdp", gdp_basis=_.basis),
        ["place", "year"],
    )
    met = met.mutate(intensity=lambda t: energy_per_gdp(t.energy, t.gdp))
    run = ibis.window(group_by=["place", "method", "series", "price_base"], order_by="year")
    lagged = met.mutate(
        before_year=_.year.lag().over(run),
        before_energy=_.energy.lag().over(run),
        before_gdp=_.gdp.lag().over(run),
        base_intensity=_.intensity.first().over(
            ibis.window(group_by=["place", "method", "series", "price_base"], order_by="year")
        ),
        base_year=_.year.first().over(run),
    )
    consecutive = lagged.before_year == lagged.year - 1
    energy_growth = ibis.ifelse(
        consecutive, growth(lagged.energy, lagged.before_energy), ibis.null("float64")
    )
    gdp_growth = ibis.ifelse(
        consecutive, growth(lagged.gdp, lagged.before_gdp), ibis.null("float64")
    )
    return (
        lagged.mutate(energy_growth=energy_growth, gdp_growth=gdp_growth)
        .mutate(
            change=lambda t: intensity_change(t.energy_growth, t.gdp_growth),
            cut_since_base=ibis.ifelse(
                _.base_year == _.price_base,
                1 - _.intensity / _.base_intensity,
                ibis.null("float64"),
            ),
        )
        .drop("before_year", "before_energy", "before_gdp", "base_year")
    )
