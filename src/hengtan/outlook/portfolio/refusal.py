"""Why a study has no solution: which limits exclude each other, and the smallest change of each
that helps, in tonnes, 10,000 yuan or years.

Limits that conflict are found where the targets are missed least, with the targets' tangents exact
there; how much each must give is then worked out in the multiplicative model (``ease.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from hengtan.outlook.certificate import NotProven
from hengtan.outlook.conflict import Change, Conflict, irreducible
from hengtan.outlook.linear import Limit, Set
from hengtan.outlook.portfolio.choose import Manner, StudyInfeasible
from hengtan.outlook.portfolio.ease import Eased, eased_choice, targets_of
from hengtan.outlook.portfolio.sides import target_row
from hengtan.outlook.portfolio.study import Study, Target


@dataclass(frozen=True)
class Delay:
    """A target that can be met so many years later."""

    target: Target
    years: int

    def zh(self) -> str:
        """In Chinese."""
        return f"“{self.target.zh}”推迟{self.years}年"

    def en(self) -> str:
        """In English."""
        return f"{self.target.en} {self.years} year{'s' if self.years > 1 else ''} later"


@dataclass(frozen=True)
class Refusal(Conflict):
    """What is wrong with a study without a solution, beyond the limits that conflict.

    Attributes
    ----------
    delays : tuple of Delay
        For each target of a single year, the years after which it can be met.
    whole : bool
        Whether there is a solution once measures need not be whole.
    money : tuple of Change
        The smallest change of all budgets together that helps, where a change of one does not.
    also : tuple of Limit
        Limits beyond those that conflict which are out of reach too.
    """

    delays: tuple[Delay, ...] = ()
    whole: bool = False
    money: tuple[Change, ...] = ()
    also: tuple[Limit, ...] = ()
    look_at: ClassVar[Set] = Set(
        "措施的上限、推进速度、互斥和前提", "ceilings, pace and exclusions"
    )

    def wrong(self) -> Set:
        """Which limits cannot be met, or that measures are whole."""
        if self.whole:
            return Set(
                "措施要整体实施时，限制不能同时满足（可部分实施时有解）",
                "with whole measures the limits exclude each other (not with parts)",
            )
        said = super().wrong()
        if not self.also:
            return said
        zh = "、".join(f"“{limit.said.zh}”" for limit in self.also)
        en = ", ".join(limit.said.en for limit in self.also)
        return Set(f"{said.zh}，{zh}也达不到", f"{said.en}, nor is {en}")

    def ways_zh(self) -> list[str]:
        """Changes and delays each of which is enough, in Chinese."""
        money = ["同时" + "、".join(each.zh() for each in self.money)] if self.money else []
        return super().ways_zh() + money + [each.zh() for each in self.delays]

    def ways_en(self) -> list[str]:
        """Changes and delays each of which is enough, in English."""
        money = ["together " + ", ".join(each.en() for each in self.money)] if self.money else []
        return super().ways_en() + money + [each.en() for each in self.delays]


def refusal(error: StudyInfeasible, manner: Manner | None = None) -> Refusal:
    """What excludes what in a study that ``choose`` refused, and what would help.

    Limits are filtered with measures taken in parts. Where that has a solution, all limits are
    named that help by themselves while measures stay whole.
    """
    how = manner or Manner()
    try:
        limits = tuple(irreducible(error.program, how.settings))
    except ValueError:
        return _of_whole(error, how)
    alone = tuple(each for limit in limits for each in _given(error, (limit,), how))
    together = () if alone or not limits else _together(error, limits, how)
    delays = (_delay(error, limit, how) for limit in limits)
    return Refusal(
        limits,
        alone,
        together,
        tuple(each for each in delays if each is not None),
        money=_money(error, limits, alone, how),
        also=_also(limits, together),
    )


def _money(
    error: StudyInfeasible, limits: tuple[Limit, ...], alone: tuple[Change, ...], manner: Manner
) -> tuple[Change, ...]:
    """What all budgets must give together, where one is in the way and none helps by itself."""
    if not any(is_money(each) for each in limits) or any(is_money(each.limit) for each in alone):
        return ()
    budgets = tuple(each for each in error.program.limits.values() if is_money(each))
    return _given(error, budgets, manner)


def is_money(limit: Limit) -> bool:
    """Whether a limit is a budget of a year."""
    return limit.name.startswith(("capital ", "spending "))


def _also(limits: tuple[Limit, ...], together: tuple[Change, ...]) -> tuple[Limit, ...]:
    """Limits that must give too, though they are not among those that conflict."""
    names = {limit.name for limit in limits}
    return tuple(each.limit for each in together if each.limit.name not in names)


def _together(
    error: StudyInfeasible, limits: tuple[Limit, ...], manner: Manner
) -> tuple[Change, ...]:
    """What limits that exclude each other must give together; where more than these are in the
    way, what all targets must give.
    """
    given_up = _given(error, limits, manner)
    return given_up or _given(error, tuple(targets_of(error.program)), manner)


def _of_whole(error: StudyInfeasible, manner: Manner) -> Refusal:
    """What would help by itself where measures are whole."""
    limits = tuple(error.program.limits.values())
    alone = tuple(
        change for limit in limits for change in _given(error, (limit,), manner, keep_whole=True)
    )
    return Refusal(limits, alone, (), (), whole=True)


def _given(
    error: StudyInfeasible,
    limits: tuple[Limit, ...],
    manner: Manner,
    *,
    keep_whole: bool = False,
) -> tuple[Change, ...]:
    """What some limits must give together; nothing where that is not enough."""
    names = {limit.name for limit in limits}
    eased = _eased(error.study, error, names, manner, keep_whole=keep_whole)
    return () if eased is None else eased.changes


def _eased(
    study: Study,
    error: StudyInfeasible,
    names: set[str],
    manner: Manner,
    *,
    keep_whole: bool = False,
) -> Eased | None:
    try:
        return eased_choice(
            study,
            error.side,
            manner.settings,
            error.point.level,
            lambda program: [each for name, each in program.limits.items() if name in names],
            keep_whole=keep_whole,
        )
    except NotProven:
        return None


def _delay(error: StudyInfeasible, limit: Limit, manner: Manner) -> Delay | None:
    """The fewest years by which a target of a single year must move; None where none helps."""
    study = error.study
    last = study.shape[2] - 1
    for number, target in enumerate(study.targets):
        if target_row(number) != limit.name or len(target.years) > 1:
            continue
        for year in range(target.years[0] + 1, last + 1):
            later = replace(target, years=(year,))
            moved = (*study.targets[:number], later, *study.targets[number + 1 :])
            eased = _eased(replace(study, targets=moved), error, {limit.name}, manner)
            if eased is not None and not eased.changes:
                return Delay(target, year - target.years[0])
    return None
