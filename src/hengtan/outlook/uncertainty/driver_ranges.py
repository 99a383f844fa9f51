"""Ranges of drivers from rows of ``pathway_drivers``, as trends of an uncertain pathway.

A row says how a driver changes a year, g, with low and high ends. While it is in force its driver
grows by a drawn change instead of g, so that each of these years multiplies it by 1 + d with

.. math:: 1 + d = \\frac{1 + g_{drawn}}{1 + g}

which is a straight line in the drawn change: the law of the row is that of d.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hengtan.outlook.pathway.courses import DRIVERS, GDP, Course
from hengtan.outlook.pathway.measures import ESTABLISHED, Row, at, percent, split
from hengtan.outlook.pathway.model import Driver
from hengtan.outlook.pathway.study import Study
from hengtan.outlook.uncertainty.laws import Range
from hengtan.outlook.uncertainty.uncertain import Trend

InForce = tuple[int, int]
"""First and last year of a study in which a row says how a driver goes."""


@dataclass
class _Spread:
    """Where a row with a range is in force: regions by sector and years."""

    row: Row
    driver: Driver
    regions: dict[tuple[str, InForce], set[str]] = field(default_factory=dict)


def trends_of(
    study: Study, drivers: list[Row], said: Callable[[str], str], comma: str = "、"
) -> tuple[Trend, ...]:
    """The trends of the drivers of a study, a row with a range being one drawn number in all of its
    sectors, also in those that follow it as their indicator.

    Parameters
    ----------
    drivers : list of rows
        All rows of the study, to say which range moves nothing.
    said : function
        What sectors and drivers are called, by code.
    comma : str
        What stands between several of them.

    Raises
    ------
    HengtanError
        With the place of the row, for a range that counts in a part of the regions alone, and for
        one of GDP that no sector follows.
    """
    spreads: dict[str, _Spread] = {}
    for driver in DRIVERS:
        for (of, region, sector), course in study.courses.items():
            if of == driver:
                _spread(spreads, course, (driver, region, sector), study.pathway.years)
    _refuse_unused(spreads, drivers)
    trends: list[Trend] = []
    for key, spread in spreads.items():
        trends += _trends(key, spread, study, lambda codes: comma.join(map(said, codes)))
    return tuple(trends)


def _spread(
    spreads: dict[str, _Spread],
    course: Course,
    of: tuple[Driver, str, str],
    years: tuple[int, ...],
) -> None:
    """Adds where the rows of a course are in force, if they have ranges."""
    driver, region, sector = of
    begins = [*(int(row["first_year"]) for row in course.rows), years[-1] + 1]
    for row, begin, following in zip(course.rows, begins, begins[1:], strict=False):
        first, last = max(begin, years[0] + 1), min(following - 1, years[-1])
        if row.get("low") is None or first > last:
            continue
        spread = spreads.setdefault(_key(row), _Spread(row, driver))
        spread.regions.setdefault((sector, (first, last)), set()).add(region)


def _key(row: Row) -> str:
    """What the draws of a row are numbered by."""
    named = row.get("follows") or row["sectors"]
    return f"{row['place']}|{named}|{row['driver']}|{row['first_year']}"


def _refuse_unused(spreads: dict[str, _Spread], drivers: list[Row]) -> None:
    for row in drivers:
        of_gdp = GDP in split(row["sectors"])
        if of_gdp and row.get("low") is not None and _key(row) not in spreads:
            raise at(row, "low", "range_of_gdp")


def _trends(
    key: str, spread: _Spread, study: Study, said: Callable[[Sequence[str]], str]
) -> list[Trend]:
    """One trend for all sectors in which a row is in force in the same years."""
    row = spread.row
    sectors: dict[InForce, list[int]] = {}
    for (sector, in_force), regions in spread.regions.items():
        if regions != set(study.base.regions):
            raise at(row, "low", "range_of_a_part", "、".join(sorted(regions)))
        sectors.setdefault(in_force, []).append(study.base.sectors.index(sector))
    trends = []
    for (first, last), positions in sorted(sectors.items()):
        law = _law(row, key, f"{_name(row, said)}{first}—{last}")
        own = tuple(sorted(positions))
        trends.append(Trend(law, spread.driver, own, first - 1, until=last))
    return trends


def _law(row: Row, key: str, name: str) -> Range:
    growth = percent(row["growth"], 0.0)
    low, high = ((1 + percent(row[end], 0.0)) / (1 + growth) - 1 for end in ("low", "high"))
    return Range(
        name,
        row.get("distribution") or "triangular",
        low,
        0.0,
        high,
        str(row.get("range_source") or ""),
        assumed=row.get("range_mark") != ESTABLISHED,
        of=key,
    )


def _name(row: Row, said: Callable[[Sequence[str]], str]) -> str:
    named = split(row.get("follows") or row["sectors"])
    return f"{said(named)} {said((row['driver'],))} "
