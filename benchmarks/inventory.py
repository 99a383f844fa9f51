"""Inventory and LMDI of 40 districts × 30 years, on synthetic data.

    python benchmarks/inventory.py [--repeat 3] [--write]

The first run turns every account into SQL; a second process finds the queries kept in a folder, and
the same process keeps them in memory. ``--write`` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
from measure import Figures, Runs, markdown, measured, write_section

from hengtan import packs
from hengtan.accounts.carbon.decompose import lmdi, nested_factors
from hengtan.basis.period import Period
from hengtan.basis.units import read_unit
from hengtan.graph import Graph
from hengtan.graph.domains import modules
from hengtan.graph.prepared import Prepared
from hengtan.ledger.forms import Form
from hengtan.packs.arrow import to_arrow
from hengtan.packs.schema import schemas

DISTRICTS, YEARS = 40, range(1995, 2025)
CELLS = (
    ("F.2.ind", "raw_coal", "万吨"),
    ("F.4", "natural_gas", "亿立方米"),
    ("F.3.trans", "diesel", "万吨"),
    ("T.power", "raw_coal", "万吨"),
    ("F.2.ind", "coke", "万吨"),
    ("F.1.agri", "diesel", "万吨"),
    ("F.3.trade", "lpg", "万吨"),
    ("F.4", "electricity", "亿千瓦时"),
)
LEDGER = {
    "_submission": pa.string(),
    "_row": pa.int64(),
    "_sheet": pa.string(),
    "_source_row": pa.int64(),
    "_state": pa.string(),
    "_submitted_at": pa.timestamp("us"),
    "_submitted_by": pa.string(),
    "_approved_at": pa.timestamp("us"),
    "_approved_by": pa.string(),
    "_file": pa.string(),
    "_demo": pa.bool_(),
}
Row = dict[str, object]


def rows() -> dict[str, list[Row]]:
    """Synthetic balances, herds, clinker and GDP, by form."""
    chance = np.random.default_rng(40)
    reported: dict[str, list[Row]] = {
        "regional_balance": [],
        "farm_activity": [],
        "industrial_products": [],
        "gdp_values": [],
    }
    for district in range(DISTRICTS):
        for year in YEARS:
            at: Row = {"place": f"5001{district:02d}", "period": str(year)}
            reported["regional_balance"] += [at | cell for cell in _balance(chance)]
            reported["farm_activity"].append(
                at | {"item": "swine", "mode": "scale", "amount": 10.0, "unit": "万头"}
            )
            reported["industrial_products"].append(
                at | {"item": "cement_clinker", "amount": 10.0, "unit": "万吨"}
            )
            gdp = {"price": "constant", "price_base": 2020, "gdp": 100.0 + year - 1990}
            reported["gdp_values"].append(at | gdp | {"unit": "亿元"})
    return reported


def _balance(chance: np.random.Generator) -> Iterator[Row]:
    """The cells of one balance; what goes into transformation is negative."""
    for balance_row, product, unit in CELLS:
        sign = -1 if balance_row.startswith("T") else 1
        yield {
            "balance_row": balance_row,
            "product": product,
            "quantity_kind": "physical",
            "convention": "none",
            "value": float(chance.uniform(5, 50)) * sign,
            "unit": unit,
        }


def graph(folder: Path) -> Graph:
    """The energy and carbon accounts over the rows."""
    engine, pack = ibis.duckdb.connect(), packs.load("chongqing")
    tables = {name: engine.create_table(f"p_{name}", to_arrow(pack, name)) for name in schemas()}
    reported = rows()
    for name, description in pack.forms().items():
        form = Form.from_dict(description)
        tables[name] = engine.create_table(name, _stored(form, name, reported.get(name, [])))
    units = {str(row["unit"]) for lines in reported.values() for row in lines}
    for name in ("energy_products", "activity_items"):
        units |= {row["unit"] for row in pack.rows(name)}
    tables["unit_factors"] = engine.create_table("unit_factors", _unit_factors(sorted(units)))
    account_modules = modules("energy", "carbon")
    return Graph(account_modules, tables, prepared=Prepared(folder, "benchmark"))


def _stored(form: Form, name: str, lines: list[Row]) -> pa.Table:
    """Rows as the ledger stores them: the period in four columns, who handed them in."""
    stored = []
    for number, row in enumerate(lines, 1):
        period = Period.parse(str(row["period"]))
        stored.append(
            {
                **dict.fromkeys(form.columns()),
                **row,
                "period": period.text,
                "period_kind": period.kind,
                "period_start": period.start,
                "period_end": period.end,
                "value_original": str(row.get("value")),
                "_submission": name,
                "_row": number,
                "_demo": True,
            }
        )
    return pa.Table.from_pylist(stored, schema=pa.schema([*form.schema(), *LEDGER.items()]))


def _unit_factors(units: list[str]) -> pa.Table:
    known = [read_unit(unit) for unit in units]
    return pa.table(
        {
            "unit": [unit.spelling for unit in known],
            "canonical_unit": [unit.canonical for unit in known],
            "factor": pa.array([unit.factor for unit in known], pa.float64()),
        }
    )


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long a piece of work took, and its answer."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def run(folder: Path) -> Figures:
    """Seconds of the inventory with its totals, of its causes, and of a bare LMDI.

    The first graph of a process, then the same graph with another GWP set. ``folder`` keeps the
    queries for the next process.
    """
    figures: Figures = {}
    first = graph(folder)
    for name, accounts in (("first", first), ("prepared", first.with_overrides(gwp_set="AR5"))):
        figures[f"inventory_{name}"], figures["rows"] = seconds_of(lambda g=accounts: inventory(g))
        figures[f"causes_{name}"], causes = seconds_of(
            lambda g=accounts: g.execute("carbon_drivers")
        )
        figures["causes"] = causes.num_rows
    factors = np.random.default_rng(1).uniform(0.1, 5, (len(YEARS), DISTRICTS * 40, 4))
    figures["lmdi"], _ = seconds_of(lambda: lmdi(factors))
    figures["lmdi_nested"], _ = seconds_of(_nested())
    return figures


def inventory(accounts: Graph) -> int:
    """Work out the inventory and its totals; the number of inventory rows."""
    inventory_rows = accounts.execute("carbon_inventory").num_rows
    assert accounts.execute("carbon_totals").num_rows == DISTRICTS * len(YEARS)
    return inventory_rows


def _nested() -> Callable[[], Any]:
    """LMDI of city, district, sector, energy per activity, carbon per energy.

    40 districts × 10 sectors × 8 fuels; the arrays are made here, the work is what is returned.
    """
    district = np.repeat(np.arange(40), 80).tolist()
    sector = np.tile(np.repeat(np.arange(10), 8), 40).tolist()
    activity = np.random.default_rng(2).uniform(0, 5, (len(YEARS), 3200))

    def work() -> Any:
        energy_per_activity = (activity * 1.5, activity)
        carbon_per_energy = (activity * 3.0, activity * 1.5)
        nested = nested_factors(
            activity, [district, sector], energy_per_activity, carbon_per_energy
        )
        return lmdi(nested).over(district, sector)

    return work


def table(new: Runs, later: Runs) -> list[str]:
    """A table of the first process of a folder, of a later one, and of the same one again."""
    kinds = ((new, "first"), (later, "first"), (later, "prepared"))

    def cells(*parts: str) -> list[str]:
        totals = (
            Runs({"seconds": sum(run[f"{part}_{kind}"] for part in parts)} for run in runs)
            for runs, kind in kinds
        )
        return [f"{total.median():.2f}" for total in totals]

    bare = (
        ("bare LMDI, 30 years × 1,600 items × 4 factors", "lmdi"),
        (
            "bare LMDI of a nested identity, 30 years × 3,200 items × 5 factors, "
            "summed over districts and sectors",
            "lmdi_nested",
        ),
    )
    return markdown(
        (
            "seconds",
            "the very first time",
            "a new process, queries kept by an earlier one",
            "the same process again, other options",
        ),
        [
            ["inventory and totals, with all accounts before them", *cells("inventory")],
            ["causes by LMDI, as accounts", *cells("causes")],
            ["both", *cells("inventory", "causes")],
            *([title, "", "", f"{later.median(name):.3f}"] for title, name in bare),
        ],
    )


def main() -> None:
    """Run once, or several times in processes of their own and show the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--run", type=Path)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(run(arguments.run)))
        return
    new, later = Runs(), Runs()
    for _ in range(arguments.repeat):
        with tempfile.TemporaryDirectory() as folder:
            new.append(measured("inventory.py", "--run", folder))
            later.append(measured("inventory.py", "--run", folder))
    title = (
        f"{sum(map(len, rows().values())):,} reported values, {later[0]['rows']:,.0f} inventory "
        f"rows, {later[0]['causes']:,.0f} rows of causes; median of {arguments.repeat} processes "
        f"of each kind; peak {new.most('peak_mb'):,.0f} MB the first time, "
        f"{later.most('peak_mb'):,.0f} MB after."
    )
    text = "\n".join([title, "", *table(new, later)])
    print(text)
    if arguments.write:
        write_section("inventory", text)


if __name__ == "__main__":
    main()
