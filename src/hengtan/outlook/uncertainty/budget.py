"""Odds of keeping a carbon budget: in each year, in sum from its first year on, and in all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hengtan.outlook.uncertainty.asked import Asked, Total
from hengtan.outlook.uncertainty.odds import Odds, Sampling, Study, study
from hengtan.outlook.uncertainty.sensitivity import Share
from hengtan.outlook.uncertainty.uncertain import Uncertain


@dataclass(frozen=True)
class BudgetYear:
    """A year of a budget. ``gap`` and ``gap_in_sum`` are budget less emissions at ``odds.LEVELS``
    of the draws, least room last; negative where it is overrun. [tCO2e]
    """

    year: int
    budget: float
    budget_in_sum: float
    kept: Odds
    kept_in_sum: Odds
    gap: tuple[float, ...]
    gap_in_sum: tuple[float, ...]


@dataclass(frozen=True)
class BudgetOdds:
    """A budget by year, the odds that its whole sum is kept, and that every year of it is."""

    years: tuple[BudgetYear, ...]
    whole: Odds
    every_year: Share
    study: Study


def budget_odds(
    uncertain: Uncertain,
    budget: Mapping[int, float],
    total: Total | None = None,
    sampling: Sampling | None = None,
) -> BudgetOdds:
    """Odds of keeping emissions within a budget by year. [tCO2e]

    Parameters
    ----------
    uncertain : Uncertain
        The pathway and its ranges.
    budget : mapping of year to float
        Emissions allowed in each year. [tCO2e]
    total : Total
        Emissions that the budget is about; by default all of the pathway.
    sampling : Sampling
        Number of draws and seed.

    Raises
    ------
    RangeWithoutSource
        Where a range names no source.
    NotInPathway
        Where the pathway lacks a year of the budget.
    ValueError
        Where the budget has no year.
    """
    if not budget:
        raise ValueError("a budget is of a year or more")
    total = total or Total("emissions")
    years = sorted(budget)
    single = [Asked(f"{year}", total.name, (year,), "<=", budget[year]) for year in years]
    sums = [
        Asked(
            f"{years[0]}-{year}",
            total.name,
            tuple(years[: number + 1]),
            "<=",
            sum(budget[y] for y in years[: number + 1]),
        )
        for number, year in enumerate(years)
    ]
    by_year = study(uncertain, [total], [*single, *sums], sampling, only_asked=True)
    kept, kept_in_sum = by_year.odds[: len(years)], by_year.odds[len(years) :]
    rows = tuple(
        BudgetYear(
            year,
            budget[year],
            own_sum.target.value,
            own,
            own_sum,
            gaps(own),
            gaps(own_sum),
        )
        for year, own, own_sum in zip(years, kept, kept_in_sum, strict=True)
    )
    # A draw that keeps every year keeps every sum: all targets together are all years.
    return BudgetOdds(rows, kept_in_sum[-1], by_year.all_met, by_year)


def gaps(odds: Odds) -> tuple[float, ...]:
    """Room left at ``odds.LEVELS`` of the draws."""
    return tuple(odds.target.value - figure for figure in odds.quantiles)
