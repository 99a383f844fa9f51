"""A made-up city with thousands of enterprises that report every month, and the time of the pages
that list them.

    python benchmarks/enterprises.py [--enterprises 5000] [--folder FOLDER]

Each has two years of energy, approved, and owes a form every month. Figures: kilobytes of each page
and seconds of processor, at first (after something was filed) and once more.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from big_city import ACTOR, MADE_UP, asked
from measure import markdown

from hengtan.demo.synthetic_months import CITY, NAMES, district_codes, synthetic_city
from hengtan.desk.evidence import Intake, import_file

TODAY = date(2026, 11, 29)
KINDS = ("水泥", "钢铁", "化工", "铝业", "食品", "汽车")
INDUSTRIES = ("30", "31", "26", "32", "13", "36")
PAGES = (
    "/enterprises",
    "/enterprises?page=60&place=990003",
    "/enterprises?q=shuini",
    "/enterprises?state=late",
    "/enterprises?sort=energy",
    "/enterprises?sort=owed&page=30",
    "/enterprises/99KEY0000000000042",
)


def code_of(number: int) -> str:
    """The code of an enterprise."""
    return f"99KEY{number:013d}"


def name_of(number: int) -> str:
    """Its name."""
    return f"合成{NAMES[number % len(NAMES)]}{KINDS[number % len(KINDS)]}{number}厂"


def rows_of(enterprises: int) -> Iterator[dict[str, Any]]:
    """Raw coal of two years."""
    places = district_codes()
    for number in range(enterprises):
        for year in (2024, 2025):
            yield {
                "地区": places[number % len(places)],
                "统一社会信用代码": code_of(number),
                "单位名称": name_of(number),
                "行业": INDUSTRIES[number % len(INDUSTRIES)],
                "时期": str(year),
                "能源品种": "原煤",
                "计量单位": "吨",
                "消费量合计": 1000 + number % 700 * 10 + year % 100,
            }


def make(folder: Path, enterprises: int) -> Any:
    """The application over the city: enterprises on the list of the calendar, figures approved."""
    from hengtan.web import Site
    from hengtan.web.application import Application

    workspace = synthetic_city(folder / "ws")
    path = folder / "合成数据.csv"
    rows = list(rows_of(enterprises))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    taken = Intake(demo=True, place=CITY)
    import_file(workspace, "enterprise_energy", path, actor=ACTOR, approve=True, intake=taken)
    app = Application(Site(workspace), today=lambda: TODAY, writable=True)
    _owe(app, enterprises)
    return app


def _owe(app: Any, enterprises: int) -> None:
    from hengtan.web.rooms.duties.models import DutyRow, EntityRow
    from hengtan.web.store import point_to

    point_to(app.store)
    places = district_codes()
    DutyRow.objects.create(
        code="energy",
        form="enterprise_energy",
        frequency="month",
        owers_kind="entity",
        within=CITY,
        department="市统计局",
        due_kind="day_of_month",
        due_number=10,
        valid_from=date(2025, 1, 1),
        changed_by=MADE_UP[:10],
    )
    EntityRow.objects.bulk_create(
        EntityRow(code=code_of(n), name_zh=name_of(n), place=places[n % len(places)])
        for n in range(enterprises)
    )


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=5000)
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    from hengtan.web.settings import configure

    configure()
    with tempfile.TemporaryDirectory() as scratch:
        app = make(chosen.folder or Path(scratch), chosen.enterprises)
        lines = []
        for path in PAGES:
            taken = []
            for _ in range(2):
                began = time.process_time()
                status, body = asked(app, path)
                taken.append(time.process_time() - began)
            seconds = (f"{second:.3f}" for second in taken)
            lines.append((path, status, f"{len(body) / 1000:.0f}", *seconds))
        app.close()
    print("\n".join(markdown(("page", "status", "kB", "CPU s, first", "again"), lines)))


if __name__ == "__main__":
    main()
