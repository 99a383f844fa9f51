"""Account: flows that may stand twice in the flow ledger, by the month and by its days."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, Table

from hengtan.accounts.materials.flow_legs import PERIOD, STOCK, in_tonnes, legs_of
from hengtan.graph import Same, account
from hengtan.graph.codes import coded

SAME_FLOW = (*STOCK, "kind")
SHORTEST_MONTH = 28


@account(
    key=(*SAME_FLOW, "period"),
    unit="t",
    cites=("hengtan:material_flows",),
    maps={"material_flows": Same("material"), "unit_factors": "all"},
)
def material_flows_repeated(material_flows: Table, unit_factors: Table) -> Table:
    """Periods of a month or longer for which a firm has booked a material and kind, beside rows of
    shorter periods within them: a monthly report and its tickets may be the same tonnes.

    ``rows`` and ``tonnes`` are those of the long period, ``shorter_rows`` and ``shorter_tonnes``
    those within it. Nothing is taken out: only the firm knows which of them is to stay.
    """
    by_unit = (
        legs_of(_of_mixed_firms(material_flows))
        .group_by(*SAME_FLOW, *PERIOD, "unit")
        .agg(place=_.place.max(), amount=_.amount.sum(), count=_.count(), demo=_._demo.any())
    )
    spans = (
        in_tonnes(by_unit, unit_factors)
        .group_by(*SAME_FLOW, *PERIOD)
        .agg(
            place=_.place.max(),
            tonnes=_.tonnes.sum(),
            rows=_["count"].sum().cast("int64"),
            demo=_.demo.any(),
        )
    )
    long = spans.filter(_is_long(spans))
    shorter = spans.select(
        *SAME_FLOW,
        begins="period_start",
        ends="period_end",
        part_tonnes="tonnes",
        part_rows="rows",
        part_demo="demo",
    )
    met = long.inner_join(
        shorter,
        [
            *SAME_FLOW,
            shorter.begins >= long.period_start,
            shorter.ends <= long.period_end,
            (shorter.begins > long.period_start) | (shorter.ends < long.period_end),
        ],
    )
    sums = met.group_by(*SAME_FLOW, *PERIOD).agg(
        place=_.place.max(),
        rows=_.rows.max(),
        tonnes=_.tonnes.max(),
        shorter_rows=_.part_rows.sum().cast("int64"),
        shorter_tonnes=_.part_tonnes.sum(),
        demo=_.demo.any() | _.part_demo.any(),
    )
    return sums.mutate(
        year=sums.period_end.year().cast("int64"),
        missing=coded("flow_repeated", sums.period, sums.rows, sums.shorter_rows),
    )


def _is_long(rows: Table) -> BooleanValue:
    """Whether a row is about a month or longer."""
    return rows.period_end.delta(rows.period_start, unit="day") + 1 >= SHORTEST_MONTH


def _of_mixed_firms(flows: Table) -> Table:
    """Rows that have a firm at an end with rows of a month or longer as well as shorter ones: only
    those can repeat each other, and most firms book in one way.
    """
    lengths = flows.mutate(long=_is_long(flows))
    ends = ibis.union(
        lengths.select("firm", "long").distinct(),
        lengths.filter(_.kind == "transfer").select("long", firm=_.destination).distinct(),
    )
    ways = ends.group_by("firm").agg(ways=_.long.nunique())
    mixed = ways.filter(_.ways > 1)
    of_sender = flows.firm.isin(mixed.firm)
    return flows.filter(of_sender | flows.destination.isin(mixed.firm).fill_null(False))
