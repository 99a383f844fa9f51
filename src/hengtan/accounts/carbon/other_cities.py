"""Account: totals of inventories of other cities, taken in from published workbooks."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account


@account(
    key=("city", "year"),
    unit="t CO2e",
    cites=("GPC v1.1",),
    maps={"city_inventories": Same("city", "year"), "gpc_references": "all"},
)
def city_inventory_totals(city_inventories: Table, gpc_references: Table) -> Table:
    """BASIC, BASIC+, BASIC+ S3 and territorial emissions of each city and year; a notation key
    counts nothing and is counted apart.
    """
    references = gpc_references.select("gpc", "sector", "basic", "basic_plus", "territorial")
    reported = city_inventories.mutate(stated=as_reported(city_inventories))
    rows = reported.inner_join(references, "gpc")
    with_scope_3 = rows.basic_plus | (rows.sector == "VI")

    def part(counts: ibis.Value) -> ibis.Value:
        return ibis.coalesce(rows.amount.sum(where=counts), ibis.literal(0.0))

    return rows.group_by("city", "year").agg(
        basic=part(rows.basic),
        basic_plus=part(rows.basic_plus),
        basic_plus_s3=part(with_scope_3),
        territorial=part(rows.territorial),
        keys=rows.amount.isnull().sum().cast("int64"),
        confidence=worst_in(rows.stated),
        demo=rows._demo.any(),
    )
