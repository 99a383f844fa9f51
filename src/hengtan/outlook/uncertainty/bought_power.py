"""Indirect emissions of the power that a place buys, as its measures change them.

The factors are those of the account of bought power (``two_sides.py``).
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
from hengtan.outlook.uncertainty.two_sides import BoughtFactors

Factors = Mapping[tuple[str, int], tuple[float, float]]
"""Factors of what comes in and goes out, by place and year; NaN where none is published.
[t CO2/kWh]"""


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
    """A figure of a study that bought power may be a part of: what is emitted in its places, and
    each net of bought power with what it emits.
    """

    direct: AsEmissions
    power: tuple[tuple[AsEmissions, BoughtFactors], ...] = ()

    def by_year(self, pathway: Pathway, reduced: Array) -> Array:
        """The figure at reductions (M, R, Y): (Y,). [tCO2e]"""
        figure = self.direct.by_year(pathway, reduced)
        for net, by_side in self.power:
            figure = figure + by_side.emitted(net.by_year(pathway, reduced))
        return np.asarray(figure)


def with_power(
    study: Study, direct: Total, bought: Sequence[Bought], factors: Factors
) -> WithPower:
    """A total of a study with the indirect emissions of the power that its regions buy, each by its
    own factors, as far as they report any.
    """
    pathway = study.pathway
    power = []
    for each in bought:
        net = Judged(of_region(study, each.place), 0.0, (), each).net_bought
        there = as_emissions(in_region(net, each.place), pathway)
        power.append((there, factors_by_year(each, pathway.years, factors)))
    return WithPower(as_emissions(direct, pathway), tuple(power))


def in_region(total: Total, place: str) -> Total:
    """A total of a region alone, of the study of several that the region is a part of; figures that
    are stated stay.
    """
    if total.of == "stated":
        return total
    if total.of == "sum":
        parts = tuple((in_region(part, place), weight) for part, weight in total.parts)
        return replace(total, parts=parts)
    return replace(total, regions=(place,))


__all__ = [
    "BoughtFactors",
    "IndirectCut",
    "WithPower",
    "in_region",
    "indirect_cut",
    "of_region",
    "with_power",
]
