"""Account: CO2 behind power and heat that are taken in and handed out, by the factor of the year
and of the counterpart.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import heat_co2, power_co2
from hengtan.accounts.stated import as_reported, resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

WITHOUT_MARKET = "residual_excl_market_nonfossil"
"""The kind of grid factor under which power with certificates counts zero."""


@account(
    key=("place", "year", "entity", "product", "direction", "counterpart"),
    unit="t CO2",
    cites=("mee.grid_factors", "enterprise.guide"),
    maps={
        "energy_exchange": Same("place"),
        "unit_factors": "all",
        "grid_factors": "all",
        "inventory_factors": "all",
    },
)
def carbon_exchange(
    energy_exchange: Table,
    unit_factors: Table,
    grid_factors: Table,
    inventory_factors: Table,
    grid_factor_kind: str = "average",
    stand_in_year: int | None = None,
) -> Table:
    """CO2 behind power and heat taken in (positive) and handed out (negative), with the factor of
    the year and of the counterpart, else of the own province.

    There is no factor for many years: then the emission is missing, unless ``stand_in_year`` names
    the year whose factor is to stand in; it is shown. Power with certificates counts zero only
    under ``grid_factor_kind`` residual_excl_market_nonfossil.
    """
    factors = unit_factors.select("unit", "factor")
    rows = beside(energy_exchange.filter(_.period_kind == "year"), factors, "unit")
    sign = ibis.ifelse(rows.direction == "out", -1.0, 1.0)
    rows = rows.mutate(
        year=_.period_end.year().cast("int64"),
        amount=ibis.ifelse(_.amount_notation == "NO", 0.0, _.amount * _.factor) * sign,
        entity=ibis.coalesce(_.entity, ibis.literal("")),
        counterpart=ibis.coalesce(_.counterpart, ibis.literal("")),
        certified=ibis.coalesce(_.certified, ibis.literal("none")),
        province=_.place.substr(0, 2) + "0000",
    )
    rows = rows.mutate(reported=as_reported(rows))
    own = (rows.counterpart == "") | (rows.direction == "out")
    rows = rows.mutate(grid=ibis.ifelse(own, rows.province, rows.counterpart))
    sums = rows.group_by(
        "place", "year", "entity", "product", "direction", "counterpart", "grid", "certified"
    ).agg(amount=_.amount.sum(), reported=worst_in(_.reported), demo=_._demo.max())
    year = _.year if stand_in_year is None else ibis.literal(stand_in_year)
    grid = grid_factors.filter(_.factor_kind == grid_factor_kind).select(
        grid=_.grid, factor_year=_.data_year, power_factor=_.value, power_confidence=_.confidence
    )
    nation = grid_factors.filter((_.factor_kind == grid_factor_kind) & (_.grid == "CN")).select(
        factor_year=_.data_year, nation_factor=_.value, nation_confidence=_.confidence
    )
    heat = inventory_factors.filter(_.factor == "heat.heat_default.ef").select(
        product=ibis.literal("heat"), heat_factor=_.value, heat_confidence=_.confidence
    )
    met = (
        sums.mutate(factor_year=year.cast("int64"))
        .pipe(beside, grid, ["grid", "factor_year"])
        .pipe(beside, nation, "factor_year")
        .pipe(beside, heat, "product")
    )
    factor, confidence = met.power_factor, met.power_confidence
    if grid_factor_kind != "average":  # other kinds are published for the nation only
        factor = ibis.coalesce(factor, met.nation_factor)
        confidence = ibis.coalesce(confidence, met.nation_confidence)
    is_heat = met.product == "heat"
    free = (
        (met.certified != "none")
        & (ibis.literal(grid_factor_kind) == WITHOUT_MARKET)
        & (met.product == "electricity")
    )
    emission = ibis.cases(
        (free, 0.0),
        (is_heat, heat_co2(met.amount, met.heat_factor)),
        else_=power_co2(met.amount, factor),
    )
    computed = met.mutate(
        used_factor=ibis.ifelse(is_heat, met.heat_factor, factor),
        confidence=worst_of(ibis.ifelse(is_heat, met.heat_confidence, confidence), met.reported),
        emission=emission,
    ).mutate(
        missing=ibis.ifelse(
            _.emission.isnull(),
            coded("no_grid_factor", _.year, _.grid, grid_factor_kind),
            ibis.null("string"),
        ),
        weak=resting_on_weak(_.emission, _.confidence),
    )
    total = computed.group_by("place", "year", "entity", "product", "direction", "counterpart").agg(
        amount=_.amount.sum(),
        emission=_.emission.sum(),
        weak=_.weak.sum(),
        lost=_.missing.count(),
        used_factor=_.used_factor.max(),
        confidence=worst_in(_.confidence),
        missing=_.missing.max(),
        factor_year=_.factor_year.max(),
        demo=_.demo.max(),
    )
    return total.mutate(
        emission=ibis.ifelse(_.lost > 0, ibis.null("float64"), _.emission),
        recalled_share=weak_share(_.confidence),
        grid_factor_kind=ibis.literal(grid_factor_kind),
        stand_in_year=ibis.literal(stand_in_year, type="int64"),
    ).drop("lost")
