"""A year of hourly air values of many stations → days of stations, with 8 h ozone and validity.

    python benchmarks/air_year.py [--stations 100] [--repeat 3] [--write]

Data are synthetic: six items, 3 % of the hours lost, the columns and provenance that a view of the
form has. Both ways run in a process of their own, in turn, on the same Parquet file: ``scan`` reads
the columns that the account reads and adds them up, ``days`` is the account ``air_station_days``
with its rows kept in the engine. The days that both count are compared. ``--write`` puts the table
into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from measure import Figures, in_turn, machine, markdown, write_section
from side_by_side import Clock, duckdb_in, ibis_in

ITEMS = {"SO2": 10.0, "NO2": 30.0, "CO": 0.8, "O3": 80.0, "PM10": 60.0, "PM2.5": 35.0}
LEVELS = "[" + ", ".join(f"{{'item': '{item}', 'level': {ITEMS[item]}}}" for item in ITEMS) + "]"
HOURS = """
copy (
    select
        'S' || lpad(station::varchar, 4, '0') as station,
        date '2025-01-01' + (clock // 24)::integer as day,
        (clock % 24 + 1)::bigint as hour,
        kind.item as item,
        round(kind.level * (0.4 + (hash(station, clock, kind.item) % 2000) / 1000.0), 1) as value,
        null::varchar as unit,
        null::varchar as flag,
        null::varchar as source_title,
        'S-1' as _submission,
        row_number() over () as _row,
        null::varchar as _sheet,
        row_number() over () + 1 as _source_row,
        'approved' as _state,
        timestamp '2026-01-05 09:00:00' as _submitted_at,
        'reporter' as _submitted_by,
        timestamp '2026-01-06 09:00:00' as _approved_at,
        'reviewer' as _approved_by,
        'air.parquet' as _file,
        false as _demo
    from range({stations}) s(station)
    cross join range(8760) c(clock)
    cross join (select unnest({levels}) as kind)
    where hash(clock, station, kind.item, 1) % 100 >= 3
    order by station, day, hour
) to '{folder}/hours.parquet' (format parquet, row_group_size 250000)
"""
SCAN = """
    select max(station), max(day), sum(hour), max(item), sum(value), count(unit),
        count(flag), max(_submitted_by), max(_approved_by), bool_or(_demo), count(*)
    from '{folder}/hours.parquet'
"""
HEADS = ("way", "seconds", "ratio to bare scan", "CPU seconds", "peak MB", "rows")


def make(stations: int, folder: Path) -> None:
    """The hours of a year, in the columns of a view of the form."""
    with duckdb_in(folder) as engine:
        engine.execute(HOURS.format(stations=stations, levels=LEVELS, folder=folder))


def run(way: str, folder: Path) -> Figures:
    """One way: the seconds from the file to its rows, and how many they are."""
    return _scan(folder) if way == "scan" else _days(folder)


def _scan(folder: Path) -> Figures:
    with duckdb_in(folder) as engine:
        engine.execute("select 1")
        clock = Clock()
        row = engine.execute(SCAN.format(folder=folder)).fetchone()
        return clock.figures() | {"rows": float(row[-1]) if row else 0.0}


def _days(folder: Path) -> Figures:
    from hengtan.accounts.nature.air_days import air_station_days

    engine = ibis_in(folder)
    tables = _tables(engine, folder)
    expression = air_station_days(**tables)
    engine.compile(expression)
    clock = Clock()
    kept = engine.create_table("days", expression, temp=True)
    figures = clock.figures()
    return figures | {"rows": float(kept.count().to_pyarrow().as_py())}


def _tables(engine: Any, folder: Path) -> dict[str, Any]:
    """The hours and the pack tables that the account needs."""
    import pyarrow as pa

    from hengtan import packs
    from hengtan.basis.units import read_unit
    from hengtan.packs.arrow import to_arrow

    pack = packs.load("cn")
    names = ("air_items", "air_flags", "air_validity", "air_limits")
    tables = {name: engine.create_table(name, to_arrow(pack, name)) for name in names}
    units = [read_unit(row["unit"]) for row in pack.rows("air_items")]
    spelled = {unit.spelling: unit for unit in units}.values()
    factors = pa.table(
        {
            "unit": [unit.spelling for unit in spelled],
            "canonical_unit": [unit.canonical for unit in spelled],
            "factor": [unit.factor for unit in spelled],
        }
    )
    hours = engine.read_parquet(str(folder / "hours.parquet"), table_name="hours")
    return tables | {
        "air_station_hours": hours,
        "unit_factors": engine.create_table("unit_factors", factors),
    }


def compare(stations: int, repeat: int, *, write: bool) -> None:
    """Both ways in turn, and the table of what they took."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        make(stations, folder)
        ways = {way: ("--way", way, "--folder", folder) for way in ("scan", "days")}
        runs = in_turn("air_year.py", ways, repeat)
    scan = runs["scan"].median()
    rows = [
        [
            way,
            f"{own.median():.2f} ({own.least():.2f} – {own.most():.2f})",
            f"{own.median() / scan:.1f}",
            f"{own.median('cpu'):.2f}",
            f"{own.most('peak_mb'):,.0f}",
            f"{own.median('rows'):,.0f}",
        ]
        for way, own in runs.items()
    ]
    table = markdown(HEADS, rows)
    print("\n".join(table))
    if write:
        text = [f"{stations} stations, six items, a year. {machine()}", "", *table]
        write_section("air-year", "\n".join(text))


def main() -> None:
    """Compare, or run one way and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--stations", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--way", choices=("scan", "days"))
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.way:
        print(json.dumps(run(chosen.way, chosen.folder)))
    else:
        compare(chosen.stations, chosen.repeat, write=chosen.write)


if __name__ == "__main__":
    main()
