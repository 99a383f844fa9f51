"""A synthetic district (合成区，虚构数据): enterprises whose monthly books close, from Excel files through the ordinary reader to the accounts.

Nothing in it is a statistic of any place. Names, codes and files say that it is made up; the place codes begin with 99, which GB/T 2260 does not use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.desk.evidence import Intake, import_file
from hengtan.workspace.config import Settings
from hengtan.workspace.workspace import Workspace

CITY, DISTRICT, OTHER = "990000", "990001", "990002"
TITLE = "合成区（虚构数据）"
ACTOR = "synthetic-generator"
YEARS = (2022, 2023)
KINDS: tuple[tuple[str, str, dict[str, tuple[str, float]], str | None], ...] = (
    # industry, name, products with unit and monthly size, item produced
    ("44", "发电厂", {"raw_coal": ("吨", 30000.0)}, "thermal_power"), ("30", "水泥厂", {"raw_coal": ("吨", 4000.0), "electricity": ("万千瓦时", 500.0), "diesel": ("吨", 20.0)}, "cement_clinker"),
    ("31", "钢铁厂", {"coke": ("吨", 3000.0), "raw_coal": ("吨", 800.0), "electricity": ("万千瓦时", 900.0)}, "pig_iron_steelmaking"), ("26", "化工厂", {"raw_coal": ("吨", 900.0), "natural_gas": ("万立方米", 200.0), "electricity": ("万千瓦时", 400.0)}, "calcium_carbide"),
    ("32", "铝厂", {"natural_gas": ("万立方米", 60.0), "electricity": ("万千瓦时", 3000.0)}, "al_pfpb"), ("13", "食品厂", {"natural_gas": ("万立方米", 8.0), "electricity": ("万千瓦时", 40.0)}, None),
    ("36", "汽车厂", {"natural_gas": ("万立方米", 15.0), "electricity": ("万千瓦时", 120.0), "gasoline": ("吨", 5.0)}, None), ("61", "宾馆", {"natural_gas": ("万立方米", 2.0), "electricity": ("万千瓦时", 15.0)}, None),
    ("64", "数据中心", {"electricity": ("万千瓦时", 300.0), "diesel": ("吨", 1.0)}, None), ("54", "运输公司", {"diesel": ("吨", 60.0), "gasoline": ("吨", 10.0)}, None), ("92", "机关单位", {"electricity": ("万千瓦时", 5.0), "natural_gas": ("万立方米", 0.6)}, None),
)  # fmt: skip
WEIGHTS = (0.01, 0.05, 0.03, 0.06, 0.02, 0.18, 0.15, 0.15, 0.05, 0.15, 0.15)
STORED = ("raw_coal", "coke", "diesel", "gasoline")
COEFFICIENT = {"natural_gas": 12.143}
"""tce per 10^4 m3 as an enterprise would report it: the set of form 205-1 gives a range for gas only."""


@dataclass
class District:
    """What was made: rows by form as a person would type them, and the truth summed apart from the accounts.

    ``consumed`` is by (industry, product, year, month) in the unit of ``KINDS``; ``planted`` are errors put in on purpose, by (kind, entity, product, period).
    """

    place: str
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    consumed: dict[tuple[str, str, int, int], float] = field(default_factory=dict)
    made: dict[tuple[str, int], float] = field(default_factory=dict)
    planted: list[tuple[str, str, str, str]] = field(default_factory=list)


def make_district(
    enterprises: int = 500,
    years: tuple[int, ...] = YEARS,
    *,
    place: str = DISTRICT,
    seed: int = 990001,
    plant_errors: bool = False,
) -> District:
    """Draw a district. Books close in printed digits: opening + purchased + output - consumed - sold = closing, and the closing stock opens the next month."""
    chance = np.random.default_rng(seed)
    made = District(place)
    energy: list[dict[str, Any]] = []
    kinds = chance.choice(len(KINDS), size=enterprises, p=np.array(WEIGHTS) / sum(WEIGHTS))
    kinds[: len(KINDS)] = range(min(len(KINDS), enterprises))
    for number, kind in enumerate(kinds):
        industry, word, products, item = KINDS[kind]
        entity, name, size = (
            f"99HC{place[-2:]}{number:012d}"[:18],
            f"合成{word}{number + 1}号（虚构）",
            float(np.exp(chance.normal(0, 0.6))),
        )
        owner = {"place": place, "entity": entity, "entity_name": name, "industry": industry}
        for product, (unit, base) in products.items():
            energy += _months(chance, made, owner, product, unit, base * size, years)
        if industry == "44":
            energy += _power_made(chance, made, owner, years)
        if item and item != "thermal_power":
            for year in years:
                amount = round(float(chance.uniform(38000, 42000)) * size, 1)
                made.made[item, year] = made.made.get((item, year), 0.0) + amount
                made.rows.setdefault("industrial_products", []).append(
                    {k: owner[k] for k in ("place", "entity", "entity_name")}
                    | {
                        "period": str(year),
                        "item": item,
                        "amount": amount,
                        "unit": "吨",
                        "value_added": round(amount * 300.0, 0),
                    }
                )
    if plant_errors:
        _plant(energy, made)
    made.rows["enterprise_energy"] = energy
    _rest(chance, made, years)
    return made


def _months(
    chance: Any,
    made: District,
    owner: dict[str, Any],
    product: str,
    unit: str,
    size: float,
    years: tuple[int, ...],
) -> Iterator[dict[str, Any]]:
    digits = 2 if size > 1000 else 4
    stock = round(size * 0.5, digits) if product in STORED else None
    for year in years:
        for month in range(1, 13):
            season = 1 + 0.15 * np.cos((month - 1) / 12 * 2 * np.pi)
            consumed = round(float(size * season * chance.uniform(0.9, 1.1)), digits)
            row = owner | {
                "period": f"{year}年{month}月",
                "product": product,
                "unit": unit,
                "consumed": consumed,
            }
            if owner["industry"] == "44" and product == "raw_coal":
                row["in_power"] = round(consumed * 0.99, digits)
            if product in COEFFICIENT:
                row["coefficient"] = COEFFICIENT[product]
            if stock is None:
                row["purchased"] = consumed
            else:
                purchased = round(
                    float(max(consumed + size * 0.5 - stock, 0.0) * chance.uniform(0.95, 1.05)),
                    digits,
                )
                closing = round(stock + purchased - consumed, digits)
                row |= {"opening": stock, "purchased": purchased, "closing": closing}
                stock = closing
            key = (owner["industry"], product, year, month)
            made.consumed[key] = made.consumed.get(key, 0.0) + consumed
            yield row


def _power_made(
    chance: Any, made: District, owner: dict[str, Any], years: tuple[int, ...]
) -> Iterator[dict[str, Any]]:
    for year in years:
        for month in range(1, 13):
            output = round(float(chance.uniform(8000, 9000)), 2)
            used = round(output * 0.06, 2)
            made.consumed["44", "electricity", year, month] = (
                made.consumed.get(("44", "electricity", year, month), 0.0) + used
            )
            yield owner | {
                "period": f"{year}年{month}月",
                "product": "electricity",
                "unit": "万千瓦时",
                "transformation_out": output,
                "consumed": used,
                "sold": round(output - used, 2),
            }


def _plant(energy: list[dict[str, Any]], made: District) -> None:
    """Known errors: a decimal point slipped, a month left out, books that do not close, a figure copied to the next month."""

    def find(industry: str, product: str, period: str) -> dict[str, Any]:
        return next(
            r
            for r in energy
            if (r["industry"], r["product"], r["period"]) == (industry, product, period)
        )

    slipped = find("13", "electricity", "2022年6月")
    slipped["consumed"] = slipped["purchased"] = round(slipped["consumed"] * 100, 2)
    made.planted.append(("sudden_change", slipped["entity"], "electricity", "2022-06"))
    lost = find("36", "gasoline", "2022年9月")
    energy.remove(lost)
    made.planted.append(("missing_month", lost["entity"], "gasoline", "2022-09"))
    open_books = find("31", "coke", "2023年3月")
    open_books["closing"] = round(open_books["closing"] + 0.3 * open_books["consumed"], 2)
    made.planted.append(("books_open", open_books["entity"], "coke", "2023-03"))
    first, second = find("61", "natural_gas", "2023年4月"), find("61", "natural_gas", "2023年5月")
    second["consumed"] = second["purchased"] = first["consumed"]
    made.planted.append(("copied", first["entity"], "natural_gas", "2023-05"))


def _rest(chance: Any, made: District, years: tuple[int, ...]) -> None:
    """Households, transport, farms, waste, power bought, GDP and the coal rate: enough for an inventory and its intensities."""
    place = made.place
    for year in years:
        at = {"place": place, "period": str(year)}
        made.rows.setdefault("farm_activity", []).extend(
            [
                at | {"item": "swine", "mode": "规模化饲养", "amount": 12.5, "unit": "万头"},
                at | {"item": "dairy", "mode": "农户饲养", "amount": 3200.0, "unit": "头"},
                at | {"item": "rice_single", "amount": 8.4, "unit": "万亩"},
                at | {"item": "n_fertiliser", "amount": 2600.0, "unit": "吨"},
            ]
        )
        made.rows.setdefault("forest_activity", []).append(
            at | {"item": "bamboo_change", "amount": 120.0, "unit": "公顷"}
        )
        made.rows.setdefault("waste_activity", []).extend(
            [
                at | {"item": "msw_landfilled", "site": "管理", "amount": 4.2, "unit": "万吨"},
                at | {"item": "msw_incinerated", "amount": 9.8, "unit": "万吨"},
                at | {"item": "bod_treated", "amount": 2100.0, "unit": "吨"},
            ]
        )
        made.rows.setdefault("energy_exchange", []).append(
            at
            | {
                "product": "电力",
                "direction": "调入",
                "counterpart": CITY,
                "amount": round(float(chance.uniform(18, 22)), 3),
                "unit": "亿千瓦时",
            }
        )
        made.rows.setdefault("coal_rate", []).append(
            at
            | {
                "kind": "供电煤耗",
                "rate": 301.0,
                "unit": "克标准煤/千瓦时",
                "source_title": "合成数据（虚构）",
            }
        )
        made.rows.setdefault("gdp_values", []).append(
            at
            | {
                "price": "不变价",
                "price_base": 2020,
                "gdp": round(420.0 * 1.06 ** (year - years[0]), 2),
                "unit": "亿元",
                "source_title": "合成数据（虚构）",
            }
        )


def synthetic_workspace(folder: Path) -> Workspace:
    """An empty workspace with the made-up city and its two districts, their grid factor (that of the nation) and factor regions, all said to be synthetic."""
    from hengtan import packs
    from hengtan.desk.new import with_own_pack

    nation = [
        r
        for r in packs.load("cn").rows("grid_factors")
        if r["grid"] == "CN" and r["factor_kind"] == "average"
    ]
    source, proposal = "合成数据（虚构），取全国值", "proposal"
    tables = {
        "places": [
            {
                "place": CITY,
                "name_zh": "合成市（虚构数据）",
                "name_en": "Synthetic city",
                "kind": "city",
                "source": source,
                "confidence": proposal,
            },
            {
                "place": DISTRICT,
                "name_zh": TITLE,
                "name_en": "Synthetic district",
                "parent": CITY,
                "source": source,
                "confidence": proposal,
            },
            {
                "place": OTHER,
                "name_zh": "合成二区（虚构数据）",
                "name_en": "Second synthetic district",
                "parent": CITY,
                "source": source,
                "confidence": proposal,
            },
        ],
        "grid_factors": [
            {
                "factor_kind": "average",
                "grid": CITY,
                "data_year": str(r["data_year"]),
                "scope_level": "province",
                "name_zh": "合成市",
                "name_en": "Synthetic city",
                "value": str(r["value"]),
                "unit": r["unit"],
                "source": source,
                "confidence": proposal,
                "evidence": "derived",
            }
            for r in nation
        ],
        "factor_regions": [
            {
                "province": CITY,
                "region_kind": kind,
                "region": region,
                "source": source,
                "confidence": proposal,
            }
            for kind, region in (("manure", "西南"), ("cropland", "IV"), ("bod", "西南"))
        ],
    }
    meta = {
        "id": "synthetic",
        "title_zh": "合成市（虚构数据）",
        "title_en": "Synthetic city",
        "extends": "cn",
        "region": CITY,
        "edition": "1",
    }
    return with_own_pack(
        folder,
        meta,
        tables,
        Settings(f"{TITLE}演示", "Synthetic district (made-up data)", CITY, "synthetic", demo=True),
    )


def write_files(workspace: Workspace, district: District, folder: Path) -> list[tuple[str, Path]]:
    """The rows of a district as Excel files, one a form and one a quarter for the monthly form; names and titles say that they are synthetic."""
    from hengtan.report.sheet.filled import write_filled_form

    written = []
    for form_id, rows in district.rows.items():
        form = workspace.form(form_id)
        parts: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            parts.setdefault(
                _quarter(row["period"]) if form_id == "enterprise_energy" else "", []
            ).append(row)
        for part, held in sorted(parts.items()):
            path = (
                folder
                / f"合成数据_{district.place}_{form.title_zh.split('（')[0]}{f'_{part}' if part else ''}.xlsx"
            )
            written.append(
                (
                    form_id,
                    write_filled_form(
                        form, held, path, f"{form.title_zh}（合成数据，虚构，不是任何地区的统计）"
                    ),
                )
            )
    return written


def _quarter(period: str) -> str:
    year, _, month = period.partition("年")
    return f"{year}Q{(int(month.rstrip('月')) - 1) // 3 + 1}"


def load_district(
    workspace: Workspace, district: District, folder: Path, progress: Callable[[float, str], None]
) -> list[Any]:
    """Write the files, read them as any other file and approve them; the reports of the imports."""
    files = write_files(workspace, district, folder)
    reports = []
    for n, (form_id, path) in enumerate(files):
        progress(n / len(files), f"导入 {path.name}")
        reports.append(
            import_file(
                workspace, form_id, path, actor=ACTOR, approve=True, intake=Intake(demo=True)
            )
        )
    return reports
