"""Accounts: total energy consumption in both conventions, and the non-fossil share.

当量值 (calorific): power at its own heat. 等价值 (equivalent): power at the coal rate of the year,
which must be reported; there is no default.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.energy.formulas import (
    nonfossil_share,
    power_coal_equivalent,
    share_of,
    total_consumption,
)
from hengtan.accounts.energy.parts import STEPS
from hengtan.accounts.stated import as_reported, resting_on_weak, worst_in, worst_of
from hengtan.graph import Same, account, beside, newest_of
from hengtan.graph.codes import coded

INFLOWS = ("S.in", "S.out", "S.imp", "S.exp")
UNITS = ("tce", "physical")


@account(
    key=("place", "year", "kind"),
    unit="kgce/kWh",
    cites=("GB/T 2589-2020", "nbs.coal_rate_method"),
    maps={"coal_rate": Same("place", kind="kind"), "unit_factors": "all"},
)
def energy_coal_rate(coal_rate: Table, unit_factors: Table) -> Table:
    """The standard coal rate of each place and year, as reported; kind is supply (供电) or
    generation (发电).
    """
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    rows = (
        coal_rate.filter(_.period_kind == "year")
        .pipe(beside, factors, "unit")
        .filter(_.canonical_unit == "kgce/kWh")
        .mutate(year=_.period_end.year().cast("int64"))
    )
    return newest_of(rows, ["place", "year", "kind"]).select(
        "place",
        "year",
        "kind",
        rate=_.rate * _.factor,
        confidence=as_reported(rows),
    )


@account(
    key=("place", "year", "method", "product"),
    unit="canonical unit; tce",
    cites=("balance.notes",),
    maps={
        "energy_balance": Same("place", "year", "method", "product"),
        "energy_products": Same("product"),
    },
)
def energy_product_use(energy_balance: Table, energy_products: Table) -> Table:
    """Of each product: final use, losses, transformation inputs and outputs, non-energy use and own
    primary production.

    ``consumed`` is the net consumption F + L - T of the product in tce (当量值), which adds over
    products to the total; ``gross`` is 消费量合计 F + L + |T in|. A total whose parts are not all
    reported counts with what they leave over. ``production_reported`` is own production in physical
    units where the balance has a row of it, and nothing where it has none: no row is no zero.
    """
    cells = energy_balance.mutate(
        final=_.row.startswith("F") & (_.row != "F.2.ind.nonenergy"),
        step=_.row.isin(STEPS) | (_.row == "T"),
    )
    sums = cells.group_by("place", "year", "method", "product").agg(
        **_own("final", cells.final),
        **_own("loss", cells.row.startswith("L")),
        **_own("turned", cells.step),
        **_own("turned_in", cells.step & (cells.own_tce < 0)),
        **_both("non_energy", cells.row == "F.2.ind.nonenergy"),
        **_both("produced", cells.row == "S.prod"),
        production_reported=_.physical.sum(where=cells.row == "S.prod"),
        **_both("supplied", cells.row == "S"),
        **_both("net_inflow", cells.row.isin(INFLOWS)),
        confidence=worst_in(_.confidence),
        missing=_.missing.max(),
        demo=_.demo.max(),
        weak=(_.tce.abs() * _.recalled_share).sum(),
        gross=_.tce.abs().sum(),
    )
    known = energy_products.select(product=_.product, group=_.group, biogenic=_.biogenic)
    rows = (
        beside(sums, known, "product")
        .mutate(recalled_share=_.weak / _.gross.nullif(0))
        .drop("weak", "gross")
    )
    parts = ("final", "turned", "loss", "turned_in", "non_energy", "produced", "net_inflow")
    plain = [f"{part}_{unit}" for part in parts for unit in UNITS]
    rows = rows.mutate(**{name: ibis.coalesce(rows[name], ibis.literal(0.0)) for name in plain})
    return rows.mutate(
        consumed_tce=total_consumption(_.final_tce, _.loss_tce, _.turned_tce),
        gross_physical=_.final_physical + _.loss_physical - _.turned_in_physical,
        gross_tce=_.final_tce + _.loss_tce - _.turned_in_tce,
    )


def _own(name: str, where: object) -> dict[str, object]:
    """What rows count beside their parts, in both units."""
    return {
        f"{name}_tce": _.own_tce.sum(where=where),
        f"{name}_physical": _.own_physical.sum(where=where),
    }


def _both(name: str, where: object) -> dict[str, object]:
    return {f"{name}_tce": _.tce.sum(where=where), f"{name}_physical": _.physical.sum(where=where)}


@account(
    key=("place", "year", "method", "convention"),
    unit="tce",
    cites=("GB/T 2589-2020", "balance.notes.i6"),
    maps={
        "energy_product_use": Same("place", "year", "method"),
        "energy_coal_rate": Same("place", "year"),
    },
)
def energy_consumption(
    energy_product_use: Table, energy_coal_rate: Table, coal_rate_kind: str = "supply"
) -> Table:
    """Total energy consumption, with coal, oil and gas, own and bought power, in both conventions.
    Missing by 等价值 without the year's coal rate.

    ``calorific`` 当量值: power at 0.1229 kgce/kWh. ``equivalent`` 等价值: net bought and primary
    power at the coal rate; power made from fuel stays the fuel's.
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
    rows = beside(rows, rate, ["place", "year"])
    # a place whose records hold no power uses none: its total is the same in both conventions
    kwh, power = (ibis.coalesce(c, ibis.literal(0.0)) for c in (rows.power_kwh, rows.power))
    equivalent_power = ibis.ifelse(kwh == 0, power, power_coal_equivalent(kwh, rows.coal_rate))
    lacks_rate = ibis.ifelse(
        rows.coal_rate.isnull() & (kwh != 0), coded("no_coal_rate"), ibis.null("string")
    )
    conventions = [
        rows.mutate(
            convention=ibis.literal("calorific"),
            total=_.calorific,
            power_tce=_.power,
            coal_rate=ibis.null("float64"),
        ),
        rows.mutate(
            convention=ibis.literal("equivalent"),
            total=rows.calorific - power + equivalent_power,
            power_tce=equivalent_power,
            confidence=worst_of(_.confidence, _.rate_confidence),
            missing=ibis.coalesce(_.missing, lacks_rate),
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
    cites=("nbs.coal_rate_method", "nea.nonfossil"),
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
    """Non-fossil share of energy consumption by the coal-rate convention: primary power, bought
    power with certificates, biomass.

    ``nonfossil_imports`` none or certified: which bought power counts is a local rule, so it is an
    option, shown with the result.
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
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    bought = energy_exchange.filter(
        (_.product == "electricity")
        & (_.direction == "in")
        & _.certified.isin(("green_certificate", "green_power"))
        & (_.period_kind == "year")
    )
    bought = (
        beside(bought, factors, "unit")
        .mutate(year=_.period_end.year().cast("int64"))
        .group_by("place", "year")
        .agg(certified_kwh=(_.amount * _.factor).sum())
    )
    other = (
        energy_product_use.filter(_.biogenic)
        .group_by("place", "year", "method")
        .agg(other_nonfossil=_.consumed_tce.sum())
    )
    rows = total.pipe(beside, bought, ["place", "year"]).pipe(
        beside, other, ["place", "year", "method"]
    )
    zero = ibis.literal(0.0)
    counted = 1.0 if nonfossil_imports == "certified" else 0.0
    rows = rows.mutate(
        nonfossil_kwh=ibis.coalesce(_.primary_power_kwh, zero)
        + ibis.coalesce(_.certified_kwh, zero) * counted,
        other_nonfossil=ibis.coalesce(_.other_nonfossil, zero),
    )
    share = nonfossil_share(rows.nonfossil_kwh, rows.coal_rate, rows.other_nonfossil, rows.total)
    return rows.mutate(
        share=share * 100,
        nonfossil_imports=ibis.literal(nonfossil_imports),
        nonfossil_tce=power_coal_equivalent(_.nonfossil_kwh, _.coal_rate) + _.other_nonfossil,
    )
