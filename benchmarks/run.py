"""All benchmarks side by side in one run: ``python benchmarks/run.py [--rows N] [--counties N] [--repeat N] [--write]``.

Data are synthetic. Each way runs in a process of its own, in turn, ``repeat`` times; the fastest run is shown with its peak memory.
``--write`` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import date, timedelta
from pathlib import Path

from measure import measured, write_section


def write_csv(path: Path, rows: int) -> None:
    """Synthetic indicator values: districts × indicators × days, every key once."""
    from hengtan import packs

    pack = packs.load("wulong")
    places = [p.name_zh for p in pack.places() if p.kind == "district"]
    indicators = [
        (r["name_zh"], r["units"][0]) for r in pack.rows("indicators") if len(r["units"]) == 1
    ]
    count, day = 0, date(2020, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("地区,指标,时期,数值,计量单位,来源\n")
        while count < rows:
            for place in places:
                for name, unit in indicators:
                    if count < rows:
                        file.write(
                            f"{place},{name},{day.isoformat()},{(count * 7919) % 100000 / 100},{unit},合成数据\n"
                        )
                        count += 1
            day += timedelta(days=1)


def best(
    repeat: int, script: str, *arguments: object, folder: Path | None = None
) -> dict[str, float]:
    """The fastest of several runs."""
    runs = []
    for n in range(repeat):
        extra = (folder / f"run{n}",) if folder else ()
        runs.append(measured(script, *arguments, *extra))
    return min(runs, key=lambda r: r["seconds"])


def main() -> None:
    """Run, print, and with ``--write`` keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--counties", type=int, default=2846)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines = [
        f"Machine: {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}; {date.today().isoformat()}; best of {given.repeat}.",
        "",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "合成.csv"
        write_csv(file, given.rows)
        lines += [
            f"Import of a CSV of {given.rows:,} synthetic rows ({file.stat().st_size / 1e6:.0f} MB)",
            "",
            "| way | seconds | ratio to DuckDB COPY | peak MB | does |",
            "|---|---|---|---|---|",
        ]
        found = {
            way: best(given.repeat, "import_csv.py", way, file, folder=Path(scratch) / way)
            for way in ("duckdb", "pandas", "hengtan")
        }
        does = {
            "duckdb": "COPY into a typed table",
            "pandas": "read_csv + to_sql (SQLite)",
            "hengtan": "read, check every cell and key, submit with hash chain, approve",
        }
        for way, r in found.items():
            assert r["rows"] == given.rows, (way, r)
            lines.append(
                f"| {way} | {r['seconds']:.2f} | {r['seconds'] / found['duckdb']['seconds']:.1f} | {r['peak_mb']:.0f} | {does[way]} |"
            )
    r = best(given.repeat, "status_of_counties.py", given.counties)
    lines += [
        "",
        f"Status of 67 targets × {given.counties:,} synthetic county plans",
        "",
        "| targets | values | seconds | per target | bare scan of the values | peak MB |",
        "|---|---|---|---|---|---|",
        f"| {r['targets']:,.0f} | {r['values']:,.0f} | {r['seconds']:.1f} | {1e6 * r['seconds'] / r['targets']:.0f} µs | {r['scan_seconds'] * 1000:.0f} ms | {r['peak_mb']:.0f} |",
    ]
    text = "\n".join(lines)
    print(text)
    if given.write:
        write_section("measured", text)


if __name__ == "__main__":
    main()
