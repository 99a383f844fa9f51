"""Account: coal and oil used by a place each year beside its goal and its replacement projects."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of

USE = ("place", "year", "fuel")


@account(
    key=("control", "year"),
    unit="tce",
    cites=("GB/T 2589-2020", "yearbook.balance"),
    maps={
        "fossil_controls": Same("control"),
        "fossil_goals": Same("control"),
        "fossil_projects": Same("control"),
        "energy_product_use": Same("place"),
        "energy_balance": Same("place"),
        "energy_products": "all",
    },
)
def fossil_years(
    fossil_controls: Table,
    fossil_goals: Table,
    fossil_projects: Table,
    energy_product_use: Table,
    energy_balance: Table,
    energy_products: Table,
) -> Table:
    """Each control's year: net consumption of coal and coke, or of oil (当量值), what of it went
    into power, the goal, and what projects cut; ``cut_open`` is what is due by the end of the year
    and not done.

    The balance of statistics comes before that of firms' records; the two are never mixed.
    """
    controls = fossil_controls.select(
        "control",
        "place",
        "fuel",
        base_year=_.base_year_end.year().cast("int64"),
        final_year=_.final_year_end.year().cast("int64"),
    )
    use = _use_of_fuels(energy_product_use, energy_balance, energy_products)
    rows = controls.inner_join(use, ["place", "fuel"])
    base = rows.filter(_.year == _.base_year).select("control", base_used=_.used)
    goals = fossil_goals.select("control", "goal", year=_.period_end.year().cast("int64"))
    rows = rows.pipe(beside, base, "control").pipe(beside, goals, ["control", "year"])
    rows = beside(rows, _cuts(rows.select("control", "year"), fossil_projects), ["control", "year"])
    return rows.mutate(
        years_left=_.final_year - _.year,
        cut_done=_.cut_done.fill_null(0.0),
        cut_open=_.cut_open.fill_null(0.0),
    ).drop("base_year", "final_year")


def _use_of_fuels(product_use: Table, balance: Table, products: Table) -> Table:
    """Net consumption of coal and of oil by place and year, by the first method that has it."""
    fuel = ibis.cases((_.group.isin(("coal", "coke")), "coal"), (_.group == "oil", "oil"))
    sums = (
        product_use.mutate(fuel=fuel)
        .filter(_.fuel.notnull())
        .group_by(*USE, "method")
        .agg(
            used=_.consumed_tce.sum(),
            missing=_.missing.max(),
            confidence=worst_in(_.confidence),
            demo=_.demo.max(),
        )
    )
    groups = products.select("product", "group")
    power = (
        balance.filter(_.row == "T.power")
        .pipe(beside, groups, "product")
        .mutate(fuel=fuel)
        .filter(_.fuel.notnull())
        .group_by(*USE, "method")
        .agg(used_for_power=-_.own_tce.sum(), power_confidence=worst_in(_.confidence))
    )
    rows = beside(sums, power, [*USE, "method"])
    rows = rows.mutate(confidence=worst_of(_.confidence, _.power_confidence))
    return first_of(rows.drop("power_confidence"), USE, [_.method.desc()])


def _cuts(years: Table, projects: Table) -> Table:
    """What projects done by the end of each year cut, and what is overdue then. [tce a year]"""
    known = projects.select("control", "due", "done", cut=_.amount_before - _.amount_after)
    pairs = years.inner_join(known, "control").mutate(last=ibis.date(_.year, 12, 31))
    is_done = (pairs.done <= pairs.last).fill_null(False)
    return pairs.group_by("control", "year").agg(
        cut_done=pairs.cut.sum(where=is_done),
        cut_open=pairs.cut.sum(where=~is_done & (pairs.due <= pairs.last)),
    )
