"""Targets of plans judged on a scenario: the same accounts and the same rules of lights, asked on
the last day of a year to come with the scenario's records in the place of outturns.

GDP follows the rows of ``pathway_drivers`` whose sector is ``gdp``, as yearly indices that the
account of GDP chains; without them a target in terms of GDP has no evidence and stays grey.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from hengtan.graph.engines import keep_rows
from hengtan.outlook.pathway.measures import Row, percent, split
from hengtan.outlook.pathway.records import PROJECTED, projected
from hengtan.outlook.pathway.study import GDP, Study

JUDGED_BY = ("energy_total", "energy_intensity_gdp", "co2_total", "co2_intensity_gdp")
"""Indicators that follow from what a scenario says. Others come off the same accounts but rest on
what it holds as it was (primary production), so it says nothing of them.
"""


def _same(region: str, place: str) -> bool:
    return region == place


def scenario_graph(
    graph: Any,
    study: Study,
    drivers: Sequence[Row],
    within: Callable[[str, str], bool] = _same,
) -> Any:
    """A what-if graph whose accounts read the central scenario and its GDP. Nothing is stored."""
    ahead = projected(graph, study.base, study.pathway, study.outcome())
    later = study.pathway.years[1:]
    rows = gdp_rows(study, drivers, within)
    if rows:
        ahead = ahead.with_overrides(gdp_values=_beside(ahead.table("gdp_values"), rows, "gdp"))
    rates = coal_rate_rows(ahead.table("coal_rate").to_pyarrow().to_pylist(), study)
    if rates:
        form = ahead.table("coal_rate")
        kept = form.filter(~form.period_end.year().isin(later))
        ahead = ahead.with_overrides(coal_rate=_beside(kept, rates, "coal_rate"))
    return ahead


def _beside(form: Any, rows: Sequence[Row], name: str) -> Any:
    """A form's rows with projected ones. A projected index takes the place of one of its year."""
    import pyarrow as pa

    schema = form.schema().to_pyarrow()
    table = pa.Table.from_pylist([{n: r.get(n) for n in schema.names} for r in rows], schema=schema)
    keys = {(row["place"], row.get("price"), row["period_end"]) for row in rows}
    others = [
        row
        for row in form.to_pyarrow().to_pylist()
        if (row["place"], row.get("price"), row["period_end"]) not in keys
    ]
    both = pa.concat_tables([pa.Table.from_pylist(others, schema=schema), table])
    return keep_rows(form.get_backend(), both, f"{PROJECTED}_{name}_{uuid.uuid4().hex[:10]}")


def coal_rate_rows(rows: Sequence[Row], study: Study) -> list[dict[str, Any]]:
    """The coal rates of the base year carried to every later year: an assumption of the study
    (``assumed.coal_rate``). None where the base year has none.
    """
    own = [
        row
        for row in rows
        if row["period_kind"] == "year" and row["period_end"].year == study.base.year
    ]
    return [{**row, **_of_year(year)} for row in own for year in study.pathway.years[1:]]


def _of_year(year: int) -> dict[str, Any]:
    """The period and the marks of a projected row."""
    return {
        "period": str(year),
        "period_kind": "year",
        "period_start": dt.date(year, 1, 1),
        "period_end": dt.date(year, 12, 31),
        "vintage": PROJECTED,
        "note": PROJECTED,
        "_submission": PROJECTED,
        "_row": year,
        "_demo": False,
    }


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
    return _of_year(year) | {
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
        rests = later and row["indicator"] in JUDGED_BY and row["latest_origin"] == "computed"
        rows.append(row | {"judged_in": year, PROJECTED: True, "rests_on_scenario": rests})
    return rows


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
