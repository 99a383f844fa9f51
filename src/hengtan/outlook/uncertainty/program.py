"""A pathway and a question as a list of steps over draws: what the interpreter carries out.

Steps are shared as far as the arithmetic allows. Regions that every measure covers alike are a
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
from typing import Any, NamedTuple

import numpy as np

from hengtan.outlook.pathway.model import Driver
from hengtan.outlook.uncertainty.asked import BY_CARRIER, Question, Total, mask, stated
from hengtan.outlook.uncertainty.uncertain import Uncertain

Array = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]
Key = tuple[Any, ...]
Move = tuple[int, int, int, float]


class Program(NamedTuple):
    """Steps as arrays: K classes, M measures and trends, Y years, Q totals.

    Registers hold a number a draw; lists of lists are a start (n + 1) and their entries in a row.
    """

    registers: int
    reach: Array
    """Share of its full effect that a measure has, ramp times coverage, (K, M, Y)."""
    product_start: Integers
    product_measure: Integers
    product_changes: Integers
    """Whether a product differs from that of the year before, (P, Y)."""
    trend_register: Integers
    trend_measure: Integers
    trend_steps: Integers
    """How many times 1 + d multiplies a trend on top of the year before, (T, Y)."""
    flow_start: Integers
    flow_register: Integers
    flow_value: Array
    """What the registers of a group of flows begin with: 1 where energy stays, else 0."""
    move_start: Integers
    move_from: Integers
    move_to: Integers
    move_measure: Integers
    move_ratio: Array
    flow_changes: Integers
    prefix_start: Integers
    prefix_register: Integers
    term_start: Integers
    factor_start: Integers
    factor_register: Integers
    weights: Array
    """(K, Y, terms, Q)."""


def program_of(uncertain: Uncertain, question: Question) -> Program:
    """The steps that answer a question about an uncertain pathway."""
    return Builder(uncertain, question).program()


class Builder:
    """Collects registers, bundles and weights of an uncertain pathway."""

    def __init__(self, uncertain: Uncertain, question: Question) -> None:
        self.uncertain = uncertain
        self.pathway = uncertain.extended
        self.question = question
        self.columns = [self.pathway.years.index(year) for year in question.years]
        self.first_trend = len(uncertain.pathway.measures)
        self.class_of, self.classes = coverage_classes(self.pathway.coverage)
        self.products: dict[Key, int] = {}
        self.trends: dict[Key, int] = {}
        self.flows: dict[Key, int] = {}
        self.bundles: dict[Key, dict[Key, Array]] = {}

    def program(self) -> Program:
        for number, total in enumerate(self.question.totals):
            self.add(number, total)
        place = self.places()
        bundles = [
            (prefix, self.in_order(self.bundles[prefix].items()))
            for prefix, _ in self.in_order(self.bundles.items())
        ]
        terms = [term for _, inner in bundles for term in inner]
        groups = self.flow_groups()
        moves = [self.moves_of(group, place) for group in groups]
        every_move = [move for group in moves for move in group]
        flows = [[key for key in self.flows if key[1] == group] for group in groups]
        begin = [float(key[2] == key[3]) for group in flows for key in group]
        products = list(self.products)
        return Program(
            registers=len(place),
            reach=self.reach(),
            product_start=starts(key[1] for key in products),
            product_measure=integers(m for key in products for m in key[1]),
            product_changes=self.changes([set(key[1]) for key in products]),
            trend_register=integers(place[key] for key in self.trends),
            trend_measure=integers(key[1] for key in self.trends),
            trend_steps=self.trend_steps(),
            flow_start=starts(flows),
            flow_register=integers(place[key] for group in flows for key in group),
            flow_value=np.array(begin),
            move_start=starts(moves),
            move_from=integers(move[0] for move in every_move),
            move_to=integers(move[1] for move in every_move),
            move_measure=integers(move[2] for move in every_move),
            move_ratio=np.array([move[3] for move in every_move], dtype=float),
            flow_changes=self.changes([{move[0] for move in group} for group in groups]),
            prefix_start=starts(prefix for prefix, _ in bundles),
            prefix_register=integers(place[key] for prefix, _ in bundles for key in prefix),
            term_start=starts(inner for _, inner in bundles),
            factor_start=starts(factors for factors, _ in terms),
            factor_register=integers(place[key] for factors, _ in terms for key in factors),
            weights=self.weights([weights for _, weights in terms]),
        )

    def places(self) -> dict[Key, int]:
        """The register of every product, trend and flow."""
        keys = (*self.products, *self.trends, *self.flows)
        return {key: number for number, key in enumerate(keys)}

    def weights(self, terms: list[Array]) -> Array:
        """Weights of all terms, (K, Y, terms, Q), in a row as they are read."""
        shape = (len(self.classes), len(self.columns), 0, len(self.question.totals))
        return np.ascontiguousarray(np.stack(terms, axis=2) if terms else np.empty(shape))

    def reach(self) -> Array:
        ramp = self.pathway.ramp[:, self.columns]
        return np.ascontiguousarray(self.classes.T[:, :, None].transpose(1, 0, 2) * ramp)

    def changes(self, groups: list[set[int]]) -> Integers:
        """Where one of the measures of a group reaches another share than the year before."""
        ramp = self.pathway.ramp[:, self.columns]
        differs = np.ones(ramp.shape, dtype=np.int64)
        differs[:, 1:] = ramp[:, 1:] != ramp[:, :-1]
        changes = np.zeros((len(groups), len(self.columns)), dtype=np.int64)
        for number, group in enumerate(groups):
            changes[number] = differs[sorted(group)].max(axis=0)
        return changes

    def trend_steps(self) -> Integers:
        steps = np.zeros((len(self.trends), len(self.columns)), dtype=np.int64)
        for number, (_, measure) in enumerate(self.trends):
            trend = self.uncertain.trends[measure - self.first_trend]
            steps[number] = np.diff(trend.exponent(self.question.years), prepend=0)
        return steps

    # What a total is made of

    def add(self, number: int, total: Total) -> None:
        """Puts a total into the bundles."""
        if total.of == "stated":
            weights = np.zeros((len(self.classes), len(self.columns)))
            weights[0] = stated(total, self.pathway)[self.columns]
            self.put(number, (), (), weights)
            return
        sectors = mask(total.sectors, self.pathway.sectors, total.name)
        regions = mask(total.regions, self.pathway.regions, total.name)
        for sector in np.flatnonzero(sectors):
            self.add_sector(number, total, int(sector), regions)

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
                if total.of != "energy":
                    weights = weights * self.pathway.factor[:, sector, end]
                    factors = self.atoms("factor", sector, end)
                self.put(number, prefix, (*flow, *factors), self.by_class(weights))

    def put(self, number: int, prefix: Key, factors: Key, weights: Array) -> None:
        """Adds weights (K, Y) of a total to the term of these registers."""
        if not weights.any():
            return
        for key in (*prefix, *factors):
            self.register(key)
        terms = self.bundles.setdefault(tuple(sorted(prefix, key=self.named)), {})
        shape = (*weights.shape, len(self.question.totals))
        term = terms.setdefault(tuple(sorted(factors, key=self.named)), np.zeros(shape))
        term[:, :, number] += weights

    def register(self, key: Key) -> None:
        kinds = {"product": self.products, "trend": self.trends, "flow": self.flows}
        kinds[key[0]].setdefault(key, len(kinds[key[0]]))

    def by_class(self, figures: Array) -> Array:
        """Figures (R, Y) added by class of regions, of the years asked, (K, Y)."""
        added = np.zeros((len(self.classes), len(self.columns)))
        np.add.at(added, self.class_of, figures[:, self.columns])
        return added

    # What changes a driver

    def atoms(self, driver: Driver, sector: int, carrier: int | None = None) -> Key:
        """Products of the measures on a driver of a sector, one for each set of sectors that
        measures touch together, in the order of their names; trends by themselves.
        """
        together: dict[tuple[int, ...], list[int]] = {}
        alone: list[Key] = []
        for act in self.pathway.acts:
            if act.driver != driver or sector not in act.sectors:
                continue
            if driver == "factor" and act.carrier != carrier:
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

    def flow_groups(self) -> list[tuple[Move, ...]]:
        return list(dict.fromkeys(key[1] for key in self.flows))

    def moves_of(
        self, group: tuple[Move, ...], place: dict[Key, int]
    ) -> list[tuple[int, int, int, float]]:
        """Steps of a group of flows: from register, to register, measure, ratio."""
        origins = sorted({key[2] for key in self.flows if key[1] == group})
        return [
            (place["flow", group, origin, source], place["flow", group, origin, end], m, ratio)
            for origin in origins
            for source, end, m, ratio in steps_from(origin, group)
        ]


def coverage_classes(coverage: Array) -> tuple[Integers, Array]:
    """The class of every region, (R,), and the coverage of every class, (K, M)."""
    classes, class_of = np.unique(coverage.T, axis=0, return_inverse=True)
    return np.asarray(class_of).ravel(), classes


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


def starts(lists: Iterable[Any]) -> Integers:
    """Where each list begins once they stand in a row, and where the last ends."""
    return np.cumsum([0, *(len(each) for each in lists)], dtype=np.int64)


def integers(values: Iterable[int]) -> Integers:
    return np.fromiter(values, dtype=np.int64)
