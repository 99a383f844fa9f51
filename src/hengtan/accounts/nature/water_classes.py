"""Accounts: the class of each section by month and year, what makes it so, and what is left of the
year to meet its target.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_water import mean_left
from hengtan.accounts.stated import worst_in
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

LAW = ("GB 3838-2002", "hengtan:water-assessment")
GOOD = 3
"""Classes to Ⅲ are good (优良)."""
MAIN = 3
"""How many main pollutants are named."""
ABOUT = ("place", "river", "water_body", "control", "border", "target_class")
MONTHS = 12


@account(
    key=("section", "period"),
    unit="class",
    cites=LAW,
    maps={"water_results": Same("section", "period")},
)
def water_month_classes(water_results: Table) -> Table:
    """The class of each section and month: the worst of its items that count (all of table 1 but
    water temperature, total nitrogen and faecal coliform).

    Main pollutants are the items worse than class Ⅲ, the worst class and then the most times over
    first, three at most. ``worst_ratio``: the highest ratio of a pollutant to the limit of class Ⅲ.
    ``meets``: whether the class is that of the target or better.
    """
    return _section_classes(water_results, ("section", "period", "year", "month"))


@account(
    key=("section", "year"),
    unit="class",
    cites=LAW,
    maps={
        "water_year_results": Same("section", "year"),
        "water_month_classes": Same("section", "year"),
    },
)
def water_year_classes(water_year_results: Table, water_month_classes: Table) -> Table:
    """The class of each section and year by the means of its months, and beside it how many months
    were measured, good, and short of the target.
    """
    rows = _section_classes(water_year_results, ("section", "year"))
    months = water_month_classes.filter(_.water_class.notnull())
    counts = months.group_by("section", "year").agg(
        months=_.count(),
        good_months=_.count(where=_.water_class <= GOOD),
        months_short=_.count(where=~_.meets),
        worst_month_class=_.water_class.max(),
    )
    rows = beside(rows, counts, ["section", "year"])
    short = rows.months.fill_null(0) < MONTHS
    months_lacking = ibis.ifelse(
        short, coded("water_months_lacking", rows.months.fill_null(0)), ibis.null()
    )
    return rows.mutate(
        months_short=ibis.ifelse(rows.target_class.isnull(), ibis.null("int64"), rows.months_short),
        missing=ibis.coalesce(rows.missing, months_lacking),
    )


@account(
    key=("section", "year", "item"),
    unit="unit of the item",
    cites=LAW,
    maps={"water_year_results": Same("section", "year", "item")},
)
def water_room(water_year_results: Table) -> Table:
    """What the mean of the months left may be, so that the mean of the year meets the limit of the
    target; negative where it cannot be met any more, missing when the year is over.
    """
    rows = water_year_results.filter(_.counted & (_.rule == "at_most") & _.target_limit.notnull())
    return rows.select(
        *("section", "place", "year", "item", "item_zh", "item_en", "months"),
        mean_so_far="value",
        target_class="target_class",
        target_limit="target_limit",
        mean_left=mean_left(rows.target_limit, rows.value, rows.months, float(MONTHS)),
        months_left=MONTHS - rows.months,
        confidence="confidence",
        demo="demo",
    )


@account(
    key=("place", "section", "period"),
    unit="class; ratio to the limit of class Ⅲ",
    cites=LAW,
    maps={
        "water_month_classes": Same("section", "period"),
        "water_sections": Same("section"),
        "place_within": Same(within="place"),
    },
)
def water_placed_months(
    water_month_classes: Table, water_sections: Table, place_within: Table
) -> Table:
    """The months of the sections that lie in a place or in what lies in it, with their names."""
    within = place_within.select("place", within="within")
    names = water_sections.select("section", "section_name")
    rows = water_month_classes.filter(_.water_class.notnull()).pipe(beside, names, "section")
    placed = rows.inner_join(within, "place")
    return placed.select(
        *("section", "section_name", "control", "period", "year", "month", "water_class"),
        *("target_class", "worst_ratio", "good", "meets", "main_1", "over_1"),
        place="within",
        confidence="confidence",
        demo="demo",
    )


def _section_classes(results: Table, by: tuple[str, ...]) -> Table:
    """The worst class of each group of results, with its main pollutants."""
    counted = results.filter(_.counted)
    worst = counted.group_by(*by).agg(
        water_class=_.water_class.max(),
        items=_.count(),
        worst_ratio=(_.over_class_3.max() + 1).cast("float64"),
        confidence=worst_in(_.confidence),
    )
    about = results.group_by(*by).agg(
        **{name: results[name].max() for name in ABOUT},
        demo=results.demo.any(),
        missing=results.missing.max(),
    )
    rows = about.pipe(beside, worst, list(by)).pipe(beside, _main_pollutants(counted, by), list(by))
    return rows.mutate(
        good=rows.water_class <= GOOD,
        meets=rows.water_class <= rows.target_class,
    )


def _main_pollutants(counted: Table, by: tuple[str, ...]) -> Table:
    """The first items worse than class Ⅲ of each group, side by side."""
    beyond = counted.filter(_.water_class > GOOD)
    order = [_.water_class.desc(), _.over_class_3.desc(), _.item]
    ranked = beyond.mutate(
        nth=ibis.row_number().over(ibis.window(group_by=list(by), order_by=order))
    )
    named: dict[str, Any] = {}
    for n in range(MAIN):
        here = ranked.nth == n
        named[f"main_{n + 1}"] = ranked.item_zh.max(where=here)
        named[f"main_{n + 1}_en"] = ranked.item_en.max(where=here)
        named[f"over_{n + 1}"] = ranked.over_class_3.max(where=here)
    return ranked.group_by(*by).agg(**named)
