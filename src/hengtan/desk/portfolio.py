"""A portfolio study from its file to its answer: the measures at least cost, the same at risk and
checked on fresh draws, the front of cost and cut, or which limits exclude each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError, Where
from hengtan.workbooks.portfolio import Filed, read_portfolio

if TYPE_CHECKING:
    from hengtan.outlook.portfolio.choose import Choice, Manner

Tell = Callable[[float, str], None]


@dataclass(frozen=True)
class Wish:
    """What is asked of a study.

    ``starts``: first points of the rounds; ``at_risk``: level of the conditional value at risk,
    None for the central effects; ``draws`` that the choice sees and ``fresh`` ones that it is
    checked on, by ``seed``; ``front``: points of cost against cut (0: none) of the target
    ``target``, the first where it is empty; ``integer_gap``: gap that ends the search of measures
    that are whole, ``seconds`` its time.
    """

    starts: int = 5
    at_risk: float | None = None
    draws: int = 200
    fresh: int = 2000
    seed: int = 1
    front: int = 0
    target: str = ""
    integer_gap: float = 1e-3
    seconds: float = float("inf")


def silent(share: float, text: str) -> None:
    """Nobody is told."""


def portfolio_of(path: Path, wish: Wish, tell: Tell = silent) -> Mapping[str, Any]:
    """All tables of the answer to a study's file.

    Raises HengtanError with sheet, row and column where the file is wrong; with the limits that
    exclude each other and the smallest change where it has no solution.
    """
    return answer(read_portfolio(path), wish, tell, path.name)


def answer(filed: Filed, wish: Wish, tell: Tell = silent, file: str = "") -> Mapping[str, Any]:
    """All tables of the answer to a study."""
    from hengtan.outlook.conflict import StudyWithoutPlan
    from hengtan.outlook.linear import Set
    from hengtan.outlook.portfolio.choose import StudyInfeasible
    from hengtan.outlook.portfolio.refusal import refusal

    manner = _manner(wish, tell)
    number = _target_number(filed, wish.target, file)
    try:
        return _answered(filed, wish, manner, number)
    except StudyInfeasible as error:
        why = refusal(error, replace(manner, tell=silent))
        raise StudyWithoutPlan.because(why, Set("", ""), Where(file) if file else None) from error


def _manner(wish: Wish, tell: Tell) -> Manner:
    from hengtan.outlook.optimum import Settings
    from hengtan.outlook.portfolio.choose import Manner

    return Manner(Settings(gap=wish.integer_gap, seconds=wish.seconds), tell=tell)


def _target_number(filed: Filed, name: str, file: str) -> int:
    names = [target.zh for target in filed.study.targets]
    if not name:
        return 0
    if name not in names:
        raise HengtanError(
            f"没有目标“{name}”",
            f"there is no target '{name}'",
            where=Where(file, sheet="目标"),
            todo=f"可用：{'、'.join(names)}",
            todo_en=f"known: {', '.join(names)}",
        )
    return names.index(name)


def _answered(filed: Filed, wish: Wish, manner: Manner, number: int) -> Mapping[str, Any]:
    from hengtan.outlook.portfolio.result import tables
    from hengtan.outlook.portfolio.starts import from_starts

    ends = from_starts(filed.study, manner, count=wish.starts)
    answered = {
        "synthetic": filed.synthetic,
        **tables(ends.best),
        "rate_source": filed.rate_source,
        "starts": len(ends.costs),
        "spread": ends.spread,
        "additive_gap": ends.additive_gap,
        "sources": dict(zip(filed.study.parts, filed.sources, strict=True)),
    }
    if wish.at_risk is not None:
        answered["at_risk"] = _at_risk(filed, wish, manner, ends.best)
    if wish.front:
        answered["front"] = _front(filed, wish, manner, number)
    return answered


def _at_risk(filed: Filed, wish: Wish, manner: Manner, central: Choice) -> Mapping[str, Any]:
    """The choice at risk, and both choices on fresh draws. Raises ``RangeWithoutSource``."""
    from hengtan.outlook.conflict import StudyWithoutPlan
    from hengtan.outlook.linear import Set
    from hengtan.outlook.portfolio.choose import StudyInfeasible, choose
    from hengtan.outlook.portfolio.refusal import refusal
    from hengtan.outlook.portfolio.result import tables
    from hengtan.outlook.portfolio.robust import at_risk, checked

    alpha = wish.at_risk if wish.at_risk is not None else 0.9
    ranges, seed = filed.ranges, wish.seed
    side = at_risk(filed.study, ranges, alpha=alpha, count=wish.draws, seed=seed)
    try:
        robust = choose(filed.study, manner, side=side, start=central.level)
    except StudyInfeasible as error:
        why = refusal(error, replace(manner, tell=silent))
        worst = f"{1 - alpha:.0%}"
        said = Set(
            f"中心方案有解，但目标要按最坏{worst}情形的均值达到时，",
            f"There is a central choice, but for the mean of the worst {worst}: ",
        )
        raise StudyWithoutPlan.because(why, said) from error
    rows = []
    for name, choice in (("central", central), ("at_risk", robust)):
        check = checked(choice, ranges, alpha=alpha, count=wish.fresh, seed=seed)
        rows += [
            {
                "choice": name,
                "target": target.zh,
                "limit": target.limit,
                "unit": target.unit,
                "beyond": float(check.beyond[n]),
                "odds": float(check.odds[n]),
                "error": float(check.error[n]),
                "assumed_variance": float(check.assumed[n]),
            }
            for n, target in enumerate(filed.study.targets)
        ]
    return {
        "alpha": alpha,
        "draws": wish.draws,
        "fresh": wish.fresh,
        "seed": seed,
        "certain": [law.name for law in ranges if not law.width],
        "dearer_by": robust.cost - central.cost,
        "checks": rows,
        "choice": tables(robust),
    }


def _front(filed: Filed, wish: Wish, manner: Manner, number: int) -> Mapping[str, Any]:
    from hengtan.outlook.portfolio.front import front
    from hengtan.outlook.portfolio.result import YUAN

    if not filed.study.targets:
        raise HengtanError(
            "前沿要有一个目标", "a front needs a target", todo="在目标表写一行", todo_en="give one"
        )
    line = front(filed.study, wish.front, number=number, manner=manner)
    without = float(line[0].choice.without[number])
    return {
        "target": filed.study.targets[number].zh,
        "unit": filed.study.targets[number].unit,
        "points": [
            {
                "measured": point.measured,
                "cut": without - point.measured,
                "cost": point.cost,
                "price": point.price * YUAN,
            }
            for point in line
        ],
    }
