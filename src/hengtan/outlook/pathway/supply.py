"""Where a scenario's energy comes from: what plants put in and out, what the place produces, and
what comes in from outside, as cells of the balance.

Power saved is output not made; a measure on the factor of power is plants that burn less for the
same output, or power made without fuel in the place, or power from outside (``Filler``). Own power
takes first what plants made, power from outside its part of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.pathway.base import NON_ENERGY, PLANTS, BaseYear
from hengtan.outlook.pathway.model import Array, Outcome, Pathway, left_to_plants, reduction

POWER, PRODUCED = "electricity", "S.prod"
Cell = tuple[tuple[str, str], float, float | None]
"""Row and product, amount in tce, and in physical units where it is known."""
Production = Mapping[tuple[str, str], Array]
"""How primary production of a product of a place goes, the base year being one, by year."""


@dataclass(frozen=True)
class PlantYears:
    """A kind of plant of a region by year, beside the base year: the fuel it puts in [1], the
    product it puts out [1], and what is made without fuel in its place. [tce]
    """

    fuel: Array
    output: Array
    own: Array


def users_of(base: BaseYear) -> list[int]:
    """Sectors that use what plants make: final use but that as material."""
    return [n for n, row in enumerate(base.sectors) if row.startswith("F") and row != NON_ENERGY]


def put_out(base: BaseYear, place: str, product: str) -> float:
    """What the plants of a product made of it in the base year. [tce]"""
    _, tce = base.supply.get((place, PLANTS[product], product), (None, None))
    return max(tce or 0.0, 0.0)


def plants_by_year(
    base: BaseYear, pathway: Pathway, outcome: Outcome, region: int
) -> dict[str, PlantYears]:
    """Of each kind of plant of a region what it puts in and out in the central scenario: in, as
    much as the final use of its product comes to in emissions; out, as much as final use and what
    takes its place leave. Plants that are not shared by their users stay as they were.
    """
    reduced = reduction(pathway)
    years = len(pathway.years)
    plants = {}
    for number, (product, plant) in enumerate(PLANTS.items()):
        carrier, users = base.carriers.index(product), users_of(base)
        burnt = float((base.energy * base.factor)[region, :, carrier].sum())
        used = float(base.energy[region, users, carrier].sum())
        if not (base.shared[region, number] and burnt and used):
            plants[plant] = PlantYears(np.ones(years), np.ones(years), np.zeros(years))
            continue
        energy = outcome.energy[region, users, carrier]
        beside_own, output = (
            (energy * left_to_plants(pathway, reduced, carrier, fillers)[region, users]).sum(axis=0)
            for fillers in (("own",), ("own", "bought"))
        )
        own = put_out(base, base.regions[region], product) * (energy.sum(axis=0) - beside_own)
        fuel = outcome.burnt[region, :, carrier].sum(axis=0) / burnt
        plants[plant] = PlantYears(fuel, output / used, own / used)
    return plants


def supply_cells(
    base: BaseYear, place: str, plants: Mapping[str, PlantYears], year: int
) -> list[Cell]:
    """Transformation and losses of a place in a year: shared plants scaled, the rest as it was."""
    cells: list[Cell] = []
    for (where, row, product), (physical, tce) in base.supply.items():
        if where != place or row == "T" or row.startswith("S") or tce is None:
            continue
        number = list(PLANTS.values()).index(row) if row in PLANTS.values() else None
        apart = number is not None and not base.shared[base.regions.index(place), number]
        if apart and (row in base.sectors) and tce < 0 and product not in PLANTS:
            continue
        factor = 1.0
        if row in plants:
            factor = float((plants[row].fuel if tce < 0 else plants[row].output)[year])
        amount = None if physical is None else physical * factor
        cells.append(((row, product), tce * factor, amount))
    return cells


def plants_apart(base: BaseYear, outcome: Outcome, spot: tuple[int, int]) -> list[Cell]:
    """What plants that are sectors of their own put in, as negative amounts."""
    region, year = spot
    cells: list[Cell] = []
    for sector, row in enumerate(base.sectors):
        if row not in PLANTS.values():
            continue
        for carrier, product in enumerate(base.carriers):
            tce = float(outcome.energy[region, sector, carrier, year])
            rate = float(base.physical[region, sector, carrier])
            if tce:
                cells.append(((row, product), -tce, None if np.isnan(rate) else -tce * rate))
    return cells


def produced(
    base: BaseYear,
    place: str,
    plants: Mapping[str, PlantYears],
    production: Production,
    year: int,
) -> list[Cell]:
    """Primary production of a place in a year: as it was, times its course, and what is made
    without fuel in the place of plants.
    """
    cells = {
        product: (tce, physical)
        for (where, row, product), (physical, tce) in base.supply.items()
        if where == place and row == PRODUCED and tce is not None
    }
    scaled: dict[str, tuple[float, float | None]] = {}
    for product, (tce, physical) in cells.items():
        course = production.get((place, product))
        times = 1.0 if course is None else float(course[year])
        scaled[product] = (tce * times, None if physical is None else physical * times)
    for product, plant in PLANTS.items():
        own = float(plants[plant].own[year])
        if own:
            tce, physical = scaled.get(product, (0.0, 0.0))
            rate = unit_rate(base, place, product)
            amount = None if physical is None or rate is None else physical + own * rate
            scaled[product] = (tce + own, amount)
    return [((PRODUCED, product), *amounts) for product, amounts in scaled.items()]


def unit_rate(base: BaseYear, place: str, product: str) -> float | None:
    """Physical units of a tce of a product, from the first cell that has both. [unit/tce]"""
    carrier = base.carriers.index(product)
    rates = base.physical[base.regions.index(place), :, carrier]
    for rate in rates[~np.isnan(rates)]:
        return float(rate)
    for (where, _, of), (physical, tce) in base.supply.items():
        if (where, of) == (place, product) and physical and tce:
            return float(physical / tce)
    return None


def net_supply(cells: Iterable[Cell]) -> dict[str, float]:
    """Of each product the supply that the other cells of a balance ask for: F + L - T. [tce]"""
    supply: dict[str, float] = {}
    for (row, product), tce, _ in cells:
        if row in (NON_ENERGY, "L.trans") or row.startswith("S"):
            continue
        supply[product] = supply.get(product, 0.0) + (-tce if row.startswith("T") else tce)
    return supply


def closed(cells: Iterable[Cell], own: Iterable[Cell]) -> list[Cell]:
    """The cells with the supply that closes each product: S = F + L - T, of which what is not
    produced (``own``) comes in from outside.
    """
    whole, own = list(cells), list(own)
    supply = net_supply(whole)
    at_home = {product: tce for (_, product), tce, _ in own}
    inflow = {p: supply.get(p, 0.0) - at_home.get(p, 0.0) for p in {*supply, *at_home}}
    closing: list[Cell] = [(("S", product), tce, None) for product, tce in supply.items()]
    closing += [(("S.in", p), tce, None) for p, tce in sorted(inflow.items()) if tce > 0]
    closing += [(("S.out", p), tce, None) for p, tce in sorted(inflow.items()) if tce < 0]
    return [*whole, *own, *closing]


def inflow_of(cells: Iterable[Cell], product: str) -> float:
    """Net inflow of a product in cells that are closed; outflow is negative. [tce]"""
    return sum(tce for (row, of), tce, _ in cells if of == product and row in ("S.in", "S.out"))


__all__: list[Any] = [
    "PlantYears",
    "closed",
    "inflow_of",
    "plants_apart",
    "plants_by_year",
    "produced",
    "supply_cells",
]
