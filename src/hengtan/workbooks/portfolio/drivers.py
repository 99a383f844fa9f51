"""Drivers of the place from their sheet: a line for each driver, region, sector and carrier, a
column for each year that is known; years between are interpolated, none is extrapolated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hengtan.outlook.pathway.model import Array
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.portfolio.layout import DRIVERS, EVERY_YEAR, YEARS
from hengtan.workbooks.portfolio.tables import position
from hengtan.workbooks.totals import Columns, members

WHOLE = 0.005
"""How far the shares of a sector may miss 1 before they are refused; they are scaled to it."""
BY_CARRIER = ("share", "factor")


@dataclass
class Drivers:
    """Drivers as arrays, missing (NaN) where no line gives one."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    carriers: tuple[str, ...]
    years: tuple[int, ...]
    arrays: dict[str, Array]
    weight: Array
    population: Array
    units: dict[str, str] = field(default_factory=dict)


def drivers_of(sheets: Sheets, years: tuple[int, ...]) -> Drivers:
    """The drivers of a file. Raises HengtanError with sheet, row and column."""
    lines = sheets.of("驱动")
    regions, weight, population = _regions(sheets)
    sectors, carriers = _named(lines, "部门"), _named(lines, "能源")
    drivers = Drivers(regions, sectors, carriers, years, {}, weight, population)
    for name in DRIVERS.values():
        shape = (len(regions), len(sectors), len(carriers), len(years))
        drivers.arrays[name] = np.full(
            shape if name in BY_CARRIER else shape[:2] + shape[3:], np.nan
        )
    for line in sorted(lines, key=_special):
        with noted():
            _put(drivers, line)
    _complete(sheets, drivers)
    return drivers


def _regions(sheets: Sheets) -> tuple[tuple[str, ...], Array, Array]:
    names: list[str] = []
    weights, population = [], []
    for line in members(sheets.of("地区"), Columns(("地区",), ("权重", "人口"))).lines:
        name = line.need("地区")
        if name in names:
            raise line.refuse("地区", "twice", name)
        names.append(name)
        weights.append(line.number("权重", least=0))
        population.append(line.number("人口", least=0))
    weight = np.array([np.nan if each is None else each for each in weights])
    people = np.array([np.nan if each is None else each for each in population])
    return tuple(names), weight, people


def _named(lines: Sequence[Line], column: str) -> tuple[str, ...]:
    """The names of a column, in the order in which they come."""
    return tuple(dict.fromkeys(line.text(column) for line in lines if line.text(column)))


def _special(line: Line) -> int:
    """Lines for all come first, so that a line for a region or sector replaces them."""
    return sum(bool(line.text(column)) for column in ("地区", "部门"))


def _put(drivers: Drivers, line: Line) -> None:
    word = line.need("驱动")
    if word not in DRIVERS:
        raise line.refuse("驱动", "unknown-name", "驱动", word, "、".join(DRIVERS))
    name = DRIVERS[word]
    at: list[list[int]] = []
    for column, names in (("地区", drivers.regions), ("部门", drivers.sectors)):
        text = line.text(column)
        at.append([position(line, column, text, names)] if text else list(range(len(names))))
    if name in BY_CARRIER:
        carrier = line.need("能源")
        at.append([position(line, "能源", carrier, drivers.carriers)])
    drivers.arrays[name][np.ix_(*at)] = _by_year(line, drivers.years)
    drivers.units.setdefault(name, line.text("单位"))


def _by_year(line: Line, years: tuple[int, ...]) -> Array:
    """The figures of a line for all years of the study."""
    known = {int(year): _figure(line, year) for year in YEARS}
    points = {year: value for year, value in known.items() if value is not None}
    constant = line.number(EVERY_YEAR)
    if constant is not None and not points:
        return np.full(len(years), constant)
    if not points or constant is not None:
        raise line.refuse(EVERY_YEAR, "years-or-every-year")
    first, last = min(points), max(points)
    if years[0] < first or years[-1] > last:
        raise line.refuse(str(first), "years-not-covered", first, last, years[0], years[-1])
    ordered = sorted(points)
    return np.interp(years, ordered, [points[year] for year in ordered])


def _figure(line: Line, year: str) -> float | None:
    column = year if year in line.cells else f"{year}年"
    return line.number(column) if column in line.cells else None


def _complete(sheets: Sheets, drivers: Drivers) -> None:
    """Refuse what is missing; scale shares to 1; what no line of a sector gives stays out of it."""
    arrays = drivers.arrays
    _refuse_missing(sheets, drivers, "活动水平", arrays["activity"])
    burns = ~np.isnan(arrays["intensity"])
    emits = ~np.isnan(arrays["process"])
    _refuse_missing(sheets, drivers, "单位能耗", np.where(burns | emits, 0.0, np.nan))
    arrays["intensity"][~burns] = 0.0
    arrays["process"][~emits] = 0.0
    share = arrays["share"]
    share[np.isnan(share)] = 0.0
    total = share.sum(axis=2)
    uneven = (arrays["intensity"] != 0) & (np.abs(total - 1) > WHOLE)
    if uneven.any():
        r, s, y = np.argwhere(uneven)[0]
        place = f"{drivers.regions[r]} {drivers.sectors[s]} {drivers.years[y]}"
        raise sheets.refuse("驱动", "shares-not-whole", place, f"{total[r, s, y]:.4g}")
    share /= np.where(total > 0, total, 1.0)[:, :, None]
    used = (share > 0) & (arrays["intensity"] != 0)[:, :, None]
    _refuse_missing(sheets, drivers, "排放因子", np.where(used, arrays["factor"], 0.0))


def _refuse_missing(sheets: Sheets, drivers: Drivers, word: str, values: Array) -> None:
    if not np.isnan(values).any():
        return
    at = np.argwhere(np.isnan(values))[0]
    lists = [drivers.regions, drivers.sectors, drivers.carriers][: values.ndim - 1]
    place = " ".join(names[n] for names, n in zip(lists, at[:-1], strict=True))
    raise sheets.refuse("驱动", "no-driver", word, place)
