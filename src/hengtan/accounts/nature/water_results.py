"""Accounts: each result of a section by month and by year, with its class and how far it lies over
the limits.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_water import (
    class_at_least,
    class_at_most,
    class_inside,
    times_over,
)
from hengtan.accounts.nature.parameters import with_parameters
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import InForce, Same, account, beside
from hengtan.graph.in_force import in_force

ITEMS = (
    *("temperature", "ph", "dissolved_oxygen", "permanganate_index", "cod", "bod5"),
    *("ammonia_nitrogen", "total_phosphorus", "total_nitrogen", "copper", "zinc", "fluoride"),
    *("selenium", "arsenic", "mercury", "cadmium", "chromium_vi", "lead", "cyanide"),
    *("volatile_phenol", "petroleum", "anionic_surfactant", "sulphide", "faecal_coliform"),
    *("chlorophyll_a", "transparency"),
)
"""Columns of the form that hold results, by the ids of ``water_items``."""
LIMITS = ("class_1", "class_2", "class_3", "class_4", "class_5")
SATURATION = {"oxygen.saturation_1": "saturation_1"}
LAW = ("GB 3838-2002", "hengtan:water-assessment")
OF_LAW: dict[str, Any] = {
    "water_sections": Same("section"),
    "water_section_targets": Same("section"),
    "water_items": Same("item"),
    "water_class_limits": InForce("item", "water_body", day="day"),
    "water_parameters": "all",
}
OXYGEN = "dissolved_oxygen"


@account(
    key=("section", "period", "item"),
    unit="unit of the item; class; 1",
    cites=LAW,
    maps={"water_section_months": Same("section", "period"), **OF_LAW},
)
def water_results(
    water_section_months: Table,
    water_sections: Table,
    water_section_targets: Table,
    water_items: Table,
    water_class_limits: Table,
    water_parameters: Table,
) -> Table:
    """Each result of a section and month with its class by GB 3838, the target class of the
    section, and times over the limit of class Ⅲ and of the target.

    Oxygen and pH have no times over. ``counted``: whether the item takes part in the class of the
    section. A section that is not registered, or an item without limits, has no class. Oxygen is of
    class Ⅰ too where its saturation, if it was measured, reaches that of the standard.
    """
    months = water_section_months.mutate(
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month().cast("int64"),
        day=_.period_end,
        stated=as_reported(water_section_months),
        demo=_._demo,
    )
    kept = ("section", "period", "year", "month", "day", "stated", "demo")
    unknown = ibis.null("float64")
    by_item = [
        months.filter(months[item].notnull()).select(
            *kept,
            item=ibis.literal(item),
            value=months[item],
            saturation=months.oxygen_saturation if item == OXYGEN else unknown,
        )
        for item in ITEMS
    ]
    results = with_parameters(ibis.union(*by_item), water_parameters, SATURATION)
    return _classed(results, water_sections, water_section_targets, water_items, water_class_limits)


@account(
    key=("section", "year", "item"),
    unit="unit of the item; class; 1",
    cites=LAW,
    maps={"water_results": Same("section", "year", "item"), **OF_LAW},
)
def water_year_results(
    water_results: Table,
    water_sections: Table,
    water_section_targets: Table,
    water_items: Table,
    water_class_limits: Table,
    water_parameters: Table,
) -> Table:
    """The mean of the months of each year, item and section, with its class and times over.

    ``months``: how many months were measured. The mean is that of the months, not weighted.
    """
    years = water_results.group_by("section", "year", "item").agg(
        value=_.value.mean(),
        saturation=known_mean(_.saturation),
        months=_.period.nunique(),
        day=_.day.max(),
        stated=worst_in(_.stated),
        demo=_.demo.any(),
    )
    years = with_parameters(years, water_parameters, SATURATION)
    return _classed(years, water_sections, water_section_targets, water_items, water_class_limits)


def known_mean(value: ibis.Value) -> ibis.Value:
    """A mean that is missing where one of its parts is."""
    return ibis.ifelse(value.isnull().any(), ibis.null("float64"), value.mean())


def _classed(results: Table, sections: Table, targets: Table, items: Table, limits: Table) -> Table:
    """Results with class, target and times over; they have section, item, day, value, stated."""
    register = sections.select(
        "section", "place", "river", "water_body", "control", "border", "neighbour"
    )
    wanted = targets.select(
        "section",
        valid_from=_.begins,
        valid_to=_.ends,
        target_class=_.target_class.cast("int64"),
    )
    about = items.select("item", "in_class", item_zh=_.name_zh, item_en=_.name_en)
    terms = limits.select(
        *("item", "water_body", "rule", *LIMITS, "low", "high", "valid_from", "valid_to"),
        of_limits="confidence",
    )
    rows = results.pipe(beside, register, "section").pipe(beside, about, "item")
    rows = in_force(rows, wanted, on=("section",), day="day").drop("valid_from", "valid_to")
    rows = in_force(rows, terms, on=("item", "water_body"), day="day")
    is_saturated = (rows.rule == "at_least") & (rows.saturation >= rows.saturation_1)
    graded = rows.mutate(
        water_class=ibis.cases(
            (rows.rule == "at_most", class_at_most(rows.value, *(rows[n] for n in LIMITS))),
            (is_saturated.fill_null(False), 1),
            (rows.rule == "at_least", class_at_least(rows.value, *(rows[n] for n in LIMITS))),
            (rows.rule == "range", class_inside(rows.value, rows.low, rows.high)),
        ).cast("int64"),
        target_limit=rows.target_class.cases(
            *((n, rows[name]) for n, name in enumerate(LIMITS, start=1))
        ),
    )
    lower_is_better = graded.rule == "at_most"
    return graded.mutate(
        counted=_.in_class & _.water_class.notnull(),
        over_class_3=ibis.ifelse(
            lower_is_better, times_over(graded.value, graded.class_3), ibis.null()
        ),
        over_target=ibis.ifelse(
            lower_is_better, times_over(graded.value, graded.target_limit), ibis.null()
        ),
        missing=ibis.cases(
            (_.water_body.isnull(), "water_section_unknown"),
            (_.in_class & _.water_class.isnull(), "water_limits_lacking"),
        ),
        confidence=worst_of(_.stated, _.of_limits),
    ).drop(
        *LIMITS, "low", "high", "valid_from", "valid_to", "of_limits", "in_class", "saturation_1"
    )
