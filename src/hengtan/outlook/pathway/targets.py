"""Targets of plans judged on a scenario: the same accounts and the same rules of lights, asked on
the last day of a year to come with the scenario's records in the place of outturns.

GDP follows the rows of ``pathway_drivers`` whose sector is ``gdp``, as yearly indices that the
account of GDP chains; without them a target in terms of GDP has no evidence and stays grey. Bought
power goes into the same account of indirect emissions that the base year has.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from hengtan.basis.errors import UnknownUnit
from hengtan.basis.units import conversion_factor
from hengtan.graph.engines import keep_rows
from hengtan.outlook.pathway.courses import COAL_RATE, GDP
from hengtan.outlook.pathway.exchange import (
    Bought,
    bought_by,
    exchange_rows,
    factors_ahead,
    inflows,
)
from hengtan.outlook.pathway.measures import ESTABLISHED, Row, at, percent, split
from hengtan.outlook.pathway.records import PROJECTED, of_year, projected
from hengtan.outlook.pathway.study import Study
from hengtan.outlook.pathway.supply import POWER

JUDGED_BY = ("energy_total", "energy_intensity_gdp", "co2_total", "co2_intensity_gdp")
"""Indicators that follow from what a scenario says."""
PROBE = 1e6
"""Power that the account is asked about, where factors are wanted. [kWh]"""
OF_PRODUCTION = {"nonfossil_share": POWER, "gas_output": "natural_gas"}
"""Indicators that rest on primary production of a product: the scenario says something of them only
where a driver or a measure does.
"""


def _same(region: str, place: str) -> bool:
    return region == place


def scenario_graph(
    graph: Any,
    study: Study,
    drivers: Sequence[Row],
    within: Callable[[str, str], bool] = _same,
) -> Any:
    """A what-if graph whose accounts read the central scenario, its GDP and the power it buys.
    Nothing is stored.
    """
    outcome, production = study.outcome(), study.production
    ahead = projected(graph, study.base, study.pathway, outcome, production)
    later = study.pathway.years[1:]
    known = _rows(ahead, "gdp_values")
    rows = [*stated_gdp(study, drivers, known), *gdp_rows(study, drivers, within)]
    if rows:
        ahead = ahead.with_overrides(gdp_values=_beside(ahead.table("gdp_values"), rows, "gdp"))
    own = _rows(ahead, "coal_rate")
    kind = graph.plain_option("energy_consumption", "coal_rate_kind")
    stated = [row | {"kind": kind} for row in stated_coal_rate(study, drivers, own)]
    rates = [*stated, *coal_rate_rows([*own, *stated], study)]
    if rates:
        form = ahead.table("coal_rate")
        kept = form.filter(~form.period_end.year().isin(later))
        ahead = ahead.with_overrides(coal_rate=_beside(kept, rates, "coal_rate"))
    return _buying(ahead, graph, study)


def _rows(graph: Any, form: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = graph.table(form).to_pyarrow().to_pylist()
    return rows


def _buying(ahead: Any, graph: Any, study: Study) -> Any:
    """The graph with the power that the scenario buys, and factors of grids of the years to come;
    as it is where no place reports what it buys.
    """
    bought = bought_of(graph, study)
    if not bought:
        return ahead
    form, later = ahead.table("energy_exchange"), study.pathway.years[1:]
    rows = exchange_rows(_rows(ahead, "energy_exchange"), bought, study.base)
    places = [each.place for each in bought]
    kept = form.filter(~(form.period_end.year().isin(later) & form.place.isin(places)))
    grids = ahead.table("grid_factors")
    factors = factors_ahead(_rows(graph, "grid_factors"), later)
    return ahead.with_overrides(
        energy_exchange=_joined(kept, rows, "exchange"),
        grid_factors=_joined(grids, factors, "grid_factors"),
    )


def bought_of(graph: Any, study: Study) -> list[Bought]:
    """What the places of a study buy that report it for the base year."""
    flows = inflows(study.base, study.pathway, study.outcome(), study.production)
    return bought_by(graph.execute("carbon_exchange").to_pylist(), study.base, flows)


def factors_of_bought(
    graph: Any, study: Study, bought: Sequence[Bought]
) -> dict[tuple[str, int], tuple[float, float]]:
    """What a kWh that comes in, and one that goes out, emits by place and year of a study: the
    account of bought power is asked once with more that comes in and once with what goes out alone.
    NaN where no factor is published. [t CO2/kWh]
    """
    sides = [_factors(_with_flows(graph, study, bought, way), way) for way in ("in", "out")]
    keys = [(each.place, year) for each in bought for year in study.pathway.years]
    return {key: (sides[0].get(key, np.nan), sides[1].get(key, np.nan)) for key in keys}


def _with_flows(graph: Any, study: Study, bought: Sequence[Bought], way: str) -> Any:
    """A graph where every year of a study has a flow of power in, or out, beside what there was."""
    years = study.pathway.years
    probes = [
        Bought(
            each.place,
            each.taken,
            each.handed,
            dict.fromkeys(years, PROBE if way == "in" else -PROBE - each.handed),
        )
        for each in bought
    ]
    rows = exchange_rows(_rows(graph, "energy_exchange"), probes, study.base)
    factors = factors_ahead(_rows(graph, "grid_factors"), years)
    form = graph.table("energy_exchange")
    return graph.with_overrides(
        energy_exchange=_joined(form.limit(0), rows, "exchange"),
        grid_factors=_joined(graph.table("grid_factors"), factors, "grid_factors"),
    )


def _factors(graph: Any, way: str) -> dict[tuple[str, int], float]:
    """Emission of a kWh by place and year, from rows of the account in one direction."""
    amounts: dict[tuple[str, int], float] = {}
    emitted: dict[tuple[str, int], float] = {}
    for row in graph.execute("carbon_exchange").to_pylist():
        if row["entity"] == "" and row["product"] == POWER and row["direction"] == way:
            key = (row["place"], row["year"])
            emission = np.nan if row["emission"] is None else row["emission"]
            amounts[key] = amounts.get(key, 0.0) + row["amount"]
            emitted[key] = emitted.get(key, 0.0) + emission
    return {key: emitted[key] / amount for key, amount in amounts.items() if amount}


def _joined(form: Any, rows: Sequence[Row], name: str) -> Any:
    """A table with more rows."""
    import pyarrow as pa

    schema = form.schema().to_pyarrow()
    more = pa.Table.from_pylist([{n: r.get(n) for n in schema.names} for r in rows], schema=schema)
    both = pa.concat_tables([form.to_pyarrow().cast(schema), more])
    return keep_rows(form.get_backend(), both, f"{PROJECTED}_{name}_{uuid.uuid4().hex[:10]}")


def _beside(form: Any, rows: Sequence[Row], name: str) -> Any:
    """A form's rows with projected ones. A projected index takes the place of one of its year."""
    keys = {(row["place"], row.get("price"), row["period_end"]) for row in rows}
    others = [
        row
        for row in form.to_pyarrow().to_pylist()
        if (row["place"], row.get("price"), row["period_end"]) not in keys
    ]
    return _joined(form.limit(0), [*others, *rows], name)


