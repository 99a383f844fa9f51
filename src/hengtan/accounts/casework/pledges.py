"""Account: the energy of projects under a non-fossil pledge by year."""

from __future__ import annotations

from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in
from hengtan.graph import Same, account


@account(
    key=("project", "year"),
    unit="tce",
    cites=("NONFOSSIL-PLEDGE",),
    maps={"pledge_months": Same("project")},
)
def pledge_years(pledge_months: Table) -> Table:
    """Non-fossil and all energy of a project in a year, and the months it was reported of."""
    months = pledge_months.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(pledge_months)
    )
    return months.group_by("project", "year").agg(
        nonfossil=_.nonfossil.sum(),
        total=_.total.sum(),
        months=_.period.nunique(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
