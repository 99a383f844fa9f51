"""A synthetic district (合成区，虚构数据): enterprises whose monthly books close, from Excel files
through the ordinary reader to the accounts.

Nothing in it is a statistic of any place. Names, codes and files say that it is made up; the place
codes begin with 99, which GB/T 2260 does not use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.desk.evidence import Intake, import_file
from hengtan.desk.new import with_own_pack
from hengtan.workspace.config import Settings
from hengtan.workspace.workspace import Workspace

CITY, DISTRICT, OTHER = "990000", "990001", "990002"
TITLE = "合成区（虚构数据）"
CITY_ZH = "合成市（虚构数据）"
MADE_UP = "合成数据，虚构，不是任何地区的统计"
PROPOSED = {"source": "合成数据（虚构），取全国值", "confidence": "proposal"}
PLACES = (
    {"place": CITY, "name_zh": CITY_ZH, "name_en": "Synthetic city", "kind": "city"},
    {"place": DISTRICT, "name_zh": TITLE, "name_en": "Synthetic district", "parent": CITY},
    {
        "place": OTHER,
        "name_zh": "合成二区（虚构数据）",
        "name_en": "Second synthetic district",
        "parent": CITY,
    },
)
ACTOR = Actor("synthetic-generator")
YEARS = (2022, 2023)
Row = dict[str, Any]
KINDS: tuple[tuple[str, str, dict[str, tuple[str, float]], str | None], ...] = (
    ("44", "发电厂", {"raw_coal": ("吨", 30000.0)}, "thermal_power"),
    (
        "30",
        "水泥厂",
        {
            "raw_coal": ("吨", 4000.0),
            "electricity": ("万千瓦时", 500.0),
            "diesel": ("吨", 20.0),
        },
        "cement_clinker",
    ),
    (
        "31",
        "钢铁厂",
        {
            "coke": ("吨", 3000.0),
            "raw_coal": ("吨", 800.0),
            "electricity": ("万千瓦时", 900.0),
        },
        "pig_iron_steelmaking",
    ),
    (
        "26",
        "化工厂",
        {
            "raw_coal": ("吨", 900.0),
            "natural_gas": ("万立方米", 200.0),
            "electricity": ("万千瓦时", 400.0),
        },
        "calcium_carbide",
    ),
    (
        "32",
        "铝厂",
        {"natural_gas": ("万立方米", 60.0), "electricity": ("万千瓦时", 3000.0)},
        "al_pfpb",
    ),
    (
        "13",
        "食品厂",
        {"natural_gas": ("万立方米", 8.0), "electricity": ("万千瓦时", 40.0)},
        None,
    ),
    (
        "36",
        "汽车厂",
        {
            "natural_gas": ("万立方米", 15.0),
            "electricity": ("万千瓦时", 120.0),
            "gasoline": ("吨", 5.0),
        },
        None,
    ),
    ("61", "宾馆", {"natural_gas": ("万立方米", 2.0), "electricity": ("万千瓦时", 15.0)}, None),
    ("64", "数据中心", {"electricity": ("万千瓦时", 300.0), "diesel": ("吨", 1.0)}, None),
    ("54", "运输公司", {"diesel": ("吨", 60.0), "gasoline": ("吨", 10.0)}, None),
    ("92", "机关单位", {"electricity": ("万千瓦时", 5.0), "natural_gas": ("万立方米", 0.6)}, None),
)
"""Industry, name, products with unit and monthly size, item produced."""
WEIGHTS = (0.01, 0.05, 0.03, 0.06, 0.02, 0.18, 0.15, 0.15, 0.05, 0.15, 0.15)
"""Shares of the kinds among the enterprises."""
STORED = ("raw_coal", "coke", "diesel", "gasoline")
COEFFICIENT = {"natural_gas": 12.143}
"""tce per 10^4 m3 as an enterprise would report it: the set of form 205-1 gives a range for gas
only.
"""


@dataclass
class District:
    """What was made: rows by form as a person would type them, and the truth summed apart from the
    accounts.

    ``consumed`` is by (industry, product, year, month) in the unit of ``KINDS``; ``planted`` are
    errors put in on purpose, by (kind, entity, product, period).
    """

    place: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    consumed: dict[tuple[str, str, int, int], float] = field(default_factory=dict)
    produced: dict[tuple[str, int], float] = field(default_factory=dict)
    planted: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, industry: str, product: str, year: int, month: int, amount: float) -> None:
        """Count an amount consumed into the truth."""
        key = (industry, product, year, month)
        self.consumed[key] = self.consumed.get(key, 0.0) + amount


def make_district(
    enterprises: int = 500,
    years: tuple[int, ...] = YEARS,
    *,
    place: str = DISTRICT,
    seed: int = 990001,
    plant_errors: bool = False,
) -> District:
    """Draw a district.

    Books close in printed digits: opening + purchased + output - consumed - sold = closing, and the
    closing stock opens the next month.
    """
    chance = np.random.default_rng(seed)
    district = District(place)
    energy: list[Row] = []
    kinds = chance.choice(len(KINDS), size=enterprises, p=np.array(WEIGHTS) / sum(WEIGHTS))
    kinds[: len(KINDS)] = range(min(len(KINDS), enterprises))
    for number, kind in enumerate(kinds):
        industry, word, products, item = KINDS[kind]
        size = float(np.exp(chance.normal(0, 0.6)))
        owner = {
            "place": place,
            "entity": f"99HC{place[-2:]}{number:012d}"[:18],
            "entity_name": f"合成{word}{number + 1}号（虚构）",
            "industry": industry,
        }
        for product, (unit, base) in products.items():
            energy += _months(chance, district, owner, Monthly(product, unit, base * size), years)
        if industry == "44":
            energy += _power_made(chance, district, owner, years)
        if item and item != "thermal_power":
            for year in years:
                _produce(chance, district, owner, item, year, size)
    if plant_errors:
        _plant(energy, district)
    district.rows["enterprise_energy"] = energy
    _rest(chance, district, years)
    return district


def _produce(
    chance: Any, district: District, owner: Row, item: str, year: int, size: float
) -> None:
    """A year's output of an industrial product. [t]"""
    amount = round(float(chance.uniform(38000, 42000)) * size, 1)
    district.produced[item, year] = district.produced.get((item, year), 0.0) + amount
    district.rows.setdefault("industrial_products", []).append(
        {name: owner[name] for name in ("place", "entity", "entity_name")}
        | {
            "period": str(year),
            "item": item,
            "amount": amount,
            "unit": "吨",
            "value_added": round(amount * 300.0, 0),
        }
    )


