"""Odds of a pathway: draws of its measures' effects within the ranges that their rows state, the
fan of emissions, how likely targets and carbon budgets are kept, and which measure matters most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hengtan.desk.pathway import PathwayDesk
from hengtan.outlook.pathway.measures import ESTABLISHED, Row, at, percent
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.uncertainty.asked import Asked, Total
from hengtan.outlook.uncertainty.laws import Range

if TYPE_CHECKING:
    from hengtan.outlook.uncertainty.odds import Odds, Sampling, Study
    from hengtan.outlook.uncertainty.sensitivity import Influence
    from hengtan.outlook.uncertainty.uncertain import Uncertain

EMISSIONS, BURNT = "emissions", "burnt"
CO2_TARGETS = ("co2_total", "co2_intensity_gdp")
"""Indicators that go with the carbon dioxide of burnt fuel, GDP being as the scenario has it."""
INFLUENCE_DRAWS = 4096


@dataclass(frozen=True)
class Wish:
    """What is drawn and asked: number of draws, seed, and emissions that a year may have at most
    [tCO2e].
    """

    draws: int = 100_000
    seed: int = 1
    caps: Mapping[int, float] = field(default_factory=dict)


def caps_of(asked: Sequence[str]) -> dict[int, float]:
    """Caps by year [tCO2e] from words such as ``2030=12000万吨``; a number alone is in t.

    Raises HengtanError for a year or an amount that is none.
    """
    caps: dict[int, float] = {}
    for text in asked:
        year, _, amount = text.partition("=")
        try:
            number, unit = _AMOUNT.fullmatch(amount.strip()).groups()  # type: ignore[union-attr]
            caps[int(year)] = float(number.replace(",", "")) * _TONNES[unit]
        except (AttributeError, ValueError, KeyError):
            raise refusal("not_a_cap", text) from None
    return caps


_AMOUNT = re.compile(r"([\d.,]+)\s*(\D*)")
_TONNES = {"": 1.0, "吨": 1.0, "t": 1.0, "万吨": 1e4, "百万吨": 1e6, "Mt": 1e6, "亿吨": 1e8}


def ranges_of(desk: PathwayDesk) -> tuple[Range, ...]:
    """The ranges of the parts of a study, from the rows of its measures.

    Raises HengtanError, with the place of the row, where rows of one part state several ranges.
    """
    study = desk.study
    ranges: dict[str, Range] = {}
    for row, part in zip(study.rows, study.portions.of_row, strict=True):
        if row.get("low") is None:
            continue
        name = study.portions.names[part]
        stated = _range(name, row)
        if ranges.setdefault(name, stated) != stated:
            raise at(row, "low", "two_ranges", row["measure"])
    return tuple(ranges.values())


def _range(name: str, row: Row) -> Range:
    return Range(
        name,
        row.get("distribution") or "triangular",
        percent(row["low"], 0.0),
        percent(row["effect"], 0.0),
        percent(row["high"], 0.0),
        str(row.get("range_source") or ""),
        assumed=row.get("range_mark") != ESTABLISHED,
    )


def odds_of(desk: PathwayDesk, wish: Wish | None = None) -> dict[str, Any]:
    """The fan of emissions by year, odds of targets, caps and budgets, and influences.

    Raises ``RangeWithoutSource`` naming measures whose range has no source, and HengtanError where
    no measure has a range.
    """
    from hengtan.outlook.uncertainty.engine import Engine
    from hengtan.outlook.uncertainty.odds import LEVELS, Sampling, study
    from hengtan.outlook.uncertainty.sensitivity import influences

    wish = wish or Wish()
    uncertain = _uncertain(desk)
    sampling = Sampling(wish.draws, wish.seed)
    totals = [Total(EMISSIONS), Total(BURNT, "burnt")]
    asked = [*_caps(wish), *_targets(desk)]
    drawn = study(uncertain, totals, asked, sampling)
    engine = Engine(uncertain, drawn.question, wish.seed)
    matters = influences(engine, INFLUENCE_DRAWS) if asked else []
    return {
        "draws": wish.draws,
        "seed": wish.seed,
        "levels": list(LEVELS),
        "years": _fan(desk, drawn),
        "odds": [_odds(odds) for odds in drawn.odds],
        "budget": _budget(desk, uncertain, sampling),
        "influences": [_influence(each) for each in matters],
        "ranges": [vars(law) for law in drawn.ranges],
        "fixed": list(drawn.fixed),
    }


def _uncertain(desk: PathwayDesk) -> Uncertain:
    from hengtan.outlook.uncertainty.uncertain import Uncertain

    ranges = ranges_of(desk)
    if not ranges:
        raise refusal("no_ranges")
    return Uncertain(desk.study.pathway, ranges)


def _caps(wish: Wish) -> list[Asked]:
    return [Asked(f"cap {year}", EMISSIONS, (year,), "<=", wish.caps[year]) for year in wish.caps]


def _targets(desk: PathwayDesk) -> list[Asked]:
    """Goals of carbon dioxide as caps of what is burnt in their year: as GDP is not drawn, a goal's
    figure goes with the emission, so that the cap is the central emission times how far the goal
    lies from the central figure.
    """
    burnt = desk.study.outcome().burnt.sum(axis=(0, 1, 2))
    asked = []
    for row in _judged_in_their_year(desk):
        central = float(burnt[desk.study.year(row["deadline_year"])])
        factor = _times_of_central(row)
        if factor is not None:
            year = (row["deadline_year"],)
            asked.append(Asked(row["target_id"], BURNT, year, "<=", central * factor))
    return asked


def _judged_in_their_year(desk: PathwayDesk) -> list[Mapping[str, Any]]:
    """Targets of carbon dioxide that are due within the study, judged at their deadline; of a study
    of several regions none, since a goal is of one place.
    """
    if len(desk.study.base.regions) > 1:
        return []
    years = set(desk.study.pathway.years[1:])
    rows = desk.targets(desk.asked.until)
    due = {
        row["deadline_year"]
        for row in rows
        if row["indicator"] in CO2_TARGETS and row["deadline_year"] in years
    }
    return [
        row
        for year in sorted(due)
        for row in desk.targets(year)
        if row["indicator"] in CO2_TARGETS
        and row["deadline_year"] == year
        and row["rests_on_scenario"]
    ]


def _times_of_central(row: Mapping[str, Any]) -> float | None:
    """How much of the central emission meets a goal; None where its figure cannot say."""
    goal, latest = row.get("goal"), row.get("latest")
    if goal is None or latest is None:
        return None
    if row["operator"] == "decrease_by":
        return (100.0 - goal) / (100.0 - latest) if latest < 100 else None
    if row["operator"] in ("<=", "<", "at_most"):
        return goal / latest if latest > 0 else None
    return None


def _fan(desk: PathwayDesk, drawn: Study) -> list[dict[str, Any]]:
    rows = []
    for number, year in enumerate(desk.study.pathway.years):
        rows.append(
            {
                "year": year,
                "central": float(drawn.central[0, number]),
                "mean": float(drawn.mean[0, number]),
                "quantiles": drawn.fan[0, number].tolist(),
                "quantile_error": float(drawn.fan_error[0, number]),
            }
        )
    return rows


def _odds(odds: Odds) -> dict[str, Any]:
    return {
        "target": odds.target.name,
        "year": odds.target.years[-1],
        "at_most": odds.target.value,
        "central": odds.central,
        "odds": odds.odds,
        "low": odds.low,
        "high": odds.high,
        "quantiles": list(odds.quantiles),
        "assumed": odds.assumed.value,
        "assumed_low": odds.assumed.low,
        "assumed_high": odds.assumed.high,
    }


def _budget(desk: PathwayDesk, uncertain: Uncertain, sampling: Sampling) -> dict[str, Any] | None:
    """Odds of the carbon budget of the place; None where there is none within the study."""
    from hengtan.outlook.uncertainty.budget import budget_odds

    rows = _budget_rows(desk)
    if not rows:
        return None
    kept = budget_odds(uncertain, rows, Total(BURNT, "burnt"), sampling)
    return {
        "years": [
            {
                "year": row.year,
                "budget": row.budget,
                "kept": row.kept.odds,
                "kept_in_sum": row.kept_in_sum.odds,
                "gap": list(row.gap),
                "assumed": row.kept.assumed.value,
            }
            for row in kept.years
        ],
        "whole": kept.whole.odds,
        "every_year": kept.every_year.value,
    }


def _budget_rows(desk: PathwayDesk) -> dict[int, float]:
    """Budgets of the later years, added up over the regions. [tCO2]"""
    base = desk.study.base.year
    budget: dict[int, float] = {}
    for row in desk.budget():
        if row["year"] > base:
            budget[row["year"]] = budget.get(row["year"], 0.0) + float(row["budget"])
    return budget


def _influence(each: Influence) -> dict[str, Any]:
    return {
        "target": each.target,
        "measure": each.name,
        "first": each.first.value,
        "total": each.total.value,
        "low": each.total.low,
        "high": each.total.high,
        "rank": each.rank,
    }


__all__: Sequence[str] = ("Wish", "caps_of", "odds_of", "ranges_of")
