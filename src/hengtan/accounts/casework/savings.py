"""Accounts: energy by unit of product in supervision and the units to inspect first, what a retrofit
saved by the meters before and after, and what a diagnosis promised beside it.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import per_unit
from hengtan.accounts.casework.formulas import adjusted_baseline
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of
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
    before = _before(meters)
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


def _before(meters: Table) -> Table:
    """Energy and output of all periods before the retrofit of a project."""
    rows = meters.filter(_.stage == "before").group_by("saving_project")
    return rows.agg(
        energy_before=_.energy.sum(),
        output_before=_.output.sum(),
        sure_before=worst_in(_.sure),
    )


@account(
    key=("saving_project", "period"),
    unit="tce",
    cites=("gbt28750",),
    maps={"saving_meters": Same("saving_project")},
)
def saving_months(saving_meters: Table) -> Table:
    """The saving of each period metered after a retrofit, for a contract whose years do not begin
    in January; reckoned as ``saving_years`` does.
    """
    meters = saving_meters.mutate(sure=as_reported(saving_meters))
    rows = beside(meters.filter(_.stage == "after"), _before(meters), "saving_project")
    baseline = adjusted_baseline(
        rows.energy_before, rows.output_before, rows.output, rows.adjustment.fill_null(0.0)
    )
    return rows.select(
        "saving_project",
        "period",
        year=rows.period_end.year().cast("int64"),
        first_day=rows.period_start,
        last_day=rows.period_end,
        saving=baseline - rows.energy,
        confidence=worst_of(rows.sure, rows.sure_before),
        demo=rows._demo,
    )


@account(
    key=("diagnosis", "saving_project"),
    unit="tce/a",
    cites=("gbt28750",),
    maps={
        "diagnosis_measures": Same("diagnosis", "saving_project"),
        "saving_years": Same("saving_project"),
    },
)
def diagnosis_savings(diagnosis_measures: Table, saving_years: Table) -> Table:
    """What the measures of a diagnosis were said to save a year, beside what the meters of the
    project that carries them out say: the mean of its whole years, none where there is none yet.
    """
    linked = diagnosis_measures.filter(_.saving_project.notnull())
    linked = linked.mutate(sure=as_reported(linked))
    diagnosed = linked.group_by("diagnosis", "saving_project").agg(
        diagnosed=_.saving.sum(),
        measures=_.count(),
        sure=worst_in(_.sure),
        demo=_._demo.any(),
    )
    metered = (
        saving_years.filter(_.is_whole)
        .group_by("saving_project")
        .agg(
            metered=_.saving.mean(),
            years_metered=_.count(),
            sure_metered=worst_in(_.confidence),
        )
    )
    rows = beside(diagnosed, metered, "saving_project")
    return rows.mutate(confidence=worst_of(_.sure, _.sure_metered)).drop("sure", "sure_metered")


NEVER = ibis.date(1, 1, 1)
"""Stands for no inspection yet where units are put in order: before all others."""


@account(
    key=("place", "entity"),
    unit="-",
    cites=("hengtan:supervision_order",),
    maps={
        "supervision_cases": "all",
        "supervision_findings": "all",
        "supervision_unit_energy": "all",
        "carbon_enterprise": "all",
    },
)
def supervision_risks(
    supervision_cases: Table,
    supervision_findings: Table,
    supervision_unit_energy: Table,
    carbon_enterprise: Table,
) -> Table:
    """Units with energy on file in the order in which a place would inspect them: most open
    findings, furthest above a limit when last inspected, longest not inspected (never before all),
    most energy. [-]

    The order is this system's proposal; ``excess`` counts products whose limit is filed.
    """
    findings = supervision_findings.filter(_.closed.isnull())
    left = findings.group_by("supervision").agg(open=_.count())
    limited = supervision_unit_energy.filter(_.limit_value > 0)
    above = limited.group_by("supervision").agg(
        excess=ibis.greatest((_.unit_energy / _.limit_value - 1).max(), 0.0)
    )
    cases = supervision_cases.select("supervision", "entity", "inspected")
    cases = cases.pipe(beside, left, "supervision").pipe(beside, above, "supervision")
    seen = cases.group_by("entity").agg(
        open_findings=_.open.sum(), last_inspected=_.inspected.max()
    )
    last = first_of(
        cases.filter(_.inspected.notnull()), ["entity"], [_.inspected.desc(), _.supervision]
    ).select("entity", "excess")
    used = first_of(carbon_enterprise, ["place", "entity"], [_.year.desc()])
    used = used.select(
        "place", "entity", "entity_name", "energy", "demo", energy_year="year"
    ).filter(_.energy.notnull())
    rows = used.pipe(beside, seen, "entity").pipe(beside, last, "entity")
    rows = rows.mutate(open_findings=_.open_findings.fill_null(0).cast("int64"))
    order = [
        rows.open_findings.desc(),
        rows.excess.fill_null(0.0).desc(),
        rows.last_inspected.fill_null(NEVER),
        rows.energy.desc(),
    ]
    return rows.mutate(
        rank=ibis.rank().over(ibis.window(group_by="place", order_by=order)).cast("int64") + 1,
        units=rows.count().over(ibis.window(group_by="place")).cast("int64"),
        confidence=ibis.literal("proposal"),
    )