@dataclass(frozen=True)
class Monthly:
    """A product an enterprise uses: its unit and the usual amount of a month."""

    product: str
    unit: str
    size: float


def _months(
    chance: Any, district: District, owner: Row, monthly: Monthly, years: tuple[int, ...]
) -> Iterator[Row]:
    """The monthly books of one product; what is kept in stock is carried from month to month."""
    product, size = monthly.product, monthly.size
    digits = 2 if size > 1000 else 4
    stock = round(size * 0.5, digits) if product in STORED else None
    for year, month in _months_of(years):
        season = 1 + 0.15 * np.cos((month - 1) / 12 * 2 * np.pi)
        consumed = round(float(size * season * chance.uniform(0.9, 1.1)), digits)
        row = owner | {
            "period": f"{year}年{month}月",
            "product": product,
            "unit": monthly.unit,
            "consumed": consumed,
        }
        if owner["industry"] == "44" and product == "raw_coal":
            row["in_power"] = round(consumed * 0.99, digits)
        if product in COEFFICIENT:
            row["coefficient"] = COEFFICIENT[product]
        if stock is None:
            row["purchased"] = consumed
        else:
            wanted = float(max(consumed + size * 0.5 - stock, 0.0) * chance.uniform(0.95, 1.05))
            purchased = round(wanted, digits)
            closing = round(stock + purchased - consumed, digits)
            row |= {"opening": stock, "purchased": purchased, "closing": closing}
            stock = closing
        district.add(owner["industry"], product, year, month, consumed)
        yield row


