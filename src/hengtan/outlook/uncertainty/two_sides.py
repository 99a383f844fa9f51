"""What net bought power emits: what comes in by one factor, what goes out by another.

.. math:: g(n) = f_{in} \\max(n + h, 0) - f_{out} (\\max(n + h, 0) - n)

of net bought power n, with h handed out in the base year: what goes out stays as it was, unless
more is left over than came in (``pathway/exchange.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.outlook.pathway.model import Array


@dataclass(frozen=True, eq=False)
class BoughtFactors:
    """What net bought power emits: power handed out in the base year [kWh], and the factors of what
    comes in and goes out by year, (Y,) [t CO2/kWh].
    """

    handed: float
    inward: Array
    outward: Array

    def emitted(self, net: Array) -> Array:
        """Indirect emissions of net bought power (..., Y). [t CO2]"""
        taken = np.maximum(net + self.handed, 0.0)
        handed_out = taken - net
        return _product(self.inward, taken) - _product(self.outward, handed_out)

    def of_year(self, position: int) -> BoughtFactors:
        """The factors of a year alone."""
        alone = slice(position, position + 1)
        return BoughtFactors(self.handed, self.inward[alone], self.outward[alone])

    def slope(self, net: Array) -> Array:
        """Emission of one more kWh (..., Y). [t CO2/kWh]"""
        return np.where(net + self.handed >= 0, self.inward, self.outward)

    def between(self, start: Array, end: Array) -> Array:
        """Emission of a kWh between two amounts (Y,): the factor of the side that both lie on, else
        in proportion to how far they lie on each. [t CO2/kWh]
        """
        length = end - start
        apart = (start + self.handed >= 0) != (end + self.handed >= 0)
        rise = self.emitted(end) - self.emitted(start)
        across = np.divide(rise, length, out=np.zeros_like(length), where=apart)
        return np.where(apart, across, self.slope(end))


def _product(factor: Array, amount: Array) -> Array:
    """Factor times amount; of no amount nothing, also where there is no factor."""
    return np.where(amount == 0, 0.0, factor * amount)
