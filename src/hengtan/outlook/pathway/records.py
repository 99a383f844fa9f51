"""Between the accounts and a pathway: reads the base year off a graph, and hands a scenario back as
projected records that the same accounts read.

Projected records are rows of the form of the regional balance (and, for what is not burnt, of the
account of sources) of years to come. They replace tables of a what-if graph and are never stored:
no outturn can come of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from hengtan.graph.engines import keep_rows
from hengtan.outlook.pathway.base import NON_ENERGY, PLANTS, BaseYear, Tables
from hengtan.outlook.pathway.model import Outcome, Pathway
from hengtan.outlook.pathway.refusals import refusal
from hengtan.outlook.pathway.supply import (
    Cell,
    Production,
    closed,
    plants_apart,
    plants_by_year,
    produced,
    supply_cells,
)

Row = dict[str, Any]
Gases = dict[tuple[str, str], dict[str, float]]
"""What each gas emits, by row and fuel."""
_GASES: WeakKeyDictionary[Any, Gases] = WeakKeyDictionary()
PROJECTED = "projected"
"""What submissions, vintages and notes of projected records say."""
CANONICAL = ("t", "m3", "kWh", "GJ", "tce", "CNY", "kgce/kWh")
PROBED_METHOD = "statistics"
UNBURNT = "other_energy"
"""The product that stands for the part of a fuel whose carbon is not emitted."""


def read_tables(graph: Any, year: int, method: str = "") -> Tables:
    """The rows of one year and one method that a base year rests on.

    Without ``method`` the statistics, else the records. Raises HengtanError where the accounts have
    no balance of that year, with the years there are.
    """
    balance = graph.table("energy_balance")
    years = _distinct(balance, "year")
    if year not in years:
        listed = "、".join(map(str, years)) or "—"
        raise refusal("no_balance", year, listed)
    methods = _distinct(balance.filter(balance.year == year), "method")
    chosen = method or ("statistics" if "statistics" in methods else methods[0])
    if chosen not in methods:
        raise refusal("no_method", chosen, year, "、".join(methods))

    def rows(name: str) -> tuple[Row, ...]:
        table = graph.table(name)
        wanted = (table.year == year) & (table.method == chosen)
        return tuple(table.filter(wanted).to_pyarrow().to_pylist())

    return Tables(
        year,
        chosen,
        rows("energy_balance"),
        rows("carbon_fuel"),
        rows("carbon_inventory"),
        rows("carbon_totals"),
        rows("energy_consumption"),
        potentials(graph),
        unit_factors(graph),
    )


def _distinct(table: Any, column: str) -> list[Any]:
    values = table.select(column).distinct().to_pyarrow()[column].to_pylist()
    return sorted(values)


def potentials(graph: Any) -> dict[str, float]:
    """Warming potential of each gas in the set the inventory runs with."""
    chosen = graph.plain_option("carbon_inventory", "gwp_set")
    rows = graph.table("gwp").to_pyarrow().to_pylist()
    return {row["gas"]: row["value"] for row in rows if row["gwp_set"] == chosen}


def unit_factors(graph: Any) -> dict[tuple[str, str], float]:
    """What the accounts emit for one tce of each fuel burnt in each row of the balance.
    [tCO2e/tce]
    """
    return {key: sum(gases.values()) for key, gases in unit_gases(graph).items()}


def carbon_shares(graph: Any) -> dict[tuple[str, str], float]:
    """The part of it that is carbon dioxide, by row and fuel. [1]"""
    return {
        key: gases.get("CO2", 0.0) / sum(gases.values())
        for key, gases in unit_gases(graph).items()
        if sum(gases.values())
    }


def unit_gases(graph: Any) -> Gases:
    """Emission of each gas for one tce of each fuel burnt in each row: the accounts are asked with
    a record of one tce each, at a place of its own. [tCO2e/tce]

    A graph, whose rows stay what they are, is asked once.
    """
    gases = _GASES.get(graph)
    if gases is None:
        gases = _GASES[graph] = _unit_gases(graph)
    return gases


def _unit_gases(graph: Any) -> Gases:
    rows = graph.table("balance_rows").to_pyarrow().to_pylist()
    products = graph.table("energy_products").to_pyarrow().to_pylist()
    fuels = [row["product"] for row in products if row["fuel"]]
    probes = [
        record(f"1 tce {row['row']}", 2000, (row["row"], fuel), sign, None)
        for row in rows
        if row["treatment"] == "burnt" and row["row"] != "T"
        for sign in [-1.0 if row["row"].startswith("T") else 1.0]
        for fuel in fuels
    ]
    potential = potentials(graph)
    emitted: Gases = {}
    for row in with_balance(graph, probes, alone=True).execute("carbon_fuel").to_pylist():
        if row["counted"] and row["emission"] is not None:
            gases = emitted.setdefault((row["row"], row["product"]), {})
            amount = row["emission"] * potential[row["gas"]]
            gases[row["gas"]] = gases.get(row["gas"], 0.0) + amount
    return emitted


def record(place: str, year: int, cell: tuple[str, str], tce: float, physical: float | None) -> Row:
    """One cell (row, product) of a projected balance; ``physical`` in the product's canonical unit,
    which the caller adds, None where only the coal equivalent is known.
    """
    row, product = cell
    return {
        "place": place,
        "year": year,
        "balance_row": row,
        "product": product,
        "tce": tce,
        "physical": physical,
    }


def balance_records(
    base: BaseYear, pathway: Pathway, outcome: Outcome, production: Production | None = None
) -> list[Row]:
    """The balance of every place and later year of the central scenario, as records.

    Final use is the outcome's energy. Plants put in what shared power and heat call for. Other
    transformation and losses stay what they were, primary production follows ``production``; inflow
    closes each product. Raises HengtanError where a fuel would emit more for a unit than it does in
    the accounts.
    """
    return [
        record(place, of_year, *cell)
        for place, of_year, cells in balances(base, pathway, outcome, production or {})
        if of_year != base.year
        for cell in cells
    ]


def balances(
    base: BaseYear, pathway: Pathway, outcome: Outcome, production: Production
) -> Iterator[tuple[str, int, list[Cell]]]:
    """The cells of the balance of every place and year, the base year as the model has it."""
    for region, place in enumerate(base.regions):
        plants = plants_by_year(base, pathway, outcome, region)
        for year, of_year in enumerate(pathway.years):
            cells = _final_cells(base, pathway, outcome, (region, year))
            cells += supply_cells(base, place, plants, year)
            cells += plants_apart(base, outcome, (region, year))
            yield place, of_year, closed(cells, produced(base, place, plants, production, year))


def _final_cells(
    base: BaseYear, pathway: Pathway, outcome: Outcome, spot: tuple[int, int]
) -> list[Cell]:
    """Final use of one place and year; use as material goes back into the row it is a part of."""
    region, year = spot
    cells: dict[tuple[str, str], tuple[float, float | None]] = {}
    finals = [n for n, row in enumerate(base.sectors) if row.startswith("F")]
    for sector in sorted(finals, key=lambda n: base.sectors[n] == NON_ENERGY):
        row = base.sectors[sector]
        for carrier, product in enumerate(base.carriers):
            tce = float(outcome.energy[region, sector, carrier, year])
            if tce == 0:
                continue
            kept = _kept(pathway, outcome, (region, sector, carrier, year))
            rate = float(base.physical[region, sector, carrier])
            if kept != 1 and product not in PLANTS:
                _refuse_more(kept, base, (region, sector, carrier))
                _add(cells, (row, UNBURNT), tce * (1 - kept), None)
                tce *= kept
            amount = None if np.isnan(rate) else tce * rate
            _add(cells, (row, product), tce, amount)
            if row == NON_ENERGY:
                whole = next(
                    (w for w in ("F.2.ind", "F.2", "F") if (w, product) in cells), "F.2.ind"
                )
                _add(cells, (whole, product), tce, amount)
    return [(key, *amounts) for key, amounts in cells.items()]


def _add(
    cells: dict[tuple[str, str], tuple[float, float | None]],
    key: tuple[str, str],
    tce: float,
    physical: float | None,
) -> None:
    before, amount = cells.get(key, (0.0, 0.0 if physical is not None else None))
    both = amount is not None and physical is not None
    cells[key] = (before + tce, amount + physical if both else None)  # type: ignore[operator]


def _kept(pathway: Pathway, outcome: Outcome, spot: tuple[int, int, int, int]) -> float:
    """The part of a carrier's emission factor that measures leave."""
    plain = float(pathway.factor[spot])
    energy = float(outcome.energy[spot])
    return 1.0 if plain == 0 else float(outcome.burnt[spot]) / energy / plain


