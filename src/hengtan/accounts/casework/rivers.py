"""Accounts: months of the sections that agreements along rivers are about."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_of
from hengtan.graph import Same, account, beside

MONTHS_A_YEAR = 12


@account(
    key=("agreement", "period"),
    unit=None,
    cites=("hengtan:case_files", "GB 3838-2002"),
    maps={"river_agreements": Same("agreement"), "river_section_months": Same("section")},
)
def river_months(river_agreements: Table, river_section_months: Table) -> Table:
    """The class of an agreement's section in each month it holds for, beside the class required and
    that of the same month a year before, missing where nobody filed it.
    """
    classes = river_section_months.mutate(
        month_no=_.period_end.year() * MONTHS_A_YEAR + _.period_end.month(),
        stated=as_reported(river_section_months),
    )
    terms = river_agreements.select(
        "agreement",
        "section",
        "required_class",
        "begins",
        "ends",
        of_head=as_reported(river_agreements),
    )
    now = classes.select(
        "section", "period", "period_end", "month_no", "stated", actual="water_class", demo="_demo"
    )
    rows = now.inner_join(terms, "section")
    is_open = rows.ends.isnull() | (rows.period_end <= rows.ends)
    rows = rows.filter((rows.period_end >= rows.begins) & is_open)
    before = classes.select(
        "section",
        month_no=_.month_no + MONTHS_A_YEAR,
        last_year=_.water_class,
        of_last_year=_.stated,
    )
    rows = beside(rows, before, ["section", "month_no"])
    return rows.select(
        "agreement",
        "section",
        "period",
        "required_class",
        "actual",
        "last_year",
        "demo",
        month=_.period,
        fails=ibis.ifelse(_.actual > _.required_class, 1, 0),
        confidence=worst_of(_.stated, _.of_head, _.of_last_year),
    )
