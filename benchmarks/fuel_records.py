"""Enterprise fuel records × dated factors → CO2 by district, industry and month, in several ways.

    python benchmarks/fuel_records.py [--rows 100000000] [--small 10000000] [--repeat 3] [--write]

Data are synthetic. Each way runs in a process of its own, in turn, on the same Parquet file; the
groups they make are compared. ``hengtan`` is the project's own way; ``sql`` is the same query
written by hand. ``--write`` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from measure import Figures, in_turn, machine, write_section
from side_by_side import (
    HEADS,
    LIMIT,
    Clock,
    by_expression,
    by_hand,
    compiling,
    duckdb_in,
    ibis_in,
    must_agree,
    row_of,
    table_of,
)

PRODUCTS = ("raw_coal", "coke", "diesel", "gasoline", "natural_gas", "lpg", "fuel_oil", "kerosene")
BIG = ("scan", "group", "sql", "hengtan")
LIBRARIES = ("polars", "pandas", "pyspark")
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
RECORDS = """
copy (
    select
        (500101 + e % 40)::integer as district,
        (6 + e // 40 % 40)::smallint as industry,
        e as enterprise,
        ({products})[1 + (hash(i, 1) % 8)::integer] as product,
        date '2018-01-01' + (hash(i, 2) % 2190)::integer as day,
        ((hash(i, 3) % 100000) / 100.0)::double as amount
    from (select i, (hash(i, 0) % 100000)::integer as e from range({rows}) t(i))
) to '{folder}/records.parquet' (format parquet, row_group_size 1000000)
"""
FACTORS = """
copy (
    select
        p as product,
        f as valid_from,
        if(n = 1 and k = 0, date '2018-06-30', t) as valid_to,
        (20.0 + n + k)::double as ncv,
        (0.015 + 0.001 * n)::double as carbon_content,
        (0.98 - 0.01 * k)::double as oxidation
    from (select unnest({products}) as p, unnest(range(8)) as n)
    cross join (
        values
            (0, date '2018-01-01', date '2018-12-31'),
            (1, date '2019-01-01', date '2021-06-30'),
            (2, date '2021-07-01', null)
    ) v(k, f, t)
) to '{folder}/factors.parquet' (format parquet)
"""
BY_HAND = {
    "scan": "select sum(amount) from '{folder}/records.parquet'",
    "group": """
        select district, industry, year(day) as year, month(day) as month, sum(amount) as amount
        from '{folder}/records.parquet' group by all
    """,
    "sql": """
        select
            district,
            industry,
            year(day) as year,
            month(day) as month,
            sum(amount * ncv * carbon_content * oxidation * (44.0 / 12)::double) as co2
        from '{folder}/records.parquet' r
        left join '{folder}/factors.parquet' f
            on r.product = f.product
            and r.day >= f.valid_from
            and r.day <= coalesce(f.valid_to, date '9999-12-31')
        group by all
    """,
}
SPARK = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.driver.memory": "3g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
}


def make(rows: int, folder: Path) -> None:
    """Records, and three stretches of factors a product, the last one open.

    An enterprise has one district and one industry; product, day and amount are independent of it.
    Coke has no factor in the second half of 2018.
    """
    products = "[" + ", ".join(f"'{product}'" for product in PRODUCTS) + "]"
    with duckdb_in(folder) as engine:
        engine.execute(RECORDS.format(products=products, rows=rows, folder=folder))
        engine.execute(FACTORS.format(products=products, folder=folder))


def run(way: str, folder: Path) -> Figures:
    """One way: the seconds from the files to the groups in memory, and figures to compare them."""
    if way in BY_HAND:
        groups, figures = by_hand(BY_HAND[way].format(folder=folder), folder)
    else:
        ways = {"hengtan": _hengtan, "pyspark": _pyspark, "polars": _polars, "pandas": _pandas}
        groups, figures = ways[way](folder)
    return figures | _sums(groups)


def _sums(groups: Any) -> Figures:
    """How many groups, their sum, and their sum weighted by what the group is.

    Two tables that agree in these agree group by group, whatever their order.
    """
    import numpy as np

    value = np.nan_to_num(np.asarray(groups.column(groups.num_columns - 1), dtype="float64"))
    weight = np.ones(len(value))
    if groups.num_columns == len(KEYS) + 1:
        code = np.zeros(len(value), dtype="uint64")
        for name in KEYS:
            code = code * np.uint64(7919) + np.asarray(groups[name]).astype("uint64")
        scattered = (code * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
        weight = scattered.astype("float64") / 2**32
    return {
        "groups": len(value),
        "total": float(value.sum()),
        "weighted": float((value * weight).sum()),
    }


def expression(records: Any, factors: Any) -> Any:
    """The project's way, on any engine."""
    from ibis import _

    from hengtan.accounts.carbon.formulas import fuel_co2
    from hengtan.accounts.energy.formulas import energy_content
    from hengtan.graph.in_force import in_force

    matched = in_force(records, factors, on=("product",), day="day")
    emitted = matched.mutate(
        co2=fuel_co2(energy_content(_.amount, _.ncv), _.carbon_content, _.oxidation),
        year=_.day.year(),
        month=_.day.month(),
    )
    return emitted.group_by(*KEYS).agg(co2=_.co2.sum())


def _on(engine: Any, folder: Path) -> tuple[Any, Figures]:
    records, factors = (
        engine.read_parquet(str(folder / f"{name}.parquet"), table_name=name)
        for name in ("records", "factors")
    )
    return by_expression(engine, expression, records, factors)


def _hengtan(folder: Path) -> tuple[Any, Figures]:
    return _on(ibis_in(folder), folder)


def _pyspark(folder: Path) -> tuple[Any, Figures]:
    import ibis
    from pyspark.sql import SparkSession

    settings = SPARK | {"spark.sql.warehouse.dir": str(folder / "warehouse")}
    builder = SparkSession.builder.master(f"local[{os.cpu_count()}]").config(map=settings)
    session = builder.getOrCreate()
    try:
        return _on(ibis.pyspark.connect(session), folder)
    finally:
        session.stop()


def _polars(folder: Path) -> tuple[Any, Figures]:
    import polars as pl

    clock = Clock()
    factors = pl.scan_parquet(folder / "factors.parquet").sort("valid_from")
    records = pl.scan_parquet(folder / "records.parquet").sort("day")
    matched = records.join_asof(
        factors,
        left_on="day",
        right_on="valid_from",
        by="product",
        strategy="backward",
        check_sortedness=False,
    )
    in_force = pl.col("valid_to").is_null() | (pl.col("day") <= pl.col("valid_to"))
    energy = pl.col("amount") * pl.col("ncv")
    carbon = energy * pl.col("carbon_content") * pl.col("oxidation")
    emitted = matched.with_columns(
        co2=pl.when(in_force).then(carbon * (44 / 12)),
        year=pl.col("day").dt.year(),
        month=pl.col("day").dt.month(),
    )
    groups = emitted.group_by(KEYS).agg(pl.col("co2").sum()).collect()
    return groups.to_arrow(), clock.figures()


def _pandas(folder: Path) -> tuple[Any, Figures]:
    import pandas as pd
    import pyarrow as pa

    clock = Clock()
    records = pd.read_parquet(folder / "records.parquet")
    factors = pd.read_parquet(folder / "factors.parquet")
    for table, columns in ((records, ("day",)), (factors, ("valid_from", "valid_to"))):
        for column in columns:
            table[column] = pd.to_datetime(table[column])
    matched = pd.merge_asof(
        records.sort_values("day"),
        factors.sort_values("valid_from"),
        left_on="day",
        right_on="valid_from",
        by="product",
    )
    in_force = matched["valid_to"].isna() | (matched["day"] <= matched["valid_to"])
    carbon = matched["amount"] * matched["ncv"] * matched["carbon_content"] * matched["oxidation"]
    matched["co2"] = (carbon * (44 / 12)).where(in_force)
    year, month = matched["day"].dt.year.rename("year"), matched["day"].dt.month.rename("month")
    groups = matched.groupby(["district", "industry", year, month])["co2"].sum().reset_index()
    figures = clock.figures()
    return pa.Table.from_pandas(groups, preserve_index=False), figures


def side_by_side(ways: tuple[str, ...], rows: int, repeat: int, folder: Path) -> list[str]:
    """A table of the ways on the same file.

    A way whose library is not installed is said to be so; any other failure ends the run.
    """
    make(rows, folder)
    missing = {way for way in ways if way in LIBRARIES and find_spec(way) is None}
    calls = {way: ("--run", way, "--folder", folder) for way in ways if way not in missing}
    runs = in_turn("fuel_records.py", calls, repeat)
    with_sql = runs["sql"][0]
    for way in set(runs) - {"scan", "group"}:
        must_agree(way, runs[way], with_sql)
    table = []
    for way in ways:
        if way in missing:
            table.append([way, "not installed", *[""] * (len(HEADS) - 3), DOES[way]])
        else:
            table.append(row_of(way, runs, DOES[way], in_java=way == "pyspark"))
    size = (folder / "records.parquet").stat().st_size / 1e6
    title = (
        f"{rows:,} records, {size:,.0f} MB Parquet, {with_sql['groups']:,.0f} groups, the same in "
        f"every way to 1e-9; DuckDB held to {LIMIT}; median of {repeat} runs in turn (least – most)"
    )
    return [title, "", *table_of(table), "", compiling(runs["hengtan"]), ""]


def main() -> None:
    """Run a way, or all of them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--small", type=int, default=10_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--run")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(run(arguments.run, arguments.folder)))
        return
    lines = [f"{machine()}.", ""]
    for ways, rows in ((BIG, arguments.rows), ((*BIG, *LIBRARIES), arguments.small)):
        if rows:
            with tempfile.TemporaryDirectory() as scratch:
                lines += side_by_side(ways, rows, arguments.repeat, Path(scratch))
    text = "\n".join(lines).strip()
    print(text)
    if arguments.write:
        write_section("fuel records", text)


if __name__ == "__main__":
    main()
