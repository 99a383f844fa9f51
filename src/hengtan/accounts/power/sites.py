"""Accounts: storage sites - energy from head and volume, and their ranks by cost."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.power.formulas import cost_by_size, pumped_energy
from hengtan.accounts.stated import as_reported
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

PERCENT = 100
CNY_OF_TEN_THOUSAND = 1e4
KILO = 1e3
CITES = ("hengtan:storage-sites",)


@account(
    key=("place", "site"),
    unit="MWh",
    cites=CITES,
    maps={"storage_sites": Same("place", "site")},
)
def storage_site_energy(storage_sites: Table) -> Table:
    """Energy of each site: of pumped storage from head, volume and efficiency of generating; of
    others as stated, or power times hours.

    ``stated_gap`` is what a stated energy of pumped storage exceeds that of the water by, as a
    share.
    """
    rows = storage_sites
    of_water = pumped_energy(rows["head"], rows.volume, rows.discharge_efficiency / PERCENT)
    stated = ibis.coalesce(rows.energy, rows.power * rows.hours)
    energy = ibis.ifelse(rows.kind == "pumped", of_water, stated)
    known = rows.mutate(
        whole=energy,
        stated=stated,
        why=ibis.ifelse(
            energy.isnull() & (rows.kind == "pumped"),
            coded("no_head_volume_efficiency", rows.site),
            ibis.ifelse(
                energy.isnull(), coded("no_energy_of_storage", rows.site), ibis.null("string")
            ),
        ),
        sure=as_reported(rows),
    )
    cost = known.investment * CNY_OF_TEN_THOUSAND
    return known.select(
        "place",
        "site",
        "title",
        "kind",
        "status",
        "power",
        "round_trip",
        "capacity_price",
        price_level=_.price_level.fill_null(""),
        energy=_.whole,
        hours=_.whole / _.power.nullif(0),
        stated_gap=ibis.ifelse(
            known.kind == "pumped", known.stated / known.whole.nullif(0) - 1, ibis.null("float64")
        ),
        cost_power=cost_by_size(cost, known.power * KILO),
        cost_energy=cost_by_size(cost, known.whole * KILO),
        confidence=_.sure,
        missing=_.why,
        demo=_._demo,
    )


@account(
    key=("place", "site"),
    unit="CNY/kW; CNY/kWh",
    cites=CITES,
    maps={"storage_site_energy": Same("place")},
)
def storage_site_table(storage_site_energy: Table) -> Table:
    """Sites of a place with their ranks by cost of power and of energy, the lowest first.

    Only sites of one kind and one level of prices (static or dynamic, year) are ranked together;
    equal costs share a rank; a site without cost has none.
    """
    rows = storage_site_energy
    ranked = {
        f"rank_{name}": _ranks(rows, f"cost_{name}", f"rank_{name}") for name in ("power", "energy")
    }
    for ranks in ranked.values():
        rows = beside(rows, ranks, ["place", "site"])
    return rows


def _ranks(rows: Table, cost: str, name: str) -> Table:
    """The ranks of the sites that have a cost."""
    priced = rows.filter(rows[cost].notnull())
    window = ibis.window(group_by=["place", "kind", "price_level"], order_by=priced[cost])
    return priced.select("place", "site", **{name: ibis.rank().over(window).cast("int64") + 1})
