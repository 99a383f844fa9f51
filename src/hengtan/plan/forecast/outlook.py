"""The forecast of one indicator: path, bands, the chance of a goal, what known events change, and why it is what it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats

from hengtan.plan.forecast.choose import Choice, choose
from hengtan.plan.forecast.models import CANDIDATES
from hengtan.plan.forecast.pool import LEAST, Pools, Yearly
from hengtan.plan.forecast.spread import Pool

LEVELS = (0.5, 0.8, 0.95)
POINTS = 2000
"""Points of equal weight that a distribution is carried by; no random numbers, the same answer every time."""


@dataclass(frozen=True)
class Lever:
    """A known event that shifts an indicator: from ``year`` on by ``change`` a year in its unit, ``first_share`` of it in the first year, with a probability."""

    name: str
    year: int
    change: float
    probability: float = 1.0
    first_share: float = 1.0
    source: str = ""

    def by(self, year: int) -> float:
        """What it adds in a year if it comes. [unit]"""
        return (
            0.0
            if year < self.year
            else self.change * (self.first_share if year == self.year else 1.0)
        )


@dataclass(frozen=True)
class Year:
    """The forecast of a year: the middle, and (low, high) of each level."""

    year: int
    point: float
    bands: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Outlook:
    """A forecast. ``state``: forecast; too_short (only the needed pace can be told); notes say what it rests on."""

    series: Yearly
    state: str
    years: tuple[Year, ...] = ()
    choice: Choice = field(default_factory=lambda: Choice("", ""))
    pool: Pool = field(default_factory=Pool)
    levers: tuple[Lever, ...] = ()
    notes: tuple[str, ...] = ()
    deviation: float = math.nan
    free: float = math.nan
    path: tuple[float, ...] = ()

    def sample(self, year: int) -> np.ndarray:
        """The distribution of a year as values of equal weight, unrounded, levers in it. Shape (POINTS × cases of uncertain levers,). Raises ValueError for a year not ahead."""
        h = year - self.series.years[-1]
        if self.state != "forecast" or not 1 <= h <= len(self.path):
            raise ValueError(f"no forecast of {year}")
        u = (np.arange(POINTS) + 0.5) / POINTS
        values = self.series.scale.back(
            self.path[h - 1] + self.deviation * math.sqrt(h) * stats.t.ppf(u, self.free),
            rounded=False,
        )
        return np.sort(shifted(self.series, values, self.levers, year))

    def chance(
        self,
        year: int,
        goal: float,
        operator: str,
        *,
        strict: bool = False,
        tolerance: float | None = None,
    ) -> float | None:
        """The probability that the value of a year meets the goal; None where 左右 stands without a tolerance. Counts are rounded first. Raises ValueError for a year not ahead."""
        values = self.series.scale.within(self.sample(year))
        return met_share(values, goal, operator, strict=strict, tolerance=tolerance)


def met_share(
    values: np.ndarray,
    goal: float,
    operator: str,
    *,
    strict: bool = False,
    tolerance: float | None = None,
) -> float | None:
    """The share of values that meet a goal under its operator."""
    if operator == "approx":
        return None if tolerance is None else float(np.mean(np.abs(values - goal) <= tolerance))
    if operator == "<=":
        return float(np.mean(values < goal if strict else values <= goal))
    return float(np.mean(values > goal if strict else values >= goal))


def shifted(series: Yearly, values: np.ndarray, levers: Sequence[Lever], year: int) -> np.ndarray:
    """Values with what the levers add, each uncertain one splitting the weight by its probability (in hundredths), within the bounds."""
    parts = [(1.0, 0.0)]
    for lever in levers:
        add = lever.by(year)
        if add:
            parts = [
                (w * p, s + a)
                for w, s in parts
                for p, a in ((lever.probability, add), (1 - lever.probability, 0.0))
                if p > 0
            ]
    if len(parts) == 1:
        return series.scale.within(values + parts[0][1], rounded=False)
    return series.scale.within(
        np.concatenate([np.repeat(values + s, max(round(w * 100), 1)) for w, s in parts]),
        rounded=False,
    )


def forecast(
    series: Yearly,
    to: int,
    pools: Pools,
    levers: Sequence[Lever] = (),
    *,
    notes: Sequence[str] = (),
) -> Outlook:
    """Forecast a yearly series to a year, by the candidate chosen on its own past, with bands from its own errors and those of its kin.

    Below four values there is no forecast (``too_short``): only the needed pace can be told. Levers that begin in a year already observed are left out and it says so. Raises ValueError where ``to`` is not ahead.
    """
    if to <= series.years[-1]:
        raise ValueError(f"{to} is not ahead of {series.years[-1]}")
    told = list(notes)
    if len(series.years) < LEAST:
        return Outlook(
            series,
            "too_short",
            notes=(*told, f"只有{len(series.years)}个年度数值，少于四个：不作预测，只给所需速度"),
        )
    z, horizon = series.z, to - series.years[-1]
    choice = choose(z, series.scale.kind)
    pool = pools.of(series, series.years[-1])
    deviation, free = pool.deviation(z)
    path = CANDIDATES[choice.name].path(z, horizon)
    ahead = tuple(lever for lever in levers if lever.year > series.years[-1])
    told += [
        f"已知事件“{lever.name}”自{lever.year}年起，已在数据之内，不再计"
        for lever in levers
        if lever.year <= series.years[-1]
    ]
    if horizon > len(series.years):
        told.append(f"预测{horizon}年，比已有的{len(series.years)}个数值还长，只作参考")
    if pool.free:
        told.append(
            f"误差由同类{pool.series}个序列修匀；带宽系数{pool.factor:.2f}来自{pool.errors}个过去误差"
        )
    else:
        told.append("没有足够的同类序列，误差只来自本序列自身，区间较宽")
    made = Outlook(
        series,
        "forecast",
        (),
        choice,
        pool,
        ahead,
        tuple(told),
        deviation,
        free,
        tuple(float(p) for p in path),
    )
    rows = []
    for h in range(1, horizon + 1):
        year = series.years[-1] + h
        values = made.sample(year)
        bands = tuple(
            tuple(
                float(b)
                for b in series.scale.within(
                    np.quantile(values, ((1 - level) / 2, (1 + level) / 2))
                )
            )
            for level in LEVELS
        )
        rows.append(Year(year, float(series.scale.within(np.median(values))), bands))  # type: ignore[arg-type]
    return Outlook(
        series,
        "forecast",
        tuple(rows),
        choice,
        pool,
        ahead,
        tuple(told),
        deviation,
        free,
        made.path,
    )


def as_dict(outlook: Outlook) -> dict[str, Any]:
    """JSON form: the years with point and bands, the method and the notes."""
    held = CANDIDATES.get(outlook.choice.name)
    return {
        "state": outlook.state,
        "method": outlook.choice.name,
        "method_zh": held.zh if held else "",
        "reason": outlook.choice.reason,
        "scores": {k: round(v, 4) for k, v in outlook.choice.scores.items()},
        "history": [
            {"year": y, "value": v}
            for y, v in zip(outlook.series.years, outlook.series.values, strict=True)
        ],
        "years": [
            {
                "year": r.year,
                "point": r.point,
                **{
                    f"low{level * 100:g}": low
                    for level, (low, _) in zip(LEVELS, r.bands, strict=True)
                },
                **{
                    f"high{level * 100:g}": high
                    for level, (_, high) in zip(LEVELS, r.bands, strict=True)
                },
            }
            for r in outlook.years
        ],
        "levers": [
            {
                "name": one.name,
                "year": one.year,
                "change": one.change,
                "probability": one.probability,
                "source": one.source,
            }
            for one in outlook.levers
        ],
        "notes": list(outlook.notes),
    }
