"""Account: recyclables that the sanitation network handed over and dealers took in, each tonne
once.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.materials.flow_legs import in_tonnes
from hengtan.accounts.materials.formulas import most_counted_twice
from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account

SANITATION, DEALER = "sanitation", "dealer"


@account(
    key=("place", "year", "material"),
    unit="t",
    cites=("hengtan:two_networks",),
    maps={
        "material_flows": Same("material"),
        "place_within": Same(within="place"),
        "unit_factors": "all",
    },
)
def two_networks(material_flows: Table, place_within: Table, unit_factors: Table) -> Table:
    """Tonnes of a material that the two networks recovered in a place and all within it, by year.

    What sanitation sent on and what dealers took in under one hand-over tag is one tonnage: that
    of the dealer's scale. Dealers' tonnes without a tag may repeat any of sanitation's tonnes that
    no dealer has reported with their tag, so that the total is a range ``once_low`` to
    ``once_high``.
    """
    flows = in_tonnes(material_flows.mutate(told=as_reported(material_flows)), unit_factors)
    handed = (flows.network == SANITATION) & flows.kind.isin(["out", "transfer"])
    bought = (flows.network == DEALER) & (flows.kind == "in")
    of_firm = ibis.window(group_by="firm")
    rows = flows.mutate(
        at=ibis.coalesce(flows.place, flows.place.max().over(of_firm)),
        handed=ibis.ifelse(handed, flows.tonnes, 0.0),
        bought=ibis.ifelse(bought, flows.tonnes, 0.0),
        year=flows.period_end.year().cast("int64"),
    ).filter(handed | bought)
    within = place_within.select(at="place", within="within")
    placed = rows.select(
        "at", "year", "material", "tag", "handed", "bought", "told", "_demo"
    ).inner_join(within, "at")
    lots = placed.group_by("year", "material", "tag", place=_.within).agg(
        handed=_.handed.sum(),
        bought=_.bought.sum(),
        told=worst_in(_.told),
        demo=_._demo.any(),
    )
    tagged = lots.tag.notnull()
    both = tagged & (lots.handed > 0) & (lots.bought > 0)
    lots = lots.mutate(
        twice=ibis.ifelse(both, lots.handed, 0.0),
        off=ibis.ifelse(both, lots.handed - lots.bought, 0.0),
        unmatched=ibis.ifelse(both, 0.0, lots.handed),
        untagged=ibis.ifelse(tagged, 0.0, lots.bought),
    )
    sums = lots.group_by("place", "year", "material").agg(
        sanitation=_.handed.sum(),
        dealers=_.bought.sum(),
        same_tonnes=_.twice.sum(),
        scales_differ=_.off.sum(),
        sanitation_unmatched=_.unmatched.sum(),
        dealers_untagged=_.untagged.sum(),
        confidence=worst_in(_.told),
        demo=_.demo.any(),
    )
    high = sums.sanitation + sums.dealers - sums.same_tonnes
    low = high - most_counted_twice(sums.dealers_untagged, sums.sanitation_unmatched)
    return sums.mutate(once_low=low, once_high=high)
