"""How targets stand in a program: by the central effects here, by conditional value at risk over
draws in ``robust.py``. Either is seen through tangents at a point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from hengtan.outlook.linear import Block, Program, Set
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.study import Study, Target, measured
from hengtan.outlook.portfolio.tangent import Tangent, tangent_by_level


class Side(Protocol):
    """How the targets of a study are measured, linearised and written into a program."""

    def measured(self, study: Study, level: Array) -> Array:
        """What each target counts at a level, (T,)."""

    def linearised(self, study: Study, level: Array) -> Any:
        """The targets' tangents at a level."""

    def stated(self, study: Study, at: Any, level: Array) -> Array:
        """What the tangents say at another level, (T,)."""

    def put(self, study: Study, program: Program, at: Any, level: Block) -> None:
        """Write the targets as limits, each named by ``target_row``."""


@dataclass(frozen=True)
class Plane:
    """A target's tangent where it counts: constant and slope over its regions and years."""

    constant: float
    slope: Array
    where: tuple[Any, ...]

    def at(self, level: Array) -> float:
        """What the plane says at a level."""
        return self.constant + float((self.slope * level[self.where]).sum())


def target_row(number: int) -> str:
    """Name of the rows of a target."""
    return f"target {number}"


def words_of(target: Target) -> Set:
    """What people call a target."""
    return Set(target.zh, target.en, now=target.limit)


def plane(study: Study, target: Target, tangent: Tangent, level: Array) -> Plane:
    """The tangent of a target as a plane of levels. ``tangent`` has the study's years."""
    measures, regions, _ = study.shape
    chosen = list(target.regions or range(regions))
    where = np.ix_(range(measures), chosen, list(target.years))
    slope = tangent.slope[where]
    value = float(tangent.value[np.ix_(chosen, list(target.years))].sum())
    return Plane(value - float((slope * level[where]).sum()), slope, where)


@dataclass(frozen=True)
class Central:
    """Targets judged by the central effects."""

    def measured(self, study: Study, level: Array) -> Array:
        return measured(study, level)

    def linearised(self, study: Study, level: Array) -> list[Plane]:
        seen: dict[Any, Tangent] = {}
        planes = []
        for target in study.targets:
            if target.counted not in seen:
                seen[target.counted] = tangent_by_level(study, level, target)
            planes.append(plane(study, target, seen[target.counted], level))
        return planes

    def stated(self, study: Study, at: list[Plane], level: Array) -> Array:
        return np.array([each.at(level) for each in at])

    def put(self, study: Study, program: Program, at: list[Plane], level: Block) -> None:
        for number, (target, each) in enumerate(zip(study.targets, at, strict=True)):
            room = target.limit - each.constant
            limit = words_of(target)
            row = program.row(target_row(number), 1, target.unit, upper=room, limit=limit)
            program.put(row[0], level.at[each.where], each.slope)
