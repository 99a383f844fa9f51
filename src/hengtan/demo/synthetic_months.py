"""A synthetic city (合成市，虚构数据) with monthly figures of its districts, their goals and key
units, through Excel files and the ordinary reader.

Nothing in it is a statistic of any place. Place codes begin with 99, which GB/T 2260 does not use;
names, files and titles say that it is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.basis.actor import Actor
from hengtan.desk.bulletin import make
from hengtan.desk.bulletin_issues import freeze
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.new import with_own_pack
from hengtan.workspace.config import Settings
from hengtan.workspace.workspace import Workspace

CITY = "990000"
NAMES = (
    "东江",
    "西岭",
    "南浦",
    "北山",
    "平湖",
    "永安",
    "新川",
    "临溪",
    "石桥",
    "云岭",
    "青坪",
    "长滩",
)
MADE_UP = "合成数据（虚构，不是任何地区的统计）"
ACTOR = Actor("synthetic-generator")
CITY_ZH = "合成市（虚构数据）"
AMOUNTS = ("energy", "electricity", "coal", "gdp", "industry_energy", "co2")
Rows = list[dict[str, Any]]
Months = dict[tuple[int, int], dict[str, float]]
"""By year and month: amounts, and growth as published."""


def district_codes(number: int = len(NAMES)) -> list[str]:
    """Codes of the made-up districts."""
    return [f"99{n + 1:04d}" for n in range(number)]


def synthetic_city(folder: Path, number: int = len(NAMES), catalogue: str = "") -> Workspace:
    """An empty workspace with the made-up city and its districts. ``catalogue``: the environment
    variable that holds the address of PostgreSQL, where the ledger is to be there.
    """
    whole = {"place": CITY, "name_zh": CITY_ZH, "name_en": "Synthetic city", "kind": "city"}
    districts = [
        {
            "place": code,
            "name_zh": _district_zh(n),
            "name_en": f"Synthetic district {n + 1}",
            "parent": CITY,
        }
        for n, code in enumerate(district_codes(number))
    ]
    proposed = {"source": MADE_UP, "confidence": "proposal"}
    meta = {
        "id": "synthetic-city",
        "title_zh": CITY_ZH,
        "title_en": "Synthetic city",
        "extends": "cn",
        "region": CITY,
        "edition": "1",
    }
    title_en = "Synthetic city (made-up data)"
    settings = Settings(CITY_ZH, title_en, CITY, "synthetic-city", demo=True, catalogue=catalogue)
    tables = {"places": [row | proposed for row in (whole, *districts)]}
    return with_own_pack(folder, meta, tables, settings)


def _district_zh(n: int) -> str:
    """A district's name; beyond the names there are, with a number."""
    again = n // len(NAMES) + 1 if n >= len(NAMES) else ""
    return f"合成{NAMES[n % len(NAMES)]}区{again}"


def monthly_rows(
    first: int = 2022,
    last: tuple[int, int] = (2025, 6),
    *,
    number: int = len(NAMES),
    seed: int = 990000,
    energy_until: dict[str, tuple[int, int]] | None = None,
) -> Rows:
    """Cumulative figures of every month as people would type them.

    ``energy_until``: of a district, the last month whose energy, amounts and growth, is known.
    Energy follows electricity, coal and industry with noise; GDP grows at 4–7 % a year, published
    each month here.
    """
    chance = np.random.default_rng(seed)
    rows: Rows = []
    for code in district_codes(number):
        months = _drawn(chance, range(first, last[0] + 1))
        rows += _typed(code, months, first, last, (energy_until or {}).get(code))
    return rows


