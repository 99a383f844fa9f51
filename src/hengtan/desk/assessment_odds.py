"""The odds of each grade: items with a figure are settled, those with a forecast drawn jointly, the
rest unknown.

How points and grades follow from draws stands in ``assessment.odds``; the joint draws in
``plan.forecast.joint``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.assessment.evaluate import evaluate, grade_name
from hengtan.assessment.items import sentence
from hengtan.assessment.law import Law, law_of, national_law
from hengtan.assessment.odds import dual_carbon_odds, points_odds, points_of
from hengtan.assessment.scheme import Assessed, Item, Scheme, Value
from hengtan.basis.errors import HengtanError, NoSuchRow, Where
from hengtan.desk.assessment import Links, in_unit, place_of, with_ledger
from hengtan.desk.forecast import Forecasts
from hengtan.plan.forecast.joint import correlation, draws
from hengtan.plan.forecast.outlook import Outlook, met_share
from hengtan.workbooks.assessment import read_links, read_workbook

SEED = 2026
"""Of the draws of forecasts that a workbook states itself; the same workbook gives the same odds.
"""


@dataclass(frozen=True)
class GradeOdds:
    """Odds of the grades of one assessed, as far as is known.

    Where items are unknown, ``if_met`` and ``if_missed`` are the range between all of them met and
    all missed. ``basis``: what each item rests on (name, chance, words).
    """

    name: str
    odds: Mapping[str, float]
    if_met: Mapping[str, float]
    if_missed: Mapping[str, float]
    unknown: tuple[str, ...]
    basis: tuple[tuple[str, float | None, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "name": self.name,
            "odds": dict(self.odds),
            "if_unknown_met": dict(self.if_met),
            "if_unknown_missed": dict(self.if_missed),
            "unknown": list(self.unknown),
            "items": [
                {"name": name, "chance": chance, "basis": words}
                for name, chance, words in self.basis
            ],
        }


def odds(
    path: Path, forecasts: Forecasts | None, year: int, *, number: int = 100_000
) -> tuple[Scheme, list[GradeOdds]]:
    """Odds of the grades of a workbook in a year, from ``number`` joint draws.

    Raises HengtanError where the workbook names indicators of the ledger and there is none.
    """
    scheme, assessed = read_workbook(path)
    links = read_links(path)
    if forecasts is not None:
        assessed = with_ledger(scheme, assessed, links, forecasts, year)[0]
    elif any(indicator for indicator, _, _ in links.values()):
        raise HengtanError(
            "工作簿里填了台账指标，要指明工作区",
            "the workbook names indicators of the ledger",
            todo="加 -w 工作区",
            todo_en="add -w WORKSPACE",
        )
    ahead = _Ahead(links, forecasts, year, number)
    return scheme, [_odds_of(scheme, body, ahead) for body in assessed]


@dataclass(frozen=True)
class _Ahead:
    """What can be known of a year ahead: forecasts of the workbook and of the ledger."""

    links: Links
    forecasts: Forecasts | None
    year: int
    number: int

    @property
    def law(self) -> Law:
        """Numbers of the law of the workspace, or of the country where there is none."""
        if self.forecasts is None:
            return national_law()
        return law_of(self.forecasts.workspace.pack)


@dataclass
class _Drawn:
    """Draws of the items that have a forecast, the outlooks behind them, and what they rest on."""

    draws: dict[str, np.ndarray] = field(default_factory=dict)
    outlooks: dict[str, Outlook] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Standing:
    """One item: its chance to be met (NaN: unknown), words, and its points where settled."""

    item: Item
    chance: float
    words: str
    points: float | None = None

    @property
    def is_unknown(self) -> bool:
        return bool(np.isnan(self.chance))


def _odds_of(scheme: Scheme, body: Assessed, ahead: _Ahead) -> GradeOdds:
    items = [item for item in scheme.items if not item.classes or body.class_ in item.classes]
    drawn = _draws(body, items, ahead)
    standings = _standings(scheme, body, items, drawn, ahead.law)
    best = _graded(scheme, body, standings, drawn, ahead, assumed=1.0)
    worst = _graded(scheme, body, standings, drawn, ahead, assumed=0.0)
    unknown = tuple(s.item.name for s in standings if s.is_unknown)
    basis = tuple((s.item.name, None if s.is_unknown else s.chance, s.words) for s in standings)
    return GradeOdds(body.name, {} if unknown else best, best, worst, unknown, basis)


def _standings(
    scheme: Scheme, body: Assessed, items: Sequence[Item], drawn: _Drawn, law: Law
) -> list[_Standing]:
    """Each item settled by its figure, else by its draws, else unknown."""
    scored = {r.item.id: r for r in evaluate(scheme, [body], law)[0].items if r.state == "scored"}
    standings = []
    for item in items:
        value = body.values.get(item.id, Value())
        if item.id in scored:
            result = scored[item.id]
            chance = 0.0 if result.missed else 1.0
            words = f"已有实绩：{sentence(result.reason)}"
            standings.append(_Standing(item, chance, words, result.points))
        elif item.id in drawn.draws and value.goal is not None:
            chance = _chance(item, value, drawn, law)
            standings.append(_Standing(item, chance, drawn.basis[item.id]))
        else:
            words = "没有目标" if value.goal is None else "没有实绩，也没有预测"
            standings.append(_Standing(item, float("nan"), words))
    return standings


def _chance(item: Item, value: Value, drawn: _Drawn, law: Law) -> float:
    """Share of the draws of an item that meet its goal."""
    sample, goal = drawn.draws[item.id], value.goal or 0.0
    if item.id in drawn.outlooks:
        return met_share(sample, goal, "<=" if item.direction == "lower" else ">=") or 0.0
    _, missed = points_of(item, sample, goal, value.base or 0.0, law=law)
    return float(1 - missed.mean())


def _graded(
    scheme: Scheme,
    body: Assessed,
    standings: Sequence[_Standing],
    drawn: _Drawn,
    ahead: _Ahead,
    *,
    assumed: float,
) -> dict[str, float]:
    """Odds of the grades, unknown items assumed met (1) or missed (0)."""
    if scheme.rule == "dual_carbon":
        chances = [assumed if s.is_unknown else s.chance for s in standings]
        controls = [s.item.control for s in standings]
        together = _correlations([s.item for s in standings], drawn.outlooks)
        by_code = dual_carbon_odds(
            np.array([chances]),
            controls,
            draws=ahead.number,
            correlation=together,
            law=ahead.law,
        ).of(0)
        return {grade_name(grade): share for grade, share in by_code.items()}
    if scheme.rule != "points" or not scheme.grades:
        raise HengtanError(
            "这个方案不按分定级，算不出等级的可能性",
            "the scheme has no grades by points",
            where=Where(scheme.file),
            todo="用按分定级或双碳考核的方案",
            todo_en="use a scheme with grades",
        )
    fixed = {s.item.id: s.points for s in standings if s.points is not None}
    fixed |= {s.item.id: s.item.points * assumed for s in standings if s.is_unknown}
    samples = {item: sample for item, sample in drawn.draws.items() if item not in fixed}
    goals = {item: (v.goal or 0.0, v.base or 0.0) for item, v in body.values.items()}
    samples = samples or {"": np.zeros(1)}
    return points_odds(scheme, body.class_, samples, goals, fixed, ahead.law)[0]


def _correlations(items: Sequence[Item], outlooks: Mapping[str, Outlook]) -> np.ndarray:
    """Correlation of the items' draws: one with itself, and between those the ledger forecasts."""
    together = np.eye(len(items))
    rows = [n for n, item in enumerate(items) if item.id in outlooks]
    if len(rows) > 1:
        together[np.ix_(rows, rows)] = correlation([outlooks[items[n].id] for n in rows])
    return together


