"""What each row of the flow ledger says of a firm, and its tonnes: what the accounts of flows begin
with.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import beside

STOCK = ("firm", "material")
PERIOD = ("period", "period_start", "period_end")
BY_WHOM = ("_submitted_by", "_approved_by", "_demo")
"""What says how sure a row is (``as_reported``)."""


def in_tonnes(rows: Table, unit_factors: Table, amount: str = "amount") -> Table:
    """Rows with ``tonnes``; missing for a unit that is none of mass."""
    mass = unit_factors.filter(_.canonical_unit == "t").select("unit", mass_factor="factor")
    met = beside(rows, mass, "unit")
    return met.mutate(tonnes=met[amount] * met.mass_factor).drop("mass_factor")


def legs_of(flows: Table) -> Table:
    """What each row says of a firm: its own bookings, and both ends of transfers that the firm has
    not booked itself under that manifest.
    """
    return ibis.union(*legs_apart(flows))


def legs_apart(flows: Table) -> list[Table]:
    """``legs_of`` as three tables: own bookings, what senders sent, what receivers took in. Sums
    over each are far quicker than over all of them together.
    """
    kept = ("network", "material", *PERIOD, "unit", "amount", *BY_WHOM)
    booked = flows.filter(_.kind != "transfer")
    legs = [booked.select(*kept, "place", "firm", "kind")]
    moved = flows.filter(_.kind == "transfer")
    for kind, firm, place in (
        ("out", moved.firm, moved.place),
        ("in", moved.destination, ibis.null("string")),
    ):
        end = moved.select(*kept, "manifest", place=place, firm=firm, kind=ibis.literal(kind))
        own = booked.filter(_.kind == kind, _.manifest.notnull()).select("firm", "manifest")
        rest = end.anti_join(own, ["firm", "manifest"])
        legs.append(rest.select(*kept, "place", "firm", "kind"))
    return legs
