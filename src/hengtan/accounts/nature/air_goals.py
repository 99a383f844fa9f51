"""Accounts: how many more days of a year may miss good air before a goal is out of reach, and how
past years went on.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.air_years import RULING
from hengtan.accounts.nature.formulas_air import bad_days_allowed
from hengtan.graph import Same, account

GOOD_AIR = "good_air_days"
GOAL_YEAR = ("target_id", "year", "edition", "method")


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


@account(
    key=(*GOAL_YEAR, "past_year"),
    unit="d",
    cites=("HJ 633-2012", "HJ 633-2026"),
    maps={
        "air_days_left": Same(*GOAL_YEAR),
        "air_place_years": Same("place", "edition", "method"),
        "air_place_day_index": Same("place", "method"),
    },
)
def air_rest_of_years(
    air_days_left: Table, air_place_years: Table, air_place_day_index: Table
) -> Table:
    """How many days without good air each past whole year under the same edition still had after
    the day that this year has come to (``came``). A year without data is no past year.
    """
    left = air_days_left.mutate(clock=_.last_day.day_of_year())
    whole = air_place_years.filter(_.missing.isnull()).select(
        "place", "edition", "method", past_year="year"
    )
    pairs = left.inner_join(whole, ["place", "edition", "method"])
    pairs = pairs.filter(pairs.past_year < pairs.year)
    bad = _bad_days(air_place_day_index)
    met = pairs.left_join(
        bad,
        [
            pairs.place == bad.bad_place,
            pairs.method == bad.bad_method,
            pairs.edition == bad.bad_edition,
            pairs.past_year == bad.bad_year,
            bad.bad_clock > pairs.clock,
        ],
    )
    return met.group_by(*GOAL_YEAR, "past_year").agg(
        place=_.place.max(),
        still_allowed=_.still_allowed.max(),
        days_to_come=_.days_to_come.max(),
        came=_.bad_clock.count(),
        confidence=_.confidence.max(),
        demo=_.demo.any(),
    )


@account(
    key=GOAL_YEAR,
    unit="d",
    cites=("HJ 633-2012", "HJ 633-2026"),
    maps={"air_rest_of_years": Same(*GOAL_YEAR)},
)
def air_year_end(air_rest_of_years: Table) -> Table:
    """How past years went on after the same day: of ``past_years`` whole years under the same
    edition ``kept`` had no more bad days to come than the goal still allows; they had ``fewest`` to
    ``most``.

    Counting alone; the odds by the forecast over these years stand beside them on the page and in
    ``hengtan forecast --year-end``.
    """
    return air_rest_of_years.group_by(*GOAL_YEAR).agg(
        place=_.place.max(),
        still_allowed=_.still_allowed.max(),
        days_to_come=_.days_to_come.max(),
        past_years=_.count(),
        kept=_.count(where=_.came <= _.still_allowed),
        fewest=_.came.min(),
        most=_.came.max(),
        confidence=_.confidence.max(),
        demo=_.demo.any(),
    )


def _bad_days(index: Table) -> Table:
    """Days without good air by the clock of their year, under each edition and the ruling one."""
    ruling = index.filter(index.ruling).mutate(edition=ibis.literal(RULING))
    both = index.union(ruling.select(index.columns)).filter(lambda t: ~t.good)
    return both.select(
        bad_place="place",
        bad_method="method",
        bad_edition="edition",
        bad_year=both.day.year().cast("int64"),
        bad_clock=both.day.day_of_year(),
    )
