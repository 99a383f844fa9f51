"""Accounts: claims on subsidies of green consumption and what they save; relieved incomes."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.casework.formulas import power_saving_cut
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside


@account(
    key=("scheme", "purchase"),
    unit="CNY; t CO2/a",
    cites=("SUBSIDY-CLASSES",),
    maps={
        "subsidy_purchases": Same("scheme", "buyer", "category"),
        "subsidy_classes": Same("scheme", "category", "level"),
    },
)
def subsidy_claims(subsidy_purchases: Table, subsidy_classes: Table) -> Table:
    """Each purchase with the rate and cap of its class; without a class, or beyond the pieces of a
    buyer in a category, it is not eligible.
    """
    nth = ibis.row_number().over(
        ibis.window(
            group_by=("scheme", "buyer", "category"),
            order_by=[_.period_end, _._submission, _._row],
        )
    )
    asked = subsidy_purchases.mutate(nth=nth + 1, stated=as_reported(subsidy_purchases))
    classes = subsidy_classes.select(
        "scheme",
        "category",
        "level",
        "cap",
        "pieces",
        "saving",
        "factor",
        class_rate=_.rate,
        of_class=as_reported(subsidy_classes),
    )
    rows = beside(asked, classes, ["scheme", "category", "level"])
    eligible = rows.class_rate.notnull() & (rows.pieces.isnull() | (rows.nth <= rows.pieces))
    share = rows.class_rate.fill_null(0.0) / 100
    most = ibis.coalesce(rows.cap, rows.price)
    return rows.select(
        "scheme",
        "purchase",
        "period",
        "buyer",
        "category",
        "level",
        "price",
        "cap",
        eligible=eligible,
        rate=share,
        due=ibis.ifelse(eligible, ibis.least(rows.price * share, most), 0.0),
        cut=ibis.ifelse(eligible, power_saving_cut(rows.saving, rows.factor), 0.0),
        confidence=worst_of(rows.stated, rows.of_class),
        demo=rows._demo,
    )


@account(
    key=("scheme",),
    unit="CNY; t CO2/a",
    cites=("SUBSIDY-CLASSES",),
    maps={"subsidy_claims": Same("scheme")},
)
def subsidy_effects(subsidy_claims: Table) -> Table:
    """Of each scheme the eligible pieces, what they would get without a budget, the CO2 they save a
    year, and pieces whose saving is not known.
    """
    return subsidy_claims.group_by("scheme").agg(
        pieces=_.eligible.sum().cast("int64"),
        due=_.due.sum(),
        saved=_.cut.sum(),
        unknown=_.cut.isnull().sum().cast("int64"),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )


@account(
    key=("entity", "project", "year"),
    unit="CNY",
    cites=("TAX-RELIEF-PROJECTS",),
    maps={"relief_incomes": Same("entity", "project", "year")},
)
def relief_project_years(relief_incomes: Table) -> Table:
    """Income of each relieved project in a tax year."""
    return relief_incomes.select(
        "entity",
        "project",
        "first_year",
        "income",
        "listed",
        item=_.project + " " + _.year.cast("string"),
        year=_.year.cast("int64"),
        confidence=as_reported(relief_incomes),
        demo=_._demo,
    )
