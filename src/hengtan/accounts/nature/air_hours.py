"""Hourly values that count: in the unit of their item, without marks of a fault, and above nought.

No account: the expression the accounts of air begin with, since a year of hours is too long to
keep a second time.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

SLIDING = 8
"""Hours of a sliding ozone mean."""


def counted_hours(hours: Table, items: Table, flags: Table, unit_factors: Table) -> Table:
    """The hours that count, ``value`` in the unit of the item: station, day, hour, item, value,
    ``sliding_of`` (the item it is a reported sliding mean of), ``alone`` (nobody else approved it)
    and ``demo``.

    A value without a unit is in that of its item (air_items). Out are values that are missing,
    negative or nought, those with a flag that does not count, and those in a unit of another kind.
    """
    scaled_by = scales(items, unit_factors)
    counting = flags.filter(_.counts).select(flag="flag", unmarked=ibis.literal(True))
    rows = hours.filter(_.value > 0)
    rows = rows.left_join(counting, "flag")
    rows = rows.filter(_.flag.isnull() | _.unmarked.fill_null(False))
    stated = rows.mutate(stated_unit=rows.unit.fill_null(""))
    scaled = stated.inner_join(scaled_by, ["item", "stated_unit"])
    return scaled.select(
        "station",
        "day",
        hour=_.hour.cast("int64"),
        item=_.item,
        value=_.value * _.scale,
        sliding_of=_.sliding_of,
        alone=(_._submitted_by == _._approved_by) & ~_._demo,
        demo=_._demo,
    )


def scales(items: Table, unit_factors: Table) -> Table:
    """What a value of an item in a unit is multiplied by; the unit "" is the item's own."""
    factors = unit_factors.select("canonical_unit", stated_unit="unit", stated_factor="factor")
    own = unit_factors.select("canonical_unit", unit="unit", own_factor="factor")
    known = items.select("item", "unit", "sliding_of").inner_join(own, "unit")
    pairs = known.inner_join(factors, "canonical_unit")
    converted = pairs.select(
        "item", "stated_unit", "sliding_of", scale=_.stated_factor / _.own_factor
    )
    plain = items.select(
        "item", "sliding_of", stated_unit=ibis.literal(""), scale=ibis.literal(1.0)
    )
    return converted.union(plain.select(converted.columns))


def reported_by(rows: Table) -> ibis.Value:
    """How sure a group of hours is, as an aggregate: unverified, or approved by whoever handed one
    of them in.
    """
    return ibis.ifelse(rows.alone.any(), "self_approved", "unverified")
