"""How figures, periods and units are written for a reader: as published, never with more digits
than are held.

Used by pages, workbooks and documents alike, so that one figure reads the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hengtan.basis.english_names import names_come_from
from hengtan.report.words import has, word, word_or_code

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
UNITS = ("common_unit", "counted_unit", "whole_unit", "other_unit")
"""Kinds of words for units, in the order they are looked for."""
_LAST_MONTH = {"H1": 6, "H2": 12, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}


def figure(value: Any) -> str:
    """A published figure with thousands separators, at most four decimals, no trailing zeros.

    Text stays text.
    """
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


def unit_name(unit: str, lang: str = "zh") -> str:
    """A unit as it is written in a language; as it is where no word for it is known. What is
    merely counted has none in English.
    """
    if lang == "zh" or not _CHINESE.search(unit):
        return "" if lang != "zh" and has(f"bare_unit.{unit}") else unit
    return "" if has(f"bare_unit.{unit}") else _in_english(unit) or unit


@names_come_from
def unit_in_english(unit: str) -> str:
    """The English of a unit, "" where no word for it is known."""
    return _in_english(unit)


def _in_english(unit: str) -> str:
    """A unit in English: its own word, else those of its parts; "" where one has none."""
    for kind in UNITS:
        if has(f"{kind}.{unit}"):
            return word(f"{kind}.{unit}", "en")
    first, *others = re.split(r"(?<=[/·])", unit)
    parts = [_part(first, UNITS), *(_part(other, ("per_unit", *UNITS)) for other in others)]
    return "".join(parts) if others and all(parts) else ""


def _part(text: str, kinds: Sequence[str]) -> str:
    """A part of a unit with the mark behind it."""
    name, mark = (text[:-1], text[-1]) if text[-1:] in ("/", "·") else (text, "")
    if not _CHINESE.search(name):
        return text
    words = (word(f"{kind}.{name}", "en") for kind in kinds if has(f"{kind}.{name}"))
    said = next(words, "")
    return f"{said}{mark}" if said else ""


def with_unit(text: str, unit: str, lang: str = "zh") -> str:
    """A figure beside its unit: no space before % and Chinese units."""
    if text == "—" or not unit:
        return text
    unit = unit_name(unit, lang)
    return f"{text}{unit}" if unit in ("%", "") or _CHINESE.match(unit) else f"{text} {unit}"


def unit_of_change(unit: str, lang: str = "zh") -> str:
    """The unit of a difference: percentages differ by points."""
    return word("unit.points", lang) if unit == "%" else unit_name(unit, lang)


def same_unit(unit: str, other: str) -> bool:
    """Whether two spellings of a unit may share an axis (all counting words do)."""
    return unit == other or (has(f"counted_unit.{unit}") and has(f"counted_unit.{other}"))


def age(days: Any, lang: str = "zh") -> str:
    """Age of a figure: in days up to a year, then in years with one decimal."""
    if not isinstance(days, (int, float)):
        return "—"
    if days < 366:
        return f"{int(days)} {word('age.days', lang)}"
    return f"{days / 365.25:.1f} {word('age.years', lang)}"


def year_point(period: str, end: Any = None) -> float | None:
    """Where a period stands on a year axis whose ticks are year-ends; None for what is no period.

    2023 → 2023, 2024-06 → 2023 + its share of 2024. ``end``: its last day where that is known.
    """
    last = end or _end(str(period))
    if last is None:
        return None
    try:
        day = last if isinstance(last, date) else date.fromisoformat(str(last)[:10])
    except ValueError:
        return None
    year_before = date(day.year - 1, 12, 31)
    length = (date(day.year, 12, 31) - year_before).days
    return round(day.year - 1 + (day - year_before).days / length, 4)


def _end(period: str) -> str | None:
    last = period.split("..")[-1]
    if re.fullmatch(r"\d{4}", last):
        return f"{last}-12-31"
    year = period[:4]
    if re.fullmatch(r"\d{2}", last):
        last = f"{year}-{last}"
    if match := re.fullmatch(r"(\d{4})-(H[12]|Q[1-4]|\d{2})", last):
        year, part = match.groups()
        month = _LAST_MONTH.get(part) or int(part)
        return f"{year}-{month:02d}-28" if 1 <= month <= 12 else None
    return last if re.fullmatch(r"\d{4}-\d{2}-\d{2}", last) else None


def percent(share: float | None, digits: int = 1) -> str:
    """A share in per cent, "—" where it is not known."""
    return "—" if share is None else f"{share * 100:.{digits}f}%"


def amount(value: float | None, unit: str | None, lang: str = "zh") -> str:
    """A value with its unit in running text: up to six figures, no trailing noughts; "—" where
    missing.
    """
    if value is None:
        return "—"
    text = f"{value:.6g}" if abs(value) < 1e6 else f"{value:,.0f}"
    return with_unit(text, unit or "", lang) if lang != "zh" else f"{text}{unit or ''}"


def bounded(text: str, bound: Any, lang: str = "zh") -> str:
    """A figure with what the source says of its bound: 约, 以上 (lower), 以下 (upper)."""
    key = f"bound.{bound}"
    if not has(key) or text == "—":
        return text
    return word(key, lang).format(text)


def operator_text(target: Mapping[str, Any], lang: str = "zh") -> str:
    """How the goal is to be read: 不低于, 不高于, 下降, 新增, 左右; 须超过 where it is strict.

    方向待定 where it is not established whether more or less is better.
    """
    if target.get("met_rule") == "direction_open":
        return word("operator.open", lang)
    if target.get("strict") and target["operator"] == ">=":
        return word("strict", lang)
    return word_or_code("operator", target["operator"], lang)


def gap_said(target: Mapping[str, Any], lang: str = "zh") -> str:
    """The gap (goal − latest) in words: short by, beyond the goal by; signed for 左右."""
    value, unit = target["gap"], unit_of_change(target["unit"], lang)
    if not isinstance(value, (int, float)):
        return "—"
    if target["operator"] == "approx" or target.get("met_rule") == "direction_open":
        return with_unit(signed(value), unit)
    if value == 0:
        return word("gap.none", lang)
    amount = with_unit(computed(abs(value)), unit)
    return f"{word(_gap_key(target['operator'], value), lang)} {amount}"


def past_said(target: Mapping[str, Any], lang: str = "zh") -> str:
    """That a deadline has passed, for how long, and by how much it was missed where that is known;
    "" while there is time.
    """
    if not target.get("past_days"):
        return ""
    said = [word("pace.past", lang).format(target["past_days"])]
    if target["light"] == "missed":
        said.append(gap_said(target, lang))
    elif target["light"] != "met":
        said.append(word("pace.not_reported", lang))
    return word("list.clause", lang).join(said)


def _gap_key(operator: str, gap: float) -> str:
    """The word for a gap that is not zero; a cap is read the other way round."""
    if operator in ("<=", "<"):
        return "gap.below_cap" if gap > 0 else "gap.over_cap"
    return "gap.ahead" if gap < 0 else "gap.short"
