"""The pathway of a place as arrays: drivers by region, sector, carrier and year, and the measures
that change them.

One model serves the central scenario, the draws, the attribution and the choice of measures, so
that a tonne is the same tonne in each. This is its plain reference in double precision; the
compiled twin in ``outlook/uncertainty`` is tested against it.

.. math::
    E_{rsy} = A_{rsy} \\left( I_{rsy} \\sum_c s_{rscy} f_{rscy} + P_{rsy} \\right)

with activity A, energy intensity I, shares s of carriers, emission factors f and emissions P that
go with activity without being burnt (process, waste, agriculture, land).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

Driver = Literal["activity", "intensity", "share", "factor", "process"]
"""What a measure may change: the activity of a sector, its energy intensity, the share of one
carrier (given up for another), the emission factor of a carrier, or emissions that are not burnt.
"""
Filler = Literal["", "saved", "own", "bought"]
"""What makes a measure on the factor of power: plants that burn less for the same output (also
where it is not said), power without fuel made in the place, or power from outside.
"""
ENERGY_TERM = frozenset({"activity", "intensity", "share", "factor"})
PROCESS_TERM = frozenset({"activity", "process"})


class MeasureCountsTwice(ValueError):
    """Two acts of a measure change the same tonnes, so that its effect has no one meaning."""


@dataclass(frozen=True)
class Act:
    """What a measure changes in one or more sectors.

    ``share`` moves energy from ``carrier`` to ``to``: one unit given up is ``ratio`` units of the
    other (efficiency of the old use over that of the new). ``factor`` needs the ``carrier`` alone,
    and of power ``filler`` says what comes in the place of what plants no longer burn. Numbers are
    positions in the model's own lists.
    """

    measure: int
    driver: Driver
    sectors: tuple[int, ...]
    carrier: int | None = None
    to: int | None = None
    ratio: float = 1.0
    filler: Filler = ""


@dataclass(frozen=True)
class Pathway:
    """Drivers and measures of R regions, S sectors, C carriers, Y years and M measures.

    Attributes
    ----------
    activity : array (R, S, Y)
        What the sector does, without measures. [unit of the sector]
    intensity : array (R, S, Y)
        Energy for a unit of activity, without measures. [tce/unit]
    share : array (R, S, C, Y)
        Carriers' shares of the energy; they add to 1 where there is energy. [1]
    factor : array (R, S, C, Y)
        Emissions of a unit of energy. [tCO2/tce]
    process : array (R, S, Y)
        Emissions with a unit of activity that are not burnt; sinks are negative. [tCO2e/unit]
    effect : array (M,)
        Share of its driver that a measure takes away once it is in full use. [1]
    ramp : array (M, Y)
        How much of its full use a measure has reached. [0..1]
    coverage : array (M, R)
        Share of a region that a measure reaches. [0..1]
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    carriers: tuple[str, ...]
    years: tuple[int, ...]
    activity: Array
    intensity: Array
    share: Array
    factor: Array
    process: Array
    measures: tuple[str, ...]
    effect: Array
    ramp: Array
    coverage: Array
    acts: tuple[Act, ...]

    def __post_init__(self) -> None:
        check_shapes(self)
        check_acts(self)

    def __repr__(self) -> str:
        span = f"{self.years[0]}-{self.years[-1]}" if self.years else "no years"
        return (
            f"Pathway({len(self.regions)} regions, {len(self.sectors)} sectors, "
            f"{len(self.carriers)} carriers, {span}, {len(self.measures)} measures)"
        )

    @cached_property
    def energy(self) -> Array:
        """Energy use without any measure, (R, S, C, Y). [tce]"""
        return (self.activity * self.intensity)[:, :, None, :] * self.share


@dataclass(frozen=True)
class Outcome:
    """What a pathway comes to: energy (R, S, C, Y) [tce], emissions of its burning (R, S, C, Y) and
    emissions that are not burnt (R, S, Y). [tCO2e]
    """

    activity: Array
    energy: Array
    burnt: Array
    process: Array

    @property
    def emissions(self) -> Array:
        """All emissions by region, sector and year, (R, S, Y). [tCO2e]"""
        return self.burnt.sum(axis=2) + self.process


