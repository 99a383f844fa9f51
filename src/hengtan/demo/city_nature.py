"""The made-up air, water and waste of one district of the demonstration city: days and hours of two
stations, months of four sections, household waste by street, a year of industrial waste with the
flows of one works.

The figures follow the seasons by formulas with a seed, so that the same day gives the same story;
they are those of no place. By them the works makes 12 × 1,000 t of slag, sells 12 × 900 t and has
1,200 t more in stock at the end of the year: its ledger closes.
"""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from typing import Any

from hengtan.demo.city import MADE_UP, SEED, Story
from hengtan.demo.city_materials import limits_of, materials_of, more_flows
from hengtan.demo.city_water import BORDERS, NEIGHBOUR, lake_months, lake_section, waters_of

Row = dict[str, Any]
STATIONS = (("演示点位-1", "演示点位一（虚构）"), ("演示点位-2", "演示点位二（虚构）"))
SECTIONS = (
    ("演示断面-1", "演示断面一（虚构）", "演示河", "国控", "Ⅱ类", 0.55),
    ("演示断面-2", "演示断面二（虚构）", "演示河", "国控", "Ⅲ类", 0.8),
    ("演示断面-3", "演示断面三（虚构）", "演示溪", "市控", "Ⅲ类", 1.15),
    ("演示断面-4", "演示断面四（虚构）", "演示溪", "市控", "Ⅲ类", 0.95),
)
"""Section, name, river, control, target, and how its figures stand to the limits of class III."""
STREETS = ("演示街道甲（虚构）", "演示街道乙（虚构）")
PLACE, WORKS = "500156", "演示冶炼厂（虚构）"
"""The district, whose plan has goals of air, and a works in it."""
SLAG, SLAG_MADE, SLAG_SOLD, SLAG_BEFORE = "炉渣", 1_000, 900, 500
PAST_YEARS = 4
HOURS_SHOWN = 31
"""Days of which hours are filed: those before the end of the month under way."""


def nature_of(story: Story, name: str) -> dict[str, list[Row]]:
    """The rows of the district by form; ``name`` is how the district is called."""
    drawn, year = random.Random(SEED), story.ended.year - 1
    return {
        "air_stations": [_station(code, called, name) for code, called in STATIONS],
        "air_station_hours": [*_hours(story.ended, drawn), *_hours_of_nowhere(story.ended)],
        "air_days_reported": [
            *_past_days(story.ended.year, name),
            *_days(date(story.ended.year, 1, 1), story.ended, name, drawn),
        ],
        "water_sections": [
            *(_section(*section[:4], name) for section in SECTIONS),
            lake_section(name),
        ],
        "water_section_targets": [_target(s[0], s[4], story.ended.year) for s in SECTIONS],
        "water_section_months": [
            *_section_months(story.ended, drawn),
            *lake_months(story.ended),
        ],
        "msw_months": _household(story.ended, name, drawn),
        "solid_waste_years": _industrial(year, name),
        "material_flows": [*_flows(year, name), *more_flows(year, name)],
        "material_stocks": _stocks(year, name),
        "material_limits": limits_of(WORKS, SLAG, year),
        **waters_of(story.ended, name),
        **materials_of(year, name),
    }


def _station(code: str, called: str, place: str) -> Row:
    return {"station": code, "place": place, "station_name": called, "kind": "区控"} | _source()


def _source() -> Row:
    return {"source_title": MADE_UP}


def _winter(day: date) -> float:
    """1 in the middle of January, -1 in the middle of July."""
    return math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365)


def _of_day(day: date, drawn: random.Random) -> dict[str, float]:
    """Concentrations of a day. [µg/m³; CO mg/m³]"""
    stale = drawn.lognormvariate(0, 0.35)
    fine = (30 + 16 * _winter(day)) * stale
    ozone = max(20.0, (95 - 55 * _winter(day)) * drawn.lognormvariate(0, 0.22))
    return {
        "PM2.5": round(fine),
        "PM10": round(fine * 1.5),
        "SO2": round(7 + 3 * stale),
        "NO2": round((26 + 8 * _winter(day)) * stale**0.5),
        "CO": round(0.6 + 0.25 * stale, 1),
        "O3": round(ozone),
    }


def _hours(ended: date, drawn: random.Random) -> list[Row]:
    """Every hour of the last days at each station; a station is silent for one night."""
    rows = []
    for n in range(HOURS_SHOWN):
        day = ended - timedelta(days=HOURS_SHOWN - 1 - n)
        of_day = _of_day(day, drawn)
        for station, _ in STATIONS:
            for hour in range(1, 25):
                if n == 9 and station == STATIONS[1][0] and hour <= 8:
                    continue
                rows += [
                    {
                        "station": station,
                        "day": day.isoformat(),
                        "hour": hour,
                        "item": item,
                        "value": _at(item, value, hour, drawn),
                    }
                    for item, value in of_day.items()
                ]
    return rows


def _hours_of_nowhere(ended: date) -> list[Row]:
    """Two hours that are in no day: of a station that is not registered, and with a flag that no
    list has.
    """
    line = {"day": ended.isoformat(), "item": "PM2.5", "value": 40.0}
    return [
        line | {"station": "演示点位-未登记", "hour": 1},
        line | {"station": STATIONS[0][0], "hour": 24, "item": "NOx", "flag": "演示标记"},
    ]


