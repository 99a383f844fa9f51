"""A million manifests balanced, beside a bare scan of their Parquet: ``manifests.py [rows]``.

Manifests of a made-up region: transfers between firms and their own books. The scan reads every
column that the balance reads and keeps the largest of each. Both run in a process of their own, in
turn, so that peak memory is theirs; the best of several counts. What the balance takes is from the
Parquet to its rows, queries worked out anew; a few manifests before it have its libraries loaded.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

MILLION = 1_000_000
FIRMS, MATERIALS = 5_000, 40
RUNS = 5
READ = (
    "place",
    "firm",
    "network",
    "material",
    "period_end",
    "kind",
    "amount",
    "unit",
    "destination",
    "manifest",
)


def write_manifests(file: Path, rows: int) -> None:
    """Rows of the form ``material_flows`` as Parquet, and a count of every firm at either end."""
    import duckdb

    engine = duckdb.connect()
    engine.execute("select setseed(0.5)")
    engine.execute(f"""copy (
        select 'S' as _submission, n as _row, '500156' as place,
            'F' || (n * 7919 % {FIRMS}) as firm, 'industry' as network,
            'M' || (n * 104729 % {MATERIALS}) as material,
            '2025-' || lpad((1 + n % 12)::varchar, 2, '0') as period, 'month' as period_kind,
            make_date(2025, (1 + n % 12)::int, 1) as period_start,
            last_day(make_date(2025, (1 + n % 12)::int, 1)) as period_end,
            case n % 10 when 0 then 'made' when 1 then 'used' when 2 then 'in' else 'transfer' end
                as kind,
            round(0.1 + 30 * random(), 2) as amount, null::varchar as amount_notation,
            null::varchar as amount_original, case when n % 5 = 0 then '千克' else '吨' end as unit,
            null::varchar as origin, case when n % 10 > 2 then 'F' || (n * 15485863 % {FIRMS}) end
                as destination,
            null::varchar as tag, '2025500' || n as manifest, null::varchar as vehicle,
            null::varchar as note, '报' as _submitted_by, '审' as _approved_by, true as _demo
        from range({rows}) t(n)) to '{file}' (format parquet)""")


def scanned(folder: Path) -> float:
    """Seconds to read the columns."""
    import duckdb

    engine = duckdb.connect()
    begun = time.perf_counter()
    columns = ", ".join(f"max({column})" for column in READ)
    engine.execute(f"select {columns} from '{folder}/flows.parquet'").fetchall()
    return time.perf_counter() - begun


def balanced(folder: Path) -> float:
    """Seconds to balance every firm and material, from the Parquet to the rows."""
    _balance(folder / "few.parquet")
    return _balance(folder / "flows.parquet")


def _balance(file: Path) -> float:
    import ibis
    import pyarrow as pa

    from hengtan.graph import Graph
    from hengtan.graph.domains import modules

    engine = ibis.duckdb.connect()
    flows = engine.read_parquet(file, table_name="material_flows")
    text, number = pa.string(), pa.float64()
    stocks = {"place": text, "firm": text, "material": text, "period_end": pa.date32()}
    stocks |= {"stock": number, "unit": text, "_demo": pa.bool_()}
    factors = pa.table(
        {"unit": ["吨", "千克"], "canonical_unit": ["t", "t"], "factor": [1.0, 0.001]}
    )
    tables = {
        "material_flows": flows,
        "material_stocks": engine.create_table(
            "material_stocks", pa.table({n: pa.array([], t) for n, t in stocks.items()})
        ),
        "unit_factors": engine.create_table("unit_factors", factors),
    }
    graph = Graph(modules("materials"), tables, {})
    begun = time.perf_counter()
    rows = graph.execute("material_balance")
    spent = time.perf_counter() - begun
    assert abs(sum(rows["growth"].to_pylist()) - _in_less_out(engine)) < 1e-3
    return spent


def _in_less_out(engine: Any) -> float:
    """What all firms together grew by, straight from the rows: transfers come out nil."""
    signs = "case kind when 'made' then 1 when 'in' then 1 when 'used' then -1 else 0 end"
    tonnes = "amount * case unit when '千克' then 0.001 else 1 end"
    query = f"select sum({signs} * {tonnes}) from material_flows"
    ((grown,),) = engine.raw_sql(query).fetchall()
    return float(grown)


def in_a_process(what: str, folder: Path) -> tuple[float, float]:
    """Seconds, and the peak memory of the process in MB."""
    answer = subprocess.run(
        [sys.executable, __file__, what, str(folder)], capture_output=True, text=True, check=True
    )
    seconds, memory = answer.stdout.split()[-2:]
    return float(seconds), float(memory)


def main(rows: int) -> None:
    """Write, scan and balance in turn, and say the ratio."""
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        write_manifests(folder / "flows.parquet", rows)
        write_manifests(folder / "few.parquet", 1_000)
        scans, balances = [], []
        for _ in range(RUNS):
            scans.append(in_a_process("scan", folder))
            balances.append(in_a_process("balance", folder))
        scan, balance = min(scans), min(balances)
    print(f"{rows:,} manifests")
    print(f"scan     {scan[0]:8.3f} s  peak {scan[1]:6.0f} MB")
    print(f"balance  {balance[0]:8.3f} s  peak {balance[1]:6.0f} MB")
    print(f"ratio    {balance[0] / scan[0]:8.1f}")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        kind, place = sys.argv[1], Path(sys.argv[2])
        taken = scanned(place) if kind == "scan" else balanced(place)
        print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MILLION)
