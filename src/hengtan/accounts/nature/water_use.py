"""Accounts: use of water by place and year, beside supply, caps and GDP at named prices."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_sewage import share_percent, water_intensity
from hengtan.accounts.rates import cut_since_base
from hengtan.accounts.stated import as_reported, known_sum, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

BULLETIN = ("hengtan:water-bulletin",)
INDICATOR = "total_water_use"
USERS = ("agriculture", "industry", "domestic", "ecology")
SOURCES = ("surface", "ground", "other")
SUPPLIES = ("supply_total", "supply_surface", "supply_ground", "supply_other")
VOLUMES = (*SUPPLIES, "use_total", "resources")
PLACE = ("place", "year")
SHOWN_LACKING = 5
"""How many districts without a figure are named."""
ROUNDED = 0.0006
"""A part of the whole that rounding of printed figures may take (70.0 of 70.04)."""


@account(
    key=(*PLACE, "user"),
    unit="m³",
    cites=BULLETIN,
    maps={"water_use_by_user": Same("place", "user")},
)
def water_use_users(water_use_by_user: Table) -> Table:
    """Water of each user in a year: as reported without sources, else the sum over its sources.

    Where both are reported and differ, ``reason`` says so and the whole counts.
    """
    rows = water_use_by_user.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(water_use_by_user)
    )
    users = rows.group_by(*PLACE, "user").agg(
        whole=_.volume.sum(where=_.source == "all"),
        by_source=_.volume.sum(where=_.source != "all"),
        **{name: rows.volume.sum(where=rows.source == name) for name in SOURCES},
        confidence=worst_in(_.stated),
        demo=_._demo.any(),
    )
    differs = (users.whole - users.by_source).abs() > ROUNDED * users.whole.abs()
    return users.mutate(
        volume=ibis.coalesce(users.whole, users.by_source),
        reason=ibis.ifelse(differs, "water_sources_differ", ibis.null("string")),
    ).drop("whole")


@account(
    key=PLACE,
    unit="m³",
    cites=BULLETIN,
    maps={"water_use_users": Same(*PLACE), "water_bulletins": Same("place")},
)
def water_use_own(water_use_users: Table, water_bulletins: Table) -> Table:
    """Water used by a place in a year as it reports itself: the sum of its four users, else the
    total of its bulletin, beside supply by source.

    ``supply_gap`` is total supply less its three sources, ``use_gap`` the users less the total of
    the bulletin; use above supply is told in ``reason``. Fewer than four users give no sum.
    """
    users = water_use_users.group_by(*PLACE).agg(
        users=_.volume.count(),
        users_total=_.volume.sum(),
        **{f"use_{name}": _.volume.sum(where=_.user == name) for name in USERS},
        of_users=worst_in(_.confidence),
        users_demo=_.demo.any(),
    )
    figures = water_bulletins.mutate(
        year=_.period_end.year().cast("int64"), stated=as_reported(water_bulletins)
    )
    bulletins = figures.group_by(*PLACE).agg(
        **{name: figures.volume.max(where=figures.item == name) for name in VOLUMES},
        irrigation_coefficient=_.coefficient.max(),
        of_bulletin=worst_in(_.stated),
        bulletin_demo=_._demo.any(),
    )
    keys = users.select(*PLACE).union(bulletins.select(*PLACE), distinct=True)
    rows = keys.pipe(beside, users, list(PLACE)).pipe(beside, bulletins, list(PLACE))
    whole = rows.users == len(USERS)
    rows = rows.mutate(
        users_whole=ibis.ifelse(whole, rows.users_total, ibis.null("float64")),
    )
    total = ibis.coalesce(rows.users_whole, rows.use_total)
    parts = rows.supply_surface + rows.supply_ground + rows.supply_other
    above = total > rows.supply_total * (1 + ROUNDED)
    return rows.mutate(
        total=total,
        basis=ibis.cases((rows.users_whole.notnull(), "users"), (total.notnull(), "bulletin")),
        supply_gap=rows.supply_total - parts,
        use_gap=rows.users_whole - rows.use_total,
        reason=ibis.ifelse(above, "water_use_above_supply", ibis.null("string")),
        missing=ibis.ifelse(
            total.isnull(),
            coded("water_users_lacking", len(USERS) - rows.users.fill_null(0)),
            ibis.null("string"),
        ),
        confidence=worst_of(rows.of_users, rows.of_bulletin),
        demo=rows.users_demo.fill_null(False) | rows.bulletin_demo.fill_null(False),
    ).drop("users_demo", "bulletin_demo", "of_users", "of_bulletin", "users_whole")


@account(
    key=PLACE,
    unit="m³",
    cites=BULLETIN,
    maps={
        "water_use_own": Same("year"),
        "place_within": Same(within="place"),
        "places": "all",
    },
)
def water_use_years(water_use_own: Table, place_within: Table, places: Table) -> Table:
    """Water used by a place in a year: its own figures, else the sum over the districts in it.

    A place that reports a total itself never has its districts added to it, and zones that overlap
    districts are none of them, so that no water counts twice. A sum over some of the districts
    says in ``missing`` how many lack and names the first five, and is not the whole.
    """
    own = water_use_own.filter(_.total.notnull())
    sums = _of_districts(own, place_within, places)
    sums = sums.anti_join(own, list(PLACE))
    rest = water_use_own.filter(_.total.isnull()).anti_join(sums, list(PLACE))
    columns = (*water_use_own.columns, "districts", "districts_reported")
    reported = own.union(rest).mutate(
        districts=ibis.null("int64"), districts_reported=ibis.null("int64")
    )
    return reported.select(*columns).union(sums.select(*columns))


def _of_districts(own: Table, place_within: Table, places: Table) -> Table:
    """Totals of districts summed over each place that has some within it, as ``water_use_own``; a
    country is left out, for the districts on file are not all of its own.
    """
    country = places.filter(_.kind == "country").select(at="place")
    names = places.filter(_.kind == "district").select("place", "name_zh", "name_en")
    inner = place_within.filter(_.place != _.within).select("place", at="within")
    inner = inner.anti_join(country, "at")
    listed = inner.inner_join(names, "place")
    wanted = listed.group_by("at").agg(districts=_.count())
    parts = own.drop("reason", "missing").inner_join(listed.drop("name_zh", "name_en"), "place")
    amounts = [name for name, kind in own.schema().items() if kind.is_floating()]
    sums = parts.group_by("at", "year").agg(
        **{name: known_sum(parts[name]) for name in amounts},
        users=_.users.min(),
        districts_reported=_.place.nunique().cast("int64"),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    sums = sums.pipe(beside, wanted, "at").pipe(beside, _lacking(listed, parts), ["at", "year"])
    parts_lack = sums.districts_reported < sums.districts
    lacking = coded(
        "water_districts_lacking",
        sums.districts,
        sums.districts_reported,
        sums.lacking_zh,
        sums.lacking_en,
    )
    return sums.mutate(
        place=_["at"],
        basis=ibis.literal("districts"),
        reason=ibis.null("string"),
        missing=ibis.ifelse(parts_lack, lacking, ibis.null("string")),
    )


def _lacking(listed: Table, parts: Table) -> Table:
    """Names of the first five districts of each place and year that have no total."""
    years = parts.select("at", "year").distinct()
    every = listed.inner_join(years, "at")
    absent = every.anti_join(parts, ["at", "year", "place"])
    within = ibis.window(group_by=["at", "year"], order_by="place")
    first = absent.mutate(nth=ibis.row_number().over(within)).filter(_.nth < SHOWN_LACKING)
    return first.group_by("at", "year").agg(
        lacking_zh=_.name_zh.collect().sort().join("、"),
        lacking_en=_.name_en.collect().sort().join(", "),
    )


@account(
    key=("target_id", "year"),
    unit="m³; %",
    cites=("hengtan:water-cap",),
    maps={"targets": Same("target_id"), "water_use_years": Same(*PLACE)},
)
def water_use_caps(targets: Table, water_use_years: Table) -> Table:
    """Water used beside the cap of a plan: the cap, what is left under it (negative beyond it) and
    the share of it that is used, in each year that is known. A sum over some of the districts says
    so in ``missing``; nothing can be said then of what is left under the cap.
    """
    caps = targets.filter((_.indicator == INDICATOR) & (_.operator == "<="))
    caps = caps.select(
        "target_id",
        "deadline_year",
        place="region",
        cap=_.value_canonical,
        of_cap="confidence",
    )
    rows = caps.inner_join(water_use_years, "place")
    rows = rows.filter(rows.total.notnull())
    whole = rows.mutate(known=ibis.ifelse(rows.missing.isnull(), rows.total, ibis.null("float64")))
    rows = whole.mutate(
        left=whole.cap - whole.known, used_share=share_percent(whole.known, whole.cap)
    )
    return rows.select(
        *("target_id", "place", "year", "deadline_year", "cap", "total", "basis"),
        *("left", "used_share", "reason"),
        missing="missing",
        confidence=worst_of(rows.confidence, rows.of_cap),
        demo="demo",
    )


@account(
    key=(*PLACE, "price_base"),
    unit="m³ per 10⁴ yuan; share",
    cites=("hengtan:water-bulletin", "nbs.gdp"),
    maps={"water_use_years": Same("place"), "energy_gdp": Same("place", "price_base")},
)
def water_efficiency(water_use_years: Table, energy_gdp: Table) -> Table:
    """Water used by ten thousand yuan of GDP at the prices of a named year, and its cut since
    the base year at the same prices. Price bases are never joined; without one there is no figure.
    """
    gdp = energy_gdp.select("place", "year", "price_base", "gdp", gdp_basis="basis")
    used = water_use_years.filter(_.total.notnull())
    rows = used.inner_join(gdp, list(PLACE))
    rows = rows.mutate(intensity=water_intensity(rows.total, rows.gdp))
    base = rows.filter(rows.year == rows.price_base).select(
        "place", "price_base", base_intensity="intensity"
    )
    rows = beside(rows, base, ["place", "price_base"])
    return rows.select(
        *("place", "year", "price_base", "total", "gdp", "gdp_basis", "intensity"),
        cut_since_base=cut_since_base(rows.intensity, rows.base_intensity),
        confidence="confidence",
        missing="missing",
        demo="demo",
    )
