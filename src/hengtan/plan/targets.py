"""Account: the targets judged, those of plan documents and those that a higher level assigned by a
form.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported
from hengtan.graph import Same, account, beside

ASSIGNED = "assigned"
"""The plan that goals handed in with the form ``intensity_goals`` belong to, and its one clause."""
ASSIGNED_CLAUSE = "assigned:goals"
INDICATOR_OF = {"energy": "energy_intensity_gdp", "carbon": "co2_intensity_gdp"}


@account(
    key=("target_id",),
    unit="unit of the target",
    cites=("hengtan:targets",),
    maps={
        "targets": Same("target_id"),
        "plans": Same("plan"),
        "intensity_goals": Same(place="region", base_year="base_year"),
        "indicators": Same("indicator"),
        "places": Same(place="region"),
    },
)
def plan_targets(
    targets: Table, plans: Table, intensity_goals: Table, indicators: Table, places: Table
) -> Table:
    """Every target with the first year of its plan: rows of the packs, and the goals assigned to
    places.

    An assigned goal (a cut of energy or CO2 per GDP between two years) is a target like any other,
    of the plan ``assigned``, from the year after its base year.
    """
    first_years = plans.select("plan", "first_year")
    stated = beside(targets.drop("_pack", "_file", "_row"), first_years, "plan")
    assigned = _assigned(intensity_goals, indicators, places)
    kinds = stated.schema()
    missing = {
        name: ibis.null(kinds[name]) for name in stated.columns if name not in assigned.columns
    }
    assigned = assigned.mutate(**missing).select(
        *(assigned.mutate(**missing)[name].cast(kinds[name]).name(name) for name in stated.columns)
    )
    return stated.union(assigned)


def _assigned(goals: Table, indicators: Table, places: Table) -> Table:
    goals = goals.mutate(indicator=_.goal_kind.cases(*INDICATOR_OF.items()))
    names = indicators.select("indicator", indicator_zh="name_zh", indicator_en="name_en")
    regions = places.select(place="place", region_zh="name_zh")
    goals = goals.pipe(beside, names, "indicator").pipe(beside, regions, "place")
    base_year = goals.base_year.cast("string")
    parts = [ibis.literal(ASSIGNED), goals.goal_kind, goals.place, base_year]
    return goals.select(
        target_id=ibis.literal("-").join(parts),
        plan=ibis.literal(ASSIGNED),
        clause_ref=ibis.literal(ASSIGNED_CLAUSE),
        indicator=goals.indicator,
        indicator_zh=goals.indicator_zh,
        indicator_en=goals.indicator_en,
        region_zh=goals.region_zh,
        region=goals.place,
        measure=ibis.literal("cut_from_base"),
        operator=ibis.literal("decrease_by"),
        strict=ibis.literal(False),
        value=goals.goal_cut,
        unit=ibis.literal("%"),
        base_year=goals.base_year,
        deadline_year=goals.goal_year,
        met_rule=ibis.literal("cut_at_least"),
        path=ibis.literal("compound"),
        wording=ibis.coalesce(goals.source_title, ibis.literal("")),
        quote=ibis.literal(""),
        source=ibis.coalesce(goals.source_title, ibis.literal("")),
        confidence=as_reported(goals),
        first_year=goals.base_year + 1,
    )
