"""Account: how many more days of a year may miss good air before a goal is out of reach."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_air import bad_days_allowed
from hengtan.graph import Same, account

GOOD_AIR = "good_air_days"


@account(
    key=("target_id", "year", "edition", "method"),
    unit="d",
    cites=("HJ 633-2012", "HJ 633-2026"),
    maps={
        "targets": Same("target_id"),
        "air_place_years": Same("year", "edition", "method", place="place"),
    },
)
def air_days_left(targets: Table, air_place_years: Table) -> Table:
    """For each goal on the share of good days, by year: the days that may miss it, those that did,
    and how many are still allowed; below nought the goal cannot be met any more.

    Every day of the year is taken to count. ``days_to_come`` follow the last day with an index;
    ``reachable`` while any day is left to miss or none is needed.
    """
    goals = targets.filter((targets.indicator == GOOD_AIR) & targets.value.notnull()).select(
        "target_id", "plan", "clause_ref", "deadline_year", place="region", goal="value"
    )
    rows = goals.inner_join(air_place_years, "place")
    leap = ((rows.year % 4 == 0) & (rows.year % 100 != 0)) | (rows.year % 400 == 0)
    days_of_year = ibis.ifelse(leap, 366, 365)
    allowed = bad_days_allowed(rows.goal, days_of_year)
    bad = rows.valid_days - rows.good_days
    return rows.select(
        "target_id",
        "year",
        "edition",
        "method",
        "place",
        "goal",
        "deadline_year",
        "last_day",
        "valid_days",
        "good_days",
        "confidence",
        "demo",
        "missing",
        days_of_year=days_of_year.cast("int64"),
        bad_days=bad,
        bad_allowed=allowed.cast("int64"),
        still_allowed=(allowed - bad).cast("int64"),
        days_to_come=(days_of_year - rows.last_day.day_of_year()).cast("int64"),
        reachable=bad <= allowed,
    )
