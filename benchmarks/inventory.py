"""Inventory and LMDI of 40 districts × 30 years: ``python benchmarks/inventory.py``. Data are synthetic; one process, peak memory of it.

The first run turns every account into SQL; the second (another GWP set) finds it prepared, as a page or a what-if does.
"""

from __future__ import annotations

import importlib
import json
import resource
import time

import ibis
import numpy as np
import pyarrow as pa

from hengtan import packs
from hengtan.accounts.carbon.decompose import lmdi
from hengtan.basis.period import Period
from hengtan.basis.units import read_unit
from hengtan.graph import Graph
from hengtan.ledger.forms import Form
from hengtan.packs.arrow import to_arrow
from hengtan.packs.schema import schemas
from hengtan.workspace.asof import CARBON_MODULES, ENERGY_MODULES

CELLS = (("F.2.ind", "raw_coal", "万吨"), ("F.4", "natural_gas", "亿立方米"), ("F.3.trans", "diesel", "万吨"), ("T.power", "raw_coal", "万吨"), ("F.2.ind", "coke", "万吨"), ("F.1.agri", "diesel", "万吨"), ("F.3.trade", "lpg", "万吨"), ("F.4", "electricity", "亿千瓦时"))
LEDGER = {"_submission": pa.string(), "_row": pa.int64(), "_sheet": pa.string(), "_source_row": pa.int64(), "_state": pa.string(), "_submitted_at": pa.timestamp("us"), "_submitted_by": pa.string(), "_approved_at": pa.timestamp("us"), "_approved_by": pa.string(), "_file": pa.string(), "_demo": pa.bool_()}


def rows() -> dict[str, list[dict[str, object]]]:
    """Synthetic balances, herds, clinker and GDP."""
    chance = np.random.default_rng(40)
    made: dict[str, list[dict[str, object]]] = {"regional_balance": [], "farm_activity": [], "industrial_products": [], "gdp_values": []}
    for district in range(40):
        for year in range(1995, 2025):
            at = {"place": f"5001{district:02d}", "period": str(year)}
            for row, product, unit in CELLS:
                made["regional_balance"].append(at | {"balance_row": row, "product": product, "quantity_kind": "physical", "convention": "none", "value": float(chance.uniform(5, 50)) * (-1 if row.startswith("T") else 1), "unit": unit})
            made["farm_activity"].append(at | {"item": "swine", "mode": "scale", "amount": 10.0, "unit": "万头"})
            made["industrial_products"].append(at | {"item": "cement_clinker", "amount": 10.0, "unit": "万吨"})
            made["gdp_values"].append(at | {"price": "constant", "price_base": 2020, "gdp": 100.0 + year - 1990, "unit": "亿元"})
    return made


def graph() -> Graph:
    """The energy and carbon accounts over the rows."""
    engine, pack = ibis.duckdb.connect(), packs.load("chongqing")
    tables = {name: engine.create_table(f"p_{name}", to_arrow(pack, name)) for name in schemas()}
    given = rows()
    for name, spec in pack.forms().items():
        form, held = Form.from_dict(spec), []
        for n, row in enumerate(given.get(name, []), 1):
            period = Period.parse(str(row["period"]))
            held.append({**dict.fromkeys(form.columns()), **row, "period": period.text, "period_kind": period.kind, "period_start": period.start, "period_end": period.end, "value_original": str(row.get("value")), "_submission": name, "_row": n, "_demo": True})
        tables[name] = engine.create_table(name, pa.Table.from_pylist(held, schema=pa.schema([*form.schema(), *LEDGER.items()])))
    units = {str(r["unit"]) for lines in given.values() for r in lines} | {r["unit"] for t in ("energy_products", "activity_items") for r in pack.rows(t)}
    known = [read_unit(u) for u in sorted(units)]
    tables["unit_factors"] = engine.create_table("unit_factors", pa.table({"unit": [u.spelling for u in known], "canonical_unit": [u.canonical for u in known], "factor": pa.array([u.factor for u in known], pa.float64())}))
    return Graph([importlib.import_module(m) for m in (*ENERGY_MODULES, *CARBON_MODULES)], tables)


def main() -> None:
    """Time the inventory, its totals and causes, twice, and a bare LMDI."""
    first = graph()
    figures: dict[str, float] = {}
    for name, one in (("first", first), ("prepared", first.with_overrides(gwp_set="AR5"))):
        started = time.perf_counter()
        count = one.execute("carbon_inventory").num_rows
        figures[f"inventory_{name}_s"] = time.perf_counter() - started
        started = time.perf_counter()
        one.execute("carbon_drivers")
        figures[f"drivers_{name}_s"] = time.perf_counter() - started
        figures["inventory_rows"] = count
    x = np.random.default_rng(1).uniform(0.1, 5, (30, 40 * 40, 4))
    started = time.perf_counter()
    lmdi(x)
    figures["lmdi_30_years_1600_items_s"] = time.perf_counter() - started
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
