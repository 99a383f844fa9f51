"""Account: what a body purchased in a year and how much of it was green, by category and in all."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of

SHARE = ("agency", "category", "year")
ALL = "all"
"""The category that stands for purchases of every category."""


@account(
    key=SHARE,
    unit="CNY",
    cites=("GREEN-PROCUREMENT",),
    maps={
        "procurement_contracts": Same("agency"),
        "procurement_agencies": Same("agency"),
        "procurement_demands": "all",
        "place_within": "all",
    },
)
def procurement_shares(
    procurement_contracts: Table,
    procurement_agencies: Table,
    procurement_demands: Table,
    place_within: Table,
) -> Table:
    """Purchases of each body, year and category (``all``: of every category): in all, green, and
    called green without a certificate that is valid on the day signed; with the share demanded on
    the last day of the year, of the place itself before one above it.
    """
    sums = _sums(procurement_contracts)
    bodies = procurement_agencies.select("agency", "place", "kind")
    rows = sums.inner_join(bodies, "agency")
    rows = rows.mutate(last_day=ibis.date(_.year.cast("int32"), 12, 31))
    rows = rows.pipe(beside, _demanded(rows, procurement_demands, place_within), list(SHARE))
    year = rows.year.cast("string")
    return rows.select(
        *SHARE,
        "place",
        "total",
        "green",
        "lapsed",
        "contracts",
        "demanded",
        "document",
        label=ibis.ifelse(rows.category == ALL, year, year + " " + rows.category),
        confidence=worst_of(rows.confidence, rows.demand_stated),
        demo=rows.demo,
    )


def _sums(contracts: Table) -> Table:
    """Amounts by body, year and category, and over all categories."""
    is_valid = (
        contracts.is_green
        & contracts.certificate.notnull()
        & (contracts.certified_from <= contracts.signed)
        & (contracts.certified_to.isnull() | (contracts.certified_to >= contracts.signed))
    ).fill_null(False)
    rows = contracts.select(
        "agency",
        "category",
        "amount",
        year=contracts.signed.year().cast("int64"),
        green=ibis.ifelse(is_valid, contracts.amount, 0.0),
        lapsed=ibis.ifelse(contracts.is_green & ~is_valid, contracts.amount, 0.0),
        stated=as_reported(contracts),
        is_demo=contracts._demo,
    )
    parts = ibis.union(rows, rows.mutate(category=ibis.literal(ALL)))
    return parts.group_by(*SHARE).agg(
        total=_.amount.sum(),
        green=_.green.sum(),
        lapsed=_.lapsed.sum(),
        contracts=_.count().cast("int64"),
        confidence=worst_in(_.stated),
        demo=_.is_demo.any(),
    )


def _demanded(rows: Table, demands: Table, place_within: Table) -> Table:
    """The share demanded of each body, category and year; none where no document is filed."""
    reach = place_within.select(place="place", within="within")
    named = demands.select(
        "kind",
        "category",
        "demanded",
        within="place",
        since="begins",
        until="ends",
        document="source_title",
        demand_stated=as_reported(demands),
    )
    met = rows.select(*SHARE, "place", "kind", "last_day").inner_join(reach, "place")
    met = met.inner_join(named, ["kind", "category", "within"])
    met = met.filter((_.since <= _.last_day) & (_.until.isnull() | (_.until >= _.last_day)))
    best = first_of(met, SHARE, [(_.within == _.place).desc(), _.within.desc(), _.since.desc()])
    return best.select(*SHARE, "demanded", "document", "demand_stated")
