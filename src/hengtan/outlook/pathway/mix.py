"""Shares of carriers that rows of ``pathway_drivers`` state: the energy mix without measures.

.. math::
    s_{cy} = s_{c0} \\frac{1 - \\sum_k s_{ky}}{1 - \\sum_k s_{k0}}

for carriers c that no row states beside those k that rows do: others keep their proportions to what
is left. A stated share is reached in a straight line from the base year, or from the row before,
and held after the last. Energy of the sector stays what activity and intensity make it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from hengtan.outlook.pathway.base import BaseYear
from hengtan.outlook.pathway.courses import SHARE, Course, nearest
from hengtan.outlook.pathway.measures import ALL, ESTABLISHED, Places, Row, at, percent, split
from hengtan.outlook.pathway.model import Array

Mixes = Mapping[tuple[str, str, str], Course]
"""Stated shares by place, sector and carrier; ``changes`` are years and shares. [1]"""
ROUNDING = 1e-9


def mixes_of(
    rows: Sequence[Row], base: BaseYear, places: Places
) -> dict[tuple[str, str, str], Course]:
    """The shares that rows state of years after the base year; a row of a sector counts before one
    of all sectors, one of the place before one around it.

    Raises HengtanError for a carrier that a sector has not in the base year.
    """
    stated = [row for row in rows if row["driver"] == SHARE]
    for row in stated:
        check_mix(row, base, places)
    mixes = {}
    for carrier in dict.fromkeys(row["carrier"] for row in stated):
        of_carrier = [row for row in stated if row["carrier"] == carrier]
        for region in base.regions:
            for sector in base.sectors:
                closest = nearest(of_carrier, (SHARE, region, sector), places)
                own = tuple(row for row in closest if row["first_year"] > base.year)
                if own and _uses(base, region, sector, carrier):
                    changes = tuple((row["first_year"], percent(row["share"], 0.0)) for row in own)
                    established = all(row["mark"] == ESTABLISHED for row in own)
                    course = Course(SHARE, region, sector, changes, established, own)
                    mixes[region, sector, carrier] = course
    return mixes


def check_mix(row: Row, base: BaseYear, places: Places) -> None:
    """Raise HengtanError where a row of the study's own region states the share of a carrier in a
    sector that has none of it in the base year.
    """
    region, carrier = row["place"], row.get("carrier")
    if row["driver"] != SHARE or region not in base.regions:
        return
    named = split(row["sectors"])
    using = [sector for sector in base.sectors if _uses(base, region, sector, carrier)]
    for sector in named if named != (ALL,) else ():
        if sector not in base.sectors:
            listed = places.listed(base.sectors)
            raise at(row, "sectors", "unknown_sector", places.said(sector), listed)
    lacking = [sector for sector in named if sector not in using]
    if lacking and (named != (ALL,) or not using):
        said = places.said(carrier or "—")
        known = places.listed(_carriers(base, region, lacking[0])) or "—"
        raise at(row, "carrier", "no_such_share", places.said(lacking[0]), said, base.year, known)


def shares_by_year(base: BaseYear, share: Array, mixes: Mixes, years: tuple[int, ...]) -> Array:
    """Shares of carriers by year, (R, S, C, Y), of those of the base year (R, S, C). [1]

    Raises HengtanError where the stated shares of a sector are more than the whole in a year, or
    less while no other carrier is there.
    """
    shares = np.repeat(share[..., None], len(years), axis=-1)
    for region, sector in dict.fromkeys((place, sector) for place, sector, _ in mixes):
        spot = base.regions.index(region), base.sectors.index(sector)
        own = {
            base.carriers.index(carrier): course
            for (place, of, carrier), course in mixes.items()
            if (place, of) == (region, sector)
        }
        shares[spot] = _mixed(share[spot], own, years)
    return shares


def _mixed(share: Array, own: Mapping[int, Course], years: tuple[int, ...]) -> Array:
    """Shares of a sector by year, (C, Y)."""
    mixed = np.repeat(share[:, None], len(years), axis=-1)
    for carrier, course in own.items():
        stated_years, stated = zip(*course.changes, strict=True)
        mixed[carrier] = np.interp(
            years, (years[0], *stated_years), (float(share[carrier]), *stated)
        )
    told_of = list(own)
    others = [carrier for carrier in range(len(share)) if carrier not in own]
    left = 1.0 - mixed[told_of].sum(axis=0)
    before = float(share[others].sum())
    _refuse_no_whole(left, before > ROUNDING, own, years)
    if before > ROUNDING:
        mixed[others] = share[others, None] / before * np.maximum(left, 0.0)
    return mixed


def _refuse_no_whole(
    left: Array, has_others: bool, own: Mapping[int, Course], years: tuple[int, ...]
) -> None:
    """Raise HengtanError, at the row that is in force, in the first year that is no whole."""
    wrong = left < -ROUNDING if has_others else np.abs(left) > ROUNDING
    if not wrong.any():
        return
    number = int(np.argmax(wrong))
    rows = sorted((row for course in own.values() for row in course.rows), key=_year_of)
    row = next((row for row in rows if _year_of(row) >= years[number]), rows[-1])
    course = next(iter(own.values()))
    code = "shares_above_whole" if left[number] < 0 else "shares_below_whole"
    raise at(row, SHARE, code, course.sector, years[number], f"{100 * (1 - left[number]):.6g}")


def _year_of(row: Row) -> int:
    return int(row["first_year"])


def _uses(base: BaseYear, region: str, sector: str, carrier: str | None) -> bool:
    return carrier in _carriers(base, region, sector)


def _carriers(base: BaseYear, region: str, sector: str) -> list[str]:
    """Carriers that a sector uses in the base year."""
    if sector not in base.sectors:
        return []
    energy = base.energy[base.regions.index(region), base.sectors.index(sector)]
    return [base.carriers[number] for number in np.flatnonzero(energy)]
