"""Measures of a study from rows of the form ``measure_effects``: what each changes, where and when,
and which of its numbers are established.

A measure may have several rows. Rows whose effect, ramp or stock differ become parts of their own
in the model, since one effect of the model is one number; what is told of a measure adds its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError, Where
from hengtan.outlook.pathway.model import Act, Array, Driver, Filler, meet
from hengtan.outlook.pathway.refusals import refusal

Row = Mapping[str, Any]
ALL = "all"
ESTABLISHED, ASSUMED = "established", "assumed"
NUMBERS = ("ratio", "effect", "ramp", "ceiling", "coverage", "capital", "running", "life")
"""The numbers of a row that have a mark and a source of their own."""
UNITS = {"effect": "%", "ramp": " 年", "ceiling": "%", "coverage": "%"}
UNITS |= {"capital": " 万元", "running": " 万元/年", "life": " 年"}
"""What each number of the form is in, as the form has it."""
OF_CUT = ("ratio", "effect", "ramp", "ceiling", "coverage")
"""Those the cut of a measure rests on; the rest are of its cost."""


@dataclass(frozen=True)
class Mark:
    """A number of a measure: where it comes from, and whether it is established."""

    number: str
    value: float | None
    established: bool
    source: str


@dataclass(frozen=True)
class Measure:
    """What is told of a measure beside what it changes. Costs are those of full use.

    Attributes
    ----------
    capital : float or None
        [10^4 yuan]
    running : float or None
        [10^4 yuan/year]
    life : float or None
        [years]
    discount_rate : float or None
        None takes that of the study. [1]
    """

    code: str
    title: str
    title_english: str
    clause: str
    targets: tuple[str, ...]
    conflicts: tuple[str, ...]
    capital: float | None
    running: float | None
    life: float | None
    discount_rate: float | None
    marks: tuple[Mark, ...]

    @property
    def cut_is_established(self) -> bool:
        """Whether every number its cut rests on has a source."""
        return all(mark.established for mark in self.marks if mark.number in OF_CUT)

    @property
    def cost_is_established(self) -> bool:
        """Whether every number of its cost has a source."""
        return all(mark.established for mark in self.marks if mark.number not in OF_CUT)


@dataclass(frozen=True)
class Portions:
    """The measures of a study as the model takes them.

    Attributes
    ----------
    owner : tuple of int
        Of each part in the model, the number of its measure.
    of_row : tuple of int
        Of each row, the number of the part that it is in.
    names : tuple of str
        Names of the parts: the measure's code, and its number where there are several.
    effect, ramp, coverage, acts
        As ``Pathway`` has them.
    """

    measures: tuple[Measure, ...]
    owner: tuple[int, ...]
    of_row: tuple[int, ...]
    names: tuple[str, ...]
    effect: Array
    ramp: Array
    coverage: Array
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Places:
    """The lists a study stands on, and which regions lie within a place of a measure."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    carriers: tuple[str, ...]
    years: tuple[int, ...]
    within: Callable[[str, str], bool] = field(default=lambda region, place: region == place)
    said: Callable[[str], str] = field(default=str)

    def listed(self, codes: Iterable[str]) -> str:
        """Codes as they are called."""
        return "、".join(self.said(code) for code in codes)


StockRamp = Callable[[Row, Array, tuple[int, ...]], Array]
"""The share of the stock that a row has turned over by year, from its ramp of new sales."""


def portions(
    rows: Sequence[Row],
    places: Places,
    *,
    without: Collection[str] = (),
    stock_ramp: StockRamp | None = None,
    offered: bool = False,
) -> Portions:
    """The measures of a study from rows of the form, in the order of the rows.

    Parameters
    ----------
    without : collection of str
        Codes of measures to leave out.
    stock_ramp : function
        Turns new sales into the share of the stock, for rows that change a stock.
    offered : bool
        Whether measures are only offered to a choice, so that some may exclude each other.

    Raises
    ------
    HengtanError
        With file, row and column: an unknown sector, carrier or place; measures that exclude each
        other together; a share without its carriers.
    """
    chosen = [row for row in rows if row["measure"] not in without]
    if not offered:
        refuse_conflicts(chosen)
    return _Portions(places, stock_ramp).of(chosen)


