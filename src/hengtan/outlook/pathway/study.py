"""A study: the pathway of some places from a base year, the course of its drivers and its measures,
with every assumption by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hengtan.accounts.materials.cohorts import Lifetime
from hengtan.outlook.pathway.base import Activity, BaseYear
from hengtan.outlook.pathway.measures import (
    ALL,
    ESTABLISHED,
    Measure,
    Places,
    Portions,
    Row,
    at,
    percent,
    portions,
    split,
)
from hengtan.outlook.pathway.model import Array, MeasureCountsTwice, Outcome, Pathway, run
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.stock import turnover

GDP = "gdp"
"""The sector of a row that tells how the gross domestic product of a place goes."""
DRIVERS = ("activity", "intensity", "process")
WEIBULL_SHAPE = 3.0
"""Shape of the life of a stock that a measure turns over; an assumption, told with the result."""


@dataclass(frozen=True)
class Assumption:
    """Something a study rests on that no source establishes: a code of ``words.yaml``."""

    code: str
    place: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """How a driver of a sector changes: by how much a year from a year on, by which row."""

    driver: str
    place: str
    sector: str
    changes: tuple[tuple[int, float], ...]
    established: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Study:
    """A base year carried forward, with its measures and what it assumes."""

    base: BaseYear
    pathway: Pathway
    portions: Portions
    courses: Mapping[tuple[str, str, str], Course]
    rows: tuple[Row, ...]
    assumptions: tuple[Assumption, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures, in the order of their rows."""
        return self.portions.measures

    def outcome(self) -> Outcome:
        """The central scenario."""
        return run(self.pathway)

    def by_measure(self, values: Array) -> Array:
        """Values of the model's parts (P, ...) added up by measure (M, ...)."""
        summed = np.zeros((len(self.measures), *values.shape[1:]))
        for part, owner in enumerate(self.portions.owner):
            summed[owner] += values[part]
        return summed

    def year(self, year: int) -> int:
        """The position of a year. Raises HengtanError."""
        years = self.pathway.years
        if year not in years:
            raise refusal("no_such_year", year, years[0], years[-1])
        return years.index(year)

    def measure(self, code: str) -> int:
        """The position of a measure. Raises HengtanError."""
        codes = [measure.code for measure in self.measures]
        if code not in codes:
            raise refusal("no_such_measure", code, "、".join(codes) or "—")
        return codes.index(code)


def activities(
    rows: Sequence[Row], regions: Collection[str], year: int
) -> dict[tuple[str, str], Activity]:
    """Activity of the base year by place and sector, from rows of ``pathway_drivers``."""
    levels: dict[tuple[str, str], Activity] = {}
    for row in rows:
        if row.get("level") is None or row["first_year"] != year or row["place"] not in regions:
            continue
        for sector in split(row["sectors"]):
            levels[row["place"], sector] = Activity(
                float(row["level"]),
                str(row["level_unit"]),
                str(row.get("source_title") or ""),
                row["mark"] == ESTABLISHED,
            )
    return levels


def study(
    base: BaseYear,
    drivers: Sequence[Row],
    measures: Sequence[Row],
    until: int,
    *,
    within: Callable[[str, str], bool] = lambda region, place: region == place,
    without: Collection[str] = (),
    offered: bool = False,
    said: Callable[[str], str] = str,
) -> Study:
    """A study from its base year to ``until``.

    Parameters
    ----------
    drivers : rows of the form ``pathway_drivers``
        A row of a sector counts before one of all sectors, one of the place before one around it.
    measures : rows of the form ``measure_effects``
    within : function (region, place)
        Whether a region lies in the place of a row.
    without : collection of str
        Measures to leave out.
    offered : bool
        Whether measures are only offered to a choice, so that some may exclude each other.
    said : function
        What sectors and carriers are called, by code.

    Raises
    ------
    HengtanError
        In one line with file, row and column, for what a row cannot mean.
    """
    if until <= base.year:
        raise refusal("years_of_study", base.year, until)
    years = tuple(range(base.year, until + 1))
    places = Places(base.regions, base.sectors, base.carriers, years, within, said)
    courses = _courses(drivers, places)
    plain = _plain_drivers(base, years, courses)

    def stock_ramp(row: Row, ramp: Array, sectors: tuple[int, ...]) -> Array:
        return _turned_over(row, ramp, years, plain["activity"][:, sectors])

    taken = portions(measures, places, without=without, stock_ramp=stock_ramp, offered=offered)
    try:
        pathway = Pathway(
            base.regions,
            base.sectors,
            base.carriers,
            years,
            plain["activity"],
            plain["intensity"],
            plain["share"],
            np.repeat(base.factor[..., None], len(years), axis=-1),
            plain["process"],
            taken.names,
            taken.effect,
            taken.ramp,
            taken.coverage,
            taken.acts,
        )
    except MeasureCountsTwice as error:
        raise refusal("counts_twice", str(error).partition(":")[0]) from error
    chosen = tuple(row for row in measures if row["measure"] not in without)
    told_of = _assumptions(base, courses, taken, chosen)
    return Study(base, pathway, taken, courses, chosen, told_of)


