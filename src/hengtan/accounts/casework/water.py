"""Accounts: metered water of users with a quota, by year."""

from __future__ import annotations

from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of

LONGEST = ("year", "quarter", "month")
"""Kinds of periods a meter is read for; the longest that a year has counts."""


@account(
    key=("user_no", "year"),
    unit="m³",
    cites=("hengtan:water-quota",),
    maps={"water_meters": Same("user_no"), "water_quotas": Same("user_no")},
)
def water_user_years(water_meters: Table, water_quotas: Table) -> Table:
    """Metered water of each user by year, of the longest periods there are, beside its quota.

    ``months_read``: how much of the year the readings cover.
    """
    read = water_meters.mutate(
        year=_.period_end.year().cast("int64"),
        read_for=_.period_kind.cases(("year", 12), ("quarter", 3), else_=1),
        stated=as_reported(water_meters),
    )
    sums = read.group_by("user_no", "year", "period_kind").agg(
        water_used=_.quantity.sum(),
        months_read=_.read_for.sum().cast("int64"),
        of_meters=worst_in(_.stated),
        metered_demo=_._demo.any(),
    )
    order = sums.period_kind.cases(*((kind, n) for n, kind in enumerate(LONGEST)), else_=9)
    used = first_of(sums.mutate(order=order), ["user_no", "year"], [_.order])
    quotas = water_quotas.select(
        "user_no",
        water_quota="quota",
        year=_.period_end.year().cast("int64"),
        of_quota=as_reported(water_quotas),
        quota_demo=_._demo,
    )
    rows = beside(used, quotas, ["user_no", "year"])
    return rows.select(
        "user_no",
        "year",
        "water_used",
        "months_read",
        "water_quota",
        confidence=worst_of(_.of_meters, _.of_quota),
        demo=_.metered_demo | _.quota_demo.fill_null(False),
    )
