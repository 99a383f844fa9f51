"""Points of one item for all that are assessed at once, with the codes of what each was judged
by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.assessment import formulas
from hengtan.assessment.law import Law
from hengtan.assessment.scheme import WORDS, Item, Value
from hengtan.assessment.scoring import SENSES, Figure, Score, pair_points, score
from hengtan.basis.words import coded

NEEDS_GOAL = ("met", "ratio", "step", "distance", "per_unit")


@dataclass(frozen=True)
class ItemResult:
    """Points of one item.

    ``state``: scored, missing (not reported), not_applicable; ``missed``: its goal was missed;
    ``figure`` and ``score``: what it was judged by, of kinds that have one; ``codes``: the reason
    of the others.
    """

    item: Item
    points: float
    full: float
    state: str
    codes: tuple[str, ...] = ()
    missed: bool = False
    figure: Figure | None = None
    score: Score | None = None

    @property
    def reason(self) -> tuple[str, ...]:
        """Codes of why, said one after the other."""
        if self.figure is None or self.score is None:
            return self.codes
        return tuple(_reasons(self.item, self.figure, self.score))

    @property
    def lost(self) -> float:
        """Points lost, never negative."""
        return max(self.full - self.points, 0.0)

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """JSON form, the reason in words."""
        return {
            "item": self.item.id,
            "name": self.item.name,
            "points": round(self.points, 4),
            "full": round(self.full, 4),
            "lost": round(self.lost, 4),
            "state": self.state,
            "reason": sentence(self.reason, language),
        }


def sentence(codes: Sequence[str], language: str = "zh") -> str:
    """Codes said one after the other, parted by commas."""
    comma = "，" if language == "zh" else ", "
    return comma.join(WORDS.say(code, language) for code in codes)


def item_results(item: Item, values: Sequence[Value], law: Law) -> list[ItemResult]:
    """Points of an item for each of those assessed, in their order.

    The efficacy coefficient spans the figures of all of them; an item that no one reports keeps its
    weight with the floor (2016 index).
    """
    applicable = [value for value in values if value.applicable]
    reported = [value for value in applicable if _reported(item, value)]
    if item.kind == "efficacy" and not reported:
        scored = iter([_no_one_reports(item, law)] * len(applicable))
        return [next(scored) if value.applicable else _not_applicable(item) for value in values]
    scored = iter(_scored(item, reported, law))
    results = []
    for value in values:
        if not value.applicable:
            results.append(_not_applicable(item))
        elif _reported(item, value):
            results.append(next(scored))
        else:
            results.append(ItemResult(item, 0.0, item.points, "missing", ("not_reported",)))
    return results


def _reported(item: Item, value: Value) -> bool:
    """Whether all is known that the kind of an item is judged by."""
    if item.kind == "pair":
        return value.year_met is not None and value.progress_met is not None
    needs_goal = item.kind in NEEDS_GOAL and value.goal is None
    needs_base = item.kind == "distance" and value.base is None
    return value.actual is not None and not needs_goal and not needs_base


def _not_applicable(item: Item) -> ItemResult:
    return ItemResult(item, 0.0, item.points, "not_applicable", ("not_applicable",))


def _no_one_reports(item: Item, law: Law) -> ItemResult:
    reason = (coded("no_one_reports", f"{law.efficacy_floor:g}"),)
    return ItemResult(item, item.points * law.efficacy_floor, item.points, "scored", reason)


def _scored(item: Item, values: Sequence[Value], law: Law) -> list[ItemResult]:
    """Results of those that report all that is needed."""
    if not values:
        return []
    if item.kind == "pair":
        return [_pair(item, bool(v.year_met), bool(v.progress_met)) for v in values]
    figures = [Figure(v.actual, v.goal or 0.0, v.base or 0.0) for v in values]
    columns = np.array([(f.actual, f.goal, f.base) for f in figures], float).T
    if item.kind == "efficacy":
        return _efficacy(item, columns[0], law)
    scores = score(item, Figure(*columns), law).rows(len(figures))
    return [
        ItemResult(item, s.points, item.points, "scored", (), bool(s.missed), figure, s)
        for figure, s in zip(figures, scores, strict=True)
    ]


def _efficacy(item: Item, actual: np.ndarray, law: Law) -> list[ItemResult]:
    """Weight times the efficacy coefficient over the figures reported."""
    least, most = float(actual.min()), float(actual.max())
    marks = formulas.efficacy(
        actual, least, most, SENSES[item.direction], law.efficacy_floor, law.efficacy_full
    )
    span = coded("span", f"{least:g}", f"{most:g}")
    results = []
    for x, mark in zip(actual.tolist(), marks.tolist(), strict=True):
        reason = (coded("figure", f"{x:g}"), span, coded("mark", f"{mark:.2f}"))
        results.append(ItemResult(item, item.points * mark, item.points, "scored", reason))
    return results


def _pair(item: Item, year_met: bool, progress_met: bool) -> ItemResult:
    """Points of the two yes/no: the year's goal, and the progress."""
    points = pair_points(year_met, progress_met, item.pair)
    reason = (
        "year_done" if year_met else "year_not_done",
        "progress_reached" if progress_met else "progress_behind",
    )
    missed = not (year_met and progress_met)
    return ItemResult(item, points, item.points, "scored", reason, missed)


def _reasons(item: Item, figure: Figure, result: Score) -> Iterator[str]:
    """Codes of what an item was judged by, in the order they are said."""
    actual = f"{figure.actual:g}"
    if item.kind == "given":
        yield coded("awarded", actual)
        return
    if item.kind == "event":
        yield coded("events", actual)
        yield coded("per_event", f"{item.per:g}")
        return
    if result.level is not None:
        yield coded("figure", actual)
        yield coded("level", f"{result.level:g}")
        return
    yield coded("actual", actual, item.unit)
    yield coded(f"goal_{item.direction}", f"{figure.goal:g}", item.unit)
    yield "goal_missed" if result.missed else "goal_met"
    if result.gap is not None and result.gap > 0:
        yield coded("gap", f"{result.gap:g}")
        yield coded("per_unit", f"{item.per:g}")
    if result.done is not None:
        yield coded("completion", f"{result.done:.1%}")
    if result.bonus:
        yield coded("bonus", f"{result.bonus:g}")
