"""Accounts: green area by year, and which residential lots lie within reach of a park."""

from __future__ import annotations

from typing import Any

import ibis
from ibis import _
from ibis.expr.types import Table

from hengtan.accounts.stated import as_reported, worst_in, worst_of
from hengtan.graph import Same, account, beside, first_of

EARTH_RADIUS = 6_371_008.8
"""Mean radius R1 of the ellipsoid GRS 80. [m]"""


@account(
    key=("place", "year"),
    unit="ha",
    cites=("hengtan:case_files",),
    maps={
        "green_spaces": "all",
        "place_within": Same(within="place"),
        "calendar_years": Same("year"),
    },
)
def green_space_years(
    green_spaces: Table, place_within: Table, calendar_years: Table, judged_on: ibis.Value
) -> Table:
    """Park area, and green area of the built-up area, that stand at the end of each year (on the
    day judged in the running one) in each place, with what lies in it.
    """
    opened = green_spaces.filter(_.opened.notnull()).mutate(stated=as_reported(green_spaces))
    years = calendar_years.select("year").filter(_.year <= judged_on.year())
    years = years.mutate(day=ibis.least(ibis.date(_.year.cast("int32"), 12, 31), judged_on))
    pairs = opened.cross_join(years)
    standing = pairs.filter(
        (pairs.opened <= pairs.day) & (pairs.closed.isnull() | (pairs.closed > pairs.day))
    )
    within = place_within.select("place", within="within")
    rows = standing.inner_join(within, "place")
    is_park = (rows.category == "park").cast("float64")
    is_green = (rows.inside & (rows.category != "regional")).cast("float64")
    return rows.group_by("year", place=_.within).agg(
        park_area=(rows.area * is_park).sum(),
        green_area=(rows.area * is_green).sum(),
        spaces=rows.count(),
        confidence=worst_in(rows.stated),
        demo=rows._demo.any(),
    )


@account(
    key=("lot",),
    unit="m; ha",
    cites=("hengtan:case_files",),
    maps={"residential_lots": Same("lot"), "green_spaces": "all"},
)
def park_service(residential_lots: Table, green_spaces: Table, judged_on: ibis.Value) -> Table:
    """The nearest open park of each residential lot that has a service radius, as the crow flies
    from the middle of the lot to the entrance, and the area it serves: that of the lot within the
    radius of some park, else nought.

    A lot within reach of a larger park counts as served by it though a smaller one be nearer.
    """
    is_open = (green_spaces.opened <= judged_on) & (
        green_spaces.closed.isnull() | (green_spaces.closed > judged_on)
    )
    parks = green_spaces.filter(is_open, _.category == "park", _.service_radius.notnull())
    parks = parks.filter(_.longitude.notnull()).select(
        "space",
        "service_radius",
        park_longitude=_.longitude,
        park_latitude=_.latitude,
        park_stated=as_reported(parks),
        park_demo=_._demo,
    )
    lots = residential_lots.mutate(stated=as_reported(residential_lots))
    pairs = lots.cross_join(parks).mutate(
        distance=_great_circle(_.longitude, _.latitude, _.park_longitude, _.park_latitude)
    )
    pairs = pairs.mutate(reached=(_.distance <= _.service_radius))
    nearest = first_of(pairs, ["lot"], [_.reached.desc(), _.distance, _.space]).select(
        "lot", "space", "distance", "reached", "service_radius", "park_stated", "park_demo"
    )
    rows = beside(lots, nearest, ["lot"])
    return rows.select(
        "lot",
        "place",
        "space",
        "distance",
        "service_radius",
        lot_area=_.area,
        served_area=ibis.ifelse(_.reached.fill_null(False), _.area, 0.0),
        confidence=worst_of(_.stated, _.park_stated),
        demo=_._demo | _.park_demo.fill_null(False),
    )


@account(
    key=("place",),
    unit="ha; %",
    cites=("hengtan:case_files",),
    maps={"park_service": "all", "place_within": Same(within="place")},
)
def park_service_share(park_service: Table, place_within: Table) -> Table:
    """Area of residential lots in each place, that within reach of a park, and the share. [%]"""
    within = place_within.select("place", within="within")
    rows = park_service.inner_join(within, "place")
    sums = rows.group_by(place=_.within).agg(
        lots=_.count(),
        lot_area=_.lot_area.sum(),
        served_area=_.served_area.sum(),
        confidence=worst_in(_.confidence),
        demo=_.demo.any(),
    )
    return sums.mutate(share=100.0 * _.served_area / _.lot_area.nullif(0))


def _great_circle(longitude: Any, latitude: Any, other_longitude: Any, other_latitude: Any) -> Any:
    r"""Distance of two places on the sphere, as columns. [m]

    .. math:: d = 2R \arcsin\sqrt{\sin^2\tfrac{\Delta\varphi}{2}
        + \cos\varphi_1 \cos\varphi_2 \sin^2\tfrac{\Delta\lambda}{2}}

    Parameters
    ----------
    longitude, latitude, other_longitude, other_latitude : ibis column
        Both places. [°]

    Returns
    -------
    ibis column
        Distance. [m]

    References
    ----------
    .. [1] Haversine formula; mean radius of GRS 80 (Moritz 2000).
    """
    north, other_north = latitude.radians(), other_latitude.radians()
    half_north = (other_north - north) / 2
    half_east = (other_longitude - longitude).radians() / 2
    chord = half_north.sin() ** 2 + north.cos() * other_north.cos() * half_east.sin() ** 2
    return 2 * EARTH_RADIUS * chord.sqrt().asin()
