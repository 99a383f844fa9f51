"""Why a program has no solution: which limits exclude each other, and the smallest change that
helps, in the limits' own units.

The limits that conflict are an irreducible set: take any one of them away and the rest can be met
(deletion filter). What a limit must give is found by letting its rows be missed at least in sum.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from hengtan.basis.errors import HengtanError, Where
from hengtan.outlook.linear import Array, Limit, Program, Set
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
        said = self.limit.said
        if said.by_district:
            return f"{said.zh}放宽，{self.rows}个区县合计可差{self._short}"
        to = (
            ""
            if said.now is None
            else f"（到{in_large(self._then(said.now), self.limit.unit, 0)}）"
        )
        return f"{said.zh}{self._amount('提高', '降低')}{to}"

    def en(self) -> str:
        """In English, with its unit."""
        said = self.limit.said
        if said.by_district:
            return f"{said.en} eased, {self.rows} of them short of it by {self._short} in all"
        to = (
            ""
            if said.now is None
            else f" (to {in_large(self._then(said.now), self.limit.unit, 1)})"
        )
        return f"{said.en}{self._amount(' up by ', ' down by ')}{to}"

    @property
    def _short(self) -> str:
        """What districts are short of, with its unit."""
        return f"{_amount(self.raised + self.lowered)} {self.limit.unit}"

    def _then(self, now: float) -> float:
        """What the limit is set to after the change."""
        return now + self.raised - self.lowered

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


def in_large(amount: float, unit: str, language: int) -> str:
    """An amount with its unit, in Chinese (0) or English: of many tonnes and much money in the
    units that people set them in.
    """
    large = LARGE.get(unit)
    if large is None or abs(amount) < large.least:
        return f"{_amount(amount)} {unit}".rstrip()
    return f"{amount / large.of:,.2f} {(large.zh, large.en)[language]}"


@dataclass(frozen=True)
class Large:
    """A larger unit: so many of the smaller, and from how many on it is written."""

    of: float
    least: float
    zh: str
    en: str


LARGE = {
    **{unit: Large(1e4, 1e5, "万吨", "× 10⁴ t") for unit in ("tCO2e", "tCO2", "tce")},
    "万元": Large(1e4, 1e4, "亿元", "× 10⁸ yuan"),
}


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

    look_at: ClassVar[Set] = Set("容量、上下限等输入", "capacities and bounds")
    """What to look at where no limit is to blame."""

    def zh(self) -> str:
        """One paragraph in Chinese."""
        if not self.limits:
            return f"无解：与可调整的限制无关，请核对{self.look_at.zh}。"
        ways = "；或".join(self.ways_zh()) or "在研究期内没有"
        return f"无解：{self.wrong().zh}。最小调整：{ways}。"

    def en(self) -> str:
        """One paragraph in English."""
        if not self.limits:
            return f"No solution, whatever the limits: look at {self.look_at.en}."
        ways = "; or ".join(self.ways_en()) or "none here"
        return f"No solution: {self.wrong().en}. Smallest change: {ways}."

    def wrong(self) -> Set:
        """Which limits cannot be met."""
        zh = "、".join(f"“{limit.said.zh}”" for limit in self.limits)
        en = ", ".join(limit.said.en for limit in self.limits)
        if len(self.limits) > 1:
            return Set(f"{zh}不能同时满足", f"{en} exclude each other")
        return Set(f"{zh}达不到", f"{en} is not reached")

    def ways_zh(self) -> list[str]:
        """Changes each of which is enough, in Chinese."""
        if not self.alone and self.together:
            return ["同时" + "、".join(change.zh() for change in self.together)]
        return [change.zh() for change in self.alone]

    def ways_en(self) -> list[str]:
        """Changes each of which is enough, in English."""
        if not self.alone and self.together:
            return ["together " + ", ".join(change.en() for change in self.together)]
        return [change.en() for change in self.alone]


class StudyWithoutPlan(HengtanError):
    """The limits of a study exclude each other; says which, and the smallest change that helps."""

    @classmethod
    def because(cls, why: Conflict, study: Set, where: Where | None = None) -> StudyWithoutPlan:
        """The refusal of a study, by its name and what comes before the reasons."""
        return cls(f"{study.zh}{why.zh()}", f"{study.en}{why.en()}", where=where)


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
