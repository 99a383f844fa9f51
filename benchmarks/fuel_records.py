"""Enterprise fuel records × dated factors → CO2 by district, industry and month, in several ways on the same Parquet file.

``python benchmarks/fuel_records.py [--rows 100000000] [--small 10000000] [--repeat 3] [--write]``. Data are synthetic. Each way runs in a process of its own, in turn;
the groups each way makes are compared. ``hengtan`` is the project's own way; ``sql`` is the same query written by hand. ``--write`` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from measure import measured, write_section

PRODUCTS = ("raw_coal", "coke", "diesel", "gasoline", "natural_gas", "lpg", "fuel_oil", "kerosene")
BIG, SMALL = (
    ("scan", "group", "sql", "hengtan"),
    ("scan", "group", "sql", "hengtan", "polars", "pandas", "pyspark"),
)
LIMIT = "1500MB"
KEYS = ("district", "industry", "year", "month")
DOES = {
    "scan": "bare scan: sum(amount)",
    "group": "amount by district, industry, month; no factors",
    "sql": "range join and group-by written by hand, DuckDB",
    "hengtan": "`in_force`, the formulas of the accounts, Ibis on DuckDB",
    "polars": "join_asof, lazy",
    "pandas": "merge_asof",
    "pyspark": "the expression of `hengtan` on local Spark",
}


def make(rows: int, folder: Path) -> None:
    """Records (district, industry, enterprise, product, day, amount) and three stretches of factors a product, the last one open.

    An enterprise has one district and one industry; product, day and amount are independent of it. Coke has no factor in the second half of 2018.
    """
    import duckdb

    words = "[" + ", ".join(f"'{p}'" for p in PRODUCTS) + "]"
    with duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)}) as engine:
        engine.execute(f"""copy (select (500101 + e % 40)::integer as district, (6 + e // 40 % 40)::smallint as industry, e as enterprise, ({words})[1 + (hash(i, 1) % 8)::integer] as product,
            date '2018-01-01' + (hash(i, 2) % 2190)::integer as day, ((hash(i, 3) % 100000) / 100.0)::double as amount
            from (select i, (hash(i, 0) % 100000)::integer as e from range({rows}) t(i))) to '{folder}/records.parquet' (format parquet, row_group_size 1000000)""")
        engine.execute(f"""copy (select p as product, f as valid_from, if(n = 1 and k = 0, date '2018-06-30', t) as valid_to, (20.0 + n + k)::double as ncv, (0.015 + 0.001 * n)::double as carbon_content,
            (0.98 - 0.01 * k)::double as oxidation from (select unnest({words}) as p, unnest(range(8)) as n)
            cross join (values (0, date '2018-01-01', date '2018-12-31'), (1, date '2019-01-01', date '2021-06-30'), (2, date '2021-07-01', null)) v(k, f, t)) to '{folder}/factors.parquet' (format parquet)""")


def run(way: str, folder: Path) -> dict[str, float]:
    """One way: the seconds from the files to the groups in memory, and figures of the groups to compare."""
    records, factors = folder / "records.parquet", folder / "factors.parquet"
    ways = {"hengtan": _hengtan, "pyspark": _pyspark, "polars": _polars, "pandas": _pandas}
    found = ways[way](records, factors) if way in ways else _by_hand(way, records, factors)
    return found[1] | _checked(found[0])


def _checked(groups: Any) -> dict[str, float]:
    """How many groups, their sum, and their sum weighted by what the group is: two tables that agree in these agree group by group, whatever their order."""
    import numpy as np

    value = np.nan_to_num(np.asarray(groups.column(groups.num_columns - 1), dtype="float64"))
    weight = np.ones(len(value))
    if groups.num_columns == len(KEYS) + 1:
        code = np.zeros(len(value), dtype="uint64")
        for name in KEYS:
            code = code * np.uint64(7919) + np.asarray(groups[name]).astype("uint64")
        weight = ((code * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)).astype("float64") / 2**32
    return {
        "groups": len(value),
        "total": float(value.sum()),
        "weighted": float((value * weight).sum()),
    }


def _by_hand(way: str, records: Path, factors: Path) -> tuple[Any, dict[str, float]]:
    import duckdb

    query = {
        "scan": f"select sum(amount) from '{records}'",
        "group": f"select district, industry, year(day) as year, month(day) as month, sum(amount) as amount from '{records}' group by all",
        "sql": f"""select district, industry, year(day) as year, month(day) as month, sum(amount * ncv * carbon_content * oxidation * (44.0 / 12)::double) as co2
            from '{records}' r left join '{factors}' f on r.product = f.product and r.day >= f.valid_from and r.day <= coalesce(f.valid_to, date '9999-12-31') group by all""",
    }[way]
    with duckdb.connect(
        config={"memory_limit": LIMIT, "temp_directory": str(records.parent)}
    ) as engine:
        started, used = time.perf_counter(), time.process_time()
        made = engine.execute(query).to_arrow_table()
        return made, {"seconds": time.perf_counter() - started, "cpu": time.process_time() - used}


def expression(records: Any, factors: Any) -> Any:
    """The project's way, on any engine."""
    from ibis import _

    from hengtan.accounts.carbon.formulas import fuel_co2
    from hengtan.accounts.energy.formulas import energy_content
    from hengtan.graph.in_force import in_force

    met = in_force(records, factors, on=("product",), day="day")
    made = met.mutate(
        co2=fuel_co2(energy_content(_.amount, _.ncv), _.carbon_content, _.oxidation),
        year=_.day.year(),
        month=_.day.month(),
    )
    return made.group_by(*KEYS).agg(co2=_.co2.sum())


def _ibis(engine: Any, records: Path, factors: Path) -> tuple[Any, dict[str, float]]:
    tables = [engine.read_parquet(str(file), table_name=file.stem) for file in (records, factors)]
    tables[
        1
    ].count().to_pyarrow()  # importing compiler and converters is set-up, as the imports of the other ways
    started = time.perf_counter()
    asked = expression(*tables)
    engine.compile(asked)
    compiled = time.perf_counter() - started
    started, used = time.perf_counter(), time.process_time()
    made = asked.to_pyarrow()
    return made, {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - used,
        "compile": compiled,
    }


def _hengtan(records: Path, factors: Path) -> tuple[Any, dict[str, float]]:
    import ibis

    return _ibis(
        ibis.duckdb.connect(memory_limit=LIMIT, temp_directory=str(records.parent)),
        records,
        factors,
    )


def _pyspark(records: Path, factors: Path) -> tuple[Any, dict[str, float]]:
    import ibis
    from pyspark.sql import SparkSession

    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "3g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
    }
    session = (
        SparkSession.builder.master(f"local[{os.cpu_count()}]")
        .config(map=settings | {"spark.sql.warehouse.dir": str(records.parent / "warehouse")})
        .getOrCreate()
    )
    try:
        return _ibis(ibis.pyspark.connect(session), records, factors)
    finally:
        session.stop()


