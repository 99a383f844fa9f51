"""Account: villages of each place and year, and those where waste is sorted and sewage is done."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside


@account(
    key=("place", "year"),
    unit="villages",
    cites=("hengtan:case_files",),
    maps={"villages": "all", "village_years": "all", "place_within": Same(within="place")},
)
def village_counts(villages: Table, village_years: Table, place_within: Table) -> Table:
    """All villages that stand at the end of a year in each place, with what lies in it, and those
    with sorted waste and with sewage treated or controlled, for years that some village reported.

    A village without a report of the year counts as not done; ``missing`` says that there is one.
    """
    reports = village_years.mutate(
        year=_.period_end.year().cast("int64"), told=as_reported(village_years)
    ).select("village", "year", "sorting", "sewage", "told", report_demo="_demo")
    listed = villages.mutate(stated=as_reported(villages))
    pairs = listed.cross_join(reports.select("year").distinct())
    standing = pairs.filter(
        pairs.merged.isnull() | (pairs.merged > ibis.date(pairs.year.cast("int32"), 12, 31))
    )
    rows = beside(standing, reports, ["village", "year"])
    within = place_within.select("place", within="within")
    rows = rows.inner_join(within, "place")
    sums = rows.group_by("year", place=_.within).agg(
        villages=_.count().cast("int64"),
        sorting=_.sorting.fill_null(False).sum().cast("int64"),
        treated=(_.sewage == "treated").fill_null(False).sum().cast("int64"),
        controlled=(_.sewage == "controlled").fill_null(False).sum().cast("int64"),
        unreported=_.sewage.isnull().sum().cast("int64"),
        confidence=worst_in(worst_of(_.stated, _.told)),
        demo=_._demo.any() | _.report_demo.fill_null(False).any(),
    )
    return sums.mutate(
        sewage=_.treated + _.controlled,
        missing=ibis.ifelse(_.unreported > 0, "villages_unreported", None),
    )
