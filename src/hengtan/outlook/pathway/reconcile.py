"""The base year of a pathway beside the accounts it came from, line by line: every cell of the
balance, every burnt fuel, every source, and the totals of balance and inventory.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from hengtan.outlook.pathway.base import BURNT_CATEGORIES, NON_ENERGY, PLANTS, BaseYear, Tables

ENERGY, EMISSIONS = "tce", "t CO2e"


@dataclass(frozen=True)
class Line:
    """A line of an account beside the model. ``account`` is None where the account has none.

    ``kind``: ``energy`` and ``burnt`` (a row and product of the balance), ``source`` (a category of
    the inventory), ``total_energy`` (energy consumption, 当量值), ``total_emissions`` (the
    inventory with land use).
    """

    place: str
    kind: str
    row: str
    product: str
    unit: str
    model: float
    account: float | None

    @property
    def difference(self) -> float | None:
        """Model less account."""
        return None if self.account is None else self.model - self.account


def reconciled(base: BaseYear, tables: Tables) -> list[Line]:
    """Every line of the accounts of the base year beside the model."""
    lines: list[Line] = []
    for region, place in enumerate(base.regions):
        lines += _energy(base, tables, region, place)
        lines += _burnt(base, tables, region, place)
        lines += _sources(base, tables, region, place)
        lines.append(_total_energy(base, tables, region, place))
        lines.append(_total_emissions(base, tables, region, place))
    return lines


def _energy(base: BaseYear, tables: Tables, region: int, place: str) -> list[Line]:
    """Final use of each row and product; what is used as material stands in the row above it."""
    model: dict[tuple[str, str], float] = defaultdict(float)
    for sector, row in enumerate(base.sectors):
        for carrier, product in enumerate(base.carriers):
            tce = float(base.energy[region, sector, carrier])
            if tce and row.startswith("F"):
                model[row, product] += tce
                if row == NON_ENERGY:
                    model[_whole(tables, place, product), product] += tce
    lines = []
    for cell in tables.balance:
        if cell["place"] != place or not cell["row"].startswith("F"):
            continue
        if cell["own_tce"] is None and cell["own_physical"] is None:
            continue
        key = (cell["row"], cell["product"])
        lines.append(Line(place, "energy", *key, ENERGY, model.pop(key, 0.0), cell["own_tce"]))
    lines += [Line(place, "energy", *key, ENERGY, tce, None) for key, tce in model.items()]
    return sorted(lines, key=lambda line: (line.row, line.product))


def _whole(tables: Tables, place: str, product: str) -> str:
    """The row that use as material is a part of."""
    rows = {
        cell["row"]
        for cell in tables.balance
        if cell["place"] == place and cell["product"] == product and cell["own_tce"] is not None
    }
    return next((row for row in ("F.2.ind", "F.2", "F") if row in rows), NON_ENERGY)


def _burnt(base: BaseYear, tables: Tables, region: int, place: str) -> list[Line]:
    """Emissions of each row and product; shared plants by row alone, which users pay for."""
    burnt = base.energy * base.factor
    account: dict[tuple[str, str], float] = defaultdict(float)
    for burning in tables.fuel:
        if burning["place"] != place or not burning["counted"] or burning["emission"] is None:
            continue
        of_users = _shared_plant(base, region, burning["row"])
        fuel = "" if of_users else burning["product"]
        tonnes = burning["emission"] * tables.potential[burning["gas"]]
        account[burning["row"], fuel] += tonnes
    model: dict[tuple[str, str], float] = defaultdict(float)
    for carrier, product in enumerate(base.carriers):
        plant = PLANTS.get(product, "")
        if plant and _shared_plant(base, region, plant):
            model[plant, ""] = float(burnt[region, :, carrier].sum())
            continue
        for sector, row in enumerate(base.sectors):
            if burnt[region, sector, carrier]:
                model[row, product] += float(burnt[region, sector, carrier])
    keys = sorted(set(account) | {key for key, emitted in model.items() if emitted})
    return [
        Line(place, "burnt", *key, EMISSIONS, model.get(key, 0.0), account.get(key)) for key in keys
    ]


def _shared_plant(base: BaseYear, region: int, row: str) -> bool:
    plants = list(PLANTS.values())
    return row in plants and bool(base.shared[region, plants.index(row)])


def _sources(base: BaseYear, tables: Tables, region: int, place: str) -> list[Line]:
    account: dict[str, float] = defaultdict(float)
    for row in tables.inventory:
        counts = row["in_total"] and row["co2e"] is not None
        if row["place"] == place and counts and row["category"] not in BURNT_CATEGORIES:
            account[row["category"]] += row["co2e"]
    return [
        Line(
            place,
            "source",
            category,
            "",
            EMISSIONS,
            float(base.process[region, base.sectors.index(category)]),
            tonnes,
        )
        for category, tonnes in sorted(account.items())
    ]


def _total_energy(base: BaseYear, tables: Tables, region: int, place: str) -> Line:
    """Final use and losses less what transformation leaves, beside energy consumption."""
    finals = [
        number
        for number, row in enumerate(base.sectors)
        if row.startswith("F") or row in PLANTS.values()
    ]
    used = float(base.energy[region, finals].sum())
    supply = 0.0
    own = {
        (cell["row"], cell["product"]): cell["own_tce"]
        for cell in tables.balance
        if cell["place"] == place and cell["own_tce"] is not None
    }
    plants_apart = {row for row in base.sectors if row in PLANTS.values()}
    for (row, product), tce in own.items():
        if row.startswith("L"):
            supply += tce
        if not row.startswith("T"):
            continue
        in_model = row in plants_apart and tce < 0 and product not in PLANTS
        spot = (region, base.sectors.index(row), base.carriers.index(product)) if in_model else None
        if spot is None or not base.energy[spot]:
            supply -= tce
    stated = [
        row["total"]
        for row in tables.consumption
        if row["place"] == place and row["convention"] == "calorific"
    ]
    total = used + supply
    return Line(place, "total_energy", "", "", ENERGY, total, stated[0] if stated else None)


def _total_emissions(base: BaseYear, tables: Tables, region: int, place: str) -> Line:
    stated = [row["total_with_land"] for row in tables.totals if row["place"] == place]
    model = float(np.sum(base.emissions[region]))
    return Line(place, "total_emissions", "", "", EMISSIONS, model, stated[0] if stated else None)
