"""The base year of a pathway as the accounts tell it: energy by region, sector and carrier, factors
of emission, and emissions that are not burnt.

A sector is a row of the energy balance (or a category of the inventory for what is not burnt), a
carrier a product. What the accounts could not tell is a gap by name; nothing is filled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hengtan.outlook.pathway.model import Array

Row = Mapping[str, Any]
NON_ENERGY = "F.2.ind.nonenergy"
PLANTS = {"electricity": "T.power", "heat": "T.heat"}
"""Power and heat, and the rows of the plants that make them."""
BURNT_CATEGORIES = ("1A1", "1A2", "1A3", "1A4a", "1A4b", "1A4c")
OWN_ENERGY, OWN_EMISSIONS = "tce", "t CO2e"


@dataclass(frozen=True)
class Gap:
    """Something the base year lacks: a code of ``words.yaml`` with what it concerns."""

    code: str
    place: str
    about: str


@dataclass(frozen=True)
class Activity:
    """What a sector of a place did in the base year, with its unit and where that is from."""

    value: float
    unit: str
    source: str
    established: bool = True


@dataclass(frozen=True)
class Tables:
    """Rows of the accounts of one year and one method that a base year rests on.

    ``unit_factor``: emission of one tce of a product burnt in a row, by the same accounts, for
    carriers that a sector has not used yet. [tCO2e/tce]
    """

    year: int
    method: str
    balance: tuple[Row, ...]
    fuel: tuple[Row, ...]
    inventory: tuple[Row, ...]
    totals: tuple[Row, ...]
    consumption: tuple[Row, ...]
    potential: Mapping[str, float]
    unit_factor: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class BaseYear:
    """The base year in arrays over regions, sectors and carriers.

    Attributes
    ----------
    energy : array (R, S, C)
        Energy used and burnt by the sector; non-energy use is a sector of its own. [tce]
    factor : array (R, S, C)
        Emissions of a unit of energy. Of power and heat: what the plants of the region burn for a
        unit of final use, where ``shared`` says so, else nothing. [tCO2e/tce]
    physical : array (R, S, C)
        Physical quantity of a tce, missing where only the coal equivalent is known. [unit/tce]
    process : array (R, S)
        Emissions that are not burnt. [tCO2e]
    shared : array (R, 2)
        Whether the emissions of power plants and of heat plants are shared by final use.
    supply : mapping
        Rows of supply, transformation and loss by (region, row, product): physical and tce.
    """

    year: int
    method: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    carriers: tuple[str, ...]
    energy: Array
    factor: Array
    physical: Array
    process: Array
    shared: np.ndarray[Any, np.dtype[np.bool_]]
    supply: Mapping[tuple[str, str, str], tuple[float | None, float | None]]
    activity: Mapping[tuple[str, str], Activity]
    gaps: tuple[Gap, ...]

    @property
    def emissions(self) -> Array:
        """Emissions of the base year by region and sector, (R, S). [tCO2e]"""
        return np.asarray((self.energy * self.factor).sum(axis=2) + self.process)

    def __repr__(self) -> str:
        return (
            f"BaseYear({self.year}, {len(self.regions)} regions, {len(self.sectors)} sectors, "
            f"{len(self.carriers)} carriers, {len(self.gaps)} gaps)"
        )


def base_year(
    tables: Tables,
    regions: Collection[str],
    *,
    carriers: Iterable[str] = (),
    activity: Mapping[tuple[str, str], Activity] | None = None,
    shares_plants: bool = True,
) -> BaseYear:
    """The base year of some places.

    Parameters
    ----------
    carriers : iterable of str
        Products that are not used yet but that a measure moves energy to.
    activity : mapping of (place, sector) to Activity
        Where it has none, the sector's own energy (or emissions) stands for its activity: a gap.
    shares_plants : bool
        Whether what power and heat plants burn is shared by final use of power and heat, so that
        saving power saves fuel; else the plants are sectors of their own.
    """
    return _Reading(tables, tuple(regions), tuple(carriers), shares_plants).base(activity or {})


class _Reading:
    """Reads the tables of one base year into arrays."""

    def __init__(
        self, tables: Tables, regions: tuple[str, ...], carriers: tuple[str, ...], shares: bool
    ) -> None:
        self.tables, self.regions = tables, regions
        self.gaps: list[Gap] = []
        inside = set(regions)
        self.balance = {
            (row["place"], row["row"], row["product"]): row
            for row in tables.balance
            if row["place"] in inside
        }
        self.emission = self._emissions(inside)
        self.finals = self._final_uses()
        self.sources = self._sources(inside)
        self.shared = self._plants_shared(shares)
        plants = self._plants_apart()
        rows = {row for _, row, _ in self.finals} | {row for _, row, _ in plants}
        self.cells = self.finals | plants
        self.rows = tuple(sorted(rows))
        self.sectors = (*self.rows, *sorted({category for _, category in self.sources}))
        products = {product for _, _, product in self.cells} | set(carriers) | set(PLANTS)
        self.carriers = tuple(sorted(products))

    def base(self, activity: Mapping[tuple[str, str], Activity]) -> BaseYear:
        size = (len(self.regions), len(self.sectors), len(self.carriers))
        energy, physical = np.zeros(size), np.full(size, np.nan)
        factor = self._unit_factors(size)
        for (place, row, product), (tce, amount) in self.cells.items():
            spot = self._spot(place, row, product)
            energy[spot] = tce
            if amount is not None and tce != 0:
                physical[spot] = amount / tce
            emitted = 0.0 if row == NON_ENERGY else self.emission.get((place, row, product), 0.0)
            factor[spot] = emitted / tce if tce != 0 else 0.0
        self._share_plants(energy, factor)
        process = np.zeros(size[:2])
        for (place, category), tonnes in self.sources.items():
            process[self.regions.index(place), self.sectors.index(category)] = tonnes
        supply = {
            key: (row["physical"], row["tce"])
            for key, row in self.balance.items()
            if not key[1].startswith("F")
        }
        return BaseYear(
            self.tables.year,
            self.tables.method,
            self.regions,
            self.sectors,
            self.carriers,
            energy,
            factor,
            physical,
            process,
            self.shared,
            supply,
            self._activity(activity, energy, process),
            tuple(self.gaps),
        )

    def _spot(self, place: str, row: str, product: str) -> tuple[int, int, int]:
        return (
            self.regions.index(place),
            self.sectors.index(row),
            self.carriers.index(product),
        )

    def _emissions(self, inside: set[str]) -> dict[tuple[str, str, str], float]:
        """What is burnt, all gases together, by place, row and product. [tCO2e]"""
        sums: dict[tuple[str, str, str], float] = defaultdict(float)
        for row in self.tables.fuel:
            key = (row["place"], row["row"], row["product"])
            if row["place"] not in inside:
                continue
            if row["missing"]:
                self._gap("emission_missing", row["place"], f"{row['row']} {row['product']}")
            if row["counted"] and row["emission"] is not None:
                sums[key] += row["emission"] * self.tables.potential[row["gas"]]
        return dict(sums)

    def _final_uses(self) -> dict[tuple[str, str, str], tuple[float, float | None]]:
        """Final use by place, row and product, less what is no energy use: tce and physical."""
        cells: dict[tuple[str, str, str], tuple[float, float | None]] = {}
        for (place, row, product), cell in self.balance.items():
            own = cell["own_tce"]
            if not row.startswith("F") or (own is None and cell["own_physical"] is None):
                continue
            if own is None:
                self._gap("no_coal_equivalent", place, f"{row} {product}")
                continue
            if own != 0:
                cells[place, row, product] = (own, cell["own_physical"])
        for place, _, product in [key for key in cells if key[1] == NON_ENERGY]:
            self._take_out(cells, place, product)
        return cells

    def _take_out(
        self,
        cells: dict[tuple[str, str, str], tuple[float, float | None]],
        place: str,
        product: str,
    ) -> None:
        """Non-energy use out of the row it is a part of, as the account of burnt fuel does."""
        kept, amount = cells[place, NON_ENERGY, product]
        whole = next(
            (row for row in ("F.2.ind", "F.2", "F") if (place, row, product) in cells), None
        )
        if whole is None:
            self._gap("non_energy_without_whole", place, product)
            return
        used, quantity = cells[place, whole, product]
        if (quantity is None) != (amount is None):
            self._gap("quantities_mixed", place, f"{whole} {product}")
        both = quantity is not None and amount is not None
        left = quantity - amount if both else None  # type: ignore[operator]
        cells[place, whole, product] = (used - kept, left)
        if used < kept:
            self._gap("non_energy_exceeds_use", place, f"{whole} {product}")

    def _sources(self, inside: set[str]) -> dict[tuple[str, str], float]:
        """Emissions that are not burnt, by place and category. [tCO2e]"""
        sums: dict[tuple[str, str], float] = defaultdict(float)
        for row in self.tables.inventory:
            if row["place"] not in inside or row["category"] in BURNT_CATEGORIES:
                continue
            if row["missing"]:
                self._gap("source_missing", row["place"], row["category"])
            if row["in_total"] and row["co2e"] is not None:
                sums[row["place"], row["category"]] += row["co2e"]
        return dict(sums)

    def _plants_shared(self, shares: bool) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """By region, whether emissions of power and of heat plants go to those who use them."""
        shared = np.zeros((len(self.regions), len(PLANTS)), dtype=bool)
        for number, (product, plant) in enumerate(PLANTS.items()):
            for region, place in enumerate(self.regions):
                used = sum(
                    tce
                    for (where, row, what), (tce, _) in self.finals.items()
                    if where == place and what == product and row != NON_ENERGY
                )
                burns = any(key[:2] == (place, plant) for key in self.emission)
                shared[region, number] = shares and used > 0
                if burns and shares and not used > 0:
                    self._gap("plants_without_users", place, plant)
        return shared

    def _plants_apart(self) -> dict[tuple[str, str, str], tuple[float, float | None]]:
        """What plants burn that are sectors of their own: tce and physical."""
        apart: dict[tuple[str, str, str], tuple[float, float | None]] = {}
        for (place, row, product), cell in self.balance.items():
            if row not in PLANTS.values() or place not in self.regions:
                continue
            number = list(PLANTS.values()).index(row)
            own = cell["own_tce"]
            if self.shared[self.regions.index(place), number] or own is None or own >= 0:
                continue
            if product not in PLANTS:
                amount = cell["own_physical"]
                apart[place, row, product] = (-own, None if amount is None else -amount)
        return apart

    def _unit_factors(self, size: tuple[int, int, int]) -> Array:
        """Factors of carriers that a sector has not used yet. [tCO2e/tce]"""
        factor = np.zeros(size)
        for sector, row in enumerate(self.sectors):
            for carrier, product in enumerate(self.carriers):
                factor[:, sector, carrier] = self.tables.unit_factor.get((row, product), 0.0)
        return factor

    def _share_plants(self, energy: Array, factor: Array) -> None:
        """Give each unit of power and heat what the plants of the region burn for it."""
        rows = [number for number, row in enumerate(self.rows) if row != NON_ENERGY]
        for number, (product, plant) in enumerate(PLANTS.items()):
            carrier = self.carriers.index(product)
            for region, place in enumerate(self.regions):
                if not self.shared[region, number]:
                    continue
                burnt = sum(
                    tonnes
                    for (where, row, _), tonnes in self.emission.items()
                    if (where, row) == (place, plant)
                )
                used = energy[region, rows, carrier].sum()
                factor[region, rows, carrier] = burnt / used

    def _activity(
        self,
        activity: Mapping[tuple[str, str], Activity],
        energy: Array,
        process: Array,
    ) -> dict[tuple[str, str], Activity]:
        """The activity of every sector; where none is known, its own energy or emissions."""
        whole: dict[tuple[str, str], Activity] = {}
        for region, place in enumerate(self.regions):
            for sector, row in enumerate(self.sectors):
                stated = activity.get((place, row))
                if stated is not None and stated.value > 0:
                    whole[place, row] = stated
                    continue
                own = float(energy[region, sector].sum())
                unit = OWN_ENERGY
                if sector >= len(self.rows):
                    own, unit = abs(float(process[region, sector])), OWN_EMISSIONS
                whole[place, row] = Activity(own, unit, "own", established=False)
                if own:
                    self._gap("no_activity", place, row)
        return whole

    def _gap(self, code: str, place: str, about: str) -> None:
        gap = Gap(code, place, about)
        if gap not in self.gaps:
            self.gaps.append(gap)
