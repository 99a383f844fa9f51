"""Accounts: points of low-carbon acts, each voucher counted once, and what was spent of them."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

POINTS_LAW = "YUHUAN-2021-111"


@account(
    key=("holder", "act", "voucher"),
    unit="kg CO2e",
    cites=(POINTS_LAW,),
    maps={"low_carbon_acts": Same("act", "voucher"), "act_factors": Same("act")},
)
def low_carbon_act_points(low_carbon_acts: Table, act_factors: Table) -> Table:
    """Reduction and points of each act; a voucher that was counted before, in whatever account,
    counts for nothing.
    """
    once = ibis.row_number().over(
        ibis.window(
            group_by=("act", "voucher"),
            order_by=[_.period_end, _._submission, _._row],
        )
    )
    acts = low_carbon_acts.mutate(repeated=once > 0, stated=as_reported(low_carbon_acts))
    factors = act_factors.select("act", "saving", "points_rate", of_factor=as_reported(act_factors))
    rows = beside(acts, factors, "act")
    counted = ibis.ifelse(rows.repeated, 0.0, rows.times)
    return rows.select(
        "holder",
        "act",
        "voucher",
        "period",
        "repeated",
        reduction=counted * rows.saving,
        points=counted * rows.saving * rows.points_rate,
        unrated=ibis.ifelse(rows.points_rate.isnull(), counted * rows.saving, 0.0),
        confidence=worst_of(rows.stated, rows.of_factor),
        demo=rows._demo,
    )


@account(
    key=("holder",),
    unit="points",
    cites=(POINTS_LAW,),
    maps={"low_carbon_act_points": Same("holder"), "points_spent": Same("holder")},
)
def points_ledgers(low_carbon_act_points: Table, points_spent: Table) -> Table:
    """Of each account its reductions, points, kilograms without a rate, repeated vouchers and
    points spent.
    """
    earned = low_carbon_act_points.group_by("holder").agg(
        reduction=_.reduction.sum(),
        points=_.points.sum().fill_null(0.0),
        unrated=_.unrated.sum(),
        repeated=_.repeated.sum().cast("int64"),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    spent = points_spent.group_by("holder").agg(spent=_.points.sum())
    return beside(earned, spent, "holder").mutate(spent=_.spent.fill_null(0.0))
