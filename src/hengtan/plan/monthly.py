"""The month's verdict on each district: growth, change of intensity, progress demanded, the two
lights, rank, and what caused the change.

Method: 发改办环资〔2021〕629号 (first light, read); causes by LMDI (Ang 2005).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hengtan.accounts.carbon.decompose import lmdi
from hengtan.accounts.ranks import ranked as ranks_of
from hengtan.accounts.rates import (
    growth,
    intensity_change,
    needed_yearly_cut,
    required_cut_compound,
)
from hengtan.basis.words import coded
from hengtan.plan.formulas import intensity_light, progress_at_year_end, total_light
from hengtan.plan.verdict_parameters import Slack

RANK_DIGITS = 4
"""Changes alike to a hundredth of a point, as they are printed, share a rank."""


@dataclass(frozen=True)
class Figures:
    """What is known of a place and a cumulative period; None where not known.

    Amounts in the units of the form ``monthly_figures``, growths as shares.
    """

    energy: float | None = None
    energy_growth: float | None = None
    gdp: float | None = None
    gdp_growth: float | None = None
    industry_energy: float | None = None
    industry_growth: float | None = None
    electricity: float | None = None
    coal: float | None = None
    co2: float | None = None


@dataclass(frozen=True)
class Goal:
    """A five-year goal: the cut between two years, what is done through a year, and the growth of
    energy allowed this year. Cuts and growth as shares.
    """

    base_year: int
    goal_year: int
    cut: float
    done_year: int | None = None
    done_cut: float | None = None
    growth_allowed: float | None = None

    def covers(self, year: int) -> bool:
        """Whether a year lies within the goal's term."""
        return self.base_year < year <= self.goal_year

    def done(self) -> tuple[int, float]:
        """The year through which the cut is known, and that cut: none at the base year."""
        if self.done_year is None or self.done_cut is None:
            return self.base_year, 0.0
        return self.done_year, self.done_cut

    def required(self, year: int) -> float:
        """Cut demanded by the end of a year on the compound path. [share]"""
        span = self.goal_year - self.base_year
        return float(required_cut_compound(self.cut, year - self.base_year, span))


@dataclass(frozen=True)
class Verdict:
    """A place's month. Growths, changes and cuts as shares.

    ``light`` and ``total_light``: 1 red, 2 orange, 3 green, None without the figures; ``missing``
    and ``growth_basis`` are codes of the plan's word table.
    """

    place: str
    energy: float | None
    energy_growth: float | None
    growth_basis: str
    gdp_growth: float | None
    change: float | None
    progress: float | None
    required: float | None
    needed: float | None
    light: int | None
    total_light: int | None
    industry_energy_growth: float | None
    industry_growth: float | None
    electricity_growth: float | None
    coal_growth: float | None
    co2_growth: float | None
    carbon_change: float | None
    missing: tuple[str, ...]
    rank: int | None = None
    last_rank: int | None = None


@dataclass(frozen=True)
class _Progress:
    """Where a place stands against its goal; ``missing``: codes of what was not known."""

    progress: float | None = None
    required: float | None = None
    needed: float | None = None
    light: int | None = None
    missing: tuple[str, ...] = field(default=())


def _known(value: float) -> float | None:
    """None where a formula says missing."""
    return None if math.isnan(value) else float(value)


def growth_between(now: float | None, before: float | None) -> float | None:
    """Growth between two amounts, None where either is not known or the earlier is zero. [share]"""
    return _known(growth(now, before))


def change_of_intensity(energy_growth: float | None, gdp_growth: float | None) -> float | None:
    """Change of energy (or CO2) per real GDP, None where a growth is not known. [share]

    A GDP that fell by the whole or more has no intensity.
    """
    if energy_growth is None or gdp_growth is None or gdp_growth <= -1:
        return None
    return _known(intensity_change(energy_growth, gdp_growth))


def judge(
    place: str, year: int, now: Figures, before: Figures, goal: Goal | None, slack: Slack
) -> Verdict:
    """Judge a place in a cumulative period of a year against the same period of the year before.

    The growth of energy is the one reported on a comparable basis, else that of the two amounts
    (and it says which). Progress is what is reached if the year ends as the period runs; demanded
    is the compound path's cut by the end of the year; needed is the yearly cut from what is done to
    the goal.
    """
    energy_growth, basis = _energy_growth(now, before)
    change = change_of_intensity(energy_growth, now.gdp_growth)
    against = _against_goal(goal, year, change)
    co2_growth = growth_between(now.co2, before.co2)
    unknown = [
        *(["missing.energy_growth"] if energy_growth is None else []),
        *(["missing.gdp_growth"] if now.gdp_growth is None else []),
    ]
    return Verdict(
        place=place,
        energy=now.energy,
        energy_growth=energy_growth,
        growth_basis=basis,
        gdp_growth=now.gdp_growth,
        change=change,
        progress=against.progress,
        required=against.required,
        needed=against.needed,
        light=against.light,
        total_light=second_light(energy_growth, goal.growth_allowed if goal else None, slack),
        industry_energy_growth=growth_between(now.industry_energy, before.industry_energy),
        industry_growth=now.industry_growth,
        electricity_growth=growth_between(now.electricity, before.electricity),
        coal_growth=growth_between(now.coal, before.coal),
        co2_growth=co2_growth,
        carbon_change=change_of_intensity(co2_growth, now.gdp_growth),
        missing=(*unknown, *against.missing),
    )


