"""A city's cut in energy intensity split to its districts and added up again, by the identity that must hold whatever the method.

Σ E_i g_i (1 − r_i) = E g (1 − r), with E_i the base energy, g_i the growth factor of real GDP over the period, r_i the cut of district i, and for the city E = Σ E_i and
g = Σ GDP_i g_i / Σ GDP_i: the right mean of the districts' cuts is weighted by E_i g_i, and what districts grow apart shows as structure (evaluation.md §2, recalled algebra).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

INPUTS = {
    "energy": "基年能源消费量",
    "gdp": "基年地区生产总值",
    "growth": "期内经济增长倍数",
    "cut": "单位GDP能耗降低目标",
}


@dataclass(frozen=True)
class District:
    """A district: base energy [any one unit], base GDP [any one unit], growth factor of real GDP over the period (1.3 = 30 % more), cut goal as a share; None where not known."""

    name: str
    energy: float | None = None
    gdp: float | None = None
    growth: float | None = None
    cut: float | None = None
    class_: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether districts' goals add up to the city's. ``state``: adds_up, falls_short, exceeds, cannot_be_judged; ``implied``: the city's cut that the districts' goals amount to;
    ``structure``: the part of the city's cut that growth apart brings by itself; ``missing``: what has to be known before it can be judged."""

    state: str
    goal: float
    implied: float | None = None
    structure: float | None = None
    missing: tuple[str, ...] = ()


def check(
    districts: Sequence[District],
    goal: float,
    *,
    expected: int | None = None,
    tolerance: float = 5e-4,
) -> Verdict:
    """Do the districts' goals add up to the city's ``goal`` (a share)? ``expected``: how many districts the city has.

    Missing districts or figures make it ``cannot_be_judged`` with all of them listed. Raises ValueError for a goal outside 0–1 or a figure that cannot be.
    """
    if not 0 <= goal < 1:
        raise ValueError("a cut lies between 0 and 1")
    missing = [
        f"{d.name}：{INPUTS[name]}"
        for d in districts
        for name in INPUTS
        if getattr(d, name) is None
    ]
    if expected is not None and len(districts) < expected:
        missing.insert(
            0, f"还缺{expected - len(districts)}个区县（共{expected}个，已有{len(districts)}个）"
        )
    if missing or not districts:
        return Verdict("cannot_be_judged", goal, missing=tuple(missing or ["没有区县"]))
    implied, structure = implied_cut(districts)
    state = (
        "adds_up"
        if abs(implied - goal) <= tolerance
        else "falls_short"
        if implied < goal
        else "exceeds"
    )
    return Verdict(state, goal, implied, structure)


def implied_cut(districts: Sequence[District]) -> tuple[float, float]:
    """The city's cut that districts' cuts amount to, and the cut that their different growth brings with no cut anywhere. Raises ValueError for figures that are missing or cannot be."""
    energy, gdp, growth, cut = ([_figure(d, name) for d in districts] for name in INPUTS)
    base, g = (
        math.fsum(energy),
        math.fsum(a * b for a, b in zip(gdp, growth, strict=True)) / math.fsum(gdp),
    )
    grown = math.fsum(e * f for e, f in zip(energy, growth, strict=True))
    left = math.fsum(e * f * (1 - r) for e, f, r in zip(energy, growth, cut, strict=True))
    return 1 - left / (base * g), 1 - grown / (base * g)


def _figure(district: District, name: str) -> float:
    value = getattr(district, name)
    if (
        value is None
        or not math.isfinite(value)
        or (name != "cut" and value <= 0)
        or (name == "cut" and value >= 1)
    ):
        raise ValueError(f"{district.name}: {name} = {value}")
    return float(value)


def spread(
    districts: Sequence[District],
    goal: float,
    relative: Sequence[float] | None = None,
    *,
    least: float = 0.0,
    most: float = 0.95,
) -> list[float]:
    """Cuts r_i = k · relative_i (equal where none are given) within ``least`` and ``most`` that meet the city's goal by the identity; k is found by halving.

    ``relative``: of bands (0.9, 1, 1.1) or of the factor method. Raises ValueError where no k within the bounds meets the goal.
    """
    shares = [1.0] * len(districts) if relative is None else [float(x) for x in relative]
    if len(shares) != len(districts) or not districts or min(shares) < 0:
        raise ValueError("one relative figure, zero or more, for each district")

    def at(k: float) -> list[float]:
        return [min(max(k * share, least), most) for share in shares]

    def reached(k: float) -> float:
        return implied_cut(
            [
                District(d.name, d.energy, d.gdp, d.growth, cut)
                for d, cut in zip(districts, at(k), strict=True)
            ]
        )[0]

    top = most / min((s for s in shares if s > 0), default=1.0) + 1.0
    if reached(0.0) > goal + 1e-12 or reached(top) < goal - 1e-12:
        raise ValueError("no cuts within the bounds meet the goal")
    low, high = 0.0, top
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < goal else (low, middle)
    return at(high)
