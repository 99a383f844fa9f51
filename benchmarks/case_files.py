"""Case files at the size of a city: the verdicts of every rule that reads plants, their discharge
permits and projects, beside a bare scan of their records.

    python benchmarks/case_files.py [--projects 1000] [--plants 5000] [--months 36]

Each plant has monthly energy, yearly output and a permit with monthly monitoring; each project its
energy by kind. Figures by kind of case file: the rules that read it, how many verdicts, seconds of
the verdicts from the ledger with the accounts they rest on (from a graph that holds nothing), of a
scan that reads every column of the same records, and their ratio, by the clock and of a processor;
peak memory of the whole run.
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
from hengtan.desk.case_files import kinds_of
from hengtan.desk.evidence import import_file
from hengtan.packs import load
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

PROJECTS = "investment_project"
KINDS = ("plant", "discharge_permit", PROJECTS)
MADE_UP = Settings("合成项目（虚构）", "Made-up projects", "500000", "chongqing", demo=True)
FIRST_YEAR, A_YEAR = 2023, 12
INDUSTRIES = ("30", "31", "26", "32", "13", "36")
LIMIT = 50.0
"""Permitted concentration. [mg/L]"""
Row = Mapping[str, object]


def firm(number: int) -> str:
    """The code of an enterprise."""
    return f"99KEY{number:013d}"


def month_of(number: int) -> str:
    """The months one after the other, from January of the first year."""
    return f"{FIRST_YEAR + number // A_YEAR}-{number % A_YEAR + 1:02d}"


def plants(number: int) -> Iterator[Row]:
    """A plant an enterprise."""
    places = district_codes()
    for n in range(number):
        yield {
            "plant": firm(n),
            "place": places[n % len(places)],
            "plant_name": f"合成{n}厂",
            "industry": INDUSTRIES[n % len(INDUSTRIES)],
        }


def plant_years(number: int, months: int) -> Iterator[Row]:
    """Value added and tax of every year."""
    for n in range(number):
        for year in range(FIRST_YEAR, FIRST_YEAR + months // A_YEAR):
            figures = {"value_added": 1000 + n % 900, "tax": 50 + n % 40}
            yield {"plant": firm(n), "period": str(year), **figures}


def plant_energy(number: int, months: int) -> Iterator[Row]:
    """Coal burnt in every month."""
    places = district_codes()
    for n in range(number):
        for month in range(months):
            yield {
                "place": places[n % len(places)],
                "entity": firm(n),
                "entity_name": f"合成{n}厂",
                "industry": INDUSTRIES[n % len(INDUSTRIES)],
                "period": month_of(month),
                "product": "原煤",
                "unit": "吨",
                "consumed": 100 + (n * 7 + month) % 50,
                "coefficient": 0.5,
            }


def permits(number: int) -> Iterator[Row]:
    """A permit a plant."""
    places = district_codes()
    for n in range(number):
        yield {
            "permit": f"P{n:06d}",
            "place": places[n % len(places)],
            "entity": firm(n),
            "entity_name": f"合成{n}厂",
            "issued": f"{2021 + n % 5}-03-01",
        }


def outlet(number: int) -> dict[str, object]:
    """The one outlet of a permit."""
    return {
        "permit": f"P{number:06d}",
        "outlet": "DW001",
        "medium": "废水",
        "pollutant": "化学需氧量",
    }


def limits(number: int) -> Iterator[Row]:
    """What a permit allows."""
    for n in range(number):
        allowed = {"concentration_limit": LIMIT, "annual": 9.0}
        yield outlet(n) | {"begins": "2021-01-01", **allowed}


def monitored(number: int, months: int) -> Iterator[Row]:
    """Every month of every outlet; one in fifty is above its limit."""
    for n in range(number):
        for month in range(months):
            share = 1.1 if (n + month) % 50 == 0 else 0.4 + (n % 10) * 0.05
            figures = {"concentration": round(LIMIT * share, 3), "flow": 10_000 + n % 7_000}
            yield outlet(n) | {"period": month_of(month), **figures}


def projects(number: int) -> Iterator[Row]:
    """Projects accepted one after the other, when the rules of today were in force."""
    places = districts()
    for n in range(number):
        yield {
            "project": f"X{n:05d}",
            "place": places[n % len(places)],
            "project_name": f"合成{n}项目",
            "industry": INDUSTRIES[n % len(INDUSTRIES)],
            "nature": "新建",
            "accepted": f"2025-{10 + n % 3}-15",
            "value_added": 5_000 + n,
            "factor_year": 2022,
        }


def project_energy(number: int) -> Iterator[Row]:
    """Coal, diesel and power of a project."""
    amounts = (("原煤", "吨", 10_000), ("柴油", "吨", 200), ("电力", "万千瓦时", 900))
    for n in range(number):
        for product, unit, amount in amounts:
            used = {"product": product, "amount": amount + n, "unit": unit}
            yield {"project": f"X{n:05d}", **used}


def project_products(number: int) -> Iterator[Row]:
    """Energy of a unit of what a project makes, beside its limits."""
    for n in range(number):
        limits_of = {"access_value": 110.0, "advanced_value": 95.0, "standard": "合成标准（虚构）"}
        yield {"project": f"X{n:05d}", "product": "产品", "energy": 90.0 + n % 30, **limits_of}


def spaces() -> Iterator[Row]:
    """What every district still has of energy and carbon."""
    for place in districts():
        energy = {"energy": 3e6, "gdp": 6e6, "coal_rate": 0.3, "allowance": 2e5}
        yield {"place": place, "year": 2025, **energy, "light": "绿", "budget_left": 2e6}


def budgets() -> Iterator[Row]:
    """The carbon budget of the year."""
    for place in districts():
        yield {"place": place, "year": 2025, "budget": 5e6}


def districts() -> list[str]:
    """The districts of Chongqing: a project needs the power factor of a real province."""
    return [row["place"] for row in load("chongqing").rows("places") if row["kind"] == "district"]


def hand_in(workspace: Workspace, form: str, rows: Iterator[Row], folder: Path) -> None:
    """Import the rows of a form and approve them."""
    path = folder / f"{form}.csv"
    titles = {field.id: field.title_zh for field in workspace.form(form).fields}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, row in enumerate(rows):
            if number == 0:
                writer.writerow([titles[name] for name in row])
            writer.writerow(row.values())
    import_file(workspace, form, path, actor=ACTOR, approve=True)


def seconds(workspace: Workspace, names: Sequence[str]) -> tuple[float, float]:
    """Seconds until every row of some tables is there, and those of a processor that it took."""
    began, used = time.perf_counter(), time.process_time()
    for name in names:
        workspace.graph().execute(name)
    return time.perf_counter() - began, time.process_time() - used


RECORDS = {
    "plant": ("plants", "plant_years", "enterprise_energy"),
    "discharge_permit": ("discharge_permits", "permit_limits", "permit_months"),
    "investment_project": (
        *("investment_projects", "project_energy", "project_products"),
        *("region_spaces", "carbon_budgets"),
    ),
}


def line_of(folder: Path, kind: str) -> tuple[str, ...]:
    """The figures of a kind, from a graph of its own."""
    with Workspace.open(folder) as workspace:
        case_file = kinds_of(workspace)[kind]
        scan, scan_used = seconds(workspace, RECORDS[kind])
        verdicts, used = seconds(workspace, (case_file.verdicts,))
        rows = workspace.graph().execute(case_file.verdicts)
        keys = zip(*(rows[column].to_pylist() for column in VERDICT), strict=True)
        verdicts_of = dict(zip(keys, rows["state"].to_pylist(), strict=True))
        number, ruled = len(verdicts_of), sum(s == "ruled" for s in verdicts_of.values())
        rules = "、".join(dict.fromkeys(asked.rule for asked in case_file.asked))
    figures = (f"{scan:.2f}", f"{verdicts:.2f}", f"{verdicts / scan:.1f}")
    figures += (f"{scan_used:.2f}", f"{used:.2f}", f"{used / scan_used:.1f}")
    return (kind, rules, f"{number:,}", f"{ruled:,}", *figures)


VERDICT = ("subject", "asked", "period")


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--plants", type=int, default=5_000)
    parser.add_argument("--months", type=int, default=36)
    chosen = parser.parse_args()
    number, months = chosen.plants, chosen.months
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        handed = {
            "plants": plants(number),
            "plant_years": plant_years(number, months),
            "enterprise_energy": plant_energy(number, months),
            "discharge_permits": permits(number),
            "permit_limits": limits(number),
            "permit_months": monitored(number, months),
        }
        of_projects = {
            "investment_projects": projects(chosen.projects),
            "project_energy": project_energy(chosen.projects),
            "project_products": project_products(chosen.projects),
            "region_spaces": spaces(),
            "carbon_budgets": budgets(),
        }
        with synthetic_city(folder / "w", 40) as workspace:
            for form, rows in handed.items():
                hand_in(workspace, form, rows, folder)
        with Workspace.create(folder / "p", MADE_UP) as workspace:
            for form, rows in of_projects.items():
                hand_in(workspace, form, rows, folder)
        lines = [line_of(folder / ("p" if kind == PROJECTS else "w"), kind) for kind in KINDS]
    heads = ("case file", "rules", "verdicts", "reached", "scan, s", "verdicts, s", "ratio")
    heads += ("scan, CPU s", "verdicts, CPU s", "ratio of CPU")
    print("\n".join(markdown(heads, lines)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{chosen.projects:,} projects, {number:,} plants, {months} months; peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
