"""Accounts: use of water by place and year, beside supply, caps and GDP at named prices."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.nature.formulas_sewage import share_percent, water_intensity
from hengtan.accounts.rates import cut_since_base
from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside
from hengtan.graph.codes import coded

BULLETIN = ("hengtan:water-bulletin",)
INDICATOR = "total_water_use"
USERS = ("agriculture", "industry", "domestic", "ecology")
SOURCES = ("surface", "ground", "other")
SUPPLIES = ("supply_total", "supply_surface", "supply_ground", "supply_other")
VOLUMES = (*SUPPLIES, "use_total", "resources")
PLACE = ("place", "year")
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
def water_use_years(water_use_users: Table, water_bulletins: Table) -> Table:
    """Water used by a place in a year: the sum of its four users, else the total of its bulletin,
    beside supply by source.

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
    key=("target_id", "year"),
    unit="m³; %",
    cites=("hengtan:water-cap",),
    maps={"targets": Same("target_id"), "water_use_years": Same(*PLACE)},
)
def water_use_caps(targets: Table, water_use_years: Table) -> Table:
    """Water used beside the cap of a plan: the cap, what is left under it (negative beyond it) and
    the share of it that is used, in each year that is known.
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
    return rows.select(
        *("target_id", "place", "year", "deadline_year", "cap", "total", "basis"),
        left=rows.cap - rows.total,
        used_share=share_percent(rows.total, rows.cap),
        reason="reason",
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
