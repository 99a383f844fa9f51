"""Several first points: the multiplicative model is not convex, so that rounds from another point
may end elsewhere. The cheapest end is the answer; how far the others lie is said with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.choose import Choice, Manner, StudyInfeasible, choose
from hengtan.outlook.portfolio.sides import Side
from hengtan.outlook.portfolio.study import Study

STARTS = 5


@dataclass(frozen=True)
class Ends:
    """The cheapest choice, and the costs in which all starts ended. [10,000 yuan]"""

    best: Choice
    costs: tuple[float, ...]
    additive_gap: float | None = None
    """How far the program without any rounds, from nothing, was from the model. [1]"""

    @property
    def spread(self) -> float:
        """How much dearer the dearest end is than the cheapest, relative to it. [1]"""
        return (max(self.costs) - self.best.cost) / max(abs(self.best.cost), 1e-9)


def starting_points(study: Study, count: int) -> list[Array]:
    """Nothing, everything, then levels between by a fixed sequence (the same on every machine)."""
    points = [study.nothing, study.ceiling]
    generator = np.random.Generator(np.random.Philox(key=np.uint64(20)))
    while len(points) < count:
        share = generator.random((*study.shape[:2], 1))
        points.append(study.nothing + share * (study.ceiling - study.nothing))
    return points[:count]


def from_starts(
    study: Study,
    manner: Manner | None = None,
    *,
    side: Side | None = None,
    count: int = STARTS,
) -> Ends:
    """The cheapest of the choices from several starts.

    Raises ``StudyInfeasible`` or ``NotProven`` where no start ends with a choice.
    """
    choices: list[Choice] = []
    additive = None
    refusals: list[StudyInfeasible | NotProven] = []
    for number, start in enumerate(starting_points(study, max(1, count))):
        try:
            choices.append(choose(study, manner, side=side, start=start))
            additive = choices[0].first_gap if number == 0 else additive
        except (StudyInfeasible, NotProven) as error:
            refusals.append(error)
            if len(refusals) > 1 and not choices:
                raise refusals[0] from error
    if not choices:
        raise refusals[0]
    best = min(choices, key=lambda choice: choice.cost)
    return Ends(best, tuple(choice.cost for choice in choices), additive)
