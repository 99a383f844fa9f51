"""How a figure of a study came about: driver, measure, assumption and source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hengtan.outlook.pathway.courses import Course
from hengtan.outlook.pathway.measures import Mark
from hengtan.outlook.pathway.shapley import Attribution
from hengtan.outlook.pathway.study import Assumption, Study


@dataclass(frozen=True)
class DriverStep:
    """A driver of a sector: its level in the base year, in the year asked without measures and with
    them, and the rows of ``pathway_drivers`` it follows.
    """

    driver: str
    carrier: str
    unit: str
    base: float
    plain: float
    after: float
    course: Course | None


@dataclass(frozen=True)
class MeasureStep:
    """What a measure takes off the figure [tCO2e], with its numbers, each marked, and where its
    rows stand.
    """

    code: str
    title: str
    clause: str
    cut: float
    marks: tuple[Mark, ...]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class ExplainedFigure:
    """Emissions of a sector of a place in a year: without measures, with them, and why. [tCO2e]"""

    place: str
    sector: str
    year: int
    base: float
    plain: float
    after: float
    drivers: tuple[DriverStep, ...]
    measures: tuple[MeasureStep, ...]
    assumptions: tuple[Assumption, ...] = ()

    @property
    def left_over(self) -> float:
        """What drivers and measures leave unexplained: nothing but rounding. [tCO2e]"""
        return self.plain - sum(step.cut for step in self.measures) - self.after


def explain(
    study: Study, attribution: Attribution, place: str, sector: str, year: int
) -> ExplainedFigure:
    """How the emissions of a sector of a place in a year come about.

    Raises
    ------
    HengtanError
        For a year the study does not have.
    ValueError
        For a place or sector it does not have.
    """
    position = study.year(year)
    region = study.base.regions.index(place)
    row = study.base.sectors.index(sector)
    spot = (region, row, position)
    cuts = study.by_measure(attribution.by_cell)[(slice(None), *spot)]
    steps = tuple(_measures(study, cuts))
    codes = {step.code for step in steps}
    return ExplainedFigure(
        place,
        sector,
        year,
        float(study.base.emissions[region, row]),
        float(attribution.before[spot]),
        float(attribution.after[spot]),
        tuple(_drivers(study, spot)),
        steps,
        tuple(a for a in study.assumptions if _concerns(a, place, sector, codes)),
    )


def _drivers(study: Study, spot: tuple[int, int, int]) -> list[DriverStep]:
    """Activity, intensity, shares and factors of a cell."""
    region, row, position = spot
    place, sector = study.base.regions[region], study.base.sectors[row]
    activity = study.base.activity[place, sector]
    pathway, outcome = study.pathway, study.outcome()

    def course(driver: str) -> Course | None:
        return study.courses.get((driver, place, sector))

    def step(driver: str, unit: str, plain: Any, after: float) -> DriverStep:
        series = plain[region, row]
        values = (float(series[0]), float(series[position]), after)
        return DriverStep(driver, "", unit, *values, course(driver))

    active = float(outcome.activity[spot])
    steps = [step("activity", activity.unit, pathway.activity, active)]
    energy = outcome.energy[region, row, :, position]
    if pathway.energy[region, row, :, position].any():
        used = float(energy.sum()) / active if active else 0.0
        steps.append(step("intensity", f"tce/{activity.unit}", pathway.intensity, used))
    for carrier in np.flatnonzero(energy + pathway.energy[region, row, :, position]):
        steps += _of_carrier(study, spot, int(carrier), energy)
    if pathway.process[region, row].any():
        emitted = float(outcome.process[spot]) / active if active else 0.0
        steps.append(step("process", f"tCO2e/{activity.unit}", pathway.process, emitted))
    return steps


def _of_carrier(
    study: Study, spot: tuple[int, int, int], carrier: int, energy: Any
) -> list[DriverStep]:
    """Share and factor of a carrier in a cell."""
    region, row, position = spot
    pathway, outcome = study.pathway, study.outcome()
    name = study.base.carriers[carrier]
    share, factor = pathway.share[region, row, carrier], pathway.factor[region, row, carrier]
    whole, used = float(energy.sum()), float(energy[carrier])
    burnt = float(outcome.burnt[region, row, carrier, position])
    shares = (float(share[0]), float(share[position]), used / whole if whole else 0.0)
    factors = (float(factor[0]), float(factor[position]), burnt / used if used else 0.0)
    mix = study.mixes.get((study.base.regions[region], study.base.sectors[row], name))
    return [
        DriverStep("share", name, "1", *shares, mix),
        DriverStep("factor", name, "tCO2e/tce", *factors, None),
    ]


def _measures(study: Study, cuts: Any) -> list[MeasureStep]:
    """The measures that change the figure, the largest first."""
    steps = [
        MeasureStep(
            measure.code,
            measure.title,
            measure.clause,
            float(cut),
            measure.marks,
            tuple(row for row in study.rows if row["measure"] == measure.code),
        )
        for measure, cut in zip(study.measures, cuts, strict=True)
        if cut
    ]
    return sorted(steps, key=lambda step: -abs(step.cut))


def _concerns(assumption: Assumption, place: str, sector: str, codes: set[str]) -> bool:
    """Whether an assumption is of all, of this place and sector, or of a measure of the figure."""
    first = assumption.arguments[:1]
    if assumption.code in ("assumed.measure", "assumed.ages", "assumed.filler"):
        return bool(codes & set(first))
    return not assumption.place or (assumption.place, *first) == (place, sector)
