"""The tangent of the multiplicative model: its value and its exact derivative by each measure's
level, in one pass forward through the acts and one back (reverse differentiation).

Emissions are linear in each single measure but not in all of them, so a program of levels sees the
model through its tangent at a point. The derivative costs about as much as the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.pathway.model import Act, Array, Pathway
from hengtan.outlook.portfolio.study import Study, Target, in_equal_parts, reduced_by
from hengtan.outlook.uncertainty.as_emissions import AsEmissions
from hengtan.outlook.uncertainty.bought_power import WithPower

EVERYTHING = Target("", "", 0.0, ())
"""All emissions, of all sectors and carriers."""
DRIVERS = ("activity", "intensity", "share", "factor", "process")


@dataclass(frozen=True)
class Tangent:
    """A total by region and year at a point, and its derivative there.

    Attributes
    ----------
    value : array (R, Y)
        The total. [tCO2e or tce]
    slope : array (M, R, Y)
        Change of the region's total with one unit of the measure's reduction, or level.
    """

    value: Array
    slope: Array


@dataclass(frozen=True)
class Counted:
    """What a total adds up: weights of sectors (S,) and carriers (C,), of emissions that are not
    burnt (S,), and whether emission factors count (else it is energy).
    """

    sectors: Array
    carriers: Array
    unburnt: Array
    emissions: bool

    @classmethod
    def by(cls, pathway: Pathway, target: Target) -> Counted:
        """The weights of a target."""
        sectors = _weights(len(pathway.sectors), target.sectors)
        carriers = _weights(len(pathway.carriers), target.carriers)
        emissions = target.quantity == "emissions"
        unburnt = sectors * float(emissions and target.carriers is None)
        return cls(sectors, carriers, unburnt, emissions)


def _weights(count: int, chosen: tuple[int, ...] | None) -> Array:
    weights = np.ones(count)
    if chosen is not None:
        weights[:] = 0.0
        weights[list(chosen)] = 1.0
    return weights


def tangent(pathway: Pathway, reduced: Array, counted: Counted, years: Any = None) -> Tangent:
    """Value and derivative of a total at the reductions ``reduced`` (M, R, Y).

    ``years``: positions of the years wanted (all where None); the arrays that come back have these.
    """
    at = slice(None) if years is None else np.asarray(years)
    state = {name: getattr(pathway, name)[..., at].copy() for name in DRIVERS}
    part = reduced[:, :, at]
    before = [_forward(act, part[act.measure][:, None], state) for act in pathway.acts]
    value, slopes = _counted(state, counted)
    back = np.zeros_like(part)
    for act, kept in zip(reversed(pathway.acts), reversed(before), strict=True):
        back[act.measure] += _backward(act, part[act.measure][:, None], kept, slopes)
    return Tangent(value, back)


def _forward(act: Act, taken: Array, state: dict[str, Array]) -> Array:
    """Apply an act to the drivers; what it changed, as it was before, (R, sectors, Y)."""
    sectors = list(act.sectors)
    if act.driver == "share":
        left = state["share"][:, sectors, act.carrier]
        state["share"][:, sectors, act.carrier] = left * (1 - taken)
        state["share"][:, sectors, act.to] += act.ratio * taken * left
        return left
    at = _place(act, sectors)
    left = state[act.driver][at]
    state[act.driver][at] = left * (1 - taken)
    return left


def _backward(act: Act, taken: Array, left: Array, slopes: dict[str, Array]) -> Array:
    """Carry the slopes back over an act; the slope by its reduction, (R, Y)."""
    sectors = list(act.sectors)
    if act.driver == "share":
        from_slope = slopes["share"][:, sectors, act.carrier]
        to_slope = act.ratio * slopes["share"][:, sectors, act.to]
        slopes["share"][:, sectors, act.carrier] = from_slope * (1 - taken) + to_slope * taken
        return (left * (to_slope - from_slope)).sum(axis=1)
    at = _place(act, sectors)
    slope = slopes[act.driver][at]
    slopes[act.driver][at] = slope * (1 - taken)
    return -(left * slope).sum(axis=1)


def _place(act: Act, sectors: list[int]) -> tuple[Any, ...]:
    """Where a driver that is scaled stands in its array."""
    if act.driver == "factor":
        return (slice(None), sectors, act.carrier)
    return (slice(None), sectors)


def _counted(state: dict[str, Array], counted: Counted) -> tuple[Array, dict[str, Array]]:
    """The total (R, Y) of the drivers as they end up, and its slope by each of them."""
    activity, intensity, share, factor, process = (state[name] for name in DRIVERS)
    weight = counted.sectors[:, None, None] * counted.carriers[:, None]
    unburnt = counted.unburnt[:, None]
    by_unit = weight * factor if counted.emissions else np.broadcast_to(weight, factor.shape)
    energy = (activity * intensity)[:, :, None]
    for_energy = (by_unit * share).sum(axis=2)
    value = (activity * (intensity * for_energy + unburnt * process)).sum(axis=1)
    slopes = {
        "activity": intensity * for_energy + unburnt * process,
        "intensity": activity * for_energy,
        "share": energy * by_unit,
        "factor": energy * weight * share * float(counted.emissions),
        "process": unburnt * activity,
    }
    return value, slopes


def tangent_by_level(
    study: Study, level: Array, target: Target, effect: Array | None = None, years: Any = None
) -> Tangent:
    """The tangent of a target's total by the levels of measures."""
    pathway = study.pathway
    reduced = reduced_by(study, level, effect)
    if target.figure is not None:
        raw = of_figure(pathway, reduced, target.figure, years)
    else:
        raw = tangent(pathway, reduced, Counted.by(pathway, target), years)
    size = pathway.effect if effect is None else effect
    return Tangent(raw.value, raw.slope * size[:, None, None] * pathway.coverage[:, :, None])


