"""The made-up waters of the district of the demonstration city: a lake, borders of a river,
black-odorous ponds, use of water, sewage works. The figures are those of no place.

By them the works treats 12 × 300,000 of 5,000,000 m³ discharged, 72 %, and the services file
100,000 m³ more than their works reported.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.demo.city import MADE_UP

Row = dict[str, Any]
LAKE = "演示湖库-1"
NEIGHBOUR = "演示邻县（虚构）"
BORDERS = {"演示断面-1": "入境", "演示断面-2": "出境"}
"""Sections where the river comes in and leaves."""
WORKS, SERVICE = "演示厂-1", "演示服务区-1"
TREATED, DISCHARGED, OVERFILED = 300_000, 5_000_000, 100_000
"""Treated in a month, discharged in a year, and what the services file beyond it. [m³]"""
SOURCE = {"source_title": MADE_UP}


def waters_of(ended: date, place: str) -> dict[str, list[Row]]:
    """Rows of black-odorous waters, water use and sewage by form."""
    year = ended.year - 1
    return {
        "water_body_surveys": _surveys(ended.year, place),
        "water_use_by_user": _users(year, place),
        "water_bulletins": _bulletin(year, place),
        "gdp_values": [_gdp(year, place)],
        "sewage_works": [_works(place)],
        "sewage_work_months": [_work_month(year, month) for month in range(1, 13)],
        "sewage_place_years": [_sewage_year(year, place)],
        "sewage_services": [_service(place)],
        "sewage_years": [_service_year(year)],
    }


def lake_section(place: str) -> Row:
    """The lake as a section."""
    return {
        "section": LAKE,
        "section_name": "演示湖库（虚构）",
        "place": place,
        "river": "演示湖",
        "water_body": "湖库",
        "control": "市控",
    } | SOURCE


def lake_months(ended: date) -> list[Row]:
    """Months of the lake, which is a little rich in nutrients in summer."""
    return [
        {
            "section": LAKE,
            "period": f"{ended.year}年{month}月",
            "ph": 7.8,
            "dissolved_oxygen": 7.5,
            "permanganate_index": 4.2,
            "ammonia_nitrogen": 0.3,
            "total_phosphorus": 0.04 if month in (6, 7, 8) else 0.03,
            "total_nitrogen": 1.1,
            "chlorophyll_a": 18 if month in (6, 7, 8) else 8,
            "transparency": 120,
        }
        | SOURCE
        for month in range(1, ended.month + 1)
    ]


def _surveys(year: int, place: str) -> list[Row]:
    """A pond that is black-odorous in May and clean in September, and one in the country, whose
    limits nobody has filed.
    """
    rows = []
    for day, ammonia, oxygen in ((f"{year}-05-06", 11.0, 1.5), (f"{year}-09-06", 3.0, 4.0)):
        for number in (1, 2, 3):
            rows.append(
                _survey("演示塘-1", "演示城中塘（虚构）", place, number, day, ammonia, oxygen)
            )
    village = _survey("演示塘-2", "演示村塘（虚构）", place, 1, f"{year}-09-06", 12.0, 1.0)
    return [*rows, village | {"setting": "农村"}]


def _survey(
    body: str, called: str, place: str, number: int, day: str, ammonia: float, oxygen: float
) -> Row:
    return {
        "body": body,
        "body_name": called,
        "place": place,
        "site": f"演示点{number}",
        "site_order": number,
        "day": day,
        "transparency": 40,
        "dissolved_oxygen": oxygen,
        "redox_potential": 120,
        "ammonia_nitrogen": ammonia,
        "depth": 150,
    } | SOURCE


def _users(year: int, place: str) -> list[Row]:
    """Water used by the four users. [m³]"""
    volumes = {"农业": 32e6, "工业": 14e6, "生活": 21e6, "生态": 3e6}
    return [
        {"place": place, "period": f"{year}年", "user": user, "volume": volume} | SOURCE
        for user, volume in volumes.items()
    ]


def _bulletin(year: int, place: str) -> list[Row]:
    """Supply as the bulletin has it: a million m³ more than was used. [m³]"""
    items = {"supply_total": 71e6, "supply_surface": 66e6, "supply_ground": 5e6, "supply_other": 0}
    return [
        {"place": place, "period": f"{year}年", "item": item, "volume": volume} | SOURCE
        for item, volume in items.items()
    ]


def _gdp(year: int, place: str) -> Row:
    return {
        "place": place,
        "period": f"{year}年",
        "price": "不变价",
        "price_base": year,
        "gdp": 280,
        "unit": "亿元",
        "publisher": "演示统计局（虚构）",
    } | SOURCE


def _works(place: str) -> Row:
    return {
        "works": WORKS,
        "works_name": "演示污水处理厂（虚构）",
        "place": place,
        "design_load": 12_000,
        "opened": "2015-01-01",
    } | SOURCE


def _work_month(year: int, month: int) -> Row:
    """A month of the works: in the wet months more comes in, and thinner."""
    is_wet = month in (5, 6, 7, 8, 9)
    return {
        "works": WORKS,
        "period": f"{year}年{month}月",
        "inflow": 400_000 if is_wet else 310_000,
        "treated": TREATED,
        "bod_in": 62 if is_wet else 105,
        "bod_out": 6,
        "cod_in": 150 if is_wet else 240,
        "cod_out": 22,
        "sludge_made": 42,
        "sludge_harmless": 41,
        "power": 105_000,
    } | SOURCE


def _sewage_year(year: int, place: str) -> Row:
    return {
        "place": place,
        "period": f"{year}年",
        "people": 60_000,
        "discharged": DISCHARGED,
    } | SOURCE


def _service(place: str) -> Row:
    return {
        "service": SERVICE,
        "place": place,
        "service_name": "演示污水处理服务区（虚构）",
        "opened": "2015-01-01",
    } | SOURCE


def _service_year(year: int) -> Row:
    """Costs and volumes of the services. [yuan; m³; t]"""
    return {
        "service": SERVICE,
        "period": f"{year}年",
        "operating_cost": 4_200_000,
        "sludge_cost": 380_000,
        "fee_received": 3_900_000,
        "discharged": DISCHARGED,
        "treated": 12 * TREATED + OVERFILED,
        "sludge_made": 12 * 42,
        "sludge_harmless": 12 * 41,
    } | SOURCE