def stated_gdp(study: Study, drivers: Sequence[Row], known: Sequence[Row]) -> list[dict[str, Any]]:
    """GDP of the base year as drivers state it (``level`` of the sector ``gdp``), as rows of the
    form ``gdp_values`` at current prices; of places whose GDP of that year the ledger has, none.
    """
    there = {
        row["place"]
        for row in known
        if row["period_end"].year == study.base.year and row["price"] in ("current", "constant")
    }
    return [
        of_year(study.base.year)
        | {
            "place": row["place"],
            "price": "current",
            "gdp": level,
            "gdp_original": f"{level:.12g}",
            "unit": "CNY",
            "source_title": row.get("source_title"),
        }
        for row, level in _levels(study, drivers, GDP, "CNY")
        if row["place"] not in there
    ]


def stated_coal_rate(
    study: Study, drivers: Sequence[Row], known: Sequence[Row]
) -> list[dict[str, Any]]:
    """The coal rate of the base year as drivers state it (``level`` of the sector ``coal_rate``),
    as rows of the form ``coal_rate`` of no kind; of places whose rate the ledger has, none.
    """
    there = {row["place"] for row in known if row["period_end"].year == study.base.year}
    return [
        of_year(study.base.year)
        | {
            "place": row["place"],
            "rate": level,
            "rate_original": f"{level:.12g}",
            "unit": "kgce/kWh",
            "source_title": row.get("source_title"),
            "confidence": "derived" if row["mark"] == ESTABLISHED else "proposal",
        }
        for row, level in _levels(study, drivers, COAL_RATE, "kgce/kWh")
        if row["place"] not in there
    ]


def _levels(
    study: Study, drivers: Sequence[Row], sector: str, unit: str
) -> list[tuple[Row, float]]:
    """Rows that state a level of the base year of a sector, of the regions of a study, with the
    level in a unit. Raises HengtanError, with the place of the row, for a unit of another kind.
    """
    listed = []
    for row in drivers:
        of_base = row.get("level") is not None and row["first_year"] == study.base.year
        if of_base and sector in split(row["sectors"]) and row["place"] in study.base.regions:
            try:
                factor = conversion_factor(str(row["level_unit"]), unit)
            except UnknownUnit as error:
                raise at(row, "level_unit", "unit_of_level", row["level_unit"], unit) from error
            listed.append((row, float(row["level"]) * factor))
    return listed


