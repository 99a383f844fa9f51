"""Hourly series from the rows of the form ``hourly_series`` as the ledger shows them.

Each hour of the year must be there once. Hours that lack or double are named by day and hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from hengtan.basis.errors import HengtanError
from hengtan.basis.units import read_unit
from hengtan.outlook.hourly import (
    DAY,
    QUARTERS,
    HourlySeries,
    SeriesMissing,
    SeriesRefused,
    from_quarters,
    hour_name,
    hours_of,
)

Array = np.ndarray[Any, np.dtype[np.float64]]
How = Literal["sum", "mean"]
SIGNED = frozenset({"price", "import"})
SHOWN = 3
"""Hours that a refusal names."""
MEGAWATTS = {"MW": 1.0, "kWh": 1e-3}
"""A canonical unit of power, or of energy in an hour, in MW."""


@dataclass(frozen=True)
class Asked:
    """Which series of which year, and how quarters of an hour become hours (None: refused)."""

    place: str
    series: str
    year: int
    quarters: How | None = None


def series_from(rows: pa.Table, asked: Asked) -> HourlySeries:
    """One series of one year from rows of the form; power, and energy in an hour, come in MW.

    Raises SeriesMissing where there is no row, SeriesRefused where hours lack or double, where
    units, kinds or clocks differ within it, or where quarters come without a choice.
    """
    chosen = _rows_of(rows, asked)
    if not chosen.num_rows:
        raise SeriesMissing(
            f"没有序列“{asked.series}”{asked.year}年的逐时值",
            f"there are no hours of series “{asked.series}” of {asked.year}",
            todo="在“逐时序列”（hourly_series）里导入",
            todo_en="import them into hourly_series",
        )
    facts = {
        name: _one(chosen, name, asked)
        for name in ("unit", "item", "kind", "utc_offset", "source_title")
    }
    values, unit = _in_order(chosen, asked), facts["unit"] or ""
    scale, unit = _scale(unit)
    return HourlySeries(
        id=asked.series,
        year=asked.year,
        values=values * scale,
        unit=unit,
        source=facts["source_title"],
        kind=facts["kind"],
        utc_offset=float(facts["utc_offset"]),
        signed=facts["item"] in SIGNED,
        changes=_quarters_said(chosen, asked),
    )


def all_series(
    rows: pa.Table, wanted: Sequence[Asked]
) -> tuple[dict[str, HourlySeries], list[HengtanError]]:
    """Those of the wanted series that can be read, by id, and what is said of the others."""
    series: dict[str, HourlySeries] = {}
    refused: list[HengtanError] = []
    for asked in wanted:
        try:
            series[asked.series] = series_from(rows, asked)
        except (SeriesRefused, SeriesMissing) as error:
            refused.append(error)
    return series, refused


def _rows_of(rows: pa.Table, asked: Asked) -> pa.Table:
    import pyarrow.compute as pc

    same = pc.and_(pc.equal(rows["place"], asked.place), pc.equal(rows["series"], asked.series))
    return rows.filter(pc.and_(same, pc.equal(pc.year(rows["day"]), asked.year)))


def _one(rows: pa.Table, name: str, asked: Asked) -> Any:
    """What all rows say in a column. Raises SeriesRefused where they say several things."""
    said = rows[name].unique().to_pylist()
    if len(said) == 1:
        return said[0]
    words = "、".join(map(str, said[:SHOWN]))
    raise SeriesRefused(
        f"序列“{asked.series}”{asked.year}年的“{_TITLES[name]}”不一致：{words}",
        f"series “{asked.series}” of {asked.year} has several of {name}: {words}",
        todo="一个序列一年只用一种，分成几个序列或改正",
        todo_en="use one within a year, or make it several series",
    )


_TITLES: Mapping[str, str] = {
    "unit": "单位",
    "item": "是什么",
    "kind": "数据种类",
    "utc_offset": "时区",
    "source_title": "来源",
}


def _in_order(rows: pa.Table, asked: Asked) -> Array:
    """The values by hour of the year. Raises SeriesRefused."""
    by_quarter = rows["part"].null_count < rows.num_rows
    if by_quarter and (asked.quarters is None or rows["part"].null_count):
        raise SeriesRefused(
            f"序列“{asked.series}”是15分钟数据，没有指明怎样合成小时",
            f"series “{asked.series}” has quarters of an hour and nobody said how they make hours",
            todo="指明按电量相加（sum）还是按功率平均（mean）；不能与逐时值混填",
            todo_en="say sum (energy) or mean (power); quarters and hours are not mixed",
        )
    steps = QUARTERS if by_quarter else 1
    position = _positions(rows, asked.year, steps)
    count = np.bincount(position, minlength=hours_of(asked.year) * steps)
    values = np.full(count.size, np.nan)
    values[position] = rows["value"].to_numpy(zero_copy_only=False).astype(float)
    _refuse_gaps(asked, np.flatnonzero(count > 1) // steps, lacking=False)
    _refuse_gaps(asked, np.flatnonzero(np.isnan(values)) // steps, lacking=True)
    return from_quarters(values, asked.quarters) if asked.quarters and by_quarter else values


def _positions(rows: pa.Table, year: int, steps: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The place of each row in the year, from 0."""
    days = rows["day"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    day = (days - np.datetime64(f"{year}-01-01")).astype(np.int64)
    hour = rows["hour"].to_numpy(zero_copy_only=False).astype(np.int64) - 1
    if steps == 1:
        return day * DAY + hour
    part = rows["part"].to_numpy(zero_copy_only=False).astype(np.int64) - 1
    return (day * DAY + hour) * steps + part


def _refuse_gaps(asked: Asked, hours: Any, *, lacking: bool) -> None:
    """Raise SeriesRefused for hours that lack or double, naming the first of them."""
    hours = np.unique(hours)
    if not hours.size:
        return
    names = "、".join(hour_name(asked.year, int(hour)) for hour in hours[:SHOWN])
    more = "等" if hours.size > SHOWN else ""
    what_zh, what_en = ("缺", "lacks") if lacking else ("重复", "doubles")
    raise SeriesRefused(
        f"序列“{asked.series}”{asked.year}年{what_zh}{hours.size}个小时：{names}{more}"
        f"{_summer(hours.size, lacking)[0]}",
        f"series “{asked.series}” of {asked.year} {what_en} {hours.size} hours: {names}"
        f"{_summer(hours.size, lacking)[1]}",
        todo="补齐或删去这些小时再导入；缺测的不填0",
        todo_en="fill or drop them and import again; what was not metered is not nought",
    )


def _summer(hours: int, lacking: bool) -> tuple[str, str]:
    """Words for the one hour that a change of clocks takes or doubles."""
    if hours != 1:
        return "", ""
    if lacking:
        return "（像是改夏令时跳过的一小时）", " (as a clock that changes for summer skips)"
    return "（像是改回标准时重复的一小时）", " (as a clock that changes back has twice)"


def _scale(unit: str) -> tuple[float, str]:
    """What values are multiplied by to come in MW, and their unit then; others stay."""
    if not unit:
        return 1.0, "1"
    spelled = read_unit(unit)
    if spelled.canonical in MEGAWATTS:
        return spelled.factor * MEGAWATTS[spelled.canonical], "MW"
    return 1.0, unit


def _quarters_said(rows: pa.Table, asked: Asked) -> tuple[tuple[str, str], ...]:
    if rows["part"].null_count == rows.num_rows:
        return ()
    if asked.quarters == "sum":
        return (("由15分钟电量相加", "quarters of an hour added"),)
    return (("由15分钟功率平均", "quarters of an hour averaged"),)