def naming_what_is_there(
    rows: Sequence[Row], places: Places
) -> tuple[list[Row], dict[str, HengtanError]]:
    """The rows of measures whose sectors and carriers are all there, and of every other measure the
    refusal of its first row that names another: none of its rows is kept, since a part of a measure
    would have the cost of the whole.
    """
    reader = _Portions(places, None)
    refused: dict[str, HengtanError] = {}
    for row in rows:
        try:
            reader.act(row)
        except HengtanError as error:
            refused.setdefault(row["measure"], error)
    return [row for row in rows if row["measure"] not in refused], refused


def refuse_conflicts(rows: Iterable[Row]) -> None:
    """Raise HengtanError, in one line, where two measures that exclude each other are both
    taken in the same place.
    """
    listed = list(rows)
    taken = {(row["place"], row["measure"]) for row in listed}
    for row in listed:
        for other in split(row.get("conflicts")):
            if other != row["measure"] and (row["place"], other) in taken:
                raise at(row, "conflicts", "measures_exclude", row["measure"], other)


def split(text: Any) -> tuple[str, ...]:
    """Codes of a cell that are parted by semicolons or commas."""
    plain = str(text or "")
    for sign in "；，,、":
        plain = plain.replace(sign, ";")
    return tuple(part.strip() for part in plain.split(";") if part.strip())


def at(row: Row, column: str, code: str, *arguments: Any) -> HengtanError:
    """A refusal of a cell of the form, with file, sheet, row and column."""
    return refusal(code, *arguments, where=place_of(row, column))


def place_of(row: Row, column: str) -> Where:
    """Where a cell of a row of the form stands."""
    return Where(
        str(row.get("_file") or "measure_effects"),
        sheet=row.get("_sheet") or None,
        row=row.get("_source_row"),
        column=column,
    )


def ramp_of(row: Row, years: Sequence[int]) -> Array:
    """How much of its full use a row has reached by year: nothing before its start, the ceiling
    once its years are over, a straight line between. [0..1]
    """
    start, length = int(row["start_year"]), float(row["ramp_years"] or 0)
    ceiling = percent(row.get("ceiling"), 1.0)
    after = np.asarray(years, dtype=float) - start
    begun = after >= 0
    if length == 0:
        return np.where(begun, ceiling, 0.0)
    return np.where(begun, ceiling * np.clip(after / length, 0.0, 1.0), 0.0)


def percent(value: Any, absent: float) -> float:
    """A cell in percent as a share; ``absent`` where it is blank."""
    return absent if value is None else float(value) / 100


def marks_of(row: Row) -> list[Mark]:
    """The marks of the numbers that a row gives."""
    marks = []
    for number in NUMBERS:
        value = row.get("ramp_years" if number == "ramp" else number)
        if value is None:
            continue
        established = row.get(f"{number}_mark") == ESTABLISHED
        source = str(row.get(f"{number}_source") or "")
        marks.append(Mark(number, float(value), established, source))
    return marks


