"""A year by the hour: what a series is, what it must be, and how it moves to another year or clock.

A series has a value for each hour of its year, 8,760 or 8,784 in a leap year. Hour h of a day ends
at h o'clock of the standard time that ``utc_offset`` names. Nothing that lacks is filled in: a
series of another length is refused in one line that says what lacks or doubles.
"""

from __future__ import annotations

import hashlib
from calendar import isleap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from hengtan.basis.errors import HengtanError

Array = np.ndarray[Any, np.dtype[np.float64]]
Kind = Literal["metered", "reconstructed", "assumed"]
KINDS: Mapping[str, tuple[str, str]] = {
    "metered": ("计量", "metered"),
    "reconstructed": ("重构", "reconstructed"),
    "assumed": ("假设", "assumed"),
}
DAY = 24
QUARTERS = 4
SAME_FIGURES = 9
"""Significant figures to which two series are compared, once each is a share of its own sum."""


class SeriesRefused(HengtanError):
    """A series that is no whole year of hours, or whose values cannot be."""


class SeriesMissing(HengtanError):
    """A study asks for a series that nobody handed in, and no stand-in was named."""


@dataclass(frozen=True)
class HourlySeries:
    """The hours of one year.

    Attributes
    ----------
    id : str
        What it is called in the ledger or the pack.
    year : int
        The year whose hours these are.
    values : array (8760,) or (8784,)
        Mean of each hour. [unit]
    unit : str
        The unit of a value; a sum of the hours is in unit·h.
    source, kind
        Where it comes from, and whether it was metered, reconstructed or assumed.
    utc_offset : float
        Hours by which its clock is before UTC. [h]
    signed : bool
        Whether values below nought have a meaning (a price, an exchange).
    stands_for : str
        The series that it was borrowed for; empty where it is that series itself.
    changes : tuple of (Chinese, English)
        What was done to it since it was read: scaled, moved to another year or clock.
    """

    id: str
    year: int
    values: Array
    unit: str
    source: str
    kind: Kind
    utc_offset: float = 8.0
    signed: bool = False
    stands_for: str = ""
    changes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.asarray(self.values, dtype=float))
        refuse_length(self.id, self.year, self.values.shape)
        refuse_values(self.id, self.values, signed=self.signed)
        if self.kind not in KINDS:
            raise ValueError(f"kind of a series: {self.kind!r}")

    def __repr__(self) -> str:
        size = f"peak {self.peak:g}, sum {self.energy:g}"
        return f"HourlySeries({self.id}, {self.year}, {self.kind}, {size} {self.unit})"

    @property
    def peak(self) -> float:
        """The highest hour. [unit]"""
        return float(self.values.max())

    @property
    def energy(self) -> float:
        """The sum of the hours. [unit·h]"""
        return float(self.values.sum())

    @property
    def digest(self) -> str:
        """A name of its shape: two series that differ by a factor only have the same."""
        size = np.abs(self.values).sum()
        share = self.values / size if size else self.values
        words = ";".join(f"{value:.{SAME_FIGURES - 1}e}" for value in share + 0.0)
        return hashlib.sha256(words.encode()).hexdigest()

    def name(self) -> tuple[str, str]:
        """What stands beside every figure that rests on it: id, year, kind, for what it stands and
        what was done to it; Chinese, English.
        """
        kind_zh, kind_en = KINDS[self.kind]
        words_zh = [f"{self.id}（{self.year}年，{kind_zh}）"]
        words_en = [f"{self.id} ({self.year}, {kind_en})"]
        if self.stands_for:
            words_zh.insert(0, f"借用曲线，代替“{self.stands_for}”：")
            words_en.insert(0, f"stand-in for “{self.stands_for}”: ")
        words_zh += [f"，{zh}" for zh, _ in self.changes]
        words_en += [f", {en}" for _, en in self.changes]
        return "".join(words_zh), "".join(words_en)

    def changed(self, values: Array, zh: str, en: str, **fields: Any) -> HourlySeries:
        """The series with other values, and what was done written beside it."""
        return replace(self, values=values, changes=(*self.changes, (zh, en)), **fields)

    def standing_for(self, wanted: str) -> HourlySeries:
        """This series in the place of another that nobody has."""
        return replace(self, stands_for=wanted)


def hours_of(year: int) -> int:
    """Hours of a year: 8,760, or 8,784 in a leap year."""
    return 8784 if isleap(year) else 8760


