"""Accounts: levels of black-odorous water by result, site, water body and place."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_sewage import share_percent
from hengtan.accounts.nature.formulas_water import level_above, level_at_least, level_at_most
from hengtan.accounts.nature.parameters import with_parameters
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import InForce, Same, account, beside, first_of
from hengtan.graph.codes import coded
from hengtan.graph.in_force import in_force

ITEMS = ("transparency", "dissolved_oxygen", "redox_potential", "ammonia_nitrogen")
GUIDE = ("hengtan:black-odorous",)
LIGHT, HEAVY = 1, 2
URBAN, RURAL = "urban", "rural"
SITES_NEEDED = 3
CAMPAIGN = ("body", "year", "quarter")
"""Results of a quarter are one survey of a water body."""


@account(
    key=("body", "site", "day", "item"),
    unit="level",
    cites=GUIDE,
    maps={
        "water_body_surveys": Same("body", "site", "day"),
        "black_odorous_limits": InForce("item", day="day"),
        "water_parameters": "all",
        "local_parameters": "all",
        "place_within": Same("place"),
    },
)
def black_odorous_results(
    water_body_surveys: Table,
    black_odorous_limits: Table,
    water_parameters: Table,
    local_parameters: Table,
    place_within: Table,
    black_odorous_orp: str = "counted",
) -> Table:
    """Each result at a site with its level: 0 none, 1 light, 2 heavy.

    In water less than 25 cm deep the limits of transparency are the depth (clear to the bottom) and
    40 % of it. ``black_odorous_orp``: whether the redox potential counts. Rural waters go by the
    limits that the place has filed with their document, and have no level without; the guide for
    them was not read.
    """
    days = water_body_surveys.mutate(
        year=_.day.year().cast("int64"),
        quarter=_.day.quarter().cast("int64"),
        stated=as_reported(water_body_surveys),
        demo=_._demo,
    )
    days = days.mutate(setting=_.setting.fill_null(URBAN))
    kept = ("body", "place", "site", "site_order", "day", "year", "quarter", "depth", "setting")
    chosen = [item for item in ITEMS if black_odorous_orp == "counted" or item != ITEMS[2]]
    by_item = [
        days.filter(days[item].notnull()).select(
            *kept, "stated", "demo", item=ibis.literal(item), value=days[item]
        )
        for item in chosen
    ]
    terms = black_odorous_limits.select(
        *("item", "rule", "light", "heavy", "valid_from", "valid_to"),
        item_zh="name_zh",
        item_en="name_en",
        of_limits="confidence",
    )
    results = ibis.union(*by_item)
    rural = _rural_results(results.filter(_.setting == RURAL), local_parameters, place_within)
    results = results.filter(_.setting == URBAN)
    rows = in_force(results, terms, on=("item",), day="day")
    rows = rows.drop("valid_from", "valid_to")
    rows = with_parameters(
        rows, water_parameters, {"black.depth": "depth_limit", "black.depth_share": "depth_share"}
    )
    shallow = ((rows.item == ITEMS[0]) & (rows.depth < rows.depth_limit)).fill_null(False)
    light = ibis.ifelse(shallow, rows.depth, rows.light)
    heavy = ibis.ifelse(shallow, rows.depth * rows.depth_share, rows.heavy)
    level = ibis.cases(
        (rows.rule == "at_least", level_at_least(rows.value, light, heavy)),
        (rows.rule == "above", level_above(rows.value, light, heavy)),
        (rows.rule == "at_most", level_at_most(rows.value, light, heavy)),
    )
    urban = rows.select(
        *kept,
        *("item", "value"),
        level=level.cast("int64"),
        missing=ibis.ifelse(level.isnull(), "black_limits_lacking", ibis.null("string")),
        confidence=worst_of(rows.stated, rows.of_limits),
        demo="demo",
    )
    names = black_odorous_limits.group_by("item").agg(
        item_zh=_.name_zh.max(), item_en=_.name_en.max()
    )
    return beside(urban.union(rural.select(*urban.columns)), names, "item")


def _rural_results(results: Table, local_parameters: Table, place_within: Table) -> Table:
    """Results of rural waters by the limits in force that the place, or one it lies in, has filed:
    below transparency and oxygen, above ammonia nitrogen, is black-odorous.
    """
    prefix = "black_odorous.rural."
    filed = local_parameters.select(
        parameter="item",
        bound="value",
        begins="begins",
        ends="ends",
        setter="place",
        of_limit=as_reported(local_parameters),
    ).filter(_.parameter.startswith(prefix))
    filed = filed.mutate(item=_.parameter.substr(len(prefix))).drop("parameter")
    reach = place_within.select("place", setter="within")
    met = results.inner_join(reach, "place").inner_join(filed, ["setter", "item"])
    met = met.filter(_.begins <= _.day, _.ends.isnull() | (_.ends >= _.day))
    at = ["body", "site", "day", "item"]
    own_first = [(_.setter == _.place).desc(), _.begins.desc(), _.setter]
    limits = first_of(met, at, own_first).select(*at, "bound", "of_limit")
    rows = beside(results.filter(_.item != ITEMS[2]), limits, at)
    is_worse = ibis.ifelse(rows.item == ITEMS[3], rows.value > rows.bound, rows.value < rows.bound)
    return rows.mutate(
        level=is_worse.cast("int64"),
        missing=ibis.ifelse(
            rows.bound.isnull(), "black_rural_limits_not_established", ibis.null("string")
        ),
        confidence=worst_of(rows.stated, rows.of_limit),
    )


@account(
    key=(*CAMPAIGN, "site"),
    unit="level",
    cites=GUIDE,
    maps={"black_odorous_results": Same(*CAMPAIGN, "site"), "water_parameters": "all"},
)
def black_odorous_sites(black_odorous_results: Table, water_parameters: Table) -> Table:
    """The level of each site in a quarter: heavy where 60 % of the results of one item, or 30 % of
    two, are heavy; light where any result is black-odorous otherwise; else none.
    """
    results = black_odorous_results.filter(_.level.notnull())
    by = [*CAMPAIGN, "site"]
    items = results.group_by(*by, "item").agg(
        day=_.day.max(),
        place=_.place.max(),
        site_order=_.site_order.max(),
        worst=_.level.max(),
        results=_.count(),
        heavy_share=(_.level == HEAVY).cast("float64").mean(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    items = with_parameters(
        items,
        water_parameters,
        {"black.most_of_one": "most_of_one", "black.most_of_two": "most_of_two"},
    )
    is_heavy = items.mutate(
        alone=items.heavy_share >= items.most_of_one - 1e-9,
        shared=items.heavy_share >= items.most_of_two - 1e-9,
    )
    sites = is_heavy.group_by(*by).agg(
        place=_.place.max(),
        site_order=_.site_order.max(),
        day=_.day.max(),
        worst=_.worst.max(),
        results=_.results.sum().cast("int64"),
        alone=_.alone.any(),
        shared=_.count(where=_.shared),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    heavy = sites.alone | (sites.shared >= 2)
    return sites.mutate(
        level=ibis.cases((heavy, HEAVY), (sites.worst >= LIGHT, LIGHT), else_=0).cast("int64")
    ).drop("alone", "shared", "worst")


@account(
    key=CAMPAIGN,
    unit="level",
    cites=GUIDE,
    maps={"black_odorous_sites": Same(*CAMPAIGN), "water_parameters": "all"},
)
def black_odorous_bodies(black_odorous_sites: Table, water_parameters: Table) -> Table:
    """The level of each water body in a quarter: heavy where 60 % of its sites are; light where a
    site is black-odorous otherwise; else none.

    ``heavy_run``: three sites or more that follow each other are heavy, and so the reach between
    them. Fewer than three sites are told in ``note``.
    """
    along = ibis.window(group_by=list(CAMPAIGN), order_by=["site_order", "site"])
    is_heavy = (_.level == HEAVY).cast("int64")
    rows = black_odorous_sites.mutate(heavy=is_heavy)
    rows = rows.mutate(
        before=rows.heavy.lag(1).over(along).fill_null(0),
        before_that=rows.heavy.lag(2).over(along).fill_null(0),
    )
    bodies = rows.group_by(*CAMPAIGN).agg(
        place=_.place.max(),
        day=_.day.max(),
        sites=_.count(),
        heavy_sites=_.count(where=_.level == HEAVY),
        worst=_.level.max(),
        heavy_run=(_.heavy + _.before + _.before_that == SITES_NEEDED).any(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    bodies = with_parameters(bodies, water_parameters, {"black.sites": "sites_share"})
    heavy = bodies.heavy_sites >= bodies.sites_share * bodies.sites - 1e-9
    few = bodies.sites < SITES_NEEDED
    return bodies.mutate(
        heavy_share=share_percent(bodies.heavy_sites, bodies.sites),
        level=ibis.cases((heavy, HEAVY), (bodies.worst >= LIGHT, LIGHT), else_=0).cast("int64"),
        note=ibis.ifelse(few, coded("black_few_sites", bodies.sites), ibis.null("string")),
    ).drop("worst", "sites_share")


@account(
    key=("place", "year"),
    unit="water bodies",
    cites=GUIDE,
    maps={
        "black_odorous_bodies": Same("year"),
        "black_odorous_results": Same("year"),
        "place_within": Same(within="place"),
    },
)
def black_odorous_years(
    black_odorous_bodies: Table, black_odorous_results: Table, place_within: Table
) -> Table:
    """Water bodies of each place, with what lies in it, that are black-odorous by their last survey
    of the year: all, heavily so, and how many were surveyed.

    ``not_graded`` counts rural waters whose limits nobody has filed; they are in no other count,
    and ``note`` says so.
    """
    last = first_of(black_odorous_bodies, ["body", "year"], [_.quarter.desc()])
    within = place_within.select("place", within="within")
    columns = ("body", "year", "place", "level", "confidence", "demo")
    ungraded = black_odorous_results.group_by("body", "year").agg(
        place=_.place.max(),
        level=_.level.max(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    ungraded = ungraded.filter(_.level.isnull()).anti_join(last, ["body", "year"])
    every = last.select(*columns).union(ungraded.select(*columns))
    placed = every.inner_join(within, "place")
    years = placed.group_by("year", place=_.within).agg(
        surveyed=_.level.count(),
        black_odorous=_.count(where=_.level >= LIGHT),
        heavy=_.count(where=_.level == HEAVY),
        not_graded=_.count(where=_.level.isnull()),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    lacking = years.not_graded > 0
    return years.mutate(
        note=ibis.ifelse(
            lacking, coded("black_rural_not_graded", years.not_graded), ibis.null("string")
        )
    )
