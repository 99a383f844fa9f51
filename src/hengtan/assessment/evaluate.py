"""Runs a scheme: points of each item with the words of what was lost, totals, grades with vetoes, ranks with ties, and what other weights would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hengtan.assessment import scoring
from hengtan.assessment.scheme import Assessed, Item, Scheme, Value, check


@dataclass(frozen=True)
class ItemResult:
    """Points of one item. ``state``: scored, missing (not reported), not_applicable; ``missed``: its goal was missed."""

    item: Item
    points: float
    full: float
    state: str
    reason: str
    missed: bool = False

    @property
    def lost(self) -> float:
        """Points lost, never negative."""
        return max(self.full - self.points, 0.0)


@dataclass(frozen=True)
class Result:
    """The result of one assessed. ``points`` over ``full``; ``score`` on the scale of the scheme's full mark; ``rank`` None where it is not ranked; ``complete``: nothing is missing."""

    assessed: Assessed
    items: tuple[ItemResult, ...]
    points: float
    full: float
    grade: str
    grade_reason: str
    complete: bool
    rank: int | None = None
    last_rank: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "id": self.assessed.id,
            "name": self.assessed.name,
            "class": self.assessed.class_,
            "points": round(self.points, 4),
            "full": round(self.full, 4),
            "grade": self.grade,
            "grade_reason": self.grade_reason,
            "rank": self.rank,
            "last_rank": self.last_rank,
            "complete": self.complete,
            "items": [
                {
                    "item": r.item.id,
                    "name": r.item.name,
                    "points": round(r.points, 4),
                    "full": round(r.full, 4),
                    "lost": round(r.lost, 4),
                    "state": r.state,
                    "reason": r.reason,
                }
                for r in self.items
            ],
        }


def evaluate(scheme: Scheme, assessed: Sequence[Assessed]) -> list[Result]:
    """Results in the order given, ranked by points (ties share a rank, the next is skipped); those with missing figures are scored but not ranked. Raises HengtanError for a bad scheme.

    In an index (2016): an item that no one reports keeps its weight with the floor's 60; one that does not exist somewhere is left out there and its weight goes to the rest.
    """
    check(scheme)
    spans = {item.id: _span(item, assessed) for item in scheme.items if item.kind == "efficacy"}
    results = [_one(scheme, one, spans) for one in assessed]
    points = [
        r.points / r.full * scheme.full(r.assessed.class_) if r.full else 0.0 for r in results
    ]
    results = [
        replace(r, points=p, full=scheme.full(r.assessed.class_)) if scheme.rule != "index" else r
        for r, p in zip(results, points, strict=True)
    ]
    ranks = ranked([r.points if r.complete else None for r in results])
    last = ranked([one.last_points for one in assessed])
    made = [
        replace(r, rank=rank, last_rank=before)
        for r, rank, before in zip(results, ranks, last, strict=True)
    ]
    return _by_rank(scheme, made) if scheme.rule == "rank_share" else made


def _by_rank(scheme: Scheme, results: list[Result]) -> list[Result]:
    """Grades by the share of the ranked that stand below: of n, rank k leaves (n − k) / n; without a return no grade (MIIT green code, 2024). Falsified data get the last grade."""
    n = sum(r.rank is not None for r in results)
    made = []
    for r in results:
        if r.rank is None or r.assessed.falsified:
            made.append(
                replace(
                    r,
                    grade=scheme.grades[-1][0] if r.assessed.falsified and scheme.grades else "",
                    grade_reason="数据弄虚作假" if r.assessed.falsified else "没有填报，不赋码",
                )
            )
            continue
        below = (n - r.rank) / n
        made.append(
            replace(
                r,
                grade=next((name for name, least in scheme.grades if below >= least - 1e-9), ""),
                grade_reason=f"{n}个中第{r.rank}名",
            )
        )
    return made


def _span(item: Item, assessed: Sequence[Assessed]) -> tuple[float, float] | None:
    known = [
        v.actual
        for one in assessed
        if (v := one.values.get(item.id)) is not None and v.applicable and v.actual is not None
    ]
    return (min(known), max(known)) if known else None