def _months_of(years: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return ((year, month) for year in years for month in range(1, 13))


def _power_made(
    chance: Any, district: District, owner: Row, years: tuple[int, ...]
) -> Iterator[Row]:
    """Power generated, used in the plant and sold. [10⁴ kWh]"""
    for year, month in _months_of(years):
        output = round(float(chance.uniform(8000, 9000)), 2)
        used = round(output * 0.06, 2)
        district.add("44", "electricity", year, month, used)
        yield owner | {
            "period": f"{year}年{month}月",
            "product": "electricity",
            "unit": "万千瓦时",
            "transformation_out": output,
            "consumed": used,
            "sold": round(output - used, 2),
        }


def _plant(energy: list[Row], district: District) -> None:
    """Known errors: a decimal point slipped, a month left out, books that do not close, a figure
    copied to the next month.
    """

    def find(industry: str, product: str, period: str) -> Row:
        return next(
            r
            for r in energy
            if (r["industry"], r["product"], r["period"]) == (industry, product, period)
        )

    slipped = find("13", "electricity", "2022年6月")
    slipped["consumed"] = slipped["purchased"] = round(slipped["consumed"] * 100, 2)
    district.planted.append(("sudden_change", slipped["entity"], "electricity", "2022-06"))
    lost = find("36", "gasoline", "2022年9月")
    energy.remove(lost)
    district.planted.append(("missing_month", lost["entity"], "gasoline", "2022-09"))
    open_books = find("31", "coke", "2023年3月")
    open_books["closing"] = round(open_books["closing"] + 0.3 * open_books["consumed"], 2)
    district.planted.append(("books_open", open_books["entity"], "coke", "2023-03"))
    first, second = find("61", "natural_gas", "2023年4月"), find("61", "natural_gas", "2023年5月")
    second["consumed"] = second["purchased"] = first["consumed"]
    district.planted.append(("copied", first["entity"], "natural_gas", "2023-05"))


def _rest(chance: Any, district: District, years: tuple[int, ...]) -> None:
    """Households, transport, farms, waste, power bought, GDP and the coal rate: enough for an
    inventory and its intensities.
    """
    place = district.place
    for year in years:
        at = {"place": place, "period": str(year)}
        district.rows.setdefault("farm_activity", []).extend(
            [
                at | {"item": "swine", "mode": "规模化饲养", "amount": 12.5, "unit": "万头"},
                at | {"item": "dairy", "mode": "农户饲养", "amount": 3200.0, "unit": "头"},
                at | {"item": "rice_single", "amount": 8.4, "unit": "万亩"},
                at | {"item": "n_fertiliser", "amount": 2600.0, "unit": "吨"},
            ]
        )
        district.rows.setdefault("forest_activity", []).append(
            at | {"item": "bamboo_change", "amount": 120.0, "unit": "公顷"}
        )
        district.rows.setdefault("waste_activity", []).extend(
            [
                at | {"item": "msw_landfilled", "site": "管理", "amount": 4.2, "unit": "万吨"},
                at | {"item": "msw_incinerated", "amount": 9.8, "unit": "万吨"},
                at | {"item": "bod_treated", "amount": 2100.0, "unit": "吨"},
            ]
        )
        district.rows.setdefault("energy_exchange", []).append(
            at
            | {
                "product": "电力",
                "direction": "调入",
                "counterpart": CITY,
                "amount": round(float(chance.uniform(18, 22)), 3),
                "unit": "亿千瓦时",
            }
        )
        district.rows.setdefault("coal_rate", []).append(
            at
            | {
                "kind": "供电煤耗",
                "rate": 301.0,
                "unit": "克标准煤/千瓦时",
                "source_title": "合成数据（虚构）",
            }
        )
        district.rows.setdefault("gdp_values", []).append(
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
    """An empty workspace with the made-up city and its two districts, all said to be synthetic.

    Their grid factor is that of the nation; their factor regions are those of the south-west.
    """
    meta = {
        "id": "synthetic",
        "title_zh": CITY_ZH,
        "title_en": "Synthetic city",
        "extends": "cn",
        "region": CITY,
        "edition": "1",
    }
    settings = Settings(
        f"{TITLE}演示", "Synthetic district (made-up data)", CITY, "synthetic", demo=True
    )
    tables = {
        "places": [row | PROPOSED for row in PLACES],
        "grid_factors": _grid_factors(),
        "factor_regions": [
            {"province": CITY, "region_kind": kind, "region": region, **PROPOSED}
            for kind, region in (("manure", "西南"), ("cropland", "IV"), ("bod", "西南"))
        ],
    }
    return with_own_pack(folder, meta, tables, settings)


def _grid_factors() -> list[dict[str, str]]:
    """The average factors of the nation's grid under the city's code."""
    return [
        {
            "factor_kind": "average",
            "grid": CITY,
            "data_year": str(row["data_year"]),
            "scope_level": "province",
            "name_zh": "合成市",
            "name_en": "Synthetic city",
            "value": str(row["value"]),
            "unit": row["unit"],
            **PROPOSED,
            "evidence": "derived",
        }
        for row in packs.load("cn").rows("grid_factors")
        if row["grid"] == "CN" and row["factor_kind"] == "average"
    ]


def write_files(workspace: Workspace, district: District, folder: Path) -> list[tuple[str, Path]]:
    """The rows of a district as Excel files: form and path of each.

    One file a form, for the monthly form one a quarter; names and titles say that they are
    synthetic.
    """
    from hengtan.report.sheet.filled import write_filled_form

    files = []
    for form_id, rows in district.rows.items():
        form = workspace.form(form_id)
        by_part: dict[str, list[Row]] = {}
        for row in rows:
            part = _quarter(row["period"]) if form_id == "enterprise_energy" else ""
            by_part.setdefault(part, []).append(row)
        name = form.title_zh.split("（")[0]
        title = f"{form.title_zh}（{MADE_UP}）"
        for part, part_rows in sorted(by_part.items()):
            suffix = f"_{part}" if part else ""
            path = folder / f"合成数据_{district.place}_{name}{suffix}.xlsx"
            files.append((form_id, write_filled_form(form, part_rows, path, title)))
    return files


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
