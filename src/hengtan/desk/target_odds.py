"""Targets that draws tell the odds of: energy consumption and its intensity, carbon dioxide and its
intensity with indirect emissions, and the non-fossil share, each as the accounts have it.

GDP is not drawn: a goal of an intensity is a goal of the energy or emission of its year. The figure
of a goal lies as far from the central one as the goal does. Bought power counts by the side that a
draw lies on: by the factor of what comes in, or of what goes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.desk.caps import (
    CO2_TARGETS,
    due_in_their_year,
    judged_in_their_year,
    times_of_central,
)
from hengtan.outlook.pathway.base import PLANTS
from hengtan.outlook.pathway.records import carbon_shares
from hengtan.outlook.pathway.supply import POWER
from hengtan.outlook.pathway.targets import bought_of, factors_of_bought
from hengtan.outlook.uncertainty.asked import Asked, Total, reference_total
from hengtan.outlook.uncertainty.bought_power import factors_by_year, of_region
from hengtan.outlook.uncertainty.judged import Judged

if TYPE_CHECKING:
    from hengtan.desk.pathway import PathwayDesk
    from hengtan.outlook.pathway.exchange import Bought
    from hengtan.outlook.pathway.study import Study
    from hengtan.outlook.uncertainty.two_sides import BoughtFactors

Row = Mapping[str, Any]
ENERGY_TARGETS, SHARE = ("energy_total", "energy_intensity_gdp"), "nonfossil_share"
CERTIFIED = ("green_certificate", "green_power")


@dataclass(frozen=True)
class TargetOdds:
    """Totals and targets of a region, by default the one of its study, by what its accounts say
    ahead.
    """

    desk: PathwayDesk
    place: str = ""

    @cached_property
    def study(self) -> Study:
        """The study of the region alone."""
        whole = self.desk.study
        several = len(whole.base.regions) > 1 and self.place
        return of_region(whole, self.place) if several else whole

    @cached_property
    def rows(self) -> list[Row]:
        """The targets, judged at their deadline."""
        asked = (*CO2_TARGETS, *ENERGY_TARGETS, SHARE)
        return judged_in_their_year(self.desk, asked, self.place)

    @property
    def titles(self) -> dict[str, tuple[str, str]]:
        """What targets are called, by id."""
        return {
            row["target_id"]: (row["indicator_zh"], row["indicator_en"] or row["indicator_zh"])
            for row in self.rows
        }

    @cached_property
    def asked(self) -> tuple[list[Total], list[Asked]]:
        """What to draw, and what is asked of it; targets whose figure cannot be told by draws are
        left out.
        """
        drawn = [each for row in self.rows if (each := self.drawn(row)) is not None]
        totals = {total.name: total for each in drawn for total in each[1]}
        return list(totals.values()), [asked for asked, _ in drawn]

    def drawn(self, row: Row) -> tuple[Asked, list[Total]] | None:
        """What is asked of the draws for a target, and the totals that it is about."""
        if row["indicator"] == SHARE:
            return self._share(row)
        factor, year = times_of_central(row), row["deadline_year"]
        if factor is None:
            return None
        if row["indicator"] in CO2_TARGETS:
            return self._co2_asked(row, factor)
        energy = self._judged(year).energy
        value = factor * self._central(energy, year)
        return Asked(row["target_id"], energy.name, (year,), "<=", value), [energy]

    def _co2_asked(self, row: Row, factor: float) -> tuple[Asked, list[Total]] | None:
        """A goal of carbon dioxide: of what is burnt and of bought power by its side."""
        year = row["deadline_year"]
        central = self._totals(year)["energy_co2_and_power"]
        if central is None:
            return None
        burnt, goal = self.burnt_co2(year), factor * central
        if self.bought is None:
            return Asked(row["target_id"], burnt.name, (year,), "<=", goal), [burnt]
        net = Judged(self.study, 0.0, (), self.bought).net_bought
        by_side = self.factors.of_year(self.study.year(year))
        asked = Asked(row["target_id"], burnt.name, (year,), "<=", goal)
        return replace(asked, net=net.name, by_side=by_side), [burnt, net]

    def _share(self, row: Row) -> tuple[Asked, list[Total]] | None:
        """The share that a goal asks for, as draws have it. [1]"""
        if row["operator"] not in (">=", ">", "at_least") or not row["latest"]:
            return None
        year = row["deadline_year"]
        judged = self._judged(year)
        central = self._central(judged.clean, year) / self._central(judged.energy, year)
        value = float(central * row["goal"] / row["latest"])
        clean, energy = judged.own_clean, judged.energy
        asked = Asked(row["target_id"], clean.name, (year,), ">=", value, energy.name)
        certified = judged.certified_by_side
        if certified is None:
            return asked, [clean, energy]
        net, by_side = judged.net_bought, certified.of_year(self.study.year(year))
        return replace(asked, net=net.name, by_side=by_side), [clean, energy, net]

    def _central(self, total: Total, year: int) -> float:
        by_year = reference_total(total, self.study.pathway, self.study.outcome())
        return float(by_year[self.study.year(year)])

    def _judged(self, year: int) -> Judged:
        """Figures of the accounts at the coal rate of a year, which a study carries forward."""
        kind = self.desk.graph.plain_option("energy_consumption", "coal_rate_kind")
        rates = {
            row["year"]: row["rate"]
            for row in self.desk.ahead.execute("energy_coal_rate").to_pylist()
            if row["place"] == self._place and row["kind"] == kind
        }
        counts = self.desk.graph.plain_option("energy_nonfossil", "nonfossil_imports")
        certified = self._certified if counts == "certified" else 0.0
        rate = rates.get(year, 0.0)
        return Judged(self.study, rate, self._renewable, self.bought, certified)

    @property
    def _place(self) -> str:
        return self.study.base.regions[0]

    @cached_property
    def _renewable(self) -> tuple[str, ...]:
        rows = self.desk.workspace.pack.rows("energy_products")
        return tuple(row["product"] for row in rows if row["biogenic"])

    @cached_property
    def bought(self) -> Bought | None:
        """What the place reports as bought."""
        listed = bought_of(self.desk.graph, self.desk.study)
        return next((each for each in listed if each.place == self._place), None)

    @cached_property
    def factors(self) -> BoughtFactors:
        """What a kWh emits that the place takes in or hands out, by year of the study. Raises
        ValueError for a place that reports nothing bought.
        """
        if self.bought is None:
            raise ValueError("the place does not report what it buys")
        factors = factors_of_bought(self.desk.graph, self.study, [self.bought])
        return factors_by_year(self.bought, self.study.pathway.years, factors)

    @cached_property
    def _certified(self) -> float:
        """Power with certificates that came in in the base year. [kWh]"""
        graph, year = self.desk.graph, self.study.base.year
        units = graph.table("unit_factors").to_pyarrow().to_pylist()
        factor = {row["unit"]: row["factor"] for row in units}
        return float(
            sum(
                (row["amount"] or 0.0) * factor.get(row["unit"], 0.0)
                for row in graph.table("energy_exchange").to_pyarrow().to_pylist()
                if (row["place"], row["product"], row["direction"]) == (self._place, POWER, "in")
                and row["certified"] in CERTIFIED
                and row["period_end"].year == year
            )
        )

    def burnt_co2(self, year: int) -> Total:
        """Carbon dioxide of what is burnt, as the account of totals has it in later years; gases
        part as they do in one of them. [t CO2]
        """
        parts, (_, *later) = self._burnt(year), self.study.pathway.years
        rest = [0.0]
        for each in later:
            known = sum(weight * self._central(total, each) for total, weight in parts)
            rest.append(self.energy_co2(each) - known)
        fixed = Total("rest", "stated", figures=tuple(rest))
        return Total(f"burnt CO2 {year}", "sum", parts=(*parts, (fixed, 1.0)))

    def energy_co2(self, year: int) -> float:
        """Carbon dioxide of what is burnt in a year by the account of totals. [t CO2]"""
        return float(self._totals(year)["energy_co2"])

    def _totals(self, year: int) -> Row:
        (totals,) = [
            row
            for row in self.desk.ahead.execute("carbon_totals").to_pylist()
            if (row["place"], row["year"], row["method"]) == (self._place, year, "statistics")
        ]
        return totals

    def co2_goals(self) -> list[tuple[Row, float]]:
        """Goals of carbon dioxide with what they come to in their year, by the account of totals:
        of what is burnt and, where it is reported, of bought power. [t CO2]
        """
        goals = []
        for row in self.rows:
            if row["indicator"] in CO2_TARGETS:
                central = self._totals(row["deadline_year"])["energy_co2_and_power"]
                factor = times_of_central(row)
                if factor is not None and central is not None:
                    goals.append((row, factor * central))
        return goals

    def co2_left_out(self) -> list[Row]:
        """Goals of carbon dioxide that are due within the study and cannot be told in tonnes: the
        scenario has no figure of theirs, or they are no ceiling.
        """
        due = due_in_their_year(self.desk, CO2_TARGETS, self.place)
        kept = {row["target_id"] for row, _ in self.co2_goals()}
        return [row for row in due if row["target_id"] not in kept]

    def _burnt(self, year: int) -> list[tuple[Total, float]]:
        """What is burnt by carrier, and the part of its emission that is carbon dioxide, which the
        accounts tell of each row; of power and heat it is that of their plants. [1]
        """
        base = self.study.base
        gases: dict[tuple[str, str], dict[str, float]] = {}
        for row in self.desk.ahead.execute("carbon_fuel").to_pylist():
            if (row["place"], row["year"]) == (self._place, year) and row["counted"]:
                amount = (row["emission"] or 0.0) * self.desk.tables.potential[row["gas"]]
                of_plant = row["row"] in PLANTS.values() and row["row"] not in base.sectors
                key = (row["row"], "" if of_plant else row["product"])
                sums = gases.setdefault(key, {"CO2": 0.0, "others": 0.0})
                sums["CO2" if row["gas"] == "CO2" else "others"] += amount
        shares: dict[tuple[str, float], list[str]] = {}
        for sector in base.sectors:
            for carrier in base.carriers:
                own = gases.get((PLANTS[carrier], "") if carrier in PLANTS else (sector, carrier))
                whole = sum(own.values()) if own else 0.0
                share = own["CO2"] / whole if own and whole else self._unused(sector, carrier)
                if share is not None:
                    shares.setdefault((carrier, share), []).append(sector)
        return [
            (Total("burnt", "burnt", sectors=tuple(sectors), carriers=(carrier,)), share)
            for (carrier, share), sectors in shares.items()
        ]

    def _unused(self, sector: str, carrier: str) -> float | None:
        """The same of a carrier that a sector does not burn yet but that a measure may bring, by
        the accounts of one tce of it; None where it emits nothing. [1]
        """
        base = self.study.base
        spot = base.sectors.index(sector), base.carriers.index(carrier)
        if carrier in PLANTS or not base.factor[0][spot]:
            return None
        return self._carbon_shares.get((sector, carrier))

    @cached_property
    def _carbon_shares(self) -> Mapping[tuple[str, str], float]:
        return carbon_shares(self.desk.graph)
