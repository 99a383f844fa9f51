"""Accounts: months of the sections that agreements along rivers are about."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_of
from hengtan.graph import Same, account, beside

MONTHS_A_YEAR = 12
MONTH = ("section", "month_no", "period", "period_end")


@account(
    key=("agreement", "period"),
    unit=None,
    cites=("hengtan:case_files", "GB 3838-2002"),
    maps={
        "river_agreements": Same("agreement"),
        "river_section_months": Same("section"),
        "water_month_classes": Same("section"),
    },
)
def river_months(
    river_agreements: Table, river_section_months: Table, water_month_classes: Table
) -> Table:
    """The class of an agreement's section in each month it holds for, beside the class required and
    that of the same month a year before, missing where there is none.

    The class is the one that monitoring gives for the section; where nothing was monitored it is
    the one filed under the agreement, and ``actual_by`` or ``last_year_by`` says ``agreement``.
    Where both are there and differ, what was monitored counts and ``reason`` tells. A month with
    measurements that give no class, and no class filed, stays with ``missing``.
    """
    classes = _classes(river_section_months, water_month_classes)
    terms = river_agreements.select(
        "agreement",
        "section",
        "required_class",
        "begins",
        "ends",
        of_head=as_reported(river_agreements),
    )
    rows = classes.inner_join(terms, "section")
    is_open = rows.ends.isnull() | (rows.period_end <= rows.ends)
    rows = rows.filter((rows.period_end >= rows.begins) & is_open)
    before = classes.select(
        "section",
        month_no=_.month_no + MONTHS_A_YEAR,
        last_year=_.actual,
        last_year_by=_.actual_by,
        filed_last_year=_.filed_actual,
        last_year_differs=_.differs,
        of_last_year=_.stated,
    )
    rows = beside(rows, before, ["section", "month_no"])
    differs, differed = rows.differs, rows.last_year_differs.fill_null(False)
    return rows.select(
        *("agreement", "section", "period", "required_class"),
        *("actual", "actual_by", "filed_actual"),
        *("last_year", "last_year_by", "filed_last_year"),
        "demo",
        month=_.period,
        fails=ibis.ifelse(_.actual > _.required_class, 1, 0),
        reason=ibis.cases(
            (differs & differed, "river_classes_differ_twice"),
            (differs, "river_classes_differ"),
            (differed, "river_classes_differ_before"),
        ),
        missing="missing",
        confidence=worst_of(_.stated, _.of_head, _.of_last_year),
    )


def _classes(filed: Table, monitored: Table) -> Table:
    """The class of each section and month with whether it was monitored or filed."""
    by_hand = filed.select(
        "section",
        "period",
        "period_end",
        month_no=_month_no(filed.period_end.year(), filed.period_end.month()),
        filed_actual=_.water_class,
        of_filed=as_reported(filed),
        filed_demo=_._demo,
    )
    measured = monitored.select(
        "section",
        "period",
        "missing",
        period_end=_end_of_month(monitored.year, monitored.month),
        month_no=_month_no(monitored.year, monitored.month),
        monitored=_.water_class.cast("string"),
        of_monitored="confidence",
        monitored_demo="demo",
    )
    months = by_hand.select(*MONTH).union(measured.select(*MONTH), distinct=True)
    rows = months.pipe(beside, by_hand, list(MONTH)).pipe(beside, measured, list(MONTH))
    is_monitored = rows.monitored.notnull()
    by_filing = ~is_monitored & rows.filed_actual.notnull()
    lacks = ~is_monitored & ~by_filing
    return rows.select(
        *MONTH,
        "filed_actual",
        actual=ibis.coalesce(rows.monitored, rows.filed_actual),
        actual_by=ibis.cases((is_monitored, "monitored"), (by_filing, "agreement")),
        differs=(rows.monitored != rows.filed_actual).fill_null(False),
        missing=ibis.ifelse(
            lacks, ibis.coalesce(rows.missing, "river_items_lacking"), ibis.null("string")
        ),
        stated=ibis.ifelse(by_filing, rows.of_filed, rows.of_monitored),
        demo=ibis.ifelse(by_filing, rows.filed_demo, rows.monitored_demo),
    )


def _month_no(year: ibis.Value, month: ibis.Value) -> ibis.Value:
    """Months counted through the years, so that a year before is twelve less."""
    return year.cast("int64") * MONTHS_A_YEAR + month.cast("int64")


def _end_of_month(year: ibis.Value, month: ibis.Value) -> ibis.Value:
    """The last day of a month: the one before the first of the next."""
    is_december = month == MONTHS_A_YEAR
    next_year = year + ibis.ifelse(is_december, 1, 0)
    next_month = ibis.ifelse(is_december, 1, month + 1)
    return ibis.date(next_year.cast("int32"), next_month.cast("int32"), 1) - ibis.interval(days=1)
