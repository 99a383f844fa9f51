"""Measures that other records of the house already know: boilers replaced and coal units
retrofitted, as rows of ``measure_effects`` for a planner to complete.

What the accounts give is marked established, with the account as its source; when a measure starts
and how long it takes is the planner's, and marked assumed until he says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hengtan.outlook.pathway.base import PLANTS, BaseYear
from hengtan.outlook.pathway.measures import ASSUMED, ESTABLISHED, Row

GJ_PER_TCE = 29.3076
COAL = "raw_coal"
BOILERS = {
    "boiler_to_gas": ("natural_gas", "煤改气", "Boilers from coal to gas"),
    "boiler_to_power": ("electricity", "煤改电", "Boilers from coal to power"),
}


def measures_of_accounts(base: BaseYear, graph: Any) -> list[Row]:
    """Measures that the accounts of boilers and coal units of a graph know."""
    boilers, units = (
        graph.execute(name).to_pylist() for name in ("carbon_boilers", "carbon_coal_units")
    )
    return [*boiler_measures(base, boilers), *unit_measures(base, units)]


def boiler_measures(base: BaseYear, boilers: Sequence[Row]) -> list[dict[str, Any]]:
    """Boilers replaced, from rows of the account ``carbon_boilers``: a measure for each place and
    kind that moves the coal they burnt out of industry.

    The effect is their coal over the coal of industry in the base year, the ratio their new energy
    over the old for the same useful heat, the running cost the change of their fuel bill. Rows
    without figures, and places or sectors the base year has no coal in, give none.
    """
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in boilers:
        if row["place"] in base.regions and row["energy_before"] and row["energy_after"]:
            own = sums[row["place"], row["kind"]]
            for name in ("energy_before", "energy_after"):
                own[name] += row[name]
            own["cost_change"] += row["cost_change"] or 0.0
            own["last_year"] = max(own["last_year"], row["year"])
    measures = []
    for (place, kind), own in sorted(sums.items()):
        used = _energy(base, place, "F.2.ind", COAL)
        if not used:
            continue
        to, title, english = BOILERS[kind]
        measures.append(
            _row(place, f"{kind.replace('_', '-')}-{place}", (title, english), "carbon_boilers")
            | {
                "sectors": "F.2.ind",
                "driver": "share",
                "carrier": COAL,
                "to_carrier": to,
                "ratio": own["energy_after"] / own["energy_before"],
                "ratio_mark": ESTABLISHED,
                "ratio_source": "carbon_boilers",
                "effect": 100 * min(own["energy_before"] / GJ_PER_TCE / used, 1.0),
                "start_year": int(own["last_year"]),
                "running": own["cost_change"] / 1e4,
                "running_mark": ESTABLISHED,
                "running_source": "carbon_boilers",
            }
        )
    return measures


def unit_measures(base: BaseYear, units: Sequence[Row]) -> list[dict[str, Any]]:
    """Coal units retrofitted, from rows of the account ``carbon_coal_units``: a measure for each
    place whose plants are shared by the users of power, that takes the CO2 they save off what a
    unit of power emits.
    """
    sums: dict[str, float] = defaultdict(float)
    years: dict[str, int] = {}
    for row in units:
        if row["place"] in base.regions and row["saved_co2"]:
            sums[row["place"]] += row["saved_co2"]
            years[row["place"]] = max(years.get(row["place"], 0), row["year"])
    measures = []
    product = next(iter(PLANTS))
    for place, saved in sorted(sums.items()):
        region, carrier = base.regions.index(place), base.carriers.index(product)
        burnt = float((base.energy * base.factor)[region, :, carrier].sum())
        if not (base.shared[region, 0] and burnt):
            continue
        titles = ("煤电机组改造", "Coal units retrofitted")
        measures.append(
            _row(place, f"coal-units-{place}", titles, "carbon_coal_units")
            | {
                "sectors": "all",
                "driver": "factor",
                "carrier": product,
                "filler": "saved",
                "effect": 100 * min(saved / burnt, 1.0),
                "start_year": years[place],
            }
        )
    return measures


def _energy(base: BaseYear, place: str, sector: str, product: str) -> float:
    """Energy of a carrier in a sector of a place in the base year. [tce]"""
    if sector not in base.sectors or product not in base.carriers:
        return 0.0
    spot = base.regions.index(place), base.sectors.index(sector), base.carriers.index(product)
    return float(base.energy[spot])


def _row(place: str, code: str, titles: tuple[str, str], account: str) -> dict[str, Any]:
    """What such measures have in common."""
    return {
        "place": place,
        "measure": code,
        "title": titles[0],
        "title_english": titles[1],
        "clause": "cq-2025-2027:10",
        "ramp_years": 0,
        "effect_mark": ESTABLISHED,
        "effect_source": account,
        "ramp_mark": ASSUMED,
    }
