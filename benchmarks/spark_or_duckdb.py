"""The same account on DuckDB and on a local Spark of two workers, at growing sizes.

    python benchmarks/spark_or_duckdb.py [--stations 25 100 400] [--write]

The account is ``air_station_days`` (days of stations with 8 h ozone and validity) over a year of
hourly values, synthetic, as in ``air_year.py``: 51,000 rows a station. Each engine has two
processors and reads the same Parquet file in a process of its own; its rows are written as Parquet
by the engine itself. ``seconds`` of Spark are those of the work, the start of its session beside
them. Needs Java 17 and ``pip install hengtan[spark]``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from air_year import make
from measure import Figures, in_turn, machine, markdown, write_section
from side_by_side import Clock

ADDRESSES = {"duckdb": "duckdb", "spark": "spark:local[2]"}
HEADS = ("rows", "engine", "seconds", "of it, start", "ratio to DuckDB", "peak MB", "days")


def run(way: str, folder: Path, to: Path) -> Figures:
    """One engine: from its start to the rows on the disk."""
    from hengtan.accounts.nature.air_days import air_station_days
    from hengtan.workspace.engines import EngineAddress, engine_at

    clock = Clock()
    with engine_at(EngineAddress.read(ADDRESSES[way])) as engine:
        if way == "duckdb":
            engine.raw_sql("set threads = 2")
        started = clock.figures()["seconds"]
        days = air_station_days(**_tables(engine, folder, to))
        if way == "spark":
            days.to_parquet_dir(to / "rows")
        else:
            days.to_parquet(to / "rows.parquet")
        figures = clock.figures() | {"start": started}
        return figures | {"rows": float(_rows(to))}


def _rows(to: Path) -> int:
    import pyarrow.dataset as ds

    there = to / "rows" if (to / "rows").is_dir() else to / "rows.parquet"
    return int(ds.dataset(there, format="parquet").count_rows())


def _tables(engine: Any, folder: Path, to: Path) -> dict[str, Any]:
    """The hours and the pack tables that the account needs."""
    import pyarrow as pa

    from hengtan import packs
    from hengtan.basis.units import read_unit
    from hengtan.graph.engines import given_tables
    from hengtan.packs.arrow import to_arrow

    pack = packs.load("cn")
    names = ("air_items", "air_flags", "air_validity", "air_limits")
    spelled = {row["unit"]: read_unit(row["unit"]) for row in pack.rows("air_items")}
    factors = pa.table(
        {
            "unit": list(spelled),
            "canonical_unit": [unit.canonical for unit in spelled.values()],
            "factor": [unit.factor for unit in spelled.values()],
        }
    )
    tables = {name: to_arrow(pack, name) for name in names} | {"unit_factors": factors}
    hours = engine.read_parquet(str(folder / "hours.parquet"), table_name="hours")
    return given_tables(engine, to / "tables", tables) | {"air_station_hours": hours}


def compare(sizes: list[int], *, write: bool) -> None:
    """Both engines at each size, and the table of what they took."""
    rows: list[list[str]] = []
    for stations in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            make(stations, folder)
            ways = {way: ("--way", way, "--folder", folder) for way in ADDRESSES}
            runs = in_turn("spark_or_duckdb.py", ways, 1)
            hours = _rows_of(folder / "hours.parquet")
        base = runs["duckdb"].median()
        rows += [
            [
                f"{hours:,}",
                ADDRESSES[way],
                f"{own.median():.1f}",
                f"{own.median('start'):.1f}",
                f"{own.median() / base:.1f}",
                f"{own.most('peak_mb'):,.0f}",
                f"{own.median('rows'):,.0f}",
            ]
            for way, own in runs.items()
        ]
        print("\n".join(markdown(HEADS, rows)), flush=True)
    if write:
        text = [f"A year of hours of six items. {machine()}", "", *markdown(HEADS, rows)]
        write_section("spark", "\n".join(text))


def _rows_of(file: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(file).num_rows)


def main() -> None:
    """Compare, or run one engine and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--stations", type=int, nargs="+", default=[25, 100, 400])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--way", choices=tuple(ADDRESSES))
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.way:
        with tempfile.TemporaryDirectory() as to:
            print(json.dumps(run(chosen.way, chosen.folder, Path(to))))
    else:
        compare(chosen.stations, write=chosen.write)


if __name__ == "__main__":
    main()