def _courses(rows: Sequence[Row], places: Places) -> dict[tuple[str, str, str], Course]:
    """How each driver of each sector of each region changes."""
    courses = {}
    for row in rows:
        for sector in split(row["sectors"]):
            if sector not in (ALL, GDP, *places.sectors):
                known = places.listed(places.sectors)
                raise at(row, "sectors", "unknown_sector", places.said(sector), known)
    for driver in DRIVERS:
        for region in places.regions:
            for sector in places.sectors:
                own = _nearest(rows, (driver, region, sector), places)
                courses[driver, region, sector] = Course(
                    driver,
                    region,
                    sector,
                    tuple((row["first_year"], percent(row["growth"], 0.0)) for row in own),
                    bool(own) and all(row["mark"] == ESTABLISHED for row in own),
                    own,
                )
    return courses


def _nearest(rows: Sequence[Row], of: tuple[str, str, str], places: Places) -> tuple[Row, ...]:
    """The rows of a driver that say most nearly how a sector of a region goes, by year."""
    driver, region, sector = of
    fitting = [
        row
        for row in rows
        if row["driver"] == driver
        and row.get("growth") is not None
        and (sector in split(row["sectors"]) or split(row["sectors"]) == (ALL,))
        and (row["place"] == region or places.within(region, row["place"]))
    ]
    if not fitting:
        return ()

    def nearness(row: Row) -> tuple[bool, bool]:
        return (row["place"] == region, split(row["sectors"]) != (ALL,))

    best = max(map(nearness, fitting))
    nearest = [row for row in fitting if nearness(row) == best]
    return tuple(sorted(nearest, key=lambda row: row["first_year"]))


def _path(course: Course, years: tuple[int, ...]) -> Array:
    """The driver by year, the base year being one."""
    levels = [1.0]
    for year in years[1:]:
        in_force = [change for first, change in course.changes if first <= year]
        levels.append(levels[-1] * (1 + (in_force[-1] if in_force else 0.0)))
    return np.array(levels)


def _plain_drivers(
    base: BaseYear,
    years: tuple[int, ...],
    courses: Mapping[tuple[str, str, str], Course],
) -> dict[str, Array]:
    """Activity, intensity, shares and emissions not burnt by year, without measures."""
    path = {
        driver: np.array(
            [
                [_path(courses[driver, region, sector], years) for sector in base.sectors]
                for region in base.regions
            ]
        )
        for driver in DRIVERS
    }
    level = np.array(
        [
            [base.activity[region, sector].value for sector in base.sectors]
            for region in base.regions
        ]
    )
    energy = base.energy.sum(axis=2)
    share = np.divide(
        base.energy,
        energy[..., None],
        out=np.zeros_like(base.energy),
        where=energy[..., None] != 0,
    )
    per_unit = np.divide(energy, level, out=np.zeros_like(energy), where=level != 0)
    not_burnt = np.divide(base.process, level, out=np.zeros_like(energy), where=level != 0)
    return {
        "activity": level[..., None] * path["activity"],
        "intensity": per_unit[..., None] * path["intensity"],
        "share": np.repeat(share[..., None], len(years), axis=-1),
        "process": not_burnt[..., None] * path["process"],
    }


def _turned_over(row: Row, ramp: Array, years: tuple[int, ...], activity: Array) -> Array:
    """The share of the stock that a row's share of new sales comes to; the stock goes with the
    activity of its sectors.
    """
    index = activity.sum(axis=(0, 1))
    if not (index > 0).all():
        index = np.ones(len(years))
    lifetime = Lifetime("weibull", WEIBULL_SHAPE, float(row["life"]))
    return turnover(years, index / index[0], lifetime, ramp).new_share


def _assumptions(
    base: BaseYear,
    courses: Mapping[tuple[str, str, str], Course],
    taken: Portions,
    rows: Sequence[Row],
) -> tuple[Assumption, ...]:
    """Everything that no source establishes, by name."""
    listed = [Assumption("assumed.shares", "", ()), Assumption("assumed.supply", "", ())]
    if base.shared.any():
        listed.append(Assumption("assumed.plants", "", ()))
    for course in courses.values():
        if not _matters(base, course):
            continue
        if not course.changes:
            listed.append(Assumption("assumed.held", course.place, (course.sector, course.driver)))
        elif not course.established:
            for first, change in course.changes:
                arguments = (course.sector, course.driver, str(first), f"{change * 100:g}")
                listed.append(Assumption("assumed.driver", course.place, arguments))
    for measure in taken.measures:
        for number in dict.fromkeys(m.number for m in measure.marks if not m.established):
            listed.append(Assumption("assumed.measure", "", (measure.code, number)))
    for code in dict.fromkeys(row["measure"] for row in rows if row["driver"] == "stock"):
        listed.append(Assumption("assumed.ages", "", (code, f"{WEIBULL_SHAPE:g}")))
    return tuple(listed)


def _matters(base: BaseYear, course: Course) -> bool:
    """Whether a driver of a sector touches any energy or emission."""
    spot = base.regions.index(course.place), base.sectors.index(course.sector)
    burns, emits = bool(base.energy[spot].any()), bool(base.process[spot])
    if course.driver == "intensity":
        return burns
    return emits if course.driver == "process" else burns or emits


__all__ = ["Assumption", "Course", "Study", "activities", "study"]
