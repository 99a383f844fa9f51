"""Measures from their sheets: what each changes, what it costs, how far and how quick it may go.

Capital and running cost of the sheet 措施 are those of full use in the whole place; they are shared
to the regions by weight and coverage, unless the sheet 区县措施 gives a region's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.outlook.pathway.model import Act, Array
from hengtan.outlook.uncertainty.laws import Range
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.portfolio.drivers import Drivers
from hengtan.workbooks.portfolio.layout import DRIVERS
from hengtan.workbooks.portfolio.tables import is_assumed, money, position, positions

FREE = 1.0
"""Rise of the level in a year where no pace is written: at once."""


@dataclass
class Measures:
    """Measures as arrays over (M,), (M, R) or (M, R, Y)."""

    names: tuple[str, ...]
    acts: tuple[Act, ...]
    ranges: tuple[Range, ...]
    capital: Array
    running: Array
    life: Array
    start: Array
    step: Array
    coverage: Array
    ceiling: Array
    floor: Array
    whole: tuple[int, ...]
    assumed_effect: Array
    assumed_cost: Array
    sources: tuple[str, ...]


def measures_of(sheets: Sheets, drivers: Drivers) -> Measures:
    """The measures of a file. Raises HengtanError with sheet, row and column."""
    lines = sheets.of("措施")
    names: list[str] = []
    for line in lines:
        with noted():
            if line.need("措施") in names:
                raise line.refuse("措施", "twice", line.text("措施"))
            names.append(line.text("措施"))
    acts = tuple(_act(line, number, drivers) for number, line in enumerate(lines))
    regions = len(drivers.regions)
    shape = (len(lines), regions)
    years = np.array(drivers.years)
    start = np.array([line.year("起始年") or drivers.years[0] for line in lines])
    measures = Measures(
        names=tuple(names),
        acts=acts,
        ranges=tuple(_range(line) for line in lines),
        capital=np.zeros(shape),
        running=np.zeros(shape),
        life=np.array([float(line.whole("寿命", least=0) or 0) for line in lines]),
        start=start,
        step=np.array([_or(line.number("年推进", least=1e-6, most=1), FREE) for line in lines]),
        coverage=np.ones(shape),
        ceiling=np.zeros((*shape, len(years))),
        floor=np.zeros(shape),
        whole=tuple(n for n, line in enumerate(lines) if line.flag("整体")),
        assumed_effect=np.array([is_assumed(line, "效应认定") for line in lines]),
        assumed_cost=np.array([is_assumed(line, "费用认定") for line in lines]),
        sources=tuple(line.as_written("来源") for line in lines),
    )
    highest = np.array(
        [[_or(line.number("上限", least=0, most=1), 1.0)] * regions for line in lines]
    )
    own = _own(sheets, drivers, measures, highest)
    _share_costs(sheets, drivers, measures, own)
    begun = years[None, :] >= start[:, None]
    measures.ceiling = np.where(begun[:, None], highest[:, :, None], measures.floor[:, :, None])
    return measures


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _act(line: Line, number: int, drivers: Drivers) -> Act:
    word = line.need("驱动")
    if word not in DRIVERS:
        raise line.refuse("驱动", "unknown-name", "驱动", word, "、".join(DRIVERS))
    driver = DRIVERS[word]
    sectors = positions(line, "部门", drivers.sectors) or tuple(range(len(drivers.sectors)))
    if driver not in ("share", "factor"):
        return Act(number, driver, sectors)  # type: ignore[arg-type]
    carrier = position(line, "能源", line.need("能源"), drivers.carriers)
    if driver == "factor":
        return Act(number, "factor", sectors, carrier)
    to = position(line, "改用", line.need("改用"), drivers.carriers)
    if np.isnan(drivers.arrays["factor"][:, list(sectors), to]).any():
        raise line.refuse("改用", "no-factor", line.text("改用"))
    ratio = _or(line.number("效率比", least=1e-6), 1.0)
    return Act(number, "share", sectors, carrier, to, ratio)


def _range(line: Line) -> Range:
    """An effect with its range, triangular; without a range it is certain."""
    line.need("效应")
    effect = _or(line.number("效应", most=1), 0.0)
    below = _or(line.number("效应下限", most=1), effect)
    above = _or(line.number("效应上限", most=1), effect)
    if not below <= effect <= above:
        raise line.refuse("效应下限", "range-out-of-order", below, effect, above)
    source, assumed = line.text("区间来源"), is_assumed(line, "效应认定")
    return Range(line.text("措施"), "triangular", below, effect, above, source, assumed=assumed)


def _own(sheets: Sheets, drivers: Drivers, measures: Measures, highest: Array) -> dict[str, Array]:
    """What the sheet 区县措施 says: coverage, ceilings, what is there; where costs are own."""
    own = {name: np.full(measures.capital.shape, np.nan) for name in ("投资", "运行")}
    seen = set()
    for line in sheets.of("区县措施"):
        with noted():
            m = position(line, "措施", line.need("措施"), measures.names)
            r = position(line, "地区", line.need("地区"), drivers.regions)
            if (m, r) in seen:
                raise line.refuse("地区", "twice", f"{line.text('措施')} {line.text('地区')}")
            seen.add((m, r))
            measures.coverage[m, r] = _or(line.number("覆盖", least=0, most=1), 1.0)
            highest[m, r] = _or(line.number("上限", least=0, most=1), highest[m, r])
            measures.floor[m, r] = _or(line.number("已有", least=0, most=highest[m, r]), 0.0)
            for name, array in own.items():
                value = money(line, name)
                array[m, r] = np.nan if value is None else value
    return own


def _share_costs(
    sheets: Sheets, drivers: Drivers, measures: Measures, own: dict[str, Array]
) -> None:
    for name, array in (("投资", measures.capital), ("运行", measures.running)):
        for m, line in enumerate(sheets.of("措施")):
            least = 0.0 if name == "投资" else None
            total = money(line, name, least=least)
            lacking = np.isnan(own[name][m])
            if total is None and lacking.any():
                raise line.refuse(name, "missing", name)
            array[m] = own[name][m]
            if lacking.any():
                array[m, lacking] = (total or 0.0) * _part(sheets, drivers, measures, m)[lacking]


def _part(sheets: Sheets, drivers: Drivers, measures: Measures, number: int) -> Array:
    """Each region's part of a cost of the whole place: by weight and coverage."""
    if len(drivers.regions) == 1:
        return np.ones(1)
    if np.isnan(drivers.weight).any():
        raise sheets.refuse("地区", "missing", "权重")
    key = drivers.weight * measures.coverage[number]
    return key / key.sum() if key.sum() > 0 else key
