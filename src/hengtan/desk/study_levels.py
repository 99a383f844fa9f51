"""What a study takes from the accounts beside its balance: indicators that stand for the activity
of sectors, and the power that its places buy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from hengtan.outlook.pathway.base import Activity
from hengtan.outlook.pathway.courses import GDP
from hengtan.outlook.pathway.exchange import inflows, said_factors
from hengtan.outlook.pathway.measures import Row, split
from hengtan.outlook.pathway.study import Assumption, Study
from hengtan.outlook.pathway.targets import bought_of

YUAN = 1e8
"""Yuan of the unit that activities of GDP are in (亿元)."""
Levels = Mapping[tuple[str, str], Activity]


def levels_of(graph: Any, names: Collection[str], year: int) -> dict[tuple[str, str], Activity]:
    """The base year of each indicator by place: GDP at its prices off the account, others as the
    series of the ledger have them, of the newest period of the year.
    """
    levels: dict[tuple[str, str], Activity] = {}
    if GDP in names:
        for row in graph.execute("energy_gdp").to_pylist():
            if row["year"] == row["price_base"] == year:
                unit = f"亿元（{year}年价）"
                levels[row["place"], GDP] = Activity(row["gdp"] / YUAN, unit, "energy_gdp")
    others = [name for name in names if name != GDP]
    if others:
        table = graph.table("plan_series")
        wanted = table.filter(table.series.isin(others) & (table.year == year) & table.won)
        rows = wanted.order_by("period_end").to_pyarrow().to_pylist()
        for row in rows:
            whole = row["whole"] and row["nature"] == "outturn" and row["value"] is not None
            if whole:
                source = str(row["source_title"] or row["reported_as"])
                level = Activity(float(row["value"]), str(row["unit"]), source)
                levels[row["place"], row["series"]] = level
    return levels


def lacking_levels(
    drivers: Sequence[Row], regions: Collection[str], levels: Levels
) -> list[Assumption]:
    """Sectors whose indicator the ledger has not for the base year."""
    return [
        Assumption("assumed.no_indicator", row["place"], (sector, row["indicator"]))
        for row in drivers
        if row.get("indicator") and row["place"] in regions
        if (row["place"], row["indicator"]) not in levels
        for sector in split(row["sectors"])
    ]


def bought_years(graph: Any, study: Study, ahead: Callable[[], Any]) -> list[dict[str, Any]]:
    """Power that places buy in each year by the account of totals of the scenario (``ahead``), its
    carbon dioxide by the named factors, and that of fuel beside it; empty where no place reports
    what it buys. [kWh, t CO2]
    """
    places = {each.place for each in bought_of(graph, study)}
    if not places:
        return []
    rows = [
        {
            "place": row["place"],
            "year": row["year"],
            "power": row["power_kwh"],
            "indirect": row["indirect_power"],
            "burnt": row["energy_co2"],
            "whole": row["energy_co2_and_power"],
        }
        for row in ahead().execute("carbon_totals").to_pylist()
        if row["place"] in places and row["year"] in study.pathway.years
        if row["method"] == (study.base.method if row["year"] == study.base.year else "statistics")
    ]
    return sorted(rows, key=lambda row: (row["place"], row["year"]))


def assumed_of_bought(graph: Any, study: Study) -> list[Assumption]:
    """By what factors bought power counts, and places that take power in and report none."""
    bought = {each.place for each in bought_of(graph, study)}
    listed = []
    if bought:
        accounts = [
            row
            for row in graph.execute("carbon_exchange").to_pylist()
            if row["year"] == study.base.year and row["entity"] == ""
        ]
        factors = graph.table("grid_factors").to_pyarrow().to_pylist()
        for place in sorted(bought):
            own = [row for row in accounts if row["place"] == place]
            said = (
                mark.join(said_factors(own, factors, language)) or "—"
                for language, mark in enumerate(("、", ", "))
            )
            listed.append(Assumption("assumed.bought", place, tuple(said)))
    flows = inflows(study.base, study.pathway, study.outcome(), study.production)
    taking = {place for (place, _), flow in flows.items() if flow > 0} - bought
    return listed + [Assumption("assumed.no_exchange", place, ()) for place in sorted(taking)]