def _one(scheme: Scheme, one: Assessed, spans: dict[str, tuple[float, float] | None]) -> Result:
    rows = [
        _item(item, one.values.get(item.id, Value()), spans.get(item.id))
        for item in scheme.items
        if not item.classes or one.class_ in item.classes
    ]
    counted = [row for row in rows if row.state != "not_applicable"]
    complete = all(row.state == "scored" for row in counted)
    full = sum(row.full for row in counted)
    points = sum(row.points for row in counted)
    if scheme.rule == "index":
        return Result(one, tuple(rows), points / full if full else 0.0, 100.0, "", "", complete)
    grade, reason = _grade(
        scheme, one, counted, points / full * scheme.full(one.class_) if full else 0.0, complete
    )
    return Result(one, tuple(rows), points, full, grade, reason, complete)


def _grade(
    scheme: Scheme, one: Assessed, rows: Sequence[ItemResult], points: float, complete: bool
) -> tuple[str, str]:
    if scheme.rule == "dual_carbon":
        control = sum(r.missed for r in rows if r.item.group.startswith("控制"))
        supporting = sum(r.missed for r in rows if not r.item.group.startswith("控制"))
        if not complete and not (one.falsified or control or supporting >= 3):
            return "", "有指标未报，不能定级"
        grade = scoring.dual_carbon_grade(control, supporting, falsified=one.falsified)
        return (
            grade,
            "数据弄虚作假"
            if one.falsified
            else f"控制指标未达标{control}项，支撑指标未达标{supporting}项",
        )
    if not scheme.grades or scheme.rule == "rank_share":
        return "", ""
    worst = scheme.grades[-1][0]
    if one.falsified:
        return worst, "数据弄虚作假"
    vetoed = [r.item.name for r in rows if r.item.veto and r.missed]
    if vetoed:
        return worst, f"一票否决：{'、'.join(vetoed)}未达标"
    if not complete:
        return "", "有指标未报，不能定级"
    grade = next((name for name, least in scheme.grades if points >= least - 1e-9), worst)
    return grade, f"{points:.2f}分"


def _item(item: Item, value: Value, span: tuple[float, float] | None) -> ItemResult:
    if not value.applicable:
        return ItemResult(item, 0.0, item.points, "not_applicable", "不适用，权重分给其余指标")
    if item.kind == "efficacy":
        if span is None:
            return ItemResult(
                item, item.points * 60.0, item.points, "scored", "各地均无数据，按60分计"
            )
        if value.actual is None:
            return _missing(item)
        score = scoring.efficacy(value.actual, *span, item.direction)
        return ItemResult(
            item,
            item.points * score,
            item.points,
            "scored",
            f"{value.actual:g}，区间{span[0]:g}—{span[1]:g}，得{score:.2f}",
        )
    if item.kind == "pair":
        if value.year_met is None or value.progress_met is None:
            return _missing(item)
        points = scoring.pair_points(value.year_met, value.progress_met, item.pair)
        told = f"年度{'完成' if value.year_met else '未完成'}，进度{'达到' if value.progress_met else '落后'}"
        return ItemResult(
            item, points, item.points, "scored", told, not (value.year_met and value.progress_met)
        )
    if (
        value.actual is None
        or (item.kind in ("met", "ratio", "step", "distance", "per_unit") and value.goal is None)
        or (item.kind == "distance" and value.base is None)
    ):
        return _missing(item)
    return _figure(item, value.actual, value.goal or 0.0, value.base or 0.0)


def _missing(item: Item) -> ItemResult:
    return ItemResult(item, 0.0, item.points, "missing", "未报数据")


