"""Indirect emissions of the power that a place buys, as its measures change them.

.. math:: g(n) = f_{in} \\max(n + h, 0) - f_{out} (\\max(n + h, 0) - n)

of net bought power n, with h handed out in the base year: what goes out stays as it was, unless
more is left over than came in (``pathway/exchange.py``). The factors are those of the account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hengtan.outlook.pathway.exchange import Bought
from hengtan.outlook.pathway.model import Array, Pathway, reduction
from hengtan.outlook.pathway.study import Study
from hengtan.outlook.uncertainty.as_emissions import AsEmissions, as_emissions
from hengtan.outlook.uncertainty.asked import Total
from hengtan.outlook.uncertainty.judged import Judged

Factors = Mapping[tuple[str, int], tuple[float, float]]
"""Factors of what comes in and goes out, by place and year; NaN where none is published.
[t CO2/kWh]"""


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


@dataclass(frozen=True)
class IndirectCut:
    """Indirect emissions of a study by year, without any measure and with all (Y,), and what each
    part of the measures takes off them (P, Y); NaN in years without a factor. [t CO2]
    """

    before: Array
    after: Array
    by_part: Array


def indirect_cut(study: Study, bought: Sequence[Bought], factors: Factors) -> IndirectCut:
    """What measures take off indirect emissions: the Shapley value of net bought power, times the
    emission of a kWh, so that they add to the gap. Places that report nothing bought have none.
    """
    years, parts = study.pathway.years, len(study.pathway.measures)
    before, after = np.zeros(len(years)), np.zeros(len(years))
    by_part = np.zeros((parts, len(years)))
    for each in bought:
        own = of_region(study, each.place)
        by_side = factors_by_year(each, years, factors)
        net = as_emissions(Judged(own, 0.0, (), each).net_bought, own.pathway)
        whole = reduction(own.pathway)
        start, end = (net.by_year(own.pathway, reduced) for reduced in (0 * whole, whole))
        before += by_side.emitted(start)
        after += by_side.emitted(end)
        by_part += net.taken_off(own.pathway) * by_side.between(start, end)
    return IndirectCut(before, after, by_part)


def factors_by_year(bought: Bought, years: Sequence[int], factors: Factors) -> BoughtFactors:
    """The factors of a place over the years of a study."""
    missing = (np.nan, np.nan)
    sides = np.array([factors.get((bought.place, year), missing) for year in years])
    return BoughtFactors(bought.handed, sides[:, 0], sides[:, 1])


def of_region(study: Study, place: str) -> Study:
    """The same study of one of its regions, which do not touch each other."""
    number = study.base.regions.index(place)
    alone = slice(number, number + 1)
    base, pathway = study.base, study.pathway
    of_base = {
        name: getattr(base, name)[alone]
        for name in ("energy", "factor", "physical", "process", "shared")
    }
    of_pathway = {
        name: getattr(pathway, name)[alone]
        for name in ("activity", "intensity", "share", "factor", "process")
    }
    return replace(
        study,
        base=replace(base, regions=(place,), **of_base),
        pathway=replace(
            pathway, regions=(place,), coverage=pathway.coverage[:, alone], **of_pathway
        ),
    )


@dataclass(frozen=True, eq=False)
class WithPower:
    """A figure of one region that bought power may be a part of: what is emitted in the place, and
    net bought power with what it emits; None where none is reported.
    """

    direct: AsEmissions
    net: AsEmissions | None = None
    by_side: BoughtFactors | None = None

    def by_year(self, pathway: Pathway, reduced: Array) -> Array:
        """The figure at reductions (M, R, Y): (Y,). [tCO2e]"""
        direct = self.direct.by_year(pathway, reduced)
        if self.net is None or self.by_side is None:
            return direct
        return np.asarray(direct + self.by_side.emitted(self.net.by_year(pathway, reduced)))


def with_power(study: Study, direct: Total, bought: Bought | None, factors: Factors) -> WithPower:
    """A total of a study of one region with the indirect emissions of the power that it buys, where
    it reports any.
    """
    pathway = study.pathway
    emitted = as_emissions(direct, pathway)
    if bought is None:
        return WithPower(emitted)
    net = as_emissions(Judged(study, 0.0, (), bought).net_bought, pathway)
    return WithPower(emitted, net, factors_by_year(bought, pathway.years, factors))


__all__ = ["BoughtFactors", "IndirectCut", "WithPower", "indirect_cut", "of_region", "with_power"]
