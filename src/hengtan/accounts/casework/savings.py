"""Accounts: energy by unit of product in supervision, and what a retrofit saved in a year by the
meters before and after.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import per_unit
from hengtan.accounts.casework.formulas import adjusted_baseline
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

KILOGRAMS = 1000
MONTHS = 12


@account(
    key=("supervision", "product"),
    unit="kgce per unit of the output",
    cites=("gbt2589.product",),
    maps={"supervision_products": Same("supervision", "product")},
)
def supervision_unit_energy(supervision_products: Table) -> Table:
    """Energy by unit of each product inspected, in the unit of its limit."""
    rows = supervision_products
    return rows.select(
        "supervision",
        "product",
        "output",
        "limit_value",
        "standard",
        "indicator",
        unit_energy=per_unit(rows.energy * KILOGRAMS, rows.output),
        confidence=as_reported(rows),
        demo=rows._demo,
    )


@account(
    key=("saving_project", "year"),
    unit="tce",
    cites=("gbt28750",),
    maps={"saving_meters": Same("saving_project")},
)
def saving_years(saving_meters: Table) -> Table:
    """Each year after a retrofit: what the same output would have taken before (the energy by unit
    of all periods before), with the adjustments stated, what was metered, and the difference.

    Without a period before there is no baseline. ``months``: how many were metered; ``is_whole``:
    all twelve.
    """
    meters = saving_meters.mutate(
        year=_.period_end.year().cast("int64"),
        months=ibis.ifelse(_.period_kind == "year", MONTHS, 1),
        sure=as_reported(saving_meters),
    )
    before = (
        meters.filter(_.stage == "before")
        .group_by("saving_project")
        .agg(
            energy_before=_.energy.sum(),
            output_before=_.output.sum(),
            sure_before=worst_in(_.sure),
        )
    )
    after = (
        meters.filter(_.stage == "after")
        .group_by("saving_project", "year")
        .agg(
            measured=_.energy.sum(),
            output=_.output.sum(),
            adjustment=ibis.coalesce(_.adjustment.sum(), 0.0),
            months=_.months.sum(),
            sure=worst_in(_.sure),
            demo=_._demo.any(),
        )
    )
    rows = beside(after, before, "saving_project")
    rows = rows.mutate(
        baseline=adjusted_baseline(
            rows.energy_before, rows.output_before, rows.output, rows.adjustment
        )
    )
    return rows.select(
        "saving_project",
        "year",
        "baseline",
        "measured",
        "output",
        "months",
        saving=_.baseline - _.measured,
        is_whole=_.months >= MONTHS,
        confidence=worst_of(_.sure, _.sure_before),
        missing=ibis.ifelse(_.baseline.isnull(), coded("no_baseline"), ibis.null("string")),
        demo=_.demo,
    )
