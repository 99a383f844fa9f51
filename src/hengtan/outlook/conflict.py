"""Why a program has no solution: which limits exclude each other, and the smallest change that
helps, in the limits' own units.

The limits that conflict are an irreducible set: take any one of them away and the rest can be met
(deletion filter). What a limit must give is found by letting its rows be missed at least in sum.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from hengtan.outlook.linear import Array, Limit, Program
from hengtan.outlook.optimum import Infeasible, Optimum, Settings, Solver, solve

NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class Change:
    """What a limit gives up or down in its unit, in sum over so many of its rows."""

    limit: Limit
    raised: float
    lowered: float
    rows: int

    def zh(self) -> str:
        """In Chinese, with its unit."""
        return f"{self.limit.said.zh}{self._amount('提高', '降低')}"

    def en(self) -> str:
        """In English, with its unit."""
        return f"{self.limit.said.en}{self._amount(' up by ', ' down by ')}"

    def _amount(self, up: str, down: str) -> str:
        parts = [
            f"{word}{_amount(amount)} {self.limit.unit}".rstrip()
            for word, amount in ((up, self.raised), (down, self.lowered))
            if amount > NEGLIGIBLE
        ]
        return "、".join(parts)


def _amount(amount: float) -> str:
    """Six figures, and never a power of ten for what is large."""
    return f"{amount:,.0f}" if amount >= 1e6 else f"{amount:,.6g}"


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot be met together.

    Attributes
    ----------
    limits : tuple of Limit
        An irreducible set; empty where no change of limits helps.
    alone : tuple of Change
        For each limit that would be enough by itself, the smallest change of it.
    together : tuple of Change
        The smallest change of all of them together, by the weights of the limits.
    """

    limits: tuple[Limit, ...]
    alone: tuple[Change, ...]
    together: tuple[Change, ...]

    def zh(self) -> str:
        """One paragraph in Chinese."""
        if not self.limits:
            return "无解：与可调整的限制无关，请核对容量、上下限等输入。"
        names = "、".join(f"“{limit.said.zh}”" for limit in self.limits)
        ways = "；或".join(change.zh() for change in self.alone)
        if not ways:
            ways = "同时" + "、".join(change.zh() for change in self.together)
        how = "不能同时满足" if len(self.limits) > 1 else "不能满足"
        return f"无解：{names}{how}。最小调整：{ways}。"

    def en(self) -> str:
        """One paragraph in English."""
        if not self.limits:
            return "No solution, whatever the limits: look at capacities and bounds."
        names = ", ".join(limit.said.en for limit in self.limits)
        ways = "; or ".join(change.en() for change in self.alone)
        if not ways:
            ways = "together " + ", ".join(change.en() for change in self.together)
        how = "exclude each other" if len(self.limits) > 1 else "cannot be met"
        return f"No solution: {names} {how}. Smallest change: {ways}."


def conflict(program: Program, settings: Settings | None = None) -> Conflict:
    """Which limits of an infeasible program exclude each other, and what would help.

    Whole variables are taken as continuous. Raises ``ValueError`` for a program with a solution.
    """
    how = settings or Settings()
    limits = irreducible(program, how)
    each = [eased(program, [limit], how) for limit in limits]
    alone = tuple(change for changes in each for change in changes)
    together = eased(program, limits, how) if limits else ()
    return Conflict(tuple(limits), alone, together)


def irreducible(program: Program, settings: Settings) -> list[Limit]:
    """Limits that exclude each other, none of which could be left out."""
    feasible = Feasible(program, settings)
    if feasible.without(()):
        raise ValueError(f"{program.name} has a solution")
    limits = list(program.limits.values())
    if not feasible.without(limits):
        return []
    dropped: list[Limit] = []
    for limit in limits:
        if not feasible.without([*dropped, limit]):
            dropped.append(limit)
    return [limit for limit in limits if limit not in dropped]


class Feasible:
    """Whether a program has any values at all when some of its limits are taken away."""

    def __init__(self, program: Program, settings: Settings) -> None:
        self.program = program
        self.solver = Solver(without_cost(program), settings)

    def without(self, limits: Collection[Limit]) -> bool:
        """Whether the limits that stay can be met."""
        gone = {limit.name for limit in limits}
        below, above = self.program.row_lower, self.program.row_upper
        for name, limit in self.program.limits.items():
            free = name in gone
            lower = -np.inf if free else below[limit.at]
            upper = np.inf if free else above[limit.at]
            self.solver.change(name, lower=lower, upper=upper)
        try:
            self.solver.solve()
        except Infeasible:
            return False
        return True


def eased(program: Program, limits: Iterable[Limit], settings: Settings) -> tuple[Change, ...]:
    """The smallest change of some limits, by their weights, that gives a solution; nothing where
    they are not enough.
    """
    chosen = list(limits)
    try:
        optimum = solve(easier_program(program, chosen), settings)
    except Infeasible:
        return ()
    return tuple(change for limit in chosen if (change := given_by(optimum, limit)).rows)


def easier_program(
    program: Program, limits: Iterable[Limit], *, keep_whole: bool = False
) -> Program:
    """The program that keeps all rows and bounds and pays only for what some limits give.

    Whole variables are taken as continuous unless ``keep_whole``.
    """
    easier = without_cost(program)
    if keep_whole:
        easier._integers = list(program._integers)
    for limit in limits:
        for way, sign in (("raised", -1.0), ("lowered", 1.0)):
            cost = limit.said.weight
            give = easier.variable(f"{limit.name} {way}", limit.shape, limit.unit, cost=cost)
            easier.put(limit.at, give.at, sign)
    return easier


def given_by(optimum: Optimum, limit: Limit) -> Change:
    """What a limit gives in a solution of the eased program."""
    raised = clean(optimum.of(f"{limit.name} raised"))
    lowered = clean(optimum.of(f"{limit.name} lowered"))
    rows = int(((raised + lowered) > 0).sum())
    return Change(limit, float(raised.sum()), float(lowered.sum()), rows)


def clean(values: Array) -> Array:
    """Values without what is nothing but rounding."""
    return np.where(values > NEGLIGIBLE, values, 0.0)


def without_cost(program: Program) -> Program:
    """The same variables, continuous, and rows, with nothing to pay."""
    plain = copy.deepcopy(program)
    plain._columns["cost"] = [np.zeros_like(part) for part in plain._columns["cost"]]
    plain._integers = [np.zeros_like(part) for part in plain._integers]
    plain.offset = 0.0
    return plain