def _draws(body: Assessed, items: Sequence[Item], ahead: _Ahead) -> _Drawn:
    """Draws of the items that have a forecast: of the workbook (normal), or of the ledger
    (jointly).
    """
    drawn = _Drawn()
    factors: dict[str, float] = {}
    chance = np.random.default_rng(SEED)
    for item in items:
        indicator, middle, error = ahead.links.get((body.id, item.id), ("", None, None))
        is_open = body.values.get(item.id, Value()).actual is None
        if middle is not None and error is not None:
            drawn.draws[item.id] = chance.normal(middle, error, ahead.number)
            drawn.basis[item.id] = f"填报的预测 {middle:g} ± {error:g}"
        elif indicator and ahead.forecasts is not None and is_open:
            place = place_of(ahead.forecasts.workspace.pack, body.id)
            try:
                series, outlook = ahead.forecasts.of_series(place, indicator, ahead.year)
            except NoSuchRow:
                continue
            if outlook.state == "forecast" and outlook.years[-1].year == ahead.year:
                drawn.outlooks[item.id] = outlook
                points = len(series.points)
                drawn.basis[item.id] = f"台账 {indicator} 的预测，{points}个年度数值"
                factors[item.id] = in_unit(1.0, series.unit, item)
    if drawn.outlooks:
        together = draws(list(drawn.outlooks.values()), ahead.year, ahead.number)
        for column, item_id in enumerate(drawn.outlooks):
            drawn.draws[item_id] = together[:, column] * factors[item_id]
    return drawn
