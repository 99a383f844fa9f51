"""A city's cut in energy intensity split to its districts and added up again, by the identity that
must hold whatever the method.

Σ E_i g_i (1 − r_i) = E g (1 − r), with E_i the base energy, g_i the growth factor of real GDP over
the period, r_i the cut of district i, and for the city E = Σ E_i and g = Σ GDP_i g_i / Σ GDP_i: the
right mean of the districts' cuts is weighted by E_i g_i, and what districts grow apart shows as
structure (evaluation notes §2, recalled algebra).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hengtan.basis.words import coded

INPUTS = ("energy", "gdp", "growth", "cut")
"""Figures of a district that the identity needs."""
ROUNDED = 5e-4
"""Goals are published to a tenth of a point: within half of that two cuts are the same. [share]"""
HALVINGS = 200
"""Enough to bring any bracket of floats down to one float."""


@dataclass(frozen=True)
class District:
    """A district; None where a figure is not known.

    ``energy``: base energy [any one unit]; ``gdp``: base GDP [any one unit]; ``growth``: factor of
    real GDP over the period (1.3 = 30 % more) [-]; ``cut``: its goal [share].
    """

    name: str
    energy: float | None = None
    gdp: float | None = None
    growth: float | None = None
    cut: float | None = None
    class_: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether districts' goals add up to the city's.

    ``state``: adds_up, falls_short, exceeds, cannot_be_judged; ``implied``: the city's cut that the
    districts' goals amount to; ``structure``: the part of it that growth apart brings by itself;
    ``missing``: codes of what has to be known before it can be judged.
    """

    state: str
    goal: float
    implied: float | None = None
    structure: float | None = None
    missing: tuple[str, ...] = ()


def check(districts: Sequence[District], goal: float, *, expected: int | None = None) -> Verdict:
    """Do the districts' goals add up to the city's ``goal`` (a share)?

    ``expected``: how many districts the city has. Missing districts or figures make it
    ``cannot_be_judged`` with all of them listed. Raises ValueError for a goal outside 0–1 or a
    figure that cannot be.
    """
    if not 0 <= goal < 1:
        raise ValueError("a cut lies between 0 and 1")
    missing = _missing(districts, expected)
    if missing:
        return Verdict("cannot_be_judged", goal, missing=missing)
    implied, structure = implied_cut(districts)
    if abs(implied - goal) <= ROUNDED:
        return Verdict("adds_up", goal, implied, structure)
    return Verdict("falls_short" if implied < goal else "exceeds", goal, implied, structure)


def _missing(districts: Sequence[District], expected: int | None) -> tuple[str, ...]:
    """Codes of the districts and figures that are not there."""
    figures = [
        coded(f"missing_figure.{name}", district.name)
        for district in districts
        for name in INPUTS
        if getattr(district, name) is None
    ]
    if expected is not None and len(districts) < expected:
        absent = coded("missing_districts", expected - len(districts), expected, len(districts))
        return (absent, *figures)
    return tuple(figures) if districts else ("no_districts",)


def implied_cut(districts: Sequence[District]) -> tuple[float, float]:
    r"""The city's cut that districts' cuts amount to, and the cut that growth apart brings alone.
    [share]

    .. math:: r = 1 - \frac{\sum_i E_i g_i (1 - r_i)}{E g}, \qquad
        s = 1 - \frac{\sum_i E_i g_i}{E g}, \qquad g = \frac{\sum_i Y_i g_i}{\sum_i Y_i}

    Parameters
    ----------
    districts : sequence of District
        Base energy E_i and GDP Y_i [any one unit each], growth factor g_i [-], cut r_i [share].

    Returns
    -------
    tuple of float
        The city's cut r, and its structural part s. [share]

    Raises
    ------
    ValueError
        For a figure that is missing or cannot be.

    References
    ----------
    .. [1] Identity of evaluation notes §2, recalled algebra.
    """
    energy, gdp, growth, cut = ([_figure(d, name) for d in districts] for name in INPUTS)
    mean_growth = _sum_of_products(gdp, growth) / math.fsum(gdp)
    uncut = math.fsum(energy) * mean_growth
    grown = [e * g for e, g in zip(energy, growth, strict=True)]
    left = _sum_of_products(grown, [1 - r for r in cut])
    return 1 - left / uncut, 1 - math.fsum(grown) / uncut


def _sum_of_products(first: Sequence[float], second: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(first, second, strict=True))


def _figure(district: District, name: str) -> float:
    """A figure of a district. Raises ValueError where it is missing or cannot be."""
    value = getattr(district, name)
    possible = value is not None and math.isfinite(value)
    if not possible or (value >= 1 if name == "cut" else value <= 0):
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
    r"""Cuts :math:`r_i = \min(\max(k\,f_i, r_{min}), r_{max})` that meet the city's goal. [share]

    Parameters
    ----------
    districts : sequence of District
        Districts with base energy, base GDP and growth.
    goal : float
        The city's cut. [share]
    relative : sequence of float, optional
        Relative effort f_i: of bands (0.9, 1, 1.1) or of the factor method; equal where none. [-]
    least, most : float
        Bounds of each cut. [share]

    Returns
    -------
    list of float
        Cut of each district; k is found by halving, since the city's cut rises with it. [share]

    Raises
    ------
    ValueError
        Where no k within the bounds meets the goal.

    References
    ----------
    .. [1] Evaluation notes §2: bands (分档) and factor method (因素法), recalled.
    """
    efforts = [1.0] * len(districts) if relative is None else [float(x) for x in relative]
    if len(efforts) != len(districts) or not districts or min(efforts) < 0:
        raise ValueError("one relative figure, zero or more, for each district")

    def cuts(k: float) -> list[float]:
        return [min(max(k * effort, least), most) for effort in efforts]

    def reached(k: float) -> float:
        with_cuts = [replace(d, cut=cut) for d, cut in zip(districts, cuts(k), strict=True)]
        return implied_cut(with_cuts)[0]

    low, high = 0.0, most / min((e for e in efforts if e > 0), default=1.0) + 1.0
    if reached(low) > goal + 1e-12 or reached(high) < goal - 1e-12:
        raise ValueError("no cuts within the bounds meet the goal")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < goal else (low, middle)
    return cuts(high)
