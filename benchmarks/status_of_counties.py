"""Status of many county plans: the 67 targets of two plans copied to N synthetic counties 合成县.

    python benchmarks/status_of_counties.py 2846

Five years of values each; time of ``plan_progress`` beside a bare scan of the values, in the same
engine and run.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from hengtan import packs
from hengtan.basis.units import read_unit
from hengtan.packs.arrow import to_arrow
from hengtan.workspace import Workspace
from hengtan.workspace.asof import AsOf
from hengtan.workspace.config import Settings

YEARS = range(2022, 2027)
DAY = date(2026, 11, 25)
SAME = {
    "nature": "outturn",
    "bound": "exact",
    "source_title": "合成数据",
    "confidence": "read",
    "_submission": "S000001",
    "_submitted_by": "synthetic",
    "_approved_by": "synthetic",
}
EMPTY = (
    "scope",
    "compared",
    "value_notation",
    "value_original",
    "vintage",
    "publisher",
    "source_url",
    "published",
    "edition",
    "note",
    "_sheet",
    "_file",
)


def synthetic(counties: int) -> dict[str, pa.Table]:
    """Pack tables and indicator values of so many synthetic counties (codes 9xxxxx, 合成县n)."""
    pack = packs.load("wulong")
    codes = np.array([f"9{number:05d}" for number in range(counties)])
    tables: dict[str, pa.Table] = {}
    targets = _a_county_each(to_arrow(pack, "targets"), codes, ("target_id", "plan"))
    column = targets.column_names.index("region")
    region = np.repeat(codes, targets.num_rows // counties)
    tables["targets"] = targets.set_column(column, "region", pa.array(region))
    tables["plans"] = _a_county_each(to_arrow(pack, "plans"), codes, ("plan",))
    tables["places"] = pa.table(
        {
            "place": pa.array(codes),
            "name_zh": [f"合成县{number}" for number in range(counties)],
            "kind": ["district"] * counties,
            "parent": ["000000"] * counties,
        }
    )
    tables["evidence_notes"] = to_arrow(pack, "evidence_notes").slice(0, 0)
    rows = pack.rows("targets")
    tables["unit_factors"] = _unit_factors(sorted({row["unit"] for row in rows}))
    tables["indicator_values"] = _values(rows, codes)
    return tables


def _a_county_each(table: pa.Table, codes: np.ndarray, ids: tuple[str, ...]) -> pa.Table:
    """The rows of a table once per county; the county's code goes before the columns ``ids``."""
    county = np.repeat(codes, table.num_rows)
    many = table.take(pa.array(np.tile(np.arange(table.num_rows), len(codes))))
    for name in ids:
        own = np.char.add(np.char.add(county, "-"), np.array(many[name].to_pylist()))
        many = many.set_column(many.column_names.index(name), name, pa.array(own))
    return many


def _unit_factors(units: list[str]) -> pa.Table:
    known = [read_unit(unit) for unit in units]
    return pa.table(
        {
            "unit": units,
            "canonical_unit": [unit.canonical for unit in known],
            "factor": [unit.factor for unit in known],
        }
    )


def _values(targets: list[dict[str, Any]], codes: np.ndarray) -> pa.Table:
    """A value a year of every indicator and county, drawn around its goal."""
    goals = {row["indicator"]: row for row in targets}.values()
    cells = [(row, year) for row in goals for year in YEARS]
    counties, count = len(codes), len(cells) * len(codes)
    text, stamp = pa.string(), np.datetime64(datetime(2026, 11, 25))
    chance = np.random.default_rng(20261125)
    goal = np.tile([row["value"] for row, _ in cells], counties)

    def tiled(values: list[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(pa.array(np.tile(np.arange(len(cells)), counties)))

    columns = {
        "place": pa.array(np.repeat(codes, len(cells))),
        "indicator": tiled([row["indicator"] for row, _ in cells], text),
        "period": tiled([str(year) for _, year in cells], text),
        "period_kind": tiled(["year"] * len(cells), text),
        "period_start": tiled([date(year, 1, 1) for _, year in cells], pa.date32()),
        "period_end": tiled([date(year, 12, 31) for _, year in cells], pa.date32()),
        "value": pa.array(chance.uniform(0.6, 1.1, count) * goal),
        "unit": tiled([row["unit"] for row, _ in cells], text),
        "_row": pa.array(np.arange(1, count + 1)),
        "_source_row": pa.array(np.arange(2, count + 2)),
        "_demo": pa.array(np.ones(count, bool)),
    }
    columns |= {name: pa.array(np.full(count, value)) for name, value in SAME.items()}
    columns |= {name: pa.nulls(count, text) for name in EMPTY}
    for name in ("_submitted_at", "_approved_at"):
        columns[name] = pa.array(np.full(count, stamp))
    return pa.table(columns)


def main(counties: int) -> None:
    """Print seconds of the whole status and of one bare scan of the values."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings("合成县", "Synthetic counties", "500156", "wulong")
        with Workspace.create(Path(folder) / "workspace", settings) as workspace:
            figures = measured(workspace, counties)
    print(json.dumps(figures, ensure_ascii=False))


def measured(workspace: Workspace, counties: int) -> dict[str, Any]:
    """The figures, on the engine and over the other tables of an empty workspace."""
    engine = workspace.ledger.ibis()
    tables = {
        name: engine.create_table(f"synthetic_{name}", rows, temp=True)
        for name, rows in synthetic(counties).items()
    }
    values = tables["indicator_values"]
    started = time.perf_counter()
    values.agg(total=values.value.sum()).to_pyarrow()
    scan = time.perf_counter() - started
    graph = workspace.graph(AsOf.of(today=DAY)).with_overrides(**tables)
    started = time.perf_counter()
    progress = graph.execute("plan_progress")
    return {
        "seconds": time.perf_counter() - started,
        "scan_seconds": scan,
        "targets": progress.num_rows,
        "values": values.count().to_pyarrow().as_py(),
        "lights": Counter(progress["light"].to_pylist()),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2846)
