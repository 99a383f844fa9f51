"""A made-up city of 40 districts with 500 indicators each: 20,000 targets, and the size and time of
the pages that show them.

    python benchmarks/big_city.py [--districts 40] [--indicators 500] [--folder FOLDER]

``make(folder)`` gives the workspace; with ``--folder`` it is kept there (and used again). Nothing
in it is a statistic of any place: codes begin with 99, names and sources say that it is made up.
Figures: kilobytes of each page, seconds of processor until it was made, and once more.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from measure import markdown

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.new import with_own_pack
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

CITY, MADE_UP = "990000", "合成数据（虚构，不是任何地区的统计）"
OF_CITY, YEARS, ROWS_A_FILE = 20, (2021, 2024, 2025), 30_000
ACTOR = Actor("benchmark")
SAID = {"source": MADE_UP, "confidence": "proposal"}
DEPARTMENTS = ("市发展改革委", "市生态环境局", "市经济信息委", "市住房城乡建委", "市统计局")
PAGES = (
    "/",
    "/?compare=1",
    "/?wall=1",
    "/targets",
    "/targets?light=behind&place=990007&sort=-name&page=2",
    "/matrix",
    "/gaps",
    "/measures",
    "/milestones",
    "/accounts",
    "/conflicts",
    "/sources",
    "/targets/t-990007-003",
)
Rows = list[dict[str, Any]]


def codes(districts: int) -> list[str]:
    """The codes of the districts."""
    return [f"99{number + 1:04d}" for number in range(districts)]


def make(folder: Path, districts: int = 40, indicators: int = 500) -> Workspace:
    """The workspace: plans of the city and of each district, three years of most figures, approved.

    One indicator in ten lacks its figures, so that every standing occurs.
    """
    title = "合成大市（虚构数据）"
    meta = {
        "id": "big-city",
        "title_zh": title,
        "title_en": "Big synthetic city",
        "extends": "cn",
        "region": CITY,
        "edition": "1",
    }
    settings = Settings(title, "Big synthetic city (made-up data)", CITY, "big-city", demo=True)
    tables = pack_of(codes(districts), indicators)
    workspace = with_own_pack(folder, meta, tables, settings)
    rows = list(figures_of(tables["targets"]))
    for first in range(0, len(rows), ROWS_A_FILE):
        path = folder / f"合成数据_{first}.csv"
        _write(path, rows[first : first + ROWS_A_FILE])
        taken = Intake(demo=True)
        import_file(workspace, "indicator_values", path, actor=ACTOR, approve=True, intake=taken)
    return workspace


def pack_of(districts: list[str], indicators: int) -> dict[str, Rows]:
    """Places, map, indicators, plans, clauses and targets of the city and its districts."""
    places = [_place(CITY, "合成大市", "Big synthetic city", "city", "")]
    places += [
        _place(c, f"合成{c[-2:]}区", f"District {c[-2:]}", "district", CITY) for c in districts
    ]
    bodies = [(CITY, "合成大市", OF_CITY), *((c, f"合成{c[-2:]}区", indicators) for c in districts)]
    return {
        "places": places,
        "map_tiles": [
            {"place": c, "map": "big", "row": str(n // 8 + 1), "column": str(n % 8 + 1), **SAID}
            for n, c in enumerate(districts)
        ],
        "indicators": [_indicator(number) for number in range(indicators)],
        "plans": [_plan(code, name) for code, name, _ in bodies],
        "measures": [_clause(code, part) for code, _, _ in bodies for part in range(5)],
        "targets": [
            _target(code, name, number) for code, name, count in bodies for number in range(count)
        ],
    }


def _place(code: str, name: str, english: str, kind: str, parent: str) -> dict[str, str]:
    named = {"place": code, "name_zh": name, "name_en": english, "kind": kind, "parent": parent}
    return {**named, "enters_sums": "yes", **SAID}


def _indicator(number: int) -> dict[str, str]:
    return {
        "indicator": f"big_{number:03d}",
        "name_zh": f"合成指标{number:03d}",
        "name_en": f"Synthetic indicator {number:03d}",
        "definition_zh": "虚构指标",
        "definition_en": "Made up",
        "kind": "ratio",
        "units": "%",
        "department_zh": DEPARTMENTS[number % len(DEPARTMENTS)],
        "department_basis": "suggestion",
        "frequency": "yearly",
        "direction": "higher",
        "edition": "1",
        "edition_established": "no",
        **SAID,
    }


def _plan(code: str, name: str) -> dict[str, str]:
    return {
        "plan": f"p-{code}",
        "title_zh": f"{name}绿色转型规划（虚构）",
        "title_en": f"Plan of {code} (made up)",
        "short_zh": f"{name}规划",
        "short_en": f"Plan {code}",
        "region": code,
        "status": "issued",
        "status_zh": "印发",
        "status_en": "Issued",
        "first_year": "2021",
        "first_year_basis": "stated",
        "last_year": "2030",
        "source_file": "虚构.txt",
        **SAID,
    }


def _clause(code: str, part: int) -> dict[str, str]:
    return {
        "clause_ref": f"p-{code}:{part + 1}",
        "plan": f"p-{code}",
        "clause": str(part + 1),
        "kind": "measure",
        "chapter_zh": f"第{part + 1}章",
        "title_zh": f"虚构任务{part + 1}",
        "title_en": f"Made-up task {part + 1}",
        "description_en": "Made up",
        "department_zh": DEPARTMENTS[part],
        "department_basis": "stated",
        **SAID,
    }


def _target(code: str, name: str, number: int) -> dict[str, str]:
    goal = str(40 + number % 50)
    return {
        "target_id": f"t-{code}-{number:03d}",
        "plan": f"p-{code}",
        "clause_ref": f"p-{code}:{number % 5 + 1}",
        "indicator": f"big_{number:03d}",
        "indicator_zh": f"合成指标{number:03d}",
        "indicator_en": f"Synthetic indicator {number:03d}",
        "region_zh": name,
        "region": code,
        "scope": "全区",
        "measure": "level",
        "operator": ">=",
        "strict": "no",
        "value": goal,
        "unit": "%",
        "base_year": "2021",
        "deadline_year": "2025" if number % 7 == 0 else "2030",
        "met_rule": "at_or_above",
        "path": "linear",
        "wording": "达到",
        "quote": f"合成指标{number:03d}达到{goal}%",
        "value_canonical": goal,
        "unit_canonical": "%",
        **SAID,
    }


def figures_of(targets: Rows, seed: int = 990000) -> Iterator[Rows]:
    """Rows as people would type them: one in ten indicators has none."""
    chance = np.random.default_rng(seed)
    for number, target in enumerate(targets):
        if number % 10 == 9:
            continue
        goal = float(target["value"])
        start, pace = goal * float(chance.uniform(0.5, 0.9)), float(chance.uniform(0.2, 1.6))
        for year in YEARS:
            value = start + (goal - start) * pace * (year - YEARS[0]) / 9
            yield {
                "地区": target["region"],
                "指标": target["indicator"],
                "时期": str(year),
                "数值": f"{value:.2f}",
                "计量单位": "%",
                "来源": MADE_UP,
                "可信度": "已核读",
            }


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def measured(workspace: Workspace) -> Iterator[tuple[str, ...]]:
    """Each page: status, kilobytes, and seconds of processor at first and once more."""
    from hengtan.web import Site, create_app

    app = create_app(Site(workspace))
    for path in PAGES:
        taken = []
        for _ in range(2):
            began = time.process_time()
            status, body = asked(app, path)
            taken.append(time.process_time() - began)
        yield path, status, f"{len(body) / 1000:.0f}", *(f"{seconds:.3f}" for seconds in taken)
    app.close()


def asked(app: Any, path: str) -> tuple[str, bytes]:
    """Status and body of an address, without a server."""
    from wsgiref.util import setup_testing_defaults

    answered: list[str] = []
    address, _, query = path.partition("?")
    environ: dict[str, Any] = {"PATH_INFO": address, "QUERY_STRING": query}
    setup_testing_defaults(environ)
    environ["HTTP_HOST"] = "localhost"
    body = b"".join(app(environ, lambda status, headers: answered.append(status)))
    return answered[0].split()[0], body


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--districts", type=int, default=40)
    parser.add_argument("--indicators", type=int, default=500)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (chosen.folder or Path(scratch)) / "ws"
        is_there = folder.exists()
        workspace = (
            Workspace.open(folder)
            if is_there
            else make(folder, chosen.districts, chosen.indicators)
        )
        with workspace:
            heads = ("page", "status", "kB", "CPU s, first", "CPU s, again")
            print("\n".join(markdown(heads, list(measured(workspace)))))


if __name__ == "__main__":
    main()
