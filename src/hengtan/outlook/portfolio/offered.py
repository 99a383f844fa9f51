"""The study of a portfolio from that of a pathway, whose measures are offered to a choice.

A level of 1 is the ceiling of a measure. What a part takes of its driver is then

    effect x (coverage x ceiling) x level

so that at the levels of the pathway's own course the two are one model. Parts of one measure that
reach the same region have one level there, and the measure's costs stand with the first of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hengtan.outlook.pathway import study as pathways
from hengtan.outlook.pathway.measures import Measure, Row, at, percent, ramp_of
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.study import Assumption
from hengtan.outlook.portfolio.study import Costs, Study, Target
from hengtan.outlook.portfolio.tangent import tangent_by_level

ALIKE = 1e-9
"""How far the courses of parts may differ that are one level."""


@dataclass(frozen=True)
class Offered:
    """A portfolio's study, and what it assumes beyond the pathway's.

    ``full`` (P,): share of full use that a level of 1 stands for; ``course`` (P, Y): the levels of
    the pathway's own course.
    """

    study: Study
    full: Array
    course: Array
    assumptions: tuple[Assumption, ...]


def offered(study: pathways.Study, rate: float, whole: Collection[str] = ()) -> Offered:
    """The measures of a pathway as choices, without targets and budgets.

    Parameters
    ----------
    study : pathway.Study
        Its measures may exclude each other.
    rate : float
        Discount rate of all costs; money is worth that of the base year. [1]
    whole : collection of str
        Codes of measures that a region takes wholly or not at all.

    Raises
    ------
    HengtanError
        With file, row and column: a measure without costs, capital without a life, rows of one
        measure that start or ramp differently in one place.
    """
    full, course = _courses(study)
    together = _together(study, course)
    leads = np.ones(study.pathway.coverage.shape, dtype=bool)
    for part, _, region in together:
        leads[part, region] = False
    pathway = replace(
        study.pathway,
        coverage=study.pathway.coverage * full[:, None],
        ramp=np.ones(study.pathway.ramp.shape),
    )
    reached = study.pathway.coverage > 0
    floor = np.where(reached, course[:, :1], 0.0)
    stock = _of_stock(study)
    most = np.where(stock[:, None], course, (course > 0).astype(float))
    most[:, 0] = course[:, 0]
    numbers = [study.measure(code) for code in whole]
    owner = study.portions.owner
    measures = [study.measures[number] for number in owner]
    chosen = Study(
        name=f"{'、'.join(study.base.regions)} {study.base.year}—{pathway.years[-1]}",
        pathway=pathway,
        costs=_no_costs(study, rate),
        floor=floor,
        ceiling=np.where(reached[:, :, None], most[:, None, :], 0.0),
        step=_steps(study, course, stock),
        exclusions=_exclusions(study),
        whole=tuple(part for part, number in enumerate(owner) if number in numbers),
        together=together,
        owner=tuple(measure.code for measure in measures),
        assumed_effect=np.array([not measure.cut_is_established for measure in measures]),
        assumed_cost=np.array([not measure.cost_is_established for measure in measures]),
    )
    capital, running, shared = _Money(study, chosen, full, leads).costs()
    by_year = np.repeat(capital[:, :, None], len(pathway.years), axis=2)
    priced = replace(chosen, costs=replace(chosen.costs, capital=by_year, running=running))
    return Offered(priced, full, course, _assumptions(study, floor, shared))


def _courses(study: pathways.Study) -> tuple[Array, Array]:
    """Of each part, the share of full use at its ceiling (P,) and the pathway's levels (P, Y)."""
    years = study.pathway.years
    full = np.zeros(len(study.portions.names))
    course = np.zeros((full.size, len(years)))
    for row, part in zip(study.rows, study.portions.of_row, strict=True):
        if row["driver"] == "stock":
            turned = np.maximum.accumulate(study.portions.ramp[part])
            full[part] = turned[-1]
            course[part] = turned / turned[-1] if turned[-1] > 0 else 0.0
        else:
            full[part] = percent(row.get("ceiling"), 1.0)
            course[part] = ramp_of({**row, "ceiling": None}, years)
    return full, course


def _of_stock(study: pathways.Study) -> Array:
    stock = np.zeros(len(study.portions.names), dtype=bool)
    for row, part in zip(study.rows, study.portions.of_row, strict=True):
        stock[part] = row["driver"] == "stock"
    return stock


def _steps(study: pathways.Study, course: Array, stock: Array) -> Array:
    """How far a level may rise in a year: by its ramp; of a stock as quick as it turns over."""
    step = np.ones(len(course))
    for row, part in zip(study.rows, study.portions.of_row, strict=True):
        length = float(row["ramp_years"] or 0)
        step[part] = min(1.0, 1.0 / length) if length > 0 else 1.0
    quickest = np.diff(course, axis=1).max(axis=1, initial=0.0)
    return np.where(stock & (quickest > 0), quickest, step)


def _together(study: pathways.Study, course: Array) -> tuple[tuple[int, int, int], ...]:
    """Parts of one measure that meet in a region: (part, the first of them, region)."""
    first_row = {part: row for row, part in zip(study.rows, study.portions.of_row, strict=True)}
    first: dict[tuple[int, int], int] = {}
    linked = []
    for part, owner in enumerate(study.portions.owner):
        for region in np.flatnonzero(study.pathway.coverage[part] > 0):
            lead = first.setdefault((owner, int(region)), part)
            if lead == part:
                continue
            if np.abs(course[part] - course[lead]).max() > ALIKE:
                code = study.measures[owner].code
                raise at(first_row[part], "start_year", "parts_out_of_step", code)
            linked.append((part, lead, int(region)))
    return tuple(linked)


