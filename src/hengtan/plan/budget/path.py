"""The budget of each year: from an intensity goal and an outlook of GDP, from an absolute cap, and which of the two binds in which phase."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hengtan.plan.formulas import required_cut_compound, required_cut_linear

RULES = {"intensity": "强度为主、总量为辅", "total": "总量为主、强度为辅"}
"""Phases of 国办发〔2024〕39号: intensity first in the 15th five-year period, total first after the peak."""


@dataclass(frozen=True)
class Phase:
    """From ``first`` on one rule holds, until the next phase."""

    first: int
    rule: str


@dataclass(frozen=True)
class YearBudget:
    """The budget of a year and what it came from. Amounts in the unit of the base emission, rounded down to whole units in ``budget``."""

    year: int
    rule: str
    gdp: float | None
    required_cut: float | None
    by_intensity: float | None
    by_cap: float | None
    amount: float
    budget: int
    reason: str


def intensity_amount(
    base_emission: float, base_gdp: float, gdp: float, required_cut: float
) -> float:
    """Emission that an intensity goal leaves room for: E₀ / GDP₀ × GDP × (1 − required cut). GDP at constant prices of one base. [unit of the emission]"""
    return base_emission / base_gdp * gdp * (1 - required_cut)


def cap_amount(
    base_emission: float, base_year: int, caps: Mapping[int, float], year: int
) -> float | None:
    """The cap of a year: declared, or on the straight line between the declared ones and the base; None after the last. Raises ValueError for a year before the base."""
    if year < base_year:
        raise ValueError(f"{year} is before the base year")
    known = sorted({base_year: base_emission, **caps}.items())
    for (y0, v0), (y1, v1) in itertools.pairwise(known):
        if y0 <= year <= y1:
            return v0 + (v1 - v0) * (year - y0) / (y1 - y0)
    return None


def paths(
    *,
    base_year: int,
    base_emission: float,
    gdp: Mapping[int, float],
    goal_cut: float | None = None,
    goal_year: int | None = None,
    caps: Mapping[int, float] | None = None,
    phases: Sequence[Phase] = (),
    years: Sequence[int],
    compound: bool = True,
) -> list[YearBudget]:
    """The budget of each year.

    Where intensity comes first the budget is what the intensity path leaves at the year's GDP (outlook, or actual once known), and the cap is shown beside it; where the total comes first it is the
    smaller of the two. Raises ValueError where the rule of a year lacks what it needs.

    References
    ----------
    .. [1] 国办发〔2024〕39号: phases (read in secondary copies; budgets compiled from the intensity goal in the 15th plan, recalled). Path of a cut: 1 − (1 − T)^(y/n), evaluation notes §1.4, recalled.
    """
    rules = sorted(phases, key=lambda p: p.first) or [
        Phase(min(years), "intensity" if goal_cut is not None else "total")
    ]
    made = []
    for year in years:
        rule = next((p.rule for p in reversed(rules) if p.first <= year), rules[0].rule)
        cut = by_intensity = None
        if goal_cut is not None and goal_year is not None and base_year in gdp and year in gdp:
            cut = (required_cut_compound if compound else required_cut_linear)(
                goal_cut, year - base_year, goal_year - base_year
            )
            by_intensity = intensity_amount(base_emission, gdp[base_year], gdp[year], cut)
        by_cap = cap_amount(base_emission, base_year, caps, year) if caps else None
        if rule == "intensity":
            if by_intensity is None:
                raise ValueError(f"{year}: 强度目标、目标年、基年和{year}年的地区生产总值都要有")
            amount, reason = (
                by_intensity,
                f"强度较{base_year}年累计下降{cut:.2%}，乘以{year}年地区生产总值",
            )
        else:
            known = [v for v in (by_intensity, by_cap) if v is not None]
            if by_cap is None or not known:
                raise ValueError(f"{year}: 总量为主的年份要有总量上限")
            amount = min(known)
            reason = "总量上限" if amount == by_cap else "强度路径低于总量上限，从严"
        made.append(
            YearBudget(
                year,
                rule,
                gdp.get(year),
                cut,
                by_intensity,
                by_cap,
                amount,
                int(amount + 1e-9),
                reason,
            )
        )
    return made
