"""Runs a scheme: points of each item with the codes of what was lost, totals, grades with vetoes,
ranks with ties, and what other weights would change.

Grade rules: 2016 green development index, 2026 dual carbon, MIIT green code (2024); sources in the
packs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hengtan.accounts.ranks import competition_ranks, ranked
from hengtan.assessment.items import ItemResult, item_results
from hengtan.assessment.law import Law, national_law
from hengtan.assessment.scheme import WORDS, Assessed, Scheme, Value, check
from hengtan.assessment.scoring import (
    AT_LEAST,
    DUAL_CARBON_GRADES,
    dual_carbon_index,
    grade_index,
)
from hengtan.basis.words import coded

TIE, WEIGHTED_TIE = 1e-9, 1e-12
"""Points no farther apart than this share a rank; and shares of points under other weights."""


@dataclass(frozen=True)
class Result:
    """The result of one assessed.

    ``points`` over ``full``: on the scale of the scheme's full mark; ``grade``: a grade of the
    scheme, or a code of ``DUAL_CARBON_GRADES``; ``grade_reason``: a code; ``rank`` None where it is
    not ranked; ``complete``: nothing is missing.
    """

    assessed: Assessed
    items: tuple[ItemResult, ...]
    points: float
    full: float
    grade: str
    grade_reason: str
    complete: bool
    rank: int | None = None
    last_rank: int | None = None

    def as_dict(self, language: str = "zh") -> dict[str, Any]:
        """JSON form, grade and reasons in words."""
        return {
            "id": self.assessed.id,
            "name": self.assessed.name,
            "class": self.assessed.class_,
            "points": round(self.points, 4),
            "full": round(self.full, 4),
            "grade": grade_name(self.grade, language),
            "grade_reason": WORDS.say(self.grade_reason, language) if self.grade_reason else "",
            "rank": self.rank,
            "last_rank": self.last_rank,
            "complete": self.complete,
            "items": [row.as_dict(language) for row in self.items],
        }


def grade_name(grade: str, language: str = "zh") -> str:
    """The words of a dual-carbon grade; grades of a scheme's own are words already."""
    return WORDS.say(f"grade.{grade}", language) if grade in DUAL_CARBON_GRADES else grade


def evaluate(scheme: Scheme, assessed: Sequence[Assessed], law: Law | None = None) -> list[Result]:
    """Results in the order given, ranked by points (ties share a rank, the next is skipped).

    Those with missing figures are scored but not ranked. ``law``: constants of scoring, those of
    the national pack where none are given. Raises HengtanError for a bad scheme.

    In an index (2016) an item that no one reports keeps its weight with the floor; one that does
    not exist somewhere is left out there and its weight goes to the rest.
    """
    check(scheme)
    law = law or national_law()
    columns = {
        item.id: item_results(item, [who.values.get(item.id, Value()) for who in assessed], law)
        for item in scheme.items
    }
    results = [
        _result(scheme, who, [columns[item.id][n] for item in scheme.items_of(who.class_)], law)
        for n, who in enumerate(assessed)
    ]
    ranks = ranked([r.points if r.complete else None for r in results], tie=TIE)
    last_ranks = ranked([who.last_points for who in assessed], tie=TIE)
    results = [
        replace(result, rank=rank, last_rank=last_rank)
        for result, rank, last_rank in zip(results, ranks, last_ranks, strict=True)
    ]
    return _by_rank(scheme, results) if scheme.rule == "rank_share" else results


def _result(scheme: Scheme, who: Assessed, rows: Sequence[ItemResult], law: Law) -> Result:
    """Points and grade of one assessed, on the scale of the scheme's full mark."""
    counted = [row for row in rows if row.state != "not_applicable"]
    complete = all(row.state == "scored" for row in counted)
    full = sum(row.full for row in counted)
    share = sum(row.points for row in counted) / full if full else 0.0
    if scheme.rule == "index":
        return Result(who, tuple(rows), share, law.efficacy_full, "", "", complete)
    full_mark = scheme.full(who.class_)
    points = share * full_mark
    grade, reason = _grade(scheme, who, counted, points, law)
    return Result(who, tuple(rows), points, full_mark, grade, reason, complete)


