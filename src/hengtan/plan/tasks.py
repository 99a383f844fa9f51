"""Accounts of the task ledger (任务台账): where milestones and measures stand, and what is overdue.

A milestone is closed by a person with evidence; only those with a deadline can be overdue.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.graph import Same, account


def _latest(progress: Table, key: str) -> Table:
    window = ibis.window(
        group_by=key, order_by=[_.date.desc(), _._approved_at.desc(), _._submission, _._row]
    )
    return progress.mutate(nth=ibis.row_number().over(window)).filter(_.nth == 0).drop("nth")


def _day_after(year: ibis.Value, due: ibis.Value) -> ibis.Value:
    """The first day on which a deadline has passed: of the month after ``due`` (2026-06), else of
    the year after."""
    month = due.right(2).try_cast("int64")
    stated = due.length() == len("2026-06")
    month = ibis.ifelse(stated & month.between(1, 12), month, 12).fill_null(12)
    return ibis.date(year, month, 1) + ibis.interval(months=1)


@account(
    key=("milestone",),
    unit=None,
    cites=("hengtan:task_ledger",),
    maps={"milestones": Same("milestone"), "milestone_progress": Same("milestone")},
)
def plan_milestone_state(
    milestones: Table, milestone_progress: Table, judged_on: ibis.Value
) -> Table:
    """The state of each milestone from its latest approved report, and whether it is overdue.

    Without a report the state is ``not_reported``. ``done`` counts only with evidence. Overdue: a
    milestone not done whose month of the deadline has passed, or its year where no month is stated.
    The owner is the one reported, else the one that the plan names.
    """
    latest = (
        _latest(milestone_progress.filter(_.date <= judged_on), "milestone")
        .select(
            "milestone",
            "state",
            "date",
            "share_done",
            "evidence",
            "owner",
            "note",
            "_submission",
            "_row",
        )
        .rename(report_note="note")
    )
    rows = milestones.left_join(latest, "milestone").drop("milestone_right")
    done = (_.state == "done") & _.evidence.notnull()
    return rows.mutate(
        state=ibis.cases(
            (_.state.isnull(), "not_reported"),
            ((_.state == "done") & _.evidence.isnull(), "in_progress"),
            else_=_.state,
        ),
        owner=ibis.coalesce(_.owner, _.owner_zh),
        overdue=(
            _.deadline_year.notnull()
            & (judged_on >= _day_after(_.deadline_year, _.due))
            & ~done.fill_null(False)
        ).fill_null(False),
    ).select(
        "milestone",
        "plan",
        "clause_ref",
        "name_zh",
        "name_en",
        "deadline_year",
        "deadline_basis",
        "due",
        "co_owners_zh",
        "target_ids",
        "check_zh",
        "check_en",
        "state",
        "date",
        "share_done",
        "evidence",
        "owner",
        "report_note",
        "overdue",
    )


@account(
    key=("milestone",),
    unit="unit of the indicator",
    cites=("hengtan:task_ledger",),
    maps={
        "milestones": Same("milestone"),
        "plans": Same("plan"),
        "plan_computed_values": Same("indicator", "place", "year"),
    },
)
def plan_milestone_counts(
    milestones: Table, plans: Table, plan_computed_values: Table, judged_on: ibis.Value
) -> Table:
    """How far the records say that a milestone is which names an indicator: the newest figure of it
    for the place of the plan. It closes no milestone; a person does, with evidence.
    """
    counted = milestones.filter(_.indicator.notnull()).select("milestone", "plan", "indicator")
    placed = counted.inner_join(plans.select("plan", place="region"), "plan")
    values = plan_computed_values.filter((_.year <= judged_on.year()) & _.value.notnull()).select(
        *("indicator", "place", "year", "value", "unit", "missing", "confidence", "demo")
    )
    rows = placed.inner_join(values, ["indicator", "place"])
    newest = ibis.window(group_by="milestone", order_by=[_.year.desc(), _.value])
    rows = rows.mutate(nth=ibis.row_number().over(newest)).filter(_.nth == 0)
    return rows.select(
        *("milestone", "plan", "indicator", "place", "year", "value", "unit"),
        *("missing", "confidence", "demo"),
    )


@account(
    key=("clause_ref",),
    unit=None,
    cites=("hengtan:task_ledger",),
    maps={"measures": Same("clause_ref"), "measure_progress": Same(measure="clause_ref")},
)
def plan_measure_state(measures: Table, measure_progress: Table, judged_on: ibis.Value) -> Table:
    """The state of each measure from its latest approved report; owner as reported, else as the
    plan suggests.
    """
    reported = (
        measure_progress.filter(_.period_start <= judged_on)
        .rename(clause_ref="measure")
        .mutate(date=_.period_end)
    )
    latest = _latest(reported, "clause_ref").select(
        "clause_ref",
        "state",
        "period",
        "owner",
        "progress",
        "evidence",
        "next_step",
        "due",
        "_submission",
        "_row",
    )
    rows = measures.left_join(latest, "clause_ref").drop("clause_ref_right")
    return rows.mutate(
        state=ibis.coalesce(_.state, ibis.literal("not_reported")),
        owner_basis=ibis.cases(
            (_.owner.notnull(), "reported"),
            (_.department_zh.notnull(), _.department_basis),
            else_=None,
        ),
        owner=ibis.coalesce(_.owner, _.department_zh),
        overdue=(_.due.notnull() & (_.due < judged_on) & (_.state != "done")).fill_null(False),
    ).select(
        "clause_ref",
        "plan",
        "clause",
        "kind",
        "chapter_zh",
        "title_zh",
        "title_en",
        "description_zh",
        "description_en",
        "state",
        "period",
        "owner",
        "owner_basis",
        "progress",
        "evidence",
        "next_step",
        "due",
        "overdue",
    )
