"""The hours of the demonstration's park, made up: a load that follows shifts and seasons, and the
height of the sun. No meter read them, and every row says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from hengtan.outlook.power.stand_ins import availability, sun

PLACE, YEAR = "500156", 2025
LOAD, SUN = "wl-park-load", "wl-park-sun"
LATITUDE, LONGITUDE, SUN_HOURS = 29.33, 107.76, 950.0
SOURCE = "合成：演示园区的假设，不是任何园区的计量"
BY_HOUR = (
    *(0.62, 0.60, 0.58, 0.58, 0.59, 0.62, 0.68, 0.78),
    *(0.90, 0.97, 1.00, 0.98, 0.88, 0.92, 0.98, 1.00),
    *(0.99, 0.96, 0.92, 0.88, 0.84, 0.79, 0.72, 0.66),
)
"""Load of a working day by the hour. [1]"""
WEEKEND, WARM, COLD = 0.72, 1.08, 1.03
WARM_MONTHS, COLD_MONTHS = (6, 7, 8, 9), (12, 1, 2)
FULL = 11_500.0
"""Load of a working hour at its highest in spring and autumn. [kW]"""


def park_hours() -> Iterator[dict[str, Any]]:
    """Rows of ``hourly_series`` as people type them: load [kW] and share of the sun [1]."""
    common = {"place": PLACE, "kind": "假设", "source_title": SOURCE}
    light = availability(sun(YEAR, LATITUDE, LONGITUDE), SUN_HOURS)
    first = date(YEAR, 1, 1)
    for number, share in enumerate(light):
        day, hour = first + timedelta(days=number // 24), number % 24
        at = {"day": day.isoformat(), "hour": hour + 1}
        load = round(FULL * BY_HOUR[hour] * _of_day(day), 1)
        yield common | at | {"series": LOAD, "value": load, "unit": "千瓦", "item": "负荷"}
        yield common | at | {"series": SUN, "value": round(share, 4), "item": "可用出力比例"}


def _of_day(day: date) -> float:
    """How a day's load stands beside that of a working day in spring. [1]"""
    season = WARM if day.month in WARM_MONTHS else COLD if day.month in COLD_MONTHS else 1.0
    is_weekend = day.weekday() >= 5
    return season * (WEEKEND if is_weekend else 1.0)
