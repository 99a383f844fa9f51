"""Account: what drafts and projects do to the targets of the plans, where each target stands."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

NO_TEXT = ibis.null("string")


@account(
    key=("proposal", "target_id"),
    unit="unit of the target",
    cites=("hengtan:lights",),
    maps={
        "policy_effects": Same("proposal", "target_id"),
        "plan_progress": Same("target_id"),
        "unit_factors": "all",
    },
)
def plan_proposal_effects(
    policy_effects: Table, plan_progress: Table, unit_factors: Table
) -> Table:
    """Each effect in the unit of its target, with the direction that is better, what is still to go
    to the goal (none where it is met), and the light of the target.

    An effect in a unit of another kind, or on a target whose direction is open, is missing.
    """
    units = unit_factors.select("unit", "factor", canonical="canonical_unit")
    of_target = unit_factors.select(
        target_unit="unit", target_factor="factor", target_canonical="canonical_unit"
    )
    targets = plan_progress.select(
        "target_id",
        "indicator_zh",
        "operator",
        "met_rule",
        "goal",
        "latest",
        "latest_period",
        "light",
        "deadline_year",
        "gap",
        target_unit="unit",
        target_demo="demo",
    )
    rows = (
        policy_effects.mutate(reported=as_reported(policy_effects))
        .pipe(beside, targets, "target_id")
        .pipe(beside, units, "unit")
        .pipe(beside, of_target, "target_unit")
    )
    fits = (rows.canonical == rows.target_canonical).fill_null(False)
    is_open = (rows.met_rule == "direction_open").fill_null(True)
    is_lower = rows.operator == "<="
    left = ibis.ifelse(is_lower, -rows.gap, rows.gap)
    return rows.select(
        "proposal",
        "target_id",
        "indicator_zh",
        "goal",
        "latest",
        "latest_period",
        "light",
        "deadline_year",
        "basis",
        unit=rows.target_unit,
        direction=ibis.cases((is_open, NO_TEXT), (is_lower, "lower"), else_="higher"),
        effect=ibis.ifelse(
            fits & ~is_open, rows.effect * rows.factor / rows.target_factor, ibis.null("float64")
        ),
        to_go=ibis.ifelse(left > 0, left, ibis.null("float64")),
        confidence=rows.reported,
        missing=ibis.cases(
            (is_open, coded("no_direction_of_target", rows.target_id)),
            (~fits, coded("unit_misfit_of_target", rows.unit, rows.target_unit)),
            else_=NO_TEXT,
        ),
        demo=rows._demo | rows.target_demo.fill_null(False),
    )
