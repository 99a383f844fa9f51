"""Targets that draws tell the odds of: energy consumption and its intensity, carbon dioxide and its
intensity with indirect emissions, and the non-fossil share, each as the accounts have it.

GDP is not drawn: a goal of an intensity is a goal of the energy or emission of its year. The figure
of a goal lies as far from the central one as the goal does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hengtan.desk.caps import CO2_TARGETS, judged_in_their_year, times_of_central
from hengtan.outlook.pathway.base import PLANTS
from hengtan.outlook.pathway.records import carbon_shares
from hengtan.outlook.pathway.supply import POWER
from hengtan.outlook.pathway.targets import bought_of
from hengtan.outlook.uncertainty.asked import Asked, Operator, Total, reference_total
from hengtan.outlook.uncertainty.judged import Judged

if TYPE_CHECKING:
    from hengtan.desk.pathway import PathwayDesk
    from hengtan.outlook.pathway.exchange import Bought

Row = Mapping[str, Any]
ENERGY_TARGETS, SHARE = ("energy_total", "energy_intensity_gdp"), "nonfossil_share"
CERTIFIED = ("green_certificate", "green_power")


@dataclass(frozen=True)
class TargetOdds:
    """Totals and targets of a study of one region, by what its accounts say ahead."""

    desk: PathwayDesk

    @cached_property
    def rows(self) -> list[Row]:
        """The targets, judged at their deadline."""
        return judged_in_their_year(self.desk, (*CO2_TARGETS, *ENERGY_TARGETS, SHARE))

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
        totals: dict[str, Total] = {}
        asked: list[Asked] = []
        for row in self.rows:
            share = row["indicator"] == SHARE
            factor = self._of_share(row) if share else times_of_central(row)
            if factor is None:
                continue
            year = row["deadline_year"]
            total = self._total(row["indicator"], year)
            value = factor * (1.0 if share else self._central(total, year))
            totals[total.name] = total
            per = None
            if share:
                energy = self._judged(year).energy
                totals[energy.name], per = energy, energy.name
            operator: Operator = ">=" if share else "<="
            asked.append(Asked(row["target_id"], total.name, (year,), operator, value, per))
        return list(totals.values()), asked

    def _total(self, indicator: str, year: int) -> Total:
        if indicator in CO2_TARGETS:
            return self._co2(year)
        judged = self._judged(year)
        return judged.clean if indicator == SHARE else judged.energy

    def _of_share(self, row: Row) -> float | None:
        """The share that a goal asks for, as draws have it. [1]"""
        if row["operator"] not in (">=", ">", "at_least") or not row["latest"]:
            return None
        judged = self._judged(row["deadline_year"])
        year = row["deadline_year"]
        central = self._central(judged.clean, year) / self._central(judged.energy, year)
        return float(central * row["goal"] / row["latest"])

    def _central(self, total: Total, year: int) -> float:
        study = self.desk.study
        by_year = reference_total(total, study.pathway, study.outcome())
        return float(by_year[study.year(year)])

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
        return Judged(self.desk.study, rate, self._renewable, self.bought, certified)

    @property
    def _place(self) -> str:
        return self.desk.study.base.regions[0]

    @cached_property
    def _renewable(self) -> tuple[str, ...]:
        rows = self.desk.workspace.pack.rows("energy_products")
        return tuple(row["product"] for row in rows if row["biogenic"])

    @cached_property
    def bought(self) -> Bought | None:
        """What the place reports as bought."""
        return next(iter(bought_of(self.desk.graph, self.desk.study)), None)

    @cached_property
    def _certified(self) -> float:
        """Power with certificates that came in in the base year. [kWh]"""
        graph, year = self.desk.graph, self.desk.study.base.year
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

    def _co2(self, year: int) -> Total:
        """Carbon dioxide of a year as the account of totals has it: of what is burnt, and of net
        bought power by the factor of what comes in. [t CO2]
        """
        study, totals = self.desk.study, self._totals(year)
        parts = [(self.burnt_co2(year), 1.0)]
        if self.bought is not None and totals["indirect_power"] is not None:
            factor = self._factor_of_bought(year)
            net = Judged(study, 0.0, (), self.bought).net_bought
            rest = totals["indirect_power"] - factor * self._central(net, year)
            parts += [(net, factor), (self._fixed(rest), 1.0)]
        return Total(f"CO2 {year}", "sum", parts=tuple(parts))

    def burnt_co2(self, year: int) -> Total:
        """Carbon dioxide of what is burnt, as the account of totals has it in a year. [t CO2]"""
        parts = self._burnt(year)
        known = sum(weight * self._central(total, year) for total, weight in parts)
        rest = self._totals(year)["energy_co2"] - known
        return Total(f"burnt CO2 {year}", "sum", parts=(*parts, (self._fixed(rest), 1.0)))

    def _fixed(self, amount: float) -> Total:
        """The same amount in every year."""
        return Total("rest", "stated", figures=(amount,) * len(self.desk.study.pathway.years))

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

    def _burnt(self, year: int) -> list[tuple[Total, float]]:
        """What is burnt by carrier, and the part of its emission that is carbon dioxide, which the
        accounts tell of each row; of power and heat it is that of their plants. [1]
        """
        base = self.desk.study.base
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
        base = self.desk.study.base
        spot = base.sectors.index(sector), base.carriers.index(carrier)
        if carrier in PLANTS or not base.factor[0][spot]:
            return None
        return self._carbon_shares.get((sector, carrier))

    @cached_property
    def _carbon_shares(self) -> Mapping[tuple[str, str], float]:
        return carbon_shares(self.desk.graph)

    def _factor_of_bought(self, year: int) -> float:
        """Emission of a kWh that comes in in a year, else of one that goes out. [t CO2/kWh]"""
        rows = [
            row
            for row in self.desk.ahead.execute("carbon_exchange").to_pylist()
            if (row["place"], row["year"], row["entity"]) == (self._place, year, "")
            and row["product"] == POWER
            and row["amount"]
        ]
        chosen = [row for row in rows if row["direction"] == "in"] or rows
        amount = sum(row["amount"] for row in chosen)
        return float(sum(row["emission"] for row in chosen) / amount) if amount else 0.0
