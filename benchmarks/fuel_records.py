"""Enterprise fuel records × dated factors → CO2 by district, industry and month, in several ways on the same Parquet file.

``python benchmarks/fuel_records.py [--rows 100000000] [--small 10000000] [--repeat 3] [--write]``. Data are synthetic. Each way runs in a process of its own, in turn;
sums are compared. ``hengtan`` is the project's own way: an Ibis expression with ``in_force`` and the formulas of the accounts. ``sql`` is the same query written by hand.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

PRODUCTS = ("raw_coal", "coke", "diesel", "gasoline", "natural_gas", "lpg", "fuel_oil", "kerosene")
BIG, SMALL = ("scan", "group", "sql", "hengtan"), ("scan", "sql", "hengtan", "polars", "pandas", "pyspark")
LIMIT = "1500MB"


def make(rows: int, folder: Path) -> None:
    """Records (district, industry, enterprise, product, day, amount) and factors in force from one to another day, three stretches a product."""
    import duckdb

    words = "[" + ", ".join(f"'{p}'" for p in PRODUCTS) + "]"
    with duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)}) as engine:
        engine.execute(f"""copy (select (500100 + i % 40)::integer as district, (6 + i % 40)::smallint as industry, (i % 100000)::integer as enterprise, ({words})[1 + (i * 7) % 8] as product,
            date '2018-01-01' + ((i * 31) % 2190)::integer as day, (((i * 7919) % 100000) / 100.0)::double as amount from range({rows}) t(i)) to '{folder}/records.parquet' (format parquet, row_group_size 1000000)""")
        engine.execute(f"""copy (select p as product, f as valid_from, t as valid_to, (20.0 + n + k)::double as ncv, (0.015 + 0.001 * n)::double as carbon_content, (0.98 - 0.01 * k)::double as oxidation
            from (select unnest({words}) as p, unnest(range(8)) as n) cross join (values (0, date '2018-01-01', date '2019-12-31'), (1, date '2020-01-01', date '2021-06-30'), (2, date '2021-07-01', null)) v(k, f, t))
            to '{folder}/factors.parquet' (format parquet)""")


def run(way: str, folder: Path) -> dict[str, float]:
    """One way: seconds of the query itself, and its sum as a check."""
    records, factors = folder / "records.parquet", folder / "factors.parquet"
    if way == "hengtan" or way == "pyspark":
        return _ibis(way, records, factors)
    if way == "polars":
        return _polars(records, factors)
    if way == "pandas":
        return _pandas(records, factors)
    import duckdb

    query = {
        "scan": f"select sum(amount) from '{records}'",
        "group": f"select sum(a) from (select district, industry, year(day) * 12 + month(day) as m, sum(amount) as a from '{records}' group by all)",
        "sql": f"""select sum(co2) from (select r.district, r.industry, year(r.day) as y, month(r.day) as m, sum(r.amount * f.ncv * f.carbon_content * f.oxidation * (44.0 / 12)::double) as co2
            from '{records}' r left join '{factors}' f on r.product = f.product and r.day >= coalesce(f.valid_from, date '0001-01-01') and r.day <= coalesce(f.valid_to, date '9999-12-30') group by all)""",
    }[way]
    with duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)}) as engine:
        started = time.perf_counter()
        (total,) = engine.execute(query).fetchone() or (0.0,)
        return {"seconds": time.perf_counter() - started, "total": float(total)}


def expression(records, factors):  # type: ignore[no-untyped-def]
    """The project's way, on any engine."""
    from ibis import _

    from hengtan.accounts.carbon.formulas import fuel_co2
    from hengtan.accounts.energy.formulas import energy_content
    from hengtan.graph.in_force import in_force

    met = in_force(records, factors, on=("product",), day="day")
    made = met.mutate(co2=fuel_co2(energy_content(_.amount, _.ncv), _.carbon_content, _.oxidation), year=_.day.year(), month=_.day.month())
    return made.group_by("district", "industry", "year", "month").agg(co2=_.co2.sum())


def _ibis(way: str, records: Path, factors: Path) -> dict[str, float]:
    import ibis

    if way == "hengtan":
        engine = ibis.duckdb.connect()
        engine.raw_sql(f"set memory_limit = '{LIMIT}'")
        engine.raw_sql(f"set temp_directory = '{records.parent}'")
    else:
        from pyspark.sql import SparkSession

        session = SparkSession.builder.master(f"local[{os.cpu_count()}]").config("spark.sql.session.timeZone", "UTC").config("spark.ui.enabled", "false").config("spark.driver.memory", "3g").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        engine = ibis.pyspark.connect(session)
    held = expression(engine.read_parquet(str(records), table_name="records"), engine.read_parquet(str(factors), table_name="factors"))
    engine.compile(engine.table("factors").count())  # imports of the compiler are set-up, as those of the other ways
    asked = held.agg(total=held.co2.sum())
    started = time.perf_counter()
    if way == "pyspark":
        total = asked.to_pyarrow()["total"][0].as_py()
        return {"seconds": time.perf_counter() - started, "total": float(total)}
    query = engine.compile(asked)
    compiled = time.perf_counter() - started
    (total,) = engine.con.execute(query).fetchone()
    return {"seconds": time.perf_counter() - started, "total": float(total), "compile": compiled}


