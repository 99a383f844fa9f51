"""Accounts: hazardous waste received, treated and in stock under each licence, by year."""

from __future__ import annotations

from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account, beside

LINE = ("licence", "category")


@account(
    key=(*LINE, "year"),
    unit="t",
    cites=("hengtan:hazwaste",),
    maps={"hazwaste_months": Same(*LINE), "hazwaste_classes": Same(*LINE)},
)
def hazwaste_years(hazwaste_months: Table, hazwaste_classes: Table) -> Table:
    """Received, treated and handed on in a year by licence and category, the stock at the end of
    its last month, whether the licence has the category, and the amount it has for it.
    """
    months = hazwaste_months.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(hazwaste_months)
    )
    years = months.group_by(*LINE, "year").agg(
        received=_.received.sum(),
        treated=_.treated.sum(),
        handed_on=_.handed_on.sum(),
        stock=_.stock.argmax(_.period_end),
        months=_.period.nunique(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
    licensed = hazwaste_classes.select(*LINE, "annual", named="category")
    rows = beside(years, licensed, list(LINE))
    return rows.mutate(listed=rows.named.notnull()).drop("named")
