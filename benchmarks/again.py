"""Every benchmark of docs/performance.md on two states of the project, in turn in one run.

    python benchmarks/again.py --before ee23a1d [--repeat 5] [--only NAME ...] [--small] [--write]

``--before`` is a revision, unpacked by ``git archive`` into a folder of its own, or a folder. Both
states run with this interpreter and their own source, before and after in turn, each in a process
of its own; the inputs are made once, by the state after. The table gives medians, their ratio and
peak memory; a ratio above ``LIMIT`` ends the run with status 1. ``--small`` is a try of minutes.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from measure import Runs, machine, markdown, timed, write_section

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 1.1
COMMAND = "from hengtan.cli import main; main()"


@dataclass(frozen=True)
class State:
    """A checkout: its source is on the path of what it runs, its scratch folder is its own."""

    root: Path
    scratch: Path

    def run(self, *arguments: object) -> dict[str, float]:
        """Figures of a Python process."""
        source = str(self.root / "src")
        environment = {**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": ""}
        return timed([sys.executable, *map(str, arguments)], environment)

    def benchmark(self, script: str, *arguments: object) -> dict[str, float]:
        """Figures of a script of its own ``benchmarks``."""
        return self.run(self.root / "benchmarks" / script, *arguments)

    def hengtan(self, *arguments: object) -> dict[str, float]:
        """Figures of a command of its own ``hengtan``."""
        return self.run("-c", COMMAND, *arguments)


@dataclass(frozen=True)
class Case:
    """Something measured: its name, what it does to a state, and the figure that counts."""

    name: str
    measure: Callable[[State], dict[str, float]]
    figure: str = "seconds"


@dataclass(frozen=True)
class Sizes:
    """How large the inputs are."""

    fuel_records: int = 100_000_000
    fuel_records_few: int = 10_000_000
    households: int = 17_000_000
    outlets: int = 1_000_000
    csv_rows: int = 1_000_000
    counties: int = 2_846
    characters: int = 800_000


SMALL = Sizes(300_000, 100_000, 20_000, 20_000, 20_000, 50, 50_000)


def start_up() -> Iterator[Case]:
    """The commands whose whole time is a figure of the design."""
    yield Case("import hengtan", lambda state: state.run("-c", "import hengtan"))
    yield Case("hengtan --help", lambda state: state.hengtan("--help"))
    yield Case("demo --no-serve, new folder", _demo)
    yield Case("status", lambda state: state.hengtan("status", "-w", _city(state)))
    yield Case("status without cache", _status_without_cache)
    explain = ("explain", "plan_progress", "target_id=cq-forest-cover-2027")
    yield Case("explain", lambda state: state.hengtan(*explain, "-w", _city(state)))
    yield Case("verify", lambda state: state.hengtan("verify", "-w", _city(state)))
    yield Case("calc of one case", _calc)


def _demo(state: State) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=state.scratch) as folder:
        return state.hengtan("demo", "--no-serve", "--to", Path(folder) / "demo")


def _city(state: State) -> Path:
    """A demonstration of the state's own, made when it is first needed."""
    folder = state.scratch / "city"
    if not folder.exists():
        state.hengtan("demo", "--no-serve", "--to", folder)
    return folder


def _status_without_cache(state: State) -> dict[str, float]:
    city = _city(state)
    shutil.rmtree(city / "cache", ignore_errors=True)
    return state.hengtan("status", "-w", city)


def _calc(state: State) -> dict[str, float]:
    case = state.scratch / "case.yaml"
    case.write_text(
        "rule: env_tax.water\ndate: 2024-05-31\nregion: '500000'\n"
        "inputs: {pollutants: {COD: 1000}}\n",
        encoding="utf-8",
    )
    return state.hengtan("calc", case)


def work(sizes: Sizes, inputs: Path) -> Iterator[Case]:
    """The scripts of this folder, on inputs made once."""
    yield from _on_parquet(sizes, inputs)
    yield Case(
        "one case of a tax", lambda state: state.benchmark("outlet_tax.py", "case"), "ours_ms"
    )
    yield Case("import of a CSV", lambda state: _import(state, _csv(sizes, inputs, state)))
    yield Case(
        "status of county plans",
        lambda state: state.benchmark("status_of_counties.py", sizes.counties),
    )
    yield Case(
        "plan reader", lambda state: state.benchmark("plan_reader.py", "--text", sizes.characters)
    )
    for kind in ("word", "pdf"):
        yield Case(
            f"hostile {kind}",
            lambda state, kind=kind: state.benchmark(
                "plan_reader.py", "--file", _hostile(kind, inputs)
            ),
        )
    for figure in ("inventory_first", "causes_first", "inventory_prepared", "lmdi_nested"):
        yield Case(figure.replace("_", ", "), _inventory, figure)
    for case in ("budgets", "odds"):
        yield Case(case, lambda state, case=case: state.benchmark("verdict.py", case))


