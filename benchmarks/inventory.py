"""Inventory and LMDI of 40 districts × 30 years: ``python benchmarks/inventory.py [--repeat 3] [--write]``. Data are synthetic.

The first run turns every account into SQL; a second process finds the queries kept in a folder, and the same process keeps them in memory.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
from measure import measured, write_section

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


def rows() -> dict[str, list[dict[str, object]]]:
    """Synthetic balances, herds, clinker and GDP."""
    chance = np.random.default_rng(40)
    made: dict[str, list[dict[str, object]]] = {
        "regional_balance": [],
        "farm_activity": [],
        "industrial_products": [],
        "gdp_values": [],
    }
    for district in range(40):
        for year in range(1995, 2025):
            at = {"place": f"5001{district:02d}", "period": str(year)}
            for row, product, unit in CELLS:
                made["regional_balance"].append(
                    at
                    | {
                        "balance_row": row,
                        "product": product,
                        "quantity_kind": "physical",
                        "convention": "none",
                        "value": float(chance.uniform(5, 50)) * (-1 if row.startswith("T") else 1),
                        "unit": unit,
                    }
                )
            made["farm_activity"].append(
                at | {"item": "swine", "mode": "scale", "amount": 10.0, "unit": "万头"}
            )
            made["industrial_products"].append(
                at | {"item": "cement_clinker", "amount": 10.0, "unit": "万吨"}
            )
            made["gdp_values"].append(
                at
                | {
                    "price": "constant",
                    "price_base": 2020,
                    "gdp": 100.0 + year - 1990,
                    "unit": "亿元",
                }
            )
    return made


def graph(folder: Path) -> Graph:
    """The energy and carbon accounts over the rows."""
    engine, pack = ibis.duckdb.connect(), packs.load("chongqing")
    tables = {name: engine.create_table(f"p_{name}", to_arrow(pack, name)) for name in schemas()}
    given = rows()
    for name, spec in pack.forms().items():
        form, held = Form.from_dict(spec), []
        for n, row in enumerate(given.get(name, []), 1):
            period = Period.parse(str(row["period"]))
            held.append(
                {
                    **dict.fromkeys(form.columns()),
                    **row,
                    "period": period.text,
                    "period_kind": period.kind,
                    "period_start": period.start,
                    "period_end": period.end,
                    "value_original": str(row.get("value")),
                    "_submission": name,
                    "_row": n,
                    "_demo": True,
                }
            )
        tables[name] = engine.create_table(
            name, pa.Table.from_pylist(held, schema=pa.schema([*form.schema(), *LEDGER.items()]))
        )
    units = {str(r["unit"]) for lines in given.values() for r in lines} | {
        r["unit"] for t in ("energy_products", "activity_items") for r in pack.rows(t)
    }
    known = [read_unit(u) for u in sorted(units)]
    tables["unit_factors"] = engine.create_table(
        "unit_factors",
        pa.table(
            {
                "unit": [u.spelling for u in known],
                "canonical_unit": [u.canonical for u in known],
                "factor": pa.array([u.factor for u in known], pa.float64()),
            }
        ),
    )
    return Graph(
        modules("energy", "carbon"),
        tables,
        prepared=Prepared(folder, "benchmark"),
    )


def run(folder: Path) -> dict[str, float]:
    """Seconds of the inventory with its totals, of its causes, and of a bare LMDI; the first graph of a process, then the same graph with another GWP set.

    ``folder`` keeps the queries for the next process.
    """
    figures: dict[str, float] = {}
    first = graph(folder)
    for name, one in (("first", first), ("prepared", first.with_overrides(gwp_set="AR5"))):
        started = time.perf_counter()
        figures["rows"] = one.execute("carbon_inventory").num_rows
        assert one.execute("carbon_totals").num_rows == 40 * 30
        figures[f"inventory_{name}"] = time.perf_counter() - started
        started = time.perf_counter()
        figures["causes"] = one.execute("carbon_drivers").num_rows
        figures[f"causes_{name}"] = time.perf_counter() - started
    x = np.random.default_rng(1).uniform(0.1, 5, (30, 40 * 40, 4))
    started = time.perf_counter()
    lmdi(x)
    figures["lmdi"] = time.perf_counter() - started
    # the nested identity: city, district, sector, energy per activity, carbon per energy, of 40 districts × 10 sectors × 8 fuels
    district, sector = (
        np.repeat(np.arange(40), 80).tolist(),
        np.tile(np.repeat(np.arange(10), 8), 40).tolist(),
    )
    activity = np.random.default_rng(2).uniform(0, 5, (30, 3200))
    started = time.perf_counter()
    lmdi(
        nested_factors(
            activity,
            [district, sector],
            (activity * 1.5, activity),
            (activity * 3.0, activity * 1.5),
        )
    ).over(district, sector)
    return figures | {"lmdi_nested": time.perf_counter() - started}


def main() -> None:
    """Run once, or several times in processes of their own and show the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--run", type=Path)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run)))
        return
    new, old = [], []
    for _ in range(given.repeat):
        with tempfile.TemporaryDirectory() as folder:
            new.append(measured("inventory.py", "--run", folder))
            old.append(measured("inventory.py", "--run", folder))
    kinds = {"new": (new, "first"), "folder": (old, "first"), "memory": (old, "prepared")}
    at = {
        (what, kind): statistics.median(r[f"{what}_{one}"] for r in runs)
        for kind, (runs, one) in kinds.items()
        for what in ("inventory", "causes")
    }
    both = {
        kind: statistics.median(r[f"inventory_{one}"] + r[f"causes_{one}"] for r in runs)
        for kind, (runs, one) in kinds.items()
    }
    bare = {name: statistics.median(r[name] for r in old) for name in ("lmdi", "lmdi_nested")}
    text = "\n".join(
        [
            f"{sum(map(len, rows().values())):,} reported values, {old[0]['rows']:,.0f} inventory rows, {old[0]['causes']:,.0f} rows of causes; median of {given.repeat} processes of each kind; "
            f"peak {max(r['peak_mb'] for r in new):,.0f} MB the first time, {max(r['peak_mb'] for r in old):,.0f} MB after.",
            "",
            "| seconds | the very first time | a new process, queries kept by an earlier one | the same process again, other options |",
            "|---|---|---|---|",
            *(
                f"| {title} | " + " | ".join(f"{at[what, kind]:.2f}" for kind in kinds) + " |"
                for what, title in (
                    ("inventory", "inventory and totals, with all accounts before them"),
                    ("causes", "causes by LMDI, as accounts"),
                )
            ),
            "| both | " + " | ".join(f"{both[kind]:.2f}" for kind in kinds) + " |",
            f"| bare LMDI, 30 years × 1,600 items × 4 factors | | | {bare['lmdi']:.3f} |",
            f"| bare LMDI of a nested identity, 30 years × 3,200 items × 5 factors, summed over districts and sectors | | | {bare['lmdi_nested']:.3f} |",
        ]
    )
    print(text)
    if given.write:
        write_section("inventory", text)


if __name__ == "__main__":
    main()
