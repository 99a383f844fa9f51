"""One way of taking in a CSV of indicator values, in a process of its own.

    python benchmarks/import_csv.py hengtan|duckdb|pandas FILE FOLDER

``hengtan`` reads, checks (places, indicators, periods, units, duplicate keys), submits with the
hash chain and approves; ``duckdb`` copies the text into a typed table of a database file;
``pandas`` reads and writes to SQLite. The last line printed is JSON with the seconds of that work.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import import_file


def with_hengtan(file: Path, folder: Path) -> int:
    """The whole import of the program."""
    from hengtan.workspace import Workspace
    from hengtan.workspace.config import Settings

    wulong = Settings("基准（合成数据）", "Benchmark, synthetic", "500156", "wulong")
    with Workspace.create(folder / "ws", wulong) as workspace:
        report = import_file(
            workspace, "indicator_values", file, actor=Actor("benchmark"), approve=True
        )
        return int(report.rows)


def with_duckdb(file: Path, folder: Path) -> int:
    """COPY into a typed table of a database file."""
    import duckdb

    columns = "地区 varchar, 指标 varchar, 时期 date, 数值 double, 计量单位 varchar, 来源 varchar"
    with duckdb.connect(str(folder / "copy.duckdb")) as engine:
        engine.execute(f"create table v ({columns})")
        engine.execute("copy v from ? (header, delimiter ',')", [str(file)])
        return int(engine.execute("select count(*) from v").fetchone()[0])


def with_pandas(file: Path, folder: Path) -> int:
    """read_csv and to_sql into SQLite."""
    import sqlite3

    import pandas as pd

    rows = pd.read_csv(file)
    with sqlite3.connect(folder / "v.sqlite") as store:
        rows.to_sql("v", store, index=False)
    return len(rows)


WAYS = {"hengtan": with_hengtan, "duckdb": with_duckdb, "pandas": with_pandas}


def main(way: str, file: Path, folder: Path) -> None:
    """Take the file in and print seconds and rows."""
    folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    count = WAYS[way](file, folder)
    print(json.dumps({"seconds": time.perf_counter() - started, "rows": count}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