def _grade(
    scheme: Scheme, who: Assessed, rows: Sequence[ItemResult], points: float, law: Law
) -> tuple[str, str]:
    """Grade and the code of its reason; both empty where the scheme has no grades by points."""
    complete = all(row.state == "scored" for row in rows)
    if scheme.rule == "dual_carbon":
        return _dual_carbon_grade(who, rows, complete, law)
    if not scheme.grades or scheme.rule == "rank_share":
        return "", ""
    worst = scheme.grades[-1][0]
    if who.falsified:
        return worst, "falsified"
    vetoed = [row.item.name for row in rows if row.item.veto and row.missed]
    if vetoed:
        return worst, coded("vetoed", "、".join(vetoed))
    if not complete:
        return "", "incomplete"
    return scheme.grades[grade_index(points, scheme.grades)][0], coded("points", f"{points:.2f}")


def _dual_carbon_grade(
    who: Assessed, rows: Sequence[ItemResult], complete: bool, law: Law
) -> tuple[str, str]:
    """By the count of goals missed; what is missing can only make it worse, so the worst is
    certain.
    """
    worst = len(DUAL_CARBON_GRADES) - 1
    if who.falsified:
        return DUAL_CARBON_GRADES[worst], "falsified"
    control = sum(row.missed for row in rows if row.item.control)
    supporting = sum(row.missed for row in rows if not row.item.control)
    index = int(dual_carbon_index(control, supporting, law))
    if not complete and index != worst:
        return "", "incomplete"
    return DUAL_CARBON_GRADES[index], coded("goals_missed", control, supporting)


def _by_rank(scheme: Scheme, results: Sequence[Result]) -> list[Result]:
    """Grades by the share of the ranked that stand below: of n, rank k leaves (n − k) / n.

    Without a return no grade (MIIT green code, 2024). Falsified data get the last grade.
    """
    number = sum(result.rank is not None for result in results)
    graded = []
    for result in results:
        grade, reason = _grade_by_rank(scheme, result, number)
        graded.append(replace(result, grade=grade, grade_reason=reason))
    return graded


def _grade_by_rank(scheme: Scheme, result: Result, number: int) -> tuple[str, str]:
    if result.assessed.falsified:
        return scheme.grades[-1][0] if scheme.grades else "", "falsified"
    if result.rank is None:
        return "", "no_return"
    below = (number - result.rank) / number
    earned = [grade for grade, least in scheme.grades if below >= least - AT_LEAST]
    return earned[0] if earned else "", coded("rank_of", number, result.rank)


def rank_range(
    results: Sequence[Result], *, spread: float = 0.2, draws: int = 2000, seed: int = 2026
) -> list[tuple[int, int, float] | None]:
    """What other weights would change: for each result the best and worst rank, and the share of
    draws at its own rank, when every weight moves by up to ± ``spread``, evenly and independently.

    None where it is not ranked. Only weights move; what each item scored stays. ``draws`` ×
    ``seed`` fix the answer.
    """
    chosen = [i for i, result in enumerate(results) if result.rank is not None]
    shares, weights = _shares_of_weights([results[i] for i in chosen])
    moved = np.random.default_rng(seed).uniform(1 - spread, 1 + spread, (draws, len(weights)))
    moved_weights = moved * weights
    known = ~np.isnan(shares)
    full = known @ moved_weights.T
    earned = np.nan_to_num(shares) @ moved_weights.T
    totals = np.divide(earned, full, out=np.zeros_like(full), where=full > 0)
    ranks = np.apply_along_axis(competition_ranks, 0, totals, tie=WEIGHTED_TIE)
    ranges: list[tuple[int, int, float] | None] = [None] * len(results)
    for row, i in zip(ranks, chosen, strict=True):
        ranges[i] = int(row.min()), int(row.max()), float((row == results[i].rank).mean())
    return ranges


def _shares_of_weights(results: Sequence[Result]) -> tuple[np.ndarray, np.ndarray]:
    """What share of its weight each item scored, shape (results, items), NaN where it did not; and
    the weights of the items.
    """
    names = list(dict.fromkeys(row.item.id for result in results for row in result.items))
    shares = np.full((len(results), len(names)), np.nan)
    weights = np.zeros(len(names))
    for k, result in enumerate(results):
        for row in result.items:
            if row.state == "scored" and row.full > 0:
                column = names.index(row.item.id)
                shares[k, column] = row.points / row.full
                weights[column] = row.full
    return shares, weights