def _energy_growth(now: Figures, before: Figures) -> tuple[float | None, str]:
    """The growth of energy and the code of its basis, empty where there is none."""
    if now.energy_growth is not None:
        return now.energy_growth, "growth_basis.comparable"
    of_amounts = growth_between(now.energy, before.energy)
    return of_amounts, "" if of_amounts is None else "growth_basis.amounts"


def _against_goal(goal: Goal | None, year: int, change: float | None) -> _Progress:
    """Progress, demand and light; a rise is red whatever the progress."""
    fallen = None if change is None or change < 0 else 1
    if goal is None:
        return _Progress(light=fallen, missing=("missing.goal",))
    if not goal.covers(year):
        return _Progress(light=fallen)
    required = goal.required(year)
    done_year, done = goal.done()
    if done_year != year - 1:
        lacking = coded("missing.done_cut", year - 1)
        return _Progress(required=required, light=fallen, missing=(lacking,))
    needed = float(needed_yearly_cut(goal.cut, done, goal.goal_year - done_year))
    if change is None:
        return _Progress(required=required, needed=needed)
    progress = progress_at_year_end(done, change)
    light = int(intensity_light(change, progress, required))
    return _Progress(progress, required, needed, light)


def second_light(energy_growth: float | None, allowed: float | None, slack: Slack) -> int | None:
    """Level of the second light (``formulas.total_light``), None where a growth is not known."""
    if energy_growth is None or allowed is None:
        return None
    return int(total_light(energy_growth, allowed, slack.of_allowance, slack.least))


def ranked(changes: Mapping[str, float | None]) -> dict[str, int | None]:
    """Ranks of changes of intensity, the deepest fall first; those without a value have none.

    Equal values (to a hundredth of a point) share a rank, the next is skipped.
    """
    falls = [
        None if change is None or not math.isfinite(change) else -round(change, RANK_DIGITS)
        for change in changes.values()
    ]
    return dict(zip(changes, ranks_of(falls), strict=True))


@dataclass(frozen=True)
class Causes:
    """Why the energy of all districts changed: by the size of the economy, by where it grew, by
    intensity; the three add up to ``change``. ``by_place``: effect of each place's intensity.
    All in the unit of energy.
    """

    change: float
    activity: float
    structure: float
    intensity: float
    by_place: Mapping[str, float]


def causes(
    places: Sequence[str], now: Mapping[str, Figures], before: Mapping[str, Figures]
) -> Causes | None:
    r"""Causes of a change of energy between the same period of two years. [unit of energy]

    .. math:: E = \sum_i Q \, S_i \, I_i

    with GDP of all places Q, the shares S of the places and their energy per GDP I; GDP of the
    later period at the prices of the earlier.

    Parameters
    ----------
    places : sequence of str
        Places to decompose.
    now, before : mapping of place to Figures
        Energy of both periods, GDP of the earlier and its growth. [unit of energy, of GDP, share]

    Returns
    -------
    Causes or None
        None where a figure of any place is missing, or there is no place.

    References
    ----------
    .. [1] Ang (2005), The LMDI approach to decomposition analysis. Energy Policy 33.
    """
    rows = [
        _two_periods(now.get(place, Figures()), before.get(place, Figures())) for place in places
    ]
    whole = [row for row in rows if row is not None]
    if not rows or len(whole) < len(rows):
        return None
    energy_before, gdp_before, energy_now, gdp_now = np.array(whole).T
    levels = np.stack([_levels(energy_before, gdp_before), _levels(energy_now, gdp_now)])
    effects = lmdi(levels)
    activity, structure, intensity = (float(effect) for effect in effects.additive[0])
    by_place = (float(effect) for effect in effects.by_item[0, :, 2])
    return Causes(
        float(energy_now.sum() - energy_before.sum()),
        activity,
        structure,
        intensity,
        dict(zip(places, by_place, strict=True)),
    )


def _two_periods(now: Figures, before: Figures) -> tuple[float, float, float, float] | None:
    """Energy and GDP before and now, GDP at the prices of before; None where one is not known."""
    if not before.energy or not before.gdp or before.energy <= 0 or before.gdp <= 0:
        return None
    if now.energy is None or now.gdp_growth is None:
        return None
    return before.energy, before.gdp, now.energy, before.gdp * (1 + now.gdp_growth)


def _levels(energy: np.ndarray, gdp: np.ndarray) -> np.ndarray:
    """Factors of each place: GDP of all, its share, its energy per GDP. Shape (places, 3)."""
    total = gdp.sum()
    return np.stack([np.full(len(gdp), total), gdp / total, energy / gdp], axis=1)
