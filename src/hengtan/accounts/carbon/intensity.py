"""Accounts: CO2 per GDP at constant prices, on the year before and on the base year; total and
intensity beside what the place is allowed.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.carbon.formulas import carbon_per_gdp
from hengtan.accounts.rates import (
    cut_since_base,
    growth,
    intensity_change,
    required_cut_compound,
)
from hengtan.accounts.stated import as_reported, worst_of
from hengtan.graph import Same, account, beside

PLACE = ("place", "year", "method")


@account(
    key=(*PLACE, "price_base"),
    unit="t CO2 per 10^4 yuan",
    cites=("ndrc.2014_1828", "mee.co2_check"),
    maps={"carbon_totals": Same("place", "method"), "energy_gdp": Same("place", "price_base")},
)
def carbon_intensity(carbon_totals: Table, energy_gdp: Table) -> Table:
    """CO2 per GDP: CO2 of fuel burnt and of net bought power, over GDP at constant prices;
    processes and other gases are left out, heat too.

    Changes are within one price base; ``change`` needs the year before, ``cut_since_base`` the base
    year itself.
    """
    rows = carbon_totals.select(
        *PLACE,
        "energy_co2",
        "indirect_power",
        "power_kwh",
        "energy_co2_weak",
        "indirect_power_weak",
        "confidence",
        "missing",
        "demo",
    )
    rows = rows.mutate(co2=_.energy_co2 + ibis.ifelse(_.power_kwh.isnull(), 0.0, _.indirect_power))
    rows = rows.mutate(
        recalled_share=(_.energy_co2_weak + ibis.coalesce(_.indirect_power_weak, ibis.literal(0.0)))
        / _.co2.nullif(0)
    ).drop("energy_co2_weak", "indirect_power_weak")
    gdp = energy_gdp.select("place", "year", "price_base", "gdp")
    met = rows.inner_join(gdp, ["place", "year"])
    met = met.mutate(intensity=carbon_per_gdp(met.co2, met.gdp))
    run = ibis.window(group_by=["place", "method", "price_base"], order_by="year")
    lagged = met.mutate(
        before_year=_.year.lag().over(run),
        before_co2=_.co2.lag().over(run),
        before_gdp=_.gdp.lag().over(run),
        base_intensity=_.intensity.first().over(run),
        base_year=_.year.first().over(run),
    )
    consecutive, nothing = lagged.before_year == lagged.year - 1, ibis.null("float64")
    change = intensity_change(
        growth(lagged.co2, lagged.before_co2), growth(lagged.gdp, lagged.before_gdp)
    )
    cut = cut_since_base(lagged.intensity, lagged.base_intensity)
    return lagged.mutate(
        change=ibis.ifelse(consecutive, change, nothing),
        cut_since_base=ibis.ifelse(lagged.base_year == lagged.price_base, cut, nothing),
    ).drop("before_year", "before_co2", "before_gdp", "base_year")


@account(
    key=(*PLACE, "price_base"),
    unit="t CO2; share",
    cites=("ndrc.2014_1828", "mee.co2_check"),
    maps={
        "carbon_intensity": Same("place", "method", "price_base"),
        "carbon_budgets": Same("place", "year"),
        "intensity_goals": Same("place"),
    },
)
def carbon_dual_control(
    carbon_intensity: Table, carbon_budgets: Table, intensity_goals: Table
) -> Table:
    """Total and intensity of a place beside what it is allowed: the budget of the year filed for
    the whole place, and the cut of CO2 per GDP that the goal asks by then.

    ``left``: budget less emission, negative where it is exceeded. ``cut``: since the base year of
    the goal, of the same method and prices; ``cut_asked``: on the compound path to the goal year.
    """
    whole = carbon_budgets.filter(_.sector.isnull() & _.entity.isnull())
    budgets = whole.select(
        "place",
        "budget",
        year=_.year.cast("int64"),
        of_budget=as_reported(whole),
    )
    carbon = intensity_goals.filter(_.goal_kind == "carbon")
    goals = carbon.select(
        "place",
        goal_base=_.base_year.cast("int64"),
        goal_year=_.goal_year.cast("int64"),
        goal_cut=_.goal_cut / 100,
        of_goal=as_reported(carbon),
    )
    years = carbon_intensity.select(
        *PLACE,
        "price_base",
        "co2",
        "intensity",
        "recalled_share",
        "confidence",
        "missing",
        "demo",
    )
    bases = years.select(
        "place", "method", "price_base", goal_base=_.year, intensity_then=_.intensity
    )
    within = [
        years.place == goals.place,
        years.year > goals.goal_base,
        years.year <= goals.goal_year,
    ]
    met = years.left_join(goals, within).drop("place_right")
    met = met.pipe(beside, budgets, ["place", "year"])
    met = met.pipe(beside, bases, ["place", "method", "price_base", "goal_base"])
    elapsed, whole_run = met.year - met.goal_base, met.goal_year - met.goal_base
    met = met.mutate(
        left=met.budget - met.co2,
        cut=cut_since_base(met.intensity, met.intensity_then),
        cut_asked=required_cut_compound(met.goal_cut, elapsed, whole_run),
        sure=worst_of(met.confidence, met.of_budget, met.of_goal),
    )
    met = met.filter(met.budget.notnull() | met.goal_cut.notnull())
    return met.select(
        *PLACE,
        "price_base",
        "co2",
        "budget",
        "left",
        "intensity",
        "goal_base",
        "goal_year",
        "goal_cut",
        "cut",
        "cut_asked",
        is_within=met.left >= 0,
        is_on_path=met.cut >= met.cut_asked,
        recalled_share=met.recalled_share,
        confidence=met.sure,
        missing=met.missing,
        demo=met.demo,
    )
