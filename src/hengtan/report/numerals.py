"""How figures, periods and units are written for a reader: as published, never with more digits than are held."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

COUNTED = {"个", "家", "座", "户", "项", "count", "处"}
NOTATION = {"NO", "NE", "IE", "NA", "C"}


def figure(value: Any) -> str:
    """A published figure with thousands separators, at most four decimals, no trailing zeros; text stays text."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if value != value:
        return "—"
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def computed(value: Any) -> str:
    """A computed figure to three significant digits (whole numbers stay whole)."""
    if value is None or value == "" or value != value:
        return "—"
    if not isinstance(value, (int, float)):
        return str(value)
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}".replace("-", "−")
    return figure(float(f"{value:.3g}"))


def signed(value: Any) -> str:
    """A computed change with its sign, to three significant digits."""
    text = computed(value)
    return f"+{text}" if isinstance(value, (int, float)) and value > 0 else text


def with_unit(text: str, unit: str) -> str:
    """A figure beside its unit: no space before % and Chinese units."""
    if text == "—" or not unit:
        return text
    return f"{text}{unit}" if unit == "%" or re.match(r"[一-鿿]", unit) else f"{text} {unit}"


def unit_of_change(unit: str, lang: str = "zh") -> str:
    """The unit of a difference: percentages differ by points."""
    if unit == "%":
        return "个百分点" if lang == "zh" else "points"
    return unit


def same_unit(a: str, b: str) -> bool:
    """Whether two spellings may share an axis (all counting words do)."""
    return a == b or (a in COUNTED and b in COUNTED)


def age(days: Any, lang: str = "zh") -> str:
    """Age of a figure: in days up to a year, then in years with one decimal."""
    if not isinstance(days, (int, float)):
        return "—"
    if days < 366:
        return f"{int(days)} 天" if lang == "zh" else f"{int(days)} days"
    years = f"{days / 365.25:.1f}"
    return f"{years} 年" if lang == "zh" else f"{years} years"


def year_point(period: str, start: Any = None, end: Any = None) -> float | None:
    """Where a period stands on a year axis whose ticks are year-ends: 2023 → 2023, 2024-06 → 2023 + its share of 2024."""
    last = end or _end(str(period))
    if last is None:
        return None
    try:
        day = last if isinstance(last, date) else date.fromisoformat(str(last)[:10])
    except ValueError:
        return None
    length = (date(day.year, 12, 31) - date(day.year - 1, 12, 31)).days
    return round(day.year - 1 + (day - date(day.year - 1, 12, 31)).days / length, 4)


def _end(period: str) -> str | None:
    last = period.split("..")[-1]
    if re.fullmatch(r"\d{4}", last):
        return f"{last}-12-31"
    year = period[:4]
    if re.fullmatch(r"\d{2}", last):
        last = f"{year}-{last}"
    if match := re.fullmatch(r"(\d{4})-(H[12]|Q[1-4]|\d{2})", last):
        year, part = match.groups()
        month = {"H1": 6, "H2": 12, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}.get(part) or int(part)
        return f"{year}-{month:02d}-28" if 1 <= month <= 12 else None
    return last if re.fullmatch(r"\d{4}-\d{2}-\d{2}", last) else None