def _refuse_more(kept: float, base: BaseYear, spot: tuple[int, int, int]) -> None:
    if kept > 1 + 1e-12:
        region, sector, carrier = spot
        where = (base.regions[region], base.sectors[sector], base.carriers[carrier])
        raise refusal("factor_rises", *where)


def source_records(base: BaseYear, outcome: Outcome, years: Collection[int], rows: Any) -> Any:
    """Rows of the account of sources (``pyarrow.Table``) of the base year, carried to each year by
    what the outcome makes of their category.
    """
    import pyarrow as pa

    carried = []
    for row in rows.to_pylist():
        if row["place"] not in base.regions or row["year"] != base.year:
            continue
        if row["category"] not in base.sectors or row["emission"] is None:
            continue
        region = base.regions.index(row["place"])
        sector = base.sectors.index(row["category"])
        before = float(base.process[region, sector])
        for year, of_year in enumerate(years):
            if of_year == base.year:
                continue
            after = float(outcome.process[region, sector, year])
            ratio = after / before if before else 0.0
            amounts = {name: _times(row[name], ratio) for name in ("amount", "emission")}
            carried.append(row | amounts | {"year": of_year, "basis": PROJECTED})
    return pa.Table.from_pylist(carried, schema=rows.schema)


def _times(value: float | None, ratio: float) -> float | None:
    return None if value is None else value * ratio


