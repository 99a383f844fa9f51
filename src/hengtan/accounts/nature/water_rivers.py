"""Account: whole rivers by year, by the shares of their sections or, of few, by their means."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_sewage import share_percent
from hengtan.accounts.nature.formulas_water import class_at_least, class_at_most, class_inside
from hengtan.accounts.nature.parameters import with_parameters
from hengtan.accounts.stated import worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.in_force import in_force

LIMITS = ("class_1", "class_2", "class_3", "class_4", "class_5")
RIVER = ("river", "year")
THRESHOLDS = {
    "river.sections": "enough",
    "river.excellent": "excellent_from",
    "river.good": "good_from",
    "river.moderate": "moderate_from",
    "river.heavy": "heavy_from",
}
QUALITIES = ("excellent", "excellent", "good", "light", "moderate", "heavy")
"""Quality of a section by its class, Ⅰ to worse than Ⅴ."""


@account(
    key=RIVER,
    unit="sections; %",
    cites=("hengtan:water-assessment",),
    maps={
        "water_year_results": Same(*RIVER),
        "water_year_classes": Same(*RIVER),
        "water_class_limits": "all",
        "water_parameters": "all",
    },
)
def water_rivers(
    water_year_results: Table,
    water_year_classes: Table,
    water_class_limits: Table,
    water_parameters: Table,
) -> Table:
    """The quality of each river and year: with five sections or more by the shares of good ones and
    of those worse than class Ⅴ, with fewer by the class of the means of each item over sections.
    """
    classed = water_year_classes.filter(
        (_.water_body == "river") & _.river.notnull() & _.water_class.notnull()
    )
    rivers = classed.group_by(*RIVER).agg(
        sections=_.count(),
        good=_.count(where=_.good),
        worse_than_5=_.count(where=_.water_class > len(LIMITS)),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    rivers = rivers.mutate(
        day=ibis.date(rivers.year.cast("int32"), 12, 31),
        share=share_percent(rivers.good, rivers.sections),
        worse_share=share_percent(rivers.worse_than_5, rivers.sections),
    )
    means = _class_of_means(water_year_results, water_class_limits)
    rows = with_parameters(rivers, water_parameters, THRESHOLDS).pipe(beside, means, list(RIVER))
    by_share = rows.sections >= rows.enough
    quality = ibis.cases(
        (~by_share, rows.mean_class.cases(*enumerate(QUALITIES, start=1))),
        (rows.share >= rows.excellent_from, "excellent"),
        (rows.share >= rows.good_from, "good"),
        (rows.worse_share < rows.moderate_from, "light"),
        (rows.worse_share < rows.heavy_from, "moderate"),
        (rows.worse_share >= rows.heavy_from, "heavy"),
    )
    return rows.select(
        *("river", "year", "sections", "good", "share", "worse_than_5", "worse_share"),
        mean_class=ibis.ifelse(by_share, ibis.null("int64"), rows.mean_class),
        quality=quality,
        confidence=worst_of(rows.confidence, rows.of_limits),
        demo="demo",
    )


def _class_of_means(results: Table, limits: Table) -> Table:
    """The worst class of the means of each item over the sections of a river."""
    counted = results.filter(_.counted & (_.water_body == "river"))
    means = counted.group_by(*RIVER, "item").agg(value=_.value.mean(), day=_.day.max())
    terms = limits.filter(_.water_body == "river").select(
        *("item", "rule", *LIMITS, "low", "high", "valid_from", "valid_to"),
        of_limits="confidence",
    )
    rows = in_force(means, terms, on=("item",), day="day")
    bounds = [rows[name] for name in LIMITS]
    rows = rows.mutate(
        item_class=ibis.cases(
            (rows.rule == "at_most", class_at_most(rows.value, *bounds)),
            (rows.rule == "at_least", class_at_least(rows.value, *bounds)),
            (rows.rule == "range", class_inside(rows.value, rows.low, rows.high)),
        ).cast("int64")
    )
    return rows.group_by(*RIVER).agg(mean_class=_.item_class.max(), of_limits=worst_in(_.of_limits))