def of_figure(pathway: Pathway, reduced: Array, figure: WithPower, years: Any = None) -> Tangent:
    """Value, in equal parts of the regions, and derivative of a figure with bought power. Where as
    much comes in as goes out the factor of what comes in counts.
    """
    at = slice(None) if years is None else np.asarray(years)
    value, slope = of_total(pathway, reduced, figure.direct, years)
    for bought, by_side in figure.power:
        net, by_level = of_total(pathway, reduced, bought)
        value = value + by_side.emitted(net)[at]
        slope = slope + (by_level * by_side.slope(net))[..., at]
    return Tangent(in_equal_parts(value, pathway), slope)


def of_total(
    pathway: Pathway, reduced: Array, total: AsEmissions, years: Any = None
) -> tuple[Array, Array]:
    """Value by year (Y,) and derivative (M, R, Y) of a total written as emissions."""
    at = slice(None) if years is None else np.asarray(years)
    value = total.constant[at].copy()
    slope = np.zeros((*reduced.shape[:2], value.size))
    for view in total.views:
        seen = view.of(pathway)
        part = tangent(seen, reduced, Counted.by(seen, EVERYTHING), years)
        value += part.value.sum(axis=0)
        slope += part.slope
    return value, slope


def contributions(study: Study, level: Array, target: Target) -> Array:
    r"""What each measure cuts of a target, by region and year, (M, R, Y): its Shapley value.

    Exact, since the total is linear in each measure: along the diagonal

    .. math:: \phi_m = -\int_0^1 y_m \, \partial_m E(t y) \, dt

    and the integrand is a polynomial of less than M in t, so that Gauss-Legendre with M/2 nodes is
    no approximation. What was there already (the floor) is no measure of the study.

    References
    ----------
    .. [1] Owen (1972), Multilinear extensions of games, Management Science 18.
    """
    nodes = (len(study.pathway.measures) + 1) // 2 + 1
    points, weights = np.polynomial.legendre.leggauss(nodes)
    start = study.nothing
    rise = level - start
    total = np.zeros(study.shape)
    for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
        total -= weight * rise * tangent_by_level(study, start + point * rise, target).slope
    wanted = np.zeros(study.shape[1:], dtype=bool)
    regions = list(target.regions or range(study.shape[1]))
    wanted[np.ix_(regions, list(target.years))] = True
    return np.where(wanted, total, 0.0)
