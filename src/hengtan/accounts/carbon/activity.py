"""Accounts: activity data of processes, agriculture, land and waste, as handed in and by year, in
the canonical unit of their item.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import ORIGIN, Same, account, beside, first_of, newest_of
from hengtan.graph.codes import coded

FORMS = ("industrial_products", "farm_activity", "forest_activity", "waste_activity")
UNIT = ("place", "year", "form", "item", "mode", "entity", "facility")
COMMON = (
    "_submission",
    "_row",
    "place",
    "item",
    "amount",
    "amount_notation",
    "unit",
    "period_kind",
    "period_end",
    "_approved_at",
    *ORIGIN,
    "_demo",
)
"""Columns that the forms of activity data share."""


@account(
    key=("_submission", "_row"),
    unit="canonical unit of the item",
    cites=("provguide2011",),
    maps={
        **{form: Same("_submission", "_row") for form in FORMS},
        "activity_items": Same("item"),
        "unit_factors": "all",
    },
)
def carbon_activity(
    industrial_products: Table,
    farm_activity: Table,
    forest_activity: Table,
    waste_activity: Table,
    activity_items: Table,
    unit_factors: Table,
) -> Table:
    """Activity data of all forms in the canonical unit of their item; ``mode`` is the way of
    feeding or the kind of site, else none.
    """
    none = ibis.literal("none")
    parts = [
        _of_form(industrial_products, "industrial_products", entity=_.entity, facility=_.facility),
        _of_form(farm_activity, "farm_activity", mode=ibis.coalesce(_.mode, none)),
        _of_form(forest_activity, "forest_activity"),
        _of_form(
            waste_activity,
            "waste_activity",
            mode=ibis.coalesce(_.site, none),
            recovered=_.recovered,
            recovered_unit=_.recovered_unit,
        ),
    ]
    items = activity_items.select(item=_.item, item_unit=_.unit, item_category=_.category)
    factors = unit_factors.select("unit", "canonical_unit", "factor")
    item_units = factors.select(item_unit=_.unit, item_canonical=_.canonical_unit)
    recovered_units = factors.select(recovered_unit=_.unit, recovered_factor=_.factor)
    rows = (
        ibis.union(*parts)
        .pipe(beside, items, "item")
        .pipe(beside, factors, "unit")
        .pipe(beside, item_units, "item_unit")
        .pipe(beside, recovered_units, "recovered_unit")
    )
    amount = ibis.ifelse(rows.amount_notation == "NO", 0.0, rows.amount * rows.factor)
    fits = rows.canonical_unit == rows.item_canonical
    return rows.mutate(
        year=_.period_end.year().cast("int64"),
        month=_.period_end.month(),
        amount=ibis.ifelse(fits, amount, ibis.null("float64")),
        recovered=ibis.coalesce(_.recovered * _.recovered_factor, ibis.literal(0.0)),
        province=_.place.substr(0, 2) + "0000",
        entity=ibis.coalesce(_.entity, ibis.literal("")),
        facility=ibis.coalesce(_.facility, ibis.literal("")),
        missing=ibis.ifelse(fits, ibis.null("string"), coded("unit_misfit_of_item", rows.unit)),
    ).drop(
        "amount_notation",
        "unit",
        "item_unit",
        "factor",
        "recovered_unit",
        "recovered_factor",
        "canonical_unit",
    )


def _of_form(rows: Table, form: str, **own: object) -> Table:
    """Rows of one form with the columns of all; what the form does not ask is missing."""
    asked = {
        "mode": ibis.literal("none"),
        "entity": ibis.null("string"),
        "facility": ibis.null("string"),
        "recovered": ibis.null("float64"),
        "recovered_unit": ibis.null("string"),
    }
    return rows.select(*COMMON, **asked | own, form=ibis.literal(form), reported=as_reported(rows))


@account(
    key=("place", "year", "form", "item", "mode", "entity", "facility"),
    unit="canonical unit of the item",
    cites=("hengtan:year-of-records",),
    maps={"carbon_activity": Same("place", "year", "form", "item", "mode", "entity", "facility")},
)
def carbon_activity_year(carbon_activity: Table) -> Table:
    """Activity of each year, item and mode, from the kind of record that reaches furthest: a year
    or a day, a cumulative from January, or months added up.
    """
    rows = carbon_activity.mutate(
        kind=ibis.cases(
            (_.period_kind == "month", "months"),
            (_.period_kind == "cumulative", "cumulative"),
            else_="year",
        )
    )
    rows = newest_of(rows, [*UNIT, "kind", "period_end"])
    months = (
        rows.filter(_.kind == "months")
        .group_by(*UNIT, "kind")
        .agg(
            **_carried(),
            amount=_.amount.sum(),
            recovered=_.recovered.sum(),
            through=_.month.nunique().cast("int64"),
        )
    )
    spans = (
        first_of(rows.filter(_.kind != "months"), [*UNIT, "kind"], _.period_end.desc())
        .group_by(*UNIT, "kind")
        .agg(
            **_carried(),
            amount=_.amount.max(),
            recovered=_.recovered.max(),
            through=ibis.ifelse(_.kind.max() == "year", 12, _.month.max()).cast("int64"),
        )
    )
    both = ibis.union(months, spans)
    furthest_first = [_.through.desc(), _.kind.desc()]
    return first_of(both, UNIT, furthest_first).rename(basis="kind")


def _carried() -> dict[str, object]:
    return {
        "province": _.province.max(),
        "item_category": _.item_category.max(),
        "missing": _.missing.max(),
        "reported": worst_in(_.reported),
        "demo": _._demo.max(),
    }
