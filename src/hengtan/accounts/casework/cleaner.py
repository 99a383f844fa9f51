"""Accounts: what the records say of units under cleaner-production audit, by year."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside


@account(
    key=("entity", "year"),
    unit=None,
    cites=("HJ 944-2018",),
    maps={
        "cleaner_units": Same("entity"),
        "cleaner_audits": Same("entity"),
        "discharge_permits": Same("entity"),
        "permit_emission_years": "all",
    },
)
def cleaner_years(
    cleaner_units: Table,
    cleaner_audits: Table,
    discharge_permits: Table,
    permit_emission_years: Table,
) -> Table:
    """Whether a unit emitted above the concentrations or the yearly amounts of its permits, and the
    year of its last audit reported by then.

    Years are those with monitoring and those in which an audit was listed or reported; a year
    without monitoring has no grounds of its own.
    """
    emitted = permit_emission_years.inner_join(
        discharge_permits.select("permit", "entity"), "permit"
    ).semi_join(cleaner_units, "entity")
    grounds = emitted.group_by("entity", "year").agg(
        over_standard=(_.months_over > 0).any(),
        over_total=(_.emitted > _.annual).fill_null(False).any(),
        of_monitoring=worst_in(_.confidence),
        monitored_demo=_.demo.any(),
    )
    audits = cleaner_audits.mutate(stated=as_reported(cleaner_audits))
    years = ibis.union(
        grounds.select("entity", "year"),
        audits.select("entity", year=_.listed.year().cast("int64")),
        audits.filter(_.reported.notnull()).select("entity", year=_.reported.year().cast("int64")),
        distinct=True,
    )
    reports = audits.filter(_.reported.notnull()).select(
        "stated", "_demo", of_unit="entity", in_year=_.reported.year().cast("int64")
    )
    met = years.inner_join(
        reports, [years.entity == reports.of_unit, reports.in_year <= years.year]
    )
    last = met.group_by("entity", "year").agg(
        last_audit_year=_.in_year.max(), of_audits=worst_in(_.stated), audited_demo=_._demo.any()
    )
    rows = years.pipe(beside, grounds, ["entity", "year"]).pipe(beside, last, ["entity", "year"])
    return rows.select(
        "entity",
        "year",
        "over_standard",
        "over_total",
        "last_audit_year",
        confidence=worst_of(_.of_monitoring, _.of_audits),
        demo=_.monitored_demo.fill_null(False) | _.audited_demo.fill_null(False),
    )