def coal_rate_rows(rows: Sequence[Row], study: Study) -> list[dict[str, Any]]:
    """The coal rates of the base year carried to every later year: an assumption of the study
    (``assumed.coal_rate``). None where the base year has none.
    """
    own = [
        row
        for row in rows
        if row["period_kind"] == "year" and row["period_end"].year == study.base.year
    ]
    return [{**row, **of_year(year)} for row in own for year in study.pathway.years[1:]]


def gdp_rows(
    study: Study, drivers: Sequence[Row], within: Callable[[str, str], bool] = _same
) -> list[dict[str, Any]]:
    """Yearly indices of GDP (the year before = 100) of each region of a study, as rows of the form
    ``gdp_values``.
    """
    rows = []
    for place in study.base.regions:
        own = sorted(
            (
                row
                for row in drivers
                if GDP in split(row["sectors"])
                and row["driver"] == "activity"
                and row.get("growth") is not None
                and (row["place"] == place or within(place, row["place"]))
            ),
            key=lambda row: row["first_year"],
        )
        for year in study.pathway.years[1:]:
            in_force = [row for row in own if row["first_year"] <= year]
            if in_force:
                rows.append(_index(place, year, 100 * (1 + percent(in_force[-1]["growth"], 0.0))))
    return rows


def _index(place: str, year: int, index: float) -> dict[str, Any]:
    return of_year(year) | {
        "place": place,
        "price": "index_previous",
        "gdp": index,
        "gdp_original": f"{index:.12f}",
        "unit": "%",
    }


def judged(graph: Any, study: Study, year: int) -> list[dict[str, Any]]:
    """Every target of the regions that is due by a year or later, judged on the last day of that
    year on a graph of ``scenario_graph``, by the account ``plan_progress``; marked projected.

    A verdict rests on the scenario only where its latest value is of a year after the base year
    (``rests_on_scenario``): any other light is that of the ledger.
    """
    import ibis

    end = dt.date(year, 12, 31)
    ahead = graph.with_overrides(judged_on=ibis.literal(end), values_to=ibis.literal(end))
    rows = []
    for row in ahead.execute("plan_progress").to_pylist():
        if row["region"] not in study.base.regions or row["deadline_year"] < study.base.year:
            continue
        latest = row["latest_year"]
        later = latest is not None and latest > study.base.year
        rests = later and _says(study, row) and row["latest_origin"] == "computed"
        rows.append(row | {"judged_in": year, PROJECTED: True, "rests_on_scenario": rests})
    return rows


def _says(study: Study, row: Row) -> bool:
    """Whether a scenario says something of the indicator of a target of a region."""
    product = OF_PRODUCTION.get(row["indicator"])
    if product is None:
        return row["indicator"] in JUDGED_BY
    own = product == POWER and any(act.filler == "own" for act in study.pathway.acts)
    return own or any(
        (course.place, course.sector) == (row["region"], product) for course in study.products
    )


def budget_gaps(graph: Any, study: Study, budgets: Sequence[Row]) -> list[dict[str, Any]]:
    """Of each region and year, the carbon budget less the scenario's CO2 of burnt fuel, as the
    account of totals gives it on a graph of ``scenario_graph``. [t CO2]

    ``budgets``: rows of the form ``carbon_budgets`` of whole places. ``sum`` adds the gaps of the
    years up to each.
    """
    emitted = {
        (row["place"], row["year"]): row["energy_co2"]
        for row in graph.execute("carbon_totals").to_pylist()
        if row["method"] == (study.base.method if row["year"] == study.base.year else "statistics")
    }
    rows: list[dict[str, Any]] = []
    sums: dict[str, float] = {}
    for budget in sorted(budgets, key=lambda row: (row["place"], row["year"])):
        place, year = budget["place"], budget["year"]
        whole = not budget.get("sector") and not budget.get("entity")
        if not whole or place not in study.base.regions or year not in study.pathway.years:
            continue
        co2 = emitted.get((place, year))
        gap = None if co2 is None else budget["budget"] - co2
        if gap is not None:
            sums[place] = sums.get(place, 0.0) + gap
        rows.append(
            {
                "place": place,
                "year": year,
                "budget": budget["budget"],
                "scenario": co2,
                "gap": gap,
                "sum": sums.get(place),
                PROJECTED: year > study.base.year,
                "basis": budget.get("source_title"),
            }
        )
    return rows
