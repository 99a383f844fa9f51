"""Account: suppliers as their buyer rated them, with the carbon upstream of what was bought."""

from __future__ import annotations

from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_of
from hengtan.graph import Same, account, beside

SUPPLIER = ("firm", "supplier", "year")


@account(
    key=SUPPLIER,
    unit="points; kg CO2e",
    cites=("GHG Protocol Scope 3 Standard (2011), category 1",),
    maps={
        "supplier_scores": Same("firm", "supplier"),
        "carbon_footprint_suppliers": Same("supplier", "year", entity="firm"),
    },
)
def chain_suppliers(supplier_scores: Table, carbon_footprint_suppliers: Table) -> Table:
    """Each rated supplier and year: points, and upstream emissions of what was bought from it; one
    that nothing was bought from has none.
    """
    scores = supplier_scores.select(
        "firm",
        "supplier",
        "points",
        "most",
        year=_.period_end.year().cast("int64"),
        item=_.supplier_name.fill_null(_.supplier) + " " + _.period,
        stated=as_reported(supplier_scores),
        demo=_._demo,
    )
    upstream = carbon_footprint_suppliers.select(
        "supplier",
        "year",
        "own_share",
        firm=_.entity,
        upstream=_.value,
        missing_rows=_.missing_rows,
        upstream_confidence=_.confidence,
    )
    rows = beside(scores, upstream, SUPPLIER)
    return rows.mutate(confidence=worst_of(_.stated, _.upstream_confidence)).drop(
        "stated", "upstream_confidence"
    )