def _figure(item: Item, actual: float, goal: float, base: float) -> ItemResult:
    """Points of an item by its figure."""
    if item.kind == "given":
        return ItemResult(
            item,
            min(max(actual, 0.0), item.points) if item.points else actual,
            item.points,
            "scored",
            f"评定{actual:g}分",
        )
    if item.kind == "event":
        return ItemResult(
            item,
            scoring.deduct_events(item.points, actual, item.per, item.floor),
            item.points,
            "scored",
            f"{actual:g}起，每起扣{item.per:g}分",
            actual > 0,
        )
    if item.kind in ("sector_ratio", "class"):
        level = (
            scoring.sector_grade(actual)
            if item.kind == "sector_ratio"
            else 1 + scoring.absolute_class(actual)
        )
        points = (
            item.steps[level - 1].points
            if len(item.steps) >= level
            else item.points * (1 - (level - 1) / (4 if item.kind == "sector_ratio" else 2))
        )
        return ItemResult(
            item, points, item.points, "scored", f"{actual:g}，第{level}级", level > 1
        )
    reached = scoring.met(actual, goal, item.direction)
    sign = {"lower": "≤", "higher": "≥", "hold": "保持≥"}[item.direction]
    told = f"实绩{actual:g}{item.unit}，目标{sign}{goal:g}{item.unit}，{'达标' if reached else '未达标'}"
    if item.kind == "met":
        return ItemResult(
            item, item.points if reached else 0.0, item.points, "scored", told, not reached
        )
    if item.kind == "per_unit":
        gap = actual - goal if item.direction == "lower" else goal - actual
        return ItemResult(
            item,
            scoring.deduct_per_unit(item.points, gap, item.per, item.floor),
            item.points,
            "scored",
            told + (f"，差{gap:g}，每单位扣{item.per:g}分" if gap > 0 else ""),
            not reached,
        )
    done = (
        scoring.distance(actual, base, goal)
        if item.kind == "distance"
        else scoring.completion(actual, goal, item.direction)
    )
    points = (
        scoring.step_points(done, item.steps)
        if item.kind == "step"
        else scoring.ratio_points(done, item.points, item.cap)
    )
    bonus = scoring.bonus_points(done, item.bonus_each, item.bonus_points, item.bonus_most)
    return ItemResult(
        item,
        points + bonus,
        item.points,
        "scored",
        f"{told}，完成率{done:.1%}" + (f"，加分{bonus:g}" if bonus else ""),
        not reached,
    )


def ranked(points: Sequence[float | None]) -> list[int | None]:
    """Competition ranks (1, 2, 2, 4), highest first; None for those without points. Points within 1e-9 of each other share a rank."""
    known = sorted((p for p in points if p is not None), reverse=True)
    return [None if p is None else 1 + sum(other > p + 1e-9 for other in known) for p in points]


def rank_range(
    results: Sequence[Result], *, spread: float = 0.2, draws: int = 2000, seed: int = 2026
) -> list[tuple[int, int, float] | None]:
    """For each result the best and worst rank, and the share of draws at its own rank, when every weight moves by up to ± ``spread``, evenly and independently. None where it is not ranked.

    Only weights move; what each item scored stays. ``draws`` × ``seed`` fix the answer.
    """
    chosen = [i for i, r in enumerate(results) if r.rank is not None]
    names = list(dict.fromkeys(row.item.id for i in chosen for row in results[i].items))
    shares = np.full((len(chosen), len(names)), np.nan)
    weights = np.zeros(len(names))
    for k, i in enumerate(chosen):
        for row in results[i].items:
            if row.state == "scored" and row.full > 0:
                shares[k, names.index(row.item.id)] = row.points / row.full
                weights[names.index(row.item.id)] = row.full
    factors = (
        np.random.default_rng(seed).uniform(1 - spread, 1 + spread, (draws, len(names))) * weights
    )
    known = ~np.isnan(shares)
    totals = (np.nan_to_num(shares) @ factors.T) / (known @ factors.T)
    ranks = 1 + (totals[None, :, :] > totals[:, None, :] + 1e-12).sum(axis=1)
    made: list[tuple[int, int, float] | None] = [None] * len(results)
    for k, i in enumerate(chosen):
        made[i] = (
            int(ranks[k].min()),
            int(ranks[k].max()),
            float((ranks[k] == results[i].rank).mean()),
        )
    return made