def _on_parquet(sizes: Sizes, inputs: Path) -> Iterator[Case]:
    from fuel_records import make as fuel_records
    from household_bills import make as household_months
    from outlet_tax import write as outlets

    for rows in (sizes.fuel_records, sizes.fuel_records_few):
        folder = Inputs(inputs / f"fuel{rows}", lambda to, rows=rows: fuel_records(rows, to))
        yield Case(f"fuel records, {rows:,}", _way("fuel_records.py", folder))
    folder = Inputs(inputs / "bills", lambda to: household_months(sizes.households, to))
    yield Case(f"household bills, {sizes.households:,}", _way("household_bills.py", folder))
    folder = Inputs(inputs / "tax", lambda to: outlets(to / "outlets.parquet", sizes.outlets))
    yield Case(
        f"outlet tax, {sizes.outlets:,}",
        lambda state: state.benchmark("outlet_tax.py", "hengtan", folder.path("outlets.parquet")),
    )


@dataclass(frozen=True)
class Inputs:
    """A folder of inputs that is made when it is first asked for."""

    folder: Path
    make: Callable[[Path], object]

    def path(self, name: str = "") -> Path:
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.make(self.folder)
        return self.folder / name


def _way(script: str, inputs: Inputs) -> Callable[[State], dict[str, float]]:
    return lambda state: state.benchmark(script, "--run", "hengtan", "--folder", inputs.path())


def _csv(sizes: Sizes, inputs: Path, state: State) -> Path:
    """Values of indicators that the first state to be asked, the one before, knows too."""
    from run import write_csv

    def make(folder: Path) -> None:
        write_csv(folder / "values.csv", sizes.csv_rows, _indicators(state))

    return Inputs(inputs / "csv", make).path("values.csv")


def _indicators(state: State) -> set[str]:
    """Names of the indicators of a state's national pack."""
    table = state.root / "src/hengtan/packs/data/cn/indicators.csv"
    with table.open(encoding="utf-8", newline="") as file:
        return {row["name_zh"] for row in csv.DictReader(file)}


def _hostile(kind: str, inputs: Path) -> Path:
    from hostile import NAMES, hostile_file

    return Inputs(inputs / kind, lambda to: hostile_file(kind, to)).path(NAMES[kind])


def _import(state: State, file: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=state.scratch) as folder:
        return state.benchmark("import_csv.py", "hengtan", file, Path(folder) / "to")


def _inventory(state: State) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=state.scratch) as folder:
        return state.benchmark("inventory.py", "--run", folder)


def unpacked(revision: str, folder: Path) -> Path:
    """A revision's files in a folder; a folder that is there is taken as it is."""
    if Path(revision).is_dir():
        return Path(revision).resolve()
    archive = ["git", "archive", revision]
    packed = subprocess.run(archive, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def compared(case: Case, before: State, after: State, repeat: int) -> list[str]:
    """The cells of a case under ``HEADS``: medians of both states and their ratios."""
    old, new = Runs(), Runs()
    for _ in range(repeat):
        old.append(case.measure(before))
        new.append(case.measure(after))
    slow, fast = old.median(case.figure), new.median(case.figure)
    peaks = old.most("peak_mb"), new.most("peak_mb")
    unit = " ms" if case.figure.endswith("_ms") else ""
    return [
        case.name,
        f"{slow:.3f}{unit}",
        f"{fast:.3f}{unit}",
        f"{fast / slow:.2f}",
        f"{new.median('process_cpu') / old.median('process_cpu'):.2f}",
        f"{peaks[0]:,.0f}",
        f"{peaks[1]:,.0f}",
        f"{peaks[1] / peaks[0]:.2f}",
    ]


HEADS = (
    "case",
    "before, s",
    "after, s",
    "ratio",
    "ratio of CPU, whole process",
    "peak MB before",
    "peak MB after",
    "ratio",
)


def main() -> None:
    """Measure what is asked for, print the table, and end with 1 where something became slower."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", required=True, metavar="REVISION|FOLDER")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", nargs="*", default=[], help="beginnings of names of cases")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    sizes = SMALL if arguments.small else Sizes()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for name in ("old", "before", "after"):
            (scratch / name).mkdir()
        before = State(unpacked(arguments.before, scratch / "old"), scratch / "before")
        after = State(ROOT, scratch / "after")
        rows = []
        for case in (*start_up(), *work(sizes, scratch / "inputs")):
            if not arguments.only or case.name.startswith(tuple(arguments.only)):
                rows.append(compared(case, before, after, arguments.repeat))
                print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
    title = f"{machine()}; before: {arguments.before}; medians of {arguments.repeat} in turn"
    text = "\n".join([title, "", *markdown(HEADS, rows)])
    print(text)
    if arguments.write:
        write_section("again", text)
    slower = [row[0] for row in rows if float(row[3]) > LIMIT]
    if slower:
        sys.exit(f"slower than {LIMIT} × before: {', '.join(slower)}")


if __name__ == "__main__":
    main()
