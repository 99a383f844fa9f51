"""Case files at the size of a city: yearly verdicts of every rule that reads permits, beside a bare
scan of their records.

    python benchmarks/case_files.py [--permits 5000] [--months 36]

Figures: seconds of the verdicts from the ledger (the accounts they rest on within), of a scan that
reads every column of the same records, their ratio, and peak memory.
"""

from __future__ import annotations

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from big_city import ACTOR
from measure import markdown

from hengtan.demo.synthetic_months import district_codes, synthetic_city
from hengtan.desk.evidence import import_file
from hengtan.workspace import Workspace

VERDICTS = "case_discharge_permit_verdicts"
RECORDS = ("discharge_permits", "permit_limits", "permit_months")
POLLUTANTS = {"化学需氧量": 50.0, "氨氮": 5.0}
FIRST_YEAR = 2023
Row = Mapping[str, object]


def permits(number: int) -> Iterator[Row]:
    """One permit an enterprise."""
    places = district_codes()
    for n in range(number):
        yield {
            "许可证编号": f"P{n:06d}",
            "地区": places[n % len(places)],
            "统一社会信用代码": f"99KEY{n:013d}",
            "单位名称": f"合成{n}厂",
            "发证日期": f"{2021 + n % 5}-03-01",
        }


def limits(number: int) -> Iterator[Row]:
    """Limits of two pollutants."""
    for n in range(number):
        for pollutant, limit in POLLUTANTS.items():
            yield {
                "许可证编号": f"P{n:06d}",
                "排放口": "DW001",
                "介质": "废水",
                "污染物": pollutant,
                "起始日期": "2021-01-01",
                "许可浓度": limit,
                "年许可排放量": limit * 0.18,
            }


def monitored(number: int, months: int) -> Iterator[Row]:
    """Every month of every outlet; one in fifty is above its limit."""
    for n in range(number):
        for month in range(months):
            year, of_year = FIRST_YEAR + month // 12, month % 12 + 1
            for pollutant, limit in POLLUTANTS.items():
                share = 1.1 if (n + month) % 50 == 0 else 0.4 + (n % 10) * 0.05
                yield {
                    "许可证编号": f"P{n:06d}",
                    "排放口": "DW001",
                    "介质": "废水",
                    "污染物": pollutant,
                    "月份": f"{year}-{of_year:02d}",
                    "月均浓度": round(limit * share, 3),
                    "流量": 10_000 + n % 7_000,
                }


def hand_in(workspace: Workspace, form: str, rows: Iterator[Row], folder: Path) -> None:
    """Import the rows of a form and approve them."""
    path = folder / f"{form}.csv"
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    import_file(workspace, form, path, actor=ACTOR, approve=True)


def seconds(workspace: Workspace, names: Sequence[str]) -> float:
    """Seconds until every row of some tables is there, from a graph that holds nothing."""
    began = time.perf_counter()
    for name in names:
        workspace.graph().execute(name)
    return time.perf_counter() - began


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--permits", type=int, default=5_000)
    parser.add_argument("--months", type=int, default=36)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with synthetic_city(folder / "w", 40) as workspace:
            hand_in(workspace, "discharge_permits", permits(chosen.permits), folder)
            hand_in(workspace, "permit_limits", limits(chosen.permits), folder)
            hand_in(workspace, "permit_months", monitored(chosen.permits, chosen.months), folder)
        with Workspace.open(folder / "w") as workspace:
            scan = seconds(workspace, RECORDS)
            verdicts = seconds(workspace, (VERDICTS,))
            rows = workspace.graph().execute(VERDICTS).num_rows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = (f"{scan:.2f}", f"{verdicts:.2f}", f"{verdicts / scan:.1f}", str(rows), f"{peak:.0f}")
    heads = ("scan, s", "verdicts, s", "ratio", "rows of verdicts", "peak, MB")
    print("\n".join(markdown(heads, [figures])))


if __name__ == "__main__":
    main()
