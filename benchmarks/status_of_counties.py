"""Synthetic 合成数据: the 67 targets of the two plans copied to N county plans, five years of values each; time of ``plan_progress``.

python benchmarks/status_of_counties.py 2846
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date, datetime

import ibis
import numpy as np
import pyarrow as pa

from hengtan import packs
from hengtan.basis.units import read_unit
from hengtan.graph import Graph
from hengtan.graph.domains import modules
from hengtan.packs.arrow import to_arrow
from hengtan.workspace.asof import NO_END

YEARS = range(2022, 2027)


def repeated(table: pa.Table, counties: int) -> pa.Table:
    """The rows of a table once per county."""
    return table.take(pa.array(np.tile(np.arange(table.num_rows), counties)))


def synthetic(counties: int) -> dict[str, pa.Table]:
    """Pack tables and indicator values of so many synthetic counties (codes 9xxxxx, names 合成县n)."""
    pack = packs.load("wulong")
    tables = {
        name: to_arrow(pack, name)
        for name in (
            "indicators",
            "indicator_links",
            "series",
            "publishers",
            "vintage_periods",
            "vintages",
            "milestones",
            "measures",
            "registries",
        )
    }
    targets, plans = to_arrow(pack, "targets"), to_arrow(pack, "plans")
    codes = np.array([f"9{n:05d}" for n in range(counties)])
    county = np.repeat(np.arange(counties), targets.num_rows)
    many = repeated(targets, counties)
    ids = np.char.add(np.char.add(codes[county], "-"), np.array(many["target_id"].to_pylist()))
    plan_ids = np.char.add(np.char.add(codes[county], "-"), np.array(many["plan"].to_pylist()))
    many = many.set_column(many.column_names.index("target_id"), "target_id", pa.array(ids))
    many = many.set_column(many.column_names.index("plan"), "plan", pa.array(plan_ids))
    tables["targets"] = many.set_column(
        many.column_names.index("region"), "region", pa.array(codes[county])
    )
    plan_county = np.repeat(np.arange(counties), plans.num_rows)
    some = repeated(plans, counties)
    tables["plans"] = some.set_column(
        some.column_names.index("plan"),
        "plan",
        pa.array(
            np.char.add(np.char.add(codes[plan_county], "-"), np.array(some["plan"].to_pylist()))
        ),
    )
    place = {
        "place": codes,
        "name_zh": np.array([f"合成县{n}" for n in range(counties)]),
        "kind": np.array(["district"] * counties),
        "parent": np.array(["000000"] * counties),
    }
    tables["places"] = pa.table({k: pa.array(v) for k, v in place.items()})
    tables["evidence_notes"] = to_arrow(pack, "evidence_notes").slice(0, 0)
    rows = pack.rows("targets")
    units = sorted({r["unit"] for r in rows})
    known = [read_unit(u) for u in units]
    tables["unit_factors"] = pa.table(
        {
            "unit": units,
            "canonical_unit": [u.canonical for u in known],
            "factor": [u.factor for u in known],
        }
    )
    one = [
        (r["indicator"], r["unit"], r["value"], year)
        for r in {r["indicator"]: r for r in rows}.values()
        for year in YEARS
    ]
    n, count = len(one), len(one) * counties
    rng = np.random.default_rng(20261125)

    def tiled(values: list, kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(pa.array(np.tile(np.arange(n), counties)))

    years = [o[3] for o in one]
    text, stamp = pa.string(), datetime(2026, 11, 25)
    same = {
        "nature": "outturn",
        "bound": "exact",
        "source_title": "合成数据",
        "confidence": "read",
        "_submission": "S000001",
        "_submitted_by": "synthetic",
        "_approved_by": "synthetic",
    }
    values = {
        "place": pa.array(np.repeat(codes, n)),
        "indicator": tiled([o[0] for o in one], text),
        "period": tiled([str(y) for y in years], text),
        "period_kind": tiled(["year"] * n, text),
        "period_start": tiled([date(y, 1, 1) for y in years], pa.date32()),
        "period_end": tiled([date(y, 12, 31) for y in years], pa.date32()),
        "value": pa.array(rng.uniform(0.6, 1.1, count) * np.tile([o[2] for o in one], counties)),
        "unit": tiled([o[1] for o in one], text),
        "_row": pa.array(np.arange(1, count + 1)),
        "_source_row": pa.array(np.arange(2, count + 2)),
        "_demo": pa.array(np.ones(count, bool)),
    }
    values |= {k: pa.array(np.full(count, v)) for k, v in same.items()}
    values |= {
        k: pa.nulls(count, text)
        for k in (
            "scope",
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
    }
    values |= {
        k: pa.array(np.full(count, np.datetime64(stamp))) for k in ("_submitted_at", "_approved_at")
    }
    tables["indicator_values"] = pa.table(values)
    return tables


def main(counties: int) -> None:
    """Print seconds of the whole status and of one bare scan of the values, in the same engine and run."""
    engine = ibis.duckdb.connect(threads=2, memory_limit="8GB")
    made = synthetic(counties)
    tables = {name: engine.create_table(name, table) for name, table in made.items()}
    values = tables["indicator_values"]
    started = time.perf_counter()
    values.agg(total=values.value.sum()).to_pyarrow()
    scan = time.perf_counter() - started
    options = {"judged_on": ibis.literal(date(2026, 11, 25)), "values_to": ibis.literal(NO_END)}
    graph = Graph(modules("plan"), tables, options)
    started = time.perf_counter()
    result = graph.execute("plan_progress")
    seconds = time.perf_counter() - started
    lights = dict(
        zip(
            *[
                c.tolist()
                for c in np.unique(np.array(result["light"].to_pylist()), return_counts=True)
            ],
            strict=True,
        )
    )
    print(
        json.dumps(
            {
                "seconds": seconds,
                "scan_seconds": scan,
                "targets": result.num_rows,
                "values": values.count().to_pyarrow().as_py(),
                "lights": lights,
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2846)
