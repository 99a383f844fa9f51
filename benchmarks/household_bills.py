"""Block bills of household-months × dated prices → bills by district and month, in several ways on the same Parquet file.

``python benchmarks/household_bills.py [--households 17000000] [--repeat 3] [--write]``. Twelve months of each household, made inside the database with range(); data and prices are synthetic (prices of a district and
two stretches of the year). Each way runs in a process of its own, in turn; the groups each way makes are compared. ``--write`` puts the table into docs/performance.md.
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

WAYS = ("scan", "group", "sql", "hengtan", "yearly")
LIMIT = "1500MB"
DOES = {
    "scan": "bare scan: sum(quantity)",
    "group": "quantity by district and month; no prices",
    "sql": "range join, CASE and group-by written by hand, DuckDB",
    "hengtan": "`tariffs.tables.bills` (in_force, block_bill), Ibis on DuckDB",
    "yearly": "the year of each household summed, then `bills` with yearly blocks",
}


def make(households: int, folder: Path) -> None:
    """Household-months (household, region, day, quantity), households one after the other, and blocks of 40 districts in two stretches, the second one open."""
    import duckdb

    with duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)}) as engine:
        engine.execute(f"""copy (select h::integer as household, (500101 + h % 40)::integer as region, make_date(2024, m::integer, 28) as day, ((hash(h, m) % 60000) / 100.0)::double as quantity
            from (select range // 12 as h, range % 12 + 1 as m from range(12 * {households}::bigint))) to '{folder}/months.parquet' (format parquet, row_group_size 1000000)""")
        for name, times in (("prices", 1), ("yearly", 12)):
            engine.execute(f"""copy (select (500101 + d)::integer as region, f as valid_from, t as valid_to, ((200 + d % 3) * {times})::double as upper1, ((400 + d % 5) * {times})::double as upper2, (0.52 + 0.01 * k)::double as price1, (0.57 + 0.01 * k)::double as price2, (0.82 + 0.01 * k)::double as price3
                from (select unnest(range(40)) as d) cross join (values (0, date '2024-01-01', date '2024-06-30'), (1, date '2024-07-01', null)) v(k, f, t)) to '{folder}/{name}.parquet' (format parquet)""")


def expression(months: Any, prices: Any) -> Any:
    """The project's way, on any engine."""
    from ibis import _

    from hengtan.instruments.tariffs.tables import bills

    return bills(months, prices).group_by("region", month=_.day.month()).agg(bill=_.bill.sum())


def yearly(months: Any, prices: Any) -> Any:
    """Households by the year: their months summed, then billed by yearly blocks; the month of a group is 12."""
    from ibis import _

    from hengtan.instruments.tariffs.tables import bills

    years = months.group_by("household", "region").agg(day=_.day.max(), quantity=_.quantity.sum())
    return bills(years, prices).group_by("region", month=_.day.month()).agg(bill=_.bill.sum())


def run(way: str, folder: Path) -> dict[str, float]:
    """One way: the seconds from the files to the groups in memory, and figures of the groups to compare."""
    groups, figures = _ibis(way, folder) if way in ("hengtan", "yearly") else _by_hand(way, folder)
    value = [x or 0.0 for x in groups.column(groups.num_columns - 1).to_pylist()]
    weight = (
        [
            1.0 + 0.37 * (r % 101) + 0.011 * m
            for r, m in zip(groups["region"].to_pylist(), groups["month"].to_pylist(), strict=True)
        ]
        if groups.num_columns == 3
        else [1.0]
    )
    return figures | {
        "groups": len(value),
        "total": math.fsum(value),
        "weighted": math.fsum(v * w for v, w in zip(value, weight, strict=True)),
    }


def _by_hand(way: str, folder: Path) -> tuple[Any, dict[str, float]]:
    import duckdb

    months, prices = f"'{folder}/months.parquet'", f"'{folder}/prices.parquet'"
    query = {
        "scan": f"select sum(quantity) as quantity from {months}",
        "group": f"select region, month(day) as month, sum(quantity) as quantity from {months} group by all",
        "sql": f"""select r.region, month(r.day) as month, sum(case when quantity <= upper1 then price1 * quantity when quantity <= upper2 then price1 * upper1 + price2 * (quantity - upper1)
            else price1 * upper1 + price2 * (upper2 - upper1) + price3 * (quantity - upper2) end) as bill
            from {months} r left join {prices} p on r.region = p.region and r.day >= p.valid_from and r.day <= coalesce(p.valid_to, date '9999-12-31') group by all""",
    }[way]
    with duckdb.connect(config={"memory_limit": LIMIT, "temp_directory": str(folder)}) as engine:
        started, used = time.perf_counter(), time.process_time()
        made = engine.execute(query).to_arrow_table()
        return made, {"seconds": time.perf_counter() - started, "cpu": time.process_time() - used}


def _ibis(way: str, folder: Path) -> tuple[Any, dict[str, float]]:
    import ibis

    engine = ibis.duckdb.connect(memory_limit=LIMIT, temp_directory=str(folder))
    tables = [
        engine.read_parquet(str(folder / f"{name}.parquet"), table_name=name)
        for name in ("months", "prices" if way == "hengtan" else "yearly")
    ]
    tables[
        1
    ].count().to_pyarrow()  # importing compiler and converters is set-up, as the imports of the other ways
    started = time.perf_counter()
    asked = (expression if way == "hengtan" else yearly)(*tables)
    engine.compile(asked)
    compiled = time.perf_counter() - started
    started, used = time.perf_counter(), time.process_time()
    made = asked.to_pyarrow()
    return made, {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - used,
        "compile": compiled,
    }


def side_by_side(households: int, repeat: int, folder: Path) -> list[str]:
    """A table of the ways on the same file; ``hengtan`` must give the bills of ``sql`` to 1e-9."""
    make(households, folder)
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    for _ in range(repeat):
        for way, held in runs.items():
            held.append(measured("household_bills.py", "--run", way, "--folder", folder))
    same = runs["sql"][0]
    for found in runs["hengtan"]:
        if found["groups"] != same["groups"] or any(
            not math.isclose(found[f], same[f], rel_tol=1e-9) for f in ("total", "weighted")
        ):
            raise SystemExit(f"hengtan gives {found}, sql {same}")
    seconds = {way: statistics.median(r["seconds"] for r in held) for way, held in runs.items()}
    cpu = {way: statistics.median(r["cpu"] for r in held) for way, held in runs.items()}
    lines = [
        f"{households:,} households × 12 months = {12 * households:,} rows, {(folder / 'months.parquet').stat().st_size / 1e6:,.0f} MB Parquet, {same['groups']:,.0f} groups, `hengtan` the same as `sql` to 1e-9; DuckDB held to {LIMIT}; median of {repeat} runs in turn (least – most)",
        "",
        "| way | seconds | ratio to hand-written SQL | CPU seconds | ratio to hand-written SQL | ratio to bare scan | million rows a second | peak MB | does |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for way in WAYS:
        each = [r["seconds"] for r in runs[way]]
        lines.append(
            f"| {way} | {seconds[way]:.2f} ({min(each):.2f} – {max(each):.2f}) | {seconds[way] / seconds['sql']:.2f} | {cpu[way]:.2f} | {cpu[way] / cpu['sql']:.2f} | {seconds[way] / seconds['scan']:.1f} | {12e-6 * households / seconds[way]:.1f} | {max(r['peak_mb'] for r in runs[way]):,.0f} | {DOES[way]} |"
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
    parser.add_argument("--households", type=int, default=17_000_000)
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
    with tempfile.TemporaryDirectory() as scratch:
        lines += side_by_side(given.households, given.repeat, Path(scratch))
    text = "\n".join(lines).strip()
    print(text)
    if given.write:
        write_section("household bills", text)


if __name__ == "__main__":
    main()
