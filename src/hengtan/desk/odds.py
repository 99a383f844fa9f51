"""Odds of a pathway: draws of its measures' effects and of the change of its drivers within the
ranges that their rows state, the fan of emissions, how likely targets and carbon budgets are kept,
and which measure or driver matters most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hengtan.desk.caps import budget_caps, caps_of
from hengtan.desk.names_in_rows import columns_by_title
from hengtan.desk.pathway import PathwayDesk
from hengtan.desk.target_odds import TargetOdds
from hengtan.outlook.pathway.measures import ESTABLISHED, Row, at, percent, place_of
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.uncertainty.asked import Asked, Total
from hengtan.outlook.uncertainty.bought_power import in_region
from hengtan.outlook.uncertainty.laws import BadRange, Range

if TYPE_CHECKING:
    from hengtan.outlook.pathway.study import Study as PathwayStudy
    from hengtan.outlook.uncertainty.odds import Odds, Sampling, Study
    from hengtan.outlook.uncertainty.sensitivity import Influence
    from hengtan.outlook.uncertainty.uncertain import Uncertain

EMISSIONS, BURNT = "emissions", "burnt CO2"
INFLUENCE_DRAWS = 4096


@dataclass(frozen=True)
class Wish:
    """What is drawn and asked: number of draws, seed, and emissions that a year may have at most
    [tCO2e].
    """

    draws: int = 100_000
    seed: int = 1
    caps: Mapping[int, float] = field(default_factory=dict)


def ranges_of(study: PathwayStudy) -> tuple[Range, ...]:
    """The ranges of the parts of a study, from the rows of its measures.

    Raises HengtanError, with the place of the row, where rows of one part state several ranges.
    """
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
    """The range that a row states. Raises ``BadRange``, with the place of the row."""
    try:
        return Range(
            name,
            row.get("distribution") or "triangular",
            percent(row["low"], 0.0),
            percent(row["effect"], 0.0),
            percent(row["high"], 0.0),
            str(row.get("range_source") or ""),
            assumed=row.get("range_mark") != ESTABLISHED,
            of=row["measure"],
        )
    except BadRange as error:
        raise BadRange(
            error.zh,
            error.en,
            where=place_of(row, "effect"),
            todo=error.todo,
            todo_en=error.todo_en,
        ) from error


def odds_of(desk: PathwayDesk, wish: Wish | None = None) -> dict[str, Any]:
    """The fan of emissions by year, odds of targets, caps and budgets, and influences.

    Raises ``RangeWithoutSource`` naming measures whose range has no source, and HengtanError where
    neither a measure nor a driver has a range.
    """
    from hengtan.outlook.uncertainty.engine import Engine
    from hengtan.outlook.uncertainty.odds import LEVELS, Sampling, study
    from hengtan.outlook.uncertainty.sensitivity import influences

    wish = wish or Wish()
    uncertain = _uncertain(desk)
    sampling = Sampling(wish.draws, wish.seed)
    goals = TargetOdds(desk)
    more, targets = goals.asked
    totals = [Total(EMISSIONS), *more]
    asked = [*_caps(wish), *targets]
    drawn = study(uncertain, totals, asked, sampling)
    engine = Engine(uncertain, drawn.question, wish.seed)
    matters = influences(engine, INFLUENCE_DRAWS) if asked else []
    drivers = {trend.deviation.of: trend.deviation.name for trend in uncertain.trends}
    english = _drivers_in_english(desk) if matters else {}
    return {
        "draws": wish.draws,
        "seed": wish.seed,
        "levels": list(LEVELS),
        "years": _fan(desk, drawn),
        "odds": [_odds(odds, goals.titles) for odds in drawn.odds],
        "budget": _budget(desk, uncertain, sampling),
        "influences": [_influence(each, drivers, english) for each in matters],
        "ranges": [vars(law) for law in drawn.ranges],
        "fixed": list(drawn.fixed),
    }


def _uncertain(desk: PathwayDesk) -> Uncertain:
    from hengtan.outlook.uncertainty.driver_ranges import trends_of
    from hengtan.outlook.uncertainty.uncertain import Uncertain

    with columns_by_title(desk.workspace, "measure_effects", "pathway_drivers"):
        ranges = ranges_of(desk.study)
        trends = trends_of(desk.study, desk.there.drivers, desk.called)
    if not ranges and not trends:
        raise refusal("no_ranges")
    return Uncertain(desk.study.pathway, ranges, trends)


def _caps(wish: Wish) -> list[Asked]:
    return [Asked(f"cap {year}", EMISSIONS, (year,), "<=", wish.caps[year]) for year in wish.caps]


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


def _odds(odds: Odds, titles: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "target": odds.target.name,
        "title": titles.get(odds.target.name),
        "year": odds.target.years[-1],
        "of": odds.target.total,
        "operator": odds.target.operator,
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

    rows = budget_caps(desk)
    if not rows:
        return None
    burnt = [
        (in_region(TargetOdds(desk, place).burnt_co2(max(rows)), place), 1.0)
        for place in desk.study.base.regions
    ]
    kept = budget_odds(uncertain, rows, Total(BURNT, "sum", parts=tuple(burnt)), sampling)
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


def _drivers_in_english(desk: PathwayDesk) -> dict[str, str]:
    """The English name of each driver with a range, by what its draws are numbered by."""
    from hengtan.outlook.uncertainty.driver_ranges import trends_of

    def called(code: str) -> str:
        return desk.names.get(code, (code, code))[1]

    with columns_by_title(desk.workspace, "pathway_drivers"):
        trends = trends_of(desk.study, desk.there.drivers, called, ", ")
    return {trend.deviation.of: trend.deviation.name for trend in trends}


def _influence(
    each: Influence, drivers: Mapping[str, str], english: Mapping[str, str]
) -> dict[str, Any]:
    """What a measure, by its code, or a driver, by its name in both languages, does to a target."""
    return {
        "target": each.target,
        "measure": drivers.get(each.name, each.name),
        "measure_en": english.get(each.name, each.name),
        "first": each.first.value,
        "total": each.total.value,
        "low": each.total.low,
        "high": each.total.high,
        "rank": each.rank,
    }


__all__: Sequence[str] = ("Wish", "caps_of", "odds_of", "ranges_of")
