"""Accounts: works of ecological corridors by corridor, place and year, and which of them stand in
the forest works or on the list of greenways too.
"""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

CASE_FILES = "hengtan:case_files"
GREENWAYS = "greenways"
"""The list of greenways."""
NOTHING = ibis.literal(None, type="float64")
"""What a row does not speak of; a sum of such alone is missing, not nought."""


@account(
    key=("work",),
    unit="registers",
    cites=(CASE_FILES,),
    maps={
        "corridor_works": Same("work"),
        "forest_works": "all",
        "registry_entries": "all",
    },
)
def corridor_elsewhere(
    corridor_works: Table, forest_works: Table, registry_entries: Table
) -> Table:
    """The forest work and the entry of the list of greenways that a work says it is too, where
    these hold one of that number or title; ``unmatched`` what they do not hold.
    """
    forests = forest_works.select(forest_work=_.project, in_forest_works=_.title)
    greenways = registry_entries.filter(
        (_.registry == GREENWAYS) & _.withdrawn.isnull() & _.title.notnull()
    )
    greenways = greenways.select(greenway=_.title, in_greenways=_.title).distinct()
    works = corridor_works.mutate(stated=as_reported(corridor_works))
    rows = works.pipe(beside, forests, ["forest_work"]).pipe(beside, greenways, ["greenway"])
    no_forest = ibis.ifelse(rows.in_forest_works.isnull(), rows.forest_work, None)
    no_greenway = ibis.ifelse(rows.in_greenways.isnull(), rows.greenway, None)
    both = ibis.ifelse(
        no_forest.notnull() & no_greenway.notnull(), no_forest + "、" + no_greenway, None
    )
    return rows.select(
        "work",
        "in_forest_works",
        "in_greenways",
        unmatched=ibis.coalesce(both, no_forest, no_greenway),
        confidence=_.stated,
        demo=_._demo,
    )


@account(
    key=("place", "corridor_kind", "corridor", "year"),
    unit="km; ha; 10⁴ yuan",
    cites=(CASE_FILES,),
    maps={
        "corridor_works": Same("corridor"),
        "corridor_work_years": "all",
        "corridor_checks": "all",
        "corridor_elsewhere": "all",
        "place_within": Same(within="place"),
    },
)
def corridor_places(
    corridor_works: Table,
    corridor_work_years: Table,
    corridor_checks: Table,
    corridor_elsewhere: Table,
    place_within: Table,
) -> Table:
    """Length and area done, accepted and paid for in a year by corridor and place, with what lies
    in it; ``length_elsewhere`` and ``area_elsewhere`` are the part of what was done that the forest
    works or the greenways count too, so that a sum over registers takes it once.
    """
    elsewhere = corridor_elsewhere.select(
        "work",
        is_elsewhere=_.in_forest_works.notnull() | _.in_greenways.notnull(),
        of_elsewhere=_.confidence,
    )
    heads = corridor_works.mutate(of_head=as_reported(corridor_works))
    heads = heads.select("work", "place", "corridor_kind", "corridor", "of_head")
    heads = beside(heads, elsewhere, ["work"])
    within = place_within.select("place", within="within")
    rows = _done(corridor_work_years).union(_accepted(corridor_checks))
    rows = rows.inner_join(heads, "work").inner_join(within, "place")
    twice = rows.is_elsewhere.cast("float64")
    return rows.group_by("corridor_kind", "corridor", "year", place=_.within).agg(
        works=rows.work.nunique(),
        length=rows.length.sum(),
        area=rows.area.sum(),
        accepted_length=rows.accepted_length.sum(),
        accepted_area=rows.accepted_area.sum(),
        paid=rows.paid.sum(),
        length_elsewhere=(rows.length * twice).sum(),
        area_elsewhere=(rows.area * twice).sum(),
        confidence=worst_in(worst_of(rows.stated, rows.of_head, rows.of_elsewhere)),
        demo=rows.demo.any(),
    )


def _done(years: Table) -> Table:
    """What was done and paid in each year, in the columns of both."""
    rows = years.mutate(stated=as_reported(years))
    return rows.select(
        "work",
        "stated",
        year=_.period_end.year().cast("int64"),
        length=_.length,
        area=_.area,
        paid=_.paid,
        accepted_length=NOTHING,
        accepted_area=NOTHING,
        demo=_._demo,
    )


def _accepted(checks: Table) -> Table:
    """What was accepted in each year, in the columns of both."""
    rows = checks.mutate(stated=as_reported(checks)).filter(_.check_kind == "acceptance")
    return rows.select(
        "work",
        "stated",
        year=_.checked.year().cast("int64"),
        length=NOTHING,
        area=NOTHING,
        paid=NOTHING,
        accepted_length=_.length,
        accepted_area=_.area,
        demo=_._demo,
    )
