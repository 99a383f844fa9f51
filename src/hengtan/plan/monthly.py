"""The month's verdict on each district: growth, change of intensity, progress demanded, the two lights, rank, and what caused the change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hengtan.accounts.carbon.decompose import lmdi
from hengtan.plan.formulas import intensity_light, required_cut_compound

TOTAL_LIGHT_SLACK = 0.2
"""Of the second light: growth beyond what is allowed by more than a fifth of it is red. The official thresholds are not stated (发改办环资〔2021〕629号); this one is ours (proposal)."""


@dataclass(frozen=True)
class Figures:
    """What is known of a place and a cumulative period: amounts in their units, growths as shares; None where not known."""

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
    """A five-year goal: cut as a share between two years, what is done through a year, and the growth of energy allowed this year."""

    base_year: int
    goal_year: int
    cut: float
    done_year: int | None = None
    done_cut: float | None = None
    growth_allowed: float | None = None


@dataclass(frozen=True)
class Verdict:
    """A place's month. Growths, changes and cuts as shares; ``light`` and ``total_light``: 1 red, 2 orange, 3 green, None without the figures; ``missing`` says which."""

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


def growth(now: float | None, before: float | None) -> float | None:
    """now / before − 1, None where either is not known or the base is zero."""
    return None if now is None or before is None or before == 0 else now / before - 1


def intensity_change(energy_growth: float | None, gdp_growth: float | None) -> float | None:
    """(1 + g_E) / (1 + g_GDP) − 1: the change of energy (or CO2) per real GDP. None where either is not known."""
    return (
        None
        if energy_growth is None or gdp_growth is None or gdp_growth <= -1
        else (1 + energy_growth) / (1 + gdp_growth) - 1
    )


def total_light(energy_growth: float | None, allowed: float | None) -> int | None:
    """The second light: 3 within the growth allowed, 1 beyond it by more than a fifth of its size (half a point at least), else 2. Ours, see ``TOTAL_LIGHT_SLACK``."""
    if energy_growth is None or allowed is None:
        return None
    over = energy_growth - allowed
    return (
        3
        if over <= 1e-9
        else 1
        if over > max(abs(allowed) * TOTAL_LIGHT_SLACK, 0.005) + 1e-9
        else 2
    )


def judge(place: str, year: int, now: Figures, before: Figures, goal: Goal | None) -> Verdict:
    """Judge a place in a cumulative period of a year against the same period of the year before.

    The growth of energy is the one reported on a comparable basis, else that of the two amounts (and it says which). Progress is what is reached if the year ends as the period runs: 1 − (1 − done)(1 + change); demanded
    is the compound path's cut by the end of the year; needed is the yearly cut from what is done to the goal.
    """
    missing: list[str] = []
    energy_growth, basis = now.energy_growth, "可比增速"
    if energy_growth is None:
        energy_growth, basis = growth(now.energy, before.energy), "两年数值之比"
    if energy_growth is None:
        missing.append("能源消费增速")
        basis = ""
    if now.gdp_growth is None:
        missing.append("地区生产总值增速")
    change = intensity_change(energy_growth, now.gdp_growth)
    progress = required = needed = light = None
    if goal is None:
        missing.append("五年目标")
    elif goal.base_year < year <= goal.goal_year:
        done_year, done = (
            (goal.base_year, 0.0)
            if goal.done_year is None or goal.done_cut is None
            else (goal.done_year, goal.done_cut)
        )
        required = float(
            required_cut_compound(goal.cut, year - goal.base_year, goal.goal_year - goal.base_year)
        )
        if done_year != year - 1:
            missing.append(f"截至{year - 1}年的累计降低率")
        else:
            needed = 1 - ((1 - goal.cut) / (1 - done)) ** (1 / (goal.goal_year - done_year))
            if change is not None:
                progress = 1 - (1 - done) * (1 + change)
                light = int(intensity_light(change, progress, required))
    if light is None and change is not None and change >= 0:
        light = 1  # it did not fall: red whatever the progress
    return Verdict(
        place,
        now.energy,
        energy_growth,
        basis,
        now.gdp_growth,
        change,
        progress,
        required,
        needed,
        light,
        total_light(energy_growth, goal.growth_allowed if goal else None),
        growth(now.industry_energy, before.industry_energy),
        now.industry_growth,
        growth(now.electricity, before.electricity),
        growth(now.coal, before.coal),
        growth(now.co2, before.co2),
        intensity_change(growth(now.co2, before.co2), now.gdp_growth),
        tuple(missing),
    )


def ranked(values: Mapping[str, float | None]) -> dict[str, int | None]:
    """Ranks, the smallest first (the deepest cut); equal values (to a hundredth of a point) share a rank, the next is skipped; those without a value have none."""
    known = {
        place: round(v, 4) for place, v in values.items() if v is not None and math.isfinite(v)
    }
    return {
        place: None if place not in known else 1 + sum(v < known[place] for v in known.values())
        for place in values
    }


@dataclass(frozen=True)
class Causes:
    """Why the energy of all districts changed: by the size of the economy, by where it grew, by intensity; they add up to ``change``. By district the effect of its intensity. In the unit of energy."""

    change: float
    activity: float
    structure: float
    intensity: float
    by_place: Mapping[str, float]


def causes(
    places: Sequence[str], now: Mapping[str, Figures], before: Mapping[str, Figures]
) -> Causes | None:
    """LMDI of energy = Σ GDP × share × intensity between the same period of two years, GDP at the prices of the earlier; None where a figure of any place is missing.

    Ang (2005), Energy Policy 33: V = Σ_i Q · S_i · I_i.
    """
    rows = []
    for place in places:
        a, b = before.get(place, Figures()), now.get(place, Figures())
        if (
            a.energy is None
            or a.gdp is None
            or b.energy is None
            or b.gdp_growth is None
            or a.gdp <= 0
            or a.energy <= 0
        ):
            return None
        rows.append((a.energy, a.gdp, b.energy, a.gdp * (1 + b.gdp_growth)))
    if not rows:
        return None
    table = np.array(rows)
    times = []
    for energy, gdp in ((table[:, 0], table[:, 1]), (table[:, 2], table[:, 3])):
        total = gdp.sum()
        times.append(np.stack([np.full(len(rows), total), gdp / total, energy / gdp], axis=1))
    found = lmdi(np.stack(times))
    activity, structure, intensity = (float(x) for x in found.additive[0])
    return Causes(
        float(table[:, 2].sum() - table[:, 0].sum()),
        activity,
        structure,
        intensity,
        {p: float(v) for p, v in zip(places, found.by_item[0, :, 2], strict=True)},
    )


def over_plan(energy: float, plan: float, days: int, days_of_year: int) -> float:
    """How far a unit is over its plan: energy so far over the plan's part of the days, less one. [share]"""
    return energy / (plan * days / days_of_year) - 1
