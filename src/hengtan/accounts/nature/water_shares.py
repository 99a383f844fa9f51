"""Accounts: the sections that lie in a place, the share of good ones by place and level, as count
and share, and how many may still fail under the goals of plans.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_sewage import share_percent
from hengtan.accounts.nature.formulas_water import least_count
from hengtan.accounts.stated import worst_in, worst_of
from hengtan.basis.numeric import round_half_up
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

INDICATOR = "surface_water_good"
WORSE_THAN_5 = 6


@account(
    key=("place", "section", "year"),
    unit="class",
    cites=("hengtan:water-assessment",),
    maps={
        "water_year_classes": Same("section", "year"),
        "place_within": Same(place="home", within="place"),
    },
)
def water_placed_classes(water_year_classes: Table, place_within: Table) -> Table:
    """The classes by year of the sections that lie in a place or in what lies in it; sections
    without a class are not among them.
    """
    within = place_within.select("within", home="place")
    classes = water_year_classes.filter(_.water_class.notnull()).select(
        *("section", "year", "control", "water_class", "target_class", "good", "meets", "missing"),
        *("confidence", "demo"),
        home="place",
    )
    return classes.inner_join(within, "home").rename(place="within")


@account(
    key=("place", "section"),
    unit=None,
    cites=("hengtan:water-assessment",),
    maps={
        "water_sections": Same("section"),
        "place_within": Same(place="home", within="place"),
    },
)
def water_placed_sections(water_sections: Table, place_within: Table) -> Table:
    """The sections on file that lie in a place or in what lies in it, and from when to when they
    are in use.
    """
    within = place_within.select("within", home="place")
    sections = water_sections.select(
        *("section", "section_name", "control", "opened", "closed"), home="place", demo="_demo"
    )
    return sections.inner_join(within, "home").rename(place="within")


@account(
    key=("place", "control", "year"),
    unit="sections; %",
    cites=("hengtan:water-assessment",),
    maps={
        "water_placed_classes": Same("place", "control", "year"),
        "water_placed_sections": Same("place", "control"),
    },
)
def water_good_share(water_placed_classes: Table, water_placed_sections: Table) -> Table:
    """Sections of class Ⅰ–Ⅲ by the means of the year over sections assessed, of each place with
    what lies in it and each level of control: count and share.

    ``registered`` are the sections in use in the year. Where some have no class, or months are
    lacking, ``missing`` says how many.
    """
    shares = water_placed_classes.group_by("place", "control", "year").agg(
        sections=_.count(),
        good=_.count(where=_.good),
        worse_than_5=_.count(where=_.water_class == WORSE_THAN_5),
        meeting=_.count(where=_.meets),
        with_target=_.target_class.count(),
        short_of_months=_.missing.count(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    shares = shares.mutate(share=share_percent(shares.good, shares.sections))
    registered = _registered(shares, water_placed_sections)
    rows = beside(shares, registered, ["place", "control", "year"])
    without = (rows.registered - rows.sections).fill_null(0)
    return rows.mutate(
        missing=ibis.cases(
            (without > 0, coded("water_sections_lacking", without)),
            (rows.short_of_months > 0, coded("water_sections_short", rows.short_of_months)),
        )
    )


def _registered(shares: Table, sections: Table) -> Table:
    """How many sections were in use in each year that has a share, by place and control."""
    pairs = sections.cross_join(shares.select("year").distinct())
    first = ibis.date(pairs.year.cast("int32"), 1, 1)
    last = ibis.date(pairs.year.cast("int32"), 12, 31)
    is_open = (pairs.opened.isnull() | (pairs.opened <= last)) & (
        pairs.closed.isnull() | (pairs.closed >= first)
    )
    return pairs.filter(is_open).group_by("place", "control", "year").agg(registered=_.count())


@account(
    key=("target_id", "year"),
    unit="sections; %",
    cites=("hengtan:water-assessment",),
    maps={"targets": Same("target_id"), "water_good_share": Same("place", "year")},
)
def water_good_slack(targets: Table, water_good_share: Table) -> Table:
    """Under each goal for the share of good sections of the national level: how many sections have
    to be good at least, how many may fail, how many do, and how many more may.

    A goal that no whole number of sections meets exactly says so in ``note``.
    """
    goals = targets.filter((_.indicator == INDICATOR) & (_.measure == "level"))
    goals = goals.select(
        "target_id",
        "deadline_year",
        place="region",
        goal=_.value,
        of_goal="confidence",
    )
    national = water_good_share.filter(_.control == "national")
    rows = goals.inner_join(national, "place")
    rows = rows.mutate(least_good=least_count(rows.goal, rows.sections).cast("int64"))
    rows = rows.mutate(
        may_fail=rows.sections - rows.least_good,
        failing=rows.sections - rows.good,
        share_of_least=share_percent(rows.least_good, rows.sections),
        share_of_one_less=share_percent(rows.least_good - 1, rows.sections),
    )
    exact = (rows.share_of_least - rows.goal).abs() < 1e-9
    note = coded(
        "water_share_between",
        rows.sections,
        _percent(rows.goal),
        _count(rows.least_good - 1),
        _percent(rows.share_of_one_less),
        _count(rows.least_good),
        _percent(rows.share_of_least),
    )
    return rows.select(
        *("target_id", "place", "year", "deadline_year", "goal", "sections", "good", "share"),
        *("least_good", "may_fail", "failing", "share_of_least", "share_of_one_less"),
        may_still_fail=rows.may_fail - rows.failing,
        note=ibis.ifelse(exact, ibis.null("string"), note),
        missing="missing",
        confidence=worst_of(rows.confidence, rows.of_goal),
        demo="demo",
    )


def _percent(column: ibis.Value) -> ibis.Value:
    return round_half_up(column, 1).cast("string")


def _count(column: ibis.Value) -> ibis.Value:
    return column.cast("int64").cast("string")
