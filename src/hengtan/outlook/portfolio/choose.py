"""Least cost in the multiplicative model: linear programs at successive points until what the
program says of the targets is what the model says (sequential linear programming).

Each round solves the program whose targets are tangents at the last point, and measures the answer
in the model. Where the two part, the next tangents are taken there; where that does not help, steps
are shortened (trust region on the levels, with an exact penalty as merit). The answer is a point
from which no small change is cheaper; of a program that is not convex nothing more can be proven.

References
----------
.. [1] Fletcher and Sainz de la Maza (1989), Nonlinear programming and nonsmooth optimization by
   successive linear programming, Mathematical Programming 43.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.linear import Program
from hengtan.outlook.optimum import Infeasible, Optimum, Settings, Solver
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.ease import eased_choice
from hengtan.outlook.portfolio.money import present_cost
from hengtan.outlook.portfolio.program import Point, equity_gap, program_at
from hengtan.outlook.portfolio.sides import Central, Side, target_row
from hengtan.outlook.portfolio.study import Study

Tell = Callable[[float, str], None]
MOST_GAP = 0.005
"""Largest difference between the program's cut and the model's, relative to the model's cut."""
NEGLIGIBLE = 1e-6
FREE_ROUNDS = 4
"""Rounds before steps are shortened: most studies end within these."""


class StudyInfeasible(Infeasible):
    """No levels meet all that people set. ``study``, ``side`` and ``point`` say of what and where
    the program, in which the targets are exact at that point, was written.
    """

    study: Study
    side: Side
    point: Point

    @classmethod
    def at(cls, study: Study, side: Side, point: Point, program: Program) -> StudyInfeasible:
        """The error of a study, and of its program at a point."""
        error = cls(
            f"{study.name}：所设目标、预算等不能同时满足",
            f"{study.name}: targets, budgets and the rest cannot be met together",
        )
        error.program, error.study, error.side, error.point = program, study, side, point
        return error


@dataclass(frozen=True)
class Manner:
    """How to choose: how the solver works, the gap that is good enough, rounds at most."""

    settings: Settings = field(default_factory=Settings)
    gap: float = 1e-5
    rounds: int = 40
    tell: Tell = lambda share, text: None


@dataclass(frozen=True)
class Round:
    """One round: cost, gap between program and model, and how far levels could go."""

    cost: float
    gap: float
    reach: float
    seconds: float


@dataclass(frozen=True)
class Choice:
    """The levels chosen, and what proves them.

    Attributes
    ----------
    level : array (M, R, Y)
        Share of full use.
    cost : float
        Cost in money of the base year, worked out anew from the levels. [10,000 yuan]
    measured, without : array (T,)
        What each target counts in the model, with the levels and without any.
    gap : float
        Largest difference between the last program's cut and the model's, relative to it. [1]
    missed : float
        Largest excess over a limit in the model, relative to the cut. [1]
    optimum : Optimum
        The last program's proven optimum, with its prices.
    """

    study: Study
    side: Side
    level: Array
    cost: float
    measured: Array
    without: Array
    gap: float
    missed: float
    optimum: Optimum
    rounds: tuple[Round, ...]

    @property
    def first_gap(self) -> float:
        """How far the program without any re-linearisation was from the model. [1]"""
        return self.rounds[0].gap if self.rounds else 0.0

    @property
    def prices(self) -> Array:
        """What one unit less of each target's limit costs, in money of the base year, (T,).
        [10,000 yuan / unit]
        """
        numbers = range(len(self.study.targets))
        return np.array([-self.optimum.price(target_row(n))[0] for n in numbers])


def choose(
    study: Study,
    manner: Manner | None = None,
    *,
    side: Side | None = None,
    start: Array | None = None,
) -> Choice:
    """The levels of least cost that meet what people set.

    ``start``: levels to linearise at first (none by default, which is the additive program).
    Raises ``StudyInfeasible`` where targets, budgets and equity exclude each other, ``NotProven``
    where rounds end with a gap of 0.5 % or more.
    """
    search = Search(study, side or Central(), manner or Manner())
    return search.from_point(study.nothing if start is None else start)


