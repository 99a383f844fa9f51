"""Accounts: loads that rivers carry past sections, and what comes in and goes out at borders."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_water import river_load
from hengtan.accounts.stated import worst_in
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

CARRIED = (
    *("permanganate_index", "cod", "bod5", "ammonia_nitrogen", "total_phosphorus"),
    *("total_nitrogen", "copper", "zinc", "fluoride", "selenium", "arsenic", "mercury"),
    *("cadmium", "chromium_vi", "lead", "cyanide", "volatile_phenol", "petroleum"),
    *("anionic_surfactant", "sulphide"),
)
"""Items in mg/L that a river carries as a mass."""
RIVER = ("place", "river", "neighbour", "item")
MONTHS = 12


@account(
    key=("section", "period", "item"),
    unit="t",
    cites=("hengtan:load-by-flow",),
    maps={
        "water_results": Same("section", "period", "item"),
        "water_section_months": Same("section", "period"),
    },
)
def water_loads(water_results: Table, water_section_months: Table) -> Table:
    """Load of each item past a section in a month: mean concentration times mean flow times the
    days of the month. Where there is no flow there is no load, and ``missing`` says so.
    """
    flows = water_section_months.select(
        "section",
        "period",
        "flow",
        days=_.period_end.delta(_.period_start, unit="day") + 1,
    )
    carried = water_results.filter(_.item.isin(CARRIED))
    rows = beside(carried, flows, ["section", "period"])
    return rows.select(
        *("section", "place", "river", "neighbour", "border", "period", "year", "month"),
        *("item", "item_zh", "item_en", "value", "flow", "over_target"),
        load=river_load(rows.value, rows.flow, rows.days),
        missing=ibis.ifelse(rows.flow.isnull(), "water_flow_lacking", ibis.null("string")),
        confidence="confidence",
        demo="demo",
    )


@account(
    key=(*RIVER, "period"),
    unit="t",
    cites=("hengtan:load-by-flow",),
    maps={"water_loads": Same(*RIVER, "period")},
)
def water_border_months(water_loads: Table) -> Table:
    """Load that comes in and goes out at the border of a place by river, neighbour, item and month,
    and the net of the two: out less in. A month without one of them has no net.

    ``worst_over``: the most times over the limit of the target class at one of the sections.
    Nothing decays on the way: what is kept back or made between the sections is the net.
    """
    at_border = water_loads.filter(_.border.isin(("inflow", "outflow")))
    rows = at_border.group_by(*RIVER, "period", "year", "month").agg(
        load_in=_.load.sum(where=_.border == "inflow"),
        load_out=_.load.sum(where=_.border == "outflow"),
        worst_over=_.over_target.max(),
        item_zh=_.item_zh.max(),
        item_en=_.item_en.max(),
        missing=_.missing.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return rows.mutate(
        net=rows.load_out - rows.load_in,
        missing=ibis.coalesce(
            rows.missing,
            ibis.cases(
                (rows.load_in.isnull(), "water_no_inflow_section"),
                (rows.load_out.isnull(), "water_no_outflow_section"),
            ),
        ),
    )


@account(
    key=(*RIVER, "year"),
    unit="t",
    cites=("hengtan:load-by-flow",),
    maps={"water_border_months": Same(*RIVER, "year")},
)
def water_border_years(water_border_months: Table) -> Table:
    """Loads at the border summed over the months that have both sides, so that in and out are of
    the same months; ``months`` says how many, ``months_over`` in how many a limit was passed.
    """
    both = _.net.notnull()
    rows = water_border_months.group_by(*RIVER, "year").agg(
        months=_.count(where=both),
        load_in=_.load_in.sum(where=both),
        load_out=_.load_out.sum(where=both),
        net=_.net.sum(),
        worst_over=_.worst_over.max(),
        months_over=_.count(where=_.worst_over.fill_null(0.0) > 0),
        item_zh=_.item_zh.max(),
        item_en=_.item_en.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return rows.mutate(
        missing=ibis.ifelse(
            rows.months < MONTHS, coded("water_months_lacking", rows.months), ibis.null("string")
        )
    )