def reduction(pathway: Pathway, effect: Array | None = None) -> Array:
    """Share of its driver that each measure takes away, (M, R, Y), for effects of full use (M,).

    .. math:: x_{mry} = e_m \\, ramp_{my} \\, coverage_{mr}
    """
    size = pathway.effect if effect is None else np.asarray(effect, dtype=float)
    return size[:, None, None] * pathway.ramp[:, None, :] * pathway.coverage[:, :, None]


def run(pathway: Pathway, effect: Array | None = None) -> Outcome:
    """The pathway with its measures at ``effect`` (M,), by default their central effects."""
    return applied(pathway, reduction(pathway, effect))


def without_measures(pathway: Pathway) -> Outcome:
    """The pathway with no measure at all."""
    return run(pathway, np.zeros(len(pathway.measures)))


def applied(pathway: Pathway, reduced: Array) -> Outcome:
    """The pathway where measure m takes ``reduced[m, r, y]`` (M, R, Y) of its driver away.

    Measures on one driver multiply: each takes its part of what the others left. Moves between
    carriers follow one another in the order of the acts. Every result is linear in the reduction
    of each single measure, which the attribution rests on.
    """
    activity = pathway.activity.copy()
    intensity = pathway.intensity.copy()
    share = pathway.share.copy()
    factor = pathway.factor.copy()
    process = pathway.process.copy()
    drivers = {"activity": activity, "intensity": intensity, "process": process}
    for act in pathway.acts:
        taken = reduced[act.measure]
        for sector in act.sectors:
            if act.driver == "share":
                moved = taken * share[:, sector, act.carrier]
                share[:, sector, act.carrier] -= moved
                share[:, sector, act.to] += act.ratio * moved
            elif act.driver == "factor":
                factor[:, sector, act.carrier] *= 1 - taken
            else:
                drivers[act.driver][:, sector] *= 1 - taken
    energy = (activity * intensity)[:, :, None, :] * share
    return Outcome(activity, energy, energy * factor, activity * process)


def left_to_plants(
    pathway: Pathway, reduced: Array, carrier: int, fillers: Collection[str]
) -> Array:
    """Share of a carrier's use that plants still make where measures of these fillers take from
    them, (R, S, Y); ``reduced`` as ``applied`` has it. [1]
    """
    left = np.ones_like(pathway.activity)
    for act in pathway.acts:
        if act.driver == "factor" and act.carrier == carrier and act.filler in fillers:
            for sector in act.sectors:
                left[:, sector] *= 1 - reduced[act.measure]
    return left


def check_shapes(pathway: Pathway) -> None:
    """Raise ``ValueError``, naming the array, where one does not have the shape of the lists."""
    regions, sectors, carriers, years, measures = (
        len(part)
        for part in (
            pathway.regions,
            pathway.sectors,
            pathway.carriers,
            pathway.years,
            pathway.measures,
        )
    )
    wanted = {
        "activity": (regions, sectors, years),
        "intensity": (regions, sectors, years),
        "share": (regions, sectors, carriers, years),
        "factor": (regions, sectors, carriers, years),
        "process": (regions, sectors, years),
        "effect": (measures,),
        "ramp": (measures, years),
        "coverage": (measures, regions),
    }
    for name, shape in wanted.items():
        array = getattr(pathway, name)
        if array.shape != shape:
            raise ValueError(f"{name} has the shape {array.shape}, not {shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} has values that are missing or not finite")


def check_acts(pathway: Pathway) -> None:
    """Raise ``MeasureCountsTwice`` where two acts of a measure change the same tonnes."""
    for number, name in enumerate(pathway.measures):
        own = [act for act in pathway.acts if act.measure == number]
        for sector in range(len(pathway.sectors)):
            here = [act for act in own if sector in act.sectors]
            if meet(here):
                raise MeasureCountsTwice(
                    f"{name} / {pathway.sectors[sector]}: one measure changes one driver of the "
                    "same energy once; make it two measures"
                )


def meet(acts: Iterable[Act]) -> bool:
    """Whether two of these acts of one measure in one sector multiply within one term."""
    acts = list(acts)
    burnt = [act for act in acts if act.driver in ENERGY_TERM]
    moves = [act for act in burnt if act.driver == "share"]
    if sum(act.driver in PROCESS_TERM for act in acts) > 1:
        return True
    if len(moves) < len(burnt):
        return len(burnt) > 1
    left = [act.carrier for act in moves]
    return len(set(left)) < len(left) or bool(set(left) & {act.to for act in moves})
