"""Accounts: power of intensive users, freight of corridors, gas of blocks, points of delivery and
inspections, by year and place.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import freight_work
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside

YEAR_END = 12
CASE_FILES = "hengtan:case_files"


def _dated(months: Table) -> Table:
    """Rows of months with their year and month, and how sure they are."""
    return months.mutate(
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month().cast("int64"),
        stated=as_reported(months),
    )


@account(
    key=("entity", "year"),
    unit="kWh; kWh/t",
    cites=(CASE_FILES,),
    maps={"power_price_months": Same("entity")},
)
def power_price_years(power_price_months: Table) -> Table:
    """Power and output of a firm in a year, power for each tonne, and the months reported; without
    an output in each month no power for each tonne.
    """
    years = (
        _dated(power_price_months)
        .group_by("entity", "year")
        .agg(
            power_used=_.power.sum(),
            output=_.output.sum(),
            months=_.count(),
            without_output=_.output.isnull().sum(),
            confidence=worst_in(_.stated),
            demo=_._demo.any(),
        )
    )
    intensity = ibis.ifelse(
        years.without_output == 0, years.power_used / years.output.nullif(0), ibis.null("float64")
    )
    return years.mutate(power_intensity=intensity).drop("without_output")


@account(
    key=("corridor", "year"),
    unit="TEU; t",
    cites=(CASE_FILES,),
    maps={"freight_corridor_months": Same("corridor"), "freight_corridors": Same("corridor")},
)
def freight_corridor_years(freight_corridor_months: Table, freight_corridors: Table) -> Table:
    """Containers, tonnes, trains and tonne-kilometres of a corridor in a year, and the last month
    reported; tonnes and trains where every month states them.
    """
    years = (
        _dated(freight_corridor_months)
        .group_by("corridor", "year")
        .agg(
            teu=_.teu.sum(),
            tonnes=known_sum(_.tonnes),
            trains=known_sum(_.trains),
            without_tonnes=_.tonnes.isnull().sum().cast("int64"),
            last_month=_.month.max(),
            of_months=worst_in(_.stated),
            demo=_._demo.any(),
        )
    )
    heads = freight_corridors.select(
        "corridor", "place", "corridor_kind", "distance", of_head=as_reported(freight_corridors)
    )
    rows = beside(years, heads, "corridor")
    return rows.mutate(
        work=freight_work(rows.tonnes, rows.distance),
        confidence=worst_of(rows.of_months, rows.of_head),
    ).drop("of_months", "of_head")


@account(
    key=("place", "corridor_kind", "year"),
    unit="TEU",
    cites=(CASE_FILES,),
    maps={
        "freight_corridor_years": Same("corridor_kind", "year"),
        "place_within": Same(within="place"),
    },
)
def freight_corridor_places(freight_corridor_years: Table, place_within: Table) -> Table:
    """Freight by place and kind of corridor of years that are reported to December."""
    whole = freight_corridor_years.filter(_.last_month == YEAR_END)
    placed = whole.inner_join(place_within.select("place", "within"), "place")
    return placed.group_by("corridor_kind", "year", place=_.within).agg(
        teu=_.teu.sum(),
        tonnes=known_sum(_.tonnes),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )


@account(
    key=("block", "year"),
    unit="m3",
    cites=(CASE_FILES,),
    maps={"gas_block_months": Same("block"), "gas_blocks": Same("block")},
)
def gas_block_years(gas_block_months: Table, gas_blocks: Table) -> Table:
    """Gas of a block in a year, what was used here where every month states it, and the last month
    reported.
    """
    years = (
        _dated(gas_block_months)
        .group_by("block", "year")
        .agg(
            output=_.output.sum(),
            local_sale=known_sum(_.local_sale),
            without_local=_.local_sale.isnull().sum().cast("int64"),
            last_month=_.month.max(),
            confidence=worst_in(_.stated),
            demo=_._demo.any(),
        )
    )
    return beside(years, gas_blocks.select("block", "place"), "block")


@account(
    key=("place", "year"),
    unit="m3",
    cites=(CASE_FILES,),
    maps={"gas_block_years": Same("year"), "place_within": Same(within="place")},
)
def gas_block_places(gas_block_years: Table, place_within: Table) -> Table:
    """Gas of the blocks of a place in years that each block with rows reports to December; a year
    with a block that does not is left out.
    """
    placed = gas_block_years.inner_join(place_within.select("place", "within"), "place")
    years = placed.group_by("year", place=_.within).agg(
        output=_.output.sum(),
        blocks=_.block.nunique(),
        earliest=_.last_month.min(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return years.filter(_.earliest == YEAR_END).drop("earliest")


@account(
    key=("area",),
    unit="1",
    cites=(CASE_FILES,),
    maps={"delivery_points": Same("area"), "delivery_areas": Same("area")},
)
def delivery_reach(delivery_areas: Table, delivery_points: Table) -> Table:
    """Townships and villages that an open delivery point serves, each counted once, beside all."""
    working = delivery_points.filter(_.closed.isnull()).mutate(stated=as_reported(delivery_points))
    reached = working.group_by("area").agg(
        centres=(_.tier == "county").sum().cast("int64"),
        towns_reached=_.serves.nunique(where=_.tier == "town"),
        villages_reached=_.serves.nunique(where=_.tier == "village"),
        of_points=worst_in(_.stated),
    )
    heads = delivery_areas.select(
        "area", "towns", "villages", of_head=as_reported(delivery_areas), demo=_._demo
    )
    rows = beside(heads, reached, "area")
    counts = {name: rows[name].fill_null(0) for name in COUNTED}
    return rows.mutate(**counts, confidence=worst_of(rows.of_head, rows.of_points)).drop(
        "of_head", "of_points"
    )


COUNTED = ("centres", "towns_reached", "villages_reached")


@account(
    key=("place", "topic", "year"),
    unit="1",
    cites=(CASE_FILES,),
    maps={"product_inspections": Same("topic"), "place_within": Same(within="place")},
)
def inspection_years(product_inspections: Table, place_within: Table) -> Table:
    """Inspections of a place by topic and year: checked, passed, and the pass rate of those whose
    result is known.
    """
    rows = product_inspections.mutate(
        year=_.inspected.year().cast("int64"),
        stated=as_reported(product_inspections),
        judged=ibis.ifelse(_.passed.isnull(), 0, _.checked),
    )
    placed = rows.inner_join(place_within.select("place", "within"), "place")
    years = placed.group_by("topic", "year", place=_.within).agg(
        inspections=_.count(),
        checked=_.checked.sum(),
        judged=_.judged.sum(),
        passed=_.passed.sum(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
    return years.mutate(pass_rate=_.passed / _.judged.nullif(0))