def projected(
    graph: Any,
    base: BaseYear,
    pathway: Pathway,
    outcome: Outcome,
    production: Production | None = None,
) -> Any:
    """A what-if graph whose accounts read the scenario as records of its years."""
    rows = balance_records(base, pathway, outcome, production)
    others = with_balance(graph, rows, alone=False)
    sources = graph.table("carbon_sources")
    emitted = source_records(base, outcome, pathway.years, sources.to_pyarrow())
    kept = sources.filter(~sources.year.isin(pathway.years[1:]))
    joined = kept.union(_in_engine(sources.get_backend(), emitted, "sources"))
    return others.with_overrides(carbon_sources=_stored(joined, "all_sources"))


def with_balance(graph: Any, rows: Collection[Row], *, alone: bool) -> Any:
    """A what-if graph that reads these rows as the regional balance: alone, or beside what the
    ledger holds of other years.
    """
    form = graph.table("regional_balance")
    engine = form.get_backend()
    products = graph.table("energy_products").to_pyarrow().to_pylist()
    units = {row["product"]: row["canonical_unit"] for row in products}
    table = _in_engine(engine, _as_form(rows, units, form.schema().to_pyarrow()), "balance")
    if not alone:
        years = sorted({row["year"] for row in rows})
        kept = form.filter(~form.period_end.year().isin(years))
        table = _stored(kept.union(table), "all_balances")
    return graph.with_overrides(
        regional_balance=table, unit_factors=_units(graph.table("unit_factors"))
    )


def of_year(year: int) -> Row:
    """The period and the marks of a projected row of a form."""
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


def _as_form(rows: Collection[Row], units: Mapping[str, str], schema: Any) -> Any:
    """Rows as the ledger would hold them: a standard quantity each, and the physical one where it
    is known.
    """
    import pyarrow as pa

    lines = []
    for row in rows:
        lines.append(_line(row, "standard", "calorific", row["tce"], "tce"))
        if row["physical"] is not None:
            unit = units[row["product"]]
            lines.append(_line(row, "physical", "none", row["physical"], unit))
    full = [
        {name: line.get(name) for name in schema.names} | {"_row": number}
        for number, line in enumerate(lines, 1)
    ]
    return pa.Table.from_pylist(full, schema=schema)


def _line(row: Row, kind: str, convention: str, value: float, unit: str) -> Row:
    return of_year(row["year"]) | {
        "place": row["place"],
        "balance_row": row["balance_row"],
        "product": row["product"],
        "quantity_kind": kind,
        "convention": convention,
        "value": value,
        "value_original": f"{value:.12f}",
        "unit": unit,
        "confidence": "derived",
        "_state": PROJECTED,
    }


def _units(table: Any) -> Any:
    """The table of units with the canonical ones that projected records are written in."""
    import pyarrow as pa

    known = set(table.unit.to_pyarrow().to_pylist())
    schema = table.schema().to_pyarrow()
    rows = [
        {
            name: {"unit": unit, "canonical_unit": unit, "factor": 1.0}.get(name)
            for name in schema.names
        }
        for unit in CANONICAL
        if unit not in known
    ]
    if not rows:
        return table
    added = pa.Table.from_pylist(rows, schema=schema)
    return _stored(table.union(_in_engine(table.get_backend(), added, "units")), "all_units")


def _in_engine(engine: Any, rows: Any, name: str) -> Any:
    import uuid

    return keep_rows(engine, rows, f"{PROJECTED}_{name}_{uuid.uuid4().hex[:10]}")


def _stored(table: Any, name: str) -> Any:
    """A joined table worked out once, so that accounts read stored rows."""
    return _in_engine(table.get_backend(), table.to_pyarrow(), name)


def emissions_of_accounts(
    graph: Any, years: Collection[int]
) -> tuple[dict[tuple[str, int, str, str], float], dict[tuple[str, int, str], float]]:
    """What the accounts of a graph emit in these years by statistics: what is burnt by (place,
    year, row, product), and what is not by (place, year, category). [tCO2e]
    """
    potential = potentials(graph)
    burnt: dict[tuple[str, int, str, str], float] = {}
    for row in _of_years(graph.table("carbon_fuel"), years):
        if row["counted"] and row["emission"] is not None:
            key = (row["place"], row["year"], row["row"], row["product"])
            burnt[key] = burnt.get(key, 0.0) + row["emission"] * potential[row["gas"]]
    other: dict[tuple[str, int, str], float] = {}
    for row in _of_years(graph.table("carbon_inventory"), years):
        if row["in_total"] and row["co2e"] is not None and not row["category"].startswith("1A"):
            spot = (row["place"], row["year"], row["category"])
            other[spot] = other.get(spot, 0.0) + row["co2e"]
    return burnt, other


def _of_years(table: Any, years: Collection[int]) -> list[Row]:
    wanted = table.filter(table.year.isin(list(years)) & (table.method == PROBED_METHOD))
    return list(wanted.to_pyarrow().to_pylist())
