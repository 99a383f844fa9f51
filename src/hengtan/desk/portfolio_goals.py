"""What a portfolio must reach: caps that are asked for, carbon budgets and goals of carbon dioxide
of the place, and what is to be said of them.

Where measures are chosen by district, each district is held to its own goals and budgets, and all
of them together to those of the place: what its account has beyond those of its districts stays as
it is without measures, since no measure of a district reaches it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from hengtan.basis.errors import HengtanError
from hengtan.desk.caps import CO2_TARGETS, budgets_by_place
from hengtan.desk.pathway import PathwayDesk
from hengtan.desk.target_odds import TargetOdds
from hengtan.outlook.pathway.exchange import Bought
from hengtan.outlook.pathway.model import Array
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.study import Assumption
from hengtan.outlook.pathway.supply import POWER, unit_rate
from hengtan.outlook.pathway.targets import bought_of, factors_of_bought
from hengtan.outlook.portfolio.study import Target
from hengtan.outlook.uncertainty.as_emissions import AsEmissions, as_emissions
from hengtan.outlook.uncertainty.asked import Total, reference_total
from hengtan.outlook.uncertainty.bought_power import (
    Factors,
    WithPower,
    factors_by_year,
    in_region,
    of_region,
    with_power,
)
from hengtan.outlook.uncertainty.judged import Judged

WAN, ALIKE = 1e4, 50.0
"""Tonnes of 10⁴ t, and how far two accounts lie apart that are said to be one."""
SAID = (("；", "zh"), ("; ", "en"))
Row = Mapping[str, Any]
Names = tuple[str, str]


@dataclass(frozen=True)
class Goals:
    """What must be reached, and what is said of it: goals that are left out with the reason, and
    what of the place no district holds. ``beside``: emissions with indirect ones, where caps count
    them.
    """

    targets: tuple[Target, ...] = ()
    said: tuple[Assumption, ...] = ()
    beside: WithPower | None = None

    def __add__(self, other: Goals) -> Goals:
        beside = self.beside or other.beside
        return Goals(self.targets + other.targets, self.said + other.said, beside)


def goals_of(
    desk: PathwayDesk, caps: Mapping[int, float], *, indirect: bool, only_caps: bool
) -> Goals:
    """What must be reached: caps that are asked for, with indirect emissions or without, then
    budgets and goals of the place unless ``only_caps``.

    Raises HengtanError, in one line, for caps that cannot be told.
    """
    places = Places(desk)
    goals = places.caps(caps, indirect=indirect)
    return goals if only_caps else goals + places.goals_of_whole() + places.own_goals()


def nothing_to_reach(desk: PathwayDesk, goals: Goals) -> HengtanError:
    """That nothing is asked for, with goals that are left out and why."""
    said = [desk.said_assumption(each) for each in goals.said]
    zh, en = ("".join(between + each[lang] for each in said) for between, lang in SAID)
    return refusal("nothing_to_reach", zh, en)


def position_of(desk: PathwayDesk, year: int) -> int:
    """The position of a year that is still to come. Raises HengtanError."""
    position = desk.offered.year(year)
    if position == 0:
        raise refusal("base_year_past", year)
    return position


@dataclass(frozen=True)
class Places:
    """The regions of a study, and the place that they are districts of."""

    desk: PathwayDesk

    @property
    def regions(self) -> Sequence[str]:
        """The regions that measures are chosen for."""
        return self.desk.offered.base.regions

    @property
    def by_district(self) -> bool:
        """Whether the place is taken by its districts."""
        return self.desk.asked.districts

    @cached_property
    def plain(self) -> PathwayDesk:
        """The same study with none of its measures: goals are judged whatever is chosen."""
        codes = tuple(dict.fromkeys(row["measure"] for row in self.desk.measures))
        return PathwayDesk(
            self.desk.workspace, replace(self.desk.asked, without=codes), self.desk.as_of
        )

    @cached_property
    def whole(self) -> PathwayDesk:
        """The place by its own balance, without measures. Raises HengtanError where it has none."""
        asked = replace(self.plain.asked, districts=False, base=self.plain.tables.year)
        desk = PathwayDesk(self.desk.workspace, asked, self.desk.as_of)
        _ = desk.study
        return desk

    def called(self, place: str) -> Names:
        """What a place is called."""
        return self.desk.places.get(place, (place, place))

    # Caps

    def caps(self, caps: Mapping[int, float], *, indirect: bool) -> Goals:
        """Caps that are asked for, with indirect emissions of bought power where these count."""
        if not caps:
            return Goals()
        positions = tuple(position_of(self.desk, year) for year in caps)
        counted = self.counted(positions, indirect=indirect)
        targets = tuple(
            Target(
                f"{year}年排放上限",
                f"cap on emissions of {year}",
                tonnes,
                (position_of(self.desk, year),),
                figure=counted.figure,
                counts=counted.counts,
            )
            for year, tonnes in sorted(caps.items())
        )
        said = self._rest_of_emissions(caps) if counted.of_whole else ()
        return Goals(targets, said, counted.figure)

    def counted(self, positions: Sequence[int], *, indirect: bool) -> Counted:
        """What caps of some years count. Raises HengtanError where it cannot be told."""
        if indirect:
            return self.with_indirect(positions)
        return Counted(None, "direct_districts" if self.by_district else "direct")

    def with_indirect(self, positions: Sequence[int]) -> Counted:
        """All emissions with the indirect ones of bought power: of the regions by what each reports
        as bought; else, by district, of the whole place by its account.

        Raises HengtanError, in one line, for a place that reports nothing bought, and for a year
        whose factor is not published.
        """
        study = self.desk.offered
        bought = bought_of(self.desk.graph, study)
        silent = [place for place in self.regions if place not in {each.place for each in bought}]
        if silent and self.by_district:
            return self._whole_with_indirect(positions, silent)
        if silent:
            raise refusal("power_not_reported", self.called(silent[0])[0])
        factors = factors_of_bought(self.desk.graph, study, bought)
        self._refuse_unknown(factors, positions)
        figure = with_power(study, Total("emissions"), bought, factors)
        return Counted(figure, "districts_with_power" if self.by_district else "with_power")

    def _whole_with_indirect(self, positions: Sequence[int], silent: Sequence[str]) -> Counted:
        names = "、".join(self.called(place)[0] for place in silent)
        try:
            whole = self.whole
        except HengtanError as error:
            raise refusal("power_by_district", names, error.zh, error.en) from error
        bought = TargetOdds(whole).bought
        if bought is None:
            lacks = f"{self.called(self.desk.asked.place)[0]}也没有填报"
            raise refusal("power_by_district", names, lacks, "nor has the place")
        factors = factors_of_bought(whole.graph, whole.study, [bought])
        self._refuse_unknown(factors, positions)
        kept, own = self._emitted(self.plain), self._emitted(whole)
        rest = Total("rest", "stated", figures=tuple((own - kept).tolist()))
        parts = ((Total("emissions"), 1.0), (rest, 1.0))
        emitted = Total("emissions of the place", "sum", parts=parts)
        figure = WithPower(self._as_emissions(emitted), (self._power(bought, factors),))
        return Counted(figure, "whole_with_power", of_whole=True)

    def _emitted(self, desk: PathwayDesk) -> Array:
        """Emissions of all regions of a study by year. [tCO2e]"""
        emitted: Array = desk.study.outcome().emissions.sum(axis=(0, 1))
        return emitted

    def _rest_of_emissions(self, years: Mapping[int, float]) -> tuple[Assumption, ...]:
        kept, own = self._emitted(self.plain), self._emitted(self.whole)
        positions = {year: self.whole.study.year(year) for year in sorted(years)}
        return tuple(
            self._said_rest(year, float(own[n]), float(kept[n]), "emissions")
            for year, n in positions.items()
        )

    def _refuse_unknown(self, factors: Factors, positions: Sequence[int]) -> None:
        years = [self.desk.offered.pathway.years[position] for position in positions]
        for (_, year), sides in factors.items():
            if year in years and np.isnan(sides).any():
                raise refusal("power_without_factor", year)

    # Goals and budgets of each region

    def own_goals(self) -> Goals:
        """Budgets and goals of each region, by its own accounts."""
        budgets = budgets_by_place(self.plain)
        goals = Goals()
        for place in self.regions:
            of_place = {year: each for (of, year), each in budgets.items() if of == place}
            figures = {year: self._burnt_of(place, year) for year in of_place}
            budgeted = (self._budget(place, y, t, figures[y]) for y, t in sorted(of_place.items()))
            goals += Goals(tuple(budgeted))
            goals += self._goals_of_region(place)
        return goals

    def _burnt_of(self, place: str, year: int) -> WithPower:
        """Carbon dioxide of what is burnt in a region, by the account of totals. [t CO2]"""
        burnt = in_region(TargetOdds(self.plain, place).burnt_co2(year), place)
        return WithPower(self._as_emissions(burnt))

    def _budget(self, place: str, year: int, tonnes: float, figure: WithPower) -> Target:
        """A carbon budget: of carbon dioxide of what is burnt."""
        return Target(
            *self._named(place, f"{year}年碳预算", f"carbon budget of {year}"),
            tonnes,
            (position_of(self.desk, year),),
            mark="established",
            figure=figure,
            counts="co2",
        )

    def _goals_of_region(self, place: str) -> Goals:
        """Goals of carbon dioxide of a region, by the account of totals that judges them: of what
        is burnt and, where the region reports it, of bought power.
        """
        odds = TargetOdds(self.plain, place)
        goals, bought = odds.co2_goals(), odds.bought
        own = [bought] if goals and bought else []
        factors = factors_of_bought(self.desk.graph, self.desk.offered, own) if own else {}
        targets = []
        for row, tonnes in goals:
            burnt = in_region(odds.burnt_co2(row["deadline_year"]), place)
            figure = with_power(self.desk.offered, burnt, own, factors)
            targets.append(self._goal(row, tonnes, figure, with_bought=bool(own)))
        return Goals(tuple(targets), self._left_out(odds, place))

    def _goal(self, row: Row, tonnes: float, figure: WithPower, *, with_bought: bool) -> Target:
        place = row.get("region") or self.desk.asked.place
        return Target(
            *self._named(place, *goal_name(row)),
            tonnes,
            (position_of(self.desk, row["deadline_year"]),),
            mark="established",
            figure=figure,
            counts="co2_with_power" if with_bought else "co2",
        )

    def _named(self, place: str, zh: str, en: str) -> Names:
        """What something of a place is called, with the place where there are several."""
        if not self.by_district:
            return zh, en
        own = self.called(place)
        return f"{own[0]}{zh}", f"{own[1]}: {en}"

    def _left_out(self, odds: TargetOdds, place: str) -> tuple[Assumption, ...]:
        """Goals of a place that cannot be told in tonnes."""
        rows = odds.co2_left_out()
        return (said_goals("goals.untold", place, rows),) if rows else ()

    # The whole place, by district

    def goals_of_whole(self) -> Goals:
        """Budgets and goals of the place that districts are part of, by its own account, of which
        measures of districts change the districts' part; none of a study that is not by district.
        """
        if not self.by_district:
            return Goals()
        place = self.desk.asked.place
        try:
            odds = TargetOdds(self.whole)
        except HengtanError as error:
            return self._all_left_out(place, error)
        goals = odds.co2_goals()
        budgets = {year: each for (_, year), each in budgets_by_place(self.whole).items()}
        years = {*budgets, *(row["deadline_year"] for row, _ in goals)}
        burnt = {year: self._as_emissions(self._burnt(odds, year)) for year in sorted(years)}
        power = (self._power_of(odds),) if goals and odds.bought else ()
        targets = [
            self._budget(place, year, tonnes, WithPower(burnt[year]))
            for year, tonnes in sorted(budgets.items())
        ]
        for row, tonnes in goals:
            figure = WithPower(burnt[row["deadline_year"]], power)
            targets.append(self._goal(row, tonnes, figure, with_bought=bool(power)))
        said = [self._said_rest(y, odds.energy_co2(y), self._kept_co2(y), "co2") for y in burnt]
        said += [Assumption("goals.power_of_whole", place, ())] if power else []
        return Goals(tuple(targets), (*said, *self._left_out(odds, place)))

    def _all_left_out(self, place: str, error: HengtanError) -> Goals:
        """That the place has no account of its own, and which of its goals are left out for it."""
        rows = self._planned(place)
        years = self.desk.offered.pathway.years[1:]
        budgets = sorted(
            row["year"]
            for row in self.desk.graph.table("carbon_budgets").to_pyarrow().to_pylist()
            if row["place"] == place and row["year"] in years
            if not row.get("sector") and not row.get("entity")
        )
        names = [goal_name(row) for row in rows]
        names += [(f"{year}年碳预算", f"carbon budget of {year}") for year in budgets]
        if not names:
            return Goals()
        zh, en = ("、".join(each) for each in zip(*names, strict=True))
        return Goals((), (Assumption("goals.no_account", place, (zh, en, error.zh, error.en)),))

    def _planned(self, place: str) -> list[Row]:
        """Goals of carbon dioxide of a place that are due within the study, whatever is known."""
        years = self.desk.offered.pathway.years[1:]
        rows: list[Row] = self.plain.graph.execute("plan_progress").to_pylist()
        return [
            row
            for row in rows
            if (row["region"], row["indicator"] in CO2_TARGETS) == (place, True)
            and row["deadline_year"] in years
        ]

    def _as_emissions(self, total: Total) -> AsEmissions:
        return as_emissions(total, self.desk.offered.pathway)

    def _kept_co2(self, year: int) -> float:
        """What the districts' accounts have of carbon dioxide of what is burnt. [t CO2]"""
        return sum(TargetOdds(self.plain, place).energy_co2(year) for place in self.regions)

    def _burnt(self, odds: TargetOdds, year: int) -> Total:
        """Carbon dioxide of what is burnt in the place: that of its districts, and what no district
        holds. [t CO2]
        """
        parts = [
            (in_region(TargetOdds(self.plain, place).burnt_co2(year), place), 1.0)
            for place in self.regions
        ]
        rest = odds.energy_co2(year) - self._kept_co2(year)
        figures = (rest,) * len(self.desk.offered.pathway.years)
        beyond = Total("rest", "stated", figures=figures)
        return Total("burnt", "sum", parts=(*parts, (beyond, 1.0)))

    def _power_of(self, odds: TargetOdds) -> tuple[AsEmissions, Any]:
        bought = odds.bought
        assert bought is not None
        return self._power(bought, factors_of_bought(self.whole.graph, self.whole.study, [bought]))

    def _power(self, bought: Bought, factors: Factors) -> tuple[AsEmissions, Any]:
        """Net bought power of the place: what its account has, with what districts' measures change
        of the power that districts lack; and what it emits.
        """
        whole, plain = self.whole.study, self.plain.study
        rate = unit_rate(whole.base, bought.place, POWER) or 0.0
        parts = [
            (in_region(part, place), weight)
            for place in self.regions
            for part, weight in Judged(of_region(plain, place), 0.0).inflow(rate)
        ]
        kept = reference_total(Total("", "sum", parts=tuple(parts)), plain.pathway, plain.outcome())
        net = Judged(whole, 0.0, (), bought).net_bought
        own = reference_total(net, whole.pathway, whole.outcome())
        rest = Total("rest", "stated", figures=tuple((own - kept).tolist()))
        there = Total("net bought power", "sum", parts=(*parts, (rest, 1.0)))
        years = self.desk.offered.pathway.years
        return self._as_emissions(there), factors_by_year(bought, years, factors)

    def _said_rest(self, year: int, own: float, kept: float, of: str) -> Assumption:
        """What of the account of the place no district holds, in 10⁴ t."""
        rest = own - kept
        code = "goals.rest" if rest >= 0 else "goals.beyond"
        code = code if abs(rest) >= ALIKE else "goals.same"
        amounts = (f"{each / WAN:,.2f}" for each in (own, kept, abs(rest)))
        arguments = (str(year), str(len(self.regions)), *amounts)
        return Assumption(f"{code}.{of}", self.desk.asked.place, arguments)


@dataclass(frozen=True)
class Counted:
    """A figure that caps are held to, None for all that is emitted, the word for what it counts,
    and whether it is of the whole place by its account.
    """

    figure: WithPower | None
    counts: str
    of_whole: bool = False


def goal_name(row: Row) -> Names:
    """What a goal is called: its year, indicator and number."""
    year, code = row["deadline_year"], row["target_id"]
    zh = row.get("indicator_zh") or "目标"
    en = row.get("indicator_en") or "goal"
    return f"{year}年{zh}（{code}）", f"{en} of {year} ({code})"


def said_goals(code: str, place: str, rows: Sequence[Row]) -> Assumption:
    """A sentence about some goals, with their names in both languages."""
    zh, en = ("、".join(each) for each in zip(*map(goal_name, rows), strict=True))
    return Assumption(code, place, (zh, en))
