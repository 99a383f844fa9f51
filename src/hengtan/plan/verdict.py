"""Account: how far CO2 per GDP has come toward a goal, by the official paths and light; the goal is given by name, never assumed."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.rates import needed_yearly_cut, required_cut_compound, required_cut_linear
from hengtan.graph import Same, account
from hengtan.plan.formulas import intensity_light

LIGHTS = ((1, "red"), (2, "orange"), (3, "green"))


@account(
    key=("place", "year", "method", "price_base"),
    unit="share",
    cites=("发改气候〔2014〕1828号", "发改办环资〔2021〕629号"),
    maps={"carbon_intensity": Same("place", "year", "method", "price_base")},
)
def plan_carbon_verdict(
    carbon_intensity: Table,
    carbon_goal_cut: float | None = None,
    carbon_goal_year: int | None = None,
) -> Table:
    """Cut of CO2 per GDP since the base year of the constant prices, what the goal demands by now on the compound and the linear path, the cut each year left needs, and the light.

    ``carbon_goal_cut`` is the goal as a share (0.18) to ``carbon_goal_year`` against the base year; without them there is no verdict and it says so. The probability of meeting the goal
    needs a forecast and is not given here.
    """
    rows = carbon_intensity.select(
        "place",
        "year",
        "method",
        "price_base",
        "intensity",
        "change",
        "cut_since_base",
        "confidence",
        "demo",
    )
    if carbon_goal_cut is None or carbon_goal_year is None:
        nothing = ibis.null("float64")
        return rows.mutate(
            goal_cut=nothing,
            goal_year=ibis.null("int64"),
            required=nothing,
            required_linear=nothing,
            needed_yearly=nothing,
            light=ibis.null("string"),
            missing=ibis.literal(
                "没有给出碳强度目标：用 carbon_goal_cut 与 carbon_goal_year 指明（依据下达文件）"
            ),
        )
    span, elapsed = carbon_goal_year - rows.price_base, rows.year - rows.price_base
    rows = rows.mutate(
        goal_cut=ibis.literal(float(carbon_goal_cut)),
        goal_year=ibis.literal(int(carbon_goal_year)),
        required=required_cut_compound(carbon_goal_cut, elapsed, span),
        required_linear=required_cut_linear(carbon_goal_cut, elapsed, span),
        needed_yearly=needed_yearly_cut(
            carbon_goal_cut, rows.cut_since_base, carbon_goal_year - rows.year
        ),
    )
    level = intensity_light(rows.change, rows.cut_since_base, rows.required)
    return rows.mutate(
        light=ibis.cases(*((level == n, name) for n, name in LIGHTS)),
        missing=ibis.ifelse(
            _.cut_since_base.isnull(), "缺基年的碳强度，或缺上年数据", ibis.null("string")
        ),
    )
