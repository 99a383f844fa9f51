"""Tables of a pathway: emissions by year, wedges, cost curve, cost and benefit. What measures take
off in the place (direct) and of the power that it buys (indirect) stand apart, and add to
``whole``.

``indirect`` is None where no place reports what it buys, and in years without a published factor:
then ``whole`` is what is direct.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from hengtan.outlook.pathway.costs import assumed_share, cost_benefit, cost_curve
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.shapley import Attribution
from hengtan.outlook.pathway.study import Study
from hengtan.outlook.uncertainty.bought_power import IndirectCut


class Cuts(Protocol):
    """A study with what its measures take off (M, Y) [tCO2e], direct and indirect, and the discount
    rate of its costs.
    """

    @property
    def study(self) -> Study: ...
    @property
    def attribution(self) -> Attribution: ...
    @property
    def cut(self) -> Any: ...
    @property
    def indirect(self) -> IndirectCut | None: ...
    @property
    def rate(self) -> float: ...


def year_rows(desk: Cuts) -> list[dict[str, Any]]:
    """By year: emissions without and with measures and the cut, direct and indirect, both cuts
    together (``whole``) and the share of them that rests on assumed numbers. [tCO2e]
    """
    before = desk.attribution.before.sum(axis=(0, 1))
    after = desk.attribution.after.sum(axis=(0, 1))
    whole = whole_cuts(desk)
    shares = assumed_share(desk.study, whole)
    energy = desk.study.outcome().energy.sum(axis=(0, 1, 2))
    indirect = desk.indirect
    return [
        {
            "year": year,
            "without_measures": float(before[n]),
            "with_measures": float(after[n]),
            "cut": float(before[n] - after[n]),
            "energy": float(energy[n]),
            "whole": float(whole[:, n].sum()),
            "assumed_share": known(shares[n]),
            "indirect_without": None if indirect is None else known(indirect.before[n]),
            "indirect_with": None if indirect is None else known(indirect.after[n]),
            "indirect_cut": None
            if indirect is None
            else known(indirect.before[n] - indirect.after[n]),
        }
        for n, year in enumerate(desk.study.pathway.years)
    ]


def known(value: Any) -> float | None:
    """A figure; None where it is missing."""
    return None if np.isnan(value) else float(value)


def indirect_cuts(desk: Cuts) -> Array | None:
    """What each measure takes off indirect emissions by year, (M, Y), NaN in years without a
    factor; None where no place reports what it buys. [tCO2]
    """
    indirect = desk.indirect
    return None if indirect is None else desk.study.by_measure(indirect.by_part)


def whole_cuts(desk: Cuts) -> Array:
    """What each measure takes off, direct and, where it is known, indirect, (M, Y). [tCO2e]"""
    indirect = indirect_cuts(desk)
    return np.asarray(desk.cut if indirect is None else desk.cut + np.nan_to_num(indirect))


def wedge_rows(desk: Cuts, year: int) -> list[dict[str, Any]]:
    """What each measure takes off in a year, the largest first; they add to the cut."""
    position = desk.study.year(year)
    whole, indirect = whole_cuts(desk), indirect_cuts(desk)
    rows = [
        {
            "measure": measure.code,
            "title": measure.title,
            "title_english": measure.title_english,
            "clause": measure.clause,
            "targets": list(measure.targets),
            "cut": float(desk.cut[number, position]),
            "indirect": None if indirect is None else known(indirect[number, position]),
            "whole": float(whole[number, position]),
            "established": measure.cut_is_established,
        }
        for number, measure in enumerate(desk.study.measures)
    ]
    return sorted(rows, key=lambda row: -row["whole"])


def by_year_rows(desk: Cuts) -> list[dict[str, Any]]:
    """What each measure takes off in every year. [tCO2e]"""
    whole, indirect = whole_cuts(desk), indirect_cuts(desk)
    return [
        {
            "measure": measure.code,
            "title": measure.title,
            "title_english": measure.title_english,
            "cut": desk.cut[number].tolist(),
            "indirect": None if indirect is None else [known(v) for v in indirect[number]],
            "whole": whole[number].tolist(),
        }
        for number, measure in enumerate(desk.study.measures)
    ]


def curve_rows(desk: Cuts, year: int) -> list[dict[str, Any]]:
    """The cost curve of a year, the cheapest tonne first; a tonne is one of ``whole``."""
    wedges = {row["measure"]: row for row in wedge_rows(desk, year)}
    return [
        {
            "measure": step.measure.code,
            "title": step.measure.title,
            "title_english": step.measure.title_english,
            "cut": wedges[step.measure.code]["cut"],
            "indirect": wedges[step.measure.code]["indirect"],
            "whole": step.cut,
            "cost": step.cost,
            "per_tonne": step.per_tonne,
            "cut_established": step.cut_is_established,
            "cost_established": step.cost_is_established,
        }
        for step in cost_curve(desk.study, whole_cuts(desk), year, desk.rate)
    ]


def benefit_rows(desk: Cuts, worth_of_tonne: float) -> list[dict[str, Any]]:
    """Cost and worth of each measure over the study, discounted [yuan]; ``tonnes`` and the worth
    are of direct and indirect emissions, which stand beside.
    """
    worth = np.full(len(desk.study.pathway.years), worth_of_tonne)
    indirect = indirect_cuts(desk)
    results = cost_benefit(desk.study, whole_cuts(desk), desk.rate, worth)
    return [
        {
            "measure": result.measure.code,
            "title": result.measure.title,
            "direct": float(desk.cut[number].sum()),
            "indirect": None if indirect is None else float(np.nansum(indirect[number])),
            "tonnes": result.tonnes,
            "cost": result.cost,
            "worth": result.worth,
            "net": result.net,
        }
        for number, result in enumerate(results)
    ]