@dataclass
class Search:
    """The rounds of one study. ``objective`` writes the program at a point."""

    study: Study
    side: Side
    manner: Manner
    write: Callable[[Study, Side, Point], Program] = program_at
    rounds: list[Round] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.without = self.side.measured(self.study, self.study.nothing)
        self._solver: Solver | None = None

    def from_point(self, start: Array) -> Choice:
        """Rounds from a point until program and model agree."""
        point = self._point(start, 1.0)
        tried = self._round(point)
        mended = False
        while len(self.rounds) < self.manner.rounds:
            if tried is None:
                point, mended = self._widened(point, mended)
            elif self._settled(point, tried):
                return self._choice(tried)
            elif self._better(point, tried):
                point = self._point(tried.level, min(1.0, point.reach * 2))
            else:
                point = Point(point.level, point.tangents, point.reach / 2)
            tried = self._round(point)
        return self._choice(tried)

    def _point(self, level: Array, reach: float) -> Point:
        return Point(level, self.side.linearised(self.study, level), reach)

    def _round(self, point: Point) -> Trial | None:
        program = self.write(self.study, self.side, point)
        try:
            optimum = self._solved(program)
        except Infeasible:
            return None
        level = np.clip(optimum.of("level"), 0.0, 1.0)
        measured = self.side.measured(self.study, level)
        stated = self.side.stated(self.study, point.tangents, level)
        cut = np.maximum(np.abs(self.without - measured), NEGLIGIBLE * np.abs(self.without))
        gap = float(np.max(np.abs(stated - measured) / np.maximum(cut, 1e-300), initial=0.0))
        gap = max(gap, equity_gap(self.study, point.level, level))
        limits = np.array([target.limit for target in self.study.targets])
        missed = float(np.max((measured - limits) / np.maximum(cut, 1e-300), initial=0.0))
        self.rounds.append(Round(optimum.cost, gap, point.reach, optimum.seconds))
        number, cost = len(self.rounds), optimum.cost
        self._tell(f"第{number}轮：成本{cost:,.0f}万元，与乘法模型相差{gap:.3%}")
        return Trial(optimum, level, measured, gap, missed)

    def _solved(self, program: Program) -> Optimum:
        solver = Solver(program, self.manner.settings)
        if self._solver is not None:
            solver.begin_from(self._solver)
        self._solver = solver
        if not program.integer.any():
            return solver.solve()
        solver.watch(self._searching)
        return solver.with_prices(solver.solve())

    def _searching(self, gap: float, seconds: float) -> None:
        self._tell(f"整体措施求解{seconds:.0f}秒，间隙{gap:.2%}")

    def _tell(self, text: str) -> None:
        self.manner.tell(len(self.rounds) / self.manner.rounds, text)

    def _settled(self, point: Point, tried: Trial) -> bool:
        """Whether program and model agree, and longer steps would bring nothing: no bound of the
        step stood in the way, or what the program promised is negligible.
        """
        if tried.gap > self.manner.gap:
            return False
        moved = np.abs(tried.level - point.level).max(initial=0.0)
        if point.reach >= 1 or moved < point.reach * (1 - NEGLIGIBLE) or moved < NEGLIGIBLE:
            return True
        return self._promised(point, tried) <= NEGLIGIBLE * abs(tried.optimum.cost)

    def _better(self, point: Point, tried: Trial) -> bool:
        """Whether the step brings at least a tenth of what the program promised."""
        if len(self.rounds) < FREE_ROUNDS:
            return True
        promised = self._promised(point, tried)
        missing = self._merit(tried.optimum.cost, tried.measured, tried) - tried.optimum.cost
        return promised - missing >= 0.1 * promised

    def _promised(self, point: Point, tried: Trial) -> float:
        """How much better than at the point the program says that its answer is."""
        here = self.side.measured(self.study, point.level)
        now = self._merit(present_cost(self.study, point.level), here, tried)
        return now - tried.optimum.cost

    def _merit(self, cost: float, counted: Array, tried: Trial) -> float:
        """Cost, and what targets are missed by at twice their price."""
        prices = [tried.optimum.price(target_row(n))[0] for n in range(counted.size)]
        limits = np.array([target.limit for target in self.study.targets])
        return cost + float(2 * np.abs(prices) @ np.maximum(counted - limits, 0.0))

    def _widened(self, point: Point, mended: bool) -> tuple[Point, bool]:
        """Where to go on from a program without a solution: with longer steps, else from the point
        where the targets are missed least.
        """
        if point.reach < 1:
            return Point(point.level, point.tangents, min(1.0, point.reach * 2)), mended
        if mended:
            raise self._infeasible(point)
        return self._point(self._least_missed(point), 1.0), True

    def _least_missed(self, point: Point) -> Array:
        whole = bool(self.study.whole)
        settings = self.manner.settings
        eased = eased_choice(self.study, self.side, settings, point.level, keep_whole=whole)
        if eased is None:
            raise self._infeasible(point)
        return eased.level

    def _infeasible(self, point: Point) -> StudyInfeasible:
        program = self.write(self.study, self.side, point)
        return StudyInfeasible.at(self.study, self.side, point, program)

    def _choice(self, tried: Trial | None) -> Choice:
        if tried is None or tried.gap >= MOST_GAP:
            gap = "" if tried is None else f"{tried.gap:.2%}"
            raise NotProven(
                f"{len(self.rounds)}轮后线性规划与乘法模型仍相差{gap}，不给出任何数值",
                f"after {len(self.rounds)} rounds program and model still differ {gap}: no figures",
            )
        cost = present_cost(self.study, tried.level)
        size = float(np.abs(tried.optimum.program.cost) @ np.abs(tried.optimum.values))
        if abs(cost - tried.optimum.cost) > NEGLIGIBLE * max(1.0, size):
            raise NotProven(
                f"成本复核不符（{cost:.6g}，{tried.optimum.cost:.6g}），不给出任何数值",
                f"the cost does not hold when checked ({cost:.6g}, {tried.optimum.cost:.6g})",
            )
        return Choice(
            study=self.study,
            side=self.side,
            level=tried.level,
            cost=cost,
            measured=tried.measured,
            without=self.without,
            gap=tried.gap,
            missed=tried.missed,
            optimum=tried.optimum,
            rounds=tuple(self.rounds),
        )


@dataclass(frozen=True)
class Trial:
    """What one round came to."""

    optimum: Optimum
    level: Array
    measured: Array
    gap: float
    missed: float
