"""Account: the comprehensive trophic level index of lakes."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_water import nutrition_index
from hengtan.accounts.nature.parameters import with_parameters
from hengtan.accounts.stated import worst_in, worst_of
from hengtan.graph import Same, account
from hengtan.graph.codes import coded
from hengtan.graph.in_force import in_force

ITEMS_NEEDED = 5
CENTIMETRES_A_METRE = 100.0
STATES = {
    "lake.mesotrophic": "mesotrophic_from",
    "lake.light": "light_above",
    "lake.moderate": "moderate_above",
    "lake.heavy": "heavy_above",
}
"""Parameters of the states: an index on the line is mesotrophic, or not yet eutrophic."""


@account(
    key=("section", "period"),
    unit="1",
    cites=("hengtan:water-assessment",),
    maps={
        "water_results": Same("section", "period"),
        "lake_nutrition_items": "all",
        "water_parameters": "all",
    },
)
def water_nutrition(
    water_results: Table, lake_nutrition_items: Table, water_parameters: Table
) -> Table:
    """Comprehensive trophic level index (综合营养状态指数) of each lake and month from chlorophyll,
    total phosphorus, total nitrogen, transparency and the permanganate index, weighted by their
    squared correlation with chlorophyll; without one of the five there is none.

    The coefficients are recalled, and the confidence of the result says so.
    """
    terms = lake_nutrition_items.select(
        *("item", "constant", "slope", "correlation", "valid_from", "valid_to"),
        of_terms="confidence",
    )
    lakes = water_results.filter(_.water_body == "lake")
    rows = in_force(lakes, terms, on=("item",), day="day").filter(_.constant.notnull())
    in_metres = ibis.ifelse(
        rows.item == "transparency", rows.value / CENTIMETRES_A_METRE, rows.value
    )
    rows = rows.mutate(
        index=nutrition_index(in_metres, rows.constant, rows.slope),
        weight=rows.correlation * rows.correlation,
        sure=worst_of(rows.stated, rows.of_terms),
    )
    sums = rows.group_by("section", "period", "year", "month", "day", "place", "river").agg(
        items=_.index.count(),
        weighted=(_.index * _.weight).sum(),
        weights=_.weight.sum(where=_.index.notnull()),
        confidence=worst_in(_.sure),
        demo=_.demo.any(),
    )
    whole = sums["items"] == ITEMS_NEEDED
    index = ibis.ifelse(whole, sums.weighted / sums.weights.nullif(0), ibis.null("float64"))
    lakes = with_parameters(sums.mutate(index=index), water_parameters, STATES)
    return lakes.select(
        *("section", "period", "year", "month", "place", "river", "items", "index"),
        state=ibis.cases(
            (lakes.index < lakes.mesotrophic_from, "oligotrophic"),
            (lakes.index <= lakes.light_above, "mesotrophic"),
            (lakes.index <= lakes.moderate_above, "light"),
            (lakes.index <= lakes.heavy_above, "moderate"),
            (lakes.index > lakes.heavy_above, "heavy"),
        ),
        missing=ibis.ifelse(
            lakes.index.isnull(),
            coded("lake_items_lacking", ITEMS_NEEDED - lakes["items"]),
            ibis.null("string"),
        ),
        confidence="confidence",
        demo="demo",
    )
