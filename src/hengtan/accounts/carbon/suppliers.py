"""Accounts: upstream emissions of what a chain leader buys, by supplier: the supplier's own
footprint where it has one, else a factor.

GHG Protocol scope 3 category 1 (purchased goods and services): supplier-specific method before
average-data method.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, resting_on_weak, weak_share, worst_in, worst_of
from hengtan.graph import ORIGIN, Same, account, beside
from hengtan.graph.codes import coded

CITES = ("GHG Protocol Scope 3 Standard (2011), category 1",)
OWN = ("supplier_system", "supplier_footprint")


@account(
    key=("_submission", "_row"),
    unit="kg CO2e",
    cites=CITES,
    maps={
        "supplier_purchases": Same("_submission", "_row"),
        "unit_factors": Same(unit="unit"),
        "carbon_footprint": Same("year", system="supplier_system"),
    },
)
def carbon_supplier_purchases(
    supplier_purchases: Table, unit_factors: Table, carbon_footprint: Table
) -> Table:
    """Emissions upstream of each purchase: amount times the footprint of the supplier's product
    system of the year, else the figure the supplier gave, else the factor. [kg CO2e]

    ``basis`` says which; a system that has no footprint that year, or whose functional unit is of
    another kind of unit, is missing and is not replaced by a factor.
    """
    gone = ibis.null("float64")
    rows = supplier_purchases.mutate(year=_.period_end.year().cast("int64"), demo=_._demo).select(
        "_submission",
        "_row",
        "place",
        "entity",
        "entity_name",
        "year",
        "supplier",
        "supplier_name",
        "product",
        "amount",
        "unit",
        "supplier_system",
        "supplier_footprint",
        "factor",
        "source_title",
        *ORIGIN,
        "demo",
        confidence=as_reported(supplier_purchases),
    )
    units = unit_factors.select(unit=_.unit, canonical_unit=_.canonical_unit, unit_factor=_.factor)
    footprints = carbon_footprint.select(
        supplier_system=_.system,
        year=_.year,
        total=_.total,
        functional_amount=_.functional_amount,
        functional_canonical=_.functional_canonical,
        system_confidence=_.confidence,
        system_missing=_.missing,
    )
    rows = rows.pipe(beside, units, "unit").pipe(beside, footprints, ["supplier_system", "year"])
    fits = (rows.functional_canonical == rows.canonical_unit).fill_null(False)
    basis = ibis.cases(
        (rows.supplier_system.notnull(), "supplier_system"),
        (rows.supplier_footprint.notnull(), "supplier_footprint"),
        (rows.factor.notnull(), "factor"),
        else_="none",
    )
    per_functional = ibis.ifelse(
        fits, rows.amount * rows.unit_factor / rows.functional_amount, gone
    )
    emission = ibis.cases(
        (basis == "supplier_system", per_functional * rows.total),
        (basis == "supplier_footprint", rows.amount * rows.supplier_footprint),
        (basis == "factor", rows.amount * rows.factor),
        else_=gone,
    )
    by_system = basis == "supplier_system"
    why = ibis.coalesce(rows.system_missing, ibis.literal(coded("no_inventory_of_system")))
    no_footprint = coded("no_system_footprint", rows.year, rows.supplier_system) + "\n" + why
    missing = ibis.cases(
        (basis == "none", coded("no_supplier_factor")),
        (by_system & rows.total.isnull(), no_footprint),
        (by_system & ~fits, coded("functional_unit_misfit", rows.unit, rows.supplier_system)),
        else_=ibis.null("string"),
    )
    confidence = ibis.ifelse(
        by_system, worst_of(rows.confidence, rows.system_confidence), rows.confidence
    )
    return rows.mutate(
        basis=basis,
        emission=emission,
        missing=missing,
        confidence=confidence,
        recalled_share=weak_share(confidence),
    ).drop("unit_factor", "system_confidence", "system_missing", "functional_canonical")


@account(
    key=("entity", "year", "supplier"),
    unit="kg CO2e",
    cites=CITES,
    maps={"carbon_supplier_purchases": Same("entity", "year", "supplier")},
)
def carbon_footprint_suppliers(carbon_supplier_purchases: Table) -> Table:
    """Upstream emissions of each buyer by supplier; ``own_share`` rests on the supplier's own
    footprints, ``missing_rows`` purchases could not be worked out and are not in the sum.
    """
    return _summed(
        carbon_supplier_purchases,
        ["entity", "year", "supplier"],
        supplier_name=_.supplier_name.max(),
    )


@account(
    key=("entity", "year"),
    unit="kg CO2e",
    cites=CITES,
    maps={"carbon_supplier_purchases": Same("entity", "year")},
)
def carbon_supply_chain(carbon_supplier_purchases: Table) -> Table:
    """Upstream emissions of all a buyer purchased in a year (scope 3, category 1), and the share
    that rests on suppliers' own footprints.
    """
    return _summed(
        carbon_supplier_purchases, ["entity", "year"], suppliers=_.supplier.nunique().cast("int64")
    )


def _summed(rows: Table, by: list[str], **more: ibis.Value | ibis.Deferred) -> Table:
    sums = rows.group_by(by).agg(
        place=_.place.max(),
        entity_name=_.entity_name.max(),
        **more,
        value=_.emission.sum(),
        own=_.emission.sum(where=_.basis.isin(OWN)),
        weak=resting_on_weak(_.emission, _.confidence).sum(),
        purchases=_.count().cast("int64"),
        missing_rows=_.missing.notnull().sum().cast("int64"),
        missing=_.missing.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.max(),
    )
    zero = ibis.literal(0.0)
    return sums.mutate(
        own_share=ibis.coalesce(_.own, zero) / _.value.nullif(0),
        recalled_share=_.weak / _.value.nullif(0),
    ).drop("own", "weak")
