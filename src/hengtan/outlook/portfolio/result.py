"""A choice as tables: targets with their prices, measures, regions and years, and how much of it
rests on assumed numbers. Every figure is worked out anew from the levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.choose import Choice
from hengtan.outlook.portfolio.money import Spent, discount, spent
from hengtan.outlook.portfolio.study import (
    Study,
    Target,
    counted_by_place,
    reduced_by,
    total_of,
)
from hengtan.outlook.portfolio.tangent import contributions

YUAN = 10_000.0
"""Yuan of the unit that money is counted in (万元)."""
IN_USE = 1e-6


@dataclass(frozen=True)
class Assumed:
    """Share of a choice that rests on assumed numbers: of what is cut of the first target, and of
    what is paid (savings and payments each counted by size). [1]
    """

    cut: float
    cost: float


def tables(choice: Choice) -> dict[str, Any]:
    """All tables of a choice, as plain values."""
    study = choice.study
    paid = spent(study, choice.level)
    shares = [contributions(study, choice.level, target) for target in study.targets]
    assumed = assumed_shares(choice, paid, shares)
    return {
        "name": study.name,
        "base_year": study.costs.base_year,
        "rate": study.costs.rate,
        "cost": choice.cost,
        "capital": float(paid.capital.sum()),
        "running": float(paid.running.sum()),
        "gap": choice.gap,
        "additive_gap": choice.first_gap,
        "missed": max(0.0, choice.missed),
        "rounds": len(choice.rounds),
        "integer_gap": choice.optimum.gap if study.whole else None,
        "assumed_cut": assumed.cut,
        "assumed_cost": assumed.cost,
        "targets": [_target(choice, number) for number in range(len(study.targets))],
        "measures": [_measure(choice, paid, shares, name) for name in study.parts],
        "regions": _regions(choice, paid, shares),
        "years": [_year(choice, paid, y) for y in range(study.shape[2])],
        "levels": _levels(choice),
    }


def assumed_shares(choice: Choice, paid: Spent, shares: list[Array]) -> Assumed:
    """How much of a choice rests on assumed numbers."""
    study = choice.study
    by_size = np.abs(paid.capital).sum(axis=(1, 2)) + np.abs(paid.running).sum(axis=(1, 2))
    cut = np.abs(shares[0].sum(axis=(1, 2))) if shares else np.zeros(study.shape[0])
    return Assumed(_part(cut, study.assumed_effect), _part(by_size, study.assumed_cost))


def _part(sizes: Array, chosen: Array) -> float:
    total = float(sizes.sum())
    return float(sizes[chosen.astype(bool)].sum()) / total if total > 0 else 0.0


def _target(choice: Choice, number: int) -> dict[str, Any]:
    study, target = choice.study, choice.study.targets[number]
    price = float(choice.prices[number]) * YUAN
    worth = discount(study)[list(target.years)]
    without, measured = float(choice.without[number]), float(choice.measured[number])
    return {
        "zh": target.zh,
        "en": target.en,
        "unit": target.unit,
        "years": [study.pathway.years[year] for year in target.years],
        "limit": target.limit,
        "without": without,
        "measured": measured,
        "cut": without - measured,
        "price": price,
        "price_of_its_year": price / float(worth[0]) if len(target.years) == 1 else None,
        "mark": target.mark,
        "counts": target.counts,
    }


def _measure(choice: Choice, paid: Spent, shares: list[Array], name: str) -> dict[str, Any]:
    study = choice.study
    parts = study.parts[name]
    level = choice.level[parts].max(axis=0)
    beyond = choice.level[parts] - study.floor[parts][:, :, None]
    used = beyond.max(axis=0) > IN_USE
    reached = (study.pathway.coverage[parts] > 0).any(axis=0)
    rising = used.any(axis=0)
    begins = study.pathway.years[int(np.argmax(rising))] if rising.any() else None
    return {
        "measure": name,
        "changes": [change for part in parts for change in _changes(study, part)],
        "begins": begins,
        "level": float(level[reached, -1].mean()) if reached.any() else 0.0,
        "regions": int(used[:, -1].sum()),
        "capital": float(paid.capital[parts].sum()),
        "running": float(paid.running[parts].sum()),
        "cut": [float(share[parts].sum()) for share in shares],
        "assumed_effect": bool(study.assumed_effect[parts].any()),
        "assumed_cost": bool(study.assumed_cost[parts].any()),
    }


def _changes(study: Study, number: int) -> list[dict[str, Any]]:
    """The drivers that a measure changes, by the names of the pathway."""
    pathway = study.pathway
    return [
        {
            "driver": act.driver,
            "sectors": [pathway.sectors[sector] for sector in act.sectors],
            "carrier": None if act.carrier is None else pathway.carriers[act.carrier],
            "to": None if act.to is None else pathway.carriers[act.to],
            "effect": float(pathway.effect[number]),
        }
        for act in pathway.acts
        if act.measure == number
    ]


def _regions(choice: Choice, paid: Spent, shares: list[Array]) -> list[dict[str, Any]]:
    """What each region pays and cuts, of each target and of all emissions of all years."""
    study = choice.study
    capital = paid.capital.sum(axis=(0, 2))
    whole = float(capital.sum())
    everything = Target("", "", 0.0, tuple(range(study.shape[2])))
    emitted = [
        counted_by_place(study.pathway, reduced_by(study, level), everything).sum(axis=1)
        for level in (study.nothing, choice.level)
    ]
    return [
        {
            "region": name,
            "capital": float(capital[number]),
            "share": float(capital[number]) / whole if whole > 0 else None,
            "running": float(paid.running[:, number].sum()),
            "cut": [float(share[:, number].sum()) for share in shares],
            "cut_of_all_years": float(emitted[0][number] - emitted[1][number]),
        }
        for number, name in enumerate(study.pathway.regions)
    ]


def _year(choice: Choice, paid: Spent, number: int) -> dict[str, Any]:
    study, rows = choice.study, choice.optimum.program.rows
    year = study.pathway.years[number]
    emitted = [_emissions(study, number, level) for level in (choice.level, study.nothing)]
    prices = {
        name: -float(choice.optimum.price(f"{name} {year}")[0])
        for name in ("capital", "spending")
        if f"{name} {year}" in rows
    }
    return {
        "year": year,
        "capital": float(paid.capital[:, :, number].sum()),
        "running": float(paid.running[:, :, number].sum()),
        "capital_budget": _finite(study.capital_budget[number]),
        "spending_budget": _finite(study.spending_budget[number]),
        "worth_of_capital": prices.get("capital"),
        "worth_of_spending": prices.get("spending"),
        "emissions": emitted[0],
        "emissions_without": emitted[1],
        "with_power": _beside(study, number, choice.level),
        "with_power_without": _beside(study, number, study.nothing),
    }


def _beside(study: Study, year: int, level: Array) -> float | None:
    """Emissions with indirect ones, where the study has them; None where they are not known."""
    if study.beside is None:
        return None
    by_year = study.beside.by_year(study.pathway, reduced_by(study, level))
    return None if np.isnan(by_year[year]) else float(by_year[year])


def _emissions(study: Study, year: int, level: Array) -> float:
    everything = Target("", "", 0.0, (year,))
    by_place = counted_by_place(study.pathway, reduced_by(study, level), everything)
    return total_of(everything, by_place)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _levels(choice: Choice) -> list[dict[str, Any]]:
    """Levels by measure and region, where there is any; parts that move together once."""
    study = choice.study
    used = (choice.level > study.floor[:, :, None] + IN_USE).any(axis=2) & (study.leads > 0)
    return [
        {
            "measure": study.owner[m],
            "region": study.pathway.regions[r],
            "levels": [round(float(each), 6) for each in choice.level[m, r]],
        }
        for m, r in zip(*np.nonzero(used), strict=True)
    ]
