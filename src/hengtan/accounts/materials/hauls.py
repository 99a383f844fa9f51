"""Accounts: construction waste on its way from sites to plants, truck by truck from the flow
ledger, and what each site made beside what left it and arrived.

A load arrives by the plant's own ticket with the number that the site wrote on it. Where a plant
books no tickets of that material at all, the site's transfer is the only word there is and counts.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.flow_legs import in_tonnes
from hengtan.accounts.materials.formulas import estimated_waste
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

WAY = ("site", "plant", "material", "year")
SHOWN_LOST = 3
"""How many numbers of loads that did not arrive are named."""
LEDGER = ("hengtan:material_flows",)


@account(
    key=("site", "material", "year", "ticket"),
    unit="t",
    cites=LEDGER,
    maps={
        "material_flows": Same("material"),
        "cdw_sites": Same("site"),
        "unit_factors": "all",
    },
)
def cdw_loads(material_flows: Table, cdw_sites: Table, unit_factors: Table) -> Table:
    """Each load that left a construction site, by its number, and how it ended: ``arrived``, at
    ``elsewhere`` than the site wrote, ``not_arrived``, or ``unknown`` for loads without a number.

    ``tonnes`` are those of the site's scale, ``received`` those of the plant's.
    """
    flows = in_tonnes(material_flows.mutate(told=as_reported(material_flows)), unit_factors)
    sites = cdw_sites.select("site").distinct()
    left = flows.filter(flows.kind.isin(["out", "transfer"])).rename(site="firm")
    left = left.semi_join(sites, "site")
    number = ibis.coalesce(_.manifest, "")
    loads = left.group_by(
        "site", "material", ticket=number, year=_.period_end.year().cast("int64")
    ).agg(
        plant=_.destination.max(),
        day=_.period_end.max(),
        loads=_.count(),
        tonnes=known_sum(_.tonnes),
        on_paper=(_.kind == "transfer").all(),
        confidence=worst_in(_.told),
        demo=_._demo.any(),
    )
    taken = flows.filter(_.kind == "in")
    tickets = (
        taken.filter(_.manifest.notnull())
        .group_by("material", ticket=_.manifest)
        .agg(receiver=_.firm.max(), received=known_sum(_.tonnes), receipt_told=worst_in(_.told))
    )
    weighing = taken.group_by("material", plant=_.firm).agg(tickets=_.count())
    rows = loads.pipe(beside, tickets, ["material", "ticket"])
    rows = rows.pipe(beside, weighing, ["material", "plant"])
    is_elsewhere = (rows.receiver != rows.plant).fill_null(False)
    state = ibis.cases(
        (is_elsewhere, "elsewhere"),
        (rows.receiver.notnull(), "arrived"),
        (rows.on_paper & rows.tickets.isnull(), "arrived"),
        (rows.ticket == "", "unknown"),
        else_="not_arrived",
    )
    rows = rows.mutate(load_state=state)
    return rows.select(
        *("site", "material", "year", "ticket", "receiver", "day", "loads", "tonnes"),
        plant=ibis.coalesce(rows.plant, rows.receiver, ""),
        received=ibis.ifelse(
            rows.receiver.isnull() & (rows.load_state == "arrived"), rows.tonnes, rows.received
        ),
        load_state=rows.load_state,
        confidence=worst_of(rows.confidence, rows.receipt_told),
        demo="demo",
    )


@account(
    key=WAY,
    unit="t",
    cites=LEDGER,
    maps={
        "cdw_loads": Same(*WAY),
        "cdw_sites": Same("site"),
        "cdw_plants": Same("plant"),
    },
)
def cdw_hauls(cdw_loads: Table, cdw_sites: Table, cdw_plants: Table) -> Table:
    """Loads of construction waste from a site to a plant by material and year: how many left with
    how many tonnes, how many arrived, and what left and did not arrive, with the first numbers.

    ``reason`` names what did not arrive, ``note`` a plant that is not on file for the place.
    """
    ways = cdw_loads.group_by(*WAY).agg(
        **{
            f"loads_{state}": ibis.ifelse(_.load_state == state, _.loads, 0).sum().cast("int64")
            for state in ("arrived", "elsewhere", "not_arrived", "unknown")
        },
        loads=_.loads.sum().cast("int64"),
        sent=known_sum(_.tonnes),
        arrived=_.received.sum(where=_.load_state == "arrived"),
        lost=_.tonnes.sum(where=_.load_state == "not_arrived"),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    lost = cdw_loads.filter(_.load_state == "not_arrived")
    by_number = ibis.window(group_by=list(WAY), order_by="ticket")
    first = lost.mutate(nth=ibis.row_number().over(by_number)).filter(_.nth < SHOWN_LOST)
    numbers = first.group_by(*WAY).agg(numbers=_.ticket.collect().sort().join("、"))
    at = cdw_sites.group_by("site").agg(place=_.place.max())
    known = cdw_plants.select("plant").distinct().mutate(plant_known=True)
    rows = ways.pipe(beside, numbers, list(WAY)).pipe(beside, at, "site")
    rows = rows.pipe(beside, known, "plant")
    return rows.mutate(
        plant_known=rows.plant_known.fill_null(False),
        arrived=rows.arrived.fill_null(0.0),
        lost=rows.lost.fill_null(0.0),
        reason=ibis.ifelse(
            rows.loads_not_arrived > 0,
            coded("cdw_not_arrived", rows.loads_not_arrived, rows.lost.round(1), rows.numbers),
            ibis.null("string"),
        ),
        note=ibis.ifelse(
            rows.plant_known.isnull(), coded("cdw_plant_unknown", rows.plant), ibis.null("string")
        ),
    ).drop("numbers")


@account(
    key=("site", "year"),
    unit="t",
    cites=LEDGER,
    maps={"cdw_sites": Same("site"), "cdw_hauls": Same("site", "year")},
)
def cdw_site_transport(
    cdw_sites: Table, cdw_hauls: Table, material_tolerance: float = 0.01
) -> Table:
    """What a site made and did not use itself, beside what left it by truck and what arrived.

    ``left_over`` is what was to be carried less what left; ``reason`` where it is more than the
    share ``material_tolerance`` of it, ``missing`` where no load of the site is in the ledger.
    """
    rows = cdw_sites.mutate(
        told=as_reported(cdw_sites),
        year=_.period_end.year().cast("int64"),
        made=ibis.coalesce(_.weighed, estimated_waste(_.floor_area, _.per_area)),
    )
    sites = rows.group_by("site", "year").agg(
        place=_.place.max(),
        made=known_sum(_.made),
        on_site=known_sum(_.on_site),
        site_told=worst_in(_.told),
        site_demo=_._demo.any(),
    )
    carried = cdw_hauls.group_by("site", "year").agg(
        sent=known_sum(_.sent),
        arrived=_.arrived.sum(),
        loads=_.loads.sum().cast("int64"),
        loads_not_arrived=_.loads_not_arrived.sum().cast("int64"),
        haul_told=worst_in(_.confidence),
        haul_demo=_.demo.any(),
    )
    rows = beside(sites, carried, ["site", "year"])
    rows = rows.mutate(to_carry=rows.made - rows.on_site)
    rows = rows.mutate(left_over=rows.to_carry - rows.sent)
    differs = rows.left_over.abs() > material_tolerance * rows.to_carry
    return rows.select(
        *("site", "year", "place", "made", "on_site", "to_carry", "sent", "arrived", "left_over"),
        *("loads", "loads_not_arrived"),
        reason=ibis.ifelse(
            differs, coded("cdw_left_over", rows.left_over.round(1)), ibis.null("string")
        ),
        confidence=worst_of(rows.site_told, rows.haul_told),
        demo=rows.site_demo | rows.haul_demo.fill_null(False),
        missing=ibis.ifelse(
            rows.loads.isnull() & (rows.to_carry > 0), "cdw_no_loads", ibis.null("string")
        ),
    )
