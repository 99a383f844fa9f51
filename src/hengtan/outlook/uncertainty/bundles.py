"""What a question asks of a pathway, multiplied out into bundles of products and weights.

Work is shared as far as the arithmetic allows. Regions that every measure covers alike are a
class, worked out once with their weights added. Measures that touch the same sectors make a
product once for all of them. Moves between carriers become flows from the carrier where energy
began to the one where it ends. What is left of a sector is sums of weights times products:

.. math::
    Q_y = \\sum_k \\sum_b \\prod_{i \\in b} X_{ki} \\sum_t W_{Qkyt} \\prod_{j \\in t} X_{kj}

over classes k, bundles b of one prefix (what is left of activity and intensity) and their terms t
(flows, factors). It is the model of ``pathway/model.py`` multiplied out, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from hengtan.outlook.pathway.model import Driver
from hengtan.outlook.uncertainty.asked import BY_CARRIER, Question, Total, mask, stated
from hengtan.outlook.uncertainty.uncertain import Uncertain

Array = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Key = tuple[Any, ...]
"""``("product", measures)``, ``("trend", measure)`` or ``("flow", moves, from, to)``."""
Move = tuple[int, int, int, float]
"""Measure, carrier, carrier it goes to, units of it for a unit given up."""


class Bundles:
    """Bundles of a question: prefix (keys) → factors (keys) → weights (K, Y, Q)."""

    def __init__(self, uncertain: Uncertain, question: Question) -> None:
        self.uncertain = uncertain
        self.pathway = uncertain.extended
        self.question = question
        self.columns = [self.pathway.years.index(year) for year in question.years]
        self.first_trend = len(uncertain.pathway.measures)
        self.class_of, self.classes = coverage_classes(self.pathway.measures, self.pathway.coverage)
        self.bundles: dict[Key, dict[Key, Array]] = {}
        for number, total in enumerate(question.totals):
            self.add(number, total)

    def sorted(self) -> list[tuple[Key, list[tuple[Key, Array]]]]:
        """Bundles and their terms by the names in them; a term without factors comes first."""
        return [
            (prefix, self.in_order(terms.items()))
            for prefix, terms in self.in_order(self.bundles.items())
        ]

    def add(self, number: int, total: Total, times: float = 1.0) -> None:
        """Puts a total into the bundles, ``times`` over."""
        if total.of == "sum":
            for part, weight in total.parts:
                self.add(number, part, times * weight)
            return
        if total.of == "stated":
            weights = np.zeros((len(self.classes), len(self.columns)))
            weights[0] = times * stated(total, self.pathway)[self.columns]
            self.put(number, (), (), weights)
            return
        sectors = mask(total.sectors, self.pathway.sectors, total.name)
        regions = mask(total.regions, self.pathway.regions, total.name)
        for sector in np.flatnonzero(sectors):
            self.add_sector(number, total, int(sector), times * regions)

    def add_sector(self, number: int, total: Total, sector: int, regions: Array) -> None:
        activity = self.pathway.activity[:, sector] * regions[:, None]
        prefix = self.atoms("activity", sector)
        if total.of == "activity":
            self.put(number, prefix, (), self.by_class(activity))
        if total.of in ("emissions", "process"):
            weights = self.by_class(activity * self.pathway.process[:, sector])
            self.put(number, prefix + self.atoms("process", sector), (), weights)
        if total.of in ("emissions", *BY_CARRIER):
            self.add_energy(number, total, sector, activity)

    def add_energy(self, number: int, total: Total, sector: int, activity: Array) -> None:
        """Energy from the carrier where it began to each where it ends, and its emissions."""
        prefix = self.atoms("activity", sector) + self.atoms("intensity", sector)
        carriers = mask(total.carriers, self.pathway.carriers, total.name)
        moves = self.moves(sector)
        intensity = self.pathway.intensity[:, sector]
        for origin in range(len(self.pathway.carriers)):
            energy = activity * intensity * self.pathway.share[:, sector, origin]
            if not energy.any():
                continue
            ends = reached(origin, moves)
            for end in sorted(ends):
                flow = [("flow", moves, origin, end)] if len(ends) > 1 else []
                weights = energy * carriers[end]
                factors: tuple[Key, ...] = ()
                if total.of == "output":
                    factors = self.atoms("factor", sector, end, total.fillers)
                elif total.of != "energy":
                    weights = weights * self.pathway.factor[:, sector, end]
                    factors = self.atoms("factor", sector, end)
                self.put(number, prefix, (*flow, *factors), self.by_class(weights))

    def put(self, number: int, prefix: Key, factors: Key, weights: Array) -> None:
        """Adds weights (K, Y) of a total to the term of these registers."""
        if not weights.any():
            return
        terms = self.bundles.setdefault(tuple(sorted(prefix, key=self.named)), {})
        shape = (*weights.shape, len(self.question.totals))
        term = terms.setdefault(tuple(sorted(factors, key=self.named)), np.zeros(shape))
        term[:, :, number] += weights

    def by_class(self, figures: Array) -> Array:
        """Figures (R, Y) added by class of regions, of the years asked, (K, Y)."""
        added = np.zeros((len(self.classes), len(self.columns)))
        np.add.at(added, self.class_of, figures[:, self.columns])
        return added

    # What changes a driver

    def atoms(
        self,
        driver: Driver,
        sector: int,
        carrier: int | None = None,
        fillers: tuple[str, ...] | None = None,
    ) -> Key:
        """Products of the measures on a driver of a sector, one for each set of sectors that
        measures touch together, in the order of their names; trends by themselves. ``fillers``:
        those alone that are filled so.
        """
        together: dict[tuple[int, ...], list[int]] = {}
        alone: list[Key] = []
        for act in self.pathway.acts:
            if act.driver != driver or sector not in act.sectors:
                continue
            if driver == "factor" and act.carrier != carrier:
                continue
            if fillers is not None and act.filler not in fillers:
                continue
            if act.measure >= self.first_trend:
                alone.append(("trend", act.measure))
            else:
                together.setdefault(tuple(sorted(act.sectors)), []).append(act.measure)
        names = self.pathway.measures
        groups = (tuple(sorted(group, key=names.__getitem__)) for group in together.values())
        return (*(("product", group) for group in groups), *alone)

    def named(self, key: Key) -> Key:
        """A register by the names of its measures, so that their order changes no rounding."""
        names = self.pathway.measures
        kind, of, *rest = key
        if kind == "trend":
            return kind, names[of]
        if kind == "product":
            return kind, tuple(names[number] for number in of)
        return kind, tuple((names[number], *others) for number, *others in of), *rest

    def in_order(self, items: Iterable[tuple[Key, Any]]) -> list[tuple[Key, Any]]:
        """Items whose keys are lists of registers, by the names in them."""
        return sorted(items, key=lambda item: tuple(map(self.named, item[0])))

    def moves(self, sector: int) -> tuple[Move, ...]:
        """Moves between carriers in a sector, in the order of the acts."""
        return tuple(
            (act.measure, act.carrier, act.to, act.ratio)
            for act in self.pathway.acts
            if act.driver == "share" and sector in act.sectors
            if act.carrier is not None and act.to is not None
        )


def coverage_classes(names: tuple[str, ...], coverage: Array) -> tuple[Integers, Array]:
    """The class of every region, (R,), and the coverage of every class, (K, M). Classes stand in an
    order that does not depend on that of the measures.
    """
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    _, first, class_of = np.unique(
        coverage[order].T, axis=0, return_index=True, return_inverse=True
    )
    return np.asarray(class_of).ravel(), coverage.T[first]


def reached(origin: int, moves: tuple[Move, ...]) -> set[int]:
    """Carriers in which energy of a carrier may end."""
    return {origin, *(end for _, end, _, _ in steps_from(origin, moves))}


def steps_from(origin: int, moves: tuple[Move, ...]) -> Iterator[tuple[int, int, int, float]]:
    """The moves that touch energy of a carrier: from, to, measure, ratio."""
    content = {origin}
    for measure, source, end, ratio in moves:
        if source in content:
            content.add(end)
            yield source, end, measure, ratio
