"""Figures that targets are about as totals of a pathway, so that draws can tell their odds: energy
consumption by 等价值, power that is bought, and energy without fossil fuel.

Each is the account's own figure written out: the balance of a scenario (``pathway/supply.py``) is a
sum of energy by carrier, of what plants burn and put out, and of what stays as it was. In the
central scenario it is the account's figure; a study of several regions has none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hengtan.outlook.pathway.base import PLANTS
from hengtan.outlook.pathway.exchange import Bought
from hengtan.outlook.pathway.study import Study
from hengtan.outlook.pathway.supply import (
    POWER,
    PRODUCED,
    PlantYears,
    put_out,
    supply_cells,
    unit_rate,
    users_of,
)
from hengtan.outlook.uncertainty.asked import Total
from hengtan.outlook.uncertainty.two_sides import BoughtFactors

Parts = list[tuple[Total, float]]
TONNES = 1e-3
"""Tonnes of a kilogram."""


@dataclass(frozen=True)
class Judged:
    """Totals of a study of one region.

    Attributes
    ----------
    rate : float
        Coal rate that converts power. [kgce/kWh]
    renewable : collection of str
        Products that are no fossil fuel by themselves (biomass).
    bought : Bought or None
        Power that the place reports as bought in the base year.
    certified : float
        Of what comes in, power with certificates that counts as non-fossil. [kWh]
    """

    study: Study
    rate: float
    renewable: Collection[str] = ()
    bought: Bought | None = None
    certified: float = 0.0

    @cached_property
    def energy(self) -> Total:
        """Energy consumption by 等价值: power at the coal rate. [tce]"""
        others = [name for name in self.study.base.carriers if name != POWER]
        parts = self._consumed(others) + _times(self._consumed([POWER]), self._coal_of_power)
        return Total("energy consumption", "sum", parts=tuple(parts))

    @cached_property
    def clean(self) -> Total:
        """Energy without fossil fuel at the coal rate, where power comes in: primary power, biomass
        and certified power from outside. [tce]
        """
        parts = [(self.own_clean, 1.0)]
        if self.bought is not None:
            taken = [(self.net_bought, 1.0), (self._fixed(self.bought.handed), 1.0)]
            parts += _times(taken, self._certified_of_taken)
        return Total("non-fossil", "sum", parts=tuple(parts))

    @cached_property
    def own_clean(self) -> Total:
        """The same without certified power from outside. [tce]"""
        parts = _times(self._produced, self._coal_of_power)
        if self.renewable:
            parts += self._consumed(self.renewable)
        return Total("own non-fossil", "sum", parts=tuple(parts))

    @property
    def certified_by_side(self) -> BoughtFactors | None:
        """Certified energy of a kWh that comes in by year, none of one that goes out [tce/kWh];
        None where no certified power comes in.
        """
        if self.bought is None or not self._certified_of_taken:
            return None
        years = len(self.study.pathway.years)
        inward = np.full(years, self._certified_of_taken)
        return BoughtFactors(self.bought.handed, inward, np.zeros(years))

    @property
    def _certified_of_taken(self) -> float:
        """Certified energy of a kWh that comes in. [tce/kWh]"""
        if self.bought is None or not self.bought.taken:
            return 0.0
        return self.certified / self.bought.taken * self.rate * TONNES

    @cached_property
    def net_bought(self) -> Total:
        """Power bought less power sold, of a place that reports it. [kWh]"""
        if self.bought is None:
            raise ValueError("the place does not report what it buys")
        start = self.bought.taken - self.bought.handed - self._flow_of_base
        parts = [*self.inflow(self._rate_of_power), (self._fixed(start), 1.0)]
        return Total("net bought power", "sum", parts=tuple(parts))

    def inflow(self, rate: float) -> Parts:
        """Net inflow of power of the balance, at kWh of a tce of power. [kWh]"""
        return _times(self._consumed([POWER]) + _times(self._produced, -1.0), rate)

    @property
    def _place(self) -> str:
        (place,) = self.study.base.regions
        return place

    @cached_property
    def _rate_of_power(self) -> float:
        """kWh of a tce of power at its own heat; none where the place has no power."""
        return unit_rate(self.study.base, self._place, POWER) or 0.0

    @property
    def _coal_of_power(self) -> float:
        """Coal equivalent at the coal rate of one at the power's own heat. [1]"""
        return self._rate_of_power * self.rate * TONNES

    @cached_property
    def _flow_of_base(self) -> float:
        """Net inflow of power in the base year as the model has it. [kWh]"""
        base = self.study.base
        carrier = base.carriers.index(POWER)
        used = float(base.energy[0, :, carrier].sum())
        _, produced = base.supply.get((self._place, PRODUCED, POWER), (None, None))
        staying = sum(self._staying([POWER]).values())
        shared = sum(sum(self._plant(plant, [POWER])) for plant in self._shared)
        return (used + staying + shared - (produced or 0.0)) * self._rate_of_power

    @property
    def _shared(self) -> list[str]:
        """Products whose plants are shared by those who use them, with some output or fuel."""
        base = self.study.base
        listed = []
        for number, product in enumerate(PLANTS):
            carrier = base.carriers.index(product)
            burnt = (base.energy * base.factor)[0, :, carrier].sum()
            if base.shared[0, number] and burnt and self._used(product):
                listed.append(product)
        return listed

    def _used(self, product: str) -> float:
        """Final use of what plants make in the base year. [tce]"""
        base = self.study.base
        return float(base.energy[0, users_of(base), base.carriers.index(product)].sum())

    def _consumed(self, products: Collection[str]) -> Parts:
        """Use and losses of products less what transformation leaves: F + L - T. [tce]"""
        base = self.study.base
        used = tuple(name for name in base.carriers if name in products)
        parts: Parts = [(Total("use", "energy", carriers=used), 1.0)] if used else []
        parts.append((self._fixed(sum(self._staying(products).values())), 1.0))
        for product in self._shared:
            fuel, output = self._plant(product, products)
            carrier = base.carriers.index(product)
            burnt = float((base.energy * base.factor)[0, :, carrier].sum())
            parts.append((Total("fuel", "burnt", carriers=(product,)), fuel / burnt))
            parts.append((self._output(product, ("own", "bought")), output / self._used(product)))
        return parts

    def _output(self, product: str, fillers: tuple[str, ...]) -> Total:
        """What users leave to plants where measures of these fillers take from them. [tce]"""
        base = self.study.base
        users = tuple(base.sectors[number] for number in users_of(base))
        return Total("output", "output", sectors=users, carriers=(product,), fillers=fillers)

    def _staying(self, products: Collection[str]) -> dict[str, float]:
        """F + L - T of what stays as it was, by product, without final use and shared plants."""
        rows = {PLANTS[product] for product in self._shared}
        sums: dict[str, float] = {}
        for (row, product), tce, _ in self._cells:
            if product in products and row not in rows and row != "L.trans":
                sums[product] = sums.get(product, 0.0) + (-tce if row.startswith("T") else tce)
        return sums

    def _plant(self, plant: str, products: Collection[str]) -> tuple[float, float]:
        """What shared plants put in of some products, and, negative, what they put out. [tce]"""
        mine = [tce for (row, of), tce, _ in self._cells if row == PLANTS[plant] and of in products]
        return -sum(t for t in mine if t < 0), -sum(t for t in mine if t > 0)

    @cached_property
    def _cells(self) -> list[tuple[tuple[str, str], float, float | None]]:
        """Transformation and losses of the base year."""
        nothing: dict[str, PlantYears] = {}
        return supply_cells(self.study.base, self._place, nothing, 0)

    @property
    def _produced(self) -> Parts:
        """Power produced without fuel: as it was, times its course, and what measures add. [tce]"""
        base = self.study.base
        _, before = base.supply.get((self._place, PRODUCED, POWER), (None, None))
        course = self.study.production.get((self._place, POWER))
        years = self.study.pathway.years
        figures = [
            (before or 0.0) * (1.0 if course is None else course[n]) for n in range(len(years))
        ]
        parts: Parts = [(Total("produced", "stated", figures=tuple(map(float, figures))), 1.0)]
        if POWER in self._shared:
            each = put_out(base, self._place, POWER) / self._used(POWER)
            users = tuple(base.sectors[number] for number in users_of(base))
            parts.append((Total("use", "energy", sectors=users, carriers=(POWER,)), each))
            parts.append((self._output(POWER, ("own",)), -each))
        return parts

    def _fixed(self, amount: float) -> Total:
        """The same amount in every year."""
        return Total("as it was", "stated", figures=(amount,) * len(self.study.pathway.years))


def _times(parts: Parts, by: float) -> Parts:
    return [(total, weight * by) for total, weight in parts]
