"""A budget as JSON: years, allocations with their reasons, executions."""

from __future__ import annotations

from typing import Any

from hengtan.basis.words import Words
from hengtan.plan.budget.execute import Execution
from hengtan.workbooks.budget.layout import Allocation, Budget


def as_dict(budget: Budget) -> dict[str, Any]:
    """JSON form: years, allocations with reasons, executions."""
    years = [year.year for year in budget.years]
    return {
        "title": budget.title,
        "region": budget.region,
        "unit": budget.unit,
        "years": [
            {
                "year": year.year,
                "rule": year.rule,
                "gdp": year.gdp,
                "required_cut": year.required_cut,
                "by_intensity": year.by_intensity,
                "by_cap": year.by_cap,
                "budget": year.budget,
                "reserve": int(reserve),
                "reason": Words.of("hengtan.plan").say(year.reason),
                "reason_en": Words.of("hengtan.plan").say(year.reason, "en"),
            }
            for year, reserve in zip(budget.years, budget.reserve, strict=True)
        ],
        "allocations": [
            _sharer(allocation, n, years)
            for allocation in budget.allocations
            for n in range(len(allocation.level.keys))
        ],
        "executions": [
            _execution(district or budget.region, year, *both)
            for (district, year), both in budget.executions.items()
        ],
        "findings": [finding.as_dict() for finding in budget.findings],
    }


def _sharer(allocation: Allocation, n: int, years: list[int]) -> dict[str, Any]:
    """What the nth sharer of a level got."""
    level = allocation.level
    return {
        "level": level.name,
        "path": list(level.keys[n]),
        "principles": {name: weight for name, weight in level.principles.items() if weight > 0},
        "shares": {name: round(float(share[n]), 8) for name, share in allocation.single.items()},
        "share": round(float(allocation.share[n]), 8),
        "years": {str(year): int(allocation.units[n, at]) for at, year in enumerate(years)},
    }


def _execution(who: str, year: int, counted: Execution, every: Execution) -> dict[str, Any]:
    """An execution with the projects that count, and what all projects would make of it."""
    return {
        "who": who,
        "year": year,
        "budget": counted.budget,
        "expected": counted.expected,
        "gap": counted.gap,
        "rate": counted.rate,
        "runs_out": counted.runs_out,
        "weights": counted.weights,
        "months": [vars(month) for month in counted.months],
        "with_all_projects": {
            "expected": every.expected,
            "gap": every.gap,
            "runs_out": every.runs_out,
        },
    }