def _drawn(chance: Any, years: range) -> Months:
    """The months of a district: amounts, and growth of GDP and industry as published."""
    size, heavy = float(np.exp(chance.normal(5.2, 0.5))), float(chance.uniform(0.2, 0.8))
    trend = float(chance.uniform(-0.055, 0.04))
    levels = {
        "energy": size,
        "electricity": size * 0.9,
        "coal": size * heavy,
        "gdp": size * 2.4 / (0.6 + heavy),
        "industry_energy": size * heavy * 0.7,
    }
    months: Months = {}
    for year in years:
        growth = _growth(chance, heavy, trend)
        if year > years.start:
            levels = {name: level * (1 + growth[name]) for name, level in levels.items()}
        for month in range(1, 13):
            season = 1 + 0.1 * np.cos((month - 1) / 6 * np.pi)
            months[year, month] = {
                name: level / 12 * season * float(chance.normal(1, 0.008))
                for name, level in levels.items()
            } | {
                "g_gdp": growth["gdp"] + float(chance.normal(0, 0.001)),
                "g_industry": growth["industry"] + float(chance.normal(0, 0.004)),
            }
    return months


def _growth(chance: Any, heavy: float, trend: float) -> dict[str, float]:
    """Growth of a year by field; ``industry`` is that of value added."""
    gdp = float(chance.uniform(0.04, 0.07))
    power = gdp + float(chance.normal(0.005, 0.02))
    coal = float(chance.normal(-0.005, 0.04))
    industry = gdp + float(chance.normal(0.0, 0.015))
    noise = float(chance.normal(0.012, 0.006))
    energy = 0.45 * power + 0.25 * heavy * coal + 0.2 * industry + trend * 0.6 + noise
    return {
        "energy": energy,
        "electricity": power,
        "coal": coal,
        "gdp": gdp,
        "industry": industry,
        "industry_energy": energy + 0.002,
    }


def city_rows(rows: Rows, whole: Rows) -> Rows:
    """The city's own rows for the periods of ``rows``, as sums of ``whole``.

    ``whole`` are the figures with nothing left out: a city knows its total before every district
    has reported.
    """
    of_city: Rows = []
    for period in dict.fromkeys(row["period"] for row in rows):
        parts = [row for row in whole if row["period"] == period]
        gdp = sum(row["gdp"] for row in parts)
        amounts = {name: round(sum(row[name] for row in parts), 3) for name in AMOUNTS}
        growths = {
            name: round(sum(row[name] * row["gdp"] for row in parts) / gdp, 1)
            for name in ("gdp_growth", "industry_growth")
        }
        row = {"place": CITY, "period": period, "source_title": MADE_UP}
        of_city.append(row | amounts | growths)
    return of_city


def _typed(
    code: str,
    months: Months,
    first: int,
    last: tuple[int, int],
    until: tuple[int, int] | None,
) -> Rows:
    """Cumulative rows in printed digits; energy is open after ``until``."""
    rows: Rows = []
    for year in range(first, last[0] + 1):
        total = dict.fromkeys(("energy", "electricity", "coal", "gdp", "industry_energy"), 0.0)
        for month in range(1, 13):
            if (year, month) > last:
                break
            figures = months[year, month]
            for name in total:
                total[name] += figures[name]
            row: dict[str, Any] = {
                "place": code,
                "period": f"{year}年1-{month}月" if month > 1 else f"{year}年1月",
                "electricity": round(total["electricity"] / 10, 3),
                "coal": round(total["coal"], 2),
                "gdp": round(total["gdp"], 2),
                "gdp_growth": round(figures["g_gdp"] * 100, 1),
                "industry_growth": round(figures["g_industry"] * 100, 1),
                "source_title": MADE_UP,
            }
            if until is None or (year, month) <= until:
                row |= {
                    "energy": round(total["energy"], 2),
                    "industry_energy": round(total["industry_energy"], 2),
                    "co2": round(total["coal"] * 1.9 + total["electricity"] * 0.6, 2),
                }
            rows.append(row)
    return rows


