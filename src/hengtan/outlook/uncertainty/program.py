"""The lines that the interpreter carries out to answer a question about an uncertain pathway.

A line is an operation on rows, which hold a number for each draw: effects of measures first, then
what is worked out of them. What did not change since the year before has no line in a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from hengtan.outlook.uncertainty.asked import Question
from hengtan.outlook.uncertainty.bundles import Bundles, Key, steps_from
from hengtan.outlook.uncertainty.uncertain import Uncertain

Array = np.ndarray[Any, np.dtype[np.float64]]
Integers = np.ndarray[Any, np.dtype[np.int64]]

FILL, LEAVE, SCALE, PAIR, MULTIPLY, GROW, ADD_PRODUCT = range(7)
KEEP, MOVE, GATHER, ADD = range(7, 11)
FIRST_IDLE = KEEP
"""Operations from here on do nothing where their figure is zero."""
ONE, ZERO, FIRST_REACH = 0, 1, 2


class Program(NamedTuple):
    """Lines of all years and the figures that they name.

    Attributes
    ----------
    lines : array (N, 6)
        Operation, target row, first row, second row, figure, second figure.
    start : array (Y + 1,)
        Where the lines of each year begin.
    figures : array (K, Y, F)
        Figures of a class of regions and a year: 1, 0, shares of their full effect that measures
        have (ramp times coverage), ratios of moves, weights of terms.
    rows : int
        Rows that are needed, the effects of the measures among them.
    """

    lines: Integers
    start: Integers
    figures: Array
    rows: int


def program_of(uncertain: Uncertain, question: Question) -> Program:
    """The lines that answer a question about an uncertain pathway."""
    return Writer(Bundles(uncertain, question)).program()


class Writer:
    """Writes the lines of bundles, year by year."""

    def __init__(self, bundles: Bundles) -> None:
        self.bundles = bundles
        self.sorted = bundles.sorted()
        self.years = len(bundles.columns)
        self.ramp = bundles.pathway.ramp[:, bundles.columns]
        self.place: dict[Any, int] = {}
        self.columns: list[Array] = []
        self.lines: list[tuple[int, ...]] = []
        self.written: set[Any] = set()
        self.ratios: dict[float, int] = {}
        self.first_row = len(bundles.pathway.measures)
        for value in (1.0, 0.0):
            self.constant(value)
        for measure in range(self.first_row):
            coverage = bundles.classes[:, measure]
            self.figure(coverage[:, None] * self.ramp[measure])
        self.weights = {
            (prefix, factors, total): self.figure(weights[:, :, total])
            for prefix, terms in self.sorted
            for factors, weights in terms
            for total in range(weights.shape[2])
        }
        trends = bundles.uncertain.trends
        self.steps = [np.diff(t.exponent(bundles.question.years), prepend=0) for t in trends]

    def program(self) -> Program:
        start = [0]
        for year in range(self.years):
            self.written.clear()
            for prefix, terms in self.sorted:
                self.bundle(prefix, terms, year)
            start.append(len(self.lines))
        return Program(
            lines=np.array(self.lines, dtype=np.int64).reshape(-1, 6),
            start=np.array(start, dtype=np.int64),
            figures=np.ascontiguousarray(np.stack(self.columns, axis=2)),
            rows=self.first_row + len(self.place),
        )

    # Figures and rows

    def figure(self, values: Array) -> int:
        """The number of figures by class and year, (K, Y)."""
        self.columns.append(values)
        return len(self.columns) - 1

    def constant(self, value: float) -> int:
        if value not in self.ratios:
            everywhere = np.full((len(self.bundles.classes), self.years), value)
            self.ratios[value] = self.figure(everywhere)
        return self.ratios[value]

    def row(self, key: Any) -> int:
        return self.first_row + self.place.setdefault(key, len(self.place))

    def line(
        self, operation: int, target: int, first: int = 0, second: int = 0, figure: int = ONE
    ) -> None:
        self.lines.append((operation, target, first, second, figure, ONE))

    def changes(self, key: Key, year: int) -> bool:
        """Whether a register differs from that of the year before."""
        if year == 0:
            return True
        kind, of, *_ = key
        if kind == "trend":
            return bool(self.steps[of - self.bundles.first_trend][year])
        measures = [step[0] for step in of] if kind == "flow" else list(of)
        return bool((self.ramp[measures, year] != self.ramp[measures, year - 1]).any())

    # Registers

    def register(self, key: Key, year: int) -> int:
        """The row of a product, trend or flow, with its lines where they are due."""
        kind = key[0]
        due = key[:3] if kind == "flow" else key
        if due not in self.written:
            self.written.add(due)
            if self.changes(key, year):
                write = {"product": self.product, "trend": self.trend, "flow": self.flows}[kind]
                write(key, year)
        return self.row(key)

    def product(self, key: Key, year: int) -> None:
        first, *rest = key[1]
        self.line(LEAVE, self.row(key), first, figure=FIRST_REACH + first)
        for measure in rest:
            if self.ramp[measure, year]:
                self.line(KEEP, self.row(key), measure, figure=FIRST_REACH + measure)

    def trend(self, key: Key, year: int) -> None:
        if year == 0:
            self.line(FILL, self.row(key))
        for _ in range(int(self.steps[key[1] - self.bundles.first_trend][year])):
            self.line(GROW, self.row(key), key[1])

    def flows(self, key: Key, year: int) -> None:
        """Where energy of a carrier ends after all moves of a group."""
        kind, moves, origin, _ = key
        steps = list(steps_from(origin, moves))
        for end in sorted({origin, *(step[1] for step in steps)}):
            begins = ONE if end == origin else ZERO
            self.line(FILL, self.row((kind, moves, origin, end)), figure=begins)
        for source, end, measure, ratio in steps:
            if self.ramp[measure, year]:
                rows = (self.row((kind, moves, origin, place)) for place in (source, end))
                source_row, end_row = rows
                reach, units = FIRST_REACH + measure, self.constant(ratio)
                self.lines.append((MOVE, end_row, source_row, measure, reach, units))

    def product_of(self, keys: Sequence[Key], year: int) -> int:
        """The row of a product of registers: their own where it is one, ones where it is none."""
        rows = [self.register(key, year) for key in keys]
        if len(rows) == 1:
            return rows[0]
        target = self.row(tuple(keys))
        if tuple(keys) in self.written:
            return target
        self.written.add(tuple(keys))
        if not rows and year == 0:
            self.line(FILL, target)
        if rows and any(self.changes(key, year) for key in keys):
            self.line(PAIR, target, rows[0], rows[1])
            for row in rows[2:]:
                self.line(MULTIPLY, target, row)
        return target

    # Bundles

    def bundle(self, prefix: Key, terms: list[tuple[Key, Array]], year: int) -> None:
        """Adds the sums of a bundle times its prefix to the totals it has a part in."""
        common = self.product_of(prefix, year)
        for factors, _ in terms:
            # Also where no weight asks for them this year: a later year may find them unchanged.
            if factors:
                self.product_of(factors, year)
        for total in range(len(self.bundles.question.totals)):
            parts = [
                (factors, self.weights[prefix, factors, total])
                for factors, weights in terms
                if weights[:, year, total].any()
            ]
            if parts:
                self.parts(parts, common, total * self.years + year, year)

    def parts(self, parts: list[tuple[Key, int]], common: int, total: int, year: int) -> None:
        (factors, weight), *rest = parts
        if not factors and not rest:
            self.line(ADD, total, common, figure=weight)
            return
        target = self.row("sum")
        if factors:
            row = self.product_of(factors, year)
            self.line(SCALE, target, row, figure=weight)
        else:
            self.line(FILL, target, figure=weight)
        for factors, weight in rest:
            row = self.product_of(factors, year)
            self.line(GATHER, target, row, figure=weight)
        self.line(ADD_PRODUCT, total, common, target)
