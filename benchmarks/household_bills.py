"""Block bills of household-months × dated prices → bills by district and month, in several ways.

    python benchmarks/household_bills.py [--households 17000000] [--repeat 3] [--write]

Twelve months of each household, made inside the database with range(); data and prices are
synthetic (prices of a district and two stretches of the year). Each way runs in a process of its
own, in turn, on the same Parquet file; the groups they make are compared. ``--write`` puts the
table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from pathlib import Path
from typing import Any

from measure import Figures, in_turn, machine, markdown, write_section
from side_by_side import (
    HEADS,
    LIMIT,
    by_expression,
    by_hand,
    compiling,
    duckdb_in,
    ibis_in,
    must_agree,
    row_of,
)

DOES = {
    "scan": "bare scan: sum(quantity)",
    "group": "quantity by district and month; no prices",
    "sql": "range join, CASE and group-by written by hand, DuckDB",
    "hengtan": "`tariffs.tables.bills` (in_force, block_bill), Ibis on DuckDB",
    "yearly": "the year of each household summed, then `bills` with yearly blocks",
}
MONTHS = """
copy (
    select
        h::integer as household,
        (500101 + h % 40)::integer as region,
        make_date(2024, m::integer, 28) as day,
        ((hash(h, m) % 60000) / 100.0)::double as quantity
    from (
        select range // 12 as h, range % 12 + 1 as m from range(12 * {households}::bigint)
    )
) to '{folder}/months.parquet' (format parquet, row_group_size 1000000)
"""
PRICES = """
copy (
    select
        (500101 + d)::integer as region,
        f as valid_from,
        t as valid_to,
        ((200 + d % 3) * {times})::double as upper1,
        ((400 + d % 5) * {times})::double as upper2,
        (0.52 + 0.01 * k)::double as price1,
        (0.57 + 0.01 * k)::double as price2,
        (0.82 + 0.01 * k)::double as price3
    from (select unnest(range(40)) as d)
    cross join (
        values
            (0, date '2024-01-01', date '2024-06-30'),
            (1, date '2024-07-01', null)
    ) v(k, f, t)
) to '{folder}/{name}.parquet' (format parquet)
"""
BY_HAND = {
    "scan": "select sum(quantity) as quantity from '{folder}/months.parquet'",
    "group": """
        select region, month(day) as month, sum(quantity) as quantity
        from '{folder}/months.parquet' group by all
    """,
    "sql": """
        select
            r.region,
            month(r.day) as month,
            sum(case
                when quantity <= upper1 then price1 * quantity
                when quantity <= upper2 then price1 * upper1 + price2 * (quantity - upper1)
                else price1 * upper1 + price2 * (upper2 - upper1) + price3 * (quantity - upper2)
            end) as bill
        from '{folder}/months.parquet' r
        left join '{folder}/prices.parquet' p
            on r.region = p.region
            and r.day >= p.valid_from
            and r.day <= coalesce(p.valid_to, date '9999-12-31')
        group by all
    """,
}


def make(households: int, folder: Path) -> None:
    """Household-months, households one after the other, and price blocks of 40 districts.

    Prices stand in two stretches of the year, the second one open; yearly blocks are 12 times wide.
    """
    with duckdb_in(folder) as engine:
        engine.execute(MONTHS.format(households=households, folder=folder))
        for name, times in (("prices", 1), ("yearly", 12)):
            engine.execute(PRICES.format(folder=folder, name=name, times=times))


def monthly(months: Any, prices: Any) -> Any:
    """The project's way, on any engine."""
    from ibis import _

    from hengtan.instruments.tariffs.tables import bills

    return bills(months, prices).group_by("region", month=_.day.month()).agg(bill=_.bill.sum())


def yearly(months: Any, prices: Any) -> Any:
    """Households by the year: their months summed, then billed by yearly blocks, as month 12."""
    from ibis import _

    years = months.group_by("household", "region").agg(day=_.day.max(), quantity=_.quantity.sum())
    return monthly(years, prices)


def run(way: str, folder: Path) -> Figures:
    """One way: the seconds from the files to the groups in memory, and figures to compare them."""
    if way in BY_HAND:
        groups, figures = by_hand(BY_HAND[way].format(folder=folder), folder)
    else:
        ask, prices = (monthly, "prices") if way == "hengtan" else (yearly, "yearly")
        engine = ibis_in(folder)
        months, blocks = (
            engine.read_parquet(str(folder / f"{name}.parquet"), table_name=name)
            for name in ("months", prices)
        )
        groups, figures = by_expression(engine, ask, months, blocks)
    return figures | _sums(groups)


def _sums(groups: Any) -> Figures:
    """How many groups, their sum, and their sum weighted by what the group is."""
    values = [value or 0.0 for value in groups.column(groups.num_columns - 1).to_pylist()]
    weights = [1.0] * len(values)
    if groups.num_columns == 3:
        places = zip(groups["region"].to_pylist(), groups["month"].to_pylist(), strict=True)
        weights = [1.0 + 0.37 * (region % 101) + 0.011 * month for region, month in places]
    return {
        "groups": len(values),
        "total": math.fsum(values),
        "weighted": math.fsum(v * w for v, w in zip(values, weights, strict=True)),
    }


def side_by_side(households: int, repeat: int, folder: Path) -> list[str]:
    """A table of the ways on the same file; ``hengtan`` must give the bills of ``sql`` to 1e-9."""
    make(households, folder)
    ways = {way: ("--run", way, "--folder", folder) for way in DOES}
    runs = in_turn("household_bills.py", ways, repeat)
    with_sql = runs["sql"][0]
    must_agree("hengtan", runs["hengtan"], with_sql)
    size = (folder / "months.parquet").stat().st_size / 1e6
    rows = []
    for way, does in DOES.items():
        cells = row_of(way, runs, does)
        speed = f"{12e-6 * households / runs[way].median():.1f}"
        rows.append([*cells[:-2], speed, *cells[-2:]])
    heads = (*HEADS[:-2], "million rows a second", *HEADS[-2:])
    title = (
        f"{households:,} households × 12 months = {12 * households:,} rows, "
        f"{size:,.0f} MB Parquet, {with_sql['groups']:,.0f} groups, "
        f"`hengtan` the same as `sql` to 1e-9; DuckDB held to {LIMIT}; "
        f"median of {repeat} runs in turn (least – most)"
    )
    return [title, "", *markdown(heads, rows), "", compiling(runs["hengtan"])]


def main() -> None:
    """Run a way, or all of them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=17_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--run")
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(run(arguments.run, arguments.folder)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        lines = side_by_side(arguments.households, arguments.repeat, Path(scratch))
    text = "\n".join([f"{machine()}.", "", *lines])
    print(text)
    if arguments.write:
        write_section("household bills", text)


if __name__ == "__main__":
    main()