class _Portions:
    """Collects acts, effects, ramps and coverages row by row."""

    def __init__(self, places: Places, stock_ramp: StockRamp | None) -> None:
        self.places, self.stock_ramp = places, stock_ramp
        self.keys: dict[tuple[Any, ...], list[int]] = {}
        self.effect: list[float] = []
        self.ramp: list[Array] = []
        self.coverage: list[Array] = []
        self.owner: list[str] = []
        self.of_row: list[int] = []
        self.acts: list[Act] = []

    def of(self, rows: Sequence[Row]) -> Portions:
        """The parts of all rows."""
        for row in rows:
            self._take(row)
        codes = list(dict.fromkeys(row["measure"] for row in rows))
        years, regions = len(self.places.years), len(self.places.regions)
        return Portions(
            tuple(_about(code, [r for r in rows if r["measure"] == code]) for code in codes),
            tuple(codes.index(code) for code in self.owner),
            tuple(self.of_row),
            _names(self.owner),
            np.array(self.effect),
            np.array(self.ramp).reshape(-1, years),
            np.array(self.coverage).reshape(-1, regions),
            tuple(self.acts),
        )

    def _take(self, row: Row) -> None:
        act = self.act(row)
        ramp = ramp_of(row, self.places.years)
        if row["driver"] == "stock":
            if self.stock_ramp is None or row.get("life") is None:
                raise at(row, "life", "stock_without_life", row["measure"])
            ramp = self.stock_ramp(row, ramp, act.sectors)
        effect = percent(row["effect"], 0.0)
        reach = self._reach(row)
        key = (row["measure"], effect, tuple(ramp), tuple(reach))
        number = self._part_for(key, act)
        if number is None:
            number = len(self.effect)
            self.keys.setdefault(key, []).append(number)
            self.effect.append(effect)
            self.ramp.append(ramp)
            self.coverage.append(reach)
            self.owner.append(row["measure"])
        self.of_row.append(number)
        self.acts.append(replace(act, measure=number))

    def _part_for(self, key: tuple[Any, ...], act: Act) -> int | None:
        """A part with the same numbers whose acts do not change the same tonnes as this one."""
        for number in self.keys.get(key, ()):
            own = [other for other in self.acts if other.measure == number]
            sectors = set(act.sectors)
            beside = [[*_in_sector(own, sector), act] for sector in sectors]
            if not any(meet(acts) for acts in beside):
                return number
        return None

    def act(self, row: Row) -> Act:
        """What a row changes. Raises HengtanError for a sector or carrier that is not there."""
        driver = _driver(row)
        carrier = to = None
        if driver in ("share", "factor"):
            carrier = self._carrier(row, "carrier")
        if driver == "share":
            to = self._carrier(row, "to_carrier")
        ratio = 1.0 if row.get("ratio") is None else float(row["ratio"])
        filler: Filler = (row.get("filler") or "") if driver == "factor" else ""
        return Act(0, driver, self._sectors(row), carrier, to, ratio, filler)

    def _carrier(self, row: Row, column: str) -> int:
        name = row.get(column)
        if name not in self.places.carriers:
            known = self.places.listed(self.places.carriers)
            raise at(row, column, "unknown_carrier", self.places.said(name or "—"), known)
        return self.places.carriers.index(name)

    def _sectors(self, row: Row) -> tuple[int, ...]:
        named = split(row["sectors"])
        if named == (ALL,):
            return tuple(range(len(self.places.sectors)))
        for name in named:
            if name not in self.places.sectors:
                known = self.places.listed(self.places.sectors)
                raise at(row, "sectors", "unknown_sector", self.places.said(name), known)
        return tuple(sorted({self.places.sectors.index(name) for name in named}))

    def _reach(self, row: Row) -> Array:
        """How far a row reaches into each region. (R,)"""
        inside = [self.places.within(region, row["place"]) for region in self.places.regions]
        if not any(inside):
            raise at(row, "place", "place_outside", row["place"], "、".join(self.places.regions))
        return np.array(inside, dtype=float) * percent(row.get("coverage"), 1.0)


def _driver(row: Row) -> Driver:
    """What a row changes in the model: the turnover of a stock moves energy to another carrier, or
    saves it where it names none.
    """
    if row["driver"] == "stock":
        return "share" if row.get("carrier") else "intensity"
    driver: Driver = row["driver"]
    return driver


def _in_sector(acts: Iterable[Act], sector: int) -> list[Act]:
    return [act for act in acts if sector in act.sectors]


def _names(owner: Sequence[str]) -> tuple[str, ...]:
    """Names of parts: of the second and later parts of a measure with their number."""
    seen: dict[str, int] = {}
    names = []
    for code in owner:
        seen[code] = seen.get(code, 0) + 1
        names.append(code if seen[code] == 1 else f"{code}#{seen[code]}")
    return tuple(names)


def _about(code: str, rows: Sequence[Row]) -> Measure:
    """What is told of a measure, from the first of its rows that says it."""

    def first(column: str) -> Any:
        return next((row[column] for row in rows if row.get(column) is not None), None)

    def total(column: str) -> float | None:
        values = [float(row[column]) for row in rows if row.get(column) is not None]
        return sum(values) if values else None

    rate = first("discount_rate")
    return Measure(
        code,
        str(first("title") or code),
        str(first("title_english") or first("title") or code),
        str(first("clause") or ""),
        split(first("targets")),
        tuple(dict.fromkeys(part for row in rows for part in split(row.get("conflicts")))),
        total("capital"),
        total("running"),
        None if first("life") is None else float(first("life")),
        None if rate is None else float(rate) / 100,
        tuple(mark for row in rows for mark in marks_of(row)),
    )
