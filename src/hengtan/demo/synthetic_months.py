"""A synthetic city (合成市，虚构数据) with monthly figures of its districts, their goals and key units, through Excel files and the ordinary reader.

Nothing in it is a statistic of any place. Place codes begin with 99, which GB/T 2260 does not use; names, files and titles say that it is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.desk.evidence import Intake, import_file
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
MADE_UP, ACTOR = "合成数据（虚构，不是任何地区的统计）", "synthetic-generator"
Rows = list[dict[str, Any]]


def district_codes(number: int = len(NAMES)) -> list[str]:
    """Codes of the made-up districts."""
    return [f"99{n + 1:04d}" for n in range(number)]


def synthetic_city(folder: Path, number: int = len(NAMES)) -> Workspace:
    """An empty workspace with the made-up city and its districts."""
    from hengtan.desk.new import with_own_pack

    places = [
        {
            "place": CITY,
            "name_zh": "合成市（虚构数据）",
            "name_en": "Synthetic city",
            "kind": "city",
            "source": MADE_UP,
            "confidence": "proposal",
        }
    ]
    places += [
        {
            "place": code,
            "name_zh": f"合成{NAMES[n % len(NAMES)]}区{n // len(NAMES) + 1 if n >= len(NAMES) else ''}",
            "name_en": f"Synthetic district {n + 1}",
            "parent": CITY,
            "source": MADE_UP,
            "confidence": "proposal",
        }
        for n, code in enumerate(district_codes(number))
    ]
    meta = {
        "id": "synthetic-city",
        "title_zh": "合成市（虚构数据）",
        "title_en": "Synthetic city",
        "extends": "cn",
        "region": CITY,
        "edition": "1",
    }
    return with_own_pack(
        folder,
        meta,
        {"places": places},
        Settings(
            "合成市（虚构数据）", "Synthetic city (made-up data)", CITY, "synthetic-city", demo=True
        ),
    )


def monthly_rows(
    first: int = 2022,
    last: tuple[int, int] = (2025, 6),
    *,
    number: int = len(NAMES),
    seed: int = 990000,
    energy_until: dict[str, tuple[int, int]] | None = None,
) -> Rows:
    """Cumulative figures of every month as people would type them. ``energy_until``: of a district, the last month whose energy, amounts and growth, is known.

    Energy follows electricity, coal and industry with noise; GDP grows at 4–7 % a year, published each month here.
    """
    chance = np.random.default_rng(seed)
    rows: Rows = []
    for code in district_codes(number):
        size, heavy = float(np.exp(chance.normal(5.2, 0.5))), float(chance.uniform(0.2, 0.8))
        trend = float(chance.uniform(-0.055, 0.04))
        level, power, coal, gdp, industry = (
            size,
            size * 0.9,
            size * heavy,
            size * 2.4 / (0.6 + heavy),
            size * heavy * 0.7,
        )
        months: dict[tuple[int, int], dict[str, float]] = {}
        for year in range(first, last[0] + 1):
            g_gdp = float(chance.uniform(0.04, 0.07))
            g_power, g_coal, g_industry = (
                g_gdp + float(chance.normal(0.005, 0.02)),
                float(chance.normal(-0.005, 0.04)),
                g_gdp + float(chance.normal(0.0, 0.015)),
            )
            g_energy = (
                0.45 * g_power
                + 0.25 * heavy * g_coal
                + 0.2 * g_industry
                + trend * 0.6
                + float(chance.normal(0.012, 0.006))
            )
            if year > first:
                level, power, coal, gdp, industry = (
                    level * (1 + g_energy),
                    power * (1 + g_power),
                    coal * (1 + g_coal),
                    gdp * (1 + g_gdp),
                    industry * (1 + g_energy + 0.002),
                )
            for month in range(1, 13):
                season = 1 + 0.1 * np.cos((month - 1) / 6 * np.pi)
                months[year, month] = {
                    name: value / 12 * season * float(chance.normal(1, 0.008))
                    for name, value in (
                        ("energy", level),
                        ("electricity", power),
                        ("coal", coal),
                        ("gdp", gdp),
                        ("industry_energy", industry),
                    )
                } | {
                    "g_gdp": g_gdp + float(chance.normal(0, 0.001)),
                    "g_industry": g_industry + float(chance.normal(0, 0.004)),
                }
        rows += _typed(code, months, first, last, (energy_until or {}).get(code))
    return rows


def city_rows(rows: Rows, whole: Rows) -> Rows:
    """The city's own rows for the periods of ``rows``, as sums of ``whole`` (the figures with nothing left out): a city knows its total before every district has reported."""
    made: Rows = []
    for period in dict.fromkeys(r["period"] for r in rows):
        held = [r for r in whole if r["period"] == period]
        row: dict[str, Any] = {"place": CITY, "period": period, "source_title": MADE_UP}
        row |= {
            name: round(sum(r[name] for r in held), 3)
            for name in ("energy", "electricity", "coal", "gdp", "industry_energy", "co2")
        }
        row |= {
            name: round(sum(r[name] * r["gdp"] for r in held) / sum(r["gdp"] for r in held), 1)
            for name in ("gdp_growth", "industry_growth")
        }
        made.append(row)
    return made


