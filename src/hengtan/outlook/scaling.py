"""A shape of a year brought to a yearly energy and a peak, both together.

Two laws, named on the series that results. Both are monotone, so that hours keep their order.

``power``: :math:`y = P (x / x_{max})^\\gamma`. Hours of nought stay nought (sun at night).

``affine``: :math:`y = P - b (x_{max} - x)`. Differences between hours keep their proportions (a
load); refused where an hour would fall below nought.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy.optimize import brentq

from hengtan.outlook.hourly import HourlySeries, SeriesRefused

Array = np.ndarray[Any, np.dtype[np.float64]]
Law = Literal["power", "affine"]
EXPONENTS = (1e-3, 1e3)
"""The least and the greatest exponent that is tried: beyond them a shape is a block or a spike."""
EXACT = 1e-9
"""How near energy and peak are to what was asked, relative."""


def scaled(series: HourlySeries, energy: float, peak: float, law: Law = "power") -> HourlySeries:
    """A series whose hours add to ``energy`` [unit·h] and whose highest is ``peak`` [unit], each to
    1e-9.

    Raises SeriesRefused, with the range of energies that go with the peak, where no curve of the
    law has both.
    """
    laws = {"power": _power, "affine": _affine}
    if law not in laws:
        raise ValueError(f"law of scaling: {law!r}")
    if not (np.isfinite([energy, peak]).all() and energy > 0 and peak > 0):
        raise ValueError("energy and peak are above nought")
    if series.peak <= 0 or series.signed:
        raise ValueError(f"{series.id} has no hour above nought, or values of both signs")
    low, high = possible_energy(series, peak, law)
    if not low * (1 - EXACT) <= energy <= high * (1 + EXACT):
        raise _impossible(series, energy, peak, law)
    relative = series.values / series.peak
    values = laws[law](relative, energy / peak, (low / peak, high / peak)) * peak
    return series.changed(
        values,
        f"调到年电量{_said(energy, series, '·h')}、最大{_said(peak, series)}（{_LAW[law][0]}）",
        f"scaled to a yearly energy of {_said(energy, series, '·h')} and a peak of "
        f"{_said(peak, series)} ({_LAW[law][1]})",
    )


_LAW = {
    "power": ("幂函数", "power law"),
    "affine": ("线性", "affine law"),
}


def possible_energy(series: HourlySeries, peak: float, law: Law) -> tuple[float, float]:
    """The least and the greatest sum of the hours that a law can give a series with a peak.
    [unit·h]
    """
    relative = series.values / series.peak
    if law == "power":
        low, high = (float(np.power(relative, power).sum()) for power in reversed(EXPONENTS))
        return low * peak, high * peak
    lowest = float(relative.min())
    full = float(relative.size)
    if lowest == 1:
        return full * peak, full * peak
    steepest = 1 / (1 - lowest)
    return float((1 - steepest * (1 - relative)).sum()) * peak, full * peak


def scaled_to_energy(series: HourlySeries, energy: float) -> HourlySeries:
    """A series whose hours add to ``energy`` [unit·h], each hour by the same factor."""
    factor = energy / series.energy
    return series.changed(
        series.values * factor,
        f"按年电量{_said(energy, series, '·h')}等比例调整",
        f"each hour by the same factor, to a yearly energy of {_said(energy, series, '·h')}",
    )


def _said(amount: float, series: HourlySeries, times: str = "") -> str:
    """An amount in the unit of a series, as it is written; a share has none."""
    figure = f"{amount:,.0f}" if abs(amount) >= 1000 else f"{amount:.6g}"
    return figure if series.unit in ("", "1") else f"{figure} {series.unit}{times}"


def _power(relative: Array, hours: float, span: tuple[float, float]) -> Array:
    """``relative`` to the power with which it adds to ``hours``."""
    if span[0] == span[1]:
        return relative

    def excess(logarithm: float) -> float:
        return float(np.power(relative, np.exp(logarithm)).sum()) / hours - 1

    low, high = np.log(EXPONENTS)
    if excess(low) <= 0:
        return np.power(relative, EXPONENTS[0])
    if excess(high) >= 0:
        return np.power(relative, EXPONENTS[1])
    root = brentq(excess, low, high, xtol=1e-14, rtol=1e-14, maxiter=500)
    return np.power(relative, np.exp(root))


def _affine(relative: Array, hours: float, span: tuple[float, float]) -> Array:
    """``relative`` drawn out from its highest hour until it adds to ``hours``."""
    below = 1 - relative
    total = below.sum()
    if total == 0:
        return relative
    slope = (relative.size - hours) / total
    return np.maximum(1 - slope * below, 0.0)


def _impossible(series: HourlySeries, energy: float, peak: float, law: Law) -> SeriesRefused:
    low, high = possible_energy(series, peak, law)
    zh, en = _LAW[law]
    return SeriesRefused(
        f"序列“{series.id}”按{zh}调到最大{peak:.6g}时，年电量只能在{low:.6g}到{high:.6g}之间，"
        f"要的是{energy:.6g}",
        f"with a peak of {peak:.6g} the {en} can give series “{series.id}” a yearly energy of "
        f"{low:.6g} to {high:.6g}, not {energy:.6g}",
        todo="核对电量和最大负荷的单位和口径（统调还是全社会），或换一种调整方法",
        todo_en="check units and scope of energy and peak, or take the other law",
    )