def _at(item: str, value: float, hour: int, drawn: random.Random) -> float:
    """An hour's value: ozone has its height in the afternoon, all else in the morning. ``value`` is
    the mean of the day, of ozone the mean of its highest 8 hours, about 1.6 times that of the day.
    """
    height, swing, mean = (15, 0.7, 0.63) if item == "O3" else (9, 0.25, 1.0)
    wave = 1 + swing * math.cos(2 * math.pi * (hour - height) / 24)
    at = value * mean * (wave + drawn.uniform(-0.05, 0.05))
    return round(max(at, 0.1), 1) if item == "CO" else float(max(round(at), 1))


def _past_days(year: int, place: str) -> list[Row]:
    """The days of the years before, which odds of the year's end need."""
    first, last = date(year - PAST_YEARS, 1, 1), date(year - 1, 12, 31)
    return _days(first, last, place, random.Random(SEED + 1))


def _days(first: date, last: date, place: str, drawn: random.Random) -> list[Row]:
    """Days as the district reported them."""
    rows = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        air = _of_day(day, drawn)
        rows.append(
            {
                "place": place,
                "day": day.isoformat(),
                "so2": air["SO2"],
                "no2": air["NO2"],
                "pm10": air["PM10"],
                "co": air["CO"],
                "o3_1h": round(air["O3"] * 1.15),
                "o3_8h": air["O3"],
                "pm25": air["PM2.5"],
            }
            | _source()
        )
    return rows


def _section(section: str, called: str, river: str, control: str, place: str) -> Row:
    return {
        "section": section,
        "section_name": called,
        "place": place,
        "river": river,
        "control": control,
        "border": BORDERS.get(section),
        "neighbour": NEIGHBOUR if section in BORDERS else None,
    } | _source()


def _target(section: str, target: str, year: int) -> Row:
    return {
        "section": section,
        "target_class": target,
        "begins": f"{year - 1}-01-01",
        "source_title": MADE_UP,
    }


def _months(ended: date) -> list[tuple[int, int]]:
    return [(ended.year, month) for month in range(1, ended.month + 1)]


def _section_months(ended: date, drawn: random.Random) -> list[Row]:
    """Monthly means that stand to the limits of class III as ``SECTIONS`` says."""
    rows = []
    for section, *_, level in SECTIONS:
        for year, month in _months(ended):
            share = level * drawn.lognormvariate(0, 0.12)
            rows.append(
                {
                    "section": section,
                    "period": f"{year}年{month}月",
                    "temperature": round(17 - 9 * _winter(date(year, month, 15)), 1),
                    "ph": round(drawn.uniform(7.4, 8.2), 1),
                    "dissolved_oxygen": round(8.5 - 2 * level + _winter(date(year, month, 15)), 1),
                    "permanganate_index": round(4.5 * share, 1),
                    "cod": round(16 * share, 1),
                    "bod5": round(2.8 * share, 1),
                    "ammonia_nitrogen": round(0.8 * share, 2),
                    "total_phosphorus": round(0.16 * share, 3),
                    "total_nitrogen": round(1.9 * share, 2),
                    "petroleum": "0.01L",
                    "volatile_phenol": "0.0003L",
                    "flow": round(35 - 20 * _winter(date(year, month, 15)), 1),
                }
                | _source()
            )
    return rows


def _household(ended: date, place: str, drawn: random.Random) -> list[Row]:
    """Waste of two streets by month. [t]"""
    rows = []
    for street in STREETS:
        for year, month in _months(ended):
            dry = round(900 * drawn.uniform(0.95, 1.05))
            wet = round(420 * drawn.uniform(0.9, 1.1))
            rows.append(
                {
                    "place": place,
                    "street": street,
                    "period": f"{year}年{month}月",
                    "dry": dry,
                    "wet": wet,
                    "recyclables": round(360 * drawn.uniform(0.9, 1.1)),
                    "hazardous": 2,
                    "wet_used": round(wet * 0.92),
                    "burnt": dry + wet - round(wet * 0.92),
                    "landfilled": 0,
                    "population": 65_000,
                }
                | _source()
            )
    return rows


def _industrial(year: int, place: str) -> list[Row]:
    """A year of slag and ash; what was made went somewhere. [t]"""
    produced, used = 12 * SLAG_MADE, 12 * SLAG_SOLD
    return [
        {
            "place": place,
            "period": f"{year}年",
            "waste": SLAG,
            "made": produced,
            "used": used,
            "drawn": 0,
            "disposed": 0,
            "stored": produced - used,
            "dumped": 0,
        }
        | _source()
    ]


def _flows(year: int, name: str) -> list[Row]:
    """What a works of the district made and sold of its slag, month by month. [t]"""
    rows = []
    for month in range(1, 13):
        line = {
            "place": name,
            "firm": WORKS,
            "material": SLAG,
            "period": f"{year}-{month:02d}-20",
            "unit": "吨",
            "note": MADE_UP,
        }
        rows.append(
            line | {"kind": "产生", "amount": SLAG_MADE, "manifest": f"演示-产-{month:02d}"}
        )
        sold = {"kind": "转出", "amount": SLAG_SOLD, "destination": "演示建材厂（虚构）"}
        rows.append(line | sold | {"manifest": f"演示-售-{month:02d}"})
    return rows


def _stocks(year: int, name: str) -> list[Row]:
    """The counts of the slag before and after the year. [t]"""
    closing = SLAG_BEFORE + 12 * (SLAG_MADE - SLAG_SOLD)
    return [
        {
            "place": name,
            "firm": WORKS,
            "material": SLAG,
            "period": day,
            "stock": stock,
            "unit": "吨",
        }
        for day, stock in ((f"{year - 1}-12-31", SLAG_BEFORE), (f"{year}-12-31", closing))
    ]