def _typed(
    code: str,
    months: dict[tuple[int, int], dict[str, float]],
    first: int,
    last: tuple[int, int],
    until: tuple[int, int] | None,
) -> Rows:
    made: Rows = []
    for year in range(first, last[0] + 1):
        total = dict.fromkeys(("energy", "electricity", "coal", "gdp", "industry_energy"), 0.0)
        for month in range(1, 13):
            if (year, month) > last:
                break
            for name in total:
                total[name] += months[year, month][name]
            row: dict[str, Any] = {
                "place": code,
                "period": f"{year}年1-{month}月" if month > 1 else f"{year}年1月",
                "electricity": round(total["electricity"] / 10, 3),
                "coal": round(total["coal"], 2),
                "gdp": round(total["gdp"], 2),
                "gdp_growth": round(months[year, month]["g_gdp"] * 100, 1),
                "industry_growth": round(months[year, month]["g_industry"] * 100, 1),
                "source_title": MADE_UP,
            }
            if until is None or (year, month) <= until:
                row |= {
                    "energy": round(total["energy"], 2),
                    "industry_energy": round(total["industry_energy"], 2),
                    "co2": round(total["coal"] * 1.9 + total["electricity"] * 0.6, 2),
                }
            made.append(row)
    return made


def goal_rows(number: int = len(NAMES), seed: int = 990001) -> Rows:
    """Five-year goals of the city and its districts, 14 % or so, with what is done through 2024."""
    chance = np.random.default_rng(seed)
    return [
        {
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
        for place, cut in (
            (CITY, 14.0),
            *(
                (code, round(14.0 + float(chance.choice([-1, -0.5, 0, 0.5, 1, 2])), 1))
                for code in district_codes(number)
            ),
        )
    ]


def unit_rows(month: int, year: int = 2025, number: int = len(NAMES), seed: int = 990002) -> Rows:
    """Key units of the districts: energy of the months so far beside the plan of the year."""
    chance = np.random.default_rng(seed)
    rows = []
    for code in district_codes(number):
        for k in range(4):
            plan, pace = (
                round(float(np.exp(chance.normal(10.5, 0.7)))),
                float(chance.normal(0.97, 0.06)),
            )
            rows.append(
                {
                    "place": code,
                    "entity": f"99DW{code[-2:]}{k:012d}"[:18],
                    "entity_name": f"合成{NAMES[(int(code[-2:]) - 1) % len(NAMES)]}{('水泥', '钢铁', '化工', '铝业')[k]}厂（虚构）",
                    "period": f"{year}年1-{month}月",
                    "energy": round(plan * pace * month / 12),
                    "plan": plan,
                    "source_title": MADE_UP,
                }
            )
    return rows


def load(
    workspace: Workspace, form: str, rows: Sequence[dict[str, Any]], folder: Path, word: str
) -> Any:
    """Write rows as the Excel file of a form, read it as any other file and approve it."""
    from hengtan.report.sheet.filled import write_filled_form

    held = workspace.form(form)
    path = write_filled_form(
        held,
        rows,
        folder / f"合成数据_{held.title_zh}_{word}.xlsx",
        f"{held.title_zh}（{MADE_UP}）",
    )
    return import_file(workspace, form, path, actor=ACTOR, approve=True, intake=Intake(demo=True))


def sample(
    folder: Path, progress: Callable[[float, str], None]
) -> tuple[Workspace, dict[str, Any]]:
    """The sample: May is frozen as an issue, then a revision and June arrive (one district without its energy yet), and June is made. Returns the workspace and June's bulletin."""
    from hengtan.desk import bulletin

    workspace, files = synthetic_city(folder), folder / "合成数据"
    late = district_codes()[6]
    rows = monthly_rows(energy_until={late: (2025, 5)})
    rows += city_rows(rows, monthly_rows())
    june = [r for r in rows if r["period"] == "2025年1-6月"]
    for n, year in enumerate(range(2022, 2026)):
        progress(n / 8, f"导入{year}年各月")
        load(
            workspace,
            "monthly_figures",
            [r for r in rows if r["period"].startswith(str(year)) and r not in june],
            files,
            f"{year}年",
        )
    load(workspace, "intensity_goals", goal_rows(), files, "十四五")
    load(workspace, "key_unit_months", unit_rows(5), files, "2025年5月")
    progress(0.6, "存档1—5月通报")
    bulletin.freeze(workspace, bulletin.make(workspace, "2025-05"), by=ACTOR, note="样例")
    progress(0.7, "导入1—6月与修订")
    may = next(
        r for r in rows if r["place"] == district_codes()[2] and r["period"] == "2025年1-5月"
    )
    load(
        workspace,
        "monthly_figures",
        [{**may, "energy": round(may["energy"] * 1.012, 2), "vintage": "修订"}],
        files,
        "修订",
    )
    load(workspace, "monthly_figures", june, files, "2025年6月")
    load(workspace, "key_unit_months", unit_rows(6), files, "2025年6月")
    progress(0.9, "编制1—6月通报")
    return workspace, bulletin.make(workspace, "2025-06")