def _polars(records: Path, factors: Path) -> tuple[Any, dict[str, float]]:
    import polars as pl

    started, used = time.perf_counter(), time.process_time()
    terms = pl.scan_parquet(factors).sort("valid_from")
    met = (
        pl.scan_parquet(records)
        .sort("day")
        .join_asof(
            terms,
            left_on="day",
            right_on="valid_from",
            by="product",
            strategy="backward",
            check_sortedness=False,
        )
    )
    holds = pl.col("valid_to").is_null() | (pl.col("day") <= pl.col("valid_to"))
    co2 = pl.when(holds).then(
        pl.col("amount")
        * pl.col("ncv")
        * pl.col("carbon_content")
        * pl.col("oxidation")
        * (44 / 12)
    )
    made = (
        met.with_columns(co2=co2, year=pl.col("day").dt.year(), month=pl.col("day").dt.month())
        .group_by(KEYS)
        .agg(pl.col("co2").sum())
        .collect()
    )
    return made.to_arrow(), {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - used,
    }


def _pandas(records: Path, factors: Path) -> tuple[Any, dict[str, float]]:
    import pandas as pd
    import pyarrow as pa

    started, used = time.perf_counter(), time.process_time()
    rows, terms = pd.read_parquet(records), pd.read_parquet(factors)
    for table, columns in ((rows, ("day",)), (terms, ("valid_from", "valid_to"))):
        for column in columns:
            table[column] = pd.to_datetime(table[column])
    met = pd.merge_asof(
        rows.sort_values("day"),
        terms.sort_values("valid_from"),
        left_on="day",
        right_on="valid_from",
        by="product",
    )
    holds = met["valid_to"].isna() | (met["day"] <= met["valid_to"])
    met["co2"] = (
        met["amount"] * met["ncv"] * met["carbon_content"] * met["oxidation"] * (44 / 12)
    ).where(holds)
    made = (
        met.groupby(
            [
                "district",
                "industry",
                met["day"].dt.year.rename("year"),
                met["day"].dt.month.rename("month"),
            ]
        )["co2"]
        .sum()
        .reset_index()
    )
    figures = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - used}
    return pa.Table.from_pandas(made, preserve_index=False), figures