def _exclusions(study: pathways.Study) -> tuple[tuple[int, ...], ...]:
    """Parts of measures that exclude each other, a group for each pair of measures."""
    codes = [measure.code for measure in study.measures]
    pairs = {
        tuple(sorted((number, codes.index(other))))
        for number, measure in enumerate(study.measures)
        for other in measure.conflicts
        if other in codes and other != measure.code
    }
    owner = study.portions.owner
    return tuple(
        tuple(part for part, number in enumerate(owner) if number in pair) for pair in sorted(pairs)
    )


def _no_costs(study: pathways.Study, rate: float) -> Costs:
    parts, regions = study.pathway.coverage.shape
    years = len(study.pathway.years)
    lives = [study.measures[owner].life or 0.0 for owner in study.portions.owner]
    return Costs(
        np.zeros((parts, regions, years)),
        np.zeros((parts, regions)),
        np.array([float(round(life)) for life in lives]),
        rate,
        study.base.year,
    )


@dataclass
class _Money:
    """Shares the costs of measures to regions."""

    of: pathways.Study
    study: Study
    full: Array
    leads: Array

    def costs(self) -> tuple[Array, Array, tuple[Measure, ...]]:
        """Capital and running cost of a level of 1 (P, R) [10^4 yuan], and the measures whose costs
        several regions share.
        """
        shape = self.study.shape[:2]
        money = {"capital": np.zeros(shape), "running": np.zeros(shape)}
        alone = self._cut_alone()
        shared = []
        for number, measure in enumerate(self.of.measures):
            rows = [row for row in self.of.rows if row["measure"] == measure.code]
            parts = [p for p, owner in enumerate(self.of.portions.owner) if owner == number]
            self._refuse(measure, rows)
            lead = self.leads[parts] & self._reached[parts]
            key = alone[parts].sum(axis=0) * lead.any(axis=0)
            for row in rows:
                where = self._regions_of(row, rows, lead.any(axis=0))
                if where.sum() > 1 and measure not in shared and _costed(row):
                    shared.append(measure)
                part_of = _shares(key, where)
                for name, array in money.items():
                    array[parts] += float(row.get(name) or 0.0) * np.where(lead, part_of, 0.0)
            at_ceiling = (self.full[parts, None] * self._reached[parts]).max(axis=0)
            for array in money.values():
                array[parts] *= at_ceiling
        return money["capital"], money["running"], tuple(shared)

    @property
    def _reached(self) -> Any:
        """Whether a part reaches a region, (P, R)."""
        return self.of.pathway.coverage > 0

    def _cut_alone(self) -> Array:
        """What each part would cut by itself in the base year at its ceiling, by size, (P, R)."""
        everything = Target("", "", 0.0, (0,))
        nothing = np.zeros(self.study.shape)
        slope = tangent_by_level(self.study, nothing, everything, years=(0,)).slope
        return np.abs(slope[:, :, 0])

    def _regions_of(self, row: Row, rows: list[Row], reached: Any) -> Any:
        """Regions that pay the costs of a row: those of its own parts where every region that the
        measure reaches has a row with costs, else all of them.
        """
        own = [self._reach(each) & reached for each in rows if _costed(each)]
        if np.logical_or.reduce(own)[reached].all():
            return np.asarray(self._reach(row) & reached)
        return reached

    def _reach(self, row: Row) -> Any:
        number = next(n for n, each in enumerate(self.of.rows) if each is row)
        part = self.of.portions.of_row[number]
        return np.asarray(self._reached[part])

    def _refuse(self, measure: Measure, rows: list[Row]) -> None:
        if not any(map(_costed, rows)):
            raise at(rows[0], "capital", "measure_without_cost", measure.code, rows[0]["place"])
        if measure.capital and measure.life is None:
            raise at(rows[0], "life", "capital_without_life", measure.code)


def _costed(row: Row) -> bool:
    return row.get("capital") is not None or row.get("running") is not None


def _shares(key: Array, where: Array) -> Array:
    """Parts of a cost by region: by the key, alike where it is nowhere more than nothing."""
    chosen = np.where(where, key, 0.0)
    if chosen.sum() <= 0:
        chosen = where.astype(float)
    return np.asarray(chosen / chosen.sum()) if chosen.sum() > 0 else chosen


def _assumptions(
    study: pathways.Study, floor: Array, shared: tuple[Measure, ...]
) -> tuple[Assumption, ...]:
    listed = [Assumption("assumed.portfolio_levels", "", ())]
    begun = {study.portions.owner[part] for part in np.flatnonzero((floor > 0).any(axis=1))}
    for number, measure in enumerate(study.measures):
        said = {
            "already": number in begun,
            "shared_cost": measure in shared,
            "no_capital": measure.capital is None,
            "no_running": measure.running is None,
            "one_rate": measure.discount_rate is not None,
        }
        listed += [
            Assumption(f"assumed.portfolio_{code}", "", (measure.code,))
            for code, holds in said.items()
            if holds
        ]
    return tuple(listed)
