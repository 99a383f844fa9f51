"""How drivers of a pathway go without measures: by rows of ``pathway_drivers``, nearest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hengtan.outlook.pathway.measures import ALL, ESTABLISHED, Places, Row, percent, split
from hengtan.outlook.pathway.model import Array, Driver

GDP, COAL_RATE = "gdp", "coal_rate"
"""Sectors of rows that tell how the gross domestic product of a place goes, and what its coal rate
is.
"""
DRIVERS: tuple[Driver, ...] = ("activity", "intensity", "process")
SHARE = "share"
"""The driver whose rows state the share of a carrier for a year."""


@dataclass(frozen=True)
class Course:
    """How a driver of a sector changes: by how much a year from a year on, by which row."""

    driver: str
    place: str
    sector: str
    changes: tuple[tuple[int, float], ...]
    established: bool
    rows: tuple[Row, ...]


def course_of(of: tuple[str, str, str], rows: tuple[Row, ...]) -> Course:
    """How a driver of a sector of a region changes by its rows."""
    changes = tuple((row["first_year"], percent(row["growth"], 0.0)) for row in rows)
    established = bool(rows) and all(row["mark"] == ESTABLISHED for row in rows)
    return Course(*of, changes, established, rows)


def nearest(rows: Sequence[Row], of: tuple[str, str, str], places: Places) -> tuple[Row, ...]:
    """The rows of a driver that say most nearly how a sector of a region goes, by year."""
    driver, region, sector = of
    fitting = [
        row
        for row in rows
        if row["driver"] == driver
        and row.get(SHARE if driver == SHARE else "growth") is not None
        and (sector in split(row["sectors"]) or split(row["sectors"]) == (ALL,))
        and (row["place"] == region or places.within(region, row["place"]))
    ]
    if not fitting:
        return ()

    def nearness(row: Row) -> tuple[bool, bool]:
        return (row["place"] == region, split(row["sectors"]) != (ALL,))

    best = max(map(nearness, fitting))
    chosen = [row for row in fitting if nearness(row) == best]
    return tuple(sorted(chosen, key=lambda row: row["first_year"]))


def path_of(course: Course, years: tuple[int, ...]) -> Array:
    """The driver by year, the base year being one."""
    levels = [1.0]
    for year in years[1:]:
        in_force = [change for first, change in course.changes if first <= year]
        levels.append(levels[-1] * (1 + (in_force[-1] if in_force else 0.0)))
    return np.array(levels)
