"""A study: the pathway of some places from a base year, the course of its drivers and its measures,
with every assumption by name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hengtan.accounts.materials.cohorts import Lifetime
from hengtan.basis.errors import HengtanError
from hengtan.outlook.pathway.base import PLANTS, Activity, BaseYear
from hengtan.outlook.pathway.courses import (
    COAL_RATE,
    DRIVERS,
    GDP,
    SHARE,
    Course,
    course_of,
    nearest,
    path_of,
)
from hengtan.outlook.pathway.indicators import indicators
from hengtan.outlook.pathway.measures import (
    ALL,
    ESTABLISHED,
    Measure,
    Places,
    Portions,
    Row,
    at,
    portions,
    split,
)
from hengtan.outlook.pathway.mix import Mixes, check_mix, mixes_of, shares_by_year
from hengtan.outlook.pathway.model import Array, MeasureCountsTwice, Outcome, Pathway, run
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.stock import turnover
from hengtan.outlook.pathway.supply import PRODUCED

WEIBULL_SHAPE = 3.0
"""Shape of the life of a stock that a measure turns over; an assumption, told with the result."""


@dataclass(frozen=True)
class Assumption:
    """Something a study rests on that no source establishes: a code of ``words.yaml``."""

    code: str
    place: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """A base year carried forward, with its measures and what it assumes."""

    base: BaseYear
    pathway: Pathway
    portions: Portions
    courses: Mapping[tuple[str, str, str], Course]
    rows: tuple[Row, ...]
    assumptions: tuple[Assumption, ...]
    mixes: Mixes = field(default_factory=dict)
    """Shares of carriers that rows state."""
    products: tuple[Course, ...] = ()
    """How primary production goes, a course for each place and product (its ``sector``) that rows
    say."""

    @property
    def production(self) -> dict[tuple[str, str], Array]:
        """Primary production by place and product beside the base year, by year. [1]"""
        years = self.pathway.years
        return {(course.place, course.sector): path_of(course, years) for course in self.products}

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
    rows: Sequence[Row],
    regions: Collection[str],
    year: int,
    known: Mapping[tuple[str, str], Activity] | None = None,
) -> dict[tuple[str, str], Activity]:
    """Activity of the base year by place and sector, from rows of ``pathway_drivers``: the level
    that a row states, else that of the indicator it names, of ``known`` (place, indicator).
    """
    levels: dict[tuple[str, str], Activity] = {}
    for row in rows:
        for place in regions:
            level = (known or {}).get((place, row.get("indicator") or ""))
            if level is not None and row["place"] == place:
                levels |= {(place, sector): level for sector in split(row["sectors"])}
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
    mixes = mixes_of(drivers, base, places)
    plain = _plain_drivers(base, years, courses, mixes)

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
    products = _products(drivers, base, places)
    told_of = _assumptions(base, courses, taken, chosen) + _stated(drivers, products, mixes)
    return Study(base, pathway, taken, courses, chosen, told_of, mixes, products)


def _courses(rows: Sequence[Row], places: Places) -> dict[tuple[str, str, str], Course]:
    """How each driver of each sector of each region changes."""
    courses: dict[tuple[str, str, str], Course] = {}
    for row in rows:
        _check_sectors(row, rows, places)
    for driver in DRIVERS:
        for region in places.regions:
            for sector in places.sectors:
                own = nearest(rows, (driver, region, sector), places)
                courses[driver, region, sector] = course_of((driver, region, sector), own)
    return courses


def drivers_there(
    rows: Sequence[Row], base: BaseYear, places: Places
) -> tuple[list[Row], list[HengtanError]]:
    """The rows of drivers whose sectors and products are all there, and the refusals of others. How
    an indicator goes that no row that is kept names is no part of the study.
    """
    kept: list[Row] = []
    refused: list[HengtanError] = []
    for row in rows:
        try:
            _check_sectors(row, rows, places)
            _check_product(row, base, places)
            check_mix(row, base, places)
        except HengtanError as error:
            refused.append(error)
        else:
            kept.append(row)
    idle = set(indicators(rows)) - {*indicators(kept), GDP}
    return [row for row in kept if not idle & {*split(row["sectors"])}], refused


def _check_sectors(row: Row, rows: Sequence[Row], places: Places) -> None:
    """Raise HengtanError where a row of drivers names a sector that is not there."""
    known = {ALL, GDP, COAL_RATE, PRODUCED, *indicators(rows), *places.sectors}
    for sector in split(row["sectors"]):
        if sector not in known:
            listed = places.listed(places.sectors)
            raise at(row, "sectors", "unknown_sector", places.said(sector), listed)


def _check_product(row: Row, base: BaseYear, places: Places) -> None:
    """Raise HengtanError where a row of a region names a product that it does not produce."""
    product = row.get("carrier")
    own = sorted(p for place, line, p in base.supply if (place, line) == (row["place"], PRODUCED))
    of_mix = row["driver"] == SHARE
    if product and not of_mix and row["place"] in base.regions and product not in own:
        known = places.listed(own) or "—"
        raise at(row, "carrier", "nothing_produced", places.said(product), known)


def _products(rows: Sequence[Row], base: BaseYear, places: Places) -> tuple[Course, ...]:
    """How primary production of each product of each region goes, where rows say it; a row that
    names the product counts before one of all products.

    Raises HengtanError where a row of a region names what it does not produce.
    """
    own = {(place, product) for place, row, product in base.supply if row == PRODUCED}
    mine = [row for row in rows if PRODUCED in split(row["sectors"])]
    for row in mine:
        _check_product(row, base, places)
    courses = []
    for place, product in sorted(own):
        of_product = [row for row in mine if row.get("carrier") == product]
        fitting = of_product or [row for row in mine if not row.get("carrier")]
        closest = nearest(fitting, ("activity", place, PRODUCED), places)
        if closest:
            courses.append(course_of(("activity", place, product), closest))
    return tuple(courses)


def _stated(
    rows: Sequence[Row], products: Sequence[Course], mixes: Mixes
) -> tuple[Assumption, ...]:
    """Levels of the base year, courses of production and shares that no source establishes."""
    levels = [
        Assumption(
            "assumed.level",
            row["place"],
            (row["sectors"], f"{float(row['level']):g}", str(row["level_unit"])),
        )
        for row in rows
        if row.get("level") is not None and row["mark"] != ESTABLISHED
    ]
    courses = [
        Assumption("assumed.production", course.place, (course.sector, str(first), f"{by:.6g}"))
        for course in products
        for row, (first, change) in zip(course.rows, course.changes, strict=True)
        if row["mark"] != ESTABLISHED
        for by in (100 * change,)
    ]
    shares = [
        Assumption("assumed.share", place, (sector, carrier, str(year), f"{100 * share:g}"))
        for (place, sector, carrier), course in mixes.items()
        for row, (year, share) in zip(course.rows, course.changes, strict=True)
        if row["mark"] != ESTABLISHED
    ]
    return (*levels, *courses, *shares)


def _plain_drivers(
    base: BaseYear,
    years: tuple[int, ...],
    courses: Mapping[tuple[str, str, str], Course],
    mixes: Mixes,
) -> dict[str, Array]:
    """Activity, intensity, shares and emissions not burnt by year, without measures."""
    path = {
        driver: np.array(
            [
                [path_of(courses[driver, region, sector], years) for sector in base.sectors]
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
        "share": shares_by_year(base, share, mixes, years),
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
        for row, (first, change) in zip(course.rows, course.changes, strict=True):
            if row["mark"] != ESTABLISHED:
                arguments = (course.sector, course.driver, str(first), f"{change * 100:g}")
                listed.append(Assumption("assumed.driver", course.place, arguments))
    for measure in taken.measures:
        for number in dict.fromkeys(m.number for m in measure.marks if not m.established):
            listed.append(Assumption("assumed.measure", "", (measure.code, number)))
    for code in dict.fromkeys(row["measure"] for row in rows if _fills_nothing(row)):
        listed.append(Assumption("assumed.filler", "", (code,)))
    for code in dict.fromkeys(row["measure"] for row in rows if row["driver"] == "stock"):
        listed.append(Assumption("assumed.ages", "", (code, f"{WEIBULL_SHAPE:g}")))
    return tuple(listed)


def _fills_nothing(row: Row) -> bool:
    """Whether a row lowers what power or heat emits and does not say by what."""
    return row["driver"] == "factor" and row["carrier"] in PLANTS and not row.get("filler")


def _matters(base: BaseYear, course: Course) -> bool:
    """Whether a driver of a sector touches any energy or emission."""
    spot = base.regions.index(course.place), base.sectors.index(course.sector)
    burns, emits = bool(base.energy[spot].any()), bool(base.process[spot])
    if course.driver == "intensity":
        return burns
    return emits if course.driver == "process" else burns or emits


__all__ = ["Assumption", "Course", "Study", "activities", "study"]
