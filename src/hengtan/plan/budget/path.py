"""The budget of each year: from an intensity goal and an outlook of GDP, from an absolute cap, and
which of the two binds in which phase; and what of it is held back.

Phases: 国办发〔2024〕39号 (read in secondary copies): intensity first in the 15th five-year period,
total first after the peak. That budgets are compiled from the intensity goal in the 15th plan is
recalled.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hengtan.accounts.rates import required_cut_compound, required_cut_linear
from hengtan.basis.words import coded
from hengtan.plan.formulas import straight_path

RULES = ("intensity", "total")
"""Which of the two comes first: intensity with the total beside it, or the total."""
ALMOST_WHOLE = 1e-9
"""A budget that falls short of a whole unit by no more than this is that unit. [units]"""


class NoPath(ValueError):
    """A year without what its rule needs; the message is a code of the plan's word table."""


@dataclass(frozen=True)
class Base:
    """The base year and its emission. [unit of the budget]"""

    year: int
    emission: float


@dataclass(frozen=True)
class IntensityGoal:
    """A cut of CO2 per GDP from the base year to ``year`` [share]; ``path``: compound or linear."""

    cut: float
    year: int
    path: str = "compound"

    def required(self, base_year: int, year: int) -> float:
        """Cut demanded by a year. [share]"""
        formula = required_cut_linear if self.path == "linear" else required_cut_compound
        return float(formula(self.cut, year - base_year, self.year - base_year))


@dataclass(frozen=True)
class Phase:
    """From ``first`` on one rule holds, until the next phase."""

    first: int
    rule: str


@dataclass(frozen=True)
class YearBudget:
    """The budget of a year and what it came from.

    Amounts in the unit of the base emission, rounded down to whole units in ``budget``; ``reason``
    is a code of the plan's word table.
    """

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
    r"""Emission that an intensity goal leaves room for: :math:`\frac{E_0}{Y_0}\,Y\,(1 - R)`. [unit
    of the emission]

    Parameters
    ----------
    base_emission, base_gdp : float
        Emission E0 [unit] and GDP Y0 of the base year [any one unit, constant prices].
    gdp : float
        GDP of the year at the same constant prices, Y. [unit of the base GDP]
    required_cut : float
        Cut demanded by the year, R. [share]

    Returns
    -------
    float
        Emission of the year. [unit of the base emission]

    References
    ----------
    .. [1] 国办发〔2024〕39号 (read in secondary copies); the equation follows from the definition
       of the cut.
    """
    return base_emission / base_gdp * gdp * (1 - required_cut)


def cap_amount(base: Base, caps: Mapping[int, float], year: int) -> float | None:
    """The cap of a year: declared, or on the straight line between the declared ones and the base.

    None after the last. Raises NoPath for a year before the base.
    """
    if year < base.year:
        raise NoPath(coded("no_path.before_base", year))
    known = sorted({base.year: base.emission, **caps}.items())
    for (first, first_cap), (last, last_cap) in itertools.pairwise(known):
        if first <= year <= last:
            return float(straight_path(first_cap, last_cap, first, last, year))
    return None


def paths(
    base: Base,
    gdp: Mapping[int, float],
    years: Sequence[int],
    *,
    goal: IntensityGoal | None = None,
    caps: Mapping[int, float] | None = None,
    phases: Sequence[Phase] = (),
) -> list[YearBudget]:
    """The budget of each year.

    Where intensity comes first the budget is what the intensity path leaves at the year's GDP
    (outlook, or actual once known), and the cap is shown beside it; where the total comes first it
    is the smaller of the two. Without phases the first rule is that of what is given. Raises NoPath
    where the rule of a year lacks what it needs.
    """
    first = Phase(min(years), "intensity" if goal is not None else "total")
    rules = sorted(phases, key=lambda phase: phase.first) or [first]
    return [_year_budget(year, _rule_of(rules, year), base, gdp, goal, caps) for year in years]


def _rule_of(phases: Sequence[Phase], year: int) -> str:
    """The rule of the last phase begun by a year; before the first that of the first."""
    begun = [phase.rule for phase in phases if phase.first <= year]
    return begun[-1] if begun else phases[0].rule


def _year_budget(
    year: int,
    rule: str,
    base: Base,
    gdp: Mapping[int, float],
    goal: IntensityGoal | None,
    caps: Mapping[int, float] | None,
) -> YearBudget:
    cut = by_intensity = None
    if goal is not None and base.year in gdp and year in gdp:
        cut = goal.required(base.year, year)
        by_intensity = intensity_amount(base.emission, gdp[base.year], gdp[year], cut)
    by_cap = cap_amount(base, caps, year) if caps else None
    if rule == "intensity":
        if by_intensity is None or cut is None:
            raise NoPath(coded("no_path.intensity", year))
        amount = by_intensity
        reason = coded("budget_reason.intensity", base.year, f"{cut:.2%}", year)
    else:
        if by_cap is None:
            raise NoPath(coded("no_path.cap", year))
        amount = by_cap if by_intensity is None else min(by_intensity, by_cap)
        reason = "budget_reason.cap" if amount == by_cap else "budget_reason.stricter"
    return YearBudget(
        year=year,
        rule=rule,
        gdp=gdp.get(year),
        required_cut=cut,
        by_intensity=by_intensity,
        by_cap=by_cap,
        amount=amount,
        budget=int(amount + ALMOST_WHOLE),
        reason=reason,
    )


def held_back(totals: np.ndarray, reserve: float) -> tuple[np.ndarray, np.ndarray]:
    """Totals less a reserve, and the reserve, in whole units; the two add up exactly.

    ``reserve``: share of 0–1 to below 1, its units rounded half up. Raises ValueError outside.
    """
    if not 0 <= reserve < 1:
        raise ValueError("a reserve lies between 0 and 1")
    whole = np.asarray(totals, np.int64)
    kept = np.floor(whole * reserve + 0.5).astype(np.int64)
    return whole - kept, kept
