"""Accounts: forest-cover quotas by place and trade, areas of forest works by place."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside

CASE_FILES = "hengtan:case_files"


@account(
    key=("place", "period"),
    unit="%; mu",
    cites=(CASE_FILES,),
    maps={
        "forest_quota_places": Same("place"),
        "forest_cover_years": Same("place", "period"),
        "forest_quota_trades": "all",
    },
)
def forest_quota_positions(
    forest_quota_places: Table, forest_cover_years: Table, forest_quota_trades: Table
) -> Table:
    """Forest cover and goal of a district by year beside the quotas it bought and sold up to the
    end of the year, without those that have ended.
    """
    years = forest_cover_years.select(
        "place",
        "period",
        "period_end",
        "cover",
        "goal",
        stated=as_reported(forest_cover_years),
        demo=forest_cover_years._demo,
    )
    lands = forest_quota_places.select("place", "land", of_head=as_reported(forest_quota_places))
    rows = beside(years, lands, "place")
    for column, side in (("bought", "place"), ("sold", "seller")):
        quotas = _quotas(years, forest_quota_trades, column, side)
        rows = beside(rows, quotas, ["place", "period"])
    return rows.select(
        "place",
        "period",
        "cover",
        "goal",
        "land",
        "demo",
        bought=_.bought.fill_null(0.0),
        sold=_.sold.fill_null(0.0),
        confidence=worst_of(_.stated, _.of_head, _.of_bought, _.of_sold),
    )


def _quotas(years: Table, trades: Table, column: str, side: str) -> Table:
    """Quotas of a side that hold at the end of each of its years, and how sure they are."""
    of_side = trades.select(
        "area", "signed", "ends", place=side, stated_of_trade=as_reported(trades)
    )
    pairs = years.select("place", "period", "period_end").inner_join(of_side, "place")
    is_open = pairs.ends.isnull() | (pairs.ends >= pairs.period_end)
    in_force = pairs.filter((pairs.signed <= pairs.period_end) & is_open)
    sums: dict[str, Any] = {column: _.area.sum(), f"of_{column}": worst_in(_.stated_of_trade)}
    return in_force.group_by("place", "period").agg(**sums)


@account(
    key=("trade",),
    unit="%; mu",
    cites=(CASE_FILES,),
    maps={
        "forest_quota_trades": Same("trade"),
        "forest_quota_positions": Same(place="seller"),
    },
)
def forest_quota_sellers(forest_quota_trades: Table, forest_quota_positions: Table) -> Table:
    """What the seller of a trade had before it: cover by the survey of the year of signing less
    what it had sold by then, this trade apart, and its land.
    """
    trades = forest_quota_trades.mutate(
        year=_.signed.year().cast("string"), stated=as_reported(forest_quota_trades)
    )
    sellers = forest_quota_positions.select(
        "cover", "land", "bought", "sold", seller="place", year="period", of_seller="confidence"
    )
    rows = beside(trades, sellers, ["seller", "year"])
    before = (rows.bought - rows.sold + rows.area) / rows.land.nullif(0) * 100.0
    return rows.select(
        "trade",
        "seller",
        seller_land=_.land,
        seller_cover=rows.cover + before,
        confidence=worst_of(rows.stated, rows.of_seller),
        demo=rows._demo,
    )


@account(
    key=("project", "period"),
    unit="mu",
    cites=(CASE_FILES,),
    maps={"forest_work_years": Same("project"), "forest_works": Same("project")},
)
def forest_work_sums(forest_work_years: Table, forest_works: Table) -> Table:
    """Area of a project up to the end of each year with works: done, accepted, and that on land
    that is forest already.
    """
    years = (
        forest_work_years.mutate(stated=as_reported(forest_work_years))
        .group_by("project", "period")
        .agg(
            done=_.done.sum(),
            accepted=_.accepted.sum(),
            tended=ibis.ifelse(_.work.isin(("improving", "tending")), _.done, 0.0).sum(),
            of_years=worst_in(_.stated),
            demo=_._demo.any(),
        )
    )
    so_far = ibis.window(group_by="project", order_by="period", preceding=None, following=0)
    sums = years.mutate(
        done=_.done.sum().over(so_far),
        accepted=_.accepted.sum().over(so_far),
        tended=_.tended.sum().over(so_far),
    )
    heads = forest_works.select("project", "planned", of_head=as_reported(forest_works))
    rows = beside(sums, heads, "project")
    return rows.mutate(confidence=worst_of(rows.of_years, rows.of_head)).drop("of_years", "of_head")


@account(
    key=("place", "programme", "work", "year"),
    unit="mu",
    cites=(CASE_FILES,),
    maps={
        "forest_work_years": Same("work"),
        "forest_works": Same("programme"),
        "place_within": Same(within="place"),
    },
)
def forest_work_places(forest_work_years: Table, forest_works: Table, place_within: Table) -> Table:
    """Area of works of a year by place, programme and kind of work; a place has what lies in it.

    It is no forest cover, and no indicator of cover is worked out from it.
    """
    heads = forest_works.select("project", "place", "programme")
    years = forest_work_years.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(forest_work_years)
    )
    rows = beside(years, heads, "project").inner_join(
        place_within.select("place", "within"), "place"
    )
    return rows.group_by("programme", "work", "year", place=_.within).agg(
        projects=_.project.nunique(),
        done=_.done.sum(),
        accepted=_.accepted.sum(),
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