def side_by_side(ways: tuple[str, ...], rows: int, repeat: int, folder: Path) -> list[str]:
    """A table of the ways on the same file. A way whose library is not installed is said to be so; any other failure ends the run."""
    from importlib.util import find_spec

    make(rows, folder)
    missing = [
        way for way in ways if way in ("polars", "pandas", "pyspark") and find_spec(way) is None
    ]
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in ways if way not in missing}
    for _ in range(repeat):
        for way, held in runs.items():
            held.append(measured("fuel_records.py", "--run", way, "--folder", folder))
    same = runs["sql"][0]
    for way in set(runs) - {"scan", "group"}:
        for found in runs[way]:
            if found["groups"] != same["groups"] or any(
                not math.isclose(found[f], same[f], rel_tol=1e-9) for f in ("total", "weighted")
            ):
                raise SystemExit(f"{way} gives {found}, sql {same}")
    seconds = {way: statistics.median(r["seconds"] for r in held) for way, held in runs.items()}
    cpu = {way: statistics.median(r["cpu"] for r in held) for way, held in runs.items()}
    lines = [
        f"{rows:,} records, {(folder / 'records.parquet').stat().st_size / 1e6:,.0f} MB Parquet, {same['groups']:,.0f} groups, the same in every way to 1e-9; DuckDB held to {LIMIT}; median of {repeat} runs in turn (least – most)",
        "",
        "| way | seconds | ratio to hand-written SQL | CPU seconds | ratio to hand-written SQL | ratio to bare scan | peak MB | does |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for way in ways:
        if way in missing:
            lines.append(f"| {way} | not installed | | | | | | {DOES[way]} |")
            continue
        each = [r["seconds"] for r in runs[way]]
        shares = (
            (f"{cpu[way]:.2f}", f"{cpu[way] / cpu['sql']:.2f}")
            if way != "pyspark"
            else ("in Java", "")
        )
        lines.append(
            f"| {way} | {seconds[way]:.2f} ({min(each):.2f} – {max(each):.2f}) | {seconds[way] / seconds['sql']:.2f} | {shares[0]} | {shares[1]} | {seconds[way] / seconds['scan']:.1f} | {max(r['peak_mb'] for r in runs[way]):,.0f} | {DOES[way]} |"
        )
    return [
        *lines,
        "",
        f"Building the expression and turning it into SQL once more took {statistics.median(r['compile'] for r in runs['hengtan']):.2f} s beside it, whatever the number of rows.",
        "",
    ]


def main() -> None:
    """Run a way, or all of them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--small", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--run")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run, given.folder)))
        return
    lines = [
        f"Machine: {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}; {date.today().isoformat()}.",
        "",
    ]
    for ways, rows in ((BIG, given.rows), (SMALL, given.small)):
        if rows:
            with tempfile.TemporaryDirectory() as scratch:
                lines += side_by_side(ways, rows, given.repeat, Path(scratch))
    text = "\n".join(lines).strip()
    print(text)
    if given.write:
        write_section("fuel records", text)


if __name__ == "__main__":
    main()
