"""What each measure takes off the emissions: the exact Shapley value of the multiplicative model.

The model is linear in each single measure, so its emissions at ``t`` times the reductions are those
expected where every measure is there with chance ``t`` (the multilinear extension of the game). The
Shapley value is the integral of its slope along that diagonal (Owen 1972): a polynomial of a known
degree, which a Gauss-Legendre rule of enough nodes integrates without error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.accounts.log_mean import log_mean
from hengtan.outlook.pathway.model import Act, Array, Pathway, applied, reduction

MOST_FLOATS = 4_000_000
"""Floats of one array of drivers at all nodes; years are taken in turns where there are more."""


@dataclass(frozen=True)
class Attribution:
    """What each measure takes off, (M, R, S, Y) [tCO2e], with emissions without any measure and
    with all of them, (R, S, Y). [tCO2e]
    """

    measures: tuple[str, ...]
    by_cell: Array
    before: Array
    after: Array

    @property
    def by_year(self) -> Array:
        """The wedge of each measure by year, (M, Y); they add to before less after. [tCO2e]"""
        return np.asarray(self.by_cell.sum(axis=(1, 2)))

    @property
    def gap(self) -> Array:
        """Emissions avoided by all measures together, (Y,). [tCO2e]"""
        return np.asarray((self.before - self.after).sum(axis=(0, 1)))


def shapley(pathway: Pathway, effect: Array | None = None) -> Attribution:
    r"""The Shapley value of each measure in each region, sector and year, for effects of full use
    (M,), by default the central ones.

    .. math:: \varphi_m = \int_0^1 \left[f(t x \mid x_m = 0) - f(t x \mid x_m)\right] dt
        = -x_m \int_0^1 \frac{\partial f}{\partial x_m}(t x)\, dt

    Returns
    -------
    Attribution
        [tCO2e]. A measure that does nothing gets nothing; two alike get alike; the values of a cell
        add to its emissions without less with the measures.

    References
    ----------
    .. [1] Owen (1972), Multilinear extensions of games. Management Science 18(5), 64-79.
    """
    reduced = reduction(pathway, effect)
    values = np.zeros((len(pathway.measures), *pathway.activity.shape))
    points, weights = _rule(pathway)
    for years in _turns(pathway, len(points)):
        part = _Years(pathway, reduced, years)
        values[..., years] = part.integrated(points, weights)
    before = applied(pathway, np.zeros_like(reduced)).emissions
    after = applied(pathway, reduced).emissions
    return Attribution(pathway.measures, values, before, after)


def ratio_effects(values: Array, before: Array, after: Array) -> Array:
    r"""The ratio each measure multiplies a total by, (M, ...): all of them together give after over
    before.

    .. math:: D_m = \exp\left(-\varphi_m / L(E_{after}, E_{before})\right)

    Missing where a total is not above zero.

    References
    ----------
    .. [1] Ang (2005), Energy Policy 33: the multiplicative form of LMDI-I.
    """
    weight = log_mean(after, before)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, np.exp(-values / np.where(weight > 0, weight, 1.0)), np.nan)


def _rule(pathway: Pathway) -> tuple[Array, Array]:
    """Nodes and weights on [0, 1] that integrate the slope of every sector without error.

    Where K measures meet in a sector the slope has the degree K - 1, and n nodes are exact up to
    the degree 2 n - 1.
    """
    meeting = [
        len({act.measure for act in pathway.acts if sector in act.sectors})
        for sector in range(len(pathway.sectors))
    ]
    nodes, weights = np.polynomial.legendre.leggauss(max(max(meeting, default=0), 1) // 2 + 1)
    return (nodes + 1) / 2, weights / 2


def _turns(pathway: Pathway, points: int) -> list[slice]:
    """Years in parts that fit the memory."""
    regions, sectors, years = pathway.activity.shape
    a_year = max(regions * sectors * len(pathway.carriers) * points, 1)
    step = max(MOST_FLOATS // a_year, 1)
    return [slice(start, start + step) for start in range(0, years, step)]


class _Years:
    """Some years of a pathway at points of the diagonal. Arrays have the points first and carriers
    and sectors before regions: (N, S, R, Y) and (N, C, S, R, Y).
    """

    def __init__(self, pathway: Pathway, reduced: Array, years: slice) -> None:
        self.acts = pathway.acts
        self.reduced = reduced[..., years]
        self.drivers = {
            "activity": pathway.activity[..., years].swapaxes(0, 1),
            "intensity": pathway.intensity[..., years].swapaxes(0, 1),
            "process": pathway.process[..., years].swapaxes(0, 1),
        }
        self.share = pathway.share[..., years].transpose(2, 1, 0, 3)
        self.factor = pathway.factor[..., years].transpose(2, 1, 0, 3)

    def integrated(self, points: Array, weights: Array) -> Array:
        """The Shapley values, (M, R, S, Y)."""
        x = self.reduced[None] * points[:, None, None, None]
        drivers, share, factor, moved_from = self._forward(x, len(points))
        weighed = weights[:, None, None, None]
        energy = drivers["activity"] * drivers["intensity"] * weighed
        burnt = (energy[:, None] * share * factor).sum(axis=1)
        process = drivers["activity"] * drivers["process"] * weighed
        terms = {"activity": burnt + process, "intensity": burnt, "process": process}
        slope = energy[:, None] * factor
        values = np.zeros((*self.reduced.shape[:1], *self.share.shape[1:]))
        for number in reversed(range(len(self.acts))):
            act = self.acts[number]
            where = _rows(act)
            own = x[:, act.measure, None]
            if act.driver == "share":
                before = moved_from[number]
                left, come = slope[:, act.carrier, where], slope[:, act.to, where]
                gain = before * (left - act.ratio * come)
                slope[:, act.carrier, where] = (1 - own) * left + act.ratio * own * come
            elif act.driver == "factor":
                term = (
                    energy[:, where] * share[:, act.carrier, where] * factor[:, act.carrier, where]
                )
                gain = term / (1 - own)
            else:
                gain = terms[act.driver][:, where] / (1 - own)
            values[act.measure, where] += gain.sum(axis=0) * self.reduced[act.measure]
        return values.swapaxes(1, 2)

    def _forward(
        self, x: Array, count: int
    ) -> tuple[dict[str, Array], Array, Array, dict[int, Array]]:
        """Drivers at the points, and of each move what its carrier had before."""
        drivers = {name: _at(array, count) for name, array in self.drivers.items()}
        share, factor = _at(self.share, count), _at(self.factor, count)
        moved_from: dict[int, Array] = {}
        for number, act in enumerate(self.acts):
            where = _rows(act)
            own = x[:, act.measure, None]
            if act.driver == "share":
                before = share[:, act.carrier, where].copy()
                moved_from[number] = before
                share[:, act.carrier, where] = before * (1 - own)
                share[:, act.to, where] += act.ratio * own * before
            elif act.driver == "factor":
                factor[:, act.carrier, where] *= 1 - own
            else:
                drivers[act.driver][:, where] *= 1 - own
        return drivers, share, factor, moved_from


def _rows(act: Act) -> Any:
    """The sectors of an act, as a slice where they follow one another."""
    first, last = act.sectors[0], act.sectors[-1]
    if act.sectors == tuple(range(first, last + 1)):
        return slice(first, last + 1)
    return list(act.sectors)


def _at(array: Array, count: int) -> Array:
    """An array repeated for each of the points, to be written into."""
    return np.repeat(array[None], count, axis=0)