def hour_name(year: int, position: int) -> str:
    """The day and the hour ending of a position in a year, as a person would look for it."""
    day = date.fromordinal(date(year, 1, 1).toordinal() + position // DAY)
    return f"{day.isoformat()} {position % DAY + 1}时"


def refuse_length(series: str, year: int, shape: tuple[int, ...]) -> None:
    """Raise SeriesRefused where a series is not as long as its year, saying what may be the cause.

    Clocks that change (8,759, 8,761), a leap year read as a common one or the other way, quarters
    and half hours are named; anything else by its number.
    """
    wanted = hours_of(year)
    if len(shape) != 1:
        raise ValueError(f"a series has one dimension, not {shape}")
    size = shape[0]
    if size == wanted:
        return
    cause_zh, cause_en, todo_zh, todo_en = _cause(size, wanted)
    raise SeriesRefused(
        f"序列“{series}”{year}年应有{wanted}个小时值，实有{size}个：{cause_zh}",
        f"series “{series}” of {year} has {size} values, not {wanted}: {cause_en}",
        todo=todo_zh,
        todo_en=todo_en,
    )


def _cause(size: int, wanted: int) -> tuple[str, str, str, str]:
    steps = {2: ("半小时", "half hours"), QUARTERS: ("15分钟", "quarters of an hour")}
    for parts, (zh, en) in steps.items():
        if size == wanted * parts:
            return (
                f"是{zh}数据",
                f"these are {en}",
                "指明按电量相加（sum）还是按功率平均（mean）合成小时",
                "say whether to add them (energy) or to average them (power)",
            )
    if abs(size - wanted) == DAY:
        leap = wanted > size
        return (
            "闰年缺2月29日，或年份写错" if leap else "平年多一天，或年份写错",
            "29 February lacks, or the year is wrong"
            if leap
            else "a day too many, or the year is wrong",
            "补上这一天或改正年份；借用别的年份的曲线用 to_year",
            "add the day or correct the year; a curve of another year is moved with to_year",
        )
    if abs(size - wanted) == 1:
        return (
            "像是按夏令时改过钟的数据，一天少或多一个小时",
            "it looks like a clock that changes for summer, with an hour less or more",
            "按标准时（不改钟）重新导出",
            "export it again in standard time",
        )
    lacks = wanted - size
    return (
        f"缺{lacks}个小时" if lacks > 0 else f"多{-lacks}个小时",
        f"{lacks} hours lack" if lacks > 0 else f"{-lacks} hours too many",
        "补齐全年逐时值；缺测的不填0",
        "hand in all hours of the year; what was not metered is not nought",
    )


def refuse_values(series: str, values: Array, *, signed: bool) -> None:
    """Raise SeriesRefused for values that are no number, or below nought without a meaning."""
    lacking = np.flatnonzero(~np.isfinite(values))
    if lacking.size:
        raise SeriesRefused(
            f"序列“{series}”有{lacking.size}个小时没有数值，第一个是第{lacking[0] + 1}小时",
            f"series “{series}” has {lacking.size} hours without a value, hour {lacking[0] + 1} "
            "of the year first",
            todo="补上这些小时；缺测的不填0",
            todo_en="fill these hours; what was not metered is not nought",
        )
    below = np.flatnonzero(values < 0)
    if below.size and not signed:
        raise SeriesRefused(
            f"序列“{series}”有{below.size}个小时为负，第一个是第{below[0] + 1}小时",
            f"series “{series}” has {below.size} hours below nought, hour {below[0] + 1} of the "
            "year first",
            todo="核对方向；反送电另立一个序列",
            todo_en="check the direction; what flows back is a series of its own",
        )


def from_quarters(values: Array, how: Literal["sum", "mean"]) -> Array:
    """Hours of quarters of an hour (4 n,): the sum where they are energy, the mean where they are
    power. The choice is the user's, since the same file may be either.
    """
    if how not in ("sum", "mean"):
        raise ValueError(f"quarters are added (sum) or averaged (mean), not {how!r}")
    hours = np.asarray(values, dtype=float).reshape(-1, QUARTERS)
    return hours.sum(axis=1) if how == "sum" else hours.mean(axis=1)


def to_year(series: HourlySeries, year: int) -> HourlySeries:
    """The series as one of another year, day by day of the calendar; 29 February is that of the
    series, or the day before it again, or left out. Days of the week are not kept, and it says so.
    """
    if year == series.year:
        return series
    days = series.values.reshape(-1, DAY)
    after_february = 31 + 28
    if isleap(year) and not isleap(series.year):
        days = np.insert(days, after_february, days[after_february - 1], axis=0)
    elif isleap(series.year) and not isleap(year):
        days = np.delete(days, after_february, axis=0)
    return series.changed(
        days.ravel(),
        f"由{series.year}年按日历移到{year}年（星期不对应）",
        f"moved from {series.year} to {year} by the calendar (days of the week are not kept)",
        year=year,
    )


def to_offset(series: HourlySeries, utc_offset: float) -> HourlySeries:
    """The series by another clock, whole hours apart; the hours that leave the year at one end come
    in at the other, and it says so.

    Raises SeriesRefused for clocks that are not whole hours apart.
    """
    hours = utc_offset - series.utc_offset
    if hours == 0:
        return series
    if hours != int(hours):
        raise SeriesRefused(
            f"序列“{series.id}”的时区相差{hours:g}小时，不是整小时",
            f"series “{series.id}” is {hours:g} hours from the clock asked for, not whole hours",
            todo="按整小时的标准时重新导出",
            todo_en="export it again by a standard time that is whole hours apart",
        )
    return series.changed(
        np.roll(series.values, int(hours)),
        f"时钟由UTC{series.utc_offset:+g}移到UTC{utc_offset:+g}（年末的小时接到年初）",
        f"clock moved from UTC{series.utc_offset:+g} to UTC{utc_offset:+g} (hours beyond the end "
        "of the year come in at its beginning)",
        utc_offset=utc_offset,
    )


def same_shapes(series: Iterable[HourlySeries]) -> list[tuple[str, ...]]:
    """The ids of series that have one shape under several names, a group each, in their order.

    Two places with one curve are one reading twice: no study may call them two.
    """
    groups: dict[str, list[str]] = {}
    for member in series:
        groups.setdefault(member.digest, []).append(member.id)
    return [tuple(ids) for ids in groups.values() if len(ids) > 1]


def chosen(available: Mapping[str, HourlySeries], wanted: str, stand_in: str = "") -> HourlySeries:
    """The series that a study asks for, or the stand-in that its user named for it.

    Raises SeriesMissing where there is neither; a stand-in is never chosen by itself.
    """
    if wanted in available:
        return available[wanted]
    if stand_in in available:
        return available[stand_in].standing_for(wanted)
    lacking = stand_in or wanted
    raise SeriesMissing(
        f"没有序列“{lacking}”",
        f"there is no series “{lacking}”",
        todo="在“逐时序列”（hourly_series）里导入，或指明借用哪条曲线",
        todo_en="import it into hourly_series, or name the series that stands in for it",
    )
