"""Imports and status side by side in one run.

    python benchmarks/run.py [--rows N] [--counties N] [--repeat N] [--write]

Data are synthetic. Each way runs in a process of its own, in turn, ``repeat`` times; the fastest
run is shown with its peak memory. ``--write`` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Container, Iterator
from datetime import date, timedelta
from pathlib import Path

from measure import Figures, machine, markdown, measured, write_section

DOES = {
    "duckdb": "COPY into a typed table",
    "pandas": "read_csv + to_sql (SQLite)",
    "hengtan": "read, check every cell and key, submit with hash chain, approve",
}


def write_csv(path: Path, rows: int, known: Container[str] | None = None) -> None:
    """Synthetic indicator values: districts × indicators × days, every key once; of the indicators
    ``known`` alone, where they are stated.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("地区,指标,时期,数值,计量单位,来源\n")
        file.writelines(itertools.islice(_lines(known), rows))


def _lines(known: Container[str] | None) -> Iterator[str]:
    from hengtan import packs

    pack = packs.load("wulong")
    places = [place.name_zh for place in pack.places() if place.kind == "district"]
    indicators = [
        (row["name_zh"], row["units"][0])
        for row in pack.rows("indicators")
        if len(row["units"]) == 1 and (known is None or row["name_zh"] in known)
    ]
    number = 0
    for days in itertools.count():
        day = (date(2020, 1, 1) + timedelta(days=days)).isoformat()
        for place, (name, unit) in itertools.product(places, indicators):
            yield f"{place},{name},{day},{number * 7919 % 100000 / 100},{unit},合成数据\n"
            number += 1


def best(repeat: int, script: str, *arguments: object, folder: Path | None = None) -> Figures:
    """The fastest of several runs, each with a folder of its own where one is needed."""
    runs = []
    for number in range(repeat):
        own_folder = (folder / f"run{number}",) if folder else ()
        runs.append(measured(script, *arguments, *own_folder))
    return min(runs, key=lambda run: run["seconds"])


def imports(rows: int, repeat: int) -> list[str]:
    """A table of the ways to take in a CSV of so many rows."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "合成.csv"
        write_csv(file, rows)
        size = file.stat().st_size / 1e6
        fastest = {
            way: best(repeat, "import_csv.py", way, file, folder=Path(scratch) / way)
            for way in DOES
        }
    for way, run in fastest.items():
        assert run["rows"] == rows, (way, run)
    copying = fastest["duckdb"]["seconds"]
    table = markdown(
        ("way", "seconds", "ratio to DuckDB COPY", "peak MB", "does"),
        (
            (
                way,
                f"{run['seconds']:.2f}",
                f"{run['seconds'] / copying:.1f}",
                f"{run['peak_mb']:.0f}",
                DOES[way],
            )
            for way, run in fastest.items()
        ),
    )
    return [f"Import of a CSV of {rows:,} synthetic rows ({size:.0f} MB)", "", *table]


def status(counties: int, repeat: int) -> list[str]:
    """A table of the status of so many synthetic counties."""
    run = best(repeat, "status_of_counties.py", counties)
    row = (
        f"{run['targets']:,.0f}",
        f"{run['values']:,.0f}",
        f"{run['seconds']:.1f}",
        f"{1e6 * run['seconds'] / run['targets']:.0f} µs",
        f"{run['scan_seconds'] * 1000:.0f} ms",
        f"{run['peak_mb']:.0f}",
    )
    heads = ("targets", "values", "seconds", "per target", "bare scan of the values", "peak MB")
    title = f"Status of 67 targets × {counties:,} synthetic county plans"
    return [title, "", *markdown(heads, [row])]


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--counties", type=int, default=2846)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    lines = [
        f"{machine()}; best of {arguments.repeat}.",
        "",
        *imports(arguments.rows, arguments.repeat),
        "",
        *status(arguments.counties, arguments.repeat),
    ]
    text = "\n".join(lines)
    print(text)
    if arguments.write:
        write_section("measured", text)


if __name__ == "__main__":
    main()