def goal_rows(number: int = len(NAMES), seed: int = 990001) -> Rows:
    """Five-year goals of the city and its districts, 14 % or so, with what is done through 2024."""
    chance = np.random.default_rng(seed)
    steps = [-1, -0.5, 0, 0.5, 1, 2]

    def goal(place: str, cut: float) -> dict[str, Any]:
        return {
            "place": place,
            "goal_kind": "单位GDP能耗降低",
            "base_year": 2020,
            "goal_year": 2025,
            "goal_cut": cut,
            "done_year": 2024,
            "done_cut": round(cut * float(chance.uniform(0.72, 0.97)), 2),
            "growth_allowed": round(float(chance.uniform(1.5, 3.5)), 1),
            "source_title": MADE_UP,
        }

    cuts = {CITY: 14.0} | {
        code: round(14.0 + float(chance.choice(steps)), 1) for code in district_codes(number)
    }
    return [goal(place, cut) for place, cut in cuts.items()]


def unit_rows(month: int, year: int = 2025, number: int = len(NAMES), seed: int = 990002) -> Rows:
    """Key units of the districts: energy of the months so far beside the plan of the year."""
    chance = np.random.default_rng(seed)
    rows = []
    for code in district_codes(number):
        name = NAMES[(int(code[-2:]) - 1) % len(NAMES)]
        for k, kind in enumerate(("水泥", "钢铁", "化工", "铝业")):
            plan = round(float(np.exp(chance.normal(10.5, 0.7))))
            pace = float(chance.normal(0.97, 0.06))
            rows.append(
                {
                    "place": code,
                    "entity": f"99DW{code[-2:]}{k:012d}"[:18],
                    "entity_name": f"合成{name}{kind}厂（虚构）",
                    "period": f"{year}年1-{month}月",
                    "energy": round(plan * pace * month / 12),
                    "plan": plan,
                    "source_title": MADE_UP,
                }
            )
    return rows


def load(
    workspace: Workspace, form_id: str, rows: Sequence[dict[str, Any]], folder: Path, word: str
) -> Any:
    """Write rows as the Excel file of a form, read it as any other file and approve it."""
    from hengtan.report.sheet.filled import write_filled_form

    form = workspace.form(form_id)
    path = folder / f"合成数据_{form.title_zh}_{word}.xlsx"
    write_filled_form(form, rows, path, f"{form.title_zh}（{MADE_UP}）")
    return import_file(
        workspace, form_id, path, actor=ACTOR, approve=True, intake=Intake(demo=True)
    )


def sample(
    folder: Path, progress: Callable[[float, str], None]
) -> tuple[Workspace, dict[str, Any]]:
    """The sample: the workspace and June's bulletin.

    May is frozen as an issue, then a revision and June arrive (one district without its energy
    yet), and June is made.
    """
    workspace, files = synthetic_city(folder), folder / "合成数据"
    late = district_codes()[6]
    rows = monthly_rows(energy_until={late: (2025, 5)})
    rows += city_rows(rows, monthly_rows())
    june = [row for row in rows if row["period"] == "2025年1-6月"]
    for n, year in enumerate(range(2022, 2026)):
        progress(n / 8, f"导入{year}年各月")
        of_year = [r for r in rows if r["period"].startswith(str(year)) and r not in june]
        load(workspace, "monthly_figures", of_year, files, f"{year}年")
    load(workspace, "intensity_goals", goal_rows(), files, "十四五")
    load(workspace, "key_unit_months", unit_rows(5), files, "2025年5月")
    progress(0.6, "存档1—5月通报")
    freeze(workspace, make(workspace, "2025-05"), ACTOR, note="样例")
    progress(0.7, "导入1—6月与修订")
    load(workspace, "monthly_figures", [_revised_may(rows)], files, "修订")
    load(workspace, "monthly_figures", june, files, "2025年6月")
    load(workspace, "key_unit_months", unit_rows(6), files, "2025年6月")
    progress(0.9, "编制1—6月通报")
    return workspace, make(workspace, "2025-06")


def _revised_may(rows: Rows) -> dict[str, Any]:
    """May of one district, its energy revised upwards."""
    revised = district_codes()[2]
    may = next(r for r in rows if r["place"] == revised and r["period"] == "2025年1-5月")
    return {**may, "energy": round(may["energy"] * 1.012, 2), "vintage": "修订"}
