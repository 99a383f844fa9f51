"""Kernel accounts: why emissions changed (LMDI), and whether they have peaked. They run on the
driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from hengtan.accounts.carbon.decompose import lmdi
from hengtan.accounts.carbon.peaks import PeakRule, find_peak
from hengtan.accounts.kernel_rows import kernel_table
from hengtan.graph import Same, kernel

GROUPS = ("coal", "oil", "gas", "other")
DRIVERS = ("gdp", "intensity", "mix", "factor")
OF_FUEL = [
    "place",
    "method",
    "year",
    "group",
    "gas",
    "counted",
    "burnt",
    "emission",
    "recalled_share",
]
OF_TOTALS = ["place", "method", "year", "energy_co2", "energy_co2_weak"]


@dataclass
class _Burnt:
    """What one place burnt by one method: energy [GJ], CO2 [t] and its part resting on recalled
    factors [t], by year and fuel group."""

    energy: dict[tuple[int, str], float] = field(default_factory=dict)
    carbon: dict[tuple[int, str], float] = field(default_factory=dict)
    weak: dict[tuple[int, str], float] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in a row of ``carbon_fuel``."""
        at = (row["year"], _group(row["group"]))
        weak = row["emission"] * (row["recalled_share"] or 0.0)
        for sums, amount in (
            (self.energy, row["burnt"]),
            (self.carbon, row["emission"]),
            (self.weak, weak),
        ):
            sums[at] = sums.get(at, 0.0) + amount

    def years(self) -> list[int]:
        """The years held, in order."""
        return sorted({year for year, _ in self.carbon})

    def factors(self, year: int, gdp: float) -> list[list[float]]:
        """The factors of each group's CO2: GDP, energy per GDP, share of the group, CO2 per energy;
        NaN where one is not defined."""
        total = sum(self.energy.get((year, group), 0.0) for group in GROUPS)
        rows = []
        for group in GROUPS:
            energy = self.energy.get((year, group), 0.0)
            carbon = self.carbon.get((year, group), 0.0)
            mix = energy / total if total else np.nan
            factor = carbon / energy if energy else np.nan
            rows.append([gdp, total / gdp if gdp else 0.0, mix, factor])
        return rows


@kernel(
    key=("place", "method", "price_base", "year", "group"),
    unit="t CO2",
    cites=("Ang 2005", "Ang and Liu 2007"),
    maps={"carbon_fuel": Same("place", "method"), "energy_gdp": Same("place", "price_base")},
    limit=1_000_000,
)
def carbon_drivers(carbon_fuel: pa.Table, energy_gdp: pa.Table) -> pa.Table:
    r"""Change of CO2 of burnt fuel on the year before, by fuel group. [t CO2]

    .. math:: C = \sum_g Y \cdot \frac{E}{Y} \cdot \frac{E_g}{E} \cdot \frac{C_g}{E_g}

    Additive LMDI-I effects of GDP (constant prices of one base), energy burnt per GDP, fuel mix and
    emission factor; they add to the change. A fuel that appears or vanishes is a change of the mix,
    not of its factor. Only consecutive years. ``recalled_share``: of the emissions of both years.
    """
    burnt: dict[tuple[str, str], _Burnt] = {}
    for row in carbon_fuel.select(OF_FUEL).to_pylist():
        if row["gas"] == "CO2" and row["counted"] and row["emission"] is not None:
            burnt.setdefault((row["place"], row["method"]), _Burnt()).add(row)
    gdp: dict[tuple[str, int], dict[int, float]] = {}
    for row in energy_gdp.to_pylist():
        gdp.setdefault((row["place"], row["price_base"]), {})[row["year"]] = row["gdp"]
    rows = []
    for ((place, method), amounts), ((of_place, base), by_year) in product(
        sorted(burnt.items()), sorted(gdp.items())
    ):
        if place == of_place:
            owner = {"place": place, "method": method, "price_base": base}
            rows += [owner | row for row in _changes(amounts, by_year)]
    columns = " ".join(f"by_{driver}" for driver in DRIVERS)
    return kernel_table(
        rows,
        "place:text method:text price_base:whole year:whole group:text change "
        f"{columns} recalled_share",
    )


def _changes(burnt: _Burnt, gdp: Mapping[int, float]) -> Iterator[dict[str, Any]]:
    """The change of each group from year to year with its causes; years without GDP or without the
    year before are left out."""
    known = gdp.keys() & set(burnt.years())
    for year in burnt.years():
        pair = (year - 1, year)
        if not known.issuperset(pair):
            continue
        factors = np.array([burnt.factors(at, gdp[at]) for at in pair])
        if (factors < 0).any():
            continue
        effects = lmdi(factors).by_item[0]
        for place, group in enumerate(GROUPS):
            both = [(at, group) for at in pair]
            if not any(at in burnt.carbon for at in both):
                continue
            before, now = (burnt.carbon.get(at, 0.0) for at in both)
            weak = sum(burnt.weak.get(at, 0.0) for at in both)
            causes = zip(DRIVERS, effects[place], strict=True)
            yield {
                "year": year,
                "group": group,
                "change": now - before,
                "recalled_share": weak / (before + now) if before + now else None,
                **{f"by_{driver}": float(effect) for driver, effect in causes},
            }


def _group(group: str) -> str:
    """The fuel group a product group counts with."""
    if group == "coke":
        return "coal"
    return group if group in GROUPS else "other"


@kernel(
    key=("place", "method"),
    unit=None,
    cites=("hengtan:peak-rule (proposal)",),
    maps={"carbon_totals": Same("place", "method")},
    limit=200_000,
)
def carbon_peaks(carbon_totals: pa.Table) -> pa.Table:
    """Whether CO2 of burnt fuel has peaked in each place, by the stated rule (three years after the
    maximum, 2 % below it; decline by the Mann-Kendall test); serves 达峰后稳中有降.

    Years in which the method of the balance changes are series of their own, never joined.
    ``recalled_share``: of the emissions of all its years; ``confidence``: of the rule.
    """
    rule = PeakRule()
    series: dict[tuple[str, str], dict[int, float]] = {}
    weak: dict[tuple[str, str], float] = {}
    for row in carbon_totals.select(OF_TOTALS).to_pylist():
        if row["energy_co2"] is not None:
            owner = (row["place"], row["method"])
            series.setdefault(owner, {})[row["year"]] = row["energy_co2"]
            weak[owner] = weak.get(owner, 0.0) + (row["energy_co2_weak"] or 0.0)
    rows = []
    for (place, method), values in sorted(series.items()):
        peak = find_peak(values, rule)
        whole = sum(values.values())
        rows.append(
            {
                "place": place,
                "method": method,
                "verdict": peak.verdict,
                "peak_year": peak.peak_year,
                "peak_value": peak.peak_value,
                "latest_year": peak.latest_year,
                "fall": peak.fall,
                "decline_p": peak.decline_p,
                "steady": peak.steady,
                "declining": peak.declining,
                "reason": peak.reason,
                "recalled_share": weak[place, method] / whole if any(values.values()) else None,
                "confidence": rule.confidence,
            }
        )
    return kernel_table(
        rows,
        "place:text method:text verdict:text peak_year:whole peak_value latest_year:whole fall"
        " decline_p steady:flag declining:flag reason:text recalled_share confidence:text",
    )
