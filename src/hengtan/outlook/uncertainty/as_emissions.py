"""Totals of a pathway written as the emissions of pathways that differ in their factors alone, so
that attribution and tangents of any total are those of emissions and need no formula of their own.

Energy is emitted by a factor of 1 that no measure lowers; what users leave to plants by a factor of
1 that measures of some fillers lower.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hengtan.outlook.pathway.model import Act, Array, Pathway, applied
from hengtan.outlook.pathway.shapley import shapley
from hengtan.outlook.uncertainty.asked import Total, mask, stated

BURNT_ONLY = ("emissions", "burnt")


@dataclass(frozen=True)
class View:
    """Factors (R, S, C, Y), emissions with activity (R, S, Y) and the acts of a pathway whose
    emissions are a part of a total.
    """

    factor: Array
    process: Array
    acts: tuple[Act, ...]

    def of(self, pathway: Pathway) -> Pathway:
        """The pathway with these in the place of its own; its names and measures stay."""
        return replace(pathway, factor=self.factor, process=self.process, acts=self.acts)


@dataclass(frozen=True, eq=False)
class AsEmissions:
    """A total as emissions of views of one pathway, and what no measure changes, (Y,)."""

    views: tuple[View, ...]
    constant: Array

    def by_region(self, pathway: Pathway, reduced: Array) -> Array:
        """The part of the total that is of the regions, at reductions (M, R, Y): (R, Y)."""
        regions = np.zeros((len(pathway.regions), len(pathway.years)))
        for view in self.views:
            regions += applied(view.of(pathway), reduced).emissions.sum(axis=1)
        return regions

    def by_year(self, pathway: Pathway, reduced: Array) -> Array:
        """The total by year at reductions (M, R, Y): (Y,)."""
        return np.asarray(self.constant + self.by_region(pathway, reduced).sum(axis=0))

    def taken_off(self, pathway: Pathway) -> Array:
        """What each measure takes off the total by year, (M, Y): its Shapley value. They add to the
        total without measures less that with all of them.
        """
        taken = np.zeros((len(pathway.measures), len(pathway.years)))
        for view in self.views:
            taken += shapley(view.of(pathway)).by_year
        return taken


def as_emissions(total: Total, pathway: Pathway) -> AsEmissions:
    """A total of a pathway. Raises ``NotInPathway`` where it names what is not there, ValueError
    for a total of activity.
    """
    constant = np.zeros(len(pathway.years))
    views: dict[tuple[Act, ...], View] = {}
    for part, weight in _parts(total, 1.0):
        if part.of == "stated":
            constant = constant + weight * stated(part, pathway)
            continue
        view = _view(part, weight, pathway)
        before = views.get(view.acts)
        if before is not None:
            factor, process = before.factor + view.factor, before.process + view.process
            view = View(factor, process, view.acts)
        views[view.acts] = view
    return AsEmissions(tuple(views.values()), constant)


def _parts(total: Total, weight: float) -> list[tuple[Total, float]]:
    """What a total adds up, with weights."""
    if total.of != "sum":
        return [(total, weight)]
    return [each for part, own in total.parts for each in _parts(part, weight * own)]


def _view(total: Total, weight: float, pathway: Pathway) -> View:
    regions = weight * mask(total.regions, pathway.regions, total.name)
    sectors = mask(total.sectors, pathway.sectors, total.name)
    carriers = mask(total.carriers, pathway.carriers, total.name)
    of_cell = regions[:, None] * sectors
    burnt = of_cell[:, :, None, None] * carriers[:, None]
    unburnt = of_cell[:, :, None]
    if total.of in BURNT_ONLY:
        emits = pathway.process if total.of == "emissions" else 0.0
        return View(burnt * pathway.factor, unburnt * emits + _none(pathway), pathway.acts)
    if total.of == "process":
        return View(0.0 * pathway.factor, unburnt * pathway.process, pathway.acts)
    if total.of in ("energy", "output"):
        kept = total.fillers if total.of == "output" else ()
        acts = tuple(a for a in pathway.acts if a.driver != "factor" or a.filler in kept)
        return View(burnt + 0.0 * pathway.factor, _none(pathway), acts)
    raise ValueError(f"{total.name}: {total.of} is not written as emissions")


def _none(pathway: Pathway) -> Array:
    return np.zeros_like(pathway.process)


__all__ = ["AsEmissions", "View", "as_emissions"]
