"""The least that limits must give so that a study has a solution, in the multiplicative model.

The same rounds of tangents as the choice itself, with what limits give in the place of the cost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from hengtan.outlook.conflict import Change, easier_program, given_by
from hengtan.outlook.linear import Limit, Program
from hengtan.outlook.optimum import Infeasible, Settings, solve
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.program import Point, program_at
from hengtan.outlook.portfolio.sides import Side
from hengtan.outlook.portfolio.study import Study

ROUNDS = 30
AGREED = 1e-6
"""Difference between program and model that ends the rounds, relative to what is cut."""


@dataclass(frozen=True)
class Eased:
    """Levels with which the limits named give least, and what each of them gives."""

    level: Array
    changes: tuple[Change, ...]
    program: Program


def targets_of(program: Program) -> list[Limit]:
    """The rows of targets."""
    return [limit for name, limit in program.limits.items() if name.startswith("target ")]


def eased_choice(
    study: Study,
    side: Side,
    settings: Settings,
    start: Array,
    chosen: Callable[[Program], Collection[Limit]] = targets_of,
    *,
    keep_whole: bool = False,
) -> Eased | None:
    """The least that the chosen limits give from a point on; None where they are not enough.

    Measures that are whole are taken as parts unless ``keep_whole``.
    """
    without = side.measured(study, study.nothing)
    point = Point(start, side.linearised(study, start))
    best: Eased | None = None
    last, needed = np.inf, np.inf
    for _ in range(ROUNDS):
        program = program_at(study, side, point)
        limits = chosen(program)
        try:
            optimum = solve(easier_program(program, limits, keep_whole=keep_whole), settings)
        except Infeasible:
            if point.reach >= 1:
                return None
            point = Point(point.level, point.tangents, min(1.0, point.reach * 2))
            continue
        level = np.clip(optimum.of("level"), 0.0, 1.0)
        changes = (given_by(optimum, limit) for limit in limits)
        best = Eased(level, tuple(each for each in changes if each.rows), program)
        measured = side.measured(study, level)
        unseen = np.abs(measured - side.stated(study, point.tangents, level))
        gap = float(np.max(unseen / np.maximum(np.abs(without - measured), 1e-12), initial=0.0))
        settled = abs(optimum.cost - needed) <= AGREED**2 * max(1.0, abs(needed))
        if gap <= AGREED or (settled and gap <= AGREED**0.5):
            break
        needed = optimum.cost
        reach = point.reach if gap < last / 2 else point.reach / 2
        point, last = Point(level, side.linearised(study, level), reach), gap
    return best
