"""What one cell says: numbers with Chinese multiples and units, days, blanks written as dashes, truth values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hengtan.basis.errors import BadPeriod, HengtanError
from hengtan.basis.period import Period, excel_day
from hengtan.basis.units import MULTIPLES, read_unit

PLACEHOLDER = re.compile(r"^(?:[-‐‑‒–—―−─━_/\\.…·~*]+|空|nan|null|none|n\.a\.)$", re.IGNORECASE)
ERROR_VALUE = re.compile(
    r"^(?:#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)|#?Err:\d{3})$",
    re.IGNORECASE,
)
TOTALS = {"合计", "总计", "小计", "共计", "累计合计", "total", "subtotal", "grandtotal", "sum"}
_NUMBER = re.compile(
    r"^([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d{1,3})?)\s*(.*)$",
    re.IGNORECASE,
)
_TRUE, _FALSE = (
    {"是", "有", "真", "√", "✓", "✔", "yes", "y", "true", "1", "对"},
    {"否", "无", "假", "×", "✗", "x", "no", "n", "false", "0", "错"},
)


@dataclass(frozen=True)
class Amount:
    """A number, the unit written with it (36亿立方米 → 36 and 亿立方米), the bare multiple already worked in (1.28万 → 12800)."""

    value: float
    unit: str | None = None
    multiple: str | None = None


def read_amount(text: str) -> Amount | None:
    """The amount of a cell, or None where it is no number.

    >>> read_amount("１，２３４．５"), read_amount("1.28万"), read_amount("12.5％")
    (Amount(value=1234.5, unit=None, multiple=None), Amount(value=12800.0, unit=None, multiple='万'), Amount(value=12.5, unit='%', multiple=None))
    """
    folded = (
        unicodedata.normalize("NFKC", text)
        .strip()
        .replace("−", "-")
        .replace("–", "-")
        .replace("\u00a0", " ")
    )
    match = _NUMBER.match(folded)
    if not match or not re.search(r"\d", match.group(1)):
        return None
    try:
        value = float(re.sub("[, ]", "", match.group(1)))
    except ValueError:
        return None
    if value in (float("inf"), float("-inf")):
        return None
    rest = match.group(2).strip()
    if not rest:
        return Amount(value)
    if rest in MULTIPLES:
        return Amount(float(f"{value * MULTIPLES[rest]:.15g}"), None, rest)
    try:
        read_unit(rest)
    except HengtanError:
        return None
    return Amount(value, rest)


def read_day(text: str) -> tuple[date, str | None]:
    """A day, and the kind of period it was read from where that was no day. Raises BadPeriod.

    A month or a year is its last day: nothing counts before it is certain. A number is an Excel serial day.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", folded):
        return excel_day(float(folded)), None
    period = Period.read(folded)
    if period.kind in ("cumulative", "span"):
        raise BadPeriod(
            f"“{text}”不是日期",
            f"'{text}' is not a day",
            todo="写成 2024-03-05",
            todo_en="write 2024-03-05",
        )
    return period.end, None if period.kind == "day" else period.kind


def read_period(text: str, year: int | None = None) -> Period:
    """A period; a five-digit number is an Excel serial day. Raises BadPeriod."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"[2-6]\d{4}(?:\.0)?", folded):
        return Period.read(excel_day(float(folded)))
    return Period.read(folded, year=year)


def read_truth(text: str) -> bool | None:
    """是 or 否 in their usual spellings, or None."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return True if folded in _TRUE else False if folded in _FALSE else None


def is_placeholder(text: str) -> bool:
    """Whether the text stands for nothing (-, —, /, …)."""
    return PLACEHOLDER.match(unicodedata.normalize("NFKC", text).strip()) is not None