def _polars(records: Path, factors: Path) -> dict[str, float]:
    import polars as pl

    started = time.perf_counter()
    terms = pl.scan_parquet(factors).sort("valid_from")
    met = pl.scan_parquet(records).sort("day").join_asof(terms, left_on="day", right_on="valid_from", by="product", strategy="backward").filter(pl.col("valid_to").is_null() | (pl.col("day") <= pl.col("valid_to")))
    held = met.with_columns(co2=pl.col("amount") * pl.col("ncv") * pl.col("carbon_content") * pl.col("oxidation") * (44 / 12), y=pl.col("day").dt.year(), m=pl.col("day").dt.month()).group_by("district", "industry", "y", "m").agg(pl.col("co2").sum())
    total = held.select(pl.col("co2").sum()).collect().item()
    return {"seconds": time.perf_counter() - started, "total": float(total)}


def _pandas(records: Path, factors: Path) -> dict[str, float]:
    import pandas as pd

    started = time.perf_counter()
    rows, terms = pd.read_parquet(records), pd.read_parquet(factors)
    for table, columns in ((rows, ("day",)), (terms, ("valid_from", "valid_to"))):
        for column in columns:
            table[column] = pd.to_datetime(table[column])
    met = pd.merge_asof(rows.sort_values("day"), terms.sort_values("valid_from"), left_on="day", right_on="valid_from", by="product")
    met = met[met["valid_to"].isna() | (met["day"] <= met["valid_to"])]
    met["co2"] = met["amount"] * met["ncv"] * met["carbon_content"] * met["oxidation"] * (44 / 12)
    held = met.groupby(["district", "industry", met["day"].dt.year.rename("y"), met["day"].dt.month.rename("m")])["co2"].sum()
    return {"seconds": time.perf_counter() - started, "total": float(held.sum())}


def side_by_side(ways: tuple[str, ...], rows: int, repeat: int, folder: Path) -> list[str]:
    """A table of the ways on the same file; those whose library is missing are said to be so."""
    from measure import measured

    make(rows, folder)
    runs: dict[str, list[dict[str, float]]] = {}
    for _ in range(repeat):
        for way in ways:
            try:
                runs.setdefault(way, []).append(measured("fuel_records.py", "--run", way, "--folder", folder))
            except SystemExit:
                runs.setdefault(way, [])
    middle = {way: (statistics.median(r["seconds"] for r in held), max(r["peak_mb"] for r in held)) for way, held in runs.items() if held}
    totals = {way: held[0]["total"] for way, held in runs.items() if held and way not in ("scan", "group")}
    for way, total in totals.items():
        if not math.isclose(total, totals["sql"], rel_tol=1e-9):
            raise SystemExit(f"{way} sums to {total}, sql to {totals['sql']}")
    base, scan = middle["sql"][0], middle["scan"][0]
    lines = [f"{rows:,} synthetic records, {(folder / 'records.parquet').stat().st_size / 1e6:,.0f} MB Parquet; median of {repeat} runs in turn; sums equal to 1e-9", "", "| way | seconds | ratio to hand-written SQL | ratio to bare scan | peak MB |", "|---|---|---|---|---|"]
    lines += [f"| {way} | {middle[way][0]:.2f} | {middle[way][0] / base:.2f} | {middle[way][0] / scan:.1f} | {middle[way][1]:.0f} |" if way in middle else f"| {way} | not installed | | | |" for way in ways]
    if runs.get("hengtan"):
        compiled = statistics.median(r["compile"] for r in runs["hengtan"])
        lines += ["", f"Of the project's {middle['hengtan'][0]:.2f} s, {compiled:.2f} s turn the expression into SQL, whatever the number of rows; the query itself takes {(middle['hengtan'][0] - compiled) / base:.2f} × the hand-written one. Peak memory of PySpark is that of Python alone; its Java process is not counted."]
    return lines


def main() -> None:
    """Run a way, or all of them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--small", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--run")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(run(given.run, given.folder)))
        return
    print(f"Machine: {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}; {date.today().isoformat()}.", file=sys.stderr)
    for ways, rows in ((BIG, given.rows), (SMALL, given.small)):
        if rows:
            with tempfile.TemporaryDirectory() as scratch:
                print("\n".join(side_by_side(ways, rows, given.repeat, Path(scratch))), "\n", flush=True)


if __name__ == "__main__":
    main()
